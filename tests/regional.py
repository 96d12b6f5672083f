"""The regions of Z33-40 and the large accounts of Z41 as a policy has them, with made-up contacts."""

from __future__ import annotations

from typing import Any

BENELUX_AND_NORDICS = ["NL", "BE", "LU", "NO", "DK", "IS", "FI", "SE"]
ITALY_AND_NEIGHBOURS = ["IT", "SM", "VA", "HR", "BA", "AL", "ME", "XK", "MK", "RS", "RO", "MD"]
IBERIA, CENTRAL = ["ES", "AD", "PT"], ["DE", "AT", "CH"]
REST_OF_EUROPE = [
    "IE", "LV", "LT", "EE", "PL", "CZ", "SK", "HU", "TR", "CY", "GR", "SI", "RU", "BY", "UA", "GE", "AZ",
    "AM", "MT", "BG", "LI",
]  # fmt: skip


def contact(name: str, **where: list[str]) -> dict[str, Any]:
    """A contact `NAME <NAME@desk.example>`, for some countries or areas only."""
    return {"name": name, "email": f"{name}@desk.example", **where}


def _levels(name: str, **others: list[dict[str, Any]]) -> dict[str, Any]:
    """Four levels with a contact each, which `others` (`l2=`) replace; level 3 is one for the world."""
    levels = {str(n): [contact("l3" if n == 3 else f"l{n}.{name}")] for n in (1, 2, 3, 4)}
    return levels | {key.removeprefix("l"): contacts for key, contacts in others.items()}


REGIONS: dict[str, Any] = {
    "anz": {"countries": ["AU", "NZ"], "levels": _levels("anz")},
    "apac": {
        "countries": ["SG", "MY", "JP"],
        "levels": _levels(
            "apac",
            l4=[contact("l4.apac"), *(contact(f"l4.{name}", countries=["JP"]) for name in ("japan", "jp2"))],
        ),
    },
    "india": {"countries": ["IN"], "levels": _levels("india", l2=[contact("l2.india"), contact("l2.delhi")])},
    "mea": {
        "countries": ["AE", "SA", "EG", "ZA"],
        "levels": _levels("mea", l2=[contact("l2.mea"), contact("l2.africa")], l4=[]),
    },
    "europe": {
        "countries": [
            "GB", *BENELUX_AND_NORDICS, "FR", "MC", *ITALY_AND_NEIGHBOURS, *IBERIA, *CENTRAL, *REST_OF_EUROPE
        ],
        "levels": _levels(
            "europe",
            l2=[contact("l2.uk", countries=["GB"]), contact("l2.europe")],
            l3=[contact("l3"), contact("l3.senior")],
            l4=[
                contact("l4.uk", countries=["GB"]),
                contact("l4.benelux", countries=BENELUX_AND_NORDICS),
                contact("l4.france", countries=["FR", "MC"]),
                contact("l4.italy", countries=ITALY_AND_NEIGHBOURS),
                contact("l4.iberia", countries=IBERIA),
                contact("l4.central", countries=CENTRAL),
                contact("l4.rest", countries=REST_OF_EUROPE),
            ],
        ),
    },
    "us": {
        "countries": ["US"],
        "levels": _levels(
            "us",
            l2=[contact("l2.americas"), contact("l2.us")],
            l4=[contact(f"l4.{area}", areas=[area]) for area in ("east", "west", "central")],
        ),
    },
    "canada": {
        "countries": ["CA"],
        "levels": _levels("canada", l2=[contact("l2.americas"), contact("l2.canada")]),
    },
    "latam": {
        "countries": ["MX", "AR", "CL"],
        "levels": _levels("latam", l2=[contact("l2.americas"), contact("l2.latam")]),
    },
    "brazil": {
        "countries": ["BR"],
        "levels": _levels("brazil", l2=[contact("l2.americas"), contact("l2.brazil")]),
    },
}  # fmt: skip
LARGE_ACCOUNTS = {
    "anz": 50, "apac": 50, "india": 100, "mea": 60, "europe": 60, "us": 70, "latam": 70, "canada": 50,
    "brazil": 50,
}  # fmt: skip
DOCUMENT: dict[str, Any] = {"regions": REGIONS, "large_accounts": LARGE_ACCOUNTS, "default_region": "us"}
