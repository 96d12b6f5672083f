"""Rows of clocks: each instance of a ticket's clocks, with the figures that lists and the sweep read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import clocks as arithmetic
from helpdesk_cli.domain.clocks import Clock, Span
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.storage.rows import at, dumps, instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.storage.database import Database, Row

_COLUMNS = (
    "ticket_id, name, instance, state, target_seconds, goal_seconds, warn_seconds, calendar, starts_at,"
    " due_at, warn_at, late_at, met_at, cancelled_at, warned_at, breached_at, noticed_at, changed_at,"
    " resumable, recount, spans, fired"
)
_SELECT = f"SELECT {_COLUMNS} FROM clocks"
_ORDER = (
    "ORDER BY ticket_id, CASE name WHEN 'first_response' THEN 0 WHEN 'next_response' THEN 1"
    " WHEN 'update' THEN 2 ELSE 3 END, instance"
)
_DELETE = "DELETE FROM clocks WHERE ticket_id = :ticket_id AND name = :name AND instance = :instance"


def _upsert() -> str:
    names = _COLUMNS.split(", ")
    values = ", ".join(f":{name}" for name in names)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[3:])
    return (
        f"INSERT INTO clocks ({_COLUMNS}) VALUES ({values})"
        f" ON CONFLICT (ticket_id, name, instance) DO UPDATE SET {updates}"
    )


_UPSERT = _upsert()


def rows_of(db: Database, ids: Iterable[int]) -> dict[int, list[Row]]:
    """Every instance of several tickets, in the order of `sla.md 3`, uncovered waits included."""
    params = {f"p{i}": ticket_id for i, ticket_id in enumerate(ids)}
    found: dict[int, list[Row]] = {ticket_id: [] for ticket_id in params.values()}
    if params:
        marks = ", ".join(f":{name}" for name in params)
        for row in db.query(f"{_SELECT} WHERE ticket_id IN ({marks}) {_ORDER}", params):
            found[row["ticket_id"]].append(row)
    return found


class StoredClock(NamedTuple):
    """A clock with those of its figures that a record shows or needs, as the row has them."""

    clock: Clock
    starts_at: str
    due_at: str | None
    late_at: str | None


def of_tickets(db: Database, ids: Iterable[int]) -> dict[int, list[StoredClock]]:
    """The same with figures."""
    return {
        ticket_id: [
            StoredClock(clock_of(row), row["starts_at"], row["due_at"], row["late_at"]) for row in rows
        ]
        for ticket_id, rows in rows_of(db, ids).items()
    }


def save(db: Database, changed: Iterable[tuple[Ticket | None, Ticket]], rules: Rules) -> None:
    """Write the clocks that differ and delete the waits that ended uncovered."""
    written: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for ticket, after in changed:
        before = () if ticket is None else ticket.clocks
        written += [row_of(after.id, clock, rules) for clock in after.clocks if clock not in before]
        kept = {(clock.name, clock.instance) for clock in after.clocks}
        gone += [
            {"ticket_id": after.id, "name": clock.name, "instance": clock.instance}
            for clock in before
            if (clock.name, clock.instance) not in kept
        ]
    db.run_many(_UPSERT, written)
    if gone:
        db.run_many(_DELETE, gone)


def row_of(ticket_id: int, clock: Clock, rules: Rules) -> dict[str, Any]:
    """Every column of a clock; what is computed is computed here, so that a check can compare rows."""
    figures = arithmetic.figures(clock, rules)
    return {
        "ticket_id": ticket_id,
        "name": clock.name,
        "instance": clock.instance,
        "state": clock.state,
        "target_seconds": clock.limit,
        "goal_seconds": clock.goal,
        "warn_seconds": clock.warn,
        "calendar": clock.spans[-1].calendar,
        "starts_at": to_text(figures.starts_at),
        "due_at": instant(figures.due_at),
        "warn_at": instant(figures.warn_at),
        "late_at": instant(figures.late_at),
        "met_at": instant(clock.met_at),
        "cancelled_at": instant(clock.cancelled_at),
        "warned_at": instant(clock.warned_at),
        "breached_at": instant(clock.breached_at),
        "noticed_at": instant(clock.noticed_at),
        "changed_at": instant(clock.changed_at),
        "resumable": int(clock.resumable),
        "recount": clock.recount,
        "spans": dumps([[s.mode, to_text(s.start), s.version, s.calendar] for s in clock.spans]),
        "fired": dumps([[level, to_text(when)] for level, when in clock.fired]),
    }


def clock_of(row: Row) -> Clock:
    return Clock(
        row["name"],
        row["instance"],
        tuple(
            Span(mode, from_text(start), version, name)
            for mode, start, version, name in json.loads(row["spans"])
        ),
        row["target_seconds"],
        row["goal_seconds"],
        row["warn_seconds"],
        at(row["met_at"]),
        at(row["cancelled_at"]),
        at(row["warned_at"]),
        at(row["breached_at"]),
        at(row["noticed_at"]),
        at(row["changed_at"]),
        bool(row["resumable"]),
        row["recount"],
        tuple((level, from_text(when)) for level, when in json.loads(row["fired"])),
    )


def stored(db: Database, ticket_id: int) -> list[dict[str, Any]]:
    """The rows as they are kept, under the names of `row_of`."""
    names = _COLUMNS.split(", ")
    rows = db.query(f"{_SELECT} WHERE ticket_id = :id {_ORDER}", {"id": ticket_id})
    return [{name: row[name] for name in names} for row in rows]
