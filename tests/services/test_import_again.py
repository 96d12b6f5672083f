"""Imports into databases that are there, and those that something ends: all of it goes in, or nothing."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import BusyError, RefusedError, StorageError, UsageError
from helpdesk_cli.services import export_file, importing, tickets
from helpdesk_cli.services.app import App
from tests.exports import (
    counts,
    exported,
    imported,
    load,
    problems,
    refused,
    rows,
)

Row = dict[str, Any]


# -- databases that are there already ----------------------------------------------------------------------


def delete(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


@pytest.mark.parametrize("ticket", [1, 3, 6])
def test_what_is_missing_is_added(text: str, new: Path, batch: int, ticket: int) -> None:
    imported(new, text)
    parts = ("ticket_tags", "clocks", "events", "messages", "notices")
    delete(
        new,
        f"INSERT INTO messages_fts (messages_fts, rowid, search_subject, search)"
        f" SELECT 'delete', id, search_subject, search FROM messages WHERE ticket_id = {ticket}",
        *(f"DELETE FROM {part} WHERE ticket_id = {ticket}" for part in parts),
        f"DELETE FROM tickets WHERE id = {ticket}",
    )
    done = imported(new, text)
    assert done["created"] is False
    assert done["imported"] > 8
    assert sum(counts(done)) == text.count("\n") - 1
    assert (exported(new), problems(new)) == (text, [])


def test_a_database_that_went_on_is_as_it_was(text: str, new: Path) -> None:
    imported(new, text)
    with closing(App(str(new))) as app:
        tickets.create(app, subject="next", sender="d@else.example", body="b")
    before = rows(new)
    assert counts(imported(new, text)) == (0, text.count("\n") - 1, 0)
    assert rows(new) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contacts SET name = 'Sara' WHERE id = 2",
        "UPDATE tickets SET subject = 'other' WHERE id = 6",
        "UPDATE events SET data = '{}' WHERE seq = 1",
        "UPDATE policies SET document = '{}'",
        "UPDATE policies SET document = 'no json'",
        "DELETE FROM ticket_tags; UPDATE notices SET text = 't' WHERE id = 1",
    ],
)
def test_a_database_with_other_content_is_left_as_it_is(
    text: str, new: Path, batch: int, change: str
) -> None:
    imported(new, text)
    delete(new, *change.split(";"), "DELETE FROM ticket_tags WHERE ticket_id = 1")
    error = refused(new, text, "differs")
    assert (error.exit_code, type(error)) == (4, RefusedError)
    assert "the database holds other content: line " in error.message
    assert "--db" in (error.hint or "")


def test_what_somebody_changes_between_the_two_readings_is_not_mixed(text: str, new: Path) -> None:
    imported(new, text)
    delete(new, "DELETE FROM ticket_tags")
    changes = ["UPDATE contacts SET name = 'Sara' WHERE id = 2"]

    def on_done(_lines: int) -> None:
        while changes:
            delete(new, changes.pop())

    with closing(App(str(new))) as app, pytest.raises(RefusedError) as caught:
        load(app, io.BytesIO(text.encode()), pytest.fail, on_done)
    assert (caught.value.code, "contacts 2: name is" in caught.value.message) == ("differs", True)
    assert rows(new)["ticket_tags"] == []


def test_a_database_of_somebody_else_is_left_as_it_is(text: str, database_path: Path) -> None:
    error = refused(database_path, text, "differs")
    assert "line 2, policies 1: at is" in error.message


def test_a_document_may_be_written_in_any_form(text: str, new: Path) -> None:
    imported(new, text)
    found = json.loads(rows_with(new, "SELECT data FROM events WHERE seq = 1"))
    with closing(sqlite3.connect(new)) as db, db:
        db.execute("UPDATE events SET data = ? WHERE seq = 1", (json.dumps(found, indent=1),))
    assert counts(imported(new, text)) == (0, text.count("\n") - 1, 0)


def rows_with(path: Path, sql: str) -> Any:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchone()[0]


def test_what_changes_nothing_needs_no_lock(text: str, new: Path) -> None:
    imported(new, text)
    other = sqlite3.connect(new, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert counts(imported(new, text)) == (0, text.count("\n") - 1, 0)
        other.execute("DELETE FROM ticket_tags")
        other.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        with closing(App(str(new), wait=0.01)) as app, pytest.raises(BusyError):
            load(app, io.BytesIO(text.encode()), pytest.fail)
    finally:
        other.close()


@pytest.mark.parametrize("given", [UsageError, BusyError, StorageError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_what_is_interrupted_leaves_nothing_and_is_done_again(
    six_tickets: Path, text: str, new: Path, monkeypatch: pytest.MonkeyPatch, given: Any, after: int
) -> None:
    monkeypatch.setattr(export_file, "LINES", 20)
    left = [after]

    def on_done(_lines: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise given("stop")

    with closing(App(str(new))) as app, pytest.raises(given):
        load(app, io.BytesIO(text.encode()), pytest.fail, on_done)
    with closing(App(str(new))) as app:
        assert not app.database_exists()
    assert imported(new, text)["created"]
    assert rows(new) == rows(six_tickets)


def test_the_bar_comes_to_its_end(text: str, new: Path, batch: int) -> None:
    for share in (1, 0.5):  # nothing to add: the second half is left out
        done: list[int] = []
        file = io.BytesIO(text.encode())
        with closing(App(str(new))) as app, importing.opened(app, file) as export:
            total = importing.work(app, export)
            importing.load(app, export, pytest.fail, done.append)
        assert sum(done) == total * share
