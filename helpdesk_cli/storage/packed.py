"""Attached files inside the one file of a backup: a table that no database in use has.

A file is kept in pieces, so that neither writing nor reading one takes more memory than a piece.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from helpdesk_cli.storage.sqlite import known_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.storage.database import Database

TABLE = "packed_files"
_CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
  sha256 TEXT NOT NULL,
  piece INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (sha256, piece)
) STRICT
"""


@contextmanager
def packing(path: str) -> Iterator[Callable[[str, Iterable[bytes]], None]]:
    """Give what puts a file into the copy of a database at `path`, which nobody else has open; whatever its
    pieces raise, nothing of it is there. Nothing makes sure yet that it is on disk."""
    conn = sqlite3.connect(path, isolation_level=None)

    def pack(sha256: str, pieces: Iterable[bytes]) -> None:
        conn.execute("BEGIN")
        try:
            # The last piece is empty, and so is the only one of an empty file.
            for number, piece in enumerate(chain(pieces, [b""])):
                conn.execute(f"INSERT INTO {TABLE} VALUES (?, ?, ?)", (sha256, number, piece))
            conn.execute("COMMIT")
        except BaseException:
            conn.execute("ROLLBACK")
            raise

    try:
        # A log would write everything twice.
        for setting in ("journal_mode = MEMORY", "synchronous = OFF"):
            conn.execute(f"PRAGMA {setting}").fetchall()
        conn.execute(_CREATE)
        yield pack
        conn.execute("PRAGMA journal_mode = WAL").fetchall()
    except sqlite3.Error as error:
        raise known_error(error, path) or error from error
    finally:
        conn.close()


def has(db: Database, sha256: str) -> bool:
    """Whether the database is a copy that holds this file."""
    if not there(db):
        return False
    sql = f"SELECT piece FROM {TABLE} WHERE sha256 = :sha256 LIMIT 1"
    return db.one(sql, {"sha256": sha256}) is not None


def pieces(db: Database, sha256: str) -> Iterator[bytes]:
    """The pieces of a file in a copy."""
    sql = f"SELECT content FROM {TABLE} WHERE sha256 = :sha256 AND piece = :piece"
    number = 0
    while (row := db.one(sql, {"sha256": sha256, "piece": number})) is not None:
        yield row["content"]
        number += 1


def drop(db: Database) -> None:
    """Take the files out of a copy that becomes a database in use, and give their room back."""
    if there(db):
        with db.write():
            db.run(f"DROP TABLE {TABLE}")
        db.upkeep.vacuum()


def there(db: Database) -> bool:
    """Whether the database is a copy that holds files."""
    found = db.one("SELECT name FROM sqlite_master WHERE type = 'table' AND name = :name", {"name": TABLE})
    return found is not None
