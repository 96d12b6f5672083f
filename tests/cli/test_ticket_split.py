"""`ticket split`: a message begins a ticket of its own; its clocks start at the message (`sla.md 5`, D14)."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import OMAR, SARA, START, Desk

from helpdesk_cli.services.app import App
from helpdesk_cli.storage import attachments

WRITTEN = "2026-03-01T09:30:00Z"


@pytest.fixture
def thread(desk: Desk) -> Desk:
    """Ticket 1 with sara's opening message, ann's answer (2), omar's other question (3, half an hour later)
    and a note (4)."""
    desk.open(
        "--priority",
        "high",
        "--category",
        "technical",
        "--type",
        "question",
        "--tag",
        "vip",
        "--plan",
        "gold",
    )
    desk.later(minutes=10)
    desk.json("ticket", "reply", 1, "--body", "Which one?")
    desk.later(minutes=20)
    assert desk.now == WRITTEN
    desk.json("ticket", "reply", 1, "--from", OMAR, "--body", "And a new phone", "--cc", "boss@acme.example")
    desk.json("ticket", "note", 1, "--body", "two things")
    return desk


def ok(desk: Desk) -> None:
    assert desk.json("db", "check") == {"ok": True, "problems": []}


def clocks(record: dict[str, object]) -> dict[str, tuple[str, str | None]]:
    return {clock["name"]: (clock["state"], clock["due_at"]) for clock in record["clocks"]}


def test_it_begins_with_the_message_and_when_that_was_written(thread: Desk) -> None:
    thread.later(minutes=15)
    record = thread.json("ticket", "split", 1, "--message", 3)
    assert (record["id"], record["created_at"], record["requester"]) == (2, WRITTEN, OMAR)
    assert (record["status"], record["last_customer_message_at"]) == ("open", WRITTEN)
    assert clocks(record) == {
        "first_response": ("running", "2026-03-01T10:30:00Z"),
        "resolution": ("running", "2026-03-01T17:30:00Z"),
    }
    (message,) = thread.show(2)["messages"]
    assert (message["at"], message["author"], message["body"]) == (WRITTEN, OMAR, "And a new phone")
    assert message["cc"] == ["boss@acme.example"]
    ok(thread)


def test_it_is_what_the_ticket_is(thread: Desk) -> None:
    thread.json("ticket", "assign", 1, "--to", "bob", "--team", "network")
    old, new = thread.show(1), thread.json("ticket", "split", 1, "--message", 3)
    same = ("subject", "org", "priority", "category", "type", "plan", "tags", "channel")
    assert {key: new[key] for key in same} == {key: old[key] for key in same}
    assert (new["assignee"], new["team"], new["time_spent_seconds"]) == (None, None, 0)
    assert new["links"] == [{"kind": "related", "ref": "HD-1"}]


def test_the_plan_is_kept_where_new_tickets_would_get_another(thread: Desk) -> None:
    """And everything else as it is now, not as it was when the message came."""
    thread.json("ticket", "edit", 1, "--plan", "early", "--priority", "normal", "--type", "none")
    new = thread.json("ticket", "split", 1, "--message", 3)
    assert (new["plan"], new["priority"], new["type"]) == ("early", "normal", None)
    assert clocks(new) == {
        "first_response": ("running", "2026-03-01T10:30:00Z"),
        "resolution": ("none", None),
    }


def test_another_subject(thread: Desk) -> None:
    thread.json("ticket", "split", 1, "--message", 3, "--subject", "  A new\tphone ")
    assert [thread.show(id_)["subject"] for id_ in (1, 2)] == ["Router down", "A new phone"]
    found = {hit["id"] for hit in thread.json("search", "phone")}
    assert found == {1, 2}
    assert {hit["id"] for hit in thread.json("search", "router")} == {1}
    ok(thread)
    assert thread.json("db", "check", "--deep")["ok"]


def test_the_source_keeps_its_thread_and_its_clocks(thread: Desk) -> None:
    before = thread.show(1, "--events")
    thread.json("ticket", "split", 1, "--message", 3)
    after = thread.show(1, "--events")
    assert after["events"][:-1] == before["events"]
    last = after["events"][-1]
    assert (last["type"], last["data"]) == ("split", {"message": 3, "into": "HD-2"})
    changed = {key for key in before if before[key] != after[key]} - {"events"}
    assert changed == {"version"}


def test_the_log_of_the_new_one_says_where_it_came_from(thread: Desk) -> None:
    thread.later(minutes=5)
    thread.json("ticket", "split", 1, "--message", 3)
    told = [(event["type"], event["at"], event["actor"]) for event in thread.log("--ticket", 2)]
    assert told == [
        ("created", WRITTEN, "ann"),
        ("clock_started", WRITTEN, "ann"),
        ("message", WRITTEN, OMAR),
        ("clock_started", WRITTEN, OMAR),
        ("split", thread.now, "ann"),
        ("linked", thread.now, "ann"),
    ]
    (split,) = thread.log("--ticket", 2, "--type", "split")
    assert split["data"] == {"message": 3, "from": "HD-1"}


@pytest.mark.parametrize(("minutes", "late"), [(60, False), (60.02, True)])
def test_what_is_late_by_now_was_late_at_its_own_instant(thread: Desk, minutes: float, late: bool) -> None:
    """One hour for the first response of a high priority: met at its last second, late in the next."""
    thread.later(minutes=minutes)
    record = thread.json("ticket", "split", 1, "--message", 3)
    assert record["breached"] is late
    breaches = thread.log("--ticket", 2, "--type", "clock_breached")
    assert [(event["at"], event["actor"]) for event in breaches] == (
        [("2026-03-01T10:30:01Z", "sweep")] if late else []
    )
    if late:
        assert record["clocks"][0]["breached_at"] == "2026-03-01T10:30:00Z"
        (fired,) = record["clocks"][0]["escalations"]
        assert fired["fired_at"] == "2026-03-01T10:30:01Z"
        assert "late" in record["tags"]
    assert (thread.json("sweep")["breached"] == []) or not late
    ok(thread)


def test_the_new_one_lives_on_as_any_other(thread: Desk) -> None:
    thread.later(minutes=5)
    thread.json("ticket", "split", 1, "--message", 3)
    thread.json("ticket", "reply", 2, "--body", "It is ordered")
    record = thread.show(2)
    assert (record["status"], record["first_responded_at"]) == ("waiting_customer", thread.now)
    thread.later(days=3)
    thread.json("sweep")
    assert [thread.show(id_)["status"] for id_ in (1, 2)] == ["open", "closed"]
    ok(thread)


def test_an_answer_of_supports_begins_a_ticket_for_the_requester(thread: Desk) -> None:
    """As one that an agent opens for a customer: it is no answer and starts no response clock."""
    record = thread.json("ticket", "split", 1, "--message", 2)
    assert (record["requester"], record["created_at"]) == (SARA, "2026-03-01T09:10:00Z")
    assert clocks(record) == {"resolution": ("running", "2026-03-01T17:10:00Z")}
    assert (record["first_responded_at"], record["last_customer_message_at"]) == (None, None)
    assert thread.show(2)["messages"][0]["author"] == "ann"
    thread.json("ticket", "reply", 2, "--from", SARA, "--body", "The blue one")
    assert clocks(thread.show(2))["first_response"][0] == "running"
    ok(thread)


def test_the_opening_message_and_any_message_twice(thread: Desk) -> None:
    for message in (1, 3, 3):
        thread.json("ticket", "split", 1, "--message", message)
    assert [thread.show(id_)["created_at"] for id_ in (2, 3, 4)] == [START, WRITTEN, WRITTEN]
    ok(thread)


@pytest.mark.parametrize("status", ["on_hold", "resolved", "closed"])
def test_from_a_ticket_that_nobody_works_on(thread: Desk, status: str) -> None:
    thread.json("ticket", "edit", 1, "--status", status)
    record = thread.json("ticket", "split", 1, "--message", 3)
    assert (record["status"], thread.show(1)["status"]) == ("open", status)
    ok(thread)


def test_a_policy_of_later_counts_from_the_beginning(thread: Desk) -> None:
    """The new ticket was never under the older version: it has no event of another one."""
    file = thread.path.with_name("later.yaml")
    policy = thread("plan", "export").out
    file.write_text(policy.replace("first_response: 1h", "first_response: 2h"), encoding="utf-8")
    thread.later(minutes=90)
    thread.json("plan", "apply", file)
    record = thread.json("ticket", "split", 1, "--message", 3)
    assert clocks(record)["first_response"] == ("running", "2026-03-01T11:30:00Z")
    assert thread.log("--ticket", 2, "--type", "policy_applied") == []
    ok(thread)


def test_its_files_come_along(thread: Desk, tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(b"png")
    thread.json("ticket", "reply", 1, "--from", SARA, "--body", "look", "--attach", file)
    thread.json("ticket", "split", 1, "--message", 5)
    (copied,) = thread.json("attachment", "list", 2)
    (original,) = thread.json("attachment", "list", 1)
    assert {**copied, "id": 1, "ticket": 1, "message": 5} == original
    app = App(str(thread.path))
    assert len(list(attachments.contents(app.db))) == 1
    app.close()
    assert thread.json("db", "check", "--deep")["ok"]


def test_who_takes_part(thread: Desk) -> None:
    thread.json("ticket", "split", 1, "--message", 3)
    assert thread.json("ticket", "reply", 2, "--from", "boss@acme.example", "--body", "b")["ticket"] == 2


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("1", "--message", "4"), 4, "is_note"),
        (("1", "--message", "9"), 3, "message_not_found"),
        (("9", "--message", "1"), 3, "ticket_not_found"),
        (("1", "--message", "3", "--subject", " "), 2, "empty_subject"),
        (("1",), 2, "missing_parameter"),
        (("1", "--message", "x"), 2, "bad_number"),
    ],
)
def test_bad_input(thread: Desk, words: tuple[str, ...], code: int, name: str) -> None:
    assert thread.refused("ticket", "split", *words, code=code)["code"] == name
    assert thread.refused("ticket", "show", 2, code=3)["code"] == "ticket_not_found"


def test_a_message_of_another_ticket(thread: Desk) -> None:
    other = thread.open()
    error = thread.refused("ticket", "split", other, "--message", 3, code=3)
    assert error["code"] == "message_not_found"


def test_only_agents_split(thread: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    assert thread.refused("ticket", "split", 1, "--message", 3, who=None, code=4)["code"] == "no_agent"


def test_the_page(thread: Desk) -> None:
    page = thread("ticket", "split", 1, "--message", 3, "--subject", "Phone").out
    assert page.startswith("HD-2  Phone\n")
    assert "Links       related to HD-1\n" in page
    assert "Links       related to HD-2\n" in thread("ticket", "show", 1).out
