"""Attached files through backup, restore, vacuum, doctor and kills: none is lost, none is left for good."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters import new_file, sharing
from helpdesk_cli.adapters.file_store import FileStore
from helpdesk_cli.services import (
    attachments,
    backup,
    check,
    doctor,
    maintenance,
    migration,
    restore,
    setup,
    tickets,
)
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import packed
from helpdesk_cli.storage.database import open_copy

CONTENTS = {"a.txt": b"hello", "empty": b"", "large.bin": bytes(range(256)) * 12_000}
HOUR = 3600


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "given"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in CONTENTS]


@pytest.fixture
def filled(make_app: Callable[..., App], files: list[str]) -> App:
    """A database with a ticket that three files came with, one of them twice."""
    app = make_app()
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files)
    attachments.add(app, 1, files[:1])
    return app


@pytest.fixture
def opened() -> Iterator[Callable[..., App]]:
    made: list[App] = []

    def open_(path: object, **given: Any) -> App:
        made.append(App(str(path), **given))
        return made[-1]

    yield open_
    for app in made:
        app.close()


def store(app: App) -> FileStore:
    return FileStore(app.db_path)


def kept(app: App) -> list[str]:
    return list(store(app).names())


def saved(app: App, folder: Path) -> dict[str, bytes]:
    """What is saved of ticket 1, by name."""
    folder.mkdir(exist_ok=True)
    saving = attachments.Saving(app, 1, str(folder))
    paths = [saving.save(id_)["path"] for id_ in saving.all_ids()]
    return {os.path.basename(path): Path(path).read_bytes() for path in paths}


def problems(app: App) -> list[str]:
    return list(check.deep(app))


def age(path: str, hours: float = 2) -> None:
    """Let a file be that old."""
    info = os.stat(path)
    os.utime(path, (info.st_atime, info.st_mtime - hours * HOUR))


# -- backup and restore --------------------------------------------------------------------------------------


def test_a_backup_alone_brings_everything_back(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    """On another host there is nothing but that one file."""
    record = backup.backup(filled, str(tmp_path / "copy.db"))
    assert record["attachments"] == 3
    assert filled.announcements == []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.rename(tmp_path / "copy.db", elsewhere / "copy.db")
    before = (elsewhere / "copy.db").read_bytes()
    app = opened(elsewhere / "new" / "desk.db")
    assert restore.restore(app, str(elsewhere / "copy.db"))["attachments"] == 3
    assert saved(app, tmp_path / "out") == CONTENTS
    assert (problems(app), kept(app)) == ([], kept(filled))
    assert (elsewhere / "copy.db").read_bytes() == before
    assert not packed.there(app.db)
    assert os.path.getsize(app.db_path) < len(CONTENTS["large.bin"])
    app.close()
    assert sorted(os.listdir(elsewhere / "new")) == ["desk.db", "desk.db.files"]


def test_a_backup_can_be_looked_into_as_it_is(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    backup.backup(filled, str(tmp_path / "copy.db"))
    app = opened(tmp_path / "copy.db")
    assert problems(app) == []
    assert saved(app, tmp_path / "out") == CONTENTS
    with app.db.write():
        app.db.run(f"UPDATE {packed.TABLE} SET content = x'00' WHERE piece = 0")
    assert len(problems(app)) == 4  # each attachment by its number


def test_backups_without_attached_files_have_no_table_more(app: App, tmp_path: Path) -> None:
    backup.backup(app, str(tmp_path / "copy.db"))
    copy = open_copy(str(tmp_path / "copy.db"))
    assert not packed.there(copy)
    copy.close()


def test_a_backup_is_made_of_what_is_left(filled: App, tmp_path: Path, opened: Callable[..., App]) -> None:
    lost = next(sha for sha in kept(filled) if os.path.getsize(store(filled).path(sha)) == 5)
    Path(store(filled).path(lost)).write_bytes(b"jello")
    record = backup.backup(filled, str(tmp_path / "copy.db"))
    assert record["attachments"] == 2
    told = "1 of 3 attached files are lost and not in the backup: `helpdesk db check --deep` names them"
    assert filled.announcements == [told]
    app = opened(tmp_path / "new.db")
    assert restore.restore(app, str(tmp_path / "copy.db"))["attachments"] == 3
    assert "1 of 3 attached files are lost" in app.announcements[0]
    assert [problem.split(":")[1] for problem in problems(app)] == [
        " the file of attachment 1 is not there", " the file of attachment 4 is not there",
    ]  # fmt: skip


def test_what_is_damaged_beside_a_database_is_not_restored(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    damaged = next(sha for sha in kept(filled) if os.path.getsize(store(filled).path(sha)) == 5)
    Path(store(filled).path(damaged)).write_bytes(b"jello")
    filled.close()
    app = opened(tmp_path / "new.db")
    assert restore.restore(app, filled.db_path)["attachments"] == 3
    assert "1 of 3 attached files are lost" in app.announcements[0]
    assert damaged not in kept(app)
    assert len(kept(app)) == 2


def test_the_replaced_database_keeps_its_files(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    """Also once those that the new one does not name are removed."""
    other = opened(tmp_path / "other.db")
    setup.init(other)
    backup.backup(other, str(tmp_path / "copy.db"))
    filled.close()
    kept_as = restore.restore(filled, str(tmp_path / "copy.db"), replace=True)["replaced"]
    assert (len(kept(filled)), filled.announcements) == (3, [])
    assert maintenance.vacuum(filled)["files_removed"] == 3
    assert not os.path.exists(store(filled).root)
    old = opened(kept_as)
    assert (problems(old), saved(old, tmp_path / "out")) == ([], CONTENTS)
    old.close()
    filled.close()
    assert restore.restore(filled, kept_as, replace=True)["attachments"] == 3
    assert (problems(filled), saved(filled, tmp_path / "out2")) == ([], CONTENTS)


def test_a_restore_that_fails_leaves_no_file(
    filled: App, tmp_path: Path, opened: Callable[..., App], monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(filled, str(tmp_path / "copy.db"))
    app = opened(tmp_path / "new" / "desk.db")

    def fail(_part: str, _path: str) -> int:
        raise OSError(5, "no more")

    monkeypatch.setattr(backup, "checked", fail)
    with pytest.raises(Exception, match="no more"):
        restore.restore(app, str(tmp_path / "copy.db"))
    assert os.listdir(tmp_path / "new") == []


def test_a_restore_that_fails_leaves_the_database_its_files(
    filled: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(filled, str(tmp_path / "copy.db"))
    before = kept(filled)

    def fail(_part: str, _path: str) -> int:
        raise OSError(5, "no more")

    monkeypatch.setattr(backup, "checked", fail)
    filled.close()
    with pytest.raises(Exception, match="no more"):
        restore.restore(filled, str(tmp_path / "copy.db"), replace=True)
    assert sorted(os.listdir(tmp_path)) == ["copy.db", "given", "helpdesk.db", "helpdesk.db.files"]
    assert (kept(filled), problems(filled)) == (before, [])


def test_a_migration_copies_no_files(filled: App) -> None:
    """They are not touched by it, and stay beside."""
    with filled.db.write():
        filled.db.query("PRAGMA user_version = 3")
        filled.db.run("DELETE FROM _sqlite_migrations WHERE name = 'company'")
    filled.close()
    path = migration._copy(filled)
    copy = open_copy(path)
    assert not packed.there(copy)
    copy.close()


def test_neither_takes_memory_with_the_size_of_files(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    large = tmp_path / "24.bin"
    with open(large, "wb") as file:
        file.truncate(24 * 1024 * 1024)
    attachments.add(filled, 1, [str(large)])
    app = opened(tmp_path / "new.db")
    tracemalloc.start()
    try:
        backup.backup(filled, str(tmp_path / "copy.db"))
        restore.restore(app, str(tmp_path / "copy.db"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert problems(app) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_a_shared_database_is_restored_with_shared_files(filled: App, tmp_path: Path) -> None:
    backup.backup(filled, str(tmp_path / "copy.db"))
    maintenance.vacuum(filled)
    filled.close()
    for sha in kept(filled):
        store(filled).remove(sha)
    os.chmod(filled.db_path, 0o660)
    os.chown(filled.db_path, -1, 1)
    restore.restore(filled, str(tmp_path / "copy.db"), replace=True)
    for sha in kept(filled):
        info = os.stat(store(filled).path(sha))
        assert (stat.S_IMODE(info.st_mode), info.st_gid) == (0o660, 1)


# -- sharing -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_init_for_a_group_shares_the_files_too(tmp_path: Path, files: list[str]) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    app = App(str(folder / "desk.db"))
    setup.init(app)
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files)
    app.close()
    checked = sharing.check(app.db_path, "daemon")
    sharing.share(checked)
    root = Path(store(app).root)
    for path in (root, *root.iterdir()):
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_gid) == (0o2770, checked.gid)
    for path in root.glob("*/*"):
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_gid) == (0o660, checked.gid)
    assert store(app).openness() is None


# -- vacuum and doctor ---------------------------------------------------------------------------------------


def named(app: App) -> set[str]:
    ours = {"attachments_lost", "attachments_left_over", "mode_too_open"}
    return {finding["name"] for finding in doctor.examine(app)} & ours


def test_vacuum_removes_what_no_row_names_and_nothing_else(filled: App) -> None:
    before = kept(filled)
    left = attachments.prepared(filled, [__file__])[0].file.sha256
    assert left in kept(filled)
    record = maintenance.vacuum(filled)
    assert (record["files_removed"], kept(filled)) == (1, before)
    assert maintenance.vacuum(filled)["files_removed"] == 0
    assert problems(filled) == []


def test_vacuum_removes_what_a_kill_left_of_a_file(filled: App) -> None:
    folder = os.path.dirname(store(filled).path(kept(filled)[0]))
    parts = [os.path.join(folder, f".{'0' * 62}.part-0000000{n}") for n in (1, 2)]
    for path in parts:
        Path(path).touch()
    age(parts[0])
    maintenance.vacuum(filled)
    assert [os.path.exists(path) for path in parts] == [False, True]


def test_doctor_names_what_is_left_what_is_lost_and_who_may_look(filled: App) -> None:
    assert named(filled) == set()
    left = attachments.prepared(filled, [__file__])[0].file.sha256
    assert named(filled) == set()  # a command may be about to name it
    age(store(filled).path(left))
    assert named(filled) == {"attachments_left_over"}
    os.chmod(store(filled).root, 0o755)
    os.unlink(store(filled).path(next(sha for sha in kept(filled) if sha != left)))
    assert named(filled) == {"attachments_left_over", "attachments_lost", "mode_too_open"}
    mends = {finding["mend"] for finding in doctor.examine(filled)}
    assert {"helpdesk db vacuum", "helpdesk db check --deep", f"chmod 700 {store(filled).root}"} <= mends


def test_stats_count_them(filled: App) -> None:
    stats = maintenance.stats(filled)
    assert (stats["attachments"], stats["attachment_bytes"]) == (4, sum(map(len, CONTENTS.values())))


# -- kills and others at work --------------------------------------------------------------------------------

PROGRAM = """
import os, signal, sys
from helpdesk_cli.services import tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import changes
path, at, *files = sys.argv[1:]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if at == "before_row":
    tickets.attach_to = die
elif at == "before_commit":
    changes.save = die
    import helpdesk_cli.services.change as change
    change.save = die
elif at == "in_file":
    from helpdesk_cli.adapters import file_store
    file_store._write = die
print(tickets.create(App(path), subject="s", sender="a@b.example", body="b", attach=files)["id"])
"""


@pytest.mark.parametrize("at", ["in_file", "before_row", "before_commit"])
def test_a_kill_leaves_at_most_a_file_that_vacuum_removes(app: App, files: list[str], at: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, app.db_path, at, *files], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert problems(app) == []
    assert app.db.query("SELECT count(*) AS n FROM attachments")[0]["n"] == 0
    assert len(kept(app)) == (0 if at == "in_file" else 3)
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files)
    assert problems(app) == []
    assert maintenance.vacuum(app)["files_removed"] == 0


def test_a_file_that_was_removed_before_its_row_is_kept_again(
    app: App, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the keeping of a file and its row another program may tidy up."""
    prepared = attachments.prepared

    def removed_then(*given: Any) -> Any:
        found = prepared(*given)
        for each in found:
            store(app).remove(each.file.sha256)
        return found

    monkeypatch.setattr(attachments, "prepared", removed_then)
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files)
    assert problems(app) == []


def test_a_file_that_changes_while_it_is_read_is_refused(
    app: App, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = attachments.measured

    def changed_then(path: str) -> Any:
        found = measured(path)
        Path(path).write_bytes(b"other")
        return found

    monkeypatch.setattr(attachments, "measured", changed_then)
    with pytest.raises(Exception, match="was changed while it was read") as caught:
        tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files[1:2])
    assert caught.value.exit_code == 2  # type: ignore[attr-defined]
    assert kept(app) == []


def test_many_at_once_keep_the_same_file(app: App, files: list[str]) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, app.db_path, "never", *files], stdout=subprocess.PIPE
        )
        for _ in range(6)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in running]
    assert sorted(map(int, outputs)) == [1, 2, 3, 4, 5, 6]
    assert len(kept(app)) == 3
    assert problems(app) == []


# -- the store itself ----------------------------------------------------------------------------------------


def test_another_store_gets_links_or_copies(
    filled: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = kept(filled)[0]
    for name in ("one.db", "two.db"):
        other = FileStore(str(tmp_path / name), like=filled.db_path)
        other.link_from(store(filled), sha)
        same = os.path.samefile(other.path(sha), store(filled).path(sha))
        assert (same, other.problem(sha)) == (name == "one.db", None)
        other.link_from(store(filled), sha)

        def no_links(*_given: Any, **_more: Any) -> None:
            raise OSError(1, "no links here")

        monkeypatch.setattr(os, "link", no_links)


def test_no_rights_in_the_folder(filled: App, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: Any, **_more: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refused)
    with pytest.raises(Exception, match="cannot be written: Permission denied") as caught:
        attachments.add(filled, 1, [__file__])
    assert caught.value.exit_code == 1  # type: ignore[attr-defined]
    monkeypatch.undo()
    monkeypatch.setattr(new_file, "sync_folder", refused)
    with pytest.raises(Exception, match="cannot be written"):
        attachments.add(filled, 1, [__file__])


def test_a_group_that_is_not_ones_own_gets_nothing(
    database_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: Any, **_more: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refused)
    monkeypatch.setattr(os, "fchown", refused)
    monkeypatch.setattr(new_file, "access_like", lambda _path: new_file.Access(0o660, 54321))
    app = App(str(database_path))
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=files)
    root = Path(store(app).root)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root, *root.iterdir())} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.glob("*/*")} == {0o600}
    app.close()


def test_a_copy_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(Exception, match="is no helpdesk database") as caught, packed.packing(str(path)):
        pass
    assert caught.value.exit_code == 1  # type: ignore[attr-defined]


def test_what_is_half_packed_is_not_there(tmp_path: Path) -> None:
    path = str(tmp_path / "copy.db")
    sqlite3.connect(path).close()

    def pieces() -> Iterator[bytes]:
        yield b"1"
        raise KeyError("gone")

    with packed.packing(path) as pack:
        pack("a" * 64, [b"12", b"3"])
        with pytest.raises(KeyError):
            pack("b" * 64, pieces())
    with sqlite3.connect(path) as conn:
        assert conn.execute(f"SELECT DISTINCT sha256 FROM {packed.TABLE}").fetchall() == [("a" * 64,)]
    conn.close()
