"""`helpdesk calendar`: the opening hours of the policy, and working-time answers for a shell."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import DURATION, INSTANT

if TYPE_CHECKING:
    from datetime import datetime

cli = Noun(
    "calendar",
    """Opening hours: when is it due, how long was it.

    \b
    Examples:
      helpdesk calendar list
      helpdesk calendar due business now 4h
      helpdesk calendar elapsed business 2026-03-01T09:00 2026-03-03T17:00 --explain
    """,
)

_explain = click.option("--explain", is_flag=True, help="Show the opening hours that were counted.")


@cli.command("list")
@list_options
@output_options("calendar")
def list_(out: Output, **paging: Any) -> None:
    """List the calendars of the policy.

    \b
    Examples:
      helpdesk calendar list
      helpdesk calendar list --json
    """
    from helpdesk_cli.services import calendars
    from helpdesk_cli.services.listing import page_of

    found = calendars.list_calendars(out.app)
    out.listing(partial(page_of, found, "calendar"), **paging)


@cli.command("show")
@click.argument("calendar")
@output_options("calendar")
def show(out: Output, calendar: str) -> None:
    """Show a calendar's hours, holidays and exceptions.

    Of the holidays of a country or of a file a table has those of the next twelve months, JSON all that are
    known.

    \b
    Examples:
      helpdesk calendar show business
      helpdesk calendar show business --json
    """
    from helpdesk_cli.services import calendars

    found = calendars.show_calendar(out.app, calendar)
    if out.for_people:
        # A day without windows would be left out as empty.
        found["exceptions"] = {day: windows or "closed" for day, windows in found["exceptions"].items()}
        today = out.app.now().date().isoformat()
        until = f"{int(today[:4]) + 1}{today[4:]}"
        for key in ("country_dates", "file_dates"):
            found[key] = {day: name for day, name in found[key].items() if today <= day < until}
    out.one(found)


@cli.command("due")
@click.argument("calendar")
@click.argument("start", type=INSTANT)
@click.argument("duration", type=DURATION)
@_explain
@output_options("due")
def due(out: Output, calendar: str, start: datetime, duration: int, explain: bool) -> None:
    """Say when a working time after START is used up.

    A START with a minus sign stands after `--`: `helpdesk calendar due business -- -2h 4h`.

    \b
    Examples:
      helpdesk calendar due business now 4h
      helpdesk calendar due business 2026-03-01T16:00 1h30m --explain
    """
    from helpdesk_cli.services import calendars

    out.one(calendars.due(out.app, calendar, start, duration, explain=explain))


@cli.command("elapsed")
@click.argument("calendar")
@click.argument("start", type=INSTANT)
@click.argument("end", type=INSTANT)
@_explain
@output_options("elapsed")
def elapsed(out: Output, calendar: str, start: datetime, end: datetime, explain: bool) -> None:
    """Say how much working time lies between START and END; negative if END comes first.

    \b
    Examples:
      helpdesk calendar elapsed business yesterday now
      helpdesk calendar elapsed business 2026-03-01T09:00 2026-03-03T17:00 --explain
    """
    from helpdesk_cli.services import calendars

    out.one(calendars.elapsed(out.app, calendar, start, end, explain=explain))
