"""Every finding of `db doctor`: made, found with the command that mends it, and gone once it is mended."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from freezegun import freeze_time

from helpdesk_cli.adapters import country_holidays, file_state
from helpdesk_cli.domain import zones
from helpdesk_cli.errors import UsageError
from helpdesk_cli.services import doctor, migration, people, sweep, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.database import Database, open_database
from tests.old_files import make_old

NOW = "2026-03-01T09:00:00Z"


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)


@pytest.fixture
def path(database_path: Path) -> Path:
    database_path.chmod(0o600)
    return database_path


def findings(path: Path, now: str | None = NOW, **more: str) -> list[dict[str, str]]:
    app = App(str(path), now=now, **more)
    try:
        return list(doctor.examine(app))
    finally:
        app.close()


def examined(path: Path, now: str | None = NOW, **more: str) -> dict[str, tuple[str, str]]:
    """The findings: name -> what it says and what mends it; of several of one name the last."""
    found = findings(path, now, **more)
    assert [list(finding) for finding in found] == [["name", "message", "mend"]] * len(found)
    assert all(finding["message"] and finding["mend"] and "{" not in finding["mend"] for finding in found)
    return {finding["name"]: (finding["message"], finding["mend"]) for finding in found}


def changed(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute(sql)
    conn.close()


def write_ticket(path: Path, now: str = NOW) -> None:
    app = App(str(path), now=now)
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    app.close()


def test_a_database_that_is_well(path: Path) -> None:
    before = path.read_bytes()
    assert examined(path) == {}
    assert examined(path, actor="nobody") == {}  # who asks is of no account
    assert path.read_bytes() == before
    assert [name for name in os.listdir(path.parent) if not name.startswith("policy")] == ["helpdesk.db"]


def test_a_name_with_signs_of_the_shell(path: Path, tmp_path: Path) -> None:
    """What mends it can be pasted as it is."""
    folder = tmp_path / "my desk; $HOME"
    folder.mkdir(0o700)
    path = path.rename(folder / "it's.db")
    path.chmod(0o644)
    subprocess.run(["sh", "-c", examined(path)["mode_too_open"][1]], check=True)
    assert examined(path) == {}


def test_a_wrong_now_is_no_finding(path: Path) -> None:
    with pytest.raises(UsageError):
        findings(path, now="someday")


# -- no database that can be opened --------------------------------------------------------------------------


@pytest.mark.parametrize("content", [None, b""])
def test_no_database(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "desk.db"
    if content is not None:
        path.touch(0o600)
    message, mend = examined(path)["no_database"]
    assert (str(path) in message, mend) == (True, "helpdesk init")
    assert path.exists() == (content is not None)


def test_a_log_without_its_database(path: Path) -> None:
    app = App(str(path), now=NOW)
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    assert Path(f"{path}-wal").stat().st_size > 0
    assert "log_without_database" not in examined(path)
    away = path.rename(path.with_name("away.db"))
    found = examined(path)
    assert list(found) == ["log_without_database", "no_database"]
    assert found["log_without_database"][1] == f"ls -l {path.parent}"
    away.rename(path)
    app.close()
    assert "log_without_database" not in examined(path)


def test_a_file_of_another_kind(path: Path) -> None:
    path.write_bytes(b"-- a dump\n" * 500)
    path.chmod(0o644)
    assert list(examined(path)) == ["not_a_database"]
    assert path.read_bytes() == b"-- a dump\n" * 500


def test_a_newer_one(path: Path) -> None:
    changed(path, "PRAGMA user_version = 99")
    assert examined(path)["newer_version"][1] == "pip install --upgrade helpdesk-cli"


def test_an_older_one(tmp_path: Path) -> None:
    path = make_old(tmp_path / "desk.db", 1)
    assert {name: mend for name, (_, mend) in examined(path).items()} == {
        "older_version": "helpdesk db migrate"
    }
    migration.migrate(App(str(path)))
    assert "older_version" not in examined(path)


# -- permissions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "found"),
    [(0o600, False), (0o400, False), (0o640, True), (0o660, True), (0o604, True), (0o644, True)],
)
def test_a_mode_that_is_too_open(path: Path, mode: int, found: bool) -> None:
    path.chmod(mode)
    findings = examined(path)
    assert ("mode_too_open" in findings) == found
    if found:
        message, mend = findings["mode_too_open"]
        assert f"{mode:04o}" in message
        assert mend == f"chmod 600 {path}"
        subprocess.run(mend.split(), check=True)
        assert examined(path) == {}


def test_the_modes_of_a_shared_database(path: Path) -> None:
    path.chmod(0o660)
    path.parent.chmod(0o2770)
    assert examined(path) == {}
    path.chmod(0o664)
    assert examined(path)["mode_too_open"][1] == f"chmod 660 {path}"


def test_a_folder_that_everybody_may_write(path: Path) -> None:
    path.parent.chmod(0o777)
    assert examined(path)["folder_too_open"][1] == f"chmod o-w {path.parent}"
    path.parent.chmod(0o1777)
    assert examined(path) == {}


@pytest.mark.parametrize(("right", "told"), [(os.R_OK, "read"), (os.W_OK, "write")])
def test_a_missing_permission(path: Path, monkeypatch: pytest.MonkeyPatch, right: int, told: str) -> None:
    """As the host tells it: root, who may run this, lacks none."""
    monkeypatch.setattr(os, "access", lambda _path, asked: not asked & right)
    message, mend = examined(path)["no_permission"]
    assert message.startswith(f"you may not {told} {path}")
    assert mend == f"ls -ld {path} {path.parent}"


def test_who_may_not_write_does_not_wait_for_the_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, asked: not asked & os.W_OK)
    monkeypatch.setattr(doctor, "_PATIENCE", 0.1)
    with another(path) as other, other.write():
        assert list(examined(path)) == ["no_permission"]


# -- locks and the log ---------------------------------------------------------------------------------------


@contextmanager
def another(path: Path) -> Iterator[Database]:
    database = open_database(str(path))
    try:
        yield database
    finally:
        database.close()


def test_a_lock_that_somebody_keeps(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PATIENCE", 0.1)
    with another(path) as other, other.write():
        found = examined(path)
    assert {name: mend for name, (_, mend) in found.items()} == {"locked": f"fuser {path}"}
    assert examined(path) == {}


def test_a_lock_that_lets_nobody_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PATIENCE", 0.1)
    with another(path) as other, other.upkeep.alone():
        assert examined(path)["busy"][1] == f"fuser {path}"


def test_a_log_that_a_reader_keeps(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LARGE_LOG", 100_000)
    with another(path) as other, other.read():
        other.query("SELECT id FROM tickets")
        for _ in range(20):
            write_ticket(path)
        assert examined(path, now="2026-03-01T09:00:01Z")["large_log"][1] == f"fuser {path}"
    assert "large_log" not in examined(path)


def test_a_log_that_was_switched_off(path: Path) -> None:
    changed(path, "PRAGMA journal_mode = DELETE")
    assert examined(path)["no_log"][1] == "helpdesk db migrate"
    migration.migrate(App(str(path)))
    assert examined(path) == {}


# -- the host ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "size", "found"),
    [
        (doctor.LEAST_ROOM, 1, False),
        (doctor.LEAST_ROOM - 1, 1, True),
        (9 * doctor.LEAST_ROOM, 9 * doctor.LEAST_ROOM, False),
        (9 * doctor.LEAST_ROOM - 1, 9 * doctor.LEAST_ROOM, True),
    ],
)
def test_a_disk_that_is_nearly_full(
    path: Path, monkeypatch: pytest.MonkeyPatch, room: int, size: int, found: bool
) -> None:
    monkeypatch.setattr(file_state, "room", lambda _folder: room)
    monkeypatch.setattr(file_state, "size", lambda name: size if name == str(path) else 0)
    findings = examined(path)
    assert ("disk_nearly_full" in findings) == found
    if found:
        assert findings["disk_nearly_full"][1] == f"df -h {path.parent}"


def test_what_kills_left_beside_it(path: Path) -> None:
    left = [path.with_name(f".{name}.part-0123abcd") for name in ("desk.db", "helpdesk.db")]
    for each in left:
        each.touch()
    assert examined(path) == {}  # somebody may be writing them
    os.utime(left[0], (0, 0))
    message, mend = examined(path)["left_over"]
    assert ("left a file" in message, mend) == (True, f"rm {left[0]}")
    os.utime(left[1], (0, 0))
    message, mend = examined(path)["left_over"]
    assert ("2 files" in message, mend) == (True, f"rm {left[0]} {left[1]}")
    subprocess.run(mend.split(), check=True)
    assert examined(path) == {}


def test_a_second_name(path: Path) -> None:
    os.link(path, path.with_name("other.db"))
    message, mend = examined(path)["second_name"]
    assert (str(path) in message, mend) == (True, f"find {path.parent} -samefile {path}")


def test_the_room_that_is_left(tmp_path: Path) -> None:
    assert file_state.room(str(tmp_path)) > 0
    assert file_state.size(str(tmp_path / "none")) == 0


def test_a_clock_before_the_last_change(path: Path) -> None:
    with freeze_time("2026-03-01T09:00:00Z"):
        write_ticket(path)
    for real, found in (("2026-03-01T08:59:59Z", True), ("2026-03-01T09:00:00Z", False)):
        with freeze_time(real):
            assert ("clock_behind" in examined(path)) == found
    with freeze_time("2026-03-01T08:00:00Z"):
        message, mend = examined(path)["clock_behind"]
    assert ("2026-03-01T08:00:00Z" in message, mend) == (True, "timedatectl")


# -- what is in it -------------------------------------------------------------------------------------------


def test_a_damaged_file(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 8 * 4096)
    (found,) = findings(path)
    assert (found["name"], found["mend"]) == ("corrupt", "helpdesk db restore BACKUP")


def test_pages_that_nothing_names(path: Path) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name = 'agents_by_team'")
    conn.close()
    (found,) = findings(path)
    assert found["name"] == "corrupt"
    assert "never used" in found["message"]


def test_of_much_damage_the_first_is_told(path: Path) -> None:
    """One is enough to restore a backup; nor is the rest looked at."""
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        for table, column in (("agents", "login"), ("policies", "actor")):
            conn.execute(
                f"UPDATE sqlite_master SET sql = replace(sql, '{column} TEXT',"
                f" '{column} TEXT CHECK ({column} = 1)')"
                f" WHERE name = '{table}'"
            )
    conn.close()
    assert [finding["name"] for finding in findings(path)] == ["corrupt"]


def test_a_policy_that_is_lost(path: Path) -> None:
    changed(path, "DELETE FROM policies")
    assert examined(path)["corrupt"][1] == "helpdesk db restore BACKUP"


def test_no_sweep_lately(path: Path) -> None:
    write_ticket(path)
    message, mend = examined(path)["no_sweep"]
    assert (message, mend) == ("no sweep has run yet", "helpdesk help cron")
    app = App(str(path), now=NOW)
    sweep.sweep(app)
    app.close()
    for now, found in (("2026-03-01T09:10:00Z", False), ("2026-03-01T09:10:01Z", True)):
        assert ("no_sweep" in examined(path, now=now)) == found
    changed(path, "UPDATE tickets SET status = 'closed'")
    assert examined(path, now="2026-03-02T00:00:00Z") == {}


def test_nobody_who_could_work(path: Path) -> None:
    app = App(str(path), now=NOW)
    people.create_agent(app, "ann", "ann@desk.example", {})
    (me,) = (agent["login"] for agent in people.list_agents(app)[0] if agent["login"] != "ann")
    app.close()
    changed(path, f"UPDATE agents SET retired_at = '{NOW}' WHERE login = 'ann'")
    assert examined(path) == {}
    changed(path, f"UPDATE agents SET retired_at = '{NOW}' WHERE login = '{me}'")
    assert examined(path)["no_agents"][1].startswith("helpdesk agent create ")


def test_other_zone_rules(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "tzdata_version", lambda: "2099z")
    message, mend = examined(path)["tzdata_changed"]
    assert f"{zones.tzdata_version()}, today's are 2099z" in message
    assert "helpdesk plan apply plans.yaml" in mend


def test_other_holidays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(
        path,
        "UPDATE policies SET holidays_version = '0.1', document = json_set(document,"
        ' \'$.calendars.sa\', json(\'{"timezone": "UTC", "hours": {}, "country_holidays": "SA",'
        ' "country_dates": {"2020-01-02": "A day"}}\'))',
    )
    monkeypatch.setattr(country_holidays, "country_dates", lambda *_: {"2026-09-23": "National Day"})
    message, mend = examined(path)["holidays_changed"]
    assert message.startswith("calendar sa: 2 dates of SA would change")
    assert "helpdesk plan apply" in mend
