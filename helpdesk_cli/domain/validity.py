"""On which days a plan counts (K11, Z29): both its dates included, days of the zone of its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from helpdesk_cli.domain.plans import Plan, Policy


def day_of(policy: Policy, plan: str, at: datetime) -> date:
    """The day that an instant is in the zone of a plan's calendar."""
    calendar = policy.document["calendars"][policy.plan(plan).calendar]
    return at.astimezone(zone(calendar["timezone"])).date()


def in_force(policy: Policy, plan: Plan, at: datetime) -> bool:
    """Whether a plan counts for a ticket that is made at `at`."""
    if plan.valid_from is None and plan.valid_to is None:
        return True
    day = day_of(policy, plan.name, at).isoformat()
    return (plan.valid_from or day) <= day <= (plan.valid_to or day)


def dates(plan: Plan) -> str:
    """The days on which it counts, in words."""
    parts = [("from", plan.valid_from), ("to", plan.valid_to)]
    return " ".join(f"{word} {day}" for word, day in parts if day is not None)
