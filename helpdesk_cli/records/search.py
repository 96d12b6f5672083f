"""What a search finds: `search`."""

from __future__ import annotations

from helpdesk_cli.records.fields import STATUSES, Field, nullable, record

DECLARED = (
    record(
        "hit", "A ticket that a search found, and where.",
        Field("id", "int", "The ticket's id."),
        Field("ref", "text", "The ticket."),
        Field("subject", "text", "Its subject."),
        Field("status", "text", "Its status.", values=STATUSES, label="status"),
        nullable("message", "int", "The message with the hit; null where only the subject has it."),
        Field("at", "instant", "When that was written."),
        Field("author", "text", "A login, or the customer's address."),
        Field("public", "bool", "False where it stands in a note."),
        Field("snippet", "text", "The text around the first hit, in one line, hits between `**`."),
        table="ref status subject snippet at author", keeps="ref snippet subject status at author",
    ),
)  # fmt: skip
