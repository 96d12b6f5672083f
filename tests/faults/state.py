"""What a database holds, in a form that two runs of the same work have in common, and whether it is sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from helpdesk_cli.services import check
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.database import SCHEMA_VERSION

# What tells when, by which run and from which file something was written, not what happened.
_VOLATILE = {
    "events": {"seq", "recorded_at", "run_id"}, "clocks": {"noticed_at"}, "policies": {"source"},
}  # fmt: skip
_NOT_COMPARED = {"runs", "sqlite_sequence", "_sqlite_migrations"}

# (table, id) -> its rows; what belongs to a ticket stands under ("tickets", its id).
State = dict[tuple[str, Any], tuple[Any, ...]]


def state(path: Path, apart: tuple[str, ...] = ()) -> State:
    """All rows by what they belong to, those of the tables `apart` each by itself; nothing of a database that
    is missing or has no tables."""
    if not path.exists():
        return {}
    found: dict[tuple[str, Any], list[Any]] = {}
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table in _NOT_COMPARED or table.startswith("messages_fts"):
                continue
            for row in db.execute(f"SELECT * FROM {table}"):
                values = {key: row[key] for key in row.keys() if key not in _VOLATILE.get(table, ())}  # noqa: SIM118
                found.setdefault(_unit(table, values, apart), []).append((table, *values.items()))
    return {unit: tuple(sorted(rows, key=repr)) for unit, rows in found.items()}


def _unit(table: str, values: dict[str, Any], apart: tuple[str, ...]) -> tuple[str, Any]:
    if "ticket_id" in values and table not in apart:
        return "tickets", values["ticket_id"]
    return table, next(iter(values.values()))


def unsound(path: Path) -> list[str]:
    """What SQLite and `db check --deep` find wrong; an older file is left to SQLite."""
    if not path.exists() or os.path.getsize(path) == 0:
        return []
    with closing(sqlite3.connect(path)) as db:
        found = [row[0] for row in db.execute("PRAGMA integrity_check")]
        version = db.execute("PRAGMA user_version").fetchone()[0]
    problems = [] if found == ["ok"] else [f"integrity_check: {line}" for line in found]
    if version == SCHEMA_VERSION and not problems:
        with closing(App(str(path), timezone="UTC")) as app:
            problems += [f"db check: {line}" for line in check.deep(app)]
    return problems


def differences(found: State, *wanted: State, ignoring: tuple[str, ...] = ()) -> list[str]:
    """The units that are in none of the wanted states, some columns of theirs left out of account."""
    if ignoring:
        found, *others = (_without(each, ignoring) for each in (found, *wanted))
        wanted = tuple(others)
    units = sorted({unit for each in (found, *wanted) for unit in each}, key=repr)
    return [
        f"{unit[0]} {unit[1]} is neither as before nor as after"
        for unit in units
        if all(found.get(unit) != each.get(unit) for each in wanted)
    ]


def _without(state: State, columns: tuple[str, ...]) -> State:
    return {
        unit: tuple((row[0], *(pair for pair in row[1:] if pair[0] not in columns)) for row in rows)
        for unit, rows in state.items()
    }
