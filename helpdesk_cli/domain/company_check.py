"""What a policy document may say of whom it serves: senders, tiers, regions with their contacts, large
accounts (`profiles.md`; H3, H11, Z7, Z33-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import people
from helpdesk_cli.domain.checking import FLAGS, suggestion
from helpdesk_cli.domain.countries import country
from helpdesk_cli.domain.section_terms import FREEMAIL_ACTIONS, MAX_LEVEL, QUEUE_ORDERS, SENDER_RULES
from helpdesk_cli.domain.suggest import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.checking import Checker, Path
    from helpdesk_cli.domain.declared import Declared

_CONTACT = ("name", "email", "countries", "areas")


def check_unknown_sender(checker: Checker, value: object) -> object:
    """What becomes of a sender whom nobody knows (H3)."""
    checker.choice(value, ("unknown_sender",), SENDER_RULES)
    return value


def check_freemail(checker: Checker, value: object) -> dict[str, Any]:
    """What becomes of a sender without a domain of their own (Z7); the domains in the form of addresses."""
    rule = dict(checker.mapping(value, ("freemail",), ("action", "domains"), ("action",)))
    if "action" in rule:
        checker.choice(rule["action"], ("freemail", "action"), FREEMAIL_ACTIONS)
    if "domains" in rule:
        path = ("freemail", "domains")
        if rule["domains"] == []:
            checker.add(path, "no domain is named", "leave the key out for the well-known providers")
        found = _converted(checker, rule["domains"], path, people.domain, "a domain")
        for place, domain in found:
            if "." not in domain:
                checker.add(place, f"{shown(domain)} is no domain of the internet", "write it as gmail.com")
        rule["domains"] = [domain for _, domain in found]
    return rule


def check_queue(checker: Checker, value: object) -> dict[str, Any]:
    """In which order tickets are taken (H11)."""
    rule = checker.mapping(value, ("queue",), ("order",), ("order",))
    if "order" in rule:
        checker.choice(rule["order"], ("queue", "order"), QUEUE_ORDERS)
    return rule


def check_tiers(checker: Checker, value: object) -> dict[str, Any]:
    """tier -> entitlement -> what it is: a flag, a text, or the list `channels` (Z43)."""
    tiers: dict[str, Any] = {}
    for name, spec in checker.some(value, ("tiers",), "tier").items():
        path = ("tiers", name)
        checker.name(name, path)
        tier = tiers[name] = dict(checker.mapping(spec, path, None, example="channels: [email]"))
        for key, entitlement in tier.items():
            here = (*path, key)
            checker.name(key, here)
            if key == "channels":
                _channels(checker, entitlement, here)
            elif isinstance(entitlement, str) and entitlement.lower() in FLAGS:
                tier[key] = checker.flag(entitlement, here)
            else:
                checker.text(entitlement, here, "true, false or a text")
    return tiers


def _channels(checker: Checker, value: object, path: Path) -> None:
    if value == []:
        checker.add(path, "no channel is named", "leave the key out to serve every channel")
    checker.texts(value, path, "a channel")


def check_large_accounts(checker: Checker, value: object, names: Declared) -> dict[str, Any]:
    """region -> the licences from which on an account is large (Z41)."""
    section: dict[str, Any] = {}
    for region, licences in checker.mapping(value, ("large_accounts",), None).items():
        path = ("large_accounts", region)
        if checker.name(region, path) is not None:
            names.lacking(checker, region, path, "region")
        section[region] = checker.number(licences, path, 1)
    return section


def check_default_region(checker: Checker, value: object, names: Declared) -> str | None:
    """The region of whoever belongs to no other (sla.md 6)."""
    return names.word(checker, value, ("default_region",), "region")


def check_regions(checker: Checker, value: object) -> dict[str, Any]:
    """region -> its countries, each of one region, and the contacts of its levels (Z33-40)."""
    regions: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for name, spec in checker.some(value, ("regions",), "region").items():
        path = ("regions", name)
        checker.name(name, path)
        region = regions[name] = dict(checker.mapping(spec, path, ("countries", "levels")))
        if "countries" in region:
            here = (*path, "countries")
            found = _countries(checker, region["countries"], here)
            region["countries"] = [code for _, code in found]
            for place, code in found:
                owner = owners.setdefault(code, name)
                if owner != name:
                    checker.add(place, f"the country {code} already belongs to the region {shown(owner)}")
        if "levels" in region:
            region["levels"] = _levels(checker, region["levels"], (*path, "levels"), region.get("countries"))
    return regions


def _levels(checker: Checker, value: object, path: Path, countries: list[str] | None) -> dict[str, Any]:
    levels: dict[str, Any] = {}
    for number, contacts in checker.mapping(value, path, None, example="1: [...]").items():
        here = (*path, number)
        if not (len(number) == 1 and number.isascii() and number.isdigit() and 0 < int(number) <= MAX_LEVEL):
            checker.add(here, f"found {shown(number)}, expected the number of a level from 1 to {MAX_LEVEL}")
        levels[number] = [
            _contact(checker, contact, (*here, n), countries)
            for n, contact in enumerate(checker.items(contacts, here))
        ]
    return levels


def _contact(checker: Checker, value: object, path: Path, countries: list[str] | None) -> dict[str, Any]:
    """A name and an address (Z40), for the whole region or for some of it."""
    contact = dict(checker.mapping(value, path, _CONTACT, ("name", "email")))
    if "name" in contact:
        checker.text(contact["name"], (*path, "name"))
    if "email" in contact and checker.text(contact["email"], (*path, "email"), "an e-mail address"):
        here = (*path, "email")
        contact["email"] = checker.attempt(here, people.address, contact["email"]) or contact["email"]
    if "areas" in contact:
        checker.texts(contact["areas"], (*path, "areas"), "an area")
    if "countries" in contact:
        found = _countries(checker, contact["countries"], (*path, "countries"))
        contact["countries"] = [code for _, code in found]
        for place, code in found:
            if countries is not None and code not in countries:
                message = f"the country {code} is none of its region, so nobody there would be told"
                checker.add(place, message, suggestion(code, countries))
    return contact


def _countries(checker: Checker, value: object, path: Path) -> list[tuple[Path, str]]:
    return _converted(checker, value, path, country, "a country such as FR")


def _converted(
    checker: Checker, value: object, path: Path, read: Callable[[str], str], expected: str
) -> list[tuple[Path, str]]:
    """The texts of a list in the form that `read` gives them, without those that it refuses."""
    found = [
        (place, checker.attempt(place, read, text)) for place, text in checker.texts(value, path, expected)
    ]
    return [(place, text) for place, text in found if text is not None]
