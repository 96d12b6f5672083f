"""Commands that only a test has, and the desk of the ticket commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import Desk, build

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.root import root


@pytest.fixture
def noun() -> Iterator[Noun]:
    """A noun `fake` of the root, for the test to give verbs to."""
    fake = Noun("fake", "A noun for tests.")
    root.add_command(fake)
    yield fake
    del root.commands["fake"]


@pytest.fixture
def printing(noun: Noun) -> Callable[..., None]:
    """`printing(record, rows)`: `fake list` prints them as a list, `fake show` the first of them."""

    def define(record: str, *rows: dict[str, Any], default: str = "table", left: int = 0) -> None:
        @noun.command("list")
        @output_options(record, default=default)
        def list_(out: Output) -> None:
            """List."""
            out.many(iter(rows), left=left)

        @noun.command("show")
        @output_options(record, default=default)
        def show(out: Output) -> None:
            """Show."""
            out.one(rows[0])

    return define


@pytest.fixture
def saying(noun: Noun) -> Callable[[Callable[[Output], None]], None]:
    """`saying(body)`: `fake say` runs the body."""

    def define(body: Callable[[Output], None]) -> None:
        @noun.command("say")
        @output_options(None)
        def say(out: Output) -> None:
            """Say."""
            body(out)

    return define


@pytest.fixture(scope="session")
def desk_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `desk.py`, made once."""
    return build(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(run: Run, tmp_path: Path, desk_database: Path) -> Desk:
    """`desk("ticket", "list")` runs a command on a database of the test's own, with people and a policy."""
    return Desk(run, Path(shutil.copy(desk_database, tmp_path / "desk.db")))
