"""What a policy document declares by name, whatever else is wrong with it: what its sections may refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.checking import Checker, suggestion
from helpdesk_cli.domain.section_terms import MAY_LACK
from helpdesk_cli.domain.statuses import ALL, CLOSED, OPEN, WAITING_CUSTOMER
from helpdesk_cli.domain.suggest import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.domain.checking import Path

# Where every ticket begins, where an agent's answer leads, and the end: none can be left out.
NEEDED_STATUSES = (OPEN, WAITING_CUSTOMER, CLOSED)
_SECTIONS = {
    "calendar": "calendars",
    "priority": "priorities",
    "category": "categories",
    "type": "types",
    "plan": "plans",
    "tier": "tiers",
    "region": "regions",
}
_OPTIONAL = ("tier", "region")  # without their section any word will do


class Declared(NamedTuple):
    """names: kind -> name -> retired.  given: the kinds whose section is there.  disabled: statuses that are
    switched off.  plans: as they are written."""

    names: Mapping[str, Mapping[str, bool]]
    given: frozenset[str]
    disabled: frozenset[str]
    plans: Mapping[str, Any]

    def of(self, kind: str) -> list[str]:
        """The names of a kind."""
        return list(self.names[kind])

    def word(self, checker: Checker, value: object, path: Path, kind: str) -> str | None:
        """A declared name."""
        return checker.word(value, path, kind, self.of(kind))

    def offered(self, checker: Checker, value: object, path: Path, kind: str) -> str | None:
        """A declared name that new things can have."""
        name = self.word(checker, value, path, kind)
        if name is not None and self.names[kind][name]:
            checker.add(path, f"the {kind} {shown(name)} is retired, so nothing new can have it")
        return name

    def lacking(self, checker: Checker, text: str, path: Path, kind: str) -> None:
        """A declared name, or `none` where a ticket may have none; of tiers and regions any, if none is
        declared."""
        if kind in MAY_LACK and text == "none":
            return
        if (kind in self.given or kind not in _OPTIONAL) and text not in self.names[kind]:
            checker.add(path, f"there is no {kind} {shown(text)}", suggestion(text, self.of(kind)))

    def enabled(self, checker: Checker, status: str, path: Path) -> None:
        """A status that is not switched off."""
        if status in self.disabled:
            checker.add(
                path,
                f"{status} is switched off: no ticket is ever in it",
                f"leave it out here, or leave `enabled: false` out of statuses.{status}",
            )


def declared(top: Mapping[str, Any]) -> Declared:
    """The names in a document whose sections may be broken."""
    plans = top.get("plans")
    return Declared(
        names={kind: _names(top.get(section)) for kind, section in _SECTIONS.items()},
        given=frozenset(kind for kind, section in _SECTIONS.items() if section in top),
        disabled=_disabled(top.get("statuses")),
        plans=plans if isinstance(plans, dict) else {},
    )


def _names(section: object) -> dict[str, bool]:
    if isinstance(section, dict):
        return {name: _flag(spec, "retired", default=False) for name, spec in section.items()}
    entries = [entry for entry in section if isinstance(entry, dict)] if isinstance(section, list) else []
    return {
        entry["name"]: _flag(entry, "retired", default=False)
        for entry in entries
        if isinstance(entry.get("name"), str)
    }


def _disabled(section: object) -> frozenset[str]:
    specs = section if isinstance(section, dict) else {}
    off = (status for status, spec in specs.items() if not _flag(spec, "enabled", default=True))
    return frozenset(off) & frozenset(ALL) - frozenset(NEEDED_STATUSES)


def _flag(spec: object, key: str, *, default: bool) -> bool:
    if not isinstance(spec, dict) or key not in spec:
        return default
    checker = Checker()
    value = checker.flag(spec[key], ())
    return default if checker.problems else value
