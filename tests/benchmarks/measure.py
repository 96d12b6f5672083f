"""Time whole processes fairly: two commands in turn, CPU seconds by the operating system's own account."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from typing import NamedTuple

FLOOR = [sys.executable, "-c", "import click, sqlite3, json, datetime"]
CLICK = [sys.executable, "-c", "import click"]


class Row(NamedTuple):
    """One line of the table: `figure` and `goal` are as printed, `met` is None where there is no goal."""

    work: str
    figure: str
    goal: str
    met: bool | None


def cpu_seconds(command: list[str], env: dict[str, str]) -> float:
    """User and system time of one run; fails where the command does."""
    usage = _usage(command, env)
    return usage.ru_utime + usage.ru_stime


def peak_memory(command: list[str], env: dict[str, str], spent: list[float] | None = None) -> int:
    """Bytes of one run at their peak; its CPU seconds go to `spent`."""
    usage = _usage(command, env)
    if spent is not None:
        spent.append(usage.ru_utime + usage.ru_stime)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _usage(command: list[str], env: dict[str, str]) -> resource.struct_rusage:
    process = subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    with process.stderr as stream:
        said = stream.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said.decode(errors='replace')}")
    return usage


def ratio(
    command: list[str], limit: list[str], env: dict[str, str], pairs: int, other: dict[str, str] | None = None
) -> float:
    """Median of the ratios command / limit, measured pair by pair after a warm-up of each; `other`: the
    environment of the limit, if it is another."""
    of_limit = env if other is None else other
    cpu_seconds(command, env)
    cpu_seconds(limit, of_limit)
    return statistics.median(cpu_seconds(command, env) / cpu_seconds(limit, of_limit) for _ in range(pairs))


def table(rows: list[Row]) -> str:
    marks = {True: "yes", False: "NO", None: "-"}
    cells = [("work", "figure", "goal", "met"), *((r.work, r.figure, r.goal, marks[r.met]) for r in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ("  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)
