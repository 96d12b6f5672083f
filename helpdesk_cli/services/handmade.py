"""Use cases of what is added to the policy by hand: priorities and categories (policy.md).

Each is a new version of the policy, as an applied file is, and reaches the tickets in the same way. What the
file declares can be changed from the shell too, but there the file has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from helpdesk_cli.domain import handmade
from helpdesk_cli.domain.checking import Checker
from helpdesk_cli.domain.policy_diff import diff_policies
from helpdesk_cli.domain.terms import BY_HAND
from helpdesk_cli.domain.text import clean_line
from helpdesk_cli.errors import RefusedError, UsageError
from helpdesk_cli.services import policy_records
from helpdesk_cli.services.policy import add_version, candidate
from helpdesk_cli.services.recompute import recompute

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.handmade import Document, Entry
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.services.app import App

    Record = dict[str, Any]

LONGEST = 500
_SHOW = {"priority": policy_records.show_priority, "category": policy_records.show_category}


class Fields(TypedDict, total=False):
    """What may be said of a priority or category. A key that is absent is left as it is; None empties it.

    `label` holds the languages to change; an empty text takes one away.
    """

    meaning: str | None
    description: str | None
    label: dict[str, str]


def create(app: App, kind: str, name: str, fields: Fields, *, before: str | None = None) -> Record:
    """A new priority or category (`kind`), before another or the last; its record. Plans promise nothing for
    a priority made so.

    UsageError for what is no name, RefusedError `exists`; NotFoundError where there is no `before`.
    """
    _check_name(name)

    def edit(policy: Policy) -> Document:
        if name in _names(policy, kind):
            back = " --restore" if _entry(policy, kind, name).get("retired") else ""
            raise RefusedError(
                f"there is a {kind} {name} already",
                code="exists",
                hint=f"change it with `helpdesk {kind} edit {name}{back}`",
            )
        entry = {"name": name, **_columns(fields, {})}
        return handmade.with_entry(policy.document, kind, entry, _place(policy, kind, name, before))

    return _change(app, kind, name, edit)


def edit(
    app: App, kind: str, name: str, fields: Fields, *, before: str | None = None, restore: bool = False
) -> Record:
    """Other fields, another place (`before` the word none: the last), a retirement taken back; the record.

    NotFoundError where there is no such priority or category, or no `before`.
    """

    def edited(policy: Policy) -> Document:
        entry = _entry(policy, kind, name)
        columns = _columns(fields, entry) | ({"retired": None} if restore else {})
        document = handmade.with_fields(policy.document, kind, name, columns)
        if before is None:
            return document
        return handmade.with_order(document, kind, name, _place(policy, kind, name, before))

    return _change(app, kind, name, edited)


def retire(app: App, kind: str, name: str) -> Record:
    """Old tickets keep it, new ones cannot have it; the record. RefusedError for the default priority."""

    def retired(policy: Policy) -> Document:
        _entry(policy, kind, name)
        if kind == "priority" and name == policy.default_priority:
            raise RefusedError(
                f"{name} is the default priority, which a ticket gets that names none",
                code="default",
                hint="name another `default_priority` in the policy file first: `helpdesk plan export`",
            )
        return handmade.with_fields(policy.document, kind, name, {"retired": True})

    return _change(app, kind, name, retired)


def _change(app: App, kind: str, name: str, edit: Callable[[Policy], Document]) -> Record:
    """Make the edited document the policy in force, unless it says the same; then bring the tickets to it."""
    with app.write():
        current = app.policies.latest()
        document = edit(current)
        differs = bool(diff_policies(current, candidate(app, document, current)))
        if differs:
            entry = _entry(add_version(app, document, current, source=None), kind, name)
            if handmade.origin(entry) != BY_HAND:
                app.announcements.append(
                    f"the {kind} {name} is the policy file's, which sets it back when it is applied again:"
                    " say it there too, `helpdesk plan export`"
                )
    if differs:
        recompute(app)
    return _SHOW[kind](app, name)


def _check_name(name: str) -> None:
    checker = Checker()
    checker.name(name, ())
    for problem in checker.problems:
        raise UsageError(problem.message, code="bad_name", hint=problem.hint)


def _names(policy: Policy, kind: str) -> tuple[str, ...]:
    return policy.priorities if kind == "priority" else policy.categories


def _entry(policy: Policy, kind: str, name: str) -> Entry:
    return policy.priority(name) if kind == "priority" else policy.category(name)


def _place(policy: Policy, kind: str, name: str, before: str | None) -> str | None:
    if before is None or before == "none":
        return None
    if before == name:
        raise UsageError(f"{name} cannot stand before itself", code="bad_order", hint="name another one")
    return str(_entry(policy, kind, before)["name"])


def _columns(fields: Fields, entry: Entry) -> Entry:
    """The keys of the entry that the given fields change."""
    columns: Entry = {}
    for key in ("meaning", "description"):
        if key in fields:
            text = fields[key]
            columns[key] = None if text is None else clean_line(text, f"the {key}", longest=LONGEST)
    if fields.get("label"):
        label = {**entry.get("label", {}), **fields["label"]}
        label = {language: clean_line(text, "the label") for language, text in label.items() if text}
        checker = Checker()
        checker.label(label, ())
        for problem in checker.problems:
            raise UsageError(problem.message, code="bad_label", hint=problem.hint)
        columns["label"] = label or None
    return columns
