"""What a shell completes from the tables: names that begin with what was typed, each with a word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.storage.database import Database, Row

_LAST = "\U0010ffff"


class _Names(NamedTuple):
    """Rows of a table: the name as shown, as compared, and what to tell about it."""

    table: str
    word: str
    key: str
    about: str
    only: str = "1 = 1"


_TABLES = {
    "agent": _Names("agents", "login", "login_key", "name", "retired_at IS NULL"),
    "team": _Names("teams", "name", "name_key", "NULL"),
    "org": _Names("orgs", "name", "name_key", "plan"),
    "contact": _Names("contacts", "email", "email_key", "name"),
    "tag": _Names("ticket_tags", "tag", "tag", "NULL"),
    "view": _Names("views", "name", "name_key", "saved_by"),
}
KINDS = tuple(_TABLES)


def names(db: Database, kind: str, key: str, limit: int) -> Sequence[Row]:
    """`word` and `about` of a kind's names whose folded form begins with `key`; retired ones are left out."""
    table, word, column, about, only = _TABLES[kind]
    return db.query(
        f"SELECT DISTINCT {word} AS word, {about} AS about, {column} AS place FROM {table}"
        f" WHERE {column} >= :key AND {column} < :last AND {only} ORDER BY place LIMIT :limit",
        {"key": key, "last": key + _LAST, "limit": limit},
    )


def tickets(db: Database, digits: str, limit: int, *, stopped: bool) -> list[Row]:
    """`id` and `subject` of tickets whose number begins with `digits`; without any, of those to work on, or
    with `stopped` of those that are done, the last first."""
    if digits:
        return _numbered(db, digits, limit)
    if not stopped:
        return list(
            db.query(
                "SELECT id, subject FROM tickets WHERE active = 1 ORDER BY sort_due, rank, id LIMIT :limit",
                {"limit": limit},
            )
        )
    rows: list[Row] = []
    for status in ("resolved", "closed"):
        rows += db.query(
            "SELECT id, subject FROM tickets WHERE status = :status ORDER BY id DESC LIMIT :limit",
            {"status": status, "limit": limit - len(rows)},
        )
    return rows


def _numbered(db: Database, digits: str, limit: int) -> list[Row]:
    """42 -> 42, 420 to 429, 4200 to 4299, ..."""
    if digits.startswith("0"):
        return []
    last = db.one("SELECT max(id) AS id FROM tickets")
    rows: list[Row] = []
    low, size = int(digits), 1
    while last is not None and last["id"] is not None and low <= last["id"] and len(rows) < limit:
        rows += db.query(
            "SELECT id, subject FROM tickets WHERE id >= :low AND id < :end ORDER BY id LIMIT :limit",
            {"low": low, "end": low + size, "limit": limit - len(rows)},
        )
        low, size = low * 10, size * 10
    return rows
