"""Run the command line in this process, with an environment and streams of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run, invoke
from desk import Desk, build

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.root import root


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("ticket", "list", stdin="", env={}, tty=False) -> Result(code, out, err)`; HOME is new."""

    def call(*args: str, **streams: Any) -> Result:
        return invoke(args, tmp_path, **streams)

    return call


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the contracts, in a folder with the files that they name; to be copied, not changed."""
    from contracts import stock  # it loads every command

    return stock(tmp_path_factory.mktemp("stocked"))


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
