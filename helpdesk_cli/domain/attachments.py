"""Attached files: how large they may be, and which names are safe to keep and to write (quality.md).

A name comes from somebody else's computer. What nobody sees in it goes first, then it is judged.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.text import has_control
from helpdesk_cli.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
MAX_BYTES = 25 * MIB
# Bytes, not characters: what the name of a file may have on every file system in use.
LONGEST_NAME = 255
_LONGEST_ENDING = 20
_HINT = "rename a copy of the file and attach that"


def attachment_name(text: str) -> str:
    """The name of a file as it is kept: without characters that only format (zero-width spaces, marks of
    direction, a byte order mark) and without space around it.

    RefusedError `bad_name` for one that is empty, has a control character or a broken byte, leads into
    another folder, begins with `-` or `.`, or has more than 255 bytes.
    """
    name = _visible(text)
    why = "it has a control character or a broken byte" if has_control(name) else _objection(name.strip())
    if why is not None:
        raise RefusedError(
            f"{shown(text)} cannot be the name of an attachment: {why}", code="bad_name", hint=_HINT
        )
    return name.strip()


def check_size(size: int, path: str) -> None:
    """RefusedError `too_large` for a file of more than 25 MiB."""
    if size > MAX_BYTES:
        raise RefusedError(
            f"{shown(path)} has more than {MAX_BYTES // MIB} MiB, the most that an attachment may have",
            code="too_large",
            hint="pack it, attach a part of it, or say in the message where it lies",
        )


def name_to_write(name: str, attachment: int) -> str:
    """The name to save an attachment under: its own where it is safe, whoever wrote it into the database."""
    try:
        return attachment_name(name)
    except RefusedError:
        return f"attachment-{attachment}"


def names_to_try(name: str) -> Iterator[str]:
    """The name, then the same with a number before its ending: 2, 3 and so on."""
    yield name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    for number in count(2):
        tail = f"-{number}{dot}{ending}"
        yield _cut(stem, LONGEST_NAME - len(tail.encode())) + tail


def _visible(text: str) -> str:
    if text.isascii():
        return text
    import unicodedata

    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _objection(name: str) -> str | None:
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name or name[1:2] == ":":
        return "it leads into another folder"
    if name.startswith(("-", ".")):
        return f"it begins with {name[0]!r}"
    if len(name.encode()) > LONGEST_NAME:
        return f"it has more than {LONGEST_NAME} bytes"
    return None


def _cut(text: str, room: int) -> str:
    """As many whole characters as fit into so many bytes."""
    return text.encode()[:room].decode(errors="ignore")
