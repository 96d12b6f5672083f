"""A ticket that lives in March 2026, its verbs, and what is seen of its clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from life import Life, policy

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.clocks import Clock
from helpdesk_cli.domain.plans import Policy

# Every clock is covered. `always` never closes; the ticket begins on Monday 2026-03-02 at 10:00 UTC.
FOUR = {"first_response": "1h", "next_response": "2h", "update": "6h", "resolution": "8h"}


def march(text: str) -> datetime:
    """`02 10:30` or `02 10:30:01` of March 2026, in UTC."""
    day, time = text.split()
    return datetime.fromisoformat(f"2026-03-{day}T{time}").replace(tzinfo=UTC)


def plans(version: int = 1, at: str = "01 00:00", **gold: Any) -> Policy:
    """A version with plan `gold` (and what else is named) in force from `at`."""
    more = {name: gold.pop(name) for name in ("silver",) if name in gold}
    calendars = gold.pop("calendars", None)
    spec = {"calendar": "always", "normal": FOUR, **gold}
    return policy(version, march(at).isoformat(), {"gold": spec, **more}, calendars)


def born(*versions: Policy, at: str = "02 10:00", **more: Any) -> Life:
    """A customer's ticket with its first message."""
    return Life(*(versions or (plans(),)), at=march(at).isoformat(), **more)


def did(life: Life, since: str = "01 00:00") -> list[str]:
    """What the clocks did from an instant on, as `02 10:30 met first_response`."""
    lines = []
    for event in life.log:
        if event.clock and event.at >= march(since):
            instance = f"/{event.instance}" if event.instance != 1 else ""
            when = f"{event.at:%d %H:%M}" + (f":{event.at:%S}" if event.at.second else "")
            lines.append(f"{when} {event.type.removeprefix('clock_')} {event.clock}{instance}")
    return lines


def clock(life: Life, name: str, instance: int = 1) -> Clock:
    found = life.ticket.clock(name, instance)
    assert found is not None
    return found


def elapsed(life: Life, at: str, name: str = "resolution", instance: int = 1) -> int:
    return clocks.elapsed(clock(life, name, instance), march(at), life.rules)


def paused(life: Life, at: str, name: str = "resolution", instance: int = 1) -> int:
    return clocks.paused(clock(life, name, instance), march(at), life.rules)


def due(life: Life, name: str = "resolution", instance: int = 1) -> datetime | None:
    return clocks.due_at(clock(life, name, instance), life.rules)


def states(life: Life) -> dict[str, str]:
    return {
        each.name + (f"/{each.instance}" if each.instance > 1 else ""): each.state
        for each in life.ticket.clocks
        if each.covered
    }


def customer(life: Life, at: str) -> None:
    life.customer(march(at))


def agent(life: Life, at: str, status: str = "open") -> None:
    """A public agent message; the ticket stays or becomes open, so that nothing pauses."""
    life.agent(march(at), status)


def status(life: Life, at: str, to: str) -> None:
    life.status(march(at), to)


def edit(life: Life, at: str, **changes: Any) -> None:
    life.edit(march(at), **changes)


def reset(life: Life, at: str, name: str) -> None:
    life.event(march(at), "clock_reset", name, reason="why not")
