"""Text that a terminal may be given: nothing in it moves the cursor, rings, or turns the line around.

What people typed is shown with its control characters, escape sequences, direction overrides and broken bytes
spelled out (`\\x1b`, `\\u202e`); JSON carries them as JSON escapes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Kept as text: most output needs none of these patterns, and compiling them takes a millisecond.
# C0, DEL and C1; line and paragraph separators; direction overrides and isolates; halves of surrogate pairs.
_ABOVE_ASCII = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = f"[\x00-\x1f{_ABOVE_ASCII}]"
_UNSAFE_IN_JSON = f"[{_ABOVE_ASCII}]"
_UNSAFE_IN_LINES = f"[\x00-\x08\x0b-\x1f{_ABOVE_ASCII}]"
_SPACES = r"[\t\n\v\f\r]+"
# Several lines of any terminal. Looked for where words begin: from inside one it is too short as well.
_LONG_WORD = "(?<![^ \n])([^ \n]{400,})"
# All of a run of letters that make flags, two each, but the last one or two.
_FLAGS = "(?:[\U0001f1e6-\U0001f1ff]{2})+(?=[\U0001f1e6-\U0001f1ff])"
_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
# An isolate keeps its own direction and that of the line apart (UAX #9); a mark on both sides does nearly as
# much where a terminal knows no isolates. None of them takes a cell.
_MARK, _ISOLATE, _END = "\u200e", "\u2068", "\u2069"


def harmless(text: str) -> str:
    """Return one line of text with everything that a terminal would obey spelled out."""
    return text if text.isprintable() else re.sub(_UNSAFE, _spelled, text)


def cell(text: str) -> str:
    """Return text for one cell of a table: as `harmless`, line breaks and tabs turned into single spaces."""
    return text if text.isprintable() else harmless(re.sub(_SPACES, " ", text).strip())


def page(text: str) -> str:
    """Return text of several lines: as `harmless`, but line breaks stay and tabs become spaces."""
    if text.isprintable():
        return text
    return "\n".join(map(harmless, text.replace("\r\n", "\n").expandtabs(4).split("\n")))


def lines(text: str) -> str:
    """Return text of several lines: as `harmless`, but line feeds and tabs stay as they are."""
    return text if text.isprintable() else re.sub(_UNSAFE_IN_LINES, _spelled, text)


def json_text(text: str) -> str:
    """Return serialised JSON with what a terminal would obey as escapes; the C0 range is escaped already."""
    return text if text.isascii() and "\x7f" not in text else re.sub(_UNSAFE_IN_JSON, _escaped, text)


def isolated(text: str) -> str:
    """Keep right-to-left text from pulling its neighbours in the line around, line by line. What people wrote
    was made harmless before, so that no isolate of theirs ends one of ours."""
    if text.isascii() or re.search(_RIGHT_TO_LEFT, text) is None:
        return text
    return "\n".join(f"{_MARK}{_ISOLATE}{line}{_END}{_MARK}" for line in text.split("\n"))


def marked(text: str) -> str:
    """The same for a part of a page, whose isolates `page` would spell out: marks alone."""
    if text.isascii() or re.search(_RIGHT_TO_LEFT, text) is None:
        return text
    return f"{_MARK}{text}{_MARK}"


def width(text: str) -> int:
    """Count the terminal cells that harmless text takes."""
    if text.isascii():
        return len(text)
    import wcwidth

    # For each letter of a flag the library counts those before it: time in the square of their number. Any
    # wide character is as wide as a flag.
    return max(wcwidth.wcswidth(re.sub(_FLAGS, lambda found: "数" * (len(found[0]) // 2), text)), 0)


def shortened(text: str, cells: int) -> str:
    """Cut text to a number of cells, `…` in place of what is lost; never inside a character."""
    if width(text) <= cells:
        return text
    kept, room = [], cells - 1
    for cluster in _clusters(text):
        room -= width(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…"


def wrapped(text: str, room: int, *, indent: int = 0, hyphens: bool = False) -> Iterator[str]:
    """Break harmless text into lines of `room` cells, the further ones indented, and with `hyphens` after
    those, too. A word of many lines is cut here: the libraries take time in the square of its length."""
    start = " " * min(len(text) - len(text.lstrip(" ")), room // 2)
    for number, piece in enumerate(re.split(_LONG_WORD, text.lstrip(" "))):
        if number % 2:
            lines = _cut(piece, max(room - max(len(start), indent), 1))
        else:
            lines = _broken(piece.strip(" "), room, start, indent, hyphens=hyphens)
        for line in lines:
            yield start + line if number % 2 else line
            start = " " * indent


def _broken(text: str, room: int, start: str, indent: int, *, hyphens: bool) -> Iterator[str]:
    wrap: Callable[..., list[str]]
    if text.isascii():
        from textwrap import wrap
    else:
        from wcwidth import wrap
    indents = {"initial_indent": start, "subsequent_indent": " " * indent}
    yield from wrap(text, room, **indents, break_on_hyphens=hyphens)


def _cut(text: str, room: int) -> Iterator[str]:
    """A word in lines that are full, never inside a character."""
    if text.isascii():
        yield from (text[place : place + room] for place in range(0, len(text), room))
        return
    line, left = "", room
    for cluster in _clusters(text):
        size = width(cluster)
        if size > left and line:
            yield line
            line, left = "", room
        line, left = line + cluster, left - size
    yield line


def _clusters(text: str) -> Iterator[str]:
    if text.isascii():
        return iter(text)
    import wcwidth

    return wcwidth.iter_graphemes(text)


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
