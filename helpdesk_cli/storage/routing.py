"""Who may get a ticket: the agents of a team, their active tickets, and whose turn it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from helpdesk_cli.storage.database import Database, Row


def agents(db: Database, team: str | None) -> Sequence[Row]:
    """The agents of a team, by its folded name, or all, who are not retired: `id`, `login`, `skills` (JSON),
    `away_since`; those made first come first."""
    return db.query(
        "SELECT a.id, a.login, a.skills, a.away_since FROM agents AS a"
        " LEFT JOIN teams AS t ON t.id = a.team_id WHERE a.retired_at IS NULL"
        " AND (:team IS NULL OR t.name_key = :team) ORDER BY a.id",
        {"team": team},
    )


def active(db: Database, agent_id: int) -> int:
    """How many active tickets the agent has."""
    row = db.one(
        "SELECT COUNT(*) AS n FROM tickets WHERE assignee_id = :agent AND active = 1", {"agent": agent_id}
    )
    return 0 if row is None else int(row["n"])


def turns(db: Database, rule: str) -> dict[int, int]:
    """Agent -> the number of the last turn that a rule gave."""
    rows = db.query("SELECT agent_id, turn FROM turns WHERE rule = :rule", {"rule": rule})
    return {row["agent_id"]: row["turn"] for row in rows}


def save_turns(db: Database, given: Iterable[tuple[str, int, int]]) -> None:
    """Keep (rule, agent, turn)."""
    db.run_many(
        "INSERT INTO turns (rule, agent_id, turn) VALUES (:rule, :agent, :turn)"
        " ON CONFLICT (rule, agent_id) DO UPDATE SET turn = excluded.turn",
        [{"rule": rule, "agent": agent, "turn": turn} for rule, agent, turn in given],
    )
