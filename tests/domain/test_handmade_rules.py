"""What is made by hand in a policy document, and what a file makes of it (policy.md)."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.handmade import as_file, merged, with_entry, with_fields, with_order
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.policy_diff import diff_policies


def document(*priorities: str, **more: Any) -> dict[str, Any]:
    rows: dict[str, Any] = {name: {"first_response": "4h"} for name in priorities}
    plans = {"basic": {"calendar": "always", "targets": rows}}
    calendars = {"always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}}}
    entries = [{"name": name} for name in priorities]
    return {
        "version": 1, "default_plan": "basic", "calendars": calendars, "priorities": entries, "plans": plans,
        **more,
    }  # fmt: skip


def policy(doc: dict[str, Any]) -> Policy:
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), doc, "")


def told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [change.text for change in diff_policies(policy(old), policy(new))]


def by_hand(doc: dict[str, Any], name: str, before: str | None = None) -> dict[str, Any]:
    return with_entry(doc, "priority", {"name": name}, before)


def test_a_priority_of_ones_own_is_not_covered_by_any_plan() -> None:
    doc = document("high", "low")
    frozen = copy.deepcopy(doc)
    made = by_hand(doc, "vip", "high")
    assert doc == frozen
    assert policy(made).priorities == ("vip", "high", "low")
    assert made["plans"]["basic"]["targets"]["vip"] == "none"
    assert policy(made).target("basic", "vip", None, "first_response") is None
    assert told(doc, made) == ["priorities.vip: added"]


def test_a_category_of_ones_own() -> None:
    made = with_entry(document("high"), "category", {"name": "spam"}, None)
    assert made["categories"] == [{"name": "spam", "origin": "cli"}]
    assert with_entry(made, "category", {"name": "post"}, None)["categories"][1]["name"] == "post"


def test_an_entry_is_changed_and_moved() -> None:
    doc = by_hand(document("high", "low"), "vip")
    doc = with_fields(doc, "priority", "vip", {"meaning": "the board", "retired": True})
    assert doc["priorities"][2] == {"name": "vip", "meaning": "the board", "retired": True, "origin": "cli"}
    doc = with_fields(doc, "priority", "vip", {"meaning": None, "retired": None})
    assert doc["priorities"][2] == {"name": "vip", "origin": "cli"}
    assert policy(with_order(doc, "priority", "vip", "low")).priorities == ("high", "vip", "low")
    assert policy(with_order(doc, "priority", "high", None)).priorities == ("low", "vip", "high")


@pytest.mark.parametrize(
    ("current", "made", "file", "expected"),
    [
        (("a", "b"), [("x", None)], ("a", "b"), "a b x"),
        (("a", "b"), [("x", "a")], ("a", "b"), "x a b"),
        (("a", "b"), [("x", "b"), ("y", "b")], ("b", "a"), "x y b a"),
        (("a", "b", "c"), [("x", "b")], ("a", "c"), "a x c"),
        (("a", "b"), [("x", None), ("y", None)], ("a", "new"), "a new x y"),
        (("a", "b"), [("x", "b")], ("b", "a", "x"), "b a x"),
        (("a", "b"), [("x", "a"), ("y", "x")], ("a", "x"), "a y x"),
    ],
)
def test_a_file_keeps_what_was_made_by_hand_in_its_place(
    current: tuple[str, ...], made: list[tuple[str, str | None]], file: tuple[str, ...], expected: str
) -> None:
    doc = document(*current)
    for name, before in made:
        doc = by_hand(doc, name, before)
    result = merged(document(*file), doc)
    assert " ".join(policy(result).priorities) == expected
    assert set(result["plans"]["basic"]["targets"]) == set(policy(result).priorities)
    assert {entry["name"] for entry in result["priorities"] if "origin" in entry} == {
        name for name, _ in made if name not in file
    }


def test_the_same_file_changes_nothing() -> None:
    doc = with_entry(by_hand(document("high"), "vip"), "category", {"name": "spam"}, None)
    assert told(doc, merged(document("high"), doc)) == []


def test_a_file_adopts_what_it_names() -> None:
    doc = by_hand(document("normal"), "vip")
    assert told(doc, merged(document("normal", "vip"), doc)) == [
        "plans.basic.targets.vip.first_response: none -> 4h",
        "priorities.vip.origin: cli -> policy",
    ]


def test_a_new_plan_of_the_file_covers_no_hand_made_priority() -> None:
    file = document("high")
    file["plans"]["gold"] = {"calendar": "always", "targets": {"high": "none"}}
    assert merged(file, by_hand(document("high"), "vip"))["plans"]["gold"]["targets"]["vip"] == "none"


def test_pruning_retires_what_the_file_does_not_name() -> None:
    doc = with_entry(by_hand(document("high"), "vip"), "category", {"name": "spam"}, None)
    pruned = merged(document("high"), doc, prune=True)
    assert told(doc, pruned) == [
        "categories.spam.retired: false -> true",
        "priorities.vip.retired: false -> true",
    ]
    assert told(pruned, merged(document("high"), pruned, prune=True)) == []
    assert told(pruned, merged(document("high"), pruned)) == []


def test_the_default_priority_is_none_that_was_made_by_hand() -> None:
    """Where the file declares none, it is the middle one of the file's."""
    doc = document("a", "b", "c")
    assert policy(doc).default_priority == "b"
    for name in ("x", "y", "z"):
        doc = by_hand(doc, name, "a")
    assert policy(doc).default_priority == "b"
    exported = as_file(policy(doc))
    assert list(exported)[:3] == ["version", "default_plan", "default_priority"]
    assert exported["default_priority"] == "b"


def test_the_file_of_a_policy() -> None:
    plain = document("high", categories=[{"name": "sales"}])
    assert as_file(policy(plain)) == plain
    doc = by_hand(plain, "vip", "high")
    doc = with_entry(doc, "category", {"name": "spam"}, None)
    file = as_file(policy(doc))
    assert "cli" not in str(file)
    assert told(doc, merged(file, doc)) == [
        "categories.spam.origin: cli -> policy",
        "priorities.vip.origin: cli -> policy",
    ]
