"""Whether the document of a policy in an export is one that the program can work with.

A policy is kept for ever, so what a `plan check` of today would object to in an older one is no matter here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters.json_lines import bad
from helpdesk_cli.domain.instants import FIRST
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.statuses import ALL
from helpdesk_cli.errors import HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Iterator


def require_policy(document: dict[str, Any]) -> None:
    """UsageError `bad_line` for a document whose plans, calendars or words cannot be read."""
    policy = Policy(1, FIRST, document, "")
    try:
        for name in _calendars(policy):
            policy.calendar(name)
        policy.rank(policy.default_priority)
        for kind, names in (
            ("status", ALL), ("plan", policy.plans), ("priority", policy.priorities),
            ("category", policy.categories), ("type", policy.types),
        ):  # fmt: skip
            for name in names:
                policy.label(kind, name, "en")
        policy.status(ALL[0])
    except HelpdeskError as error:
        raise bad(f"document is no policy: {error.message}") from None
    except Exception as error:  # noqa: BLE001 - a document of any form may be in a file
        raise bad(f"document is no policy: {type(error).__name__}: {error}") from None


def _calendars(policy: Policy) -> Iterator[str]:
    """The calendars that there are and those that plans and types count on."""
    yield from policy.calendars
    yield from (type_["calendar"] for type_ in policy.document.get("types", ()) if "calendar" in type_)
    for name in (policy.default_plan, *policy.plans):
        plan = policy.plan(name)
        yield plan.calendar
        for row in plan.targets.values():
            yield from (target.calendar for target in row.values())
        if plan.auto_close.calendar is not None:
            yield plan.auto_close.calendar
