"""Open a ticket: who asks, on which plan, from when its clocks run (`sla.md 2, 3`; `cli.md`, Who acts)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.clocks import RUN, due_at
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.history import begin
from helpdesk_cli.domain.text import clean_line
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import people, ticket_records
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.recompute import moved_deadlines
from helpdesk_cli.services.texts import body_text, key_text, subject_text, tag_texts
from helpdesk_cli.storage import orgs, ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

DEFAULT_CHANNEL = "cli"


class Request(NamedTuple):
    """What `ticket create` is given. On behalf: the opening text is the acting agent's, and no response clock
    starts; `idempotency_key`: only one ticket is ever opened with it."""

    subject: str
    sender: str
    body: str
    org: str | None = None
    priority: str | None = None
    category: str | None = None
    type: str | None = None
    plan: str | None = None
    channel: str | None = None
    tags: Iterable[str] = ()
    on_behalf: bool = False
    idempotency_key: str | None = None

    def cleaned(self) -> Request:
        """With its texts fit to be kept; UsageError for what cannot be."""
        return self._replace(
            subject=subject_text(self.subject),
            body=body_text(self.body),
            channel=clean_line(self.channel or DEFAULT_CHANNEL, "the channel", longest=50),
            tags=tag_texts(self.tags),
            idempotency_key=key_text(self.idempotency_key),
        )


def create(app: App, **given: Any) -> dict[str, Any]:
    """Open a ticket, of the fields of `Request`; the record, with `created` false where the idempotency key
    has one already."""
    request = Request(**given).cleaned()
    with app.write():
        known = with_key(app, request.idempotency_key)
        if known is not None:
            return {**ticket_records.of_ticket(app, known), "created": False}
        change = opened(app, request, people.sender(app, request.sender, request.org))
        change.save()
        announce_coverage(app, change.ticket)
        return {**ticket_records.of_ticket(app, change.ticket.id), "created": True}


def with_key(app: App, idempotency_key: str | None) -> int | None:
    """The ticket that was opened with the key, None if none was."""
    return None if idempotency_key is None else rows.by_idempotency_key(app.db, idempotency_key)


def opened(app: App, request: Request, contact: Row) -> Change:
    """A new ticket for a contact, of a cleaned request, brought up to now and not yet saved."""
    agent = app.require_agent()["login"] if request.on_behalf else None
    values = _choices(app, contact, request)
    change = open_ticket(app, request.subject, contact["id"], values, agent, request.idempotency_key)
    first_message(change, request.body, agent, contact["id"])
    change.catch_up(touched=True)
    return change


def _choices(app: App, contact: Row, request: Request) -> dict[str, Any]:
    """What the ticket begins with: as asked for, else the policy's defaults."""
    policy = app.policies.latest()
    return {
        "org": contact["org_id"],
        "priority": usable(policy, "priority", request.priority) or policy.default_priority,
        "category": usable(policy, "category", request.category),
        "type": usable(policy, "type", request.type),
        "plan": _plan(app, policy, contact["org_id"], request.plan),
        "channel": request.channel,
        "tags": list(request.tags),
    }


def usable(policy: Policy, kind: str, name: str | None) -> str | None:
    """`name` if the policy declares it for new tickets. NotFoundError, or RefusedError where retired."""
    if name is None:
        return None
    lookup = {"priority": policy.priority, "category": policy.category, "type": policy.ticket_type}
    retired = policy.plan(name).retired if kind == "plan" else lookup[kind](name).get("retired", False)
    if retired:
        raise RefusedError(
            f"{kind} {name} is retired: old tickets keep it, new ones cannot have it",
            code="retired",
            hint=f"helpdesk {kind} list",
        )
    return name


def _plan(app: App, policy: Policy, org_id: int | None, given: str | None = None) -> str:
    """Its own, else its organisation's, else the default (`sla.md 3`, K10, M4)."""
    if given is not None:
        return usable(policy, "plan", given) or given
    org = None if org_id is None else orgs.by_id(app.db, org_id)
    if org is None:
        return policy.default_plan
    if policy.plan(org["plan"]).retired:
        app.announcements.append(
            f"plan {org['plan']} of {org['name']} is retired: the ticket is on plan {policy.default_plan}"
        )
        return policy.default_plan
    return str(org["plan"])


def open_ticket(
    app: App,
    subject: str,
    requester: int,
    values: dict[str, Any],
    agent: str | None,
    idempotency_key: str | None = None,
) -> Change:
    """A new ticket with its `created` event, not yet saved; under the write lock."""
    now = app.now()
    policy = app.policies.latest()
    data = {"requester": requester, **values, "policy": policy.version, "on_behalf": agent is not None}
    created = Event(
        "created", now, agent or CUSTOMER, app.real_now(), data, requester if agent is None else None
    )
    ticket = begin(app.db.next_id("tickets"), created)
    change = Change(app, ticket, now, subject=subject, key=idempotency_key)
    change.event(created)
    return change


def first_message(change: Change, body: str, agent: str | None, contact: int) -> int:
    """The opening text: the customer's, or the agent's that starts no response clock."""
    return write_message(
        change, body, agent=agent, contact=None if agent else contact, opening=True if agent else None
    )


def write_message(
    change: Change,
    body: str,
    *,
    agent: str | None,
    contact: int | None,
    opening: bool | None = None,
    channel: str | None = None,
    cc: tuple[str, ...] = (),
    idempotency_key: str | None = None,
) -> int:
    """A public message and its event; the id. Its author is an agent or a contact."""
    message = change.message(
        body, agent=agent, contact=contact, public=True, channel=channel, cc=cc, key=idempotency_key
    )
    data: dict[str, object] = {"message": message, "by": "agent" if agent else "customer"}
    if opening:
        data["opening"] = True
    change.record([Draft("message", data)], agent or CUSTOMER, contact)
    return message


def follow_up(change: Change, contact: int) -> Change:
    """A new ticket in place of one whose reopen window has passed: it copies what the old one was and is
    linked `follow_up_of` (`sla.md 2`)."""
    app, old = change.app, change.ticket
    values = {
        "org": old.org,
        "priority": old.priority,
        "category": old.category,
        "type": old.type,
        "plan": _plan(app, app.policies.latest(), old.org),
        "channel": old.channel,
        "tags": list(old.tags),
    }
    subject = rows.subjects(app.db, [old.id])[old.id]
    new = open_ticket(app, subject, old.requester, values, None)
    new.save()
    ticket_lists.add_link(app.db, new.ticket.id, "follow_up_of", old.id)
    new.record([Draft("linked", {"kind": "follow_up_of", "ref": reference(old.id)})], CUSTOMER, contact)
    return new


def move_open_tickets(app: App, org_id: int, plan: str) -> list[dict[str, Any]]:
    """`org edit --plan P --open-tickets`: the plan counts for tickets not closed too (`sla.md 3`); the
    deadlines that it moved."""
    agent = app.require_agent()["login"]
    moved: list[dict[str, Any]] = []
    usable(app.policies.latest(), "plan", plan)
    for ticket_id in rows.not_closed(app.db, org_id):
        with changing(app, ticket_id) as change:
            if change.ticket.plan != plan and change.ticket.status != "closed":
                before = change.ticket
                change.record([Draft("edited", {"plan": {"before": before.plan, "after": plan}})], agent)
                moved += moved_deadlines(before, change.ticket, app.policies)
    return moved


def announce_coverage(app: App, ticket: Ticket) -> None:
    """Say where the ticket has no deadlines, and why (`sla.md 3`)."""
    policy = app.policies.get(ticket.policy_version)
    if ticket.type is not None and policy.ticket_type(ticket.type).get("sla") == "none":
        app.announcements.append(f"type {ticket.type} is excluded from the agreement: no deadlines")
    elif not policy.plan(ticket.plan).targets.get(ticket.priority):
        app.announcements.append(
            f"plan {ticket.plan} does not cover priority {ticket.priority}: no deadlines"
        )
    else:
        _announce_endless(app, ticket)


def _announce_endless(app: App, ticket: Ticket) -> None:
    """A calendar with too few opening hours for a target is named (`sla.md 4`), the ticket kept."""
    endless: dict[str, list[str]] = {}
    for clock in ticket.clocks:
        if clock.covered and clock.mode == RUN and due_at(clock, app.policies) is None:
            endless.setdefault(clock.spans[-1].calendar, []).append(clock.name)
    app.announcements += [
        f"calendar {calendar} has too few opening hours: no deadline for {', '.join(names)}"
        for calendar, names in endless.items()
    ]
