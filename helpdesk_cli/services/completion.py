"""What a shell completes from the database, which is only read; a lock is hardly waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.text import fold
from helpdesk_cli.storage import completion as rows
from helpdesk_cli.storage.database import open_database

if TYPE_CHECKING:
    from helpdesk_cli.storage.database import Database

# Where the policy document has what its tables do not.
_SECTIONS = {
    "plan": "plans", "calendar": "calendars", "priority": "priorities", "category": "categories",
    "type": "types",
}  # fmt: skip
KINDS = (*rows.KINDS, *_SECTIONS)
_PATIENCE = 0.25  # seconds: longer would be felt as a shell that hangs
_TICKETS = 50
_NAMES = 200

Words = list[tuple[str, str]]  # (word, what to tell about it, perhaps nothing)


def names(path: str, kind: str, typed: str, lang: str) -> Words:
    """The names of a kind (`KINDS`) that begin with what was typed, in any case; errors as opening it."""
    database = _open(path)
    try:
        if kind in _SECTIONS:
            return _declared(database, _SECTIONS[kind], fold(typed), lang)
        found = rows.names(database, kind, fold(typed), _NAMES)
        return [(row["word"], row["about"] or "") for row in found]
    finally:
        database.close()


def _declared(db: Database, section: str, key: str, lang: str) -> Words:
    """From the policy in force as it is written: to make plans of it takes longer than all the rest."""
    from helpdesk_cli.storage import policy

    stored = policy.get(db, policy.versions(db)[-1])
    entries: Any = stored.document[section] if stored else ()
    if isinstance(entries, dict):
        entries = [{**entry, "name": name} for name, entry in entries.items()]
    return [
        (entry["name"], _about(entry, lang))
        for entry in entries
        if not entry.get("retired") and entry["name"].startswith(key)
    ]


def _about(entry: dict[str, Any], lang: str) -> str:
    labels = entry.get("label", {})
    told = [labels.get(lang), labels.get("en"), *map(entry.get, ("description", "meaning", "timezone"))]
    return str(next(filter(None, told), ""))


def tickets(path: str, digits: str, *, stopped: bool) -> Words:
    """Tickets whose number begins with `digits`, with their subjects; see `storage/completion.py`."""
    database = _open(path)
    try:
        found = rows.tickets(database, digits, _TICKETS, stopped=stopped)
        return [(str(row["id"]), row["subject"]) for row in found]
    finally:
        database.close()


def _open(path: str) -> Database:
    return open_database(path, wait=_PATIENCE)
