"""The holidays of an iCalendar file (`.ics`, RFC 5545): what `holidays_file` in a calendar means.

Each event closes whole days; one that recurs does so every year. The dates are written into the policy's
document when a policy file is read, so only `plan check`, `plan diff`, `plan apply` and `init` load the
package that reads an .ics file. It is an extra.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters.country_holidays import YEARS_AFTER, YEARS_BEFORE
from helpdesk_cli.adapters.yaml_text import MAX_BYTES, read_file
from helpdesk_cli.domain.opening_hours import FIRST_YEAR
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import HelpdeskError, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EVENTS = 500
MAX_DAYS = 366  # of one event
_LONGEST = 100  # letters of a name
# What a rule may say: one that goes by hours, or every second, is no rule of holidays.
_RULE_KEYS = frozenset(
    ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO",
     "BYSETPOS", "BYEASTER")
)  # fmt: skip
# What the package may raise, besides its own errors, which are of these, on a file that is damaged.
_BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
_BEGIN = b"BEGIN:VCALENDAR"
_LINE = re.compile(rb"[A-Za-z0-9-]+[:;]")
# The end of a rule with a time of day, which one of whole days cannot have for `dateutil`.
_UNTIL_TIME = re.compile(r"(UNTIL=\d{8})T\d{6}Z?")


class _Holiday(NamedTuple):
    """An event: its days, the first of each time that it comes, and which other event it moves once."""

    uid: str
    name: str
    starts: frozenset[date]
    days: int
    moves: date | None


def file_dates(path: str, folder: str, year: int) -> dict[str, str]:
    """date -> name of the events in a file, from a year before `year` to ten after it. `folder`: where a
    relative path begins.

    PolicyError for a file that cannot be read, holds anything but whole days, or none of these years, and
    where the package is not installed.
    """
    try:
        data = read_file(os.path.join(folder, path))
    except HelpdeskError as error:
        raise PolicyError(error.message, hint="a relative path begins where the policy file is") from None
    if len(data) > MAX_BYTES:
        raise PolicyError(f"{shown(path)} has more than the {MAX_BYTES:,} bytes that are read")
    first, last = year - YEARS_BEFORE, year + YEARS_AFTER
    holidays = list(_holidays(shown(path), data, last))
    moved = {(holiday.uid, holiday.moves) for holiday in holidays}
    found: dict[str, str] = {}
    for holiday in holidays:
        for start in holiday.starts:
            if holiday.moves is None and (holiday.uid, start) in moved:
                continue
            for day in (start + timedelta(days=n) for n in range(holiday.days)):
                if first <= day.year <= last:
                    found.setdefault(day.isoformat(), holiday.name)
    if not found:
        raise PolicyError(f"{shown(path)} has no day from {first} to {last}", hint="get a newer file")
    return dict(sorted(found.items()))


def _holidays(path: str, data: bytes, last: int) -> Iterator[_Holiday]:
    for line, event in _events(path, data):
        try:
            yield _holiday(event, last)
        except _BROKEN as error:
            told = str(error)[:_LONGEST] if isinstance(error, ValueError) else "it cannot be read"
            raise PolicyError(f"{path}, the event on line {line}: {told}") from None


def _events(path: str, data: bytes) -> list[tuple[int, Any]]:
    """The events, each with the line on which it begins."""
    try:
        import icalendar
    except ImportError:
        raise PolicyError(
            f"{path} is read by a package that is not installed", hint="pip install 'helpdesk-cli[holidays]'"
        ) from None
    text = data.removeprefix(b"\xef\xbb\xbf")
    if not text.lstrip().upper().startswith(_BEGIN):
        # Whatever else it is, its text is nobody's business: nothing of it is quoted.
        raise PolicyError(f"{path} is no iCalendar file: it does not begin with {_BEGIN.decode()}")
    begins = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and line[:1] not in b" \t" and not _LINE.match(line):
            raise PolicyError(f"{path} line {number} is no line of an iCalendar file")
        if line.strip().upper() == b"BEGIN:VEVENT":
            begins.append(number)
    if len(begins) > MAX_EVENTS:
        raise PolicyError(f"{path} has more than {MAX_EVENTS:,} events")
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except _BROKEN as error:
        raise PolicyError(f"{path} cannot be read as iCalendar: {shown(str(error))}") from None
    return list(zip(begins, (event for each in calendars for event in each.walk("VEVENT")), strict=False))


def _holiday(event: Any, last: int) -> _Holiday:
    """What an event closes: nothing where it is called off. ValueError for what is no holiday."""
    for key, message in event.errors:
        raise ValueError(f"{key}: {message}" if key else message)
    start, end = _day(event.start), _day(event.end)
    if end < start:
        raise ValueError("it ends before it begins")
    days = max(1, (end - start).days)  # some write the same day for both
    if days > MAX_DAYS:
        raise ValueError(f"it lasts {days} days, more than {MAX_DAYS}")
    starts = {start, *(_day(when) for when, _ in event.rdates)}
    for rule in event.rrules:
        starts.update(_recurring(rule.to_ical().decode(), start, last))
    starts.difference_update(_day(when) for when in event.exdates)
    moves = _day(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else None
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        starts.clear()
    name = " ".join(str(event.get("SUMMARY", "")).split()) or "holiday"
    return _Holiday(str(event.get("UID")), name[:_LONGEST], frozenset(starts), days, moves)


def _day(when: object) -> date:
    """The date of a whole day, which some write as midnight."""
    if isinstance(when, datetime):
        if when.time() != datetime.min.time():
            raise ValueError(f"{when:%Y-%m-%d %H:%M} is a time of day, but a holiday is a whole day")
        return when.date()
    if isinstance(when, date):
        return when
    raise ValueError("a date is expected")


def _recurring(rule: str, start: date, last: int) -> list[date]:
    """The days on which a yearly rule begins, up to the end of the year `last`."""
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if parts.get("FREQ") != "YEARLY" or not parts.keys() <= _RULE_KEYS:
        raise ValueError(f"it recurs by {shown(rule)}, but a holiday recurs every year on a day")
    if start.year < FIRST_YEAR:
        raise ValueError(f"it begins in {start.year}, before {FIRST_YEAR}")
    midnight = datetime.combine(start, datetime.min.time())
    dates = rrulestr(_UNTIL_TIME.sub(r"\1", rule.upper()), dtstart=midnight)
    days = [when.date() for when in takewhile(lambda when: when.year <= last, dates)]
    if not days and start.year <= last:
        # Sought in vain up to the year 9999: that many years once, and not for each event of a file.
        raise ValueError(f"there is no day by the rule {shown(rule)}")
    return days
