"""`python -m tests.fuzz [--full] [--atheris SECONDS] [NAME ...]`: how many inputs failed, parser by parser.

Each gets 2,000 inputs, with `--full` 100,000; those that need several commands for one get fewer. With
`--atheris`, where that is installed, the parsers that need no files get inputs for so many seconds that were
found by looking at which lines they reach.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from .commands import COMMAND_LINES
from .engine import Fuzzer, Outcome, run
from .files import FILES
from .parsers import PURE

FUZZERS: dict[str, Fuzzer] = {fuzzer.name: fuzzer for fuzzer in (*PURE, *FILES, *COMMAND_LINES)}
FULL, QUICK = 100_000, 2_000


def main(arguments: list[str]) -> int:
    """1 if anything failed."""
    names = [name for name in arguments if name in FUZZERS] or list(FUZZERS)
    if "--atheris" in arguments:
        return guided(names, arguments[arguments.index("--atheris") + 1])
    wanted = FULL if "--full" in arguments else QUICK
    outcomes = []
    print(f"{'parser':<12} {'inputs':>8} {'failures':>9} {'seconds':>8}")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            found = run(FUZZERS[name], Path(folder), wanted // FUZZERS[name].cost)
        print(f"{name:<12} {found.inputs:>8,} {len(found.failures):>9} {found.seconds:>8.1f}", flush=True)
        outcomes.append(found)
    return report(outcomes)


def report(outcomes: list[Outcome]) -> int:
    """Print every failure."""
    for outcome in outcomes:
        for failure in outcome.failures:
            print(f"\n{outcome.name}: {failure}")
    return 1 if any(outcome.failures for outcome in outcomes) else 0


def guided(names: list[str], seconds: str) -> int:
    """Each parser in a process of its own, for the engine ends that in which it runs."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: `pip install atheris`, where there is a build of it")
        return 2
    failed = 0
    for name in (name for name in names if FUZZERS[name].pure):
        command = [sys.executable, "-m", "tests.fuzz.guided", name, f"-max_total_time={seconds}"]
        failed += subprocess.run(command, check=False).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
