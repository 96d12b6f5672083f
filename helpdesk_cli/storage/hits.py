"""What a search finds: a message for each ticket, the best or the newest, and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.filters import TicketFilter
from helpdesk_cli.storage import ticket_lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from helpdesk_cli.domain.search_query import TextFilter
    from helpdesk_cli.storage.database import Database, Row

# Without a word to find there is nothing to rank: tickets, the newest first, by their opening message.
_OPENING = "(SELECT min(n.id) FROM messages n WHERE n.ticket_id = t.id)"
_SHOWN = """
SELECT m.id, m.ticket_id, m.at, m.public, substr(m.body, 1, :looked_at) AS body, a.login, w.email AS writer,
  t.subject, t.status, t.created_at, c.email AS requester
FROM messages m JOIN tickets t ON t.id = m.ticket_id JOIN contacts c ON c.id = t.requester_id
  LEFT JOIN agents a ON a.id = m.agent_id LEFT JOIN contacts w ON w.id = m.contact_id
"""


class Hits:
    """The tickets that a text finds, at `now`."""

    def __init__(self, db: Database, text: TextFilter, now: datetime) -> None:
        self._db = db
        # The words are what the hits are read by; the rest of the text says which of them are wanted.
        rest = TicketFilter(text=text._replace(terms=()))
        self._where, self._params = ticket_lists.compiled(rest, now, match=db.full_text.match)
        self._match = db.full_text.match(text.terms) if text.terms else None

    def found(self, sort: str) -> Iterator[int]:
        """Ids of messages, of each ticket the first: by `rank`, or the `newest` message first, which is read
        only as far as it is asked for."""
        if self._match is None:
            sql = f"SELECT {_OPENING} AS id, t.id AS ticket_id FROM tickets t WHERE {self._where}"
            sql, params = f"{sql} ORDER BY t.id DESC", self._params
        else:
            order = self._match.newest if sort == "newest" else f"{self._match.rank}, m.id DESC"
            sql = f"SELECT m.id, m.ticket_id FROM {self._matching()} ORDER BY {order}"
            params = {**self._params, **self._match.params}
        seen: set[int] = set()
        for row in self._db.stream(sql, params):
            if row["ticket_id"] not in seen:
                seen.add(row["ticket_id"])
                yield row["id"]

    def count(self) -> int:
        """How many tickets there are."""
        if self._match is None:
            sql, params = f"SELECT count(*) AS n FROM tickets t WHERE {self._where}", self._params
        else:
            sql = f"SELECT count(DISTINCT m.ticket_id) AS n FROM {self._matching()}"
            params = {**self._params, **self._match.params}
        row = self._db.one(sql, params)
        return 0 if row is None else row["n"]

    def _matching(self) -> str:
        assert self._match is not None
        return f"{self._match.source} {self._match.tickets} WHERE {self._match.condition} AND {self._where}"


def shown(db: Database, ids: Sequence[int], looked_at: int) -> list[Row]:
    """What a hit's record is made of, in the order of `ids`; of a body the first `looked_at` characters."""
    params: dict[str, Any] = {f"p{i}": id_ for i, id_ in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in params)
    rows = db.query(f"{_SHOWN} WHERE m.id IN ({marks})", {**params, "looked_at": looked_at})
    by_id = {row["id"]: row for row in rows}
    return [by_id[id_] for id_ in ids]
