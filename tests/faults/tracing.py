"""strace: which calls write in a command, and a fault injected at one of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.faults.cases import SkippedError
from tests.faults.program import Done, call

# Whatever changes a file or brings it to disk; opening is one where it makes a file.
WRITES = (
    "write", "writev", "pwrite64", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate",
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat",
    "mkdir", "mkdirat", "chmod", "fchmod", "fchown", "openat",
)  # fmt: skip
SYNCS = ("fsync", "fdatasync")
_LINE = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")


class Point(NamedTuple):
    """One call of a process: the `nth` of its name, from 1."""

    name: str
    nth: int
    said: str  # the line of the trace

    @property
    def where(self) -> str:
        return f"{self.name} #{self.nth} {self.said[:60]}"

    @property
    def is_answer(self) -> bool:
        return self.name == "write" and self.said.startswith("1<")


@cache
def require() -> None:
    """SkippedError where faults cannot be injected."""
    strace = shutil.which("strace")
    if strace is None:
        raise SkippedError("strace is not installed")
    if subprocess.run(
        [strace, "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False
    ).returncode:
        raise SkippedError("strace may not trace here")


def writes(argv: list[str], folder: Path) -> tuple[Done, list[Point]]:
    """Run a command; its writing calls on files of the folder and on stdout, in their order."""
    log = folder.with_suffix(".trace")
    done = call([*_strace(log, WRITES), *argv], folder)
    counts: dict[str, int] = {}
    points = []
    lines = [match for line in log.read_text("utf-8", "replace").splitlines() if (match := _LINE.match(line))]
    for match in lines:
        if match["pid"] != lines[0]["pid"]:  # a thread, which only reads
            continue
        name, said = match["name"], match["rest"]
        counts[name] = counts.get(name, 0) + 1
        ours = str(folder) in said and (name != "openat" or "O_CREAT" in said)
        if ours or (name == "write" and said.startswith("1<")):
            points.append(Point(name, counts[name], said.replace(str(folder), "")))
    log.unlink()
    return done, points


def faulty(argv: list[str], folder: Path, point: Point, fault: str) -> tuple[Done, bool]:
    """Run a command with a fault (`signal=KILL`, `error=EIO`) at one of its calls; whether it came to it."""
    log = folder.with_suffix(".trace")
    inject = f"inject={point.name}:{fault}:when={point.nth}"
    # With its filter strace stops at nothing else, and the command is faster; a kill is not delivered then.
    quick = [] if fault.startswith("signal") else ["--seccomp-bpf"]
    done = call([*_strace(log, (point.name,)), *quick, "-e", inject, *argv], folder)
    text = log.read_text("utf-8", "replace")
    log.unlink()
    return done, done.code == -9 or "(INJECTED)" in text


def _strace(log: Path, names: tuple[str, ...]) -> list[str]:
    return [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-e",
        "signal=none",
        "-o",
        str(log),
        "-e",
        f"trace={','.join(names)}",
    ]
