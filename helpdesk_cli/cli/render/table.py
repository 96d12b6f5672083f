"""Format `table`: for a person. On a terminal it fits the width and tells ages, else it is plain and whole.

Instants are local to the zone that the header names, durations read `1h30m`, null is empty. A single record
is shown as one line a field, with the records inside it as tables below.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.cells import has_own_table, header, listed, shown, told, urgent
from helpdesk_cli.cli.render.fitting import GAP, Column, fitted, kept
from helpdesk_cli.cli.render.spool import Spool
from helpdesk_cli.cli.render.text import isolated, shortened, width, wrapped
from helpdesk_cli.records import RECORDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_ROOMY = 16  # cells for the values of a record beside their names
_RIGHT = ("int", "number", "duration")


class _Column(NamedTuple):
    """A column: its place in a row, and how wide it is."""

    place: int
    field: Field
    head: str
    fit: Column

    def placed(self, text: str, printed: str) -> str:
        """A cell with the spaces that fill it."""
        room = " " * (self.fit.widest - width(text))
        return room + printed if self.field.type in _RIGHT else printed + room


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
        lines.append([header(view, field, age=False), shown(view, field, told(view, field, row), age=False)])
    if not view.headers:
        lines = [line[1:] for line in lines]
    _print(view, _folded(lines) if view.terminal else lines)
    for field in inner:
        stream.write(f"\n{field.header}\n")
        many(view.of(RECORDS[field.of or ""]), row[field.name], live=False)


def _folded(lines: list[list[str]]) -> list[list[str]]:
    """Headers and values, wrapped to the terminal; too narrow for two columns it has one."""
    whole = stream.columns()
    room = whole - max((width(line[0]) for line in lines if len(line) > 1), default=-GAP) - GAP
    if room < _ROOMY:
        return [[_fitted(" ".join(filter(None, line)), whole)] for line in lines]
    return [[*line[:-1], _fitted(line[-1], room)] for line in lines]


def _fitted(text: str, room: int) -> str:
    return text if width(text) <= room else "\n".join(wrapped(text, room, hyphens=True))


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a line a record, once all are known; nothing at all where there are none."""
    del live  # widths need every row
    fields = view.columns
    spool = Spool(len(fields))
    for row in rows:
        spool.add([listed(view, field, told(view, field, row)) for field in fields])
    if spool.count:
        _write(view, spool, _columns(view, spool, fields))
    return spool.count


def _columns(view: View, spool: Spool, fields: Iterable[Field]) -> list[_Column]:
    """The columns that are shown, on a terminal those that fit it, cut to their place in it."""
    found = []
    for place, field in enumerate(fields):
        values = spool.widths[place]
        if field.type == "labels" and not view.chosen and not values:
            continue  # labels that nobody wrote in the user's language are no column
        # The header names the zone of instants unless all of them are ages.
        age = view.terminal and not spool.dated[place]
        head = header(view, field, age=age) if view.headers else ""
        found.append(
            _Column(place, field, head, Column(field.name, field.free, max(width(head), values), values))
        )
    if not view.terminal:
        return found
    room, order = stream.columns(), view.record.keeps
    shown_ = [each.fit for each in found]
    if not view.chosen:
        shown_ = kept(shown_, order, room, view.record.together)
    sizes = dict(zip([fit.name for fit in shown_], fitted(shown_, order, room), strict=True))
    return [
        each._replace(fit=each.fit._replace(widest=sizes[each.fit.name]))
        for each in found
        if each.fit.name in sizes
    ]


def _write(view: View, spool: Spool, columns: list[_Column]) -> None:
    """Print the rows as tabulate would in its formats `simple` and, off a terminal, `plain`; it wants all of
    them in memory at once, many times over."""
    rule = _line("-" * each.fit.widest for each in columns)
    if view.headers:
        heads = (shortened(each.head, each.fit.widest) for each in columns)
        stream.write(
            _line(each.placed(head, _bold(view, head)) for each, head in zip(columns, heads, strict=True))
        )
    if view.terminal:
        stream.write(rule)
    for cells in spool:
        texts = ((each, cells[each.place]) for each in columns)
        stream.write(_line(each.placed(*_cell(view, each, text)) for each, text in texts))
    if view.terminal and not view.headers:
        stream.write(rule)


def _line(cells: Iterable[str]) -> str:
    return (" " * GAP).join(cells).rstrip() + "\n"


def _bold(view: View, text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if view.color else text


def _cell(view: View, column: _Column, text: str) -> tuple[str, str]:
    """(the text that takes room, the same as it is printed)."""
    if not view.terminal:
        return text, urgent(column.field, text) if view.color else text
    text = shortened(text, column.fit.widest)
    return text, isolated(urgent(column.field, text) if view.color else text)


def _print(view: View, lines: list[list[str]]) -> None:
    if not lines:
        return
    tabulate = _tabulate()
    if view.terminal:
        lines = [[isolated(text) for text in line] for line in lines]
    align = ["left"] * len(lines[0])
    text = tabulate.tabulate(lines, [], tablefmt="plain", disable_numparse=True, colalign=align)
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
