"""`ticket create`: who may open a ticket for whom, what it begins with, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import SARA, Desk

NEW = ("ticket", "create", "--subject", "Router down", "--from", SARA, "--body", "No light")


def test_the_record(desk: Desk) -> None:
    ticket = desk.json(*NEW, "--priority", "high", "--category", "technical", "--tag", "b,a", "--tag", "c")
    assert (ticket["id"], ticket["ref"], ticket["created"]) == (1, "HD-1", True)
    assert (ticket["status"], ticket["org"], ticket["requester"]) == ("open", "Acme", SARA)
    assert (ticket["plan"], ticket["channel"], ticket["tags"]) == ("gold", "cli", ["a", "b", "c"])
    clocks = {clock["name"]: clock["due_at"] for clock in ticket["clocks"]}
    assert clocks == {"first_response": "2026-03-01T10:00:00Z", "resolution": "2026-03-01T17:00:00Z"}
    assert ticket["next_due_at"] == "2026-03-01T10:00:00Z"


def test_the_page(desk: Desk) -> None:
    page = desk(*NEW).out
    assert page.splitlines()[0] == "HD-1  Router down"
    assert "first response  running  2h..4h  2026-03-01 13:00:00  4h left" in page
    uncovered = desk(*NEW, "--priority", "low")
    assert "not covered" in uncovered.out
    assert "plan gold does not cover priority low: no deadlines" in uncovered.err
    assert "type wish is excluded" in desk(*NEW, "--type", "wish").err


def test_somebody_who_is_no_agent_may_open_one(desk: Desk) -> None:
    assert desk.json(*NEW, who=None)["assignee"] is None
    assert desk.log()[0]["actor"] == SARA


def test_unknown_senders_are_served(desk: Desk) -> None:
    known = desk.json("ticket", "create", "--subject", "s", "--from", "new@acme.example", "--body", "b")
    assert (known["org"], known["plan"]) == ("Acme", "gold")
    alone = desk.json("ticket", "create", "--subject", "s", "--from", "me@home.example", "--body", "b")
    assert (alone["org"], alone["plan"]) == (None, "gold")
    named = desk.json(
        "ticket", "create", "--subject", "s", "--from", "x@home.example", "--body", "b", "--org", "acme"
    )
    assert named["org"] == "Acme"
    emails = [contact["email"] for contact in desk.json("contact", "list")]
    assert emails == ["me@home.example", "new@acme.example", "x@home.example"]


def test_a_domain_of_two_organisations_is_refused(desk: Desk) -> None:
    desk.json("org", "create", "Acme France", "--domain", "acme.example")
    error = desk.refused(*NEW, code=4)
    assert error["code"] == "ambiguous_domain"
    assert error["details"]["candidates"] == ["Acme", "Acme France"]


def test_an_agents_address_is_no_customers(desk: Desk) -> None:
    error = desk.refused(
        "ticket", "create", "--subject", "s", "--from", "bob@desk.example", "--body", "b", code=4
    )
    assert error["code"] == "agent_address"


def test_on_behalf_starts_no_response_clock(desk: Desk) -> None:
    ticket = desk.json(*NEW, "--on-behalf")
    assert [clock["name"] for clock in ticket["clocks"]] == ["resolution"]
    first = desk.show(ticket["id"])["messages"][0]
    assert (first["author"], first["public"]) == ("ann", True)
    desk.later(minutes=5)
    desk.json("ticket", "reply", 1, "--from", SARA, "--body", "thanks")
    clocks = {clock["name"]: clock["starts_at"] for clock in desk.show(1)["clocks"]}
    assert clocks["first_response"] == desk.now


def test_only_an_agent_opens_one_on_behalf(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    error = desk.refused(*NEW, "--on-behalf", who=None, code=4)
    assert error["code"] == "no_agent"
    assert "helpdesk agent create stranger" in error["hint"]


def test_the_same_key_twice_is_the_same_ticket(desk: Desk) -> None:
    first = desk.json(*NEW, "--idempotency-key", "k1")
    again = desk.json("ticket", "create", "--subject", "other", "--from", SARA, "--body", "b",
                      "--idempotency-key", "k1")  # fmt: skip
    assert (first["created"], again["created"]) == (True, False)
    assert again["id"] == first["id"]
    assert again["subject"] == "Router down"
    assert "was opened with this key before" in desk(*NEW, "--idempotency-key", "k1").err
    assert len(desk.json("ticket", "list")) == 1
    assert desk.refused(*NEW, "--idempotency-key", "", code=2)["code"] == "bad_key"


def test_where_the_text_comes_from(desk: Desk, tmp_path: Path) -> None:
    bare = NEW[:-2]
    desk.json(*bare, "--body-file", "-", stdin="from stdin\r\n\r\n")
    (tmp_path / "mail.txt").write_text("from a file", encoding="utf-8")
    desk.json(*bare, "--body-file", tmp_path / "mail.txt")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "from the editor" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    assert desk(*bare, tty=True, env={"VISUAL": str(editor)}).code == 0
    bodies = [desk.show(n)["messages"][0]["body"] for n in (1, 2, 3)]
    assert bodies == ["from stdin", "from a file", "from the editor"]


@pytest.mark.parametrize(
    ("words", "more", "code"),
    [
        ((*NEW, "--body-file", "-"), {}, "usage"),
        (NEW[:-2], {}, "no_text"),
        (NEW[:-2], {"tty": True}, "no_text"),
        ((*NEW[:-2], "--body-file", "/no/such"), {}, "bad_input"),
        ((*NEW[:-2], "--body-file", "-"), {"stdin": b"caf\xe9"}, "bad_input"),
        ((*NEW[:-2], "--body-file", "-"), {"stdin": " \n\n"}, "empty_body"),
        ((*NEW[:-2], "--body", "caf\udce9"), {}, "bad_value"),
        ((*NEW, "--subject", " \t "), {}, "empty_subject"),
        ((*NEW, "--subject", "x" * 999), {}, "long_subject"),
        ((*NEW, "--from", "nobody"), {}, "bad_address"),
        ((*NEW, "--tag", "two words"), {}, "bad_tag"),
        ((*NEW, "--channel", "\x1b[2J"), {}, "bad_text"),
        (("ticket", "create", "--from", SARA, "--body", "b"), {}, "missing_parameter"),
    ],
)  # fmt: skip
def test_bad_input(desk: Desk, words: tuple[str, ...], more: dict[str, Any], code: str) -> None:
    assert desk.refused(*words, code=2, **more)["code"] == code


@pytest.mark.parametrize(
    ("option", "word", "code", "exit_code", "near"),
    [
        ("--priority", "hihg", "unknown_priority", 3, "high"),
        ("--category", "tecnical", "unknown_category", 3, "technical"),
        ("--type", "qestion", "unknown_type", 3, "question"),
        ("--plan", "glod", "unknown_plan", 3, "gold"),
        ("--org", "Acne", "unknown_org", 3, "Acme"),
        ("--priority", "old", "retired", 4, ""),
    ],
)
def test_unknown_names(desk: Desk, option: str, word: str, code: str, exit_code: int, near: str) -> None:
    error = desk.refused(*NEW, option, word, code=exit_code)
    assert error["code"] == code
    assert near in error["hint"]


def test_hostile_text_is_kept_and_shown_harmless(desk: Desk) -> None:
    hostile = "\x1b]0;owned\x07 \u202eevil\u2066 \x9b2J"
    id_ = desk.open("--body", f"line\n{hostile}\tend", subject=hostile)
    assert desk.show(id_)["subject"] == hostile.replace("\t", " ")
    for words in (
        ("ticket", "show", id_, "--events"), ("ticket", "list"), ("ticket", "log", id_), ("notice", "list"),
        ("event", "list"), ("ticket", "show", id_, "-f", "jsonl"), ("ticket", "list", "-f", "ids"),
    ):  # fmt: skip
        for tty in (False, True):
            out = desk(*words, tty=tty, env={"NO_COLOR": "1"}).out
            assert not set(out) & set("\x1b\x07\x9b\u202e\u2066"), words


def test_a_missing_database_is_said_first(desk: Desk, tmp_path: Path) -> None:
    result = desk("--db", tmp_path / "none.db", *NEW)
    assert result.code == 3
    assert "helpdesk init" in result.err
