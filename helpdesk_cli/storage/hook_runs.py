"""The journal of hooks: a row for each event and program, written with the event, and what became of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.lists import any_of, ordered, sorts
from helpdesk_cli.storage.rows import dumps, insert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

_SELECT = """
SELECT h.id, h.event_seq, e.ticket_id, e.type, h.command, h.state, h.tries, h.exit_code, h.at, h.ended_at,
  h.next_try_at, h.output
FROM hook_runs h JOIN events e ON e.seq = h.event_seq
"""
# What the list may be sorted by.
SORTS = sorts(
    "h.id",
    {
        "id": "h.id",
        "event": "h.event_seq",
        "ticket": "e.ticket_id",
        "type": "e.type",
        "state": "h.state",
        "tries": "h.tries",
        "output": "h.output",
    },
    {"started_at": "h.at"} | {name: f"h.{name}" for name in ("exit_code", "ended_at", "next_try_at")},
)


def note(db: Database, hooks: Sequence[Mapping[str, Any]], written: Sequence[tuple[str, str]]) -> None:
    """Note what is to be run on the events that were appended last, each given as (type, `recorded_at`).
    `hooks` as a checked policy document has them. Under the write lock, so the last `seq`s are theirs."""
    row = db.one("SELECT seq FROM events ORDER BY seq DESC LIMIT 1")
    if row is None:
        return
    first = row["seq"] - len(written) + 1
    told = [(frozenset(hook["on"]), dumps(hook["run"])) for hook in hooks]
    insert(
        db,
        "hook_runs",
        [
            {"event_seq": seq, "command": command, "state": "pending", "tries": 0, "next_try_at": at,
             "output": ""}
            for seq, (type_, at) in enumerate(written, first)
            for types, command in told
            if type_ in types
        ],
    )  # fmt: skip


def clear(db: Database) -> None:
    """Empty the journal, pending runs too."""
    db.run("DELETE FROM hook_runs")


def due(db: Database, at: str, *, since: str = "") -> dict[str, Any] | None:
    """The pending row whose time came first, until `at`; with `since` one that nobody has tried, noted at
    that instant or later. The `SELECT` reads the partial index of pending rows."""
    tried = " AND h.tries = 0" if since else ""
    row = db.one(
        f"{_SELECT} WHERE h.state = 'pending' AND h.next_try_at <= :at AND h.next_try_at >= :since{tried}"
        " ORDER BY h.next_try_at, h.id LIMIT 1",
        {"at": at, "since": since},
    )
    return None if row is None else _record(row)


def claim(db: Database, run: int, at: str, until: str) -> None:
    """It is being run: nobody else's until that instant."""
    db.run(
        "UPDATE hook_runs SET tries = tries + 1, at = COALESCE(at, :at), next_try_at = :until WHERE id = :id",
        {"id": run, "at": at, "until": until},
    )


def end(db: Database, run: int, tries: int, values: Mapping[str, Any]) -> None:
    """How that try ended: `state exit_code ended_at next_try_at output`; nothing where it has been tried
    again since, or is over."""
    db.run(
        "UPDATE hook_runs SET state = :state, exit_code = :exit_code, ended_at = :ended_at,"
        " next_try_at = :next_try_at, output = :output"
        " WHERE id = :id AND tries = :tries AND state = 'pending'",
        {**values, "id": run, "tries": tries},
    )


def stream(
    db: Database, states: Sequence[str], limit: int | None, order: Order | None
) -> Iterator[dict[str, Any]]:
    """Records of some states, of all where none is named."""
    where, params = any_of("h.state", states)
    tail = ""
    if limit is not None:
        tail, params["limit"] = " LIMIT :limit", limit
    return map(_record, db.stream(f"{_SELECT} WHERE {where} ORDER BY {ordered(SORTS, order)}{tail}", params))


def count(db: Database, states: Sequence[str]) -> int:
    where, params = any_of("h.state", states)
    row = db.one(f"SELECT count(*) AS total FROM hook_runs h WHERE {where}", params)
    return 0 if row is None else row["total"]


def _record(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "event": row["event_seq"],
        "ticket": row["ticket_id"],
        "type": row["type"],
        "command": json.loads(row["command"]),
        "state": row["state"],
        "tries": row["tries"],
        "exit_code": row["exit_code"],
        "started_at": row["at"],
        "ended_at": row["ended_at"],
        "next_try_at": row["next_try_at"] if row["state"] == "pending" else None,
        "output": row["output"],
    }
