"""The shipped plans.yaml, line by line of the ledger: K3 to K11 and the readings chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk_cli.adapters.policy_file import check_policy
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.services.setup import shipped_policy

HOUR = 3_600
PRIORITIES = ("critical", "urgent", "high", "normal", "low")


@pytest.fixture(scope="module")
def policy() -> Policy:
    document, problems = check_policy(Path(shipped_policy()).read_bytes(), 2026)
    assert problems == []
    assert document is not None
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), document, "")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("Waiting for reply", "waiting for reply", "في انتظار الرد", "En attente de réponse"), "open"),
        (("In progress", "قيد المراجعة", "En cours"), "in_progress"),
        (
            ("Waiting for customer", "answered", "في انتظار العميل", "En attente du client"),
            "waiting_customer",
        ),
        (("Closed", "مغلقة", "Fermé"), "closed"),
    ],
)
def test_k3_the_four_statuses_have_names_that_may_be_typed(
    policy: Policy, words: tuple[str, ...], status: str
) -> None:
    assert {policy.status(word) for word in words} == {status}
    assert policy.label("status", status, "en") == words[0]


def test_k4_five_priorities_the_most_urgent_first(policy: Policy) -> None:
    assert policy.priorities == PRIORITIES


def test_k5_the_default_priority_is_normal(policy: Policy) -> None:
    assert policy.default_priority == "normal"


def test_k6_the_four_categories(policy: Policy) -> None:
    assert policy.categories == ("activation", "technical", "financial", "sales")


def test_k7_closed_48_hours_after_supports_answer(policy: Policy) -> None:
    for name in policy.plans:
        rule = policy.plan(name).auto_close
        assert (rule.after, rule.statuses, rule.remind_after, rule.calendar) == (
            48 * HOUR,
            ("waiting_customer",),
            None,
            None,
        )


@pytest.mark.parametrize(
    ("plan", "hours"),
    [
        ("enterprise", (0.5, 1, 4, 12, 24)),
        ("advanced", (0.5, 2, 8, 12, 24)),
        ("medium", (None, 2, 8, 12, 48)),
        ("basic", (None, None, None, 24, 48)),
    ],
)
def test_k8_k9_the_table_of_first_responses(
    policy: Policy, plan: str, hours: tuple[float | None, ...]
) -> None:
    targets = {priority: policy.target(plan, priority, None, "first_response") for priority in PRIORITIES}
    assert {priority: target and target.limit / HOUR for priority, target in targets.items()} == dict(
        zip(PRIORITIES, hours, strict=True)
    )
    assert all(set(row) <= {"first_response"} for row in policy.plan(plan).targets.values())


def test_k9_enterprise_answers_critical_tickets_within_10_to_30_minutes(policy: Policy) -> None:
    target = policy.target("enterprise", "critical", None, "first_response")
    assert target is not None
    assert (target.goal, target.warn, target.limit) == (600, 600, 1_800)


def test_k9_three_plans_are_served_around_the_clock(policy: Policy) -> None:
    assert [policy.plan(name).calendar for name in policy.plans] == ["always"] * 3 + ["business"]
    saturday, next_saturday = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 14, tzinfo=UTC)
    assert policy.calendar("always").between(saturday, next_saturday) == 168 * HOUR


def test_k9_basic_is_served_in_business_hours(policy: Policy) -> None:
    """Saturday to Wednesday 09:00-17:00 in Tehran (UTC+03:30): our choice, as "Readings chosen" says."""
    calendar = policy.calendar("business")
    saturday = datetime(2026, 3, 7, 5, 30, tzinfo=UTC)
    assert calendar.next_opening(datetime(2026, 3, 5, 5, 30, tzinfo=UTC)) == saturday  # a Thursday
    assert calendar.add(saturday, 48 * HOUR) == datetime(2026, 3, 14, 13, 30, tzinfo=UTC)
    text = Path(shipped_policy()).read_text(encoding="utf-8")
    assert "our choice" in text


def test_k9_every_priority_says_what_it_is_for(policy: Policy) -> None:
    assert policy.priority("low")["meaning"] == "general guidance"
    assert all(policy.priority(name)["meaning"] for name in PRIORITIES)


def test_k10_basic_is_the_default_plan(policy: Policy) -> None:
    assert policy.default_plan == "basic"


def test_k11_a_custom_plan_is_one_more_plan() -> None:
    text = Path(shipped_policy()).read_text(encoding="utf-8")
    plan = (
        "  acme:\n    calendar: always\n    targets: {critical: {resolution: 2h}, urgent: none, high: none, "
    )
    document, problems = check_policy((text + plan + "normal: none, low: none}\n").encode(), 2026)
    assert problems == []
    assert document is not None
    assert list(document["plans"]) == ["enterprise", "advanced", "medium", "basic", "acme"]


def test_it_says_no_more_than_the_ledger(policy: Policy) -> None:
    for name in policy.plans:
        plan = policy.plan(name)
        assert (plan.levels, plan.reopen_window, plan.customer_close, plan.retired) == (
            (),
            None,
            "always",
            False,
        )
    assert not any(policy.ticket_type(name).get("sla") for name in policy.types)


def test_labels_are_in_three_languages(policy: Policy) -> None:
    kinds = {"priority": policy.priorities, "category": policy.categories, "plan": policy.plans}
    for kind, names in kinds.items():
        for name in names:
            assert len({policy.label(kind, name, language) for language in ("en", "ar", "fr")}) >= 2
