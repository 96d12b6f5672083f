"""Run the program of a hook: no shell, little environment, a time limit, and whatever it prints cut.

Its input is a file, so that a program which reads none of it blocks nobody. It leads a process group of its
own, and all of that is killed at the time limit, or where we are told to stop. One that goes into the
background has ended: its group lives on, and nobody waits for what it still prints.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT = 64 << 10  # bytes of what it printed, the last ones
_READ = 1 << 16
_LOOK = 0.05  # seconds between two looks whether it has ended
NOT_FOUND, NOT_RUN = 127, 126  # as a shell has them
_DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"


class Outcome(NamedTuple):
    """How it ended: 128 + the signal where one killed it, 127 where there was no such program, 126 where it
    could not be run; None: the time limit. `output` is the end of what it printed, on both streams."""

    exit_code: int | None
    output: str


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """All that it finds in its environment: PATH, HOME and LANG as we have them, and `more`."""
    ours = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    return {"PATH": os.environ.get("PATH") or _DEFAULT_PATH, **ours, **more}


def run(argv: Sequence[str], text: str, env: Mapping[str, str], timeout: float) -> Outcome:
    """Run it in `/` with `text` on stdin, for `timeout` seconds at most."""
    try:
        process = _begun(argv, text, env)
    except OSError as error:
        # A folder for its input may be what is not there.
        gone = isinstance(error, FileNotFoundError) and error.filename == argv[0]
        return Outcome(NOT_FOUND if gone else NOT_RUN, f"{error.filename or argv[0]}: {error.strerror}")
    assert process.stdout is not None
    kept = bytearray()
    try:
        with process.stdout:
            code = _ended(process, process.stdout, kept, time.monotonic() + timeout)
    except BaseException:
        _kill(process)
        raise
    if code is not None and code < 0:
        code = 128 - code
    return Outcome(code, bytes(kept).decode("utf-8", "replace").replace("\0", ""))


def _begun(argv: Sequence[str], text: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """OSError where it cannot be run, or its input can be kept nowhere."""
    with TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        return subprocess.Popen(
            list(argv),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=dict(env),
            start_new_session=True,
        )


def _ended(process: subprocess.Popen[bytes], out: IO[bytes], kept: bytearray, end: float) -> int | None:
    """Read until it has ended; its return code, None where it was killed at the time limit."""
    os.set_blocking(out.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while process.poll() is None:
            if time.monotonic() >= end:
                _kill(process)
                _read(out, kept)
                return None
            if not selector.get_map():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK)
            elif selector.select(_LOOK) and not _read(out, kept, _READ):
                selector.unregister(out)
    _read(out, kept)
    return process.returncode


def _read(out: IO[bytes], kept: bytearray, most: int = KEPT) -> bool:
    """Read what is there, `most` bytes at most; whether more may come."""
    while most > 0:
        try:
            found = os.read(out.fileno(), _READ)
        except BlockingIOError:
            return True
        if not found:
            return False
        kept += found
        del kept[:-KEPT]
        most -= len(found)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
