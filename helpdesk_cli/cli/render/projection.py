"""The keys of a record that a format for programs prints: those declared or asked for, in their order.

A list of records inside a row (the thread of a ticket) may be an iterator, for there is no end to how long it
gets: it stays one, and the format writes its records as they are read.
"""

from __future__ import annotations

from types import GeneratorType
from typing import TYPE_CHECKING, Any

from helpdesk_cli.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View
    from helpdesk_cli.records import Field


def project(view: View, row: Row) -> dict[str, Any]:
    """Return the declared keys: null for a missing one, but none for an optional one that `--fields` does not
    name. A list that is an iterator becomes a generator, see `is_stream`."""
    return _project(view.fields, row, chosen=view.chosen)


def is_stream(value: Any) -> bool:
    """Whether a projected value is a list of records that is read as it is written, once."""
    return type(value) is GeneratorType


def joined(values: Iterable[Any], encode: Callable[[Any], str], between: str) -> Iterator[str]:
    """Return what `between.join(map(encode, values))` would be, piece by piece."""
    separator = ""
    for value in values:
        yield separator + encode(value)
        separator = between


def whole(view: View, rows: Iterable[Row]) -> Iterator[Row]:
    """Return the rows with every list in full, for a format that has to see all of it."""
    lists = [field.name for field in view.fields if field.optional and field.type == "list"]
    for row in rows:
        late = {name: list(row[name]) for name in lists if name in row}
        yield {**row, **late} if late else row


def _project(fields: tuple[Field, ...], row: Row, *, chosen: bool = False) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in fields:
        value = row.get(field.name)
        if field.optional and not chosen and field.name not in row:
            continue
        if value and field.of is not None and field.of in RECORDS:
            inner = RECORDS[field.of].fields
            if field.type != "list":
                value = _project(inner, value)
            elif isinstance(value, list):
                value = [_project(inner, item) for item in value]
            else:
                value = _each(inner, value)
        out[field.name] = value
    return out


def _each(fields: tuple[Field, ...], rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield _project(fields, row)
