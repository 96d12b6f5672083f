"""The whole table of `sla.md` 2 through the real commands: what every verb makes of every status."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import OMAR, SARA, START, STATUSES, Desk

from helpdesk_cli.services import conversation, lifecycle, tickets
from helpdesk_cli.services.app import App

ACTIVE = STATUSES[:4]
SAME, NO = "=", 4
W = "in progress if assigned, else open"
REPLY = ("reply", "--body", "On our way")
# verb, who runs it, its options, and what it makes of each status in the order of STATUSES.
TABLE: list[tuple[tuple[str, ...], str | None, tuple[Any, ...]]] = [
    (("reply", "--from", SARA, "--body", "b"), None, ("open", "open", "open", "open", "open", "open")),
    (("reply", "--from", OMAR, "--body", "b"), "ann", ("open", "open", "open", "open", "open", "open")),
    (REPLY, "ann", ("waiting_customer",) * 4 + (SAME, SAME)),
    ((*REPLY, "--status", "open"), "ann", ("open",) * 6),
    ((*REPLY, "--status", "in_progress"), "ann", ("in_progress",) * 6),
    ((*REPLY, "--status", "answered"), "ann", ("waiting_customer",) * 6),
    ((*REPLY, "--status", "on_hold"), "ann", ("on_hold",) * 6),
    ((*REPLY, "--status", "resolved"), "ann", ("resolved",) * 4 + (SAME, NO)),
    ((*REPLY, "--status", "closed"), "ann", ("closed",) * 5 + (SAME,)),
    (("take",), "ann", ("in_progress",) * 4 + (NO, NO)),
    (("hold",), "ann", ("on_hold",) * 4 + (NO, NO)),
    (("hold", "--until", "+3d"), "ann", ("on_hold",) * 4 + (NO, NO)),
    (("resume",), "ann", (NO, NO, W, W, NO, NO)),
    (("resolve",), "ann", ("resolved",) * 4 + (NO, NO)),
    (("resolve", "--body", "done"), "ann", ("resolved",) * 4 + (NO, NO)),
    (("close",), "ann", ("closed",) * 5 + (NO,)),
    (("close", "--body", "done"), "ann", ("closed",) * 5 + (NO,)),
    (("close", "--as-customer"), None, ("closed",) * 5 + (NO,)),
    (("reopen",), "ann", (NO, NO, NO, NO, W, W)),
    (("edit", "--status", "open"), "ann", ("open",) * 4 + ("only W", "only W")),
    (("edit", "--status", "in-progress"), "ann", ("in_progress",) * 4 + ("only W", "only W")),
    (("edit", "--status", "Answered"), "ann", ("waiting_customer",) * 4 + (NO, NO)),
    (("edit", "--status", "on hold"), "ann", ("on_hold",) * 4 + (NO, NO)),
    (("edit", "--status", "resolved"), "ann", ("resolved",) * 4 + (NO, NO)),
    (("edit", "--status", "closed"), "ann", ("closed",) * 5 + (NO,)),
    (("unassign",), "ann", (SAME, "open", SAME, SAME, SAME, SAME)),
    (("assign", "--to", "bob"), "ann", (SAME,) * 6),
    (("note", "--body", "n"), "ann", (SAME,) * 6),
    (("tag", "--add", "vip"), "ann", (SAME,) * 6),
    (("edit", "--priority", "high"), "ann", (SAME,) * 6),
    (("escalate", "--reason", "r"), "ann", (SAME,) * 4 + (NO, NO)),
    (("escalate", "--reason", "r", "--impact", "i", "--from", OMAR), None, (SAME,) * 4 + (NO, NO)),
]
CELLS = [
    (status, assigned, verb, who, expected)
    for verb, who, row in TABLE
    for status, expected in zip(STATUSES, row, strict=True)
    for assigned in (True, False)
    if assigned or expected in (W, "only W")
]
NAMES = [f"{' '.join(verb)}:{status}:{'ann' if assigned else 'free'}" for status, assigned, verb, *_ in CELLS]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, desk_database: Path) -> tuple[Path, list[int]]:
    """A database with a ticket of its own for each cell, brought into its status; their ids."""
    path = Path(shutil.copy(desk_database, tmp_path_factory.mktemp("crowd") / "desk.db"))
    app = App(str(path), actor="ann", now=START, timezone="UTC")
    with app.write():
        ids = [_brought(app, status, assigned=assigned) for status, assigned, *_ in CELLS]
    app.close()
    return path, ids


def _brought(app: App, status: str, *, assigned: bool) -> int:
    id_ = int(tickets.create(app, subject="s", sender=SARA, body="b")["id"])
    conversation.reply_as_agent(app, id_, body="seen", status="open")
    if assigned:
        lifecycle.assign(app, id_, to="ann")
    if status != "open":
        lifecycle.edit(app, id_, status=status)
    return id_


@pytest.mark.parametrize("cell", range(len(CELLS)), ids=NAMES)
def test_every_cell(run: Run, crowd: tuple[Path, list[int]], cell: int) -> None:
    desk, id_ = Desk(run, crowd[0]), crowd[1][cell]
    status, assigned, verb, who, expected = CELLS[cell]
    working = "in_progress" if assigned else "open"
    words = ["ticket", verb[0], id_, *verb[1:]]
    if expected == "only W":
        expected = working if desk_word(verb[-1]) == working else NO
    if expected == NO:
        before = desk.show(id_)
        error = desk.refused(*words, who=who, code=4, of=id_)
        assert error["code"] == "transition"
        assert f"HD-{id_} is {status}" in error["message"]
        assert all(allowed in error["message"] for allowed in error["details"]["allowed"])
        assert error["details"]["allowed"]
        assert desk.show(id_) == before
        return
    assert desk(*words, who=who).code == 0
    after = desk.show(id_)
    assert after["status"] == {SAME: status, W: working}.get(expected, expected)
    assert (after["hold_until"] is not None) == ("--until" in verb)
    if status in ("resolved", "closed") and after["status"] in ACTIVE:
        assert after["reopened_count"] == 1
        assert (after["resolved_at"], after["closed_at"], after["closed_by"]) == (None, None, None)
        assert after["assignee"] == ("ann" if assigned else None)
        assert desk.log("--ticket", id_, "--type", "reopened")


def desk_word(text: str) -> str:
    return text.lower().replace("-", "_")


def test_taking_needs_stealing_what_another_has(desk: Desk) -> None:
    id_ = desk.bring("in_progress")
    error = desk.refused("ticket", "take", id_, who="bob", code=4)
    assert error["hint"] == f"helpdesk ticket take {id_} --steal"
    assert desk.json("ticket", "take", id_, "--steal", who="bob")[0]["assignee"] == "bob"
    assert desk.json("ticket", "take", id_, who="bob")[0]["version"] == desk.show(id_)["version"]


def test_hold_ends_by_itself_and_takes_a_new_end(desk: Desk) -> None:
    id_ = desk.bring("on_hold")
    held = desk.json("ticket", "hold", id_, "--until", "+2h")[0]
    assert held["hold_until"] == "2026-03-01T11:00:00Z"
    assert desk.json("ticket", "hold", id_, "--until", "+3h")[0]["hold_until"] == "2026-03-01T12:00:00Z"
    for until in ("now", "-1h", "2026-03-01T08:59:59Z"):
        error = desk.refused("ticket", "hold", id_, "--until", until, code=2)
        assert error["code"] == "bad_time"
    desk.later(hours=3)
    assert desk.json("sweep")["resumed"][0]["after"] == {"status": "in_progress"}
    assert desk.show(id_)["hold_until"] is None


@pytest.mark.parametrize(
    ("plan", "answered", "code"),
    [("gold", False, 0), ("gold", True, 0), ("early", False, 0), ("early", True, 4), ("strict", False, 4)],
)
def test_a_customer_closes_where_the_plan_allows_it(desk: Desk, plan: str, answered: bool, code: int) -> None:
    id_ = desk.open("--plan", plan)
    desk.json("ticket", "note", id_, "--body", "a note is no answer")
    if answered:
        desk.json("ticket", "reply", id_, "--body", "seen", "--status", "open")
    if code:
        assert desk.refused("ticket", "close", id_, "--as-customer", code=code)["code"] == "customer_close"
    else:
        closed = desk.json("ticket", "close", id_, "--as-customer", who=None)[0]
        assert (closed["status"], closed["closed_by"]) == ("closed", "customer")
        assert desk.log("--ticket", id_, "--type", "status_changed")[-1]["actor"] == SARA


@pytest.mark.parametrize("status", ["resolved", "closed"])
@pytest.mark.parametrize(("seconds", "reopens"), [(-1, True), (0, True), (1, False)])
def test_the_last_second_of_the_window_still_reopens(
    desk: Desk, status: str, seconds: int, reopens: bool
) -> None:
    id_ = desk.open("--tag", "vip", "--category", "technical", "--type", "question", "--priority", "high")
    desk.json("ticket", "resolve" if status == "resolved" else "close", id_)
    desk.later(days=14, seconds=seconds)
    reply = desk("ticket", "reply", id_, "--from", OMAR, "--body", "again", "--json", who=None)
    message = reply.json
    assert (message["ticket"] == id_) == reopens
    if reopens:
        assert desk.show(id_)["status"] == "open"
        return
    assert f"HD-{message['ticket']}" in reply.err
    old, new = desk.show(id_), desk.show(message["ticket"])
    assert (old["status"], new["status"]) == (status, "open")
    assert new["links"] == [{"kind": "follow_up_of", "ref": f"HD-{id_}"}]
    copied = ("subject", "requester", "org", "category", "type", "priority", "tags")
    assert [new[key] for key in copied] == [old[key] for key in copied]
    assert [m["body"] for m in new["messages"]] == ["again"]
    assert new["created_at"] == desk.now
    types = [event["type"] for event in desk.log("--ticket", new["id"])]
    assert [name for name in types if "clock" not in name] == ["created", "linked", "message"]


def test_closing_a_resolved_ticket_begins_the_window_anew(desk: Desk) -> None:
    id_ = desk.bring("resolved")
    desk.later(days=14)
    desk.json("ticket", "close", id_)
    desk.later(days=14)
    assert desk.json("ticket", "reply", id_, "--from", SARA, "--body", "b")["ticket"] == id_


def test_an_agent_reopens_past_the_window(desk: Desk) -> None:
    id_ = desk.bring("closed")
    desk.later(days=100)
    assert desk.json("ticket", "reopen", id_)[0]["status"] == "in_progress"


def test_a_body_is_sent_before_the_status_changes(desk: Desk) -> None:
    id_ = desk.open()
    desk.json("ticket", "close", id_, "--body", "done", "--reason", "spam")
    types = [event["type"] for event in desk.log("--ticket", id_)]
    assert types.index("message", 3) < types.index("status_changed")
    ticket = desk.show(id_)
    states = {clock["name"]: clock["state"] for clock in ticket["clocks"]}
    assert states == {"first_response": "met", "resolution": "met"}
    assert desk.log("--ticket", id_, "--type", "status_changed")[0]["data"]["reason"] == "spam"


def test_what_time_did_is_kept_where_the_command_is_refused(desk: Desk) -> None:
    id_ = desk.open()
    desk.json("ticket", "reply", id_, "--body", "seen")
    desk.later(hours=48)
    result = desk("ticket", "resolve", id_)
    assert result.code == 4
    assert f"HD-{id_} went from waiting_customer to closed by itself, 2026-03-03 09:00:00 UTC" in result.err
    ticket = desk.show(id_)
    assert (ticket["status"], ticket["closed_by"], ticket["closed_at"]) == ("closed", "sweep", desk.now)


@pytest.mark.parametrize(
    ("status", "words", "ways"),
    [
        ("resolved", ["edit", 1, "--status", "open"], ["in_progress", "closed"]),
        ("closed", ["edit", 1, "--status", "on_hold"], ["in_progress"]),
        ("closed", ["reply", 1, "--body", "b", "--status", "resolved"], list(ACTIVE)),
    ],
)
def test_a_refusal_names_the_ways_that_lead_on(
    desk: Desk, status: str, words: list[Any], ways: list[str]
) -> None:
    assert desk.bring(status) == 1
    error = desk.refused("ticket", *words, code=4)
    assert error["details"]["allowed"] == ways
    asked = f"HD-1 is {status} and cannot go to {words[-1]}"
    assert error["message"] == f"{asked}: allowed from here: {', '.join(ways)}"
    assert error["hint"] == "helpdesk ticket reopen 1"
    for verb in ("take", "hold", "resolve"):
        assert desk.refused("ticket", verb, 1, code=4)["hint"] == "helpdesk ticket reopen 1"
