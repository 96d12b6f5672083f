"""The same work by short scripts on the same tables: the limits of loading, of an export and of the sweep."""

from __future__ import annotations

import json
import sqlite3
import time
from itertools import islice

from helpdesk_cli.storage.tables import TABLES

_TICKET = """
INSERT INTO tickets (version, subject, status, priority, rank, plan, channel, tags, requester_id, created_at,
  updated_at, reopened_count, time_spent_seconds, breached, sort_due, policy_version, on_behalf, fold)
VALUES (1, :subject, 'open', :priority, 1, 'basic', 'cli', '[]', 1, :at, :at, 0, 0, 0, :at, 1, 0, '{}')
"""
_MESSAGE = """
INSERT INTO messages (ticket_id, at, contact_id, public, channel, body, cc, search_subject, search)
VALUES (:id, :at, 1, 1, 'cli', :body, '[]', :subject, :body)
"""
_INDEX = "INSERT INTO messages_fts (rowid, search_subject, search) VALUES (:id, :subject, :body)"
_DUE = """
SELECT t.id, t.act_at, c.name, c.instance, c.late_at, c.target_seconds,
  (SELECT max(n) FROM events WHERE ticket_id = t.id) AS n
FROM (
  SELECT id, act_at FROM tickets WHERE act_at IS NOT NULL AND act_at <= :now ORDER BY act_at, id LIMIT 100
) t
JOIN clocks c ON c.ticket_id = t.id AND c.state = 'running'
"""
_EVENT = """
INSERT INTO events (ticket_id, n, type, at, recorded_at, actor, clock, instance, data)
VALUES (:id, :n, :type, :at, :now, 'sweep', :name, :instance, :data)
"""


def _connected(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def load(path: str, lines: str, at: str) -> float:
    """Insert the tickets in a file of JSON lines, each with its message, as those of contact 1 and with
    full-text search, 1,000 a transaction; CPU seconds. The tables have all their indexes."""
    db = _connected(path)
    begun = time.process_time()
    with open(lines, "rb") as file:
        numbered = enumerate(map(json.loads, file), 1)
        while batch := [{**row, "id": number, "at": at} for number, row in islice(numbered, 1000)]:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_TICKET, batch)
            db.executemany(_MESSAGE, batch)
            db.executemany(_INDEX, batch)
            db.execute("COMMIT")
    spent = time.process_time() - begun
    db.close()
    return spent


def export(path: str, file: str) -> float:
    """Write every row of every table as a line of JSON; CPU seconds."""
    db = _connected(path)
    begun = time.process_time()
    with open(file, "w", encoding="utf-8") as out:
        for table in TABLES:
            rows = db.execute(f"SELECT * FROM {table.name}")
            out.writelines(json.dumps({"table": table.name, **dict(row)}) + "\n" for row in rows)
    spent = time.process_time() - begun
    db.close()
    return spent


def sweep(path: str, now: str) -> float:
    """Flag every clock that is due, a warning and a breach each, 100 tickets a transaction; CPU seconds."""
    db = _connected(path)
    begun = time.process_time()
    while True:
        db.execute("BEGIN IMMEDIATE")
        rows = [dict(row, now=now) for row in db.execute(_DUE, {"now": now})]
        if not rows:
            break
        events, last = [], {row["id"]: row["n"] for row in rows}
        for row in rows:
            for kind, at in (("clock_warned", row["act_at"]), ("clock_breached", row["late_at"])):
                last[row["id"]] += 1
                data = json.dumps({"breached_at": at, "target_seconds": row["target_seconds"]})
                events.append({**row, "n": last[row["id"]], "type": kind, "at": at, "data": data})
        db.executemany(
            "UPDATE tickets SET breached = 1, act_at = NULL, fold = '{\"n\":9}' WHERE id = :id", rows
        )
        db.executemany(
            "UPDATE clocks SET state = 'breached', breached_at = :late_at, noticed_at = :now,"
            " warned_at = :act_at, warn_at = NULL, late_at = NULL"
            " WHERE ticket_id = :id AND name = :name AND instance = :instance",
            rows,
        )
        db.executemany(_EVENT, events)
        db.execute("COMMIT")
    db.execute("COMMIT")
    spent = time.process_time() - begun
    db.close()
    return spent
