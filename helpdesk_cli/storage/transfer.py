"""Every row out of a database, and into one, in an order in which a row comes after those that it names.

Reading keeps to the memory of some rows, however many there are: a ticket's parts are read beside it, each
from a stream of its own. What follows from other columns (`left_out`) is made again on the way in.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from helpdesk_cli.errors import UsageError
from helpdesk_cli.storage import search, tickets
from helpdesk_cli.storage.tables import BY_NAME, TABLES, Table, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from helpdesk_cli.storage.database import Database, Row

    Encoder = Callable[[Any], str]

_MOST_PARAMETERS = 1000
_LEAST, _MOST = -(2**63), 2**63 - 1


class _DanglingError(Exception):
    """A row names one that is not there."""


def counts(db: Database) -> dict[str, int]:
    """How many rows each table has. Inside `read()`, as all that follows."""
    return {each.name: count(db, each.name) for each in TABLES}


def count(db: Database, table: str) -> int:
    """How many rows a table has."""
    row = db.one(f"SELECT count(*) AS n FROM {table}")
    return 0 if row is None else int(row["n"])


def last_ids(db: Database) -> dict[str, int]:
    """The last id that each table has given, also where its row is gone."""
    given = db.upkeep.last_ids()
    return {each.name: given.get(each.name, 0) for each in TABLES if each.counted}


def lines(db: Database, encoder: Callable[[Table], Encoder]) -> Iterator[str]:
    """Every row as `encoder(table)` writes its values."""
    for table in TABLES:
        if not table.part_of:
            parts = [_Part(db, part, encoder(part)) for part in parts_of(table.name)]
            yield from _with_parts(db, table, encoder(table), parts)


def _with_parts(db: Database, table: Table, encode: Encoder, parts: Sequence[_Part]) -> Iterator[str]:
    key = table.key[0]
    waiting = _Waiting(table)
    for row in db.stream(f"{_select(table)} ORDER BY {', '.join(table.order)}"):
        if waiting.has(row):
            continue
        yield encode(row)
        for part in parts:
            yield from part.of(row[key])
        for id_ in waiting.after(row):
            late = db.one(f"{_select(table)} WHERE {key} = :id", {"id": id_})
            if late is not None:
                yield encode(late)
                for part in parts:
                    yield from part.late(id_)


class _Part:
    """The rows of a part, read beside those that they belong to."""

    def __init__(self, db: Database, table: Table, encode: Encoder) -> None:
        self._db, self._table, self._encode = db, table, encode
        self._owner = table.owner or ""
        self._rows: Iterator[Row] | None = None
        self._next: Row | None = None

    def of(self, id_: int) -> Iterator[str]:
        """The lines of one row's part; asked for in the order of ids. Those between were `late`."""
        if self._rows is None:
            self._rows = iter(self._db.stream(f"{_select(self._table)} {self._order}"))
            self._next = next(self._rows, None)
        owner = self._owner
        while (row := self._next) is not None and row[owner] <= id_:
            if row[owner] == id_:
                yield self._encode(row)
            self._next = next(self._rows, None)

    def late(self, id_: int) -> Iterator[str]:
        """The same out of order."""
        sql = f"{_select(self._table)} WHERE {self._owner} = :id {self._order}"
        return map(self._encode, self._db.stream(sql, {"id": id_}))

    @property
    def _order(self) -> str:
        return f"ORDER BY {', '.join(self._table.order)}"


class _Waiting:
    """The rows that name one of their own table whose line is still to come: theirs come after it."""

    def __init__(self, table: Table) -> None:
        self._own, self._key = table.own, table.key[0]
        self._by_named: dict[int, list[int]] = {}
        self._waiting: set[int] = set()

    def has(self, row: Row) -> bool:
        """Whether a row waits; rows come in the order of their keys."""
        named = None if self._own is None else row[self._own]
        if named is None or (named <= row[self._key] and named not in self._waiting):
            return False
        self._by_named.setdefault(named, []).append(row[self._key])
        self._waiting.add(row[self._key])
        return True

    def after(self, row: Row) -> Iterator[int]:
        """The keys of the rows that waited for one, and of those that waited for these."""
        done = [row[self._key]] if self._waiting else []
        while done:
            for key in self._by_named.pop(done.pop(), ()):
                self._waiting.remove(key)
                done.append(key)
                yield key


def _select(table: Table) -> str:
    return f"SELECT {', '.join(table.names)} FROM {table.name}"


# -- and in again


class Shape:
    """Rows of a table that have the same columns filled; they are the values of these alone. To bind a None
    takes Python as long as several numbers."""

    def __init__(self, table: Table, filled: tuple[int, ...]) -> None:
        self.table, self._filled = table, filled
        self.names = [table.names[place] for place in filled]
        # Whether they name rows of their own table, which come first.
        self.late = table.own in self.names
        names = [*self.names, *_MADE.get(table.name, ())]
        marks = ", ".join("?" * len(names))
        self.statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
        self.by_key = f"{_select(table)} WHERE {' AND '.join(f'{name} = ?' for name in table.key)}"
        self.key = [self.names.index(name) for name in table.key]

    def whole(self, row: Sequence[Any]) -> list[Any]:
        """The values of all columns."""
        found = [None] * len(self.table.names)
        for place, value in zip(self._filled, row, strict=True):
            found[place] = value
        return found


@cache
def _shape(table: str, filled: tuple[int, ...]) -> Shape:
    return Shape(BY_NAME[table], filled)


def shape_of(table: Table, filled: tuple[int, ...]) -> Shape:
    """The shape of the rows that have the columns at these places, always the same one."""
    return _shape(table.name, filled)


def stored(db: Database, shape: Shape, row: Sequence[Any]) -> list[Any] | None:
    """All columns of the row that has the key of this one."""
    try:
        found: Any = db.one(shape.by_key, [row[place] for place in shape.key])
    except UsageError:  # a number that no row can have
        return None
    return None if found is None else list(found)


def insert(db: Database, rows: Mapping[Shape, Sequence[Sequence[Any]]]) -> bool:
    """Insert rows, with what was left out of them; False, and nothing is done, where a rule of the tables
    forbids one of them: `refusal` tells which."""
    try:
        with db.write():
            for shape in sorted(rows, key=lambda shape: (TABLES.index(shape.table), shape.late)):
                _insert(db, shape, rows[shape])
    except (_DanglingError, UsageError):
        return False
    except Exception as error:
        # As every driver of Python's DB-API calls it.
        if type(error).__name__ != "IntegrityError":
            raise
        return False
    return True


def _insert(db: Database, shape: Shape, rows: Sequence[Sequence[Any]]) -> None:
    if shape.table.name == "messages":
        rows = _with_words(db, shape, rows)
    db.run_many(shape.statement, rows)
    if shape.table.name == "messages":
        search.index_messages(db, (_indexed(row) for row in rows))
    if shape.table.deferred and any(_missing(db, shape, row) for row in rows):
        raise _DanglingError


def _with_words(db: Database, shape: Shape, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Messages with what full-text search finds them by."""
    ticket, body = shape.names.index("ticket_id"), shape.names.index("body")
    ids = list({row[ticket]: None for row in rows})
    words: dict[int, str] = {}
    for start in range(0, len(ids), _MOST_PARAMETERS):
        found = tickets.subjects(db, ids[start : start + _MOST_PARAMETERS])
        words |= {id_: search.searchable(subject) for id_, subject in found.items()}
    return [[*row, words.get(row[ticket], ""), search.searchable(row[body])] for row in rows]


def _indexed(row: Sequence[Any]) -> dict[str, Any]:
    return {"id": row[0], "search_subject": row[-2], "search": row[-1]}


def refusal(db: Database, shape: Shape, row: Sequence[Any]) -> str:
    """Why a row cannot be inserted: `names contacts 7, which is not there`."""
    if any(type(value) is int and not _LEAST <= value <= _MOST for value in row):
        return "holds a number of more than 64 bits"
    lacks = _missing(db, shape, row)
    return f"names {lacks}, which is not there" if lacks else "takes what another row has alone"


def _missing(db: Database, shape: Shape, row: Sequence[Any]) -> str | None:
    for column, value in zip(shape.table.columns, shape.whole(row), strict=True):
        other = BY_NAME.get(column.kind)
        if other is not None and value is not None:
            sql = f"SELECT 1 AS found FROM {other.name} WHERE {other.key[0]} = :id"
            if db.one(sql, {"id": value}) is None:
                return f"{other.name} {value}"
    return None


# Left-out columns that are written all the same.
_MADE = {"messages": ("search_subject", "search")}
