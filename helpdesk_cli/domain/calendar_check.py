"""What the calendars of a policy document may say (policy.md): their keys, the holidays that they look up,
and that each opens at all. Days, windows and dates are judged where they are read, in `opening_hours`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.opening_hours import OpeningHours, date_of, read_hours

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.checking import Checker, Lookups, Path

KEYS = ("timezone", "hours", "holidays", "country_holidays", "holidays_file", "exceptions")


def check_calendars(checker: Checker, value: object, lookups: Lookups, year: int) -> dict[str, Any]:
    """The calendars with the dates that they look up beside what names them."""
    calendars: dict[str, Any] = {}
    for name, spec in checker.some(value, ("calendars",), "calendar").items():
        path = ("calendars", name)
        checker.name(name, path)
        calendar = calendars[name] = dict(checker.mapping(spec, path, KEYS))
        for key, dates, look_up, expected in (
            ("country_holidays", "country_dates", lookups.country, "a country such as SA, FR or DE-BY"),
            ("holidays_file", "file_dates", lookups.file, "the path of an .ics file"),
        ):
            if key in calendar:
                calendar[dates] = _dates(checker, calendar[key], (*path, key), look_up, expected)
        if not isinstance(spec, dict):
            continue
        hours, found = read_hours(calendar)
        for each in found:
            checker.add((*path, *each.path), each.message)
        if not found and not any(hours.weekly):
            _openings(checker, hours, path, year)
    return calendars


def _dates(
    checker: Checker, value: object, path: Path, look_up: Callable[[str], dict[str, str]], expected: str
) -> dict[str, str]:
    text = checker.text(value, path, expected)
    return checker.attempt(path, look_up, text) or {} if text else {}


def _openings(checker: Checker, hours: OpeningHours, path: Path, year: int) -> None:
    """A calendar without a week opens on exceptions alone, one of them not past (sla.md 4)."""
    last = max((day for day, exception in hours.exceptions.items() if any(exception)), default=None)
    if last is None:
        checker.add((*path, "hours"), "the calendar never opens: no deadline could ever be reached")
    elif date_of(last).year < year:
        checker.add(
            (*path, "hours"),
            f"the calendar never opens again after {date_of(last)}: no deadline could ever be reached",
            f"give it weekly hours, or exceptions in {year} or later",
        )
