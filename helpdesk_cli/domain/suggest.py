"""What an error message says about a word that nobody knows: the word, made safe, and the nearest choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 60


def shown(text: str) -> str:
    """`text` in quotes, cut to a readable length, without anything that a terminal would obey."""
    if len(text) > _LONGEST:
        return repr(text[: _LONGEST - 3] + "...")
    return repr(text)


def listed(names: Sequence[str], most: int = 5) -> str:
    """`a, b, c`; of many the first and how many more."""
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was probably meant to be, whatever its case; None where nothing is near."""
    by_key: dict[str, str] = {}
    for choice in choices:
        by_key.setdefault(choice.casefold(), choice)
    key = word[:_LONGEST].casefold()
    if key in by_key:
        return by_key[key]
    from difflib import get_close_matches

    near = get_close_matches(key, by_key, n=1, cutoff=0.6)
    return by_key[near[0]] if near else None
