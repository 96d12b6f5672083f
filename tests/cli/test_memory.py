"""Lists and threads are printed as they are read: the memory does not grow with their length."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contracts import NOW, stock

MIB = 1024 * 1024
MOST = 60 * MIB  # quality.md: list, show
GROWTH = 8 * MIB  # for the cache of SQLite and pages of rows; all of the rows would take more
TICKETS, OTHERS, MESSAGES = 3_000, 20_000, 20_000
# The peak of the process's own memory; what a child inherits from the one that started it is not in it.
SCRIPT = """
import sys
from helpdesk_cli.cli.root import run
code = run(sys.argv[1:])
with open("/proc/self/status") as file:
    peak = next(line for line in file if line.startswith("VmHWM:"))
print(code, int(peak.split()[1]) * 1024, file=sys.stderr)
"""
Row = dict[str, Any]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stock(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def large(small: Path) -> Path:
    """The same with thousands of tickets, people, notices, runs, and of messages and events of ticket 1."""
    path = Path(shutil.copy(small, small.with_name("large.db")))
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = OFF")
    ticket = {"id": lambda n: 10 + n, "idempotency_key": lambda _: None}
    copy(db, "tickets", "id = 1", TICKETS, ticket)
    for table in ("clocks", "notices", "events"):
        copy(db, table, "ticket_id = 1", TICKETS, {"ticket_id": lambda n: 10 + n})
    copy(db, "messages", "id = 1", MESSAGES, {"body": lambda n: f"{n} " + "No light " * 20})
    copy(db, "events", "ticket_id = 1 AND type = 'message'", MESSAGES, {"n": lambda n: 1000 + n})
    copy(db, "runs", "1 = 1", OTHERS, {})
    for table, unique in (("contacts", "email"), ("agents", "login"), ("teams", "name"), ("orgs", "name")):
        names: dict[str, Callable[[int], Any]] = {
            unique: lambda n: f"name {n}", f"{unique}_key": lambda n: f"name {n}",
        }  # fmt: skip
        if table == "agents":
            names["email_key"] = names["login"]
        copy(db, table, "id = 1", OTHERS, names)
    db.commit()
    db.close()
    return path


def copy(db: sqlite3.Connection, table: str, where: str, count: int, change: Any) -> None:
    """Repeat rows of a table, with a new id and as `change` says: a column to a function of a number."""
    columns = [row["name"] for row in db.execute(f"PRAGMA table_xinfo({table})") if not row["hidden"]]
    rows = [dict(zip(columns, row, strict=True)) for row in
            db.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")]  # fmt: skip
    assert rows, table
    own = {name: (lambda _: None) for name in ("id", "seq") if name in columns}

    def copies() -> Iterator[tuple[Any, ...]]:
        for number in range(1, count + 1):
            values = {name: make(number) for name, make in {**own, **change}.items()}
            yield from (tuple({**row, **values}.values()) for row in rows)

    marks = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", copies())


def peak(path: Path, words: str, form: str) -> tuple[int, int]:
    """(the peak of memory in bytes, the bytes that the command printed)."""
    env = {"PATH": os.environ["PATH"], "HOME": str(path.parent), "PYTHONPATH": os.pathsep.join(sys.path)}
    argv = ["--db", str(path), "--now", NOW, *words.split(), "-f", form]
    done = subprocess.run([sys.executable, "-c", SCRIPT, *argv], capture_output=True, env=env, check=True)
    code, memory = map(int, done.stderr.split()[-2:])
    assert code == 0, done.stderr
    return memory, len(done.stdout)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="asks Linux for the peak of memory")
@pytest.mark.parametrize(
    ("words", "form"),
    [
        *(("ticket list --status all", form) for form in ("json", "jsonl", "csv", "ids", "markdown")),
        ("ticket list --status all --limit 0", "table"),
        ("ticket list --status all --sort -updated_at", "json"),
        *(("ticket show 1 --events", form) for form in ("json", "jsonl", "csv")),
        ("ticket show 1", "table"),
        ("ticket log 1", "jsonl"),
        ("event list", "jsonl"),
        ("event list --sort -at", "csv"),
        ("notice list --sort text", "json"),
        ("run list", "jsonl"),
        ("contact list --sort name", "json"),
        ("org list", "csv"),
        ("agent list --sort team", "json"),
        ("team list", "csv"),
        ("export", "jsonl"),
        *((f"export {name}", "csv") for name in ("ticket", "message", "clock", "event", "contact")),
    ],
)
def test_memory_does_not_grow_with_the_rows(small: Path, large: Path, words: str, form: str) -> None:
    few, printed_of_few = peak(small, words, form)
    many, printed_of_many = peak(large, words, form)
    assert printed_of_many > 20 * printed_of_few
    assert many < MOST
    assert many - few < GROWTH, f"{(many - few) / MIB:.1f} MiB more"


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="asks Linux for the peak of memory")
def test_memory_does_not_grow_with_what_is_imported(small: Path, tmp_path: Path) -> None:
    """A ticket with thousands of messages, which go in with it or not at all."""
    path, new = tmp_path / "large.jsonl", tmp_path / "new.db"
    first, *lines = (small.parent / "export.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    header = json.loads(first)
    header["rows"]["messages"] += 10_000
    header["last_ids"]["messages"] += 10_000
    place = next(n for n, line in enumerate(lines) if line.startswith('{"table":"messages"')) + 1
    message = {**json.loads(lines[place - 1]), "body": "No light " * 100}
    with path.open("w", encoding="utf-8") as file:
        file.writelines([json.dumps(header) + "\n", *lines[:place]])
        for number in range(10_000):
            file.write(json.dumps({**message, "id": header["last_ids"]["messages"] - number}) + "\n")
        file.writelines(lines[place:])
    for _ in ("into nothing", "again"):
        memory, _ = peak(new, f"import {path}", "json")
        assert memory < 75 * MIB  # quality.md says 100
    assert os.path.getsize(new) > 10 * MIB
