"""What a policy document may say of the statuses: labels, aliases, which of them there are, what is shown of
them, and which leads to which (`policy.md`; `profiles.md`; H9, H10, H13, M5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.checking import suggestion
from helpdesk_cli.domain.declared import NEEDED_STATUSES
from helpdesk_cli.domain.durations import parse_duration
from helpdesk_cli.domain.section_terms import STAGE_ORIGINS
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.terms import loose_form, typed_form

if TYPE_CHECKING:
    from helpdesk_cli.domain.checking import Checker, Path
    from helpdesk_cli.domain.declared import Declared

RESERVED_ALIASES = ("all", "active", "none")  # what filters read as several statuses, or as no value
KEYS = ("label", "aliases", "enabled", "stages")


def check_statuses(checker: Checker, value: object) -> dict[str, Any]:
    """The statuses with `enabled` converted."""
    section: dict[str, Any] = {}
    taken: dict[str, str] = {}
    for status, spec in checker.mapping(value, ("statuses",), None).items():
        path = ("statuses", status)
        _known(checker, status, path)
        entry = section[status] = dict(checker.mapping(spec, path, KEYS))
        if "label" in entry:
            checker.label(entry["label"], (*path, "label"))
        for n, item in enumerate(checker.items(entry.get("aliases", []), (*path, "aliases"))):
            place = (*path, "aliases", n)
            alias = checker.text(item, place)
            if alias is not None:
                _alias(checker, alias, status, place, taken)
        if "enabled" in entry:
            entry["enabled"] = _enabled(checker, entry["enabled"], status, (*path, "enabled"))
        if "stages" in entry:
            _stages(checker, entry["stages"], (*path, "stages"))
    return section


def _known(checker: Checker, status: str, path: Path) -> bool:
    if status in statuses.ALL:
        return True
    checker.add(path, f"there is no status {shown(status)}", suggestion(status, statuses.ALL))
    return False


def _alias(checker: Checker, alias: str, status: str, path: Path, taken: dict[str, str]) -> None:
    """An alias means one status; it may read like another's name only when typed differently (H10)."""
    owner = taken.setdefault(loose_form(alias), status)
    if typed_form(alias) in RESERVED_ALIASES:
        words = ", ".join(RESERVED_ALIASES)
        checker.add(
            path,
            f"the alias {shown(alias)} has a meaning of its own where statuses are typed",
            f"choose another than {words}",
        )
    elif owner != status:
        checker.add(path, f"the alias {shown(alias)} already stands for {owner}")
    elif typed_form(alias) in statuses.ALL and typed_form(alias) != status:
        checker.add(path, f"the alias {shown(alias)} is the name of another status")


def _enabled(checker: Checker, value: object, status: str, path: Path) -> bool:
    noted = len(checker.problems)
    enabled = checker.flag(value, path)
    if not enabled and noted == len(checker.problems) and status in NEEDED_STATUSES:
        checker.add(
            path,
            f"{status} cannot be switched off: every ticket needs it",
            "only in_progress, on_hold and resolved can be left out",
        )
    return enabled


def _stages(checker: Checker, value: object, path: Path) -> None:
    """What is shown of a status one after the other: each but the last for a while."""
    items = checker.items(value, path)
    if items == value == []:
        checker.add(path, "no stage is named", "leave the key out to show the label of the status")
    for n, item in enumerate(items):
        here, last = (*path, n), n == len(items) - 1
        stage = checker.mapping(item, here, ("label", "when", "for"), ("label",))
        if "label" in stage:
            checker.label(stage["label"], (*here, "label"))
        if "when" in stage:
            checker.choice(stage["when"], (*here, "when"), STAGE_ORIGINS)
        if "for" in stage and checker.text(stage["for"], (*here, "for"), "a duration"):
            _while(checker, stage["for"], (*here, "for"))
        if isinstance(item, dict) and last == ("for" in stage):
            message = (
                "the last stage lasts, so it has no `for`" if last else "for is missing: how long it is shown"
            )
            checker.add(here, message)


def _while(checker: Checker, text: str, path: Path) -> None:
    if checker.attempt(path, parse_duration, text) == 0:
        checker.add(path, "a stage of no length is never shown")


def check_transitions(checker: Checker, value: object, names: Declared) -> dict[str, Any]:
    """status -> the statuses that it may lead to; one that is no key keeps all that it has (sla.md 2)."""
    section = checker.mapping(value, ("transitions",), None)
    for status, targets in section.items():
        path = ("transitions", status)
        if _known(checker, status, path):
            names.enabled(checker, status, path)
        for place, target in checker.texts(targets, path, "a status"):
            if _known(checker, target, place):
                names.enabled(checker, target, place)
    return section
