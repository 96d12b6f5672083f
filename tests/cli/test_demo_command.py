"""`helpdesk demo` at the shell: its page, its record, what it refuses, what it says to try next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from console import Run

from helpdesk_cli.records import RECORDS

NOW = "2026-03-31T09:17:00Z"


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "demo.db")


def test_the_page_tells_what_was_made_what_is_urgent_and_what_to_try(run: Run, db: str) -> None:
    done = run("--db", db, "--now", NOW, "demo", "--tickets", "30")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{db}: a month of a helpdesk, from 2026-03-01 to 2026-03-31.\n30 tickets")
    rows = [line for line in done.out.splitlines() if line.startswith("HD-")]
    assert len(rows) == 5
    assert "overdue" in rows[0]


def test_what_it_says_to_try_works(run: Run, db: str) -> None:
    made = run("--db", db, "--now", NOW, "demo", "--tickets", "30", "--json").json
    assert list(made) == [field.name for field in RECORDS["demo"].fields]
    assert len(made["next_steps"]) == 5
    for step in made["next_steps"]:
        program, *words = shlex.split(step)
        assert program == "helpdesk"
        assert words[:4] == ["--db", db, "--now", NOW]
        done = run(*words)
        assert done.code == 0, done.err
        assert done.out


def test_options_that_the_next_command_has_anyway_are_left_out(run: Run, db: str) -> None:
    made = run("demo", "--tickets", "1", "--json", env={"HELPDESK_DB": db}).json
    assert made["next_steps"][0] == "helpdesk ticket list --overdue"
    assert made["next_steps"][-1] == "helpdesk sweep --dry-run --now +4h"


def test_a_program_off_the_path_is_named_as_it_was_started(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/helpdesk"])
    made = run("--db", db, "demo", "--tickets", "0", "--json").json
    assert made["next_steps"][0].startswith(".venv/bin/helpdesk --db ")


def test_the_path_is_enough_where_it_leads_to_the_same_program(
    run: Run, db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "helpdesk"
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    made = run("--db", db, "demo", "--tickets", "0", "--json", env={"PATH": str(tmp_path)}).json
    assert made["next_steps"][0].startswith("helpdesk --db ")


def test_a_database_with_tickets_is_refused(run: Run, db: str) -> None:
    assert run("--db", db, "demo", "--tickets", "2", "-f", "ids").out == f"{db}\n"
    again = run("--db", db, "demo")
    assert (again.code, again.out) == (4, "")
    assert again.err.startswith(f"Error: {db} holds 2 tickets")
    assert "--db FILE" in again.err


def test_an_empty_desk_has_no_table(run: Run, db: str) -> None:
    done = run("--db", db, "demo", "--tickets", "0")
    assert done.code == 0
    assert done.err == "No tickets.\n"
    steps = done.out.partition("Try next:\n")[2].splitlines()[::2]
    assert [step.split(" --now")[0] for step in steps] == [
        f"  helpdesk --db {db} ticket list --overdue",
        f"  helpdesk --db {db} sweep --dry-run",
    ]


def test_who_acts_later_is_no_hindrance(run: Run, db: str) -> None:
    done = run("--db", db, "--as", "nora", "demo", "--tickets", "2", "--json")
    assert done.code == 0
    assert "--as nora" in done.json["next_steps"][0]
