"""What every test may use, and what no test may leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from helpdesk_cli.services import setup
from helpdesk_cli.services.app import App

# A shell starts what it puts into the background deaf to Ctrl-C, and so would be all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The contracts of the commands, the helpdesk that they are called on, and how to call them.
sys.path.insert(0, str(Path(__file__).parent / "cli"))

# Seconds that no test takes, not beside whatever else a machine does: one that does waits for ever.
LONGEST = 240

# A Sunday, within the business hours of the shipped policy.
NOW = "2026-03-01T09:00:00Z"


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    pytest.fail(f"it has not ended after {LONGEST} s")


def _limited() -> Iterator[None]:
    """Fail what has not ended after LONGEST seconds, wherever it waits then."""
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(LONGEST)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(_limited)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(_limited)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a connection open, or the environment, folder or time zone changed, or a
    database in the folder that it was started in."""
    before = _surroundings()
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def recorded(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **kwargs))
        return opened[-1]

    sqlite3.connect = recorded  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect
    left = [conn for conn in opened if _is_open(conn)]
    for conn in left:
        conn.close()
    assert not left, f"{len(left)} connections left open"
    assert _surroundings() == before


def _surroundings() -> tuple[object, ...]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    databases = {name for name in os.listdir() if name.endswith(".db")}
    return environment, os.getcwd(), time.tzname, databases


def _is_open(conn: sqlite3.Connection) -> bool:
    try:
        conn.total_changes  # noqa: B018 - it raises on a closed one
    except sqlite3.ProgrammingError as error:
        return "closed" not in str(error)
    return True


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as `helpdesk init` makes it, to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("fresh") / "helpdesk.db"
    app = App(str(path), now=NOW, timezone="UTC")
    setup.init(app)
    app.close()
    return path


@pytest.fixture
def database_path(tmp_path: Path, fresh_database: Path) -> Path:
    """The file of a database of one's own, with the shipped policy and the process's user as agent."""
    return Path(shutil.copy(fresh_database, tmp_path / "helpdesk.db"))


@pytest.fixture
def make_app(database_path: Path) -> Iterator[Callable[..., App]]:
    """Make an App on the test's database: `make_app(actor="ann", now="...")`; all are closed at the end."""
    made: list[App] = []

    def make(**given: Any) -> App:
        made.append(App(str(database_path), **{"now": NOW, "timezone": "UTC", **given}))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def app(make_app: Callable[..., App]) -> App:
    """The test's App: the clock stands at NOW, the zone is UTC, the process's user acts."""
    return make_app()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """`run("ticket", "list", stdin="", env={}, tty=False) -> Result(code, out, err)`; HOME is new."""
    from console import invoke  # it loads the command line

    def call(*args: str, **streams: Any) -> Any:
        return invoke(args, tmp_path, **streams)

    return call


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the contracts, in a folder with the files that they name; to be copied, not changed."""
    from contracts import stock  # it loads every command

    return stock(tmp_path_factory.mktemp("stocked"))


@pytest.fixture
def umask_022() -> Iterator[None]:
    """The umask that most hosts have: what is to be kept from others must not rely on it."""
    before = os.umask(0o022)
    yield
    os.umask(before)
