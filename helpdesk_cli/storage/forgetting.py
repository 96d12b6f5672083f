"""Where a person stands in a database beside the rows of their own, and what takes the person's place there.

Decides that nothing is deleted. The log is changed in two places alone, for no row keeps what they say: the
subject of an `edited` event, and why a customer asked for an escalation.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.text import fold
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from helpdesk_cli.storage.database import Database

_STATED = ("reason", "impact")


def messages_of(db: Database, contact_id: int) -> dict[int, list[int]]:
    """ticket -> the messages in it that the contact wrote and whose text was not replaced yet."""
    found: dict[int, list[int]] = {}
    for row in db.query(
        "SELECT id, ticket_id FROM messages WHERE contact_id = :contact AND redacted_at IS NULL"
        " ORDER BY ticket_id, id",
        {"contact": contact_id},
    ):
        found.setdefault(row["ticket_id"], []).append(row["id"])
    return found


def tickets_of(db: Database, contact_id: int) -> list[int]:
    """The tickets that the contact asked for, those that took their subjects over from them, and so on."""
    rows = db.query(
        "WITH RECURSIVE found (id) AS (SELECT id FROM tickets WHERE requester_id = :contact"
        " UNION SELECT t.id FROM found f JOIN tickets o ON o.id = f.id JOIN links l ON l.other_id = o.id"
        "   JOIN tickets t ON t.id = l.ticket_id AND t.subject = o.subject"
        " WHERE l.kind IN ('related', 'follow_up_of')) SELECT id FROM found ORDER BY id",
        {"contact": contact_id},
    )
    return [row["id"] for row in rows]


def addresses_of(db: Database, contact_id: int) -> list[str]:
    """Those that the contact is known to have had: where they were told of what they asked for. Another may
    have one by now."""
    rows = db.query(
        "SELECT DISTINCT n.recipient FROM notices n JOIN tickets t ON t.id = n.ticket_id"
        " WHERE t.requester_id = :contact AND n.role = 'requester' ORDER BY n.recipient",
        {"contact": contact_id},
    )
    return [row["recipient"] for row in rows]


def replace_former_subjects(db: Database, ticket_id: int, text: str) -> None:
    """What the log says that the ticket's subject was, before each edit and after it."""
    rows = db.query(
        "SELECT seq, data FROM events WHERE ticket_id = :id AND type = 'edited' ORDER BY n", {"id": ticket_id}
    )
    for row in rows:
        data = json.loads(row["data"])
        if "subject" in data:
            data["subject"] = {"before": text, "after": text}
            db.run(
                "UPDATE events SET data = :data WHERE seq = :seq", {"seq": row["seq"], "data": dumps(data)}
            )


def stated_by(db: Database, contact_id: int) -> list[int]:
    """The tickets whose log has words of the contact's: why they asked for an escalation."""
    rows = db.query(
        "SELECT DISTINCT ticket_id FROM events WHERE contact_id = :contact AND type = 'escalated'"
        " ORDER BY ticket_id",
        {"contact": contact_id},
    )
    return [row["ticket_id"] for row in rows]


def replace_stated(db: Database, ticket_id: int, contact_id: int, text: str) -> None:
    """Those words in the log of a ticket."""
    rows = db.query(
        "SELECT seq, data FROM events WHERE ticket_id = :id AND contact_id = :contact AND type = 'escalated'",
        {"id": ticket_id, "contact": contact_id},
    )
    for row in rows:
        data = {key: text if key in _STATED else value for key, value in json.loads(row["data"]).items()}
        db.run("UPDATE events SET data = :data WHERE seq = :seq", {"seq": row["seq"], "data": dumps(data)})


def replace_in_notices(db: Database, ticket_ids: Collection[int], text: str) -> None:
    """The subject in what people are, or were, to be told of the tickets: it ends each such text."""
    changed = []
    for row in db.stream("SELECT id, ticket_id, text FROM notices"):
        if row["ticket_id"] in ticket_ids:
            told, colon, _subject = row["text"].partition(": ")
            changed.append({"id": row["id"], "text": told + colon + text})
    db.run_many("UPDATE notices SET text = :text WHERE id = :id", changed)


def clear_hook_output(db: Database, ticket_ids: Collection[int]) -> None:
    """What programs printed that the policy ran on events of the tickets: they may have repeated any of it,
    who wrote and who asked as well."""
    printed = db.stream(
        "SELECT h.id, e.ticket_id FROM hook_runs h JOIN events e ON e.seq = h.event_seq WHERE h.output <> ''"
    )
    told = [{"id": row["id"]} for row in printed if row["ticket_id"] in ticket_ids]
    db.run_many("UPDATE hook_runs SET output = '' WHERE id = :id", told)


def replace_address(db: Database, address: str, anonymous: str, at: str) -> None:
    """The address as the recipient of notices, which nobody is to be told any more, in copy of messages, and
    in the filters of views."""
    key = fold(address)
    notices = [
        {"id": row["id"], "to": anonymous, "at": at}
        for row in db.stream("SELECT id, recipient FROM notices")
        if fold(row["recipient"]) == key
    ]
    db.run_many(
        "UPDATE notices SET recipient = :to, done_at = COALESCE(done_at, :at) WHERE id = :id", notices
    )
    copied = list(_without(db, key, anonymous))
    db.run_many("UPDATE messages SET cc = :cc WHERE id = :id", copied)
    # A character of an address must not be before it or behind it.
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w.-])", re.IGNORECASE)
    for row in db.query("SELECT id, filters FROM views"):
        filters = pattern.sub(anonymous, row["filters"])
        if filters != row["filters"]:
            db.run("UPDATE views SET filters = :f WHERE id = :id", {"id": row["id"], "f": filters})


def _without(db: Database, key: str, anonymous: str) -> Iterator[dict[str, Any]]:
    """The messages that the address of that key has a copy of: `id`, and `cc` with another in its place."""
    for row in db.stream("SELECT id, cc FROM messages WHERE cc <> '[]'"):
        copies: Sequence[str] = json.loads(row["cc"])
        if any(fold(each) == key for each in copies):
            changed = [anonymous if fold(each) == key else each for each in copies]
            yield {"id": row["id"], "cc": dumps(changed)}
