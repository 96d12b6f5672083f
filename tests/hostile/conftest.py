"""The real commands for hostile input, on a helpdesk that is full of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attacks import Ask
from console import Result, Run
from contracts import NOW, stock
from poisoned import poison


@pytest.fixture
def changeable(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of the contracts, to be changed, with the files that they name beside it. Its folder is
    the working one, where some of them make files."""
    shutil.copytree(stocked.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / stocked.name


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the contracts, with hostile text wherever people write any; to be read, not changed."""
    return poison(stock(tmp_path_factory.mktemp("poisoned")))


@pytest.fixture
def ask(run: Run) -> Callable[[Path], Ask]:
    """`ask(path)("ticket", "list") -> Result`: ann's commands on a database at the time of the contracts."""

    def of(path: Path) -> Ask:
        def call(*words: str, **streams: Any) -> Result:
            return run("--db", str(path), "--now", NOW, "--as", "ann", *words, **streams)

        return call

    return of
