"""`ticket reply` and `note`: who may write, what it does, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import OMAR, SARA, Desk


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's user is no agent."""
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")


def test_an_answer(desk: Desk) -> None:
    id_ = desk.open()
    message = desk.json("ticket", "reply", id_, "--body", "On our way")
    assert message == {
        "id": 2, "ticket": id_, "at": desk.now, "author": "ann", "from": "ann@desk.example", "public": True,
        "channel": "cli", "body": "On our way", "attachments": [], "cc": [], "edited_at": None,
        "edited_by": None, "created": True,
    }  # fmt: skip
    ticket = desk.show(id_)
    assert (ticket["status"], ticket["assignee"]) == ("waiting_customer", None)
    assert ticket["first_responded_at"] == desk.now


def test_the_confirmation(desk: Desk) -> None:
    id_ = desk.open()
    page = desk("ticket", "reply", id_, "--body", "On our way").out
    assert page.splitlines() == [
        "Message 2 to HD-1  Router down",
        "  by ann, 2026-03-01 09:00:00; the ticket is waiting_customer",
        "  closes by itself 2026-03-03 09:00:00 (UTC) unless the customer writes",
    ]
    french = desk("ticket", "reply", id_, "--body", "b", "--lang", "fr").out
    assert "the ticket is En attente du client" in french


def test_with_a_status_the_message_counts_in_the_reopened_ticket(desk: Desk) -> None:
    id_ = desk.bring("resolved")
    desk.later(minutes=1)
    desk.json("ticket", "reply", id_, "--body", "not yet", "--status", "in_progress")
    ticket = desk.show(id_)
    assert (ticket["status"], ticket["assignee"]) == ("in_progress", "ann")
    first = next(clock for clock in ticket["clocks"] if clock["name"] == "first_response")
    assert first["met_at"] == desk.now


def test_the_customers_side(desk: Desk) -> None:
    id_ = desk.open()
    assert desk.json("ticket", "reply", id_, "--from", OMAR, "--body", "me too")["author"] == OMAR
    error = desk.refused("ticket", "reply", id_, "--from", "x@home.example", "--body", "b", code=4)
    assert error["code"] == "not_a_participant"
    desk.json("ticket", "reply", id_, "--body", "b", "--cc", "X@home.example,y@home.example")
    assert desk.json("ticket", "reply", id_, "--from", "x@home.example", "--body", "b")["public"]
    error = desk.refused("ticket", "reply", id_, "--from", "bob@desk.example", "--body", "b", code=4)
    assert error["code"] == "agent_address"
    error = desk.refused("ticket", "reply", id_, "--from", SARA, "--status", "open", "--body", "b", code=2)
    assert "--status" in error["message"]


def test_a_refused_sender_leaves_no_contact(desk: Desk) -> None:
    id_ = desk.open()
    desk.refused("ticket", "reply", id_, "--from", "x@home.example", "--body", "b", code=4)
    assert [contact["email"] for contact in desk.json("contact", "list")] == [SARA]


@pytest.mark.usefixtures("stranger")
def test_only_agents_speak_as_support(desk: Desk) -> None:
    id_ = desk.open()
    for words in (("reply", id_, "--body", "b"), ("note", id_, "--body", "b"), ("take", id_), ("close", id_)):
        error = desk.refused("ticket", *words, who=None, code=4)
        assert error["code"] == "no_agent"
        assert "helpdesk agent create stranger" in error["hint"]
    assert desk("ticket", "reply", id_, "--from", SARA, "--body", "b", who=None).code == 0
    assert desk("ticket", "show", id_, who=None).code == 0
    assert desk.refused("ticket", "take", id_, who="an", code=3)["hint"] == "did you mean 'ann'?"


def test_the_same_key_twice_is_the_same_message(desk: Desk) -> None:
    id_ = desk.open()
    for sender in ((), ("--from", SARA)):
        words = ("ticket", "reply", id_, *sender, "--body", "b", "--idempotency-key", f"k{sender}")
        first = desk.json(*words)
        status = desk.show(id_)["status"]
        desk.later(minutes=1)
        assert desk.json(*words) == {**first, "created": False}
        assert desk.show(id_)["status"] == status
    assert len(desk.show(id_)["messages"]) == 3


def test_notes_are_internal(desk: Desk) -> None:
    id_ = desk.open()
    clocks = desk.show(id_)["clocks"]
    desk.json("ticket", "note", id_, "--body-file", "-", stdin="their firewall?")
    note = desk.json("ticket", "note", id_, "--edit", 2, "--body", "ours")
    assert (note["id"], note["public"], note["body"]) == (2, False, "ours")
    ticket = desk.show(id_, "--events")
    assert (ticket["status"], ticket["clocks"]) == ("open", clocks)
    assert [event["data"] for event in ticket["events"] if event["type"] == "note"] == [
        {"message": 2}, {"message": 2, "edited": True},
    ]  # fmt: skip
    assert "INTERNAL NOTE 2, ann" in desk("ticket", "show", id_).out
    seen = desk.show(id_, "--customer-view", "--events")
    assert [message["id"] for message in seen["messages"]] == [1]
    assert not [event for event in seen["events"] if event["type"] == "note"]


def test_what_cannot_be_edited(desk: Desk, tmp_path: Path) -> None:
    id_ = desk.open()
    assert desk.refused("ticket", "note", id_, "--edit", 1, "--body", "x", code=4)["code"] == "not_a_note"
    assert (
        desk.refused("ticket", "note", id_, "--edit", 9, "--body", "x", code=3)["code"] == "message_not_found"
    )
    desk.json("ticket", "note", id_, "--body", "their firewall")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "not $(cat "$1")" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    assert desk("ticket", "note", id_, "--edit", 2, tty=True, env={"EDITOR": str(editor)}).code == 0
    assert desk.show(id_)["messages"][1]["body"] == "not their firewall"


@pytest.mark.parametrize("words", [("reply", 99), ("note", 99), ("reply", 99, "--from", SARA)])
def test_an_unknown_ticket(desk: Desk, words: tuple[object, ...]) -> None:
    assert desk.refused("ticket", *words, "--body", "b", code=3)["code"] == "ticket_not_found"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("reply", "1x", "--body", "b"), "bad_ticket"),
        (("reply", "1", "--body", ""), "empty_body"),
        (("reply", "1", "--body", "b", "--body-file", "-"), "usage"),
        (("reply", "1", "--body", "b", "--status", "anwsered"), "unknown_status"),
        (("reply", "1", "--body", "b", "--cc", "nobody"), "bad_address"),
        (("note", "1", "--body", "b", "--edit", "x"), "bad_number"),
    ],
)
def test_bad_input(desk: Desk, words: tuple[str, ...], code: str) -> None:
    desk.open()
    error = desk.refused("ticket", *words, code=2)
    assert error["code"] == code
    if code == "unknown_status":
        assert "answered" in error["hint"]
