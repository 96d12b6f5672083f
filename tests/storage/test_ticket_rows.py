"""The row of a ticket follows its state in every column, whichever of them changed alone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.clocks import Clock
from helpdesk_cli.domain.due import Summary
from helpdesk_cli.domain.tickets import Ticket
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import orgs, people
from helpdesk_cli.services import tickets as services
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import tickets

TWO, THREE = (datetime(2027, 3, day, tzinfo=UTC) for day in (2, 3))
BREACHED = Clock("resolution", 1, (), breached_at=TWO)
UNCHANGING = {"id", "requester_id", "created_at", "on_behalf"}
# What a ticket that was just opened has not, by the fields of its state and of its summary.
OTHERS: dict[str, tuple[Any, Any]] = {
    "version": (8, 9),
    "status": ("on_hold", "closed"),
    "priority": ("high", "low"),
    "category": ("billing", None),
    "type": ("question", None),
    "plan": ("silver", "gold"),
    "channel": ("mail", "phone"),
    "tags": (("a",), ()),
    "org": (1, 2),
    "assignee": ("ann", None),
    "team": ("network", None),
    "policy_version": (2, 1),
    "updated_at": (TWO, THREE),
    "last_at": (TWO, THREE),
    "first_responded_at": (TWO, None),
    "first_resolved_at": (TWO, None),
    "resolved_at": (TWO, None),
    "closed_at": (TWO, None),
    "closed_by": ("ann", None),
    "close_reason": ("spam", None),
    "reopened_count": (1, 2),
    "hold_until": (TWO, None),
    "last_customer_message_at": (TWO, None),
    "last_agent_message_at": (TWO, None),
    "merged_into": (2, None),
    "time_spent": (60, 120),
    "clocks": ((BREACHED,), ()),
    "rank": (7, 8),
    "auto_close_at": (TWO, None),
    "next_due_at": (TWO, None),
    "act_at": (TWO, None),
}


@pytest.fixture
def opened(app: App) -> Ticket:
    """The first of two tickets, and a row of each kind that a column may name."""
    for name in ("Acme", "Beta"):
        orgs.create_org(app, name, {})
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_team(app, "network")
    for _ in range(2):
        services.create(app, subject="s", sender="a@b.example", body="b")
    with app.write() as now:
        app.policies.add(app.policies.latest().document, at=now, source=None, actor="ann")
    return tickets.load(app.db, 1)


def given(ticket: Ticket, field: str, value: Any) -> tuple[Ticket, Summary]:
    """The ticket and its summary with one field changed, as the next version."""
    summary = Summary(rank=0, auto_close_at=THREE, next_due_at=THREE, act_at=THREE)
    after = ticket._replace(version=ticket.version + 1)
    if field in Summary._fields:
        return after, summary._replace(**{field: value})
    return after._replace(**{field: value}), summary


def differing(app: App, wanted: dict[str, Any]) -> set[str]:
    stored = tickets.stored(app.db, 1)
    return {column for column in wanted if stored[column] != wanted[column]}


@pytest.mark.parametrize("field", OTHERS)
def test_a_field_that_changes_alone_is_written(app: App, opened: Ticket, field: str) -> None:
    """To another value and from there to a third, or to none."""
    now = opened
    for value in OTHERS[field]:
        after, summary = given(now, field, value)
        with app.write():
            tickets.update(app.db, [(now, after, summary)])
        assert differing(app, tickets.row_of(after, summary)) == set()
        now = after


def test_every_column_is_tried(app: App, opened: Ticket) -> None:
    """Else a new one could be left out of the statements that write."""
    plain = tickets.row_of(*given(opened, "version", opened.version))
    tried = set()
    for field, (value, _) in OTHERS.items():
        row = tickets.row_of(*given(opened, field, value))
        tried |= {column for column in row if row[column] != plain[column]}
    assert plain.keys() - tried == UNCHANGING
    assert tickets.stored(app.db, 1).keys() >= plain.keys()


def test_a_row_that_is_not_as_it_was_read_is_left(app: App, opened: Ticket) -> None:
    """Of two that changed the same version the later one is refused, and nothing of it is written."""
    first, summary = given(opened, "status", "on_hold")
    second, _ = given(opened, "priority", "high")
    with app.write():
        tickets.update(app.db, [(opened, first, summary)])
    with pytest.raises(RefusedError) as caught, app.write():
        tickets.update(app.db, [(opened, second, summary)])
    assert caught.value.code == "version_conflict"
    assert differing(app, tickets.row_of(first, summary)) == set()


@pytest.mark.parametrize(
    "kind", ["clock_warned", "clock_breached", "escalated", "reminded", "auto_closed", "status_changed"]
)
def test_what_happens_once_is_in_the_log_once(app: App, opened: Ticket, kind: str) -> None:
    """Whoever writes it: the engine itself refuses the second, but not that of another level or instance."""
    add = (
        "INSERT INTO events (ticket_id, n, type, at, recorded_at, actor, clock, instance, level, data)"
        " VALUES (:ticket, :n, :kind, 'x', 'x', 'sweep', 'resolution', :instance, :level, '{}')"
    )
    one = {"ticket": opened.id, "n": 101, "kind": kind, "instance": 7, "level": 1}
    with app.write():
        app.db.run_many(add, [one, {**one, "n": 102, "level": 2}, {**one, "n": 103, "instance": 8}])
    with pytest.raises(sqlite3.IntegrityError, match="instance"), app.write():
        app.db.run(add, {**one, "n": 104})
