"""`helpdesk calendar`: working-time answers for a shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import Result, Run

from helpdesk_cli.records import RECORDS
from helpdesk_cli.services.setup import shipped_policy


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


@pytest.mark.parametrize(
    ("now", "first", "last", "left"),
    [
        ("2026-03-01T09:00:00Z", "2026-04-06 Easter Monday", "2027-01-01 New Year's Day", "2027-03-29"),
        ("2026-04-06T23:00:00Z", "2026-04-06 Easter Monday", "2027-03-29 Easter Monday", "2027-05-01"),
        ("2026-12-26T00:00:00Z", "2027-01-01 New Year's Day", "2027-12-25 Christmas Day", "2028-01-01"),
        ("2028-02-29T09:00:00Z", "2028-04-17 Easter Monday", "2029-01-01 New Year's Day", "2029-04-02"),
    ],
)
def test_the_holidays_of_a_country_are_those_of_twelve_months_in_a_table(
    run: Run, tmp_path: Path, now: str, first: str, last: str, left: str
) -> None:
    text = Path(shipped_policy()).read_text(encoding="utf-8")
    path = tmp_path / "france.yaml"
    path.write_text(
        text.replace("timezone: Asia/Tehran\n", "timezone: Asia/Tehran\n    country_holidays: FR\n"), "utf-8"
    )
    where = ("--db", str(tmp_path / "france.db"), "--now")
    assert run(*where, "2026-03-01T09:00:00Z", "init", "--plans", str(path)).code == 0
    for form in ("table", "markdown"):
        shown = run(*where, now, "calendar", "show", "business", "-f", form).out
        (line,) = (line for line in shown.splitlines() if "country dates" in line)
        dates = line.strip("| ").split("country dates")[1].strip(" |").split(", ")
        assert (dates[0], dates[-1]) == (first, last)
        assert left not in shown
    known = run(*where, now, "calendar", "show", "business", "--json").json["country_dates"]
    assert (min(known)[:4], max(known)[:4]) == ("2025", "2036")


RARE = """
version: 1
default_plan: fair
calendars:
  fair:
    timezone: UTC
    hours: {all: []}
    exceptions: {"2026-03-02": ["09:00-12:00"], "2026-03-08": []}
priorities: [{name: normal}]
plans: {fair: {calendar: fair, targets: {normal: {first_response: 4h, resolution: 2h}}}}
"""


def test_a_calendar_of_a_few_days(run: Run, tmp_path: Path) -> None:
    """A closed exception is shown; a target that no opening hours are left for names the calendar."""
    (tmp_path / "rare.yaml").write_text(RARE, encoding="utf-8")
    where = ("--db", str(tmp_path / "rare.db"), "--now", "2026-03-01T09:00:00Z")
    assert run(*where, "init", "--plans", str(tmp_path / "rare.yaml")).code == 0
    assert "2026-03-02 09:00-12:00, 2026-03-08 closed" in run(*where, "calendar", "show", "fair").out
    shown = run(*where, "calendar", "show", "fair", "--json").json
    assert shown["exceptions"] == {"2026-03-02": ["09:00-12:00"], "2026-03-08": []}
    created = run(*where, "ticket", "create", "--subject", "s", "--from", "a@b.example", "--body", "b")
    assert created.code == 0
    assert "calendar fair has too few opening hours: no deadline for first_response\n" in created.err
