"""Format `markdown`: the columns of a table as a pipe table, plain and whole, for a page or a comment.

A single record is a table of keys and values, with the records inside it as tables below. What people wrote
shows as they wrote it: nothing in it is markup, ends its cell or its row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.cells import has_own_table, header, listed, shown, told
from helpdesk_cli.cli.render.text import harmless
from helpdesk_cli.records import RECORDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_BREAK = r"\r\n|[\n\v\f\r]"
# Inside a word an underscore is a letter (`in_progress`), and an ampersand is one unless it begins an entity.
_MARKUP = r"[\\|`*~<\[]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])"
# A row of dashes could be taken for the line under a header, and some readers look for blocks in cells.
_LEADING = r"^(?:[#>+=-]|:(?=-))"


def one(view: View, row: Row) -> None:
    """Print a record as two columns, nulls left out unless they were asked for."""
    view = view.plain()
    inner: list[Field] = []
    if view.headers:
        _head(("field", "value"), (False, False))
    for field in view.fields:
        value = row.get(field.name)
        if not view.chosen and (value is None or value in ([], {})):
            continue
        if not view.chosen and has_own_table(field):
            inner.append(field)
            continue
        name = cell(header(view, field, age=False))
        _line((name, shown(view, field, told(view, field, row), age=False, clean=cell)))
    for field in inner:
        stream.write(f"\n**{cell(field.header)}**\n\n")
        many(view.of(RECORDS[field.of or ""]), row[field.name], live=False)


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a header, also where there is no record, then a line a record as it comes."""
    view = view.plain()
    fields = view.columns
    if not view.chosen and not view.speaks:  # labels that nobody asked for are no column
        fields = tuple(field for field in fields if field.type != "labels")
    heads = [cell(header(view, field, age=False)) for field in fields]
    right = [field.type in ("int", "number", "duration") for field in fields]
    count = 0
    for row in rows:
        if view.headers and count == 0:
            _head(heads, right)
        _line(listed(view, field, told(view, field, row), cell) for field in fields)
        count += 1
        if live:
            stream.flush()
    if view.headers and count == 0:
        _head(heads, right)
    return count


def cell(text: str) -> str:
    """Return text that shows as it is in a cell: escapes for markup, `<br>` for line breaks."""
    return "<br>".join(map(_escaped, re.split(_BREAK, text.expandtabs(4).strip())))


def _escaped(line: str) -> str:
    return re.sub(_LEADING, r"\\\g<0>", re.sub(_MARKUP, r"\\\g<0>", harmless(line)))


def _head(names: Iterable[str], right: Iterable[bool]) -> None:
    _line(names)
    _line("---:" if flag else "---" for flag in right)


def _line(cells: Iterable[str]) -> None:
    stream.write(f"| {' | '.join(cells)} |\n")
