"""`db check --deep` of full-text search: whether every word of every text is found, and no other one.

Each place of a word in the index is compared with the texts, by sums of hashes, a number a message: so it
takes one pass over the index, in memory that 10 million messages keep under 100 MiB.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import StorageError
from helpdesk_cli.storage import messages, search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.services.app import App

_MASK = 2**64 - 1
_TOGETHER = 256  # messages


def check_search(app: App) -> Iterator[str]:
    """A line for each message whose words for search are not those of its texts, and for each whose words
    are not what the index holds; nothing is written."""
    with app.db.read():
        sums = _Sums()
        for row in search.texts(app.db):
            kept = row["search_subject"], row["search"]
            if kept != (search.searchable(row["subject"]), search.searchable(row["body"])):
                yield (
                    f"{reference(row['ticket_id'])}: message {row['id']}: the words kept for search are not"
                    " those of its text"
                )
            for column, text in zip(("search_subject", "search"), kept, strict=True):
                for place, word in enumerate(text.split()):
                    sums.add(row["id"], _hash(column, place, word))
        try:
            for row in app.db.full_text.words():
                sums.add(row["doc"], -_hash(row["col"], row["offset"], row["term"]))
        except StorageError as error:
            yield f"the full-text index cannot be read: {error.message}"
            return
        for message in sums.uneven():
            found = messages.get(app.db, message)
            if found is None:
                yield f"message {message} is in the full-text index, but nowhere else"
            else:
                yield (
                    f"{reference(found['ticket'])}: message {message}: the full-text index does not hold the"
                    " words kept for search"
                )


class _Sums:
    """A sum for each message, 0 at first. Those of ids near each other stand in an array, wherever these ids
    are: an import may bring any."""

    def __init__(self) -> None:
        self._arrays: dict[int, array[int]] = defaultdict(lambda: array("Q", bytes(8 * _TOGETHER)))

    def add(self, message: int, number: int) -> None:
        sums, place = self._arrays[message // _TOGETHER], message % _TOGETHER
        sums[place] = (sums[place] + number) & _MASK

    def uneven(self) -> Iterator[int]:
        """The messages whose sum is not 0, by id."""
        for first in sorted(self._arrays):
            for place, left in enumerate(self._arrays[first]):
                if left:
                    yield first * _TOGETHER + place


def _hash(column: str, place: int, word: str) -> int:
    # Of a text: hashes of tuples are near to linear, so that words which changed places would add up alike.
    return hash(f"{column} {place} {word}")
