"""Rows of messages: what customers and agents wrote, public or as internal notes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage import attachments
from helpdesk_cli.storage.rows import dumps, list_of
from helpdesk_cli.storage.rows import insert as insert_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.storage.database import Database, Row

_SELECT = """
SELECT m.id, m.ticket_id, m.at, m.public, m.channel, m.body, m.cc, m.edited_at, a.login,
  a.email AS agent_email, c.email AS contact_email
FROM messages m LEFT JOIN agents a ON a.id = m.agent_id LEFT JOIN contacts c ON c.id = m.contact_id
"""


_COLUMNS = {
    "agent": ("agent_id", "(SELECT id FROM agents WHERE login = :agent)"),
    "contact": ("contact_id", ":contact"),
}


def insert(db: Database, new: Sequence[dict[str, Any]]) -> None:
    """New messages, in the index of their words too. `id` comes from `next_id`, `agent` is a login, `contact`
    an id: one of them is None; `subject` is that of the ticket."""
    if not new:
        return
    from helpdesk_cli.storage.search import index_messages, searchable

    rows = [
        {
            **values,
            "cc": list_of(tuple(values["cc"])),
            "search_subject": searchable(values["subject"]),
            "search": searchable(values["body"]),
        }
        for values in new
    ]
    insert_all(db, "messages", rows, _COLUMNS, beside=("subject",))
    index_messages(db, rows)


def by_idempotency_key(db: Database, key: str) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.idempotency_key = :key", {"key": key})
    return None if row is None else _with_files(db, row)


def get(db: Database, message_id: int) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.id = :id", {"id": message_id})
    return None if row is None else _with_files(db, row)


def author(db: Database, message_id: int) -> Row:
    """Who wrote a message that there is: `login` of the agent or `contact_id`, the other one is None."""
    sql = "SELECT a.login, m.contact_id FROM messages m LEFT JOIN agents a ON a.id = m.agent_id"
    row = db.one(f"{sql} WHERE m.id = :id", {"id": message_id})
    assert row is not None, "there is such a message"
    return row


def of_ticket(db: Database, ticket_id: int, *, customer_view: bool = False) -> Iterator[dict[str, Any]]:
    """Records of a ticket's messages, oldest first, read as they are asked for; without notes in the
    customer's view."""
    public = " AND m.public = 1" if customer_view else ""
    sql = f"{_SELECT} WHERE m.ticket_id = :id{public} ORDER BY m.id"
    files: dict[int | None, list[dict[str, Any]]] = {}
    for file in attachments.of_ticket(db, ticket_id):
        files.setdefault(file["message"], []).append(file)
    return (_record(db, row, files.get(row["id"], [])) for row in db.stream(sql, {"id": ticket_id}))


def stream(db: Database) -> Iterator[dict[str, Any]]:
    """Records of all messages, in the order of ids."""
    return (_with_files(db, row) for row in db.stream(f"{_SELECT} ORDER BY m.id"))


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


def _with_files(db: Database, row: Row) -> dict[str, Any]:
    return _record(db, row, attachments.of_message(db, row["ticket_id"], row["id"]))


def _record(db: Database, row: Row, files: list[dict[str, Any]]) -> dict[str, Any]:
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
        "attachments": files,
        "cc": json.loads(row["cc"]),
        "edited_at": row["edited_at"],
        "edited_by": None if row["edited_at"] is None else _editor(db, row),
    }
