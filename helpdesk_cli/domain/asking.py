"""When somebody may ask that a ticket be escalated, and how far up that leads (`sla.md 6`, Z28-30).

An agent may at any time. A customer whose support contract has not run out may once the response target has
passed, at once with a stated impact, and after an answer that was not enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain import clocks, regions
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.people import under_contract
from helpdesk_cli.domain.statuses import ACTIVE
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket

_RESPONSES = ("first_response", "next_response")


def next_level(ticket: Ticket, policy: Policy) -> int:
    """One up from where the ticket is; who asks again at the top stays there."""
    reached = 0 if ticket.escalation is None else ticket.escalation.level
    return min(reached + 1, max(reached, regions.top(policy.document)))


def require_active(ticket: Ticket, *, customer: bool) -> None:
    """RefusedError `transition` for a ticket that is resolved or closed: it has to be open again first."""
    if not ticket.stopped:
        return
    again = "reply {} --from EMAIL" if customer else "reopen {}"
    raise RefusedError(
        f"{reference(ticket.id)} is {ticket.status} and cannot be escalated:"
        f" allowed from {', '.join(ACTIVE)}",
        code="transition",
        hint=f"helpdesk ticket {again.format(ticket.id)}",
        details={"status": ticket.status, "allowed": list(ACTIVE)},
    )


def require_contract(org: str, until: str | None, today: date) -> None:
    """RefusedError `contract_over` where a support contract has run out (Z29). What has no last day, or none
    at all, is served as everybody is (M4)."""
    if until is not None and not under_contract(until, today):
        raise RefusedError(
            f"the support contract of {org} ended on {until}",
            code="contract_over",
            hint="an agent may escalate it; a new contract: helpdesk org edit ORG --contract-until DATE",
            details={"contract_until": until},
        )


def require_time(
    ticket: Ticket,
    rules: Rules,
    *,
    impact: bool,
    unsatisfied: bool,
    told: Callable[[datetime], str] = to_text,
) -> None:
    """RefusedError `too_early`, with the instant from which on a customer may ask, where neither the time to
    respond has passed nor an impact is stated nor an answer was not enough. `told` writes an instant as the
    user does."""
    waits = _response(ticket)
    answered = ticket.first_responded_at is not None
    if impact or (unsatisfied and answered) or (waits is not None and waits.breached_at is not None):
        return
    at = None if waits is None else clocks.breach_second(waits, rules)
    ways = ["at once with --impact IMPACT, what it costs"]
    if answered:
        ways.append("with --unsatisfied, where the answer was not enough")
    if at is not None:
        ways.insert(0, f"from {told(at)} on")
    raise RefusedError(
        f"{reference(ticket.id)} cannot be escalated yet: {_why(ticket, waits, unsatisfied=unsatisfied)}",
        code="too_early",
        hint=f"it can be {'; '.join(ways)}",
        details={"allowed_from": None if at is None else to_text(at)},
    )


def _response(ticket: Ticket) -> Clock | None:
    """The clock of the customer message that waits for an answer."""
    return next((c for c in ticket.clocks if c.name in _RESPONSES and c.covered and c.going), None)


def _why(ticket: Ticket, waits: Clock | None, *, unsatisfied: bool) -> str:
    if waits is not None and unsatisfied:
        return "there is no answer yet that may not be enough, and the time for one has not passed"
    if waits is not None:
        return "the time to answer it has not passed"
    if ticket.unanswered_since is None and ticket.first_customer_at is not None:
        return "support has answered it"
    return "no time to answer it is promised"
