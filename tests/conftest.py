"""What every test may use, and what no test may leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.services import setup
from helpdesk_cli.services.app import App

# A shell starts what it puts into the background deaf to Ctrl-C, and so would be all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A Sunday, within the business hours of the shipped policy.
NOW = "2026-03-01T09:00:00Z"


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a connection open, or the environment, folder or time zone changed."""
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
    return environment, os.getcwd(), time.tzname


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
