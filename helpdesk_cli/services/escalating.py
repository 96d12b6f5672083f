"""Escalation that somebody asks for (`ticket escalate`; `sla.md 6`, Z28-30): each asking leads one level up,
to the contact of the customer's region, and has an agent who owns it; everybody concerned is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import asking
from helpdesk_cli.domain.escalation import regional_contacts
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.terms import REGION
from helpdesk_cli.domain.validity import day_of
from helpdesk_cli.errors import UsageError
from helpdesk_cli.services import conversation, lookup, ticket_records
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.texts import reason_text, unchanged
from helpdesk_cli.storage import orgs, people

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App


def escalate(
    app: App, ticket_id: int, *, reason: str, impact: str | None = None, unsatisfied: bool = False,
    sender: str | None = None, owner: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Lead a ticket one level up; its record. By the acting agent, or by the customer `sender` under the
    conditions of `asking`. `owner`: the agent who sees to it, else who did, else as `_owner` says.

    RefusedError `transition`, `too_early`, `contract_over`, `not_a_participant`.
    """
    reason = reason_text(reason)
    impact = None if impact is None else reason_text(impact, "impact")
    with changing(app, ticket_id) as change:
        agent = None if sender is not None else app.require_agent()["login"]
        contact = None if sender is None else conversation.participant(change, sender)
        asking.require_active(change.ticket, customer=agent is None)
        if agent is None:
            _require_conditions(change, impact=impact is not None, unsatisfied=unsatisfied)
        stated = {"reason": reason, "impact": impact, "unsatisfied": unsatisfied or None}
        level = asking.next_level(change.ticket, change.policy)
        regional = regional_contacts(change.ticket, level, app.rules)
        if not regional and change.policy.document.get("regions"):
            regional = {"nobody": [REGION]}
        data: dict[str, object] = {key: value for key, value in stated.items() if value is not None}
        data |= _owned(change, _owner(change, agent, owner)) | regional
        _record(change, level, data, agent, contact)
    return ticket_records.of_ticket(app, ticket_id)


def give(app: App, ticket_id: int, owner: str) -> dict[str, Any]:
    """Give an escalation another owner, who is told as the customer is; the ticket's record. UsageError where
    nobody has asked for one."""
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        if change.ticket.escalation is None:
            raise UsageError("no reason given", code="empty_reason", hint="say it with --reason")
        asking.require_active(change.ticket, customer=False)
        if not pass_on(change, lookup.assignee(app, owner)["login"], agent):
            unchanged(app, ticket_id)
    return ticket_records.of_ticket(app, ticket_id)


def pass_on(change: Change, owner: str, agent: str) -> bool:
    """The acting agent gives the escalation that was asked for to that owner; whether it is another one."""
    asked = change.ticket.escalation
    data = _owned(change, owner)
    if asked is None or not data:
        return False
    _record(change, asked.level, data, agent, None)
    return True


def _record(
    change: Change, level: int, data: dict[str, object], agent: str | None, contact: int | None
) -> None:
    change.event(
        Event("escalated", change.at, agent or CUSTOMER, change.recorded_at, data, contact, level=level)
    )


def _owned(change: Change, owner: str | None) -> dict[str, object]:
    """The data of the event that an owner makes, who may be the one before."""
    asked = change.ticket.escalation
    before = None if asked is None else asked.owner
    return {} if before == owner else {"owner": {"before": before, "after": owner}}


def _owner(change: Change, agent: str | None, wanted: str | None) -> str | None:
    """Who is to see to it: the one who is named, the one who does, else the best of those that there are."""
    app, ticket = change.app, change.ticket
    if wanted is not None:
        return str(lookup.assignee(app, wanted)["login"])
    asked = ticket.escalation
    if asked is not None and asked.owner is not None and app.rules.has_agent(asked.owner):
        return asked.owner
    return people.escalation_owner(app.db, ticket, agent)


def _require_conditions(change: Change, *, impact: bool, unsatisfied: bool) -> None:
    app, ticket = change.app, change.ticket
    org = None if ticket.org is None else orgs.by_id(app.db, ticket.org)
    if org is not None:
        asking.require_contract(
            org["name"], org["contract_until"], day_of(change.policy, ticket.plan, change.at)
        )
    asking.require_time(ticket, app.rules, impact=impact, unsatisfied=unsatisfied, told=app.local)
