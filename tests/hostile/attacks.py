"""What the world may send, and how to see that a terminal got none of what it would obey."""

from __future__ import annotations

import re
from collections.abc import Callable

from console import Result

from tests.faults.program import DOCUMENTED as CODES

__all__ = ["ATTACK", "CODES", "SQL", "TERMINAL", "TURNED", "Ask", "obeyed"]

Ask = Callable[..., Result]  # `ask("ticket", "list")`

# Titles, links and the clipboard (OSC 0, 8, 52), a screen cleared, the same begun by single C1 bytes, device
# control strings, a bell, a line written over, text turned around, isolates that do not end where they began.
TERMINAL = {
    "OSC 0": "\x1b]0;owned\x07",
    "OSC 8": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "OSC 52": "\x1b]52;c;aGk=\x07",
    "CSI 2J": "\x1b[2J\x1b[H",
    "C1 CSI": "\x9b2J",
    "C1 OSC": "\x9d0;owned\x9c",
    "DCS": "\x1bPq#0\x1b\\",
    "C1 DCS": "\x90q\x9c",
    "BEL": "\x07",
    "overwriting": "x\rError: y\x08z\x7f",
    "lines": "a\x0bb\x0cc\x85d\u2028e\u2029f",
    "override": "\u202egnp.exe",
    "embeddings": "\u202aa\u202bb\u202dc\u202c",
    "isolates": "\u2067x\u2066y\u2069\u2069\u2069",
}
ATTACK = "".join(TERMINAL.values())
# What is left of it where names may hold no control characters.
TURNED = TERMINAL["override"] + TERMINAL["embeddings"] + TERMINAL["isolates"]

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# The program itself sets right-to-left cells apart, whole and on one line, so that nothing gets out of them.
_SET_APART = re.compile("\u200e\u2068([^\u2066-\u2069\n]*)\u2069\u200e")

# What SQL, a pattern, the engine's full-text search or a format of ours gives a meaning.
SQL = (
    "'", "';", "--", "%", "_", '"', "NEAR(", "NEAR(a b, 5)", "*", "^", "^a*", "\\", "a' OR '1'='1",
    "'; DROP TABLE tickets; --", 'x" OR 1=1 --', "{a}:b", "messages_fts", "NULL", "?1", ":now", "$x", "@x",
    "[id]", "id; DELETE FROM tickets", "1e400", "json('x')", "(SELECT 1)", "a\nb", "😀",
)  # fmt: skip


def obeyed(text: str) -> list[str]:
    """What in it a terminal would obey, each with the text around it."""
    text = _SET_APART.sub(r"\1", text)
    return [repr(text[max(found.start() - 20, 0) : found.end() + 20]) for found in _OBEYED.finditer(text)]
