"""Rows of tickets: the state that the domain works on, read and written whole.

Lists and records read other columns of the same rows: `ticket_lists.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.tickets import Escalation, Ticket, reference
from helpdesk_cli.errors import NotFoundError, RefusedError
from helpdesk_cli.storage import clocks
from helpdesk_cli.storage.rows import FAR_FUTURE, at, dumps, instant, list_of
from helpdesk_cli.storage.rows import insert as insert_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpdesk_cli.domain.due import Summary
    from helpdesk_cli.storage.database import Database, Row

# What of the state no list asks for; the values are instants or numbers.
_FOLD_INSTANTS = ("last_at", "first_customer_at", "unanswered_since", "wait_at")
_FOLD_NUMBERS = ("n", "wait_n", "reminded_n", "hold_n")

_INSTANTS = (
    "first_responded_at",
    "first_resolved_at",
    "resolved_at",
    "closed_at",
    "hold_until",
    "last_customer_message_at",
    "last_agent_message_at",
)
_SELECT = """
SELECT t.id, t.version, t.subject, t.status, t.priority, t.category, t.type, t.plan, t.channel, t.tags,
  t.org_id, t.requester_id, a.login AS assignee, m.name AS team, t.created_at, t.updated_at,
  t.first_responded_at,
  t.first_resolved_at, t.resolved_at, t.closed_at, t.closed_by, t.close_reason, t.reopened_count,
  t.hold_until, t.last_customer_message_at, t.last_agent_message_at, t.merged_into, t.policy_version,
  t.on_behalf, t.time_spent_seconds, t.fold
FROM tickets t LEFT JOIN agents a ON a.id = t.assignee_id LEFT JOIN teams m ON m.id = t.team_id
"""
_UPDATE = """
UPDATE tickets SET version = :version, type = :type, plan = :plan, channel = :channel, tags = :tags,
  updated_at = :updated_at, first_responded_at = :first_responded_at,
  first_resolved_at = :first_resolved_at, resolved_at = :resolved_at, closed_at = :closed_at,
  closed_by = :closed_by, close_reason = :close_reason, reopened_count = :reopened_count,
  time_spent_seconds = :time_spent_seconds,
  hold_until = :hold_until, last_agent_message_at = :last_agent_message_at, auto_close_at = :auto_close_at,
  breached = :breached, next_due_at = :next_due_at, act_at = :act_at,
  policy_version = :policy_version, fold = :fold
WHERE id = :id AND version = :was
"""
# What stands in indexes and foreign keys, which SQLite writes and checks anew wherever it is set, changed or
# not: set only where it is another.
_INDEXED = {
    "status": ":status",
    "priority": ":priority",
    "rank": ":rank",
    "category": ":category",
    "org_id": ":org_id",
    "assignee_id": "(SELECT id FROM agents WHERE login = :assignee)",
    "team_id": "(SELECT id FROM teams WHERE name = :team)",
    "last_customer_message_at": ":last_customer_message_at",
    "merged_into": ":merged_into",
    "sort_due": ":sort_due",
}
_REINDEX = (
    f"UPDATE tickets SET {', '.join(f'{name} = {value}' for name, value in _INDEXED.items())}"
    " WHERE id = :id AND "
    f"({' OR '.join(f'{name} IS DISTINCT FROM {value}' for name, value in _INDEXED.items())})"
)
# The columns of those names of `row_of` that are none.
_COLUMNS = {
    "assignee": ("assignee_id", _INDEXED["assignee_id"]),
    "team": ("team_id", _INDEXED["team_id"]),
}


def load(db: Database, ticket_id: int) -> Ticket:
    """The state of a ticket; NotFoundError (exit 3) where there is none."""
    row = db.one(f"{_SELECT} WHERE t.id = :id", {"id": ticket_id})
    if row is None:
        raise NotFoundError(
            f"there is no ticket {reference(ticket_id)}",
            code="ticket_not_found",
            hint="helpdesk ticket list --status all",
        )
    return ticket_of(row, clocks.rows_of(db, [ticket_id])[ticket_id])


class StoredTicket(NamedTuple):
    """The rows of one ticket."""

    row: Row
    clocks: Sequence[Row]

    @property
    def subject(self) -> str:
        subject: str = self.row["subject"]
        return subject

    def ticket(self) -> Ticket:
        """The state that they hold."""
        return ticket_of(self.row, self.clocks)


def load_many(db: Database, ids: Sequence[int]) -> dict[int, StoredTicket]:
    """The rows of several tickets by id, in two queries."""
    params = {f"p{i}": ticket_id for i, ticket_id in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in params)
    its_clocks = clocks.rows_of(db, ids)
    found = db.query(f"{_SELECT} WHERE t.id IN ({marks})", params)
    return {row["id"]: StoredTicket(row, its_clocks[row["id"]]) for row in found}


def ticket_of(row: Row, its_clocks: Iterable[Row]) -> Ticket:
    """The state in the rows of a ticket and its clocks."""
    fold = json.loads(row["fold"])
    rest: dict[str, Any] = {name: at(row[name]) for name in _INSTANTS}
    rest |= {name: at(fold.get(name)) for name in _FOLD_INSTANTS}
    rest |= {name: fold.get(name, 0) for name in _FOLD_NUMBERS}
    if (asked := fold.get("escalation")) is not None:
        rest["escalation"] = Escalation(**{**asked, "since": from_text(asked["since"])})
    return Ticket(
        id=row["id"],
        requester=row["requester_id"],
        org=row["org_id"],
        status=row["status"],
        priority=row["priority"],
        category=row["category"],
        type=row["type"],
        plan=row["plan"],
        channel=row["channel"],
        tags=tuple(json.loads(row["tags"])),
        policy_version=row["policy_version"],
        on_behalf=bool(row["on_behalf"]),
        created_at=from_text(row["created_at"]),
        updated_at=from_text(row["updated_at"]),
        version=row["version"],
        assignee=row["assignee"],
        team=row["team"],
        closed_by=row["closed_by"],
        close_reason=row["close_reason"],
        reopened_count=row["reopened_count"],
        merged_into=row["merged_into"],
        time_spent=row["time_spent_seconds"],
        clocks=tuple(map(clocks.clock_of, its_clocks)),
        **rest,
    )


def insert(db: Database, new: Sequence[tuple[Ticket, Summary, Mapping[str, Any]]]) -> None:
    """New rows, with `subject` and `idempotency_key` beside the state; the ids come from `next_id`."""
    insert_rows(db, [{**row_of(ticket, summary), **beside} for ticket, summary, beside in new])


def insert_rows(db: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same of rows made by `row_of`, with what stands beside."""
    insert_all(db, "tickets", rows, _COLUMNS)


def by_idempotency_key(db: Database, keys: Sequence[str]) -> dict[str, int]:
    """Key -> the ticket that was opened with it, where there is one."""
    params = {f"p{i}": key for i, key in enumerate(keys)}
    marks = ", ".join(f":{name}" for name in params)
    sql = f"SELECT id, idempotency_key AS key FROM tickets WHERE idempotency_key IN ({marks})"
    return {row["key"]: row["id"] for row in db.query(sql, params)} if keys else {}


def update(db: Database, changed: Sequence[tuple[Ticket, Ticket, Summary]]) -> None:
    """Write each state over the version that was read; RefusedError where somebody was first."""
    if not changed:
        return
    rows = [{**row_of(after, summary), "was": before.version} for before, after, summary in changed]
    if db.run_many(_UPDATE, rows) != len(rows):
        raise RefusedError(
            f"{reference(changed[0][1].id)} was changed by somebody else meanwhile",
            code="version_conflict",
            hint="look at it again and repeat",
        )
    db.run_many(_REINDEX, rows)


def save_tags(db: Database, changed: Iterable[tuple[Ticket | None, Ticket]]) -> None:
    """Write the tags that differ."""
    for before, after in changed:
        tags = () if before is None else before.tags
        if tags != after.tags:
            db.run("DELETE FROM ticket_tags WHERE ticket_id = :id", {"id": after.id})
            insert_tags(db, ((after.id, tag) for tag in after.tags))


def insert_tags(db: Database, new: Iterable[tuple[int, str]]) -> None:
    """Each a ticket and one of its tags."""
    insert_all(db, "ticket_tags", [{"ticket_id": ticket_id, "tag": tag} for ticket_id, tag in new])


def row_of(ticket: Ticket, summary: Summary) -> dict[str, Any]:
    """Every column that events decide."""
    fold = {name: instant(getattr(ticket, name)) for name in _FOLD_INSTANTS}
    return {
        "id": ticket.id,
        "version": ticket.version,
        "status": ticket.status,
        "priority": ticket.priority,
        "rank": summary.rank,
        "category": ticket.category,
        "type": ticket.type,
        "plan": ticket.plan,
        "channel": ticket.channel,
        "tags": list_of(ticket.tags),
        "org_id": ticket.org,
        "requester_id": ticket.requester,
        "assignee": ticket.assignee,
        "team": ticket.team,
        "created_at": to_text(ticket.created_at),
        "updated_at": to_text(ticket.updated_at),
        "closed_by": ticket.closed_by,
        "close_reason": ticket.close_reason,
        "reopened_count": ticket.reopened_count,
        "merged_into": ticket.merged_into,
        "time_spent_seconds": ticket.time_spent,
        "policy_version": ticket.policy_version,
        "on_behalf": int(ticket.on_behalf),
        "breached": int(ticket.breached),
        "auto_close_at": instant(summary.auto_close_at),
        "next_due_at": instant(summary.next_due_at),
        "sort_due": instant(summary.next_due_at) or FAR_FUTURE,
        "act_at": instant(summary.act_at),
        "fold": dumps({**fold, **{name: getattr(ticket, name) for name in _FOLD_NUMBERS}, **_asked(ticket)}),
        **{name: instant(getattr(ticket, name)) for name in _INSTANTS},
    }


def _asked(ticket: Ticket) -> dict[str, Any]:
    """The escalation that was asked for; most tickets have none, and no room is kept for it."""
    asked = ticket.escalation
    return {} if asked is None else {"escalation": {**asked._asdict(), "since": to_text(asked.since)}}


def due(db: Database, now: str, after: tuple[str, int], limit: int) -> list[tuple[int, str]]:
    """Ids and `act_at` of tickets whose time has come, in that order, after `(act_at, id)`: one range."""
    rows = db.query(
        "SELECT id, act_at FROM tickets WHERE act_at IS NOT NULL AND act_at <= :now"
        " AND (act_at, id) > (:after_at, :after_id) ORDER BY act_at, id LIMIT :limit " + db.dialect.lock,
        {"now": now, "after_at": after[0], "after_id": after[1], "limit": limit},
    )
    return [(row["id"], row["act_at"]) for row in rows]


def count_due(db: Database, now: str, after: tuple[str, int]) -> int:
    """How many tickets are due after `(act_at, id)`."""
    row = db.one(
        "SELECT count(*) AS total FROM tickets WHERE act_at IS NOT NULL AND act_at <= :now"
        " AND (act_at, id) > (:after_at, :after_id)",
        {"now": now, "after_at": after[0], "after_id": after[1]},
    )
    return 0 if row is None else row["total"]


def set_subject(db: Database, ticket_id: int, subject: str) -> None:
    from helpdesk_cli.storage import search

    db.run("UPDATE tickets SET subject = :subject WHERE id = :id", {"id": ticket_id, "subject": subject})
    search.set_subject(db, ticket_id, subject)


def subjects(db: Database, ids: Iterable[int]) -> dict[int, str]:
    params = {f"p{i}": ticket_id for i, ticket_id in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in params)
    rows = db.query(f"SELECT id, subject FROM tickets WHERE id IN ({marks})", params)
    return {row["id"]: row["subject"] for row in rows}


def not_closed(db: Database, org_id: int) -> list[int]:
    """Ids of an organisation's tickets that are not closed."""
    rows = db.query(
        "SELECT id FROM tickets WHERE org_id = :org AND status <> 'closed' ORDER BY id", {"org": org_id}
    )
    return [row["id"] for row in rows]


def held_by(db: Database, agent_id: int) -> list[int]:
    """Ids of an agent's tickets that are not closed."""
    rows = db.query(
        "SELECT id FROM tickets WHERE assignee_id = :agent AND active = 1"
        " UNION ALL SELECT id FROM tickets WHERE assignee_id = :agent AND status = 'resolved' ORDER BY id",
        {"agent": agent_id},
    )
    return [row["id"] for row in rows]


def all_ids(db: Database) -> Iterator[int]:
    return (row["id"] for row in db.stream("SELECT id FROM tickets ORDER BY id"))


def stored(db: Database, ticket_id: int) -> dict[str, Any]:
    """The row as it is kept, under the names of `row_of`."""
    row = db.one(
        "SELECT t.*, a.login AS assignee, m.name AS team FROM tickets t"
        " LEFT JOIN agents a ON a.id = t.assignee_id LEFT JOIN teams m ON m.id = t.team_id"
        " WHERE t.id = :id",
        {"id": ticket_id},
    )
    return {} if row is None else {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row, not a dict


def stored_tags(db: Database, ticket_id: int) -> tuple[str, ...]:
    rows = db.query("SELECT tag FROM ticket_tags WHERE ticket_id = :id ORDER BY tag", {"id": ticket_id})
    return tuple(row["tag"] for row in rows)


def set_ranks(db: Database, ranks: dict[str, int]) -> None:
    """The rank of every ticket by its priority, where it is another."""
    db.run_many(
        "UPDATE tickets SET rank = :rank WHERE priority = :priority AND rank <> :rank",
        [{"priority": priority, "rank": rank} for priority, rank in ranks.items()],
    )


def mark_due(db: Database, at: str) -> int:
    """A new policy version is due at its instant on every ticket not closed, or what is due earlier."""
    return db.run(
        "UPDATE tickets SET act_at = CASE WHEN act_at < :at THEN act_at ELSE :at END"
        " WHERE status <> 'closed'",
        {"at": at},
    )
