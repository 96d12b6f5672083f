"""The SQLite engine: one connection, its settings and transactions (storage.md "What SQLite must be told").

sqlite_utils is loaded only by `migrate`: importing it costs more than click and sqlite3 together.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from helpdesk_cli.errors import HelpdeskError, UsageError
from helpdesk_cli.storage import database
from helpdesk_cli.storage.database import Dialect
from helpdesk_cli.storage.file import check_file, has_log, identity, make_file, quoted, without_room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from helpdesk_cli.storage.database import FullText, Params, Upkeep
    from helpdesk_cli.storage.schema import Step

T = TypeVar("T")

DIALECT = Dialect(
    id="INTEGER PRIMARY KEY AUTOINCREMENT",
    text="TEXT",
    strict="STRICT",
    clustered="STRICT, WITHOUT ROWID",
    lock="",
)
# "HDSK": tells `file` and us that this SQLite file belongs to helpdesk.
APPLICATION_ID = 0x4844534B
_OLDEST_SQLITE = (3, 39, 0)  # STRICT tables, RETURNING, ->> and IS DISTINCT FROM
_STREAM_ROWS = 500
_UNCHANGING = "mode=ro&immutable=1"
_WAL_PAUSE = 0.01
# One wait for a lock inside SQLite, which hears no signal: Ctrl-C is heard between two of them.
_SLICE = 0.25
_LETTERS_OF_NAMES = "abcdefghijklmnopqrstuvwxyz_0123456789"
# How long readers may keep the log from being emptied: writers wait meanwhile.
_READERS_WAIT = 2.0
# What a value that no column can hold raises: an integer over 64 bits, text that is not UTF-8.
_UNSTORABLE = (OverflowError, UnicodeEncodeError)


class SqliteDatabase:
    """A `Database` in one SQLite file (`path`, made with mode 0600 where `create` makes it)."""

    dialect = DIALECT

    def __init__(
        self, path: str, *, create: bool = False, live: bool = False, unchanging: bool = False, wait: float
    ) -> None:
        self.path = path
        self.wait = wait
        self._slice = min(wait, _SLICE)
        self._tries = int(wait / _SLICE)
        self._depth = 0
        self._last_ids: dict[str, int] = {}
        if create:
            make_file(path)
        check_file(path)
        self._file = identity(path)
        # With a log beside it even a copy is no single file: SQLite must work that in.
        self._conn = self._connect(_UNCHANGING if unchanging and not has_log(path) else "mode=rw")
        try:
            self._set_up(create=create, live=live)
        except BaseException:
            self._conn.close()
            raise

    def _connect(self, mode: str) -> sqlite3.Connection:
        try:
            conn = sqlite3.connect(
                f"file:{quoted(self.path)}?{mode}",
                uri=True,
                timeout=self._slice,
                isolation_level=None,
                check_same_thread=False,  # one at a time: see `upkeep`
            )
        except sqlite3.Error as error:
            raise self._translated(error) from error
        conn.row_factory = sqlite3.Row
        return conn

    def _set_up(self, *, create: bool, live: bool) -> None:
        try:
            if create:
                self._switch_to_wal()
            try:
                self._settings()
            except sqlite3.OperationalError as error:
                # A reader of a WAL file has to make the -shm file; where it cannot, only an unchanging
                # file may be read, and one with a log of its own would be read without its last changes.
                code = _primary(error)
                unwritable = code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
                if live or not unwritable or has_log(self.path):
                    raise
                self._conn.close()
                self._conn = self._connect(_UNCHANGING)
                self._settings()
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def _settings(self) -> None:
        self._patient("PRAGMA synchronous = FULL")
        self._patient("PRAGMA foreign_keys = ON")
        # Some builds leave what was deleted readable in the file: what is redacted must not be.
        self._patient("PRAGMA secure_delete = ON")
        # Read once, so that a file that cannot be read fails here and not in the first query.
        self._patient("PRAGMA user_version").fetchall()

    def _switch_to_wal(self) -> None:
        """SQLite refuses this switch at once, without the busy handler, while another `init` makes it."""
        self._conn.execute("PRAGMA busy_timeout = 0")
        # Tries are counted, as a test may have stopped the clock.
        tries_left = int(self.wait / _WAL_PAUSE)
        while True:
            try:
                self._conn.execute("PRAGMA journal_mode = WAL").fetchall()
                break
            except sqlite3.OperationalError as error:
                tries_left -= 1
                if _primary(error) != sqlite3.SQLITE_BUSY or tries_left < 0:
                    raise
                time.sleep(_WAL_PAUSE)
        self._conn.execute(f"PRAGMA busy_timeout = {int(self._slice * 1000)}")

    def version(self) -> int:
        """The number of schema steps applied; StorageError where the tables are another program's."""
        with self.read():  # of one moment: another `init` may be making our tables just now
            found: int = self._execute("PRAGMA user_version").fetchone()[0]
            owner: int = self._execute("PRAGMA application_id").fetchone()[0]
            if owner == APPLICATION_ID:
                return found
            if owner or self.one("SELECT name FROM sqlite_master LIMIT 1"):
                raise database.not_ours(self.path, "an SQLite file of another program")
            return 0

    def query(self, sql: str, params: Params = ()) -> list[sqlite3.Row]:
        try:
            return self._patient(sql, params).fetchall()
        except (sqlite3.Error, *_UNSTORABLE) as error:
            self._fail(error)

    def stream(self, sql: str, params: Params = ()) -> Iterator[sqlite3.Row]:
        try:
            cursor = self._patient(sql, params)
            while rows := cursor.fetchmany(_STREAM_ROWS):
                yield from rows
        except (sqlite3.Error, *_UNSTORABLE) as error:
            self._fail(error)

    def one(self, sql: str, params: Params = ()) -> sqlite3.Row | None:
        try:
            row: sqlite3.Row | None = self._patient(sql, params).fetchone()
        except (sqlite3.Error, *_UNSTORABLE) as error:
            self._fail(error)
        return row

    def run(self, sql: str, params: Params = ()) -> int:
        self._require_transaction()
        return self._execute(sql, params).rowcount

    def run_many(self, sql: str, rows: Iterable[Params]) -> int:
        self._require_transaction()
        numbered, values_of = _numbered(sql)
        try:
            return self._conn.executemany(numbered, map(values_of, rows)).rowcount
        except (sqlite3.Error, *_UNSTORABLE) as error:
            self._fail(error)

    def insert(self, sql: str, params: Params = ()) -> int:
        self._require_transaction()
        rows = self.query(sql, params)
        value: int = rows[0][0]
        return value

    def next_id(self, table: str) -> int:
        self._require_transaction()
        last = self._last_ids.get(table)
        if last is None:
            row = self.one("SELECT seq FROM sqlite_sequence WHERE name = :table", {"table": table})
            last = 0 if row is None else row["seq"]
        self._last_ids[table] = last + 1
        return last + 1

    @contextmanager
    def read(self) -> Iterator[None]:
        if self._conn.in_transaction:
            yield
            return
        self._execute("BEGIN")
        try:
            yield
        finally:
            self._undo(0)

    @contextmanager
    def write(self) -> Iterator[None]:
        depth = self._depth
        self._execute(f"SAVEPOINT level{depth}" if depth else "BEGIN IMMEDIATE")
        self._depth = depth + 1
        try:
            # Who waited for the lock while the database was restored would write into the old file.
            if not depth and self.gone():
                raise database.replaced(self.path)  # noqa: TRY301 - undone as anything else
            yield
            self._require_transaction()
            self._execute(f"RELEASE level{depth}" if depth else "COMMIT")
        except BaseException:
            self._undo(depth)
            raise
        finally:
            self._depth = depth
            if not depth:
                self._last_ids.clear()

    def _undo(self, depth: int) -> None:
        try:
            # After a full disk the engine may have ended the whole transaction by itself, savepoints too.
            if not self._conn.in_transaction:
                return
            if depth:
                self._conn.execute(f"ROLLBACK TO level{depth}")
                self._conn.execute(f"RELEASE level{depth}")
            else:
                self._conn.execute("ROLLBACK")
        except sqlite3.Error:
            # What failed first is what the user must hear of; closing the connection undoes the rest, and has
            # done so where a list that was left half-read ends after it.
            return

    def retry(self, work: Callable[[], T]) -> T:
        # BEGIN IMMEDIATE has waited for the lock as long as we are willing to, so there is no second try.
        return work()

    def migrate(self, steps: Sequence[Step]) -> int:
        with self.write():
            applied = self.version()
            if applied < len(steps):
                self._apply(steps)
                self._execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._execute(f"PRAGMA user_version = {len(steps)}")
            return len(steps) - applied

    def _apply(self, steps: Sequence[Step]) -> None:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise database.failed(self.path, f"Python's SQLite is {sqlite3.sqlite_version}, 3.39 is needed")
        from sqlite_utils import Database, Migrations

        migrations = Migrations("helpdesk")
        for step in steps:
            migrations(name=step.name)(self._runner(step))
        try:
            # Inside our transaction each step is a savepoint; recursive triggers would outlive the call.
            wrapped = Database(self._conn, execute_plugins=False, recursive_triggers=False)
            migrations.apply(wrapped)
        except sqlite3.Error as error:
            self._fail(error)

    def _runner(self, step: Step) -> Callable[[object], None]:
        def run_step(_: object) -> None:
            for statement in step.statements(DIALECT):
                self._execute(statement)
            if step.then is not None:
                step.then(self)

        return run_step

    @property
    def full_text(self) -> FullText:
        from helpdesk_cli.storage import fts5

        return fts5.FullText(self)

    @property
    def upkeep(self) -> Upkeep:
        from helpdesk_cli.storage import upkeep

        return upkeep.Upkeep(self, self._conn)

    def changes(self) -> int:
        number: int = self._execute("PRAGMA data_version").fetchone()[0]
        return number

    def gone(self) -> bool:
        return identity(self.path) != self._file

    def empty_log(self) -> bool:
        self._execute(f"PRAGMA busy_timeout = {int(min(self.wait, _READERS_WAIT) * 1000)}")
        try:
            busy: int = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            self._fail(error)
        finally:
            self._execute(f"PRAGMA busy_timeout = {int(self._slice * 1000)}")
        return not busy

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._conn.close()

    def give_up(self) -> None:
        """Wait for no lock any more, in a call that another thread makes, too."""
        self._tries = 0

    def _execute(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        try:
            return self._patient(sql, params)
        except (sqlite3.Error, *_UNSTORABLE) as error:
            self._fail(error)

    def _patient(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        """Execute, and wait for a lock as long as we are willing to; SQLite's own errors."""
        # Tries are counted, as a test may have stopped the clock.
        tried = 0
        while True:
            try:
                return self._conn.execute(sql, params)
            except sqlite3.OperationalError as error:
                tried += 1
                if tried >= self._tries or _primary(error) != sqlite3.SQLITE_BUSY:
                    raise

    def _require_transaction(self) -> None:
        if not self._conn.in_transaction:
            raise database.outside_transaction(self.path)

    def _fail(self, error: Exception) -> NoReturn:
        raise self._translated(error) from error

    def _translated(self, error: Exception) -> Exception:
        """The error for the user; our own mistakes (bad SQL, a broken constraint) stay as they are."""
        if isinstance(error, UnicodeEncodeError):
            return UsageError("a text is not valid UTF-8", code="bad_text", hint="pass it encoded as UTF-8")
        if isinstance(error, OverflowError):
            return UsageError("a number is too large", code="bad_number", hint="use one below 2^63")
        if "no such module" in str(error):
            return database.no_full_text(self.path, str(error))
        return known_error(error, self.path) or error


@lru_cache(maxsize=128)
def _numbered(sql: str) -> tuple[str, Callable[[Any], tuple[Any, ...]]]:
    """A statement with `?1`, `?2`, ... for its names, and what takes their values from a row: to look up each
    name for each row takes as long as to write it. No statement has a letter after a colon in a literal."""
    numbered, *parts = sql.split(":")
    numbers: dict[str, int] = {}
    for part in parts:
        rest = part.lstrip(_LETTERS_OF_NAMES)
        name = part[: len(part) - len(rest)]
        is_name = name[:1].isalpha()
        numbered += f"?{numbers.setdefault(name, len(numbers) + 1)}{rest}" if is_name else f":{part}"
    if len(numbers) > 1:
        return numbered, itemgetter(*numbers)
    return numbered, lambda row: tuple(row[name] for name in numbers) if numbers else row


def known_error(error: Exception, path: str) -> HelpdeskError | None:
    """What to say of a failure of the engine's; None for what is our own mistake."""
    code = _primary(error)
    # SQLITE_PROTOCOL: so many at once that the log's own locks were not given.
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return database.busy(path)
    if code == sqlite3.SQLITE_FULL:
        return database.disk_full(path)
    if code == sqlite3.SQLITE_READONLY:
        return database.read_only(path)
    if code == sqlite3.SQLITE_NOTADB:
        return database.not_ours(path, "a file of another kind")
    if code == sqlite3.SQLITE_CORRUPT or (not code and "decode to UTF-8" in str(error)):
        return database.corrupt(path, str(error))
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        if without_room(path):
            return database.disk_full(path)
        return database.failed(path, str(error))
    return None


def _primary(error: Exception) -> int:
    """The result code without the extension that details it."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF
