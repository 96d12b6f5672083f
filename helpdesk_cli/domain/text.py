"""What becomes of text on its way in: what people wrote stays, what no store or terminal can carry goes.

Decides which characters a text and a name may hold, and when two names are the same.
"""

from __future__ import annotations

from helpdesk_cli.errors import UsageError

_LINE_SEPARATORS = "\u2028\u2029"


def clean_text(text: str) -> str:
    """Text of people, ready to store: no NUL, every newline `\\n`, whole Unicode.

    Halves of a character (lone surrogates: how Python carries bytes that are not UTF-8) become U+FFFD.
    """
    if "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def clean_line(text: str, what: str, *, longest: int = 200) -> str:
    """A name: one line without control characters, runs of spaces made one; `what` names it in errors.

    Raises UsageError for an empty, overlong or broken one.
    """
    if has_control(text):
        raise UsageError(
            f"{what} holds a control character or a broken byte: {text!r}",
            code="bad_text",
            hint="use one line of printable text in UTF-8",
        )
    line = " ".join(text.split())
    if not line:
        raise UsageError(f"{what} is empty", code="bad_text", hint="give it at least one character")
    if len(line) > longest:
        raise UsageError(f"{what} has {len(line)} characters, at most {longest} are allowed", code="bad_text")
    return line


def has_control(text: str) -> bool:
    """Whether it holds a C0 or C1 control character, a line separator or half a character.

    Joiners and direction marks, which several scripts need, are none.
    """
    if text.isprintable():
        return False
    return any(
        c < " " or "\x7f" <= c <= "\x9f" or c in _LINE_SEPARATORS or "\ud800" <= c <= "\udfff" for c in text
    )


def fold(text: str) -> str:
    """The form in which names are compared: whatever the case and the way accents are encoded."""
    if text.isascii():
        return text.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
