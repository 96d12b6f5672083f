"""Saved filters of the ticket list: their names and, as JSON, the options that were typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.lists import listed, ordered, sorts
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

_SELECT = "SELECT v.id, v.name, v.filters, v.saved_by, v.created_at, v.updated_at FROM views AS v"
# What the list may be sorted by, the default first.
SORTS = sorts(
    "v.id",
    {
        "name": "v.name_key",
        "options": "v.filters",
        "saved_by": "v.saved_by",
        "created_at": "v.created_at",
        "updated_at": "v.updated_at",
    },
)


def by_key(db: Database, key: str) -> dict[str, Any] | None:
    """The view whose folded name is `key`: its columns, `filters` as an object."""
    row = db.one(f"{_SELECT} WHERE v.name_key = :key", {"key": key})
    return None if row is None else _view(row)


def all_views(db: Database, order: Order | None, limit: int | None) -> tuple[Iterator[dict[str, Any]], int]:
    """Views in an order, and how many `limit` left out."""
    rows, left = listed(db, _SELECT, {}, ordered(SORTS, order), limit)
    return map(_view, rows), left


def names(db: Database) -> list[str]:
    """The names of all."""
    return [row["name"] for row in db.query("SELECT name FROM views ORDER BY name_key")]


def put(db: Database, key: str, view: dict[str, Any]) -> None:
    """Save a view under its folded name, in place of one that is there; that one keeps its `created_at`."""
    db.run(
        "INSERT INTO views (name, name_key, filters, saved_by, created_at, updated_at)"
        " VALUES (:name, :key, :filters, :saved_by, :updated_at, :updated_at)"
        " ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, filters = excluded.filters,"
        " saved_by = excluded.saved_by, updated_at = excluded.updated_at",
        {**view, "key": key, "filters": dumps(view["filters"])},
    )


def remove(db: Database, key: str) -> None:
    db.run("DELETE FROM views WHERE name_key = :key", {"key": key})


def _view(row: Row) -> dict[str, Any]:
    return {**dict(row), "filters": json.loads(row["filters"])}
