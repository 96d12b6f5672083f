"""`ticket redact`: the text is nowhere left, not in the rows, not in the bytes of the files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import POLICY, SARA, Desk

from helpdesk_cli.errors import BusyError
from helpdesk_cli.services import conversation, redaction, tickets
from helpdesk_cli.services.app import App

SECRET = "hunter2-Grüße-тайна"
# In a page of the file, in pages of its own behind it, and as the whole of a message.
BODIES = (f"my password is {SECRET}, please", f"log:\n{'x' * 20_000} {SECRET} {'y' * 20_000}", SECRET)
REDACTED = "[redacted]"


def found(path: Path) -> list[str]:
    """The files beside the database, itself included, in which the secret stands."""
    return [
        file.name
        for file in sorted(path.parent.glob(f"{path.name}*"))
        if SECRET.encode() in file.read_bytes()
    ]


@pytest.mark.parametrize("body", BODIES)
def test_an_opening_message(desk: Desk, body: str) -> None:
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", body)
    desk.open()
    assert found(desk.path) == ["desk.db"]
    desk.later(minutes=1)
    ticket = desk.json("ticket", "redact", 1, "--message", 1, "--reason", "a  password")
    assert (ticket["id"], ticket["version"], ticket["updated_at"]) == (1, 3, desk.now)
    assert found(desk.path) == []
    shown = desk.show(1, "--events")
    assert [message["body"] for message in shown["messages"]] == [REDACTED]
    assert (shown["events"][-1]["type"], shown["events"][-1]["actor"]) == ("redacted", "ann")
    assert shown["events"][-1]["data"] == {"message": 1, "reason": "a password"}
    assert REDACTED in desk("ticket", "show", 1, "--customer-view").out
    assert "redacted: message 1, reason a password" in desk("ticket", "log", 1).out
    assert desk.json("db", "check")["ok"]


def test_what_a_program_of_the_policys_printed(desk: Desk, tmp_path: Path) -> None:
    """A hook may have looked the message up; its output in the journal goes, that on other tickets stays."""
    program, hooked = tmp_path / "tell", tmp_path / "hooked.yaml"
    program.write_text(f"#!/bin/sh\necho {SECRET}\n", encoding="utf-8")
    program.chmod(0o755)
    hooks = f"{{on: [note], run: [{program}]}}"
    hooked.write_text(POLICY.replace("{on: [redacted], run: [/bin/true]}", hooks), encoding="utf-8")
    desk.json("plan", "apply", hooked)
    for _ in range(3):
        desk.open()
    for ticket in (1, 2, 3):
        desk.json("ticket", "note", ticket, "--body", "b")
    desk.json("ticket", "merge", 2, 1)
    message = desk.show(2)["messages"][0]["id"]
    desk.json("ticket", "redact", 1, "--message", message, "--reason", "a password")
    assert [row["ticket"] for row in desk.json("hook", "list") if SECRET in row["output"]] == [3]


def test_an_answer_and_a_note_of_a_closed_ticket(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "reply", 1, "--body", f"yours is {SECRET}")
    desk.json("ticket", "note", 1, "--body", f"it was {SECRET}!")
    desk.json("ticket", "note", 1, "--edit", 3, "--body", f"it was {SECRET}, they say")
    desk.json("ticket", "close", 1)
    for message in (2, 3):
        desk.json("ticket", "redact", 1, "--message", message, "--reason", "a password")
    assert [message["body"] for message in desk.show(1)["messages"]] == ["No light", REDACTED, REDACTED]
    assert desk.show(1)["status"] == "closed"
    assert found(desk.path) == []


@pytest.mark.parametrize("others", [0, 60])
def test_its_words_are_not_found_any_more(desk: Desk, others: int) -> None:
    """Nor do they stand in the pages of the index, as what SQLite only notes as deleted there would."""
    words = ("quetzalcoatl", "пароль", "geheim99")
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", " ".join(words).upper())
    app = App(str(desk.path), now=desk.now, timezone="UTC")
    for n in range(others):  # parts of the index that are merged meanwhile
        conversation.note(app, 1, body=f"quetzal{n} tax{n} gehen{n}")
    app.close()
    for word in words:
        assert [hit["id"] for hit in desk.json("search", word)] == [1]
        assert word.encode() in desk.path.read_bytes()
    desk.json("ticket", "redact", 1, "--message", 1, "--reason", "r")
    for word in words:
        assert desk.json("search", f"{word}*") == []
        assert word.encode() not in desk.path.read_bytes().lower()
    assert [hit["message"] for hit in desk.json("search", "redacted")] == [1]


def test_a_note_that_was_edited_before(desk: Desk) -> None:
    """What an earlier wording left in the index goes with the next redaction of any message."""
    desk.open()
    desk.json("ticket", "note", 1, "--body", "quetzalcoatl")
    desk.json("ticket", "note", 1, "--edit", 2, "--body", "geheim99")
    assert desk.json("search", "quetzalcoatl") == []
    desk.json("ticket", "redact", 1, "--message", 2, "--reason", "r")
    assert not [word for word in (b"quetzalcoatl", b"geheim99") if word in desk.path.read_bytes()]


def test_twice_is_once(desk: Desk) -> None:
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", SECRET)
    words = ("ticket", "redact", 1, "--message", 1, "--reason", "r")
    first = desk.json(*words)
    desk.later(minutes=1)
    assert desk.json(*words)["version"] == first["version"]
    assert len(desk.log("--type", "redacted")) == 1


def test_the_page(desk: Desk) -> None:
    desk.open()
    assert desk("ticket", "redact", 1, "--message", 1, "--reason", "r").out.startswith("HD-1  Router down\n")


@pytest.mark.parametrize("wait", ["connected", "reading"])
def test_others_who_read(
    database_path: Path, make_app: Callable[..., App], monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    """Who is only connected is no hindrance; who is reading keeps a copy in the log, and that is told."""
    app = make_app()
    tickets.create(app, subject="s", sender=SARA, body=BODIES[0], priority="low")
    conversation.note(app, 1, body=BODIES[1])
    reader = sqlite3.connect(database_path, isolation_level=None)
    reader.execute("BEGIN" if wait == "reading" else "SELECT 1")
    assert reader.execute("SELECT count(*) FROM messages").fetchone() == (2,)
    assert found(database_path) == ["helpdesk.db-wal"]
    if wait == "reading":
        monkeypatch.setattr("helpdesk_cli.storage.sqlite._READERS_WAIT", 0.0)
        with pytest.raises(BusyError) as caught:
            redaction.redact(app, 1, 1, reason="r")
        assert (caught.value.exit_code, caught.value.code) == (5, "log_in_use")
        assert "helpdesk.db-wal" in caught.value.message
        assert "helpdesk.db-wal" in found(database_path)
        reader.execute("ROLLBACK")
    for message in (1, 2):
        redaction.redact(app, 1, message, reason="r")
    assert found(database_path) == []
    reader.close()


@pytest.mark.parametrize(("setting", "left"), [("ON", []), ("OFF", ["helpdesk.db"])])
def test_no_build_of_sqlite_leaves_what_is_deleted(
    database_path: Path, app: App, setting: str, left: list[str]
) -> None:
    """Some do unless told otherwise, as every connection is; so this test would notice."""
    assert app.db.query("PRAGMA secure_delete")[0]["secure_delete"] == 1
    app.db.query(f"PRAGMA secure_delete = {setting}")
    tickets.create(app, subject="s", sender=SARA, body=f"{SECRET} {'z' * 300}", priority="low")
    redaction.redact(app, 1, 1, reason="r")
    assert found(database_path) == left


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("1", "--message", "9", "--reason", "r"), 3, "message_not_found"),
        (("1", "--message", "2", "--reason", "r"), 3, "message_not_found"),
        (("9", "--message", "1", "--reason", "r"), 3, "ticket_not_found"),
        (("1", "--message", "1", "--reason", " "), 2, "empty_reason"),
        (("1", "--message", "1"), 2, "missing_parameter"),
        (("1", "--reason", "r"), 2, "missing_parameter"),
        (("1", "--message", "x", "--reason", "r"), 2, "bad_number"),
    ],
)
def test_bad_input(desk: Desk, words: tuple[str, ...], code: int, name: str) -> None:
    desk.open()
    desk.open()
    assert desk.refused("ticket", "redact", *words, code=code)["code"] == name
    assert desk.show(1)["messages"][0]["body"] == "No light"


def test_only_agents_redact(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open()
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    words = ("ticket", "redact", 1, "--message", 1, "--reason", "r")
    assert desk.refused(*words, who=None, code=4)["code"] == "no_agent"
