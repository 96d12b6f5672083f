"""The tools of the fault tests find what is wrong where something is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.durable import unsynced
from tests.faults.jobs import JOBS, Job
from tests.faults.program import Done, call, unlike_an_error, untidy
from tests.faults.tracing import Point

CREATE, LINES = (next(job for job in JOBS if job.name == name) for name in ("create", "create --jsonl"))
WRITE, SYNC = Point("pwrite64", 1, "4</desk.db-wal>, ..."), Point("fdatasync", 1, "4</desk.db-wal>) = 0")
NAMED, FOLDER = Point("rename", 1, '"/.part", "/new") = 0'), Point("fsync", 1, "5<>) = 0")
PART, WHOLE = Point("write", 2, '5</.part>, "x", 1) = 1'), Point("fsync", 2, "5</.part>) = 0")
ANSWER = Point("write", 1, '1<pipe:[1]>, "{"')


def damaged(job: Job, folder: Path, sql: str) -> list[str]:
    """What is found after a job that was done, of which something was then taken away."""
    job.begin(folder)
    done = call(job.argv(folder), folder)
    with closing(sqlite3.connect(folder / "desk.db")) as db, db:
        db.execute(sql)
    return job.broken(folder, done)


def test_half_a_change_and_what_was_acknowledged_and_is_gone(tmp_path: Path) -> None:
    found = damaged(CREATE, tmp_path / "desk", "DELETE FROM clocks WHERE ticket_id = 13")
    assert "the change is there in part" in found
    assert "acknowledged, and not all is there" in found
    assert any(line.startswith("db check: ") for line in found)
    assert "in the end tickets 13 is neither as before nor as after" in found


def test_a_line_that_was_acknowledged_and_is_gone(tmp_path: Path) -> None:
    LINES.begin(tmp_path / "desk")
    found = LINES.broken(tmp_path / "desk", Done(-9, '{"line": 1, "id": 13}\n{"line": 2, "i', ""))
    assert found == ["ticket 13 acknowledged and lost"]


def test_an_answer_before_the_disk_has_it() -> None:
    assert unsynced([WRITE, SYNC, ANSWER, WRITE]) == []
    assert unsynced([ANSWER]) == []
    assert unsynced([WRITE, SYNC]) == ["it printed no answer"]
    for points in ([WRITE, ANSWER, SYNC], [SYNC, WRITE, ANSWER]):
        assert unsynced(points)[0] == "/desk.db-wal was not synced before the answer"


def test_a_name_before_the_disk_has_what_it_names() -> None:
    assert unsynced([PART, WHOLE, NAMED, FOLDER, ANSWER]) == []
    assert unsynced([PART, NAMED, WHOLE, FOLDER, ANSWER]) == ["/.part was not synced before it became /new"]
    assert unsynced([PART, WHOLE, NAMED, ANSWER]) == ["the folder was not synced before the answer"]


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("Error: the disk is full\nHint: make room\n", True),
        ("HD-1 was closed\nError: it failed\n", True),
        ('{"error": {"code": "x"}}\n', True),
        ("", False),
        ("Error: a\nError: b\n", False),
        ("Error: a\nand more\n", False),
    ],
)
def test_what_an_error_looks_like(said: str, fits: bool) -> None:
    assert (unlike_an_error(Done(1, "", said)) == []) == fits


def test_what_is_never_tidy() -> None:
    assert untidy(Done(1, "", "Error: a\n")) == []
    assert untidy(Done(1, "", "Traceback (most recent call last):\n")) != []
    assert untidy(Done(-11, "", "")) != []
