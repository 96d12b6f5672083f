"""`helpdesk view`: filters saved as they are typed, and run as `ticket list` is."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from desk import Desk

from helpdesk_cli.adapters.host import login
from helpdesk_cli.cli.commands.ticket.read import list_ as ticket_list
from helpdesk_cli.cli.commands.view import cli
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services import completion


def ids(desk: Desk, *words: object, **more: Any) -> list[int]:
    return [ticket["id"] for ticket in desk.json(*words, **more)]


def test_a_view_is_saved_and_run(desk: Desk) -> None:
    mine, _other = desk.bring("in_progress"), desk.open()
    saved = desk.json("view", "save", "mine", "--assignee", "me", "--status", "open,in_progress")
    assert list(saved) == [field.name for field in RECORDS["view"].fields]
    assert saved == {
        "name": "mine",
        "options": "--status open,in_progress --assignee me",
        "filters": {"status": ["open,in_progress"], "assignee": ["me"]},
        "saved_by": "ann",
        "created_at": desk.now,
        "updated_at": desk.now,
    }
    assert desk.json("view", "list") == [saved]
    assert ids(desk, "view", "run", "mine") == ids(desk, "view", "run", "MINE ") == [mine]


def test_every_option_of_the_list_is_kept_as_typed(desk: Desk) -> None:
    given = {
        "status": "answered", "priority": "high,normal", "category": "none,sales", "type": "question",
        "org": "Acme", "plan": "gold", "assignee": "none,bob", "team": "network", "channel": "cli",
        "tag": "vip", "from": "sara@acme.example", "due_within": "4h", "created_after": "-2h",
        "created_before": "now", "updated_after": "monday", "updated_before": "+1d", "text": "route* -draft",
        "sort": "-id",
    }  # fmt: skip
    desk.open()
    options = {name: f"--{name.replace('_', '-')}" for name in given}
    flags = ["--breached", "--overdue", "--at-risk"]
    words = [word for name, value in given.items() for word in (options[name], value)]
    saved = desk.json("view", "save", "all of them", *words, *flags)
    filters = {
        name: value[0] if isinstance(value, list) else value for name, value in saved["filters"].items()
    }
    assert filters == {**given, "breached": True, "overdue": True, "at_risk": True}
    # What a view keeps is what the list filters by: a new option of it is kept without a word here.
    long = {max(param.opts, key=len) for param in ticket_list.params if not param.is_eager}
    assert {f"--{name.replace('_', '-')}" for name in filters} | {"--limit", "--after", "--count"} == long
    assert ids(desk, "view", "run", "all of them") == ids(desk, "ticket", "list", *words, *flags) == []


def test_words_mean_what_they_mean_when_it_is_run(desk: Desk) -> None:
    anns = desk.open()
    desk.json("ticket", "assign", anns, "--to", "ann")
    bobs = desk.open()
    desk.json("ticket", "assign", bobs, "--to", "bob")
    desk("view", "save", "mine", "--assignee", "me")
    desk("view", "save", "new", "--created-after", "-1h")
    assert ids(desk, "view", "run", "mine") == [anns]
    assert ids(desk, "view", "run", "mine", who="bob") == [bobs]
    assert len(ids(desk, "view", "run", "new")) == 2
    desk.later(hours=2)
    assert ids(desk, "view", "run", "new") == []


def test_an_option_that_is_typed_takes_the_place_of_the_views_own(desk: Desk) -> None:
    high, normal = desk.open("--priority", "high"), desk.open()
    done = desk.bring("closed")
    desk("view", "save", "high", "--priority", "high", "--sort", "-id")
    assert ids(desk, "view", "run", "high") == [high]
    assert ids(desk, "view", "run", "high", "--priority", "normal") == [normal]
    assert ids(desk, "view", "run", "high", "--priority", "high,normal") == [normal, high]
    assert ids(desk, "view", "run", "high", "--priority", "high,normal", "--sort", "id") == [high, normal]
    every = ["--status", "all", "--priority", "high,normal"]
    assert ids(desk, "view", "run", "high", *every) == [done, normal, high]
    assert ids(desk, "view", "run", "high", *every, "--limit", "2") == [done, normal]
    assert desk("view", "run", "high", *every, "--count").out == "3\n"
    assert ids(desk, "view", "run", "high", *every, "--sort", "id", "--after", high) == [normal, done]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "ids", "markdown"])
def test_it_prints_as_the_list_does(desk: Desk, form: str) -> None:
    desk.open()
    desk.open("--priority", "high")
    desk("view", "save", "high", "--priority", "high")
    for more in ((), ("--fields", "id,subject"), ("--limit", "1")):
        listed = desk("ticket", "list", "--priority", "high", "-f", form, *more)
        assert listed.code == 0
        assert desk("view", "run", "high", "-f", form, *more) == listed
    counted = desk("ticket", "list", "--priority", "high", "--count", "-f", form)
    assert desk("view", "run", "high", "--count", "-f", form) == counted


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("save x", 2, "no_filter"),
        ("save x --priority hihg", 3, "unknown_priority"),
        ("save x --status opne", 2, None),
        ("save x --org Akme", 3, "unknown_org"),
        ("save x --assignee nobody", 3, "unknown_agent"),
        ("save x --due-within 4", 2, "bad_duration"),
        ("save x --created-after yesteryear", 2, "bad_time"),
        ("save x --overdue --sort colour", 2, "bad_sort"),
        ("save x --overdue --limit 3", 2, "no_such_option"),
        ("save x --colour red", 2, "no_such_option"),
        ("run high --colour red", 2, "no_such_option"),
        ("run hihg", 3, "unknown_view"),
        ("run", 2, "missing_parameter"),
        ("delete hihg --yes", 3, "unknown_view"),
        ("delete high", 2, "needs_yes"),
        ("save high --priority low", 4, "exists"),
    ],
)
def test_what_is_refused(desk: Desk, words: str, code: int, error: str | None) -> None:
    desk("view", "save", "high", "--priority", "high")
    found = desk.refused("view", *words.split(), code=code)
    assert found["code"] == error or error is None
    if error == "unknown_view":
        assert found["hint"] == "did you mean 'high'?"
    assert [view["options"] for view in desk.json("view", "list")] == ["--priority high"]


def test_names(desk: Desk) -> None:
    assert desk.refused("view", "save", " ", "--overdue", code=2)["code"] == "bad_text"
    assert desk.refused("view", "save", "x" * 101, "--overdue", code=2)["code"] == "bad_text"
    assert desk.json("view", "save", " عرض  vue ", "--overdue")["name"] == "عرض vue"
    assert desk("view", "run", "عرض VUE", "--count").out == "0\n"


def test_a_view_is_replaced_only_if_wanted(desk: Desk) -> None:
    first = desk.json("view", "save", "v", "--overdue")
    desk.later(hours=1)
    assert desk.json("view", "save", "V", "--overdue") == first  # the same again is the same view
    changed = desk.json("view", "save", "V", "--at-risk", "--yes", who="bob")
    assert changed == {
        "name": "V", "options": "--at-risk", "filters": {"at_risk": True}, "saved_by": "bob",
        "created_at": first["created_at"], "updated_at": desk.now,
    }  # fmt: skip
    assert desk.json("view", "list") == [changed]


def test_views_are_deleted(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        desk("view", "save", name, "--overdue")
    assert [view["name"] for view in desk.json("view", "delete", "c", "A", "--yes")] == ["c", "a"]
    desk("view", "save", "Été  Late", "--overdue")
    assert [view["name"] for view in desk.json("view", "delete", "été LATE", "--yes")] == ["Été Late"]
    assert desk("view", "delete", "b", "nope", "--yes").code == 7
    assert desk.json("view", "list") == []
    desk("view", "save", "d", "--overdue")
    assert desk("view", "delete", "d", stdin="n\n", tty=True).code == 1
    assert desk("view", "delete", "d", stdin="y\n", tty=True).code == 0


def test_the_list_of_views(desk: Desk) -> None:
    for name in ("b", "a", "C"):
        desk("view", "save", name, "--overdue")
        desk.later(minutes=1)
    assert [view["name"] for view in desk.json("view", "list")] == ["a", "b", "C"]
    assert desk("view", "list", "--sort", "-created_at", "-f", "ids").out.split() == ["C", "a", "b"]
    assert desk("view", "list", "--count").out == "3\n"
    assert "1 more" in desk("view", "list", "--limit", "2").err


def test_who_is_no_agent_may_save_and_run(desk: Desk) -> None:
    desk.json("agent", "retire", login())
    assert desk("view", "save", "late", "--overdue", who=None).code == 0
    assert desk("view", "run", "late", who=None).code == 0
    assert desk.refused("view", "save", "mine", "--assignee", "me", code=4, who=None)["code"] == "retired"


def test_texts_with_signs_of_the_shell(desk: Desk) -> None:
    saved = desk.json("view", "save", "odd", "--text", "'; rm -rf $HOME `x` \"", "--tag", "a b")
    assert saved["options"] == """--tag 'a b' --text ''"'"'; rm -rf $HOME `x` "'"""
    assert ids(desk, "view", "run", "odd") == []


def test_a_saved_option_that_this_version_does_not_have_is_left_out(desk: Desk) -> None:
    desk("view", "save", "late", "--overdue")
    with sqlite3.connect(desk.path) as conn:
        conn.execute("UPDATE views SET filters = ?", (json.dumps({"overdue": True, "gone": "x"}),))
    conn.close()
    assert desk("view", "run", "late").code == 0


def test_the_defaults_of_a_config_file(desk: Desk) -> None:
    high, normal = desk.open("--priority", "high"), desk.open()
    desk("view", "save", "high", "--priority", "high")
    config = desk.path.with_name("config.yaml")
    config.write_text("view: {run: {priority: [normal], fields: [id]}}\n")
    more = ["--config", str(config)]
    assert desk.json("view", "run", "high", *more) == [{"id": high}]
    assert desk.json("view", "run", "high", "--priority", "normal", *more) == [{"id": normal}]


def test_names_complete(desk: Desk) -> None:
    for name in ("Mine", "mine too", "late"):
        desk("view", "save", name, "--overdue")
    assert completion.names(str(desk.path), "view", "MI", "") == [("Mine", "ann"), ("mine too", "ann")]


def test_the_verbs_are_there() -> None:
    assert list(cli.commands) == ["save", "run", "list", "delete"]
