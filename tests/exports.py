"""Exports and imports in this process, what of a database they must keep, and files with mistakes in them."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import check, export, importing
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.tables import TABLES


def exported(path: Path | str) -> str:
    """Everything of a database, as one text."""
    with closing(App(str(path), timezone="UTC")) as app, export.everything(app) as (count, lines):
        text = "".join(lines)
    assert text.count("\n") == count
    return text


def imported(path: Path | str, text: str | bytes, told: list[HelpdeskError] | None = None) -> dict[str, Any]:
    """What an import of a text says; the lines that it refuses go to `told`."""
    content = text.encode() if isinstance(text, str) else text
    failures: list[HelpdeskError] = []
    with closing(App(str(path), timezone="UTC")) as app:
        done = load(app, io.BytesIO(content), failures.append)
    if told is None:
        assert failures == []
    else:
        told += failures
    return done


def load(
    app: App,
    file: BinaryIO,
    report: Callable[[HelpdeskError], None],
    on_done: Callable[[int], None] = lambda _lines: None,
) -> dict[str, Any]:
    with importing.opened(app, file) as export_:
        return importing.load(app, export_, report, on_done)


def counts(done: dict[str, Any]) -> tuple[int, int, int]:
    """(imported, unchanged, failed)."""
    return done["imported"], done["unchanged"], done["failed"]


def lines_of(text: str) -> list[dict[str, Any]]:
    """The first line and the rows."""
    return [json.loads(line) for line in text.split("\n")[:-1]]


def text_of(rows: list[dict[str, Any]], **header: Any) -> str:
    """The same back, the number of lines in the first one made right."""
    first, *others = rows
    found = dict.fromkeys(first["rows"], 0)
    for row in others:
        found[str(row.get("table"))] = found.get(str(row.get("table")), 0) + 1
    first = {**first, "rows": found, **header}
    return "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in (first, *others)
    )


def rows(path: Path | str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all declared tables, those columns too that no export holds."""
    with closing(sqlite3.connect(path)) as db:
        found = {each.name: sorted(db.execute(f"SELECT * FROM {each.name}"), key=repr) for each in TABLES}
        found["sqlite_sequence"] = sorted(db.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0"))
    # An export holds what a document says, not how it was written.
    for each in TABLES:
        places = [each.names.index(name) for name in each.documents]
        for number, row in enumerate(found[each.name]):
            said = {place: _said(row[place]) for place in places}
            found[each.name][number] = tuple(said.get(place, value) for place, value in enumerate(row))
    return found


def _said(document: str) -> Any:
    with suppress(ValueError):
        return json.loads(document)
    return document


def problems(path: Path | str) -> list[str]:
    """What `db check --deep` says."""
    with closing(App(str(path), timezone="UTC")) as app:
        return list(check.deep(app))


def changed(text: str, table: str, where: dict[str, Any], /, **values: Any) -> str:
    """The export with other values in the one row of a table that has these."""
    found = lines_of(text)
    (row,) = [row for row in found[1:] if row["table"] == table and where.items() <= row.items()]
    row |= values
    return text_of(found)


def without(text: str, *tables: str) -> str:
    first, *others = lines_of(text)
    return text_of([first, *(row for row in others if row["table"] not in tables)])


def refused(path: Path, text: str | bytes, code: str) -> HelpdeskError:
    """The error with which an import ends, and that nothing of it is there."""
    before = rows(path) if path.exists() else None
    with pytest.raises(HelpdeskError) as caught:
        imported(path, text, [])
    assert caught.value.code == code
    if before is None:
        with closing(App(str(path))) as app:
            assert not app.database_exists()
    else:
        assert rows(path) == before
    return caught.value
