"""Rows of messages: what customers and agents wrote, public or as internal notes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from helpdesk_cli.storage.database import Database, Row

_SELECT = """
SELECT m.id, m.ticket_id, m.at, m.public, m.channel, m.body, m.cc, a.login, a.email AS agent_email,
  c.email AS contact_email
FROM messages m LEFT JOIN agents a ON a.id = m.agent_id LEFT JOIN contacts c ON c.id = m.contact_id
"""


def insert(db: Database, values: dict[str, Any]) -> int:
    """A new message and its id. `agent` is a login, `contact` an id: one of them is None."""
    return db.insert(
        "INSERT INTO messages (ticket_id, at, agent_id, contact_id, public, channel, body, cc,"
        " idempotency_key) VALUES (:ticket_id, :at, (SELECT id FROM agents WHERE login = :agent), :contact,"
        " :public, :channel, :body, :cc, :idempotency_key) RETURNING id",
        {**values, "cc": dumps(values["cc"])},
    )


def by_idempotency_key(db: Database, key: str) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.idempotency_key = :key", {"key": key})
    return None if row is None else record(row)


def get(db: Database, message_id: int) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE m.id = :id", {"id": message_id})
    return None if row is None else record(row)


def of_ticket(db: Database, ticket_id: int, *, customer_view: bool = False) -> list[dict[str, Any]]:
    """Records of a ticket's messages, oldest first; without notes in the customer's view."""
    public = " AND m.public = 1" if customer_view else ""
    return list(
        map(record, db.query(f"{_SELECT} WHERE m.ticket_id = :id{public} ORDER BY m.id", {"id": ticket_id}))
    )


def addresses_in_copy(db: Database, ticket_id: int) -> set[str]:
    """Every address that a message of the ticket had in copy."""
    rows = db.query("SELECT cc FROM messages WHERE ticket_id = :id AND cc <> '[]'", {"id": ticket_id})
    return {address for row in rows for address in json.loads(row["cc"])}


def set_body(db: Database, message_id: int, body: str, edited_at: str) -> None:
    db.run(
        "UPDATE messages SET body = :body, edited_at = :at WHERE id = :id",
        {"id": message_id, "body": body, "at": edited_at},
    )


def redact(db: Database, message_id: int, body: str, redacted_at: str) -> None:
    db.run(
        "UPDATE messages SET body = :body, redacted_at = :at WHERE id = :id",
        {"id": message_id, "body": body, "at": redacted_at},
    )


def record(row: Row) -> dict[str, Any]:
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
    }
