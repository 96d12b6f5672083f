"""`init --shared-group`: one database for several users of the host, with real files, modes and users."""

from __future__ import annotations

import errno
import grp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run

from helpdesk_cli.adapters import sharing
from helpdesk_cli.errors import HelpdeskError, RefusedError, StorageError
from helpdesk_cli.storage.database import open_database

NOBODY = 65534
# Root may give files to any group; anybody else has this one.
GROUP = grp.getgrnam("daemon") if os.geteuid() == 0 else grp.getgrgid(os.getegid())
Init = Callable[..., Result]


@pytest.fixture(params=[0o022, 0o077], ids=["umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may pass, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def init(run: Run) -> Init:
    def call(path: Path, *words: str, **given: Any) -> Result:
        return run("--db", str(path), "init", "--shared-group", GROUP.gr_name, *words, **given)

    return call


@contextmanager
def as_member() -> Iterator[None]:
    """Another user, who has nothing but the group; the same one where tests are not run by root."""
    if os.geteuid() != 0:
        yield
        return
    groups = os.getgroups()
    os.setgroups([GROUP.gr_gid])
    os.setegid(GROUP.gr_gid)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def modes(folder: Path) -> dict[str, str]:
    """Name -> mode and group of what is in a folder, and of the folder itself under `.`."""
    found = {name: os.stat(folder / name) for name in (".", *os.listdir(folder))}
    return {
        name: f"{info.st_mode & 0o7777:o} {grp.getgrgid(info.st_gid).gr_name}" for name, info in found.items()
    }


def shared(*names: str) -> dict[str, str]:
    return {".": f"2770 {GROUP.gr_name}", **dict.fromkeys(names, f"660 {GROUP.gr_name}")}


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
def test_who_shares_a_database(init: Init, place: Path, there: bool) -> None:
    folder = place / "desk"
    if there:
        folder.mkdir()
    path = folder / "helpdesk.db"
    made = init(path)
    assert made.code == 0
    assert f"the folder {folder} is the group {GROUP.gr_name}'s now, mode 2770\n" in made.err
    assert modes(folder) == shared("helpdesk.db")
    again = init(path)
    assert (again.code, again.err) == (0, f"{path} exists already.\n")


@pytest.mark.usefixtures("umask")
def test_what_later_processes_make_beside_it(init: Init, place: Path) -> None:
    """The log and its index, whoever makes them: a member of the group, then its owner."""
    folder = place / "desk"
    assert init(folder / "helpdesk.db").code == 0
    everything = shared("helpdesk.db", "helpdesk.db-wal", "helpdesk.db-shm")
    for number, user in enumerate((as_member, as_owner, as_member)):
        with user():
            database = open_database(str(folder / "helpdesk.db"), wait=0.1)
            with database.write():
                team = {"name": f"t{number}"}
                database.run("INSERT INTO teams (name, name_key, created_at) VALUES (:name, :name, '')", team)
            assert modes(folder) == everything
            database.close()
        assert modes(folder) == shared("helpdesk.db")


@contextmanager
def as_owner() -> Iterator[None]:
    yield


@pytest.mark.usefixtures("umask")
def test_without_a_group_it_is_its_owners_alone(run: Run, place: Path) -> None:
    folder = place / "desk"
    assert run("--db", str(folder / "helpdesk.db"), "init").code == 0
    database = open_database(str(folder / "helpdesk.db"))
    with database.write():
        pass
    found = {name: mode.split()[0] for name, mode in modes(folder).items()}
    database.close()
    assert set(found) == {".", "helpdesk.db", "helpdesk.db-wal", "helpdesk.db-shm"}
    assert found.pop(".") == "700"
    assert set(found.values()) == {"600"}


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM teams").fetchall()
print("open", flush=True)
sys.stdin.read()
"""


def test_a_database_of_ones_own_is_shared_later(run: Run, init: Init, place: Path) -> None:
    """While another process has it open, too."""
    path = place / "desk" / "helpdesk.db"
    assert run("--db", str(path), "init").code == 0
    before = path.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        assert init(path, "--plans", "/no/such/file").code == 0
        assert modes(path.parent) == shared("helpdesk.db", "helpdesk.db-wal", "helpdesk.db-shm")
        other.communicate(b"")
    assert path.read_bytes() == before


def test_a_folder_with_other_files_is_not_opened(init: Init, place: Path) -> None:
    (place / "notes.txt").touch(mode=0o600)
    refused = init(place / "helpdesk.db", "--json")
    assert (refused.code, refused.errors[0]["code"]) == (4, "folder_in_use")
    assert "'notes.txt'" in refused.errors[0]["message"]
    assert refused.errors[0]["hint"] == "give the database a folder of its own with --db"
    assert os.listdir(place) == ["notes.txt"]
    assert place.stat().st_mode & 0o7777 == 0o755
    os.chown(place, -1, GROUP.gr_gid)
    place.chmod(0o2770)
    done = init(place / "helpdesk.db")
    assert (done.code, "folder" in done.err) == (0, False)
    assert modes(place) == {**shared("helpdesk.db"), "notes.txt": modes(place)["notes.txt"]}
    assert (place / "notes.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another group to give files to")
def test_what_another_group_shares_is_not_taken_from_it(run: Run, init: Init, place: Path) -> None:
    path = place / "de sk" / "helpdesk.db"
    assert init(path).code == 0
    database = open_database(str(path))
    with database.write():
        before = modes(path.parent)
        refused = run("--db", str(path), "init", "--shared-group", "users", "--json")
        assert (refused.code, refused.errors[0]["code"]) == (4, "shared_already")
        assert (
            f"is shared with the group {GROUP.gr_name}, which would lose it" in refused.errors[0]["message"]
        )
        assert modes(path.parent) == before
        command = refused.errors[0]["hint"].split("`")[1]
        subprocess.run(command, shell=True, check=True)
        handed = {name: mode.replace(GROUP.gr_name, "users") for name, mode in before.items()}
        assert modes(path.parent) == handed
    database.close()
    assert run("--db", str(path), "init", "--shared-group", "users").code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another group to give files to")
def test_a_group_without_a_name_is_its_number(init: Init, place: Path) -> None:
    path = place / "desk" / "helpdesk.db"
    assert init(path).code == 0
    os.chown(path, -1, 54321)
    assert "the group 54321, which" in init(path).err


def test_what_others_may_in_a_folder_of_the_group_stays(init: Init, place: Path) -> None:
    os.chown(place, -1, GROUP.gr_gid)
    place.chmod(0o2775)
    assert init(place / "helpdesk.db").code == 0
    assert modes(place) == {**shared("helpdesk.db"), ".": f"2775 {GROUP.gr_name}"}


def test_an_unknown_group(run: Run, place: Path) -> None:
    given = ("--db", str(place / "desk" / "helpdesk.db"), "init", "--shared-group")
    wrong = run(*given, f"{GROUP.gr_name}x")
    assert (wrong.code, wrong.out) == (3, "")
    assert f"there is no group '{GROUP.gr_name}x'" in wrong.err
    assert f"did you mean '{GROUP.gr_name}'?" in wrong.err
    assert "groupadd" in run(*given, "qqqqqqqqqqqq").err
    assert os.listdir(place) == []


def test_a_bad_policy_leaves_nothing(init: Init, place: Path) -> None:
    assert init(place / "desk" / "helpdesk.db", "--plans", str(place / "none.yaml")).code == 3
    assert os.listdir(place) == []


def test_who_may_not_share(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who is not of the group; somebody who does not own the folder, or the database."""
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    monkeypatch.setattr(os, "getgroups", lambda: [GROUP.gr_gid])
    path = place / "helpdesk.db"
    with pytest.raises(RefusedError, match="is not yours") as caught:
        sharing.check(str(path), GROUP.gr_name)
    assert caught.value.code == "not_permitted"
    os.chown(place, -1, GROUP.gr_gid)
    place.chmod(0o2770)
    checked = sharing.check(str(path), GROUP.gr_name)
    path.touch(mode=0o600)
    with pytest.raises(RefusedError, match=r"helpdesk\.db is not yours"):
        sharing.check(str(path), GROUP.gr_name)
    monkeypatch.setattr(os, "getegid", lambda: NOBODY)
    monkeypatch.setattr(os, "getgroups", list)
    with pytest.raises(RefusedError, match="you are not of the group") as caught:
        sharing.check(str(path), GROUP.gr_name)
    assert "usermod" in str(caught.value.hint)
    assert checked.file == str(path)


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EPERM, RefusedError), (errno.EIO, StorageError), (errno.ELOOP, StorageError)]
)
def test_what_the_host_refuses(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[HelpdeskError]
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(number, os.strerror(number))

    checked = sharing.check(str(place / "helpdesk.db"), GROUP.gr_name)
    monkeypatch.setattr(os, "fchmod", fail)
    with pytest.raises(error, match=os.strerror(number)):
        sharing.share(checked)


def test_what_is_no_plain_file_is_left_alone(init: Init, place: Path) -> None:
    """A member could lay a link, for the owner to open what is behind it to the group."""
    path = place / "desk" / "helpdesk.db"
    assert init(path).code == 0
    secret = place / "secret"
    secret.touch(mode=0o600)
    path.with_name("helpdesk.db-wal").symlink_to(secret)
    with pytest.raises(StorageError, match="cannot be shared"):
        sharing.share(sharing.check(str(path), GROUP.gr_name))
    path.with_name("helpdesk.db-wal").unlink()
    os.mkfifo(path.with_name("helpdesk.db-wal"))
    with pytest.raises(RefusedError, match="no plain file"):
        sharing.share(sharing.check(str(path), GROUP.gr_name))
    assert secret.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_the_group_cannot_reach(init: Init, place: Path) -> None:
    place.chmod(0o700)
    os.chown(place, -1, GROUP.gr_gid)
    done = init(place / "desk" / "helpdesk.db")
    assert done.code == 0
    assert f"cannot get there yet: {place} is closed to it" in done.err
    place.chmod(0o710)
    assert "cannot get there" not in init(place / "desk" / "helpdesk.db").err


def test_a_link_to_the_database_is_followed(init: Init, place: Path) -> None:
    (place / "link.db").symlink_to(place / "desk" / "real.db")
    (place / "desk").mkdir()
    assert init(place / "link.db").code == 0
    assert modes(place / "desk") == shared("real.db")
