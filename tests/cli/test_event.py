"""`event list`: the log as a stream that can be resumed."""

from __future__ import annotations

import json

from desk import SARA, Desk

from helpdesk_cli.records import RECORDS


def test_a_stream_of_json_lines(desk: Desk) -> None:
    desk.open("--priority", "low")
    desk.open("--priority", "low")
    lines = [json.loads(line) for line in desk("event", "list").out.splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4]
    assert list(lines[0]) == [field.name for field in RECORDS["event"].fields]
    assert [(line["ticket"], line["type"], line["actor"]) for line in lines[2:]] == [
        (2, "created", SARA), (2, "message", SARA),
    ]  # fmt: skip
    assert desk.log("--after", 2) == lines[2:]
    assert desk.log("--after", 4) == []
    assert desk.log("--ticket", "HD-2", "--type", "message,created") == lines[2:]
    assert desk.log("--type", "Message", "--limit", 1) == lines[1:2]
    assert all(line["recorded_at"] > "2026-03-02" for line in lines)


def test_closures_and_reopenings_stand_for_their_changes(desk: Desk) -> None:
    id_ = desk.open()
    desk.json("ticket", "reply", id_, "--body", "b")
    desk.later(days=2)
    desk.json("sweep")
    desk.json("ticket", "reply", id_, "--from", SARA, "--body", "b")
    events = desk.log("--ticket", id_, "--type", "status_changed,auto_closed,reopened")
    assert [(event["type"], event["actor"]) for event in events] == [
        ("status_changed", "ann"), ("auto_closed", "sweep"), ("reopened", SARA),
    ]  # fmt: skip
    assert events[1]["data"] == {
        "before": "waiting_customer", "after": "closed", "rule": "auto_close.after",
        "base": "2026-03-01T09:00:00Z", "run": 1,
    }  # fmt: skip


def test_names_are_printed_where_the_log_keeps_ids(desk: Desk) -> None:
    desk.json("contact", "create", "me@home.example")
    for words in (("--from", SARA), ("--from", "me@home.example", "--on-behalf")):
        desk.json("ticket", "create", "--subject", "x", "--body", "b", *words)
    desk.json("ticket", "edit", 2, "--org", "Acme")
    desk.json("org", "create", "Globex")
    desk.json("ticket", "edit", 1, "--org", "Globex")
    created = desk.log("--type", "created")
    assert [(event["data"]["requester"], event["data"]["org"]) for event in created] == [
        (SARA, "Acme"), ("me@home.example", None),
    ]  # fmt: skip
    edited = desk.log("--type", "edited")
    assert [event["data"] for event in edited] == [
        {"org": {"before": None, "after": "Acme"}},
        {"org": {"before": "Acme", "after": "Globex"}},
    ]
    assert desk.show(1, "--events")["events"] == desk.log("--ticket", 1)
    told = " ".join(desk("ticket", "log", 2).out.split())
    assert "ann created: requester me@home.example, priority normal" in told
    assert "org none -> Acme" in told


def test_a_table_on_demand(desk: Desk) -> None:
    for _ in range(2):
        desk.open("--priority", "low")
    result = desk("event", "list", "-f", "table", "--limit", "3")
    assert len(result.out.splitlines()) == 4
    assert "1 more" in result.err


def test_bad_input(desk: Desk) -> None:
    error = desk.refused("event", "list", "--type", "clock_bremched", code=2)
    assert error["hint"] == "did you mean 'clock_breached'?"
    assert desk.refused("event", "list", "--type", "zzz", code=2)["code"] == "unknown_word"
    assert desk.refused("event", "list", "--ticket", "99", code=3)["code"] == "ticket_not_found"
    assert desk.refused("event", "list", "--after", "x", code=2)["code"] == "bad_number"
