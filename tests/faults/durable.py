"""An answer is printed when what it tells is on disk: no file has writes that were not synced before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.faults import tracing
from tests.faults.cases import Case, Outcome, Tally
from tests.faults.commands import COMMANDS, READING, argv, begin, some
from tests.faults.jobs import JOBS
from tests.faults.tracing import SYNCS, Point

# `init` finds all done on the desk.
_SYNCING = [one for one in COMMANDS if one.command not in READING - {"db backup"} | {"init"}]


def cases() -> Iterator[Case]:
    """One for each command that writes, one for the jobs of kills."""
    yield Case("sync", "commands", _commands)
    yield Case("sync", "jobs", _jobs, in_short=False)


def _commands(folder: Path, full: bool) -> Outcome:
    tracing.require()
    desk, tally = folder / "desk", Tally()
    for contract in some(_SYNCING, full):
        begin(desk)
        done, points = tracing.writes(argv(contract, desk), desk)
        wrong = [] if done.code == contract.code else [f"exit code {done.code}: {done.err}"]
        tally.add(contract.words, wrong + unsynced(points))
    return tally.outcome()


def _jobs(folder: Path, _full: bool) -> Outcome:
    tracing.require()
    desk, tally = folder / "desk", Tally()
    for job in JOBS:
        job.begin(desk)
        tally.add(job.name, unsynced(tracing.writes(job.argv(desk), desk)[1]))
    return tally.outcome()


def unsynced(points: list[Point]) -> list[str]:
    """What is wrong with the order of writes, syncs and the first answer."""
    answer = next((number for number, point in enumerate(points) if point.is_answer), None)
    if answer is None:
        return ["it printed no answer"]
    wrote, synced, open_writes = False, 0, set()
    for point in points[:answer]:
        file = point.said.partition("<")[2].partition(">")[0]
        if point.name in SYNCS:
            synced += 1
            open_writes.discard(file)
        elif point.name in ("pwrite64", "write") and not file.endswith("-shm"):
            wrote = True
            open_writes.add(file)
    problems = [f"{file} was not synced before the answer" for file in sorted(open_writes)]
    # Where there was nothing to do, there is nothing to sync.
    return problems if synced or not wrote else [*problems, "nothing was synced before the answer"]
