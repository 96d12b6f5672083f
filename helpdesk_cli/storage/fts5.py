"""Full-text search as SQLite does it: an FTS5 index over the words that `storage/search.py` keeps.

The words are cut and folded before they come here, so the tokeniser only splits at spaces. The index holds
no text of its own (external content): what it is to forget must still stand in the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.storage.database import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from helpdesk_cli.domain.search import Term
    from helpdesk_cli.storage.database import Params, Row
    from helpdesk_cli.storage.sqlite import SqliteDatabase

# `ascii` takes every character beyond ASCII for a letter, marks too.
_CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS messages_fts USING fts5 (
  search_subject, search, content = 'messages', content_rowid = 'id', tokenize = 'ascii'
)
"""
_ADD = "INSERT INTO messages_fts (rowid, search_subject, search) VALUES (:id, :search_subject, :search)"
_REMOVE = """
INSERT INTO messages_fts (messages_fts, rowid, search_subject, search)
SELECT 'delete', id, search_subject, search FROM messages WHERE id = :id
"""
_REBUILD = "INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')"
_MERGE = "INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', :pages)"
# The index is read first: a CROSS JOIN keeps the order of its tables, and with it the order of the index.
_SOURCE = "messages_fts CROSS JOIN messages m ON m.id = messages_fts.rowid"
_TICKETS = "CROSS JOIN tickets t ON t.id = m.ticket_id"
_SUBJECT_WEIGHT = 3.0  # of a hit in a subject, beside one in a message
_MERGED_PAGES = 500  # in one transaction: about 50 ms


class FullText:
    """The full-text index of one SQLite database."""

    def __init__(self, db: SqliteDatabase) -> None:
        self._db = db

    def index_search(self) -> None:
        self._db.run(_CREATE)
        self._db.run(_REBUILD)

    def match(self, terms: Sequence[Term], name: str = "match", *, either: bool = False) -> Match:
        wanted = (" OR " if either else " ").join(map(phrase, terms))
        return Match(
            source=_SOURCE,
            tickets=_TICKETS,
            condition=f"messages_fts MATCH :{name}",
            rank=f"bm25(messages_fts, {_SUBJECT_WEIGHT}, 1.0)",
            newest="messages_fts.rowid DESC",
            params={name: wanted},
        )

    def add(self, rows: Iterable[Params]) -> None:
        self._db.run_many(_ADD, rows)

    def remove(self, ids: Iterable[int]) -> None:
        self._db.run_many(_REMOVE, ({"id": id_} for id_ in ids))

    def words(self) -> Iterator[Row]:
        self._db.query(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.messages_words"
            " USING fts5vocab (main, messages_fts, instance)"
        )
        return iter(self._db.stream("SELECT doc, col, offset, term FROM temp.messages_words"))

    def purge(self) -> None:
        # What was removed stays in older parts of the index until these are merged with the newest.
        pages = -_MERGED_PAGES
        while self._merge(pages):
            pages = _MERGED_PAGES

    def _merge(self, pages: int) -> bool:
        """One step of merging, the first with a negative number; False where there was nothing to do."""
        with self._db.write():
            before = self._changed()
            self._db.run(_MERGE, {"pages": pages})
            # FTS5 counts a statement of its own in any case.
            return self._changed() - before >= 2

    def _changed(self) -> int:
        row = self._db.one("SELECT total_changes() AS n")
        return 0 if row is None else int(row["n"])


def phrase(term: Term) -> str:
    """A term in FTS5's language. A word holds no sign that means something there: it has letters only."""
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")
