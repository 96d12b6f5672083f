"""What the sections beside calendars and plans may say although it can hardly be meant: transitions that lead
nowhere, regions without a contact, rules that nothing reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.checking import Problem
from helpdesk_cli.domain.conditions import conditions
from helpdesk_cli.domain.declared import NEEDED_STATUSES
from helpdesk_cli.domain.plans import enabled_in
from helpdesk_cli.domain.section_terms import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helpdesk_cli.domain.conditions import Condition

# What is checked and kept for the version that will act on it.
_UNUSED = {
    "intake": "templates are checked and kept, but this version asks nobody for their fields",
    "alerts": "rules are checked and kept, but this version alerts nobody",
}


def warnings(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Every warning of these sections."""
    yield from _transitions(document)
    for name, region in document.get("regions", {}).items():
        if not any(region.get("levels", {}).values()):
            yield Problem(("regions", name), "no level has a contact: nobody there can be told")
    refused = {entry["name"] for entry in document.get("types", ()) if entry.get("scope") == "out"}
    for section, told in _UNUSED.items():
        if section in document:
            yield Problem((section,), told)
    for section in ("routing", "intake"):
        yield from _unreached(document.get(section, ()), section, refused)


def _transitions(document: Mapping[str, Any]) -> Iterator[Problem]:
    """A status from which no ticket is ever closed, one in which none ever comes (sla.md 2, M5)."""
    given = document.get("transitions", {})
    if not given:
        return
    enabled = [status for status in statuses.ALL if enabled_in(document, status)]
    leads = {status: set(given.get(status, enabled)) for status in enabled}
    for status in given:
        answered = status in statuses.ACTIVE and status != statuses.WAITING_CUSTOMER
        if answered and statuses.WAITING_CUSTOMER not in given[status]:
            yield Problem(
                ("transitions", status),
                f"an agent's answer leads to {statuses.WAITING_CUSTOMER}, which is no way from here: without"
                " --status it is refused",
            )
        if statuses.CLOSED not in _reached(leads, status):
            yield Problem(("transitions", status), f"no way leads from {status} to {statuses.CLOSED}")
    for status in enabled:
        if status not in _reached(leads, statuses.OPEN):
            yield Problem(
                ("transitions",),
                f"no way leads to {status}: no ticket is ever in it",
                None if status in NEEDED_STATUSES else "switch it off with `enabled: false` in statuses",
            )


def _reached(leads: Mapping[str, set[str]], start: str) -> set[str]:
    """The statuses that a ticket may come to, the first included."""
    found, ahead = {start}, [start]
    while ahead:
        new = leads[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def _unreached(rules: Sequence[Mapping[str, Any]], section: str, refused: set[str]) -> Iterator[Problem]:
    """A rule that an earlier one always comes before, or that is for types alone that are refused (Z2)."""
    asked = [conditions(rule.get("when", {})) for rule in rules]
    for n, rule in enumerate(rules):
        when = rule.get("when", {})
        first = next((m for m in range(n) if _includes(asked[m], asked[n])), None)
        if first is not None:
            name = rules[first].get("name") or f"the template before it ({first + 1})"
            yield Problem((section, n), f"no ticket reaches it: {name} comes first whenever it fits")
        elif "type" in when and refused.issuperset(any_of(when["type"])):
            yield Problem(
                (section, n, "when", "type"), "no ticket reaches it: out of scope, they are refused"
            )


def _includes(wide: Sequence[Condition], narrow: Sequence[Condition]) -> bool:
    """Whether all that `narrow` fits fits `wide`, too."""
    wanted = {each.name: each.wanted for each in narrow}
    return all(each.name in wanted and wanted[each.name] <= each.wanted for each in wide)
