"""What the options of `create` and `edit` say about a record: which fields, with what values."""

from __future__ import annotations

from typing import Any

from helpdesk_cli.errors import UsageError


def given(fields: dict[str, Any], *, clearable: dict[str, str | None] | None = None) -> Any:
    """Return the fields that an option was given for; the word `none` empties a clearable one."""
    values = {name: value for name, value in fields.items() if value is not None}
    for name, text in (clearable or {}).items():
        if text is not None:
            values[name] = None if text.strip().casefold() == "none" else text
    return values


def require_some(*changes: object) -> None:
    """UsageError unless an `edit` has something to change."""
    if not any(changes):
        raise UsageError(
            "there is nothing to change", code="no_change", hint="say what with an option, see --help"
        )


def labels(words: tuple[str, ...]) -> dict[str, str]:
    """Return `LANG=TEXT` words as language -> text; an empty text takes the label away."""
    found = {}
    for word in words:
        language, sign, text = word.partition("=")
        if not sign:
            raise UsageError(
                f"--label: {word!r} is no label", code="bad_label", hint="write LANG=TEXT: --label fr=Urgent"
            )
        found[language.strip()] = text.strip()
    return found
