"""The steps of a clock's timeline, and how many of them are told (`sla.md 9`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.events import Event

COUNTED, PAUSED, STOPPED, HOLIDAY, CHANGED, RESET = KINDS = (
    "counted",
    "paused",
    "stopped",
    "holiday",
    "changed",
    "reset",
)
MOST_WINDOWS = 14
_LONGEST_EDGE = 6


class Step(NamedTuple):
    """Something that counted, or why nothing did.

    start, end: UTC; no end where it lasts, or for what takes no time. past: over by now. seconds: working
    time that was counted or, in a pause, was not. total: elapsed time of the clock after it. late: counted
    after the target was used up. windows: how many opening hours it stands for, 0 for time outside them;
    holidays: how many days, from the local `date` to `last_date`. status: of the ticket in a pause. cause:
    the event that changed, stopped or reset the clock. changes: key -> (before, after); recounted: whether
    a changed calendar counts from the clock's start.
    """

    kind: str
    start: datetime
    end: datetime | None
    past: bool = True
    seconds: int = 0
    total: int = 0
    late: bool = False
    windows: int = 0
    holidays: int = 0
    calendar: str | None = None
    status: str | None = None
    date: str | None = None
    last_date: str | None = None
    name: str | None = None
    cause: Event | None = None
    changes: Mapping[str, tuple[object, object]] = {}
    recounted: bool | None = None


def one_a_holiday(steps: Iterable[Step]) -> list[Step]:
    """A holiday is told once, however many spans touch it, and holidays of one name in a row are one step."""
    out: list[Step] = []
    told: set[tuple[str | None, str | None]] = set()
    for step in steps:
        if step.kind == HOLIDAY and (step.calendar, step.date) in told:
            continue
        told.add((step.calendar, step.date))
        if out and _are_one(out[-1], step):
            first = out.pop()
            out.append(first._replace(end=step.end, last_date=step.date, holidays=first.holidays + 1))
        else:
            out.append(step)
    return out


def _are_one(step: Step, following: Step) -> bool:
    """Whether both are holidays of one name and calendar, both over or both to come."""
    parts = [(each.name, each.calendar, each.past) for each in (step, following)]
    return step.kind == following.kind == HOLIDAY and parts[0] == parts[1]


def grouped(steps: list[Step]) -> list[Step]:
    """The steps with the windows in the middle of a long row summed as one, so that about MOST_WINDOWS are
    told. Pauses, changes, now and the deadline end a row, so a total that matters is never inside a group."""
    rows = list(_rows(steps))

    def short(edge: int) -> list[Step]:
        return [step for row in rows for step in _shortened(row, edge)]

    def fits(edge: int) -> bool:
        return sum(step.kind == COUNTED for step in short(edge)) <= MOST_WINDOWS

    return short(next(filter(fits, range(_LONGEST_EDGE, 1, -1)), 1))


def _rows(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Rows of windows of one kind with the holidays among them; anything else stands alone."""
    row: list[Step] = []
    kind: tuple[object, ...] | None = None
    for step in steps:
        if step.kind == COUNTED:
            this = step.calendar, step.past, step.late
            if kind not in (None, this):
                yield row
                row = []
            kind = this
            row.append(step)
        elif step.kind == HOLIDAY:
            row.append(step)
        else:
            yield row
            yield [step]
            row, kind = [], None
    yield row


def _shortened(row: list[Step], edge: int) -> list[Step]:
    """A row with all but the first and last `edge` windows summed."""
    windows = [index for index, step in enumerate(row) if step.kind == COUNTED]
    if len(windows) <= 2 * edge + 1:
        return row
    first, last = windows[edge], windows[-edge - 1] + 1
    middle = row[first:last]
    group = middle[0]._replace(
        end=middle[-1].end,
        seconds=sum(step.seconds for step in middle if step.kind == COUNTED),
        total=middle[-1].total,
        windows=sum(step.windows for step in middle),
        holidays=sum(step.holidays for step in middle),
    )
    return [*row[:first], group, *row[last:]]
