"""Use cases of the policy: check a file, compare it with the policy in force, apply it, show what is there.

A file is applied in one transaction as a new version; only what it means counts, so a file that says the
same in other words changes nothing. What tickets use cannot be removed (policy.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.policy_diff import Change, diff_policies
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.terms import CLOCKS
from helpdesk_cli.domain.text import clean_text
from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services.dry_run import rolled_back
from helpdesk_cli.services.recompute import mark, recompute
from helpdesk_cli.storage import policy as store

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk_cli.domain.plans import Plan, Target
    from helpdesk_cli.domain.terms import Level
    from helpdesk_cli.services.app import App

Record = dict[str, Any]

_SECTIONS = {"plan": "plans", "priority": "priorities", "category": "categories", "type": "types"}


def check_file(app: App, path: str) -> list[Record]:
    """Every problem of a policy file, by line; empty for a good one. Needs no database.

    NotFoundError for a missing file, StorageError for one that cannot be read.
    """
    from helpdesk_cli.adapters.policy_file import check_policy, read_file

    _, problems = check_policy(read_file(path), app.now().year)
    return [problem._asdict() | {"line": problem.line or None} for problem in problems]


def diff_file(app: App, path: str) -> list[Record]:
    """What applying the file would change, as `plan_change` records; empty if nothing."""
    document = _load(app, path)
    current = app.policies.latest()
    return [_change_record(change) for change in _changes(current, _candidate(app, document, current))]


def apply_file(app: App, path: str, *, dry_run: bool = False) -> Record:
    """Make the file the policy in force, and bring every ticket that is not closed to it; a `policy` record.

    The new version counts from now on, never from before its predecessor. `moved` lists the deadlines that
    it moves. A file that changes nothing, with the zone rules unchanged too, is not applied again.
    PolicyError for a bad file, RefusedError `in_use` where it leaves out what tickets use.
    """
    document = _load(app, path)
    if dry_run:
        with rolled_back(app):
            result = _applied(app, document, path)
            return result | {"moved": _moved(app, result), "dry_run": True}
    with app.write():
        result = _applied(app, document, path)
    # After the commit, in short transactions of its own: agents can work meanwhile, and what an interruption
    # leaves over is done by the next sweep.
    return result | {"moved": _moved(app, result), "dry_run": False}


def _load(app: App, path: str) -> Record:
    from helpdesk_cli.adapters.policy_file import load_policy

    return load_policy(path, app.now().year)


def _moved(app: App, result: Record) -> list[Record]:
    return recompute(app) if result["applied"] else []


def _applied(app: App, document: Record, path: str) -> Record:
    """Add the new version, inside a transaction."""
    current = app.policies.latest()
    candidate = _candidate(app, document, current)
    changes = _changes(current, candidate)
    result = {"version": current.version, "at": to_text(current.at), "applied": False}
    if changes:
        _refuse_removals(app, current, candidate)
        at = _date(app, current)
        added = app.policies.add(document, at=at, source=clean_text(path), actor=_actor(app))
        mark(app, at)
        result |= {"version": added.version, "at": to_text(at), "applied": True}
    return result | {"changes": [_change_record(change) for change in changes]}


def _candidate(app: App, document: Record, current: Policy) -> Policy:
    """The document as the version that it would become."""
    return Policy(current.version + 1, app.now(), document, tzdata_version())


def _date(app: App, current: Policy) -> datetime:
    """Now, but never before the version in force."""
    now = app.now()
    if now < current.at:
        app.announcements.append(
            f"the clock says {to_text(now)}, but the policy in force is dated {to_text(current.at)}:"
            " a new one counts from then"
        )
    return max(now, current.at)


def _changes(current: Policy, candidate: Policy) -> list[Change]:
    changes = diff_policies(current, candidate)
    if current.tzdata != candidate.tzdata:
        changes.append(Change("changed", "tzdata", current.tzdata, candidate.tzdata))
    return changes


def _refuse_removals(app: App, current: Policy, candidate: Policy) -> None:
    """A plan, priority, category or type that tickets or organisations have must stay, retired perhaps."""
    used = []
    for kind, section in _SECTIONS.items():
        kept = getattr(candidate, section)
        for name in getattr(current, section):
            if name in kept:
                continue
            tickets, orgs = store.uses(app.db, kind, name)
            users = [_counted(tickets, "ticket")] * (tickets > 0) + [_counted(orgs, "organisation")] * (
                orgs > 0
            )
            if users:
                used.append(f"the {kind} {shown(name)} is used by {' and '.join(users)}")
    if used:
        raise RefusedError(
            f"what is in use cannot be removed: {used[0]}"
            + (f", and {len(used) - 1} more" if used[1:] else ""),
            code="in_use",
            hint="keep it in the file with `retired: true`, which hides it from new tickets",
            details={"problems": used},
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _actor(app: App) -> str:
    from helpdesk_cli.adapters.host import login

    agent = app.actor()
    return str(agent["login"]) if agent is not None else clean_text(login())


def _change_record(change: Change) -> Record:
    return {
        "change": change.kind,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "text": change.text,
    }


def export(app: App) -> str:
    """The policy in force as the text of a policy file."""
    from helpdesk_cli.adapters.policy_file import dump_policy

    return dump_policy(app.policies.latest().document)


def list_plans(app: App) -> list[Record]:
    """The plans in the order of the file, as `plan` records."""
    policy = app.policies.latest()
    return [_plan_record(policy, policy.plan(name)) for name in policy.plans]


def show_plan(app: App, name: str) -> Record:
    """One plan; NotFoundError with a suggestion."""
    policy = app.policies.latest()
    return _plan_record(policy, policy.plan(name))


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
    return [_entry_record(entry) | {"sla": entry.get("sla") != "none"} for entry in entries]


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
        "origin": "policy",
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
