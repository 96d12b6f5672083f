"""Rows of notices: who is to be told of what, and when that was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.errors import NotFoundError
from helpdesk_cli.storage.lists import any_of, ordered, sorts
from helpdesk_cli.storage.rows import insert as insert_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.storage.database import Database, Row

_SELECT = """
SELECT n.id, n.ticket_id, n.kind, n.recipient, n.role, n.at, n.text, n.done_at, e.seq
FROM notices n JOIN events e ON e.ticket_id = n.ticket_id AND e.n = n.event_n
"""
# What the list may be sorted by, the default first.
SORTS = sorts(
    "n.id",
    {
        "id": "n.id",
        "ticket": "n.ticket_id",
        "event": "e.seq",
        "kind": "n.kind",
        "at": "n.at",
        "text": "n.text",
    },
    {"done_at": "n.done_at"},
)
# Role -> what asks for its addresses, and by which attribute of the ticket.
_BY_ROLE = {
    "requester": ("SELECT email FROM contacts WHERE id = :requester", "requester"),
    "assignee": (
        "SELECT email FROM agents WHERE login = :assignee AND retired_at IS NULL",
        "assignee",
    ),
    "team": (
        "SELECT a.email FROM agents a JOIN teams t ON t.id = a.team_id"
        " WHERE t.name = :team AND a.retired_at IS NULL ORDER BY a.id",
        "team",
    ),
    "team_lead": (
        "SELECT a.email FROM agents a JOIN teams t ON t.lead_id = a.id"
        " WHERE t.name = :team AND a.retired_at IS NULL",
        "team",
    ),
    "account_manager": (
        "SELECT a.email FROM agents a JOIN orgs o ON o.account_manager_id = a.id"
        " WHERE o.id = :org AND a.retired_at IS NULL",
        "org",
    ),
}
# Asked for each new ticket, so both at once: an organisation that nobody watches costs no query.
_CONFIRMED = """
SELECT email, id, 0 AS further FROM contacts WHERE id = :requester
UNION ALL SELECT email, id, 1 FROM contacts WHERE org_id = :org AND notify = 1 AND id <> :requester
ORDER BY further, id
"""
_BY_NAME = (
    "SELECT email FROM agents WHERE login = :name AND retired_at IS NULL",
    "SELECT a.email FROM agents a JOIN teams t ON t.id = a.team_id"
    " WHERE t.name = :name AND a.retired_at IS NULL ORDER BY a.id",
)


def confirmed(db: Database, ticket: Ticket) -> dict[str, str]:
    """Whom the confirmation of a new ticket goes to, and as what: its requester, and as `contact` each of its
    organisation who is told of every new one (H4)."""
    rows = db.query(_CONFIRMED, {"requester": ticket.requester, "org": ticket.org})
    return {row["email"]: "contact" if row["further"] else "requester" for row in rows}


def addresses(db: Database, ticket: Ticket, role: str) -> list[str]:
    """The addresses behind a role of the ticket, or of a named agent or the members of a named team; those
    of a retired agent never: what customers write is not its business any more."""
    if role in _BY_ROLE:
        sql, key = _BY_ROLE[role]
        value = getattr(ticket, key)
        return [] if value is None else [row["email"] for row in db.query(sql, {key: value})]
    return [row["email"] for sql in _BY_NAME for row in db.query(sql, {"name": role})]


def insert(db: Database, notices: Sequence[dict[str, Any]]) -> None:
    insert_all(db, "notices", notices)


class Wanted(NamedTuple):
    """Which notices: those not marked as done, those of a ticket, those of some kinds."""

    unsent: bool = False
    ticket: int | None = None
    kinds: tuple[str, ...] = ()

    def compiled(self) -> tuple[str, dict[str, Any]]:
        """The conditions and their parameters."""
        where, params = any_of("n.kind", self.kinds)
        terms = [where]
        if self.unsent:
            terms.append("n.done_at IS NULL")
        if self.ticket is not None:
            terms.append("n.ticket_id = :ticket")
            params["ticket"] = self.ticket
        return " AND ".join(terms), params


def stream(
    db: Database, wanted: Wanted, *, limit: int | None, order: Order | None = None
) -> Iterator[dict[str, Any]]:
    where, params = wanted.compiled()
    tail = ""
    if limit is not None:
        tail, params["limit"] = " LIMIT :limit", limit
    return map(_record, db.stream(f"{_SELECT} WHERE {where} ORDER BY {ordered(SORTS, order)}{tail}", params))


def count(db: Database, wanted: Wanted) -> int:
    where, params = wanted.compiled()
    row = db.one(f"SELECT count(*) AS total FROM notices n WHERE {where}", params)
    return 0 if row is None else row["total"]


def mark_done(db: Database, notice_id: int, at: str) -> dict[str, Any]:
    db.run("UPDATE notices SET done_at = :at WHERE id = :id AND done_at IS NULL", {"id": notice_id, "at": at})
    row = db.one(f"{_SELECT} WHERE n.id = :id", {"id": notice_id})
    if row is None:
        raise NotFoundError(
            f"there is no notice {notice_id}", code="notice_not_found", hint="helpdesk notice list"
        )
    return _record(row)


def _record(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "ticket": row["ticket_id"],
        "kind": row["kind"],
        "to": {"address": row["recipient"], "role": row["role"]},
        "at": row["at"],
        "text": row["text"],
        "done_at": row["done_at"],
        "event": row["seq"],
    }
