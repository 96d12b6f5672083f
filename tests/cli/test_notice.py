"""`notice list` and `done`: who is to be told, and that it was done."""

from __future__ import annotations

from desk import SARA, Desk

from helpdesk_cli.records import RECORDS


def test_who_is_told_of_what(desk: Desk) -> None:
    id_ = desk.open("--priority", "high")
    desk.json("ticket", "assign", id_, "--to", "bob", "--team", "network")
    desk.later(hours=1, seconds=1)
    desk.json("sweep")
    notices = desk.json("notice", "list")
    assert [(n["kind"], n["to"]["address"], n["to"]["role"]) for n in notices] == [
        ("confirmation", SARA, "requester"),
        ("warning", "bob@desk.example", "assignee"),
        ("breach", "bob@desk.example", "assignee"),
        ("escalation", "ann@desk.example", "team_lead"),
    ]
    assert f"confirmation  {SARA} requester  2026-03-01 09:00:00" in desk("notice", "list").out
    assert list(notices[0]) == [field.name for field in RECORDS["notice"].fields]
    assert [n["at"] for n in notices] == [
        "2026-03-01T09:00:00Z", "2026-03-01T09:48:00Z", "2026-03-01T10:00:01Z", "2026-03-01T10:00:01Z",
    ]  # fmt: skip
    seqs = {event["seq"]: event["type"] for event in desk.log()}
    assert [seqs[n["event"]] for n in notices] == ["created", "clock_warned", "clock_breached", "escalated"]


def test_those_of_a_ticket_or_of_a_kind(desk: Desk) -> None:
    for _ in range(2):
        desk.json("ticket", "assign", desk.open("--priority", "high"), "--to", "bob", "--team", "network")
    desk.later(hours=1, seconds=1)
    desk.json("sweep")

    def ids(*words: object) -> list[tuple[int, str]]:
        found = desk.json("notice", "list", *words)
        assert desk.json("notice", "list", *words, "--count") == {"count": len(found)}
        return [(n["ticket"], n["kind"]) for n in found]

    assert ids("--ticket", "HD-2", "--kind", "Breach") == [(2, "breach")]
    assert ids("--kind", "breach,escalation", "--ticket", 1) == [(1, "breach"), (1, "escalation")]
    assert ids("--kind", "reminder") == []
    assert len(ids("--ticket", 1)) == len(ids()) // 2 == 4
    desk.json("notice", "done", 1)
    assert ids("--ticket", 1, "--kind", "confirmation", "--unsent") == []
    assert desk.refused("notice", "list", "--kind", "braech", code=2)["hint"] == "did you mean 'breach'?"
    assert desk.refused("notice", "list", "--ticket", 9, code=3)["code"] == "ticket_not_found"


def test_a_cut_recipient_keeps_the_address(desk: Desk) -> None:
    desk.open()
    told = desk("notice", "list", "--fields", "id,to", tty=True, env={"COLUMNS": "18", "NO_COLOR": "1"}).out
    assert told.splitlines()[-1] == " 1  sara@acme.exa…"


def test_marking(desk: Desk) -> None:
    for _ in range(3):
        desk.open()
    assert desk("notice", "list", "--unsent", "-f", "ids").out == "1\n2\n3\n"
    done = desk.json("notice", "done", "2", "1")
    assert [(n["id"], n["done_at"]) for n in done] == [(2, desk.now), (1, desk.now)]
    desk.later(hours=1)
    again = desk("notice", "done", "-", "--json", stdin="1\n3\n9\nx\n")
    assert again.code == 7
    assert [n["done_at"] for n in again.json] == ["2026-03-01T09:00:00Z", desk.now]
    assert [error["code"] for error in again.errors] == ["notice_not_found", "bad_notice"]
    assert desk.json("notice", "list", "--unsent") == []
    assert desk("notice", "list", "--unsent").err == "No notices.\n"
    assert "2 more" in desk("notice", "list", "--limit", "1").err
    assert desk.refused("notice", "done", "9", code=3)["code"] == "notice_not_found"
    assert desk.refused("notice", "done", "HD-1", code=2)["code"] == "bad_notice"
