"""`helpdesk sla`: why each deadline is what it is, and a clock that begins anew."""

from __future__ import annotations

import click

from helpdesk_cli.cli.commands.ticket.layout import wants_page
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import TICKET, Word

cli = Noun(
    "sla",
    """Deadlines: why each is what it is, and resetting one.

    \b
    Examples:
      helpdesk sla explain 42
      helpdesk sla reset 42 --clock resolution --reason "the customer changed the order"
    """,
)

_CLOCKS = ("first_response", "next_response", "update", "resolution")


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
@click.option("--clock", type=Word(*_CLOCKS), required=True, help="Which clock begins anew.")
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
