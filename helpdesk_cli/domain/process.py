"""The company's own process: which statuses its cycle has, which leads to which (H9, M5).

A policy that says nothing has all of `sla.md 2`. What it narrows binds agents: a customer's message and
closure, and what time does, are the plan's affair (`reopen`, `customer_close`, `auto_close`), so that no
message is ever refused because of a process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.statuses import IN_PROGRESS, RESOLVED, WAITING_CUSTOMER
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import RefusedError

if TYPE_CHECKING:
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.domain.verbs import Draft

_MOVES = ("status_changed", "reopened")
# What to do instead of reaching a status that the company does not have.
_INSTEAD = {
    IN_PROGRESS: "helpdesk ticket assign {id} --to me",
    RESOLVED: "helpdesk ticket close {id}",
}


def require(policy: Policy, ticket: Ticket, draft: Draft) -> None:
    """RefusedError `status_disabled` or `transition` where an agent's change of status is none of the
    policy's."""
    if draft.type not in _MOVES:
        return
    before, after = ticket.status, str(draft.data["after"])
    if before == after:
        return
    if not policy.enabled(after):
        instead = _INSTEAD.get(after)
        raise RefusedError(
            f"the policy has no status {after}: it is not in this company's cycle",
            code="status_disabled",
            hint=f"there are {', '.join(filter(policy.enabled, statuses.ALL))}"
            if instead is None
            else instead.format(id=ticket.id),
        )
    allowed = policy.ways(before)
    if after not in allowed:
        ways = ", ".join(allowed) or "nothing"
        raise RefusedError(
            f"{reference(ticket.id)} is {before} and cannot go to {after}: its policy allows {ways}",
            code="transition",
            hint=_way(ticket, after, allowed[0])
            if allowed
            else "`transitions` in the policy decide it: helpdesk plan export",
            details={"status": before, "allowed": list(allowed)},
        )


def _way(ticket: Ticket, refused: str, way: str) -> str:
    """How to go where the policy leads. An answer goes to `waiting_customer`, unless it says where to."""
    command = f"helpdesk ticket edit {ticket.id} --status {way}"
    return f"{command}, or a reply with --status {way}" if refused == WAITING_CUSTOMER else command
