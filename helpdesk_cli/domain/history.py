"""How a ticket's events make its state: one fold, for what happens now and for the proof afterwards.

`record` appends one event and what follows from it in the same instant. `replay.py` makes the state again
from a whole log, `due.py` asks what comes next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.events import CUSTOMER, UNVERSIONED, Event, asked, changes
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.sla import ClockBook, Fact
from helpdesk_cli.domain.tickets import Escalation, Ticket, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from helpdesk_cli.domain.rules import Rules

_Applied = tuple[Ticket, ClockBook | None]


def begin(ticket_id: int, event: Event) -> Ticket:
    """The ticket that a `created` event describes, before the event is applied."""
    data = cast("Mapping[str, Any]", event.data)
    return Ticket(
        id=ticket_id,
        requester=data["requester"],
        org=data["org"],
        status=statuses.OPEN,
        priority=data["priority"],
        category=data["category"],
        type=data["type"],
        plan=data["plan"],
        channel=data["channel"],
        tags=tuple(data["tags"]),
        policy_version=data["policy"],
        on_behalf=data["on_behalf"],
        created_at=event.at,
        updated_at=event.at,
        last_at=event.at,
        assignee=data.get("assignee"),
        team=data.get("team"),
    )


def record(ticket: Ticket, event: Event, rules: Rules) -> tuple[Ticket, list[Event]]:
    """The ticket after `event`, and the event with its consequences, numbered on from the ticket's last."""
    event = event._replace(n=ticket.n + 1)
    versioned = event.type not in UNVERSIONED and (event.type != "escalated" or _changed(event))
    ticket = ticket._replace(
        n=event.n,
        last_at=event.at,
        version=ticket.version + versioned,
        updated_at=event.at if versioned else ticket.updated_at,
    )
    ticket, book = _APPLY.get(event.type, _nothing)(ticket, event, rules)
    written = [event]
    if book is not None:
        for fact in book.facts:
            written.append(_consequence(fact, event, len(written)))
        ticket = ticket._replace(clocks=book.result(), n=event.n + len(book.facts))
    return ticket, written


def _consequence(fact: Fact, cause: Event, offset: int) -> Event:
    return Event(
        fact.type,
        cause.at,
        cause.actor,
        cause.recorded_at,
        fact.data,
        cause.contact,
        fact.clock,
        fact.instance,
        n=cause.n + offset,
    )


def _changed(event: Event) -> bool:
    return asked(event) or any(changes(event.data, key) for key in ("priority", "assignee", "team", "tags"))


# -- one function an event type -------------------------------------------------------------------


def _nothing(ticket: Ticket, _event: Event, _rules: Rules) -> _Applied:
    return ticket, None


def _created(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    ticket = ticket._replace(wait_at=event.at, wait_n=event.n)
    book = ClockBook(ticket, event.at, rules)
    book.created()
    return ticket, book


def _message(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    """A public message. The opening text that an agent writes for a customer is no answer and starts no
    clock but `resolution` (`sla.md 2`)."""
    at = event.at
    ticket = _spent(ticket, event)._replace(wait_at=at, wait_n=event.n)
    if event.data["by"] == "customer":
        ticket = ticket._replace(
            last_customer_message_at=at,
            first_customer_at=ticket.first_customer_at or at,
            unanswered_since=ticket.unanswered_since or at,
        )
        book = ClockBook(ticket, at, rules)
        book.customer_wrote()
        return ticket, book
    ticket = ticket._replace(last_agent_message_at=at)
    if event.data.get("opening"):
        return ticket, None
    ticket = ticket._replace(unanswered_since=None)
    if ticket.first_customer_at is not None and ticket.first_responded_at is None:
        ticket = ticket._replace(first_responded_at=at)
    book = ClockBook(ticket, at, rules)
    book.agent_answered()
    return ticket, book


def _note(ticket: Ticket, event: Event, _rules: Rules) -> _Applied:
    return _spent(ticket, event), None


def _spent(ticket: Ticket, event: Event) -> Ticket:
    """With the `minutes` that the agent says the message took."""
    minutes = cast("int", event.data.get("minutes", 0))
    return ticket._replace(time_spent=ticket.time_spent + 60 * minutes) if minutes else ticket


def _status(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    """`status_changed`, `reopened` and `auto_closed`: each carries the status before and after."""
    before, after, at = ticket.status, str(event.data["after"]), event.at
    ticket = ticket._replace(status=after, wait_at=at, wait_n=event.n, hold_until=None, hold_n=0)
    until = event.data.get("until")
    if after == statuses.ON_HOLD and until is not None:
        ticket = ticket._replace(hold_until=from_text(str(until)), hold_n=event.n)
    was_stopped, stopped = before in statuses.STOPPED, ticket.stopped
    if stopped:
        ticket = _stopped(ticket, event)
    elif was_stopped:
        ticket = ticket._replace(
            resolved_at=None,
            closed_at=None,
            closed_by=None,
            close_reason=None,
            reopened_count=ticket.reopened_count + 1,
        )
    book = ClockBook(ticket, at, rules)
    if stopped and not was_stopped:
        book.stopped()
    elif was_stopped and not stopped:
        book.reopened(rules.get(ticket.policy_version).plan(ticket.plan).reopen_mode)
    else:
        book.status_entered()
    return ticket, book


def _stopped(ticket: Ticket, event: Event) -> Ticket:
    """What was merged into another ticket is closed, and not resolved by that."""
    at = event.at
    if ticket.merged_into is None:
        ticket = ticket._replace(
            resolved_at=ticket.resolved_at or at, first_resolved_at=ticket.first_resolved_at or at
        )
    if ticket.status != statuses.CLOSED:
        return ticket
    reason = event.data.get("reason")
    actor = CUSTOMER if event.contact is not None else event.actor
    return ticket._replace(
        closed_at=at, closed_by=actor, close_reason=None if reason is None else str(reason)
    )


def _assigned(ticket: Ticket, event: Event, _rules: Rules) -> _Applied:
    return _people(ticket, event), None


def _people(ticket: Ticket, event: Event) -> Ticket:
    if change := changes(event.data, "assignee"):
        ticket = ticket._replace(assignee=cast("str | None", change[1]))
    if change := changes(event.data, "team"):
        ticket = ticket._replace(team=cast("str | None", change[1]))
    return ticket


def _edited(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    for key in ("priority", "category", "type", "plan"):
        if change := changes(event.data, key):
            ticket = ticket._replace(**{key: cast("Any", change[1])})
    if "org_id" in event.data:
        ticket = ticket._replace(org=cast("int | None", event.data["org_id"]))
    if not any(changes(event.data, key) for key in ("priority", "type", "plan")):
        return ticket, None
    return _retargeted(ticket, event, rules, retroactive=True)


def _tagged(ticket: Ticket, event: Event, _rules: Rules) -> _Applied:
    if change := changes(event.data, "tags"):
        ticket = ticket._replace(tags=tuple(cast("list[str]", change[1])))
    return ticket, None


def _policy_applied(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    version = cast("int", event.data["after"])
    ticket = ticket._replace(policy_version=version)
    plan = rules.get(version).plan(ticket.plan)
    return _retargeted(ticket, event, rules, retroactive=plan.retroactive)


def _retargeted(ticket: Ticket, event: Event, rules: Rules, *, retroactive: bool) -> _Applied:
    book = ClockBook(ticket, event.at, rules)
    book.retarget(retroactive=retroactive)
    return ticket, book


def _reset(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    book = ClockBook(ticket, event.at, rules)
    book.reset(event.clock)
    return ticket, book


def _warned(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    book = ClockBook(ticket, event.at, rules)
    book.warned(event.clock, event.instance or 0)
    return ticket, book


def _breached(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    book = ClockBook(ticket, event.at, rules)
    since = from_text(str(event.data["breached_at"]))
    book.breached(event.clock, event.instance or 0, since, event.recorded_at)
    return ticket, book


def _escalated(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    if asked(event):
        return _asked(ticket, event), None
    ticket = _people(_tagged(ticket, event, rules)[0], event)
    priority = changes(event.data, "priority")
    if priority:
        ticket = ticket._replace(priority=str(priority[1]))
    book = ClockBook(ticket, event.at, rules)
    book.fired(event.clock, event.instance or 0, event.level)
    if priority:
        book.retarget(retroactive=True)
    return ticket, book


def _asked(ticket: Ticket, event: Event) -> Ticket:
    """A person asked for escalation, or, without a reason, gave it another owner."""
    data, before = event.data, ticket.escalation
    owner = changes(data, "owner")
    after = before and before.owner if owner is None else cast("str | None", owner[1])
    if "reason" not in data:
        return ticket._replace(escalation=before and before._replace(owner=after))
    since = event.at if before is None else before.since
    impact = cast("str | None", data.get("impact"))
    return ticket._replace(escalation=Escalation(event.level, after, since, str(data["reason"]), impact))


def _merged(ticket: Ticket, event: Event, rules: Rules) -> _Applied:
    """Into another ticket: the clocks are cancelled, the closing is an event of its own (`sla.md 5`). Or
    another one into this: nothing changes."""
    if "into" not in event.data:
        return ticket, None
    ticket = ticket._replace(merged_into=number(str(event.data["into"])))
    book = ClockBook(ticket, event.at, rules)
    book.merged()
    return ticket, book


def _reminded(ticket: Ticket, event: Event, _rules: Rules) -> _Applied:
    return ticket._replace(reminded_n=event.instance or 0), None


_APPLY: dict[str, Callable[[Ticket, Event, Rules], _Applied]] = {
    "created": _created,
    "message": _message,
    "note": _note,
    "status_changed": _status,
    "reopened": _status,
    "auto_closed": _status,
    "assigned": _assigned,
    "edited": _edited,
    "tagged": _tagged,
    "policy_applied": _policy_applied,
    "clock_reset": _reset,
    "clock_warned": _warned,
    "clock_breached": _breached,
    "escalated": _escalated,
    "reminded": _reminded,
    "merged": _merged,
}
