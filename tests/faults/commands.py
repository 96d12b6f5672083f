"""A call of every command that there is, on a desk on which it works: those of `tests/cli/contracts.py`."""

from __future__ import annotations

import atexit
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.faults.program import HELPDESK, call
from tests.faults.state import state

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))

from contracts import COMMANDS as ALL
from contracts import NOW, READING, WITHOUT_DATABASE, Contract, each, stock

__all__ = [
    "ALL",
    "CHOSEN",
    "COMMANDS",
    "ON_DATABASE",
    "READING",
    "WRITING",
    "Contract",
    "argv",
    "begin",
    "is_idle",
    "some",
]

COMMANDS = each()
ON_DATABASE = [contract for contract in COMMANDS if contract.command not in WITHOUT_DATABASE]
WRITING = [contract for contract in ON_DATABASE if contract.command not in READING]
# Those of the short form: one that reads, one that writes, one that does both in steps.
CHOSEN = ("ticket list", "ticket create", "sweep")


def some(contracts: Sequence[Contract], full: bool) -> list[Contract]:
    """All of them, or those of the short form."""
    return [contract for contract in contracts if full or contract.command in CHOSEN]


def begin(folder: Path) -> Path:
    """Put the desk into a folder, in the place of what is there; the path of the database."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_stock(), folder)
    return folder / "desk.db"


def argv(contract: Contract, folder: Path, *more: str, db: Path | None = None) -> list[str]:
    """The call of a command on the desk of a folder, or on another database."""
    words = [word.replace("new.db", str(folder / "new.db")) for word in contract.argv(folder)]
    return [*HELPDESK, "--db", str(db or folder / "desk.db"), "--now", NOW, "--as", "ann", *words, *more]


def is_idle(contract: Contract, folder: Path) -> bool:
    """Whether a command finds nothing to do on a desk that is well, which is put into the folder."""
    path = begin(folder)
    before = state(path)
    call(argv(contract, folder), folder)
    return state(path) == before


@cache
def _stock() -> Path:
    folder = Path(mkdtemp(prefix="faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    stock(folder)
    return folder
