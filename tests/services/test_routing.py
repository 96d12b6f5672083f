"""Which team and agent a ticket goes to, when it is made and when an edit leads to another rule."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_cli.services import conversation, lifecycle, orgs, people, presence, routing, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.bulk import create_many
from tests.lives import START, Desk

if TYPE_CHECKING:
    from pathlib import Path

SARA = "sara@acme.example"
ROUTES = [
    {
        "name": "urgent",
        "when": {"priority": ["critical", "high"]},
        "team": "phones",
        "assign": "least_loaded",
    },
    {"name": "words", "when": {"tag": "fr"}, "team": "phones", "assign": "round_robin", "skill": "french"},
    {"name": "turns", "when": {"tag": "turn"}, "team": "network", "assign": "round_robin"},
    {"name": "queue", "when": {"org": "acme", "tag": "queue"}, "team": "network"},
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """carl, dora, eve of team network, fred of phones, who speaks French; sara is of Acme."""
    desk = Desk(tmp_path)
    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        people.create_team(app, "Network", "ann")
        people.create_team(app, "phones", "ann")
        for login in ("carl", "dora", "eve"):
            people.create_agent(app, login, f"{login}@desk.example", {"team": "network"})
        people.create_agent(app, "fred", "fred@desk.example", {"team": "phones", "skills": ["French"]})
        orgs.create_org(app, "Acme", {}, ["acme.example"])
        document = {**app.policies.latest().document, "routing": ROUTES}
        with app.write() as now:
            app.policies.add(document, at=now, source=None, actor="ann")
    return desk


def do(desk: Desk, use_case: Any, *args: Any, who: str = "ann", **given: Any) -> Any:
    return desk.at(START, use_case, *args, who=who, **given)


def made(desk: Desk, *tags: str, **given: Any) -> tuple[str | None, str | None]:
    record = do(desk, tickets.create, subject="s", sender=SARA, body="b", tags=tags, **given)
    assert desk.problems(START) == []
    return record["team"], record["assignee"]


def test_turns_go_round_and_pass_over_who_is_away(desk: Desk) -> None:
    assert [made(desk, "turn")[1] for _ in range(4)] == ["carl", "dora", "eve", "carl"]
    do(desk, presence.set_away, "dora", away=True)
    assert [made(desk, "turn")[1] for _ in range(2)] == ["eve", "carl"]
    do(desk, presence.set_away, "dora", away=False)
    assert made(desk, "turn") == ("Network", "dora")


def test_nobody_free_leaves_it_to_the_team_and_says_so(desk: Desk) -> None:
    do(desk, presence.set_away, "fred", away=True)
    assert made(desk, "fr") == ("phones", None)
    created = do(desk, routing.explain, 1)
    assert (created["routed_by"], created["rule"]) == ("words", "words")
    assert [(each["agent"], each["next"]) for each in created["candidates"]] == [("fred", False)]


def test_the_least_loaded_gets_it_and_the_first_of_equals(desk: Desk) -> None:
    do(desk, people.create_agent, "gil", "gil@desk.example", {"team": "phones"})
    assert [made(desk, priority="high")[1] for _ in range(3)] == ["fred", "gil", "fred"]
    do(desk, lifecycle.resolve, 1)
    do(desk, lifecycle.resolve, 3)
    assert made(desk, priority="high")[1] == "fred"


def test_no_rule_leaves_it_alone(desk: Desk) -> None:
    assert made(desk) == (None, None)
    found = do(desk, routing.explain, 1)
    assert (found["rule"], found["routed_by"]) == (None, None)
    assert [(each["name"], each["condition"], each["found"]) for each in found["rules"]] == [
        ("urgent", "priority", "normal"),
        ("words", "tag", "none"),
        ("turns", "tag", "none"),
        ("queue", "tag", "none"),
    ]


def test_many_at_once_take_turns_and_are_as_if_one_by_one(desk: Desk) -> None:
    line = b'{"subject": "s", "from": "sara@acme.example", "body": "b", "tag": ["turn"]}\n'
    with closing(App(desk.path, now=START.isoformat())) as app:
        assert len(list(create_many(app, [line] * 5, lambda _n, error: pytest.fail(str(error))))) == 5
        got = app.db.query(
            "SELECT a.login FROM tickets t JOIN agents a ON a.id = t.assignee_id ORDER BY t.id"
        )
    assert [row["login"] for row in got] == ["carl", "dora", "eve", "carl", "dora"]
    assert desk.problems(START) == []
    assert made(desk, "turn")[1] == "eve"


def test_another_priority_leads_to_another_rule(desk: Desk) -> None:
    made(desk, "turn")
    record = do(desk, lifecycle.edit, 1, priority="high")
    assert (record["team"], record["assignee"]) == ("phones", "fred")
    again = do(desk, lifecycle.edit, 1, priority="critical")  # the same rule
    assert again["assignee"] == "fred"
    assert desk.problems(START) == []


@pytest.mark.parametrize("way", ["take", "answer"])
def test_who_has_begun_keeps_it(desk: Desk, way: str) -> None:
    made(desk, "turn")
    if way == "take":
        do(desk, lifecycle.take, 1, who="carl")
    else:
        do(desk, conversation.reply_as_agent, 1, body="b", who="carl")
        do(desk, conversation.reply_as_customer, 1, sender=SARA, body="b")
    record = do(desk, lifecycle.edit, 1, priority="high")
    assert (record["team"], record["assignee"]) == ("phones", "carl")


def test_a_queue_takes_it_off_who_has_not_begun(desk: Desk) -> None:
    made(desk, "queue", priority="high")
    record = do(desk, lifecycle.edit, 1, priority="normal")
    assert (record["team"], record["assignee"]) == ("Network", None)
    do(desk, lifecycle.resolve, 1)
    assert do(desk, lifecycle.edit, 1, priority="high")["team"] == "Network"
