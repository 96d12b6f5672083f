"""Merge a ticket into another one, and split a message off into a ticket of its own (`sla.md 2, 5`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.links import DUPLICATE_OF, RELATED
from helpdesk_cli.domain.statuses import CLOSED
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft, enter
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import attachments, conversation, linking, merged, ticket_records, tickets
from helpdesk_cli.services.change import Change, announce, changing, changing_all
from helpdesk_cli.services.texts import subject_text
from helpdesk_cli.storage import messages

if TYPE_CHECKING:
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row


def merge(app: App, ticket_id: int, into_id: int) -> dict[str, Any]:
    """Close a ticket in favour of another, which gets what is still written to it; the record of the closed
    one. Its thread and its log stay its own, its clocks are cancelled.

    RefusedError `merge_itself`; `merged` where either was merged already: which ticket to name instead is in
    the hint; `merge_circle`.
    """
    if ticket_id == into_id:
        raise RefusedError(f"{reference(ticket_id)} cannot be merged into itself", code="merge_itself")
    with changing_all(app, (ticket_id, into_id), merged.itself) as (source, target):
        agent = app.require_agent()["login"]
        merged.refused(app, source.ticket)
        _require_place(app, source.ticket, target.ticket)
        if not linking.joined(app, ticket_id, DUPLICATE_OF, into_id):
            linking.join(source, DUPLICATE_OF, into_id, agent)
        source.record([Draft("merged", {"into": reference(into_id)})], agent)
        if source.ticket.status != CLOSED:
            # No choice of the agent's: whatever the company's process, a merged ticket is closed.
            draft = enter(source.ticket, CLOSED, reason="merged")
            source.event(Event(draft.type, source.at, agent, source.recorded_at, draft.data))
        target.record([Draft("merged", {"from": reference(ticket_id)})], agent)
        _warn(app, source.ticket, target.ticket)
    return ticket_records.of_ticket(app, ticket_id)


def _require_place(app: App, source: Ticket, target: Ticket) -> None:
    """RefusedError where the target was merged itself: into the very source it would be a circle."""
    if target.merged_into is None:
        return
    last = merged.last(app, target).id
    if last == source.id:
        raise RefusedError(
            f"{reference(target.id)} was merged into {reference(source.id)}: the other way round it would be"
            " a circle",
            code="merge_circle",
            hint=f"helpdesk ticket show {source.id}",
        )
    raise RefusedError(
        f"{reference(target.id)} was merged into {reference(last)} itself",
        code="merged",
        hint=f"helpdesk ticket merge {source.id} {last}",
        details={"merged_into": reference(last)},
    )


def _warn(app: App, source: Ticket, target: Ticket) -> None:
    """Say what an agent may have overlooked: two customers in one thread, a question that waits no more."""
    if source.org != target.org or (source.org is None and source.requester != target.requester):
        app.announcements.append(
            f"{reference(source.id)} and {reference(target.id)} are of different customers: both may write in"
            f" {reference(target.id)} now"
        )
    if target.stopped and source.unanswered_since is not None:
        app.announcements.append(
            f"{reference(target.id)} is {target.status}: nobody is reminded any more of what the customer"
            f" asked in {reference(source.id)}"
        )


def split(app: App, ticket_id: int, message_id: int, *, subject: str | None = None) -> dict[str, Any]:
    """Open a ticket of its own with a message of this one; the record of the new one.

    It begins at the instant of the message, under the policy in force now, so what is late by then is late at
    once. Everything else is as the ticket has it; who wrote the message is the requester, if a customer did.
    The ticket keeps the message. NotFoundError `message_not_found`, RefusedError `is_note`.
    """
    given = None if subject is None else subject_text(subject)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        record = conversation.message_of(app, ticket_id, message_id)
        if not record["public"]:
            raise RefusedError(
                f"message {message_id} is an internal note: only what was sent can begin a ticket",
                code="is_note",
                hint=f"helpdesk ticket show {ticket_id}",
            )
        new = _begun(change, record, given or change.subject(), agent)
        announce(app, new.ticket, new.catch_up(touched=True))
        came = {"message": message_id, "from": reference(ticket_id)}
        new.record([Draft("split", came)], agent)
        linking.join(new, RELATED, ticket_id, agent)
        new.save()
        change.record([Draft("split", {"message": message_id, "into": reference(new.ticket.id)})], agent)
    return ticket_records.of_ticket(app, new.ticket.id)


def _begun(change: Change, record: dict[str, Any], subject: str, agent: str) -> Change:
    """The new ticket as it was at the instant of the message, saved; ready to be brought up to now."""
    app, old = change.app, change.ticket
    author: Row = messages.author(app.db, record["id"])
    contact, login = author["contact_id"], author["login"]
    values = {
        "org": old.org,
        "priority": old.priority,
        "category": old.category,
        "type": old.type,
        "plan": old.plan,
        "channel": record["channel"],
        "tags": list(old.tags),
    }
    requester = old.requester if contact is None else contact
    new = tickets.open_ticket(app, subject, requester, values, login, at=from_text(record["at"]), actor=agent)
    message = tickets.write_message(
        new,
        record["body"],
        agent=login,
        contact=contact,
        opening=None if login is None else True,
        cc=tuple(record["cc"]),
    )
    attachments.copy(new, record["attachments"], message=message, agent=login, contact=contact)
    new.save()
    return Change(app, new.ticket, app.now(), subject=subject)
