"""What an administrator changes from the shell while tickets are open: the policy, plans, agents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from console import Result
from desk import Desk

from helpdesk_cli.records import RECORDS


def row(desk: Desk, noun: str, name: str) -> dict[str, Any]:
    record: dict[str, Any] = desk.json(noun, "show", name)
    return record


def policy_file(desk: Desk, tmp_path: Path) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(desk("plan", "export").out, encoding="utf-8")
    return str(path)


# -- priorities and categories ---------------------------------------------------------------------


def test_a_priority_by_hand(desk: Desk, tmp_path: Path) -> None:
    made = desk.json(
        "priority", "create", "vip", "--before", "high", "--meaning", "the board", "--label", "fr=Client, VIP"
    )
    assert list(made) == [field.name for field in RECORDS["priority"].fields]
    assert (made["rank"], made["origin"], made["label"]) == (0, "cli", {"fr": "Client, VIP"})
    created = desk("ticket", "create", "--subject", "s", "--from", "a@b.example", "--body", "b",
                   "--priority", "vip")  # fmt: skip
    assert "plan gold does not cover priority vip: no deadlines" in created.err
    edited = desk.json("priority", "edit", "vip", "--before", "none", "--meaning", "none", "--label", "fr=")
    assert (edited["rank"], edited["meaning"], edited["label"]) == (4, None, None)
    assert desk.json("priority", "retire", "vip")["retired"] is True
    refused = desk.refused(
        "ticket", "create", "--subject", "s", "--from", "a@b.example", "--body", "b", "--priority", "vip",
        code=4,
    )  # fmt: skip
    assert refused["code"] == "retired"
    assert desk.json("priority", "edit", "vip", "--restore")["retired"] is False
    assert desk("db", "check").code == 0


def test_a_category_by_hand(desk: Desk) -> None:
    made = desk.json("category", "create", "returns", "--description", "what comes back", "--label", "en=RMA")
    assert list(made) == [field.name for field in RECORDS["category"].fields]
    assert (made["origin"], made["description"]) == ("cli", "what comes back")
    id_ = desk.open("--category", "returns")
    assert desk.json("category", "edit", "returns", "--description", "none")["description"] is None
    assert desk.json("category", "retire", "returns")["retired"] is True
    assert desk.show(id_)["category"] == "returns"
    other = desk.open()
    assert desk.refused("ticket", "edit", other, "--category", "returns", code=4)["code"] == "retired"
    assert desk.json("category", "edit", "returns", "--restore")["retired"] is False
    assert desk("category", "list", "-f", "ids").out.split() == ["technical", "sales", "returns"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("priority create high", 4, "exists"),
        ("priority create Not-a-name", 2, "bad_name"),
        ("priority create vip --before hihg", 3, "unknown_priority"),
        ("priority create vip --label fr", 2, "bad_label"),
        ("priority create vip --label french=x", 2, "bad_label"),
        ("priority edit vip --meaning x", 3, "unknown_priority"),
        ("priority edit high", 2, "no_change"),
        ("priority edit high --before high", 2, "bad_order"),
        ("priority retire normal", 4, "default"),
        ("priority retire vip", 3, "unknown_priority"),
        ("category create sales", 4, "exists"),
        ("category create none", 2, "bad_name"),
        ("category edit sale --description x", 3, "unknown_category"),
        ("category edit sales", 2, "no_change"),
        ("category retire sale", 3, "unknown_category"),
    ],
)
def test_what_is_refused(desk: Desk, words: str, code: int, error: str) -> None:
    assert desk.refused(*words.split(), code=code)["code"] == error
    assert desk.json("plan", "diff", "--exit-code", policy_file(desk, desk.path.parent)) == []


def test_no_option_gives_a_priority_targets(desk: Desk) -> None:
    assert desk("priority", "edit", "high", "--first-response", "1h").code == 2


def test_the_file_and_what_is_beside_it(desk: Desk, tmp_path: Path) -> None:
    before = policy_file(desk, tmp_path)
    desk.json("priority", "create", "vip", "--before", "normal")
    desk.json("category", "create", "returns")
    assert desk("plan", "diff", before, "--exit-code") == (0, "", "No changes.\n")
    dry = desk("plan", "apply", before, "--prune", "-n")
    assert dry.out == "categories.returns.retired: false -> true\npriorities.vip.retired: false -> true\n"
    assert row(desk, "priority", "vip")["retired"] is False
    assert desk("plan", "apply", before, "--prune").code == 0
    assert desk.json("plan", "apply", before, "--prune")["applied"] is False
    assert row(desk, "category", "returns")["retired"] is True
    after = policy_file(desk, tmp_path)
    text = Path(after).read_text(encoding="utf-8")
    assert "- {name: vip, retired: true}" in text
    assert "vip: none" in text
    assert desk("plan", "check", after).out == "ok\n"
    changed = desk("plan", "diff", after, "--exit-code")
    assert (changed.code, changed.out) == (
        10, "categories.returns.origin: cli -> policy\npriorities.vip.origin: cli -> policy\n",
    )  # fmt: skip
    assert desk("plan", "apply", after).code == 0
    assert row(desk, "priority", "vip")["origin"] == "policy"
    assert desk("plan", "diff", after, "--exit-code").code == 0


def test_what_the_file_declares_may_be_set_back_by_it(desk: Desk) -> None:
    told: Result = desk("category", "retire", "sales")
    assert told.code == 0
    assert "the category sales is the policy file's, which sets it back when it is applied again" in told.err


# -- a plan for an organisation's open tickets -----------------------------------------------------


def test_a_plan_for_an_organisations_open_tickets(desk: Desk) -> None:
    """`sla.md` 3 and 5: recomputed from the clock's start, a pause kept, what is over left alone."""
    running, paused, resolved, closed = (desk.open() for _ in range(4))
    other = desk.json("ticket", "create", "--subject", "s", "--from", "x@else.example", "--body", "b")["id"]
    desk.later(hours=1)
    desk.json("ticket", "reply", paused, "--body", "seen")
    desk.json("ticket", "resolve", resolved)
    desk.json("ticket", "close", closed)
    desk.later(hours=1)
    assert desk.json("org", "edit", "Acme", "--plan", "early")["plan"] == "early"
    assert {desk.show(id_)["plan"] for id_ in (running, paused, resolved, closed)} == {"gold"}
    assert desk.show(desk.open())["plan"] == "early"
    assert desk.json("org", "edit", "Acme", "--plan", "strict", "--open-tickets")["plan"] == "strict"
    plans = [desk.show(id_)["plan"] for id_ in (running, paused, resolved, closed, other)]
    assert plans == ["strict", "strict", "strict", "gold", "gold"]
    edits = [event for event in desk.log("--ticket", running) if event["type"] == "edited"]
    assert [(event["actor"], event["data"]) for event in edits] == [
        ("ann", {"plan": {"before": "gold", "after": "strict"}})
    ]
    first = desk.show(running)["clocks"][0]
    assert (first["target_seconds"], first["due_at"], first["breached_at"]) == (
        3600, "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z",
    )  # fmt: skip
    assert desk.show(running)["clocks"][1]["state"] == "cancelled"
    assert desk.show(resolved)["status"] == "resolved"
    assert desk("db", "check").code == 0


def test_the_deadlines_that_another_plan_moves_are_listed(desk: Desk) -> None:
    ids = [desk.open(), desk.open()]
    desk.json("ticket", "close", desk.open())
    desk.later(hours=1, seconds=1)
    words = ("org", "edit", "Acme", "--plan", "strict", "--open-tickets")
    before = desk.path.read_bytes()
    dry = desk(*words, "--dry-run")
    assert desk.path.read_bytes() == before
    assert dry.err == "4 deadlines would move, 2 would be overdue at once.\nNothing was written.\n"
    table = dry.out.split("\nmoved\n")[1].splitlines()
    assert table[0].split() == ["ticket", "clock", "#", "before", "(UTC)", "after", "(UTC)", "overdue"]
    assert len(table) == 5
    would = desk.json(*words, "-n")
    assert (would["plan"], desk.json("org", "show", "Acme")["plan"]) == ("strict", "gold")
    done = desk(*words, "--json")
    assert (done.json, done.err) == (would, "4 deadlines move, 2 are overdue at once.\n")
    assert list(done.json) == [field.name for field in RECORDS["org"].fields]
    moved = [(row["ticket"], row["clock"], row["after"], row["overdue"]) for row in done.json["moved"]]
    assert moved == [
        row
        for id_ in ids
        for row in (
            (id_, "first_response", "2026-03-01T10:00:00Z", True),
            (id_, "resolution", None, False),
        )
    ]
    again = desk(*words)
    assert ("moved" in again.out, again.err) == (False, "No deadline moves.\n")
    assert "moved" not in desk.json("org", "edit", "Acme", "--vip")
    assert desk("org", "edit", "Acme", "--no-vip", "-n").err == "Nothing was written.\n"
    assert desk.json("org", "show", "Acme")["vip"] is True
    assert desk("db", "check").code == 0


def test_open_tickets_without_a_plan_go_to_the_organisations(desk: Desk) -> None:
    id_ = desk.open("--plan", "strict")
    assert desk.json("org", "edit", "Acme", "--open-tickets")["plan"] == "gold"
    assert desk.show(id_)["plan"] == "gold"
    again = desk.log()
    desk.json("org", "edit", "Acme", "--open-tickets")
    assert desk.log() == again


def test_a_plan_for_open_tickets_needs_an_agent(desk: Desk) -> None:
    desk.open()
    desk.json("agent", "retire", desk.json("agent", "show", "me", who=None)["login"])
    refused = desk.refused("org", "edit", "Acme", "--plan", "early", "--open-tickets", code=4, who=None)
    assert refused["code"] == "retired"
    assert desk.json("org", "show", "Acme")["plan"] == "gold"


def test_whoever_is_told_of_nothing_is_said(desk: Desk, tmp_path: Path) -> None:
    path = Path(policy_file(desk, tmp_path))
    text = path.read_text(encoding="utf-8").replace("notify: [team_lead]", "notify: [nettwork]")
    path.write_text(text, encoding="utf-8")
    told = "plans.gold escalation level 1: there is no team or agent 'nettwork' (did you mean 'network'?):"
    for more in (["-n"], [], ["--json"]):
        assert f"{told} nobody will be told\n" in desk("plan", "apply", path, *more).err
    assert told not in desk("plan", "apply", path, "-q").err
    id_ = desk.open()
    desk.later(days=1)
    line = next(line for line in desk("sweep").out.splitlines() if "escalated" in line)
    assert "(nobody told)" in line
    (event,) = desk.log("--ticket", id_, "--type", "escalated")
    assert event["data"]["nobody"] == ["nettwork"]
    assert desk("db", "check").code == 0


# -- agents ----------------------------------------------------------------------------------------


def test_an_agent_retires(desk: Desk) -> None:
    ids = [desk.open() for _ in range(2)]
    desk.json("ticket", "take", *ids)
    refused = desk.refused("agent", "retire", "ann", code=4)
    assert (refused["code"], refused["details"]) == ("holds_tickets", {"tickets": 2})
    assert refused["message"] == "ann has 2 tickets that are not closed"
    done = desk("agent", "retire", "ann", "--reassign-to", "bob", "--json")
    assert done.code == 0
    assert list(done.json) == [field.name for field in RECORDS["agent"].fields]
    assert done.json["retired"] is True
    assert done.err == "ann still leads network: `helpdesk team edit TEAM --lead AGENT`\n"
    assert [desk.json("ticket", "show", id_, who="bob")["assignee"] for id_ in ids] == ["bob", "bob"]
    assert "ann" not in desk("agent", "list", "-f", "ids", who="bob").out.split()
    assert "ann" in desk("agent", "list", "--all", "-f", "ids", who="bob").out.split()
    for words in (["ticket", "list"], ["ticket", "note", ids[0], "--body", "b"]):
        assert desk(*words).code == 4
    assert desk("ticket", "assign", ids[0], "--to", "ann", who="bob").code == 4
    assert desk("agent", "retire", "ann", who="bob").code == 0
    assert desk.json("agent", "edit", "ann", "--restore", who="bob")["retired"] is False
    assert desk("ticket", "list").code == 0
    assert desk("db", "check").code == 0


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("agent retire annn", 3, "unknown_agent"),
        ("agent retire ann --reassign-to bop", 3, "unknown_agent"),
        ("agent retire ann --reassign-to ann", 2, "same_agent"),
        ("agent edit ann", 2, "no_change"),
    ],
)
def test_a_retirement_that_is_refused(desk: Desk, words: str, code: int, error: str) -> None:
    assert desk.refused(*words.split(), code=code)["code"] == error
    assert row(desk, "agent", "ann")["retired"] is False
