"""What is said on a ticket: replies of customers and agents, internal notes (`sla.md 2`)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import verbs
from helpdesk_cli.domain.events import CUSTOMER
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.people import address as address_of
from helpdesk_cli.domain.people import may_reply
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import NotFoundError, RefusedError
from helpdesk_cli.services import merged, people, senders, tickets
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.texts import body_text, channel_text, key_text, minutes_spent, unchanged
from helpdesk_cli.storage import messages, ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row


class Said(NamedTuple):
    """What `ticket reply` and `note` are given. `attach`: paths of files; `minutes`: the work that it took;
    `idempotency_key`: only one message is ever written with it."""

    body: str
    attach: Sequence[str] = ()
    channel: str | None = None
    minutes: int | None = None
    cc: Sequence[str] = ()
    idempotency_key: str | None = None

    def cleaned(self) -> Said:
        """Fit to be kept; UsageError for what cannot be."""
        return self._replace(
            body=body_text(self.body),
            channel=channel_text(self.channel),
            minutes=minutes_spent(self.minutes),
            cc=tuple(map(address_of, self.cc)),
            idempotency_key=key_text(self.idempotency_key),
        )

    @property
    def beside(self) -> dict[str, Any]:
        """What of it stands in the message's row beside its text."""
        return {"channel": self.channel, "cc": self.cc, "key": self.idempotency_key}


def reply_as_agent(app: App, ticket_id: int, *, status: str | None = None, **given: Any) -> dict[str, Any]:
    """The acting agent's public message, of the fields of `Said`; the record of the message. Where the ticket
    was merged it goes to the one that took its place."""
    said = Said(**given).cleaned()
    files = tickets.prepared(app, said.attach, ticket_id)
    with changing(app, ticket_id, merged.last) as change:
        agent = app.require_agent()["login"]
        known = _known(change, ticket_id, said.idempotency_key)
        if known is not None:
            return {**known, "created": False}
        wanted = None if status is None else app.policies.latest().status(status)
        stood = change.ticket
        before, after = verbs.agent_replies(stood, wanted)
        change.record(before, agent)
        message = tickets.write_message(
            change, said.body, agent=agent, contact=None, minutes=said.minutes, **said.beside
        )
        tickets.attach_to(change, message, files, agent, None)
        change.record(after, agent)
        tickets.tell_of_blockers(change, stood)
        _announce_target(change, ticket_id)
    return {**_message(app, message), "created": True}


def reply_as_customer(app: App, ticket_id: int, *, sender: str, **given: Any) -> dict[str, Any]:
    """A customer's message, of the fields of `Said`; past the reopen window it opens a new ticket, which the
    record names, as it does the one that the ticket was merged into."""
    said = Said(**given).cleaned()
    files = tickets.prepared(app, said.attach, ticket_id)
    with changing(app, ticket_id, merged.last) as change:
        known = _known(change, ticket_id, said.idempotency_key)
        if known is not None:
            return {**known, "created": False}
        contact = participant(change, sender)
        senders.require_channel(app, change.policy, change.ticket.org, said.channel)
        drafts = verbs.customer_replies(
            change.ticket, app.policies.latest().plan(change.ticket.plan), change.at
        )
        into = tickets.follow_up(change, contact) if drafts is None else change
        message = tickets.write_message(into, said.body, agent=None, contact=contact, **said.beside)
        tickets.attach_to(into, message, files, None, contact)
        into.record(drafts or [], CUSTOMER, contact)
        _announce_target(change, ticket_id)
        if into is not change:
            into.catch_up(touched=True)
            into.save()
            app.announcements.append(
                f"the time to reopen {reference(change.ticket.id)} has passed: the message opened"
                f" {reference(into.ticket.id)}"
            )
    return {**_message(app, message), "created": True}


def note(app: App, ticket_id: int, **given: Any) -> dict[str, Any]:
    """An internal note, of the fields of `Said`; no clock starts, stops or is reset by it."""
    said = Said(**given).cleaned()
    files = tickets.prepared(app, said.attach, ticket_id)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        message = change.message(said.body, agent=agent, public=False, channel=said.channel)
        took = {"minutes": said.minutes} if said.minutes else {}
        change.record([Draft("note", {"message": message, **took})], agent)
        tickets.attach_to(change, message, files, agent, None)
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


def message_of(app: App, ticket_id: int, message_id: int, *, taken_in: bool = False) -> dict[str, Any]:
    """The record of a ticket's message, with `taken_in` also of one of a ticket that was merged into it;
    NotFoundError `message_not_found` where there is none such."""
    found = messages.get(app.db, message_id)
    own = found is not None and (
        found["ticket"] == ticket_id
        or (taken_in and found["ticket"] in ticket_lists.merged_in(app.db, ticket_id))
    )
    if found is None or not own:
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


def _announce_target(change: Change, ticket_id: int) -> None:
    if change.ticket.id != ticket_id:
        change.app.announcements.append(
            f"{reference(ticket_id)} was merged into {reference(change.ticket.id)}: the message went there"
        )


def participant(change: Change, sender: str) -> int:
    """The contact who writes: of the requester's organisation, or in copy; of the ticket or of one that was
    merged into it. Anybody else is refused."""
    app, ticket = change.app, change.ticket
    contact = people.sender(app, sender)
    if any(_takes_part(app, contact, each) for each in chain([ticket], merged.taken_in(app, ticket))):
        return int(contact["id"])
    raise RefusedError(
        f"{contact['email']} is neither of the requester's organisation nor in copy of"
        f" {reference(ticket.id)}",
        code="not_a_participant",
        hint="open a new ticket, or put the address in copy with --cc",
    )


def _takes_part(app: App, contact: Row, ticket: Ticket) -> bool:
    return may_reply(
        contact["email"],
        contact_id=contact["id"],
        contact_org_id=contact["org_id"],
        requester_id=ticket.requester,
        orgs={ticket.org, people.org_of(app, ticket.requester)},
        copied=messages.addresses_in_copy(app.db, ticket.id),
    )


def _known(change: Change, ticket_id: int, key: str | None) -> dict[str, Any] | None:
    """The message that was written with this key, to this ticket, to one that it was merged into or to one
    that followed these up."""
    app = change.app
    found = None if key is None else messages.by_idempotency_key(app.db, key)
    if found is None:
        return None
    line = {change.ticket.id, ticket_id}
    if len(line) > 1:
        line = {each.id for each in merged.line(app, rows.load(app.db, ticket_id))}
    follow_ups = [{"kind": "follow_up_of", "ref": reference(id_)} for id_ in line]
    into = found["ticket"]
    if into in line or any(each in follow_ups for each in ticket_lists.links(app.db, [into])[into]):
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
