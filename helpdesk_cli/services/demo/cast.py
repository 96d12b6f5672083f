"""Who appears in the demo: two teams of five agents, and customers on all four plans."""

from __future__ import annotations

from typing import NamedTuple

from helpdesk_cli.services.demo.arabic import ARABIC
from helpdesk_cli.services.demo.english import ENGLISH
from helpdesk_cli.services.demo.french import FRENCH

LANGUAGES = {"ar": ARABIC, "en": ENGLISH, "fr": FRENCH}


class Agent(NamedTuple):
    """A person of support; `speaks` are keys of LANGUAGES."""

    login: str
    name: str
    team: str
    timezone: str
    speaks: tuple[str, ...]


class Customer(NamedTuple):
    """An organisation and its people as (local part of the address, name, role); `org` None: of none.

    `share`: how many of twenty tickets are its.
    """

    org: str | None
    plan: str
    language: str
    domains: tuple[str, ...]
    people: tuple[tuple[str, str | None, str], ...]
    share: int
    region: str | None = None
    tier: str | None = None
    licences: int | None = None
    manager: str | None = None
    vip: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of its people."""
        return tuple(f"{local}@{self.domains[0]}" for local, _name, _role in self.people)


# team -> the login of its lead
TEAMS = {"frontline": "amina", "engineering": "nora"}
DOMAIN = "desk.example"

AGENTS = (
    Agent("amina", "Amina Saleh", "frontline", "Asia/Riyadh", ("ar", "en")),
    Agent("lucas", "Lucas Moreau", "frontline", "Europe/Paris", ("fr", "en")),
    Agent("nora", "Nora Quinn", "engineering", "Europe/London", ("en", "fr")),
    Agent("farid", "Farid Rahimi", "engineering", "Asia/Tehran", ("ar", "en")),
    Agent("tomas", "Tomas Vega", "engineering", "America/New_York", ("en",)),
)

CUSTOMERS = (
    Customer(
        "Meridian Bank", "enterprise", "en", ("meridian-bank.example",),
        (("sarah.cole", "Sarah Cole", "main"), ("james.okafor", "James Okafor", "sub")),
        3, "EMEA", "gold", 400, "nora", vip=True,
    ),
    Customer(
        "Al Noor Hospital", "enterprise", "ar", ("alnoor-hospital.example",),
        (("layla.haddad", "ليلى حداد", "main"), ("yusuf.mansour", "يوسف منصور", "sub")),
        3, "Gulf", "gold", 250, "amina", vip=True,
    ),
    Customer(
        "Harbour Foods", "advanced", "en", ("harbour-foods.example", "harbourfoods.example"),
        (("ben.archer", "Ben Archer", "main"), ("warehouse", None, "sub")),
        3, "EMEA", "silver", 120, "nora",
    ),
    Customer(
        "Atelier Roux", "advanced", "fr", ("atelier-roux.example",),
        (("claire.roux", "Claire Roux", "main"), ("hugo.petit", "Hugo Petit", "sub")),
        3, "EMEA", "silver", 60, "lucas",
    ),
    Customer(
        "دار الحكمة", "medium", "ar", ("dar-alhikma.example",),
        (("salma.aziz", "سلمى عزيز", "main"),),
        2, "Gulf", None, 35, "amina",
    ),
    Customer(
        "Lumière Énergie", "medium", "fr", ("lumiere-energie.example",),
        (("marc.dubois", "Marc Dubois", "main"), ("accueil", None, "sub")),
        2, "EMEA", None, 40, "lucas",
    ),
    Customer("Corner Books", "basic", "en", ("corner-books.example",), (("ruth", "Ruth Bell", "main"),), 2),
    Customer("Sahara Travel", "basic", "ar", ("sahara-travel.example",), (("omar", "عمر فاضل", "main"),), 1),
    Customer(None, "basic", "en", ("postbox.example",), (("walter.lind", None, "main"),), 1),
)  # fmt: skip

STRANGER = "offers@best-rank.example"


def agents_for(category: str, language: str) -> list[str]:
    """The logins of those whose work it is and who speak the customer's language."""
    team = team_for(category)
    return [agent.login for agent in AGENTS if agent.team == team and language in agent.speaks]


def team_for(category: str) -> str:
    """Engineering has what is technical, the front line everything else."""
    return "engineering" if category == "technical" else "frontline"
