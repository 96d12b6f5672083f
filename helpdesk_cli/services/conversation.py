"""What is said on a ticket: replies of customers and agents, internal notes (`sla.md 2`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import verbs
from helpdesk_cli.domain.events import CUSTOMER
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.people import address as address_of
from helpdesk_cli.domain.people import may_reply
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import NotFoundError, RefusedError
from helpdesk_cli.services import people, tickets
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.texts import body_text, key_text, unchanged
from helpdesk_cli.storage import messages, ticket_lists

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App


def reply_as_agent(
    app: App,
    ticket_id: int,
    *,
    body: str,
    status: str | None = None,
    cc: tuple[str, ...] = (),
    idempotency_key: str | None = None,
) -> dict[str, Any]:
    """The acting agent's public message; the record of the message."""
    body, idempotency_key = body_text(body), key_text(idempotency_key)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        known = _known(app, ticket_id, idempotency_key)
        if known is not None:
            return {**known, "created": False}
        wanted = None if status is None else app.policies.latest().status(status)
        before, after = verbs.agent_replies(change.ticket, wanted)
        change.record(before, agent)
        copies = tuple(address_of(address) for address in cc)
        message = tickets.write_message(
            change, body, agent=agent, contact=None, cc=copies, idempotency_key=idempotency_key
        )
        change.record(after, agent)
    return {**_message(app, message), "created": True}


def reply_as_customer(
    app: App,
    ticket_id: int,
    *,
    body: str,
    sender: str,
    cc: tuple[str, ...] = (),
    idempotency_key: str | None = None,
) -> dict[str, Any]:
    """A customer's message; past the reopen window it opens a new ticket, which the record names."""
    body, idempotency_key = body_text(body), key_text(idempotency_key)
    with changing(app, ticket_id) as change:
        known = _known(app, ticket_id, idempotency_key)
        if known is not None:
            return {**known, "created": False}
        contact = _customer(change, sender)
        copies = tuple(address_of(address) for address in cc)
        drafts = verbs.customer_replies(
            change.ticket, app.policies.latest().plan(change.ticket.plan), change.at
        )
        into = tickets.follow_up(change, contact) if drafts is None else change
        message = tickets.write_message(
            into, body, agent=None, contact=contact, cc=copies, idempotency_key=idempotency_key
        )
        into.record(drafts or [], CUSTOMER, contact)
        if into is not change:
            into.catch_up(touched=True)
            into.save()
            app.announcements.append(
                f"the time to reopen {reference(ticket_id)} has passed: the message opened"
                f" {reference(into.ticket.id)}"
            )
    return {**_message(app, message), "created": True}


def note(app: App, ticket_id: int, *, body: str) -> dict[str, Any]:
    """An internal note; no clock starts, stops or is reset by it."""
    body = body_text(body)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        message = change.message(body, agent=agent, public=False)
        change.record([Draft("note", {"message": message})], agent)
    return _message(app, message)


def edit_note(app: App, ticket_id: int, message_id: int, *, body: str) -> dict[str, Any]:
    """Other words for a note; the log says that it was edited. The same words change nothing."""
    body = body_text(body)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        if note_text(app, ticket_id, message_id) != body:
            messages.set_body(app.db, message_id, body, to_text(change.at))
            change.record([Draft("note", messages.edited(message_id))], agent)
        else:
            unchanged(app, ticket_id)
    return _message(app, message_id)


def message_of(app: App, ticket_id: int, message_id: int) -> dict[str, Any]:
    """The record of a ticket's message; NotFoundError `message_not_found` where the ticket has none such."""
    found = messages.get(app.db, message_id)
    if found is None or found["ticket"] != ticket_id:
        raise NotFoundError(
            f"{reference(ticket_id)} has no message {message_id}",
            code="message_not_found",
            hint=f"helpdesk ticket show {ticket_id}",
        )
    return found


def note_text(app: App, ticket_id: int, message_id: int) -> str:
    """The text of a note. NotFoundError where the ticket has no such message, RefusedError for a message
    that was sent."""
    found = message_of(app, ticket_id, message_id)
    if found["public"]:
        raise RefusedError(f"message {message_id} was sent: only notes can be edited", code="not_a_note")
    return str(found["body"])


def _customer(change: Change, sender: str) -> int:
    """The contact who writes: of the requester's organisation, or in copy; anybody else is refused."""
    app, ticket = change.app, change.ticket
    contact = people.sender(app, sender)
    if may_reply(
        contact["email"],
        contact_id=contact["id"],
        contact_org_id=contact["org_id"],
        requester_id=ticket.requester,
        orgs={ticket.org, people.org_of(app, ticket.requester)},
        copied=messages.addresses_in_copy(app.db, ticket.id),
    ):
        return int(contact["id"])
    raise RefusedError(
        f"{contact['email']} is neither of the requester's organisation nor in copy of"
        f" {reference(ticket.id)}",
        code="not_a_participant",
        hint="open a new ticket, or put the address in copy with --cc",
    )


def _known(app: App, ticket_id: int, key: str | None) -> dict[str, Any] | None:
    """The message that was written with this key, to this ticket or to the one that followed it up."""
    found = None if key is None else messages.by_idempotency_key(app.db, key)
    if found is None:
        return None
    follow_up = {"kind": "follow_up_of", "ref": reference(ticket_id)}
    into = found["ticket"]
    if into == ticket_id or follow_up in ticket_lists.links(app.db, [into])[into]:
        return found
    raise RefusedError(
        f"idempotency key {key} was used for message {found['id']} of {reference(found['ticket'])}",
        code="key_used",
        hint="give each message a key of its own",
    )


def _message(app: App, message_id: int) -> dict[str, Any]:
    found = messages.get(app.db, message_id)
    assert found is not None, "it was written in this use case"
    return found
