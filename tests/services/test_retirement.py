"""An agent retires: what it can no longer do, what becomes of its tickets, who is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import (
    check,
    conversation,
    events,
    handmade,
    lifecycle,
    orgs,
    people,
    policy,
    retirement,
    sweep,
    ticket_lists,
    tickets,
)
from helpdesk_cli.services.app import App

NOW = "2026-03-01T09:00:00Z"
LATER = "2026-03-01T12:00:00Z"
Make = Callable[..., App]


@pytest.fixture
def desk(app: App) -> App:
    """Agents ann and bob beside the process's user."""
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_agent(app, "bob", "bob@desk.example", {})
    return app


def opened(app: App, to: str | None = "ann", **choices: Any) -> int:
    id_ = int(tickets.create(app, subject="x", sender="sara@acme.example", body="b", **choices)["id"])
    if to is not None:
        lifecycle.assign(app, id_, to=to)
    return id_


def refused(code: str, exit_code: int, act: Callable[..., Any], *given: Any, **more: Any) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as caught:
        act(*given, **more)
    assert (caught.value.code, caught.value.exit_code) == (code, exit_code)
    return caught.value


def assignees(app: App) -> list[str | None]:
    rows, _ = ticket_lists.list_tickets(app, {"status": ["all"]}, sort="id")
    return [row["assignee"] for row in rows]


def test_a_retired_agent_is_listed_no_more_and_keeps_its_name(desk: App, make_app: Make) -> None:
    id_ = opened(desk, to=None)
    conversation.note(make_app(actor="ann"), id_, body="seen")
    record = retirement.retire_agent(desk, "ANN")
    assert record["retired"] is True
    assert people.show_agent(desk, "ann") == record
    root = people.show_agent(desk, "me")["login"]
    listed, left = people.list_agents(desk, limit=1)
    assert ([row["login"] for row in listed], left) == (["bob"], 1)
    assert [row["login"] for row in people.list_agents(desk)[0]] == ["bob", root]
    assert [row["login"] for row in people.list_agents(desk, retired=True)[0]] == ["ann", "bob", root]
    assert [row["actor"] for row in events.list_events(desk, types=("note",))[0]] == ["ann"]
    assert retirement.retire_agent(desk, "ann") == record
    assert desk.announcements == []


def test_what_a_retired_agent_can_no_longer_do(desk: App, make_app: Make) -> None:
    id_ = opened(desk, to=None)
    retirement.retire_agent(desk, "ann")
    error = refused("retired", 4, lambda: make_app(actor="Ann").db)
    assert "--restore" in (error.hint or "")
    refused("retired", 4, lifecycle.assign, desk, id_, to="ann")
    refused("retired", 4, people.create_team, desk, "network", "ann")
    refused("retired", 4, orgs.create_org, desk, "Acme", {"account_manager": "ann"})
    refused("retired", 4, retirement.retire_agent, desk, "bob", "ann")
    refused("unknown_agent", 3, retirement.retire_agent, desk, "eve")
    error = refused("exists", 4, people.create_agent, desk, "ann", "new@desk.example", {})
    assert (error.hint or "").endswith("`helpdesk agent edit ann --restore`")
    error = refused("agent_address", 4, people.create_contact, desk, "ann@desk.example", {})
    assert "agent edit ann --email" in (error.hint or "")
    assert list(ticket_lists.list_tickets(desk, {"assignee": ["ann"]})[0]) == []


def test_the_processs_user_retires(desk: App) -> None:
    user = people.show_agent(desk, "me")["login"]
    id_ = opened(desk, to=None)
    retirement.retire_agent(desk, user)
    assert desk.actor() is None
    error = refused("retired", 4, lifecycle.take, desk, id_)
    assert user in error.message
    assert len(list(ticket_lists.list_tickets(desk, {})[0])) == 1  # reading is for everybody


@pytest.mark.parametrize(
    "act",
    [
        lambda app: handmade.create(app, "priority", "vip", {}),
        lambda app: handmade.retire(app, "category", "sales"),
        lambda app: policy.apply_file(app, _gold(app)),
        lambda app: policy.apply_file(app, _gold(app), dry_run=True),
    ],
)
def test_a_retired_user_leaves_the_policy_alone(desk: App, act: Callable[[App], object]) -> None:
    user = people.show_agent(desk, "me")["login"]
    retirement.retire_agent(desk, user)
    error = refused("retired", 4, act, desk)
    assert f"`helpdesk agent edit {user} --restore`" in (error.hint or "")
    assert desk.policies.versions() == [1]
    refused("retired", 4, people.edit_agent, desk, "me", {}, restore=True)
    people.edit_agent(desk, user, {}, restore=True)
    act(desk)


def _gold(app: App) -> str:
    """The policy in force with one target less, as a file."""
    path = Path(app.db_path).with_name("edited.yaml")
    path.write_text(policy.export(app).replace("low: {first_response: 24h}", "low: none"), encoding="utf-8")
    return str(path)


def test_nobody_is_left(desk: App) -> None:
    for login in ("ann", "bob"):
        retirement.retire_agent(desk, login)
    assert desk.announcements == []
    retirement.retire_agent(desk, "me")
    assert desk.announcements == [
        "nobody is left who acts as support: `helpdesk agent create LOGIN --email E`,"
        " or `helpdesk agent edit LOGIN --restore`"
    ]


def test_a_retirement_is_taken_back(desk: App, make_app: Make) -> None:
    retirement.retire_agent(desk, "ann")
    assert people.edit_agent(desk, "ann", {"name": "Ann"})["retired"] is True
    assert people.edit_agent(desk, "ann", {}, restore=True)["retired"] is False
    assert lifecycle.take(make_app(actor="ann"), opened(desk, to=None))["assignee"] == "ann"


def test_refused_while_it_has_tickets(desk: App) -> None:
    ids = [opened(desk) for _ in range(4)]
    lifecycle.resolve(desk, ids[1])
    lifecycle.close(desk, ids[3])
    error = refused("holds_tickets", 4, retirement.retire_agent, desk, "ann")
    assert error.message == "ann has 3 tickets that are not closed"
    assert error.details == {"tickets": 3}
    assert "--reassign-to" in (error.hint or "")
    assert people.show_agent(desk, "ann")["retired"] is False
    for id_ in ids[:3]:
        lifecycle.close(desk, id_)
    assert retirement.retire_agent(desk, "ann")["retired"] is True
    assert assignees(desk) == ["ann"] * 4


def test_one_ticket_is_one(desk: App) -> None:
    opened(desk)
    error = refused("holds_tickets", 4, retirement.retire_agent, desk, "ann")
    assert error.message == "ann has 1 ticket that is not closed"


def test_its_tickets_go_to_another(desk: App) -> None:
    ids = [opened(desk) for _ in range(4)] + [opened(desk, to="bob")]
    lifecycle.edit(desk, ids[0], status="in_progress")
    lifecycle.resolve(desk, ids[1])
    lifecycle.hold(desk, ids[2])
    lifecycle.close(desk, ids[3])
    before = [row["status"] for row in ticket_lists.list_tickets(desk, {"status": ["all"]}, sort="id")[0]]
    last = max(row["seq"] for row in events.list_events(desk)[0])
    retirement.retire_agent(desk, "ann", "BOB")
    assert assignees(desk) == ["bob", "bob", "bob", "ann", "bob"]
    after = [row["status"] for row in ticket_lists.list_tickets(desk, {"status": ["all"]}, sort="id")[0]]
    assert after == before
    written = list(events.list_events(desk, after=last)[0])
    user = people.show_agent(desk, "me")["login"]
    assert [(row["ticket"], row["type"], row["actor"]) for row in written] == [
        (id_, "assigned", user) for id_ in ids[:3]
    ]
    assert written[0]["data"] == {"assignee": {"before": "ann", "after": "bob"}}
    assert list(check.check(desk)) == []


def test_to_whom_they_cannot_go(desk: App) -> None:
    opened(desk)
    refused("same_agent", 2, retirement.retire_agent, desk, "ann", "Ann")
    refused("unknown_agent", 3, retirement.retire_agent, desk, "ann", "bop")
    assert assignees(desk) == ["ann"]
    user = people.show_agent(desk, "me")["login"]
    retirement.retire_agent(desk, "ann", "me")
    assert assignees(desk) == [user]


def test_all_or_nothing(desk: App, make_app: Make) -> None:
    """Somebody who is no agent cannot hand over tickets: nothing of it is kept."""
    opened(desk)
    with desk.write():
        desk.db.run("UPDATE agents SET login = 'other', login_key = 'other' WHERE id = 1")
    refused("no_agent", 4, retirement.retire_agent, make_app(), "ann", "bob")
    assert (assignees(desk), people.show_agent(desk, "ann")["retired"]) == (["ann"], False)


def test_what_time_has_closed_holds_nobody_back(desk: App, make_app: Make) -> None:
    id_ = opened(desk)
    conversation.reply_as_agent(desk, id_, body="done?")
    later = make_app(now="2026-03-05T09:00:00Z")
    assert retirement.retire_agent(later, "ann")["retired"] is True
    assert "closed" in later.announcements[0]


def test_what_still_names_it_is_told(desk: App) -> None:
    people.create_team(desk, "network", "ann")
    people.create_team(desk, "desk", "bob")
    for number in range(7):
        orgs.create_org(desk, f"Org {number}", {"account_manager": "ann"})
    _escalate(desk, {"notify": ["ann"]})
    retirement.retire_agent(desk, "ann")
    assert desk.announcements == [
        "ann still leads network: `helpdesk team edit TEAM --lead AGENT`",
        "ann is still the account manager of Org 0, Org 1, Org 2, Org 3, Org 4 and 2 more:"
        " `helpdesk org edit ORG --account-manager AGENT`",
        "escalation still names ann in basic: change the policy file, `helpdesk plan export`",
    ]


def _escalate(app: App, what: dict[str, Any]) -> None:
    """Give plan basic a level at the first response's deadline."""
    document = app.policies.latest().document
    level = {"level": 1, "clock": "first_response", "at": "0m", **what}
    targets = {**document["plans"]["basic"]["targets"], "urgent": {"first_response": "1h"}}
    basic = {**document["plans"]["basic"], "calendar": "always", "targets": targets, "escalation": [level]}
    with app.write() as now:
        plans = {**document["plans"], "basic": basic}
        app.policies.add({**document, "plans": plans}, at=now, source=None, actor="ann")


def test_what_was_closed_and_opened_again_is_free(desk: App, make_app: Make) -> None:
    id_ = opened(desk)
    lifecycle.close(desk, id_)
    retirement.retire_agent(desk, "ann")
    conversation.reply_as_customer(desk, id_, body="again", sender="sara@acme.example")
    assert assignees(desk) == ["ann"]
    assert ticket_lists.next_ticket(desk)["id"] == id_
    assert ticket_lists.next_ticket(make_app(actor="bob"), take=True)["assignee"] == "bob"
    other = opened(desk, to="bob")
    refused("assigned", 4, lifecycle.take, desk, other)


def test_it_is_told_nothing_any_more(desk: App, make_app: Make) -> None:
    people.create_team(desk, "network", "bob")
    people.edit_agent(desk, "ann", {"team": "network"})
    _escalate(desk, {"notify": ["assignee", "team", "ann", "team_lead"]})
    id_ = opened(desk, priority="urgent")
    lifecycle.assign(desk, id_, team="network")
    lifecycle.close(desk, id_)
    retirement.retire_agent(desk, "ann")
    conversation.reply_as_customer(desk, id_, body="again", sender="sara@acme.example")
    later = make_app(now=LATER)
    sweep.sweep(later)
    rows = later.db.query("SELECT kind, recipient FROM notices WHERE kind <> 'confirmation' ORDER BY id")
    assert [tuple(row) for row in rows] == [  # type: ignore[arg-type]
        ("warning", "bob@desk.example"),
        ("breach", "bob@desk.example"),
        ("escalation", "bob@desk.example"),
    ]


@pytest.mark.parametrize("swept", [True, False])
def test_an_escalation_goes_by_who_was_there_when_it_was_due(desk: App, make_app: Make, swept: bool) -> None:
    """Whether a sweep came between the deadline and the retirement or not (`sla.md 1`)."""
    _escalate(desk, {"set": {"assignee": "ann"}})
    first = opened(desk, to=None, priority="urgent")
    half_past = make_app(now="2026-03-01T09:30:00Z")
    second = opened(half_past, to=None, priority="urgent")
    retiring = make_app(now="2026-03-01T10:15:00Z")
    if swept:
        sweep.sweep(retiring)
    refused("holds_tickets", 4, retirement.retire_agent, retiring, "ann")
    retirement.retire_agent(retiring, "ann", "bob")
    sweep.sweep(make_app(now=LATER))
    assert assignees(desk) == ["bob", None]
    escalations = {row["ticket"]: row["data"] for row in events.list_events(desk, types=("escalated",))[0]}
    assert escalations[first]["assignee"] == {"before": None, "after": "ann"}
    assert escalations[second]["not_done"] == ["assignee ann is unknown"]
    assert list(check.check(desk)) == []


@pytest.mark.parametrize("swept", [True, False])
def test_whom_a_level_tells_goes_by_who_was_there_when_it_was_due(
    desk: App, make_app: Make, swept: bool
) -> None:
    """As above for `notify`: before ann retires, after it, and around the making of a team."""
    _escalate(desk, {"notify": ["ann", "night", "assignee"]})
    opened(desk, to=None, priority="urgent")
    opened(make_app(now="2026-03-01T09:30:00Z"), to=None, priority="urgent")
    opened(make_app(now="2026-03-01T10:00:00Z"), to=None, priority="urgent")
    for now, change in (
        ("2026-03-01T10:15:00Z", lambda app: retirement.retire_agent(app, "ann")),
        ("2026-03-01T10:45:00Z", lambda app: people.create_team(app, "night")),
        (LATER, sweep.sweep),
    ):
        if swept:
            sweep.sweep(make_app(now=now))
        change(make_app(now=now))
    escalations = events.list_events(desk, types=("escalated",))[0]
    assert [(row["ticket"], row["data"].get("nobody")) for row in escalations] == [
        (1, ["night"]), (2, ["ann", "night"]), (3, ["ann"]),
    ]  # fmt: skip
    assert list(check.check(desk)) == []


def test_a_new_agent_gets_nothing_that_was_due_before(desk: App, make_app: Make) -> None:
    _escalate(desk, {"set": {"assignee": "eve", "team": "night"}})
    opened(desk, to=None, priority="urgent")
    later = make_app(now=LATER)
    people.create_agent(later, "eve", "eve@desk.example", {})
    people.create_team(later, "night")
    sweep.sweep(later)
    assert assignees(desk) == [None]
    (escalated,) = events.list_events(desk, types=("escalated",))[0]
    assert escalated["data"]["not_done"] == ["assignee eve is unknown", "team night is unknown"]


def test_a_level_names_an_agent_as_the_log_does(desk: App, make_app: Make) -> None:
    """A name in other letters would stand on the event and be nobody in the ticket's row."""
    _escalate(desk, {"set": {"assignee": "Ann"}})
    opened(desk, to=None, priority="urgent")
    sweep.sweep(make_app(now=LATER))
    assert assignees(desk) == [None]
    assert list(check.check(desk)) == []
