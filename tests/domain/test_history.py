"""How events make a ticket (`sla.md 1, 2`): its dates, its version, its numbered log, and the proof of it."""

from __future__ import annotations

from typing import Any

import pytest
from life import Life
from march import agent, born, customer, edit, march, plans, reset, status

from helpdesk_cli.domain.events import TYPES, UNVERSIONED, Event
from helpdesk_cli.domain.history import begin, record
from helpdesk_cli.domain.replay import replay


def changed(life: Life, *names: str) -> dict[str, Any]:
    return {name: getattr(life.ticket, name) for name in names}


def say(life: Life, at: str, by: str) -> None:
    """A public message that changes no status by itself."""
    life.event(march(at), "message", message=1, by=by)


# -- the beginning --------------------------------------------------------------------------------


def test_a_created_event_describes_the_whole_ticket() -> None:
    data = {
        "requester": 7,
        "org": 3,
        "plan": "gold",
        "priority": "low",
        "category": "network",
        "type": "wish",
        "channel": "email",
        "tags": ["a", "b"],
        "policy": 1,
        "on_behalf": True,
    }
    ticket = begin(5, Event("created", march("02 10:00"), "ann", march("02 10:01"), data))
    assert (ticket.id, ticket.requester, ticket.org, ticket.plan) == (5, 7, 3, "gold")
    assert (ticket.priority, ticket.category, ticket.type) == ("low", "network", "wish")
    assert (ticket.channel, ticket.tags, ticket.policy_version) == ("email", ("a", "b"), 1)
    assert (ticket.on_behalf, ticket.status) == (True, "open")
    assert {ticket.created_at, ticket.updated_at, ticket.last_at} == {march("02 10:00")}
    assert (ticket.version, ticket.n) == (0, 0)


def test_the_first_event_counts_as_the_first_version() -> None:
    life = born(message=False)
    assert (life.ticket.version, life.ticket.n) == (1, 2)
    assert (life.ticket.wait_at, life.ticket.wait_n) == (march("02 10:00"), 1)


# -- numbers and causes ---------------------------------------------------------------------------


def test_events_are_numbered_on_their_consequences_right_behind_them() -> None:
    life = born()
    agent(life, "02 10:30", "waiting_customer")
    assert [event.n for event in life.log] == list(range(1, len(life.log) + 1))
    assert life.ticket.n == len(life.log)


def test_a_consequence_happens_with_its_cause_and_by_the_same_hand() -> None:
    life = born(message=False)
    cause = Event("message", march("02 10:30"), "customer", march("02 10:31"), {"by": "customer"}, 9)
    _, (written, started) = record(life.ticket, cause, life.rules)
    assert written == cause._replace(n=3)
    assert (started.type, started.clock, started.instance, started.n) == (
        "clock_started",
        "first_response",
        1,
        4,
    )
    assert (started.at, started.recorded_at) == (march("02 10:30"), march("02 10:31"))
    assert (started.actor, started.contact, started.level, started.seq) == ("customer", 9, 0, 0)


def test_an_event_that_means_nothing_to_the_ticket_is_kept_all_the_same() -> None:
    life = born()
    before = life.ticket
    life.event(march("02 10:30"), "linked", to=4)
    assert life.log[-1].type == "linked"
    assert life.ticket == before._replace(
        n=before.n + 1, last_at=march("02 10:30"), updated_at=march("02 10:30"), version=before.version + 1
    )


@pytest.mark.parametrize("type_", sorted({*TYPES} - {*UNVERSIONED} - {"created", "escalated"}))
def test_what_is_done_to_a_ticket_makes_another_version_of_it(type_: str) -> None:
    life = born()
    data = {"by": "agent", "before": "open", "after": "in_progress"}
    before = life.ticket
    life.event(march("02 10:30"), type_, **data)
    assert life.ticket.version == before.version + 1
    assert (life.ticket.updated_at, life.ticket.last_at) == (march("02 10:30"), march("02 10:30"))


def test_what_the_clocks_do_by_themselves_does_not() -> None:
    life = born(plans(), plans(2, "02 12:00"))
    before = life.ticket
    life.pass_time(march("02 13:00"))
    reset(life, "02 13:30", "resolution")
    assert {event.type for event in life.log[4:]} == {
        "clock_warned",
        "clock_breached",
        "policy_applied",
        "clock_reset",
        "clock_started",
    }
    assert (life.ticket.version, life.ticket.updated_at) == (before.version, before.updated_at)
    assert life.ticket.last_at == march("02 13:30")


# -- messages -------------------------------------------------------------------------------------


def test_the_dates_of_messages() -> None:
    life = born()
    customer(life, "02 10:20")
    assert changed(life, "first_customer_at", "last_customer_message_at", "unanswered_since") == {
        "first_customer_at": march("02 10:00"),
        "last_customer_message_at": march("02 10:20"),
        "unanswered_since": march("02 10:00"),
    }
    agent(life, "02 10:30")
    agent(life, "02 10:40")
    assert changed(life, "first_responded_at", "last_agent_message_at", "unanswered_since") == {
        "first_responded_at": march("02 10:30"),
        "last_agent_message_at": march("02 10:40"),
        "unanswered_since": None,
    }
    customer(life, "02 11:00")
    customer(life, "02 11:10")
    assert changed(life, "first_responded_at", "unanswered_since", "first_customer_at") == {
        "first_responded_at": march("02 10:30"),
        "unanswered_since": march("02 11:00"),
        "first_customer_at": march("02 10:00"),
    }


def test_an_agent_s_message_before_the_customer_s_first_is_no_first_response() -> None:
    life = born(message=False, on_behalf=True)
    say(life, "02 10:10", "agent")
    assert life.ticket.first_responded_at is None
    customer(life, "02 10:20")
    agent(life, "02 10:30")
    assert life.ticket.first_responded_at == march("02 10:30")


def test_an_opening_text_is_a_message_but_promises_no_update() -> None:
    life = born(message=False, on_behalf=True)
    life.event(march("02 10:00"), "message", message=1, by="agent", opening=True)
    assert life.ticket.last_agent_message_at == march("02 10:00")
    assert [clock.name for clock in life.ticket.clocks] == ["resolution"]
    assert life.ticket.wait_n == life.log[-1].n


def test_an_answer_to_a_stopped_ticket_answers_but_promises_no_update() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    say(life, "02 11:00", "agent")
    assert life.ticket.unanswered_since is None
    assert "update" not in {clock.name for clock in life.ticket.clocks if clock.going}
    assert (life.ticket.first_responded_at, life.ticket.status) == (march("02 11:00"), "resolved")


def test_a_wait_begins_with_a_public_message_or_a_status() -> None:
    life = born()
    waits = []
    for step in (
        lambda: say(life, "02 10:10", "agent"),
        lambda: say(life, "02 10:20", "customer"),
        lambda: status(life, "02 10:30", "in_progress"),
        lambda: life.event(march("02 10:40"), "note", message=1),
        lambda: edit(life, "02 10:45", category="x"),
    ):
        step()
        waits.append((life.ticket.wait_at, life.ticket.wait_n == life.ticket.n))
    assert [at for at, _ in waits] == [march(f"02 10:{minute}") for minute in (10, 20, 30, 30, 30)]
    assert life.log[life.ticket.wait_n - 1].type == "status_changed"


# -- statuses -------------------------------------------------------------------------------------


def test_resolved_then_closed_each_keep_their_own_date() -> None:
    life = born()
    status(life, "02 11:00", "resolved")
    assert changed(life, "resolved_at", "first_resolved_at", "closed_at", "closed_by") == {
        "resolved_at": march("02 11:00"),
        "first_resolved_at": march("02 11:00"),
        "closed_at": None,
        "closed_by": None,
    }
    life.event(march("02 12:00"), "status_changed", before="resolved", after="closed", reason="duplicate")
    assert changed(life, "resolved_at", "closed_at", "closed_by", "close_reason", "reopened_count") == {
        "resolved_at": march("02 11:00"),
        "closed_at": march("02 12:00"),
        "closed_by": "ann",
        "close_reason": "duplicate",
        "reopened_count": 0,
    }


def test_closed_at_once_it_is_resolved_at_that_instant_too() -> None:
    life = born()
    status(life, "02 11:00", "closed")
    assert changed(life, "resolved_at", "first_resolved_at", "closed_at", "close_reason") == {
        "resolved_at": march("02 11:00"),
        "first_resolved_at": march("02 11:00"),
        "closed_at": march("02 11:00"),
        "close_reason": None,
    }


def test_a_customer_who_closes_is_told_of_as_the_customer() -> None:
    life = born()
    data = {"before": "open", "after": "closed"}
    closed = Event("status_changed", march("02 11:00"), "c@acme.example", march("02 11:00"), data, 1)
    assert record(life.ticket, closed, life.rules)[0].closed_by == "customer"


def test_reopening_clears_the_current_dates_and_keeps_the_first_resolution() -> None:
    life = born()
    life.event(march("02 11:00"), "status_changed", before="open", after="closed", reason="done")
    status(life, "02 12:00", "open")
    assert changed(life, "resolved_at", "closed_at", "closed_by", "close_reason") == dict.fromkeys(
        ("resolved_at", "closed_at", "closed_by", "close_reason")
    )
    assert life.ticket.reopened_count == 1
    status(life, "02 13:00", "resolved")
    assert (life.ticket.resolved_at, life.ticket.first_resolved_at) == (march("02 13:00"), march("02 11:00"))
    status(life, "02 14:00", "in_progress")
    assert life.ticket.reopened_count == 2


def test_the_first_four_statuses_are_no_reopening() -> None:
    life = born()
    status(life, "02 11:00", "resolved")
    status(life, "02 12:00", "open")
    for minute, to in enumerate(("in_progress", "waiting_customer", "on_hold", "open"), 10):
        status(life, f"02 12:{minute}", to)
    assert life.ticket.reopened_count == 1
    life.event(march("02 13:00"), "status_changed", before="open", after="closed", reason="done")
    assert changed(life, "reopened_count", "first_resolved_at", "close_reason") == {
        "reopened_count": 1,
        "first_resolved_at": march("02 11:00"),
        "close_reason": "done",
    }


def test_only_a_hold_has_an_end() -> None:
    life = born()
    until = {"until": "2026-03-03T10:00:00Z"}
    life.event(march("02 11:00"), "status_changed", before="open", after="on_hold", **until)
    assert life.ticket.hold_until == march("03 10:00")
    assert life.log[life.ticket.hold_n - 1].data["until"] == until["until"]
    life.event(march("02 12:00"), "status_changed", before="on_hold", after="on_hold", until=None)
    assert (life.ticket.hold_until, life.ticket.hold_n) == (None, 0)
    for to in ("waiting_customer", "in_progress"):
        life.event(march("02 13:00"), "status_changed", before="on_hold", after=to, **until)
        assert (life.ticket.hold_until, life.ticket.hold_n) == (None, 0)


# -- edits ----------------------------------------------------------------------------------------


def test_edits_of_every_field() -> None:
    life = born(plans(silver={"calendar": "always", "normal": {"resolution": "9h"}}))
    edit(life, "02 10:10", priority="high", category="net", type="incident", plan="silver")
    assert changed(life, "priority", "category", "type", "plan") == {
        "priority": "high",
        "category": "net",
        "type": "incident",
        "plan": "silver",
    }
    edit(life, "02 10:20", category=None, type=None)
    assert (life.ticket.category, life.ticket.type) == (None, None)


def test_an_edit_of_the_requester_s_organisation() -> None:
    life = born()
    life.event(march("02 10:10"), "edited", org={"before": None, "after": "Acme"}, org_id=4)
    assert life.ticket.org == 4
    life.event(march("02 10:20"), "edited", subject={"before": "a", "after": "b"})
    assert life.ticket.org == 4
    life.event(march("02 10:30"), "edited", org={"before": "Acme", "after": None}, org_id=None)
    assert life.ticket.org is None


def test_who_works_on_it() -> None:
    life = born()
    both = {"assignee": {"before": None, "after": "ann"}, "team": {"before": None, "after": "night"}}
    life.event(march("02 10:10"), "assigned", **both)
    assert (life.ticket.assignee, life.ticket.team) == ("ann", "night")
    life.event(march("02 10:20"), "assigned", assignee={"before": "ann", "after": None})
    assert (life.ticket.assignee, life.ticket.team) == (None, "night")
    life.event(march("02 10:30"), "assigned", team={"before": "night", "after": None})
    assert life.ticket.team is None


def test_tags() -> None:
    life = born(tags=["old"])
    life.event(march("02 10:10"), "tagged", tags={"before": ["old"], "after": ["new", "old"]})
    assert life.ticket.tags == ("new", "old")
    life.event(march("02 10:20"), "tagged")
    assert life.ticket.tags == ("new", "old")


# -- the proof ------------------------------------------------------------------------------------


def lived() -> Life:
    """Messages, a hold that ends, a breach, a level, a policy version, a closure."""
    silence = {"after": "48h", "remind_after": "24h"}
    levels = [{"level": "1", "clock": "resolution", "at": "50%", "set": {"priority": "+1"}}]
    terms = {"high": {"resolution": "20h"}, "auto_close": silence, "escalation": levels}
    life = born(plans(**terms), plans(2, "02 11:30", **terms))
    life.event(
        march("02 10:30"), "status_changed", before="open", after="on_hold", until="2026-03-02T12:00:00Z"
    )
    agent(life, "02 15:00", "waiting_customer")
    customer(life, "03 10:00")
    agent(life, "03 11:00", "waiting_customer")
    life.pass_time(march("09 10:00"))
    return life


def proof(life: Life, log: list[Event]) -> list[str]:
    return replay(1, [event._replace(seq=100 + event.n) for event in log], life.rules)[1]


def test_a_ticket_is_made_again_from_its_log() -> None:
    life = lived()
    assert life.ticket.status == "closed"
    assert replay(1, life.log, life.rules) == (life.ticket, [])
    assert replay(1, [], life.rules) == (None, [])


def test_every_instant_or_number_that_is_wrong_is_told() -> None:
    life = lived()
    for index, event in enumerate(life.log):
        for wrong in (event._replace(n=event.n + 1), event._replace(at=event.at.replace(year=2025))):
            log = [*life.log]
            log[index] = wrong
            assert index == 0 or proof(life, log), wrong


def test_what_is_told_of_a_log_that_does_not_add_up() -> None:
    life = born()
    agent(life, "02 10:30")
    life.pass_time(march("02 17:00"))
    one, two, three, four, five, *rest = life.log
    assert proof(life, [one, three, four, five, *rest])[0] == "event 103 is number 3 after number 1"
    assert "before event 103 a clock_started of resolution is missing" in proof(life, [one, three])
    assert proof(life, [one, two, three]) == ["at the end a clock_started of first_response is missing"]
    odd = two._replace(clock="update")
    assert proof(life, [one, odd, three, four])[0] == "event 102 (clock_started update) does not follow"
    early = five._replace(at=march("02 09:00"))
    assert "event 105 is earlier than the one before it" in proof(life, [one, two, three, four, early])
