"""`ticket escalate`: who may ask and from when on, how far it leads, who owns it and who is told (Z28-30)."""

from __future__ import annotations

from typing import Any

import pytest
from desk import OMAR, SARA, Desk
from test_region import apply, policy

from tests.regional import DOCUMENT

ASK = ("escalate", "--reason", "No answer", "--from", SARA)
LATE = "2026-03-01T13:00:01Z"  # the first late second of an answer within four hours


@pytest.fixture
def ticket(desk: Desk) -> int:
    """Of sara's, on plan gold with priority normal, opened at nine."""
    return desk.open()


def ask(desk: Desk, ticket: int, *more: str, **who: Any) -> dict[str, Any]:
    """Ask as sara; what the record says of the escalation."""
    verb, *words = ASK
    asked: dict[str, Any] = desk.json("ticket", verb, ticket, *words, *more, **who)["escalation"]
    return asked


def refused(desk: Desk, ticket: int, *more: str) -> dict[str, Any]:
    """Ask as sara, too early; the error. What time has done is written before."""
    desk.json("sweep")
    verb, *words = ASK
    error = desk.refused("ticket", verb, ticket, *words, *more, code=4, of=ticket)
    assert error["code"] == "too_early"
    return error


def told(desk: Desk) -> list[tuple[str, str]]:
    """(role, address) of the notices of escalations, the oldest first."""
    notices = desk.json("notice", "list", "--kind", "escalation")
    return [(notice["to"]["role"], notice["to"]["address"]) for notice in notices]


def stages(desk: Desk, ticket: int) -> list[dict[str, Any]]:
    """The events of what people asked for."""
    events = desk.log("--ticket", str(ticket), "--type", "escalated")
    return [event for event in events if "clock" not in event["data"]]


def sound(desk: Desk) -> None:
    """Every row follows from the log."""
    assert desk("db", "check").out == "ok\n"


# -- from when on


@pytest.mark.parametrize(("now", "allowed"), [("12:59:59", False), ("13:00:00", False), ("13:00:01", True)])
def test_a_customer_may_once_the_time_to_answer_has_passed(
    desk: Desk, ticket: int, now: str, allowed: bool
) -> None:
    desk.now = f"2026-03-01T{now}Z"
    if allowed:
        assert ask(desk, ticket, who=None)["level"] == 1
    else:
        error = refused(desk, ticket)
        assert error["details"] == {"allowed_from": LATE}
        assert "2026-03-01 13:00:01" in error["hint"]
        assert "--impact" in error["hint"]
        assert "--unsatisfied" not in error["hint"]
    sound(desk)


def test_a_stated_impact_allows_it_at_once(desk: Desk, ticket: int) -> None:
    asked = ask(desk, ticket, "--impact", " No sales\ntoday ")
    assert asked == {
        "level": 1, "owner": "ann", "since": desk.now, "reason": "No answer", "impact": "No sales today",
    }  # fmt: skip
    assert "unsatisfied" not in stages(desk, ticket)[0]["data"]


def test_unsatisfied_is_who_has_an_answer(desk: Desk, ticket: int) -> None:
    assert "no answer yet" in refused(desk, ticket, "--unsatisfied")["message"]
    desk.json("ticket", "reply", ticket, "--body", "Which one?")
    error = refused(desk, ticket)
    assert "has answered it" in error["message"]
    assert error["details"] == {"allowed_from": None}
    assert "--unsatisfied" in error["hint"]
    assert ask(desk, ticket, "--unsatisfied")["level"] == 1
    assert stages(desk, ticket)[0]["data"]["unsatisfied"] is True
    sound(desk)


def test_after_an_answer_the_next_one_has_its_own_time(desk: Desk, ticket: int) -> None:
    desk.json("ticket", "reply", ticket, "--body", "Which one?")
    desk.now = LATE
    refused(desk, ticket)
    desk.json("ticket", "reply", ticket, "--from", SARA, "--body", "So?")
    assert refused(desk, ticket)["details"] == {"allowed_from": "2026-03-01T17:00:02Z"}
    desk.now = "2026-03-01T17:00:01Z"
    refused(desk, ticket)
    desk.now = "2026-03-01T17:00:02Z"
    assert ask(desk, ticket)["level"] == 1


def test_where_no_answer_is_promised_only_an_impact_counts(desk: Desk) -> None:
    wish = desk.open("--type", "wish")
    desk.later(days=9)
    error = refused(desk, wish)
    assert "no time to answer it is promised" in error["message"]
    assert error["details"] == {"allowed_from": None}
    assert ask(desk, wish, "--impact", "All of us wait")["level"] == 1


def test_an_answer_that_waits_for_nothing_has_no_instant(desk: Desk) -> None:
    """The clock is paused on hold by a policy that says so."""
    plans = policy()["plans"]
    plans["gold"]["pause"] = {"on_hold": ["first_response", "resolution"]}
    apply(desk, plans=plans)
    ticket = desk.open()
    desk.json("ticket", "hold", ticket)
    assert refused(desk, ticket)["details"] == {"allowed_from": None}


@pytest.mark.parametrize(
    ("now", "zone", "allowed"),
    [
        ("2026-03-01T23:59:59Z", "UTC", True),
        ("2026-03-02T00:00:00Z", "UTC", False),
        ("2026-03-01T14:59:59Z", "Asia/Tokyo", True),
        ("2026-03-01T15:00:00Z", "Asia/Tokyo", False),
    ],
)
def test_z29_a_contract_that_ended_refuses_a_customer_not_an_agent(
    desk: Desk, ticket: int, now: str, zone: str, allowed: bool
) -> None:
    """Its last day is one of it, in the zone of the plan's calendar."""
    desk.json("org", "edit", "Acme", "--contract-until", "2026-03-01")
    apply(desk, calendars={"always": {"timezone": zone, "hours": {"all": ["00:00-24:00"]}}})
    desk.now = now
    if allowed:
        assert ask(desk, ticket)["level"] == 1
        return
    desk.json("sweep")
    error = desk.refused("ticket", ASK[0], ticket, *ASK[1:], "--impact", "i", code=4)
    assert (error["code"], error["details"]) == ("contract_over", {"contract_until": "2026-03-01"})
    assert desk.json("ticket", "escalate", ticket, "--reason", "r")["escalation"]["level"] == 1


def test_who_is_no_part_of_the_ticket_may_not(desk: Desk, ticket: int) -> None:
    words = ("ticket", "escalate", ticket, "--reason", "r", "--impact", "i", "--from")
    assert desk.refused(*words, "x@else.example", code=4)["code"] == "not_a_participant"
    assert desk.refused(*words, "ann@desk.example", code=4)["code"] == "agent_address"
    assert desk.json(*words, OMAR)["escalation"]["level"] == 1
    (stage,) = stages(desk, ticket)
    assert stage["actor"] == OMAR
    assert desk.json("contact", "list", "-f", "json") != []
    sound(desk)


def test_who_is_no_agent_may_not_speak_as_support(
    desk: Desk, ticket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    error = desk.refused("ticket", "escalate", ticket, "--reason", "r", code=4, who=None)
    assert error["code"] == "no_agent"
    assert ask(desk, ticket, "--impact", "i", who=None)["owner"] == "ann"


# -- how far, who owns it, who is told


def test_each_asking_leads_one_level_up_and_the_top_stays(desk: Desk) -> None:
    apply(desk, **DOCUMENT)
    desk.json("org", "edit", "Acme", "--country", "AE")
    ticket = desk.open()
    for level, contact, own in ((1, "l1.mea", 1), (2, "l2.mea", 2), (3, "l3", 3), (4, "l3", 3), (4, "l3", 3)):
        asked = desk.json("ticket", "escalate", ticket, "--reason", f"r{level}")["escalation"]
        assert (asked["level"], asked["reason"], asked["since"]) == (level, f"r{level}", desk.now)
        data = stages(desk, ticket)[-1]["data"]
        assert (data["level"], data["contact_level"], data["contacts"][0]["name"]) == (level, own, contact)
        assert data.get("because") == ("level 4 of mea has no contact" if level == 4 else None)
        assert data["region"] == "mea"
    assert told(desk)[3:7] == [
        ("requester", SARA),
        ("owner", "ann@desk.example"),
        ("region", "l2.mea@desk.example"),
        ("region", "l2.africa@desk.example"),
    ]
    assert desk.show(ticket)["version"] == 7
    sound(desk)


def test_without_regions_the_owner_is_told_and_four_levels_are_enough(desk: Desk) -> None:
    apply(desk, regions=None, large_accounts=None, default_region=None)
    ticket = desk.open()
    levels = [
        desk.json("ticket", "escalate", ticket, "--reason", "r")["escalation"]["level"] for _ in range(5)
    ]
    assert levels == [1, 2, 3, 4, 4]
    assert told(desk)[:2] == [("requester", SARA), ("owner", "ann@desk.example")]
    assert "nobody" not in stages(desk, ticket)[0]["data"]


def test_where_nobody_of_the_region_can_be_told_the_stage_says_so(desk: Desk) -> None:
    apply(desk, regions={"europe": {"levels": {1: []}}, "asia": {}})
    ticket = desk.open()
    desk.json("ticket", "escalate", ticket, "--reason", "r")
    assert stages(desk, ticket)[0]["data"]["nobody"] == ["region"]


def test_who_owns_it(desk: Desk) -> None:
    """Who leads the team, else who asks; for a customer else the account manager, the assignee, a lead."""
    first, second, third, fourth, fifth = (desk.open() for _ in range(5))
    desk.json("ticket", "assign", second, "--team", "network")
    desk.json("ticket", "assign", fourth, "--to", "bob")
    escalate = ("ticket", "escalate")

    def owner(ticket: int, *more: str, **who: Any) -> Any:
        return desk.json(*escalate, ticket, "--reason", "r", "--impact", "i", *more, **who)["escalation"][
            "owner"
        ]

    assert owner(first, who="bob") == "bob"  # the ticket is of no team
    assert owner(second, who="bob") == "ann"
    assert owner(fourth, "--from", SARA, who=None) == "ann"  # who leads bob's team
    desk.json("team", "edit", "network", "--lead", "none")
    assert owner(fifth, "--from", SARA, who=None) is not None
    assert owner(third, "--owner", "me", who="bob") == "bob"
    assert owner(third, who="ann") == "bob"  # who owns it goes on
    assert owner(third, "--owner", "ann", who="ann") == "ann"
    assert stages(desk, third)[-1]["data"]["owner"] == {"before": "bob", "after": "ann"}
    sound(desk)


def test_another_owner_is_a_stage_of_its_own(desk: Desk, ticket: int) -> None:
    desk.json("ticket", "escalate", ticket, "--reason", "r")
    before = told(desk)
    asked = desk.json("ticket", "escalate", ticket, "--owner", "bob", who="bob")["escalation"]
    assert (asked["level"], asked["owner"], asked["reason"]) == (1, "bob", "r")
    assert told(desk)[len(before) :] == [("requester", SARA), ("owner", "bob@desk.example")]
    assert stages(desk, ticket)[-1]["data"] == {"owner": {"before": "ann", "after": "bob"}, "level": 1}
    log = desk.log()
    done = desk("ticket", "escalate", ticket, "--owner", "bob")
    assert (done.code, "nothing changed" in done.err, desk.log()) == (0, True, log)
    sound(desk)


def test_what_is_told_in_words(desk: Desk, ticket: int) -> None:
    done = desk("ticket", "escalate", ticket, "--reason", "No light", "--impact", "No sales")
    assert "\nEscalated   to level 1, owner ann, since 2026-03-01 09:00:00\n" in done.out
    assert "\nWhy         No light (impact: No sales)\n" in done.out
    lines = desk("ticket", "log", ticket).out
    assert "escalated: reason No light, impact No sales, owner none -> ann, region europe" in lines
    assert "contacts Desk <desk@europe.example>" in lines
    assert "HD-1 escalated to level 1, owner ann: Router down" in desk("notice", "list").out
    assert desk.show(desk.open())["escalation"] is None


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ((), 2, "empty_reason"),
        (("--reason", " "), 2, "empty_reason"),
        (("--reason", "r", "--impact", ""), 2, "empty_impact"),
        (("--impact", "i"), 2, "empty_reason"),
        (("--owner", "bob"), 2, "empty_reason"),
        (("--owner", "bob", "--unsatisfied"), 2, "empty_reason"),
        (("--reason", "r", "--owner", "bob", "--from", SARA), 2, "usage"),
        (("--reason", "r", "--owner", "zed"), 3, "unknown_agent"),
        (("--reason", "r", "--from", "sara"), 2, "bad_address"),
    ],
)
def test_what_is_not_understood_is_refused(
    desk: Desk, ticket: int, words: tuple[str, ...], code: int, error: str
) -> None:
    assert desk.refused("ticket", "escalate", ticket, *words, code=code, of=ticket)["code"] == error
    assert desk.show(ticket)["escalation"] is None


def test_a_stopped_ticket_has_to_be_open_again_first(desk: Desk, ticket: int) -> None:
    desk.json("ticket", "resolve", ticket)
    hint = desk.refused("ticket", "escalate", ticket, "--reason", "r", code=4)["hint"]
    assert hint == f"helpdesk ticket reopen {ticket}"
    hint = desk.refused("ticket", ASK[0], ticket, *ASK[1:], "--impact", "i", code=4)["hint"]
    assert hint == f"helpdesk ticket reply {ticket} --from EMAIL"
    desk.json("ticket", "reply", ticket, "--from", SARA, "--body", "Not at all")
    assert ask(desk, ticket, "--impact", "i")["level"] == 1
    desk.json("ticket", "resolve", ticket)
    assert desk.show(ticket)["escalation"]["level"] == 1
    error = desk.refused("ticket", "escalate", ticket, "--owner", "bob", code=4)
    assert (error["code"], error["hint"]) == ("transition", f"helpdesk ticket reopen {ticket}")


def test_a_merged_ticket_is_not_escalated(desk: Desk, ticket: int) -> None:
    other = desk.open()
    desk.json("ticket", "merge", ticket, other)
    assert desk.refused("ticket", "escalate", ticket, "--reason", "r", code=4)["code"] == "merged"


def test_a_level_of_a_plan_tells_the_region(desk: Desk) -> None:
    plans = policy()["plans"]
    plans["gold"]["escalation"] = [
        {"level": 2, "clock": "first_response", "at": "0m", "notify": ["team_lead", "region"]}
    ]
    apply(desk, plans=plans)
    desk.json("org", "edit", "Acme", "--country", "FR")
    ticket = desk.open()
    desk.now = LATE
    swept = desk.json("sweep")
    assert [entry["told"] for entry in swept["escalated"]] == [1]
    assert told(desk) == [("region", "paris@europe.example")]
    (event,) = desk.log("--ticket", str(ticket), "--type", "escalated")
    assert event["data"]["because"] == "level 2 of europe has no contact"
    desk.json("org", "edit", "Acme", "--country", "DE", "--region", "asia")
    apply(desk, plans=plans, regions={"europe": {}, "asia": {}})
    assert desk.log("--ticket", str(ticket), "--type", "escalated") == [event]
    sound(desk)
