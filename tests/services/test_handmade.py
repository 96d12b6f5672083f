"""Priorities and categories by hand, on a real database: versions, tickets, the file beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import (
    check,
    events,
    handmade,
    lifecycle,
    policy,
    policy_records,
    ticket_lists,
    tickets,
)
from helpdesk_cli.services.app import App
from helpdesk_cli.services.setup import shipped_policy

LATER = "2026-03-01T10:00:00Z"
SHIPPED = Path(shipped_policy()).read_text(encoding="utf-8")
FIVE = ("critical", "urgent", "high", "normal", "low")


def opened(app: App, **choices: Any) -> int:
    return int(tickets.create(app, subject="x", sender="sara@acme.example", body="b", **choices)["id"])


def refused(code: str, exit_code: int, act: Callable[..., Any], *given: Any, **more: Any) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as caught:
        act(*given, **more)
    assert (caught.value.code, caught.value.exit_code) == (code, exit_code)
    return caught.value


def texts(changes: list[dict[str, Any]]) -> list[str]:
    return [change["text"] for change in changes]


def ids(app: App, sort: str) -> list[int]:
    return [row["id"] for row in ticket_lists.list_tickets(app, {}, sort=sort)[0]]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_priority_by_hand(app: App) -> None:
    record = handmade.create(
        app, "priority", "vip", {"meaning": " the  board ", "label": {"en": "VIP"}}, before="urgent"
    )
    assert record == policy_records.show_priority(app, "vip")
    assert record == {
        "name": "vip",
        "label": {"en": "VIP"},
        "description": None,
        "origin": "cli",
        "retired": False,
        "rank": 1,
        "meaning": "the board",
        "default": False,
    }
    assert app.policies.versions() == [1, 2]
    assert app.policies.get(1).priorities == FIVE  # the past stays as it was
    assert all(plan["targets"]["vip"] == {} for plan in policy_records.list_plans(app))
    assert [each["origin"] for each in policy_records.list_priorities(app)].count("policy") == 5
    assert app.announcements == []
    row = app.db.one("SELECT source, actor FROM policies WHERE version = 2")
    assert row is not None
    assert (row["source"], row["actor"]) == (None, app.require_agent()["login"])


def test_a_category_by_hand(app: App) -> None:
    record = handmade.create(app, "category", "returns", {"description": "what comes back"})
    assert record["origin"] == "cli"
    assert [each["name"] for each in policy_records.list_categories(app)][-1] == "returns"
    id_ = opened(app, category="returns")
    assert handmade.retire(app, "category", "returns")["retired"] is True
    refused("retired", 4, opened, app, category="returns")
    refused("retired", 4, lifecycle.edit, app, opened(app), category="returns")
    assert ticket_lists.show(app, id_)["category"] == "returns"
    assert handmade.edit(app, "category", "returns", {}, restore=True)["retired"] is False
    opened(app, category="returns")


def test_its_tickets_have_no_deadline(app: App) -> None:
    handmade.create(app, "priority", "vip", {}, before="critical")
    assert ticket_lists.show(app, opened(app, priority="vip"))["next_due_at"] is None
    assert app.announcements == ["plan basic does not cover priority vip: no deadlines"]
    assert list(check.check(app)) == []


def test_the_order_is_the_rank_of_open_tickets(make_app: Callable[..., App]) -> None:
    app = make_app()
    handmade.create(app, "priority", "vip", {})
    numbers = [opened(app, priority=name) for name in ("vip", "low", "critical")]
    assert ids(app, "priority") == [numbers[2], numbers[1], numbers[0]]
    later = make_app(now=LATER)
    assert handmade.edit(later, "priority", "vip", {}, before="critical")["rank"] == 0
    assert ids(later, "priority") == [numbers[0], numbers[2], numbers[1]]
    applied = [row for row in events.list_events(later, types=("policy_applied",))[0] if row["at"] == LATER]
    assert [row["ticket"] for row in applied] == numbers
    assert handmade.edit(later, "priority", "vip", {}, before="none")["rank"] == 5
    assert list(check.check(later)) == []


def test_what_is_said_of_one(app: App) -> None:
    handmade.create(app, "priority", "vip", {"label": {"en": "VIP", "fr": "Client VIP"}, "meaning": "m"})
    record = handmade.edit(app, "priority", "vip", {"label": {"fr": "", "ar": "مهم"}, "meaning": None})
    assert (record["label"], record["meaning"]) == ({"en": "VIP", "ar": "مهم"}, None)
    assert handmade.edit(app, "priority", "vip", {"label": {"en": "", "ar": ""}})["label"] is None


def test_what_says_the_same_is_no_version(app: App) -> None:
    handmade.create(app, "priority", "vip", {"meaning": "m"})
    handmade.edit(app, "priority", "vip", {"meaning": "m"}, before="none", restore=True)
    handmade.retire(app, "priority", "vip")
    handmade.retire(app, "priority", "vip")
    assert app.policies.versions() == [1, 2, 3]


def test_what_cannot_be_made(app: App) -> None:
    for name in ("A b", "", "x" * 65, "none", "-x"):
        refused("bad_name", 2, handmade.create, app, "priority", name, {})
    refused("exists", 4, handmade.create, app, "priority", "low", {})
    refused("unknown_priority", 3, handmade.create, app, "priority", "vip", {}, before="lo")
    refused("bad_order", 2, handmade.create, app, "priority", "vip", {}, before="vip")
    refused("bad_label", 2, handmade.create, app, "priority", "vip", {"label": {"English": "x"}})
    refused("bad_text", 2, handmade.create, app, "priority", "vip", {"meaning": "a\x1b[2J"})
    refused("bad_text", 2, handmade.create, app, "priority", "vip", {"label": {"en": "a\x07"}})
    refused("unknown_category", 3, handmade.edit, app, "category", "vip", {})
    refused("unknown_priority", 3, handmade.retire, app, "priority", "vip")
    assert app.policies.versions() == [1]
    handmade.create(app, "category", "old", {})
    handmade.retire(app, "category", "old")
    error = refused("exists", 4, handmade.create, app, "category", "old", {})
    assert "--restore" in (error.hint or "")


def test_the_default_priority_cannot_retire(app: App) -> None:
    error = refused("default", 4, handmade.retire, app, "priority", "normal")
    assert "default_priority" in (error.hint or "")


def test_the_file_has_the_last_word_on_what_is_its(app: App) -> None:
    handmade.retire(app, "category", "sales")
    assert "the category sales is the policy file's" in app.announcements[0]
    assert policy_records.show_category(app, "sales")["origin"] == "policy"
    assert texts(policy.diff_file(app, shipped_policy())) == ["categories.sales.retired: true -> false"]
    policy.apply_file(app, shipped_policy())
    assert policy_records.show_category(app, "sales")["retired"] is False


def test_a_file_keeps_what_it_does_not_name(app: App, file: Callable[[str], str]) -> None:
    handmade.create(app, "priority", "vip", {"meaning": "m"}, before="urgent")
    handmade.create(app, "category", "returns", {})
    assert policy.diff_file(app, shipped_policy()) == []
    assert policy.apply_file(app, shipped_policy())["applied"] is False
    path = file(SHIPPED.replace("low: {first_response: 48h}", "low: {first_response: 36h}"))
    assert all("low.first_response" in text for text in texts(policy.apply_file(app, path)["changes"]))
    record = policy_records.show_priority(app, "vip")
    assert (record["rank"], record["meaning"], record["origin"]) == (1, "m", "cli")
    assert list(check.check(app)) == []


def test_pruning_retires_it(app: App) -> None:
    handmade.create(app, "priority", "vip", {})
    id_ = opened(app, priority="vip")
    dry = policy.apply_file(app, shipped_policy(), dry_run=True, prune=True)
    assert texts(dry["changes"]) == ["priorities.vip.retired: false -> true"]
    assert policy_records.show_priority(app, "vip")["retired"] is False
    assert policy.apply_file(app, shipped_policy(), prune=True)["applied"] is True
    record = policy_records.show_priority(app, "vip")
    assert (record["retired"], record["origin"]) == (True, "cli")
    refused("retired", 4, opened, app, priority="vip")
    assert ticket_lists.show(app, id_)["priority"] == "vip"
    assert policy.apply_file(app, shipped_policy(), prune=True)["applied"] is False


def test_the_export_brings_the_file_up_to_date(app: App, file: Callable[[str], str]) -> None:
    handmade.create(app, "priority", "vip", {"meaning": "m", "label": {"ar": "مهم"}}, before="urgent")
    handmade.create(app, "category", "returns", {})
    text = policy.export(app)
    assert "origin" not in text
    path = file(text)
    assert policy.check_file(app, path) == ([], [])
    assert texts(policy.diff_file(app, path)) == [
        "categories.returns.origin: cli -> policy",
        "priorities.vip.origin: cli -> policy",
    ]
    assert policy.apply_file(app, path)["moved"] == []
    assert {each["origin"] for each in policy_records.list_priorities(app)} == {"policy"}
    assert policy.apply_file(app, path)["applied"] is False
    assert policy.export(app) == text
    again = policy.apply_file(app, file(text.replace("vip: none", "vip: {first_response: 15m}")))
    assert texts(again["changes"])[0] == "plans.advanced.targets.vip.first_response: none -> 15m"
    # Now that it is the file's, leaving it out is removing it.
    opened(app, priority="vip")
    refused("in_use", 4, policy.apply_file, app, shipped_policy())


def test_holidays_that_were_looked_up_are_kept(app: App, file: Callable[[str], str]) -> None:
    text = SHIPPED.replace("timezone: Asia/Tehran\n", "timezone: Asia/Tehran\n    country_holidays: FR\n", 1)
    policy.apply_file(app, file(text))
    with app.write():
        app.db.run("UPDATE policies SET holidays_version = '0.1' WHERE version = 2")
    handmade.create(app, "category", "returns", {})
    rows = app.db.query("SELECT holidays_version FROM policies ORDER BY version")
    assert [row["holidays_version"] for row in rows] == [None, "0.1", "0.1"]
    assert policy.diff_file(app, file(text)) == []
