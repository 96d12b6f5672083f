"""What an error message says about a word that nobody knows: the word, made safe, and the nearest choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 60
_TELLING = 4  # letters of a word that say something where they end another
_ALMOST = 0.85
_NEAR = 0.65  # of 1: two letters of a word of three, when swapped, are 0.67


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
    """The choice that `word` was probably meant to be, whatever its case; None where nothing is near.

    The shortest one that ends in it comes before one that only resembles it: `breached` is `clock_breached`
    and not `redacted`; but one that is almost the same comes first: `plan` is `plans`, not `default_plan`.
    """
    by_key: dict[str, str] = {}
    for choice in choices:
        by_key.setdefault(choice.casefold(), choice)
    key = word[:_LONGEST].casefold()
    if key in by_key:
        return by_key[key]
    from difflib import get_close_matches

    same = get_close_matches(key, by_key, n=1, cutoff=_ALMOST)
    ending = [choice for choice in by_key if choice.endswith(f"_{key}")] if len(key) >= _TELLING else []
    near = same or sorted(ending, key=len) or get_close_matches(key, by_key, n=1, cutoff=_NEAR)
    return by_key[near[0]] if near else None
