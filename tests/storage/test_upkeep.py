"""The care of the file: copies of one moment, checks, packing, holding it alone; signals end them."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk_cli.errors import BusyError, StorageError
from helpdesk_cli.storage import upkeep
from helpdesk_cli.storage.database import Database, open_copy

Open = Callable[..., Database]
ADD = "INSERT INTO teams (name, name_key, created_at) VALUES (:name, :name, '2026-01-01T00:00:00Z')"
WIDE = "x" * 1000
LONG = 20  # seconds that no test waits, unless something is broken


def fill(db: Database, count: int = 8000) -> None:
    with db.write():
        db.run_many(ADD, ({"name": f"{number} {WIDE}"} for number in range(count)))


def names(db: Database) -> int:
    row = db.one("SELECT count(*) AS n FROM teams")
    assert row is not None
    return int(row["n"])


def new(path: Path) -> str:
    path.touch(0o600)
    return str(path)


# -- copies --------------------------------------------------------------------------------------------------


def test_a_copy_is_of_one_moment_whatever_is_written_meanwhile(
    db: Database, path: str, opened: Open, tmp_path: Path
) -> None:
    fill(db)
    writer = opened(path)
    done: list[int] = []

    def on_done(pages: int) -> None:
        done.append(pages)
        with writer.write():  # nobody waits, and the copy begins nowhere anew
            writer.run(ADD, {"name": f"new {len(done)}"})

    copy = new(tmp_path / "copy.db")
    db.upkeep.copy_to(copy, on_done)
    assert len(done) > 3
    found = open_copy(copy)
    assert (names(found), list(found.upkeep.problems())) == (8000, [])
    assert sum(done) == found.upkeep.stats().pages
    found.close()
    assert names(db) == 8000 + len(done)
    assert sorted(os.listdir(tmp_path)) == ["copy.db", "t.db", "t.db-shm", "t.db-wal"]


def test_a_copy_holds_what_is_only_in_the_log(db: Database, path: str, tmp_path: Path) -> None:
    with db.write():
        db.run(ADD, {"name": "a"})
    assert os.path.getsize(f"{path}-wal") > 0
    copy = new(tmp_path / "copy.db")
    db.upkeep.copy_to(copy)
    found = open_copy(copy)
    assert names(found) == 1
    found.close()


def test_a_copy_that_is_interrupted_raises_what_interrupted_it(db: Database, tmp_path: Path) -> None:
    fill(db)

    def stop(_pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        db.upkeep.copy_to(new(tmp_path / "copy.db"), stop)
    with db.write():  # nothing is held
        db.run(ADD, {"name": "a"})


def test_a_copy_onto_a_full_disk(db: Database, tmp_path: Path) -> None:
    import resource

    fill(db)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    copy = new(tmp_path / "copy.db")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(StorageError) as caught:
            db.upkeep.copy_to(copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code in {"io_error", "disk_full"}
    assert copy in caught.value.message


def test_a_copy_is_read_without_a_trace(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    copy = new(folder / "copy.db")
    db.upkeep.copy_to(copy)
    before = (folder / "copy.db").read_bytes()
    found = open_copy(copy)
    assert names(found) == 0
    with pytest.raises(StorageError), found.write():
        found.run(ADD, {"name": "a"})
    assert os.listdir(folder) == ["copy.db"]
    found.close()
    assert (folder / "copy.db").read_bytes() == before


# -- what SQLite finds wrong ---------------------------------------------------------------------------------


def test_a_sound_file_has_no_problems(db: Database) -> None:
    assert list(db.upkeep.problems()) == list(db.upkeep.problems(quick=True)) == []
    assert list(db.upkeep.broken_references()) == []


def test_pages_that_nothing_names(db: Database, path: str, opened: Open) -> None:
    db.close()
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name = 'agents_by_team'")
    conn.close()
    assert any("never used" in problem for problem in opened(path).upkeep.problems())


def test_a_row_that_names_another_which_is_not_there(db: Database, path: str, opened: Open) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("INSERT INTO org_domains (org_id, domain) VALUES (77, 'a.example')")
        conn.execute(
            "INSERT INTO contacts (id, email, email_key, org_id, role, created_at)"
            " VALUES (5, 'a@b', 'a@b', 77, 'main', '2026-01-01T00:00:00Z')"
        )
    conn.close()
    assert sorted(opened(path).upkeep.broken_references()) == [
        "a row of org_domains names a row of orgs that is not there",
        "row 5 of contacts names a row of orgs that is not there",
    ]


# -- packing and figures -------------------------------------------------------------------------------------


def test_vacuum_gives_back_what_is_free(db: Database, path: str) -> None:
    fill(db, 3000)
    with db.write():
        db.run("DELETE FROM teams WHERE id > 10")
    before = db.upkeep.stats()
    assert before.free_pages > 500
    after = db.upkeep.vacuum()
    assert (after.free_pages, after.log, names(db)) == (0, 0, 10)
    assert after.size == os.path.getsize(path) < before.size + before.log
    assert after.pages * 4096 == after.size
    assert after.logs


# -- alone ---------------------------------------------------------------------------------------------------


def test_alone_all_is_in_one_file_and_nobody_else_comes_in(db: Database, path: str, opened: Open) -> None:
    with db.write():
        db.run(ADD, {"name": "a"})
    with db.upkeep.alone():
        assert not os.path.exists(f"{path}-wal")
        with pytest.raises(BusyError):
            opened(path)
    other = opened(path)
    assert names(other) == 1
    with other.write():
        other.run(ADD, {"name": "b"})
    assert db.upkeep.stats().logs


@pytest.mark.parametrize("writing", [False, True])
def test_alone_is_refused_where_others_have_it_open(
    db: Database, path: str, opened: Open, writing: bool
) -> None:
    other = opened(path)
    if writing:
        with other.write():
            other.run(ADD, {"name": "b"})
    with pytest.raises(BusyError) as caught, db.upkeep.alone():
        pytest.fail("it is not alone")
    assert caught.value.code == "in_use"
    for each in (db, other):  # all is as before
        with each.write():
            each.run(ADD, {"name": f"{id(each)}"})
    assert db.upkeep.stats().logs


def test_alone_waits_for_others_to_end(db: Database, path: str, opened: Open) -> None:
    other = opened(path)
    patient = opened(path, wait=10)
    timer = threading.Timer(0.3, other.close)
    db.close()
    timer.start()
    with patient.upkeep.alone():
        assert not os.path.exists(f"{path}-wal")
    timer.join()


def test_held_says_whether_the_file_could_be_read(db: Database, path: str, tmp_path: Path) -> None:
    db.close()
    with upkeep.held(path, 0.1) as readable:
        assert readable
    other = tmp_path / "other"
    other.write_bytes(b"-- a dump\n" * 500)
    with upkeep.held(str(other), 0.1) as readable:
        assert not readable
    assert other.read_bytes() == b"-- a dump\n" * 500


def test_nothing_is_written_into_a_file_that_was_replaced(db: Database, path: str, tmp_path: Path) -> None:
    """A writer that waited for the lock while another file took the path."""
    with db.write():
        db.run(ADD, {"name": "a"})
    kept = tmp_path / "kept.db"
    os.rename(path, kept)
    for there in (False, True):
        if there:
            Path(path).touch()
        with pytest.raises(BusyError) as caught, db.write():
            pytest.fail("nobody would ever read it")
        assert caught.value.code == "replaced"
    os.unlink(path)
    os.rename(kept, path)
    with db.write():
        db.run(ADD, {"name": "b"})


# -- signals -------------------------------------------------------------------------------------------------


def test_a_signal_ends_one_long_call_of_the_engine(db: Database) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    unheard = threading.Timer(LONG, db._conn.interrupt)  # type: ignore[attr-defined]
    timer.start()
    unheard.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            db.upkeep._patiently(lambda: db.query(endless))  # type: ignore[attr-defined]
    finally:
        unheard.cancel()
        timer.join()
    assert names(db) == 0  # the connection is of use still


def test_a_failure_of_a_long_call_is_told(db: Database, path: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        db.upkeep._patiently(lambda: db.query("SELECT 1 FROM nowhere"))  # type: ignore[attr-defined]
