"""Files: whatever the umask, nobody else reads what customers wrote; a group does where it was let in."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import Result, Run
from contracts import SARA, START

from helpdesk_cli.adapters.new_file import Access, appearing
from helpdesk_cli.adapters.sharing import FILE_MODE
from helpdesk_cli.services.app import App

GROUP = grp.getgrnam("daemon") if os.geteuid() == 0 else grp.getgrgid(os.getegid())


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"], autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Every file below a folder -> its mode."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.name: f"{stat.S_IMODE(path.stat().st_mode):o}" for path in paths}


def everything(run: Run, folder: Path, *init: str) -> set[str]:
    """Make every file that the commands make, beside an open connection; the modes that were seen."""
    path = folder / "desk" / "helpdesk.db"

    def helpdesk(*words: str) -> Result:
        done = run("--db", str(path), "--now", START, *words)
        assert done.code == 0, done
        return done

    helpdesk("init", *init)
    helpdesk("ticket", "create", "--subject", "s", "--from", SARA, "--body", "secret")
    seen = modes(folder)
    app = App(str(path))
    try:
        app.db.one("SELECT count(*) AS n FROM tickets")
        helpdesk("ticket", "reply", "1", "--from", SARA, "--body", "secret")
        helpdesk("db", "backup", str(folder / "desk" / "copy.db"))
        helpdesk("db", "backup", f"{folder / 'desk'}/", "--keep", "2")
        seen |= modes(folder)
        assert {"helpdesk.db", "helpdesk.db-wal", "helpdesk.db-shm", "copy.db"} <= set(seen)
    finally:
        app.close()
    helpdesk("db", "vacuum")
    helpdesk("db", "restore", str(folder / "desk" / "copy.db"), "--yes")
    helpdesk("export", "-o", str(folder / "desk" / "all.jsonl"))
    helpdesk("export", "message", "--csv-safe", "-o", str(folder / "desk" / "messages.csv"))
    own = str(folder / "desk" / "own.db")
    assert run("--db", own, "import", str(folder / "desk" / "all.jsonl")).code == 0
    return {*seen.values(), *modes(folder).values()}


def test_a_file_is_its_owners_alone_while_it_is_filled(tmp_path: Path) -> None:
    """And under the hidden name that a kill leaves it."""
    with appearing(str(tmp_path / "new"), Access(FILE_MODE, GROUP.gr_gid), replace=False):
        assert list(modes(tmp_path).values()) == ["600"]
    assert modes(tmp_path) == {"new": f"{FILE_MODE:o}"}


def test_files_are_their_owners_alone(run: Run, tmp_path: Path) -> None:
    assert everything(run, tmp_path) == {"600"}


def test_files_of_a_group_are_for_it_and_nobody_else(run: Run, tmp_path: Path) -> None:
    """One beside them that was not shared has none."""
    assert everything(run, tmp_path, "--shared-group", GROUP.gr_name) == {"660", "600"}
    assert modes(tmp_path)["own.db"] == "600"
    assert {mode for name, mode in modes(tmp_path).items() if name != "own.db"} == {"660"}
    assert {path.stat().st_gid for path in (tmp_path / "desk").iterdir()} == {GROUP.gr_gid}
