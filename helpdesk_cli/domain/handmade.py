"""What is added to the policy by hand beside its file: priorities and categories of origin `cli` (policy.md).

They stand in the same versioned document as everything else that an administrator decides. A document is a
value here: each function answers with a new one. A hand-made priority is `none` in every plan: promises are
made in the file, which adopts what it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.terms import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpdesk_cli.domain.plans import Policy

Document = dict[str, Any]
Entry = dict[str, Any]

SECTIONS = {"priority": "priorities", "category": "categories"}
_BY_FILE = "policy"
_NOT_COVERED = "none"


def origin(entry: Mapping[str, Any]) -> str:
    """`policy` where a file declares it, `cli` where it was made by hand."""
    return str(entry.get("origin", _BY_FILE))


def with_entry(document: Document, kind: str, entry: Entry, before: str | None) -> Document:
    """The document with one more entry, made by hand: before another (of priorities the order is the rank),
    else the last."""
    entries = _placed(_entries(document, kind), {**entry, "origin": BY_HAND}, before)
    return _with_rows({**document, SECTIONS[kind]: entries})


def with_fields(document: Document, kind: str, name: str, fields: Entry) -> Document:
    """The document with other fields of an entry; None takes one away."""
    entries = [
        _filled({**entry, **fields}) if entry["name"] == name else entry for entry in _entries(document, kind)
    ]
    return {**document, SECTIONS[kind]: entries}


def with_order(document: Document, kind: str, name: str, before: str | None) -> Document:
    """The document with an entry at another place: before another, else the last."""
    entries = _entries(document, kind)
    entry = next(entry for entry in entries if entry["name"] == name)
    others = [other for other in entries if other is not entry]
    return {**document, SECTIONS[kind]: _placed(others, entry, before)}


def merged(document: Document, current: Document, *, prune: bool = False) -> Document:
    """The document of a file, and what was made by hand that the file does not name: kept, with `prune`
    retired. Each keeps its place before the nearest of those that followed it."""
    for kind, section in SECTIONS.items():
        entries, followers = _entries(document, kind), list[str]()
        named = {entry["name"] for entry in entries}
        for entry in reversed(_entries(current, kind)):
            if origin(entry) == BY_HAND and entry["name"] not in named:
                here = {other["name"] for other in entries}
                before = next((name for name in followers if name in here), None)
                entries = _placed(entries, {**entry, "retired": True} if prune else entry, before)
            followers.insert(0, entry["name"])
        if entries:
            document = {**document, section: entries}
    return _with_rows(document)


def as_file(policy: Policy) -> Document:
    """The document as a policy file says it. Applied, the file adopts what was made by hand and changes
    nothing else."""
    document = policy.document
    adopted = {
        section: [_filled({**entry, "origin": None}) for entry in document[section]]
        for section in SECTIONS.values()
        if section in document
    }
    if adopted["priorities"] == document["priorities"]:
        return {**document, **adopted}
    # A default that nobody declared must not move because there are more priorities of the file.
    head = {key: document[key] for key in ("version", "default_plan")}
    return {**head, "default_priority": policy.default_priority, **document, **adopted}


def _entries(document: Document, kind: str) -> list[Entry]:
    return list(document.get(SECTIONS[kind], ()))


def _filled(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value is not None}


def _placed(entries: Sequence[Entry], entry: Entry, before: str | None) -> list[Entry]:
    names = [other["name"] for other in entries]
    place = len(names) if before is None else names.index(before)
    return [*entries[:place], entry, *entries[place:]]


def _with_rows(document: Document) -> Document:
    """Every plan that inherits nothing says of every priority what it promises: of a new one nothing."""
    rows = {entry["name"]: _NOT_COVERED for entry in document["priorities"]}
    plans = {
        name: plan
        if "extends" in plan
        else {**plan, "targets": {**plan["targets"], **_missing(rows, plan["targets"])}}
        for name, plan in document["plans"].items()
    }
    return {**document, "plans": plans}


def _missing(rows: dict[str, str], targets: Mapping[str, Any]) -> dict[str, str]:
    return {name: row for name, row in rows.items() if name not in targets}
