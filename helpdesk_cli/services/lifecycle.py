"""The verbs that move a ticket through its life: take, assign, hold, resume, resolve, close, reopen, edit
(`sla.md 2`). Each is one transaction on one ticket and answers with its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import verbs
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.terms import LEADING
from helpdesk_cli.domain.text import clean_line
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import RefusedError, UsageError
from helpdesk_cli.services import lookup, ticket_records, tickets
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.texts import body_text, reason_text, subject_text, tag_texts, unchanged
from helpdesk_cli.storage import ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App


def _verb(app: App, ticket_id: int, decide: Callable[[Ticket, str], list[Draft]]) -> dict[str, Any]:
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        _record(change, decide(change.ticket, agent), agent)
    return ticket_records.of_ticket(app, ticket_id)


def _policy(app: App, ticket: Ticket) -> Policy:
    return app.policies.get(ticket.policy_version)


def _record(change: Change, drafts: list[Draft], agent: str) -> None:
    if not drafts:
        unchanged(change.app, change.ticket.id)
    change.record(drafts, agent)


def take(app: App, ticket_id: int, *, steal: bool = False) -> dict[str, Any]:
    """The acting agent works on it now; what a retired one held needs no `steal`."""
    return _verb(app, ticket_id, lambda ticket, agent: _take(app, ticket, agent, steal=steal))


def _take(app: App, ticket: Ticket, agent: str, *, steal: bool = False) -> list[Draft]:
    left = ticket.assignee is not None and not app.policies.has_agent(ticket.assignee)
    return verbs.take(ticket, agent, steal=steal or left)


def assign(app: App, ticket_id: int, *, to: str | None = None, team: str | None = None) -> dict[str, Any]:
    """Give it to an agent (`me` is the acting one), a team (`none` takes it off), or both."""
    if to is None and team is None:
        raise UsageError("nobody to assign to", hint="give --to AGENT, --team TEAM or both")
    if to == lookup.NONE:
        raise UsageError("--to needs an agent", hint="nobody is to work on it: helpdesk ticket unassign ID")

    def decide(ticket: Ticket, _agent: str) -> list[Draft]:
        given: dict[str, str | None] = {}
        if to is not None:
            given["assignee"] = lookup.assignee(app, to)["login"]
        if team is not None:
            given["team"] = None if team == lookup.NONE else lookup.team(app.db, team)["name"]
        return verbs.assign(ticket, **given)

    return _verb(app, ticket_id, decide)


def unassign(app: App, ticket_id: int) -> dict[str, Any]:
    """Nobody works on it; what was in progress is open again."""
    return _verb(app, ticket_id, lambda ticket, _agent: verbs.unassign(ticket))


def hold(app: App, ticket_id: int, *, until: datetime | None = None) -> dict[str, Any]:
    """Wait for somebody else than the customer; at `until` it goes on by itself."""
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        _record(change, verbs.hold(change.ticket, change.at, until, app.local), agent)
    return ticket_records.of_ticket(app, ticket_id)


def resume(app: App, ticket_id: int) -> dict[str, Any]:
    """Go on after waiting."""
    return _verb(app, ticket_id, lambda ticket, _agent: verbs.resume(ticket, _policy(app, ticket)))


def reopen(app: App, ticket_id: int) -> dict[str, Any]:
    """Work on a resolved or closed ticket again."""
    return _verb(app, ticket_id, lambda ticket, _agent: verbs.reopen(ticket, _policy(app, ticket)))


def resolve(app: App, ticket_id: int, *, body: str | None = None) -> dict[str, Any]:
    """Support is sure; `body` is sent first, so it answers."""
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        before = change.ticket
        drafts = verbs.resolve(before)
        _say(change, body, agent)
        change.record(drafts, agent)
        tickets.tell_of_blockers(change, before)
    return ticket_records.of_ticket(app, ticket_id)


def close(app: App, ticket_id: int, *, body: str | None = None, reason: str | None = None) -> dict[str, Any]:
    """Done; `body` is sent first, so it answers."""
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        before = change.ticket
        drafts = verbs.close(before, None if reason is None else clean_line(reason, "the reason"))
        _say(change, body, agent)
        change.record(drafts, agent)
        tickets.tell_of_blockers(change, before)
    return ticket_records.of_ticket(app, ticket_id)


def close_as_customer(app: App, ticket_id: int) -> dict[str, Any]:
    """The requester's wish, where the plan's `customer_close` allows it."""
    with changing(app, ticket_id) as change:
        plan = app.policies.latest().plan(change.ticket.plan)
        change.record(verbs.customer_closes(change.ticket, plan), CUSTOMER, change.ticket.requester)
    return ticket_records.of_ticket(app, ticket_id)


def _say(change: Change, body: str | None, agent: str) -> None:
    if body is not None:
        tickets.write_message(change, body_text(body), agent=agent, contact=None)


def edit(
    app: App,
    ticket_id: int,
    *,
    if_version: int | None = None,
    status: str | None = None,
    subject: str | None = None,
    org: str | None = None,
    **choices: str | None,
) -> dict[str, Any]:
    """Change fields, then the status. `choices`: priority, category, type, plan; `none` empties a category,
    a type and the organisation. `if_version`: only if nobody has changed the ticket since that version was
    read (RefusedError `version_conflict`)."""
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        if if_version is not None and change.ticket.version != if_version:
            raise RefusedError(
                f"{reference(ticket_id)} is at version {change.ticket.version}, not {if_version}",
                code="version_conflict",
                hint=f"helpdesk ticket show {ticket_id}",
                details={"version": change.ticket.version},
            )
        data = _edits(change, subject, org, choices)
        stood = change.ticket
        change.record([Draft("edited", data)] if data else [], agent)
        _reroute(change, stood, data, agent)
        policy, before = change.policy, change.ticket
        moves = [] if status is None else verbs.change_status(change.ticket, policy.status(status), policy)
        change.record(moves, agent)
        if not data and not moves:
            unchanged(app, ticket_id)
        tickets.tell_of_blockers(change, before)
        if data.keys() & {"priority", "plan", "type"}:
            tickets.announce_coverage(app, change.ticket)
    return ticket_records.of_ticket(app, ticket_id)


def _reroute(change: Change, stood: Ticket, data: dict[str, object], agent: str) -> None:
    if LEADING & data.keys() and change.policy.document.get("routing"):
        from helpdesk_cli.services.routing import reroute

        reroute(change, stood, agent)


def _edits(
    change: Change, subject: str | None, org: str | None, choices: dict[str, str | None]
) -> dict[str, object]:
    """The data of the `edited` event; the subject's row is written here."""
    app, ticket = change.app, change.ticket
    data: dict[str, object] = {}
    for key, wanted in choices.items():
        before = getattr(ticket, key)
        if wanted is None or wanted == (before or lookup.NONE):
            continue
        emptied = wanted == lookup.NONE and key in ("category", "type")
        if not emptied:
            tickets.require_offered(change.policy, key, wanted, change.at)
        data[key] = {"before": before, "after": None if emptied else wanted}
    if subject is not None:
        before, after = rows.subjects(app.db, [ticket.id])[ticket.id], subject_text(subject)
        if before != after:
            data["subject"] = {"before": before, "after": after}
            rows.set_subject(app.db, ticket.id, after)
    if org is not None:
        row = {"id": None, "name": None} if org == lookup.NONE else lookup.org(app.db, org)
        if row["id"] != ticket.org:
            before = ticket_records.of_ticket(app, ticket.id)["org"]
            data |= {"org": {"before": before, "after": row["name"]}, "org_id": row["id"]}
    return data


def tag(app: App, ticket_id: int, *, add: tuple[str, ...], remove: tuple[str, ...]) -> dict[str, Any]:
    """Add and remove tags; removing what is not there changes nothing."""
    added, removed = set(tag_texts(add)), set(tag_texts(remove))
    if not added | removed:
        raise UsageError("no tag given", hint="give --add TAG or --remove TAG")

    def decide(ticket: Ticket, _agent: str) -> list[Draft]:
        after = sorted({*ticket.tags, *added} - removed)
        if tuple(after) == ticket.tags:
            return []
        return [Draft("tagged", {"tags": {"before": list(ticket.tags), "after": after}})]

    return _verb(app, ticket_id, decide)


def reset_clock(app: App, ticket_id: int, *, clock: str, reason: str) -> dict[str, Any]:
    """A new instance of a running or paused clock begins now; the old one stays in history (`sla.md 5`)."""
    reason = reason_text(reason)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        going = [c for c in change.ticket.clocks if c.name == clock and c.covered and c.going]
        if not going:
            raise RefusedError(
                f"{reference(ticket_id)} has no running or paused {clock} clock",
                code="clock_not_running",
                hint=f"helpdesk sla explain {ticket_id}",
            )
        change.event(
            Event(
                "clock_reset",
                change.at,
                agent,
                change.recorded_at,
                {"reason": reason},
                None,
                clock,
                going[-1].instance,
            )
        )
    return ticket_records.of_ticket(app, ticket_id)


def take_next(app: App, order: str, team: int | None) -> dict[str, Any] | None:
    """Claim the ticket to work on now, under one lock, so that ten workers get ten tickets; None where none
    is left. One that time changes first (it is brought up to now) may not be the next any more."""
    with app.write():
        agent = app.require_agent()["login"]
        while (found := ticket_lists.next_open(app.db, order, team, agent)) is not None:
            with changing(app, found) as change:
                if ticket_lists.next_open(app.db, order, team, agent) == found:
                    change.record(_take(app, change.ticket, agent), agent)
                    break
    return None if found is None else ticket_records.of_ticket(app, found)
