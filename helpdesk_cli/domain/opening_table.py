"""The opening hours of one calendar as a growing table of windows in UTC, with their running sum.

Whole weeks are laid out at a time, from the first instant that anybody asks about, outwards in both
directions; each extension at least doubles the table, so that its cost per week stays small. A week in
which the clocks do not change and no date is special is the same every time, so it is copied.

A local time means the earliest instant at which the clocks show it or a later one (`zones.py`). From that
alone follow the rules of clock-change nights in `sla.md` 4, skipped dates and dates without a midnight.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING

from helpdesk_cli.domain.opening_hours import DAY, FIRST_YEAR, LAST_YEAR, OpeningHours, day_of, merged
from helpdesk_cli.domain.zones import instant_of, zone

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = 7 * DAY
_INITIAL_WEEKS = 26


def _week_of(day: int) -> int:
    """The number of the week, Monday to Sunday, of a day; week 0 holds 1970-01-01, a Thursday."""
    return (day + 3) // 7


def _monday(week: int) -> int:
    return 7 * week - 3


# The first instant that may be asked about, that after the last, and the weeks of both in any zone.
FIRST = day_of(date(FIRST_YEAR, 1, 1)) * DAY
END = day_of(date(LAST_YEAR + 1, 1, 1)) * DAY
FIRST_WEEK = _week_of(FIRST // DAY) - 1
END_WEEK = _week_of(END // DAY) + 1


class OpeningTable:
    """Windows `opens[i] <= t < closes[i]`, sorted, never touching; `worked[i]` is open time before them.

    The table answers for instants from `start` to before `end`; `worked` has one entry more than windows.
    """

    __slots__ = (
        "_end_week",
        "_first_week",
        "_hours",
        "_week",
        "_zone",
        "closes",
        "end",
        "opens",
        "start",
        "worked",
    )

    def __init__(self, hours: OpeningHours) -> None:
        self._hours = hours
        self._zone = zone(hours.timezone)
        days = enumerate(hours.weekly)
        self._week = merged(
            (day * DAY + start, day * DAY + end) for day, pieces in days for start, end in pieces
        )
        self._first_week = self._end_week = 0
        self.start = self.end = 0
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.worked: list[int]

    def cover(self, instant: int) -> bool:
        """Extend the table to an instant; False where that lies outside the years laid out."""
        if not FIRST <= instant < END:
            return False
        week = _week_of(instant // DAY)
        if self._first_week == self._end_week:
            self._first_week = self._end_week = week - 1
            self.start = self.end = max(self._begin_of(self._end_week), FIRST)
        size = max(self._end_week - self._first_week, _INITIAL_WEEKS)
        if instant >= self.end:
            self._append(max(week + 2, self._end_week + size))
        if instant < self.start:
            self._prepend(min(week - 1, self._first_week - size))
        return True

    def grow(self, missing: int) -> bool:
        """Extend the table forward; False where no `missing` seconds of opening hours can come any more."""
        hours = self._hours
        last = END_WEEK
        if not self._week:
            last = min(last, _week_of(max(hours.exceptions, default=0) + 1) + 1)
        weeks = last - self._end_week
        # An exception opens two dates at most; no week is a day longer than usual, whatever the clocks do.
        usual = sum(end - start for start, end in self._week) + DAY
        if weeks <= 0 or weeks * usual + len(hours.exceptions) * 2 * DAY < missing:
            return False
        self._append(self._end_week + max(self._end_week - self._first_week, _INITIAL_WEEKS))
        return True

    def _append(self, end_week: int) -> None:
        end_week = min(end_week, END_WEEK)
        opens, closes, end = self._lay_out(self._end_week, end_week, self._begin_of(self._end_week))
        if end > END:
            kept = bisect_left(opens, END)
            opens, closes = opens[:kept], [min(closing, END) for closing in closes[:kept]]
        _join(self.opens, self.closes, opens, closes)
        self._end_week, self.end = end_week, min(end, END)
        self._sum_up()

    def _prepend(self, first_week: int) -> None:
        first_week = max(first_week, FIRST_WEEK)
        start = self._begin_of(first_week)
        opens, closes, _ = self._lay_out(first_week, self._first_week, start)
        _join(opens, closes, self.opens, self.closes)
        self.opens, self.closes = opens, closes
        self._first_week, self.start = first_week, max(start, FIRST)
        self._sum_up()

    def _begin_of(self, week: int) -> int:
        return instant_of(self._zone, _monday(week) * DAY)

    def _sum_up(self) -> None:
        self.worked = [0, *accumulate(map(sub, self.closes, self.opens))]

    def _lay_out(self, first: int, end: int, start: int) -> tuple[list[int], list[int], int]:
        """The windows of some weeks, the first of which begins at `start`, and where the last one ends."""
        where = self._zone
        closed = self._hours.closed_days(_monday(first), _monday(end))
        special = {_week_of(day) for day in closed}
        for day in self._hours.exceptions:
            special.update((_week_of(day), _week_of(day + 1)))
        usual_opens = [opening for opening, _ in self._week]
        usual_closes = [closing for _, closing in self._week]
        opens: list[int] = []
        closes: list[int] = []
        wall = _monday(first) * DAY
        for week in range(first, end):
            # No zone has moved its clocks and moved them back within half a week.
            middle = instant_of(where, wall + WEEK // 2)
            after = instant_of(where, wall + WEEK)
            if week in special or not after - middle == middle - start == WEEK // 2:
                new_opens, new_closes = self._odd_week(week, closed)
            else:
                new_opens = [start + opening for opening in usual_opens]
                new_closes = [start + closing for closing in usual_closes]
            _join(opens, closes, new_opens, new_closes)
            wall += WEEK
            start = after
        return opens, closes, start

    def _odd_week(self, week: int, closed: set[int]) -> tuple[list[int], list[int]]:
        """The windows of one week, every boundary looked up in the rules of the zone."""
        windows = []
        for day in range(_monday(week), _monday(week + 1)):
            for start, end in self._hours.pieces(day, closed):
                opening = instant_of(self._zone, day * DAY + start)
                closing = instant_of(self._zone, day * DAY + end)
                if opening < closing:
                    windows.append((opening, closing))
        apart = merged(windows)
        return [opening for opening, _ in apart], [closing for _, closing in apart]


def _join(opens: list[int], closes: list[int], new_opens: Sequence[int], new_closes: Sequence[int]) -> None:
    """Append later windows to earlier ones, in place; one that begins where the last ends continues it."""
    if closes and new_opens and closes[-1] == new_opens[0]:
        closes.pop()
        new_opens = new_opens[1:]
    opens.extend(new_opens)
    closes.extend(new_closes)
