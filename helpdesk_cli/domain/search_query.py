"""What a person may type into a search: words, `word*`, `"a phrase"`, `-word`, `from:address`.

Decides what of a text is which. Every text is a query: what means nothing else is a word, an open quote ends
with the text, and signs that stand in no word ask for nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.search import Term, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.filters import TicketFilter

# What may stand before a colon, and the filter of `ticket list` that it is; `is` says several things.
QUALIFIERS = {
    "from": "sender",
    "before": "created_before",
    "after": "created_after",
    **{
        name: name
        for name in (
            "status", "priority", "category", "type", "org", "plan", "assignee", "team", "channel", "tag",
            "is",
        )
    },
}  # fmt: skip
_QUOTES = dict.fromkeys(map(ord, "“”„«»"), '"')
# A minus, a name, then a phrase or a run of signs; a phrase may be open at the end, and `*` may follow it.
_PART = re.compile(
    r"""(?P<minus>-*) (?:(?P<name>[^\W\d_]+):)?
    (?: "(?P<phrase>[^"]*)"?(?P<star>\*?) | (?P<bare>[^\s"]+) )""",
    re.VERBOSE,
)


class Qualifier(NamedTuple):
    """A filter as typed; `unwanted` after a minus. `name` is a key of `QUALIFIERS`."""

    name: str
    value: str
    unwanted: bool = False


class Query(NamedTuple):
    """A query taken apart. Without `terms` and `qualifiers` it holds no word at all, and finds nothing."""

    terms: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()

    @property
    def asks_nothing(self) -> bool:
        return not (self.terms or self.unwanted or self.qualifiers)


class TextFilter(NamedTuple):
    """A query whose qualifiers are resolved. A ticket is found if one of its messages, with the subject, has
    all `terms`, none of its messages an unwanted one, and it is of `only` and of none of `without`. With
    `nothing` none is found."""

    terms: tuple[Term, ...]
    unwanted: tuple[Term, ...]
    only: TicketFilter
    without: tuple[TicketFilter, ...] = ()
    nothing: bool = False


def parse(text: str) -> Query:
    """Take a query apart; it never fails. A repeated word is one."""
    terms: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    qualifiers: dict[Qualifier, None] = {}
    for found in _parts(text):
        if isinstance(found, Qualifier):
            qualifiers[found] = None
            continue
        minus, term = found
        if term.words:
            (unwanted if minus else terms)[term] = None
    return Query(tuple(terms), tuple(unwanted), tuple(qualifiers))


def _parts(text: str) -> Iterator[Qualifier | tuple[bool, Term]]:
    for part in _PART.finditer(text.translate(_QUOTES)):
        minus, name, phrase, bare = bool(part["minus"]), part["name"], part["phrase"], part["bare"]
        value = (bare if phrase is None else phrase).strip()
        if name is not None and name.lower() in QUALIFIERS and value:
            yield Qualifier(name.lower(), value, minus)
            continue
        if name is not None:
            yield from _named(minus, name, phrase, bare)
            continue
        prefix = part["star"] == "*" if phrase is not None else value.endswith("*")
        yield minus, Term(tuple(words(value)), prefix)


def _named(minus: bool, name: str, phrase: str | None, bare: str | None) -> Iterator[tuple[bool, Term]]:
    """`name:value` of a name that is no qualifier: words like any."""
    if phrase is None:
        assert bare is not None
        yield minus, Term(tuple(words(f"{name}:{bare}")), bare.endswith("*"))
    else:
        yield minus, Term(tuple(words(name)))
        yield minus, Term(tuple(words(phrase)))
