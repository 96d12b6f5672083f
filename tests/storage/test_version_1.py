"""A file of schema version 1, as the program of then left it, brought up to date with its texts indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk_cli.errors import StorageError
from helpdesk_cli.services import check, search, setup, ticket_lists
from helpdesk_cli.services.app import App
from helpdesk_cli.services.search_check import check_search
from helpdesk_cli.storage import fts5
from helpdesk_cli.storage.database import Database, version_at
from helpdesk_cli.storage.schema import STEPS

DUMP = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as conn:
        conn.executescript(DUMP.read_text(encoding="utf-8"))
        conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    return path


@pytest.fixture
def app(old: Path) -> Iterator[App]:
    app = App(str(old), now="2026-03-01T09:30:00Z", timezone="UTC")
    yield app
    app.close()


def test_it_is_read_by_nobody_before(app: App, old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(StorageError) as caught:
        search.search(app, "router")
    assert (caught.value.code, caught.value.exit_code) == ("older_version", 1)
    assert caught.value.hint
    assert old.read_bytes() == before
    assert version_at(str(old)) == 1


def test_init_brings_it_up_to_date(app: App, old: Path) -> None:
    assert setup.init(app).upgraded
    assert version_at(str(old)) == len(STEPS)
    assert not setup.init(app).upgraded
    assert list(check.check(app)) == list(check_search(app)) == []
    found = {
        query: [hit["id"] for hit in search.search(app, query)[0]]
        for query in ("router", "down light", "الشبكه", "المدرسه", "ete", "facture", "restart", "hunter2")
    }
    assert found == {
        "router": [1], "down light": [1], "الشبكه": [2], "المدرسه": [2], "ete": [3], "facture": [3],
        "restart": [1], "hunter2": [],
    }  # fmt: skip
    assert ticket_lists.count_tickets(app, {"text": "is:closed"}) == 1


def test_many_messages_are_indexed_in_batches(app: App, old: Path) -> None:
    with sqlite3.connect(old) as conn:
        conn.executemany(
            "INSERT INTO messages (ticket_id, at, contact_id, public, channel, body, cc)"
            " VALUES (2, '2026-03-01T09:10:00Z', 2, 1, 'cli', ?, '[]')",
            [(f"number{n}",) for n in range(2500)],
        )
    conn.close()
    setup.init(app)
    assert list(check_search(app)) == []
    for number in (0, 994, 995, 2499):
        assert [hit["snippet"] for hit in search.search(app, f"number{number}")[0]] == [f"**number{number}**"]


def test_a_migration_that_fails_leaves_it_as_it_was(
    app: App, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here for an SQLite that was built without FTS5."""
    with monkeypatch.context() as patch:
        patch.setattr(fts5, "_CREATE", "CREATE VIRTUAL TABLE messages_fts USING no_fts5 (search)")
        with pytest.raises(StorageError) as caught:
            setup.init(app)
    assert caught.value.code == "no_full_text"
    assert "no such module: no_fts5" in caught.value.message
    app.close()
    assert version_at(str(old)) == 1
    with sqlite3.connect(old) as conn:
        assert "search" not in {row[1] for row in conn.execute("PRAGMA table_info(messages)")}
    conn.close()
    assert setup.init(app).upgraded


def test_several_migrate_at_once(old: Path, opened: Callable[..., Database]) -> None:
    one, other = opened(str(old), create=True), opened(str(old), create=True)
    assert [one.migrate(STEPS), other.migrate(STEPS)] == [len(STEPS) - 1, 0]
