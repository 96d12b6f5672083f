"""From records to bytes: the only package that prints.

A format is a module with `one(view, row)` and `many(view, rows, live) -> count`, loaded when it is asked for,
so that a JSON command never loads tabulate.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    from helpdesk_cli.cli.render.view import View

    Row: TypeAlias = Mapping[str, Any]

    class Renderer(Protocol):
        """What each module of `FORMATS` offers."""

        def one(self, view: View, row: Row) -> None:
            """Print a record as the single answer of a command."""

        def many(self, view: View, rows: Iterable[Row], *, live: bool) -> int:
            """Print records as they come, each at once if `live`; return how many there were."""


FORMATS = {
    "table": "helpdesk_cli.cli.render.table",
    "json": "helpdesk_cli.cli.render.json",
    "jsonl": "helpdesk_cli.cli.render.jsonl",
    "csv": "helpdesk_cli.cli.render.csv",
    "ids": "helpdesk_cli.cli.render.ids",
    "markdown": "helpdesk_cli.cli.render.markdown",
}
FOR_PEOPLE = ("table", "markdown")  # local times, labels in a language, lists in words


def renderer(name: str) -> Renderer:
    """Load a format."""
    return cast("Renderer", import_module(FORMATS[name]))
