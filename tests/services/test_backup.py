"""Backups are whole or not there, whatever is written, killed or full meanwhile; names, modes, `--keep`."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from helpdesk_cli.adapters import new_file
from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError, StorageError, UsageError
from helpdesk_cli.services import backup, check, orgs, tickets
from helpdesk_cli.services.app import App

NAME = re.compile(r"helpdesk-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.db")
PROGRAM = """
import os, signal, sys
from helpdesk_cli.services import backup
from helpdesk_cli.services.app import App
path, target, pages = sys.argv[1:]
copied = 0
def on_done(n):
    global copied
    copied += n
    if copied >= int(pages):
        os.kill(os.getpid(), signal.SIGKILL)
print(backup.backup(App(path), target, replace=True, on_done=on_done)["tickets"])
"""
WRITER = """
import sys
from helpdesk_cli.services import tickets
from helpdesk_cli.services.app import App
n = 0
while True:
    app = App(sys.argv[1])
    tickets.create(app, subject=f"ticket {n}", sender="a@b.example", body="x" * 2000)
    app.close()
    n += 1
    print(n, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def large(database_path: Path) -> Path:
    """A database of some 14 MB."""
    conn = sqlite3.connect(database_path)
    with conn:
        conn.executemany(
            "INSERT INTO teams (name, name_key, created_at) VALUES (?, ?, '2026-01-01T00:00:00Z')",
            ((f"{n}", f"{n} {'x' * 3500}") for n in range(3500)),
        )
    conn.close()
    return database_path


def made(app: App, *given: Any, **more: Any) -> dict[str, Any]:
    """Make a backup as a command of its own does, whose clock is asked anew."""
    return backup.backup(App(app.db_path), *map(str, given), **more)


def whole(path: Path | str) -> int:
    """How many tickets a backup holds, in which `db check --deep` finds nothing wrong."""
    copy = f"{path}.opened"
    shutil.copy(path, copy)
    app = App(copy)
    try:
        assert list(check.deep(app)) == []
        return int(app.db.query("SELECT count(*) AS n FROM tickets")[0]["n"])
    finally:
        app.close()
        os.unlink(copy)


def refused(app: App, code: str, *given: Any, **more: Any) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as caught:
        made(app, *given, **more)
    assert caught.value.code == code
    assert caught.value.hint or code == "bad_number"
    return caught.value


# -- what is made --------------------------------------------------------------------------------------------


def test_a_backup_holds_everything(app: App, tmp_path: Path) -> None:
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    record = made(app, tmp_path / "copy.db")
    assert record == {
        "path": str(tmp_path / "copy.db"),
        "bytes": (tmp_path / "copy.db").stat().st_size,
        "tickets": 1,
        "at": record["at"],
        "removed": [],
        "attachments": 0,
    }
    assert whole(tmp_path / "copy.db") == 1


def test_backups_of_a_folder_are_called_after_the_time(app: App, folder: Path) -> None:
    record = backup.backup(App(app.db_path, now="2026-11-24T16:34:20Z"), str(folder))
    assert record["path"] == str(folder / "helpdesk-2026-11-24T16-34-20Z.db")
    assert record["at"] == "2026-11-24T16:34:20Z"
    assert os.listdir(folder) == ["helpdesk-2026-11-24T16-34-20Z.db"]


def test_two_in_one_second_are_two(app: App, folder: Path) -> None:
    with freeze_time("2026-11-24T16:34:20Z"):
        made(app, folder)
        tickets.create(app, subject="s", sender="a@b.example", body="b")
        made(app, f"{folder}/")
        made(app, folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"helpdesk-2026-11-24T16-34-20Z{which}.db" for which in ("", "_2", "_3")]
    assert [whole(folder / name) for name in names] == [0, 1, 1]
    with freeze_time("2026-11-24T16:34:21Z"):
        removed = made(app, folder, keep=2)["removed"]
    assert [os.path.basename(path) for path in removed] == names[:2]


def test_a_database_of_an_older_version_is_backed_up_as_it_is(app: App, tmp_path: Path) -> None:
    app.close()
    with sqlite3.connect(app.db_path) as conn:
        conn.execute("DROP TABLE views")
        conn.execute("PRAGMA user_version = 2")
    conn.close()
    made(app, tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (2,)
    conn.close()


@pytest.mark.usefixtures("umask_022")
def test_a_backup_is_its_owners_alone(app: App, tmp_path: Path) -> None:
    os.chmod(app.db_path, 0o644)
    assert stat.S_IMODE(os.stat(made(app, tmp_path / "copy.db")["path"]).st_mode) == 0o600


@pytest.mark.usefixtures("umask_022")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_a_backup_of_a_shared_database_is_the_groups_too(app: App, folder: Path) -> None:
    os.chmod(app.db_path, 0o660)
    os.chown(app.db_path, -1, 1)
    info = os.stat(made(app, folder)["path"])
    assert (stat.S_IMODE(info.st_mode), info.st_gid) == (0o660, 1)


# -- --keep --------------------------------------------------------------------------------------------------


def test_keep_removes_the_oldest_and_nothing_else(app: App, folder: Path) -> None:
    others = [
        "helpdesk-2020-01-01.db",
        "other-2020-01-01T00-00-00Z.db",
        "helpdesk-2020-01-01T00-00-00Z.db.gz",
    ]
    for name in others:
        (folder / name).touch()
    (folder / "helpdesk-2019-01-01T00-00-00Z.db").mkdir()
    (folder / "helpdesk-2019-01-02T00-00-00Z.db").symlink_to(others[0])
    removed = []
    for hour in range(5):
        with freeze_time(f"2026-11-24T0{hour}:00:00Z"):
            removed.append([os.path.basename(path) for path in made(app, folder, keep=3)["removed"]])
    assert removed == [
        [], [], [], ["helpdesk-2026-11-24T00-00-00Z.db"], ["helpdesk-2026-11-24T01-00-00Z.db"],
    ]  # fmt: skip
    plain = {path.name for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
    assert plain - set(others) == {f"helpdesk-2026-11-24T0{hour}-00-00Z.db" for hour in (2, 3, 4)}
    assert len(list(folder.iterdir())) == 3 + len(others) + 2


def test_keep_spares_the_new_one_where_the_clock_was_set_back(app: App, folder: Path) -> None:
    with freeze_time("2026-11-24T00:00:00Z"):
        first = made(app, folder)["path"]
    with freeze_time("2026-11-20T00:00:00Z"):
        second = made(app, folder, keep=1)
    assert (second["removed"], os.listdir(folder)) == ([first], [os.path.basename(second["path"])])


def test_keep_is_of_a_folder_and_one_at_least(app: App, tmp_path: Path, folder: Path) -> None:
    assert isinstance(refused(app, "not_a_folder", tmp_path / "copy.db", keep=3), UsageError)
    assert isinstance(refused(app, "bad_number", folder, keep=0), UsageError)
    assert not os.listdir(folder)


# -- what is refused -----------------------------------------------------------------------------------------


def test_a_file_that_is_there_is_replaced_only_if_wanted(app: App, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    made(app, copy)
    before = copy.read_bytes()
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    assert isinstance(refused(app, "exists", copy), RefusedError)
    assert copy.read_bytes() == before
    made(app, copy, replace=True)
    assert whole(copy) == 1


@pytest.mark.parametrize("content", [b"", b"my letters", b"-- a dump\n" * 500])
def test_a_file_that_is_no_backup_is_never_replaced(app: App, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "letters.txt"
    other.write_bytes(content)
    refused(app, "not_a_backup", other, replace=True)
    assert other.read_bytes() == content


def test_the_database_itself_is_no_place_for_its_backup(app: App, database_path: Path) -> None:
    app.db.query("SELECT 1 FROM tickets")
    link = database_path.with_name("link.db")
    link.symlink_to(database_path)
    for path in (database_path, link, f"{database_path}-wal", f"{database_path}-shm"):
        refused(app, "same_file", path, replace=True)


def test_a_folder_that_is_not_there(app: App, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "copy.db", f"{tmp_path}/none/"):
        error = refused(app, "no_folder", path)
        assert isinstance(error, NotFoundError)
        assert error.message == f"there is no folder {tmp_path}/none"
        assert error.hint == f"make it with `mkdir -p {tmp_path}/none`"


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    app = App(str(tmp_path / "none.db"))
    assert isinstance(refused(app, "no_database", tmp_path / "copy.db"), NotFoundError)
    assert not os.listdir(tmp_path)


def test_a_damaged_database_gets_no_backup(large: Path, folder: Path) -> None:
    with large.open("r+b") as file:
        file.seek(large.stat().st_size // 2)
        file.write(b"\xff" * 20_000)
    assert isinstance(refused(App(str(large)), "corrupt", folder), StorageError)
    assert os.listdir(folder) == []


def test_a_database_with_pages_that_nothing_names_gets_no_backup(app: App, folder: Path) -> None:
    with sqlite3.connect(app.db_path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name = 'agents_by_team'")
    conn.close()
    assert "never used" in refused(app, "corrupt", folder).message
    assert os.listdir(folder) == []


def test_a_full_disk_leaves_the_old_backup(large: Path, tmp_path: Path) -> None:
    app, copy = App(str(large)), tmp_path / "copy.db"
    made(app, copy)
    before = copy.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, hard))
    try:
        with pytest.raises(StorageError):
            made(app, copy, replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert copy.read_bytes() == before
    assert not hidden(tmp_path)


# -- others at work, and kills -------------------------------------------------------------------------------


def hidden(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".")]


def test_backups_are_whole_while_others_write(large: Path, folder: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(large)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout
        before = [int(writer.stdout.readline()) for _ in range(3)][-1]
        counts = []
        for number in range(4):
            record = made(App(str(large)), folder / f"{number}.db")
            assert record["tickets"] == whole(record["path"])
            counts.append(record["tickets"])
    finally:
        writer.kill()
        output, errors = writer.communicate()
    assert errors == ""
    written = int(output.splitlines()[-1])
    assert before <= counts[0] < counts[-1] <= written + 1  # it went on writing all the while
    assert counts == sorted(counts)


def killed_at(path: Path, target: Path, pages: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(target), str(pages)], capture_output=True, check=False
    )
    return done.returncode


@pytest.mark.parametrize("pages", [1, 2000, 3500])
def test_a_kill_leaves_the_old_backup_and_no_half_one(large: Path, folder: Path, pages: int) -> None:
    target = folder / "copy.db"
    assert killed_at(large, target, pages) == -signal.SIGKILL
    assert not target.exists()
    made(App(str(large)), target)
    before = target.read_bytes()
    assert killed_at(large, target, pages) == -signal.SIGKILL
    assert target.read_bytes() == before
    assert hidden(folder)


def test_what_kills_left_is_removed_once_nobody_writes_it(large: Path, folder: Path) -> None:
    app = App(str(large))
    killed_at(large, folder, 1)
    killed_at(large, folder / "mine.db", 1)
    (folder / ".mine.db.part-0123456").touch()
    fresh = len(hidden(folder))
    made(app, folder)
    assert len(hidden(folder)) == fresh == 3
    old = time.time() - new_file.ABANDONED_SECONDS - 5
    for name in hidden(folder):
        os.utime(folder / name, (old, old))
    made(app, folder)
    assert all(name.startswith(".mine.db") for name in hidden(folder))
    made(app, folder / "mine.db")
    assert hidden(folder) == [".mine.db.part-0123456"]


def test_random_kills(large: Path, folder: Path) -> None:
    target, chance = folder / "copy.db", random.Random(5)
    command = [sys.executable, "-c", PROGRAM, str(large), str(target), "100000000"]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    takes = time.perf_counter() - started
    killed = 0
    for _ in range(8):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.2, 1.0) * takes)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        assert whole(target) == 0
    assert killed > 0
    assert whole(large) == 0


# -- the file systems that know no links ---------------------------------------------------------------------


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_without_links_a_file_that_is_there_is_refused_too(app: App, tmp_path: Path) -> None:
    made(app, tmp_path / "copy.db")
    assert whole(tmp_path / "copy.db") == 0

    def another(_pages: int) -> None:
        (tmp_path / "new.db").write_bytes(b"somebody else's")

    refused(app, "exists", tmp_path / "new.db", on_done=another)
    assert (tmp_path / "new.db").read_bytes() == b"somebody else's"
    assert not hidden(tmp_path)


def test_a_file_that_appears_meanwhile_is_not_replaced(app: App, tmp_path: Path) -> None:
    def another(_pages: int) -> None:
        (tmp_path / "new.db").write_bytes(b"somebody else's")

    refused(app, "exists", tmp_path / "new.db", on_done=another)
    assert (tmp_path / "new.db").read_bytes() == b"somebody else's"


def test_the_names_are_those_that_keep_looks_for(app: App, folder: Path) -> None:
    assert NAME.fullmatch(os.path.basename(made(app, folder)["path"]))
    assert orgs.list_orgs(app)[1] == 0  # the app is of use still
    assert isinstance(backup.size(app), int)
