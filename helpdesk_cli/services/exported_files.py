"""Attached files in an export: lines before all rows, each a piece of a file, so that whoever reads them has
a file before a row names it.

A file that is lost or damaged is left out. On the way in a file is taken only if it is what its name says.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.adapters.file_store import LOST, FileStore
from helpdesk_cli.adapters.json_lines import bad, object_of
from helpdesk_cli.errors import HelpdeskError, UsageError
from helpdesk_cli.services.attachments import content, problem
from helpdesk_cli.storage import attachments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App

TABLE = "files"  # as the lines call it: there is no such table
_PIECE = 16 * 1024  # bytes
_LONGEST = 1 << 16
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Files:
    """The attached files of a database that are sound."""

    def __init__(self, app: App) -> None:
        self._app = app
        every = list(attachments.contents(app.db))
        self._sound = [(sha256, size) for sha256, size in every if problem(app, sha256) is None]
        lost = len(every) - len(self._sound)
        if lost:
            app.announcements.append(
                f"{lost} of {len(every)} attached files are lost and not in the export:"
                " `helpdesk db check --deep` names them"
            )

    def rows(self) -> dict[str, int]:
        """How many lines there are, for the first line of the export; nothing where there are none."""
        count = sum(max(1, -(-size // _PIECE)) for _, size in self._sound)
        return {TABLE: count} if count else {}

    def lines(self) -> Iterator[str]:
        """The lines, file by file."""
        for sha256, _ in self._sound:
            for number, piece in enumerate(_pieces(content(self._app, sha256))):
                text = b64encode(piece).decode()
                yield f'{{"table":"{TABLE}","sha256":"{sha256}","piece":{number},"content":"{text}"}}\n'


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    empty = True
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]
            empty = False
    if empty:
        yield b""


class _Piece(NamedTuple):
    """A line; `sha256` is None where it cannot be read, and `content` what is wrong with it."""

    line: int
    sha256: str | None
    number: int
    content: str


class Incoming:
    """The lines of files in an export that is imported; what became of them."""

    def __init__(self, db_path: str, report: Callable[[HelpdeskError], None]) -> None:
        self._store = FileStore(db_path)
        self._report = report
        self._added: list[str] = []
        self.imported = self.unchanged = self.failed = 0

    def are_there(self, lines: Iterable[tuple[int, bytes]]) -> bool:
        """Whether every file is there, sound; nothing is written, nothing said of lines that are wrong."""
        found = True
        for sha256, pieces in groupby(map(_piece, lines), key=lambda piece: piece.sha256):
            there = sha256 is not None and self._store.problem(sha256) is None
            found &= there
            self.unchanged += sum(1 for _ in pieces) if there else 0
        return found

    def take(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """Have every file; the lines of one that is wrong are told and left out."""
        for sha256, group in groupby(map(_piece, lines), key=lambda piece: piece.sha256):
            seen: list[int] = []
            pieces = _noted(group, seen)
            if sha256 is None:
                for piece in pieces:
                    self._fail(piece.line, piece.content)
                continue
            self._take(sha256, pieces, seen)

    def _take(self, sha256: str, pieces: Iterator[_Piece], seen: list[int]) -> None:
        try:
            new = self._store.keep(sha256, _decoded(pieces), "what the export holds of it")
        except HelpdeskError as error:
            if not isinstance(error, UsageError) and error.code != LOST:
                raise
            told = error.message if isinstance(error, UsageError) else f"it is not the file {sha256}"
            self._fail(seen[-1], told, count=0)
            self.failed += len(seen) + sum(1 for _ in pieces)
            return
        count = len(seen) + sum(1 for _ in pieces)
        if new:
            self._added.append(sha256)
            self.imported += count
        else:
            self.unchanged += count

    def _fail(self, line: int, what: str, count: int = 1) -> None:
        self.failed += count
        self._report(UsageError(f"line {line}, {TABLE}: {what}", code="bad_line", details={"line": line}))

    def undo(self) -> None:
        """Take away the files that were not there before."""
        for sha256 in self._added:
            self._store.remove(sha256)


def _noted(pieces: Iterable[_Piece], seen: list[int]) -> Iterator[_Piece]:
    for piece in pieces:
        seen.append(piece.line)
        yield piece


def _piece(numbered: tuple[int, bytes]) -> _Piece:
    line, raw = numbered
    try:
        values = object_of(raw, _LONGEST)
        sha256, number, text = values.get("sha256"), values.get("piece"), values.get("content")
        if len(values) != 4 or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise bad("expected sha256, piece and content")
        if type(number) is not int or not isinstance(text, str):
            raise bad("piece is a number and content a text")
    except UsageError as error:
        return _Piece(line, None, 0, error.message)
    return _Piece(line, sha256, number, text)


def _decoded(pieces: Iterable[_Piece]) -> Iterator[bytes]:
    """The bytes of a file; UsageError for pieces that do not follow each other or are not base64."""
    for expected, piece in enumerate(pieces):
        if piece.number != expected:
            raise bad(f"found piece {piece.number}, expected {expected}")
        try:
            yield b64decode(piece.content, validate=True)
        except (binascii.Error, ValueError):
            raise bad("content is not base64") from None
