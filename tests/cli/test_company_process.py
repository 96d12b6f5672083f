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


SHORT = PROCESS.replace("  in_progress: {enabled: false}\n  on_hold:", "  resolved:").replace(
    """  open: [waiting_customer, resolved]
  waiting_customer: [open, resolved]
  closed: []
""",
    """  in_progress: [on_hold]
  on_hold: [in_progress]
""",
)


@pytest.fixture
def company(run: Run, tmp_path: Path) -> Desk:
    """A company without `in_progress` and `on_hold`, where nothing is closed before it is resolved."""
    return _company(run, tmp_path, PROCESS)


@pytest.fixture
def short(run: Run, tmp_path: Path) -> Desk:
    """One that resolves nothing, and where what is begun is only held and gone on with."""
    return _company(run, tmp_path, SHORT)


def _company(run: Run, tmp_path: Path, text: str) -> Desk:
    (tmp_path / "process.yaml").write_text(text, encoding="utf-8")
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
    assert error["hint"] == "`transitions` in the policy decide it: helpdesk plan export"


def test_what_to_do_where_nothing_is_resolved(short: Desk) -> None:
    error = short.refused("ticket", "resolve", "1", code=4)
    assert (error["code"], error["hint"]) == ("status_disabled", "helpdesk ticket close 1")
    assert short.json("ticket", "close", "1")[0]["status"] == "closed"


def test_what_stays_in_its_status_goes_no_way(short: Desk) -> None:
    """It is on hold until another instant, which is no change of its status."""
    short.json("ticket", "take", "1")
    short.json("ticket", "hold", "1")
    assert short.json("ticket", "hold", "1", "--until", "2026-03-04")[0]["status"] == "on_hold"
    error = short.refused("ticket", "close", "1", code=4)
    assert (error["code"], error["details"]["allowed"]) == ("transition", ["in_progress"])


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


@pytest.fixture
def holding(run: Run, tmp_path: Path) -> Desk:
    """A company with every status, where a hold leads to open or closed alone; ticket 1 is ann's and on hold
    for two hours."""
    head, _, tail = PROCESS.partition("statuses:")
    _, _, tail = tail.partition("queue:")
    (tmp_path / "holds.yaml").write_text(f"{head}transitions: {{on_hold: [open, closed]}}\nqueue:{tail}")
    desk = Desk(run, tmp_path / "holds.db")
    desk.json("init", "--plans", str(tmp_path / "holds.yaml"), who=None)
    desk.json("agent", "create", "ann", "--email", "ann@desk.example", who=None)
    desk.open(who=None)
    desk.json("ticket", "assign", "1", "--to", "ann")
    desk.json("ticket", "hold", "1", "--until", "+2h")
    return desk


def test_a_hold_ends_where_the_process_leads(holding: Desk) -> None:
    """Assigned, it would go on in progress, which is no way from here: neither by time nor by hand."""
    holding.later(hours=2)
    assert holding.json("sweep")["resumed"][0]["after"] == {"status": "open"}
    holding.json("ticket", "hold", "1")
    assert holding.json("ticket", "resume", "1")[0]["status"] == "open"
    assert holding.json("db", "check")["problems"] == []


def test_an_answer_that_leads_nowhere_is_refused_with_the_ways_that_there_are(holding: Desk) -> None:
    error = holding.refused("ticket", "reply", "1", "--body", "b", code=4)
    assert error["hint"] == "helpdesk ticket edit 1 --status open, or a reply with --status open"
    assert holding.json("ticket", "reply", "1", "--body", "b", "--status", "open")["ticket"] == 1
