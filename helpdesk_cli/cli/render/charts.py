"""Charts of one line, from block characters: bars beside the figures of a table, sparklines of the weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"  # a week without a figure is none with a low one


def bar(value: float | None, top: float, cells: int) -> str:
    """A bar that fills its cells at `top`, to an eighth of a cell rounded down, but never empty above 0."""
    if not value or top <= 0:
        return ""
    eighths = max(1, min(int(value * cells * 8 / top), cells * 8))
    whole, rest = divmod(eighths, 8)
    return "█" * whole + _EIGHTHS[rest].strip()


def sparkline(values: Iterable[float | None]) -> str:
    """A character a value, as high as its part of the highest; `·` for none."""
    found = list(values)
    top = max((value for value in found if value is not None), default=0)
    return "".join(_NOTHING if value is None else _level(value, top) for value in found)


def _level(value: float, top: float) -> str:
    return _LEVELS[int(value * (len(_LEVELS) - 1) / top + 0.5)] if top > 0 else _LEVELS[0]
