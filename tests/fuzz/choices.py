"""Inputs made of bytes: each byte is a choice, and where they end or are 0 it is the simplest one.

So whoever makes bytes makes inputs: hypothesis, which knows how to reduce them, or a fuzzer that looks at
which lines they reach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

# What means something to somebody: terminals, shells, SQL, formats, the eye.
SIGNS = (
    "", " ", "\0", "\n", "\r\n", "\t", "\x1b[2J", "\x9b", "\x07", "\x85", "\u2028", "\u202e", "\u2066",
    "\u200b", "\ufeff", "\ud83d", "\udcff", "\u0301", "👩\u200d👩", "شكوى", "٣", "²", "İ", "ß", "数", "'",
    '"', "\\", ";", "--", "%", "_", "*", "^", "(", ")", "[", "]", "{", "}", "&a", "*a", "!", "#", ":", ": ",
    "- ", ",", "|", ">", "@", "`", "~", "=", "+", "-", ".", "..", "/", "../", "0", "1", "-1", "1e9", "1.5",
    "9" * 30, "nan", "inf", "null", "none", "true", "no", "me", "all", "NEAR(", " OR ", "Z", "T", "h",
    "24:00", "2026", "x" * 300,
)  # fmt: skip
_LONGEST = 12  # of a text of any characters
_EDITS = 4


class Choices:
    """Takes choices off bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def number(self, most: int) -> int:
        """From 0 to `most`."""
        size = 1 if most < 256 else 4
        taken = self._data[self._place : self._place + size]
        self._place += size
        return int.from_bytes(taken, "little") % (most + 1)

    def one(self, of: Sequence[T]) -> T:
        return of[self.number(len(of) - 1)]

    def often(self) -> bool:
        """True fifteen times of sixteen."""
        return self.number(15) != 15

    def some(self, of: Callable[[], T], most: int) -> list[T]:
        return [of() for _ in range(self.number(most))]

    def text(self) -> str:
        """Any characters, halves of some and signs among them."""
        return "".join(self.some(self._piece, _LONGEST))

    def _piece(self) -> str:
        kind = self.number(3)
        if kind == 0:
            return chr(32 + self.number(94))
        if kind == 1:
            return self.one(SIGNS)
        return chr(self.number(0x2FFF if kind == 2 else 0x10FFFF))

    def mangled(self, samples: Sequence[str], tokens: Sequence[str] = SIGNS) -> str:
        """A sample with a few places replaced: by a token, a piece of itself, any text, nothing."""
        text = self.one(samples)
        for _ in range(self.number(_EDITS)):
            start = self.number(len(text))
            end = start + self.number(8)
            kind = self.number(3)
            again = self.number(len(text)) if kind == 3 else 0
            piece = self.one(tokens) if kind < 2 else self.text() if kind == 2 else text[again : again + 40]
            text = text[:start] + piece + text[end:]
        return text

    def words(self, *samples: str) -> str:
        """A sample as it is, mangled, or a text that has nothing to do with any."""
        kind = self.number(7)
        return self.one(samples) if kind < 2 else self.text() if kind == 7 else self.mangled(samples)

    def word(self, *samples: str) -> str:
        """One of many words of an input: nearly always a sample as it is, so that the whole may be taken."""
        return self.one(samples) if self.often() else self.words(*samples)

    def odd(self, usual: Callable[[], Any]) -> Any:
        """What is usual there, or a value of another type."""
        if self.often():
            return usual()
        return self.one((None, True, 0, -1.5, [], {}, [[]], {"": ""}, "", 10**20, float("nan")))
