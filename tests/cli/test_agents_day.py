"""What an agent reads all day: who edited, who is in copy, what was changed, what is due, what to type."""

from __future__ import annotations

from typing import Any

import pytest
from desk import SARA, Desk

BOTH = "helpdesk ticket note ID for colleagues, helpdesk ticket reply ID for the customer"
TERMINAL: dict[str, Any] = {"tty": True, "env": {"NO_COLOR": "1", "COLUMNS": "100"}}


def test_an_edited_note_names_who_edited_it(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "theirs?")
    for minutes, who in ((1, "ann"), (2, "bob")):
        desk.later(minutes=minutes)
        edited = desk.json("ticket", "note", 1, "--edit", 2, "--body", f"{who}'s", who=who)
    assert (edited["author"], edited["edited_at"], edited["edited_by"]) == ("ann", desk.now, "bob")
    assert desk.show(1)["messages"][1] == edited
    first = desk.show(1)["messages"][0]
    assert (first["edited_at"], first["edited_by"]) == (None, None)
    head = "INTERNAL NOTE 2, ann, 2026-03-01 09:00:00, edited by bob 2026-03-01 09:03:00"
    assert head in desk("ticket", "show", 1).out.splitlines()


def test_who_is_in_copy_is_seen(desk: Desk) -> None:
    desk.open()
    words = ("ticket", "reply", 1, "--body", "b", "--cc", "eve@X.example,y@home.example")
    assert "  in copy: eve@x.example, y@home.example" in desk(*words).out.splitlines()
    assert [message["cc"] for message in desk.show(1)["messages"]] == [
        [],
        ["eve@x.example", "y@home.example"],
    ]
    assert "\nCc eve@x.example, y@home.example\n  b\n" in desk("ticket", "show", 1).out


def test_next_shows_what_was_said(desk: Desk) -> None:
    desk.open()
    for words in ((), ("--take",)):
        result = desk("ticket", "next", *words)
        assert result.out.endswith("\nMessage 1, sara@acme.example, 2026-03-01 09:00:00\n  No light\n")
    desk.open()
    assert "messages" not in desk.json("ticket", "next")


def test_next_says_what_is_owed_sooner(desk: Desk) -> None:
    mine, late, other = desk.open(), desk.open("--priority", "high"), desk.open()
    desk.json("ticket", "take", mine, late)
    desk.json("ticket", "take", other, who="bob")
    desk.later(hours=1)
    asked = desk.open()

    def told(*words: str, **more: Any) -> str:
        return desk("ticket", "next", "-f", "ids", *words, **more).err

    assert told() == "you have 2 in progress, due before it: HD-2 (0m left), HD-1 (3h left)\n"
    desk.later(seconds=1)
    assert told().startswith("you have 2 in progress, due before it: HD-2 (late by 1s), HD-1 (")
    assert told("--order", "fifo") == ""
    assert told("-q") == ""
    desk.json("ticket", "reply", late, "--body", "b")
    desk.json("ticket", "reply", mine, "--body", "b")
    assert told("--take") == ""
    assert desk.show(asked)["assignee"] == "ann"
    # No deadline at all is later than any; of many the first are named.
    desk.json("ticket", "take", *(desk.open("--priority", "high") for _ in range(3)))
    desk.open("--priority", "low")
    first = "HD-5 (1h left), HD-6 (1h left), HD-7 (1h left)"
    assert told() == f"you have 4 in progress, due before it: {first} and 1 more\n"


def test_none_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.refused("ticket", "next", code=3)["hint"] == "helpdesk ticket list --assignee me"
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    hint = desk.refused("ticket", "next", code=3, who=None)["hint"]
    assert hint == "helpdesk ticket list --status active"


@pytest.mark.parametrize(
    ("words", "heads", "value"),
    [
        ("hold 1 --until +2h", "status hold until (UTC) priority", "2026-03-01 11:00:00"),
        ("tag 1 --add vip,new", "status tags priority", "new, vip"),
        ("edit 1 --category sales", "status category priority", "sales"),
        ("edit 1 --type question --plan early", "status type plan priority", "question  early"),
        ("edit 1 --subject Fixed", "org subject", "Fixed"),
        ("assign 1 --team network", "status team priority", "network"),
        ("assign 1 --to bob", "assignee org", "bob"),
    ],
)
def test_a_verb_prints_what_it_changed(desk: Desk, words: str, heads: str, value: str) -> None:
    desk.open()
    head, line = desk("ticket", *words.split()).out.splitlines()
    assert heads in " ".join(head.split())
    assert value in line
    narrow = desk("ticket", *words.split(), tty=True, env={"COLUMNS": "60", "NO_COLOR": "1"})
    assert max(map(len, narrow.out.splitlines())) <= 60
    assert list(desk.json("ticket", *words.split())[0])[:3] == ["id", "ref", "version"]


@pytest.mark.parametrize(
    "words",
    [
        "tag 1 --remove nothere",
        "unassign 1",
        "hold 1 --until 2026-03-01T12:00",
        "edit 1 --priority normal",
        "edit 1 --status on_hold",
        "assign 1 --team none",
        "redact 1 --message 1 --reason again",
        "note 1 --edit 2 --body same",
    ],
)
def test_nothing_changed(desk: Desk, words: str) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "same")
    desk.json("ticket", "hold", 1, "--until", "2026-03-01T12:00")
    desk.json("ticket", "redact", 1, "--message", 1, "--reason", "a password")
    before = desk.log()
    result = desk("ticket", *words.split())
    assert (result.code, result.err) == (0, "HD-1: nothing changed\n")
    assert desk.log() == before
    assert "nothing" not in desk("ticket", "tag", 1, "--add", "x").err


def test_a_second_hold_shows_both_ends(desk: Desk) -> None:
    desk.open()
    for until in (["--until", "+1h"], ["--until", "+2h"], [], ["--until", "+3h"]):
        desk.json("ticket", "hold", 1, *until)
    lines = [
        line.partition("status_changed: ")[2]
        for line in desk("ticket", "log", 1).out.splitlines()
        if "status_changed" in line
    ]
    assert lines == [
        "open -> on_hold, until 2026-03-01 10:00:00",
        "on_hold -> on_hold, until 2026-03-01 10:00:00 -> 2026-03-01 11:00:00",
        "on_hold -> on_hold, until 2026-03-01 11:00:00 -> none",
        "on_hold -> on_hold, until none -> 2026-03-01 12:00:00",
    ]
    assert desk.show(1)["hold_until"] == "2026-03-01T12:00:00Z"
    assert desk.json("db", "check")["ok"]


def test_what_no_sweep_has_done_yet_is_said(desk: Desk) -> None:
    held, answered = desk.open(), desk.open()
    desk.json("ticket", "hold", held, "--until", "+2d")
    desk.json("ticket", "reply", answered, "--body", "b")
    desk.later(days=2, seconds=-1)

    def lines(id_: int) -> str:
        return " ".join(desk("ticket", "show", id_).out.split())

    assert "until 2026-03-03 09:00:00, " in lines(held)
    assert "Closes 2026-03-03 09:00:00 unless the customer writes" in lines(answered)
    desk.later(seconds=1)
    assert "until 2026-03-03 09:00:00 (over: the next sweep resumes it)" in lines(held)
    assert "Closes 2026-03-03 09:00:00 (due: the next sweep closes it)" in lines(answered)
    desk.json("sweep")
    assert "over:" not in lines(held)
    assert "due:" not in lines(answered)


def test_times_are_told_once(desk: Desk) -> None:
    desk.open()
    desk.later(hours=2, minutes=12)
    page = desk("ticket", "show", 1, **TERMINAL).out
    assert "Opened      2026-03-01 09:00:00 (2h12m ago) via cli" in page
    assert "Times in    UTC" in page
    assert "1h48m left\n" in page
    desk.later(days=100)
    assert "Opened      2026-03-01 09:00:00 via cli" in desk("ticket", "show", 1, **TERMINAL).out


def test_an_answer_says_which_clock_is_next(desk: Desk) -> None:
    desk.open()
    for words, clock in (((), "first response"), (("--status", "open"), "resolution")):
        sender = () if words else ("--from", SARA)
        told = desk("ticket", "reply", 1, "--body", "b", *sender, *words).out
        assert f" (UTC), {clock}\n" in told


@pytest.mark.parametrize(
    ("ways", "verb", "told"),
    [
        (["close"], "close", "closed already: allowed from open, in_progress"),
        (["resolve"], "resolve", "resolved already: allowed from open, in_progress"),
        (["close"], "resolve", "closed and cannot be resolved: allowed from open, in_progress"),
        ([], "resume", "open already: allowed from waiting_customer, on_hold"),
        (["take"], "resume", "in_progress already: allowed from waiting_customer, on_hold"),
        (["resolve"], "resume", "resolved and cannot be resumed: allowed from waiting_customer, on_hold"),
        ([], "reopen", "open already: allowed from resolved, closed"),
        (["close"], "take", "closed and cannot be taken: allowed from open"),
    ],
)
def test_what_is_so_already(desk: Desk, ways: list[str], verb: str, told: str) -> None:
    desk.open()
    for way in ways:
        desk.json("ticket", way, 1)
    error = desk.refused("ticket", verb, 1, code=4)
    assert error["message"].startswith(f"HD-1 is {told}")
    assert error["code"] == "transition"


def test_clocks_and_messages_in_a_cell(desk: Desk) -> None:
    desk.open("--priority", "high")
    desk.later(hours=2)
    desk.json("ticket", "reply", 1, "--body", "\nOn our way\nsoon")
    shown = desk("ticket", "show", 1, "--fields", "clocks,messages").out
    assert "first_response breached late by 1h; resolution paused 6h left" in shown
    assert "1 sara@acme.example: No light; 2 ann: On our way\n" in shown


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("view 1", "helpdesk ticket show ID"),
        (
            "comment 1 hello",
            BOTH,
        ),
        ("annotate 1", BOTH),
        ("steal 1", "helpdesk ticket take ID --steal"),
        ("start 1", "helpdesk ticket take ID"),
        ("done 1", "helpdesk ticket resolve ID"),
        ("modify 1", "helpdesk ticket edit ID"),
        ("1", "helpdesk ticket show 1"),
        ("HD-1", "helpdesk ticket show 1"),
        ("assign 1 bob", "an agent is named with --to AGENT"),
    ],
)
def test_the_words_of_other_tools(desk: Desk, line: str, hint: str) -> None:
    desk.open()
    result = desk("ticket", *line.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[1] == f"Hint: {hint}"


def test_a_number_sign_is_a_reference_too(desk: Desk) -> None:
    desk.open()
    assert desk.show("#1")["id"] == 1  # type: ignore[arg-type]
    assert desk("ticket", "show", "##1").code == 2


def test_pressing_words_outlive_other_columns(desk: Desk) -> None:
    desk.open("--priority", "high")
    desk.later(hours=1, seconds=1)
    for columns in ("80", "40"):
        listed = desk("ticket", "list", tty=True, env={"COLUMNS": columns, "NO_COLOR": "1"}).out
        assert "overdue" in listed
        assert ("Acme" in listed) == (columns == "80")


def test_what_time_did_is_told_once(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "reply", 1, "--body", "b")
    desk.later(days=2)
    result = desk("ticket", "edit", 1, "--priority", "high")
    assert result.err == "HD-1 went from waiting_customer to closed by itself, 2026-03-03 09:00:00 UTC\n"


@pytest.mark.parametrize(
    ("sender", "hint"),
    [
        ("Sara <sara@ACME.example>", "give the address alone: sara@acme.example"),
        ("<sara@acme.example>", "give the address alone: sara@acme.example"),
        ("-oQ/tmp@acme.example", "write it as name@domain, such as ann@acme.example"),
        ("Sara <sara>", "write it as name@domain, such as ann@acme.example"),
        ("<<a@b.example>>", "write it as name@domain, such as ann@acme.example"),
    ],
)
def test_addresses(desk: Desk, sender: str, hint: str) -> None:
    error = desk.refused("ticket", "create", "--subject", "s", f"--from={sender}", "--body", "b", code=2)
    assert (error["code"], error["hint"]) == ("bad_address", hint)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("\n \n  indented\n\nb\n\n", "  indented\n\nb"), ("\r\n\r\na", "a"), ("a", "a"), ("\t\n\n x", " x")],
)
def test_blank_lines_around_a_text_are_dropped(desk: Desk, given: str, kept: str) -> None:
    desk.open()
    assert desk.json("ticket", "note", 1, "--body", given)["body"] == kept
