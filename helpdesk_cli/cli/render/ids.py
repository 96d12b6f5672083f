"""Format `ids`: of each record what other commands accept for it, one a line, for `$(...)` and `xargs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View


def one(view: View, row: Row) -> None:
    """Print one id, or those that it is about; nothing for what has none: a dry run, a line that failed."""
    found = row.get(view.record.key)
    for id_ in found if isinstance(found, list) else [found]:
        if id_ is not None:
            stream.write(harmless(str(id_)) + "\n")


def many(view: View, rows: Iterable[Row], *, live: bool) -> int:
    """Print an id a line."""
    count = 0
    for row in rows:
        one(view, row)
        count += 1
        if live:
            stream.flush()
    return count
