"""Open a ticket: who asks, on which plan, from when its clocks run (`sla.md 2, 3`; `cli.md`, Who acts)."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.clocks import RUN, due_at
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.history import begin
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.validity import dates, in_force
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import people, ticket_records
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.recompute import moved_deadlines
from helpdesk_cli.services.texts import body_text, channel_text, key_text, subject_text, tag_texts
from helpdesk_cli.storage import orgs, ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.services.attachments import Prepared
    from helpdesk_cli.services.routing import Desk
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
            channel=channel_text(self.channel or DEFAULT_CHANNEL),
            tags=tag_texts(self.tags),
            idempotency_key=key_text(self.idempotency_key),
        )


def create(app: App, *, attach: Sequence[str] = (), **given: Any) -> dict[str, Any]:
    """Open a ticket, of the fields of `Request` and with files attached to its opening message; the record,
    with `created` false where the idempotency key has one already."""
    request = Request(**given).cleaned()
    files = prepared(app, attach)
    with app.write():
        known = with_key(app, request.idempotency_key)
        if known is not None:
            return {**ticket_records.of_ticket(app, known), "created": False}
        beginnings = Beginnings(app)
        contact = beginnings.sender(request)
        agent = beginnings.author(request)
        change = opened(app, request, agent, beginnings.of(request, contact), files)
        beginnings.save()
        change.save()
        announce_coverage(app, change.ticket)
        return {**ticket_records.of_ticket(app, change.ticket.id), "created": True}


def with_key(app: App, key: str | None) -> int | None:
    """The ticket that was opened with the key, None if none was."""
    return None if key is None else rows.by_idempotency_key(app.db, [key]).get(key)


def prepared(app: App, paths: Sequence[str], ticket_id: int | None = None) -> Sequence[Prepared]:
    """Files ready to be attached; most tickets have none, and load nothing for them."""
    if not paths:
        return ()
    from helpdesk_cli.services import attachments

    return attachments.prepared(app, paths, ticket_id)


class Beginnings:
    """What new tickets begin with, in one use case: of each answer that they share it is asked once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._policy = app.policies.latest()
        self._guarded = not self._policy.document.keys().isdisjoint(("freemail", "tiers"))
        self._usable = cache(partial(usable, self._policy))
        self._plan = cache(partial(_plan, app, self._policy))
        self._type = cache(partial(_type, self._policy))
        self._agent = cache(app.require_agent)
        self._desk = _desk(app, self._policy)

    def author(self, request: Request) -> str | None:
        """The agent whose text opens the ticket, None for the customer's own; errors of `require_agent`."""
        login: str | None = self._agent()["login"] if request.on_behalf else None
        return login

    def sender(self, request: Request) -> Row:
        """The contact who asks, found or made. Errors as `people.sender` and `senders.require_known`."""
        if not request.on_behalf and "unknown_sender" in self._policy.document:
            from helpdesk_cli.services import senders

            senders.require_known(self._app, self._policy, request.sender, request.org)
        return people.sender(self._app, request.sender, request.org)

    def of(self, request: Request, contact: Row) -> dict[str, Any]:
        """What the `created` event says: as a cleaned request asks for, else the policy's defaults. Errors as
        `usable`; RefusedError where the policy does not take such a ticket."""
        if self._guarded:
            self._guard(request, contact)
        type_, urgency = self._type(request.type)
        values = {
            "org": contact["org_id"],
            "priority": self._usable("priority", request.priority) or urgency,
            "category": self._usable("category", request.category),
            "type": type_,
            **self._plan(contact["org_id"], request.plan),
            "channel": request.channel,
            "tags": list(request.tags),
        }
        data = created_data(self._policy, contact["id"], values, on_behalf=request.on_behalf)
        return data if self._desk is None else data | self._desk.route(data)

    def _guard(self, request: Request, contact: Row) -> None:
        from helpdesk_cli.services import senders

        if not request.on_behalf:
            senders.require_domain(self._app, self._policy, contact)
        channel = None if request.channel == DEFAULT_CHANNEL else request.channel
        senders.require_channel(self._app, self._policy, contact["org_id"], channel)

    def save(self) -> None:
        """Keep what was decided for the next use case: whose turns were given."""
        if self._desk is not None:
            self._desk.save()


def _desk(app: App, policy: Policy) -> Desk | None:
    """Who gives out the new tickets; most policies have no rules for that, and load nothing for it."""
    if not policy.document.get("routing"):
        return None
    from helpdesk_cli.services.routing import Desk

    return Desk(app, policy, app.now())


def opened(
    app: App, request: Request, agent: str | None, data: dict[str, Any], files: Sequence[Prepared] = ()
) -> Change:
    """A new ticket of a cleaned request that begins with `data`, brought up to now and not yet saved."""
    contact: int = data["requester"]
    change = _begun(app, request.subject, data, app.now(), agent, request.idempotency_key)
    message = first_message(change, request.body, agent, contact)
    attach_to(change, message, files, agent, None if agent else contact)
    change.catch_up(touched=True)
    return change


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


def require_offered(policy: Policy, kind: str, name: str, at: datetime) -> None:
    """Errors as `usable`; RefusedError for what no ticket is given at `at`: a plan outside its dates, a type
    out of scope."""
    if kind == "plan":
        require_plan(policy, name, at)
    elif kind == "type":
        _type(policy, name)
    else:
        usable(policy, kind, name)


def require_plan(policy: Policy, name: str, at: datetime) -> None:
    """Errors as `usable`, and RefusedError `plan_not_valid` for a plan that does not count at `at` (Z29)."""
    usable(policy, "plan", name)
    plan = policy.plan(name)
    if not in_force(policy, plan, at):
        raise RefusedError(
            f"plan {name} counts {dates(plan)}", code="plan_not_valid", hint="helpdesk plan list"
        )


def _type(policy: Policy, name: str | None) -> tuple[str | None, str]:
    """(the type, the priority of a ticket that names none: the type's, else the default). RefusedError
    `out_of_scope` with the policy's own words where such a ticket is not taken (Z2)."""
    type_ = usable(policy, "type", name)
    entry = {} if type_ is None else policy.ticket_type(type_)
    if entry.get("scope") == "out":
        raise RefusedError(entry["text"], code="out_of_scope", hint="helpdesk type list")
    return type_, entry.get("priority") or policy.default_priority


def _plan(app: App, policy: Policy, org_id: int | None, given: str | None = None) -> dict[str, str]:
    """Its own `plan`, else its organisation's, else the default (`sla.md 3`, K10, M4), which also stands
    `instead_of` one that is retired or outside its dates (Z29); one that was asked for is refused then."""
    if given is not None:
        require_plan(policy, given, app.now())
        return {"plan": given}
    org = None if org_id is None else orgs.by_id(app.db, org_id)
    if org is None:
        return {"plan": policy.default_plan}
    plan = policy.plan(org["plan"])
    if not plan.retired and in_force(policy, plan, app.now()):
        return {"plan": plan.name}
    why = "is retired" if plan.retired else f"counts {dates(plan)}"
    app.announcements.append(
        f"plan {plan.name} of {org['name']} {why}: the ticket is on plan {policy.default_plan}"
    )
    return {"plan": policy.default_plan, "instead_of": plan.name}


def open_ticket(
    app: App,
    subject: str,
    requester: int,
    values: dict[str, Any],
    agent: str | None,
    idempotency_key: str | None = None,
    *,
    at: datetime | None = None,
    actor: str | None = None,
) -> Change:
    """A new ticket with its `created` event, not yet saved; under the write lock. `agent` writes its opening
    text; `at`: when it begins, if not now; `actor`: who opens it, if neither that agent nor the customer."""
    policy = app.policies.latest()
    data = created_data(policy, requester, values, on_behalf=agent is not None)
    desk = _desk(app, policy)
    if desk is not None:
        data |= desk.route(data)
        desk.save()
    return _begun(app, subject, data, at or app.now(), actor or agent, idempotency_key)


def created_data(
    policy: Policy, requester: int, values: dict[str, Any], *, on_behalf: bool
) -> dict[str, Any]:
    """What the `created` event says of a ticket that begins with these values."""
    return {"requester": requester, **values, "policy": policy.version, "on_behalf": on_behalf}


def _begun(
    app: App, subject: str, data: dict[str, Any], at: datetime, actor: str | None, key: str | None
) -> Change:
    contact = data["requester"] if actor is None else None
    created = Event("created", at, actor or CUSTOMER, app.real_now(), data, contact)
    ticket = begin(app.db.next_id("tickets"), created)
    change = Change(app, ticket, at, subject=subject, key=key)
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
    minutes: int | None = None,
    **more: Any,
) -> int:
    """A public message and its event; the id. Its author is an agent or a contact; `more`: its channel, the
    addresses in copy `cc`, its idempotency `key`."""
    message = change.message(body, agent=agent, contact=contact, public=True, **more)
    data: dict[str, object] = {"message": message, "by": "agent" if agent else "customer"}
    if opening:
        data["opening"] = True
    if minutes:
        data["minutes"] = minutes
    change.record([Draft("message", data)], agent or CUSTOMER, contact)
    return message


def attach_to(
    change: Change, message: int, files: Sequence[Prepared], agent: str | None, contact: int | None
) -> None:
    """Attach files, if there are any, to a message that was just written."""
    if files:
        from helpdesk_cli.services import attachments

        attachments.attach(change, files, message=message, agent=agent, contact=contact)


def follow_up(change: Change, contact: int) -> Change:
    """A new ticket in place of one whose reopen window has passed: it copies what the old one was and is
    linked `follow_up_of` (`sla.md 2`)."""
    app, old = change.app, change.ticket
    values = {
        "org": old.org,
        "priority": old.priority,
        "category": old.category,
        "type": old.type,
        **_plan(app, app.policies.latest(), old.org),
        "channel": old.channel,
        "tags": list(old.tags),
    }
    subject = rows.subjects(app.db, [old.id])[old.id]
    new = open_ticket(app, subject, old.requester, values, None)
    new.save()
    ticket_lists.add_link(app.db, new.ticket.id, "follow_up_of", old.id)
    new.record([Draft("linked", {"kind": "follow_up_of", "ref": reference(old.id)})], CUSTOMER, contact)
    return new


def tell_of_blockers(change: Change, before: Ticket) -> None:
    """Say what still blocks a ticket that was just resolved or closed: it may be so, but not unnoticed."""
    if change.ticket.stopped and not before.stopped:
        ticket = change.ticket
        change.app.announcements += [
            f"{reference(ticket.id)} is {ticket.status}, but {reference(id_)}, which blocks it, is {status}"
            for id_, status in ticket_lists.blockers(change.app.db, ticket.id)
        ]


def move_open_tickets(app: App, org_id: int, plan: str) -> list[dict[str, Any]]:
    """`org edit --plan P --open-tickets`: the plan counts for tickets not closed too (`sla.md 3`); the
    deadlines that it moved."""
    agent = app.require_agent()["login"]
    moved: list[dict[str, Any]] = []
    require_plan(app.policies.latest(), plan, app.now())
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
