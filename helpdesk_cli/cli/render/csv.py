"""Format `csv` (RFC 4180): a line a record, written as it comes; lists and objects are JSON in their cell.

A file keeps every text as it was written, line breaks inside quotes included. On a terminal what it would
obey is spelled out, as in a table.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.projection import is_stream, joined, project
from helpdesk_cli.cli.render.text import json_text, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What a spreadsheet takes a cell for a formula by, in the wide forms of East Asian keyboards too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_END = "\r\n"  # with both in it the csv module quotes cells that hold either; `\n` is what is written


def one(view: View, row: Row) -> None:
    """Print a header line and the record."""
    many(view, [row], live=False)


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a header line, also where there is no record, then a line a record.

    An optional key that was not asked for is a column if the first record has it.
    """
    write = _writer(terminal=view.terminal)
    cell = _guarded if view.guarded else _cell
    names: list[str] | None = None
    count = 0
    for row in rows:
        projected = project(view, row)
        if names is None:
            names = _columns(view, projected)
            _head(view, names, write)
        write([value if is_stream(value) else cell(value) for value in map(projected.get, names)])
        count += 1
        if live:
            stream.flush()
    if names is None:
        _head(view, _columns(view, {}), write)
    return count


def _columns(view: View, first: dict[str, Any]) -> list[str]:
    return [field.name for field in view.fields if view.chosen or not field.optional or field.name in first]


def _head(view: View, names: list[str], write: Callable[[list[str]], None]) -> None:
    if view.headers:
        write(names)


def _writer(*, terminal: bool) -> Callable[[list[Any]], None]:
    row = csv.writer(_Echo(), lineterminator=_END).writerow

    def line(cells: list[str]) -> str:
        text: str = row(cells)
        return text.removesuffix(_END)

    def write(cells: list[Any]) -> None:
        pieces = _pieces(cells, line) if any(map(is_stream, cells)) else (line(cells) + "\n",)
        for text in pieces:
            stream.write(lines(text) if terminal else text)

    return write


def _pieces(cells: list[Any], line: Callable[[list[str]], str]) -> Iterator[str]:
    """A line cell by cell: in one of them is a list that is read as it is written."""
    for number, cell in enumerate(cells):
        yield "," if number else ""
        if is_stream(cell):
            yield '"['
            for text in joined(cell, _ENCODE, ","):
                yield json_text(text).replace('"', '""')
            yield ']"'
        else:
            yield line([cell]) if cell else ""
    yield "\n"


class _Echo:
    """A file whose `write` gives back the text, as `writerow` then does."""

    def write(self, text: str) -> str:
        return text


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json_text(_ENCODE(value))


def _guarded(value: Any) -> str:
    """The same, with an apostrophe before a text that a spreadsheet would calculate; numbers stay numbers."""
    text = _cell(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
