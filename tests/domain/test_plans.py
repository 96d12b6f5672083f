"""The terms of a plan and the compiled policy: each rule of policy.md and sla.md 3-7 about reading them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.plans import AutoClose, Policy, Reopen, Target, compile_plan
from helpdesk_cli.domain.terms import (
    Level,
    is_none,
    parse_auto_close,
    parse_level,
    parse_reopen,
    parse_target,
)
from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError, UsageError

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("value", "limit", "goal", "warn"),
    [
        ("1h", HOUR, None, 48 * MINUTE),
        ("1s", 1, None, 0),  # 80 % rounded down
        ("10m..30m", 30 * MINUTE, 10 * MINUTE, 10 * MINUTE),
        ("10m .. 30m", 30 * MINUTE, 10 * MINUTE, 10 * MINUTE),
        ("30m..30m", 30 * MINUTE, 30 * MINUTE, 30 * MINUTE),
        ({"limit": "24h"}, DAY, None, 69_120),
        ({"limit": "24h", "warn": "50%"}, DAY, None, 12 * HOUR),
        ({"limit": "24h", "warn": "33%"}, DAY, None, 28_512),
        ({"limit": "10s", "warn": "33%"}, 10, None, 3),
        ({"limit": "24h", "warn": "100%"}, DAY, None, DAY),
        ({"limit": "24h", "warn": "15m"}, DAY, None, DAY - 15 * MINUTE),
        ({"limit": "24h", "goal": "4h"}, DAY, 4 * HOUR, 4 * HOUR),
        ({"limit": "4h..24h"}, DAY, 4 * HOUR, 4 * HOUR),
    ],
)
def test_a_target_is_a_duration_a_range_or_a_mapping(
    value: str | dict[str, str], limit: int, goal: int | None, warn: int
) -> None:
    assert parse_target(value, "office") == Target(limit, goal, warn, "office")


def test_a_target_may_have_a_calendar_of_its_own() -> None:
    target = parse_target({"limit": "10m..30m", "calendar": "always"}, "office")
    assert target is not None
    assert target.calendar == "always"


@pytest.mark.parametrize(
    "value",
    [
        "none",
        "0",
        "0m",
        "0h0m",
        {"limit": "none"},
        {"limit": "0", "goal": "1h"},
        {"limit": "0", "warn": "5m"},
    ],
)
def test_none_and_zero_mean_no_clock(value: str | dict[str, str]) -> None:
    assert parse_target(value, "office") is None


def test_only_texts_say_none() -> None:
    assert not is_none({"first_response": "0"})
    assert not is_none("soon")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("30m..10m", "reversed"),
        ("0m..0m", "is zero"),
        ("1h..", "not a duration"),
        ("soon", "not a duration"),
        ("1.5h", "fractions"),
        ("-1h", "sign"),
        ({"limit": "1h", "goal": "10m", "warn": "5m"}, "not both"),
        ({"limit": "1h", "warn": "1h"}, "not shorter"),
        ({"limit": "1h", "warn": "101%"}, "percentage"),
        ({"limit": "1h", "warn": "1.5%"}, "percentage"),
        ({"limit": "10m..1h", "warn": "5m"}, "range"),
        ({"limit": "10m", "goal": "1h"}, "reversed"),
    ],
)
def test_a_target_that_makes_no_sense_is_an_error(value: str | dict[str, str], said: str) -> None:
    with pytest.raises(HelpdeskError, match=said):
        parse_target(value, "office")


def level(at: str, **more: Any) -> Level:
    return parse_level({"level": "1", "clock": "resolution", "at": at, "notify": ["assignee"], **more})


@pytest.mark.parametrize(
    ("at", "threshold", "late"),
    [
        ("-15m", 3 * HOUR + 45 * MINUTE, False),
        ("-9h", 0, False),  # more than the target: as soon as it starts
        ("80%", 11_520, False),
        ("99%", 14_256, False),
        ("100%", 4 * HOUR, True),
        ("150%", 6 * HOUR, True),
        ("0m", 4 * HOUR, True),
        ("+20m", 4 * HOUR + 20 * MINUTE, True),
        ("20m", 4 * HOUR + 20 * MINUTE, True),
    ],
)
def test_a_level_counts_from_the_deadline_or_by_share(at: str, threshold: int, late: bool) -> None:
    assert level(at).threshold(4 * HOUR) == threshold
    assert level(at).late(4 * HOUR) is late


def test_a_level_may_change_the_ticket() -> None:
    changes = {"priority": "+1", "assignee": "ann", "team": "night", "tags": ["late", "vip"]}
    assert level("0m", set=changes).set == {
        "priority": 1,
        "assignee": "ann",
        "team": "night",
        "tags": ("late", "vip"),
    }
    assert level("0m", set={"priority": "urgent", "tags": "late"}).set == {
        "priority": "urgent",
        "tags": ("late",),
    }


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"at": "soon"}, "not a duration"),
        ({"at": "x%"}, "percentage"),
        ({"at": "2000%"}, "percentage"),
        ({"level": "0"}, "whole number"),
        ({"level": "1.5"}, "whole number"),
        ({"level": "٣"}, "whole number"),
        ({"notify": []}, "does nothing"),
        ({"set": {"priority": "+0"}}, "step of priority"),
        ({"set": {"priority": "+x"}}, "step of priority"),
    ],
)
def test_a_level_that_makes_no_sense_is_an_error(more: dict[str, Any], said: str) -> None:
    with pytest.raises(HelpdeskError, match=said):
        parse_level({"level": "1", "clock": "resolution", "at": "0m", "notify": ["assignee"], **more})


def test_auto_closure_has_defaults_and_a_reminder_before_it() -> None:
    assert parse_auto_close({"after": "48h"}) == AutoClose(
        2 * DAY, ("waiting_customer", "resolved"), None, None
    )
    assert parse_auto_close({"after": "0", "remind_after": "1h"}).after == 0
    full = {"after": "7d", "statuses": ["resolved"], "remind_after": "24h", "calendar": "office"}
    assert parse_auto_close(full) == AutoClose(7 * DAY, ("resolved",), DAY, "office")
    with pytest.raises(HelpdeskError, match="not before"):
        parse_auto_close({"after": "48h", "remind_after": "48h"})


def test_reopening_continues_for_ever_unless_told() -> None:
    assert parse_reopen({}) == Reopen("continue", None)
    assert parse_reopen({"mode": "restart", "window": "14d"}) == Reopen("restart", 14 * DAY)


DOCUMENT: dict[str, Any] = {
    "version": 1,
    "default_plan": "basic",
    "calendars": {"always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}}},
    "statuses": {
        "open": {"label": {"en": "Waiting for reply", "fr": "En attente"}, "aliases": ["on hold", "Queue"]},
        "closed": {"label": {"en": "Done", "fr": "En attente"}, "aliases": ["finished-off"]},
    },
    "priorities": [
        {"name": "high", "label": {"en": "High"}},
        {"name": "medium"},
        {"name": "low", "retired": True},
    ],
    "categories": [{"name": "sales"}],
    "types": [{"name": "question"}, {"name": "feature_request", "sla": "none"}],
    "plans": {
        "basic": {
            "calendar": "always",
            "targets": {"high": {"first_response": "1h", "resolution": "none"}, "medium": "none", "low": "0"},
        },
        "old": {
            "label": {"en": "Old"},
            "calendar": "always",
            "targets": {"high": "none", "medium": "none", "low": "none"},
            "pause": {"waiting_customer": []},
            "retroactive": False,
            "retired": True,
            "customer_close": "never",
            "auto_close": {"after": "24h"},
            "escalation": [{"level": 2, "clock": "update", "at": "0m", "notify": ["team"]}],
        },
    },
}


@pytest.fixture
def policy() -> Policy:
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), DOCUMENT, "2026a")


def test_a_plan_has_the_defaults_of_the_page(policy: Policy) -> None:
    plan = policy.plan("basic")
    assert plan.targets == {
        "high": {"first_response": Target(HOUR, None, 2_880, "always")},
        "medium": {},
        "low": {},
    }
    assert plan.pause == {
        "waiting_customer": frozenset({"resolution", "update"}),
        "on_hold": frozenset({"resolution"}),
    }
    assert (plan.retroactive, plan.retired, plan.customer_close) == (True, False, "always")
    assert (plan.reopen_mode, plan.reopen_window, plan.levels) == ("continue", None, ())
    assert plan.auto_close.after == 0
    assert policy.plan("basic") is plan


def test_what_a_plan_says_replaces_the_defaults(policy: Policy) -> None:
    plan = policy.plan("old")
    assert plan.pause == {"waiting_customer": frozenset()}
    assert (plan.retroactive, plan.retired, plan.customer_close) == (False, True, "never")
    assert plan.auto_close == AutoClose(DAY)
    assert [(each.level, each.clock, each.text) for each in plan.levels] == [(2, "update", "0m")]


def test_a_target_is_none_where_nothing_is_promised(policy: Policy) -> None:
    assert policy.target("basic", "high", None, "first_response") == Target(HOUR, None, 2_880, "always")
    assert policy.target("basic", "high", "question", "first_response") is not None
    assert policy.target("basic", "high", "unknown_by_now", "first_response") is not None
    assert policy.target("basic", "high", "feature_request", "first_response") is None
    assert policy.target("basic", "high", None, "resolution") is None
    assert policy.target("basic", "medium", None, "first_response") is None
    assert policy.target("basic", "made_by_hand", None, "first_response") is None


def test_calendars_are_built_once_and_only_when_asked(policy: Policy) -> None:
    calendar = policy.calendar("always")
    assert calendar.name == "always"
    assert policy.calendar("always") is calendar
    assert policy.calendars == ("always",)
    with pytest.raises(NotFoundError, match="no calendar 'allways'") as caught:
        policy.calendar("allways")
    assert caught.value.hint == "did you mean 'always'?"


def test_priorities_rank_by_their_order(policy: Policy) -> None:
    assert policy.priorities == ("high", "medium", "low")
    assert [policy.rank(name) for name in policy.priorities] == [0, 1, 2]
    with pytest.raises(NotFoundError) as caught:
        policy.rank("hihg")
    assert (caught.value.code, caught.value.hint) == ("unknown_priority", "did you mean 'high'?")


@pytest.mark.parametrize(
    ("names", "default"),
    [(["high", "normal", "low"], "normal"), (["a", "b", "c"], "b"), (["a", "b"], "b"), (["a"], "a")],
)
def test_the_default_priority_is_normal_else_the_middle(names: list[str], default: str) -> None:
    document = {**DOCUMENT, "priorities": [{"name": name} for name in names]}
    assert Policy(1, datetime(2026, 3, 1, tzinfo=UTC), document, "").default_priority == default


def test_a_retired_priority_is_no_default(policy: Policy) -> None:
    assert policy.default_priority == "medium"  # of high and medium: low is retired
    declared = Policy(1, policy.at, {**DOCUMENT, "default_priority": "high"}, "")
    assert declared.default_priority == "high"


def test_names_are_found_or_suggested(policy: Policy) -> None:
    assert (policy.plans, policy.categories, policy.types) == (
        ("basic", "old"),
        ("sales",),
        ("question", "feature_request"),
    )
    assert policy.default_plan == "basic"
    assert policy.priority("low")["retired"] is True
    assert policy.category("sales") == {"name": "sales"}
    assert policy.ticket_type("question") == {"name": "question"}
    with pytest.raises(NotFoundError, match="no category 'zzz'") as caught:
        policy.category("zzz")
    assert caught.value.hint == "it is one of sales"
    with pytest.raises(NotFoundError, match="no plan"):
        policy.plan("zzz")


def test_a_hint_lists_a_few_names(policy: Policy) -> None:
    many = [{"name": f"n{number}"} for number in range(30)]
    with pytest.raises(NotFoundError) as caught:
        Policy(1, policy.at, {**DOCUMENT, "categories": many}, "").category("zzz")
    assert str(caught.value.hint).endswith("n18, n19, ...")


def test_a_policy_may_declare_no_categories() -> None:
    document = {
        key: value for key, value in DOCUMENT.items() if key not in ("categories", "types", "statuses")
    }
    bare = Policy(1, datetime(2026, 3, 1, tzinfo=UTC), document, "")
    assert (bare.categories, bare.types) == ((), ())
    with pytest.raises(NotFoundError) as caught:
        bare.category("sales")
    assert caught.value.hint == "the policy declares no category"
    assert bare.status("open") == "open"
    assert bare.label("status", "open", "en") == "open"


def test_what_is_retired_is_not_offered_any_more(policy: Policy) -> None:
    assert policy.offered("plan", "basic") == "basic"
    assert policy.offered("priority", "high") == "high"
    with pytest.raises(RefusedError, match="the plan old is retired") as caught:
        policy.offered("plan", "old")
    assert (caught.value.code, caught.value.hint) == ("retired", "choose one of basic")
    with pytest.raises(NotFoundError):
        policy.offered("category", "zzz")
    alone = Policy(1, policy.at, {**DOCUMENT, "categories": [{"name": "sales", "retired": True}]}, "")
    with pytest.raises(RefusedError) as refused:
        alone.offered("category", "sales")
    assert refused.value.hint is None


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("open", "open"),
        ("OPEN", "open"),
        ("on_hold", "on_hold"),
        ("On-Hold", "on_hold"),
        ("on hold", "open"),  # H10: an alias equal to another machine name is matched as typed
        ("ON  HOLD", "open"),
        ("queue", "open"),
        ("finished-off", "closed"),
        ("Finished Off", "closed"),
        ("waiting for reply", "open"),  # a label
        ("Done", "closed"),
        ("in progress", "in_progress"),
    ],
)
def test_a_status_is_typed_by_name_alias_or_label(policy: Policy, typed: str, status: str) -> None:
    assert policy.status(typed) == status


def test_an_unknown_status_is_a_usage_error_with_a_suggestion(policy: Policy) -> None:
    with pytest.raises(UsageError, match="no status 'clsoed'") as caught:
        policy.status("clsoed")
    assert (caught.value.code, caught.value.hint) == ("unknown_status", "did you mean 'closed'?")
    with pytest.raises(UsageError) as lost:
        policy.status("xyzzy")
    assert str(lost.value.hint).startswith("it is one of open, in_progress")
    with pytest.raises(UsageError):
        policy.status("en attente")  # two statuses have this label


@pytest.mark.parametrize(
    ("kind", "name", "lang", "label"),
    [
        ("status", "open", "fr", "En attente"),
        ("status", "open", "fr_CA", "En attente"),
        ("status", "open", "FR-be", "En attente"),
        ("status", "open", "ar", "Waiting for reply"),
        ("status", "on_hold", "fr", "on_hold"),
        ("priority", "high", "en", "High"),
        ("priority", "gone", "en", "gone"),
        ("category", "sales", "en", "sales"),
        ("plan", "old", "de", "Old"),
        ("plan", "basic", "en", "basic"),
    ],
)
def test_labels_fall_back_to_english_and_then_to_the_name(
    policy: Policy, kind: str, name: str, lang: str, label: str
) -> None:
    assert policy.label(kind, name, lang) == label


def test_a_plan_compiles_by_itself() -> None:
    spec = {"calendar": "c", "targets": {}, "reopen": {"window": "14d"}}
    assert compile_plan("p", spec).reopen_window == 14 * DAY
