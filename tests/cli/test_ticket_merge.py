"""`ticket merge`: the source is closed, its clocks end, replies follow, all else is refused (`sla.md 2`)."""

from __future__ import annotations

import pytest
from desk import OMAR, POLICY, SARA, Desk

OTHER = "eve@else.example"
# What acts on a ticket, and is refused on one that was merged.
VERBS = (
    "take {}", "assign {} --to bob", "unassign {}", "hold {}", "resume {}", "resolve {}", "close {}",
    "close {} --as-customer", "reopen {}", "edit {} --priority low", "edit {} --status open",
    "tag {} --add x", "note {} --body b", "redact {} --message 1 --reason r", "merge {} 3",
    "split {} --message 1", "link {} related 3", "link {} duplicate_of 2 --remove",
)  # fmt: skip


@pytest.fixture
def merged(desk: Desk) -> Desk:
    """Tickets 1, which was merged into 2, and 3; ten minutes later."""
    for _ in range(3):
        desk.open()
    desk.later(minutes=10)
    desk.json("ticket", "merge", 1, 2)
    return desk


def clocks(record: dict[str, object]) -> dict[str, str]:
    return {clock["name"]: clock["state"] for clock in record["clocks"]}


def ok(desk: Desk) -> None:
    assert desk.json("db", "check") == {"ok": True, "problems": []}


def test_the_source_is_closed_and_its_clocks_are_cancelled(merged: Desk) -> None:
    source = merged.show(1)
    assert (source["status"], source["merged_into"], source["closed_by"]) == ("closed", "HD-2", "ann")
    assert source["closed_at"] == merged.now
    assert (source["resolved_at"], source["first_resolved_at"]) == (None, None)
    assert clocks(source) == {"first_response": "cancelled", "resolution": "cancelled"}
    assert all(clock["met_at"] is None for clock in source["clocks"])
    assert (source["next_due_at"], source["auto_close_at"], source["sla"]) == (None, None, None)
    assert source["links"] == [{"kind": "duplicate_of", "ref": "HD-2"}]
    target = merged.show(2)
    assert (target["status"], target["merged_into"], target["links"]) == ("open", None, [])
    assert clocks(target) == {"first_response": "running", "resolution": "running"}
    ok(merged)


def test_the_log_of_both_tells_it(merged: Desk) -> None:
    told = [(event["type"], event["data"]) for event in merged.log("--ticket", 1)][-5:]
    assert told == [
        ("linked", {"kind": "duplicate_of", "ref": "HD-2"}),
        ("merged", {"into": "HD-2"}),
        ("clock_cancelled", {"clock": "first_response", "instance": 1}),
        ("clock_cancelled", {"clock": "resolution", "instance": 1}),
        ("status_changed", {"before": "open", "after": "closed", "reason": "merged"}),
    ]
    (other,) = merged.log("--ticket", 2, "--type", "merged")
    assert (other["data"], other["actor"]) == ({"from": "HD-1"}, "ann")
    assert "merged: into HD-2" in merged("ticket", "log", 1).out


def test_it_prints_the_source(desk: Desk) -> None:
    desk.open(), desk.open()
    record = desk.json("ticket", "merge", "HD-1", "HD-2")
    assert (record["ref"], record["merged_into"], record["version"]) == ("HD-1", "HD-2", 5)
    desk.open()
    page = desk("ticket", "merge", 3, 2).out
    assert "Links       duplicate of HD-2\nMerged into HD-2\n" in page
    page = desk("ticket", "show", 2).out
    assert "Links       duplicated by HD-1, duplicated by HD-3\nMerged in   HD-1, HD-3\n" in page


@pytest.mark.parametrize("verb", VERBS)
def test_all_but_replies_is_refused_and_names_the_target(merged: Desk, verb: str) -> None:
    error = merged.refused("ticket", *verb.format(1).split(), code=4)
    assert (error["code"], error["details"]["merged_into"]) == ("merged", "HD-2")
    assert "HD-1 was merged into HD-2" in error["message"]
    assert error["hint"] == "helpdesk ticket show 2"
    ok(merged)


def test_deadlines_and_files_of_it_are_refused_too(merged: Desk) -> None:
    file = merged.path.with_name("a.txt")
    file.write_text("a")
    for words in (
        ("sla", "reset", 1, "--clock", "resolution", "--reason", "r"),
        ("attachment", "add", 1, file),
        ("ticket", "note", 1, "--body", "b", "--attach", file),
    ):
        assert merged.refused(*words, code=4)["code"] == "merged"


@pytest.mark.parametrize("who", ["customer", "agent"])
def test_a_reply_goes_to_the_target(merged: Desk, who: str) -> None:
    sender = ["--from", SARA] if who == "customer" else []
    done = merged("ticket", "reply", 1, "--body", "still dark", *sender, "--json")
    assert (done.code, done.json["ticket"]) == (0, 2)
    assert done.err == "HD-1 was merged into HD-2: the message went there\n"
    assert [message["body"] for message in merged.show(2)["messages"]][-1] == "still dark"
    assert len(merged.show(1)["messages"]) == 1
    assert merged.show(2)["status"] == ("open" if who == "customer" else "waiting_customer")
    ok(merged)


def test_replies_follow_however_often_it_was_merged_on(merged: Desk) -> None:
    merged.json("ticket", "merge", 2, 3)
    message = merged.json("ticket", "reply", 1, "--from", SARA, "--body", "b", "--cc", "boss@acme.example")
    assert message["ticket"] == 3
    assert merged.refused("ticket", "take", 1, code=4)["details"] == {"merged_into": "HD-3", "id": 1}
    assert [merged.show(id_)["merged_into"] for id_ in (1, 2, 3)] == ["HD-2", "HD-3", None]
    assert "Merged in   HD-1, HD-2\n" in merged("ticket", "show", 3).out
    ok(merged)


def test_a_status_with_the_answer_is_the_targets(merged: Desk) -> None:
    merged.json("ticket", "reply", 1, "--body", "done", "--status", "resolved")
    assert [merged.show(id_)["status"] for id_ in (1, 2)] == ["closed", "resolved"]


def test_who_wrote_in_either_may_write_in_the_target(desk: Desk) -> None:
    """By the number of either, for the answers come from the target."""
    desk.open()
    given = ["--subject", "s", "--from", OTHER, "--body", "b"]
    desk.json("ticket", "create", *given)
    assert (
        desk.refused("ticket", "reply", 1, "--from", OTHER, "--body", "b", code=4)["code"]
        == "not_a_participant"
    )
    done = desk("ticket", "merge", 2, 1, "--json")
    assert "HD-2 and HD-1 are of different customers: both may write in HD-1 now\n" in done.err
    for id_, sender in ((1, OTHER), (2, OTHER), (2, SARA), (1, OMAR)):
        message = desk.json("ticket", "reply", id_, "--from", sender, "--body", "b")
        assert (message["ticket"], message["from"]) == (1, sender)
    error = desk.refused("ticket", "reply", 2, "--from", "x@third.example", "--body", "b", code=4)
    assert error["code"] == "not_a_participant"


def test_who_was_in_copy_of_the_source_may_write_in_the_target(desk: Desk) -> None:
    desk.open(), desk.open(), desk.open()
    desk.json("ticket", "reply", 1, "--body", "b", "--cc", OTHER)
    desk.json("ticket", "merge", 1, 2)
    desk.json("ticket", "merge", 2, 3)
    assert desk.json("ticket", "reply", 3, "--from", OTHER, "--body", "b")["ticket"] == 3


def test_into_itself_or_in_a_circle_is_refused(merged: Desk) -> None:
    assert merged.refused("ticket", "merge", 3, 3, code=4)["code"] == "merge_itself"
    error = merged.refused("ticket", "merge", 2, 1, code=4)
    assert (error["code"], error["hint"]) == ("merge_circle", "helpdesk ticket show 2")
    merged.json("ticket", "merge", 2, 3)
    assert merged.refused("ticket", "merge", 3, 1, code=4)["code"] == "merge_circle"
    assert merged.refused("ticket", "merge", 3, 2, code=4)["code"] == "merge_circle"
    ok(merged)


def test_into_a_merged_ticket_is_refused_with_the_one_to_name(merged: Desk) -> None:
    error = merged.refused("ticket", "merge", 3, 1, code=4)
    assert (error["code"], error["message"]) == ("merged", "HD-1 was merged into HD-2 itself")
    assert error["hint"] == "helpdesk ticket merge 3 2"
    assert merged.json("ticket", "merge", 3, 2)["merged_into"] == "HD-2"


def test_a_duplicate_that_was_linked_before_is_linked_once(desk: Desk) -> None:
    desk.open(), desk.open(), desk.open()
    desk.json("ticket", "link", 1, "duplicate_of", 2)
    assert desk.json("ticket", "merge", 1, 2)["links"] == [{"kind": "duplicate_of", "ref": "HD-2"}]
    desk.json("ticket", "link", 2, "duplicate_of", 3)
    assert desk.json("ticket", "merge", 3, 2)["links"] == []
    assert len(desk.log("--type", "linked")) == 2
    ok(desk)


def test_twice_is_refused(merged: Desk) -> None:
    assert merged.refused("ticket", "merge", 1, 2, code=4)["code"] == "merged"


@pytest.mark.parametrize("words", [(9, 1), (1, 9), (9, 9)])
def test_an_unknown_ticket(desk: Desk, words: tuple[int, int]) -> None:
    desk.open()
    code = 4 if words[0] == words[1] else 3
    assert desk.refused("ticket", "merge", *words, code=code)["code"] == (
        "merge_itself" if code == 4 else "ticket_not_found"
    )


def test_only_agents_merge(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open(), desk.open()
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    assert desk.refused("ticket", "merge", 1, 2, who=None, code=4)["code"] == "no_agent"


@pytest.mark.parametrize("status", ["in_progress", "waiting_customer", "on_hold", "resolved", "closed"])
def test_from_any_status(desk: Desk, status: str) -> None:
    """What was resolved or closed keeps when; the resolution that was met stays met."""
    id_ = desk.bring(status)
    target = desk.open()
    before = desk.show(id_)
    desk.later(minutes=5)
    after = desk.json("ticket", "merge", id_, target)
    assert (after["status"], after["hold_until"], after["auto_close_at"]) == ("closed", None, None)
    assert after["resolved_at"] == before["resolved_at"]
    assert after["closed_at"] == (before["closed_at"] or desk.now)
    stopped = status in ("resolved", "closed")
    assert clocks(after)["resolution"] == ("met" if stopped else "cancelled")
    assert clocks(after)["first_response"] == "cancelled"
    ok(desk)


def test_a_breach_stays(desk: Desk) -> None:
    desk.open(), desk.open()
    desk.later(hours=5)
    record = desk.json("ticket", "merge", 1, 2)
    assert (record["breached"], clocks(record)["first_response"]) == (True, "breached")
    assert record["sla"] is None
    assert desk.json("ticket", "list", "--overdue", "-f", "json")[0]["id"] == 2
    assert len(desk.json("ticket", "list", "--overdue", "--status", "all")) == 1
    ok(desk)


def test_the_sweep_and_a_new_policy_leave_it_alone(merged: Desk) -> None:
    before = merged.log("--ticket", 1)
    merged.later(days=30)
    merged.json("sweep")
    policy = merged.path.with_name("policy.yaml")
    policy.write_text(POLICY.replace("resolution: 24h", "resolution: 20h"), encoding="utf-8")
    merged.json("plan", "apply", policy)
    merged.later(days=30)
    merged.json("sweep")
    merged.json("ticket", "reply", 1, "--from", SARA, "--body", "hello?")
    assert merged("ticket", "take", 1).code == 4
    assert merged.log("--ticket", 1) == before
    ok(merged)


def test_past_the_time_to_reopen_the_target_a_reply_opens_a_new_ticket(merged: Desk) -> None:
    merged.json("ticket", "close", 2)
    merged.later(days=14, seconds=1)
    done = merged("ticket", "reply", 1, "--from", SARA, "--body", "again", "--json")
    assert done.json["ticket"] == 4
    assert "the time to reopen HD-2 has passed: the message opened HD-4" in done.err
    assert merged.show(4)["links"] == [{"kind": "follow_up_of", "ref": "HD-2"}]


def test_it_is_found_and_listed_as_a_closed_ticket(merged: Desk) -> None:
    assert [row["id"] for row in merged.json("ticket", "list", "--sort", "id")] == [2, 3]
    (row,) = merged.json("ticket", "list", "--status", "closed")
    assert (row["id"], row["merged_into"]) == (1, "HD-2")
    found = {hit["id"]: hit["status"] for hit in merged.json("search", "router")}
    assert found == {1: "closed", 2: "open", 3: "open"}
    taken = merged.json("ticket", "next", "--order", "fifo")
    assert taken["id"] == 2


def test_a_target_that_nobody_works_on_is_mentioned(desk: Desk) -> None:
    desk.open(), desk.open(), desk.open()
    desk.json("ticket", "close", 2)
    told = desk("ticket", "merge", 1, 2, "--json").err
    assert told == ("HD-2 is closed: nobody is reminded any more of what the customer asked in HD-1\n")
    desk.json("ticket", "reply", 3, "--body", "b")
    assert desk("ticket", "merge", 3, 2, "--json").err == ""


def test_two_people_of_one_organisation_are_one_customer(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "create", "--subject", "s", "--from", OMAR, "--body", "b")
    assert desk("ticket", "merge", 1, 2, "--json").err == ""


class TestIdempotencyKeys:
    def test_a_message_to_the_source_is_known_in_the_target(self, merged: Desk) -> None:
        words = ("ticket", "reply", 1, "--from", SARA, "--body", "b", "--idempotency-key", "k")
        first = merged.json(*words)
        assert (first["ticket"], first["created"]) == (2, True)
        assert merged.json(*words) == {**first, "created": False}
        assert merged.json("ticket", "reply", 2, *words[3:])["created"] is False

    def test_one_that_was_written_before_the_merge_is_known(self, desk: Desk) -> None:
        desk.open(), desk.open(), desk.open()
        words = ("ticket", "reply", 1, "--from", SARA, "--body", "b", "--idempotency-key", "k")
        first = desk.json(*words)
        desk.json("ticket", "merge", 1, 2)
        assert desk.json(*words) == {**first, "created": False}
        desk.json("ticket", "merge", 2, 3)
        assert desk.json(*words) == {**first, "created": False}
        error = desk.refused("ticket", "reply", 3, *words[3:], code=4)
        assert error["code"] == "key_used"

    def test_one_that_a_follow_up_took_is_known(self, desk: Desk) -> None:
        desk.bring("closed")
        desk.open()
        desk.later(days=15)
        words = ("ticket", "reply", 1, "--from", SARA, "--body", "b", "--idempotency-key", "k")
        first = desk.json(*words)
        assert first["ticket"] == 3
        desk.json("ticket", "merge", 1, 2)
        assert desk.json(*words) == {**first, "created": False}

    def test_of_a_ticket_it_finds_the_merged_one(self, desk: Desk) -> None:
        given = (
            "ticket",
            "create",
            "--subject",
            "s",
            "--from",
            SARA,
            "--body",
            "b",
            "--idempotency-key",
            "k",
        )
        desk.json(*given)
        desk.open()
        desk.json("ticket", "merge", 1, 2)
        again = desk.json(*given)
        assert (again["id"], again["created"], again["merged_into"]) == (1, False, "HD-2")


def test_a_password_in_the_source_is_redacted_by_the_target(merged: Desk) -> None:
    """The messages of a merged ticket stay its own, and nothing acts on it any more."""
    merged.json("ticket", "redact", 2, "--message", 1, "--reason", "a password")
    assert merged.show(1)["messages"][0]["body"] == "[redacted]"
    assert merged.show(2)["messages"][0]["body"] == "No light"
    merged.json("ticket", "merge", 2, 3)
    merged.json("ticket", "redact", 3, "--message", 2, "--reason", "r")
    error = merged.refused("ticket", "redact", 3, "--message", 99, "--reason", "r", code=3)
    assert error["code"] == "message_not_found"
    ok(merged)


def test_the_explanation_names_the_merge(merged: Desk) -> None:
    page = merged("sla", "explain", 1).out
    assert page.count("cancelled: merged into another ticket by ann\n") == 2
    explained = merged.json("sla", "explain", 1)
    assert {clock["state"] for clock in explained["clocks"]} == {"cancelled"}


@pytest.mark.parametrize(("id_", "field"), [(1, "into"), (2, "from")])
def test_a_log_without_it_is_a_problem(merged: Desk, id_: int, field: str) -> None:
    import sqlite3

    with sqlite3.connect(merged.path) as conn:
        conn.execute("DELETE FROM events WHERE type = 'merged' AND ticket_id = ?", (id_,))
    conn.close()
    assert any(
        problem.startswith(f"HD-{id_}: ") for problem in merged("db", "check", "--json").json["problems"]
    )
