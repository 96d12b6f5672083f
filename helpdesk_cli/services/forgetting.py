"""Forget a person at a customer: who it was and what they wrote goes, that it was so stays (`cli.md`, contact
forget).

The contact gets an anonymous address, so tickets, events and every count go on. Their texts and files go as a
redacted message does: out of the rows, the index of words and the engine's log. Copies made earlier, and what
others wrote about the person, are not in reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.people import anonymous, is_anonymous
from helpdesk_cli.domain.replay import replay
from helpdesk_cli.domain.text import fold
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import attachments, lookup, merged, people
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.redaction import REDACTED, leave_no_trace
from helpdesk_cli.storage import attachments as files
from helpdesk_cli.storage import events, messages, tickets
from helpdesk_cli.storage import forgetting as rows
from helpdesk_cli.storage import people as store

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

REASON = "the person was forgotten"


def forget(app: App, email: str) -> dict[str, Any]:
    """Forget a contact; the record, with its anonymous address.

    Their messages and the subjects of their tickets become `REDACTED`, with an event each in the log, and so
    does why they asked for an escalation; their files go, and the names of them, and what hooks printed on
    those tickets; nobody is told anything at the address any more, nor at an earlier one. Again it changes
    nothing, and cleans once more. NotFoundError for an unknown address, RefusedError `agent_address`,
    BusyError `log_in_use` as for a redaction.
    """
    with app.write() as now:
        agent = app.require_agent()["login"]
        contact = _contact(app, email)
        if not is_anonymous(contact["email"]):
            _replace_texts(app, contact, agent)
            files.forget(app.db, contact["id"], REDACTED)
            address = _free_address(app, contact["id"])
            for known in _addresses(app, contact):
                rows.replace_address(app.db, known, address, to_text(now))
            store.change_contact(app.db, dict(contact) | _nobody(address))
        forgotten = store.contact(app.db, contact["id"])
        assert forgotten is not None, "no contact is ever deleted"
    attachments.tidy(app)
    leave_no_trace(app, f"{forgotten['email']} is forgotten")
    return people.show_contact(app, forgotten["email"])


def _contact(app: App, email: str) -> Row:
    agent = store.agent_by_address(app.db, fold(email.strip()))
    if agent is not None:
        raise RefusedError(
            f"{agent['email']} is the address of the agent {agent['login']}, and support's people are kept",
            code="agent_address",
            hint=f"helpdesk agent retire {agent['login']}",
        )
    return lookup.contact(app.db, email)


def _nobody(address: str) -> dict[str, Any]:
    return {"email": address, "email_key": fold(address), "name": None, "language": None, "notify": 0}


def _free_address(app: App, contact_id: int) -> str:
    """An address that nobody has, whatever somebody may have made by hand."""
    number = 1
    while store.contact_by_key(app.db, anonymous(contact_id, number)) is not None:
        number += 1
    return anonymous(contact_id, number)


def _addresses(app: App, contact: Row) -> list[str]:
    """The contact's address, and each earlier one that nobody else has by now."""
    earlier = [
        address
        for address in rows.addresses_of(app.db, contact["id"])
        if store.contact_by_key(app.db, fold(address)) is None
        and store.agent_by_address(app.db, fold(address)) is None
    ]
    return [contact["email"], *earlier]


def _replace_texts(app: App, contact: Row, agent: str) -> None:
    written = rows.messages_of(app.db, contact["id"])
    asked = set(rows.tickets_of(app.db, contact["id"]))
    stated = set(rows.stated_by(app.db, contact["id"]))
    touched = asked | stated | written.keys()
    for ticket_id in sorted(touched):
        with changing(app, ticket_id, merged.itself) as change:
            for message in written.get(ticket_id, ()):
                messages.redact(app.db, message, REDACTED, to_text(change.at))
                change.record([Draft("redacted", {"message": message, "reason": REASON})], agent)
            if ticket_id in asked:
                _replace_subject(change, agent)
            if ticket_id in stated:
                _replace_stated(change, contact["id"])
    rows.replace_in_notices(app.db, asked, REDACTED)
    rows.clear_hook_output(app.db, touched)


def _replace_stated(change: Change, contact_id: int) -> None:
    """Why the contact asked for an escalation, in the log and in the state that follows from it."""
    change.save()
    db, ticket_id = change.app.db, change.ticket.id
    rows.replace_stated(db, ticket_id, contact_id, REDACTED)
    ticket, _problems = replay(ticket_id, events.of_ticket(db, ticket_id), change.app.policies)
    change.ticket = ticket or change.ticket


def _replace_subject(change: Change, agent: str) -> None:
    db, ticket_id = change.app.db, change.ticket.id
    change.record([Draft("redacted", {"subject": True, "reason": REASON})], agent)
    tickets.set_subject(db, ticket_id, REDACTED)
    rows.replace_former_subjects(db, ticket_id, REDACTED)
