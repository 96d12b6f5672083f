"""What a policy document may say: its sections, their keys, and what must agree between them (policy.md).

`check_document` takes what a file holds (texts, lists, mappings) and gives the document that is stored, with
real booleans and whole numbers in place of their texts and all else unchanged, or every problem at once.
The plans are checked in `plan_check`, the opening hours in `opening_hours`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.checking import Checker, EnoughError, Path, suggestion
from helpdesk_cli.domain.opening_hours import OpeningHours, date_of, read_hours
from helpdesk_cli.domain.plan_check import check_plan
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.terms import loose_form, typed_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.checking import Problem

    HolidaysOf = Callable[[str], dict[str, str]]  # the code of a country -> date -> name

FORMAT = "1"
RESERVED_ALIASES = ("all", "active", "none")  # what filters read as several statuses, or as no value
REQUIRED = ("version", "default_plan", "calendars", "priorities", "plans")
_ENTRY_KEYS = {
    "priorities": ("name", "label", "meaning", "description", "retired"),
    "categories": ("name", "label", "description", "retired"),
    "types": ("name", "label", "description", "sla", "retired"),
}
CALENDAR_KEYS = ("timezone", "hours", "holidays", "country_holidays", "exceptions")
KEYS = ("version", "default_plan", "default_priority", "calendars", "statuses", *_ENTRY_KEYS, "plans")


def is_policy(raw: object) -> bool:
    """Whether what a file holds was meant as a policy: a mapping with any of its sections."""
    return isinstance(raw, dict) and not raw.keys().isdisjoint(KEYS)


def check_document(
    raw: object, holidays_of: HolidaysOf, year: int
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document to store, or None and every problem, in the order of the sections.

    `holidays_of` looks up the dates of a `country_holidays` code; they are kept in `country_dates`.
    `year`: the current one, from which on a calendar must open.
    """
    checker = Checker()
    try:
        document = _document(checker, raw, holidays_of, year)
    except EnoughError:
        document = {}
    return (None if checker.problems else document), checker.problems


def _document(checker: Checker, raw: object, holidays_of: HolidaysOf, year: int) -> dict[str, Any]:
    top = checker.mapping(raw, (), KEYS, REQUIRED)
    names = {section: _names(top.get(section)) for section in ("calendars", "priorities", "plans")}
    convert: dict[str, Callable[[object], Any]] = {
        "version": lambda value: _version(checker, value),
        "default_plan": lambda value: _default(checker, value, "plan", names["plans"]),
        "default_priority": lambda value: _default(checker, value, "priority", names["priorities"]),
        "calendars": lambda value: _calendars(checker, value, holidays_of, year),
        "statuses": lambda value: _statuses(checker, value),
        "priorities": lambda value: _entries(checker, value, "priorities"),
        "categories": lambda value: _entries(checker, value, "categories"),
        "types": lambda value: _entries(checker, value, "types"),
        "plans": lambda value: _plans(checker, value, names),
    }
    return {key: convert[key](value) for key, value in top.items()}


def _names(section: object) -> dict[str, bool]:
    """name -> retired, of a section that may be broken."""
    if isinstance(section, dict):
        return {name: _retired(spec) for name, spec in section.items()}
    entries = [entry for entry in section if isinstance(entry, dict)] if isinstance(section, list) else []
    return {entry["name"]: _retired(entry) for entry in entries if isinstance(entry.get("name"), str)}


def _retired(spec: object) -> bool:
    return isinstance(spec, dict) and Checker().flag(spec.get("retired", "false"), ())


def _version(checker: Checker, value: object) -> int:
    text = checker.text(value, ("version",), FORMAT)
    if text is not None and text != FORMAT:
        checker.add(("version",), f"found {shown(text)}, but this program reads format {FORMAT}")
    return int(FORMAT)


def _default(checker: Checker, value: object, kind: str, names: dict[str, bool]) -> str | None:
    path = (f"default_{kind}",)
    name = checker.word(value, path, kind, list(names))
    if name is not None and names[name]:
        checker.add(path, f"the {kind} {shown(name)} is retired, so nothing new can have it")
    return name


def _calendars(checker: Checker, value: object, holidays_of: HolidaysOf, year: int) -> dict[str, Any]:
    specs = _some(checker, value, ("calendars",), "calendar")
    calendars: dict[str, Any] = {}
    for name, spec in specs.items():
        path = ("calendars", name)
        checker.name(name, path)
        calendar = calendars[name] = dict(checker.mapping(spec, path, CALENDAR_KEYS))
        if "country_holidays" in calendar:
            here = (*path, "country_holidays")
            code = checker.text(calendar["country_holidays"], here, "a country such as SA, FR or DE-BY")
            calendar["country_dates"] = checker.attempt(here, holidays_of, code) or {} if code else {}
        if not isinstance(spec, dict):
            continue
        hours, found = read_hours(calendar)
        for each in found:
            checker.add((*path, *each.path), each.message)
        if not found and not any(hours.weekly):
            _openings(checker, hours, path, year)
    return calendars


def _openings(checker: Checker, hours: OpeningHours, path: Path, year: int) -> None:
    """A calendar without a week opens on exceptions alone, one of them not past (sla.md 4)."""
    last = max((day for day, exception in hours.exceptions.items() if any(exception)), default=None)
    if last is None:
        checker.add((*path, "hours"), "the calendar never opens: no deadline could ever be reached")
    elif date_of(last).year < year:
        checker.add(
            (*path, "hours"),
            f"the calendar never opens again after {date_of(last)}: no deadline could ever be reached",
            f"give it weekly hours, or exceptions in {year} or later",
        )


def _some(checker: Checker, value: object, path: Path, kind: str) -> dict[str, Any]:
    specs = checker.mapping(value, path, None)
    if value == {}:
        checker.add(path, f"no {kind} is declared")
    return specs


def _statuses(checker: Checker, value: object) -> dict[str, Any]:
    section = checker.mapping(value, ("statuses",), None)
    taken: dict[str, str] = {}
    for status, spec in section.items():
        path = ("statuses", status)
        if status not in statuses.ALL:
            checker.add(path, f"there is no status {shown(status)}", suggestion(status, statuses.ALL))
        entry = checker.mapping(spec, path, ("label", "aliases"))
        if "label" in entry:
            checker.label(entry["label"], (*path, "label"))
        for n, item in enumerate(checker.items(entry.get("aliases", []), (*path, "aliases"))):
            place = (*path, "aliases", n)
            alias = checker.text(item, place)
            if alias is not None:
                _alias(checker, alias, status, place, taken)
    return section


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


def _entries(checker: Checker, value: object, section: str) -> list[dict[str, Any]]:
    """The named entries of a list; a name appears once."""
    entries: list[dict[str, Any]] = []
    seen: set[str] = set()
    for n, item in enumerate(checker.items(value, (section,))):
        path = (section, n)
        entry = dict(checker.mapping(item, path, _ENTRY_KEYS[section], ("name",)))
        name = checker.name(entry["name"], (*path, "name")) if "name" in entry else None
        if name in seen:
            checker.add((*path, "name"), f"the name {shown(str(name))} appears twice")
        elif name is not None:
            seen.add(name)
        for key in {"meaning", "description"} & entry.keys():
            checker.text(entry[key], (*path, key))
        if "label" in entry:
            checker.label(entry["label"], (*path, "label"))
        if "sla" in entry:
            checker.choice(entry["sla"], (*path, "sla"), ("none",))
        if "retired" in entry:
            entry["retired"] = checker.flag(entry["retired"], (*path, "retired"))
        entries.append(entry)
    if section == "priorities" and isinstance(value, list) and all(entry.get("retired") for entry in entries):
        checker.add(
            (section,), "no priority is left for new tickets" if entries else "no priority is declared"
        )
    return entries


def _plans(checker: Checker, value: object, names: dict[str, dict[str, bool]]) -> dict[str, Any]:
    specs = _some(checker, value, ("plans",), "plan")
    plans: dict[str, Any] = {}
    for name, spec in specs.items():
        checker.name(name, ("plans", name))
        plans[name] = check_plan(
            checker,
            spec,
            ("plans", name),
            calendars=list(names["calendars"]),
            priorities=list(names["priorities"]),
        )
    return plans
