"""Rows of sweeps: when each ran, as of which instant, and what it did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.lists import ordered, sorts
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

# The counts of a run that was killed before it ended.
_NOTHING = dict.fromkeys(
    ("breached", "warned", "escalated", "reminded", "resumed", "closed", "recomputed", "failed"), 0
)
_SELECT = "SELECT id, started_at, ended_at, now, dry_run, actor, counts, failures, left_over FROM runs"
# What the list may be sorted by.
SORTS = sorts(
    "id",
    {
        "id": "id",
        "started_at": "started_at",
        "now": "now",
        "dry_run": "dry_run",
        "actor": "actor",
        "left": "left_over",
    },
    {"ended_at": "ended_at"},
)


def start(db: Database, *, started_at: str, now: str, dry_run: bool) -> int:
    return db.insert(
        "INSERT INTO runs (started_at, now, dry_run, actor, counts, failures, left_over)"
        " VALUES (:started_at, :now, :dry_run, 'sweep', '{}', '[]', 0) RETURNING id",
        {"started_at": started_at, "now": now, "dry_run": int(dry_run)},
    )


def end(
    db: Database, run: int, ended_at: str, counts: dict[str, int], failures: list[dict[str, Any]], left: int
) -> None:
    db.run(
        "UPDATE runs SET ended_at = :ended_at, counts = :counts, failures = :failures, left_over = :left"
        " WHERE id = :id",
        {
            "id": run,
            "ended_at": ended_at,
            "counts": dumps(counts),
            "failures": dumps(failures),
            "left": left,
        },
    )


def hooks_wait(db: Database, at: str) -> bool:
    """Whether a program is to be run on some event, until that instant; one look at a partial index."""
    row = db.one(
        "SELECT 1 AS found FROM hook_runs WHERE state = 'pending' AND next_try_at <= :at LIMIT 1", {"at": at}
    )
    return row is not None


def stream(db: Database, limit: int | None, order: Order | None) -> Iterator[dict[str, Any]]:
    """Records of sweeps in an order."""
    tail = "" if limit is None else " LIMIT :limit"
    params = {} if limit is None else {"limit": limit}
    return map(_record, db.stream(f"{_SELECT} ORDER BY {ordered(SORTS, order)}{tail}", params))


def latest(db: Database, until: str) -> str | None:
    """The latest instant, `until` at most, up to which a sweep has done its work: dry runs and those that did
    not end left nothing done. A replay or a clock that jumped back may have dated the newest run before
    others, so it is the latest of the newest hundred."""
    row = db.one(
        "SELECT max(now) AS latest FROM (SELECT now FROM runs WHERE dry_run = 0 AND ended_at IS NOT NULL"
        " AND now <= :until ORDER BY id DESC LIMIT 100) AS newest",
        {"until": until},
    )
    return None if row is None else row["latest"]


def count(db: Database) -> int:
    row = db.one("SELECT count(*) AS total FROM runs")
    return 0 if row is None else row["total"]


def get(db: Database, run: int) -> dict[str, Any] | None:
    row = db.one(f"{_SELECT} WHERE id = :id", {"id": run})
    return None if row is None else _record(row)


def _record(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "started_at": row["started_at"],
        "ended_at": row["ended_at"],
        "now": row["now"],
        "dry_run": bool(row["dry_run"]),
        "actor": row["actor"],
        "counts": _NOTHING | json.loads(row["counts"]),
        "failures": json.loads(row["failures"]),
        "left": row["left_over"],
    }
