"""The keys that `cli.md` names, and where a ticket has those that are only sometimes there."""

from __future__ import annotations

import pytest
from desk import SARA, Desk

from helpdesk_cli.records import RECORDS

# The keys of cli.md, word for word; what is added later stands between them or follows.
DOCUMENTED = {
    "ticket": """id ref version subject status priority category type org requester assignee team plan
        channel tags created_at updated_at first_responded_at first_resolved_at resolved_at closed_at
        closed_by reopened_count time_spent_seconds hold_until last_customer_message_at
        last_agent_message_at auto_close_at merged_into links breached at_risk next_due_at clocks""",
    "clock": """name instance state at_risk target_seconds goal_seconds starts_at due_at elapsed_seconds
        remaining_seconds paused_seconds met_at breached_at noticed_at late_by_seconds calendar
        escalations""",
    "escalation": "level at fired_at",
    "link": "kind ref",
    "message": "id ticket at author from public channel body attachments",
    "event": "seq ticket type at recorded_at actor data",
    "notice": "id ticket kind to at text done_at",
    "due": "calendar start duration_seconds due_at",
    "elapsed": "calendar start end elapsed_seconds",
    "sweep": """run now dry_run breached warned escalated reminded resumed closed recomputed failed
        left""",
}
SOMETIMES = ("messages", "events", "created", "attachments")


@pytest.mark.parametrize("record", DOCUMENTED)
def test_the_documented_keys_are_there_in_their_order(record: str) -> None:
    declared = [field.name for field in RECORDS[record].fields if not field.optional]
    documented = DOCUMENTED[record].split()
    assert [name for name in declared if name in documented] == documented


def test_what_is_a_tickets_only_sometimes() -> None:
    assert tuple(field.name for field in RECORDS["ticket"].fields if field.optional) == SOMETIMES


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (f"ticket create --subject s --from {SARA} --body b", ["created"]),
        ("ticket show 1", ["messages", "attachments"]),
        ("ticket show 1 --events", ["messages", "events", "attachments"]),
        ("ticket show 1 --customer-view --events", ["messages", "events", "attachments"]),
        ("ticket next", []),
        ("ticket next --take", []),
        ("sla reset 1 --clock resolution --reason r", []),
    ],
)
def test_a_tickets_keys(desk: Desk, words: str, keys: list[str]) -> None:
    desk.open()
    always = [field.name for field in RECORDS["ticket"].fields if not field.optional]
    assert list(desk.json(*words.split())) == [*always, *keys]


@pytest.mark.parametrize("verb", ["list", "take 1", "hold 1", "resolve 1", "edit 1 --priority low"])
def test_the_keys_of_tickets_in_an_array(desk: Desk, verb: str) -> None:
    desk.open()
    (row,) = desk.json("ticket", *verb.split())
    assert not set(SOMETIMES) & set(row)


def test_a_key_that_there_is_only_sometimes_is_null_where_it_is_asked_for(desk: Desk) -> None:
    desk.open()
    (row,) = desk.json("ticket", "list", "--fields", "id,messages,events,created")
    assert row == {"id": 1, "messages": None, "events": None, "created": None}
    shown = desk.json("ticket", "show", 1, "--fields", "events,messages")
    assert (list(shown), shown["events"]) == (["events", "messages"], None)
    assert [message["body"] for message in shown["messages"]] == ["No light"]


def test_a_field_inside_a_record_is_named_by_the_record(desk: Desk) -> None:
    error = desk.refused("ticket", "list", "--fields", "id,clocks.state", code=2)
    assert (error["code"], error["details"]["found"]) == ("unknown_field", "clocks.state")
    assert "did you mean 'clocks'?" in error["hint"]


def test_a_threads_records_are_those_of_the_moment_at_which_it_was_asked_for(desk: Desk) -> None:
    """A record is read as it is printed; what is written meanwhile is not in it."""
    from helpdesk_cli.services import conversation, ticket_lists
    from helpdesk_cli.services.app import App

    desk.open()
    app, other = (App(str(desk.path), actor="ann", now=desk.now, timezone="UTC") for _ in range(2))
    shown = ticket_lists.show(app, 1, with_events=True)
    conversation.note(other, 1, body="meanwhile")
    other.close()
    assert [message["body"] for message in shown["messages"]] == ["No light"]
    assert {event["type"] for event in shown["events"]} == {"created", "message", "clock_started"}
    assert [m["body"] for m in ticket_lists.show(app, 1)["messages"]] == ["No light", "meanwhile"]
    app.close()
