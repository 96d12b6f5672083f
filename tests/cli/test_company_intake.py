"""What a company takes, from whom, and on which plan: types, plan dates, senders, channels (Z2, Z7, Z23, Z29,
Z43, H3, K11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import Desk

POLICY = """
version: 1
default_plan: basic
default_priority: normal
calendars:
  always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}
  office: {timezone: Europe/Paris, hours: {mon-fri: ["09:00-17:00"]}}
unknown_sender: %s
freemail: {action: %s, domains: [gmail.com]}
tiers:
  authorised: {channels: [portal, email]}
  premium: {channels: [portal, email, phone]}
  open: {support: "Any channel will do"}
priorities: [{name: high}, {name: normal}, {name: low}]
types:
  - {name: how_to, priority: low}
  - {name: outage, calendar: always}
  - {name: build, scope: out, text: We build no connections from scratch}
plans:
  basic: {calendar: office, targets: {high: {first_response: 1h}, normal: {first_response: 4h}, low: none}}
  acme:
    extends: basic
    targets: {normal: {first_response: 2h}}
    valid_from: 2026-03-02
    valid_to: 2026-03-03
"""
MAIL = ("--subject", "Printer", "--body", "It smokes", "--from")
SARA = "sara@acme.example"


def company(run: Run, folder: Path, unknown: str = "accept", freemail: str = "warn") -> Desk:
    (folder / "policy.yaml").write_text(POLICY % (unknown, freemail), encoding="utf-8")
    desk = Desk(run, folder / "company.db")
    desk.json("init", "--plans", str(folder / "policy.yaml"), who=None)
    desk.json("agent", "create", "ann", "--email", "ann@desk.example", who=None)
    desk.json("org", "create", "Acme", "--domain", "acme.example", "--plan", "acme", "--tier", "authorised")
    desk.now = "2026-03-02T09:00:00Z"
    return desk


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Desk:
    return company(run, tmp_path)


def create(desk: Desk, *words: str, sender: str = SARA) -> dict[str, Any]:
    made: dict[str, Any] = desk.json("ticket", "create", *MAIL, sender, *words, who=None)
    return made


def test_a_type_has_its_priority_unless_another_is_named(desk: Desk) -> None:
    assert create(desk, "--type", "how_to")["priority"] == "low"
    assert create(desk, "--type", "how_to", "--priority", "high")["priority"] == "high"
    assert create(desk, "--type", "outage")["priority"] == "normal"


def test_the_clocks_of_a_type_count_on_its_calendar(desk: Desk) -> None:
    desk.now = "2026-03-02T22:00:00Z"
    usual, outage = create(desk)["clocks"][0], create(desk, "--type", "outage")["clocks"][0]
    assert (usual["calendar"], usual["due_at"]) == ("office", "2026-03-03T10:00:00Z")
    assert (outage["calendar"], outage["due_at"]) == ("always", "2026-03-03T00:00:00Z")
    changed = desk.json("ticket", "edit", "1", "--type", "outage")[0]["clocks"][0]
    assert (changed["calendar"], changed["due_at"]) == ("always", "2026-03-03T00:00:00Z")
    assert desk.json("db", "check")["problems"] == []


def test_what_is_out_of_scope_is_refused_in_the_words_of_the_policy(desk: Desk, tmp_path: Path) -> None:
    error = desk.refused("ticket", "create", *MAIL, SARA, "--type", "build", code=4, who=None)
    assert (error["code"], error["message"]) == ("out_of_scope", "We build no connections from scratch")
    lines = [{"subject": "s", "from": SARA, "body": "b", "type": kind} for kind in ("build", "how_to")]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = desk("ticket", "create", "--jsonl", tmp_path / "in.jsonl", "-f", "jsonl", who=None)
    results = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 7
    assert results[0] == {"line": 1, "error": "We build no connections from scratch"}
    assert results[1]["created"] is True


@pytest.mark.parametrize(
    ("now", "plan"),
    [
        ("2026-03-01T22:59:59Z", "basic"),
        ("2026-03-01T23:00:00Z", "acme"),
        ("2026-03-03T22:59:59Z", "acme"),
        ("2026-03-03T23:00:00Z", "basic"),
    ],
)
def test_a_plan_counts_on_its_days_in_the_zone_of_its_calendar(desk: Desk, now: str, plan: str) -> None:
    desk.now = now
    done = desk("ticket", "create", *MAIL, SARA, "--json", who=None)
    assert done.json["plan"] == plan
    said = "plan acme of Acme counts from 2026-03-02 to 2026-03-03: the ticket is on plan basic"
    assert (said in done.err) == (plan == "basic")
    data = desk.log("--ticket", done.json["id"])[0]["data"]
    assert data.get("instead_of") == ("acme" if plan == "basic" else None)
    asked = desk("ticket", "create", *MAIL, SARA, "--plan", "acme", "--json", who=None)
    assert asked.code == (0 if plan == "acme" else 4)
    moved = desk("org", "edit", "Acme", "--licences", "7", "--open-tickets")
    assert moved.code == asked.code
    assert ("plan acme counts from 2026-03-02 to 2026-03-03" in moved.err) == (plan == "basic")
    assert desk.json("org", "show", "Acme")["licences"] == (7 if plan == "acme" else None)
    assert desk.json("db", "check")["problems"] == []


@pytest.mark.parametrize(("rule", "code"), [("accept", 0), ("warn", 0), ("reject", 4)])
def test_strangers(run: Run, tmp_path: Path, rule: str, code: int) -> None:
    desk = company(run, tmp_path, unknown=rule)
    done = desk("ticket", "create", *MAIL, "eve@nowhere.example", "--json", who=None)
    assert done.code == code
    assert ("is no known customer" in done.err) == (rule != "accept")
    assert len(desk.json("contact", "list")) == (0 if code else 1)
    assert create(desk)["org"] == "Acme"
    assert create(desk, "--org", "Acme", sender="zoe@elsewhere.example")["org"] == "Acme"
    opened = desk.json("ticket", "create", *MAIL, "joe@nowhere.example", "--on-behalf")
    assert opened["requester"] == "joe@nowhere.example"
    assert create(desk, sender="joe@nowhere.example")["requester"] == "joe@nowhere.example"


@pytest.mark.parametrize(("rule", "code"), [("warn", 0), ("reject", 4)])
def test_freemail(run: Run, tmp_path: Path, rule: str, code: int) -> None:
    desk = company(run, tmp_path, freemail=rule)
    done = desk("ticket", "create", *MAIL, "eve@Gmail.com", "--json", who=None)
    assert done.code == code
    assert "is a freemail address" in done.err
    desk.json("contact", "create", "ann.lee@gmail.com", "--org", "Acme")
    quiet = desk("ticket", "create", *MAIL, "ann.lee@gmail.com", "--json", who=None)
    assert (quiet.code, "freemail" in quiet.err) == (0, False)


def test_a_batch_refuses_freemail_though_an_agent_may_open_it(run: Run, tmp_path: Path) -> None:
    desk = company(run, tmp_path, freemail="reject")
    line = {"subject": "s", "from": "eve@gmail.com", "body": "b"}
    lines = [line | {"on_behalf": True}, line]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = desk("ticket", "create", "--jsonl", tmp_path / "in.jsonl", "-f", "jsonl")
    assert [json.loads(each).get("created") for each in done.out.splitlines()] == [True, None]


def test_a_channel_that_the_tier_has_not_is_refused_with_the_tier_that_has_it(desk: Desk) -> None:
    error = desk.refused("ticket", "create", *MAIL, SARA, "--channel", "phone", code=4, who=None)
    assert (error["code"], error["hint"]) == ("channel", "premium, open would allow it")
    assert create(desk, "--channel", "email")["channel"] == "email"
    reply = ("ticket", "reply", "1", "--from", SARA, "--body", "b", "--channel")
    assert desk.refused(*reply, "phone", code=4, who=None)["details"]["tiers"] == ["premium", "open"]
    desk.json(*reply, "portal", who=None)
    error = desk.refused("ticket", "create", *MAIL, SARA, "--channel", "fax", code=4, who=None)
    assert error["hint"] == "open would allow it"
    desk.json("org", "edit", "Acme", "--tier", "premium")
    assert create(desk, "--channel", "phone")["channel"] == "phone"
    assert create(desk, "--channel", "fax", sender="eve@other.example")["channel"] == "fax"


def test_an_edit_gives_what_a_new_ticket_may_have(desk: Desk) -> None:
    desk.now = "2026-03-04T09:00:00Z"
    create(desk, sender="eve@other.example")
    assert desk.refused("ticket", "edit", "1", "--type", "build", code=4)["code"] == "out_of_scope"
    assert desk.refused("ticket", "edit", "1", "--plan", "acme", code=4)["code"] == "plan_not_valid"
    assert desk.json("ticket", "edit", "1", "--plan", "basic", "--type", "outage")[0]["plan"] == "basic"


def test_a_freemail_domain_is_proposed_to_no_organisation(run: Run, tmp_path: Path) -> None:
    desk = company(run, tmp_path, unknown="reject")
    for domain, proposed in (("gmail.com", False), ("nowhere.example", True)):
        error = desk.refused("ticket", "create", *MAIL, f"eve@{domain}", code=4, who=None)
        assert (f"--domain {domain}" in error["hint"]) == proposed
