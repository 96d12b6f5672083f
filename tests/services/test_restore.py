"""A restored backup takes a database's place in one step, and that is kept; what fails changes nothing."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import BusyError, HelpdeskError, RefusedError, StorageError
from helpdesk_cli.services import backup, check, restore, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import database
from helpdesk_cli.storage.database import SCHEMA_VERSION, version_at
from tests.old_files import VERSIONS, make_old

KILLED = """
import os, signal, sys
from helpdesk_cli.services import restore
from helpdesk_cli.services.app import App
kill = lambda _pages: os.kill(os.getpid(), signal.SIGKILL)
restore.restore(App(sys.argv[1]), sys.argv[2], replace=True, on_done=kill)
"""


@pytest.fixture
def copy(database_path: Path, tmp_path: Path) -> Path:
    """A backup of the test's database, with one ticket; the database has another one by now."""
    folder = tmp_path / "backups"
    folder.mkdir()
    write_ticket(database_path)
    app = App(str(database_path))
    path = Path(backup.backup(app, str(folder))["path"])
    write_ticket(database_path)
    return path


def write_ticket(path: Path) -> None:
    app = App(str(path))
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    app.close()


def count(path: Path | str) -> int:
    """How many tickets a sound database holds."""
    app = App(str(path))
    try:
        assert list(check.deep(app)) == []
        return int(app.db.query("SELECT count(*) AS n FROM tickets")[0]["n"])
    finally:
        app.close()


def restored(path: Path, source: Path | str, **more: Any) -> dict[str, Any]:
    return restore.restore(App(str(path)), str(source), **more)


def refused(path: Path, source: Path | str, code: str, **more: Any) -> HelpdeskError:
    there = path.read_bytes() if path.is_file() else None
    names = sorted(os.listdir(path.parent))
    with pytest.raises(HelpdeskError) as caught:
        restored(path, source, **more)
    assert caught.value.code == code
    assert caught.value.hint
    assert (path.read_bytes() if path.is_file() else None) == there
    assert sorted(os.listdir(path.parent)) == names
    return caught.value


def test_a_backup_becomes_the_database(copy: Path, tmp_path: Path) -> None:
    path, before = tmp_path / "new" / "place.db", copy.read_bytes()
    record = restored(path, copy)
    assert record == {
        "path": str(path),
        "source": str(copy),
        "bytes": path.stat().st_size,
        "tickets": 1,
        "from_version": SCHEMA_VERSION,
        "to_version": SCHEMA_VERSION,
        "replaced": None,
        "at": record["at"],
        "attachments": 0,
    }
    assert count(path) == 1
    assert copy.read_bytes() == before
    assert os.listdir(copy.parent) == [copy.name]
    assert os.listdir(path.parent) == ["place.db"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    write_ticket(path)
    assert count(path) == 2


def test_a_database_is_replaced_only_if_wanted_and_kept(copy: Path, database_path: Path) -> None:
    assert isinstance(refused(database_path, copy, "exists"), RefusedError)
    kept = restored(database_path, copy, replace=True)["replaced"]
    assert kept.startswith(f"{database_path}.before-restore-20")
    assert (count(database_path), count(kept)) == (1, 2)
    # And the way back, in the same second.
    again = restored(database_path, kept, replace=True)["replaced"]
    assert (count(database_path), count(kept), count(again)) == (2, 2, 1)
    write_ticket(database_path)
    assert (count(database_path), count(kept), count(again)) == (3, 2, 1)


def test_what_was_only_in_the_log_is_kept_too(copy: Path, database_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from helpdesk_cli.services import tickets\n"
        "from helpdesk_cli.services.app import App\n"
        "tickets.create(App(sys.argv[1]), subject='s', sender='a@b.example', body='b')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(database_path)], check=True)
    assert os.path.getsize(f"{database_path}-wal") > 0
    kept = restored(database_path, copy, replace=True)["replaced"]
    assert (count(database_path), count(kept)) == (1, 3)


def test_a_link_stays_one(copy: Path, database_path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(database_path)
    restored(link, copy, replace=True)
    assert link.is_symlink()
    assert count(database_path) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_a_shared_database_stays_shared(copy: Path, database_path: Path) -> None:
    os.chown(database_path, -1, 1)
    database_path.chmod(0o660)
    restored(database_path, copy, replace=True)
    info = database_path.stat()
    assert (stat.S_IMODE(info.st_mode), info.st_gid) == (0o660, 1)


def test_an_open_mode_is_not_kept(copy: Path, database_path: Path) -> None:
    database_path.chmod(0o644)
    restored(database_path, copy, replace=True)
    assert stat.S_IMODE(database_path.stat().st_mode) == 0o600


# -- older versions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    old = make_old(tmp_path / "old.db", version)
    before, path = old.read_bytes(), tmp_path / "desk.db"
    record = restored(path, old)
    assert (record["from_version"], record["to_version"]) == (version, SCHEMA_VERSION)
    assert count(path) == record["tickets"] > 0
    assert old.read_bytes() == before


def test_a_database_of_an_older_version_is_replaced(copy: Path, tmp_path: Path) -> None:
    old = make_old(tmp_path / "old.db", 1)
    kept = restored(old, copy, replace=True)["replaced"]
    assert (count(old), version_at(kept)) == (1, 1)


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "no_backup"),
        (b"", "no_backup"),
        (b"-- a dump\n" * 500, "not_a_database"),
        (b"tiny", "not_a_database"),
    ],
)
def test_what_is_no_backup(database_path: Path, tmp_path: Path, content: bytes | None, code: str) -> None:
    source = tmp_path / "source"
    if content is not None:
        source.write_bytes(content)
    error = refused(database_path, source, code, replace=True)
    assert "db backup" in str(error.hint)


def test_a_folder_is_no_backup(copy: Path, database_path: Path) -> None:
    refused(database_path, copy.parent, "not_a_database", replace=True)
    with pytest.raises(StorageError) as caught:
        restored(copy.parent, copy, replace=True)
    assert caught.value.code == "not_a_database"


def test_a_database_of_another_program_is_no_backup(database_path: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as conn:
        conn.execute("CREATE TABLE theirs (a)")
    conn.close()
    refused(database_path, tmp_path / "other.db", "not_a_database", replace=True)


def test_a_newer_backup(copy: Path, database_path: Path) -> None:
    with sqlite3.connect(copy) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    refused(database_path, copy, "newer_version", replace=True)


def test_a_damaged_backup(copy: Path, database_path: Path) -> None:
    with copy.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 8 * 4096)
    refused(database_path, copy, "corrupt", replace=True)


def test_a_truncated_backup(copy: Path, database_path: Path) -> None:
    os.truncate(copy, copy.stat().st_size // 2)
    refused(database_path, copy, "corrupt", replace=True)


def test_a_database_is_no_backup_of_itself(database_path: Path) -> None:
    refused(database_path, database_path, "same_file", replace=True)


def test_a_database_that_is_open_elsewhere(copy: Path, database_path: Path) -> None:
    other = App(str(database_path))
    assert len(other.db.query("SELECT id FROM tickets")) == 2
    with pytest.raises(BusyError) as caught:
        restore.restore(App(str(database_path), wait=0.1), str(copy), replace=True)
    assert (caught.value.code, caught.value.exit_code) == ("in_use", 5)
    tickets.create(other, subject="s", sender="a@b.example", body="b")
    other.close()
    assert count(database_path) == 3
    assert not [name for name in os.listdir(database_path.parent) if "restore" in name or "part" in name]
    restored(database_path, copy, replace=True)
    assert count(database_path) == 1


def test_who_waited_writes_nothing_into_the_old_file(copy: Path, database_path: Path) -> None:
    """A command that had opened the database, but not yet read it."""
    from helpdesk_cli.storage.database import open_database

    waiting = open_database(str(database_path))
    waiting._conn.execute("PRAGMA journal_mode = DELETE")  # type: ignore[attr-defined]  # holds no lock now
    kept = restored(database_path, copy, replace=True)["replaced"]
    with pytest.raises(BusyError) as caught, waiting.write():
        pytest.fail("it would be lost")
    assert caught.value.code == "replaced"
    waiting.close()
    assert (count(database_path), count(kept)) == (1, 2)


# -- what is there and no database ---------------------------------------------------------------------------


def test_a_damaged_database_is_replaced_and_kept(copy: Path, database_path: Path) -> None:
    database_path.write_bytes(b"\xff" * 10_000)
    assert restore.replaces(App(str(database_path)))
    kept = restored(database_path, copy, replace=True)["replaced"]
    assert Path(kept).read_bytes() == b"\xff" * 10_000
    assert count(database_path) == 1


@pytest.mark.parametrize("there", ["empty", "without tables"])
def test_what_counts_as_missing_is_replaced_unasked(copy: Path, tmp_path: Path, there: str) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    if there == "without tables":
        database.open_database(str(path), create=True).close()
    assert not restore.replaces(App(str(path)))
    assert restored(path, copy)["replaced"] is None
    assert count(path) == 1
    assert not [name for name in os.listdir(tmp_path) if name.startswith("desk.db.")]


def test_the_log_of_a_database_that_is_gone_does_not_get_into_the_new_one(
    copy: Path, database_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "desk.db"
    shutil.copy(database_path, path)
    app = App(str(path))
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    shutil.copy(f"{path}-wal", tmp_path / "log")
    app.close()
    path.unlink()
    shutil.move(tmp_path / "log", f"{path}-wal")
    assert restored(path, copy)["tickets"] == 1
    assert count(path) == 1
    assert [name for name in os.listdir(tmp_path) if name.startswith("desk.db.left")]


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_what_another_database_left_beside_the_name_is_set_aside(
    copy: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / "desk.db"
    Path(f"{path}{suffix}").write_bytes(b"of another one")
    assert restored(path, copy)["replaced"] is None
    (left,) = (name for name in os.listdir(tmp_path) if name.startswith("desk.db.left"))
    assert left.endswith(suffix)
    assert (tmp_path / left).read_bytes() == b"of another one"
    assert count(path) == 1


# -- kills and failures --------------------------------------------------------------------------------------


def test_a_kill_leaves_the_database_as_it_was(copy: Path, database_path: Path) -> None:
    before = database_path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(database_path), str(copy)], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert database_path.read_bytes() == before
    assert count(database_path) == 2
    restored(database_path, copy, replace=True)
    assert count(database_path) == 1


@pytest.mark.parametrize("links", [True, False])
def test_a_failure_in_the_last_step_leaves_all_as_it_was(
    copy: Path, database_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        if not links:
            patch.setattr(os, "link", refuse)
        with pytest.raises(StorageError):
            restored(database_path, copy, replace=True)
    assert sorted(os.listdir(database_path.parent)) == ["backups", "helpdesk.db"]
    assert count(database_path) == 2
    app = App(str(database_path))
    assert app.db.upkeep.stats().logs
    app.close()


def test_without_links_it_is_renamed(
    copy: Path, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    kept = restored(database_path, copy, replace=True)["replaced"]
    assert (count(database_path), count(kept)) == (1, 2)
