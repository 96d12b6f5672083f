"""`plan show` for a person: who is promised what, a row a priority and a column a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Write = Callable[[int], str]  # seconds -> 1h30m

_CLOCKS = ("first_response", "next_response", "update", "resolution")
_NONE = "-"
_GAP = "  "


def plan_page(plan: Mapping[str, Any], title: str, duration: Write) -> Iterator[str]:
    """The lines of a `plan` record; `title` is its label."""
    name = plan["name"]
    told = [name if title == name else f"{name} ({title})"]
    told += ["the default plan"] * plan["default"] + ["retired"] * plan["retired"]
    yield ", ".join(told)
    yield f"Targets: {_working_time(plan['calendar'])}"
    yield ""
    yield from _matrix(plan, duration)
    yield ""
    for heading, text in _rules(plan, duration):
        yield f"{heading}: {text}"


def _matrix(plan: Mapping[str, Any], duration: Write) -> Iterator[str]:
    targets = plan["targets"]
    clocks = [clock for clock in _CLOCKS if any(clock in row for row in targets.values())]
    table = [["priority", *clocks]]
    for priority, row in targets.items():
        table.append([priority, *(_target(row.get(clock), plan["calendar"], duration) for clock in clocks)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        yield _GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    if not clocks:
        yield "nothing is promised"


def _target(target: Mapping[str, Any] | None, calendar: str, duration: Write) -> str:
    if target is None:
        return _NONE
    limit, goal = target["target_seconds"], target["goal_seconds"]
    text = duration(limit) if goal is None else f"{duration(goal)}..{duration(limit)}"
    return text if target["calendar"] == calendar else f"{text} ({target['calendar']})"


def _working_time(calendar: str) -> str:
    return f"working time of calendar {calendar}"


def _rules(plan: Mapping[str, Any], duration: Write) -> Iterator[tuple[str, str]]:
    pauses = [f"{', '.join(clocks)} in {status}" for status, clocks in plan["pause"].items() if clocks]
    yield "Pauses", "; ".join(pauses) or "never"
    closing = plan["auto_close"]
    if closing["after_seconds"]:
        text = f"after {duration(closing['after_seconds'])} of silence in {', '.join(closing['statuses'])}"
        if closing["remind_after_seconds"]:
            text += f", reminder after {duration(closing['remind_after_seconds'])}"
        counted = _working_time(closing["calendar"]) if closing["calendar"] else "elapsed time, day and night"
        yield "Auto-closure", f"{text}; {counted}"
    else:
        yield "Auto-closure", "never"
    window = plan["reopen"]["window_seconds"]
    when = "at any time" if window is None else f"within {duration(window)}"
    yield "Reopening", f"{plan['reopen']['mode']}, {when}"
    yield "Customer may close", plan["customer_close"]
    if not plan["retroactive"]:
        yield "Edited hours", "count from the edit on"
    for level in plan["escalation"]:
        does = [f"notify {', '.join(level['notify'])}"] if level["notify"] else []
        for key, value in level["set"].items():
            does.append(f"{key} {' '.join(value) if isinstance(value, list) else value}")
        yield f"Level {level['level']}", f"{level['clock']} at {level['at']}: {'; '.join(does)}"
