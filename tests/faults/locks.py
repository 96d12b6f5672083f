"""A lock that another program holds: waited out, or given up within a minute with exit code 5."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Timer

from tests.faults.cases import Case, Outcome, Tally
from tests.faults.commands import COMMANDS, WRITING, Contract, argv, begin, some
from tests.faults.program import Done, call, unlike_an_error, untidy

SHORT, LONG = 2.0, 40.0
_GIVEN_UP_WITHIN = 60.0
# It is held before the command begins.
_EARLY = 0.5
# They wait without work, so as many at once as the memory of a small machine takes.
_AT_ONCE = 24
# They look for two seconds, then say what they found; or they need no database at all.
_OWN_WAY = ("db doctor",)


def cases() -> Iterator[Case]:
    """Two kinds of locks, held for a short and for a long time."""
    for kind in ("write", "exclusive"):
        for seconds in (SHORT, LONG):
            yield Case(
                "lock",
                f"{kind} {seconds:.0f} s",
                partial(_each, kind, seconds),
                in_short=(kind, seconds) == ("write", SHORT),
            )


def _each(kind: str, seconds: float, folder: Path, full: bool) -> Outcome:
    tally, waits = Tally(), []
    contracts = some(COMMANDS, full)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tried = [pool.submit(_try, one, kind, seconds, folder / str(n)) for n, one in enumerate(contracts)]
        for contract, future in zip(contracts, tried, strict=True):
            done, took = future.result()
            waits.append(took)
            tally.add(contract.words, _unlike(contract, kind, seconds, done, took))
    return tally.outcome(f"the longest took {max(waits):.1f} s")


def _try(contract: Contract, kind: str, seconds: float, folder: Path) -> tuple[Done, float]:
    """How a command ended while its database was locked, and after how many seconds."""
    path = begin(folder)
    with _locked(path, kind, seconds):
        begun = time.monotonic()
        done = call(argv(contract, folder), folder)
        return done, time.monotonic() - begun


@contextmanager
def _locked(path: Path, kind: str, seconds: float) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        if kind == "exclusive":
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE tickets SET version = version")
        release = Timer(seconds, other.close)  # undoes it
        release.start()
        yield
        release.cancel()
        release.join()


def _unlike(contract: Contract, kind: str, seconds: float, done: Done, took: float) -> list[str]:
    """What is wrong with how it ended: who need not wait works, who waits in vain ends with 5."""
    problems = untidy(done)
    if done.code == 5:
        problems += unlike_an_error(done)
        problems += [f"it took {took:.0f} s"] if took > _GIVEN_UP_WITHIN else []
        problems += ["it gave up"] if seconds == SHORT else []
    elif contract.command in _OWN_WAY:
        problems += [] if done.code in (0, 1) else [f"exit code {done.code}: {done.err}"]
    elif done.code != contract.code:
        problems.append(f"exit code {done.code}: {done.err}")
    elif contract in WRITING and took < min(seconds, SHORT) - _EARLY:
        problems.append(f"it did not wait for the lock: {took:.2f} s")
    elif contract in WRITING and seconds == LONG:
        problems.append("it got through, though the lock was held")
    return problems
