"""`ticket list`, `next`, `show` and `log`: filters, order, pages, and what a person reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import OMAR, POLICY, SARA, START, Desk

from helpdesk_cli.services import conversation, lifecycle, tickets
from helpdesk_cli.services.app import App


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, desk_database: Path) -> Path:
    """Seven tickets: a plain one, and others that each differ in a few things."""
    path = Path(shutil.copy(desk_database, tmp_path_factory.mktemp("filled") / "desk.db"))

    def app(now: str) -> App:
        return App(str(path), actor="ann", now=now, timezone="UTC")

    first = app(START)
    with first.write():
        tickets.create(first, subject="plain", sender=SARA, body="b")
        tickets.create(first, subject="urgent", sender=SARA, body="b", priority="high", tags=("vip", "new"))
        tickets.create(first, subject="uncovered", sender=OMAR, body="b", priority="low", tags=("vip",))
        tickets.create(first, subject="alone", sender="me@home.example", body="b", category="sales")
        tickets.create(first, subject="early", sender=SARA, body="b", plan="early", type="question")
        tickets.create(first, subject="answered", sender=SARA, body="b", channel="mail")
        tickets.create(first, subject="done", sender=SARA, body="b")
        conversation.reply_as_agent(first, 6, body="b")
        lifecycle.assign(first, 2, to="ann", team="network")
        lifecycle.assign(first, 6, to="bob")
    first.close()
    later = app("2026-03-01T10:30:00Z")
    with later.write():
        lifecycle.take(later, 4)
        lifecycle.close(later, 7)
    later.close()
    return path


@pytest.fixture
def seen(run: Run, filled: Path) -> Desk:
    """The filled desk at half past ten: 2 and 5 are late since ten."""
    desk = Desk(run, filled)
    desk.now = "2026-03-01T11:10:00Z"
    return desk


FILTERS: list[tuple[str, list[int]]] = [
    ("", [2, 5, 1, 4, 6, 3]),
    ("--status all", [2, 5, 1, 4, 6, 7, 3]),
    ("--status open", [2, 5, 1, 3]),
    ("--status in_progress,ANSWERED", [4, 6]),
    ("--status closed --status active", [2, 5, 1, 4, 6, 7, 3]),
    ("--priority high,low", [2, 3]),
    ("--category sales", [4]),
    ("--category none --status all", [2, 5, 1, 6, 7, 3]),
    ("--type question", [5]),
    ("--type none --priority low", [3]),
    ("--org acme", [2, 5, 1, 6, 3]),
    ("--org none", [4]),
    ("--plan early", [5]),
    ("--assignee me", [2, 4]),
    ("--assignee none", [5, 1, 3]),
    ("--assignee bob,me", [2, 4, 6]),
    ("--team Network", [2]),
    ("--team none --priority high", []),
    ("--channel mail", [6]),
    ("--tag vip", [2, 3]),
    ("--tag vip,new", [2]),
    (f"--from {OMAR}", [3]),
    ("--from me@home.example", [4]),
    ("--breached", [2, 5]),
    ("--overdue", [2, 5]),
    ("--at-risk", [1, 4]),
    ("--due-within 2h", [2, 5, 1, 4]),
    ("--due-within 1h49m59s", [2, 5]),
    ("--due-within 0m", [2, 5]),
    ("--created-after 2026-03-01T09:00:00Z --status all", [2, 5, 1, 4, 6, 7, 3]),
    ("--created-before 2026-03-01T09:00:00Z --status all", []),
    ("--updated-after 2026-03-01T10:30:00Z --status all", [4, 7]),
    ("--updated-before 2026-03-01T10:30:00Z --status all", [2, 5, 1, 6, 3]),
    ("--sort id", [1, 2, 3, 4, 5, 6]),
    ("--sort -id --limit 2", [6, 5]),
    ("--sort id --after HD-2 --limit 2", [3, 4]),
    ("--sort priority", [2, 5, 1, 4, 6, 3]),
    ("--sort -priority", [3, 6, 4, 1, 5, 2]),
    ("--sort updated_at --limit 1 --status all", [1]),
    ("--sort -updated-at --limit 1 --status all", [7]),
]


@pytest.mark.parametrize(("words", "ids"), FILTERS, ids=[words for words, _ in FILTERS])
def test_filters_and_order(seen: Desk, words: str, ids: list[int]) -> None:
    assert [ticket["id"] for ticket in seen.json("ticket", "list", *words.split())] == ids


def test_an_organisation_with_a_comma_in_its_name(desk: Desk) -> None:
    names = ("Acme, Inc.", "Globex", "A, B", "B")
    for name in names:
        desk.json("org", "create", name)
    for number, name in enumerate(("Acme", *names)):
        desk.open("--org", name, "--from", f"c{number}@home.example")

    def listed(*texts: str) -> set[str | None]:
        words = [word for text in texts for word in ("--org", text)]
        found = {ticket["org"] for ticket in desk.json("ticket", "list", *words)}
        contacts = {contact["org"] for contact in desk.json("contact", "list", *words)}
        assert contacts == found
        return found

    assert listed("Acme, Inc.") == {"Acme, Inc."}
    assert listed("acme, inc.") == {"Acme, Inc."}
    assert listed("Globex, Acme, Inc.,Acme") == {"Acme", "Acme, Inc.", "Globex"}
    assert listed("A, B") == {"A, B"}
    assert listed("Globex,B,", "Acme") == {"Acme", "B", "Globex"}
    error = desk.refused("ticket", "list", "--org", "Acme, Inx.", code=3)
    assert error["code"] == "unknown_org"


def test_counting(seen: Desk) -> None:
    assert seen("ticket", "list", "--overdue", "--count").out == "2\n"
    assert seen.json("ticket", "list", "--status", "all", "--count") == {"count": 7}
    assert seen("ticket", "list", "--count", "-f", "jsonl").out == '{"count":6}\n'


def test_the_table(seen: Desk) -> None:
    result = seen("ticket", "list", "--limit", "2")
    assert result.out.splitlines() == [
        "ticket  status  priority  sla      due (UTC)            assignee  org   subject",
        "HD-2    open    high      overdue  2026-03-01 10:00:00  ann       Acme  urgent",
        "HD-5    open    normal    overdue  2026-03-01 10:00:00            Acme  early",
    ]
    assert "4 more" in result.err
    french = seen("ticket", "list", "--status", "answered", "--lang", "fr").out
    assert "En attente du client" in french
    assert seen("ticket", "list", "--priority", "high", "--team", "none").err == "No tickets.\n"
    terminal = seen("ticket", "list", "--limit", "1", tty=True, env={"COLUMNS": "80", "NO_COLOR": "1"}).out
    assert "1h ago" in terminal


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ("--status opne", 2, "unknown_status"),
        ("--priority hihg", 3, "unknown_priority"),
        ("--category salse", 3, "unknown_category"),
        ("--type qestion", 3, "unknown_type"),
        ("--org Acne", 3, "unknown_org"),
        ("--plan glod", 3, "unknown_plan"),
        ("--assignee bbo", 3, "unknown_agent"),
        ("--team netwrok", 3, "unknown_team"),
        ("--due-within -4h", 2, "bad_duration"),
        ("--due-within 1.5h", 2, "bad_duration"),
        ("--due-within 36526d", 2, "bad_duration"),
        ("--created-after 2026-02-31", 2, "bad_time"),
        ("--sort subject", 2, "bad_sort"),
        ("--after 3", 2, "usage"),
        ("--limit -1", 2, "bad_number"),
        ("--fields subjetc", 2, "unknown_field"),
    ],
)
def test_bad_filters(seen: Desk, words: str, code: int, name: str) -> None:
    result = seen("ticket", "list", *words.split(), "--json")
    assert (result.code, result.out) == (code, "")
    assert result.errors[0]["code"] == name
    if name.startswith("unknown"):
        assert result.errors[0]["hint"]


def test_me_needs_an_agent(seen: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    assert seen("ticket", "list", "--assignee", "me", who=None).code == 4
    assert seen("agent", "show", "me", who=None).code == 4
    assert seen("ticket", "list", "--assignee", "none", who=None).code == 0


@pytest.mark.parametrize(
    ("words", "who", "id_"),
    [
        ("", "ann", 2),
        ("", "bob", 5),
        ("--order fifo", "ann", 1),
        ("--order last-message", "ann", 1),
        ("--order deadline --team network", "ann", 2),
    ],
)
def test_next(seen: Desk, words: str, who: str, id_: int) -> None:
    assert seen.json("ticket", "next", *words.split(), who=who)["id"] == id_


def test_next_takes_until_none_is_left(desk: Desk) -> None:
    for _ in range(2):
        desk.open()
    taken = [desk.json("ticket", "next", "--take", who=who) for who in ("ann", "bob")]
    assert [(t["id"], t["assignee"], t["status"]) for t in taken] == [
        (1, "ann", "in_progress"), (2, "bob", "in_progress"),
    ]  # fmt: skip
    for words in ((), ("--take",)):
        assert desk.refused("ticket", "next", *words, code=3)["code"] == "none_left"
    assert desk.refused("ticket", "next", "--order", "rank", code=2)["code"] == "unknown_word"
    assert desk.refused("ticket", "next", "--team", "netwrok", code=3)["code"] == "unknown_team"


def test_next_takes_no_ticket_that_time_has_given_away(desk: Desk, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.replace("{priority: +1, tags: [late]}", "{assignee: bob}"), encoding="utf-8")
    assert desk("plan", "apply", policy).code == 0
    late = desk.open()
    desk.later(hours=4, seconds=1)
    assert desk("ticket", "next", "--take").code == 3
    assert (desk.show(late)["assignee"], desk.show(late)["status"]) == ("bob", "open")
    late = desk.open()
    desk.later(hours=4)
    fresh = desk.open()
    desk.later(seconds=1)
    assert desk.json("ticket", "next", "--take")["id"] == fresh
    assert desk.show(late)["assignee"] == "bob"


def test_last_message_serves_the_customer_who_waits_longest(desk: Desk) -> None:
    first, second = desk.open(), desk.open()
    desk.later(minutes=5)
    desk.json("ticket", "reply", first, "--from", SARA, "--body", "hello?")
    assert desk.json("ticket", "next", "--order", "last_message")["id"] == second
    assert desk("ticket", "next").out.startswith("HD-1  Router down\nStatus      open\n")


def test_the_page_of_a_ticket(desk: Desk) -> None:
    id_ = desk.open("--priority", "high", "--category", "technical", "--tag", "vip", subject="Router down")
    desk.later(minutes=61)
    desk.json("ticket", "reply", id_, "--body", "word " * 30 + "\n\n  indented", "--status", "open")
    desk.json("ticket", "note", id_, "--body", "their firewall?")
    assert desk("ticket", "show", id_).out == PAGE


PAGE = """\
HD-1  Router down
Status      open
Priority    high, plan gold
Category    technical
From        sara@acme.example, Acme
Assignee    nobody
Opened      2026-03-01 09:00:00 via cli
Tags        late, vip
Version     5
Times in    UTC
Clocks            state     target  due (UTC)
  first response  met late  1h      2026-03-01 10:00:00  after 1h1m, late by 1m
  resolution      running   8h      2026-03-01 17:00:00  6h59m left

Message 1, sara@acme.example, 2026-03-01 09:00:00
  No light

Message 2, ann (support), 2026-03-01 10:01:00
  word word word word word word word word word word word word word word word
  word word word word word word word word word word word word word word word

    indented

INTERNAL NOTE 3, ann, 2026-03-01 10:01:00
  their firewall?
"""


def test_the_page_says_what_is_pressing_in_words(desk: Desk) -> None:
    id_ = desk.open("--priority", "high")
    desk.later(minutes=50)
    assert "Status      open, at risk" in desk("ticket", "show", id_).out
    desk.later(minutes=11)
    page = desk("ticket", "show", id_).out
    assert "Status      open, overdue" in page
    assert "first response  overdue  1h      2026-03-01 10:00:00  late by 1m" in page
    desk.json("ticket", "hold", id_, "--until", "+2h")
    page = desk("ticket", "show", id_, tty=True, env={"NO_COLOR": "1", "COLUMNS": "90"}).out
    assert "on_hold, until 2026-03-01 12:01:00 (in 2h), overdue" in page
    assert "resolution      paused   8h                           6h59m left" in page
    desk.json("ticket", "close", id_)
    page = desk("ticket", "show", id_).out
    assert "Closed      2026-03-01 10:01:00 by ann" in page
    assert "first response  breached  1h      2026-03-01 10:00:00  late by 1m" in page


def test_pages_of_several_tickets(desk: Desk) -> None:
    desk.open(subject="one")
    desk.open(subject="two")
    result = desk("ticket", "show", "2", "99", "-", stdin="HD-1\n2\nx\n")
    assert result.code == 7
    assert [line for line in result.out.splitlines() if line.startswith("HD-")] == ["HD-2  two", "HD-1  one"]
    assert "Error: there is no ticket HD-99" in result.err
    assert desk("ticket", "show", "99").code == 3
    assert [t["id"] for t in desk.json("ticket", "show", "1", "2")] == [1, 2]
    assert isinstance(desk.json("ticket", "show", "1"), dict)


def test_wide_text_is_wrapped_by_the_cells_it_takes(desk: Desk) -> None:
    id_ = desk.open("--body", "字 " * 60 + "x" * 100)
    lines = desk("ticket", "show", id_).out.splitlines()
    body = lines[lines.index("Message 1, sara@acme.example, 2026-03-01 09:00:00") + 1 :]
    assert len(body) == 4
    assert all(len(line) + line.count("字") <= 80 for line in body)


def test_the_log_in_words(desk: Desk) -> None:
    id_ = desk.open("--priority", "high", "--tag", "vip")
    desk.later(minutes=61)
    desk.json("ticket", "hold", id_, "--until", "+2h")
    desk.json("ticket", "edit", id_, "--subject", "Fixed", "--category", "sales")
    desk.json("ticket", "reply", id_, "--body", "b")
    page = desk("ticket", "log", id_).out
    assert len(page.splitlines()) == len(desk.log("--ticket", id_)) + 1
    assert max(map(len, desk("ticket", "log", id_, tty=True).out.splitlines())) <= 80
    assert page.startswith("at (UTC)             actor              what\n")
    joined = " ".join(page.split())
    for words in (
        "sara@acme.example created: org Acme, priority high, plan gold, channel cli, tags vip, policy 1",
        "sara@acme.example clock_started: first response, target 1h",
        "2026-03-01 09:48:00 sweep clock_warned: first response, warn 48m, target 1h",
        "sweep clock_breached: first response, breached 2026-03-01 10:00:00, target 1h",
        "sweep escalated: first response, at 0m, notify team_lead, tags vip -> late vip",
        "ann status_changed: open -> on_hold, until 2026-03-01 12:01:00",
        "ann edited: category none -> sales, subject Router down -> Fixed",
        "ann status_changed: on_hold -> waiting_customer",
    ):
        assert words in joined, words
    assert desk.json("ticket", "log", id_) == desk.log("--ticket", id_)
    assert "actor" not in desk("ticket", "log", id_, "--no-headers").out
    assert desk("ticket", "log", id_, "--fields", "seq").out.splitlines()[1].strip() == "1"
    assert desk.refused("ticket", "log", "99", code=3)["code"] == "ticket_not_found"


def test_tickets_are_named_by_number_or_reference(desk: Desk) -> None:
    id_ = desk.open()
    for name in (id_, f"HD-{id_}", f"hd-{id_}"):
        assert desk.show(name)["ref"] == f"HD-{id_}"
    results: list[Any] = [desk("ticket", "show", name).code for name in ("HD-0", "0", "HD", "1.0", "9" * 30)]
    assert results == [3, 3, 2, 2, 2]
