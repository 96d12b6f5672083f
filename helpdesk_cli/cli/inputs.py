"""What people hand in: ids on stdin, texts in files or on stdin."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpdesk_cli.cli.render.stream import is_terminal
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_LONGEST_ID = 320  # an address is the longest thing that names a record


def stdin_is_terminal() -> bool:
    """Whether a person could type on stdin."""
    return is_terminal(sys.stdin)


def stdin_lines() -> Iterator[str]:
    """Yield the lines of stdin as they come, blank ones skipped; UsageError for what can be no id."""
    stdin = sys.stdin.buffer
    number = 0
    while raw := stdin.readline(_LONGEST_ID + 2):
        number += 1
        if len(raw) > _LONGEST_ID:
            raise UsageError(f"line {number} of stdin is too long for an id.", code="bad_input")
        line = decoded(raw, f"line {number} of stdin").strip()
        if line:
            yield line


@contextmanager
def open_lines(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, `-` for stdin, to be read line by line; UsageError `bad_input` if it cannot be."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise UsageError(f"{path!r} cannot be read: {error.strerror}.", code="bad_input") from None
    except ValueError:
        raise UsageError(f"{path!r} is no file name.", code="bad_input") from None
    with file:
        yield file


def read_text(path: str) -> str:
    """Read a text file, `-` for stdin, as UTF-8 without its NULs and byte order mark.

    UsageError `bad_input` where the file cannot be read or is no UTF-8.
    """
    if path == "-":
        return decoded(sys.stdin.buffer.read(), "stdin")
    with open_lines(path) as file:
        try:
            return decoded(file.read(), path)
        except OSError as error:
            raise UsageError(f"{path!r} cannot be read: {error.strerror}.", code="bad_input") from None


def decoded(raw: bytes, where: str) -> str:
    """Read UTF-8 without its NULs and byte order mark; UsageError `bad_input`, which names `where`."""
    try:
        return raw.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{where} is not UTF-8: byte {error.start + 1} is 0x{raw[error.start]:02x}.", code="bad_input"
        ) from None
