"""`helpdesk sla`: why each deadline is what it is, a clock that begins anew, and a check for monitors."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import folded, page_width, wants_page
from helpdesk_cli.cli.types import DURATION, TICKET, Word
from helpdesk_cli.records.fields import CLOCKS

cli = Noun(
    "sla",
    """Deadlines: why each is what it is, resetting one, monitoring all.

    \b
    Examples:
      helpdesk sla explain 42
      helpdesk sla check --exit-code
      helpdesk sla reset 42 --clock resolution --reason "the customer changed the order"
    """,
)

_MAX_SWEEP_AGE = 600  # sweeps are meant to run every minute


@cli.command("explain")
@click.argument("ticket", type=TICKET, metavar="ID")
@output_options("explanation")
def explain(out: Output, ticket: int) -> None:
    """Tell how each deadline of a ticket comes about, as a sum.

    Opening hours that were counted, pauses, holidays and changes stand in the order of time, each with the
    total after it, up to the deadline; it is read in your time zone and, where it is another one, in that of
    the calendar.

    \b
    Examples:
      helpdesk sla explain 42
      helpdesk sla explain HD-42 --json
    """
    from helpdesk_cli.services.explain import explain as explained

    row = explained(out.app, ticket)
    if wants_page(out):
        from helpdesk_cli.cli.commands import sla_page

        out.page(sla_page.lines(out, row))
    else:
        out.one(row)


@cli.command("reset")
@click.argument("ticket", type=TICKET, metavar="ID")
@click.option("--clock", type=Word(*CLOCKS), required=True, help="Which clock begins anew.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept in the log.")
@output_options("ticket")
def reset(out: Output, ticket: int, clock: str, reason: str) -> None:
    """Begin a running or paused clock anew from now.

    The old instance ends as cancelled and stays in the history; a breach of it stays too.

    \b
    Examples:
      helpdesk sla reset 42 --clock resolution --reason "the customer changed the order"
    """
    from helpdesk_cli.cli.commands.ticket import page
    from helpdesk_cli.services import lifecycle

    row = lifecycle.reset_clock(out.app, ticket, clock=clock, reason=reason)
    if wants_page(out):
        out.page(page.short(out, row))
    else:
        out.one(row)


@cli.command("check")
@click.option(
    "--exit-code", is_flag=True, help="End with 10 if a ticket is overdue or no sweep has run lately."
)
@click.option("--max-sweep-age", type=DURATION, default=_MAX_SWEEP_AGE, metavar="DURATION",
              help="How long ago the last sweep may be; default: 10m.")  # fmt: skip
@output_options("sla_check", also=("nagios",))
def check(out: Output, exit_code: bool, max_sweep_age: int) -> None:
    """Count what is overdue and at risk, and see that sweeps run.

    A dry run does not count as a sweep, nor does one that did not end or is dated after now. With -f nagios
    it is a plugin: one line, and 0 (ok), 1 (some at risk), 2 (what --exit-code finds) or 3 (an error).

    \b
    Examples:
      helpdesk sla check
      helpdesk sla check --exit-code --max-sweep-age 5m --json
      helpdesk sla check --format nagios
    """
    from helpdesk_cli.services import monitoring

    every = {"named": None} if out.format == "ids" else {}
    row = monitoring.check(out.app, max_sweep_age=max_sweep_age, **every)
    from helpdesk_cli.cli.commands import nagios

    if out.format == "nagios":
        out.page([nagios.line(row)])
        out.exit(nagios.state_of(row))
    if wants_page(out):
        out.page([*folded(nagios.sentence(row), page_width(out), indent=2), ""])
    out.one(row)
    if exit_code and not row["ok"]:
        out.exit(10)
