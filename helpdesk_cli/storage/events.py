"""The event log: append-only, never changed; every other row about a ticket follows from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.storage.database import Database, Row

_INSERT = """
INSERT INTO events (ticket_id, n, type, at, recorded_at, actor, contact_id, run_id, clock, instance,
  level, data)
VALUES (:ticket_id, :n, :type, :at, :recorded_at, :actor, :contact_id, :run_id, :clock, :instance,
  :level, :data)
"""
_SELECT = """
SELECT e.seq, e.ticket_id, e.n, e.type, e.at, e.recorded_at, e.actor, e.contact_id, e.run_id, e.clock,
  e.instance, e.level, e.data, c.email
FROM events e LEFT JOIN contacts c ON c.id = e.contact_id
"""


def append(db: Database, ticket_id: int, events: Iterable[Event], run: int | None = None) -> None:
    """Write new events of one ticket, in their order. What happens only once fails if it is there."""
    db.run_many(
        _INSERT,
        [
            {
                "ticket_id": ticket_id,
                "n": event.n,
                "type": event.type,
                "at": to_text(event.at),
                "recorded_at": to_text(event.recorded_at),
                "actor": event.actor,
                "contact_id": event.contact,
                "run_id": run,
                "clock": event.clock,
                "instance": event.instance,
                "level": event.level,
                "data": dumps(event.data),
            }
            for event in events
        ],
    )


def of_ticket(db: Database, ticket_id: int) -> list[Event]:
    """The whole log of a ticket as the domain replays it."""
    return list(
        map(_event_of, db.query(f"{_SELECT} WHERE e.ticket_id = :id ORDER BY e.n", {"id": ticket_id}))
    )


def _event_of(row: Row) -> Event:
    return Event(
        row["type"],
        from_text(row["at"]),
        row["actor"],
        from_text(row["recorded_at"]),
        json.loads(row["data"]),
        row["contact_id"],
        row["clock"],
        row["instance"],
        row["level"],
        row["n"],
        row["seq"],
    )


def stream(
    db: Database,
    *,
    after: int = 0,
    ticket: int | None = None,
    types: tuple[str, ...] = (),
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Records of events in the order of `seq`."""
    where, params = _wanted(after, ticket, types)
    tail = ""
    if limit is not None:
        tail, params["limit"] = " LIMIT :limit", limit
    return map(_record, db.stream(f"{_SELECT} WHERE {where} ORDER BY e.seq{tail}", params))


def count(db: Database, *, after: int = 0, ticket: int | None = None, types: tuple[str, ...] = ()) -> int:
    """How many events `stream` would give without a limit."""
    where, params = _wanted(after, ticket, types)
    row = db.one(f"SELECT count(*) AS total FROM events e WHERE {where}", params)
    return 0 if row is None else row["total"]


def _wanted(after: int, ticket: int | None, types: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    where = ["e.seq > :after"]
    params: dict[str, Any] = {"after": after}
    if ticket is not None:
        where.append("e.ticket_id = :ticket")
        params["ticket"] = ticket
    if types:
        names = {f"t{i}": name for i, name in enumerate(types)}
        where.append(f"e.type IN ({', '.join(f':{name}' for name in names)})")
        params |= names
    return " AND ".join(where), params


def _record(row: Row) -> dict[str, Any]:
    data = json.loads(row["data"])
    if row["clock"]:
        data = {"clock": row["clock"], "instance": row["instance"], **data}
    if row["level"]:
        data["level"] = row["level"]
    if row["run_id"] is not None:
        data["run"] = row["run_id"]
    return {
        "seq": row["seq"],
        "ticket": row["ticket_id"],
        "type": row["type"],
        "at": row["at"],
        "recorded_at": row["recorded_at"],
        "actor": row["email"] or row["actor"],
        "data": data,
    }
