"""Use cases of the policy file: check it, compare it with the policy in force, apply it, write it.

A file is applied in one transaction as a new version; only what it means counts, so a file that says the
same in other words changes nothing. What tickets use cannot be removed, and what was made by hand stays
unless the file names it (policy.md).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.handmade import as_file, merged
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.policy_diff import Change, diff_policies
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.text import clean_text
from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError
from helpdesk_cli.services import lookup
from helpdesk_cli.services.dry_run import rolled_back
from helpdesk_cli.services.recompute import mark, recompute
from helpdesk_cli.services.unknown_names import announce_unknown, no_team
from helpdesk_cli.storage import policy as store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.adapters.yaml_text import Problem
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database

Record = dict[str, Any]

_SECTIONS = {"plan": "plans", "priority": "priorities", "category": "categories", "type": "types"}


def check_file(app: App, path: str) -> tuple[list[Record], list[Record]]:
    """Every problem of a policy file, by line, none for a good one; and what a good one is warned of. Needs
    no database; one that is there says whether a route leads to a team. `path` may be `-`, stdin, wherever a
    policy is read.

    NotFoundError for a missing file, StorageError for one that cannot be read.
    """
    from helpdesk_cli.adapters.policy_file import examine, folder_of, read_policy

    database = cache(lambda: _readable(app))
    _, problems, warnings = examine(
        read_policy(path),
        app.now().year,
        folder=folder_of(path),
        no_team=lambda name: None if database() is None else no_team(app.db, name),
    )
    return _problem_records(problems), _problem_records(warnings)


def _problem_records(problems: list[Problem]) -> list[Record]:
    return [problem._asdict() | {"line": problem.line or None} for problem in problems]


def diff_file(app: App, path: str) -> list[Record]:
    """What applying the file would change, as `plan_change` records; empty if nothing."""
    document = _load(app, path, lambda: app.db)
    current = app.policies.latest()
    after = candidate(app, merged(document, current.document), current)
    return [_change_record(change) for change in _changes(current, after)]


def apply_file(app: App, path: str, *, dry_run: bool = False, prune: bool = False) -> Record:
    """Make the file the policy in force, and bring every ticket that is not closed to it; a `policy` record.

    The new version counts from now on, never from before its predecessor. `moved` lists the deadlines that it
    moves. A dry run says what would be, with `applied` false. A file that changes nothing, with the zone
    rules unchanged too, is not applied again. `prune` retires what was made by hand and the file does not
    name. Names in its levels that nobody has are announced.
    PolicyError for a bad file, RefusedError `in_use` where it leaves out what tickets use.
    """
    document = _load(app, path, app.db_to_write)
    if dry_run:
        with rolled_back(app):
            result = _applied(app, document, path, prune=prune)
            return result | {"moved": _moved(app, result), "dry_run": True, "applied": False}
    with app.write():
        result = _applied(app, document, path, prune=prune)
    # After the commit, in short transactions of its own: agents can work meanwhile, and what an interruption
    # leaves over is done by the next sweep.
    return result | {"moved": _moved(app, result), "dry_run": False}


def _load(app: App, path: str, database: Callable[[], Database]) -> Record:
    """A policy file; `database` is asked only where a route names a team."""
    from helpdesk_cli.adapters.policy_file import load_policy

    return load_policy(path, app.now().year, no_team=lambda name: no_team(database(), name))


def _readable(app: App) -> Database | None:
    """The database, None where there is none that can be read as it is."""
    try:
        return app.db
    except HelpdeskError:
        return None


def _moved(app: App, result: Record) -> list[Record]:
    return recompute(app) if result["applied"] else []


def _applied(app: App, document: Record, path: str, *, prune: bool) -> Record:
    """Add the new version, inside a transaction."""
    current = app.policies.latest()
    after = candidate(app, merged(document, current.document, prune=prune), current)
    changes = _changes(current, after)
    result = {"version": current.version, "at": to_text(current.at), "applied": False}
    if changes:
        _refuse_removals(app, current, after)
        added = add_version(app, after.document, current, source=_source(path))
        result |= {"version": added.version, "at": to_text(added.at), "applied": True}
    announce_unknown(app, after)
    return result | {"changes": [_change_record(change) for change in changes]}


def _source(path: str) -> str:
    from helpdesk_cli.adapters.policy_file import named_source

    return clean_text(named_source(path))


def candidate(app: App, document: Record, current: Policy) -> Policy:
    """The document as the version that it would become."""
    return Policy(current.version + 1, app.now(), document, tzdata_version())


def add_version(app: App, document: Record, current: Policy, *, source: str | None) -> Policy:
    """Store a document as the version in force from now on, inside `App.write`, and mark the tickets that it
    concerns. `source`: its file, None for a change by hand, which looks up no holidays anew."""
    at = _date(app, current)
    kept = current.version if source is None else None
    added = app.policies.add(document, at=at, source=source, actor=_actor(app), holidays_of=kept)
    mark(app, at)
    return added


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


def _refuse_removals(app: App, current: Policy, after: Policy) -> None:
    """A plan, priority, category or type that tickets or organisations have must stay, retired perhaps."""
    used = []
    for kind, section in _SECTIONS.items():
        kept = getattr(after, section)
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
            "what is in use cannot be removed",
            code="in_use",
            hint="keep it in the file with `retired: true`, which hides it from new tickets",
            details={"problems": used},
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _actor(app: App) -> str:
    """Who changes the policy: an agent, or a user of the host who is none, but not one who has retired."""
    from helpdesk_cli.adapters.host import login

    agent = app.actor()
    if agent is not None:
        return str(agent["login"])
    lookup.refuse_retired_user(app.db)
    return clean_text(login())


def _change_record(change: Change) -> Record:
    return {
        "change": change.kind,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "text": change.text,
    }


def export(app: App, version: int | None = None) -> str:
    """The policy in force, or another version of it, as the text of a policy file, what was made by hand
    included; NotFoundError for a version that there is not."""
    from helpdesk_cli.adapters.policy_file import dump_policy

    known = app.policies.versions()
    if version is None:
        return dump_policy(as_file(app.policies.latest()))
    if version not in known:
        raise NotFoundError(
            f"there is no version {version} of the policy",
            code="unknown_version",
            hint=f"the latest is {known[-1]}: `helpdesk plan history`" if known else None,
        )
    return dump_policy(as_file(app.policies.get(version)))
