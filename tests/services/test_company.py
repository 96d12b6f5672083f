"""Where an organisation is, what it belongs to, until when; who is told of its tickets; who is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import (
    bulk,
    events,
    lifecycle,
    notices,
    orgs,
    people,
    presence,
    retirement,
    tickets,
)
from helpdesk_cli.services.app import App

NOW = "2026-03-01T09:00:00Z"
LATER = "2026-03-01T12:00:00Z"
SARA, BOSS, OMAR, ADMIN = (f"{name}@acme.example" for name in ("sara", "boss", "omar", "admin"))
Make = Callable[..., App]


def refused(code: str, exit_code: int, act: Callable[..., Any], *given: Any, **more: Any) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as caught:
        act(*given, **more)
    assert (caught.value.code, caught.value.exit_code) == (code, exit_code)
    return caught.value


def names(found: tuple[Iterator[dict[str, Any]], Any], key: str) -> list[str]:
    return [row[key] for row in found[0]]


def opened(app: App, sender: str, **more: Any) -> int:
    return int(tickets.create(app, subject="x", sender=sender, body="b", **more)["id"])


def told(app: App, *ids: int) -> list[tuple[str, str]]:
    rows = [row for id_ in ids for row in notices.list_notices(app, ticket=id_)[0]]
    return [(row["to"]["address"], row["to"]["role"]) for row in rows if row["kind"] == "confirmation"]


# -- organisations ---------------------------------------------------------------------------------


def test_where_an_organisation_is_and_what_it_belongs_to(app: App) -> None:
    """Z33 to Z45."""
    people.create_agent(app, "ann", "ann@desk.example", {})
    orgs.create_org(app, "Globex", {})
    fields: orgs.OrgFields = {
        "country": "fr",
        "area": " Ile  de France ",
        "parent": "GLOBEX",
        "contract_until": "2026-12-31",
        "success_manager": "ANN",
    }
    org = orgs.create_org(app, "Globex France", fields)
    kept = {
        "country": "FR",
        "area": "Ile de France",
        "parent": "Globex",
        "contract_until": "2026-12-31",
        "success_manager": "ann",
    }
    assert {key: org[key] for key in kept} == kept
    assert org["account_manager"] is None
    assert orgs.edit_org(app, "Globex France", {"vip": True}) == {**org, "vip": True}
    emptied: orgs.OrgFields = {
        "country": None, "area": None, "parent": None, "contract_until": None, "success_manager": None,
    }  # fmt: skip
    edited = orgs.edit_org(app, "Globex France", emptied)
    assert {key: edited[key] for key in emptied} == emptied


def test_no_organisation_is_above_itself(app: App) -> None:
    for name in ("A", "B", "C"):
        orgs.create_org(app, name, {})
    orgs.edit_org(app, "B", {"parent": "A"})
    orgs.edit_org(app, "C", {"parent": "B"})
    same = refused("parent_circle", 4, orgs.edit_org, app, "A", {"parent": "a"})
    assert same.message == "A cannot be the parent of A: it is the same one"
    circle = refused("parent_circle", 4, orgs.edit_org, app, "A", {"parent": "C", "vip": True})
    assert circle.message == "C cannot be the parent of A: A is above it"
    assert (orgs.show_org(app, "A")["parent"], orgs.show_org(app, "A")["vip"]) == (None, False)
    orgs.edit_org(app, "C", {"parent": "A"})
    orgs.edit_org(app, "C", {"parent": "A"})
    assert orgs.edit_org(app, "B", {"parent": "C"})["parent"] == "C"


def test_regions_and_tiers_are_those_that_the_policy_declares(app: App) -> None:
    orgs.create_org(app, "Old", {"region": "anywhere", "tier": "any"})
    document = app.policies.latest().document
    more = {"regions": {"europe": {}, "apac": {}}, "tiers": {"advanced": {}, "premium": {}}}
    with app.write() as now:
        app.policies.add({**document, **more}, at=now, source=None, actor="ann")
    org = orgs.create_org(app, "Acme", {"region": "EUROPE", "tier": "Premium"})
    assert (org["region"], org["tier"]) == ("europe", "premium")
    assert refused("unknown_region", 3, orgs.create_org, app, "B", {"region": "europ"}).hint == (
        "did you mean 'europe'?"
    )
    refused("unknown_tier", 3, orgs.edit_org, app, "Acme", {"tier": "gold"})
    refused("unknown_region", 3, orgs.list_orgs, app, regions=["mea"])
    assert names(orgs.list_orgs(app, regions=["Europe"]), "name") == ["Acme"]
    # What an organisation has stays its own until it is changed.
    assert orgs.edit_org(app, "Old", {"licences": 1})["region"] == "anywhere"


def test_lists_by_country_region_and_tier(app: App) -> None:
    orgs.create_org(app, "A", {"country": "FR", "tier": "gold", "region": "emea"})
    orgs.create_org(app, "B", {"country": "MC", "tier": "gold"})
    orgs.create_org(app, "C", {"plan": "medium"})

    def listed(**wanted: Any) -> list[str]:
        return names(orgs.list_orgs(app, **wanted), "name")

    assert listed(countries=["fr", "mc"]) == ["A", "B"]
    assert listed(countries=["none"]) == ["C"]
    assert listed(countries=["fr", "None"]) == ["A", "C"]
    assert listed(tiers=["gold"], regions=["none"]) == ["B"]
    assert listed(tiers=["gold"], plans=["medium"]) == []
    assert listed(sort="-country") == ["C", "B", "A"]
    rows, left = orgs.list_orgs(app, tiers=["gold"], limit=1)
    assert ([row["name"] for row in rows], left) == (["A"], 1)
    refused("bad_country", 2, listed, countries=["France"])


# -- who is told of a new ticket -------------------------------------------------------------------


def test_the_main_contact_and_who_is_authorised_are_told_of_a_new_ticket(app: App) -> None:
    """H4."""
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    orgs.create_org(app, "Globex", {})
    assert people.create_contact(app, BOSS, {"role": "main"})["notify"] is True
    assert people.create_contact(app, OMAR, {"role": "sub", "notify": True})["notify"] is True
    assert people.create_contact(app, ADMIN, {"role": "admin"})["notify"] is False
    people.create_contact(app, "other@globex.example", {"org": "Globex", "role": "main"})
    one = opened(app, SARA)
    assert told(app, one) == [(SARA, "requester"), (BOSS, "contact"), (OMAR, "contact")]
    assert told(app, opened(app, BOSS)) == [(BOSS, "requester"), (OMAR, "contact")]
    people.edit_contact(app, OMAR, {"notify": False})
    assert told(app, opened(app, SARA)) == [(SARA, "requester"), (BOSS, "contact")]
    # Who asks is told in any case.
    assert told(app, opened(app, OMAR, on_behalf=True)) == [(OMAR, "requester"), (BOSS, "contact")]
    assert told(app, opened(app, "nobody@else.example")) == [("nobody@else.example", "requester")]
    assert told(app, one) == [(SARA, "requester"), (BOSS, "contact"), (OMAR, "contact")]


def test_nobody_is_told_who_was_not_named_for_it(app: App) -> None:
    """A main contact by default, such as whoever wrote first, is none that was named."""
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    first = opened(app, SARA)
    assert people.create_contact(app, OMAR, {}) == people.show_contact(app, OMAR)
    assert [people.show_contact(app, email)["role"] for email in (SARA, OMAR)] == ["main", "main"]
    assert told(app, first, opened(app, OMAR)) == [(SARA, "requester"), (OMAR, "requester")]
    assert people.create_contact(app, BOSS, {"role": "main", "notify": False})["notify"] is False
    assert people.edit_contact(app, BOSS, {"role": "sub"})["notify"] is False
    assert people.edit_contact(app, BOSS, {"role": "main"})["notify"] is False


def test_of_tickets_from_lines_too(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    people.create_contact(app, BOSS, {"role": "main"})
    line = f'{{"subject": "s", "from": "{SARA}", "body": "b"}}\n'.encode()
    results = list(bulk.create_many(app, [line, line], lambda number, error: None))
    ids = [result["id"] for result in results]
    assert told(app, *ids) == [(SARA, "requester"), (BOSS, "contact")] * 2


def test_contacts_by_role_and_their_language(app: App) -> None:
    people.create_contact(app, SARA, {"language": "fr-CA"})
    people.create_contact(app, ADMIN, {"role": "admin"})
    people.create_contact(app, OMAR, {"role": "sub", "language": "ar"})
    assert people.show_contact(app, SARA)["language"] == "fr"
    assert names(people.list_contacts(app, roles=["admin", "sub"]), "email") == [ADMIN, OMAR]
    assert names(people.list_contacts(app, roles=["sub"], org_names=["none"]), "email") == [OMAR]
    assert names(people.list_contacts(app, sort="language"), "email") == [OMAR, SARA, ADMIN]
    assert people.edit_contact(app, SARA, {"language": None})["language"] is None
    refused("bad_language", 2, people.edit_contact, app, SARA, {"language": "Frenchish"})
    refused("bad_language", 2, people.edit_contact, app, SARA, {"language": ""})


# -- agents ----------------------------------------------------------------------------------------


def test_skills_of_agents(app: App) -> None:
    """M5."""
    ann = people.create_agent(app, "ann", "a@desk.example", {"skills": ["Network", "arabic", "network"]})
    assert ann["skills"] == ["arabic", "network"]
    assert people.create_agent(app, "bob", "b@desk.example", {"skills": ["100%_\\ up"]})["skills"] == [
        "100%_\\ up"
    ]
    people.create_agent(app, "eve", "e@desk.example", {})

    def who(*skills: str) -> list[str]:
        return names(people.list_agents(app, skills=skills), "login")

    assert (who("NETWORK"), who("network", "arabic"), who("net"), who("%")) == (["ann"], ["ann"], [], [])
    assert (who("100%_\\ up"), who("100%x\\ up"), who("arabic", "100%_\\ up")) == (["bob"], [], [])
    assert people.edit_agent(app, "ann", {"name": "Ann"})["skills"] == ["arabic", "network"]
    assert people.edit_agent(app, "ann", {"skills": ["front office"]})["skills"] == ["front office"]
    assert people.edit_agent(app, "ann", {"skills": []})["skills"] == []


def test_who_is_away_comes_back(make_app: Make) -> None:
    people.create_agent(make_app(), "ann", "ann@desk.example", {})
    ann, later = make_app(actor="ann"), make_app(actor="ann", now=LATER)
    assert people.show_agent(ann, "ann")["away_since"] is None
    assert presence.set_away(ann, away=True)["away_since"] == NOW
    assert presence.set_away(later, "ANN", away=True)["away_since"] == NOW
    assert names(people.list_agents(ann, away=True), "login") == ["ann"]
    # An agent all the same.
    id_ = opened(later, SARA)
    assert lifecycle.take(later, id_)["assignee"] == "ann"
    assert later.announcements == []
    assert presence.set_away(later, away=False)["away_since"] is None
    assert presence.set_away(later, away=False)["away_since"] is None
    assert names(people.list_agents(ann, away=True), "login") == []
    refused("unknown_agent", 3, presence.set_away, ann, "nobody", away=True)


def test_who_gives_a_ticket_to_somebody_away_is_told(make_app: Make) -> None:
    desk = make_app()
    for login in ("ann", "bob"):
        people.create_agent(desk, login, f"{login}@desk.example", {})
    one, two = opened(desk, SARA), opened(desk, SARA)
    desk.announcements.clear()
    assert lifecycle.assign(desk, one, to="bob")["assignee"] == "bob"
    assert desk.announcements == []
    presence.set_away(desk, "ann", away=True)
    for id_ in (one, two):
        assert lifecycle.assign(desk, id_, to="ann")["assignee"] == "ann"
    assert desk.announcements == ["ann is away, since 2026-03-01 09:00:00 UTC"]
    desk.announcements.clear()
    lifecycle.assign(desk, one, to="bob")
    retirement.retire_agent(desk, "bob", "ann")
    assert desk.announcements == ["ann is away, since 2026-03-01 09:00:00 UTC"]


def test_who_retires_is_away_no_more(app: App) -> None:
    people.create_agent(app, "ann", "ann@desk.example", {"skills": ["network"]})
    orgs.create_org(app, "Acme", {"success_manager": "ann", "account_manager": "ann"})
    presence.set_away(app, "ann", away=True)
    assert retirement.retire_agent(app, "ann")["away_since"] is None
    assert app.announcements == [
        "ann is still the account manager of Acme: `helpdesk org edit ORG --account-manager AGENT`",
        "ann is still the success manager of Acme: `helpdesk org edit ORG --success-manager AGENT`",
    ]
    refused("retired", 4, presence.set_away, app, "ann", away=True)
    back = people.edit_agent(app, "ann", {}, restore=True)
    assert (back["away_since"], back["skills"]) == (None, ["network"])


# -- the history of a customer ---------------------------------------------------------------------


def test_the_history_is_the_customers_across_tickets(app: App) -> None:
    """M7."""
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    orgs.create_org(app, "Globex, Inc.", {}, ["globex.example"])
    mine, other, globex, nobody = (
        opened(app, sender) for sender in (SARA, OMAR, "x@globex.example", "y@else.example")
    )
    lifecycle.close(app, mine)

    def of(*names_: str, **wanted: Any) -> set[int]:
        found, left = events.list_events(app, orgs=names_, **wanted)
        rows = list(found)
        assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
        assert left() == 0
        return {row["ticket"] for row in rows}

    assert of("acme") == {mine, other}
    assert of("none") == {nobody}
    assert of("Globex, Inc.", "Acme") == of("Globex, Inc.,Acme") == {mine, other, globex}
    assert of(contacts=[SARA]) == {mine}
    assert of(contacts=[SARA, "X@globex.example"]) == {mine, globex}
    assert of("Acme", contacts=["x@globex.example"]) == set()
    assert of("Acme", types=["status_changed"]) == {mine}
    assert of("Acme", ticket=globex) == set()
    rows, left = events.list_events(app, orgs=["Acme"], limit=1)
    assert [row["ticket"] for row in rows] == [mine]
    assert left() == len(list(events.list_events(app, orgs=["Acme"])[0])) - 1
    last = max(row["seq"] for row in events.list_events(app)[0])
    assert of("Acme", after=2) == {mine, other}
    assert of("Acme", after=last) == set()
    refused("unknown_org", 3, events.list_events, app, orgs=["Acne"])
    refused("unknown_contact", 3, events.list_events, app, contacts=["nobody@acme.example"])


def test_a_customers_history_is_followed(make_app: Make) -> None:
    desk, reader = make_app(), make_app()
    orgs.create_org(desk, "Acme", {}, ["acme.example"])
    first = opened(desk, SARA)
    more = iter(["y@else.example", OMAR])

    def pause() -> None:
        opened(desk, next(more))

    stream = events.follow(reader, orgs=["Acme"], pause=pause)
    there = len(list(events.list_events(desk, orgs=["Acme"])[0]))
    seen = [next(stream)["ticket"] for _ in range(there + 1)]
    stream.close()
    assert seen == [first] * there + [first + 2]
