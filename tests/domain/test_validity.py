"""The days on which a plan counts, in the zone of its own calendar."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.validity import dates, in_force

HOURS = {"all": ["00:00-24:00"]}
EAST = {"calendar": "east", "targets": {}}
POLICY = Policy(
    1,
    from_text("2026-01-01T00:00:00Z"),
    {
        "default_plan": "basic",
        "calendars": {
            "utc": {"timezone": "UTC", "hours": HOURS},
            "east": {"timezone": "Asia/Kolkata", "hours": HOURS},
        },
        "plans": {
            "basic": {"calendar": "utc", "targets": {}},
            "both": {**EAST, "valid_from": "2026-03-02", "valid_to": "2026-03-02"},
            "begins": {**EAST, "valid_from": "2026-03-02"},
            "ends": {"extends": "both", "valid_to": "2026-03-02"},
        },
    },
    "2026a",
)


@pytest.mark.parametrize(
    ("instant", "plans"),
    [
        ("2026-03-01T18:29:59Z", ["basic", "ends"]),
        ("2026-03-01T18:30:00Z", ["basic", "both", "begins", "ends"]),
        ("2026-03-02T18:29:59Z", ["basic", "both", "begins", "ends"]),
        ("2026-03-02T18:30:00Z", ["basic", "begins"]),
    ],
)
def test_both_days_count_and_the_dates_are_the_plans_own(instant: str, plans: list[str]) -> None:
    """India is five and a half hours ahead of UTC."""
    at = from_text(instant)
    assert [name for name in POLICY.plans if in_force(POLICY, POLICY.plan(name), at)] == plans


def test_in_words() -> None:
    said = [dates(POLICY.plan(name)) for name in POLICY.plans]
    assert said == ["", "from 2026-03-02 to 2026-03-02", "from 2026-03-02", "to 2026-03-02"]
