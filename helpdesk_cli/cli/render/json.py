"""Format `json`: an object, or an array that is written as its records come; a key a line, two spaces deep.

Nested records stand one a line, everything deeper is compact: that reads well and keeps the serialiser in C.
A thread without end is written as it is read.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.projection import is_stream, joined, project
from helpdesk_cli.cli.render.text import json_text
from helpdesk_cli.errors import HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_WORDS = {None: "null", True: "true", False: "false"}


def one(view: View, row: Row) -> None:
    """Print an object."""
    for text in _object(project(view, row), ""):
        stream.write(json_text(text))
    stream.write("\n")


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print an array; what was printed stays valid JSON when the rows end in an error."""
    count = 0
    try:
        for row in rows:
            before = ",\n  " if count else "[\n  "
            for text in _object(project(view, row), "  "):
                stream.write(before + json_text(text))
                before = ""
            count += 1
            if live:
                stream.flush()
    except HelpdeskError as error:
        if count and error.code != "output_lost":
            stream.write("\n]\n")
        raise
    stream.write("\n]\n" if count else "[]\n")
    return count


def data(value: Any) -> None:
    """Print a value that is no record, such as a schema."""
    stream.write(json_text(json.dumps(value, ensure_ascii=False, indent=2)) + "\n")


def _object(row: dict[str, Any], indent: str) -> Iterator[str]:
    """The text of an object: one piece, unless a list in it is read as it is written."""
    pairs: list[str] = []
    before = f"{{\n{indent}  "
    inner = f",\n{indent}  "
    for name, value in row.items():
        if is_stream(value):
            yield before + "".join(f"{pair}{inner}" for pair in pairs) + f'"{name}": '
            yield from _array(value, indent)
            pairs, before = [], inner
        else:
            pairs.append(f'"{name}": {_value(value, indent)}')
    yield (before + inner.join(pairs) if pairs else "") + f"\n{indent}}}"


def _array(records: Iterator[Any], indent: str) -> Iterator[str]:
    lines = joined(records, _ENCODE, f",\n{indent}    ")
    first = next(lines, None)
    if first is None:
        yield "[]"
        return
    yield f"[\n{indent}    {first}"
    yield from lines
    yield f"\n{indent}  ]"


def _value(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = f",\n{indent}    ".join(map(_ENCODE, value))
        return f"[\n{indent}    {lines}\n{indent}  ]"
    return _ENCODE(value)
