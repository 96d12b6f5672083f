"""One clock of a ticket and its arithmetic (`sla.md 3, 4`): elapsed, due, late.

A clock is a chain of spans: from when on it runs, is paused or stands still, each on a calendar of one
version of the policy. Nothing is counted up in place: elapsed time is summed from the spans when asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.calendars import NoWorkingTimeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.calendars import BusinessCalendar
    from helpdesk_cli.domain.plans import Level
    from helpdesk_cli.domain.rules import Rules

RUN = "run"
PAUSE = "pause"
STOP = "stop"
SECOND = timedelta(seconds=1)


class Span(NamedTuple):
    """From `start` on, until the next span, the clock is in `mode` on this calendar of this version."""

    mode: str
    start: datetime
    version: int
    calendar: str


class Clock(NamedTuple):
    """An instance of a clock. Instance 0 is a wait that the plan does not cover: it is tracked, so that a
    later change that covers it finds its usual start and its pauses, but it has no target and no events.

    `limit`, `goal` and `warn` are elapsed seconds. `changed_at` is the instant of the last change of
    target or calendar that moved the breach: what lies before it became due there (`sla.md 5`). `resumable`
    marks a clock that only stands still because the ticket is resolved or closed; `recount` the policy
    version of a change that came meanwhile and counts from the clock's start, 0 if none did.
    """

    name: str
    instance: int
    spans: tuple[Span, ...]
    limit: int | None = None
    goal: int | None = None
    warn: int | None = None
    met_at: datetime | None = None
    cancelled_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    noticed_at: datetime | None = None
    changed_at: datetime | None = None
    resumable: bool = False
    recount: int = 0
    fired: tuple[tuple[int, datetime], ...] = ()

    @property
    def mode(self) -> str:
        return self.spans[-1].mode

    @property
    def covered(self) -> bool:
        return self.instance > 0

    @property
    def going(self) -> bool:
        """Running or paused, covered or not."""
        return self.spans[-1].mode != STOP

    @property
    def state(self) -> str:
        """As printed; `breached` wins, since a breach is never erased."""
        if not self.covered:
            return "none"
        if self.breached_at is not None:
            return "breached"
        if self.met_at is not None:
            return "met"
        if self.cancelled_at is not None:
            return "cancelled"
        return "paused" if self.mode == PAUSE else "running"

    def fired_at(self, level: int) -> datetime | None:
        return next((at for number, at in self.fired if number == level), None)


def turn(clock: Clock, mode: str, at: datetime, version: int, calendar: str) -> Clock:
    """The clock with a span of `mode` from `at` on. A span that would have no length is replaced, but where
    the clock stops: what it did last decides the deadline that it keeps."""
    last = clock.spans[-1]
    if (last.mode, last.version, last.calendar) == (mode, version, calendar):
        return clock
    kept = clock.spans[:-1] if last.start == at and mode != STOP else clock.spans
    return clock._replace(spans=joined((*kept, Span(mode, at, version, calendar))))


def joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans with neighbours of one mode and calendar made one."""
    out = list(spans[:1])
    for span in spans[1:]:
        if span._replace(start=out[-1].start) != out[-1]:
            out.append(span)
    return tuple(out)


def calendar_of(span: Span, rules: Rules) -> BusinessCalendar:
    return rules.get(span.version).calendar(span.calendar)


def periods(spans: tuple[Span, ...], mode: str) -> Iterator[tuple[Span, datetime | None]]:
    """(span, its end or None while it lasts) of every span in `mode`."""
    for index, span in enumerate(spans):
        if span.mode == mode:
            following = spans[index + 1 : index + 2]
            yield span, following[0].start if following else None


def counted(clock: Clock, mode: str, at: datetime, rules: Rules) -> int:
    """Working seconds spent in `mode` up to `at`, each span on its own calendar."""
    total = 0
    for span, end in periods(clock.spans, mode):
        stop = at if end is None else min(end, at)
        if stop > span.start:
            total += calendar_of(span, rules).between(span.start, stop)
    return total


def elapsed(clock: Clock, at: datetime, rules: Rules) -> int:
    """Working seconds that count against the target at `at`; pauses and stopped time excluded."""
    return counted(clock, RUN, at, rules)


def paused(clock: Clock, at: datetime, rules: Rules) -> int:
    """Working seconds of all pauses up to `at`."""
    return counted(clock, PAUSE, at, rules)


def reached(clock: Clock, seconds: int, rules: Rules) -> datetime | None:
    """The earliest instant with elapsed >= seconds (it may be a closing time); None if it never comes."""
    return _threshold(clock.spans, seconds, rules, past=False)


def exceeded(clock: Clock, seconds: int, rules: Rules) -> datetime | None:
    """The boundary from which elapsed > seconds: a second later it is; None if it never comes."""
    return _threshold(clock.spans, seconds, rules, past=True)


# The same deadline is asked for in one breath for what is due, for the rows and for what is printed; spans
# and the versions of a policy never change.
@lru_cache(maxsize=256)
def _threshold(spans: tuple[Span, ...], seconds: int, rules: Rules, *, past: bool) -> datetime | None:
    left = seconds
    for span, end in periods(spans, RUN):
        calendar = calendar_of(span, rules)
        worked = None if end is None else calendar.between(span.start, end)
        if worked is None or worked > left or (worked == left and not past):
            try:
                instant = calendar.add(span.start, left)
                return calendar.next_opening(instant) if past else instant
            except NoWorkingTimeError:
                return None
        left -= worked
    return None


def late_from(clock: Clock, rules: Rules) -> datetime | None:
    """The boundary of the breach: `breached_at` of `sla.md 4`, moved to the change that made it late."""
    if clock.limit is None:
        return None
    boundary = exceeded(clock, clock.limit, rules)
    if boundary is None or clock.changed_at is None:
        return boundary
    return max(boundary, clock.changed_at)


def breach_second(clock: Clock, rules: Rules) -> datetime | None:
    """When the breach happens: the first second with elapsed > limit, or the change that made it late."""
    return late_second(clock, clock.limit, rules)


def late_second(clock: Clock, seconds: int | None, rules: Rules) -> datetime | None:
    """The first second with elapsed > seconds, or the change that put it there."""
    boundary = None if seconds is None else exceeded(clock, seconds, rules)
    return None if boundary is None else not_before(boundary + SECOND, clock.changed_at)


def as_of(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock with a breach that happened by `at` and that nobody has recorded yet."""
    if clock.breached_at is None and clock.going:
        second = breach_second(clock, rules)
        if second is not None and second <= at:
            return clock._replace(breached_at=late_from(clock, rules))
    return clock


def warn_second(clock: Clock, rules: Rules) -> datetime | None:
    """The instant from which the clock is at risk, None where it never is or is late by then."""
    at = None if clock.warn is None else reached(clock, clock.warn, rules)
    if at is None:
        return None
    at = not_before(at, clock.changed_at)
    late = breach_second(clock, rules)
    return None if late is not None and late <= at else at


def level_second(clock: Clock, level: Level, rules: Rules) -> datetime | None:
    """When this escalation level is due (`sla.md 6`): before the deadline as soon as its share is used
    up, at 0m or later in the first second past it."""
    if clock.limit is None:
        return None
    seconds = level.threshold(clock.limit)
    if level.late(clock.limit):
        return late_second(clock, seconds, rules)
    at = reached(clock, seconds, rules)
    return None if at is None else not_before(at, clock.changed_at)


def due_at(clock: Clock, rules: Rules) -> datetime | None:
    """The deadline as shown: null while paused (unless breached), for cancelled and uncovered clocks;
    a finished clock keeps the one it had."""
    if clock.limit is None or clock.state == "cancelled":
        return None
    spans = clock.spans
    while len(spans) > 1 and spans[-1].mode == STOP:
        spans = spans[:-1]
    if spans[-1].mode == PAUSE and clock.breached_at is None:
        return None
    return reached(clock._replace(spans=spans), clock.limit, rules)


def starts_at(clock: Clock, rules: Rules) -> datetime:
    """The first opening at or after the start."""
    span = clock.spans[0]
    try:
        return calendar_of(span, rules).next_opening(span.start)
    except NoWorkingTimeError:
        return span.start


def not_before(at: datetime, floor: datetime | None) -> datetime:
    return at if floor is None else max(at, floor)


class Figures(NamedTuple):
    """What of a clock is kept beside it for lists and the sweep; made again from the clock at any time."""

    starts_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    late_at: datetime | None


def figures(clock: Clock, rules: Rules) -> Figures:
    """`warn_at` and `late_at` bound the time at risk of a running clock that has not breached."""
    running = clock.state == "running"
    return Figures(
        starts_at(clock, rules),
        due_at(clock, rules),
        warn_second(clock, rules) if running else None,
        breach_second(clock, rules) if running else None,
    )
