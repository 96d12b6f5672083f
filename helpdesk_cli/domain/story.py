"""What a ticket's log says of its clocks: which event started and stopped each, and what changed meanwhile.

A clock knows its spans; why they are as they are stands in the log (`sla.md 9`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.events import CONSEQUENCES, changes
from helpdesk_cli.domain.plans import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.events import Event

RESOLUTION = CLOCKS[-1]
# Who writes the message that a wait begins with.
_BEGUN_BY = {"first_response": "customer", "next_response": "customer", "update": "agent"}
_TURNS = ("status_changed", "reopened", "auto_closed")
_ENDINGS = ("clock_met", "clock_cancelled", "clock_reset")


class Situation(NamedTuple):
    """What decides the target of a clock, beside its name."""

    plan: str
    priority: str
    type: str | None
    policy: int


class Change(NamedTuple):
    """An event that gave the ticket another situation: `edited`, `escalated` or `policy_applied`."""

    event: Event
    before: Situation
    after: Situation


class Story:
    """The log of one ticket, oldest event first, ready to be asked."""

    __slots__ = ("_events", "_statuses", "changes")

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)
        self.changes = tuple(_changes(self._events))
        self._statuses = [
            (event.at, str(event.data["after"])) for event in self._events if event.type in _TURNS
        ]

    def started_by(self, clock: Clock) -> Event | None:
        """The event from which the clock counts. One that is covered only by a later change counts from its
        usual start all the same (`sla.md 5`), so that event is it, not the change."""
        at = clock.spans[0].start
        cause = self._cause_of("clock_started", clock)
        if cause is not None and cause.type == "clock_reset":
            return cause
        usual = (event for event in self._events if event.at == at and _begins(event, clock.name))
        return next(usual, cause)

    def stopped_by(self, clock: Clock, at: datetime) -> Event | None:
        """The event that met, cancelled or reset the clock at `at`; for one that was not covered then, the
        change of status that halted it."""
        halts = (event for event in reversed(self._events) if event.at == at and _halts(event))
        return next((cause for cause in self._endings(clock) if cause.at == at), next(halts, None))

    def changes_of(self, clock: Clock) -> Iterator[Change]:
        """The changes of the situation from the clock's start to its end."""
        start = self.started_by(clock)
        last = clock.spans[-1].start if not clock.going else None
        end = None if last is None else self.stopped_by(clock, last)
        for change in self.changes:
            began = start is None or start.n <= change.event.n
            over = end is not None and end.n < change.event.n
            if began and not over and change.event.at >= clock.spans[0].start:
                yield change

    def breach_of(self, clock: Clock) -> Event | None:
        """The event that recorded the clock's breach."""
        breaches = (e for e in self._events if e.type == "clock_breached" and _is_of(e, clock))
        return next(breaches, None)

    def statuses(self, start: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
        """(status, from, to) for each status that the ticket had from `start` to `end`."""
        marks = {start: self._status_at(start)}
        marks |= {at: status for at, status in self._statuses if start < at < end}
        turns: list[tuple[str, datetime]] = []
        for at, status in marks.items():
            if not turns or turns[-1][0] != status:
                turns.append((status, at))
        ends = [*(at for _, at in turns[1:]), end]
        return [(status, at, until) for (status, at), until in zip(turns, ends, strict=True)]

    def _status_at(self, instant: datetime) -> str:
        return next((status for at, status in reversed(self._statuses) if at <= instant), statuses.OPEN)

    def _endings(self, clock: Clock) -> Iterator[Event]:
        """The causes of the clock's ends, the last one first: each reopening may lead to another."""
        for event in reversed(self._events):
            if event.type in _ENDINGS and _is_of(event, clock):
                cause = event if event.type == "clock_reset" else self._cause(event)
                if cause is not None:
                    yield cause

    def _cause_of(self, type_: str, clock: Clock) -> Event | None:
        wanted = (event for event in self._events if event.type == type_ and _is_of(event, clock))
        found = next(wanted, None)
        return None if found is None else self._cause(found)

    def _cause(self, consequence: Event) -> Event | None:
        before = (e for e in reversed(self._events) if e.n < consequence.n and e.type not in CONSEQUENCES)
        return next(before, None)


def _is_of(event: Event, clock: Clock) -> bool:
    return (event.clock, event.instance) == (clock.name, clock.instance)


def _halts(event: Event) -> bool:
    return event.type in _TURNS and event.data["after"] in statuses.STOPPED


def _begins(event: Event, clock: str) -> bool:
    if clock == RESOLUTION:
        return event.type == "created"
    by = event.data.get("by")
    return event.type == "message" and by == _BEGUN_BY[clock] and not event.data.get("opening")


def _changes(events: Iterable[Event]) -> Iterator[Change]:
    now: Situation | None = None
    for event in events:
        after = _after(event, now)
        if now is not None and after is not None and after != now:
            yield Change(event, now, after)
        now = after


def _after(event: Event, now: Situation | None) -> Situation | None:
    data = cast("Mapping[str, Any]", event.data)
    if event.type == "created":
        return Situation(data["plan"], data["priority"], data["type"], data["policy"])
    if now is None:
        return None
    if event.type == "policy_applied":
        return now._replace(policy=data["after"])
    if event.type in ("edited", "escalated"):
        fields = {key: changes(data, key) for key in ("plan", "priority", "type")}
        given = {key: change[1] for key, change in fields.items() if change is not None}
        return now._replace(**cast("dict[str, Any]", given))
    return now
