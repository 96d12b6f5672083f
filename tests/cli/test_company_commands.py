"""`org`, `contact`, `agent` and `event list` with what the profiles add to them, as a shell sees them."""

from __future__ import annotations

import pytest
from desk import OMAR, SARA, Desk


def test_an_organisation_and_its_parts(desk: Desk) -> None:
    where = ["--country", "fr", "--area", "east", "--region", "europe", "--tier", "gold"]
    made = desk.json(
        *("org", "create", "Acme France", "--parent", "acme", *where),
        *("--contract-until", "2026-12-31", "--success-manager", "me"),
    )
    assert list(made)[-7:] == [
        "country", "area", "parent", "contract_until", "success_manager", "effective_region", "large_account",
    ]  # fmt: skip
    assert list(made.values())[-7:] == ["FR", "east", "Acme", "2026-12-31", "ann", "europe", False]
    for words in ("--country FR,MC", "--region europe", "--tier gold", "--country fr --tier gold,none"):
        assert desk.json("org", "list", *words.split()) == [made]
    assert [org["name"] for org in desk.json("org", "list", "--tier", "none")] == ["Acme"]
    page = desk("org", "show", "Acme France").out
    assert "2026-12-31" in page
    nothing = ["--country", "none", "--area", "None", "--parent", "none", "--contract-until", "none"]
    edited = desk.json("org", "edit", "Acme France", *nothing, "--success-manager", "none")
    assert list(edited.values())[-7:] == [None] * 5 + ["europe", False]


def test_contacts_who_are_told(desk: Desk) -> None:
    """H4."""
    made = desk.json("contact", "create", OMAR, "--role", "sub", "--notify", "--language", "ar")
    assert list(made)[-2:] == ["language", "notify"]
    assert (made["role"], made["language"], made["notify"]) == ("sub", "ar", True)
    assert desk.json("contact", "create", "it@acme.example", "--role", "admin")["role"] == "admin"
    desk.open()
    desk.json("contact", "edit", OMAR, "--no-notify", "--language", "none")
    desk.open()
    told = [(notice["ticket"], notice["to"]["address"]) for notice in desk.json("notice", "list")]
    assert told == [(1, SARA), (1, OMAR), (2, SARA)]
    roles = ["--role", "sub", "--role", "admin"]
    assert desk("contact", "list", *roles, "-f", "ids").out.split() == ["it@acme.example", OMAR]


def test_skills_and_absence(desk: Desk) -> None:
    made = desk.json("agent", "create", "eve", "--email", "eve@desk.example", "--skill", "Network,arabic")
    assert list(made)[-2:] == ["skills", "away_since"]
    assert (made["skills"], made["away_since"]) == (["arabic", "network"], None)
    assert desk.json("agent", "edit", "eve", "--skill", "network", "--skill", "vpn")["skills"] == [
        "network", "vpn",
    ]  # fmt: skip
    assert desk("agent", "list", "--skill", "network,VPN", "-f", "ids").out == "eve\n"
    assert desk.json("agent", "edit", "eve", "--skill", "none")["skills"] == []
    assert [agent["login"] for agent in desk.json("agent", "away")] == ["ann"]
    away = desk.json("agent", "away", "eve", "ann")
    assert [(agent["login"], agent["away_since"]) for agent in away] == [
        ("eve", desk.now), ("ann", desk.now),
    ]  # fmt: skip
    assert desk("agent", "list", "--away", "-f", "ids").out.split() == ["ann", "eve"]
    header, ann, *_ = desk("agent", "list").out.splitlines()
    assert ("away" in header, "2026-03-01 09:00:00" in ann) == (True, True)
    assigned = desk("ticket", "assign", desk.open(), "--to", "eve")
    assert (assigned.code, "eve is away, since 2026-03-01 09:00:00 UTC" in assigned.err) == (0, True)
    assert desk("agent", "back", "-", stdin="eve\n").code == 0
    assert desk.json("agent", "back")[0]["away_since"] is None
    assert desk("agent", "list", "--away").out == ""


def test_who_is_no_agent_can_be_neither_away_nor_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    for verb in ("away", "back"):
        assert desk.refused("agent", verb, code=4, who=None)["code"] == "no_agent"
        assert desk.refused("agent", verb, "anna", code=3, who=None)["code"] == "unknown_agent"


def test_the_history_of_a_customer(desk: Desk) -> None:
    """M7."""
    desk.open()
    desk.json("ticket", "create", "--subject", "x", "--from", "y@else.example", "--body", "b")
    desk.json("ticket", "create", "--subject", "x", "--from", OMAR, "--body", "b")
    assert {event["ticket"] for event in desk.log("--org", "acme")} == {1, 3}
    assert {event["ticket"] for event in desk.log("--contact", f"{OMAR},y@else.example")} == {2, 3}
    nobodys = [event["seq"] for event in desk.log() if event["ticket"] == 2]
    assert desk.json("event", "list", "--org", "none", "--count") == {"count": len(nobodys)}
    followed = desk("event", "list", "--org", "none", "--follow", "--limit", "2", "-f", "ids")
    assert followed.out.split() == list(map(str, nobodys[:2]))
    desk.refused("event", "list", "--org", "Acne", code=3)
