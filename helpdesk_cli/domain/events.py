"""What an event of a ticket's log is, and which types there are (`cli.md`, An event).

The log is append-only and the truth: every row about a ticket can be made again from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.records.event_types import EVENT_TYPES

if TYPE_CHECKING:
    from datetime import datetime

SWEEP = "sweep"
CUSTOMER = "customer"

# What the clocks did, or were told, by themselves: no edit of the ticket, so its version stays.
UNVERSIONED = frozenset(
    {
        "clock_started",
        "clock_paused",
        "clock_resumed",
        "clock_met",
        "clock_warned",
        "clock_breached",
        "clock_cancelled",
        "clock_reset",
        "reminded",
        "policy_applied",
    }
)
# What follows from another event in the same instant; a replay makes these anew and compares them.
CONSEQUENCES = frozenset({"clock_started", "clock_paused", "clock_resumed", "clock_met", "clock_cancelled"})
# What time alone does; the end of a hold is a `status_changed` by the sweep.
BY_TIME = frozenset(
    {"clock_warned", "clock_breached", "escalated", "reminded", "auto_closed", "policy_applied"}
)
TYPES = tuple(EVENT_TYPES)


class Event(NamedTuple):
    """One line of a ticket's log.

    `at` is the instant at which it happened (UTC, whole seconds), `recorded_at` the real time at which it
    was written. `actor` is a login, `customer` or `sweep`; `contact` the id of the customer who acted.
    `data` is JSON-ready: instants in it are text. `n` counts the ticket's events from 1; `instance` and
    `level` name the clock or the wait of what happens only once.
    """

    type: str
    at: datetime
    actor: str
    recorded_at: datetime
    data: Mapping[str, object] = {}
    contact: int | None = None
    clock: str = ""
    instance: int | None = None
    level: int = 0
    n: int = 0
    seq: int = 0


def asked(event: Event) -> bool:
    """Whether a person asked for an escalation; that of a plan's level names its clock."""
    return event.type == "escalated" and not event.clock


def changes(event_data: Mapping[str, object], key: str) -> tuple[object, object] | None:
    """(before, after) of `key` in the data of an event, None where the event did not touch it."""
    entry = event_data.get(key)
    if not isinstance(entry, Mapping):
        return None
    return entry.get("before"), entry.get("after")
