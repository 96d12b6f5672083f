"""`db check --deep` of full-text search: whether every word of every text is found, and no other one.

Each place of a word in the index is compared with the texts, by sums of hashes, a number a message: so it
takes one pass over the index, in memory that 10 million messages keep under 100 MiB.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import StorageError
from helpdesk_cli.storage import messages, search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.services.app import App

_MASK = 2**64 - 1


def check_search(app: App) -> Iterator[str]:
    """A line for each message whose words for search are not those of its texts, and for each whose words
    are not what the index holds; nothing is written."""
    with app.db.read():
        sums = array("Q", bytes(8 * (messages.last_id(app.db) + 1)))
        for row in search.texts(app.db):
            kept = row["search_subject"], row["search"]
            if kept != (search.searchable(row["subject"]), search.searchable(row["body"])):
                yield (
                    f"{reference(row['ticket_id'])}: message {row['id']}: the words kept for search are not"
                    " those of its text"
                )
            sums[row["id"]] = (
                sum(
                    _sum(column, place, word)
                    for column, text in zip(("search_subject", "search"), kept, strict=True)
                    for place, word in enumerate(text.split())
                )
                & _MASK
            )
        try:
            strangers = _take_away(app, sums)
        except StorageError as error:
            yield f"the full-text index cannot be read: {error.message}"
            return
        for message in strangers:
            yield f"message {message} is in the full-text index, but nowhere else"
        for message in (message for message, left in enumerate(sums) if left):
            found = messages.get(app.db, message)
            ticket = "" if found is None else f"{reference(found['ticket'])}: "
            yield f"{ticket}message {message}: the full-text index does not hold the words kept for search"


def _take_away(app: App, sums: array[int]) -> list[int]:
    """Take what the index holds from the sums: 0 is left where both agree. The messages in it that have
    none."""
    strangers: set[int] = set()
    for row in app.db.full_text.words():
        message = row["doc"]
        if 0 < message < len(sums):
            sums[message] = (sums[message] - _sum(row["col"], row["offset"], row["term"])) & _MASK
        else:
            strangers.add(message)
    return sorted(strangers)


def _sum(column: str, place: int, word: str) -> int:
    # Of a text: hashes of tuples are near to linear, so that words which changed places would add up alike.
    return hash(f"{column} {place} {word}")
