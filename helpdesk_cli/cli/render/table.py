"""Format `table`: for a person. On a terminal it fits the width and tells ages, else it is plain and whole.

Instants are local to the zone that the header names, durations read `1h30m`, null is empty. A single record
is shown as one line a field, with the records inside it as tables below.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.cells import has_own_table, header, listed, shown
from helpdesk_cli.cli.render.fitting import GAP, NARROW, Column, fitted, kept
from helpdesk_cli.cli.render.text import anchored, shortened, width
from helpdesk_cli.records import RECORDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

    _Table: TypeAlias = dict[Field, tuple[str, ...]]  # a column's header and its cells


def one(view: View, row: Row) -> None:
    """Print a record down the page, nulls left out unless they were asked for."""
    inner: list[Field] = []
    lines: list[list[str]] = []
    for field in view.fields:
        value = row.get(field.name)
        if not view.chosen and (value is None or value in ([], {})):
            continue
        if not view.chosen and has_own_table(field):
            inner.append(field)
            continue
        lines.append([header(view, field, age=False), shown(view, field, value, age=False)])
    room = max(stream.columns() - max((width(line[0]) for line in lines), default=0) - GAP, NARROW)
    if view.terminal:
        lines = [[head, _wrapped(text, room)] for head, text in lines]
    _print(view, [line if view.headers else line[1:] for line in lines], (), "plain")
    for field in inner:
        stream.write(f"\n{field.header}\n")
        many(view.of(RECORDS[field.of or ""]), row[field.name], live=False)


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a line a record, once all are known; nothing at all where there are none."""
    del live  # widths need every row
    fields = view.fields if view.chosen else tuple(map(view.record.field, view.record.table))
    lines = [[listed(view, field, row.get(field.name)) for field in fields] for row in rows]
    if not lines:
        return 0
    heads = [header(view, field, age=view.terminal) if view.headers else "" for field in fields]
    table: _Table = dict(zip(fields, zip(heads, *lines, strict=True), strict=True))
    if not view.chosen:  # labels that nobody wrote in the user's language are no column
        table = {field: cells for field, cells in table.items() if field.type != "labels" or any(cells[1:])}
    if view.terminal:
        table = _fitted(view, table)
    heads, *lines = map(list, zip(*table.values(), strict=True))
    right = [field.type in ("int", "duration") for field in table]
    _print(view, lines, heads if view.headers else (), "simple" if view.terminal else "plain", right)
    return len(lines)


def _fitted(view: View, table: _Table) -> _Table:
    """The columns that fit the terminal, cut to their place in it."""
    room, order = stream.columns(), view.record.keeps
    columns = []
    for field, (head, *cells) in table.items():
        values = max(map(width, cells))
        columns.append(Column(field.name, field.free, max(width(head), values), values))
    if not view.chosen:
        columns = kept(columns, order, room)
    widths = dict(zip([column.name for column in columns], fitted(columns, order, room), strict=True))
    return {
        field: tuple(shortened(text, widths[field.name]) for text in cells)
        for field, cells in table.items()
        if field.name in widths
    }


def _print(
    view: View, lines: list[list[str]], heads: Iterable[str], style: str, right: Iterable[bool] = ()
) -> None:
    if not lines:
        return
    tabulate = _tabulate()
    if view.terminal:
        lines = [[anchored(text) for text in line] for line in lines]
    if view.color:
        heads = [f"\x1b[1m{head}\x1b[0m" for head in heads]
    align = ["right" if flag else "left" for flag in right] or ["left"] * len(lines[0])
    text = tabulate.tabulate(lines, list(heads), tablefmt=style, disable_numparse=True, colalign=align)
    stream.write("".join(line.rstrip() + "\n" for line in text.split("\n")))


def _tabulate() -> ModuleType:
    """Import tabulate without what it needs to know its own version: importlib.metadata, email, zipfile.

    That would be a third of the time of a command that prints a table.
    """
    name = "importlib.metadata"
    known = sys.modules.get(name)
    if known is None:
        asked = ModuleType(name)
        vars(asked).update(version=lambda _: "unknown", PackageNotFoundError=LookupError)
        sys.modules[name] = asked
    try:
        import tabulate
    finally:
        if known is None:
            del sys.modules[name]
    tabulate.MIN_PADDING = 0  # it would make room for two spaces beside every header
    return tabulate


def _wrapped(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    import wcwidth

    return "\n".join(wcwidth.wrap(text, room))
