"""What full-text search reads, kept beside each message: the words of its ticket's subject and its own.

Decides what is indexed. The columns `search_subject` and `search` of `messages` hold folded words with spaces
between, and the engine's index is always of these columns: both change with the text, in its transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.search import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpdesk_cli.storage.database import Database, Row

_TEXTS = """
SELECT m.id, m.ticket_id, t.subject, m.body, m.search_subject, m.search
FROM messages m JOIN tickets t ON t.id = m.ticket_id
"""
_BATCH = 1000


def searchable(text: str) -> str:
    """What a search column holds of a text."""
    return " ".join(words(text))


def index_messages(db: Database, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put new messages into the index, of rows with `id`, `search_subject` and `search` as stored. One or a
    million; where the table was filled from empty, the engine's `index_search` is faster."""
    db.full_text.add(rows)


@contextmanager
def changed(db: Database, ids: Sequence[int]) -> Iterator[None]:
    """Inside, the search columns of these messages may change; the index follows. Under `write()`."""
    db.full_text.remove(ids)
    yield
    sql = "SELECT id, search_subject, search FROM messages WHERE id = :id"
    rows = [row for id_ in ids for row in db.query(sql, {"id": id_})]
    index_messages(db, [dict(row) for row in rows])


def set_subject(db: Database, ticket_id: int, subject: str) -> None:
    """The subject that a ticket's messages are found by: after another one was given, or a message moved."""
    ids = [row["id"] for row in db.query("SELECT id FROM messages WHERE ticket_id = :id", {"id": ticket_id})]
    with changed(db, ids):
        db.run(
            "UPDATE messages SET search_subject = :words WHERE ticket_id = :id",
            {"id": ticket_id, "words": searchable(subject)},
        )


def fill(db: Database) -> None:
    """Make every search column and the whole index anew from the texts; under `write()`."""
    for rows in _batches(db):
        db.run_many(
            "UPDATE messages SET search_subject = :subject, search = :body WHERE id = :id",
            [
                {"id": row["id"], "subject": searchable(row["subject"]), "body": searchable(row["body"])}
                for row in rows
            ],
        )
    db.full_text.index_search()


def texts(db: Database) -> Iterator[Row]:
    """Every message with the texts that it is to be found by and its search columns, by id."""
    for rows in _batches(db):
        yield from rows


def _batches(db: Database) -> Iterator[Sequence[Row]]:
    last = 0
    while rows := db.query(
        f"{_TEXTS} WHERE m.id > :last ORDER BY m.id LIMIT :limit", {"last": last, "limit": _BATCH}
    ):
        yield rows
        last = rows[-1]["id"]
