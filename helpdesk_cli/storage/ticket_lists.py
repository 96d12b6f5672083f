"""Lists of tickets: a filter compiled to SQL in one place, and the rows that records are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.storage.lists import any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from helpdesk_cli.domain.filters import Order, TicketFilter
    from helpdesk_cli.domain.search_query import TextFilter
    from helpdesk_cli.storage.database import Database, Match, Row

_SELECT = """
SELECT t.id, t.version, t.subject, t.status, t.priority, t.category, t.type, o.name AS org,
  c.email AS requester, a.login AS assignee, m.name AS team, t.plan, t.channel, t.tags, t.created_at,
  t.updated_at, t.first_responded_at, t.first_resolved_at, t.resolved_at, t.closed_at, t.closed_by,
  t.reopened_count, t.time_spent_seconds, t.hold_until, t.last_customer_message_at,
  t.last_agent_message_at, t.auto_close_at, t.merged_into, t.breached, t.next_due_at, t.policy_version,
  t.fold
FROM tickets t LEFT JOIN orgs o ON o.id = t.org_id JOIN contacts c ON c.id = t.requester_id
  LEFT JOIN agents a ON a.id = t.assignee_id LEFT JOIN teams m ON m.id = t.team_id
"""
_ACTIVE = "t.active = 1"  # as the partial indexes say it
_KEYS = {
    "next_due_at": ("t.sort_due", "t.rank", "t.id"),
    "priority": ("t.rank", "t.sort_due", "t.id"),
    "id": ("t.id",),
    "created_at": ("t.created_at", "t.id"),
    "updated_at": ("t.updated_at", "t.id"),
}
_LATE = """EXISTS (SELECT 1 FROM clocks k WHERE k.ticket_id = t.id AND k.instance > 0 AND k.met_at IS NULL
  AND k.cancelled_at IS NULL AND (k.breached_at IS NOT NULL OR k.late_at <= :now))"""
_EVER_LATE = """(t.breached = 1 OR EXISTS (SELECT 1 FROM clocks k WHERE k.ticket_id = t.id
  AND k.late_at <= :now))"""
_AT_RISK = """EXISTS (SELECT 1 FROM clocks k WHERE k.ticket_id = t.id AND k.warn_at <= :now
  AND (k.late_at IS NULL OR k.late_at > :now))"""


class Query(NamedTuple):
    """A condition and its parameters."""

    where: str
    params: dict[str, Any]


def compiled(
    wanted: TicketFilter,
    now: datetime,
    after_id: int | None = None,
    match: Callable[..., Match] | None = None,
) -> Query:
    """The one place where a filter becomes SQL; values travel as parameters only. `match` is the engine's
    full-text search, for a filter with a text."""
    conditions: list[str] = []
    params: dict[str, Any] = {"now": to_text(now)}
    if wanted.status == statuses.ACTIVE:
        conditions.append(_ACTIVE)
    for column, values in (
        ("status", () if wanted.status == statuses.ACTIVE else wanted.status),
        ("priority", wanted.priority),
        ("category", wanted.category),
        ("type", wanted.type),
        ("plan", wanted.plan),
        ("channel", wanted.channel),
        ("org_id", wanted.org),
        ("requester_id", wanted.requester),
        ("assignee_id", wanted.assignee),
        ("team_id", wanted.team),
    ):
        if values:
            condition, some = any_of(f"t.{column}", values)
            conditions.append(condition)
            params |= some
    for number, tag in enumerate(wanted.tag):
        params[f"tag{number}"] = tag
        conditions.append(
            f"EXISTS (SELECT 1 FROM ticket_tags g WHERE g.ticket_id = t.id AND g.tag = :tag{number})"
        )
    flags = ((wanted.breached, _EVER_LATE), (wanted.overdue, _LATE), (wanted.at_risk, _AT_RISK))
    conditions += [condition for flag, condition in flags if flag]
    for name, column, sign, instant in (
        ("due", "sort_due", "<=", wanted.due_before),
        ("created_after", "created_at", ">=", wanted.created_after),
        ("created_before", "created_at", "<", wanted.created_before),
        ("updated_after", "updated_at", ">=", wanted.updated_after),
        ("updated_before", "updated_at", "<", wanted.updated_before),
    ):
        if instant is not None:
            params[name] = to_text(instant)
            conditions.append(f"t.{column} {sign} :{name}")
    if after_id is not None:
        params["after_id"] = after_id
        conditions.append("t.id > :after_id")
    if wanted.text is not None:
        assert match is not None, "a text is for the engine to find"
        text = _of_text(wanted.text, now, match)
        conditions.append(text.where)
        params |= text.params
    return Query(" AND ".join(conditions) or "1 = 1", params)


def _of_text(text: TextFilter, now: datetime, match: Callable[..., Match]) -> Query:
    """A query's words and qualifiers; the parameters of each qualifier get names of their own."""
    conditions = ["1 = 0"] if text.nothing else []
    params: dict[str, Any] = {}
    for terms, name, sign in ((text.terms, "match", "IN"), (text.unwanted, "unwanted", "NOT IN")):
        if terms:
            found = match(terms, name, either=name == "unwanted")
            conditions.append(f"t.id {sign} (SELECT m.ticket_id FROM {found.source} WHERE {found.condition})")
            params |= found.params
    for number, wanted in enumerate((text.only, *text.without)):
        where, values = compiled(wanted, now)
        where = re.sub(r":(\w+)", rf":q{number}_\1", where)
        conditions.append(f"({where}) IS NOT TRUE" if number else f"({where})")
        params |= {f"q{number}_{name}": value for name, value in values.items()}
    return Query(" AND ".join(conditions), params)


def _ordered(order: Order) -> str:
    direction = " DESC" if order.descending else ""
    return ", ".join(f"{key}{direction}" for key in _KEYS[order.key])


def stream(db: Database, query: Query, order: Order, limit: int | None) -> Iterator[Row]:
    """The rows of a list in its order."""
    tail = "" if limit is None else " LIMIT :limit"
    params = query.params if limit is None else {**query.params, "limit": limit}
    return iter(db.stream(f"{_SELECT} WHERE {query.where} ORDER BY {_ordered(order)}{tail}", params))


def count(db: Database, query: Query) -> int:
    row = db.one(f"SELECT count(*) AS total FROM tickets t WHERE {query.where}", query.params)
    return 0 if row is None else row["total"]


def get(db: Database, ticket_id: int) -> Row | None:
    return db.one(f"{_SELECT} WHERE t.id = :id", {"id": ticket_id})


def links(db: Database, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """ticket -> its links, as `[{kind, ref}]`."""
    params = {f"p{i}": ticket_id for i, ticket_id in enumerate(ids)}
    found: dict[int, list[dict[str, Any]]] = {ticket_id: [] for ticket_id in params.values()}
    if params:
        marks = ", ".join(f":{name}" for name in params)
        rows = db.query(
            f"SELECT ticket_id, kind, other_id FROM links WHERE ticket_id IN ({marks})"
            " ORDER BY ticket_id, kind, other_id",
            params,
        )
        for row in rows:
            found[row["ticket_id"]].append({"kind": row["kind"], "ref": reference(row["other_id"])})
    return found


def add_link(db: Database, ticket_id: int, kind: str, other_id: int) -> None:
    db.run(
        "INSERT INTO links (ticket_id, kind, other_id) VALUES (:id, :kind, :other) ON CONFLICT DO NOTHING",
        {"id": ticket_id, "kind": kind, "other": other_id},
    )


def remove_link(db: Database, ticket_id: int, kind: str, other_id: int) -> None:
    db.run(
        "DELETE FROM links WHERE ticket_id = :id AND kind = :kind AND other_id = :other",
        {"id": ticket_id, "kind": kind, "other": other_id},
    )


def links_to(db: Database, ticket_id: int) -> list[tuple[int, str]]:
    """(the ticket that has the link, its kind) for each link of another ticket to this one."""
    rows = db.query(
        "SELECT ticket_id, kind FROM links WHERE other_id = :id ORDER BY ticket_id, kind", {"id": ticket_id}
    )
    return [(row["ticket_id"], row["kind"]) for row in rows]


def blockers(db: Database, ticket_id: int) -> list[tuple[int, str]]:
    """(id, status) of the tickets that block this one and are neither resolved nor closed."""
    rows = db.query(
        "SELECT t.id, t.status FROM links l JOIN tickets t ON t.id = l.ticket_id"
        " WHERE l.other_id = :id AND l.kind = 'blocks' AND t.active = 1 ORDER BY t.id",
        {"id": ticket_id},
    )
    return [(row["id"], row["status"]) for row in rows]


def merged_in(db: Database, ticket_id: int) -> list[int]:
    """The tickets that were merged into this one, and into those, and so on."""
    rows = db.query(
        "WITH RECURSIVE found (id) AS (SELECT id FROM tickets WHERE merged_into = :id"
        " UNION SELECT t.id FROM tickets t JOIN found f ON t.merged_into = f.id)"
        " SELECT id FROM found ORDER BY id",
        {"id": ticket_id},
    )
    return [row["id"] for row in rows]


_NEXT = {
    "deadline": "t.sort_due, t.rank, t.id",
    "last_message": "t.sort_message, t.id",
    "fifo": "t.id",
}


def next_open(db: Database, order: str, team: int | None, agent: str | None) -> int | None:
    """The id of the open ticket to work on now: free, or the agent's own. One that a retired agent held when
    it was closed, and that the customer has opened again, is free too."""
    conditions = ["t.status = 'open'"]
    params: dict[str, Any] = {}
    free = "t.assignee_id IS NULL OR t.assignee_id IN (SELECT id FROM agents WHERE retired_at IS NOT NULL)"
    if agent is None:
        conditions.append(f"({free})")
    else:
        conditions.append(f"({free} OR t.assignee_id = (SELECT id FROM agents WHERE login = :agent))")
        params["agent"] = agent
    if team is not None:
        conditions.append("t.team_id = :team")
        params["team"] = team
    where = " AND ".join(conditions)
    row = db.one(f"SELECT t.id FROM tickets t WHERE {where} ORDER BY {_NEXT[order]} LIMIT 1", params)
    return None if row is None else row["id"]
