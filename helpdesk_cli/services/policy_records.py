"""Read what the policy declares: plans, priorities, categories and types as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.handmade import origin
from helpdesk_cli.domain.terms import CLOCKS
from helpdesk_cli.storage import policy as store

if TYPE_CHECKING:
    from helpdesk_cli.domain.plans import Plan, Policy, Target
    from helpdesk_cli.domain.terms import Level
    from helpdesk_cli.services.app import App

Record = dict[str, Any]


def list_plans(app: App) -> list[Record]:
    """The plans in the order of the file, as `plan` records."""
    policy = app.policies.latest()
    return [_plan_record(policy, policy.plan(name)) for name in policy.plans]


def show_plan(app: App, name: str) -> Record:
    """One plan; NotFoundError with a suggestion."""
    policy = app.policies.latest()
    return _plan_record(policy, policy.plan(name))


def list_versions(app: App) -> list[Record]:
    """The versions of the policy, the newest first, as `policy_version` records."""
    return [dict(row) for row in store.history(app.db)]


def list_priorities(app: App) -> list[Record]:
    """The priorities, the most urgent first."""
    policy = app.policies.latest()
    return [_priority_record(policy, name) for name in policy.priorities]


def show_priority(app: App, name: str) -> Record:
    """One priority; NotFoundError with a suggestion."""
    return _priority_record(app.policies.latest(), name)


def list_categories(app: App) -> list[Record]:
    """The categories in the order of the file."""
    policy = app.policies.latest()
    return [_entry_record(policy.category(name)) for name in policy.categories]


def show_category(app: App, name: str) -> Record:
    """One category; NotFoundError with a suggestion."""
    return _entry_record(app.policies.latest().category(name))


def list_types(app: App) -> list[Record]:
    """The types in the order of the file."""
    policy = app.policies.latest()
    entries = [policy.ticket_type(name) for name in policy.types]
    return [_type_record(entry) for entry in entries]


def _type_record(entry: Record) -> Record:
    return _entry_record(entry) | {
        "sla": entry.get("sla") != "none",
        "priority": entry.get("priority"),
        "calendar": entry.get("calendar"),
        "scope": entry.get("scope", "in"),
        "text": entry.get("text"),
    }


def _priority_record(policy: Policy, name: str) -> Record:
    entry = policy.priority(name)
    return _entry_record(entry) | {
        "rank": policy.rank(name),
        "meaning": entry.get("meaning"),
        "default": name == policy.default_priority,
    }


def _entry_record(entry: Record) -> Record:
    return {
        "name": entry["name"],
        "label": entry.get("label"),
        "description": entry.get("description"),
        "origin": origin(entry),
        "retired": entry.get("retired", False),
    }


def _plan_record(policy: Policy, plan: Plan) -> Record:
    return {
        "name": plan.name,
        "label": dict(plan.label) or None,
        "default": plan.name == policy.default_plan,
        "calendar": plan.calendar,
        "targets": {
            priority: {clock: _target_record(target) for clock, target in row.items()}
            for priority, row in plan.targets.items()
        },
        "pause": {status: [c for c in CLOCKS if c in paused] for status, paused in plan.pause.items()},
        "retroactive": plan.retroactive,
        "auto_close": {
            "after_seconds": plan.auto_close.after,
            "statuses": list(plan.auto_close.statuses),
            "remind_after_seconds": plan.auto_close.remind_after,
            "calendar": plan.auto_close.calendar,
        },
        "reopen": {"mode": plan.reopen_mode, "window_seconds": plan.reopen_window},
        "customer_close": plan.customer_close,
        "escalation": [_level_record(level) for level in plan.levels],
        "retired": plan.retired,
        "extends": plan.extends,
        "valid_from": plan.valid_from,
        "valid_to": plan.valid_to,
    }


def _target_record(target: Target) -> Record:
    return {
        "target_seconds": target.limit,
        "goal_seconds": target.goal,
        "warn_seconds": target.warn,
        "calendar": target.calendar,
    }


def _level_record(level: Level) -> Record:
    changes = {key: f"+{value}" if isinstance(value, int) else value for key, value in level.set.items()}
    return {
        "level": level.level,
        "clock": level.clock,
        "at": level.text,
        "notify": list(level.notify),
        "set": {key: list(value) if isinstance(value, tuple) else value for key, value in changes.items()},
    }
