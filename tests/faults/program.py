"""The command line as a process of its own, in an environment as empty as can be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HELPDESK = [sys.executable, "-m", "helpdesk_cli"]
ROOT = Path(__file__).resolve().parents[2]
# Exit codes that `helpdesk help exit-codes` explains.
DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 10, 75, 130, 141, 143}
# Longer than a lock is waited for; a command that takes it hangs.
LONG = 120


class Done(NamedTuple):
    """How a command ended: below 0, the signal that killed it."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a command finds in its environment."""
    paths = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**paths, "HOME": str(home), "LANG": "C.UTF-8", "HELPDESK_TIMEZONE": "UTC", **more}


def call(
    argv: Sequence[str | bytes],
    home: Path,
    *,
    env: Mapping[str, str] | None = None,
    meanwhile: Callable[[subprocess.Popen[bytes]], object] | None = None,
    **streams: Any,
) -> Done:
    """Run a program to its end, and do something `meanwhile`."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    with subprocess.Popen(argv, env=environment(home) if env is None else env, **given) as process:
        try:
            if meanwhile is not None:
                meanwhile(process)
            out, err = process.communicate(timeout=LONG)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Done(-1, _text(out), f"still running after {LONG} s; {_text(err)}")
        except BaseException:  # nobody waits for it any more
            process.kill()
            raise
    return Done(process.returncode, _text(out), _text(err))


def untidy(done: Done) -> list[str]:
    """What no command may do, whatever happens to it."""
    problems = []
    if "Traceback" in done.err or "something unexpected" in done.err:
        problems.append(f"a traceback: {_last(done.err)}")
    if done.code not in DOCUMENTED:
        problems.append(f"exit code {done.code}: {_last(done.err)}")
    return problems


def unlike_an_error(done: Done) -> list[str]:
    """What is wrong with what a command that failed said: a line, and at most a hint, or JSON."""
    lines = done.err.splitlines()
    starts = [
        number for number, line in enumerate(lines) if line.startswith(("Error: ", '{"error": {"code": "'))
    ]
    if len(starts) != 1:
        return [f"no single error line: {done.err!r}"]
    more = [line for line in lines[starts[0] + 1 :] if not line.startswith(("Hint: ", "      "))]
    return [f"more than a line: {done.err!r}"] if more else []


def _last(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "nothing on stderr"


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "backslashreplace")
