"""How lines of a page are laid out: wrapped to its width, in columns, times in the zone of the user.

On a terminal too narrow for its columns a block of lines flows: each line is broken between its cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from helpdesk_cli.cli.options import Output

_WIDTH = 80
_WIDEST, _NARROWEST = 100, 20  # longer lines are hard to read; shorter ones the terminal breaks itself
_ROOMY = 50  # below it labels have no column of their own
_GAP = "  "
_LABEL = 11
_LEAST = 12  # cells of a text of which anything is to be understood
_DEEPER = 2  # what is left of a broken line stands further in


def wants_page(out: Output) -> bool:
    """Whether to print a page: the format is the table, and no fields are picked."""
    return out.format == "table" and out.settings.get("fields") is None


def print_page(out: Output, lines: Iterable[str]) -> None:
    """Print a page; what the command has to say beside it comes first, for pages are read from their end."""
    announce(out)
    out.page(lines)


def announce(out: Output) -> None:
    """Say what time and the command did to the tickets, now and not at the end of the command."""
    for line in out.app.announcements:
        out.talk(line)
    out.app.announcements.clear()


def page_width(out: Output) -> int:
    """80 columns; on a terminal as many as it has, to a hundred."""
    if not out.terminal:
        return _WIDTH
    from helpdesk_cli.cli.render.stream import columns as of_terminal

    return min(max(of_terminal(), _NARROWEST), _WIDEST)


def zone_name(out: Output) -> str:
    """The zone in which the page tells times."""
    zone = out.app.zone
    return getattr(zone, "key", None) or str(zone)


def when(out: Output, text: str) -> str:
    """A local time; on a terminal with its distance from now, unless that is so long that it is a date."""
    at = out.instant(text)
    if not out.terminal or at.startswith(age := out.age(text)):
        return at
    return f"{at} ({age})"


def apart(out: Output, text: str) -> str:
    """A text of people or of the policy that shares its line with other words: right-to-left it must not turn
    them around on a terminal."""
    if not out.terminal or text.isascii():
        return text
    from helpdesk_cli.cli.render.text import marked

    return marked(text)


def folded(text: str, room: int, *, indent: int) -> Iterator[str]:
    """Text made harmless and wrapped to `room` cells, its further lines indented."""
    from helpdesk_cli.cli.render.text import page, width, wrapped

    text = page(text)
    if "\n" not in text and width(text) <= room:
        yield text
    else:
        yield from wrapped(text, room, indent=indent)


def labelled(out: Output, label: str, text: str, column: int = _LABEL) -> Iterator[str]:
    """A fact and its name, which is a column of its own where there is room for one."""
    room = page_width(out)
    if room < _ROOMY:
        yield from folded(f"{label} {text}", room, indent=_DEEPER)
    else:
        yield from folded(f"{label:{column}} {text}", room, indent=column + 1)


def columns(
    out: Output, rows: Sequence[Sequence[str]], *, indent: int = 0, cut: bool = False
) -> Iterator[str]:
    """Rows of harmless cells, each cell padded to the width of its column. On a terminal that is too narrow
    the last column is shortened, if `cut` and as long as something is left of it; else the cells of a row
    follow one another."""
    from helpdesk_cli.cli.render.text import shortened, width

    if not rows:
        return
    before, room = " " * indent, page_width(out)
    widths = _widths(rows)
    left = room - indent - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)
    if out.terminal and widths[-1] > left:
        if not cut or left < _LEAST:
            for row in rows:
                yield from _flowing([apart(out, cell) for cell in row if cell], room, before)
            return
        rows = [[*row[:-1], shortened(row[-1], left)] for row in rows]
        widths[-1] = left
    for row in rows:
        padded = (
            apart(out, cell) + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)
        )
        yield (before + _GAP.join(padded)).rstrip()


def fits(rows: Sequence[Sequence[str]], room: int) -> bool:
    """Whether `columns` has room for every cell."""
    widths = _widths(rows)
    return sum(widths) + len(_GAP) * (len(widths) - 1) <= room


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    from helpdesk_cli.cli.render.text import width

    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def _flowing(cells: Sequence[str], room: int, before: str) -> Iterator[str]:
    """Cells with a gap between them, broken where one has no room left."""
    from helpdesk_cli.cli.render.text import width

    line, *rest = before + cells[0], *cells[1:]
    deeper = len(line) - len(line.lstrip()) + _DEEPER
    for cell in rest:
        if width(line + _GAP + cell) <= room:
            line += _GAP + cell
            continue
        yield from folded(line, room, indent=deeper)
        line = " " * deeper + cell
    yield from folded(line, room, indent=deeper)
