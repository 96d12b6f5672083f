"""Which region serves a customer, who of it is told at each level, and which accounts are large (Z33-42).

Everything is worked out from the checked policy document when it is asked for. A contact that names countries
or areas is for these only, one that names none for the whole region; of those that fit, the ones that name a
country go before the ones that name an area, and these before the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from helpdesk_cli.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Document = Mapping[str, Any]

    class Row(Protocol):
        """What has the columns of an organisation."""

        def __getitem__(self, column: str, /) -> Any: ...


LEVELS = 4  # of a ladder where no region says how many it has (Z33-40)
# How a region or a contact was found.
OWN, COUNTRY, AREA, REGION, DEFAULT = "own", "country", "area", "region", "default"
CHOSEN_BY = (COUNTRY, AREA, REGION, DEFAULT)


class Place(NamedTuple):
    """Where an organisation is: the region that it names, its country (`FR`), the part of it."""

    region: str | None = None
    country: str | None = None
    area: str | None = None


class Told(NamedTuple):
    """Who is told at a level. contacts: (name, address) each; level: theirs, which is another where the one
    asked for has none; chosen_by: one of CHOSEN_BY; because: why it is not the level or region asked for."""

    region: str
    level: int
    contacts: tuple[tuple[str, str], ...]
    chosen_by: str
    because: str | None = None

    def data(self) -> dict[str, object]:
        """What an event keeps of it, so that a later policy does not change who was told."""
        found: dict[str, object] = {
            "region": self.region,
            "contact_level": self.level,
            "contacts": [{"name": name, "address": address} for name, address in self.contacts],
            "chosen_by": self.chosen_by,
        }
        return found if self.because is None else {**found, "because": self.because}


def place_of(org: Row | None) -> Place:
    """Where an organisation is, of its row; nobody's place is nowhere."""
    return Place() if org is None else Place(org["region"], org["country"], org["area"])


def region_of(org: Row | None, document: Document) -> str | None:
    """The region that serves an organisation: its own, else that of its country, else the default one; None
    where there is none (sla.md 6). A region that the policy does not declare (any more) is no region; where
    it declares none at all, each is what it is called."""
    place = Place() if org is None else Place(org["region"], org["country"])
    if place.region is not None and not document.get("regions"):
        own = fold(place.region)
        return next((name for name in document.get("large_accounts", ()) if fold(name) == own), place.region)
    return next((name for name, _ in located(document, place)), None)


def large_account(org: Row | None, document: Document) -> bool:
    """Whether an organisation has as many licences as make an account large in its region: at the very number
    it is one (Z41, which wins over Z42)."""
    if org is None or org["licences"] is None:
        return False
    least = document.get("large_accounts", {}).get(region_of(org, document))
    return least is not None and org["licences"] >= least


def located(document: Document, place: Place) -> Iterator[tuple[str, str]]:
    """The regions that may serve a place, the nearest first, each with how it was found."""
    regions = document.get("regions", {})
    if place.region is not None:
        own = fold(place.region)
        yield from ((name, OWN) for name in regions if fold(name) == own)
    if place.country is not None:
        yield from (
            (name, COUNTRY) for name, spec in regions.items() if place.country in spec.get("countries", ())
        )
    if "default_region" in document:
        yield document["default_region"], DEFAULT


def top(document: Document) -> int:
    """The number of the last level of the ladder, which is the same in every region."""
    numbers = (int(n) for spec in document.get("regions", {}).values() for n in spec.get("levels", ()))
    return max(numbers, default=LEVELS)


def told(document: Document, place: Place, level: int) -> Told | None:
    """Who is told at a level, of the region that serves the place; of the default one where nobody there can
    be; None where nobody can. A level without a contact goes to the next higher one that has one, above the
    last to the next lower (Z36)."""
    regions, why = document.get("regions", {}), list[str]()
    found = list(located(document, place))
    for region, by in [each for n, each in enumerate(found) if n == 0 or each[1] == DEFAULT]:
        levels = regions[region].get("levels", {})
        for number in sorted(map(int, levels), key=lambda n: (n < level, abs(n - level))):
            contacts, chosen_by = _fitting(levels[str(number)], place)
            if contacts:
                if number != level:
                    why.append(_empty(levels.get(str(level)), region, level, place))
                chosen_by = DEFAULT if (chosen_by, by) == (REGION, DEFAULT) else chosen_by
                return Told(region, number, contacts, chosen_by, ", and ".join(why) or None)
        why.append(f"{region} has no contact")
    return None


def ladder(document: Document, place: Place) -> list[tuple[int, Told]]:
    """Each level of the ladder with who is told at it; empty where nobody can be."""
    found = ((level, told(document, place, level)) for level in range(1, top(document) + 1))
    return [(level, who) for level, who in found if who is not None]


def _fitting(contacts: list[dict[str, Any]], place: Place) -> tuple[tuple[tuple[str, str], ...], str]:
    """The contacts of a level for a place, those that name it most closely, and how they were chosen."""
    ranked = [(_closeness(contact, place), contact) for contact in contacts]
    best = max((rank for rank, _ in ranked if rank is not None), default=(False, False))
    chosen = tuple((contact["name"], contact["email"]) for rank, contact in ranked if rank == best)
    return chosen, AREA if best[1] else COUNTRY if best[0] else REGION


def _closeness(contact: Mapping[str, Any], place: Place) -> tuple[bool, bool] | None:
    """(whether it names the country, whether the area); None where it names others only."""
    countries, areas = contact.get("countries"), contact.get("areas")
    if countries and place.country not in countries:
        return None
    if areas and (place.area is None or fold(place.area) not in map(fold, areas)):
        return None
    return bool(countries), bool(areas)


def _empty(contacts: object, region: str, level: int, place: Place) -> str:
    """Why a level tells nobody: it has no contact, or none for the place."""
    where = " ".join(filter(None, (place.country, place.area)))
    for_whom = f" for {where or 'a customer of no known country'}" if contacts else ""
    return f"level {level} of {region} has no contact{for_whom}"
