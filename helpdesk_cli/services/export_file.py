"""An export as it is read: its first line, then its rows in groups that go in together or not at all.

A ticket is a group with its tags, clocks, messages and events; any other line is one of its own. A wrong line
spoils its group, and a line that cannot be read at all the group in whose midst it stands.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters.json_lines import bad, numbered, object_of
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import HelpdeskError, UsageError
from helpdesk_cli.services.export_header import Header, header_of
from helpdesk_cli.services.imported_policy import require_policy
from helpdesk_cli.services.row_check import RowCheck, require_no_nul
from helpdesk_cli.storage.tables import BY_NAME, TABLES, Table, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from helpdesk_cli.storage.transfer import Shape

    Report = Callable[[HelpdeskError], None]

LINES = 5000  # of a batch
BYTES = 8 << 20  # or so many, whichever comes first
LONGEST = 256 << 20  # bytes of a line: a text of 40 MB, each character of it an escape
_OF_FILE = b'{"table":"files",'


class LineError(UsageError):
    """What is wrong with a line: it and what goes in with it are left out, and the others go in."""

    default_code = "bad_line"


class Line(NamedTuple):
    """A row of a table; `row` holds the values of those columns that its shape has."""

    number: int
    shape: Shape
    row: list[Any]

    @property
    def table(self) -> Table:
        return self.shape.table

    @property
    def key(self) -> str:
        """Which row it is: `ticket_tags 7 vip`."""
        return " ".join((self.table.name, *(str(self.row[place]) for place in self.shape.key)))

    def difference(self, there: list[Any]) -> str | None:
        """What is another in the whole row that is there, the first of it: `name is 'x', there null`."""
        row = self.shape.whole(self.row)
        if there == row:
            return None
        for name, value, found in zip(self.table.names, row, there, strict=True):
            if found != value and not (name in self.table.documents and _says_the_same(found, value)):
                return f"{name} is {_told(value)}, there {_told(found)}"
        return None


class Group:
    """Lines that go in together. `ticket` is whose they are, as they say, `lost` how many of them were
    wrong: then none goes in."""

    def __init__(self, ticket: Any = None) -> None:
        self.ticket = ticket
        self.lines: list[Line] = []
        self.lost = 0


class Batch(NamedTuple):
    """Whole groups; or with `goes_on` a piece of a long one alone, whose next piece is the next batch."""

    groups: list[Group]
    goes_on: bool = False


class ExportFile:
    """A file that was opened and whose first line is read. UsageError or StorageError as of `header_of`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell() if file.seekable() else 0
        self._lines = numbered(file, LONGEST)
        self._ahead = 0  # lines that were read before the rows
        self.header = self._header()

    def _header(self) -> Header:
        return header_of(next(self._lines, (0, b""))[1])

    def rewind(self) -> None:
        """Begin anew after the first line."""
        self._file.seek(self._start)
        self._ahead = 0
        self._lines = numbered(self._file, LONGEST)
        self._header()

    def batches(self, report: Report) -> Iterator[Batch]:
        """The rest of the file; what is wrong with a line is told to `report`. UsageError `not_whole` at the
        end, where lines are missing or too many."""
        return _Batches(self.header, report).of(self._lines, self._ahead)

    def file_lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of attached files, which come before all rows: to be read before `batches` is."""
        for number, raw in self._lines:
            if not raw.startswith(_OF_FILE):
                self._lines = chain([(number, raw)], self._lines)
                return
            self._ahead += 1
            yield number, raw


class _Batches:
    def __init__(self, header: Header, report: Report) -> None:
        self._header, self._report = header, report
        self._checks = {each.name: (RowCheck(each, header), _ticket_column(each)) for each in TABLES}
        self._groups: list[Group] = []
        self._last = Group()  # the one that the last line went into
        self._long = False  # whether a piece of it is gone ahead
        self._lines = self._bytes = 0

    def of(self, lines: Iterator[tuple[int, bytes]], seen: int) -> Iterator[Batch]:
        for number, raw in lines:
            seen += 1
            line, group = self._read(number, raw)
            if group is not self._last or self._lines >= LINES or self._bytes >= BYTES:
                yield from self._make_room(group)
                if group is not self._last:
                    self._groups.append(group)
                    self._last = group
            if line is None:
                group.lost += 1
            else:
                group.lines.append(line)
            self._lines += 1
            self._bytes += len(raw)
        self._require_whole(seen)
        yield Batch(self._groups)

    def _make_room(self, group: Group) -> Iterator[Batch]:
        """Hand over what is there, if the next line, which is of this group, is not to be added to it."""
        if group is not self._last:
            if self._lines >= LINES or self._bytes >= BYTES or self._long:
                yield self._taken(self._groups)
        elif len(self._groups) > 1:
            *whole, last = self._groups
            yield self._taken(whole, [last])
        else:
            yield self._taken([group], [group], goes_on=True)
            group.lines = []

    def _taken(self, taken: list[Group], left: list[Group] | None = None, *, goes_on: bool = False) -> Batch:
        self._groups, self._long = left or [], goes_on
        self._lines = 0 if goes_on else sum(len(each.lines) for each in self._groups)
        self._bytes = 0
        return Batch(taken, goes_on)

    def _read(self, number: int, raw: bytes) -> tuple[Line | None, Group]:
        """The line, None where it is wrong, and the group that it goes into."""
        last, table = self._last, None
        try:
            values = object_of(raw, LONGEST)
            name = values.pop("table", None)
            if name.__class__ is not str or name not in self._checks:
                raise _no_table(name)
            check, column = self._checks[name]
            table = check.table
            ticket = None if column is None else values.get(column)
            group = last if ticket is not None and ticket == last.ticket else Group(ticket)
            shape, row = check.row(values)
            if name == "policies":
                require_policy(values["document"])
            if b"\\u0000" in raw:
                require_no_nul(values)
        except UsageError as error:
            if table is None:
                group = last if last.ticket is not None else Group()
            self._report(line_error(number, table, error, group))
            return None, group
        return Line(number, shape, row), group

    def _require_whole(self, seen: int) -> None:
        if seen != self._header.lines:
            raise UsageError(
                f"the file is not whole: {seen} lines follow its first one, which says {self._header.lines};"
                " nothing was imported",
                code="not_whole",
                hint="get the whole file; to import what there is, correct `rows` in its first line",
            )


def _no_table(name: object) -> UsageError:
    if name is None:
        return bad("no table")
    near = closest(str(name), BY_NAME)
    return bad(f"there is no table {shown(str(name))}" + (f": did you mean {near!r}?" if near else ""))


def _ticket_column(table: Table) -> str | None:
    """The column that tells which ticket a line belongs to."""
    return table.owner or (table.key[0] if parts_of(table.name) else None)


def _says_the_same(one: Any, other: Any) -> bool:
    """Whether two JSON texts say the same, in whatever form they were written."""
    try:
        return bool(json.loads(one) == json.loads(other))
    except (TypeError, ValueError):
        return False


def _told(value: object) -> str:
    return shown(value) if isinstance(value, str) else "null" if value is None else str(value)


def line_error(number: int, table: Table | None, error: HelpdeskError, group: Group) -> LineError:
    """What is wrong with a line, and what is left out with it."""
    where = f"line {number}" if table is None else f"line {number}, {table.name}"
    hint = error.hint
    if type(group.ticket) is int:
        hint = f"{reference(group.ticket)} is left out with all that belongs to it"
    return LineError(f"{where}: {error.message}", hint=hint, details={"line": number})
