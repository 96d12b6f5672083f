"""What full-text search takes for a word, whatever the language (storage.md "The SQL").

Two words are the same whatever their case and accents, the way in which their letters are encoded, the form
of an Arabic letter, the script of a digit. Folding is by single characters, so it takes time linear in the
text, however hostile. Scripts that leave no space between words (Han, kana, Thai, ...) are read letter by
letter: there a word is a phrase of letters.
"""

from __future__ import annotations

from typing import NamedTuple

# What is left of a longer word, in a text and in a query alike.
LONGEST = 64
_ZERO_WIDTH_SPACE = "\u200b"
_TATWEEL = "\u0640"
_LETTERS = {
    **dict.fromkeys("\u0671\u0672\u0673\u0675", "\u0627"),  # alefs
    **dict.fromkeys("\u0649\u06cc\u06d0\u06d2", "\u064a"),  # yehs, alef maqsura
    **dict.fromkeys("\u0629\u06be\u06c1\u06c3\u06d5", "\u0647"),  # hehs, teh marbuta
    "\u06a9": "\u0643",  # keheh, the kaf of Persian and Urdu
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th",
    _TATWEEL: "",
}  # fmt: skip
# Combining marks without which a word is the same one, beside those below U+0900: accents, points, vowels of
# Hebrew and Arabic, variants of a form. The marks of other scripts are letters of their own.
_ACCENTS = (
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)  # fmt: skip
_THAANA = (0x07A6, 0x07B0)
_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007),
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)  # fmt: skip
_VOICE = "[\u3099\u309a\uff9e\uff9f]"  # of kana, behind the letter


class Term(NamedTuple):
    """What a query asks for: words that follow each other, of the last one perhaps only the beginning."""

    words: tuple[str, ...]
    prefix: bool = False


class _Folding(dict[int, str]):
    """Code point -> what stands for it; of each it is decided once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


_FOLDING = _Folding({code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)})


def words(text: str) -> list[str]:
    """The words of a text in their order, folded: letters, digits and marks only."""
    return [word[:LONGEST] for word in composed(text).translate(_FOLDING).split()]


def spans(text: str) -> list[tuple[str, int, int]]:
    """The words of a text that `composed` gave, each with where it stands: `text[start:end]`."""
    found: list[tuple[str, int, int]] = []
    word, start, end = "", 0, 0
    for place, char in enumerate(text):
        folded = _FOLDING[ord(char)]
        if word and not folded:  # an accent belongs to its letter
            end = place + 1
        for letter in folded:
            if letter != " ":
                start, word, end = start if word else place, word + letter, place + 1
            elif word:
                found.append((word[:LONGEST], start, end))
                word = ""
    if word:
        found.append((word[:LONGEST], start, end))
    return found


def composed(text: str) -> str:
    """The text with the voice marks of kana joined to their letters."""
    if text.isascii():
        return text
    import re

    if re.search(_VOICE, text) is None:
        return text
    import unicodedata

    return re.sub(f".{_VOICE}", lambda pair: unicodedata.normalize("NFKC", pair[0]), text)


def _folded(char: str) -> str:
    """A word's part, nothing for what a word may hold or not, a space for what ends one."""
    import unicodedata

    def piece(char: str) -> str:
        code, kind = ord(char), unicodedata.category(char)
        if kind[0] in "LN":
            digit = unicodedata.decimal(char, None)
            letter = _LETTERS.get(char, char) if digit is None else str(digit)
            return f" {letter} " if digit is None and _within(code, _UNSPACED) else letter
        if kind[0] == "M":
            accent = code < 0x0900 and not _within(code, (_THAANA,))
            return "" if accent or _within(code, _ACCENTS) or _within(code, _UNSPACED) else char
        return "" if kind == "Cf" and char != _ZERO_WIDTH_SPACE else " "

    if _within(ord(char), _UNSPACED):  # a voiced kana is a letter of its own
        return piece(unicodedata.normalize("NFKC", char)[0]) if char.isalpha() else piece(char)
    plain = unicodedata.normalize("NFKD", char).casefold()
    return "".join(map(piece, unicodedata.normalize("NFKD", plain)))


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)
