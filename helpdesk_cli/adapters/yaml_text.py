"""Reading YAML that somebody else wrote: every scalar stays text, and every value knows its line.

PyYAML's loaders read `17:30` as 1050, `no` as False and `010` as 8, keep the last of two equal keys silently
and build Python objects on demand. Here only its parser is used: its events are put together, with
limits on size, depth and number of values that hold before the parser could be kept busy. What is wrong
becomes a `Problem`; the values that are readable all the same are returned, so that a checker can go on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.checking import MAX_PROBLEMS
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import NotFoundError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.error import MarkedYAMLError
    from yaml.events import Event

MAX_BYTES = 1024 * 1024
MAX_LINES = 50_000  # PyYAML needs 3 microseconds for each, however short
MAX_DEPTH = 20
MAX_BRACKETS = 100  # PyYAML needs 18 s for 10 KB of `[`, before it reports the first of them
MAX_NODES = 20_000
MAX_ALIASES = 1_000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Problem(NamedTuple):
    """One mistake in a file; lines and columns count from 1, line 0 is the file as a whole."""

    line: int
    column: int
    message: str
    hint: str | None = None


class Entry(NamedTuple):
    """A key of a mapping, where it stands, and its value."""

    line: int
    column: int
    node: Node


class Node(NamedTuple):
    """A text, a list or a mapping. `size` and `depth` count what it holds too, aliases written out."""

    line: int
    column: int
    value: str | list[Node] | dict[str, Entry]
    size: int
    depth: int


class _StopReadingError(Exception):
    """The file is refused as it stands: nothing after this problem can be told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_file(path: str) -> bytes:
    """The bytes of a file, at most one more than are read; NotFoundError `no_file`, StorageError."""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {shown(path)}", code="no_file") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"{shown(path)} cannot be read: {why}") from None


def read_yaml(data: bytes) -> tuple[Node | None, list[Problem]]:
    """The document in `data`, or None where it is unreadable as a whole, and what is wrong with it so far."""
    import yaml

    problems: list[Problem] = []
    try:
        text = _decode(data)
        _refuse_brackets(text)
        node = _Composer(yaml.parse(text, Loader=yaml.SafeLoader), problems).document()
    except _StopReadingError as stop:
        return None, [*problems, stop.problem]
    except yaml.MarkedYAMLError as error:
        return None, [*problems, _syntax(error)]
    except yaml.reader.ReaderError as error:
        # Its position counts in the text read; the character is the first that YAML does not allow.
        line = text.count("\n", 0, error.position) + 1
        return None, [
            *problems,
            Problem(line, 1, f"a character that YAML does not allow (U+{error.character:04X})"),
        ]
    return node, problems


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        found = f"the file has {len(data):,} bytes, more than the {MAX_BYTES:,} that are read"
        raise _StopReadingError(Problem(0, 0, found))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise _StopReadingError(Problem(line, 1, found, "save the file as UTF-8")) from None
    lines = sum(map(text.count, "\n\r\x85\u2028\u2029"))
    if lines > MAX_LINES:
        found = f"the file has {lines:,} lines, more than the {MAX_LINES:,} that are read"
        raise _StopReadingError(Problem(0, 0, found))
    return text


def _refuse_brackets(text: str) -> None:
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if bracket.group() in "[{" else max(0, depth - 1)
        if depth > MAX_BRACKETS:
            raise _StopReadingError(_too_deep(text.count("\n", 0, bracket.start()) + 1))


def _too_deep(line: int) -> Problem:
    return Problem(line, 1, f"nested too deep: more than {MAX_DEPTH} levels")


def _syntax(error: MarkedYAMLError) -> Problem:
    line, column = _position(error.problem_mark or error.context_mark)
    hint = "indent with spaces: YAML allows no tabs there" if r"'\t'" in str(error.problem) else None
    return Problem(line, column, f"not YAML: {error.problem or error.context}", hint)


class _Composer:
    """Puts the events of one document together; anchors are kept as finished nodes, never copied."""

    def __init__(self, events: Iterator[Event], problems: list[Problem]) -> None:
        self.events = events
        self.problems = problems
        self.anchors: dict[str, Node] = {}
        self.aliases = 0
        self.nodes = 0

    def document(self) -> Node | None:
        from yaml import events

        root: Node | None = None
        for event in self.events:
            if isinstance(event, events.DocumentStartEvent):
                if root is not None:
                    line, column = _position(event.start_mark)
                    raise _StopReadingError(
                        Problem(line, column, "a second document begins: one file holds one")
                    )
                root = self.node(next(self.events), 1)
        return root

    def node(self, event: Event, level: int) -> Node:
        from yaml import events

        line, column = _position(event.start_mark)
        if level > MAX_DEPTH:
            raise _StopReadingError(_too_deep(line))
        if isinstance(event, events.AliasEvent):
            return self.alias(str(event.anchor), line, column, level)
        self.count(1, line)
        tag, anchor = getattr(event, "tag", None), getattr(event, "anchor", None)
        if tag:
            self.problem(Problem(line, column, f"the tag {shown(tag)} is not used here", "leave it out"))
        if isinstance(event, events.SequenceStartEvent):
            items = list(self.sequence(level))
            node = Node(line, column, items, *_extent(items))
        elif isinstance(event, events.MappingStartEvent):
            entries = self.mapping(level)
            node = Node(line, column, entries, *_extent([entry.node for entry in entries.values()]))
        else:
            node = Node(line, column, self.scalar(str(getattr(event, "value", "")), line, column), 1, 1)
        if anchor:
            self.anchors[anchor] = node
        return node

    def problem(self, problem: Problem) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            found = f"more than {MAX_PROBLEMS} problems, the rest is not read"
            raise _StopReadingError(Problem(problem.line, problem.column, found))
        self.problems.append(problem)

    def count(self, size: int, line: int) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise _StopReadingError(
                Problem(line, 1, f"more than {MAX_NODES:,} values, aliases counted as written out")
            )

    def alias(self, name: str, line: int, column: int, level: int) -> Node:
        node = self.anchors.get(name)
        if node is None:
            raise _StopReadingError(Problem(line, column, f"*{name} is used before &{name} is complete"))
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _StopReadingError(Problem(line, column, f"more than {MAX_ALIASES:,} aliases"))
        if level + node.depth - 1 > MAX_DEPTH:
            raise _StopReadingError(_too_deep(line))
        self.count(node.size, line)
        return node._replace(line=line, column=column)

    def scalar(self, text: str, line: int, column: int) -> str:
        bad = _CONTROL.search(text)
        if bad:
            found = f"the text holds a control character (U+{ord(bad.group()):04X})"
            self.problem(Problem(line, column, found))
            return _CONTROL.sub("", text)
        return text

    def sequence(self, level: int) -> Iterator[Node]:
        from yaml import events

        while not isinstance(event := next(self.events), events.SequenceEndEvent):
            yield self.node(event, level + 1)

    def mapping(self, level: int) -> dict[str, Entry]:
        from yaml import events

        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), events.MappingEndEvent):
            key = self.node(event, level + 1)
            value = self.node(next(self.events), level + 1)
            if not isinstance(key.value, str):
                self.problem(Problem(key.line, key.column, "a key must be a word, not a list or a mapping"))
            elif key.value in entries:
                first = entries[key.value].line
                found = f"the key {shown(key.value)} appears twice (first on line {first})"
                self.problem(Problem(key.line, key.column, found))
            else:
                entries[key.value] = Entry(key.line, key.column, value)
        return entries


def _position(mark: Any) -> tuple[int, int]:
    """Line and column from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _extent(nodes: list[Node]) -> tuple[int, int]:
    """(size, depth) of a collection."""
    return 1 + sum(node.size for node in nodes), 1 + max((node.depth for node in nodes), default=0)
