"""Completion in a shell: the line so far comes in click's variables, what fits goes out a line each.

Commands and options are click's; values are `candidates.py`'s. Whatever goes wrong, the answer is empty and
says nothing: nobody wants to read an error in the middle of a line.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

# click offers the two only inside a method that leaves no place for values of our own.
from click.shell_completion import _resolve_context as context_of
from click.shell_completion import _resolve_incomplete as target_of

from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.state import State

SHELLS = ("bash", "zsh", "fish")
_FOLDER = os.path.join(os.path.dirname(__file__), "shells")
_LISTING = ("63", "33", "64")  # the types of bash's completion that show what there is
_PLAIN = "_@%+=:,./-"  # what bash takes as it is, beside letters and digits


class Line(NamedTuple):
    """A command line up to the cursor: whole words, then the one at the cursor, perhaps empty.

    `raw` is that word as it was typed, `quote` the quote in it that is still open.
    """

    words: list[str]
    typed: str
    raw: str
    quote: str


def script(shell: str) -> str:
    """The script that makes a shell ask here."""
    with open(os.path.join(_FOLDER, f"helpdesk.{shell}"), encoding="utf-8") as file:
        return file.read()


def answer(root: click.Command, instruction: str) -> int:
    """Answer what a shell asks (`bash_complete`); always 0, and silent about errors."""
    shell, _, what = instruction.partition("_")
    try:
        stream.prepare()
        if what == "source":
            stream.write(script(shell))
        elif shell in SHELLS:
            stream.write("".join(f"{reply}\n" for reply in _replies(root, shell)))
        stream.flush()
    except Exception:  # noqa: BLE001  (see the module's own words)
        stream.give_up()
    return 0


def _replies(root: click.Command, shell: str) -> list[str]:
    line = read_line(os.environ["COMP_WORDS"])
    index = os.environ.get("COMP_CWORD", "")
    if shell != "fish" and index.isdecimal() and int(index) == len(line.words) + 1 and line.typed:
        line = Line([*line.words, line.typed], "", "", "")  # a space at the end was lost on the way
    items = complete(root, line.words[1:], line.typed)
    if shell == "bash":
        return _for_bash(line, items, listing=os.environ.get("COMP_TYPE") in _LISTING)
    if shell == "zsh":
        return [_for_zsh(item) for item in items]
    return [f"{item.type},{item.value}" + (f"\t{item.help}" if item.help else "") for item in items]


def read_line(text: str) -> Line:
    """Split a line as a shell does, quotes and backslashes resolved, nothing expanded."""
    words: list[str] = []
    raw = value = quote = ""
    escaped = False
    for char in text:
        if escaped:
            value += char if quote != '"' or char in '"\\$`' else f"\\{char}"
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            value, quote = (value, "") if char == quote else (value + char, quote)
        elif char in "'\"":
            quote = char
        elif char.isspace():
            words += [value] if raw else []
            raw = value = ""
            continue
        else:
            value += char
        raw += char
    while words and "=" in words[0] and words[0].partition("=")[0].isidentifier():
        del words[0]  # a variable that is set for this command alone
    return Line(words, value, raw, quote)


def complete(root: click.Command, args: list[str], typed: str) -> list[CompletionItem]:
    """What may stand in place of the word `typed` after `args`, each a whole word."""
    ctx = context_of(root, {"obj": State()}, "helpdesk", args)
    target, rest = target_of(ctx, list(args), typed)
    before = typed[: len(typed) - len(rest)]  # the `--status=` of `--status=op`
    if isinstance(target, click.Parameter):
        from helpdesk_cli.cli.candidates import values

        words = values(ctx, target, rest)
        if words is None:
            return [CompletionItem(typed, type="file")]
        return [CompletionItem(before + word, help=about or None) for word, about in words]
    items = target.shell_complete(ctx, rest)
    if not items and len(typed) > 2:  # options that a verb takes but does not show
        items = [
            CompletionItem(name, help=param.help)
            for param in target.params
            if isinstance(param, click.Option) and param.hidden
            for name in param.opts
            if name.startswith(typed)
        ]
    return items


def _for_bash(line: Line, items: list[CompletionItem], *, listing: bool) -> list[str]:
    """Only what readline replaces, quoted; where bash lists it, with what it means."""
    current = os.environ.get("COMP_CURRENT")
    if current is None:
        current = line.raw.rpartition("=")[2] if line.raw.startswith("-") else line.raw
    # Bash begins a new word at each of `@=:`, and wants that part alone.
    kept = read_line(line.raw[: len(line.raw) - len(current)] if line.raw.endswith(current) else "")
    width = stream.columns()
    replies = []
    for item in items:
        reply = _quoted(item.value[len(kept.typed) :], kept.quote)
        if listing and len(items) > 1 and item.help:
            reply = f"{reply}  ({item.help})"[: max(width - 1, len(reply))]
        replies.append(f"{item.type},{reply}")
    return replies


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return "".join(f"\\{char}" if char in '"\\$`' else char for char in text)
    return "".join(
        char if char.isalnum() or char in _PLAIN or not char.isascii() else f"\\{char}" for char in text
    )


def _for_zsh(item: CompletionItem) -> str:
    """Three lines an item. Where there is a description zsh takes backslashes away, and the first colon for
    the end of the value."""
    if not item.help:
        return f"{item.type}\n{item.value}\n_"
    value, about = (text.replace("\\", "\\\\") for text in (item.value, item.help))
    return "\n".join((item.type, value.replace(":", "\\:"), about))
