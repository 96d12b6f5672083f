"""The proof: a ticket made again from its whole log, and every place where log and rules differ.

A consequence must be what follows from its cause; what time did must be what was due; and nothing that
was due may be missing before the next event (`sla.md 1`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.due import POLICY_VERSION, all_due, event_of
from helpdesk_cli.domain.events import BY_TIME, CONSEQUENCES, SWEEP, Event, asked
from helpdesk_cli.domain.history import begin, record
from helpdesk_cli.domain.instants import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.domain.due import Due
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket


def replay(ticket_id: int, events: Iterable[Event], rules: Rules) -> tuple[Ticket | None, list[str]]:
    """(the ticket that the log makes, None for an empty one; a line for each difference)."""
    problems: list[str] = []
    expected: list[Event] = []
    ticket: Ticket | None = None
    last: Event | None = None
    for event in events:
        problems += _out_of_line(last, event)
        last = event
        if event.type in CONSEQUENCES:
            follows = expected.pop(0) if expected else None
            if follows is None or _told(follows) != _told(event):
                problems.append(f"event {event.seq} ({event.type} {event.clock}) does not follow")
            continue
        problems += [f"before event {event.seq} a {e.type} of {e.clock} is missing" for e in expected]
        if ticket is None:
            ticket = begin(ticket_id, event)
        else:
            problems += _untimely(ticket, event, rules)
        ticket, written = record(ticket, event, rules)
        expected = written[1:]
    problems += [f"at the end a {e.type} of {e.clock} is missing" for e in expected]
    return ticket, problems


def _out_of_line(last: Event | None, event: Event) -> list[str]:
    """The ordinals count up by one and no instant lies before the one before it."""
    n, at = (0, event.at) if last is None else (last.n, last.at)
    problems = [] if event.n == n + 1 else [f"event {event.seq} is number {event.n} after number {n}"]
    return [*problems, f"event {event.seq} is earlier than the one before it"] if event.at < at else problems


def _told(event: Event) -> tuple[object, ...]:
    return event.type, event.at, event.clock, event.instance, event.n, event.data


def _untimely(ticket: Ticket, event: Event, rules: Rules) -> list[str]:
    """What time should have done before `event`, or instead of it. A policy version counts from when it
    was applied, which the log alone tells."""
    if event.type == "policy_applied":
        return []
    by_time = (event.type in BY_TIME and not asked(event)) or event.actor == SWEEP
    due = min((d for d in all_due(ticket, rules, touched=False) if d.kind != POLICY_VERSION), default=None)
    if not by_time:
        late = due is not None and due.at < event.at
        return [f"{_named(ticket, due, rules)} is missing before event {event.seq}"] if late and due else []
    if due is None:
        return [f"event {event.seq} ({event.type}) was not due"]
    wanted = event_of(ticket, due, rules, event.recorded_at)
    same = [(e.type, e.at, e.actor, e.clock, e.instance, e.level) for e in (wanted, event)]
    if same[0] == same[1]:
        return []
    return [f"event {event.seq} stands where {_named(ticket, due, rules)} was due"]


def _named(ticket: Ticket, due: Due, rules: Rules) -> str:
    event = event_of(ticket, due, rules, due.at)
    return f"{event.type} {event.clock}".strip() + f" at {to_text(due.at)}"
