"""`helpdesk region`, and what an organisation's record says of its region (Z33-42)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from desk import POLICY, Desk

from tests.regional import DOCUMENT


def policy() -> dict[str, Any]:
    """The desk's policy, its values as texts."""
    return dict(yaml.load(POLICY, yaml.BaseLoader))


def apply(desk: Desk, **sections: object) -> None:
    """Make a policy with these sections the one in force; None takes one out."""
    document = {**policy(), **sections}
    file = desk.path.with_name("other.yaml")
    file.write_text(yaml.safe_dump({key: part for key, part in document.items() if part is not None}))
    assert desk("plan", "apply", str(file)).code == 0


def test_the_regions_are_those_of_the_policy(desk: Desk) -> None:
    europe, asia = desk.json("region", "list")
    assert desk("region", "list", "-f", "ids").out.split() == ["europe", "asia"]
    assert europe == desk.json("region", "show", "EUROPE")
    assert europe["levels"][1:] == [
        {"level": 3, "name": "Head", "address": "head@europe.example", "countries": [], "areas": []},
        {"level": 3, "name": "Paris", "address": "paris@europe.example", "countries": ["FR"], "areas": []},
    ]
    del europe["levels"]
    assert europe == {
        "name": "europe", "default": True, "countries": ["FR", "DE"], "large_account_licences": 60,
    }  # fmt: skip
    assert (asia["default"], asia["large_account_licences"]) == (False, None)
    assert "Paris" in desk("region", "show", "europe").out


def test_resolve_says_who_is_told_at_each_level_and_why(desk: Desk) -> None:
    def told(*words: str) -> list[str]:
        rows = desk.json("region", "resolve", *words)
        return [
            f"{row['level']} {row['name']} {row['chosen_by']} {row['because'] or ''}".strip() for row in rows
        ]

    assert told("fr") == [
        "1 Desk region",
        "2 Paris country level 2 of europe has no contact",
        "3 Paris country",
    ]
    assert told("DE") == ["1 Desk region", "2 Head region level 2 of europe has no contact", "3 Head region"]
    assert told("JP")[2] == "3 Tokyo region level 3 of asia has no contact"
    assert told("US")[0] == "1 Desk default"
    apply(desk, **DOCUMENT)
    assert told("US", "--area", "East")[-1] == "4 l4.east area"
    assert told("US")[-1] == "4 l3 region level 4 of us has no contact for US"
    assert told("IN")[1:3] == ["2 l2.india region", "2 l2.delhi region"]
    lines = desk("region", "resolve", "AE").out.splitlines()
    assert lines[-1].endswith("level 4 of mea has no contact")
    assert desk("region", "resolve", "AE", "-f", "ids").out.split()[-1] == "l3@desk.example"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("resolve", "France"), 2, "bad_country"),
        (("resolve", "XX"), 2, "bad_country"),
        (("resolve",), 2, "missing_parameter"),
        (("show", "europ"), 3, "unknown_region"),
        (("show", "\x1b[31m"), 3, "unknown_region"),
    ],
)
def test_what_is_no_country_and_no_region(desk: Desk, words: tuple[str, ...], code: int, error: str) -> None:
    assert desk.refused("region", *words, code=code)["code"] == error


def test_a_country_that_nobody_serves(desk: Desk) -> None:
    apply(desk, default_region=None, regions={"europe": {"countries": ["FR"], "levels": {1: []}}, "asia": {}})
    assert desk.refused("region", "resolve", "JP", code=3)["code"] == "no_region"
    assert desk.refused("region", "resolve", "FR", code=3)["code"] == "no_contact"
    apply(desk, default_region=None, regions=None, large_accounts=None)
    assert desk.json("region", "list") == []
    error = desk.refused("region", "resolve", "FR", code=3)
    assert (error["code"], "declares no regions" in error["hint"]) == ("no_region", True)
    assert "declares none" in desk.refused("region", "show", "europe", code=3)["hint"]


def test_an_organisation_is_large_by_the_policy_in_force(desk: Desk) -> None:
    """Z41: at the number it is one; Z42: so at sixty in Europe."""
    desk.json("org", "create", "Globex", "--country", "DE", "--licences", "59")

    def stands() -> tuple[str | None, str | None, bool]:
        org = desk.json("org", "show", "Globex")
        assert org in desk.json("org", "list")
        return org["region"], org["effective_region"], org["large_account"]

    assert stands() == (None, "europe", False)
    desk.json("org", "edit", "Globex", "--licences", "60")
    assert stands() == (None, "europe", True)
    desk.json("org", "edit", "Globex", "--region", "ASIA")
    assert stands() == ("asia", "asia", False)
    apply(desk, large_accounts={"asia": 60})
    assert stands() == ("asia", "asia", True)
    desk.json("org", "edit", "Globex", "--region", "none", "--country", "US")
    assert stands() == (None, "europe", False)
    apply(desk, large_accounts=None, default_region=None)
    assert stands() == (None, None, False)


def test_no_list_is_sorted_by_what_the_policy_makes_of_it(desk: Desk) -> None:
    assert desk.refused("org", "list", "--sort", "large_account", code=2)["code"] == "bad_sort"
