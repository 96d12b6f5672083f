"""The commands of the policy file with the sections beside calendars and plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import Run
from desk import POLICY, Desk

ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20200501
RRULE:FREQ=YEARLY
SUMMARY:Labour Day
END:VEVENT
END:VCALENDAR
"""
OFFICE = '  office: {timezone: UTC, hours: {all: ["09:00-17:00"]}, holidays_file: days.ics}\n'
MORE = """\
  acme:
    extends: gold
    calendar: office
    targets: {high: {first_response: 30m}}
    valid_from: 2026-01-01
    valid_to: 2026-12-31
"""
ODD = """\
version: 1
default_plan: basic
calendars: {always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}}
priorities: [{name: low}]
plans: {basic: {calendar: always, targets: {low: none}}}
regions: {us: {levels: {1: []}}}
transitions:
  {open: [closed], in_progress: [open], waiting_customer: [open], closed: [], on_hold: [closed],
   resolved: [open]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "days.ics").write_text(ICS)
    file = tmp_path / "plans.yaml"
    file.write_text(POLICY.replace("statuses:\n", f"{OFFICE}statuses:\n") + MORE, encoding="utf-8")
    return file


def test_a_plan_that_inherits_is_shown_as_it_counts(desk: Desk, path: Path) -> None:
    assert desk("plan", "check", str(path)).out == "ok\n"
    assert desk("plan", "apply", str(path)).code == 0
    assert desk("plan", "show", "acme").out.splitlines()[:8] == [
        "acme, extends gold, from 2026-01-01, to 2026-12-31",
        "Targets: working time of calendar office",
        "",
        "priority  first_response  next_response  resolution",
        "high      30m             -              8h",
        "normal    2h..4h          4h             24h",
        "low       -               -              -",
        "old       -               -              -",
    ]
    record = desk("plan", "show", "acme", "--json").json
    assert (record["extends"], record["valid_from"], record["valid_to"]) == (
        "gold",
        "2026-01-01",
        "2026-12-31",
    )
    gold = desk("plan", "show", "gold", "--json").json
    assert (gold["extends"], gold["valid_from"], gold["valid_to"]) == (None, None, None)


def test_the_days_of_a_file_are_shown_with_the_calendar_and_skipped(desk: Desk, path: Path) -> None:
    assert desk("plan", "apply", str(path)).code == 0
    record = desk("calendar", "show", "office", "--json").json
    assert (record["holidays_file"], len(record["file_dates"])) == ("days.ics", 12)
    table = desk("calendar", "show", "office").out
    assert "2026-05-01" in table
    assert "2027-05-01" not in table
    due = desk("calendar", "due", "office", "2026-04-30T16:00:00Z", "2h", "--explain", "--json").json
    assert due["due_at"] == "2026-05-02T10:00:00Z"
    assert due["holidays_skipped"] == [{"date": "2026-05-01", "name": "Labour Day"}]


def test_the_export_changes_nothing_where_the_file_is(
    desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk("plan", "apply", str(path)).code == 0
    exported = desk("plan", "export").out
    assert "holidays_file: days.ics" in exported
    monkeypatch.chdir(path.parent)
    assert desk("plan", "diff", "-", stdin=exported).out == ""
    monkeypatch.chdir("/")
    lost = desk("plan", "diff", "-", stdin=exported)
    assert lost.code == 6
    assert "calendars.office.holidays_file: there is no file 'days.ics'" in lost.err


def test_a_mistake_in_each_section_is_named_with_its_line(run: Run) -> None:
    bad = Path(__file__).parents[1] / "adapters" / "bad_sections.yaml"
    result = run("plan", "check", str(bad))
    assert result.code == 6
    lines = result.out.splitlines()
    assert len(lines) > 100
    for told in (
        "regions.europe.countries: 'XX' is not the code of a country",
        "regions.europe.levels.one: found 'one', expected the number of a level from 1 to 9",
        "plans.b.extends: the plan inherits from itself",
        "hooks.run: there is no file '/nowhere/page'",
        "alerts.within: no ticket comes in a window of no length",
    ):
        assert any(told in line for line in lines), told


def test_a_route_to_a_team_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(POLICY + "routing: [{name: all, team: nightshift}]\n", encoding="utf-8")
    line = (POLICY + "x").count("\n") + 1
    told = f"line {line}: routing.team: there is no team 'nightshift'"
    checked, applied = desk("plan", "check", str(file)), desk("plan", "apply", str(file))
    assert (checked.code, applied.code) == (6, 6)
    assert told in checked.out
    assert told in applied.err
    assert desk("team", "create", "nightshift").code == 0
    assert desk("plan", "apply", str(file)).code == 0


def test_what_can_hardly_be_meant_is_warned_of_with_what_to_do(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(ODD)
    result = run("plan", "check", str(file))
    assert (result.code, result.out) == (0, "ok\n")
    assert "regions.us: no level has a contact: nobody there can be told" in result.err
    assert (
        "transitions: no way leads to on_hold: no ticket is ever in it"
        " (switch it off with `enabled: false` in statuses)" in result.err
    )


def test_init_makes_the_teams_that_its_policy_routes_to(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(POLICY + "routing: [{name: all, team: desk}]\n", encoding="utf-8")
    made = run("init", "--plans", str(file))
    assert made.code == 0
    assert "made for the routes of the policy: the team desk" in made.err
    assert [team["name"] for team in run("team", "list", "--json").json] == ["desk"]
