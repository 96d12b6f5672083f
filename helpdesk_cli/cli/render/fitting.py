"""How a table fits the width of a terminal: which columns stay, and which of them are cut.

Words of a fixed list, numbers and times are never cut before free text. The first free text in the order of
`Record.keeps` is what the rows are about (a ticket's subject): the other texts shrink before it, and a column
for which it would have to shrink too much is left out.
"""

from __future__ import annotations

from typing import NamedTuple

GAP = 2
NARROW, NARROWEST = 8, 4  # other texts: as long as there is something else to shrink, and at last
# The main text keeps this much on 80 columns and its share on fewer; a column of words may have more of it.
_WHOLE, _LEAST = 24, 12
_SHARE, _LEAST_SHARE = 0.3, 0.2


class Column(NamedTuple):
    """A column's cells at their widest, with and without its header."""

    name: str
    free: bool
    widest: int
    values: int

    @property
    def least(self) -> int:
        """The width below which the column is left out: of free text the header gives way first."""
        return min(max(self.values, NARROWEST), NARROW, self.widest) if self.free else self.widest


def kept(
    columns: list[Column], order: tuple[str, ...], room: int, together: tuple[tuple[str, ...], ...] = ()
) -> list[Column]:
    """The columns that are shown in `room` cells: of those in `order`, the most important first, each that
    still has a place beside the ones before it. The first of them and the main text always stay; a group of
    `together` for which there is no room as a whole makes room for what comes after it."""
    shown = _kept(columns, order, room)
    names = {column.name for column in shown}
    for group in together:
        if not names.issuperset(group) and names.intersection(group):
            rest = [column for column in columns if column.name not in group]
            return kept(rest, order, room, together)
    return shown


def _kept(columns: list[Column], order: tuple[str, ...], room: int) -> list[Column]:
    ranked = _ranked(columns, order)
    main = _main(ranked)
    taken = {ranked[0], main or ranked[0]}
    for column in ranked:
        share = _SHARE if column.free else _LEAST_SHARE
        least = sum(_least(each, main, share, room) + GAP for each in {*taken, column}) - GAP
        if least <= room:
            taken.add(column)
    return [column for column in columns if column in taken]


def fitted(columns: list[Column], order: tuple[str, ...], room: int) -> list[int]:
    """The width of each column, so that together they take `room` cells if that can be."""
    main = _main(_ranked(columns, order))
    widths = [column.widest for column in columns]
    free = [n for n, column in enumerate(columns) if column.free]
    others = [n for n in free if columns[n] is not main]
    excess = sum(widths) + GAP * (len(widths) - 1) - room
    for some, least in (
        (others, [max(NARROW, column.least) for column in columns]),
        (free, [_least(column, main, _SHARE, room) for column in columns]),
        (free, [_least(column, main, _LEAST_SHARE, room) for column in columns]),
        (range(len(columns)), [NARROWEST] * len(columns)),
    ):
        excess = _narrowed(widths, list(some), least, excess)
    return widths


def _ranked(columns: list[Column], order: tuple[str, ...]) -> list[Column]:
    """The most important first; what `--fields` names beyond a list's own columns comes last."""
    return sorted(columns, key=lambda c: order.index(c.name) if c.name in order else len(order))


def _main(ranked: list[Column]) -> Column | None:
    return next((column for column in ranked if column.free), None)


def _least(column: Column, main: Column | None, share: float, room: int) -> int:
    return min(column.widest, _WHOLE, max(int(room * share), _LEAST)) if column is main else column.least


def _narrowed(widths: list[int], some: list[int], least: list[int], excess: int) -> int:
    """Take up to `excess` cells from the widest of some columns; return how many are still too many."""
    while excess > 0:
        wide = [n for n in some if widths[n] > least[n]]
        if not wide:
            break
        widest = max(wide, key=lambda n: widths[n])
        following = max((widths[n] for n in wide if widths[n] < widths[widest]), default=0)
        cut = min(excess, max(widths[widest] - max(following, least[widest]), 1))
        widths[widest] -= cut
        excess -= cut
    return excess
