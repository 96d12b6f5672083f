"""How much there is: rows of a database counted, for `db stats` and for what a backup holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk_cli.storage.database import Database

_COUNTED = ("orgs", "contacts", "agents", "messages", "events", "notices", "runs")


def tickets(db: Database) -> int:
    """How many tickets there are, in a database of any version."""
    return _rows(db, "tickets")


def of_rows(db: Database) -> dict[str, Any]:
    """`tickets`, `by_status` (status -> how many), the numbers of rows of `orgs`, `contacts`, `agents`,
    `messages`, `events`, `notices` and `runs`, `oldest_ticket_at`, `newest_ticket_at`, `last_event_at` (when
    the last event was recorded). Every row is read."""
    statuses = db.query("SELECT status, count(*) AS n FROM tickets GROUP BY status ORDER BY status")
    span = db.query("SELECT min(created_at) AS oldest, max(created_at) AS newest FROM tickets")[0]
    return {
        "tickets": sum(row["n"] for row in statuses),
        "by_status": {row["status"]: row["n"] for row in statuses},
        **{name: _rows(db, name) for name in _COUNTED},
        "oldest_ticket_at": span["oldest"],
        "newest_ticket_at": span["newest"],
        "last_event_at": last_recorded(db),
    }


def last_recorded(db: Database) -> str | None:
    """When the newest event was recorded, in real time; None where there is none."""
    row = db.one("SELECT recorded_at FROM events ORDER BY seq DESC LIMIT 1")
    return None if row is None else str(row["recorded_at"])


def active_agents(db: Database) -> int:
    """How many agents are not retired."""
    row = db.one("SELECT count(*) AS n FROM agents WHERE retired_at IS NULL")
    return 0 if row is None else int(row["n"])


def unclosed(db: Database) -> bool:
    """Whether any ticket is not closed."""
    return db.one("SELECT id FROM tickets WHERE active = 1 OR status = 'resolved' LIMIT 1") is not None


def _rows(db: Database, table: str) -> int:
    row = db.one(f"SELECT count(*) AS n FROM {table}")
    return 0 if row is None else int(row["n"])
