"""The real commands for hostile input, on a helpdesk that is full of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# The contracts of the commands and the helpdesk that they are called on.
sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from attacks import Ask
from console import Result, Run, invoke
from contracts import NOW, stock
from poisoned import poison


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("ticket", "list", stdin="", env={}, tty=False) -> Result(code, out, err)`; HOME is new."""

    def call(*args: str, **streams: Any) -> Result:
        return invoke(args, tmp_path, **streams)

    return call


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the contracts, in a folder with the files that they name."""
    return stock(tmp_path_factory.mktemp("stocked"))


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with hostile text wherever people write any; to be read, not changed."""
    return poison(stock(tmp_path_factory.mktemp("poisoned")))


@pytest.fixture
def ask(run: Run) -> Callable[[Path], Ask]:
    """`ask(path)("ticket", "list") -> Result`: ann's commands on a database at the time of the contracts."""

    def of(path: Path) -> Ask:
        def call(*words: str, **streams: Any) -> Result:
            return run("--db", str(path), "--now", NOW, "--as", "ann", *words, **streams)

        return call

    return of
