"""Tickets opened together are those that `create` opens one by one, row for row."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services import bulk, openings, orgs, people, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.openings import Known
from tests.lives import START, Desk, policy

# A level that is due as soon as a ticket is opened: what time does to it is its own.
AT_ONCE = [
    {
        "level": "1",
        "clock": "resolution",
        "at": "0%",
        "notify": ["requester", "account_manager"],
        "set": {"tags": ["hot"], "priority": "+1"},
    }
]
# Who gets a ticket is its own too, and each fact that a route may ask of it leads somewhere else.
ROUTES = [
    {"name": "words", "when": {"tag": "vip", "category": "none"}, "team": "phones", "assign": "round_robin"},
    {"name": "sales", "when": {"category": "sales", "type": "none"}, "assign": "least_loaded"},
    {"name": "wish", "when": {"type": "wish"}, "team": "phones"},
    {"name": "mail", "when": {"channel": "mail"}, "team": "phones", "assign": "round_robin", "skill": "x"},
    {"name": "high", "when": {"priority": "high", "plan": "gold"}, "assign": "round_robin"},
    {"name": "acme", "when": {"org": "acme"}, "team": "phones", "assign": "least_loaded"},
    {"name": "spoken", "when": {"language": "fr"}, "team": "phones"},
]
KEYS = {"sender": "from", "tags": "tag"}


def document(routing: Any = (), **changes: Any) -> dict[str, Any]:
    categories = [{"name": "sales"}, {"name": "network"}]
    return {**policy(**changes), "categories": categories, "routing": list(routing)}


def peopled(folder: Path, rules: dict[str, Any]) -> Desk:
    folder.mkdir()
    desk = Desk(folder, rules)
    for name, plan in (("Acme", "gold"), ("Beta", "silver")):
        fields: Any = {"plan": plan, "account_manager": "bob"}
        desk.at(START, orgs.create_org, name, fields, [f"{name.lower()}.example"])
    desk.at(START, people.create_team, "Phones")
    for login in ("carl", "dora"):
        desk.at(START, people.create_agent, login, f"{login}@desk.example", {"team": "phones"})
    desk.at(START, people.create_contact, "c@else.example", {"language": "fr"})
    desk.at(
        START, people.create_contact, "boss@acme.example", {"org": "Acme", "role": "main", "notify": True}
    )
    return desk


def requests(count: int) -> Iterator[dict[str, Any]]:
    """Requests in which every field of `tickets.Request` is given and left out, and each changes alone."""
    dice = random.Random(count)
    choices: dict[str, tuple[Any, ...]] = {
        "sender": ("a@acme.example", "boss@acme.example", "b@beta.example", "c@else.example"),
        "org": (None, None, "Acme"),
        "priority": (None, "critical", "high", "low"),
        "category": (None, "sales", "network"),
        "type": (None, "question", "wish"),
        "plan": (None, "gold", "silver"),
        "channel": (None, "mail", "الهاتف"),
        "tags": ((), ("vip",), ("b", "a")),
        "on_behalf": (False, True),
    }
    given = {name: values[0] for name, values in choices.items()}
    for number in range(count):
        name = dice.choice([*choices])
        given = {**given, name: dice.choice(choices[name])}
        if given["org"] is not None and "acme" not in given["sender"]:
            given["sender"] = f"new{number}@acme.example"
        key = f"k{number}" if number % 3 else None
        yield {**given, "subject": f"s{number} é", "body": f"b{number} كتاب", "idempotency_key": key}


def line(request: dict[str, Any]) -> bytes:
    return json.dumps({KEYS.get(name, name): value for name, value in request.items()}).encode() + b"\n"


def contents(app: App) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but for the real time at which it was written."""
    own = "type = 'table' AND name NOT LIKE '%_fts%' AND name NOT LIKE '%sqlite%'"
    names = app.db.query(f"SELECT name FROM sqlite_master WHERE {own}")
    return {
        row["name"]: [
            {key: value for key, value in dict(found).items() if key != "recorded_at"}
            for found in app.db.query(f"SELECT * FROM {row['name']}")
        ]
        for row in names
    }


@pytest.mark.parametrize("size", [7, 1000])
@pytest.mark.parametrize("changes", [{}, {"escalation": AT_ONCE}, {"routing": ROUTES}])
def test_each_is_as_if_it_were_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr(bulk, "BATCH", size)
    together, alone = (peopled(tmp_path / name, document(**changes)) for name in ("together", "alone"))
    asked = list(requests(120))
    done = together.at(
        START, bulk.create_many, map(line, asked), lambda number, error: pytest.fail(f"{error}")
    )
    assert [result["id"] for result in done] == list(range(1, 121))
    for request in asked:
        alone.at(START, tickets.create, **request)
    assert together.at(START, contents) == alone.at(START, contents)
    assert together.problems(START) == []


def test_what_others_wrote_between_two_transactions_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is asked for again is of another organisation by then, of which somebody else is told."""
    monkeypatch.setattr(bulk, "BATCH", 2)
    desk = peopled(tmp_path / "desk", document())
    request = line({"sender": "a@beta.example", "subject": "s", "body": "b"})

    def lines() -> Iterator[bytes]:
        yield from (request, request)
        desk.at(START, people.edit_contact, "a@beta.example", {"org": "Acme"})
        yield request

    desk.at(START, bulk.create_many, lines(), lambda number, error: pytest.fail(f"{error}"))
    sql = (
        "SELECT o.name, t.plan, group_concat(n.recipient, ' ') AS told FROM tickets t"
        " JOIN orgs o ON o.id = t.org_id JOIN notices n ON n.ticket_id = t.id GROUP BY t.id ORDER BY t.id"
    )
    assert desk.at(START, lambda app: [tuple(row) for row in app.db.query(sql)]) == [
        ("Beta", "silver", "a@beta.example"),
        ("Beta", "silver", "a@beta.example"),
        ("Acme", "gold", "a@beta.example boss@acme.example"),
    ]


@pytest.mark.parametrize(("most", "kept"), [(2, 2), (1, 0)])
@pytest.mark.parametrize("kind", ["senders", "told"])
def test_only_so_many_are_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, kept: int, kind: str
) -> None:
    monkeypatch.setattr(openings, "_REMEMBERED", most)
    desk = peopled(tmp_path / "desk", document())
    with closing(App(desk.path, now=to_text(START))) as app, app.write():
        known = Known(app)
        known.begin()
        getattr(known, kind).update({("a", None): None, ("b", None): None})
        known.begin()
        assert len(getattr(known, kind)) == kept
