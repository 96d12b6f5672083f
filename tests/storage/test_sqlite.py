"""Transactions, rows and settings of the SQLite engine."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk_cli.errors import BusyError, HelpdeskError, StorageError, UsageError
from helpdesk_cli.storage import schema, sqlite
from helpdesk_cli.storage.database import SCHEMA_VERSION, Database, open_database, version_at
from helpdesk_cli.storage.schema import STEPS, Step, initialise

ADD = "INSERT INTO teams (name, name_key, created_at) VALUES (:name, :name, '2026-01-01T00:00:00Z')"


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.query("SELECT name FROM teams ORDER BY id")]


def test_rows_are_read_by_name(db: Database) -> None:
    with db.write():
        assert db.insert(f"{ADD} RETURNING id", {"name": "a"}) == 1
        assert db.run_many(ADD, ({"name": name} for name in "bc")) == 2
        assert db.run("UPDATE teams SET lead_id = 7 WHERE name <> :name", {"name": "a"}) == 2
    row = db.one("SELECT name, lead_id FROM teams WHERE id = :id", {"id": 2})
    assert row is not None
    assert (row["name"], row["lead_id"], dict(row)) == ("b", 7, {"name": "b", "lead_id": 7})
    assert db.one("SELECT name FROM teams WHERE id = 9") is None
    assert [row["name"] for row in db.stream("SELECT name FROM teams ORDER BY id")] == ["a", "b", "c"]


def test_ids_are_never_reused(db: Database) -> None:
    with db.write():
        db.run(ADD, {"name": "a"})
        db.run("DELETE FROM teams")
        assert db.insert(f"{ADD} RETURNING id", {"name": "a"}) == 2


def test_an_id_that_is_claimed_follows_those_that_others_gave(
    db: Database, path: str, opened: Callable[..., Database]
) -> None:
    other = opened(path)
    add = ADD.replace("(name,", "(id, name,").replace("VALUES (", "VALUES (:id, ")
    for number in (1, 3):
        for each, first in ((db, number), (other, number + 1)):
            with each.write():
                assert each.next_id("teams") == first
                each.run(add, {"id": first, "name": f"{first}"})


def test_an_id_that_was_claimed_in_vain_is_given_again(db: Database) -> None:
    with pytest.raises(ValueError, match="undone"), db.write():  # noqa: PT012 - a transaction
        assert db.next_id("teams") == 1
        raise ValueError("undone")
    with db.write():
        assert db.next_id("teams") == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_is_raised_undoes_the_transaction(db: Database, error: type[BaseException]) -> None:
    with pytest.raises(error), db.write():  # noqa: PT012 - a transaction
        db.run(ADD, {"name": "a"})
        raise error
    assert names(db) == []
    with db.write():
        db.run(ADD, {"name": "b"})
    assert names(db) == ["b"]


def test_a_nested_transaction_is_undone_alone(db: Database) -> None:
    with db.write():
        db.run(ADD, {"name": "a"})
        with pytest.raises(ValueError, match="inner"), db.write():  # noqa: PT012 - a transaction
            db.run(ADD, {"name": "b"})
            with db.write():
                db.run(ADD, {"name": "c"})
            raise ValueError("inner")
        with db.write():
            db.run(ADD, {"name": "d"})
    assert names(db) == ["a", "d"]


def test_nothing_is_changed_outside_a_transaction(db: Database) -> None:
    changes: list[Callable[[], object]] = [
        lambda: db.run(ADD, {"name": "a"}),
        lambda: db.insert(f"{ADD} RETURNING id", {"name": "a"}),
        lambda: db.run_many(ADD, [{"name": "a"}]),
    ]
    for change in changes:
        with pytest.raises(StorageError) as caught:
            change()
        assert caught.value.code == "no_transaction"
    assert names(db) == []


def test_a_transaction_that_the_engine_ended_is_not_taken_for_a_written_one(db: Database) -> None:
    with pytest.raises(StorageError) as caught, db.write():  # noqa: PT012 - a transaction
        db.run(ADD, {"name": "a"})
        with pytest.raises(StorageError), db.write():
            db.query("ROLLBACK")  # as SQLite does by itself when the disk is full
        db.run(ADD, {"name": "b"})
    assert caught.value.code == "no_transaction"
    assert names(db) == []


def test_a_reading_that_outlives_the_connection_ends_quietly(db: Database) -> None:
    with db.read():
        db.close()


def test_the_write_lock_is_taken_before_the_first_read(
    db: Database, path: str, opened: Callable[..., Database]
) -> None:
    other = opened(path)
    with db.write():
        assert names(other) == []
        with pytest.raises(BusyError), other.write():
            pytest.fail("two writers at once")
    with other.write():
        other.run(ADD, {"name": "b"})
    assert names(db) == ["b"]


def test_retry_gives_what_the_work_gives(db: Database) -> None:
    assert db.retry(lambda: names(db)) == []


def test_settings(db: Database) -> None:
    for pragma, value in [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]:
        row = db.one(f"PRAGMA {pragma}")
        assert row is not None
        assert row[pragma] == value
    with pytest.raises(sqlite3.IntegrityError), db.write():
        db.run("INSERT INTO org_domains (org_id, domain) VALUES (1, 'a')")


def test_the_default_wait_is_half_a_minute(path: str) -> None:
    database = open_database(path, create=True)
    row = database.one("PRAGMA busy_timeout")
    database.close()
    assert row is not None
    # SQLite waits in slices, between which signals are heard.
    assert database._tries * row["timeout"] == 30_000  # type: ignore[attr-defined]


def test_a_signal_ends_the_wait_for_a_lock(db: Database, path: str) -> None:
    """One that SQLite's own busy handler would keep until the wait is over."""
    other = open_database(path)
    alarm = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    with db.write():
        alarm.start()
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt), other.write():
            pytest.fail("the lock was given twice")
        assert time.monotonic() - begun < 10  # of thirty
    alarm.join()
    with other.write():
        other.run(ADD, {"name": "a"})
    other.close()


def test_a_lock_is_waited_for_longer_than_one_slice(db: Database, path: str) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    patient = open_database(path, wait=10)
    release = threading.Timer(0.8, other.rollback)
    release.start()
    with patient.write():
        patient.run(ADD, {"name": "a"})
    release.join()
    patient.close()
    other.close()


@pytest.mark.parametrize(
    ("value", "code"), [(2**63, "bad_number"), (-(2**80), "bad_number"), ("\udcff", "bad_text")]
)
def test_values_that_no_column_holds(db: Database, value: object, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        db.one("SELECT id FROM teams WHERE name = :value", {"value": value})
    assert caught.value.code == code
    with pytest.raises(UsageError), db.write():
        db.run_many("DELETE FROM teams WHERE name = :value", [{"value": value}])
    with pytest.raises(UsageError):
        list(db.stream("SELECT :value AS value", {"value": value}))


@pytest.fixture
def umask_022() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.usefixtures("umask_022")
def test_only_the_owner_may_read_the_files(
    tmp_path: Path, opened: Callable[..., Database], there: bool
) -> None:
    file = tmp_path / "new" / "t.db"
    if there:
        file.parent.mkdir(mode=0o700)
        file.touch(0o644)
    initialise(opened(str(file), create=True))
    assert {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()} == {
        "t.db": 0o600,
        "t.db-wal": 0o600,
        "t.db-shm": 0o600,
    }
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_paths_with_signs_that_mean_something_in_a_uri(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    file = tmp_path / "50%25 ?mode=ro#x \udcff.db"
    initialise(opened(str(file), create=True))
    assert file.exists()


def test_the_number_of_steps_is_known_without_loading_them() -> None:
    assert len(STEPS) == SCHEMA_VERSION


def test_initialise_creates_once(db: Database, path: str, opened: Callable[..., Database]) -> None:
    assert version_at(path) == db.version() == SCHEMA_VERSION
    assert initialise(db) == 0
    assert initialise(opened(path, create=True)) == 0


def test_a_failing_step_leaves_the_database_as_it_was(path: str, opened: Callable[..., Database]) -> None:
    database = opened(path, create=True)
    broken = (
        Step("initial", "CREATE TABLE a (b {text}) {strict};"),
        Step("next", "CREATE TABLE a (b {text});"),
    )
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        database.migrate(broken)
    assert database.query("SELECT name FROM sqlite_master") == []
    assert version_at(path) == 0


def test_a_database_of_an_older_version(
    db: Database, path: str, opened: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_cli.storage.database.SCHEMA_VERSION", len(STEPS) + 1)
    monkeypatch.setattr(schema, "STEPS", (*STEPS, Step("more", "ALTER TABLE teams ADD COLUMN more {text};")))
    with pytest.raises(StorageError) as caught:
        opened(path)
    assert caught.value.code == "older_version"
    assert initialise(opened(path, create=True)) == 1
    assert opened(path).query("SELECT more FROM teams") == []


def test_an_sqlite_that_lacks_what_the_tables_need(
    path: str, opened: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError, match=r"3\.39 is needed"):
        initialise(opened(path, create=True))


def test_sqlite_utils_is_loaded_only_to_make_tables(database_path: Path) -> None:
    program = (
        "import sys\n"
        "from helpdesk_cli.services.app import App\n"
        "from helpdesk_cli.services import orgs, people\n"
        f"app = App({str(database_path)!r})\n"
        "with app.write(): people.sender(app, 'nobody@else.example')\n"
        "list(orgs.list_orgs(app)[0])\n"
        "app.close()\n"
        "heavy = {'sqlite_utils', 'tabulate', 'yaml', 'email', 'dataclasses', 'logging', 'zoneinfo'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_errors_carry_a_hint(path: str) -> None:
    from helpdesk_cli.storage import database

    errors: list[HelpdeskError] = [
        database.missing(path),
        database.busy(path),
        database.read_only(path),
        database.disk_full(path),
        database.failed(path, "why"),
        database.corrupt(path, "why"),
        database.not_ours(path, "what"),
        database.newer(path, 99),
        database.older(path, 0),
        database.outside_transaction(path),
        database.no_full_text(path, "why"),
    ]
    for error in errors:
        assert path in error.message
        assert "\n" not in error.message
        assert error.hint
