"""What time alone will do to a ticket, and when (`sla.md 1`: time acts by itself, whoever looks).

`next_due` is the one thing that happens next; `advance` brings a ticket up to an instant, that instant
included, one due thing after the other, the next worked out anew after each. The sweep and every command
that changes a ticket call it, so any cadence of sweeps gives a ticket the same events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import clocks, escalation, statuses
from helpdesk_cli.domain.closure import closure
from helpdesk_cli.domain.events import SWEEP, Event
from helpdesk_cli.domain.history import record
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.plans import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket

# The order of what is due at one instant.
POLICY_VERSION, END_OF_HOLD, WARNING, BREACH, ESCALATION, REMINDER, CLOSURE = range(7)


class Due(NamedTuple):
    """Something due at `at`; sorts by instant, kind, the clock's place in `sla.md 3`, then level."""

    at: datetime
    kind: int
    clock: int = 0
    level: int = 0
    instance: int = 0


def next_due(ticket: Ticket, rules: Rules, *, touched: bool = False) -> Due | None:
    """What happens next by time alone, None if nothing ever. A closed ticket takes a later policy version
    only when a command touches it (`touched`)."""
    return min(all_due(ticket, rules, touched=touched), default=None)


def steps(
    ticket: Ticket, until: datetime, rules: Rules, recorded_at: datetime, *, touched: bool = False
) -> Iterator[tuple[Ticket, list[Event]]]:
    """Each thing that time brings up to `until`, oldest first: the ticket after it, and its events."""
    while (due := next_due(ticket, rules, touched=touched)) is not None and due.at <= until:
        ticket, written = record(ticket, event_of(ticket, due, rules, recorded_at), rules)
        yield ticket, written


def advance(
    ticket: Ticket, until: datetime, rules: Rules, recorded_at: datetime, *, touched: bool = False
) -> tuple[Ticket, list[Event]]:
    """The ticket at `until` and all the events that time brought it."""
    events: list[Event] = []
    for after, written in steps(ticket, until, rules, recorded_at, touched=touched):
        ticket = after
        events += written
    return ticket, events


class Summary(NamedTuple):
    """What of a ticket's time is kept in its row for lists and the sweep; instants in UTC or None."""

    rank: int
    auto_close_at: datetime | None
    next_due_at: datetime | None
    act_at: datetime | None


def summary(ticket: Ticket, rules: Rules) -> Summary:
    """`rank`: in the order of the version in force. `next_due_at`: the earliest deadline of a clock not
    met, late ones included. `act_at`: when time alone changes the ticket next; for a breach that is the
    first late second (`storage.md`)."""
    to_come = closure(ticket, rules)
    closing = None if to_come is None else to_come.close_at
    deadlines = (clocks.due_at(c, rules) for c in ticket.clocks if c.covered and c.going)
    due = next_due(ticket, rules)
    return Summary(
        rules.latest().rank(ticket.priority),
        None if closing is None else settled(ticket, closing),
        min((at for at in deadlines if at is not None), default=None),
        None if due is None else due.at,
    )


def settled(ticket: Ticket, at: datetime) -> datetime:
    """The instant at which something may happen to the ticket: never before its last event."""
    return max(at, ticket.last_at)


def all_due(ticket: Ticket, rules: Rules, *, touched: bool) -> Iterator[Due]:
    """Everything that time has in store for the ticket as it stands, in no order; once merged nothing."""
    if ticket.merged_into is not None:
        return
    if touched or ticket.status != statuses.CLOSED:
        following = rules.after(ticket.policy_version)
        if following is not None:
            yield Due(settled(ticket, following.at), POLICY_VERSION)
    if ticket.hold_until is not None:
        yield Due(settled(ticket, ticket.hold_until), END_OF_HOLD, instance=ticket.hold_n)
    if ticket.stopped:
        yield from _closing(ticket, rules)
        return
    for clock in ticket.clocks:
        if clock.covered and clock.going:
            yield from _of_clock(ticket, clock, rules)
    yield from _closing(ticket, rules)


def _of_clock(ticket: Ticket, clock: Clock, rules: Rules) -> Iterator[Due]:
    place = CLOCKS.index(clock.name)
    if clock.breached_at is None:
        if clock.warned_at is None and (at := clocks.warn_second(clock, rules)) is not None:
            yield Due(settled(ticket, at), WARNING, place, instance=clock.instance)
        if (at := clocks.breach_second(clock, rules)) is not None:
            yield Due(settled(ticket, at), BREACH, place, instance=clock.instance)
    for level in rules.get(ticket.policy_version).plan(ticket.plan).levels:
        if level.clock == clock.name and clock.fired_at(level.level) is None:
            at = clocks.level_second(clock, level, rules)
            if at is not None:
                yield Due(settled(ticket, at), ESCALATION, place, level.level, clock.instance)


def _closing(ticket: Ticket, rules: Rules) -> Iterator[Due]:
    to_come = closure(ticket, rules)
    if to_come is None:
        return
    if to_come.remind_at is not None:
        yield Due(settled(ticket, to_come.remind_at), REMINDER, instance=ticket.wait_n)
    if to_come.close_at is not None:
        yield Due(settled(ticket, to_come.close_at), CLOSURE, instance=ticket.wait_n)


def event_of(ticket: Ticket, due: Due, rules: Rules, recorded_at: datetime) -> Event:
    """The event that `due` becomes; its `at` is the due instant, its actor the sweep, whoever writes it."""
    if due.kind in (WARNING, BREACH, ESCALATION):
        return _clock_event(ticket, due, rules, recorded_at)
    instance = due.instance or None
    data: dict[str, object]
    if due.kind == POLICY_VERSION:
        following = rules.after(ticket.policy_version)
        version = ticket.policy_version if following is None else following.version
        kind, data = "policy_applied", {"before": ticket.policy_version, "after": version}
    elif due.kind == END_OF_HOLD:
        kind = "status_changed"
        after = resumed(ticket, rules.get(ticket.policy_version))
        data = {"before": ticket.status, "after": after, "rule": "hold_until"}
    else:
        to_come = closure(ticket, rules)
        base = to_text(due.at if to_come is None else to_come.base)
        if due.kind == REMINDER:
            kind, data = "reminded", {"rule": "auto_close.remind_after", "base": base}
        else:
            kind = "auto_closed"
            data = {
                "before": ticket.status,
                "after": statuses.CLOSED,
                "rule": "auto_close.after",
                "base": base,
            }
    return Event(kind, due.at, SWEEP, recorded_at, data, instance=instance)


def _clock_event(ticket: Ticket, due: Due, rules: Rules, recorded_at: datetime) -> Event:
    name = CLOCKS[due.clock]
    clock = ticket.clock(name, due.instance)
    data: dict[str, object]
    if due.kind == ESCALATION:
        levels = rules.get(ticket.policy_version).plan(ticket.plan).levels
        level = next(x for x in levels if x.clock == name and x.level == due.level)
        data = escalation.effect(ticket, level, rules)
    elif due.kind == BREACH:
        since = clocks.late_from(clock, rules)
        data = {"breached_at": to_text(since or due.at), "target_seconds": clock.limit}
    else:
        data = {"warn_seconds": clock.warn, "target_seconds": clock.limit}
    kind = {WARNING: "clock_warned", BREACH: "clock_breached", ESCALATION: "escalated"}[due.kind]
    return Event(kind, due.at, SWEEP, recorded_at, data, None, name, due.instance, due.level)


def resumed(ticket: Ticket, policy: Policy) -> str:
    """The status that a ticket goes on in: `in_progress` if assigned and the policy leads there, else `open`
    (W of `sla.md 2`)."""
    begun = ticket.assignee is not None and statuses.IN_PROGRESS in policy.ways(ticket.status)
    return statuses.IN_PROGRESS if begun else statuses.OPEN
