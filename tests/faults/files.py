"""Files that are no healthy database of ours: each command says so, and leaves them alone."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.faults.cases import Case, Outcome, SkippedError, Tally
from tests.faults.commands import COMMANDS, ON_DATABASE, READING, Contract, argv, begin, is_idle, some
from tests.faults.program import Done, call, untidy

_PAGE = 4096
_PR_CAPBSET_DROP, _DAC_OVERRIDE, _DAC_READ_SEARCH = 24, 1, 2  # of <linux/prctl.h>, <linux/capability.h>


class Bad(NamedTuple):
    """A file that something happened to, and the codes of the error with which commands then end; what only
    reads works on one that is `readable`."""

    name: str
    spoil: Callable[[Path], object]
    codes: tuple[str, ...]
    readable: bool = False


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def _noise(path: Path) -> None:
    """Keep the first page, which says what the file is; nothing after it can be read."""
    content = path.read_bytes()
    path.write_bytes(content[:_PAGE] + random.Random(0).randbytes(len(content) - _PAGE))


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def _read_only(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)


BAD = (
    Bad("read-only", _read_only, ("read_only", "io_error"), readable=True),
    Bad("truncated", _truncate, ("corrupt", "not_a_database")),
    Bad("noise", _noise, ("corrupt",)),
    Bad("not a database", lambda path: path.write_bytes(b"-- a dump\n" * 500), ("not_a_database",)),
    Bad("newer", _newer, ("newer_version",)),
)
# What is about the file itself finds it in order, or not, in its own way.
_OWN_WAY = ("init", "db doctor", "db migrate")


def cases() -> Iterator[Case]:
    """One for each way in which a file is bad."""
    for bad in BAD:
        yield Case("file", bad.name, partial(_each, bad))
    yield Case("file", "one page is noise", _pages, in_short=False)


def _each(bad: Bad, folder: Path, full: bool) -> Outcome:
    tally = Tally()
    _require_permissions(folder)
    for contract in some(COMMANDS, full):
        desk, path = folder / "desk", _emptied(folder / "bad") / "desk.db"
        shutil.copy(begin(desk), path)
        bad.spoil(path)
        before = _hash(path)
        done = call(argv(contract, desk, "--json", db=path), desk, preexec_fn=_as_others)
        tally.add(
            contract.words,
            untidy(done) + _unlike(bad, contract, done, folder / "well") + _changed(path, before),
        )
    return tally.outcome()


def _unlike(bad: Bad, contract: Contract, done: Done, folder: Path) -> list[str]:
    """What is wrong with how a command ended."""
    refused = done.code == 1 and _error_code(done) in bad.codes
    works = bad.readable and contract.command in READING
    if contract in ON_DATABASE and contract.command not in _OWN_WAY:
        as_told = done.code == contract.code if works else refused
    else:
        as_told = refused or done.code in (
            contract.code,
            1 if contract.command == "db doctor" else contract.code,
        )
    if bad.readable and done.code == contract.code and is_idle(contract, folder):
        return []
    return [] if as_told else [f"exit code {done.code}: {done.err or done.out}"]


def _error_code(done: Done) -> str | None:
    try:
        return str(json.loads(done.err.splitlines()[-1])["error"]["code"])
    except (ValueError, KeyError, IndexError):
        return None


def _changed(path: Path, before: str) -> list[str]:
    problems = [] if _hash(path) == before else ["the file was changed"]
    logs = [left for left in path.parent.iterdir() if left != path and left.stat().st_size]
    return problems + [f"{left.name} was left beside it" for left in logs]


def _pages(folder: Path, _full: bool) -> Outcome:
    """Each page in turn is noise: a command that reads it says so, the others need not."""
    dice, tally, desk = random.Random(0), Tally(), folder / "desk"
    for number in range(1, begin(desk).stat().st_size // _PAGE):
        contract, path = dice.choice(ON_DATABASE), _emptied(folder / "bad") / "desk.db"
        content = bytearray(begin(desk).read_bytes())
        content[number * _PAGE : (number + 1) * _PAGE] = dice.randbytes(_PAGE)
        path.write_bytes(content)
        done = call(argv(contract, desk, "--json", db=path), desk)
        told = done.code == contract.code or _error_code(done) == "corrupt" or contract.command == "db doctor"
        tally.add(f"page {number}: {contract.words}", untidy(done) + ([] if told else [done.err or done.out]))
    return tally.outcome()


def _emptied(folder: Path) -> Path:
    if folder.exists():
        folder.chmod(0o755)
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def _as_others() -> None:
    """Stop at permissions, as everybody does but root: without its right to pass them over."""
    for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH) if os.geteuid() == 0 else ():
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, right, 0, 0, 0)


def _require_permissions(folder: Path) -> None:
    """SkippedError where a read-only file can be written all the same."""
    file = folder / "trial"
    file.touch(0o444)
    if call([sys.executable, "-c", f"open({str(file)!r}, 'a')"], folder, preexec_fn=_as_others).code == 0:
        raise SkippedError("permissions stop nobody here: this is root")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
