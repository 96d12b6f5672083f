"""The event log: append-only, never changed; every other row about a ticket follows from it."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.events import SWEEP, Event
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.storage.lists import any_of, ordered, sorts
from helpdesk_cli.storage.rows import dumps, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

# What the list may be sorted by, the default first.
SORTS = sorts(
    "e.seq",
    {
        "seq": "e.seq",
        "ticket": "e.ticket_id",
        "type": "e.type",
        "at": "e.at",
        "recorded_at": "e.recorded_at",
        "actor": "COALESCE(c.email, e.actor)",
    },
)
_SELECT = """
SELECT e.seq, e.ticket_id, e.n, e.type, e.at, e.recorded_at, e.actor, e.contact_id, e.run_id, e.clock,
  e.instance, e.level, e.data, c.email
FROM events e LEFT JOIN contacts c ON c.id = e.contact_id
"""
_NAMES = {
    "requester": "SELECT email AS name FROM contacts WHERE id = :id",
    "org": "SELECT name FROM orgs WHERE id = :id",
}
_REMEMBERED = 1000  # names at a time, so that a long stream keeps to its memory


class Wanted(NamedTuple):
    """Which events: past a `seq`, of a ticket, of some types, of the tickets of some organisations (None: of
    none) or that some contacts asked for."""

    after: int = 0
    ticket: int | None = None
    types: tuple[str, ...] = ()
    orgs: tuple[int | None, ...] = ()
    contacts: tuple[int, ...] = ()

    def compiled(self) -> tuple[str, dict[str, Any]]:
        """The conditions and their parameters."""
        where = ["e.seq > :after"]
        params: dict[str, Any] = {"after": self.after}
        if self.ticket is not None:
            where.append("e.ticket_id = :ticket")
            params["ticket"] = self.ticket
        if self.types:
            names = {f"t{i}": name for i, name in enumerate(self.types)}
            # Read in the order of `seq`, or within the ticket, rather than sort what an index by type finds.
            alone = len(self.types) == 1 and self.ticket is None and not (self.orgs or self.contacts)
            column = "e.type" if alone else "(e.type || '')"
            where.append(f"{column} IN ({', '.join(f':{name}' for name in names)})")
            params |= names
        if self.orgs or self.contacts:
            org, ids = any_of("org_id", self.orgs)
            contact, more = any_of("requester_id", self.contacts)
            # From the beginning by the customer's tickets; read on in the order of `seq`, which is little.
            column = "(e.ticket_id + 0)" if self.after else "e.ticket_id"
            where.append(f"{column} IN (SELECT id FROM tickets WHERE {org} AND {contact})")
            params |= ids | more
        return " AND ".join(where), params


ALL = Wanted()


def append(db: Database, new: Iterable[tuple[int, int | None, Event]]) -> None:
    """Write new events, each with its ticket and the run that wrote it, in their order. What happens only
    once fails if it is there."""
    insert(db, "events", [row_of(*each) for each in new])


def row_of(ticket_id: int, run: int | None, event: Event) -> dict[str, Any]:
    """Every column of a new event but its `seq`."""
    return {
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
    db: Database, wanted: Wanted = ALL, *, limit: int | None = None, order: Order | None = None
) -> Iterator[dict[str, Any]]:
    """Records of events, unless told otherwise in the order of `seq`."""
    where, params = wanted.compiled()
    tail = ""
    if limit is not None:
        tail, params["limit"] = " LIMIT :limit", limit
    rows = db.stream(f"{_SELECT} WHERE {where} ORDER BY {ordered(SORTS, order)}{tail}", params)
    name = lru_cache(_REMEMBERED)(partial(_name, db))
    return (_record(row, name) for row in rows)


def _name(db: Database, key: str, id_: int | None) -> str | None:
    row = None if id_ is None else db.one(_NAMES[key], {"id": id_})
    return None if row is None else row["name"]


def page(db: Database, wanted: Wanted, limit: int) -> tuple[list[dict[str, Any]], int]:
    """(the next records after a `seq`, up to which `seq` they are all there are). What asks again from there
    has missed nothing: a `seq` is given under the write lock, so their order is that of the commits."""
    with db.read():
        rows = list(stream(db, wanted, limit=limit))
        return rows, rows[-1]["seq"] if len(rows) == limit else max(wanted.after, last_seq(db))


def last_seq(db: Database) -> int:
    """The `seq` of the last event, 0 where there is none."""
    row = db.one("SELECT seq FROM events ORDER BY seq DESC LIMIT 1")
    return 0 if row is None else row["seq"]


def count(db: Database, wanted: Wanted = ALL) -> int:
    """How many events `stream` would give without a limit."""
    where, params = wanted.compiled()
    row = db.one(f"SELECT count(*) AS total FROM events e WHERE {where}", params)
    return 0 if row is None else row["total"]


def _record(row: Row, name: Callable[[str, int | None], str | None]) -> dict[str, Any]:
    """What is printed: names where the log keeps ids of rows, for a name may change."""
    data = json.loads(row["data"])
    data.pop("org_id", None)  # of `edited`, which has the organisation's names too
    if row["type"] == "created":
        data |= {key: name(key, data.get(key)) for key in _NAMES}
    if row["clock"]:
        data = {"clock": row["clock"], "instance": row["instance"], **data}
    if row["level"]:
        data["level"] = row["level"]
    if row["actor"] == SWEEP:
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
