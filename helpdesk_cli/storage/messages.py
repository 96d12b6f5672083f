"""Rows of messages: what customers and agents wrote, public or as internal notes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.storage.database import Database, Row

_SELECT = """
SELECT m.id, m.ticket_id, m.at, m.public, m.channel, m.body, m.cc, m.edited_at, a.login,
  a.email AS agent_email, c.email AS contact_email
FROM messages m LEFT JOIN agents a ON a.id = m.agent_id LEFT JOIN contacts c ON c.id = m.contact_id
"""


_INSERT = """
INSERT INTO messages (id, ticket_id, at, agent_id, contact_id, public, channel, body, cc, idempotency_key,
  search_subject, search)
VALUES (:id, :ticket_id, :at, (SELECT id FROM agents WHERE login = :agent), :contact, :public, :channel,
  :body, :cc, :idempotency_key, :search_subject, :search)
"""


def insert(db: Database, new: Sequence[dict[str, Any]]) -> None:
    """New messages, in the index of their words too. `id` comes from `next_id`, `agent` is a login, `contact`
    an id: one of them is None; `subject` is that of the ticket."""
    if not new:
        return
    from helpdesk_cli.storage.search import index_messages, searchable

    rows = [
        {
            **values,
            "cc": dumps(values["cc"]),
            "search_subject": searchable(values["subject"]),
            "search": searchable(values["body"]),
        }
        for values in new
    ]
    db.run_many(_INSERT, rows)
    index_messages(db, rows)


def by_idempotency_key(db: Database, key: str) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.idempotency_key = :key", {"key": key})
    return None if row is None else _record(db, row)


def get(db: Database, message_id: int) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.id = :id", {"id": message_id})
    return None if row is None else _record(db, row)


def of_ticket(db: Database, ticket_id: int, *, customer_view: bool = False) -> Iterator[dict[str, Any]]:
    """Records of a ticket's messages, oldest first, read as they are asked for; without notes in the
    customer's view."""
    public = " AND m.public = 1" if customer_view else ""
    sql = f"{_SELECT} WHERE m.ticket_id = :id{public} ORDER BY m.id"
    return (_record(db, row) for row in db.stream(sql, {"id": ticket_id}))


def last_id(db: Database) -> int:
    """The id of the newest message of all, 0 where there is none."""
    row = db.one("SELECT id FROM messages ORDER BY id DESC LIMIT 1")
    return 0 if row is None else row["id"]


def addresses_in_copy(db: Database, ticket_id: int) -> set[str]:
    """Every address that a message of the ticket had in copy."""
    rows = db.query("SELECT cc FROM messages WHERE ticket_id = :id AND cc <> '[]'", {"id": ticket_id})
    return {address for row in rows for address in json.loads(row["cc"])}


def set_body(db: Database, message_id: int, body: str, edited_at: str) -> None:
    _replace(db, message_id, body, "edited_at", edited_at)


def redact(db: Database, message_id: int, body: str, redacted_at: str) -> None:
    _replace(db, message_id, body, "redacted_at", redacted_at)


def _replace(db: Database, message_id: int, body: str, column: str, at: str) -> None:
    from helpdesk_cli.storage import search

    with search.changed(db, [message_id]):
        db.run(
            f"UPDATE messages SET body = :body, search = :words, {column} = :at WHERE id = :id",
            {"id": message_id, "body": body, "words": search.searchable(body), "at": at},
        )


def edited(message_id: int) -> dict[str, object]:
    """What the event of an edit says of its note."""
    return {"message": message_id, "edited": True}


def _editor(db: Database, row: Row) -> str | None:
    """Who wrote the words that a note has now: the log knows."""
    sql = "SELECT actor FROM events WHERE ticket_id = :ticket AND type = 'note' AND data = :data"
    params = {"ticket": row["ticket_id"], "data": dumps(edited(row["id"]))}
    found = db.one(f"{sql} ORDER BY n DESC LIMIT 1", params)
    return None if found is None else str(found["actor"])


def _record(db: Database, row: Row) -> dict[str, Any]:
    """`author` is a login or an address, `from` an address."""
    return {
        "id": row["id"],
        "ticket": row["ticket_id"],
        "at": row["at"],
        "author": row["login"] or row["contact_email"],
        "from": row["agent_email"] or row["contact_email"],
        "public": bool(row["public"]),
        "channel": row["channel"],
        "body": row["body"],
        "attachments": [],
        "cc": json.loads(row["cc"]),
        "edited_at": row["edited_at"],
        "edited_by": None if row["edited_at"] is None else _editor(db, row),
    }
