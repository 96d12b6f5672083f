"""`sweep` and `run`: what is printed, each thing once, failures that stop nobody."""

from __future__ import annotations

from typing import Any

import pytest
from desk import SARA, Desk

from helpdesk_cli.errors import RefusedError
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services.change import Change

KINDS = ("breached", "warned", "escalated", "reminded", "resumed", "closed")


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Three days later, with a ticket for each kind of thing that time does."""
    desk.open(subject="late")
    desk.open(subject="silent")
    desk.json("ticket", "reply", 2, "--body", "On our way")
    desk.open(subject="held")
    desk.json("ticket", "reply", 3, "--body", "b", "--status", "open")
    desk.json("ticket", "hold", 3, "--until", "+1h")
    desk.later(days=3)
    return desk


def test_the_record(busy: Desk) -> None:
    result = busy.json("sweep")
    assert list(result) == ["run", "now", "dry_run", *KINDS, "recomputed", "failed", "left"]
    assert (result["run"], result["now"], result["dry_run"], result["left"]) == (1, busy.now, False, 0)
    assert list(result["breached"][0]) == [field.name for field in RECORDS["sweep_entry"].fields]
    assert result["escalated"] == [
        {
            "ticket": 1, "ref": "HD-1", "subject": "late",
            "clock": "first_response", "instance": 1, "level": 1,
            "rule": "escalation level 1 (0m)", "due_at": "2026-03-01T13:00:01Z",
            "before": {"priority": "normal", "tags": []}, "after": {"priority": "high", "tags": ["late"]},
            "told": 0,
        }
    ]  # fmt: skip
    told = {kind: [(entry["ticket"], entry["due_at"]) for entry in result[kind]] for kind in KINDS}
    assert told["resumed"] == [(3, "2026-03-01T10:00:00Z")]
    assert told["reminded"] == [(2, "2026-03-02T09:00:00Z")]
    assert told["closed"] == [(2, "2026-03-03T09:00:00Z")]
    assert (1, "2026-03-01T13:00:01Z") in told["breached"]
    assert result["closed"][0]["before"] == {"status": "waiting_customer"}
    assert {entry["told"] for kind in KINDS if kind != "escalated" for entry in result[kind]} == {None}
    again = busy.json("sweep")
    assert not any(again[kind] for kind in KINDS)


def test_the_summary(busy: Desk) -> None:
    dry = busy("sweep", "-n").out
    wet = busy("sweep").out
    assert dry.splitlines()[0] == "Dry run as of 2026-03-04 09:00:00 (UTC)"
    assert wet.splitlines()[0] == "Run 1 as of 2026-03-04 09:00:00 (UTC)"
    assert dry.splitlines()[1:] == wet.splitlines()[1:]
    joined = [" ".join(line.split()) for line in wet.splitlines()]
    assert joined[1] == "2026-03-01 10:00:00 HD-3 resumed on_hold -> open held"
    assert "2026-03-01 13:00:01 HD-1 breached first response late" in joined
    changes = "priority normal -> high, tags none -> late"
    assert f"2026-03-01 13:00:01 HD-1 escalated first response level 1 {changes} (nobody told) late" in joined
    assert "2026-03-03 09:00:00 HD-2 closed waiting_customer -> closed silent" in joined
    assert joined[-1].endswith("1 escalated, 1 reminded, 1 resumed, 1 closed")
    assert busy("sweep").out.splitlines()[1] == "Nothing was due."
    assert busy("sweep", "-q") == busy("sweep", env={"HELPDESK_QUIET": "1"}) == (0, "", "")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "ids", "markdown"])
def test_quiet_leaves_what_was_asked_for(busy: Desk, form: str) -> None:
    busy("sweep")
    for words, env in ((("sweep", "-q"), {}), (("sweep",), {"HELPDESK_QUIET": "1"})):
        result = busy(*words, "-f", form, env=env)
        assert (result.code, result.err) == (0, "")
        assert result.out


def test_a_dry_run_leaves_nothing(busy: Desk) -> None:
    before = busy.log()
    assert busy.json("sweep", "--dry-run")["run"] is None
    assert busy.log() == before
    assert busy.json("run", "list") == []
    radar = busy.json("sweep", "-n", "--now", "2026-03-01T13:00:00Z")
    assert (radar["breached"], len(radar["warned"])) == ([], 1)


def test_a_limit_says_what_is_left(busy: Desk) -> None:
    first = busy.json("sweep", "--limit", "1")
    assert first["left"] == 2
    assert "1 left for the next run" in busy("sweep", "--limit", "1").out
    assert busy.json("sweep", "--limit", "0")["left"] == 0
    assert [run["left"] for run in busy.json("run", "list")] == [0, 1, 2]


def test_a_failing_ticket_does_not_stop_the_others(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up = Change.catch_up

    def failing(self: Change, *, touched: bool) -> Any:
        if self.ticket.id == 1:
            raise RefusedError("plan gone is lost", code="lost")
        if self.ticket.id == 3:
            raise ZeroDivisionError("oh")
        return catch_up(self, touched=touched)

    monkeypatch.setattr(Change, "catch_up", failing)
    result = busy("sweep", "--json")
    assert result.code == 7
    assert [entry["ticket"] for entry in result.json["closed"]] == [2]
    assert result.json["failed"] == [
        {"ticket": 3, "ref": "HD-3", "error": "ZeroDivisionError: oh"},
        {"ticket": 1, "ref": "HD-1", "error": "plan gone is lost"},
    ]
    assert {error["code"] for error in result.errors} == {"lost", "unexpected"}
    quiet = busy("sweep", "-q")
    assert (quiet.code, quiet.out) == (7, "")
    assert "Error: HD-1: plan gone is lost" in quiet.err
    monkeypatch.setattr(Change, "catch_up", catch_up)
    assert busy.json("sweep")["failed"] == []
    run = busy.json("run", "show", 1)
    assert (run["counts"]["failed"], run["failures"]) == (2, result.json["failed"])


def test_runs(busy: Desk) -> None:
    busy("sweep")
    run = busy.json("run", "show", "1")
    assert list(run) == [field.name for field in RECORDS["run"].fields]
    assert list(run["counts"]) == [field.name for field in RECORDS["run_counts"].fields]
    assert (run["now"], run["counts"]["closed"], run["counts"]["failed"]) == (busy.now, 1, 0)
    assert run["ended_at"] >= run["started_at"] > "2026-03-04"
    busy("sweep")
    assert [found["id"] for found in busy.json("run", "list")] == [2, 1]
    limited = busy("run", "list", "--limit", "1")
    assert "1 more" in limited.err
    assert "closed 1" in busy("run", "list").out
    assert busy.refused("run", "show", "9", code=3)["code"] == "run_not_found"
    assert busy.refused("run", "show", "x", code=2)["code"] == "bad_number"


def test_a_clock_that_jumps_back_does_nothing_twice(busy: Desk) -> None:
    busy("sweep")
    log, states = busy.log(), _states(busy)
    busy.now = "2026-02-28T09:30:00Z"
    assert busy.json("sweep")["breached"] == []
    assert (busy.log(), _states(busy)) == (log, states)
    late = busy("ticket", "reply", 1, "--from", SARA, "--body", "b", "--json")
    assert "the clock says 2026-02-28T09:30:00Z" in late.err
    assert late.json["at"] >= "2026-03-01T13:00:01Z"


def _states(desk: Desk) -> list[Any]:
    return [
        (
            ticket["id"],
            ticket["status"],
            [(clock["state"], clock["breached_at"]) for clock in ticket["clocks"]],
        )
        for ticket in desk.json("ticket", "list", "--status", "all")
    ]
