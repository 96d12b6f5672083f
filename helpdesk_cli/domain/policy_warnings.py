"""What a policy may say although it can hardly be meant: warnings, where `policy_check` finds mistakes.

Each looks at a document that has been checked, and leads to its place by a path as a problem does. Here are
the calendars and the plans; the rest is in `policy_warnings_sections`.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import policy_warnings_sections as sections
from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.checking import Problem
from helpdesk_cli.domain.durations import format_duration
from helpdesk_cli.domain.opening_hours import DAY, DAYS, parse_days, parse_window
from helpdesk_cli.domain.plans import enabled_in, plan_of
from helpdesk_cli.domain.terms import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.domain.checking import Path
    from helpdesk_cli.domain.plans import Level, Plan

    Window = tuple[int, int, str, Path]  # opens and closes in seconds, as written, where
    Finding = tuple[Path, str]  # where in a plan, and what

_WEEK = len(DAYS) * DAY


def warnings(document: dict[str, Any]) -> list[Problem]:
    """Every warning of a checked document, each once."""
    found = chain(_calendars(document["calendars"]), _plans(document), sections.warnings(document))
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


def _plans(document: dict[str, Any]) -> Iterator[Problem]:
    """What is odd about each plan; what it only inherits is told where it is written."""
    for name, spec in document["plans"].items():
        told = set(_of_plan(document, spec["extends"])) if "extends" in spec else set()
        for path, message in _of_plan(document, name):
            if (path, message) not in told:
                yield Problem(("plans", name, *path), message)


def _of_plan(document: dict[str, Any], name: str) -> Iterator[Finding]:
    plan = plan_of(document, name)
    ranked = [entry["name"] for entry in document["priorities"] if not entry.get("retired")]
    for clock in CLOCKS:
        yield from _longer(plan, clock, ranked)
    active = [status for status in statuses.ACTIVE if enabled_in(document, status)]
    for n, level in enumerate(plan.levels):
        yield from ((("escalation", n), message) for message in _level(plan, level, active))


def _longer(plan: Plan, clock: str, ranked: list[str]) -> Iterator[Finding]:
    """A priority that waits longer than the next less urgent one on the same calendar."""
    rows = [(name, plan.targets[name][clock]) for name in ranked if clock in plan.targets.get(name, {})]
    for calendar in {target.calendar: None for _, target in rows}:
        same = [(name, target.limit) for name, target in rows if target.calendar == calendar]
        for (urgent, limit), (other, shorter) in pairwise(same):
            if limit > shorter:
                yield (
                    ("targets", urgent, clock),
                    f"{urgent} ({format_duration(limit)}) waits longer than the less urgent {other}"
                    f" ({format_duration(shorter)})",
                )


def _level(plan: Plan, level: Level, active: list[str]) -> Iterator[str]:
    """A level that never fires, or at once, because of the targets or pauses of its clock (sla.md 6)."""
    targets = {row: cells[level.clock] for row, cells in plan.targets.items() if level.clock in cells}
    if not targets:
        yield f"no priority has a target of {level.clock}: the level never fires"
    elif all(level.clock in plan.pause.get(status, ()) for status in active):
        yield f"{level.clock} stands still in every status: the level never fires"
    before = -(level.offset or 0)
    used_up = [
        f"{row} ({format_duration(target.limit)})"
        for row, target in targets.items()
        if target.limit <= before
    ]
    if used_up:
        told = f"at {level.text} leaves nothing of the target of {', '.join(used_up)}"
        yield f"{told}: the level fires at once"
