"""The company's own process: statuses that it has not, ways that it allows, stages, the order of its queue
(H9-H13, M5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import Run
from desk import SARA, Desk

PROCESS = """
version: 1
default_plan: gold
calendars: {always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}}
statuses:
  in_progress: {enabled: false}
  on_hold: {enabled: false}
  open:
    aliases: ["on hold"]
    stages:
      - {label: {en: Open}, when: new, for: 5m}
      - {label: {en: Customer-Reply}, when: replied, for: 5m}
      - {label: {en: On Hold}}
transitions:
  open: [waiting_customer, resolved]
  waiting_customer: [open, resolved]
  closed: []
queue: {order: last_message}
priorities: [{name: normal}]
plans:
  gold:
    calendar: always
    targets: {normal: {first_response: 4h}}
    auto_close: {after: 24h, statuses: [waiting_customer]}
"""


@pytest.fixture
def company(run: Run, tmp_path: Path) -> Desk:
    """A company without `in_progress` and `on_hold`, where nothing is closed before it is resolved."""
    (tmp_path / "process.yaml").write_text(PROCESS, encoding="utf-8")
    desk = Desk(run, tmp_path / "company.db")
    desk.json("init", "--plans", str(tmp_path / "process.yaml"), who=None)
    desk.json("agent", "create", "ann", "--email", "ann@desk.example", who=None)
    desk.open(who=None)
    return desk


@pytest.mark.parametrize(
    ("verb", "code", "hint"),
    [
        (("take", "1"), "status_disabled", "helpdesk ticket assign 1 --to me"),
        (("hold", "1"), "status_disabled", "open, waiting_customer, resolved, closed"),
        (("close", "1"), "transition", "helpdesk ticket edit 1 --status waiting_customer"),
        (("reply", "1", "--body", "b", "--status", "closed"), "transition", "--status waiting_customer"),
        (("edit", "1", "--status", "in_progress"), "status_disabled", "assign 1"),
    ],
)
def test_what_the_process_does_not_have_is_refused(
    company: Desk, verb: tuple[str, ...], code: str, hint: str
) -> None:
    error = company.refused("ticket", *verb, code=4)
    assert (error["code"], hint in error["hint"]) == (code, True)


def test_what_it_allows_is_done_and_what_leads_nowhere_stays(company: Desk) -> None:
    company.json("ticket", "reply", "1", "--body", "Off it is")
    company.json("ticket", "resolve", "1")
    company.json("ticket", "close", "1")
    error = company.refused("ticket", "reopen", "1", code=4)
    assert error["message"] == "HD-1 is closed and cannot go to open: its policy allows nothing"
    assert error["details"] == {"status": "closed", "allowed": [], "id": 1}


def test_no_process_refuses_a_customer_or_time(company: Desk) -> None:
    company.json("ticket", "reply", "1", "--body", "Is it on?")
    company.now = "2026-03-02T09:00:00Z"
    assert company.json("sweep")["closed"][0]["ticket"] == 1
    company.json("ticket", "reply", "1", "--from", SARA, "--body", "It is", who=None)
    assert company.json("ticket", "show", "1")["status"] == "open"


def test_assigned_without_in_progress_it_goes_on_open(company: Desk) -> None:
    company.json("ticket", "assign", "1", "--to", "me")
    company.json("ticket", "reply", "1", "--body", "Is it on?")
    assert company.json("ticket", "resume", "1")[0]["status"] == "open"


def test_a_stage_is_what_people_read_and_scripts_have_both(company: Desk) -> None:
    assert company.json("ticket", "show", "1")["status_label"] == {"en": "Open"}
    company.now = "2026-03-01T09:04:59Z"
    assert "Open" in company("ticket", "list", "--lang", "en").out.splitlines()[1]
    company.now = "2026-03-01T09:05:00Z"
    assert "On Hold" in company("ticket", "list", "--lang", "en").out.splitlines()[1]
    company.json("ticket", "reply", "1", "--from", SARA, "--body", "Hello?", who=None)
    page = company("ticket", "show", "1", "--lang", "en").out
    assert "Customer-Reply" in page
    assert company.json("ticket", "list", "--status", "on hold")[0]["status"] == "open"


def test_next_follows_the_queue_of_the_policy(company: Desk) -> None:
    company.now = "2026-03-01T09:10:00Z"
    company.open(who=None)
    company.now = "2026-03-01T09:20:00Z"
    company.json("ticket", "reply", "1", "--from", SARA, "--body", "Any news?", who=None)
    assert company.json("ticket", "next")["id"] == 2
    assert company.json("ticket", "next", "--order", "fifo")["id"] == 1
