"""An answer is printed when what it tells is on disk: no file has writes that were not synced before it, no
folder names that were not; and no file gets its name before its content is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.faults import tracing
from tests.faults.cases import Case, Outcome, Tally
from tests.faults.commands import COMMANDS, READING, argv, begin, some
from tests.faults.jobs import JOBS
from tests.faults.tracing import SYNCS, Point

# `init` finds all done on the desk.
_SYNCING = [one for one in COMMANDS if one.command not in READING - {"db backup"} | {"init"}]

_MAKING = ("backup", "export")
_NAMING = ("rename", "renameat", "renameat2", "link", "linkat")


def cases() -> Iterator[Case]:
    """One for each command that writes, one for the jobs of kills."""
    yield Case("sync", "commands", _commands)
    yield Case("sync", "jobs", _jobs)


def _commands(folder: Path, full: bool) -> Outcome:
    tracing.require()
    desk, tally = folder / "desk", Tally()
    for contract in some(_SYNCING, full):
        begin(desk)
        done, points = tracing.writes(argv(contract, desk), desk)
        wrong = [] if done.code == contract.code else [f"exit code {done.code}: {done.err}"]
        tally.add(contract.words, wrong + unsynced(points))
    return tally.outcome()


def _jobs(folder: Path, full: bool) -> Outcome:
    """In the short form those that make files beside their database."""
    tracing.require()
    desk, tally = folder / "desk", Tally()
    for job in (job for job in JOBS if full or job.name in _MAKING):
        job.begin(desk)
        tally.add(job.name, unsynced(tracing.writes(job.argv(desk), desk)[1]))
    return tally.outcome()


def unsynced(points: list[Point]) -> list[str]:
    """What is wrong with the order of writes, syncs and the first answer."""
    answer = next((number for number, point in enumerate(points) if point.is_answer), None)
    if answer is None:
        return ["it printed no answer"]
    problems: list[str] = []
    wrote, synced, open_writes = False, 0, set()
    for point in points[:answer]:
        file = point.said.partition("<")[2].partition(">")[0]
        if point.name in SYNCS:
            synced += 1
            open_writes.discard(file)
        elif point.name in ("pwrite64", "write") and not file.endswith("-shm"):
            wrote = True
            open_writes.add(file)
        elif point.name in _NAMING and ") = 0" in point.said:
            old, new = re.findall('"([^"]*)"', point.said)
            problems += [f"{old} was not synced before it became {new}"] if old in open_writes else []
            open_writes.add(new.rpartition("/")[0])
    problems += [f"{file or 'the folder'} was not synced before the answer" for file in sorted(open_writes)]
    # Where there was nothing to do, there is nothing to sync.
    return problems if synced or not wrote else [*problems, "nothing was synced before the answer"]
