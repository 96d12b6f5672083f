"""A database file without policy and people, for the tests of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.storage.database import Database, open_database
from helpdesk_cli.storage.schema import initialise


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "t.db")


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """`open_database`, short of patience, whose databases are closed at the end."""
    databases: list[Database] = []

    def open_(path: str, **given: Any) -> Database:
        databases.append(open_database(path, **{"wait": 0.1, **given}))
        return databases[-1]

    yield open_
    for database in databases:
        database.close()


@pytest.fixture
def db(path: str, opened: Callable[..., Database]) -> Database:
    database = opened(path, create=True)
    initialise(database)
    return database
