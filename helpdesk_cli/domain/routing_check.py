"""What a policy document may say of the way of a ticket: routes, templates, and the conditions that they
share with alerts (`profiles.md`; M5, D20, Z20, Z21, H1, H3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import people
from helpdesk_cli.domain.checking import suggestion
from helpdesk_cli.domain.countries import country
from helpdesk_cli.domain.level_check import check_somebody, check_tag
from helpdesk_cli.domain.section_terms import (
    ASSIGNMENTS,
    CONDITIONS,
    FLAG_CONDITIONS,
    MAY_LACK,
    parse_words,
)
from helpdesk_cli.domain.suggest import shown

if TYPE_CHECKING:
    from helpdesk_cli.domain.checking import Checker, Lookups, Path
    from helpdesk_cli.domain.declared import Declared

_DECLARED = ("category", "type", "priority", "plan", "tier", "region")
_FIELD = ("name", "label", "description", "required", "required_if", "choices", "words")


def check_when(checker: Checker, value: object, path: Path, names: Declared) -> dict[str, Any]:
    """The conditions of a rule: flags converted, codes of countries in capitals."""
    when = dict(checker.mapping(value, path, CONDITIONS, example="category: sales"))
    for key, wanted in when.items():
        here = (*path, key)
        if key in FLAG_CONDITIONS:
            when[key] = checker.flag(wanted, here)
        elif not isinstance(wanted, list):
            text = checker.text(wanted, here, "a text or a list of texts")
            when[key] = _value(checker, key, text, here, names) if text is not None else wanted
        else:
            if not wanted:
                checker.add(here, "no value is named, so nothing would fit")
            when[key] = [
                _value(checker, key, text, place, names) for place, text in checker.texts(wanted, here)
            ]
    return when


def _value(checker: Checker, key: str, text: str, path: Path, names: Declared) -> str:
    if key in _DECLARED:
        names.lacking(checker, text, path, key)
    elif key in MAY_LACK and text == "none":
        return text
    elif key == "country":
        return checker.attempt(path, country, text) or text
    elif key == "tag":
        check_tag(checker, text, path)
    elif key == "org":
        checker.attempt(path, people.name, text, "organisation")
    elif key == "language":
        return checker.attempt(path, people.language, text) or text
    return text


def check_routing(checker: Checker, value: object, names: Declared, lookups: Lookups) -> list[dict[str, Any]]:
    """The rules that choose a team and an assignee, the first that fits (M5); a name appears once."""
    rules = []
    seen: set[str] = set()
    for n, item in enumerate(checker.items(value, ("routing",))):
        path = ("routing", n)
        keys = ("name", "when", "team", "assign", "skill")
        rule = dict(checker.mapping(item, path, keys, ("name",)))
        checker.unique(rule, path, seen)
        if "when" in rule:
            rule["when"] = check_when(checker, rule["when"], (*path, "when"), names)
        if "team" in rule:
            _team(checker, rule["team"], (*path, "team"), lookups)
        if "assign" in rule:
            checker.choice(rule["assign"], (*path, "assign"), ASSIGNMENTS)
        if "skill" in rule:
            rule["skill"] = _skill(checker, rule["skill"], (*path, "skill"))
        if isinstance(item, dict) and not {"team", "assign"} & rule.keys():
            checker.add(path, "the route leads nowhere: it has neither team nor assign")
        elif "skill" in rule and "assign" not in rule:
            checker.add(
                (*path, "skill"),
                "a skill says who is assigned, but nobody is",
                f"add assign: {' or '.join(ASSIGNMENTS)}",
            )
        rules.append(rule)
    return rules


def _team(checker: Checker, value: object, path: Path, lookups: Lookups) -> None:
    team = checker.text(value, path, "the name of a team")
    if team is None:
        return
    noted = len(checker.problems)
    check_somebody(checker, team, path, people.name, "team")
    why = lookups.no_team(team) if noted == len(checker.problems) else None
    if why is not None:
        checker.add(path, why, "make it with `helpdesk team create`, or name another")


def _skill(checker: Checker, value: object, path: Path) -> str | None:
    """A skill in the form in which agents have it."""
    text = checker.text(value, path, "a skill")
    found = checker.attempt(path, people.skills, [text]) if text is not None else None
    return found[0] if found else None


def check_intake(checker: Checker, value: object, names: Declared) -> list[dict[str, Any]]:
    """The templates: what a new ticket must say (Z20, H3)."""
    templates = []
    for n, item in enumerate(checker.items(value, ("intake",))):
        path = ("intake", n)
        template = dict(checker.mapping(item, path, ("when", "fields"), ("fields",)))
        if "when" in template:
            template["when"] = check_when(checker, template["when"], (*path, "when"), names)
        if "fields" in template:
            template["fields"] = _fields(checker, template["fields"], (*path, "fields"))
        templates.append(template)
    return templates


def _fields(checker: Checker, value: object, path: Path) -> list[dict[str, Any]]:
    items = checker.items(value, path)
    if items == value == []:
        checker.add(path, "no field is named")
    fields = []
    seen: set[str] = set()
    choices = {
        item["name"]: item.get("choices")
        for item in items
        if isinstance(item, dict) and isinstance(item.get("name"), str)
    }
    for n, item in enumerate(items):
        here = (*path, n)
        field = dict(checker.mapping(item, here, _FIELD, ("name",)))
        checker.unique(field, here, seen)
        if "label" in field:
            checker.label(field["label"], (*here, "label"))
        if "description" in field:
            checker.text(field["description"], (*here, "description"))
        if "choices" in field and not checker.texts(field["choices"], (*here, "choices"), "a choice"):
            checker.add((*here, "choices"), "there is no choice to make")
        if "words" in field and checker.text(field["words"], (*here, "words"), "a range such as 150-200"):
            checker.attempt((*here, "words"), parse_words, field["words"])
        if "required" in field:
            field["required"] = checker.flag(field["required"], (*here, "required"))
        if "required_if" in field:
            _required_if(checker, field, (*here, "required_if"), choices)
        fields.append(field)
    return fields


def _required_if(checker: Checker, field: dict[str, Any], path: Path, choices: dict[str, object]) -> None:
    """A field that is required by what another says, which must be able to say it."""
    if field.get("required"):
        checker.add(path, "the field is required anyway", "leave out required or required_if")
    needs = checker.mapping(field["required_if"], path, None, example="reproducible: yes")
    if field["required_if"] == {}:
        checker.add(path, "no field is named", "write {reproducible: yes}")
    for other, wanted in needs.items():
        here = (*path, other)
        if other == field.get("name"):
            checker.add(here, "the field cannot decide by itself whether it is required")
        elif other not in choices:
            checker.add(here, f"the template has no field {shown(other)}", suggestion(other, choices))
        if isinstance(wanted, list):
            found = checker.texts(wanted, here)
            if not wanted:
                checker.add(here, "no value is named, so it is never required")
        else:
            text = checker.text(wanted, here, "a text or a list of texts")
            found = [] if text is None else [(here, text)]
        can = choices.get(other)
        known = [each for each in can if isinstance(each, str)] if isinstance(can, list) else []
        for place, text in found:
            if known and text not in known:
                checker.add(place, f"{shown(text)} is no choice of {shown(other)}", suggestion(text, known))
