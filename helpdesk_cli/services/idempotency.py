"""Whether a repeated command says what the first one with its key said: a key given to something else would
lose that silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.text import fold
from helpdesk_cli.services.texts import body_text, subject_text
from helpdesk_cli.storage import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.services.app import App
    from helpdesk_cli.services.tickets import Request


def same_request(one: Request, other: Request) -> bool:
    """Whether two requests, both cleaned, ask for the same ticket."""
    return (one.subject, fold(one.sender.strip()), one.body) == (
        other.subject,
        fold(other.sender.strip()),
        other.body,
    )


def same_ticket(app: App, found: Mapping[str, Any], *, subject: str, sender: str, body: str) -> bool:
    """Whether the ticket that a key found has this subject, requester and first message."""
    first = next(messages.of_ticket(app.db, found["id"]), None)
    return (
        (subject_text(subject), fold(sender.strip())) == (found["subject"], fold(found["requester"]))
        and first is not None
        and first["body"] == body_text(body)
    )


def same_message(found: Mapping[str, Any], *, sender: str | None, body: str) -> bool:
    """Whether the message that a key found is this text of this customer, or of support."""
    author = found["author"] if sender is None else sender.strip()
    return fold(author) == fold(found["author"]) and found["body"] == body_text(body)
