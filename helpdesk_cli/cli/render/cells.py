"""How a value reads in a cell of a table: instants local to the zone that the header names, durations as
`1h30m`, null as nothing, labels in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.text import cell
from helpdesk_cli.domain.durations import format_duration
from helpdesk_cli.records import RECORDS, Field, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from helpdesk_cli.cli.render.view import View

# Words of a closed list that stand out in colour too; the word itself says it without any.
_URGENT = {"overdue": "1;31", "breached": "31", "at_risk": "33"}
_INLINE = 2  # records inside a record that have no more columns than this are shown in its cell


def header(view: View, field: Field, *, age: bool) -> str:
    """Return a column's header; with `age` its instants are ages, which have no zone."""
    return f"{field.header} ({view.zone_name})" if field.type == "instant" and not age else field.header


def told(view: View, field: Field, row: Mapping[str, Any]) -> Any:
    """What a row tells of a field: a status by the label that it has at this moment, if that is one in a
    language of the reader's."""
    labels = row.get("status_label") if field.label == "status" else None
    return labels if labels and view.in_language(labels) else row.get(field.name)


def listed(view: View, field: Field, value: Any, clean: Callable[[str], str] = cell) -> str:
    """Return a value as a cell of a list reads it: of labels only the one in the user's language."""
    if field.type == "labels":
        return clean(view.in_language(value or {}))
    return shown(view, field, value, age=view.terminal, clean=clean)


def shown(view: View, field: Field, value: Any, *, age: bool, clean: Callable[[str], str] = cell) -> str:
    """Return a value as a cell reads it; `clean` makes text harmless where the cell will stand."""
    if value is None:
        return ""
    if field.type == "instant":
        if age:
            return view.age(value, brief=True)
        at = view.instant(value)
        return at if not view.terminal or at.startswith(age_ := view.age(value)) else f"{at} ({age_})"
    if field.type == "duration":
        return format_duration(value)
    if field.label is not None:
        return clean(view.label(field.label, value) if isinstance(value, str) else view.in_language(value))
    return clean(_brief(value, RECORDS.get(field.of or "")))


def urgent(field: Field, text: str) -> str:
    """A cell in colour if its word is a pressing one of the field's own list, never for a text of people."""
    style = _URGENT.get(text) if text in field.values else None
    return text if style is None else f"\x1b[{style}m{text}\x1b[0m"


def _brief(value: Any, record: Record | None) -> str:
    """Return any value in a few words: lists joined by commas, objects as `key value`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        if record is not None and record.name in _SHORT:
            return "; ".join(map(_SHORT[record.name], value))
        names = record.table if record is not None and len(record.table) <= _INLINE else None
        if record is not None:
            names = names or (record.key,)
            return ", ".join(" ".join(_brief(item[name], None) for name in names) for item in value)
        return ", ".join(_brief(item, None) for item in value)
    if isinstance(value, dict):
        parts = ((key, part) for key, part in value.items() if part not in (None, 0, "", [], {}))
        return ", ".join(
            f"{key} ({_brief(part, None)})" if isinstance(part, dict) else f"{key} {_brief(part, None)}"
            for key, part in parts
        )
    return "" if value is None else str(value)


def _clock(clock: Mapping[str, Any]) -> str:
    """`first_response running 2h left`."""
    words = f"{clock['name']} {clock['state']}"
    if clock["late_by_seconds"]:
        return f"{words} late by {format_duration(clock['late_by_seconds'])}"
    if clock["state"] in ("running", "paused"):
        return f"{words} {format_duration(clock['remaining_seconds'])} left"
    return words


def _message(message: Mapping[str, Any]) -> str:
    """`7 ann: A new one is on its way`, the first line of it."""
    return f"{message['id']} {message['author']}: {message['body'].lstrip().partition(chr(10))[0]}"


# Records that are shown in a cell by more than their keys.
_SHORT: dict[str, Callable[[Mapping[str, Any]], str]] = {"clock": _clock, "message": _message}


def has_own_table(field: Field) -> bool:
    """Whether its records have more columns than a cell can tell."""
    record = RECORDS.get(field.of or "") if field.type == "list" else None
    return record is not None and len(record.table) > _INLINE
