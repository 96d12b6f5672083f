"""How a ticket begins where the policy or another ticket stands in the way (`sla.md 2, 3`)."""

from __future__ import annotations

import pytest

from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import lifecycle, orgs, ticket_lists, tickets
from helpdesk_cli.services.app import App


def opened(app: App, **given: str) -> dict[str, object]:
    return tickets.create(app, subject="s", sender="sara@acme.example", body="b", **given)


def test_a_customer_whose_plan_is_retired_is_served_on_the_default_plan(app: App) -> None:
    orgs.create_org(app, "Acme", {"plan": "enterprise"}, ["acme.example"])
    document = app.policies.latest().document
    plans = {**document["plans"], "enterprise": {**document["plans"]["enterprise"], "retired": True}}
    assert opened(app)["plan"] == "enterprise"
    with app.write() as now:
        app.policies.add({**document, "plans": plans}, at=now, source=None, actor="ann")
    assert opened(app)["plan"] == "basic"
    assert "plan enterprise of Acme is retired: the ticket is on plan basic" in app.announcements
    with pytest.raises(RefusedError) as raised:
        opened(app, plan="enterprise")
    assert raised.value.code == "retired"


def test_an_idempotency_key_has_one_ticket(app: App) -> None:
    first = opened(app, idempotency_key="k")
    assert first["created"]
    assert opened(app, idempotency_key="k") == {**first, "created": False}


def test_an_edit_that_takes_the_promises_away_says_so(app: App) -> None:
    opened(app)
    app.announcements.clear()
    lifecycle.edit(app, 1, category="sales")
    assert app.announcements == []
    lifecycle.edit(app, 1, priority="critical")
    assert app.announcements == ["plan basic does not cover priority critical: no deadlines"]


def test_an_edit_to_what_is_so_already_is_no_edit(app: App) -> None:
    orgs.create_org(app, "Acme", {}, ["acme.example"])
    policy = app.policies.latest()
    ticket = opened(app, category=policy.categories[0], type=policy.types[0])
    before = list(ticket_lists.log(app, 1))
    same = {key: ticket[key] for key in ("priority", "category", "type", "plan")}
    edited = lifecycle.edit(app, 1, org="acme", subject="s", **same)
    assert edited == {key: value for key, value in ticket.items() if key != "created"}
    assert list(ticket_lists.log(app, 1)) == before
    moved = lifecycle.edit(app, 1, org="none")
    assert (moved["org"], moved["version"]) == (None, ticket["version"] + 1)
