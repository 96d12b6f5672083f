"""Every command on tickets prints the declared keys, in order, as one record or as a list (`cli.md`)."""

from __future__ import annotations

from typing import Any

import pytest
from desk import SARA, Desk

from helpdesk_cli.records import RECORDS

# The keys of cli.md, word for word; what is added later follows them.
DOCUMENTED = {
    "ticket": """id ref version subject status priority category type org requester assignee team plan
        channel tags created_at updated_at first_responded_at first_resolved_at resolved_at closed_at
        closed_by reopened_count time_spent_seconds hold_until last_customer_message_at
        last_agent_message_at auto_close_at merged_into links breached at_risk next_due_at clocks""",
    "clock": """name instance state at_risk target_seconds goal_seconds starts_at due_at elapsed_seconds
        remaining_seconds paused_seconds met_at breached_at noticed_at late_by_seconds calendar
        escalations""",
    "message": "id ticket at author from public channel body attachments",
    "event": "seq ticket type at recorded_at actor data",
}


def always(record: str) -> list[str]:
    return [field.name for field in RECORDS[record].fields if not field.optional]


def check(record: str, row: dict[str, Any]) -> None:
    """Compare a printed record and those inside it with their declarations."""
    fields = RECORDS[record].fields
    assert list(row) == [field.name for field in fields if not field.optional or field.name in row]
    for field in fields:
        value = row.get(field.name)
        if value is None:
            assert field.nullable or field.optional, (record, field.name)
        elif field.values:
            assert value in field.values, (record, field.name, value)
        elif field.type in ("int", "duration"):
            assert type(value) is int, (record, field.name, value)
        elif field.type == "bool":
            assert type(value) is bool, (record, field.name, value)
        elif field.type == "instant":
            assert len(value) == 20, (record, field.name, value)
            assert value.endswith("Z")
        elif field.type == "list":
            for item in value if field.of in RECORDS else ():
                check(field.of, item)


def test_the_declarations_begin_with_the_documented_keys() -> None:
    for record, keys in DOCUMENTED.items():
        documented = keys.split()
        assert always(record)[: len(documented)] == documented


@pytest.mark.parametrize(
    ("words", "record", "shape"),
    [
        (("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b"), "ticket", dict),
        (
            ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", "--priority", "low"),
            "ticket",
            dict,
        ),
        (("ticket", "next"), "ticket", dict),
        (("ticket", "next", "--take"), "ticket", dict),
        (("ticket", "list"), "ticket", list),
        (("ticket", "show", "1"), "ticket", dict),
        (("ticket", "show", "1", "--events"), "ticket", dict),
        (("ticket", "show", "1", "2"), "ticket", list),
        (("ticket", "take", "1"), "ticket", list),
        (("ticket", "assign", "1", "--to", "bob"), "ticket", list),
        (("ticket", "unassign", "1"), "ticket", list),
        (("ticket", "hold", "1"), "ticket", list),
        (("ticket", "resume", "2"), "ticket", list),
        (("ticket", "resolve", "1"), "ticket", list),
        (("ticket", "close", "1"), "ticket", list),
        (("ticket", "reopen", "3"), "ticket", list),
        (("ticket", "edit", "1", "--priority", "high"), "ticket", list),
        (("ticket", "tag", "1", "--add", "x"), "ticket", list),
        (("ticket", "reply", "1", "--body", "b"), "message", dict),
        (("ticket", "reply", "1", "--from", SARA, "--body", "b"), "message", dict),
        (("ticket", "note", "1", "--body", "b"), "message", dict),
        (("ticket", "log", "1"), "event", list),
        (("event", "list"), "event", list),
        (("notice", "list"), "notice", list),
        (("notice", "done", "1"), "notice", list),
        (("sweep",), "sweep", dict),
        (("run", "list"), "run", list),
        (("run", "show", "1"), "run", dict),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_every_command(desk: Desk, words: tuple[str, ...], record: str, shape: type) -> None:
    desk.open("--category", "technical", "--type", "question")
    desk.open()
    desk.json("ticket", "reply", 2, "--body", "b")
    desk.open()
    desk.json("ticket", "close", 3)
    desk.later(hours=5)
    if words[0] == "run":
        desk.json("sweep")
    printed = desk.json(*words)
    assert type(printed) is shape
    rows = printed if shape is list else [printed]
    assert rows
    for row in rows:
        check(record, row)
    assert ("created" in rows[0]) == (words[1:2] == ("create",))
    assert ("messages" in rows[0]) == (words[:2] == ("ticket", "show"))
    assert ("events" in rows[0]) == ("--events" in words)
