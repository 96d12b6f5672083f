"""Records of tickets and their clocks, advanced to `now` in memory (`sla.md 1`).

A breach shows at once; statuses, escalations and closures show once they are written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import clocks as arithmetic
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.plans import CLOCKS
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.storage import clocks as clock_rows
from helpdesk_cli.storage import ticket_lists
from helpdesk_cli.storage.rows import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.plans import Level, Policy
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.clocks import StoredClock
    from helpdesk_cli.storage.database import Row

# How many tickets share a query for their clocks while a list streams.
_CHUNK = 200
_SHOWN_UNCOVERED = ("first_response", "resolution")
_COPIED = (
    "version",
    "subject",
    "status",
    "priority",
    "category",
    "type",
    "org",
    "requester",
    "assignee",
    "team",
    "plan",
    "channel",
)
_COPIED_LATER = (
    "created_at",
    "updated_at",
    "first_responded_at",
    "first_resolved_at",
    "resolved_at",
    "closed_at",
    "closed_by",
    "reopened_count",
    "time_spent_seconds",
    "hold_until",
    "last_customer_message_at",
    "last_agent_message_at",
    "auto_close_at",
)


def of_rows(app: App, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """The records of a list, some hundred at a time, all as of one moment of the database."""
    now = app.now()
    chunk: list[Row] = []
    with app.db.read():
        for row in rows:
            chunk.append(row)
            if len(chunk) == _CHUNK:
                yield from _records(app, chunk, now)
                chunk = []
        yield from _records(app, chunk, now)


def of_ticket(app: App, ticket_id: int) -> dict[str, Any]:
    """The record of one ticket, which exists."""
    with app.db.read():
        row = ticket_lists.get(app.db, ticket_id)
        return next(iter(_records(app, [] if row is None else [row], app.now())))


def next_clock(ticket: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The clock whose deadline is the record's `next_due_at`; None where it has none."""
    due = ticket["next_due_at"]
    same = (c for c in ticket["clocks"] if c["due_at"] == due and c["met_at"] is None)
    return None if due is None else next((c for c in same if c["state"] != "cancelled"), None)


def _records(app: App, rows: list[Row], now: datetime) -> Iterator[dict[str, Any]]:
    ids = [row["id"] for row in rows]
    clocks = clock_rows.of_tickets(app.db, ids)
    links = ticket_lists.links(app.db, ids)
    for row in rows:
        yield _record(app.policies, row, clocks[row["id"]], links[row["id"]], now)


def _record(
    rules: Rules, row: Row, clocks: list[StoredClock], links: list[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    fold = json.loads(row["fold"])
    at = max(now, from_text(fold["last_at"]))
    policy = rules.get(row["policy_version"])
    levels = policy.plan(row["plan"]).levels
    covered = [stored for stored in clocks if stored.clock.covered]
    shown = [_clock_record(stored, at, rules, levels) for stored in covered]
    going = [record for stored, record in zip(covered, shown, strict=True) if stored.clock.going]
    shown += _uncovered(policy, row, {clock["name"] for clock in shown})
    shown.sort(key=lambda clock: (CLOCKS.index(clock["name"]), clock["instance"]))
    merged = row["merged_into"]
    return {
        "id": row["id"],
        "ref": reference(row["id"]),
        **{key: row[key] for key in _COPIED},
        "tags": json.loads(row["tags"]),
        **{key: row[key] for key in _COPIED_LATER},
        "merged_into": None if merged is None else reference(merged),
        "links": links,
        "breached": any(clock["breached_at"] is not None for clock in shown),
        "at_risk": any(clock["at_risk"] for clock in shown),
        "next_due_at": row["next_due_at"],
        "clocks": shown,
        "sla": _most_pressing(going),
        "status_label": _status_label(policy, row, at),
        "escalation": fold.get("escalation"),
    }


def _status_label(policy: Policy, row: Row, at: datetime) -> Mapping[str, str] | None:
    if row["status"] not in policy.document.get("statuses", ()):
        return None
    from helpdesk_cli.domain.stages import label

    wrote = row["last_customer_message_at"]
    return label(policy, row["status"], from_text(row["created_at"]), wrote and from_text(wrote), at)


def _clock_record(
    stored: StoredClock, at: datetime, rules: Rules, levels: tuple[Level, ...]
) -> dict[str, Any]:
    """A covered clock as it stands at `at`, whether or not a sweep has noticed its breach. What does not
    depend on `at` comes from the row: no deadline is computed to show it."""
    clock = stored.clock
    if stored.late_at is not None and stored.late_at <= to_text(at):
        clock = arithmetic.as_of(clock, at, rules)
    limit = clock.limit or 0
    elapsed = arithmetic.elapsed(clock, at, rules)
    state = clock.state
    at_risk = state == "running" and clock.warn is not None and clock.warn <= elapsed <= limit
    return {
        "name": clock.name,
        "instance": clock.instance,
        "state": state,
        "at_risk": at_risk,
        "target_seconds": clock.limit,
        "goal_seconds": clock.goal,
        "starts_at": stored.starts_at,
        "due_at": stored.due_at,
        "elapsed_seconds": elapsed,
        "remaining_seconds": max(0, limit - elapsed),
        "paused_seconds": arithmetic.paused(clock, at, rules),
        "met_at": instant(clock.met_at),
        "breached_at": instant(clock.breached_at),
        "noticed_at": instant(clock.noticed_at),
        "late_by_seconds": max(0, elapsed - limit),
        "calendar": clock.spans[-1].calendar,
        "escalations": [_escalation(clock, level, rules) for level in levels if level.clock == clock.name]
        + [
            {"level": number, "at": to_text(when), "fired_at": to_text(when)}
            for number, when in clock.fired
            if number not in {level.level for level in levels if level.clock == clock.name}
        ],
    }


def _most_pressing(going: list[dict[str, Any]]) -> str | None:
    """What a list shows of the clocks that still go, so that urgency is a word and no colour."""
    if any(clock["breached_at"] is not None for clock in going):
        return "overdue"
    if any(clock["at_risk"] for clock in going):
        return "at_risk"
    states = {clock["state"] for clock in going}
    return "running" if "running" in states else "paused" if states else None


def _escalation(clock: Clock, level: Level, rules: Rules) -> dict[str, Any]:
    fired = clock.fired_at(level.level)
    due = fired if fired is not None or not clock.going else arithmetic.level_second(clock, level, rules)
    return {"level": level.level, "at": instant(due), "fired_at": instant(fired)}


def _uncovered(policy: Policy, row: Row, shown: set[str]) -> Iterator[dict[str, Any]]:
    for name in _SHOWN_UNCOVERED:
        if name in shown or policy.target(row["plan"], row["priority"], row["type"], name) is not None:
            continue
        yield {
            "name": name,
            "instance": 0,
            "state": "none",
            "at_risk": False,
            "target_seconds": None,
            "goal_seconds": None,
            "starts_at": None,
            "due_at": None,
            "elapsed_seconds": 0,
            "remaining_seconds": None,
            "paused_seconds": 0,
            "met_at": None,
            "breached_at": None,
            "noticed_at": None,
            "late_by_seconds": 0,
            "calendar": None,
            "escalations": [],
        }
