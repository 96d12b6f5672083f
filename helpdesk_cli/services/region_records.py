"""Read the regions of the policy as records, and who is told at each level for a country (Z33-40)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import regions
from helpdesk_cli.domain.countries import country as country_code
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.text import fold
from helpdesk_cli.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.services.app import App

Record = dict[str, Any]


def list_regions(app: App) -> list[Record]:
    """The regions in the order of the policy, as `region` records."""
    document = app.policies.latest().document
    return [_record(document, name) for name in document.get("regions", ())]


def show_region(app: App, name: str) -> Record:
    """One region, in any case; NotFoundError `unknown_region` with a suggestion."""
    document = app.policies.latest().document
    known = {fold(each): each for each in document.get("regions", ())}
    if fold(name) in known:
        return _record(document, known[fold(name)])
    guess = closest(name, list(known.values()))
    raise NotFoundError(
        f"there is no region {shown(name)}",
        code="unknown_region",
        hint=f"did you mean {guess!r}?"
        if guess
        else "see `helpdesk region list`"
        if known
        else "the policy declares none: `helpdesk help policy`",
    )


def resolve(app: App, country: str, area: str | None) -> list[Record]:
    """Who is told at each level for a customer of a country, as `ladder_contact` records, the lowest first.

    UsageError `bad_country`; NotFoundError `no_region` where no region serves it, `no_contact` where nobody
    of the region that does can be told, and no default region helps out.
    """
    place = regions.Place(None, country_code(country), area)
    document = app.policies.latest().document
    found = regions.ladder(document, place)
    if not found:
        region = next((name for name, _ in regions.located(document, place)), None)
        raise NotFoundError(
            f"no region serves {place.country}" if region is None else f"region {region} has no contact",
            code="no_region" if region is None else "no_contact",
            hint="the policy declares no regions: `helpdesk help policy`"
            if not document.get("regions")
            else "declare a `default_region` in the policy, with a contact",
        )
    return [
        {
            "level": level,
            "name": name,
            "address": address,
            "region": told.region,
            "contact_level": told.level,
            "chosen_by": told.chosen_by,
            "because": told.because,
        }
        for level, told in found
        for name, address in told.contacts
    ]


def _record(document: Mapping[str, Any], name: str) -> Record:
    spec = document["regions"][name]
    levels = sorted(spec.get("levels", {}).items(), key=lambda item: int(item[0]))
    return {
        "name": name,
        "default": document.get("default_region") == name,
        "countries": list(spec.get("countries", ())),
        "large_account_licences": document.get("large_accounts", {}).get(name),
        "levels": [
            {
                "level": int(number),
                "name": contact["name"],
                "address": contact["email"],
                "countries": list(contact.get("countries", ())),
                "areas": list(contact.get("areas", ())),
            }
            for number, contacts in levels
            for contact in contacts
        ],
    }
