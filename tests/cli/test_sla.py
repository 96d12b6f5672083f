"""`helpdesk sla explain`, `sla reset` and `helpdesk db check`: the pages word for word, and their data."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run

from helpdesk_cli.records import RECORDS
from helpdesk_cli.services import people, setup
from helpdesk_cli.services.app import App

POLICY = """
version: 1
default_plan: gold
default_priority: normal
calendars:
  always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}
  business:
    timezone: Asia/Tehran
    hours: {sat-wed: ["09:00-17:00"]}
    holidays: ["2026-03-08", "2026-03-21..2026-03-24"]
  paris:
    timezone: Europe/Paris
    hours: {mon-fri: ["09:00-12:00", "13:00-17:30"]}
  berlin: {timezone: Europe/Berlin, hours: {all: ["00:00-24:00"]}, holidays: ["2026-12-25"]}
  once: {timezone: UTC, hours: {}, exceptions: {"2026-03-02": ["09:00-12:00"]}}
priorities: [{name: urgent}, {name: high}, {name: normal}, {name: low}]
types: [{name: incident}, {name: wish, sla: none}]
plans:
  gold:
    calendar: always
    targets:
      urgent: {first_response: 10m..30m}
      high: {first_response: 1h, resolution: 2h}
      normal: {first_response: 4h, resolution: 4h}
      low: {resolution: 72h}
    escalation:
      - {level: 1, clock: first_response, at: -15m, notify: [assignee]}
      - {level: 2, clock: resolution, at: 0m, notify: [team_lead], set: {tags: [late]}}
  rising:
    calendar: always
    targets: {urgent: none, high: {first_response: 1h}, normal: {first_response: 4h}, low: none}
    escalation:
      - {level: 3, clock: first_response, at: +1h, notify: [ann], set: {priority: +1}}
  basic:
    calendar: business
    targets:
      urgent: none
      high: none
      normal: {resolution: 16h}
      low: {resolution: 400h}
  french:
    calendar: paris
    targets:
      urgent: none
      high: none
      normal: {first_response: 3h}
      low: {resolution: {limit: 72h, calendar: berlin}}
  odd:
    calendar: once
    reopen: {mode: restart}
    targets: {urgent: none, high: none, normal: {resolution: 4h, update: 1h}, low: none}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sla")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    with closing(App(str(folder / "desk.db"), now="2026-03-01T00:00:00Z", timezone="UTC")) as app:
        setup.init(app, str(folder / "policy.yaml"))
        people.create_agent(app, "ann", "ann@desk.example", {})
    return folder / "desk.db"


@pytest.fixture
def path(built: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "desk.db"
    copy.write_bytes(built.read_bytes())
    return copy


class Desk:
    """Commands at an instant of March 2026 (`02 10:00`), as ann, in Paris."""

    def __init__(self, run: Run, path: Path) -> None:
        self.run = run
        self.path = str(path)

    def __call__(self, at: str, *words: str, **more: Any) -> Result:
        day, _, time = at.partition(" ")
        now = f"2026-03-{day}T{time}{'' if time.count(':') == 2 else ':00'}Z"
        zone = {"HELPDESK_TIMEZONE": "Europe/Paris"}
        return self.run("--db", self.path, "--as", "ann", "--now", now, *words, env=zone, **more)

    def do(self, at: str, *words: str) -> Result:
        result = self(at, *words)
        assert result.code == 0, result
        return result

    def open(self, at: str, *words: str, subject: str = "Router down") -> None:
        given = ["--subject", subject, "--from", "sara@acme.example", "--body", "No light"]
        self.do(at, "ticket", "create", *given, *words)

    def page(self, at: str, ticket: int = 1) -> str:
        out = self.do(at, "sla", "explain", str(ticket)).out
        assert all(len(line) <= 80 for line in out.splitlines())
        return out

    def told(self, at: str, name: str, ticket: int = 1) -> str:
        """The part of the page on one clock."""
        return next(part for part in parts(self.page(at, ticket)) if part.startswith(f"{name}: "))


def parts(page: str) -> list[str]:
    found: list[str] = []
    for line in page.splitlines():
        if line and line[0].islower():
            found.append("")
        if found:
            found[-1] += line + "\n"
    return [part.rstrip() + "\n" for part in found]


@pytest.fixture
def desk(run: Run, path: Path) -> Desk:
    return Desk(run, path)


# -- the three pages -----------------------------------------------------------------------------------------


def test_a_clock_that_never_closes(desk: Desk) -> None:
    desk.open("04 10:00", "--priority", "urgent")
    assert (
        desk.page("04 10:09")
        == """\
HD-1  Router down
As of Wed 2026-03-04 11:09:00; times in Europe/Paris.
Plan gold, priority urgent, open; policy 1.

first response: running, due Wed 2026-03-04 11:30:00, 21m left
  Target 10m..30m, at risk from 10m, counted on calendar always.
  Counts from Wed 2026-03-04 11:00:00, the customer's message 1.

  from - to                                            counted       total
  Wed 2026-03-04 11:00:00 - 11:09:00                   0:09:00     0:09:00
  -- now, Wed 2026-03-04 11:09:00; to come:
  Wed 2026-03-04 11:09:00 - 11:30:00                   0:21:00     0:30:00 due

  0:09:00 elapsed + 0:21:00 left = 0:30:00 target.
  Due Wed 2026-03-04 11:30:00: there the target is used up, and that second is
  still in time.
  At risk from Wed 2026-03-04 11:10:00.
  Escalation level 1 (-15m): Wed 2026-03-04 11:15:00.

resolution: no deadline. Plan gold promises no resolution for priority urgent.
"""
    )


def test_business_hours_over_a_weekend_and_a_holiday_with_a_pause(desk: Desk) -> None:
    desk.open("04 10:31:27", "--plan", "basic", subject="Invoice is wrong")
    desk.do("07 07:01:27", "ticket", "reply", "1", "--body", "which one?")
    assert (
        desk.told("08 08:00", "resolution")
        == """\
resolution: paused, 11h30m left
  Target 16h, at risk from 12h48m, counted on calendar business (Asia/Tehran).
  Counts from Wed 2026-03-04 11:31:27 (14:01:27 in Asia/Tehran), when the ticket
  was created.

  from - to in Asia/Tehran                             counted       total
  Wed 2026-03-04 14:01:27 - 17:00:00                   2:58:33     2:58:33
  Sat 2026-03-07 09:00:00 - 10:31:27                   1:31:27     4:30:00
  Sat 2026-03-07 10:31:27 - now                              -     4:30:00
    paused, waiting_customer: 6:28:33 of opening hours not counted
  Sun 2026-03-08 holiday

  4:30:00 elapsed + 11:30:00 left = 16:00:00 target.
  No deadline while paused: what is left counts on from the end of the pause.
"""
    )
    desk.do("09 07:30", "ticket", "reply", "1", "--body", "that one", "--from", "sara@acme.example")
    assert (
        desk.told("09 08:00", "resolution")
        == """\
resolution: running, due Tue 2026-03-10 12:00:00, 11h left
  Target 16h, at risk from 12h48m, counted on calendar business (Asia/Tehran).
  Counts from Wed 2026-03-04 11:31:27 (14:01:27 in Asia/Tehran), when the ticket
  was created.

  from - to in Asia/Tehran                             counted       total
  Wed 2026-03-04 14:01:27 - 17:00:00                   2:58:33     2:58:33
  Sat 2026-03-07 09:00:00 - 10:31:27                   1:31:27     4:30:00
  Sat 2026-03-07 10:31:27 - Mon 2026-03-09 11:00:00          -     4:30:00
    paused, waiting_customer: 8:28:33 of opening hours not counted
  Sun 2026-03-08 holiday
  Mon 2026-03-09 11:00:00 - 11:30:00                   0:30:00     5:00:00
  -- now, Mon 2026-03-09 11:30:00; to come:
  Mon 2026-03-09 11:30:00 - 17:00:00                   5:30:00    10:30:00
  Tue 2026-03-10 09:00:00 - 14:30:00                   5:30:00    16:00:00 due

  5:00:00 elapsed + 11:00:00 left = 16:00:00 target.
  Due Tue 2026-03-10 12:00:00 (14:30:00 in Asia/Tehran): there the target is
  used up, and that second is still in time.
  At risk from Tue 2026-03-10 08:48:00 (11:18:00 in Asia/Tehran).
"""
    )


def test_a_changed_priority_with_a_breach(desk: Desk) -> None:
    desk.open("02 10:00")
    desk.do("02 13:00", "ticket", "edit", "1", "--priority", "high")
    assert (
        desk.told("02 14:30", "resolution")
        == """\
resolution: breached since Mon 2026-03-02 14:00:00, 2h30m late
  Target 2h, at risk from 1h36m, counted on calendar always.
  Counts from Mon 2026-03-02 11:00:00, when the ticket was created.

  from - to                                            counted       total
  Mon 2026-03-02 11:00:00 - 13:00:00                   2:00:00     2:00:00 due
  Mon 2026-03-02 13:00:00 - 14:00:00                   1:00:00     3:00:00 late
  Mon 2026-03-02 14:00:00                                    -     3:00:00
    changed (ann): priority normal -> high, target 4h -> 2h
  Mon 2026-03-02 14:00:00 - 15:30:00                   1:30:00     4:30:00 late

  4:30:00 elapsed = 2:00:00 target + 2:30:00 late.
  Due Mon 2026-03-02 13:00:00: there the target was used up.
  Breached since Mon 2026-03-02 14:00:00, the change: more than the new target
  of 2h had elapsed.
  Escalation level 2 (0m): fired Mon 2026-03-02 14:00:00.
"""
    )


# -- what else a page may say --------------------------------------------------------------------------------


def test_answered_in_time_and_late(desk: Desk) -> None:
    desk.open("02 10:00")
    desk.do("02 10:40", "ticket", "reply", "1", "--body", "on it", "--status", "in_progress")
    told = desk.told("02 11:00", "first response")
    assert told.startswith("first response: met after 40m of 4h\n")
    assert "    answered by ann, message 2\n" in told
    assert "  0:40:00 elapsed + 3:20:00 unused = 4:00:00 target.\n" in told
    assert "  It was due Mon 2026-03-02 15:00:00: there the target would have been used up.\n" in told
    assert "  Escalation level 1 (-15m): dropped.\n" in told
    desk.do("02 14:30", "ticket", "resolve", "1")
    late = desk.told("02 15:00", "resolution")
    assert late.startswith("resolution: breached, met after 4h30m, 30m late\n")
    assert "    resolved by ann\n" in late
    assert "  Breached since Mon 2026-03-02 15:00:00, when the target was used up.\n" in late
    assert "  Warned Mon 2026-03-02 14:12:00.\n" in late
    assert "  Escalation level 2 (0m): fired Mon 2026-03-02 15:00:01.\n" in late


def test_a_deadline_at_closing_time(desk: Desk) -> None:
    desk.open("02 13:30", "--plan", "french")
    told = desk.told("02 18:00", "first response")
    assert told.startswith("first response: at risk, due Mon 2026-03-02 17:30:00, 0m left\n")
    assert (
        """\
  Due Mon 2026-03-02 17:30:00, at closing time: there the target is used up.
  Still in time is the next opening, Tue 2026-03-03 09:00:00.
"""
        in told
    )
    late = desk.told("03 08:00:01", "first response")
    assert late.startswith("first response: breached since Tue 2026-03-03 09:00:00, 1s late\n")
    assert (
        """\
  Due Mon 2026-03-02 17:30:00, at closing time: there the target was used up.
  Breached since Tue 2026-03-03 09:00:00, the next opening after the target was
  used up. Nobody has noted it yet: the next sweep will.
"""
        in late
    )
    desk.do("03 08:30", "sweep")
    assert "Nobody" not in desk.told("03 08:30", "first response")


def test_outside_opening_hours(desk: Desk) -> None:
    desk.open("06 22:00", "--plan", "french")
    desk.do("06 23:00", "ticket", "reply", "1", "--body", "tomorrow")
    told = desk.told("07 10:00", "first response")
    assert (
        """\
  Counts from Fri 2026-03-06 23:00:00, the customer's message 1.
  That is outside opening hours: the next opening is Mon 2026-03-09 09:00:00.
"""
        in told
    )
    assert (
        """\
  Fri 2026-03-06 23:00:00 - 24:00:00                   0:00:00     0:00:00
    outside opening hours
  Sat 2026-03-07 00:00:00                                    -     0:00:00
    answered by ann, message 2
"""
        in told
    )


def test_long_rows_and_holidays_of_several_days(desk: Desk) -> None:
    desk.open("02 10:00", "--plan", "basic", "--priority", "low")
    told = desk.told("20 15:00", "resolution")
    assert "  ... 6 windows to Sun 2026-03-15, 1 holiday          48:00:00    67:30:00\n" in told
    assert "  Sat 2026-03-21 to Tue 2026-03-24 holiday\n" in told
    assert "  ... 33 windows to Wed 2026-05-13                   264:00:00   379:30:00\n" in told
    desk.open("02 10:00", "--plan", "basic", "--priority", "low")
    assert "... 39 windows to Sun 2026-05-10, 4 holidays " in desk.told("02 10:00", "resolution", 2)


def test_a_night_on_which_the_clocks_change(desk: Desk) -> None:
    desk.open("28 13:30", "--priority", "low")
    told = desk.told("28 13:30", "resolution")
    assert (
        """\
  Sat 2026-03-28 14:30:00 - Tue 2026-03-31 15:30:00   72:00:00    72:00:00 due
    in it the clocks go forward by 1:00:00
"""
        in told
    )
    autumn = ["--db", desk.path, "--now", "2026-10-24T12:00:00Z"]
    given = ["--subject", "s", "--from", "sara@acme.example", "--body", "b", "--plan", "french"]
    assert desk.run(*autumn, "ticket", "create", *given, "--priority", "low").code == 0
    out = desk.run(*autumn, "sla", "explain", "2").out
    assert "    in it the clocks go back by 1:00:00\n" in out
    assert "from - to in Europe/Berlin" in out


def test_a_reset_keeps_the_old_instance(desk: Desk) -> None:
    desk.open("02 10:00")
    reason = "another order,\n\x1b[2Jand \u202eanother router, which came later than anybody had thought"
    row = desk.do("02 12:00", "sla", "reset", "1", "--clock", "Resolution", "--reason", reason, "--json").json
    assert [(c["name"], c["instance"], c["state"]) for c in row["clocks"]] == [
        ("first_response", 1, "running"),
        ("resolution", 1, "cancelled"),
        ("resolution", 2, "running"),
    ]
    old, new = (desk.told("02 12:30", name) for name in ("resolution", "resolution 2"))
    assert old.startswith("resolution: cancelled after 2h\n")
    assert "    reset by ann: another order, \\x1b[2Jand \\u202eanother router, which came\n" in old
    assert "when ann reset the clock: another" in new
    assert desk.do(
        "02 12:40", "sla", "reset", "1", "--clock", "first-response", "--reason", "x"
    ).out.startswith("HD-1  Router down\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["reset", "1", "--clock", "fist_response", "--reason", "r"], 2, "did you mean 'first_response'?"),
        (["reset", "1", "--clock", "update"], 2, "--reason"),
        (["reset", "1", "--reason", "r"], 2, "--clock"),
        (["reset", "1", "--clock", "resolution", "--reason", " "], 2, "empty"),
        (["reset", "1", "--clock", "update", "--reason", "r"], 4, "no running or paused update clock"),
        (["reset", "9", "--clock", "update", "--reason", "r"], 3, "HD-9"),
        (["explain", "9"], 3, "HD-9"),
        (["explain", "nine"], 2, "HD-42"),
        (["explain", "1", "--fields", "clokcs"], 2, "clocks"),
    ],
)
def test_mistakes(desk: Desk, words: list[str], code: int, said: str) -> None:
    desk.open("02 10:00")
    result = desk("02 11:00", "sla", *words)
    assert (result.code, result.out) == (code, "")
    assert said in result.err


def test_reopened_replaced_and_no_longer_covered(desk: Desk) -> None:
    desk.open("02 10:00")
    desk.do("02 11:00", "ticket", "close", "1")
    assert "    closed by ann\n" in desk.told("02 12:00", "resolution")
    desk.do("02 12:00", "ticket", "reopen", "1")
    assert """\
  Mon 2026-03-02 12:00:00 - 13:00:00                         -     1:00:00
    closed by ann
""" in desk.told("02 12:30", "resolution")
    desk.do("02 12:40", "ticket", "edit", "1", "--plan", "basic", "--priority", "low", "--type", "incident")
    told = desk.told("02 12:50", "resolution")
    assert """\
    changed (ann): plan gold -> basic, priority normal -> low, type None ->
    incident, target 4h -> 400h, calendar always -> business, counted so from
    the start
""" in told.replace("type none", "type None")
    gone = desk.told("02 12:50", "first response")
    assert gone.startswith("first response: cancelled after 1h40m\n")
    assert "    cancelled: no longer covered\n" in gone
    assert "Due" not in gone
    assert "\nfirst response: no deadline. Plan basic promises no first response.\n" in desk.page("02 12:50")


def test_an_update_is_replaced_by_a_wait_for_an_answer(desk: Desk) -> None:
    desk.open("02 10:00", "--plan", "odd")
    desk.do("02 10:10", "ticket", "reply", "1", "--body", "on it", "--status", "in_progress")
    desk.do("02 10:20", "ticket", "reply", "1", "--body", "well?", "--from", "sara@acme.example")
    update = desk.told("02 10:30", "update")
    assert "Counts from Mon 2026-03-02 11:10:00 (10:10:00 in UTC), ann's message 2." in update
    assert "    replaced by a wait for an answer: customer, message 3\n" in update
    never = desk.told("02 14:00", "resolution")
    assert never.startswith("resolution: running, never due, 2h left\n")
    assert "  No deadline: calendar once never has so many opening hours.\n" in never
    desk.do("02 14:10", "ticket", "hold", "1")
    desk.do("02 14:20", "ticket", "resolve", "1")
    assert "  No deadline while paused: it ended in a pause.\n" in desk.told("02 15:00", "resolution")
    desk.do("02 16:00", "ticket", "reopen", "1")
    assert "when it was reopened by ann." in " ".join(desk.told("02 16:00", "resolution 2").split())


def test_a_breach_stays_when_the_deadline_moves_away(desk: Desk) -> None:
    desk.open("02 10:00")
    desk.do("02 15:00", "ticket", "edit", "1", "--priority", "low")
    told = desk.told("02 16:00", "resolution")
    assert told.startswith("resolution: breached since Mon 2026-03-02 15:00:00\n")
    assert "  Due Thu 2026-03-05 11:00:00: there the target is used up.\n" in told
    assert "  6:00:00 elapsed + 66:00:00 left = 72:00:00 target.\n" in told


def test_an_escalation_raises_the_priority(desk: Desk) -> None:
    desk.open("02 10:00", "--plan", "rising")
    desk.do("02 15:30", "sweep")
    told = desk.told("02 15:30", "first response")
    assert "    changed (escalation level 3): priority normal -> high, target 4h -> 1h\n" in told
    assert (
        "  Breached since Mon 2026-03-02 15:00:00, by the target of that time, 4h; a\n  breach stays.\n"
        in told
    )


def test_a_breach_and_a_pause(desk: Desk) -> None:
    desk.open("02 10:00")
    desk.do("02 14:00", "ticket", "hold", "1")
    told = desk.told("02 15:00", "resolution")
    assert told.startswith("resolution: paused, 0m left\n")
    assert "    paused, on_hold: 1:00:00 of time not counted\n" in told
    assert "  Escalation level 2 (0m): not while the clock stands still.\n" in told
    desk.do("02 15:00", "ticket", "resume", "1")
    late = desk.told("02 16:00", "resolution")
    assert "  Breached since Mon 2026-03-02 16:00:00, since the target was used up just as\n" in late
    desk.do("02 16:00", "ticket", "edit", "1", "--type", "wish")
    ended = desk.told("02 16:30", "resolution")
    assert ended.startswith("resolution: breached since Mon 2026-03-02 16:00:00, 1h late, then cancelled\n")
    assert "\nresolution: no deadline. Type wish is excluded from the agreement.\n" in desk.page("02 16:30")


def test_an_edited_policy(desk: Desk, tmp_path: Path) -> None:
    desk.open("04 10:00", "--plan", "basic")
    desk.open("04 10:00", "--plan", "french", "--priority", "low")
    edited = POLICY.replace('"2026-03-08", ', '"2026-03-07", ').replace(
        "basic:", "basic:\n    retroactive: false"
    )
    (tmp_path / "edited.yaml").write_text(edited, encoding="utf-8")
    desk.do("05 10:00", "plan", "apply", str(tmp_path / "edited.yaml"))
    told = desk.told("05 11:00", "resolution")
    assert (
        "    changed (sweep): policy 1 -> 2, calendar business edited, counted so from\n    here on\n" in told
    )
    assert "  Sat 2026-03-07 holiday\n" in told
    assert "    changed (sweep): policy 1 -> 2, target as before\n" in desk.told("05 11:00", "resolution", 2)


# -- data ----------------------------------------------------------------------------------------------------


def test_json_is_the_same_as_data(desk: Desk) -> None:
    desk.open("04 10:31:27", "--plan", "basic")
    row = desk.do("09 08:00", "sla", "explain", "1", "--json").json
    assert list(row) == keys("explanation")
    assert (row["ticket"], row["ref"], row["at"]) == (1, "HD-1", "2026-03-09T08:00:00Z")
    for clock in row["clocks"]:
        assert list(clock) == keys("explained_clock")
        for step in clock["steps"]:
            assert list(step) == keys("step")
            assert step["cause"] is None or list(step["cause"]) == keys("cause")
    clock = row["clocks"][-1]
    past = [s["counted_seconds"] for s in clock["steps"] if s["kind"] == "counted" and s["past"]]
    to_come = [s["counted_seconds"] for s in clock["steps"] if s["kind"] == "counted" and not s["past"]]
    assert sum(past) == clock["elapsed_seconds"]
    assert sum(past) + sum(to_come) == clock["target_seconds"]
    assert clock["elapsed_seconds"] + clock["remaining_seconds"] == clock["target_seconds"]
    assert clock["steps"][-1]["to"] == clock["due_at"]


def keys(record: str) -> list[str]:
    return [field.name for field in RECORDS[record].fields]


def test_other_formats(desk: Desk) -> None:
    desk.open("04 10:00")
    assert desk.do("04 11:00", "sla", "explain", "1", "-f", "ids").out == "1\n"
    assert desk.do("04 11:00", "sla", "explain", "1", "--fields", "ref,at", "--json").json == {
        "ref": "HD-1",
        "at": "2026-03-04T11:00:00Z",
    }
    assert desk.do("04 11:00", "sla", "explain", "1", "--fields", "ref").out == "ref  HD-1\n"


def test_explaining_writes_nothing(desk: Desk, path: Path) -> None:
    desk.open("04 10:00")
    before = desk.do("05 10:00", "event", "list").out
    desk.page("05 10:00")
    assert desk.do("05 10:00", "event", "list").out == before


# -- db check ------------------------------------------------------------------------------------------------


def test_check_finds_nothing_on_a_database_that_was_only_used(desk: Desk) -> None:
    desk.open("04 10:00")
    desk.do("05 10:00", "sweep")
    assert desk.do("05 10:00", "db", "check").out == "ok\n"
    assert desk.do("05 10:00", "db", "check", "--json").json == {"ok": True, "problems": []}


def test_check_says_what_differs_and_ends_with_1(desk: Desk, path: Path) -> None:
    desk.open("04 10:00")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE tickets SET status = 'closed', tags = '[\"\x1b\"]' WHERE id = 1")
    result = desk("05 10:00", "db", "check")
    assert (result.code, result.err) == (1, "")
    assert "HD-1: status is 'closed', by the events 'open'\n" in result.out
    assert "\x1b" not in result.out
    data = desk("05 10:00", "db", "check", "--json")
    assert data.code == 1
    assert list(data.json) == keys("check")
    assert data.json["ok"] is False
    assert data.json["problems"] == result.out.splitlines()


def test_check_needs_a_database(run: Run, tmp_path: Path) -> None:
    assert run("--db", str(tmp_path / "none.db"), "db", "check").code == 3
