"""The care of an SQLite file: copied while others write, checked, packed, held alone (storage.md).

Decides how a copy is of one moment, how it leaves the disk to writers meanwhile, and how one long call of
SQLite ends at once on Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from helpdesk_cli.errors import BusyError, NotFoundError, StorageError
from helpdesk_cli.storage import database
from helpdesk_cli.storage.database import FileFigures
from helpdesk_cli.storage.sqlite import SqliteDatabase, known_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PAGES = 1000  # a step of a copy: 4 MB
# Steps between two syncs. Left to the end, writing gigabytes at once would let a writer's own sync wait long.
_STEPS_A_SYNC = 4
_PAUSE = 0.01


class Upkeep:
    """The care of one open database, whose connection is `conn`."""

    def __init__(self, db: SqliteDatabase, conn: sqlite3.Connection) -> None:
        self._db = db
        self._conn = conn

    def copy_to(self, path: str, on_done: Callable[[int], None] = lambda _pages: None) -> None:
        left = [self._pragma("page_count")]
        steps = [0]
        handle = os.open(path, os.O_RDWR)

        def step(_status: int, remaining: int, _total: int) -> None:
            on_done(left[0] - remaining)
            left[0] = remaining
            steps[0] += 1
            if steps[0] % _STEPS_A_SYNC == 0:
                os.fsync(handle)

        target = sqlite3.connect(path, isolation_level=None)
        try:
            # Nobody relies on the file yet: it needs neither a journal nor syncs of SQLite's.
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            # Whatever others commit, a reading goes on with what it saw first. Without one the copy would
            # begin anew at each of their commits, and on a busy database never end.
            with self._db.read():
                self._pragma("schema_version")
                self._conn.backup(target, pages=_PAGES, progress=step)
        except sqlite3.Error as error:
            raise known_error(error, path if _of_target(error) else self._db.path) or error from error
        finally:
            target.close()
            os.close(handle)

    def problems(self, *, quick: bool = False) -> Iterator[str]:
        name = "quick_check" if quick else "integrity_check"
        for row in self._patiently(lambda: self._db.query(f"PRAGMA {name}")):
            if row[0] != "ok":
                yield row[0]

    def broken_references(self) -> Iterator[str]:
        for row in self._patiently(lambda: self._db.query("PRAGMA foreign_key_check")):
            which = "a row" if row["rowid"] is None else f"row {row['rowid']}"
            yield f"{which} of {row['table']} names a row of {row['parent']} that is not there"

    def vacuum(self) -> FileFigures:
        self._patiently(lambda: self._db.query("VACUUM"))
        # SQLite has written the whole of it into the log.
        self._db.empty_log()
        return self.stats()

    def stats(self) -> FileFigures:
        return FileFigures(
            size=_size(self._db.path),
            log=_size(self._db.path + "-wal"),
            pages=self._pragma("page_count"),
            free_pages=self._pragma("freelist_count"),
            engine=f"SQLite {sqlite3.sqlite_version}",
            logs=self._pragma("journal_mode") == "wal",
        )

    def last_ids(self) -> dict[str, int]:
        rows = self._db.query("SELECT name, max(seq) AS seq FROM sqlite_sequence GROUP BY name")
        return {row["name"]: row["seq"] for row in rows}

    def raise_last_ids(self, given: Mapping[str, int]) -> None:
        known = self.last_ids()
        rows = [{"name": name, "seq": max(last, known.get(name, 0))} for name, last in given.items()]
        # SQLite keeps these numbers in a table that has no key.
        self._db.run_many("DELETE FROM sqlite_sequence WHERE name = :name", rows)
        self._db.run_many("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", rows)

    @contextmanager
    def alone(self) -> Iterator[None]:
        try:
            self._take_all()
            yield
        finally:
            # Where the file was moved meanwhile, a log beside its old name would be another database's.
            if not self._db.gone():
                with suppress(sqlite3.Error):
                    self._conn.execute("PRAGMA locking_mode = NORMAL")
                    self._conn.execute("PRAGMA journal_mode = WAL")
                    self._conn.execute("PRAGMA user_version").fetchall()  # gives the lock back

    def _take_all(self) -> None:
        """Leave the mode with a log, which SQLite does only for the last who has the database open, and keep
        the lock that it takes for that. It is refused at once, so the waiting is done here."""
        tries_left = int(self._db.wait / _PAUSE)
        self._pragma("locking_mode = EXCLUSIVE")
        while self._keeps_log():
            tries_left -= 1
            if tries_left < 0:
                raise database.in_use(self._db.path)
            time.sleep(_PAUSE)
        # Where there was no log, nothing is locked yet.
        self._db.query("BEGIN EXCLUSIVE")
        self._db.query("COMMIT")

    def _keeps_log(self) -> bool:
        """Ask once to leave the mode with a log; whether that was refused because others are there."""
        try:
            self._conn.execute("PRAGMA journal_mode = DELETE").fetchall()
        except sqlite3.Error as error:
            known = known_error(error, self._db.path)
            if isinstance(known, BusyError):
                return True
            raise known or error from error
        return False

    def _pragma(self, name: str) -> Any:
        rows = self._db.query(f"PRAGMA {name}")
        return rows[0][0] if rows else None

    def _patiently(self, work: Callable[[], list[sqlite3.Row]]) -> list[sqlite3.Row]:
        """Do what is one call that may take minutes. Signals are heard by Python's main thread alone, between
        calls, so another one makes the call and is told to stop."""
        rows: list[sqlite3.Row] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                rows.extend(work())
            except BaseException as error:  # noqa: BLE001 - raised below
                failures.append(error)

        thread = Thread(target=run)
        thread.start()
        try:
            thread.join()
        except BaseException:
            self._db.give_up()
            self._conn.interrupt()
            thread.join()
            raise
        if failures:
            raise failures[0]
        return rows


@contextmanager
def held(path: str, wait: float) -> Iterator[bool]:
    """Inside, nobody else has the database at `path` open or can open it, and all of it is in that one file,
    which may be moved. Gives whether that is so: not of a file that SQLite cannot read. BusyError where
    others keep it open for `wait` seconds."""
    with ExitStack() as stack:
        try:
            found = SqliteDatabase(path, wait=wait)
            stack.callback(found.close)
            stack.enter_context(found.upkeep.alone())
            readable = True
        except (NotFoundError, StorageError):
            readable = False
        yield readable


def _of_target(error: sqlite3.Error) -> bool:
    """Whether writing the copy failed, not reading the database."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY)


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0
