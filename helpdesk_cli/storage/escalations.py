"""The escalations that people asked for, which stand in the fold of their tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_cli.storage.database import Database


def owned_by(db: Database, login: str) -> list[int]:
    """Ids of the tickets, neither resolved nor closed, whose escalation an agent owns. All such are read."""
    rows = db.query(
        "SELECT id FROM tickets WHERE active = 1 AND fold ->> '$.escalation.owner' = :owner ORDER BY id",
        {"owner": login},
    )
    return [row["id"] for row in rows]
