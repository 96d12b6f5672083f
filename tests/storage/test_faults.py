"""What a missing, locked, read-only, foreign, newer or damaged file says, and that it stays as it was."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk_cli.errors import BusyError, HelpdeskError, NotFoundError, StorageError
from helpdesk_cli.services import orgs
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.database import Database, version_at
from helpdesk_cli.storage.schema import initialise
from helpdesk_cli.storage.sqlite import known_error

Open = Callable[..., Database]
ADD = "INSERT INTO teams (name, name_key, created_at) VALUES (:name, :name, '2026-01-01T00:00:00Z')"
NOBODY = 65534


def refused(open_: Open, path: str, code: str, *, create: bool = False) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as caught:
        open_(path, create=create)
    assert caught.value.code == code
    assert caught.value.hint
    return caught.value


def test_a_missing_file(path: str, opened: Open) -> None:
    for absent in (path, f"{path}/below/it.db", f"{path}.no/where.db"):
        error = refused(opened, absent, "no_database")
        assert isinstance(error, NotFoundError)
        assert "helpdesk init" in (error.hint or "")
        assert version_at(absent) == 0
    assert not os.path.exists(path)


def test_a_file_below_a_file(path: str, opened: Open) -> None:
    Path(path).write_bytes(b"")
    refused(opened, f"{path}/it.db", "no_database")
    refused(opened, f"{path}/it.db", "io_error", create=True)


def test_an_empty_file_counts_as_missing(path: str, opened: Open) -> None:
    Path(path).touch()
    refused(opened, path, "no_database")


def test_a_file_without_tables_counts_as_missing(path: str, opened: Open) -> None:
    opened(path, create=True).close()
    assert os.path.getsize(path) > 0
    refused(opened, path, "no_database")


@pytest.mark.parametrize("content", [b"\n", b"hello", b"-- a dump\n" * 500, bytes(5000)])
def test_a_file_of_another_kind(path: str, opened: Open, content: bytes) -> None:
    Path(path).write_bytes(content)
    refused(opened, path, "not_a_database")
    refused(opened, path, "not_a_database", create=True)
    assert Path(path).read_bytes() == content


def test_a_database_of_another_program(path: str, opened: Open) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.close()
    before = Path(path).read_bytes()
    assert "another program" in refused(opened, path, "not_a_database").message
    assert Path(path).read_bytes() == before


def test_what_is_no_file(tmp_path: Path, opened: Open) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (str(tmp_path), str(fifo), "/dev/null"):
        refused(opened, path, "not_a_database")
        refused(opened, path, "not_a_database", create=True)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 300])
def test_names_that_no_file_can_have(tmp_path: Path, opened: Open, name: str) -> None:
    path = f"{tmp_path}/{name}"
    refused(opened, path, "io_error")
    refused(opened, path, "io_error", create=True)


def test_a_newer_version(db: Database, path: str, opened: Open) -> None:
    with db.write():
        db.query("PRAGMA user_version = 99")
    error = refused(opened, path, "newer_version")
    assert "99" in error.message
    refused(opened, path, "newer_version", create=True)


@pytest.mark.parametrize("left", [50, 100, 600, 4096, 40_000])
def test_a_truncated_file(database_path: Path, left: int) -> None:
    content = database_path.read_bytes()[:left]
    database_path.write_bytes(content)
    app = App(str(database_path))
    with pytest.raises(StorageError) as caught:
        list(orgs.list_orgs(app)[0])
    app.close()
    assert caught.value.code in {"corrupt", "not_a_database"}
    assert database_path.read_bytes() == content


def test_a_text_that_is_damaged(db: Database) -> None:
    with pytest.raises(StorageError) as caught:
        db.query("SELECT CAST(x'ff' AS TEXT) AS text")
    assert caught.value.code == "corrupt"


def test_a_locked_file(db: Database, path: str, opened: Open) -> None:
    other = opened(path)
    with db.write():
        with pytest.raises(BusyError) as caught, other.write():
            pytest.fail("the lock was given twice")
        assert other.query("SELECT id FROM teams") == []
    assert (caught.value.exit_code, caught.value.code) == (5, "busy")


def test_a_file_locked_by_another_program(path: str, opened: Open) -> None:
    Path(path).touch()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE theirs (a)")
    refused(opened, path, "busy")
    refused(opened, path, "busy", create=True)
    other.close()


def test_a_full_disk(db: Database) -> None:
    with db.write():
        db.run(ADD, {"name": "before"})
    row = db.one("PRAGMA page_count")
    assert row is not None
    db.query(f"PRAGMA max_page_count = {row['page_count']}")
    with pytest.raises(StorageError) as caught, db.write():
        db.run_many(ADD, ({"name": f"{n} {'x' * 1000}"} for n in range(1000)))
    assert caught.value.code == "disk_full"
    db.query("PRAGMA max_page_count = 1000000")
    assert [row["name"] for row in db.query("SELECT name FROM teams")] == ["before"]
    with db.write():
        db.run(ADD, {"name": "after"})


def test_a_disk_that_fails(db: Database) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StorageError) as caught, db.write():
            db.run(ADD, {"name": "x" * 10_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code in {"io_error", "disk_full"}
    assert db.query("SELECT name FROM teams") == []


@pytest.mark.parametrize(("pages", "code"), [(0, "disk_full"), (7, "disk_full"), (8, "io_error")])
def test_a_disk_without_room_for_the_shared_memory_is_full(
    path: str, monkeypatch: pytest.MonkeyPatch, pages: int, code: str
) -> None:
    """SQLite takes 32 KiB beside a file before it reads it, and calls what it lacks for that an I/O error."""
    room = os.statvfs_result((4096, 4096, 1000, pages, pages, 100, 100, 100, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _folder: room)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    found = known_error(error, path)
    assert found is not None
    assert found.code == code


@contextmanager
def as_plain_user() -> Iterator[None]:
    """Permissions stop nobody who is root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_read_only_file_can_be_read(
    public_folder: Path, fresh_database: Path, opened: Open, folder_mode: int
) -> None:
    file = public_folder / "t.db"
    shutil.copy(fresh_database, file)
    file.chmod(0o444)
    public_folder.chmod(folder_mode)
    with as_plain_user():
        database = opened(str(file))
        assert len(database.query("SELECT version FROM policies")) == 1
        with pytest.raises(StorageError) as caught, database.write():
            database.run(ADD, {"name": "a"})
        database.close()
        assert caught.value.code == "read_only"
        if folder_mode == 0o555:
            # Who stays connected would never see a change: SQLite's readers meet in a file beside this one.
            with pytest.raises(StorageError):
                opened(str(file), live=True)
        refused(opened, f"{public_folder}/new.db", "io_error", create=True) if folder_mode == 0o555 else None
    assert file.read_bytes() == fresh_database.read_bytes()


def test_a_read_only_file_that_is_being_written(public_folder: Path, opened: Open) -> None:
    file = public_folder / "t.db"
    writer = opened(str(file), create=True)
    initialise(writer)
    with writer.write():
        writer.run(ADD, {"name": "a"})
    for each in public_folder.iterdir():
        each.chmod(0o444)
    public_folder.chmod(0o555)
    with as_plain_user():
        assert [row["name"] for row in opened(str(file)).query("SELECT name FROM teams")] == ["a"]


def test_a_file_that_may_not_be_read(public_folder: Path, fresh_database: Path, opened: Open) -> None:
    file = public_folder / "t.db"
    shutil.copy(fresh_database, file)
    file.chmod(0)
    with as_plain_user():
        refused(opened, str(file), "io_error")


def test_initialising_a_read_only_file(public_folder: Path, opened: Open) -> None:
    file = public_folder / "t.db"
    file.touch(0o444)
    file.chmod(0o444)
    public_folder.chmod(0o555)
    with as_plain_user(), pytest.raises(StorageError):
        initialise(opened(str(file), create=True))


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only"), (errno.EIO, "io_error")]
)
def test_a_file_that_cannot_be_made(
    path: str, opened: Open, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(*_args: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", fail)
    refused(opened, path, code, create=True)


def test_what_failed_first_is_told_when_the_rollback_fails_too(db: Database, path: str) -> None:
    other = sqlite3.connect(path)
    with pytest.raises(ValueError, match="first"), db.write():  # noqa: PT012 - a transaction
        db.run(ADD, {"name": "a"})
        conn = db._conn  # type: ignore[attr-defined]
        conn.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
        raise ValueError("first")
    conn.set_authorizer(None)
    db.close()
    assert other.execute("SELECT name FROM teams").fetchall() == []
    other.close()
