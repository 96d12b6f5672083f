"""Format `jsonl`: one compact JSON object a line, written as it comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.projection import is_stream, joined, project
from helpdesk_cli.cli.render.text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def one(view: View, row: Row) -> None:
    """Print one line."""
    for text in _line(project(view, row)):
        stream.write(json_text(text))


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a line a record."""
    count = 0
    for row in rows:
        one(view, row)
        count += 1
        if live:
            stream.flush()
    return count


def _line(row: dict[str, Any]) -> Iterator[str]:
    """The line of an object: one piece, unless a list in it is read as it is written."""
    if not any(map(is_stream, row.values())):
        yield _ENCODE(row) + "\n"
        return
    before = "{"
    for name, value in row.items():
        yield f"{before}{_ENCODE(name)}:"
        before = ","
        if is_stream(value):
            yield "["
            yield from joined(value, _ENCODE, ",")
            yield "]"
        else:
            yield _ENCODE(value)
    yield "}\n"
