"""Use cases of organisations and people, and whom a sender turns out to be (cli.md "Who acts")."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError, UsageError
from helpdesk_cli.services import orgs, people, retirement
from helpdesk_cli.services.app import App

NOW = "2026-03-01T09:00:00Z"


def refused(error: type[HelpdeskError], code: str, act: Any, *given: Any, **more: Any) -> HelpdeskError:
    with pytest.raises(error) as caught:
        act(*given, **more)
    assert caught.value.code == code
    assert caught.value.hint or code == "bad_text"
    return caught.value


def sender(app: App, email: str, org: str | None = None) -> dict[str, Any]:
    with app.write():
        return dict(people.sender(app, email, org))


# -- organisations ---------------------------------------------------------------------------------


def test_a_new_organisation_is_on_the_default_plan(app: App) -> None:
    """K10."""
    org = orgs.create_org(app, " Acme  Ltd ", {}, ["ACME.example", "acme.example"])
    assert {key: org[key] for key in ("id", "name", "plan", "domains", "vip", "licences", "created_at")} == {
        "id": 1,
        "name": "Acme Ltd",
        "plan": "basic",
        "domains": ["acme.example"],
        "vip": False,
        "licences": None,
        "created_at": NOW,
    }
    assert orgs.show_org(app, "ACME ltd") == org


def test_everything_about_an_organisation(app: App) -> None:
    people.create_agent(app, "ann", "ann@desk.example", {})
    fields: orgs.OrgFields = {
        "plan": "enterprise",
        "region": "emea",
        "licences": 60,
        "tier": "gold",
        "account_manager": "ANN",
        "vip": True,
    }
    org = orgs.create_org(app, "Acme", fields)
    assert {key: org[key] for key in fields} == {**fields, "account_manager": "ann"}
    assert orgs.edit_org(app, "acme", {"licences": 70}) == {**org, "licences": 70}
    emptied: orgs.OrgFields = {"region": None, "tier": None, "account_manager": None, "vip": False}
    edited = orgs.edit_org(app, "acme", emptied)
    assert {key: edited[key] for key in emptied} == emptied
    assert (edited["plan"], edited["licences"]) == ("enterprise", 70)


def test_domains_are_added_and_taken_away(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["a.example"])
    org = orgs.edit_org(app, "Acme", {}, add_domains=["b.example", "a.example"], remove_domains=["A.example"])
    assert org["domains"] == ["b.example"]
    refused(RefusedError, "unknown_domain", orgs.edit_org, app, "Acme", {}, remove_domains=["c.example"])
    refused(UsageError, "bad_domain", orgs.edit_org, app, "Acme", {}, add_domains=["not a domain"])


def test_what_no_organisation_may_be(app: App) -> None:
    orgs.create_org(app, "Ünal", {})
    refused(RefusedError, "exists", orgs.create_org, app, "U\u0308NAL", {})
    refused(UsageError, "bad_text", orgs.create_org, app, "a\x1b[2J", {})
    refused(UsageError, "bad_text", orgs.create_org, app, " ", {})
    refused(UsageError, "bad_domain", orgs.create_org, app, "Acme", {}, ["https://acme.example"])
    refused(NotFoundError, "unknown_plan", orgs.create_org, app, "Acme", {"plan": "enterprize"})
    refused(NotFoundError, "unknown_agent", orgs.create_org, app, "Acme", {"account_manager": "nobody"})
    refused(UsageError, "bad_text", orgs.create_org, app, "Acme", {"region": "a\nb"})
    assert [org["name"] for org in orgs.list_orgs(app)[0]] == ["Ünal"]


def test_a_retired_plan_is_for_old_tickets_only(app: App) -> None:
    document = app.policies.latest().document
    plans = {**document["plans"], "medium": {**document["plans"]["medium"], "retired": True}}
    with app.write() as now:
        app.policies.add({**document, "plans": plans}, at=now, source=None, actor="ann")
    refused(RefusedError, "retired", orgs.create_org, app, "Acme", {"plan": "medium"})


def test_an_organisation_that_nobody_knows(app: App) -> None:
    orgs.create_org(app, "Acme", {})
    assert refused(NotFoundError, "unknown_org", orgs.show_org, app, "Acne").hint == "did you mean 'Acme'?"
    assert "org list" in (refused(NotFoundError, "unknown_org", orgs.edit_org, app, "xyz", {}).hint or "")


def test_lists_of_organisations(app: App) -> None:
    for number in range(12):
        orgs.create_org(
            app, f"Org {number:02}", {"plan": "medium" if number % 2 else "basic"}, [f"{number}.example"]
        )
    rows, left = orgs.list_orgs(app, plans=["medium"], limit=4)
    assert [(row["name"], row["domains"]) for row in rows] == [
        (f"Org {number:02}", [f"{number}.example"]) for number in (1, 3, 5, 7)
    ]
    assert left == 2
    rows, left = orgs.list_orgs(app)
    assert (len(list(rows)), left) == (12, 0)
    refused(NotFoundError, "unknown_plan", orgs.list_orgs, app, plans=["gold"])


# -- contacts --------------------------------------------------------------------------------------


def test_contacts(app: App) -> None:
    orgs.create_org(app, "Acme", {})
    contact = people.create_contact(app, "Mona@ACME.example", {"org": "acme", "name": " Mona  Haddad "})
    assert {key: contact[key] for key in ("id", "email", "name", "org", "role", "created_at")} == {
        "id": 1,
        "email": "Mona@acme.example",
        "name": "Mona Haddad",
        "org": "Acme",
        "role": "main",
        "created_at": NOW,
    }
    assert people.show_contact(app, "mona@acme.EXAMPLE") == contact
    changes: people.ContactFields = {"email": "mona@new.example", "role": "sub", "org": None, "name": None}
    edited = people.edit_contact(app, "mona@acme.example", changes)
    assert edited["id"] == contact["id"]
    assert {key: edited[key] for key in changes} == changes
    again = people.edit_contact(app, "mona@new.example", {"email": "MONA@new.example"})
    assert again["email"] == "MONA@new.example"
    assert people.edit_contact(app, "mona@new.example", {"role": "main"}) == {**again, "role": "main"}


def test_a_new_contact_is_of_the_organisation_that_claims_its_domain(app: App) -> None:
    orgs.create_org(app, "Globex", {}, ["globex.example"])
    mona = people.create_contact(app, "mona@globex.example", {})
    assert mona == people.show_contact(app, "mona@globex.example")
    assert mona["org"] == sender(app, "new@globex.example")["org"] == "Globex"
    told = "mona@globex.example is of Globex, which claims the domain; --org none: of none"
    assert app.announcements == [told]
    assert people.create_contact(app, "b@globex.example", {"org": None})["org"] is None
    assert people.create_contact(app, "c@mail.globex.example", {})["org"] is None
    assert app.announcements == [told]


def test_what_no_contact_may_be(app: App) -> None:
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_contact(app, "a@acme.example", {})
    people.create_contact(app, "b@acme.example", {})
    refused(RefusedError, "exists", people.create_contact, app, "A@acme.example", {})
    refused(RefusedError, "exists", people.edit_contact, app, "a@acme.example", {"email": "b@acme.example"})
    refused(RefusedError, "agent_address", people.create_contact, app, "Ann@desk.example", {})
    refused(UsageError, "bad_address", people.create_contact, app, "a\x9b@acme.example", {})
    refused(UsageError, "bad_text", people.create_contact, app, "c@acme.example", {"name": "a\x1b]0;x\x07"})
    refused(NotFoundError, "unknown_org", people.create_contact, app, "c@acme.example", {"org": "Acme"})
    error = refused(NotFoundError, "unknown_contact", people.show_contact, app, "aa@acme.example")
    assert error.hint == "did you mean 'a@acme.example'?"


def test_lists_of_contacts(app: App) -> None:
    orgs.create_org(app, "Acme", {})
    people.create_contact(app, "b@acme.example", {"org": "Acme"})
    people.create_contact(app, "A@acme.example", {"org": "Acme"})
    people.create_contact(app, "c@else.example", {})

    def emails(*names: str, limit: int | None = None) -> tuple[list[str], int]:
        rows, left = people.list_contacts(app, org_names=names, limit=limit)
        return [row["email"] for row in rows], left

    assert emails() == (["A@acme.example", "b@acme.example", "c@else.example"], 0)
    assert emails("acme", limit=1) == (["A@acme.example"], 1)
    assert emails("None") == (["c@else.example"], 0)
    assert emails("none", "Acme", limit=9) == (["A@acme.example", "b@acme.example", "c@else.example"], 0)
    refused(NotFoundError, "unknown_org", emails, "Acne")


# -- agents and teams ------------------------------------------------------------------------------


def test_agents_and_teams(app: App) -> None:
    team = people.create_team(app, "Network")
    assert (team["name"], team["lead"]) == ("Network", None)
    given: people.AgentFields = {"name": "Ann Lee", "team": "network", "timezone": "Europe/Paris"}
    ann = people.create_agent(app, "ann", "ann@desk.example", given)
    assert {key: ann[key] for key in ("login", "email", "name", "team", "timezone", "retired")} == {
        "login": "ann",
        "email": "ann@desk.example",
        "name": "Ann Lee",
        "team": "Network",
        "timezone": "Europe/Paris",
        "retired": False,
    }
    assert team["members"] == []
    assert people.edit_team(app, "network", "ANN")["lead"] == "ann"
    assert people.show_team(app, "NETWORK")["lead"] == "ann"
    assert people.edit_team(app, "network", None)["lead"] is None
    assert people.create_team(app, "Zero")["members"] == []
    people.create_agent(app, "Abe", "abe@desk.example", {"team": "network"})
    people.create_agent(app, "eve", "eve@desk.example", {"team": "network"})
    retirement.retire_agent(app, "eve")
    teams = [(row["name"], row["members"]) for row in people.list_teams(app)[0]]
    assert teams == [("Network", ["Abe", "ann"]), ("Zero", [])]
    assert people.show_team(app, "network")["members"] == ["Abe", "ann"]
    emptied: people.AgentFields = {"name": None, "team": None, "timezone": None}
    edited = people.edit_agent(app, "Ann", {**emptied, "email": "Ann@desk.example"})
    assert {key: edited[key] for key in emptied} == emptied
    assert edited["email"] == "Ann@desk.example"
    assert people.show_agent(app, "ann") == edited


def test_lists_of_agents(app: App) -> None:
    people.create_team(app, "Network")
    people.create_agent(app, "ann", "ann@desk.example", {"team": "Network"})
    assert [row["login"] for row in people.list_agents(app, team_names=["network"])[0]] == ["ann"]
    assert [row["team"] for row in people.list_agents(app, team_names=["none"])[0]] == [None]
    rows, left = people.list_agents(app, limit=1)
    assert [row["login"] for row in rows] == ["ann"]
    assert left == 1


def test_what_no_agent_or_team_may_be(app: App) -> None:
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_agent(app, "bob", "bob@desk.example", {})
    people.create_contact(app, "c@acme.example", {})
    create = people.create_agent
    refused(RefusedError, "exists", create, app, "ANN", "new@desk.example", {})
    refused(RefusedError, "exists", create, app, "eve", "Ann@desk.example", {})
    refused(RefusedError, "exists", people.edit_agent, app, "ann", {"email": "bob@desk.example"})
    refused(RefusedError, "contact_address", create, app, "eve", "C@acme.example", {})
    refused(UsageError, "bad_login", create, app, "a b", "a@desk.example", {})
    refused(UsageError, "bad_address", create, app, "eve", "eve", {})
    refused(UsageError, "unknown_zone", create, app, "eve", "eve@desk.example", {"timezone": "Mars/Olympus"})
    refused(NotFoundError, "unknown_team", create, app, "eve", "eve@desk.example", {"team": "nobody"})
    refused(NotFoundError, "unknown_agent", people.edit_agent, app, "eve", {})
    people.create_team(app, "Network", "ann")
    refused(RefusedError, "exists", people.create_team, app, "NETWORK")
    refused(NotFoundError, "unknown_agent", people.create_team, app, "Desk", "eve")
    refused(NotFoundError, "unknown_team", people.edit_team, app, "Netwerk", "ann")


# -- senders ---------------------------------------------------------------------------------------


def test_a_sender_is_found_by_address(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    orgs.create_org(app, "Globex", {})
    known = people.create_contact(app, "mona@acme.example", {"org": "Globex"})
    assert sender(app, "MONA@acme.example") == known
    assert sender(app, "mona@acme.example", "globex") == known


def test_an_unknown_sender_is_found_by_domain(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    made = sender(app, "new@ACME.example")
    assert (made["email"], made["org"], made["role"]) == ("new@acme.example", "Acme", "main")
    assert sender(app, "New@acme.example") == made
    assert sender(app, "new@mail.acme.example")["org"] is None


def test_a_sender_whom_nobody_knows_is_served_too(app: App) -> None:
    """M4."""
    assert sender(app, "nobody@else.example")["org"] is None


def test_an_unknown_sender_of_a_named_organisation(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    orgs.create_org(app, "Globex", {})
    assert sender(app, "new@acme.example", "Globex")["org"] == "Globex"
    refused(NotFoundError, "unknown_org", sender, app, "x@acme.example", "Globax")


def test_a_domain_that_two_organisations_claim(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    orgs.create_org(app, "Acme East", {}, ["acme.example"])
    told = "acme.example is claimed by Acme too: its unknown senders will be refused"
    assert app.announcements == [told]
    orgs.edit_org(app, "Acme East", {}, add_domains=["acme.example", "east.example"])
    assert app.announcements == [told, told]
    orgs.create_org(app, "Acme West", {}, ["east.example", "acme.example"])
    assert app.announcements[2:] == [
        "east.example is claimed by Acme East too: its unknown senders will be refused",
        "acme.example is claimed by Acme, Acme East too: its unknown senders will be refused",
    ]
    orgs.edit_org(app, "Acme West", {}, remove_domains=["acme.example", "east.example"])
    for create in (sender, lambda app, email: people.create_contact(app, email, {})):
        error = refused(RefusedError, "ambiguous_domain", create, app, "new@acme.example")
        assert error.details == {"candidates": ["Acme", "Acme East"]}
    assert list(people.list_contacts(app)[0]) == []
    assert people.create_contact(app, "old@acme.example", {"org": None})["org"] is None
    assert people.create_contact(app, "mid@acme.example", {"org": "Acme"})["org"] == "Acme"
    assert sender(app, "new@acme.example", "Acme East")["org"] == "Acme East"
    assert sender(app, "new@acme.example")["org"] == "Acme East"


def test_who_wrote_before_the_organisation_was_there_joins_it(app: App) -> None:
    """Of no organisation so far, and at a domain that nobody else claims."""
    orgs.create_org(app, "Globex", {}, ["globex.example"])
    early = ("sara@acme.example", "Ben@acme.example", "x@mail.acme.example", "y@notacme.example")
    for email in early:
        sender(app, email)
    people.create_contact(app, "moved@acme.example", {"org": "Globex"})
    app.announcements.clear()
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    assert app.announcements == ["2 contacts at acme.example without an organisation: now of Acme"]
    found = [sender(app, email)["org"] for email in (*early, "moved@acme.example")]
    assert found == ["Acme", "Acme", None, None, "Globex"]
    people.edit_contact(app, "sara@acme.example", {"org": None})
    assert sender(app, "sara@acme.example")["org"] is None
    orgs.edit_org(app, "Globex", {}, add_domains=["acme.example", "mail.acme.example"])
    assert sender(app, "sara@acme.example")["org"] is None
    assert sender(app, "x@mail.acme.example")["org"] == "Globex"
    assert app.announcements[1:] == [
        "acme.example is claimed by Acme too: its unknown senders will be refused",
        "1 contact at mail.acme.example without an organisation: now of Globex",
    ]


def test_a_domain_stands_for_itself_alone(app: App) -> None:
    assert sender(app, "a@axb.example")["org"] is None
    orgs.create_org(app, "Acme", {}, ["a_b.example"])
    assert sender(app, "a@axb.example")["org"] is None


def test_senders_who_are_refused(app: App) -> None:
    orgs.create_org(app, "Acme", {})
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_contact(app, "a@acme.example", {})
    refused(RefusedError, "agent_address", sender, app, "ANN@desk.example")
    refused(UsageError, "bad_address", sender, app, "ann")
    error = refused(RefusedError, "other_org", sender, app, "a@acme.example", "Acme")
    assert "no organisation" in error.message
    assert "helpdesk contact edit a@acme.example --org 'Acme'" in (error.hint or "")


def test_a_new_plan_for_the_open_tickets_too(app: App) -> None:
    from helpdesk_cli.services import lifecycle, tickets

    orgs.create_org(app, "Acme", {}, ["acme.example"])
    ids = [tickets.create(app, subject="x", sender="a@acme.example", body="b")["id"] for _ in range(2)]
    lifecycle.close(app, ids[1])
    orgs.edit_org(app, "Acme", {"plan": "medium"})
    assert plans_of_tickets(app) == ["basic", "basic"]
    orgs.edit_org(app, "Acme", {}, open_tickets=True)
    assert plans_of_tickets(app) == ["medium", "basic"]


def plans_of_tickets(app: App) -> list[str]:
    return [row["plan"] for row in app.db.query("SELECT plan FROM tickets ORDER BY id")]
