"""Tickets on small policies, for tests of the rules of `sla.md`; every instant is on Monday, 2 March 2026,
unless it says otherwise."""

from __future__ import annotations

from typing import Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.replay import replay
from tests.solo import Solo, instant

MONDAY = "2026-03-02T10:00:00Z"
CALENDARS = {
    "always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}},
    "office": {"timezone": "UTC", "hours": {"mon-fri": ["09:00-17:00"]}},
    "late": {"timezone": "UTC", "hours": {"mon-fri": ["12:00-20:00"]}},
    "past": {"timezone": "UTC", "hours": {}, "exceptions": {"2026-01-02": ["09:00-10:00"]}},
}
PRIORITIES = ("critical", "urgent", "high", "normal", "low")


def plan(normal: Any = "none", **more: Any) -> dict[str, Any]:
    """A plan with this row for `normal`; `high`, `low` and so on for the others; always open."""
    rows = {name: more.pop(name, "none") for name in PRIORITIES if name != "normal"}
    return {"calendar": "always", "targets": {**rows, "normal": normal}, **more}


def policy(gold: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A policy with plan `gold`; `silver` is another plan, `calendars` and so on replace keys."""
    return {
        "default_plan": "gold",
        "default_priority": "normal",
        "calendars": CALENDARS,
        "priorities": [{"name": name} for name in PRIORITIES],
        "types": [{"name": "question"}, {"name": "wish", "sla": "none"}],
        "plans": {"gold": gold, "silver": more.pop("silver", plan())},
        **more,
    }


def ticket(
    normal: Any = "none", at: str = MONDAY, created: dict[str, Any] | None = None, **more: Any
) -> Solo:
    return Solo(policy(plan(normal, **more)), at, **(created or {}))


def level(number: int, clock: str, at: str, **changes: Any) -> dict[str, Any]:
    return {"level": str(number), "clock": clock, "at": at, "notify": ["assignee"], "set": changes}


def seen(solo: Solo, at: str, name: str, key: str, instance: int | None = None) -> Any:
    """A figure of a clock as a reading command shows it at an instant of that Monday, or a whole text."""
    solo.now = moment(at)
    figures = solo.clock(name, instance)
    return None if figures is None else figures[key]


def moment(at: str) -> Any:
    return instant(at if "T" in at else f"2026-03-02T{at}Z")


def told(solo: Solo, *types: str) -> list[tuple[Any, ...]]:
    """(time, type, clock, level) of the events of these types, or of all that time brought."""
    return [
        (to_text(e.at)[11:19], e.type, e.clock, e.level)
        for e in solo.events
        if (
            e.type in types
            if types
            else e.actor == "sweep" and e.type not in ("clock_paused", "clock_resumed")
        )
    ]


def proven(solo: Solo) -> None:
    assert replay(1, solo.events, solo.rules) == (solo.ticket, [])
