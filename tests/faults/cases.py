"""A fault and what became of it: the rows of the table that `python -m tests.faults` prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Outcome(NamedTuple):
    """How many points were tried, and of each that did not hold a line; `note` has figures."""

    tried: int
    broken: tuple[str, ...] = ()
    note: str = ""


class Case(NamedTuple):
    """One line of the table. `run(folder, full)` tries the fault in an empty folder of its own."""

    row: str
    name: str
    run: Callable[[Path, bool], Outcome]
    in_short: bool = True  # whether the short form has it

    @property
    def title(self) -> str:
        return f"{self.row}/{self.name}"

    def chosen(self, words: list[str]) -> bool:
        """Whether one of the words names its row, or itself."""
        return not words or self.row in words or self.title in words


class SkippedError(Exception):
    """Why a case cannot be tried on this machine."""


class Tally:
    """Counts points, and collects what did not hold."""

    def __init__(self) -> None:
        self.tried = 0
        self._broken: list[str] = []

    def add(self, where: str, problems: list[str]) -> None:
        self.tried += 1
        self._broken += [f"{where}: {problem}" for problem in problems]

    def outcome(self, note: str = "") -> Outcome:
        return Outcome(self.tried, tuple(self._broken), note)


def spread(points: list[T], most: int | None) -> list[T]:
    """At most so many of the points, evenly, the first and the last among them; None: all."""
    if most is None or len(points) <= most:
        return points
    return [points[round(number * (len(points) - 1) / (most - 1))] for number in range(most)]
