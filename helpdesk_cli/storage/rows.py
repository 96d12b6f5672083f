"""How domain values become columns: instants as text, the rest of a state as JSON; and how rows go in."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from helpdesk_cli.storage.database import Database

FAR_FUTURE = "9999-12-31T23:59:59Z"  # what sorts last: storage.md keeps NULL out of sort keys


def instant(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


def at(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


# Made once: `json.dumps` makes an encoder anew for every value.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: Any) -> str:
    return _encode(value)


@lru_cache(maxsize=1024)
def list_of(texts: tuple[str, ...]) -> str:
    """A list of texts: of many rows few differ, and most are empty."""
    return _encode(texts)


def insert(
    db: Database,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, tuple[str, str]] = {},
    beside: Collection[str] = (),
) -> None:
    """Insert rows that all have the same names, those of columns; `columns` has the column and the SQL for a
    name that is none, `beside` are not of the table. What is empty in all of them is left out: to bind None
    takes as long as to bind several numbers."""
    if not rows:
        return
    names = [
        name
        for name, first in rows[0].items()
        if name not in beside and (first is not None or {row[name] for row in rows} != {None})
    ]
    into, values = zip(*(columns.get(name, (name, f":{name}")) for name in names), strict=True)
    db.run_many(f"INSERT INTO {table} ({', '.join(into)}) VALUES ({', '.join(values)})", rows)
