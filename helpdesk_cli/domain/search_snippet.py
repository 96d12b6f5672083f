"""The piece of a text that shows where a search hit it, in one line, the hits between `**`.

It is cut from the text as it was written; what is folded is only compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.search import composed, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.domain.search import Term

MARK = "**"
LENGTH = 120  # characters, beside the marks
# Before the first hit; a narrow column still shows it.
LEAD = 30
# How much of a text is looked at; a hit further on is not shown, but the text's beginning.
LOOKED_AT = 20_000
_MOST_TERMS = 100
_MOST_MARKS = 8  # that a letter of any language bears


def snippet(text: str, terms: Sequence[Term]) -> str | None:
    """The surroundings of the first hit; None where no term hits, as far as the text is looked at."""
    text = composed(text[:LOOKED_AT])
    hits = _hits(text, terms)
    return _cut(text, hits) if hits else None


def beginning(text: str) -> str:
    """The begin of a text that nothing hit."""
    return _cut(text[:LOOKED_AT], [])


def _hits(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms stand, in order; of those that share letters the first."""
    found = spans(text)
    read = [word for word, _, _ in found]
    places = sorted(
        (found[at][1], found[at + len(term.words) - 1][2])
        for term in terms[:_MOST_TERMS]
        for at in _places(read, term)
    )
    apart: list[tuple[int, int]] = []
    for start, end in places:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _places(read: list[str], term: Term) -> Iterator[int]:
    """The numbers of the words at which the term begins."""
    *first, last = term.words
    wanted = list(first)
    for at in range(len(read) - len(first)):
        end = read[at + len(first)]
        if (end.startswith(last) if term.prefix else end == last) and read[at : at + len(first)] == wanted:
            yield at


def _cut(text: str, hits: list[tuple[int, int]]) -> str:
    start, end = _window(text, hits[0][0] if hits else 0)
    pieces, at = [], start
    for first, behind in hits:
        if first >= end:
            break
        pieces += [text[at:first], MARK, text[first : min(behind, end)], MARK]
        at = min(behind, end)
    pieces.append(text[at:end])
    line = " ".join("".join(pieces).split())
    return ("…" if text[:start].strip() else "") + line + ("…" if text[end:].strip() else "")


def _window(text: str, hit: int) -> tuple[int, int]:
    """From where to where: between words where there are some, never before a mark of the letter before."""
    start = max(0, hit - LEAD)
    if start:
        blank = next((at for at in range(start, hit) if text[at].isspace()), None)
        start = start if blank is None else blank + 1
    end = min(len(text), start + LENGTH)
    if end < len(text):
        blank = next((at for at in range(end, hit, -1) if text[at].isspace()), None)
        end = end if blank is None or blank < end - LENGTH // 4 else blank
    return _whole(text, start), _whole(text, end)


def _whole(text: str, at: int) -> int:
    import unicodedata

    if not 0 < at < len(text):
        return at
    rest = text[at : at + _MOST_MARKS]
    return at + next((n for n, char in enumerate(rest) if unicodedata.category(char)[0] != "M"), len(rest))
