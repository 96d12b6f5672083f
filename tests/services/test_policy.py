"""Checking, comparing and applying a policy file on a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import NotFoundError, PolicyError, RefusedError
from helpdesk_cli.services import handmade, lifecycle, policy, policy_records, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.orgs import create_org
from helpdesk_cli.services.setup import shipped_policy

SHIPPED = Path(shipped_policy()).read_text(encoding="utf-8")
LATER = "2026-03-01T10:00:00Z"
OPEN = "2026-03-01T09:00:00Z"


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., str]:
    """The path of the shipped file with texts replaced: `edited("12h", "6h")`."""

    def edit(*pairs: str) -> str:
        text = SHIPPED
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "plans.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return edit


def open_ticket(app: App, **choices: Any) -> dict[str, Any]:
    return tickets.create(app, subject="x", sender="sara@acme.example", body="b", **choices)


def texts(changes: list[dict[str, Any]]) -> list[str]:
    return [change["text"] for change in changes]


def policy_events(app: App) -> list[tuple[int, str]]:
    found = app.db.query("SELECT ticket_id, type, at FROM events ORDER BY seq")
    return [(row["ticket_id"], row["at"]) for row in found if row["type"] == "policy_applied"]


def test_checking_needs_no_database(tmp_path: Path, edited: Callable[..., str]) -> None:
    app = App(str(tmp_path / "none.db"))
    assert policy.check_file(app, shipped_policy()) == ([], [])
    assert policy.check_file(app, edited("timezone: Asia/Tehran", "timezone: Asia/Teheran")) == (
        [
            {
                "line": SHIPPED.count("\n", 0, SHIPPED.index("timezone: Asia/Tehran")) + 1,
                "column": 5,
                "message": "calendars.business.timezone: there is no time zone 'Asia/Teheran':"
                " did you mean 'Asia/Tehran'?",
                "hint": None,
            }
        ],
        [],
    )
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * 2_000_000)
    assert policy.check_file(app, str(big))[0][0]["line"] is None
    with pytest.raises(NotFoundError):
        policy.check_file(app, str(tmp_path / "none.yaml"))


def test_the_file_in_force_changes_nothing(app: App) -> None:
    assert policy.diff_file(app, shipped_policy()) == []
    result = policy.apply_file(app, shipped_policy())
    assert result == {
        "version": 1,
        "at": OPEN,
        "applied": False,
        "changes": [],
        "moved": [],
        "dry_run": False,
    }
    assert app.policies.versions() == [1]


def test_a_diff_writes_nothing(app: App, edited: Callable[..., str]) -> None:
    path = edited("low: {first_response: 48h}", "low: {first_response: 36h}")
    assert policy.diff_file(app, path) == [
        {
            "change": "changed",
            "path": f"plans.{plan}.targets.low.first_response",
            "before": "48h",
            "after": "36h",
            "text": f"plans.{plan}.targets.low.first_response: 48h -> 36h",
        }
        for plan in ("basic", "medium")
    ]
    assert app.policies.versions() == [1]


def test_applying_makes_a_version_and_moves_deadlines(
    make_app: Callable[..., App], edited: Callable[..., str]
) -> None:
    app = make_app()
    ticket = open_ticket(app, plan="enterprise", priority="normal")
    late = open_ticket(app, plan="enterprise", priority="normal")
    lifecycle.close(app, late["id"])
    app = make_app(now=LATER)
    path = edited("normal: {first_response: 12h}", "normal: {first_response: 6h}")
    result = policy.apply_file(app, path)
    assert (result["version"], result["at"], result["applied"]) == (2, LATER, True)
    assert texts(result["changes"]) == [
        f"plans.{plan}.targets.normal.first_response: 12h -> 6h"
        for plan in ("advanced", "enterprise", "medium")
    ]
    assert result["moved"] == [
        {
            "ticket": ticket["id"],
            "clock": "first_response",
            "instance": 1,
            "before": "2026-03-01T21:00:00Z",
            "after": "2026-03-01T15:00:00Z",
            "overdue": False,
        }
    ]
    assert policy_events(app) == [(ticket["id"], LATER)]
    assert app.policies.latest().version == 2
    again = policy.apply_file(app, path)
    assert (again["version"], again["applied"], again["changes"]) == (2, False, [])
    assert policy_events(app) == [(ticket["id"], LATER)]


@pytest.mark.parametrize(
    ("target", "now", "after", "overdue"),
    [
        ("2h", "2026-03-01T11:00:01Z", "2026-03-01T11:00:00Z", True),
        ("2h", "2026-03-01T11:00:00Z", "2026-03-01T11:00:00Z", False),
        ("2h", "2026-03-01T10:59:59Z", "2026-03-01T11:00:00Z", False),
        # Overdue before, by the old deadline: the new one makes nothing of that.
        ("2h", "2026-03-01T21:00:01Z", "2026-03-01T11:00:00Z", False),
        ("2h", "2026-03-01T21:00:00Z", "2026-03-01T11:00:00Z", True),
        ("24h", "2026-03-01T21:00:01Z", "2026-03-02T09:00:00Z", False),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_becomes_overdue_at_once_is_said(
    make_app: Callable[..., App],
    edited: Callable[..., str],
    target: str,
    now: str,
    after: str,
    overdue: bool,
    dry_run: bool,
) -> None:
    ticket = open_ticket(make_app(), plan="enterprise", priority="normal")["id"]
    app = make_app(now=now)
    path = edited("normal: {first_response: 12h}", f"normal: {{first_response: {target}}}")
    (moved,) = policy.apply_file(app, path, dry_run=dry_run)["moved"]
    assert (moved["before"], moved["after"], moved["overdue"]) == ("2026-03-01T21:00:00Z", after, overdue)
    breaches = app.db.query(f"SELECT at FROM events WHERE ticket_id = {ticket} AND type = 'clock_breached'")
    if overdue and not dry_run:
        assert [row["at"] for row in breaches] == [now]


def test_a_dry_run_names_what_would_move_and_writes_nothing(app: App, edited: Callable[..., str]) -> None:
    ticket = open_ticket(app, plan="enterprise", priority="normal")
    path = edited("normal: {first_response: 12h}", "normal: {first_response: 6h}")
    would = policy.apply_file(app, path, dry_run=True)
    assert (would["dry_run"], would["applied"]) == (True, False)
    assert would["changes"]
    assert [(each["ticket"], each["after"]) for each in would["moved"]] == [
        (ticket["id"], "2026-03-01T15:00:00Z")
    ]
    assert app.policies.versions() == [1]
    assert policy_events(app) == []
    done = policy.apply_file(app, path)
    assert done == would | {"dry_run": False, "applied": True}


def test_a_bad_file_is_refused_before_anything_is_written(app: App, edited: Callable[..., str]) -> None:
    path = edited("default_plan: basic", "default_plan: basik")
    for use in (policy.apply_file, policy.diff_file):
        with pytest.raises(PolicyError) as caught:
            use(app, path)
        assert caught.value.exit_code == 6
    assert app.policies.versions() == [1]


def test_a_version_is_never_dated_before_its_predecessor(
    make_app: Callable[..., App], edited: Callable[..., str]
) -> None:
    back = make_app(now="2026-02-28T09:00:00Z")
    result = policy.apply_file(back, edited("low: {first_response: 48h}", "low: none"))
    assert result["at"] == OPEN
    assert back.announcements == [
        "the clock says 2026-02-28T09:00:00Z, but the policy in force is dated 2026-03-01T09:00:00Z:"
        " a new one counts from then"
    ]


def test_new_zone_rules_are_a_change(app: App) -> None:
    with app.write():
        app.db.run("UPDATE policies SET tzdata = '2020a'")
    app.close()
    changes = policy.diff_file(app, shipped_policy())
    assert [change["path"] for change in changes] == ["tzdata"]
    assert changes[0]["before"] == "2020a"
    assert policy.apply_file(app, shipped_policy())["applied"]
    assert policy.diff_file(app, shipped_policy()) == []


GOLD = """
  gold:
    calendar: always
    targets: {critical: none, urgent: none, high: none, normal: none, low: none}
"""


def test_what_is_used_by_nobody_can_be_removed(app: App, edited: Callable[..., str], tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(SHIPPED + GOLD, encoding="utf-8")
    assert texts(policy.apply_file(app, str(more))["changes"]) == ["plans.gold: added"]
    assert texts(policy.apply_file(app, shipped_policy())["changes"]) == ["plans.gold: removed"]


def test_what_is_in_use_cannot_be_removed(app: App, edited: Callable[..., str], tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(SHIPPED + GOLD, encoding="utf-8")
    policy.apply_file(app, str(more))
    create_org(app, "Acme", {"plan": "gold"})
    with pytest.raises(RefusedError, match=r"^what is in use cannot be removed$") as caught:
        policy.apply_file(app, shipped_policy())
    assert (caught.value.code, caught.value.exit_code) == ("in_use", 4)
    assert caught.value.details["problems"] == ["the plan 'gold' is used by 1 organisation"]
    assert "retired: true" in str(caught.value.hint)
    open_ticket(app, plan="gold", category="sales", type="complaint", priority="urgent")
    closed = open_ticket(app, plan="gold")
    lifecycle.close(app, closed["id"])
    path = edited(
        "  - {name: sales, label: {en: Sales, ar: المبيعات, fr: Ventes}}\n",
        "",
        "  - {name: complaint, description: something went wrong in how the customer was served}\n",
        "",
    )
    for dry_run in (True, False):
        with pytest.raises(RefusedError) as refused:
            policy.apply_file(app, path, dry_run=dry_run)
        assert refused.value.details["problems"] == [
            "the plan 'gold' is used by 2 tickets and 1 organisation",
            "the category 'sales' is used by 1 ticket",
            "the type 'complaint' is used by 1 ticket",
        ]
    assert app.policies.latest().version == 2


def test_who_applied_a_policy_is_kept(make_app: Callable[..., App], edited: Callable[..., str]) -> None:
    app = make_app()
    login = app.require_agent()["login"]
    path = edited("low: {first_response: 48h}", "low: none")
    policy.apply_file(app, path)
    row = app.db.one("SELECT actor, source FROM policies WHERE version = 2")
    assert row is not None
    assert (row["actor"], row["source"]) == (login, path)
    with app.write():
        app.db.run("UPDATE agents SET login = 'other', login_key = 'other'")
    policy.apply_file(app, shipped_policy())
    row = app.db.one("SELECT actor FROM policies WHERE version = 3")
    assert row is not None
    assert row["actor"] == login  # no agent now, but the login of the process's user


def test_the_export_is_the_policy_in_force(app: App, tmp_path: Path) -> None:
    path = tmp_path / "export.yaml"
    path.write_text(policy.export(app), encoding="utf-8")
    assert policy.diff_file(app, str(path)) == []


def test_every_version_is_kept_with_who_made_it_and_can_be_exported(
    app: App, edited: Callable[..., str], tmp_path: Path
) -> None:
    first = policy.export(app)
    path = edited("timezone: Asia/Tehran\n", "timezone: Asia/Tehran\n    country_holidays: FR\n")
    policy.apply_file(app, path)
    handmade.create(app, "category", "returns", {})
    user = app.require_agent()["login"]
    found = policy_records.list_versions(app)
    shown = ("version", "at", "actor", "source")
    assert [tuple(row[key] for key in shown) for row in found] == [
        (3, OPEN, user, None), (2, OPEN, user, path), (1, OPEN, user, "plans.yaml"),
    ]  # fmt: skip
    assert [row["holidays_version"] is None for row in found] == [False, False, True]
    assert {row["tzdata"] for row in found} == {tzdata_version()}
    assert policy.export(app, 1) == first
    assert policy.export(app, 3) == policy.export(app) != policy.export(app, 2)
    for number in (0, 4):
        with pytest.raises(NotFoundError, match=f"there is no version {number}") as caught:
            policy.export(app, number)
        assert caught.value.hint == "the latest is 3: `helpdesk plan history`"


def test_plans_are_records(app: App) -> None:
    plans = policy_records.list_plans(app)
    assert [(plan["name"], plan["default"]) for plan in plans] == [
        ("enterprise", False),
        ("advanced", False),
        ("medium", False),
        ("basic", True),
    ]
    basic = policy_records.show_plan(app, "basic")
    assert basic == plans[-1]
    assert basic["targets"]["critical"] == {}
    assert basic["targets"]["normal"] == {
        "first_response": {
            "target_seconds": 86_400,
            "goal_seconds": None,
            "warn_seconds": 69_120,
            "calendar": "business",
        }
    }
    assert basic["pause"] == {"waiting_customer": ["update", "resolution"], "on_hold": ["resolution"]}
    assert basic["auto_close"] == {
        "after_seconds": 172_800,
        "statuses": ["waiting_customer"],
        "remind_after_seconds": None,
        "calendar": None,
    }
    assert basic["reopen"] == {"mode": "continue", "window_seconds": None}
    with pytest.raises(NotFoundError) as caught:
        policy_records.show_plan(app, "basik")
    assert caught.value.hint == "did you mean 'basic'?"


def test_a_level_is_shown_as_it_was_written(app: App, tmp_path: Path) -> None:
    path = tmp_path / "levels.yaml"
    levels = (
        "    escalation: [{level: 1, clock: first_response, at: -15m, set: {priority: +1, tags: [late]}}]\n"
    )
    path.write_text(SHIPPED + levels, encoding="utf-8")
    policy.apply_file(app, str(path))
    assert policy_records.show_plan(app, "basic")["escalation"] == [
        {
            "level": 1,
            "clock": "first_response",
            "at": "-15m",
            "notify": [],
            "set": {"priority": "+1", "tags": ["late"]},
        }
    ]


def test_priorities_categories_and_types_are_records(app: App, edited: Callable[..., str]) -> None:
    priorities = policy_records.list_priorities(app)
    assert [(each["rank"], each["name"], each["default"]) for each in priorities] == [
        (0, "critical", False),
        (1, "urgent", False),
        (2, "high", False),
        (3, "normal", True),
        (4, "low", False),
    ]
    assert policy_records.show_priority(app, "low")["meaning"] == "general guidance"
    assert policy_records.show_priority(app, "low")["origin"] == "policy"
    policy.apply_file(
        app, edited("- {name: question,", "- {name: feature_request, sla: none}\n  - {name: question,")
    )
    assert [(each["name"], each["sla"]) for each in policy_records.list_types(app)][:2] == [
        ("feature_request", False),
        ("question", True),
    ]
    assert [each["name"] for each in policy_records.list_categories(app)] == [
        "activation",
        "technical",
        "financial",
        "sales",
    ]
    assert policy_records.show_category(app, "sales")["label"]["fr"] == "Ventes"
    assert policy_records.show_category(app, "sales")["retired"] is False
    with pytest.raises(NotFoundError):
        policy_records.show_priority(app, "none")
    with pytest.raises(NotFoundError):
        policy_records.show_category(app, "none")
