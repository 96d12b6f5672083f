"""The sections beside calendars, statuses, lists and plans in the flat form in which `policy_diff` compares
two documents: path -> text, equal meanings alike, defaults written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.durations import format_duration, parse_duration
from helpdesk_cli.domain.section_terms import HOOK_RETRIES, HOOK_TIMEOUT, any_of, parse_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Path = tuple[str, ...]
    Flat = dict[Path, str]

_ANY_TICKET = "any ticket"


def settings(document: Mapping[str, Any]) -> Flat:
    """What stands by itself: the sender rules, the queue, the transitions, the licences of large accounts."""
    flat = {
        ("unknown_sender",): document.get("unknown_sender", "accept"),
        ("queue", "order"): document.get("queue", {}).get("order", "deadline"),
    }
    if "default_region" in document:
        flat["default_region",] = document["default_region"]
    if "freemail" in document:
        rule = document["freemail"]
        flat["freemail", "action"] = rule["action"]
        flat["freemail", "domains"] = _set(rule.get("domains", ())) or "the well-known ones"
    for status, targets in document.get("transitions", {}).items():
        flat["transitions", status] = _set(targets) or "nothing"
    for region, licences in document.get("large_accounts", {}).items():
        flat["large_accounts", region] = str(licences)
    return flat


def parts(document: Mapping[str, Any]) -> dict[Path, Flat]:
    """Each tier, region, route, field of a template, alert and hook, flat."""
    found: dict[Path, Flat] = {}
    for name, tier in document.get("tiers", {}).items():
        found["tiers", name] = {(key,): _value(value) for key, value in tier.items()}
    for name, region in document.get("regions", {}).items():
        found["regions", name] = _region(region)
    for rule in document.get("routing", ()):
        found["routing", rule["name"]] = _rule(rule, ("team", "assign", "skill"))
    for key, template in _templates(document).items():
        for field in template["fields"]:
            found["intake", key, field["name"]] = dict(_field(field))
    for alert in document.get("alerts", ()):
        flat = found["alerts", alert["name"]] = _rule(alert, ("by", "more_than", "text"))
        flat["within",] = format_duration(parse_duration(alert["within"]))
        flat["notify",] = ", ".join(alert["notify"])
    for key, hook in _numbered((" ".join(hook["run"]), hook) for hook in document.get("hooks", ())).items():
        timeout = parse_duration(hook["timeout"]) if "timeout" in hook else HOOK_TIMEOUT
        found["hooks", key] = {
            ("on",): _set(hook["on"]),
            ("timeout",): format_duration(timeout),
            ("retries",): str(hook.get("retries", HOOK_RETRIES)),
        }
    return found


def orders(document: Mapping[str, Any]) -> dict[Path, list[str]]:
    """The names of what is looked at in its order: routes and templates, the first that fits; fields."""
    templates = _templates(document)
    found: dict[Path, list[str]] = {
        ("routing",): [rule["name"] for rule in document.get("routing", ())],
        ("intake",): list(templates),
    }
    for key, template in templates.items():
        found["intake", key, "fields"] = [field["name"] for field in template["fields"]]
    return found


def stage(spec: Mapping[str, Any]) -> str:
    """`en Open; when new; for 5m`."""
    told = [f"{language} {text}" for language, text in sorted(spec["label"].items())]
    told += [f"when {spec['when']}"] if "when" in spec else []
    told += [f"for {format_duration(parse_duration(spec['for']))}"] if "for" in spec else []
    return "; ".join(told)


def _templates(document: Mapping[str, Any]) -> dict[str, Any]:
    """The templates of intake by whom they are for, as none has a name."""
    return _numbered((_conditions(template), template) for template in document.get("intake", ()))


def _numbered(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """By name; one that is there already gets a number."""
    found: dict[str, Any] = {}
    for name, value in named:
        number = sum(1 for other in found if other == name or other.startswith(f"{name} ("))
        found[name if not number else f"{name} ({number + 1})"] = value
    return found


def _conditions(rule: Mapping[str, Any]) -> str:
    told = (f"{key}={_value(value)}" for key, value in rule.get("when", {}).items())
    return "; ".join(sorted(told)) or _ANY_TICKET


def _rule(rule: Mapping[str, Any], keys: Iterable[str]) -> Flat:
    flat: Flat = {("when", key): _value(value) for key, value in rule.get("when", {}).items()}
    return flat | {(key,): _value(rule[key]) for key in keys if key in rule}


def _region(region: Mapping[str, Any]) -> Flat:
    flat: Flat = {("countries",): _set(region["countries"])} if region.get("countries") else {}
    for level, contacts in region.get("levels", {}).items():
        if contacts:
            flat["levels", level] = "; ".join(map(_contact, contacts))
    return flat


def _contact(contact: Mapping[str, Any]) -> str:
    places = [*contact.get("countries", ()), *contact.get("areas", ())]
    told = f"{contact['name']} <{contact['email']}>"
    return f"{told} for {_set(places)}" if places else told


def _field(field: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for language, text in field.get("label", {}).items():
        yield ("label", language), text
    for other, wanted in field.get("required_if", {}).items():
        yield ("required_if", other), _value(wanted)
    yield ("required",), _value(field.get("required", False))
    if "description" in field:
        yield ("description",), field["description"]
    if "choices" in field:
        yield ("choices",), ", ".join(field["choices"])
    if "words" in field:
        yield ("words",), "{}-{}".format(*parse_words(field["words"]))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, list)):
        return _set(any_of(value))
    return str(value)


def _set(texts: Iterable[str]) -> str:
    return ", ".join(sorted(texts))
