"""What an escalation level changes, and what it cannot (`sla.md 6`)."""

from __future__ import annotations

from typing import Any

import pytest
from life import HOUR, Life
from march import born, march, plans

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.escalation import raised
from helpdesk_cli.domain.plans import Policy

ROW = {"resolution": "8h"}


def escalate(life: Life, at: str = "02 14:00", **does: Any) -> dict[str, Any]:
    """The data of the event that a level with `does` becomes at half of the target."""
    document = life.rules.get(1).document
    document["plans"]["gold"]["escalation"] = [{"level": "1", "clock": "resolution", "at": " 50% ", **does}]
    life.rules.policies[1] = Policy(1, march("01 00:00"), document, "2026a")
    life.pass_time(march(at))
    (event,) = [event for event in life.log if event.type == "escalated"]
    return dict(event.data)


def ticket(priority: str = "normal", **rows: Any) -> Life:
    """Priorities are high, normal, low; each covered unless said otherwise."""
    return born(plans(**{"normal": ROW, "high": ROW, "low": ROW, **rows}), priority=priority)


def test_it_says_where_it_stands_and_whom_it_notifies() -> None:
    assert escalate(ticket(), notify=["assignee", "team_lead"]) == {
        "at": "50%",
        "notify": ["assignee", "team_lead"],
    }


@pytest.mark.parametrize(
    ("priority", "wanted", "after", "why"),
    [
        ("low", "+1", "normal", None),
        ("low", "+2", "high", None),
        ("normal", "+1", "high", None),
        ("high", "+1", "high", "priority high is the most urgent"),
        ("low", "+9", "high", "priority high is the most urgent"),
        ("low", "high", "high", None),
        ("low", "normal", "normal", None),
        ("normal", "normal", "normal", "priority is normal already, at least as urgent as normal"),
        ("high", "low", "high", "priority is high already, at least as urgent as low"),
    ],
)
def test_a_priority_is_raised_never_past_the_top_and_never_lowered(
    priority: str, wanted: str, after: str, why: str | None
) -> None:
    life = ticket(priority)
    data = escalate(life, set={"priority": wanted})
    assert data.get("not_done") == ([why] if why else None)
    assert data.get("priority") == ({"before": priority, "after": after} if after != priority else None)
    assert life.ticket.priority == after


@pytest.mark.parametrize("wanted", ["+1", "+2", "high"])
def test_never_into_a_priority_that_the_plan_does_not_cover(wanted: str) -> None:
    life = ticket(high="none")
    data = escalate(life, set={"priority": wanted})
    assert data["not_done"] == ["plan gold does not cover priority high"]
    assert life.ticket.priority == "normal"


def test_it_does_not_skip_over_one_but_goes_as_far_as_it_can() -> None:
    skipping = ticket("low", normal="none")
    assert escalate(skipping, set={"priority": "+2"})["not_done"] == [
        "plan gold does not cover priority normal"
    ]
    assert skipping.ticket.priority == "low"
    far = ticket("low", high="none")
    data = escalate(far, set={"priority": "+2"})
    assert data["priority"] == {"before": "low", "after": "normal"}
    assert data["not_done"] == ["plan gold does not cover priority high"]


def test_a_priority_by_name_goes_straight_there() -> None:
    life = ticket("low", normal="none")
    assert raised(life.ticket, "high", life.rules.get(1)) == ("high", None)
    assert raised(life.ticket, 1, life.rules.get(1)) == ("low", "plan gold does not cover priority normal")


def test_a_row_without_a_target_is_not_covered() -> None:
    life = ticket(high={"resolution": "none"})
    assert raised(life.ticket, 1, life.rules.get(1)) == ("normal", "plan gold does not cover priority high")


def test_it_assigns_to_an_agent_there_is() -> None:
    life = ticket()
    assert escalate(life, set={"assignee": "ann"})["assignee"] == {"before": None, "after": "ann"}
    assert life.ticket.assignee == "ann"
    assert life.ticket.status == "open"


def test_it_says_whom_there_is_not() -> None:
    life = ticket()
    data = escalate(life, set={"assignee": "zoe", "team": "night", "tags": ["hot"]})
    assert data["not_done"] == ["assignee zoe is unknown", "team night is unknown"]
    assert "assignee" not in data
    assert (life.ticket.assignee, life.ticket.team, life.ticket.tags) == (None, None, ("hot",))


@pytest.mark.parametrize(
    ("notify", "nobody"),
    [
        (["assignee", "team_lead", "account_manager"], None),
        (["ann", "night"], None),
        (["zed"], ["zed"]),
        (["team", "Ann", "night", "zed"], ["Ann", "zed"]),
    ],
)
def test_it_says_which_names_nobody_has(notify: list[str], nobody: list[str] | None) -> None:
    """A role is none of them: who has it may be found in the ticket."""
    life = ticket()
    life.rules.has_team = lambda name: name == "night"  # type: ignore[method-assign]
    data = escalate(life, notify=notify)
    assert (data["notify"], data.get("nobody")) == (notify, nobody)


def test_it_gives_the_ticket_to_a_team() -> None:
    life = ticket()
    life.rules.has_team = lambda name: name == "night"  # type: ignore[method-assign]
    assert escalate(life, set={"team": "night"})["team"] == {"before": None, "after": "night"}
    assert (life.ticket.team, life.ticket.assignee) == ("night", None)


def test_what_it_does_not_name_stays() -> None:
    life = ticket()
    both = {"assignee": {"before": None, "after": "ann"}, "team": {"before": None, "after": "night"}}
    life.event(march("02 10:10"), "assigned", **both)
    assert escalate(life, set={"tags": ["hot"]}).keys() == {"at", "notify", "tags"}
    assert (life.ticket.assignee, life.ticket.team) == ("ann", "night")


def test_it_adds_tags_in_order_and_each_once() -> None:
    life = born(plans(normal=ROW), tags=["vip", "cold"])
    data = escalate(life, set={"tags": ["hot", "vip"]})
    assert data["tags"] == {"before": ["vip", "cold"], "after": ["cold", "hot", "vip"]}
    assert life.ticket.tags == ("cold", "hot", "vip")


def test_what_is_so_already_is_no_change() -> None:
    life = born(plans(normal=ROW), tags=["hot"])
    life.event(march("02 10:10"), "assigned", assignee={"before": None, "after": "ann"})
    version = life.ticket.version
    assert escalate(life, set={"assignee": "ann", "tags": "hot"}) == {"at": "50%", "notify": []}
    assert life.ticket.version == version


CHANGES = [
    ({"notify": ["assignee"]}, 0),
    ({"set": {"priority": "+1"}}, 1),
    ({"set": {"assignee": "ann"}}, 1),
    ({"set": {"team": "night"}}, 1),
    ({"set": {"tags": ["hot"]}}, 1),
    ({"set": {"assignee": "nobody"}}, 0),
]


@pytest.mark.parametrize(("does", "change"), CHANGES)
def test_an_escalation_that_changes_the_ticket_is_an_edit_of_it(does: dict[str, Any], change: int) -> None:
    life = ticket()
    life.rules.has_team = lambda name: name == "night"  # type: ignore[method-assign]
    before = life.ticket
    escalate(life, **does)
    assert life.ticket.version - before.version == change
    assert life.ticket.updated_at == (march("02 14:00") if change else before.updated_at)
    assert life.ticket.last_at == march("02 14:00")


def test_a_raised_priority_counts_from_the_start_on_its_own_calendar() -> None:
    """`office` opens at 10:00; half of eight hours from 08:00 on are used up at 12:00."""
    own = {"resolution": {"limit": "8h", "calendar": "office"}}
    life = born(plans(normal=ROW, high=own, retroactive=False), at="02 08:00")
    escalate(life, "02 12:00", set={"priority": "+1"})
    resolution = life.ticket.clock("resolution", 1)
    assert resolution is not None
    assert clocks.elapsed(resolution, march("02 12:00"), life.rules) == 2 * HOUR
