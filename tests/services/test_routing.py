"""Which team and agent a ticket goes to, when it is made and when an edit leads to another rule."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.services import (
    conversation,
    lifecycle,
    merging,
    orgs,
    people,
    presence,
    retirement,
    routing,
    ticket_records,
    tickets,
)
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

CREATE = """
import json, sys
from helpdesk_cli.services import tickets
from helpdesk_cli.services.app import App
print("ready", flush=True)
sys.stdin.readline()
got = []
for _ in range(4):
    app = App(sys.argv[1], now=sys.argv[2])
    ticket = tickets.create(app, subject="s", sender="sara@acme.example", body="b", tags=["turn"])
    app.close()
    got.append((ticket["id"], ticket["assignee"]))
print(json.dumps(got))
"""


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


def apply(desk: Desk, **sections: Any) -> None:
    """Put other sections in the place of those of the policy."""
    document = do(desk, lambda app: app.policies.latest().document)
    desk.apply_policy(START, {**document, **sections})


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


def test_only_who_has_the_skill_gets_it(desk: Desk) -> None:
    do(desk, people.create_agent, "gil", "gil@desk.example", {"team": "phones", "skills": ["german"]})
    assert [made(desk, "fr")[1] for _ in range(2)] == ["fred", "fred"]
    candidates = do(desk, routing.explain, 1)["candidates"]
    assert [(each["agent"], each["skilled"], each["last_turn"]) for each in candidates] == [
        ("fred", True, 2),
        ("gil", False, None),
    ]


def test_of_all_agents_none_who_has_retired(desk: Desk) -> None:
    apply(desk, routing=[{"name": "any", "assign": "round_robin"}])
    for login in ("bob", "carl"):
        do(desk, retirement.retire_agent, login)
    assert [made(desk) for _ in range(5)] == [(None, who) for who in ("ann", "dora", "eve", "fred", "ann")]


@pytest.mark.parametrize(
    ("when", "routed"),
    [
        ({"country": "FR"}, True),
        ({"region": "europe"}, True),
        ({"region": "none"}, False),
        ({"tier": "gold"}, True),
        ({"large_account": True, "vip": True}, True),
        ({"contract": True}, True),
        ({"language": "fr"}, True),
        ({"language": "none"}, False),
        ({"plan": "silver", "org": "ACME"}, True),
        ({"channel": "phone"}, True),
        ({"channel": "cli"}, False),
    ],
)
def test_what_a_rule_may_ask_of_a_ticket(desk: Desk, when: dict[str, Any], routed: bool) -> None:
    fields: orgs.OrgFields = {
        "country": "FR",
        "tier": "gold",
        "licences": 60,
        "vip": True,
        "contract_until": "2026-03-23",
        "plan": "silver",
    }
    do(desk, orgs.edit_org, "Acme", fields)
    do(desk, people.create_contact, SARA, {"language": "fr"})
    apply(
        desk,
        regions={"europe": {"countries": ["FR"]}},
        large_accounts={"europe": 60},
        routing=[{"name": "only", "when": when, "team": "phones"}],
    )
    assert made(desk, channel="phone") == ("phones" if routed else None, None)


@pytest.mark.parametrize(("hour", "routed"), [("21:59:59", "phones"), ("22:00:00", None)])
def test_a_contract_ends_with_its_last_day_where_the_plan_counts(
    desk: Desk, hour: str, routed: str | None
) -> None:
    """The office is in Paris, where the day is over two hours before it is in UTC."""
    apply(desk, routing=[{"name": "contract", "when": {"contract": True}, "team": "phones"}])
    do(desk, orgs.edit_org, "Acme", {"contract_until": "2026-04-01"})
    at = from_text(f"2026-04-01T{hour}Z")
    record = desk.at(at, tickets.create, subject="s", sender=SARA, body="b")
    assert record["team"] == routed


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


def test_many_at_once_go_to_the_least_loaded_each(desk: Desk) -> None:
    do(desk, people.create_agent, "gil", "gil@desk.example", {"team": "phones"})
    line = b'{"subject": "s", "from": "sara@acme.example", "body": "b", "priority": "high"}\n'
    desk.at(START, create_many, [line] * 3, lambda _n, error: pytest.fail(str(error)))
    shown = [do(desk, ticket_records.of_ticket, id_)["assignee"] for id_ in (1, 2, 3)]
    assert shown == ["fred", "gil", "fred"]


def test_what_is_split_off_and_what_follows_up_have_turns_too(desk: Desk) -> None:
    made(desk, "turn")
    more = do(desk, conversation.reply_as_customer, 1, sender=SARA, body="And the printer")
    split = do(desk, merging.split, 1, more["id"])
    assert (split["id"], split["team"], split["assignee"]) == (2, "Network", "dora")
    do(desk, lifecycle.close, 1)
    late = START + timedelta(days=30)
    again = desk.at(late, conversation.reply_as_customer, 1, sender=SARA, body="It is back")
    assert desk.at(late, ticket_records.of_ticket, again["ticket"])["assignee"] == "eve"
    assert desk.at(late, routing.explain, 3)["routed_by"] == "turns"
    assert made(desk, "turn")[1] == "carl"
    assert desk.problems(late) == []


def test_processes_at_once_give_each_turn_once(desk: Desk) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CREATE, desk.path, to_text(START)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    got = [who for process in processes for who in json.loads(process.communicate(timeout=60)[0])]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert [who for _, who in sorted(got)] == ["carl", "dora", "eve"] * 4
    assert desk.problems(START) == []


def test_another_priority_leads_to_another_rule(desk: Desk) -> None:
    made(desk, "turn")
    record = do(desk, lifecycle.edit, 1, priority="high")
    assert (record["team"], record["assignee"]) == ("phones", "fred")
    assert desk.problems(START) == []
    explained = do(desk, routing.explain, 1)
    assert (explained["routed_by"], explained["routed_at"]) == ("urgent", to_text(START))


@pytest.mark.parametrize(
    ("rule", "edited"),
    [
        ({"name": "by_category", "when": {"category": "sales"}}, {"category": "sales"}),
        ({"name": "by_type", "when": {"type": "wish"}}, {"type": "wish"}),
    ],
)
def test_another_category_or_type_leads_to_another_rule(
    desk: Desk, rule: dict[str, Any], edited: dict[str, str]
) -> None:
    rules = [{**rule, "team": "phones", "assign": "round_robin"}, *ROUTES]
    apply(desk, categories=[{"name": "sales"}], routing=rules)
    assert made(desk, "turn") == ("Network", "carl")
    record = do(desk, lifecycle.edit, 1, **edited)
    assert (record["team"], record["assignee"]) == ("phones", "fred")
    back = do(desk, lifecycle.edit, 1, **dict.fromkeys(edited, "none"))
    assert (back["team"], back["assignee"]) == ("Network", "dora")
    data = [event["data"] for event in desk.log(1, START) if event["type"] == "assigned"]
    assert [each["rule"] for each in data] == [rule["name"], "turns"]
    assert desk.problems(START) == []


def test_the_same_rule_does_not_give_it_to_the_next(desk: Desk) -> None:
    made(desk, "turn")
    assert do(desk, lifecycle.edit, 1, priority="low")["assignee"] == "carl"
    assert made(desk, "turn")[1] == "dora"


def test_who_gets_it_by_an_edit_had_a_turn(desk: Desk) -> None:
    apply(
        desk,
        routing=[{"name": "high", "when": {"priority": "high"}, "team": "network", "assign": "round_robin"}],
    )
    made(desk), made(desk)
    assert [do(desk, lifecycle.edit, id_, priority="high")["assignee"] for id_ in (1, 2)] == ["carl", "dora"]
    assert made(desk, priority="high") == ("Network", "eve")


def test_where_nobody_of_another_rule_is_free_it_says_so(desk: Desk) -> None:
    do(desk, presence.set_away, "fred", away=True)
    made(desk, "turn")
    record = do(desk, lifecycle.edit, 1, priority="high")
    assert (record["team"], record["assignee"]) == ("phones", None)
    (assigned,) = (event["data"] for event in desk.log(1, START) if event["type"] == "assigned")
    assert (assigned["rule"], assigned["nobody_free"]) == ("urgent", True)


def test_a_team_that_is_gone_is_told_and_the_ticket_is_nobodys(desk: Desk) -> None:
    """No command takes a team away; a file may have lost it all the same."""
    with closing(App(desk.path, actor="ann", now=START.isoformat())) as app:
        with app.write():
            app.db.run("UPDATE agents SET team_id = NULL", {})
            app.db.run("DELETE FROM teams", {})
        record = tickets.create(app, subject="s", sender=SARA, body="b", priority="high")
        assert (record["team"], record["assignee"]) == (None, None)
        assert app.announcements == [
            "route urgent: there is no team 'phones'",
            "route urgent: nobody is free, so nobody has it",
        ]
        app.announcements.clear()
        tickets.create(app, subject="s", sender=SARA, body="b", tags=["queue"])
        assert app.announcements == ["route queue: there is no team 'network'"]
        assert routing.explain(app, 2)["candidates"] == []


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


def test_who_has_a_ticket_that_another_opened_for_a_customer_has_not_begun(desk: Desk) -> None:
    made(desk, "turn", on_behalf=True)
    record = do(desk, lifecycle.edit, 1, priority="high")
    assert (record["team"], record["assignee"]) == ("phones", "fred")


def test_a_queue_takes_it_off_who_has_not_begun(desk: Desk) -> None:
    made(desk, "queue", priority="high")
    record = do(desk, lifecycle.edit, 1, priority="normal")
    assert (record["team"], record["assignee"]) == ("Network", None)
    do(desk, lifecycle.resolve, 1)
    assert do(desk, lifecycle.edit, 1, priority="high")["team"] == "Network"
