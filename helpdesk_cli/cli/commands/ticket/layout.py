"""How lines of a page are laid out: wrapped to its width, in columns, times in the zone of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.cli.options import Output

_WIDTH = 80
_WIDEST = 100  # longer lines are hard to read
_GAP = "  "


def wants_page(out: Output) -> bool:
    """Whether to print a page: the format is the table, and no fields are picked."""
    return out.format == "table" and out.settings.get("fields") is None


def page_width(out: Output) -> int:
    """80 columns; on a terminal as many as it has, to a hundred."""
    if not out.terminal:
        return _WIDTH
    import shutil

    return min(shutil.get_terminal_size().columns, _WIDEST)


def zone_name(out: Output) -> str:
    """The zone in which the page tells times."""
    zone = out.app.zone
    return getattr(zone, "key", None) or str(zone)


def when(out: Output, text: str) -> str:
    """A local time; on a terminal with its distance from now."""
    return out.instant(text) + (f" ({out.age(text)})" if out.terminal else "")


def folded(text: str, room: int, *, indent: int) -> Iterator[str]:
    """Text made harmless and wrapped to `room` cells, its further lines indented."""
    from helpdesk_cli.cli.render.text import page, width

    text = page(text)
    if "\n" not in text and width(text) <= room:
        yield text
        return
    if text.isascii():
        from textwrap import wrap

        lines = wrap(text, room, subsequent_indent=" " * indent, break_on_hyphens=False)
    else:
        import wcwidth

        lines = wcwidth.wrap(text, room, subsequent_indent=" " * indent, break_on_hyphens=False)
    yield from lines


def columns(rows: list[list[str]]) -> Iterator[str]:
    """Rows of harmless cells, each cell padded to the width of its column."""
    from helpdesk_cli.cli.render.text import width

    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield _GAP.join(text + " " * (room - width(text)) for text, room in zip(row, widths, strict=True))
