"""`helpdesk db`: exit codes, records, questions on a terminal."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import Desk

from helpdesk_cli.cli import progress
from helpdesk_cli.records import RECORDS
from helpdesk_cli.storage.database import SCHEMA_VERSION
from helpdesk_cli.storage.schema import STEPS
from tests.old_files import make_old


def keys(record: str) -> list[str]:
    return [field.name for field in RECORDS[record].fields]


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 8 * 4096)


# -- backup and restore --------------------------------------------------------------------------------------


def test_a_backup_and_the_way_back(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    made = desk.json("db", "backup", tmp_path / "copy.db")
    assert list(made) == keys("backup")
    assert (made["path"], made["tickets"], made["removed"]) == (str(tmp_path / "copy.db"), 1, [])
    desk.open()
    restored = desk.json("db", "restore", tmp_path / "copy.db", "--yes")
    assert list(restored) == keys("restored")
    assert (restored["tickets"], len(desk.json("ticket", "list"))) == (1, 1)
    assert Path(restored["replaced"]).exists()
    assert desk("db", "check", "--deep").out == "ok\n"


def test_a_backup_that_is_there(desk: Desk, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert desk("db", "backup", copy, "-f", "ids").out == f"{copy}\n"
    error = desk.refused("db", "backup", copy, code=4)
    assert (error["code"], "--yes" in error["hint"]) == ("exists", True)
    assert desk("db", "backup", copy, "--yes").code == 0
    assert desk.refused("db", "backup", copy, "--keep", 2, code=2)["code"] == "not_a_folder"
    assert desk.refused("db", "backup", tmp_path, "--keep", 0, code=2)["code"] == "bad_number"
    assert desk.refused("db", "backup", tmp_path / "no" / "copy.db", code=3)["code"] == "no_folder"
    assert desk.refused("db", "backup", desk.path, "--yes", code=4)["code"] == "same_file"


def test_backups_of_a_folder(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(3):
        (folder / f"desk-2020-01-0{day + 1}T00-00-00Z.db").touch()
    made = desk.json("db", "backup", folder, "--keep", "2")
    assert [os.path.basename(path) for path in made["removed"]] == [
        "desk-2020-01-01T00-00-00Z.db", "desk-2020-01-02T00-00-00Z.db",
    ]  # fmt: skip
    assert sorted(os.listdir(folder)) == ["desk-2020-01-03T00-00-00Z.db", os.path.basename(made["path"])]


def test_restoring_asks_where_something_is_replaced(run: Run, desk: Desk, tmp_path: Path) -> None:
    desk("db", "backup", tmp_path / "copy.db")
    assert desk.refused("db", "restore", tmp_path / "copy.db", code=2)["code"] == "needs_yes"
    no = desk("db", "restore", tmp_path / "copy.db", stdin="n\n", tty=True)
    assert (no.code, "Replace" in no.err) == (1, True)
    assert not [name for name in os.listdir(tmp_path) if "restore" in name]
    assert desk("db", "restore", tmp_path / "copy.db", stdin="y\n", tty=True).code == 0
    assert [name for name in os.listdir(tmp_path) if "before-restore" in name]
    new = run("--db", str(tmp_path / "new.db"), "db", "restore", str(tmp_path / "copy.db"), "--json")
    assert (new.code, new.json["replaced"]) == (0, None)


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [("none.db", 3, "no_backup"), ("text", 1, "not_a_database"), ("bad", 1, "corrupt")],
)
def test_what_cannot_be_restored(desk: Desk, tmp_path: Path, name: str, code: int, error: str) -> None:
    desk("db", "backup", tmp_path / "bad")
    damage(tmp_path / "bad")
    (tmp_path / "text").write_text("hello\n" * 500)
    assert desk.refused("db", "restore", tmp_path / name, "--yes", code=code)["code"] == error


def test_a_bar_on_a_terminal(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(progress, "_BETWEEN", 0)
    told = desk("db", "backup", tmp_path / "copy.db", tty=True)
    assert "backup [" in told.err
    assert "100%" in told.err
    assert "backup [" not in desk("db", "backup", tmp_path / "copy.db", "--yes").err


def test_a_bar_moves_by_pages_up_to_their_number(desk: Desk, tmp_path: Path) -> None:
    from helpdesk_cli.services import backup
    from helpdesk_cli.services.app import App

    app, done = App(str(desk.path)), []
    total = backup.size(app)
    backup.backup(app, str(tmp_path / "copy.db"), on_done=done.append)
    assert sum(done) == total > 10


# -- migrate -------------------------------------------------------------------------------------------------


def test_migrating(run: Run, tmp_path: Path) -> None:
    path = make_old(tmp_path / "old.db", 1)

    def db(*words: str) -> Any:
        return run("--db", str(path), *words)

    refused = db("ticket", "list")
    assert (refused.code, "helpdesk db migrate" in refused.err) == (1, True)
    tried = db("db", "migrate", "-n", "--json").json
    assert (tried["from_version"], tried["to_version"], tried["dry_run"]) == (1, SCHEMA_VERSION, True)
    assert (tried["steps"], tried["backup"]) == ([step.name for step in STEPS[1:]], None)
    assert db("ticket", "list").code == 1
    done = db("db", "migrate", "--json").json
    assert list(done) == keys("migration")
    assert done == tried | {"dry_run": False, "backup": done["backup"]}
    assert Path(done["backup"]).exists()
    assert db("ticket", "list").code == 0
    assert db("db", "migrate", "--json").json["steps"] == []
    assert run("--db", str(tmp_path / "none.db"), "db", "migrate").code == 3


def test_the_first_command_that_writes_says_so(run: Run, tmp_path: Path) -> None:
    path = make_old(tmp_path / "old.db", 1)
    done = run("--db", str(path), "org", "create", "Another", "--json")
    assert (done.code, done.json["name"]) == (0, "Another")
    assert (
        f"{path} was brought from schema version 1 to {SCHEMA_VERSION}; as it was it is kept as " in done.err
    )
    assert run("--db", str(path), "org", "create", "Third").err == ""


@pytest.mark.parametrize("words", ["sweep -n", "ticket next", "db stats", "db check", "view list"])
def test_who_only_reads_is_refused(run: Run, tmp_path: Path, words: str) -> None:
    path = make_old(tmp_path / "old.db", 1)
    before = path.read_bytes()
    told = run("--db", str(path), *words.split())
    assert (told.code, "helpdesk db migrate" in told.err) == (1, True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "words", ["sweep", "view save mine --overdue", "db vacuum", "ticket next --take --team network"]
)
def test_who_writes_after_reading_migrates_first(run: Run, tmp_path: Path, words: str) -> None:
    path = make_old(tmp_path / "old.db", 1)
    assert "was brought from schema version 1" in run("--db", str(path), *words.split()).err


# -- figures, packing, checks --------------------------------------------------------------------------------


def test_stats(desk: Desk) -> None:
    for status in ("open", "in_progress", "closed"):
        desk.bring(status)
    desk.json("sweep")
    desk.later(hours=1)
    stats = desk.json("db", "stats")
    assert list(stats) == keys("stats")
    assert (stats["tickets"], stats["by_status"]) == (3, {"open": 1, "in_progress": 1, "closed": 1})
    assert (stats["messages"], stats["agents"], stats["orgs"], stats["runs"]) == (3, 3, 1, 1)
    assert stats["events"] == len(desk.log())
    assert (stats["oldest_ticket_at"], stats["last_sweep_at"]) == ("2026-03-01T09:00:00Z",) * 2
    assert stats["bytes"] == desk.path.stat().st_size + 0 * stats["wal_bytes"]
    assert stats["bytes_per_ticket"] == (stats["bytes"] - stats["free_bytes"]) // 3
    assert (stats["schema_version"], stats["policy_version"]) == (SCHEMA_VERSION, 1)
    assert desk("db", "stats").out.startswith("path")


def test_stats_of_an_empty_helpdesk(desk: Desk) -> None:
    stats = desk.json("db", "stats")
    assert (stats["tickets"], stats["by_status"], stats["bytes_per_ticket"]) == (0, {}, None)
    assert stats["oldest_ticket_at"] is stats["last_event_at"] is stats["last_sweep_at"] is None


def test_vacuum(desk: Desk) -> None:
    with sqlite3.connect(desk.path) as conn:
        conn.execute("CREATE TABLE waste AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                     " LIMIT 2000) SELECT i, zeroblob(1000) AS b FROM n")  # fmt: skip
        conn.execute("DROP TABLE waste")
    conn.close()
    assert desk.json("db", "stats")["free_pages"] > 400
    done = desk.json("db", "vacuum")
    assert list(done) == keys("vacuum")
    assert done["freed_bytes"] == done["bytes_before"] - done["bytes_after"] > 1_000_000
    assert done["bytes_after"] == desk.path.stat().st_size
    assert desk.json("db", "stats")["free_pages"] == 0
    assert desk("db", "check", "--deep").out == "ok\n"


def test_the_deep_check_sees_what_the_quick_one_does_not(desk: Desk) -> None:
    desk.open()
    assert desk("db", "check", "--deep", "--json").json == {"ok": True, "problems": []}
    with sqlite3.connect(desk.path) as conn:
        conn.execute("UPDATE messages SET search = 'other words' WHERE id = 1")
        conn.execute("UPDATE orgs SET account_manager_id = 99")
    conn.close()
    assert desk("db", "check").out == "ok\n"
    deep = desk("db", "check", "--deep")
    assert deep.code == 1
    assert "row 1 of orgs names a row of agents that is not there" in deep.out
    assert "HD-1: message 1" in deep.out


def test_the_deep_check_of_a_damaged_file_says_that_alone(desk: Desk) -> None:
    with sqlite3.connect(desk.path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name = 'agents_by_team'")
    conn.close()
    deep = desk("db", "check", "--deep", "--json")
    assert (deep.code, deep.json["ok"]) == (1, False)
    assert all(problem.startswith("the file is damaged: ") for problem in deep.json["problems"])


# -- doctor --------------------------------------------------------------------------------------------------


def test_the_doctor(desk: Desk, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    desk.path.chmod(0o600)
    well = desk("db", "doctor")
    assert (well.code, well.out, well.err) == (0, "ok\n", "")
    assert desk.json("db", "doctor") == []
    desk.path.chmod(0o644)
    ill = desk("db", "doctor")
    assert (ill.code, ill.out.splitlines()) == (
        1,
        [
            f"{desk.path} can be opened by everybody on this host: its mode is 0644",
            f"    chmod 600 {desk.path}",
        ],
    )
    found = desk("db", "doctor", "--json")
    assert (found.code, list(found.json[0])) == (1, keys("finding"))
    assert desk("db", "doctor", "-f", "ids").out == "mode_too_open\n"


def test_the_doctor_where_there_is_no_database(run: Run, tmp_path: Path) -> None:
    told = run("--db", str(tmp_path / "none.db"), "db", "doctor")
    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines()[-1] == "    helpdesk init"


def test_nothing_is_left_beside_the_database(desk: Desk, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "policy", ignore_errors=True)
    before = sorted(os.listdir(tmp_path))
    for words in ("db check --deep", "db doctor", "db stats", "db vacuum", "db migrate", "db migrate -n"):
        desk(*words.split())
    assert sorted(os.listdir(tmp_path)) == before
