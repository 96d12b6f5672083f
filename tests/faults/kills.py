"""kill -9: at every call that writes, and at any moment."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.faults import tracing
from tests.faults.cases import Case, Outcome, Tally, spread
from tests.faults.jobs import JOBS, Job
from tests.faults.program import call

_IN_SHORT = ("create", "sweep")
_POINTS, _KILLS = 4, 5  # in the short form, a job
_RANDOM = 1000  # kills in the full form, over all jobs


def cases() -> Iterator[Case]:
    """Two for each job."""
    for row, kills in (("kill", _at_writes), ("random-kill", _at_random)):
        for job in JOBS:
            yield Case(row, job.name, partial(kills, job), in_short=job.name in _IN_SHORT)


def _at_writes(job: Job, folder: Path, full: bool) -> Outcome:
    tracing.require()
    desk, tally = folder / "desk", Tally()
    job.begin(desk)
    _, points = tracing.writes(job.argv(desk), desk)
    for point in spread(points, None if full else _POINTS):
        job.begin(desk)
        done, met = tracing.faulty(job.argv(desk), desk, point, "signal=KILL")
        tally.add(point.where, job.broken(desk, done) if met else ["it did not come to this call"])
    return tally.outcome(f"of {len(points)} writing calls")


def _at_random(job: Job, folder: Path, full: bool) -> Outcome:
    dice, desk, tally, survived = random.Random(job.name), folder / "desk", Tally(), 0
    wanted = -(-_RANDOM // len(JOBS)) if full else _KILLS
    whole = min(_seconds(job, desk) for _ in range(3))
    while tally.tried < wanted and survived < 3 * wanted:
        job.begin(desk)
        moment = dice.uniform(0.3, 1.0) * whole
        done = call(job.argv(desk), desk, meanwhile=partial(_kill, moment))
        if done.code == -9:
            tally.add(f"after {moment:.3f} s", job.broken(desk, done))
        else:
            survived += 1
    return tally.outcome(f"{survived} runs were over before")


def _seconds(job: Job, desk: Path) -> float:
    job.begin(desk)
    begun = time.monotonic()
    call(job.argv(desk), desk)
    return time.monotonic() - begun


def _kill(moment: float, process: subprocess.Popen[bytes]) -> None:
    time.sleep(moment)
    process.kill()
