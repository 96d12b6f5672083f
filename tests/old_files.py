"""Databases as programs of older versions left them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from helpdesk_cli.storage.database import open_database
from helpdesk_cli.storage.schema import STEPS

VERSIONS = tuple(range(1, len(STEPS)))  # all but today's
_DUMP = Path(__file__).parent / "storage" / "version_1.sql"


def make_old(path: Path, version: int) -> Path:
    """Make a database of a schema version: with a policy, people and tickets, as its program wrote them."""
    with sqlite3.connect(path) as conn:
        conn.executescript(_DUMP.read_text(encoding="utf-8"))
        conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    path.chmod(0o600)
    database = open_database(str(path), create=True)
    database.migrate(STEPS[:version])
    database.close()
    return path
