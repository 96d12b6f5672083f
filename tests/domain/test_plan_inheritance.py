"""A plan that extends another (K11): what it takes over, what is its own; older documents are as before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.handmade import with_entry
from helpdesk_cli.domain.plan_inheritance import effective, inherited, lineage
from helpdesk_cli.domain.plans import AutoClose, Plan, Policy, Target, compile_plan, plan_of

HOUR = 3_600

PLANS: dict[str, Any] = {
    "base": {
        "label": {"en": "Base"},
        "calendar": "office",
        "targets": {
            "high": {"first_response": "4h", "resolution": {"limit": "8h", "calendar": "always"}},
            "low": "none",
        },
        "pause": {"on_hold": ["resolution"], "waiting_customer": ["resolution"]},
        "retroactive": False,
        "auto_close": {"after": "48h", "statuses": ["resolved"], "remind_after": "24h"},
        "reopen": {"mode": "restart", "window": "14d"},
        "customer_close": "never",
        "escalation": [{"level": 1, "clock": "resolution", "at": "0m", "notify": ["team"]}],
        "valid_from": "2026-01-01",
        "retired": True,
    },
    "child": {
        "extends": "base",
        "calendar": "always",
        "targets": {"high": {"resolution": "2h", "update": "1h"}, "low": {"update": "9h"}},
        "pause": {"on_hold": []},
        "auto_close": {"after": "30h"},
        "reopen": {"mode": "continue"},
        "valid_to": "2026-12-31",
    },
    "grandchild": {
        "extends": "child",
        "label": {"fr": "Petit"},
        "targets": {"high": {"resolution": "none"}, "low": "none"},
        "escalation": [],
    },
    "bare": {"extends": "base"},
}
DOCUMENT = {
    "default_plan": "bare",
    "priorities": [{"name": "high"}, {"name": "low"}],
    "calendars": {},
    "plans": PLANS,
}


def plan(name: str) -> Plan:
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), DOCUMENT, "").plan(name)


def test_a_plan_has_what_it_says_and_else_what_it_extends() -> None:
    child = plan("child")
    assert child.calendar == "always"
    assert child.targets == {
        "high": {
            "first_response": Target(4 * HOUR, None, 11_520, "always"),
            "resolution": Target(2 * HOUR, None, 5_760, "always"),
            "update": Target(HOUR, None, 2_880, "always"),
        },
        "low": {"update": Target(9 * HOUR, None, 25_920, "always")},
    }
    assert child.pause == {"on_hold": frozenset()}
    assert child.auto_close == AutoClose(30 * HOUR, ("resolved",), 24 * HOUR, None)
    assert (child.reopen_mode, child.reopen_window) == ("continue", 14 * 24 * HOUR)
    assert (child.retroactive, child.customer_close, len(child.levels)) == (False, "never", 1)


def test_labels_dates_and_whether_it_is_retired_are_its_own() -> None:
    child, bare = plan("child"), plan("bare")
    assert (child.label, child.retired, child.extends) == ({}, False, "base")
    assert (child.valid_from, child.valid_to) == (None, "2026-12-31")
    assert (bare.label, bare.retired, bare.valid_from, bare.valid_to) == ({}, False, None, None)
    assert (plan("base").valid_from, plan("base").retired, plan("base").extends) == ("2026-01-01", True, None)


def test_what_is_inherited_may_be_taken_away_and_inherited_on() -> None:
    grandchild = plan("grandchild")
    assert grandchild.label == {"fr": "Petit"}
    assert set(grandchild.targets["high"]) == {"first_response", "update"}
    assert grandchild.targets["low"] == {}
    assert grandchild.levels == ()
    assert grandchild.auto_close.after == 30 * HOUR


def test_a_plan_that_says_nothing_is_its_parent_but_for_what_is_its_own() -> None:
    assert plan("bare") == plan("base")._replace(
        name="bare", label={}, retired=False, extends="base", valid_from=None
    )


def test_a_plan_of_an_older_document_is_as_before() -> None:
    spec = {key: value for key, value in PLANS["base"].items() if key != "valid_from"}
    assert plan_of({"plans": {"base": spec}}, "base") == compile_plan("base", spec)
    old = compile_plan("base", spec)
    assert (old.extends, old.valid_from, old.valid_to) == (None, None, None)


def test_what_would_be_inherited_leaves_out_what_the_plan_says() -> None:
    assert inherited(PLANS, "child")["auto_close"] == PLANS["base"]["auto_close"]
    assert inherited(PLANS, "child")["valid_to"] == "2026-12-31"
    assert inherited(PLANS, "base") == {"label": {"en": "Base"}, "retired": True, "valid_from": "2026-01-01"}


@pytest.mark.parametrize(
    ("plans", "line"),
    [
        ({"a": {"extends": "a"}}, ["a"]),
        ({"a": {"extends": "b"}, "b": {"extends": "a"}}, ["a", "b"]),
        ({"a": {"extends": "b"}, "b": {"extends": "c"}, "c": {"extends": "b"}}, ["a", "b", "c"]),
        ({"a": {"extends": "gone"}}, ["a"]),
        ({"a": {"extends": []}}, ["a"]),
        ({"a": {"extends": "b"}, "b": "none"}, ["a"]),
        ({"a": "none"}, []),
    ],
)
def test_a_broken_line_ends(plans: dict[str, Any], line: list[str]) -> None:
    assert lineage(plans, "a") == line


def test_broken_rows_are_not_merged() -> None:
    plans = {
        "a": {"targets": {"high": "none", "low": []}, "auto_close": "x"},
        "b": {"extends": "a", "targets": {"high": {"update": "1h"}}, "auto_close": {"after": "1h"}},
        "c": {"extends": "b", "targets": "none"},
    }
    assert effective(plans, "b")["targets"] == {"high": {"update": "1h"}, "low": []}
    assert effective(plans, "b")["auto_close"] == {"after": "1h"}
    assert effective(plans, "c")["targets"] == "none"


def test_a_priority_made_by_hand_is_none_in_the_plan_at_the_root_only() -> None:
    plans = with_entry(DOCUMENT, "priority", {"name": "middle"}, "low")["plans"]
    assert plans["base"]["targets"]["middle"] == "none"
    assert {name: spec for name, spec in plans.items() if name != "base"} == {
        name: spec for name, spec in PLANS.items() if name != "base"
    }
