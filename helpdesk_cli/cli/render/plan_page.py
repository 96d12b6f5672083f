"""`plan show` for a person: who is promised what, a row a priority and a column a clock."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.layout import columns, fits, folded, page_width
from helpdesk_cli.records.fields import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from helpdesk_cli.cli.options import Output

    Write = Callable[[int], str]  # seconds -> 1h30m

_NONE = "-"


def plan_page(out: Output, plan: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a `plan` record; off a terminal a rule is a line."""
    name, title = plan["name"], out.label("plan", plan["name"])
    room = page_width(out) if out.terminal else sys.maxsize
    told = [name if title == name else f"{name} ({title})"]
    told += ["the default plan"] * plan["default"] + ["retired"] * plan["retired"]
    told += [f"extends {plan['extends']}"] * bool(plan["extends"])
    told += [f"{key[6:]} {plan[key]}" for key in ("valid_from", "valid_to") if plan[key]]
    yield from folded(", ".join(told), room, indent=2)
    yield from folded(f"Targets: {_working_time(plan['calendar'])}", room, indent=2)
    yield ""
    yield from _matrix(out, plan)
    yield ""
    for heading, text in _rules(plan, out.duration):
        yield from folded(f"{heading}: {text}", room, indent=2)


def _matrix(out: Output, plan: Mapping[str, Any]) -> Iterator[str]:
    """A table, or a line a priority where a terminal is too narrow for it."""
    targets = plan["targets"]
    clocks = [clock for clock in CLOCKS if any(clock in row for row in targets.values())]
    rows = [
        [priority, *(_target(row.get(clock), plan["calendar"], out.duration) for clock in clocks)]
        for priority, row in targets.items()
    ]
    table = [["priority", *clocks], *rows]
    if not out.terminal or fits(table, page_width(out)):
        yield from columns(out, table)
    else:
        for priority, *cells in rows:
            promised = [f"{clock} {text}" for clock, text in zip(clocks, cells, strict=True) if text != _NONE]
            yield from folded(f"{priority}: {', '.join(promised) or _NONE}", page_width(out), indent=2)
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
