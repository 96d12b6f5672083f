"""Instants: what a person may type for a moment (`cli.md`, Times and durations), and the one form stored.

Inside the program an instant is an aware `datetime` in UTC with whole seconds; in the database and in
records it is `2026-03-01T09:30:00Z`. What is typed without an offset is local to the configured zone.
Instants from 1970 to 8999 are taken: the upper end leaves room for the longest duration after them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from helpdesk_cli.domain.durations import parse_offset
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.zones import EPOCH, instant_of, offset_at
from helpdesk_cli.errors import UsageError

FIRST = EPOCH
LAST = datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_HINT = (
    "write 2026-03-01, 2026-03-01T09:30, 2026-03-01T09:30:00Z, 09:30, now, today, tomorrow, monday, -2h"
    " or +3d"
)
_ISO = (
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})"
    r"(?:[Tt ]([0-9]{2})(:?)([0-9]{2})(?:\6([0-9]{2})([.,][0-9]+)?)?"
    r" ?(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?"
)


@lru_cache(maxsize=1024)  # the rows of a change hold the same few instants again and again
def to_text(at: datetime) -> str:
    """`2026-03-01T09:30:00Z`. ValueError for a naive datetime or one with a fraction of a second."""
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise ValueError(f"{at!r} has no time zone")
        at = at.astimezone(UTC)
    if at.microsecond:
        raise ValueError(f"{at!r} has a fraction of a second")
    return at.isoformat()[:19] + "Z"


def from_text(text: str) -> datetime:
    """The instant of exactly the form that `to_text` gives. UsageError `bad_time` for any other."""
    if len(text) == 20 and text[4::3] == "--T::Z":
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise _bad(text, str(error)) from None
    raise _bad(text, "expected the form 2026-03-01T09:30:00Z")


def _bad(text: str, why: str, hint: str = _HINT) -> UsageError:
    return UsageError(f"{shown(text)} is not a time: {why}", code="bad_time", hint=hint)


def parse_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant, in UTC, that a typed text means at `now` for somebody in `zone`.

    - ISO 8601 dates and times, extended or basic, with or without seconds, `Z` or an offset; a time
      without one is local: in a repeated hour the first, in a gap an error;
    - a time of day alone is today's;
    - a date alone, `today`, `yesterday`, `tomorrow` and weekday names (the most recent such day, today
      included): the first instant of that local date;
    - `now`, and `-2h`, `+3d` from `now`, where a day is 24 hours.

    UsageError `bad_time` for anything else, for fractions of a second other than `.000` and leap seconds,
    for what lies outside 1970 to 8999; `bad_duration` for a mistake after a sign.
    """
    word = text.strip()
    if not word.isascii():
        raise _bad(text, "only ASCII letters and digits are read")
    if word[:1] in ("+", "-"):
        return _offset_from(now, word)
    if word[2:3] == ":":
        word = f"{now.astimezone(zone).date()}T{word}"
    if word[:1].isdigit():
        return _iso(word, zone)
    return _named(word, now, zone)


def _offset_from(now: datetime, word: str) -> datetime:
    at = now + timedelta(seconds=parse_offset(word))
    if not FIRST <= at <= LAST:
        raise _out_of_range(word)
    return at


def _out_of_range(word: str) -> UsageError:
    return _bad(word, "instants from 1970-01-01 to 8999-12-31 UTC are taken")


def _named(word: str, now: datetime, zone: tzinfo) -> datetime:
    name = word.lower()
    if name == "now":
        return now
    today = now.astimezone(zone).date()
    if name == "today":
        return _start_of(word, today, zone)
    if name in ("yesterday", "tomorrow"):
        return _start_of(word, today + timedelta(days=1 if name == "tomorrow" else -1), zone)
    for number, weekday in enumerate(WEEKDAYS):
        if name in (weekday, weekday[:3]):
            return _start_of(word, today - timedelta(days=(today.weekday() - number) % 7), zone)
    near = closest(name, ("now", "today", "yesterday", "tomorrow", *WEEKDAYS)) if name else None
    raise _bad(word, "its form is not known", f"did you mean {near!r}?" if near else _HINT)


def _start_of(word: str, day: date, zone: tzinfo) -> datetime:
    """The first instant of a local date, which in a few zones and nights is not 00:00."""
    wall = (day - FIRST.date()).days * 86_400
    start = instant_of(zone, wall)
    if start + offset_at(zone, start) >= wall + 86_400:
        raise _bad(word, f"the date {day} does not exist in {zone}, where the calendar skipped it")
    return _checked(word, start)


def _checked(word: str, instant: int) -> datetime:
    at = EPOCH + timedelta(seconds=instant)
    if not FIRST <= at <= LAST:
        raise _out_of_range(word)
    return at


def _iso(word: str, zone: tzinfo) -> datetime:
    with suppress(UsageError):  # the stored form needs no pattern; its mistakes are named below
        at = from_text(word)
        if FIRST <= at <= LAST:
            return at
    found = re.fullmatch(_ISO, word)  # compiled on first use, which most commands never come to
    if found is None:
        raise _bad(word, "its form is not known")
    year, _, month, day, hour, _, minute, second, fraction, zulu, sign, ahead_h, ahead_m = found.groups()
    if fraction and fraction.strip(".,0"):
        raise _bad(word, "fractions of a second are not read, but for .000")
    if not 1969 <= int(year) <= 9000:
        raise _out_of_range(word)
    try:
        local_date = date(int(year), int(month), int(day))
    except ValueError:
        raise _bad(word, f"there is no date {year}-{month}-{day}") from None
    if hour is None:
        return _start_of(word, local_date, zone)
    wall = (local_date - FIRST.date()).days * 86_400 + _time_of_day(word, hour, minute, second or "00")
    if zulu:
        return _checked(word, wall)
    if sign:
        if int(ahead_h) > 23 or int(ahead_m or 0) > 59:
            raise _bad(word, f"there is no offset {sign}{ahead_h}:{ahead_m or '00'}, the largest is 23:59")
        ahead = int(ahead_h) * 3_600 + int(ahead_m or 0) * 60
        return _checked(word, wall - ahead if sign == "+" else wall + ahead)
    return _checked(word, _local(word, wall, zone))


def _time_of_day(word: str, hour: str, minute: str, second: str) -> int:
    if second == "60":
        raise _bad(word, "leap seconds are not counted, write the second after it")
    if hour == "24":
        raise _bad(word, "hours go to 23, write 00:00 of the next day")
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise _bad(word, f"there is no time of day {hour}:{minute}:{second}")
    return int(hour) * 3_600 + int(minute) * 60 + int(second)


def _local(word: str, wall: int, zone: tzinfo) -> int:
    """The first instant at which the clocks of the zone show `wall`; an error where they never do."""
    instant = instant_of(zone, wall)
    resumed = instant + offset_at(zone, instant)
    if resumed != wall:
        stopped = instant + offset_at(zone, instant - 1)
        gap = f"the clocks of {zone} went from {_clock(stopped)} to {_clock(resumed)}"
        raise _bad(word, f"there was no such local time, {gap}", "give an offset, as in 09:30+02:00, or Z")
    return instant


def _clock(wall: int) -> str:
    return (EPOCH + timedelta(seconds=wall)).strftime("%Y-%m-%d %H:%M")
