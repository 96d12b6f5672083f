"""Take a message's text out everywhere: a customer pasted a password (`cli.md`, ticket redact).

The text is overwritten in the row and in the file, its words leave the full-text index, what hooks printed on
the ticket's events goes, and the engine's log is emptied, so that no copy is left that somebody with the file
could read. What was copied earlier (backups, exports, mails) is not in reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import BusyError
from helpdesk_cli.services import conversation, ticket_records
from helpdesk_cli.services.change import changing
from helpdesk_cli.services.texts import reason_text, unchanged
from helpdesk_cli.storage import messages
from helpdesk_cli.storage.forgetting import clear_hook_output

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App

REDACTED = "[redacted]"


def redact(app: App, ticket_id: int, message_id: int, *, reason: str) -> dict[str, Any]:
    """Replace the text of a message, a customer's, an agent's or a note, by `REDACTED`; the ticket's record.
    The messages of a merged ticket are reached by the one that took its place.

    Again it changes nothing, and cleans the index and the engine's log once more. NotFoundError where the
    ticket has no such message; BusyError `log_in_use` where the text is gone from the row, but not from that
    log yet.
    """
    reason = reason_text(reason)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        found = conversation.message_of(app, ticket_id, message_id, taken_in=True)
        if found["body"] != REDACTED:
            messages.redact(app.db, message_id, REDACTED, to_text(change.at))
            change.record([Draft("redacted", {"message": message_id, "reason": reason})], agent)
        else:
            unchanged(app, ticket_id)
        clear_hook_output(app.db, {ticket_id, found["ticket"]})
    leave_no_trace(app, f"message {message_id} of {reference(ticket_id)} is redacted")
    return ticket_records.of_ticket(app, ticket_id)


def leave_no_trace(app: App, done: str) -> None:
    """Take what was overwritten out of the index of words and the engine's log. BusyError `log_in_use`, which
    says what is `done` already, where somebody who reads still needs that log."""
    app.db.full_text.purge()
    if not app.db.empty_log():
        raise BusyError(
            f"{done}, but a program that is reading {app.db_path} keeps the old text in the file beside it"
            f" ({app.db_path}-wal)",
            code="log_in_use",
            hint="run the command again when that program has ended: it empties the file",
        )
