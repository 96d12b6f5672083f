"""What an asked escalation makes of a ticket, how far up it leads, and that it is no work of time (Z28)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from life import MONDAY, Life, gold

from helpdesk_cli.domain import asking
from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.history import record
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.replay import replay
from helpdesk_cli.domain.tickets import Escalation
from helpdesk_cli.errors import RefusedError


def ask(life: Life, level: int, after: timedelta = timedelta(), **data: Any) -> None:
    """An event of ann's, so long after the last."""
    life.pass_time(life.now + after)
    event = Event("escalated", life.now, "ann", life.now, data, level=level)
    life.ticket, written = record(life.ticket, event, life.rules)
    life.log += written


def owner(before: str | None, after: str | None) -> dict[str, Any]:
    return {"before": before, "after": after}


def replayed(life: Life) -> list[str]:
    """What a replay of the log says; it makes the same ticket."""
    log = [event._replace(seq=n) for n, event in enumerate(life.log, 1)]
    ticket, problems = replay(1, log, life.rules)
    assert ticket == life.ticket
    return problems


def test_the_stages_make_the_state() -> None:
    life = Life(gold())
    assert life.ticket.escalation is None
    ask(life, 1, reason="slow", impact="no sales", owner=owner(None, "ann"))
    since = life.now
    assert life.ticket.escalation == Escalation(1, "ann", since, "slow", "no sales")
    ask(life, 1, timedelta(minutes=1), owner=owner("ann", "bob"))
    assert life.ticket.escalation == Escalation(1, "bob", since, "slow", "no sales")
    ask(life, 2, timedelta(minutes=1), reason="slower")
    assert life.ticket.escalation == Escalation(2, "bob", since, "slower", None)
    assert [event.level for event in life.log if event.type == "escalated"] == [1, 1, 2]
    assert replayed(life) == []


def test_it_is_an_edit_that_moves_no_clock() -> None:
    life = Life(gold())
    before = life.ticket
    ask(life, 1, timedelta(minutes=5), reason="slow", owner=owner(None, "ann"))
    assert life.ticket.version == before.version + 1
    assert life.ticket.updated_at == life.now > before.updated_at
    assert life.ticket.clocks == before.clocks
    assert life.ticket.status == before.status


def test_a_level_of_the_plan_that_was_not_due_is_still_found() -> None:
    """Only what names no clock was asked for."""
    life = Life(gold(escalation=[{"level": "1", "clock": "resolution", "at": "0m", "notify": ["ann"]}]))
    forged = Event("escalated", life.now, "ann", life.now, {"at": "0m"}, None, "resolution", 1, 1)
    life.ticket, written = record(life.ticket, forged, life.rules)
    life.log += written
    assert any("stands where" in line for line in replayed(life))


def test_what_time_owed_before_it_is_missed() -> None:
    life = Life(gold())
    life.now += timedelta(hours=2)  # the first response was due within one
    event = Event("escalated", life.now, "ann", life.now, {"reason": "slow"}, level=1)
    life.ticket, written = record(life.ticket, event, life.rules)
    life.log += written
    assert "is missing before event" in replayed(life)[0]


@pytest.mark.parametrize(
    ("levels", "reached", "following"),
    [
        ({}, 0, 1), ({}, 3, 4), ({}, 4, 4), ({}, 7, 7), ({"1": [], "2": []}, 1, 2),
        ({"1": [], "2": []}, 2, 2), ({"1": []}, 4, 4), ({"9": []}, 8, 9), ({"9": []}, 9, 9),
    ],
)  # fmt: skip
def test_one_level_up_and_never_past_the_top_nor_down(
    levels: dict[str, Any], reached: int, following: int
) -> None:
    """A policy may have fewer levels than the one before."""
    known = gold()
    document = {**known.document, "regions": {"all": {"levels": levels}}}
    life = Life(Policy(1, known.at, document, "2026a"))
    if reached:
        ask(life, reached, reason="r")
    assert asking.next_level(life.ticket, life.rules.get(1)) == following


@pytest.mark.parametrize(
    ("until", "allowed"), [(None, True), ("2026-03-02", True), ("2026-03-03", True), ("2026-03-01", False)]
)
def test_a_contract_counts_to_its_last_day(until: str | None, allowed: bool) -> None:
    today = date.fromisoformat(MONDAY[:10])
    if allowed:
        asking.require_contract("Acme", until, today)
        return
    with pytest.raises(RefusedError, match="of Acme ended on 2026-03-01"):
        asking.require_contract("Acme", until, today)


def test_an_unanswered_ticket_of_support_promises_no_time() -> None:
    """Opened for a customer who wrote nothing yet: there is no time to answer, and no answer."""
    life = Life(gold(), message=False, on_behalf=True)
    with pytest.raises(RefusedError) as refused:
        asking.require_time(life.ticket, life.rules, impact=False, unsatisfied=True)
    assert "no time to answer it is promised" in refused.value.message
    asking.require_time(life.ticket, life.rules, impact=True, unsatisfied=False)
