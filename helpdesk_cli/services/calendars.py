"""Working-time answers for a shell: the calendars of the policy in force, and what they say to a question.

`sla.md` 4 decides the arithmetic; with `explain` an answer lists the opening hours that were counted and
the holidays that were skipped, so that the sum can be followed with a pencil.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk_cli.domain.calendars import BusinessCalendar
    from helpdesk_cli.services.app import App

Row = dict[str, Any]


def list_calendars(app: App) -> list[Row]:
    """Return the record of every calendar, in the order of the policy."""
    policy = app.policies.latest()
    return [_record(name, policy.document["calendars"][name]) for name in policy.calendars]


def show_calendar(app: App, name: str) -> Row:
    """Return a calendar's record; NotFoundError with a suggestion."""
    policy = app.policies.latest()
    policy.calendar(name)
    return _record(name, policy.document["calendars"][name])


def due(app: App, name: str, start: datetime, seconds: int, *, explain: bool = False) -> Row:
    """Say when `seconds` of working time after `start` are used up.

    NotFoundError for an unknown calendar, NoWorkingTimeError where it has too few opening hours.
    """
    calendar = app.policies.latest().calendar(name)
    due_at = calendar.add(start, seconds)
    row = {
        "calendar": name,
        "start": to_text(start),
        "duration_seconds": seconds,
        "due_at": to_text(due_at),
    }
    return row | _explained(calendar, start, due_at) if explain else row


def elapsed(app: App, name: str, start: datetime, end: datetime, *, explain: bool = False) -> Row:
    """Say how much working time lies between two instants, negative if the end comes first."""
    calendar = app.policies.latest().calendar(name)
    row = {
        "calendar": name,
        "start": to_text(start),
        "end": to_text(end),
        "elapsed_seconds": calendar.between(start, end),
    }
    return row | _explained(calendar, start, end) if explain else row


def _explained(calendar: BusinessCalendar, start: datetime, end: datetime) -> Row:
    sign, first, last = (1, start, end) if start <= end else (-1, end, start)
    return {
        "windows": [
            {
                "opens_at": to_text(opens),
                "closes_at": to_text(closes),
                "counted_seconds": sign * int((closes - opens).total_seconds()),
            }
            for opens, closes in calendar.windows(first, last)
        ],
        "holidays_skipped": [
            {"date": date, "name": reason} for date, reason in calendar.holidays_between(first, last)
        ],
    }


def _record(name: str, spec: Row) -> Row:
    return {
        "name": name,
        "timezone": spec["timezone"],
        "hours": spec["hours"],
        "holidays": list(spec.get("holidays", ())),
        "country_holidays": spec.get("country_holidays"),
        "country_dates": spec.get("country_dates", {}),
        "exceptions": spec.get("exceptions", {}),
        "holidays_file": spec.get("holidays_file"),
        "file_dates": spec.get("file_dates", {}),
    }
