"""Working time: when a duration is used up on a business calendar, and how much lies between two instants.

The arithmetic of `sla.md` 4. Instants are aware datetimes with whole seconds, answered in UTC; durations
are integer seconds of opening time. Every deadline, pause and breach is made of these questions.

A calendar that is always open counts plain seconds, in any zone and year. Any other one is counted from
the year 1900 to the year 2999; what does not fit there is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_cli.domain.durations import format_duration
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.opening_hours import DAY, FIRST_YEAR, LAST_YEAR, date_of, read_hours
from helpdesk_cli.domain.zones import EPOCH, instant_of, offset_at, zone
from helpdesk_cli.errors import PolicyError, RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.domain.opening_hours import OpeningHours
    from helpdesk_cli.domain.opening_table import OpeningTable


class NoWorkingTimeError(RefusedError):
    """The calendar never has as many opening hours as are asked for."""

    default_code = "no_working_time"


def _seconds(at: datetime) -> int:
    """Seconds from 1970 in UTC. UsageError `bad_time` for a naive datetime or fractions of a second."""
    try:
        since = at - EPOCH
    except TypeError:
        raise UsageError(f"{at!r} has no time zone, give it in UTC", code="bad_time") from None
    if since.microseconds:
        raise UsageError(f"{at.isoformat()} has a fraction of a second", code="bad_time")
    return since.days * DAY + since.seconds


def _instant(seconds: int) -> datetime:
    return EPOCH + timedelta(0, seconds)


class BusinessCalendar:
    """A calendar of the policy: opening hours in a zone, holidays, days with other hours."""

    __slots__ = ("_always", "_table", "hours", "name")

    def __init__(self, hours: OpeningHours, name: str = "") -> None:
        self.name = name
        self.hours = hours
        whole_day = ((0, DAY),)
        self._always = hours == (hours.timezone, (whole_day,) * 7, (), (), {}, {})
        self._table: OpeningTable | None = None

    @classmethod
    def from_spec(cls, spec: Mapping[str, object], name: str = "") -> BusinessCalendar:
        """The calendar that `policy.md` describes, as a dict of texts.

        PolicyError `bad_calendar` naming the first problem; `details["problems"]` has all of them.
        """
        hours, problems = read_hours(spec)
        if problems:
            lines = [f"{'.'.join(map(str, each.path))}: {each.message}" for each in problems]
            message = f"calendar {name!r} is wrong: {lines[0]}" if name else lines[0]
            raise PolicyError(message, code="bad_calendar", details={"problems": lines})
        return cls(hours, name)

    def __repr__(self) -> str:
        return f"<BusinessCalendar {self.name!r} {self.hours.timezone}>"

    def add(self, start: datetime, seconds: int) -> datetime:
        """The earliest instant at which `seconds` of working time after `start` are used up.

        It may be a closing time. Zero gives `start`, also outside opening hours. UsageError
        `negative_duration`; NoWorkingTimeError where there are never as many opening hours.
        """
        at = _seconds(start)
        if not isinstance(seconds, int):
            raise UsageError(f"working time is whole seconds, found {seconds!r}", code="bad_duration")
        if seconds <= 0:
            if seconds:
                raise UsageError(
                    f"a duration of working time cannot be negative, found {format_duration(seconds)}",
                    code="negative_duration",
                )
            return _instant(at)
        if self._always:
            try:
                return _instant(at + seconds)
            except OverflowError:
                raise self._too_little(at, seconds) from None
        table = self._covering(at)
        target = _worked(table, at) + seconds
        while target > table.worked[-1]:
            if not table.grow(target - table.worked[-1]):
                raise self._too_little(at, seconds)
        used = bisect_left(table.worked, target) - 1
        return _instant(table.opens[used] + target - table.worked[used])

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds from `start` to `end`, negative where the end is before the start."""
        first, last = _seconds(start), _seconds(end)
        if self._always:
            return last - first
        self._covering(first)
        table = self._covering(last)
        return _worked(table, last) - _worked(table, first)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` is in opening hours: an opening is, a closing is not."""
        instant = _seconds(at)
        return self._always or self._in_hours(instant)

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself in opening hours, else the next opening. NoWorkingTimeError where there is none."""
        instant = _seconds(at)
        if self._always or self._in_hours(instant):
            return _instant(instant)
        table = self._covering(instant)
        following = bisect_right(table.opens, instant)
        while following == len(table.opens):
            if not table.grow(1):
                raise self._too_little(instant, 1)
        return _instant(table.opens[following])

    def windows(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The opening hours from `start` to `end`, as (opening, closing), cut off at both ends."""
        first, last = _seconds(start), _seconds(end)
        if first >= last:
            return []
        if self._always:
            return [(_instant(first), _instant(last))]
        self._covering(first)
        table = self._covering(last)
        from_, to = bisect_right(table.closes, first), bisect_left(table.opens, last)
        pairs = zip(table.opens[from_:to], table.closes[from_:to], strict=True)
        return [(_instant(max(opening, first)), _instant(min(closing, last))) for opening, closing in pairs]

    def holidays_between(self, start: datetime, end: datetime) -> list[tuple[str, str]]:
        """The local dates from `start` to `end` that a holiday closes: (`2026-12-25`, reason).

        Only dates on which the week has opening hours. The reason is the country's name of the day,
        else `holiday`; an exception without hours is a holiday, one with hours is not.
        """
        first, last = _seconds(start), _seconds(end)
        if first >= last or self._always:
            return []
        where = zone(self.hours.timezone)
        from_, to = ((instant + offset_at(where, instant)) // DAY for instant in (first, last - 1))
        days = range(from_, to + 1)
        skipped = []
        holidays = self.hours.closed_days(days.start, days.stop)
        exceptions = self.hours.exceptions
        for day in sorted(holidays.union(exceptions)):
            if day not in days or not self.hours.weekly[(day + 3) % 7]:
                continue
            if day in exceptions and exceptions[day].today:
                continue
            if instant_of(where, day * DAY) < instant_of(where, (day + 1) * DAY):
                skipped.append((date_of(day).isoformat(), self.hours.named.get(day, "holiday")))
        return skipped

    def _in_hours(self, instant: int) -> bool:
        table = self._covering(instant)
        index = bisect_right(table.opens, instant) - 1
        return index >= 0 and instant < table.closes[index]

    def _covering(self, instant: int) -> OpeningTable:
        table = self._table
        if table is None:
            from helpdesk_cli.domain.opening_table import OpeningTable

            table = self._table = OpeningTable(self.hours)
        if not table.start <= instant < table.end and not table.cover(instant):
            raise NoWorkingTimeError(
                f"{self._called()} is counted from {FIRST_YEAR} to {LAST_YEAR}, "
                f"and {to_text(_instant(instant))} lies outside"
            )
        return table

    def _called(self) -> str:
        return f"calendar {self.name!r}" if self.name else "this calendar"

    def _too_little(self, at: int, seconds: int) -> NoWorkingTimeError:
        return NoWorkingTimeError(
            f"{self._called()} has no {format_duration(seconds)} of opening hours "
            f"between {to_text(_instant(at))} and the year {LAST_YEAR}",
            hint="add opening hours to the calendar, or name another one",
        )


def _worked(table: OpeningTable, instant: int) -> int:
    """Opening time of the table before an instant that it covers."""
    index = bisect_right(table.opens, instant) - 1
    if index < 0:
        return 0
    closing = table.closes[index]
    return table.worked[index] + min(instant, closing) - table.opens[index]
