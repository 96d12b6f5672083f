"""Format `jsonl`: one compact JSON object a line, written as it comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def one(view: View, row: Row) -> None:
    """Print one line."""
    stream.write(json_text(_ENCODE(view.project(row))) + "\n")


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print a line a record."""
    count = 0
    for row in rows:
        one(view, row)
        count += 1
        if live:
            stream.flush()
    return count
