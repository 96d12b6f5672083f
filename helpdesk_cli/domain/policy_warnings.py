"""What a policy may say although it can hardly be meant: warnings, where `policy_check` finds mistakes.

Each looks at a document that has been checked, and leads to its place by a path as a problem does.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.checking import Problem
from helpdesk_cli.domain.durations import format_duration
from helpdesk_cli.domain.opening_hours import DAY, DAYS, parse_days, parse_window
from helpdesk_cli.domain.plans import compile_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.domain.checking import Path
    from helpdesk_cli.domain.plans import Level, Plan

    Window = tuple[int, int, str, Path]  # opens and closes in seconds, as written, where

_WEEK = len(DAYS) * DAY


def warnings(document: dict[str, Any]) -> list[Problem]:
    """Every warning of a checked document, each once."""
    found = chain(_calendars(document["calendars"]), _plans(document["plans"]))
    return list(dict.fromkeys(found))


def _calendars(specs: dict[str, Any]) -> Iterator[Problem]:
    for name, spec in specs.items():
        path = ("calendars", name)
        week = [
            _window(text, (*path, "hours", days, n), day)
            for days, windows in spec["hours"].items()
            for day in parse_days(days)
            for n, text in enumerate(windows)
        ]
        # Its first days once more: Sunday's night runs into Monday.
        again = [(opens + _WEEK, closes + _WEEK, text, where) for opens, closes, text, where in week]
        yield from _overlaps(chain(week, again))
        for date, windows in spec.get("exceptions", {}).items():
            here = (*path, "exceptions", date)
            yield from _overlaps(_window(text, (*here, n)) for n, text in enumerate(windows))


def _window(text: str, path: Path, day: int = 0) -> Window:
    opens, closes = parse_window(text)
    return opens + day * DAY, closes + day * DAY, text, path


def _overlaps(windows: Iterable[Window]) -> Iterator[Problem]:
    """What begins while the one before it is still open (sla.md 4: it counts once)."""
    last: Window | None = None
    for window in sorted(windows, key=lambda each: each[:2]):
        opens, closes, text, path = window
        if last is not None and opens < last[1]:
            yield Problem(path, f"{text} overlaps {last[2]}: the time that they share counts once")
        if last is None or closes > last[1]:
            last = window


def _plans(specs: dict[str, Any]) -> Iterator[Problem]:
    for name, spec in specs.items():
        plan = compile_plan(name, spec)
        for n, level in enumerate(plan.levels):
            yield from _level(plan, level, ("plans", name, "escalation", n))


def _level(plan: Plan, level: Level, path: Path) -> Iterator[Problem]:
    """A level that never fires, or at once, because of the targets of its clock (sla.md 6)."""
    targets = {row: cells[level.clock] for row, cells in plan.targets.items() if level.clock in cells}
    if not targets:
        yield Problem(path, f"no priority has a target of {level.clock}: the level never fires")
    before = -(level.offset or 0)
    used_up = [
        f"{row} ({format_duration(target.limit)})"
        for row, target in targets.items()
        if target.limit <= before
    ]
    if used_up:
        told = f"at {level.text} leaves nothing of the target of {', '.join(used_up)}"
        yield Problem(path, f"{told}: the level fires at once")
