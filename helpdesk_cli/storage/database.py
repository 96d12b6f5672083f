"""What the rest of the program asks of a database, and what a failing one says (storage.md).

Decides the interface that every engine offers, where a database is opened, and the one line with a
hint for each way in which a file, a disk or a lock fails: the wording stands here once for all engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from helpdesk_cli.errors import BusyError, NotFoundError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from helpdesk_cli.domain.search import Term
    from helpdesk_cli.storage.schema import Step

    Params = Mapping[str, Any] | Sequence[Any]

T = TypeVar("T")

# The number of steps in storage/schema.py: known here so that opening a database does not load them.
SCHEMA_VERSION = 4
LOCK_WAIT_SECONDS = 30.0


class Dialect(NamedTuple):
    """What differs between engines in the steps of the schema and in the claim of rows."""

    id: str  # the type of an id that is never reused
    text: str  # the type of a text, compared by code point
    strict: str  # what follows `CREATE TABLE ... ()`
    clustered: str  # the same for a table that is stored in the order of its primary key
    lock: str  # what follows the SELECT that claims rows


class Match(NamedTuple):
    """How an engine finds the messages that have some words."""

    source: str  # what follows FROM: messages as `m`
    tickets: str  # what follows it where their tickets are wanted too, as `t`
    condition: str
    rank: str  # what to order by for the best first
    newest: str  # the same for the message written last, read only as far as it is asked for
    params: Mapping[str, Any]


class Row(Protocol):
    """One row: `row["name"]`, `dict(row)`."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


class FullText(Protocol):
    """The engine's index of the columns `search_subject` and `search` of messages (storage/search.py).

    It follows no change by itself.
    """

    def index_search(self) -> None:
        """Make the index anew, and for the first time, from the columns."""
        ...

    def match(self, terms: Sequence[Term], name: str = "match", *, either: bool = False) -> Match:
        """How to find the messages that have all of the terms, or `either` any; there is one at least. `name`
        begins the names of its parameters."""
        ...

    def add(self, rows: Iterable[Params]) -> None:
        """Index messages: `id`, `search_subject` and `search` as they are stored."""
        ...

    def remove(self, ids: Iterable[int]) -> None:
        """Forget messages, before their columns change."""
        ...

    def words(self) -> Iterator[Row]:
        """All that the index holds, in no order: `doc` (a message's id), `col` (the column), `offset` (the
        number of the word there, from 0), `term` (the word). Inside `read()`."""
        ...

    def purge(self) -> None:
        """Leave no trace of removed words in the index, in many short transactions."""
        ...


class FileFigures(NamedTuple):
    """What an engine says of its file."""

    size: int  # bytes, as the log
    log: int
    pages: int
    free_pages: int  # kept for what comes next: `vacuum` gives them back
    engine: str
    logs: bool  # as it should: else readers and a writer wait for each other


class Upkeep(Protocol):
    """The care of an engine's file. Long work ends at once where an exception such as Ctrl-C ends it."""

    def copy_to(self, path: str, on_done: Callable[[int], None] = ...) -> None:
        """Copy all that is committed into the empty file `path`, as of one moment, while others write;
        `on_done` is told how many more of the pages are copied. Nothing makes sure yet that it is on disk."""
        ...

    def problems(self, *, quick: bool = False) -> Iterator[str]:
        """What the engine itself finds wrong with the file, a line each: nothing where it is sound. `quick`
        does not compare indexes with rows."""
        ...

    def broken_references(self) -> Iterator[str]:
        """Rows that name a row of another table that is not there, a line each."""
        ...

    def vacuum(self) -> FileFigures:
        """Give the free pages back to the file system; the figures then. Writers wait meanwhile; outside a
        transaction."""
        ...

    def stats(self) -> FileFigures:
        """The figures of the file."""
        ...

    def last_ids(self) -> dict[str, int]:
        """The last id that was given in each table that has had rows; none is given again."""
        ...

    def raise_last_ids(self, given: Mapping[str, int]) -> None:
        """Let the next ids be above these; inside `write()`."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Inside, nobody else has the database open or can open it, and all of it is in its one file, which
        may be moved. BusyError where others keep it open."""
        ...


class Database(Protocol):
    """One open database. Parameters are named (`:name`); every change happens inside `write()`."""

    path: str

    @property
    def dialect(self) -> Dialect: ...

    @property
    def full_text(self) -> FullText: ...

    @property
    def upkeep(self) -> Upkeep: ...

    def query(self, sql: str, params: Params = ()) -> Sequence[Row]:
        """All rows of a SELECT, or of a change that ends in RETURNING."""
        ...

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """The rows one by one, in memory that does not grow with their number."""
        ...

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None."""
        ...

    def run(self, sql: str, params: Params = ()) -> int:
        """Run one INSERT, UPDATE or DELETE; the number of rows that it changed."""
        ...

    def run_many(self, sql: str, rows: Iterable[Params]) -> int:
        """Run one change for each row of parameters; the number of rows changed."""
        ...

    def insert(self, sql: str, params: Params = ()) -> int:
        """Run an `INSERT ... RETURNING` of one row; the value that it returns, an id."""
        ...

    def next_id(self, table: str) -> int:
        """An id for a new row that this transaction will insert; none is given twice."""
        ...

    def read(self) -> AbstractContextManager[None]:
        """All that is read inside is of one moment, whoever writes meanwhile; nothing may be written."""
        ...

    def write(self) -> AbstractContextManager[None]:
        """One transaction that takes the write lock before its first read; nested, a savepoint.

        Whatever is raised inside undoes it.
        """
        ...

    def retry(self, work: Callable[[], T]) -> T:
        """Call `work`, outside a transaction again when the lock was not given; so it is idempotent."""
        ...

    def version(self) -> int:
        """The number of schema steps that the database has seen; 0 for one without our tables."""
        ...

    def migrate(self, steps: Sequence[Step]) -> int:
        """Apply the steps that are missing, in one transaction; how many there were."""
        ...

    def changes(self) -> int:
        """A number that a commit of anybody else changes; cheap to ask often."""
        ...

    def gone(self) -> bool:
        """Whether the path leads to another database by now, or to none: this one was moved or deleted."""
        ...

    def empty_log(self) -> bool:
        """Leave nothing that was overwritten or deleted in the engine's own log; False where somebody who
        reads still needs it. Outside a transaction."""
        ...

    def close(self) -> None: ...


def open_database(
    path: str,
    *,
    create: bool = False,
    live: bool = False,
    outdated: bool = False,
    wait: float = LOCK_WAIT_SECONDS,
) -> Database:
    """Open the database at `path`; with `create` a missing or empty one is made, still without tables.
    `live` is for who waits for what others commit: refused where that could not be seen. `outdated` is for
    who does not mind a database of an older version.

    Raises NotFoundError for a missing, empty or table-less file (cli.md "Global options"), BusyError
    when a lock is not given within `wait` seconds, StorageError for every other failure.
    """
    from helpdesk_cli.storage.sqlite import SqliteDatabase

    database = SqliteDatabase(path, create=create, live=live, wait=wait)
    try:
        _check_version(path, database.version(), create=create, outdated=outdated)
    except BaseException:
        database.close()
        raise
    return database


def open_copy(path: str) -> Database:
    """Open a file that nobody writes, such as a backup, of this or an older version: nothing can be written,
    and nothing is made beside it. Errors as `open_database`."""
    from helpdesk_cli.storage.sqlite import SqliteDatabase

    database = SqliteDatabase(path, unchanging=True, wait=LOCK_WAIT_SECONDS)
    try:
        _check_version(path, database.version(), create=False, outdated=True)
    except BaseException:
        database.close()
        raise
    return database


def version_at(path: str, *, wait: float = LOCK_WAIT_SECONDS) -> int:
    """The number of schema steps that the database at `path` has seen; 0 if there is none."""
    from helpdesk_cli.storage.sqlite import SqliteDatabase

    try:
        database = SqliteDatabase(path, wait=wait)
    except NotFoundError:
        return 0
    try:
        return database.version()
    finally:
        database.close()


def _check_version(path: str, version: int, *, create: bool, outdated: bool) -> None:
    if version > SCHEMA_VERSION:
        raise newer(path, version)
    if create:
        return
    if version == 0:
        raise missing(path)
    if version < SCHEMA_VERSION and not outdated:
        raise older(path, version)


def missing(path: str) -> NotFoundError:
    return NotFoundError(
        f"there is no helpdesk database at {path}",
        code="no_database",
        hint="create it with `helpdesk init`, or name another one with --db FILE",
    )


def busy(path: str) -> BusyError:
    return BusyError(
        f"{path} is locked by another program",
        hint="try again; if it stays locked, find the program that holds it (`fuser FILE`) and end it",
    )


def in_use(path: str) -> BusyError:
    return BusyError(
        f"{path} is open in another program",
        code="in_use",
        hint=f"end that program, then try again: `fuser {path}` names it",
    )


def read_only(path: str) -> StorageError:
    return StorageError(
        f"{path} cannot be written: the file, its folder or its file system is read-only",
        code="read_only",
        hint="check the permissions with `ls -ld` on the file and its folder",
    )


def disk_full(path: str) -> StorageError:
    return StorageError(
        f"the disk is full: {path} could not be written",
        code="disk_full",
        hint="make room on the file system (`df -h`) and run the command again",
    )


def failed(path: str, reason: str) -> StorageError:
    return StorageError(
        f"{path} cannot be read or written: {reason}",
        code="io_error",
        hint="check the path, the permissions of the file and its folder, and the health of the disk",
    )


def corrupt(path: str, reason: str) -> StorageError:
    return StorageError(
        f"{path} is damaged: {reason}",
        code="corrupt",
        hint="stop using the file, keep a copy of it and restore the last backup",
    )


def not_ours(path: str, found: str) -> StorageError:
    return StorageError(
        f"{path} is no helpdesk database but {found}",
        code="not_a_database",
        hint="name the right file with --db FILE, or a new one and run `helpdesk init`",
    )


def newer(path: str, version: int) -> StorageError:
    return StorageError(
        f"{path} is of schema version {version}, made by a newer helpdesk; this one knows {SCHEMA_VERSION}",
        code="newer_version",
        hint="upgrade this program: `pip install --upgrade helpdesk-cli`",
    )


def older(path: str, version: int) -> StorageError:
    return StorageError(
        f"{path} is of schema version {version}, this helpdesk needs {SCHEMA_VERSION}",
        code="older_version",
        hint="run `helpdesk db migrate`: it keeps a copy beside it and brings the tables up to date",
    )


def no_full_text(path: str, reason: str) -> StorageError:
    return StorageError(
        f"{path} cannot be searched: Python's SQLite was built without full-text search ({reason})",
        code="no_full_text",
        hint="use a Python whose SQLite has FTS5, as those of python.org and of distributions do",
    )


def replaced(path: str) -> BusyError:
    return BusyError(
        f"{path} was replaced by another file or taken away meanwhile; nothing was written",
        code="replaced",
        hint="run the command again",
    )


def outside_transaction(path: str) -> StorageError:
    return StorageError(
        f"{path} was left unchanged: the transaction had ended before all was written",
        code="no_transaction",
        hint="run the command again; if this repeats, please report it",
    )
