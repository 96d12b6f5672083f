"""A disk that fails at one call, and one that is full from some moment on."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults import tracing
from tests.faults.cases import Case, Outcome, Tally, spread
from tests.faults.jobs import JOBS, Job
from tests.faults.program import Done, call, unlike_an_error, untidy

_IN_SHORT = ("create", "sweep")
_POINTS = 3  # in the short form, a job
_FULL_DISK = ("create", "sweep", "create --jsonl", "import", "migrate")
_PAGE = 4096
_REAL = "a tmpfs that is full"
_DISK = 16 << 20
_MOST_ROOM = 1000  # pages that no job needs

# The folder to work in, how to leave room for so many pages (what a process is to be started with), a note.
Disk = tuple[Path, Callable[[int], AbstractContextManager[dict[str, Any]]], str]


def cases() -> Iterator[Case]:
    """One for each job and way of failing."""
    for error in ("ENOSPC", "EIO"):
        for job in JOBS:
            yield Case(error, job.name, partial(_at_writes, job, error), in_short=job.name in _IN_SHORT)
    for job in JOBS:
        if job.name in _FULL_DISK:
            yield Case("full-disk", job.name, partial(_full_disk, job), in_short=job.name == "create")


def judged(job: Job, folder: Path, done: Done) -> list[str]:
    """What does not hold of a command whose disk failed: it says so, or had no need of what failed."""
    problems = untidy(done)
    if done.code not in (0, 1):
        problems.append(f"exit code {done.code}")
    if done.code == 1:
        problems += unlike_an_error(done)
    return problems + job.broken(folder, done)


def _at_writes(job: Job, error: str, folder: Path, full: bool) -> Outcome:
    tracing.require()
    desk, tally, failed = folder / "desk", Tally(), 0
    job.begin(desk)
    _, points = tracing.writes(job.argv(desk), desk)
    for point in spread(points, None if full else _POINTS):
        job.begin(desk)
        done, met = tracing.faulty(job.argv(desk), desk, point, f"error={error}")
        failed += done.code != 0
        tally.add(point.where, judged(job, desk, done) if met else ["it did not come to this call"])
    return tally.outcome(f"of {len(points)} writing calls; {failed} ended the command")


def _full_disk(job: Job, folder: Path, full: bool) -> Outcome:
    """Room for no page, for one, for two ... until the work is done."""
    tally = Tally()
    with _small_disk(folder) if full else _any_disk(folder) as (desk, room, note):
        for pages in range(_MOST_ROOM) if full else (0, 8, 30):
            job.begin(desk)
            with room(pages) as given:
                done = call(job.argv(desk), folder, **given)
            tally.add(f"room for {pages} pages", judged(job, desk, done) + _silent(done, note))
            if done.code == 0:
                break
    return tally.outcome(note)


def _silent(done: Done, note: str) -> list[str]:
    """A full disk is called one."""
    told = done.code == 0 or note != _REAL or "disk is full" in done.err or "No space left" in done.err
    return [] if told else [f"no word of the full disk: {done.err!r}"]


@contextmanager
def _small_disk(folder: Path) -> Iterator[Disk]:
    """A file system of its own, so full that it has room for so many pages; else as `_any_disk`."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        with _any_disk(folder) as disk:
            yield disk
        return

    @contextmanager
    def room(pages: int) -> Iterator[dict[str, Any]]:
        filler = folder / "filler"
        with filler.open("wb") as file:
            info = os.statvfs(folder)
            os.posix_fallocate(file.fileno(), 0, max(info.f_bfree - pages, 1) * info.f_bsize)
        try:
            yield {}
        finally:
            filler.unlink()

    try:
        yield folder / "desk", room, _REAL
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _any_disk(folder: Path) -> Iterator[Disk]:
    """Where nothing may be mounted: no file, so no log either, may grow longer than so many pages."""

    @contextmanager
    def room(pages: int) -> Iterator[dict[str, Any]]:
        limit = pages * _PAGE
        yield {"preexec_fn": partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))}

    yield folder / "desk", room, "files limited in size"
