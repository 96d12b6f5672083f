"""Opening hours as a policy writes them, read into numbers (`policy.md`, calendars; `sla.md` 4).

Days are counted from 1970-01-01 and times of day in seconds from 00:00, both on the local clock. A night
window is split at midnight here, because the two halves obey different rules: a holiday or an exception
replaces all that the week has on its date, the second half of the night begun the day before included;
the second half of the night that begins on it belongs to the next date. An exception's own night runs
into the next date whatever that date is.

Everything wrong with a calendar is collected, each problem with the path to its place in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.zones import check_zone
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
Pieces = tuple[tuple[int, int], ...]  # half-open stretches of one date, sorted, apart, in seconds from 00:00

DAY = 86_400
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = (
    "timezone", "hours", "holidays", "country_holidays", "country_dates", "holidays_file", "file_dates",
    "exceptions",
)  # fmt: skip
_LOOKED_UP = {"country_holidays": "country_dates", "holidays_file": "file_dates"}

FIRST_YEAR, LAST_YEAR = 1900, 2999  # between which opening hours are laid out
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Problem(NamedTuple):
    """What is wrong, and where: the keys and indices that lead to it, as in ("hours", "mon", 0)."""

    path: tuple[str | int, ...]
    message: str


class Exceptional(NamedTuple):
    """The hours of one date that differ: on the date itself, and past midnight on the next."""

    today: Pieces
    tail: Pieces


class OpeningHours(NamedTuple):
    """A calendar in numbers. `holidays` are ranges of days, both ends included; `named`: those that
    were looked up, day -> name."""

    timezone: str
    weekly: tuple[Pieces, ...]  # Monday first, each with the end of the night before
    holidays: tuple[tuple[int, int], ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()  # (month, day)
    named: Mapping[int, str] = {}
    exceptions: Mapping[int, Exceptional] = {}

    def closed_days(self, first: int, end: int) -> set[int]:
        """The holidays among the days from `first` to before `end`, whatever exceptions say of them."""
        days = {day for day in self.named if first <= day < end}
        for start, last in self.holidays:
            days.update(range(max(start, first), min(last + 1, end)))
        for month, number in self.yearly:
            for year in range(date_of(first).year, date_of(end).year + 1):
                if (month, number) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
                    continue
                day = day_of(date(year, month, number))
                if first <= day < end:
                    days.add(day)
        return days

    def pieces(self, day: int, closed: set[int]) -> tuple[tuple[int, int], ...]:
        """When a date is open, in stretches that may overlap; `closed` holds its holidays."""
        exception = self.exceptions.get(day)
        if exception is not None:
            pieces = exception.today
        elif day in closed:
            pieces = ()
        else:
            pieces = self.weekly[(day + 3) % 7]
        before = self.exceptions.get(day - 1)
        return pieces if before is None else (*pieces, *before.tail)


def date_of(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + _EPOCH_DAY)


def day_of(when: date) -> int:
    """The day number of a date."""
    return when.toordinal() - _EPOCH_DAY


def merged(pieces: Iterable[tuple[int, int]]) -> Pieces:
    """The same time as sorted stretches that neither overlap nor touch."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def _read(
    problems: list[Problem], path: tuple[str | int, ...], read: Callable[[str], T], text: object
) -> T | None:
    """What `read` makes of a text; None, and a problem, where it raises ValueError."""
    if not isinstance(text, str):
        problems.append(Problem(path, f"expected a text, found {shown(str(text))}"))
        return None
    try:
        return read(text)
    except ValueError as error:
        problems.append(Problem(path, str(error)))
        return None


def _time_of_day(text: str) -> int:
    """Seconds from 00:00 of a time up to 24:00, -1 where it is none."""
    hour, _, minute = text.partition(":")
    digits = hour + minute
    if not (digits.isascii() and digits.isdigit() and len(minute) == 2 and len(hour) in (1, 2)):
        return -1
    seconds = int(hour) * 3_600 + int(minute) * 60
    return seconds if minute < "60" and seconds <= DAY else -1


def parse_window(text: str) -> tuple[int, int]:
    """Opening and closing in seconds from 00:00; a closing past midnight is over 86400. ValueError."""
    first, _, last = text.partition("-")
    opens, closes = _time_of_day(first), _time_of_day(last)
    if min(opens, closes) < 0 or opens == DAY:
        raise ValueError(
            f"{shown(text)} is not a window, write it as 09:00-17:30, with times to 23:59, or 24:00 as an end"
        )
    if opens == closes:
        raise ValueError(f"{shown(text)} opens and closes at the same time, a whole day is 00:00-24:00")
    return opens, closes if closes > opens else closes + DAY


def parse_days(text: str) -> tuple[int, ...]:
    """The weekdays, Monday 0, of `mon`, of a range that may wrap (`sat-wed`), or of `all`. ValueError."""
    word = text.lower()
    if word == "all":
        return tuple(range(7))
    first, dash, last = word.partition("-")
    for name in (first, last) if dash else (first,):
        if name not in DAYS:
            near = closest(name[:3], DAYS)
            raise ValueError(
                f"{shown(text)} is not a day, a range of days or all: days are {' '.join(DAYS)}"
                + (f"; did you mean {near}?" if near else "")
            )
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def parse_date(text: str) -> int:
    """The day number of `2026-12-25`. ValueError."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(f"{shown(text)} is not a date, write it as 2026-12-25")
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise ValueError(f"there is no date {shown(text)}") from None


def parse_holiday(text: str) -> tuple[int, int] | str:
    """A range of days, both ends included, or the text itself where it is a yearly `12-25`. ValueError."""
    first, dots, last = text.partition("..")
    if dots:
        start, end = parse_date(first), parse_date(last)
        if end < start:
            raise ValueError(f"the range {text} ends before it begins")
        return start, end
    if len(text) == 5 and text[2] == "-":
        try:
            parse_date(f"2000-{text}")  # a leap year: 02-29 is a date of some years
        except ValueError:
            raise ValueError(f"there is no date {shown(text)} in any year") from None
        return text
    if len(text) != 10:
        raise ValueError(f"{shown(text)} is not a holiday, write 2026-12-25, 12-25 or 2026-05-26..2026-05-30")
    day = parse_date(text)
    return day, day


def _zone_name(text: str) -> str:
    try:
        check_zone(text)
    except UsageError as error:
        raise ValueError(f"{error.message}: {error.hint}") from None
    return text


def _windows(problems: list[Problem], path: tuple[str | int, ...], texts: object) -> list[tuple[int, int]]:
    if not isinstance(texts, (list, tuple)):
        problems.append(Problem(path, 'expected a list of windows, as in ["09:00-12:00", "13:00-17:00"]'))
        return []
    read = (_read(problems, (*path, number), parse_window, text) for number, text in enumerate(texts))
    return [window for window in read if window is not None]


def _mapping(problems: list[Problem], spec: Mapping[str, object], key: str) -> Mapping[object, object]:
    value = spec.get(key, {})
    if isinstance(value, Mapping):
        return value
    problems.append(Problem((key,), f"expected a mapping, found {shown(str(value))}"))
    return {}


def _split(windows: list[tuple[int, int]]) -> Exceptional:
    """What of the windows lies on their own date, and what on the next."""
    today = merged((start, min(end, DAY)) for start, end in windows)
    return Exceptional(today, merged((0, end - DAY) for _, end in windows if end > DAY))


def _weekly(problems: list[Problem], hours: Mapping[object, object]) -> tuple[Pieces, ...]:
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for key, texts in hours.items():
        days = _read(problems, ("hours", str(key)), parse_days, key)
        windows = _windows(problems, ("hours", str(key)), texts)
        for day in days or ():
            week[day].extend(windows)
    split = [_split(windows) for windows in week]
    return tuple(merged((*each.today, *split[number - 1].tail)) for number, each in enumerate(split))


def _holidays(
    problems: list[Problem], texts: object
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    if not isinstance(texts, (list, tuple)):
        problems.append(Problem(("holidays",), 'expected a list, as in ["12-25", "2026-03-20"]'))
        return (), ()
    ranges: list[tuple[int, int]] = []
    yearly: set[tuple[int, int]] = set()
    for number, text in enumerate(texts):
        holiday = _read(problems, ("holidays", number), parse_holiday, text)
        if isinstance(holiday, str):
            yearly.add((int(holiday[:2]), int(holiday[3:])))
        elif holiday is not None:
            ranges.append(holiday)
    return tuple(sorted(ranges)), tuple(sorted(yearly))


def _named(problems: list[Problem], spec: Mapping[str, object]) -> dict[int, str]:
    """The holidays that were looked up, each with its name."""
    named: dict[int, str] = {}
    for key, dates in _LOOKED_UP.items():
        if key in spec and dates not in spec:
            problems.append(Problem((key,), f"the dates of {shown(str(spec[key]))} have not been looked up"))
        for written, name in _mapping(problems, spec, dates).items():
            day = _read(problems, (dates, str(written)), parse_date, written)
            if day is not None:
                named.setdefault(day, str(name))
    return named


def read_hours(spec: Mapping[str, object]) -> tuple[OpeningHours, list[Problem]]:
    """A calendar of the policy in numbers, and everything that is wrong with it.

    `spec` holds texts: `timezone` and `hours` always, `holidays`, `exceptions`, and `country_holidays`
    or `holidays_file` only together with the `country_dates` or `file_dates` (date -> name) that it was
    expanded to.
    """
    problems: list[Problem] = []
    for key in spec:
        if key not in KEYS:
            near = closest(str(key), KEYS)
            guess = f", did you mean {near}?" if near else f"; known are {', '.join(KEYS)}"
            problems.append(Problem((str(key),), f"unknown key {shown(str(key))}{guess}"))
    problems.extend(Problem((key,), f"{key} is missing") for key in KEYS[:2] if key not in spec)
    zone_name = _read(problems, ("timezone",), _zone_name, spec.get("timezone", "UTC"))
    weekly = _weekly(problems, _mapping(problems, spec, "hours"))
    holidays, yearly = _holidays(problems, spec.get("holidays", ()))
    named = _named(problems, spec)
    exceptions: dict[int, Exceptional] = {}
    for written, texts in _mapping(problems, spec, "exceptions").items():
        day = _read(problems, ("exceptions", str(written)), parse_date, written)
        windows = _windows(problems, ("exceptions", str(written)), texts)
        if day is not None:
            exceptions[day] = _split(windows)
    return OpeningHours(zone_name or "UTC", weekly, holidays, yearly, named, exceptions), problems
