"""Rows of attachments: which files belong to a ticket or to one of its messages, and what their names are.

What is in a file lies beside the database under its SHA-256; several rows may name one file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from helpdesk_cli.storage.database import Database, Row

SINCE = 4  # the schema version that brought them

_SELECT = """
SELECT f.id, f.ticket_id, f.message_id, f.at, f.name, f.size, f.sha256, a.login, c.email
FROM attachments f LEFT JOIN agents a ON a.id = f.agent_id LEFT JOIN contacts c ON c.id = f.contact_id
"""


def insert(db: Database, new: Sequence[dict[str, Any]]) -> None:
    """New rows; the ids come from `next_id`. `agent` is a login, `contact` an id: one of them is None."""
    db.run_many(
        "INSERT INTO attachments (id, ticket_id, message_id, at, agent_id, contact_id, name, size, sha256)"
        " VALUES (:id, :ticket_id, :message_id, :at, (SELECT id FROM agents WHERE login = :agent), :contact,"
        " :name, :size, :sha256)",
        new,
    )


def of_ticket(db: Database, ticket_id: int, *, customer_view: bool = False) -> list[dict[str, Any]]:
    """Records of a ticket's attachments, oldest first; in the customer's view those of public messages."""
    public = ""
    if customer_view:
        public = " AND f.message_id IN (SELECT id FROM messages WHERE ticket_id = :id AND public = 1)"
    rows = db.query(f"{_SELECT} WHERE f.ticket_id = :id{public} ORDER BY f.id", {"id": ticket_id})
    return list(map(record, rows))


def of_message(db: Database, ticket_id: int, message_id: int) -> list[dict[str, Any]]:
    """Records of a message's attachments, oldest first."""
    sql = f"{_SELECT} WHERE f.ticket_id = :id AND f.message_id = :message ORDER BY f.id"
    return list(map(record, db.query(sql, {"id": ticket_id, "message": message_id})))


def stream(db: Database) -> Iterator[dict[str, Any]]:
    """Records of all attachments, in the order of ids."""
    return map(record, db.stream(f"{_SELECT} ORDER BY f.id"))


def record(row: Row) -> dict[str, Any]:
    """What is printed; `author` is a login or an address."""
    return {
        "id": row["id"],
        "ticket": row["ticket_id"],
        "message": row["message_id"],
        "name": row["name"],
        "size": row["size"],
        "sha256": row["sha256"],
        "at": row["at"],
        "author": row["login"] or row["email"],
    }


def contents(db: Database) -> Iterator[tuple[str, int]]:
    """(SHA-256, size in bytes) of each file that a row names, each once; none in a database that is older
    than attachments."""
    if db.version() < SINCE:
        return
    for row in db.stream(
        "SELECT sha256, min(size) AS size FROM attachments WHERE sha256 IS NOT NULL"
        " GROUP BY sha256 ORDER BY sha256"
    ):
        yield row["sha256"], row["size"]


def counted(db: Database) -> tuple[int, int]:
    """(how many there are that were not forgotten, the bytes of their files, each file once)."""
    row = db.one("SELECT count(*) AS n FROM attachments WHERE sha256 IS NOT NULL")
    return 0 if row is None else int(row["n"]), sum(size for _sha256, size in contents(db))


def naming(db: Database, sha256: str) -> list[tuple[int, int]]:
    """(attachment, ticket) of each row that names a file."""
    sql = "SELECT id, ticket_id FROM attachments WHERE sha256 = :sha256 ORDER BY id"
    return [(row["id"], row["ticket_id"]) for row in db.query(sql, {"sha256": sha256})]


def unnamed(db: Database, contents: Iterable[str]) -> Iterator[str]:
    """Those of the files that no row names."""
    for sha256 in contents:
        if db.one("SELECT id FROM attachments WHERE sha256 = :sha256 LIMIT 1", {"sha256": sha256}) is None:
            yield sha256


def forget(db: Database, contact_id: int, name: str) -> None:
    """Take the names and the files out of a contact's attachments; the files themselves stay until somebody
    removes those that no row names."""
    db.run(
        "UPDATE attachments SET name = :name, sha256 = NULL WHERE contact_id = :contact",
        {"contact": contact_id, "name": name},
    )
