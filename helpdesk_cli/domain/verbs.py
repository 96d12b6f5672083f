"""What each verb makes of a ticket, and what it refuses: the table of `sla.md 2`.

Every function answers with the events to record, in order, or raises `RefusedError` naming what is
allowed; nothing is written here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.due import resumed
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.statuses import ACTIVE, CLOSED, IN_PROGRESS, ON_HOLD, OPEN, RESOLVED, STOPPED
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.plans import Plan, Policy
    from helpdesk_cli.domain.tickets import Ticket


class Draft(NamedTuple):
    """An event still without instant and actor."""

    type: str
    data: dict[str, object]


def enter(ticket: Ticket, status: str, **data: object) -> Draft:
    """The change to `status`; out of resolved or closed it is a reopening."""
    reopening = ticket.status in STOPPED and status in ACTIVE
    return Draft(
        "reopened" if reopening else "status_changed", {"before": ticket.status, "after": status, **data}
    )


def customer_replies(ticket: Ticket, plan: Plan, at: datetime) -> list[Draft] | None:
    """What a customer's message does beside itself: open again. None: the reopen window has passed (its
    last second still reopens), so the message belongs into a new ticket."""
    since = ticket.closed_at or ticket.resolved_at
    window = plan.reopen_window
    if since is not None and window is not None and at > since + timedelta(seconds=window):
        return None
    return [] if ticket.status == OPEN else [enter(ticket, OPEN)]


def agent_replies(ticket: Ticket, status: str | None) -> tuple[list[Draft], list[Draft]]:
    """(before the message, after it). Without a status: `waiting_customer`, and a resolved or closed
    ticket stays as it is. With one of the first four it is reopened first, and the message counts in it."""
    if status is None:
        if ticket.stopped or ticket.status == statuses.WAITING_CUSTOMER:
            return [], []
        return [], [enter(ticket, statuses.WAITING_CUSTOMER)]
    if status == ticket.status:
        return [], []
    if ticket.stopped and status in ACTIVE:
        return [enter(ticket, status)], []
    if ticket.status == CLOSED:
        raise _no_way(ticket, status, ACTIVE)
    return [], [enter(ticket, status)]


def take(ticket: Ticket, agent: str, *, steal: bool) -> list[Draft]:
    """Assign to the agent who takes it and begin; what another agent holds needs `--steal`."""
    if ticket.stopped:
        raise _refused(ticket, "be taken", ACTIVE)
    if ticket.assignee not in (None, agent) and not steal:
        raise RefusedError(
            f"{reference(ticket.id)} is assigned to {ticket.assignee}",
            code="assigned",
            hint=f"helpdesk ticket take {ticket.id} --steal",
        )
    return [
        *assign(ticket, assignee=agent),
        *([] if ticket.status == IN_PROGRESS else [enter(ticket, IN_PROGRESS)]),
    ]


def assign(ticket: Ticket, **to: str | None) -> list[Draft]:
    """Change who works on it, the `assignee`, the `team` (None takes it off) or both; the status stays."""
    data: dict[str, object] = {
        key: {"before": getattr(ticket, key), "after": name}
        for key, name in to.items()
        if name != getattr(ticket, key)
    }
    return [Draft("assigned", data)] if data else []


def unassign(ticket: Ticket) -> list[Draft]:
    """Free the ticket from its agent (the team stays); what was in progress is open again."""
    freed = Draft("assigned", {"assignee": {"before": ticket.assignee, "after": None}})
    reopened = [enter(ticket, OPEN)] if ticket.status == IN_PROGRESS else []
    return reopened if ticket.assignee is None else [freed, *reopened]


def hold(
    ticket: Ticket, at: datetime, until: datetime | None, told: Callable[[datetime], str] = to_text
) -> list[Draft]:
    """Wait for somebody else, perhaps until an instant after `at`; `told` writes them as the user does. What
    is on hold already gets this end, or none; the event has the former one, `until_before`."""
    if ticket.stopped:
        raise _refused(ticket, "be put on hold", ACTIVE)
    if until is not None and until <= at:
        raise UsageError(
            f"--until {told(until)} is not after now ({told(at)})",
            code="bad_time",
            hint="give an instant to come, such as --until +3d, tomorrow, 17:00 or 2026-03-01T09:30",
        )
    data: dict[str, object] = {"until": None if until is None else to_text(until)}
    if ticket.status == ON_HOLD:
        if until == ticket.hold_until:
            return []
        data["until_before"] = None if ticket.hold_until is None else to_text(ticket.hold_until)
    return [enter(ticket, ON_HOLD, **data)]


def resume(ticket: Ticket, policy: Policy) -> list[Draft]:
    """Go on after waiting, in progress or open (`resumed`)."""
    if ticket.status not in (statuses.WAITING_CUSTOMER, ON_HOLD):
        allowed = (statuses.WAITING_CUSTOMER, ON_HOLD)
        raise _refused(ticket, "be resumed", allowed) if ticket.stopped else _already(ticket, allowed)
    return [enter(ticket, resumed(ticket, policy))]


def resolve(ticket: Ticket) -> list[Draft]:
    """Support is sure; the customer has not confirmed."""
    if ticket.status == RESOLVED:
        raise _already(ticket, ACTIVE)
    if ticket.stopped:
        raise _refused(ticket, "be resolved", ACTIVE)
    return [enter(ticket, RESOLVED)]


def close(ticket: Ticket, reason: str | None = None) -> list[Draft]:
    """Done, from any other status."""
    if ticket.status == CLOSED:
        raise _already(ticket, (*ACTIVE, RESOLVED))
    return [enter(ticket, CLOSED, **({} if reason is None else {"reason": reason}))]


def customer_closes(ticket: Ticket, plan: Plan) -> list[Draft]:
    """As close, where the plan's `customer_close` allows it (H7)."""
    drafts = close(ticket)
    if plan.customer_close == "never":
        raise RefusedError(
            f"plan {plan.name} does not let customers close tickets",
            code="customer_close",
            hint="an agent may close it",
        )
    if plan.customer_close == "before_reply" and ticket.last_agent_message_at is not None:
        raise RefusedError(
            f"support has answered {reference(ticket.id)} already, and plan {plan.name} lets a customer close"
            " only before that",
            code="customer_close",
            hint="an agent may close it",
        )
    return drafts


def reopen(ticket: Ticket, policy: Policy) -> list[Draft]:
    """An agent opens it again; the reopen window does not bind agents."""
    if not ticket.stopped:
        raise _already(ticket, STOPPED)
    return [enter(ticket, resumed(ticket, policy))]


def change_status(ticket: Ticket, status: str, policy: Policy) -> list[Draft]:
    """`edit --status`: freely among the first four; to resolved and closed as those verbs; out of them
    only as `reopen`, or from resolved to closed."""
    if status == RESOLVED:
        return resolve(ticket)
    if status == CLOSED:
        return close(ticket)
    if status == ticket.status:
        return []
    back = resumed(ticket, policy)
    if ticket.stopped and status != back:
        raise _no_way(ticket, status, (back, *((CLOSED,) if ticket.status == RESOLVED else ())))
    return [enter(ticket, status)]


def _refused(ticket: Ticket, what: str, allowed: tuple[str, ...]) -> RefusedError:
    """What cannot be done in this status, and in which it can."""
    return _transition(ticket, f" and cannot {what}: allowed from {', '.join(allowed)}", allowed)


def _already(ticket: Ticket, allowed: tuple[str, ...]) -> RefusedError:
    """What the verb would make of it, it is; in which statuses the verb has something to do."""
    return _transition(ticket, f" already: allowed from {', '.join(allowed)}", allowed)


def _no_way(ticket: Ticket, status: str, allowed: tuple[str, ...]) -> RefusedError:
    """The status that this one does not lead to, and those that it does."""
    return _transition(
        ticket, f" and cannot go to {status}: allowed from here: {', '.join(allowed)}", allowed
    )


def _transition(ticket: Ticket, what: str, allowed: tuple[str, ...]) -> RefusedError:
    return RefusedError(
        f"{reference(ticket.id)} is {ticket.status}{what}",
        code="transition",
        hint=f"helpdesk ticket reopen {ticket.id}" if ticket.stopped else None,
        details={"status": ticket.status, "allowed": list(allowed)},
    )
