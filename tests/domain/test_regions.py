"""Who of a region is told at each level (Z33-40), and which accounts are large (Z41-42)."""

from __future__ import annotations

from typing import Any

import pytest
from life import Life, gold

from helpdesk_cli.domain import regions
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.regions import Place
from tests.regional import (
    BENELUX_AND_NORDICS,
    CENTRAL,
    DOCUMENT,
    IBERIA,
    ITALY_AND_NEIGHBOURS,
    LARGE_ACCOUNTS,
    REGIONS,
    REST_OF_EUROPE,
    contact,
)


def names(place: Place, level: int, document: dict[str, Any] = DOCUMENT) -> str:
    """Who is told, as `l2.us l2.americas@3 area`: names, the level where it is another, how found."""
    found = regions.told(document, place, level)
    if found is None:
        return "nobody"
    at = f"@{found.level}" if found.level != level else ""
    return f"{' '.join(name for name, _ in found.contacts)}{at} {found.chosen_by}"


def test_a_contact_is_a_name_and_an_address() -> None:
    found = regions.told(DOCUMENT, Place(country="FR"), 4)
    assert found is not None
    assert found.contacts == (("l4.france", "l4.france@desk.example"),)
    assert found.data() == {
        "region": "europe",
        "contact_level": 4,
        "contacts": [{"name": "l4.france", "address": "l4.france@desk.example"}],
        "chosen_by": "country",
    }


TOLD = [
    # Z33
    ("AU", None, ["l1.anz region", "l2.anz region", "l3 region", "l4.anz region"]),
    ("NZ", None, ["l1.anz region", "l2.anz region", "l3 region", "l4.anz region"]),
    # Z34: one for APAC, two for Japan
    ("SG", None, ["l1.apac region", "l2.apac region", "l3 region", "l4.apac region"]),
    ("JP", None, ["l1.apac region", "l2.apac region", "l3 region", "l4.japan l4.jp2 country"]),
    # Z35: two at level 2
    ("IN", None, ["l1.india region", "l2.india l2.delhi region", "l3 region", "l4.india region"]),
    # Z36: two at level 2, level 4 empty
    ("AE", None, ["l1.mea region", "l2.mea l2.africa region", "l3 region", "l3@3 region"]),
    # Z38: by area; Canada is a region of its own
    ("US", "east", ["l1.us region", "l2.americas l2.us region", "l3 region", "l4.east area"]),
    ("US", "WEST", ["l1.us region", "l2.americas l2.us region", "l3 region", "l4.west area"]),
    ("US", "central", ["l1.us region", "l2.americas l2.us region", "l3 region", "l4.central area"]),
    ("US", None, ["l1.us region", "l2.americas l2.us region", "l3 region", "l3@3 region"]),
    ("US", "Hawaii", ["l1.us region", "l2.americas l2.us region", "l3 region", "l3@3 region"]),
    ("CA", "east", ["l1.canada region", "l2.americas l2.canada region", "l3 region", "l4.canada region"]),
    # Z39, Z40: the head of the Americas and one of the region
    ("MX", None, ["l1.latam region", "l2.americas l2.latam region", "l3 region", "l4.latam region"]),
    ("BR", None, ["l1.brazil region", "l2.americas l2.brazil region", "l3 region", "l4.brazil region"]),
    # a country of no region
    ("AQ", "east", ["l1.us default", "l2.americas l2.us default", "l3 default", "l4.east area"]),
    (None, None, ["l1.us default", "l2.americas l2.us default", "l3 default", "l3@3 default"]),
]


@pytest.mark.parametrize(("country", "area", "wanted"), TOLD)
def test_the_contacts_of_each_level(country: str | None, area: str | None, wanted: list[str]) -> None:
    assert [names(Place(None, country, area), level) for level in (1, 2, 3, 4)] == wanted


EUROPE = {
    "l4.uk": ["GB"],
    "l4.benelux": BENELUX_AND_NORDICS,
    "l4.france": ["FR", "MC"],
    "l4.italy": ITALY_AND_NEIGHBOURS,
    "l4.iberia": IBERIA,
    "l4.central": CENTRAL,
    "l4.rest": REST_OF_EUROPE,
}


def test_z37_europe_has_a_contact_by_country_for_each_of_its_own() -> None:
    told = {country for countries in EUROPE.values() for country in countries}
    assert told == set(REGIONS["europe"]["countries"])
    for name, countries in EUROPE.items():
        for country in countries:
            second = "l2.uk country" if country == "GB" else "l2.europe region"
            ladder = ["l1.europe region", second, "l3 l3.senior region", f"{name} country"]
            assert [names(Place(None, country), level) for level in (1, 2, 3, 4)] == ladder


def one(levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A policy with one region."""
    return {"regions": {"all": {"countries": ["FR", "DE"], "levels": levels}}, **more}


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        ("1 2 3 4", "1 2 3 4"),
        ("2 4", "2 2 4 4"),  # the next higher
        ("1 4", "1 4 4 4"),
        ("1 2", "1 2 2 2"),  # above the last the next lower
        ("2", "2 2 2 2"),
        ("1 3", "1 3 3 3"),
        ("9", "9 9 9 9"),
        ("", "- - - -"),
    ],
)
def test_an_empty_level_goes_to_the_next_higher_else_the_next_lower(there: str, wanted: str) -> None:
    document = one({str(n): [contact("x")] if str(n) in there.split() else [] for n in range(1, 10)})
    found = [regions.told(document, Place(None, "FR"), level) for level in (1, 2, 3, 4)]
    assert " ".join("-" if each is None else str(each.level) for each in found) == wanted
    for level, each in enumerate(found, 1):
        reason = None if each is None or each.level == level else f"level {level} of all has no contact"
        assert each is None or each.because == reason


BY_PLACE = [contact("all"), contact("area", areas=["South East"]), contact("country", countries=["FR"])]
CLOSEST = [*BY_PLACE, contact("both", countries=["FR"], areas=["south east"])]


@pytest.mark.parametrize(
    ("contacts", "place", "wanted"),
    [
        (BY_PLACE, Place(None, "DE", None), "all region"),
        (BY_PLACE, Place(None, "DE", "north"), "all region"),
        (BY_PLACE, Place(None, "DE", "south east"), "area area"),
        (BY_PLACE, Place(None, "FR", "South East"), "country country"),
        (BY_PLACE, Place(None, "FR", None), "country country"),
        (CLOSEST, Place(None, "FR", "South East"), "both area"),
        (CLOSEST, Place(None, "FR", "north"), "country country"),
        (CLOSEST, Place(None, "DE", "south east"), "area area"),
        ([contact("fr", countries=["FR"])], Place("all", None, None), "nobody"),
        ([contact("empty", countries=[], areas=[])], Place("all", None, None), "empty region"),
    ],
)
def test_by_country_before_by_area_before_the_region(
    contacts: list[dict[str, Any]], place: Place, wanted: str
) -> None:
    assert names(place, 1, one({"1": contacts})) == wanted


def test_a_level_without_a_contact_for_the_place_says_which() -> None:
    document = one({"1": [contact("fr", countries=["FR"])], "2": [contact("all")]})
    for place, reason in (
        (Place(None, "DE"), "level 1 of all has no contact for DE"),
        (Place(None, "DE", "north"), "level 1 of all has no contact for DE north"),
        (Place("all"), "level 1 of all has no contact for a customer of no known country"),
    ):
        found = regions.told(document, place, 1)
        assert found is not None
        assert (found.level, found.because) == (2, reason)


def test_a_region_without_any_contact_falls_back_to_the_default() -> None:
    document: dict[str, Any] = {
        "regions": {
            "bare": {"countries": ["FR"], "levels": {"1": [], "2": []}},
            "none": {"countries": ["DE"]},
            "home": {"levels": {"2": [contact("home")]}},
        },
        "default_region": "home",
    }
    for country, region in (("FR", "bare"), ("DE", "none")):
        found = regions.told(document, Place(None, country), 2)
        assert found is not None
        assert (found.region, found.level, found.chosen_by) == ("home", 2, "default")
        assert found.because == f"{region} has no contact"
    lower = regions.told(document, Place("bare"), 1)
    assert lower is not None
    assert lower.because == "bare has no contact, and level 1 of home has no contact"
    document["regions"]["near"] = {"countries": ["ES"], "levels": {"1": [contact("near")]}}
    assert names(Place("bare", "ES"), 2, document) == "home default"  # its own region is not Spain's
    del document["default_region"]
    assert regions.told(document, Place(None, "FR"), 1) is None
    assert regions.told({**document, "default_region": "bare"}, Place(None, "FR"), 1) is None


@pytest.mark.parametrize(
    ("region", "country", "wanted"),
    [
        ("mea", "FR", "mea"),
        ("MEA", "FR", "mea"),
        ("gone", "FR", "europe"),
        ("gone", "AQ", "us"),
        (None, "FR", "europe"),
        (None, None, "us"),
    ],
)
def test_the_region_is_its_own_else_that_of_its_country_else_the_default(
    region: str | None, country: str | None, wanted: str
) -> None:
    org = {"region": region, "country": country, "licences": None}
    assert regions.region_of(org, DOCUMENT) == wanted


def test_who_has_no_organisation_is_of_the_default_region() -> None:
    assert regions.region_of(None, DOCUMENT) == "us"
    assert regions.region_of(None, {"regions": REGIONS}) is None
    assert regions.region_of({"region": "north", "country": "FR"}, {}) == "north"


@pytest.mark.parametrize(("region", "least"), LARGE_ACCOUNTS.items())
def test_z41_an_account_is_large_from_the_very_number_of_its_region_on(region: str, least: int) -> None:
    for licences, large in ((0, False), (least - 1, False), (least, True), (least + 1, True), (None, False)):
        org = {"region": region, "country": None, "licences": licences}
        assert regions.large_account(org, DOCUMENT) is large
        assert (
            regions.large_account({**org, "region": region.upper()}, {"large_accounts": LARGE_ACCOUNTS})
            is large
        )


def test_z42_europe_is_large_at_sixty_and_by_the_country_too() -> None:
    for licences, large in ((59, False), (60, True)):
        assert (
            regions.large_account({"region": None, "country": "FR", "licences": licences}, DOCUMENT) is large
        )


def test_no_account_is_large_without_a_threshold() -> None:
    org = {"region": "europe", "country": "FR", "licences": 1_000_000}
    assert not regions.large_account(org, {"regions": REGIONS})
    assert not regions.large_account(org, {})
    assert not regions.large_account(None, DOCUMENT)
    assert not regions.large_account(
        {**org, "region": None, "country": None}, {"large_accounts": LARGE_ACCOUNTS}
    )


@pytest.mark.parametrize(
    ("document", "top"),
    [({}, 4), (DOCUMENT, 4), (one({"1": [], "7": []}), 7), (one({}), 4), (one({"2": []}), 2)],
)
def test_the_ladder_ends_where_the_highest_of_all_regions_does(document: dict[str, Any], top: int) -> None:
    assert regions.top(document) == top


def test_the_whole_ladder_of_a_place() -> None:
    assert [level for level, _ in regions.ladder(DOCUMENT, Place(None, "AE"))] == [1, 2, 3, 4]
    assert regions.ladder({}, Place("mea", "AE")) == []
    assert regions.ladder(one({"1": []}), Place("all")) == []


def escalated(org: int | None, level: int, **document: Any) -> dict[str, Any]:
    """The data of the event of a plan's level that tells the assignee and the region."""
    does = {"level": str(level), "clock": "resolution", "at": "50%", "notify": ["assignee", "region"]}
    known = gold(escalation=[does])
    life = Life(Policy(1, known.at, {**known.document, **document}, "2026a"), org=org)
    life.pass_time("2026-03-02T12:00:00Z")
    (event,) = [event for event in life.log if event.type == "escalated"]
    return {key: value for key, value in event.data.items() if key not in ("at", "notify")}


def test_a_level_that_tells_the_region_keeps_whom() -> None:
    """The organisations of these tests are in France."""
    assert escalated(7, 4, **DOCUMENT) == {
        "region": "europe",
        "contact_level": 4,
        "contacts": [{"name": "l4.france", "address": "l4.france@desk.example"}],
        "chosen_by": "country",
    }
    assert escalated(None, 5, **DOCUMENT) == {
        "region": "us",
        "contact_level": 3,
        "contacts": [{"name": "l3", "address": "l3@desk.example"}],
        "chosen_by": "default",
        "because": "level 5 of us has no contact",
    }


def test_where_nobody_of_the_region_can_be_told_the_event_says_so() -> None:
    assert escalated(7, 1, regions={"mea": {"levels": {"1": [contact("x")]}}}) == {"nobody": ["region"]}
    assert escalated(7, 1) == {"nobody": ["region"]}
