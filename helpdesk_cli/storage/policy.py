"""The versions of the policy: kept for ever, numbered from 1, each a whole document (storage.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.storage.database import Database, Row


class StoredPolicy(NamedTuple):
    """One version. `at`: the instant from which it counts; `source`: the file that it came from."""

    version: int
    at: str
    tzdata: str
    holidays_version: str | None
    document: dict[str, Any]
    source: str | None
    actor: str


_SELECT = "SELECT version, at, tzdata, holidays_version, document, source, actor FROM policies"


def add(
    db: Database,
    document: dict[str, Any],
    *,
    at: str,
    tzdata: str,
    holidays_version: str | None,
    source: str | None,
    actor: str,
) -> int:
    """Store a document as the newest version; its number."""
    return db.insert(
        "INSERT INTO policies (at, tzdata, holidays_version, document, source, actor)"
        " VALUES (:at, :tzdata, :holidays_version, :document, :source, :actor) RETURNING version",
        {
            "at": at,
            "tzdata": tzdata,
            "holidays_version": holidays_version,
            "document": json.dumps(document, ensure_ascii=False),
            "source": source,
            "actor": actor,
        },
    )


def versions(db: Database) -> list[int]:
    """The numbers of all versions, the oldest first."""
    return [row["version"] for row in db.query("SELECT version FROM policies ORDER BY version")]


def get(db: Database, version: int) -> StoredPolicy | None:
    """That version, if there is one."""
    row = db.one(f"{_SELECT} WHERE version = :version", {"version": version})
    return _stored(row) if row else None


def history(db: Database) -> Sequence[Row]:
    """All versions but for their documents, the newest first."""
    return db.query(
        "SELECT version, at, actor, source, tzdata, holidays_version FROM policies ORDER BY version DESC"
    )


def _stored(row: Row) -> StoredPolicy:
    return StoredPolicy(
        row["version"],
        row["at"],
        row["tzdata"],
        row["holidays_version"],
        json.loads(row["document"]),
        row["source"],
        row["actor"],
    )


_USES = {
    "plan": "SELECT (SELECT count(*) FROM tickets WHERE plan = :name) AS tickets,"
    " (SELECT count(*) FROM orgs WHERE plan = :name) AS orgs",
    "priority": "SELECT count(*) AS tickets, 0 AS orgs FROM tickets WHERE priority = :name",
    "category": "SELECT count(*) AS tickets, 0 AS orgs FROM tickets WHERE category = :name",
    "type": "SELECT count(*) AS tickets, 0 AS orgs FROM tickets WHERE type = :name",
}


def uses(db: Database, kind: str, name: str) -> tuple[int, int]:
    """How many tickets, and how many organisations, have that plan, priority, category or type."""
    row = db.one(_USES[kind], {"name": name})
    return (row["tickets"], row["orgs"]) if row else (0, 0)
