"""What a policy document may say of its priorities, categories and types of ticket: lists of named
entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.section_terms import SCOPES

if TYPE_CHECKING:
    from helpdesk_cli.domain.checking import Checker, Path
    from helpdesk_cli.domain.declared import Declared

SECTIONS = {
    "priorities": ("name", "label", "meaning", "description", "retired"),
    "categories": ("name", "label", "description", "retired"),
    "types": ("name", "label", "description", "sla", "priority", "calendar", "scope", "text", "retired"),
}


def check_entries(checker: Checker, value: object, section: str, names: Declared) -> list[dict[str, Any]]:
    """The entries with `retired` converted; a name appears once."""
    entries: list[dict[str, Any]] = []
    seen: set[str] = set()
    for n, item in enumerate(checker.items(value, (section,))):
        path = (section, n)
        entry = dict(checker.mapping(item, path, SECTIONS[section], ("name",)))
        checker.unique(entry, path, seen)
        for key in ("meaning", "description"):
            if key in entry:
                checker.text(entry[key], (*path, key))
        if "label" in entry:
            checker.label(entry["label"], (*path, "label"))
        if "retired" in entry:
            entry["retired"] = checker.flag(entry["retired"], (*path, "retired"))
        if section == "types":
            _type(checker, entry, path, names)
        entries.append(entry)
    if section == "priorities" and isinstance(value, list) and all(entry.get("retired") for entry in entries):
        checker.add(
            (section,), "no priority is left for new tickets" if entries else "no priority is declared"
        )
    return entries


def _type(checker: Checker, entry: dict[str, Any], path: Path, names: Declared) -> None:
    """Whether its clocks run, when they count, how urgent it is (Z23); whether it is served at all (Z2)."""
    if "sla" in entry:
        checker.choice(entry["sla"], (*path, "sla"), ("none",))
    if "priority" in entry:
        names.offered(checker, entry["priority"], (*path, "priority"), "priority")
    if "calendar" in entry:
        names.word(checker, entry["calendar"], (*path, "calendar"), "calendar")
    if "scope" in entry:
        checker.choice(entry["scope"], (*path, "scope"), SCOPES)
    if "text" in entry:
        checker.text(entry["text"], (*path, "text"))
    outside = entry.get("scope") == "out"
    if outside and "text" not in entry:
        checker.add(path, "text is missing: what a customer is told whose ticket is refused")
    elif "text" in entry and not outside:
        checker.add((*path, "text"), "the text of a refusal, but the scope is not out")
