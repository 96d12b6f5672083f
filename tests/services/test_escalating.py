"""Who owns an escalation that names nobody."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_cli.services import (
    conversation,
    escalating,
    lifecycle,
    notices,
    orgs,
    people,
    presence,
    retirement,
    ticket_lists,
    tickets,
)
from helpdesk_cli.services.app import App
from tests.lives import START, Desk

if TYPE_CHECKING:
    from pathlib import Path

SARA = "sara@acme.example"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Agents ann, bob, carl, dora, in this order; carl leads network, dora phones; bob is in phones; ann
    manages Acme; ticket 1 is Acme's."""
    desk = Desk(tmp_path)
    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        for login in ("carl", "dora"):
            people.create_agent(app, login, f"{login}@desk.example", {})
        people.create_team(app, "network", "carl")
        people.create_team(app, "phones", "dora")
        people.edit_agent(app, "bob", {"team": "phones"})
        orgs.create_org(app, "Acme", {"account_manager": "ann"}, ["acme.example"])
        tickets.create(app, subject="s", sender=SARA, body="b")
    return desk


def do(desk: Desk, use_case: Any, *args: Any, who: str = "bob", **given: Any) -> Any:
    return desk.at(START, use_case, *args, who=who, **given)


def owner(desk: Desk, *, customer: bool = False, who: str = "bob") -> str:
    """Who owns the escalation of ticket 1."""
    given = {"sender": SARA} if customer else {}
    record = do(desk, escalating.escalate, 1, reason="r", impact="i", who=who, **given)
    assert desk.problems(START) == []
    return str(record["escalation"]["owner"])


def test_who_asks_where_the_ticket_is_of_no_team(desk: Desk) -> None:
    assert owner(desk) == "bob"


@pytest.mark.parametrize("customer", [False, True])
def test_who_leads_its_team(desk: Desk, customer: bool) -> None:
    do(desk, lifecycle.assign, 1, to="bob", team="network")
    assert owner(desk, customer=customer) == "carl"


@pytest.mark.parametrize("customer", [False, True])
def test_who_leads_the_team_of_its_assignee(desk: Desk, customer: bool) -> None:
    do(desk, lifecycle.assign, 1, to="bob")
    assert owner(desk, customer=customer, who="ann") == "dora"


def test_for_a_customer_who_manages_the_account(desk: Desk) -> None:
    do(desk, lifecycle.assign, 1, to="carl")
    assert owner(desk, customer=True) == "ann"


def test_else_the_assignee_else_who_leads_any_team_else_anybody(desk: Desk) -> None:
    do(desk, orgs.edit_org, "Acme", {"account_manager": None})
    assert owner(desk, customer=True) == "carl"
    do(desk, escalating.give, 1, "ann", who="ann")
    do(desk, people.edit_team, "network", lead=None)
    do(desk, people.edit_team, "phones", lead=None)
    assert owner(desk, customer=True) == "ann"  # who owns it goes on
    do(desk, tickets.create, subject="other", sender=SARA, body="b")
    record = do(desk, escalating.escalate, 2, reason="r", impact="i", sender=SARA)
    assert record["escalation"]["owner"] == "ann"
    do(desk, tickets.create, subject="third", sender=SARA, body="b")
    do(desk, lifecycle.assign, 3, to="carl")
    record = do(desk, escalating.escalate, 3, reason="r", impact="i", sender=SARA)
    assert record["escalation"]["owner"] == "carl"


def test_rather_somebody_who_is_there_and_never_one_who_is_retired(desk: Desk) -> None:
    do(desk, lifecycle.assign, 1, team="network")
    do(desk, presence.set_away, "carl", away=True)
    assert owner(desk) == "bob"
    do(desk, escalating.give, 1, "carl")
    assert owner(desk) == "carl"  # was given it, so it stays
    do(desk, presence.set_away, "carl", away=False)
    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        retirement.retire_agent(app, "carl")
    assert owner(desk) == "bob"


def test_who_retires_hands_its_escalations_on_or_is_said_to_own_them(desk: Desk) -> None:
    """Also those of tickets that are somebody else's; not those that are over."""
    for _ in range(3):
        do(desk, tickets.create, subject="other", sender=SARA, body="b")
    for ticket in (1, 2, 3):
        do(desk, escalating.escalate, ticket, reason="r", owner="carl")
    do(desk, escalating.escalate, 4, reason="r", owner="dora")
    do(desk, lifecycle.resolve, 3)

    def owners() -> list[str]:
        return [do(desk, ticket_lists.show, n)["escalation"]["owner"] for n in (1, 2, 3, 4)]

    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        retirement.retire_agent(app, "carl")
        said = "carl still owns the escalation of HD-1, HD-2: `helpdesk ticket escalate ID --owner AGENT`"
        assert said in app.announcements
    assert owners() == ["carl", "carl", "carl", "dora"]
    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        retirement.retire_agent(app, "carl", "bob")
        assert not any("escalation of" in line for line in app.announcements)
    assert owners() == ["bob", "bob", "carl", "dora"]
    assert desk.problems(START) == []
    told = do(desk, lambda app: [*notices.list_notices(app, kinds=("escalation",))[0]])
    assert [each["to"]["address"] for each in told[-4:]] == [SARA, "bob@desk.example"] * 2


def test_what_time_closes_is_no_escalation_of_who_retires(desk: Desk) -> None:
    do(desk, escalating.escalate, 1, reason="r", owner="carl")
    do(desk, conversation.reply_as_agent, 1, body="Is it well?")
    late = START + timedelta(days=9)
    with closing(App(desk.path, actor="ann", now=late.isoformat())) as app:
        retirement.retire_agent(app, "carl", "bob")
        record = ticket_lists.show(app, 1)
    assert (record["status"], record["escalation"]["owner"]) == ("closed", "carl")
    assert desk.problems(late) == []


def test_whom_everybody_is_away_from_is_still_owned(desk: Desk) -> None:
    for login in ("ann", "bob", "carl", "dora"):
        do(desk, presence.set_away, login, away=True)
    assert owner(desk) == "bob"
