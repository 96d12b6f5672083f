"""`ticket assign`, `edit`, `tag`, and verbs on several tickets at once."""

from __future__ import annotations

from typing import Any

import pytest
from desk import Desk


def test_assigning(desk: Desk) -> None:
    id_ = desk.open()
    ticket = desk.json("ticket", "assign", id_, "--to", "BOB", "--team", "network")[0]
    assert (ticket["assignee"], ticket["team"], ticket["status"]) == ("bob", "network", "open")
    assert desk.log("--type", "assigned")[0]["data"] == {
        "assignee": {"before": None, "after": "bob"}, "team": {"before": None, "after": "network"},
    }  # fmt: skip
    assert desk.json("ticket", "assign", id_, "--to", "me")[0]["assignee"] == "ann"
    freed = desk.json("ticket", "unassign", id_)[0]
    assert (freed["assignee"], freed["team"]) == (None, "network")
    assert desk.json("ticket", "assign", id_, "--team", "none")[0]["team"] is None
    assert desk.log("--type", "assigned")[-1]["data"] == {"team": {"before": "network", "after": None}}
    assert desk.refused("ticket", "assign", id_, code=2)["code"] == "usage"
    assert "ticket unassign" in desk.refused("ticket", "assign", id_, "--to", "none", code=2)["hint"]
    assert desk.refused("ticket", "assign", id_, "--to", "bbo", code=3)["hint"] == "did you mean 'bob'?"
    assert desk.refused("ticket", "assign", id_, "--team", "netwrok", code=3)["code"] == "unknown_team"


def test_editing_fields(desk: Desk) -> None:
    id_ = desk.open("--category", "sales", "--type", "question")
    desk.later(minutes=30)
    words = (
        "--priority",
        "high",
        "--category",
        "technical",
        "--subject",
        " New  subject ",
        "--plan",
        "early",
    )
    ticket = desk.json("ticket", "edit", id_, *words)[0]
    assert [ticket[key] for key in ("priority", "category", "subject", "plan", "version")] == [
        "high", "technical", "New subject", "early", 3,
    ]  # fmt: skip
    data = desk.log("--type", "edited")[0]["data"]
    assert data["priority"] == {"before": "normal", "after": "high"}
    assert data["subject"] == {"before": "Router down", "after": "New subject"}
    assert desk.json("ticket", "edit", id_, *words)[0]["version"] == 3
    emptied = desk.json("ticket", "edit", id_, "--category", "none", "--type", "none", "--org", "none")[0]
    assert (emptied["category"], emptied["type"], emptied["org"]) == (None, None, None)
    assert desk.json("ticket", "edit", id_, "--org", "ACME")[0]["org"] == "Acme"
    assert desk.refused("ticket", "edit", id_, code=2)["code"] == "usage"


def test_a_priority_moves_deadlines_from_the_clocks_start(desk: Desk) -> None:
    id_ = desk.open()
    desk.later(hours=2)
    ticket = desk.json("ticket", "edit", id_, "--priority", "high")[0]
    first = ticket["clocks"][0]
    assert (first["due_at"], first["breached_at"]) == ("2026-03-01T10:00:00Z", desk.now)


def test_if_version(desk: Desk) -> None:
    id_ = desk.open()
    version = desk.show(id_)["version"]
    assert desk.json("ticket", "edit", id_, "--priority", "high", "--if-version", version)
    error = desk.refused("ticket", "edit", id_, "--priority", "low", "--if-version", version, code=4)
    assert (error["code"], error["details"]["version"]) == ("version_conflict", version + 1)


def test_tags(desk: Desk) -> None:
    id_ = desk.open("--tag", "new")
    ticket = desk.json("ticket", "tag", id_, "--add", "vip,network", "--remove", "new", "--remove", "absent")[
        0
    ]
    assert ticket["tags"] == ["network", "vip"]
    assert desk.log("--type", "tagged")[0]["data"] == {
        "tags": {"before": ["new"], "after": ["network", "vip"]}
    }
    version = ticket["version"]
    assert desk.json("ticket", "tag", id_, "--add", "vip")[0]["version"] == version
    assert desk.refused("ticket", "tag", id_, code=2)["code"] == "usage"


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("--status", "resovled"), 2, "unknown_status"),
        (("--priority", "hihg"), 3, "unknown_priority"),
        (("--category", "tecnical"), 3, "unknown_category"),
        (("--type", "qestion"), 3, "unknown_type"),
        (("--plan", "glod"), 3, "unknown_plan"),
        (("--org", "Acne"), 3, "unknown_org"),
        (("--priority", "old"), 4, "retired"),
        (("--subject", ""), 2, "empty_subject"),
        (("--if-version", "-1", "--status", "open"), 2, "bad_number"),
        (("--subject", "new", "--status", "closed", "--priority", "none"), 3, "unknown_priority"),
    ],
)
def test_refused_edits_write_nothing(desk: Desk, words: tuple[str, ...], code: int, name: str) -> None:
    id_ = desk.open()
    before = desk.show(id_)
    assert desk.refused("ticket", "edit", id_, *words, code=code)["code"] == name
    assert desk.show(id_) == before


@pytest.mark.parametrize(
    ("until", "code"),
    [("2026-02-31", "bad_time"), ("2026-03-29T02:30", "bad_time"), ("soon", "bad_time")],
)
def test_impossible_times(desk: Desk, until: str, code: str) -> None:
    id_ = desk.open()
    words = ("ticket", "hold", id_, "--until", until, "--timezone", "Europe/Berlin")
    assert desk.refused(*words, code=2)["code"] == code
    assert desk.refused(*words[:4], "now", "--timezone", "Europe/Berlni", code=2)["code"] == "unknown_zone"


def test_an_end_of_hold_that_is_past_is_told_in_the_users_zone(desk: Desk) -> None:
    id_ = desk.open()
    error = desk.refused("ticket", "hold", id_, "--until", "-2h", "--timezone", "Asia/Riyadh", code=2)
    assert error["message"] == (
        "--until 2026-03-01 10:00:00 Asia/Riyadh is not after now (2026-03-01 12:00:00 Asia/Riyadh)"
    )
    error = desk.refused("ticket", "hold", id_, "--until", "now", code=2)
    assert error["message"].startswith("--until 2026-03-01 09:00:00 UTC is not after now")


def test_several_at_once(desk: Desk) -> None:
    for _ in range(3):
        desk.open()
    result = desk("ticket", "resolve", "HD-2", "1", "2", "99", "--json")
    assert result.code == 7
    assert [ticket["id"] for ticket in result.json] == [2, 1]
    assert [error["code"] for error in result.errors] == ["ticket_not_found"]
    plain = desk("ticket", "resolve", "1", "3")
    assert plain.code == 7
    assert "Error: HD-1 is resolved already: allowed from open, in_progress" in plain.err
    assert desk.show(3)["status"] == "resolved"


def test_ids_from_stdin(desk: Desk) -> None:
    ids = [desk.open() for _ in range(3)]
    listed = desk("ticket", "list", "-f", "ids").out
    result = desk("ticket", "take", "-", "--json", stdin=listed + "\nHD-1\nx\n")
    assert result.code == 7
    assert [ticket["id"] for ticket in result.json] == ids
    assert {ticket["status"] for ticket in result.json} == {"in_progress"}
    assert [error["code"] for error in result.errors] == ["bad_ticket"]


def test_a_single_id_has_its_own_code(desk: Desk) -> None:
    for words, code in ((("ticket", "take", "99"), 3), (("ticket", "resume", desk.open()), 4)):
        result = desk(*words, "--json")
        assert (result.code, result.json) == (code, [])


def test_what_an_agent_says_is_not_the_customers(desk: Desk) -> None:
    id_ = desk.open()
    more: dict[str, Any] = {"code": 2}
    assert desk.refused("ticket", "close", id_, "--as-customer", "--body", "b", **more)["code"] == "usage"
    assert (
        desk.refused("ticket", "close", id_, "--as-customer", "--reason", "spam", **more)["code"] == "usage"
    )
