"""The policy file: YAML that an administrator writes -> the policy document, and back (policy.md).

What the keys mean is the domain's business; here are the file, its lines, and the text that `plan export`
writes.
"""

from __future__ import annotations

import os.path
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters.country_holidays import country_dates
from helpdesk_cli.adapters.ics_file import file_dates
from helpdesk_cli.adapters.programs import check_program
from helpdesk_cli.adapters.yaml_text import MAX_BYTES, Node, Problem, read_file, read_yaml
from helpdesk_cli.domain.checking import Lookups
from helpdesk_cli.domain.policy_check import REQUIRED, check_document, is_policy
from helpdesk_cli.domain.policy_warnings import warnings
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.checking import NoTeam, Path
    from helpdesk_cli.domain.checking import Problem as PathProblem

STDIN = "-"
_START = "start from `helpdesk plan export`"
_INDENT = "  "
_WIDTH = 100
_ITEM_WIDTH = 120  # of an item of a list: a line is easier to compare with the next than five
# A plain scalar is written as it is only where no YAML reader could take it for anything else.
_WORDS = r"[A-Za-z_][A-Za-z0-9_-]*(?:[ ./+%][A-Za-z0-9_+%-]+)*"
_DURATION = r"(?:[0-9]+[wdhms])+"
_PLAIN = re.compile(rf"{_WORDS}|{_DURATION}(?:\.\.{_DURATION})?")
_RESERVED = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def _known(_team: str) -> None:
    """There may be such a team."""


def load_policy(path: str, year: int, *, no_team: NoTeam = _known) -> dict[str, Any]:
    """The document of a policy file. `year`: the current one. `no_team`: why no team has a name, None where
    one has it or that cannot be known.

    NotFoundError for a missing file, StorageError for an unreadable one, PolicyError (exit 6) for one that is
    wrong: its message counts the problems, `details["problems"]` has them all, each with its line and hint.
    """
    document, problems, _ = examine(read_policy(path), year, folder=folder_of(path), no_team=no_team)
    if document is not None:
        return document
    count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
    named = shown(path) if path != STDIN else f"on {named_source(path)}"
    raise PolicyError(
        f"the policy {named} has {count}",
        hint="correct the file; nothing of it was applied",
        details={"problems": [problem._asdict() for problem in problems]},
    )


def read_policy(path: str) -> bytes:
    """The bytes of a policy file, or of stdin; errors as of `read_file`."""
    if path != STDIN:
        return read_file(path)
    import sys

    return sys.stdin.buffer.read(MAX_BYTES + 1)


def named_source(path: str) -> str:
    """How a file is called where it stands by itself."""
    return "stdin" if path == STDIN else path


def folder_of(path: str) -> str:
    """Where the relative paths in a policy file begin: beside it, of one from stdin where the user is."""
    return "" if path == STDIN else os.path.dirname(path)


def check_policy(data: bytes, year: int) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document of a policy file, or None; every problem with its line, in the order of the lines."""
    document, problems, _ = examine(data, year)
    return document, problems


def examine(
    data: bytes, year: int, *, folder: str = "", no_team: NoTeam = _known
) -> tuple[dict[str, Any] | None, list[Problem], list[Problem]]:
    """As `check_policy`, and what a document without problems is warned of, in the same order. `folder`:
    where the relative paths in it begin; `no_team` as of `load_policy`."""
    root, problems = read_yaml(data)
    if root is None:
        return None, problems or [Problem(1, 1, "the file is empty", _START)], []
    raw = _plain(root)
    if not is_policy(raw):
        # Whatever else it is, its text is nobody's business: nothing of it is quoted.
        keys = f"none of the keys {', '.join(REQUIRED)}"
        return None, [Problem(1, 1, f"the file is no policy: it has {keys}", _START)], []
    lookups = Lookups(
        country=cache(lambda code: country_dates(code, year)),
        file=cache(lambda path: file_dates(path, folder, year)),
        program=check_program,
        no_team=no_team,
    )
    document, found = check_document(raw, lookups, year)
    problems = _sorted([*problems, *_placed(root, found)])
    if document is None or problems:
        return None, problems, []
    return document, [], _sorted(_placed(root, warnings(document)))


def _placed(root: Node, found: list[PathProblem]) -> list[Problem]:
    return [Problem(*_place(root, each.path), _told(each.path, each.message), each.hint) for each in found]


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem[:2])


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(entry.node) for key, entry in node.value.items()}
    return [_plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def _place(root: Node, path: Path) -> tuple[int, int]:
    """Line and column of the key or item that `path` leads to, or of the last on the way that exists."""
    node, line, column = root, root.line, root.column
    for step in path:
        if isinstance(node.value, dict) and step in node.value:
            line, column, node = node.value[str(step)]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line, column = node.line, node.column
        else:
            break
    return line, column


def _told(path: Path, message: str) -> str:
    """The message after the keys that lead to its place: `plans.basic.calendar: ...`."""
    keys = [re.sub(r"[^\w.:-]", "?", key[:40]) for key in path if isinstance(key, str)]
    return f"{'.'.join(keys)}: {message}" if keys else message


def dump_policy(document: dict[str, Any]) -> str:
    """The YAML that reads back as `document`: what `plan export` prints. Looked-up holidays are left out."""
    calendars = {
        name: {key: value for key, value in spec.items() if key not in ("country_dates", "file_dates")}
        for name, spec in document["calendars"].items()
    }
    blocks = []
    for key, value in {**document, "calendars": calendars}.items():
        blocks.append("\n".join(_block(key, value, "")))
    lines = [f"\n{block}" if "\n" in block else block for block in blocks]
    return "\n".join(lines).lstrip("\n") + "\n"


def _block(key: str, value: object, indent: str) -> Iterator[str]:
    """`key: value` on one line where it fits and holds no mapping of mappings, else indented below."""
    head = f"{indent}{_scalar(key)}:"
    inline = f"{head} {_flow(value)}"
    if not isinstance(value, (dict, list)) or (len(inline) <= _WIDTH and _shallow(value)) or not value:
        yield inline
        return
    yield head
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _block(name, item, indent + _INDENT)
    else:
        for item in value:
            yield from _item(item, indent + _INDENT)


def _item(value: object, indent: str) -> Iterator[str]:
    """An item of a list: on one line where it fits, else a key a line."""
    inline = f"{indent}- {_flow(value)}"
    if len(inline) <= _ITEM_WIDTH or not isinstance(value, dict) or not value:
        yield inline
        return
    head = f"{indent}- "
    for key, item in value.items():
        for line in _block(key, item, indent + _INDENT):
            yield head + line.removeprefix(indent + _INDENT) if head else line
            head = ""


def _shallow(value: dict[str, Any] | list[Any]) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, dict) for item in items)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, int)
        else _scalar(str(value))
    )


def _scalar(text: str) -> str:
    """A text plain where that is safe, else in double quotes with JSON's escapes, which YAML shares."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    import json

    quoted = json.dumps(text, ensure_ascii=False)
    # YAML breaks lines at U+2028 and refuses a few more; JSON's own escape of an emoji would be two halves.
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)
