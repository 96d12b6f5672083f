"""Imports and exports beside other processes, and those that are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk_cli.services import export
from helpdesk_cli.services.app import App
from tests.exports import exported, imported, problems, rows

IMPORT = """
import os, signal, sys
from helpdesk_cli.services import export_file, importing
from helpdesk_cli.services.app import App
path, file, batches = sys.argv[1:]
export_file.LINES = 10
left = int(batches)
def on_done(n):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
app = App(path)
sys.stdin.readline()
with open(file, "rb") as lines, importing.opened(app, lines) as export:
    done = importing.load(app, export, print, on_done)
app.close()
print(done["imported"], done["unchanged"], done["failed"])
"""
WRITER = """
import sys
from helpdesk_cli.services import tickets
from helpdesk_cli.services.app import App
n = 0
while True:
    app = App(sys.argv[1])
    tickets.create(app, subject=f"ticket {n}", sender=f"a{n % 5}@b.example", body="x" * 2000)
    app.close()
    n += 1
    print(n, flush=True)
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", program, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def file(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "export.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("batches", [1, 2, 5, 12])
def test_an_import_that_was_killed_left_nothing(text: str, file: Path, new: Path, batches: int) -> None:
    process = started(IMPORT, new, file, batches)
    _, said = process.communicate("go\n", timeout=60)
    assert process.returncode == -signal.SIGKILL, said
    app = App(str(new))
    assert not app.database_exists()
    app.close()
    done = imported(new, text)
    assert (done["created"], done["imported"]) == (True, text.count("\n") - 1)
    assert (exported(new), problems(new)) == (text, [])


def test_two_imports_at_once_make_one_database(six_tickets: Path, text: str, file: Path, new: Path) -> None:
    processes = [started(IMPORT, new, file, 10_000) for _ in range(3)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=60) for process in processes]
    assert [said for _, said in ends] == [""] * 3
    lines = text.count("\n") - 1
    counts = sorted(tuple(map(int, out.split())) for out, _ in ends)
    assert counts == [(0, lines, 0), (0, lines, 0), (lines, 0, 0)]
    assert (rows(new), problems(new)) == (rows(six_tickets), [])


def test_an_export_is_of_one_moment_while_others_write(database_path: Path, tmp_path: Path) -> None:
    writer = started(WRITER, database_path)
    try:
        assert writer.stdout
        writer.stdout.readline()
        app = App(str(database_path))
        with export.everything(app) as (count, lines):
            text = ""
            for number, line in enumerate(lines):
                text += line
                if number in (0, 4, count - 2):
                    for _ in range(3):
                        writer.stdout.readline()
            assert number == count - 1
        app.close()
        last = int(writer.stdout.readline())
    finally:
        writer.kill()
        writer.communicate()
    new = tmp_path / "new.db"
    imported(new, text)
    assert problems(new) == []
    assert exported(new) == text
    assert len(rows(new)["tickets"]) == json.loads(text.split("\n", 1)[0])["rows"]["tickets"] < last - 8
