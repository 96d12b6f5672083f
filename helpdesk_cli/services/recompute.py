"""A new policy version reaches the tickets: those not closed are recomputed in short batches.

The transaction that stores the version also marks every ticket not closed as due at its instant, so what
an interruption leaves over is done by the next sweep, or by the command that touches the ticket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services.change import Change, announce
from helpdesk_cli.storage import tickets as rows
from helpdesk_cli.storage.changes import Changed, save
from helpdesk_cli.storage.rows import instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from helpdesk_cli.domain.clocks import Clock
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App

BATCH = 100


def mark(app: App, at: datetime) -> int:
    """Every ticket not closed is due at the version's instant, and each has its rank in the new order of
    the priorities; call it where the version is stored."""
    policy = app.policies.latest()
    rows.set_ranks(app.db, {name: policy.rank(name) for name in policy.priorities})
    return rows.mark_due(app.db, to_text(at))


def settle(app: App, key: str, name: str) -> None:
    """What is due by now happens now, before it changes whether a level can tell or assign to `name` (`key`:
    assignee or team): a sweep would have found things as they still are (`sla.md 1`). Only where a plan names
    it."""
    documents = (app.policies.get(version).document for version in app.policies.versions())
    levels = (
        level
        for document in documents
        for plan in document["plans"].values()
        for level in plan.get("escalation", ())
    )
    if any(level.get("set", {}).get(key) == name or name in level.get("notify", ()) for level in levels):
        recompute(app)


def recompute(app: App) -> list[dict[str, Any]]:
    """Bring every marked ticket up to now; a record for each deadline that the new version moved."""
    moved: list[dict[str, Any]] = []
    after = ("", 0)
    while True:
        with app.write() as now:
            # Where the clock was set back, the newest version lies ahead of it: the tickets go up to there.
            until = max(now, app.policies.latest().at)
            claimed = rows.due(app.db, to_text(until), after, BATCH)
            changed: list[Changed] = []
            found = rows.load_many(app.db, [ticket_id for ticket_id, _act_at in claimed])
            for ticket_id, _act_at in claimed:
                stored = found[ticket_id]
                change = Change(app, stored.ticket(), until, subject=stored.subject)
                before = change.ticket
                for written in change.steps(touched=False):
                    if written[0].type == "policy_applied":
                        moved += moved_deadlines(before, change.ticket, app.policies)
                    before = change.ticket
                changed += change.unsaved()
                announce(app, change.ticket, change.events)
            save(app.db, changed, app.policies)
        if len(claimed) < BATCH:
            return moved
        after = (claimed[-1][1], claimed[-1][0])


def moved_deadlines(before: Ticket, after: Ticket, rules: Rules) -> Iterator[dict[str, Any]]:
    """`moved_deadline` records of what the last event of `after` did to the deadlines of its going clocks;
    `overdue` where it made one overdue that was not."""
    old, new, at = _going(before), _going(after), after.last_at
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key), new.get(key)
        was, is_ = _deadline(one, rules), _deadline(other, rules)
        if was != is_:
            yield {
                "ticket": after.id,
                "clock": key[0],
                "instance": key[1],
                "before": instant(was),
                "after": instant(is_),
                "overdue": _overdue(other, at, rules) and not _overdue(one, at, rules),
            }


def _going(ticket: Ticket) -> dict[tuple[str, int], Clock]:
    return {(clock.name, clock.instance): clock for clock in ticket.clocks if clock.covered and clock.going}


def _deadline(clock: Clock | None, rules: Rules) -> datetime | None:
    return None if clock is None else clocks.due_at(clock, rules)


def _overdue(clock: Clock | None, at: datetime, rules: Rules) -> bool:
    return clock is not None and clocks.as_of(clock, at, rules).breached_at is not None
