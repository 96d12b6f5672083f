"""stdout and stderr: UTF-8 whatever the locale, and output that is lost is never taken for success."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, redirect_stdout
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from helpdesk_cli.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WANTED = ("utf-8", "backslashreplace")
_COLUMNS = 80


def prepare() -> None:
    """Make the three standard streams usable whatever the process was started with."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _placeholder(number))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and (stream.encoding, stream.errors) != _WANTED:
            stream.reconfigure(encoding=_WANTED[0], errors=_WANTED[1])


def _placeholder(number: int) -> TextIO:
    """Fill a closed descriptor: reading finds nothing, writing to stdout fails, stderr swallows.

    Left free, its number would go to the next file that is opened.
    """
    mode = os.O_RDWR if number == 2 else os.O_RDONLY
    opened = os.open(os.devnull, mode)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)


def write(text: str) -> None:
    """Write to stdout. BrokenPipeError if nobody reads, StorageError `output_lost` if it cannot be kept."""
    try:
        sys.stdout.write(text)
    except (OSError, ValueError) as error:
        raise _lost(error) from None


@contextmanager
def into(file: TextIO) -> Iterator[None]:
    """Inside, `write` writes to a file instead of stdout, whose errors are those of the file."""
    with redirect_stdout(file):
        try:
            yield
        except StorageError as error:
            if error.code == "output_lost" and isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


def flush() -> None:
    """Hand over what was written; the same errors as `write`."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        raise _lost(error) from None


def wait(seconds: float) -> None:
    """Sleep; BrokenPipeError at once if nobody reads stdout any more, which nothing else tells the idle."""
    import select
    import time

    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)  # errors are told unasked
    except (OSError, ValueError):
        time.sleep(seconds)
        return
    if poll.poll(seconds * 1000):
        raise BrokenPipeError


def talk(text: str) -> None:
    """Write a line to stderr; where even that fails there is nobody left to tell."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def talk_over(text: str) -> None:
    """Write over the last line of a terminal's stderr, for a bar that moves."""
    try:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees what is written to a stream."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def columns() -> int:
    """Return the width of the terminal: `$COLUMNS`, else what it says itself, else 80."""
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and len(given) < 10 and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def give_up() -> None:
    """Point stdout away, so that the interpreter's last flush cannot fail again."""
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
    except (OSError, ValueError):
        return


def _lost(error: OSError | ValueError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return error
    why = error.strerror if isinstance(error, OSError) else str(error)
    if isinstance(error, OSError) and error.errno == errno.EBADF:
        why = "standard output is closed"
    return StorageError(f"the output could not be written: {why}", code="output_lost")
