"""Why each of a ticket's deadlines is what it is (`sla.md 9`).

Every clock is told as a sum that can be followed with a pencil: what was counted, what was not and why, and
how that leads to the deadline, the breach, the warning and the escalations. Nothing is decided here: the
numbers are those of `clocks.py`, the reasons those of the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.clocks import PAUSE, RUN, STOP, calendar_of
from helpdesk_cli.domain.opening_hours import DAY, OpeningHours
from helpdesk_cli.domain.plans import CLOCKS
from helpdesk_cli.domain.story import RESOLUTION, Story
from helpdesk_cli.domain.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from helpdesk_cli.domain.calendars import BusinessCalendar
    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.steps import Step
    from helpdesk_cli.domain.tickets import Ticket

# Why a clock has no target.
NO_TYPE, NO_PRIORITY, NO_PLAN = UNCOVERED = ("type", "priority", "plan")
# Why the deadline is where it is, or why there is none.
DUE_REASONS = ("window", "closing", "paused", "cancelled", "never")
# From which boundary on the clock is late.
LATE_REASONS = ("used_up", "next_opening", "pause", "change", "earlier_target")
# What ticket records show as not covered; the other clocks come and go with the conversation.
_ALWAYS_TOLD = ("first_response", RESOLUTION)


class Uncovered(NamedTuple):
    """A clock that does not run. why: `type`, `priority` or `plan`, whichever is not covered."""

    name: str
    why: str


class LevelTime(NamedTuple):
    """An escalation level. text: as in the plan, seconds: elapsed, both None for one that the plan has no
    longer; at: when it is due, None where nothing sets it off as things stand; fired_at: when it was."""

    level: int
    text: str | None
    seconds: int | None
    at: datetime | None
    fired_at: datetime | None


class Explanation(NamedTuple):
    """A covered clock told in full; instants are UTC, durations working seconds.

    timezone: of the calendar, None for one that never closes. cause: the event from which it counts.
    late_from: the boundary of the breach, past or to come. late_target: the target that the breach was
    judged by. warn_at: when it is, or was, at risk.
    """

    clock: Clock
    calendar: str
    timezone: str | None
    cause: Event | None
    starts_at: datetime
    steps: tuple[Step, ...]
    elapsed: int
    paused: int
    at_risk: bool
    due_at: datetime | None
    due_because: str
    late_from: datetime | None
    late_because: str | None
    late_target: int | None
    warn_at: datetime | None
    levels: tuple[LevelTime, ...]


def explain(
    ticket: Ticket, events: Iterable[Event], rules: Rules, at: datetime
) -> list[Explanation | Uncovered]:
    """Each clock of the ticket in the order of `sla.md 3`, then of its instances, as it stands at `at`: the
    ticket's clocks as advanced to that instant, which is not before its last event."""
    story = Story(events)
    policy = rules.get(ticket.policy_version)
    told: list[Explanation | Uncovered] = []
    for name in CLOCKS:
        instances = [clock for clock in ticket.clocks if clock.name == name]
        told += [_explained(ticket, clock, story, rules, at) for clock in instances if clock.covered]
        waits = any(not clock.covered for clock in instances)
        unseen = not instances and name in _ALWAYS_TOLD
        why = _uncovered(ticket, name, policy)
        if why is not None and (waits or unseen):
            told.append(Uncovered(name, why))
    return told


def _uncovered(ticket: Ticket, clock: str, policy: Policy) -> str | None:
    """What of the ticket has no target for this clock; None where there is one."""
    if policy.target(ticket.plan, ticket.priority, ticket.type, clock) is not None:
        return None
    if ticket.type is not None and policy.ticket_type(ticket.type).get("sla") == "none":
        return NO_TYPE
    rows = policy.plan(ticket.plan).targets.values()
    return NO_PRIORITY if any(clock in row for row in rows) else NO_PLAN


def _explained(ticket: Ticket, clock: Clock, story: Story, rules: Rules, at: datetime) -> Explanation:
    elapsed = clocks.elapsed(clock, at, rules)
    running = clock.state == "running"
    due_at = clocks.due_at(clock, rules)
    late_from = clock.breached_at or (clocks.late_from(clock, rules) if clock.going else None)
    calendar = calendar_of(clock.spans[-1], rules)
    return Explanation(
        clock=clock,
        calendar=clock.spans[-1].calendar,
        timezone=None if _never_closes(calendar) else calendar.hours.timezone,
        cause=story.started_by(clock),
        starts_at=clocks.starts_at(clock, rules),
        steps=tuple(timeline(clock, story, at, rules)),
        elapsed=elapsed,
        paused=clocks.paused(clock, at, rules),
        at_risk=running and (clock.warn or 0) <= elapsed <= (clock.limit or 0),
        due_at=due_at,
        due_because=_due_because(clock, due_at, rules),
        late_from=late_from,
        late_because=None if late_from is None else _late_because(clock, late_from, story, rules),
        late_target=None if late_from is None else _late_target(clock, story),
        warn_at=clock.warned_at or (clocks.warn_second(clock, rules) if running else None),
        levels=tuple(_levels(ticket, clock, rules)),
    )


def _never_closes(calendar: BusinessCalendar) -> bool:
    """Such a calendar counts plain seconds, so its zone decides nothing."""
    return calendar.hours == OpeningHours(calendar.hours.timezone, (((0, DAY),),) * 7)


def _due_because(clock: Clock, due_at: datetime | None, rules: Rules) -> str:
    if clock.state == "cancelled":
        return "cancelled"
    if due_at is None:
        lasting = [span.mode for span in clock.spans if span.mode != STOP]
        return "paused" if lasting[-1:] == [PAUSE] else "never"
    span = [span for span in clock.spans if span.mode == RUN and span.start < due_at][-1]
    return "window" if calendar_of(span, rules).is_open(due_at) else "closing"


def _late_because(clock: Clock, since: datetime, story: Story, rules: Rules) -> str:
    limit = clock.limit or 0
    if clocks.exceeded(clock, limit, rules) == since:
        used_up = clocks.reached(clock, limit, rules)
        if used_up == since:
            return "used_up"
        halted = any(span.mode != RUN and span.start == used_up for span in clock.spans)
        return "pause" if halted else "next_opening"
    changed = any(change.event.at == since for change in story.changes_of(clock))
    return "change" if changed else "earlier_target"


def _late_target(clock: Clock, story: Story) -> int | None:
    breach = story.breach_of(clock)
    return clock.limit if breach is None else int(str(breach.data["target_seconds"]))


def _levels(ticket: Ticket, clock: Clock, rules: Rules) -> Iterator[LevelTime]:
    """The levels of the plan in their order, then those that fired and are in it no longer."""
    plan = rules.get(ticket.policy_version).plan(ticket.plan)
    levels = [level for level in plan.levels if level.clock == clock.name]
    for level in levels:
        fired = clock.fired_at(level.level)
        due = fired
        if fired is None and clock.going:
            due = clocks.level_second(clock, level, rules)
        yield LevelTime(level.level, level.text, level.threshold(clock.limit or 0), due, fired)
    for number, fired in clock.fired:
        if number not in {level.level for level in levels}:
            yield LevelTime(number, None, None, fired, fired)
