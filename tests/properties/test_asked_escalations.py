"""Random lives of tickets that people escalate, where levels tell the region: any cadence of sweeps
gives them the same events, and every row follows from these."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import escalating, orgs
from tests.lives import START, Desk, act, policy, quick_folder, script, told
from tests.regional import DOCUMENT

if TYPE_CHECKING:
    from datetime import datetime

TICKETS, DAYS = 6, 6
SENDERS = (None, "c@acme.example", "c@acme.example", "x@else.example")


def document() -> dict[str, Any]:
    known = {**policy(), **DOCUMENT}
    for plan in known["plans"].values():
        plan["escalation"] = [{**each, "notify": [*each["notify"], "region"]} for each in plan["escalation"]]
    return known


def asks(seed: int) -> list[tuple[datetime, int, dict[str, Any]]]:
    """(instant, ticket, what is said): by an agent, the customer or a stranger; early and late."""
    dice = random.Random(seed)
    return [
        (
            START + timedelta(seconds=dice.randrange(DAYS * 86400)),
            dice.randint(1, TICKETS),
            {
                "reason": f"r{n}",
                "impact": dice.choice((None, None, "i")),
                "unsatisfied": dice.choice((True, False)),
                "sender": dice.choice(SENDERS),
            },
        )
        for n in range(40)
    ]


def live(desk: Desk, seed: int, every: timedelta | None) -> datetime:
    end = START + timedelta(days=DAYS)
    steps: list[tuple[datetime, int, Any]] = [
        (at, 0, rest) for at, *rest in script(seed, TICKETS, DAYS) if at <= end
    ]
    steps += [(at, 1, (ticket, said)) for at, ticket, said in asks(seed)]
    tick = START
    for at, asked, rest in sorted(steps, key=lambda step: step[:2]):
        while every is not None and tick < at:
            desk.sweep(tick)
            tick += every
        if not asked:
            act(desk, at, *rest)
            continue
        with suppress(HelpdeskError):
            desk.at(at, escalating.escalate, rest[0], **rest[1])
    return end


def history(seed: int, every: timedelta | None) -> list[list[tuple[Any, ...]]]:
    """What happened to each ticket of a desk that was swept so often."""
    with quick_folder() as folder:
        desk = Desk(folder, document())
        desk.at(START, orgs.create_org, "Acme", {"country": "FR"}, ["acme.example"])
        end = live(desk, seed, every) + timedelta(days=2)
        desk.sweep(end)
        assert desk.problems(end) == []
        return [[told(each) for each in desk.log(ticket, end)] for ticket in range(1, TICKETS + 1)]


@pytest.mark.parametrize("seed", range(2))
def test_any_cadence_gives_the_same_stages(seed: int) -> None:
    often, never = history(seed, timedelta(hours=5)), history(seed, None)
    assert often == never
    every_event = [event for history in often for event in history if event[0] == "escalated"]
    by_time = [data for _, _, actor, data in every_event if actor == "sweep"]
    by_people = [data for _, _, actor, data in every_event if actor != "sweep"]
    assert {actor for _, _, actor, _ in every_event} == {"sweep", "ann", "c@acme.example"}
    assert all(data["region"] == "europe" for data in by_time + by_people)
    assert len({data["level"] for data in by_people}) > 1
