"""Older databases: brought up to date by who writes, with a copy beside; refused to who only reads."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk_cli.errors import HelpdeskError, NotFoundError, StorageError
from helpdesk_cli.services import check, migration, orgs, setup, sweep, ticket_lists, tickets, views
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import schema
from helpdesk_cli.storage.database import SCHEMA_VERSION, version_at
from helpdesk_cli.storage.schema import Step
from tests.old_files import VERSIONS, make_old

NOW = "2026-03-01T09:30:00Z"
TOGETHER = """
import sys
from helpdesk_cli.services import orgs
from helpdesk_cli.services.app import App
sys.stdin.readline()
app = App(sys.argv[1], now="2026-03-01T09:30:00Z", timezone="UTC")
orgs.create_org(app, sys.argv[2], {})
app.close()
print(len(app.announcements))
"""

KILLED = """
import os, sys
from helpdesk_cli.services import migration
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import schema
last = schema.Step("last", "", then=lambda _db: os.kill(os.getpid(), 9))
schema.STEPS = (*schema.STEPS, last)
migration.migrate(App(sys.argv[1]))
"""


@pytest.fixture(params=VERSIONS)
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return make_old(tmp_path / "desk.db", request.param)


def new_app(path: Path) -> App:
    return App(str(path), now=NOW, timezone="UTC")


def kept(path: Path) -> list[str]:
    return sorted(
        name for name in os.listdir(path.parent) if name.startswith(f"{path.name}.before-migrate-20")
    )


def test_the_first_command_that_writes_brings_it_up_to_date(old: Path) -> None:
    version, app = version_at(str(old)), new_app(old)
    before = len(list(tables(old)))
    ticket = tickets.create(app, subject="s", sender="a@b.example", body="nobody wrote this word")
    assert ticket_lists.count_tickets(app, {"text": "nobody", "status": ("all",)}) == 1
    assert list(check.deep(app)) == []
    app.close()
    assert version_at(str(old)) == SCHEMA_VERSION
    (copy,) = kept(old)
    assert version_at(str(old.with_name(copy))) == version
    assert len(list(tables(old.with_name(copy)))) == before
    assert stat.S_IMODE(old.with_name(copy).stat().st_mode) == 0o600
    assert app.announcements[0] == (
        f"{old} was brought from schema version {version} to {SCHEMA_VERSION};"
        f" as it was it is kept as {old.with_name(copy)}"
    )
    assert ticket["created"]
    again = new_app(old)
    orgs.create_org(again, "Another", {})
    again.close()
    assert (again.announcements, kept(old)) == ([], [copy])


def tables(path: Path) -> list[str]:
    with sqlite3.connect(path) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master")]
    conn.close()
    return names


def test_who_only_reads_is_refused_and_changes_nothing(old: Path) -> None:
    before, app = old.read_bytes(), new_app(old)
    for read in (
        lambda: list(ticket_lists.list_tickets(app, {})[0]),
        lambda: list(check.check(app)),
        lambda: list(views.list_views(app)[0]),
        lambda: sweep.due(app, dry_run=True),
        lambda: sweep.sweep(app, dry_run=True),
    ):
        with pytest.raises(StorageError) as caught:
            read()
        assert caught.value.code == "older_version"
        assert "`helpdesk db migrate`" in str(caught.value.hint)
    assert (old.read_bytes(), kept(old), app.announcements) == (before, [], [])


def test_a_sweep_brings_it_up_to_date(old: Path) -> None:
    app = new_app(old)
    sweep.due(app)
    assert sweep.sweep(app)["failed"] == []
    app.close()
    assert (version_at(str(old)), len(kept(old))) == (SCHEMA_VERSION, 1)


def test_what_an_unknown_agent_asks_for_is_refused_first(old: Path) -> None:
    version, app = version_at(str(old)), App(str(old), actor="nobody", now=NOW)
    for ask in (lambda: orgs.create_org(app, "Another", {}), lambda: migration.migrate(app)):
        with pytest.raises(NotFoundError):
            ask()
    assert (version_at(str(old)), kept(old)) == (version, [])


def test_a_newer_one_is_refused_to_who_writes(old: Path) -> None:
    with sqlite3.connect(old) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(StorageError) as caught:
        orgs.create_org(new_app(old), "Another", {})
    assert caught.value.code == "newer_version"
    assert kept(old) == []


def test_who_finds_it_done_says_nothing(old: Path) -> None:
    app = new_app(old)
    migration.migrate(app)
    migration.announce(app, migration.migrate(app))
    assert app.announcements == []


def test_a_kill_in_the_middle_leaves_it_as_it_was(old: Path) -> None:
    version = version_at(str(old))
    assert subprocess.run([sys.executable, "-c", KILLED, str(old)], check=False).returncode == -9
    assert version_at(str(old)) == version
    migration.migrate(new_app(old))
    app = new_app(old)
    assert list(check.deep(app)) == []
    app.close()


def test_migrate_says_what_it_did(old: Path) -> None:
    version = version_at(str(old))
    done = migration.migrate(new_app(old))
    assert done == {
        "path": str(old),
        "from_version": version,
        "to_version": SCHEMA_VERSION,
        "steps": [step.name for step in schema.STEPS[version:]],
        "backup": str(old.with_name(kept(old)[0])),
        "dry_run": False,
    }
    again = migration.migrate(new_app(old))
    assert again == done | {"from_version": SCHEMA_VERSION, "steps": [], "backup": None}
    assert len(kept(old)) == 1


def test_a_dry_run_tries_it_and_takes_it_back(old: Path) -> None:
    version, before = version_at(str(old)), tables(old)
    done = migration.migrate(new_app(old), dry_run=True)
    assert done["steps"] == [step.name for step in schema.STEPS[version:]]
    assert (done["backup"], done["dry_run"]) == (None, True)
    assert (version_at(str(old)), kept(old)) == (version, [])
    assert tables(old) == before


def test_init_does_the_same(old: Path) -> None:
    app = new_app(old)
    assert setup.init(app) == (False, True, None)
    assert (len(app.announcements), len(kept(old))) == (1, 1)


def test_several_at_once_make_one_copy(old: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(old), f"Org {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60) for process in processes]
    assert [errors for _, errors in results] == [""] * 6
    assert sorted(int(output) for output, _ in results) == [0, 0, 0, 0, 0, 1]
    assert len(kept(old)) == 1
    app = new_app(old)
    assert len([org for org in orgs.list_orgs(app)[0] if org["name"].startswith("Org ")]) == 6
    app.close()


def test_one_that_fails_leaves_neither_change_nor_copy(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = version_at(str(old))
    broken = (*schema.STEPS, Step("broken", "CREATE TABLE views (a {text});"))
    monkeypatch.setattr(schema, "STEPS", broken)
    with pytest.raises(sqlite3.OperationalError):
        migration.migrate(new_app(old))
    assert (version_at(str(old)), kept(old)) == (version, [])


def test_what_a_killed_migration_left_is_removed_once_nobody_writes_it(old: Path) -> None:
    """Half a copy of this database alone, not what another one's left."""
    left, other = (
        old.with_name(f".{name}.before-migrate-2026-03-01T09-00-00Z.part-0123abcd")
        for name in (old.name, "other.db")
    )
    for each in (left, other):
        each.touch()
        os.utime(each, (0, 0))
    migration.migrate(new_app(old))
    assert (left.exists(), other.exists()) == (False, True)


def test_without_a_copy_nothing_is_changed(old: Path) -> None:
    import resource

    version, app = version_at(str(old)), new_app(old)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (old.stat().st_size // 2, hard))
    try:
        with pytest.raises(StorageError) as caught:
            orgs.create_org(app, "Another", {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code in {"io_error", "disk_full"}
    assert version_at(str(old)) == version
    assert os.listdir(old.parent) == [old.name]


def test_the_log_that_another_program_switched_off_is_switched_on(database_path: Path) -> None:
    with sqlite3.connect(database_path) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
    conn.close()
    app = new_app(database_path)
    assert migration.migrate(app)["steps"] == []
    assert app.db.upkeep.stats().logs
    app.close()


@pytest.mark.parametrize("content", [None, b"", b"-- a dump\n" * 500])
def test_where_there_is_no_database_none_is_made(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "desk.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(HelpdeskError) as caught:
        migration.migrate(new_app(path))
    assert caught.value.code in {"no_database", "not_a_database"}
    assert (path.read_bytes() if path.exists() else None) == content
