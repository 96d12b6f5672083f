"""`helpdesk report`: figures of promises, answers, resolutions and of what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import folded, page_width, wants_page
from helpdesk_cli.cli.types import FIELDS, INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from click.shell_completion import CompletionItem

    Body = Callable[..., None]
    Rows = Sequence[Mapping[str, Any]]

cli = Noun(
    "report",
    """Figures: promises kept, times to answer and resolve, the backlog.

    `helpdesk help reports` has the formula of each.

    \b
    Examples:
      helpdesk report sla --by plan
      helpdesk report response --since 2026-03-01 --until 2026-04-01 --json
    """,
)


class _Groups(click.ParamType[Any]):
    """Words joined by commas; the service knows them."""

    name = "groups"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take the words apart."""
        return FIELDS.convert(value, param, ctx)

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete a group."""
        from click.shell_completion import CompletionItem

        from helpdesk_cli.services.report_groups import GROUPS

        return [CompletionItem(word) for word in GROUPS if word.startswith(incomplete)]


def _asked(body: Body) -> Body:
    """Give a report the options that all have."""
    for option in (
        click.option("--until", type=INSTANT, metavar="INSTANT", help="Only what is before it."),
        click.option("--since", type=INSTANT, metavar="INSTANT", help="Only what is not before it."),
        click.option(
            "--by", multiple=True, type=_Groups(), metavar="GROUP,...",
            help="Figures of each plan, priority, org, category, agent or week; of several: plan,week.",
        ),
    ):  # fmt: skip
        body = option(body)
    return body


def _words(by: tuple[tuple[str, ...], ...], default: tuple[str, ...] = ()) -> tuple[str, ...]:
    from helpdesk_cli.services.report_groups import groups

    return groups(word for words in by for word in words) or default


def _print(out: Output, name: str, rows: Rows, by: tuple[str, ...]) -> None:
    from helpdesk_cli.cli.render.report_table import WEEK, asked, table, trend

    if not out.for_people:
        out.many(rows, asked(name, by))
        return
    chosen = out.settings.get("fields") is not None
    charts = out.terminal and out.format == "table" and not chosen
    shown = table(name, rows, by, charts=charts)
    out.many(shown.rows, None if chosen else shown.record)
    if charts and rows and WEEK in by:
        caption, weekly = trend(name, rows, by)
        out.page(["", *folded(caption, page_width(out), indent=2)])
        out.many(weekly.rows, weekly.record)


def _promised(out: Output, rows: Rows) -> Rows:
    """What a table shows of the clocks: those that there are; of others it is said who has none."""
    if not wants_page(out):
        return rows
    from helpdesk_cli.cli.render.report_table import promised

    shown = promised(rows)
    for clock in dict.fromkeys(row["clock"] for row in rows if row not in shown):
        missing = [row for row in rows if row["clock"] == clock]
        uncovered, exempt = (sum(row[why] for row in missing) for why in ("uncovered", "exempt"))
        if uncovered or exempt:
            told = f"There is no {clock} clock; tickets uncovered: {uncovered}, exempt: {exempt}."
            for line in folded(told, page_width(out), indent=2):
                out.talk(line)
    return shown


@cli.command("sla")
@_asked
@output_options("report_sla")
def sla(out: Output, by: Any, since: datetime | None, until: datetime | None) -> None:
    """Count the clocks met, breached, running, paused and cancelled.

    A clock belongs to the period in which it begins to count. The share is of those judged: met or
    breached. Tickets closed with `--reason spam` are left out.

    \b
    Examples:
      helpdesk report sla
      helpdesk report sla --by plan,priority --since -30d
      helpdesk report sla --by week --json
    """
    from helpdesk_cli.services import reports

    words = _words(by)
    rows = reports.sla(out.app, words, since, until)
    _print(out, "report_sla", _promised(out, rows), words)


@cli.command("response")
@_asked
@output_options("report_response")
def response(out: Output, by: Any, since: datetime | None, until: datetime | None) -> None:
    """Tell how long customers waited for an answer.

    The first answers, and all of them, in working time: mean and percentiles. An answer belongs to the
    period in which it was given, and to the agent who gave it.

    \b
    Examples:
      helpdesk report response --by agent
      helpdesk report response --by plan,priority --since 2026-03-01 --until 2026-04-01
    """
    from helpdesk_cli.services import reports

    words = _words(by)
    _print(out, "report_response", reports.response(out.app, words, since, until), words)


@cli.command("resolution")
@_asked
@output_options("report_resolution")
def resolution(out: Output, by: Any, since: datetime | None, until: datetime | None) -> None:
    """Tell how long it took to resolve tickets.

    From creation to the first resolution and to the one that stands, in working time, and the same less
    the waiting for the customer. A resolution belongs to the period in which it happened. Tickets closed
    with `--reason spam` are left out.

    \b
    Examples:
      helpdesk report resolution --by category
      helpdesk report resolution --by week --since -90d --json
    """
    from helpdesk_cli.services import reports

    words = _words(by)
    _print(out, "report_resolution", reports.resolution(out.app, words, since, until), words)


@cli.command("backlog")
@_asked
@output_options("report_backlog")
def backlog(out: Output, by: Any, since: datetime | None, until: datetime | None) -> None:
    """Count what is open now: by status, age and urgency.

    Without --by by priority. Tickets belong to the period in which they were created. By week it also
    tells what came and went, and how many each week left open.

    \b
    Examples:
      helpdesk report backlog
      helpdesk report backlog --by agent
      helpdesk report backlog --by week --since -90d
    """
    from helpdesk_cli.services.backlog import backlog as count

    words = _words(by, ("priority",))
    rows = count(out.app, words, since, until)
    _print(out, "report_backlog", rows, words)
    if out.format == "table" and rows:
        told = {name: sum(row[name] for row in rows) for name in ("tickets", "overdue", "at_risk")}
        out.talk(f"{told['tickets']} open, {told['overdue']} overdue, {told['at_risk']} at risk.")
