"""The figures of the reports, each with its formula (`helpdesk help reports`): how long customers waited, how
long a resolution took, and what is said of many such times.

Times are whole working seconds on a clock's calendar. A percentile is the nearest rank, so it is always a
time that somebody really waited; where nothing was measured a figure is None.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from helpdesk_cli.domain.statuses import STOPPED, WAITING_CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from helpdesk_cli.domain.calendars import BusinessCalendar

T = TypeVar("T")

_PARTS = 10_000  # a share is told to four decimals


class Spread(NamedTuple):
    """What is said of a group of times: how many, their mean and percentiles in seconds, None for none."""

    number: int
    mean: int | None
    p50: int | None
    p90: int | None
    p95: int | None


def spread(seconds: Iterable[int]) -> Spread:
    """The figures of some times, given in any order."""
    ordered = sorted(seconds)
    p50, p90, p95 = (percentile(ordered, percent) for percent in (50, 90, 95))
    return Spread(len(ordered), mean(ordered), p50, p90, p95)


def mean(values: Sequence[int]) -> int | None:
    """The arithmetic mean to the nearest whole number, halves up; None of no values."""
    return (2 * sum(values) + len(values)) // (2 * len(values)) if values else None


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The nearest rank: of n ascending values the one in place ceil(percent / 100 * n), counted from 1.

    At least `percent` in a hundred of the values are no larger. None of no values.
    """
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


def share(part: int, whole: int) -> float | None:
    """`part / whole` to four decimals, rounded down so that only all of them are 1.0; None of nothing."""
    return part * _PARTS // whole / _PARTS if whole else None


# -- weeks -----------------------------------------------------------------------------------------


def week_of(at: datetime, zone: tzinfo) -> str:
    """The ISO 8601 week (from Monday) in which an instant falls in a zone, as `2026-W09`."""
    year, week, _ = at.astimezone(zone).isocalendar()
    return _week(year, week)


def weeks(first: str, last: str) -> Iterator[str]:
    """Every week from `first` to `last`, both included."""
    monday = date.fromisocalendar(int(first[:4]), int(first[6:]), 1)
    week = first
    while week <= last:
        yield week
        monday += timedelta(days=7)
        week = _week(*monday.isocalendar()[:2])


def _week(year: int, week: int) -> str:
    return f"{year:04}-W{week:02}"


# -- responses (D13) -------------------------------------------------------------------------------


def waits(messages: Iterable[T], by_agent: Callable[[T], bool]) -> Iterator[tuple[T, T]]:
    """(what was asked, what answered it) for each wait of a customer, of a ticket's public messages in their
    order: from the oldest message not yet answered to the next public one of an agent.

    A second message before the answer makes no second wait, as it restarts no clock (`sla.md` 3); what an
    agent writes unasked, and so the text of a ticket opened on behalf, answers nothing.
    """
    asked: T | None = None
    for message in messages:
        if not by_agent(message):
            asked = message if asked is None else asked
        elif asked is not None:
            yield asked, message
            asked = None


# -- resolutions (D14) -----------------------------------------------------------------------------


class Turn(NamedTuple):
    """From `at` on the ticket is in `status`."""

    status: str
    at: datetime


class Resolution(NamedTuple):
    """The life that led to a resolution: its turns, and when the ticket was resolved or, without that,
    closed."""

    turns: tuple[Turn, ...]
    at: datetime


def first_resolution(turns: Sequence[Turn]) -> Resolution | None:
    """From creation to the first time resolved or closed; None for a ticket that never was."""
    for index, turn in enumerate(turns):
        if turn.status in STOPPED:
            return Resolution(tuple(turns[:index]), turn.at)
    return None


def standing_resolution(turns: Sequence[Turn], *, restart: bool) -> Resolution | None:
    """The resolution that stands, None for a ticket that is open. With `restart` its life begins at the last
    reopening, as its clock does (`reopen.mode`), else at creation."""
    end = len(turns)
    while end and turns[end - 1].status in STOPPED:
        end -= 1
    if end == len(turns):
        return None
    begin = end if restart else 0
    while begin and turns[begin - 1].status not in STOPPED:
        begin -= 1
    return Resolution(tuple(turns[begin:end]), turns[end].at)


def resolution_seconds(resolution: Resolution, calendar: BusinessCalendar) -> tuple[int, int]:
    """(resolution time, user resolution time): working seconds to the resolution without those in which the
    ticket stood resolved or closed before; the same less the waiting for the customer."""
    total = waited = 0
    turns = resolution.turns
    ends = [*(turn.at for turn in turns[1:]), resolution.at]
    for (status, start), end in zip(turns, ends, strict=True):
        if status not in STOPPED:
            seconds = calendar.between(start, end)
            total += seconds
            waited += seconds if status == WAITING_CUSTOMER else 0
    return total, total - waited
