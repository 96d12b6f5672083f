"""Whether a line of an export is a row of its table: its keys, their types, instants, words and JSON.

Whether the rows that it names are there is asked of the database. Values repeat, so what was found good is
remembered: a row of known types, words and instants takes a few comparisons.
"""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters.json_lines import bad, dumps, kind
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError
from helpdesk_cli.records import RECORDS
from helpdesk_cli.storage.transfer import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from helpdesk_cli.services.export_header import Header
    from helpdesk_cli.storage.tables import Column, Table
    from helpdesk_cli.storage.transfer import Shape

_REMEMBERED = 10_000  # values of a kind
_TYPES = {"text": str, "instant": str, "date": str, "list": list, "object": dict}
_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


class _Layout(NamedTuple):
    """The keys that a line may have, and how their values become those of a row: each in its `order`, of its
    type, words one of the few, instants and documents; then what `older` exports do not have is put in."""

    shape: Shape
    order: Callable[[dict[str, Any]], tuple[Any, ...]] | None  # None: as they stand in the line
    columns: list[Column]
    types: tuple[type, ...]
    words: Callable[[list[Any]], tuple[Any, ...]]
    instants: Callable[[list[Any]], tuple[Any, ...]]
    documents: list[int]
    older: list[tuple[int, Any]]
    good_words: set[tuple[Any, ...]]


class RowCheck:
    """Judges the rows of one table, in a file of one schema version."""

    def __init__(self, table: Table, header: Header) -> None:
        self.table = table
        self._columns = {column.name: column for column in table.columns if column.since <= header.schema}
        self._older = {
            column.name: column.older
            for column in table.columns
            if column.since > header.schema and column.older is not None
        }
        self._last_id = header.last_ids.get(table.name, 0) if table.counted else None
        self._layouts: dict[tuple[str, ...], _Layout] = {}
        self._good_instants: set[str] = set()

    def row(self, values: dict[str, Any]) -> tuple[Shape, list[Any]]:
        """The row as it is inserted, of what a line says; UsageError `bad_line`. What is null may be left
        out."""
        keys = tuple(values)
        layout = self._layouts.get(keys) or self._layout(keys)
        row = list(values.values() if layout.order is None else layout.order(values))
        if tuple(map(type, row)) != layout.types:
            return self.row(self._without_nulls(values))
        words, instants = layout.words(row), layout.instants(row)
        if words not in layout.good_words or not self._good_instants.issuperset(instants):
            _require_words(layout, row)
            _remember(layout.good_words, [words])
            _remember(self._good_instants, instants)
        if self._last_id is not None and not 0 < row[0] <= self._last_id:
            raise bad(
                f"{self.table.key[0]}: found {shown(str(row[0]))},"
                f" but by the first line the last one given is {self._last_id}"
            )
        for place in layout.documents:
            row[place] = _dumped(layout.columns[place], row[place])
        for place, value in layout.older:
            row.insert(place, value)
        return layout.shape, row

    def _layout(self, keys: tuple[str, ...]) -> _Layout:
        for key in keys:
            if key not in self._columns:
                near = closest(key, self._columns)
                raise bad(f"unknown key {shown(key)}" + (f": did you mean {near!r}?" if near else ""))
        needed = [name for name, column in self._columns.items() if not column.nullable]
        if lacking := [name for name in needed if name not in keys]:
            raise bad(f"no {' and no '.join(lacking)}")
        columns = [column for name, column in self._columns.items() if name in keys]
        names = [column.name for column in columns]
        filled = [n for n, name in enumerate(self.table.names) if name in keys or name in self._older]
        places = list(enumerate(columns))
        made = _Layout(
            shape=shape_of(self.table, tuple(filled)),
            order=None if names == list(keys) else itemgetter(*names),
            columns=columns,
            types=tuple(map(_type, columns)),
            words=_getter([n for n, column in places if _allowed(column)]),
            instants=_getter([n for n, column in places if column.kind == "instant"]),
            documents=[n for n, column in places if column.name in self.table.documents],
            older=[
                (filled.index(n), self._older[name])
                for n, name in enumerate(self.table.names)
                if name in self._older
            ],
            good_words=set(),
        )
        if len(self._layouts) < _REMEMBERED:
            self._layouts[keys] = made
        return made

    def _without_nulls(self, values: dict[str, Any]) -> dict[str, Any]:
        """The same without what is null and may be; UsageError for another type than that of the column."""
        for name, value in values.items():
            column = self._columns[name]
            wanted = _type(column)
            if type(value) is not wanted and not (column.nullable and value is None):
                raise bad(f"{name}: found {kind(value)}, expected {_NAMES[wanted]}")
        return {name: value for name, value in values.items() if value is not None}


def require_no_nul(values: dict[str, Any]) -> None:
    """UsageError for a text that another engine could not store (storage.md)."""
    for name, value in values.items():
        if isinstance(value, str) and "\0" in value:
            raise bad(f"{name} holds a NUL character")


def _require_words(layout: _Layout, row: list[Any]) -> None:
    """UsageError for a word that is none of the few, and for what is no instant or date."""
    for column, value in zip(layout.columns, row, strict=True):
        allowed = _allowed(column)
        if allowed and value not in allowed:
            near = closest(value, allowed) if isinstance(value, str) else None
            meant = f"did you mean {near!r}?" if near else f"expected {' or '.join(map(str, allowed))}"
            raise bad(f"{column.name}: found {shown(str(value))}, {meant}")
        if column.kind in _FORMS and not _fits(column.kind, value):
            raise bad(f"{column.name}: found {shown(value)}, expected the form {_FORMS[column.kind]}")


def _dumped(column: Column, value: Any) -> str:
    try:
        return dumps(value) if value else _EMPTY[type(value)]
    except RecursionError:
        raise bad(f"{column.name}: nested too deep") from None
    except ValueError:
        raise bad(f"{column.name}: a number that JSON has no form for") from None


def _getter(places: list[int]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """What gives the values at some places."""
    if not places:
        return lambda _row: ()
    # With a single place it would give the value alone.
    return itemgetter(*(places * 2 if len(places) == 1 else places))


def _fits(form: str, text: str) -> bool:
    try:
        if form == "date":
            return date.fromisoformat(text).isoformat() == text
        from_text(text)
    except (UsageError, ValueError):
        return False
    return True


_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}
_FORMS = {"instant": "2026-03-01T09:30:00Z", "date": "2026-03-01"}


def _type(column: Column) -> type:
    return _TYPES.get(column.kind, str if "." in column.kind else int)


def _allowed(column: Column) -> tuple[Any, ...] | None:
    """The values that a column may have, where there are few."""
    if column.kind == "flag":
        return (0, 1)
    if "." not in column.kind:
        return None
    record, _, field = column.kind.partition(".")
    return RECORDS[record].field(field).values


def _remember(seen: set[Any], values: Iterable[Any]) -> None:
    if len(seen) >= _REMEMBERED:
        seen.clear()
    seen.update(values)
