"""What people type, made fit to be kept: no empty subject, no NUL, one kind of newline.

And what they are told where it changed nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.tags import parse_tag
from helpdesk_cli.domain.text import clean_line, clean_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.services.app import App

MAX_SUBJECT = 998
MAX_KEY = 200
MAX_MINUTES = 7 * 24 * 60


def subject_text(text: str) -> str:
    """One line with something in it."""
    subject = " ".join(clean_text(text).split())
    if not subject:
        raise UsageError("the subject is empty", code="empty_subject", hint="give one with --subject")
    if len(subject) > MAX_SUBJECT:
        raise UsageError(
            f"the subject has {len(subject)} characters, at most {MAX_SUBJECT} are kept",
            code="long_subject",
            hint="put the details into --body",
        )
    return subject


def body_text(text: str) -> str:
    """A message with something in it; blank lines before and after it are dropped."""
    body = clean_text(text).rstrip()
    start = len(body) - len(body.lstrip())
    body = body[body.rfind("\n", 0, start) + 1 :]
    if not body:
        raise UsageError(
            "the message is empty", code="empty_body", hint="give it with --body, or --body-file - for stdin"
        )
    return body


def key_text(key: str | None) -> str | None:
    """An idempotency key. An empty one is refused: a script's unset variable would make all its calls one."""
    if key is None:
        return None
    key = clean_text(key)
    if not key.strip() or len(key) > MAX_KEY:
        raise UsageError(
            f"{shown(key)} is no idempotency key",
            code="bad_key",
            hint=f"give a text of 1 to {MAX_KEY} characters that names this one message",
        )
    return key


def reason_text(text: str, what: str = "reason") -> str:
    """Why something was done, or `what` else, in one line."""
    reason = " ".join(clean_text(text).split())
    if not reason:
        raise UsageError(f"the {what} is empty", code=f"empty_{what}", hint=f"say it with --{what}")
    return reason


def tag_texts(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in order, each once, without the space around them. UsageError `bad_tag`."""
    return tuple(sorted({parse_tag(clean_text(tag).strip()) for tag in tags}))


def minutes_spent(minutes: int | None) -> int | None:
    """The work that a message took: more than none and, for it is one piece of work, at most a week."""
    if minutes is not None and not 0 < minutes <= MAX_MINUTES:
        raise UsageError(
            f"--minutes: found {minutes}, expected 1 to {MAX_MINUTES}, which is a week",
            code="bad_minutes",
            hint="give the minutes that this one message took, or leave them out",
        )
    return minutes


def channel_text(channel: str | None) -> str | None:
    """How a message came or went: a short name in one line."""
    return None if channel is None else clean_line(channel, "the channel", longest=50)


def unchanged(app: App, ticket_id: int) -> None:
    """Say that the command had nothing to do: the ticket was as it was to become."""
    app.announcements.append(f"{reference(ticket_id)}: nothing changed")
