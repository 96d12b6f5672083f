"""`helpdesk calendar`: working-time answers for a shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import Result, Run

from helpdesk_cli.records import RECORDS


@pytest.fixture
def ask(run: Run, database_path: Path) -> Run:
    def call(*args: str) -> Result:
        return run("calendar", *args, "--db", str(database_path), "--now", "2026-03-01T09:00:00Z")

    return call


def test_list_and_show(ask: Run) -> None:
    rows = ask("list", "--json").json
    assert rows
    assert list(rows[0]) == [field.name for field in RECORDS["calendar"].fields]
    name = rows[0]["name"]
    assert ask("show", name, "--json").json == rows[0]
    assert rows[0]["timezone"] in ask("show", name).out
    result = ask("show", "offise")
    assert (result.code, result.out) == (3, "")


def test_due_and_elapsed_answer_with_their_keys(ask: Run) -> None:
    name = ask("list", "-f", "ids").out.splitlines()[0]
    due = ask("due", name, "2026-03-01T09:00:00Z", "4h", "--json").json
    assert list(due) == ["calendar", "start", "duration_seconds", "due_at"]
    assert due["duration_seconds"] == 14400
    elapsed = ask("elapsed", name, "2026-03-01T09:00:00Z", due["due_at"], "--json").json
    assert list(elapsed) == ["calendar", "start", "end", "elapsed_seconds"]
    assert elapsed["elapsed_seconds"] == 14400
    back = ask("elapsed", name, due["due_at"], "2026-03-01T09:00:00Z", "--json", "--explain").json
    assert back["elapsed_seconds"] == -14400 == sum(window["counted_seconds"] for window in back["windows"])


def test_explain_lists_what_was_counted(ask: Run) -> None:
    for name in ask("list", "-f", "ids").out.splitlines():
        answer = ask("due", name, "2026-03-01T09:00:00Z", "80h", "--json", "--explain").json
        assert sum(window["counted_seconds"] for window in answer["windows"]) == 80 * 3600
        assert answer["windows"][-1]["closes_at"] == answer["due_at"]
        page = ask("due", name, "2026-03-01T09:00:00Z", "80h", "--explain").out
        assert "\nwindows\n" in page
        assert page.count("2026-03-") >= len(answer["windows"])


def test_mistakes(ask: Run) -> None:
    name = ask("list", "-f", "ids").out.splitlines()[0]
    assert ask("due", "nowhere", "now", "4h").code == 3
    assert ask("due", name, "31 February", "4h").code == 2
    assert ask("due", name, "now", "1.5h").code == 2
    assert ask("due", name, "now").code == 2
    assert ask("due", name, "--", "-2h", "4h", "--json").code == 2  # options stand before `--`
    assert ask("due", "--json", name, "now", "4h").json["calendar"] == name
