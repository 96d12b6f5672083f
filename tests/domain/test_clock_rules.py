"""What the events of a ticket do to its clocks (`sla.md 2, 3`), rule by rule."""

from __future__ import annotations

import pytest
from life import HOUR
from march import (
    FOUR,
    agent,
    born,
    clock,
    customer,
    did,
    due,
    edit,
    elapsed,
    march,
    paused,
    plans,
    states,
    status,
)

from helpdesk_cli.domain import clocks

# -- what starts and stops a clock (3) ------------------------------------------------------------


def test_a_customer_s_ticket_starts_resolution_at_its_creation_and_first_response_at_the_message() -> None:
    life = born(message=False)
    assert did(life) == ["02 10:00 started resolution"]
    customer(life, "02 10:20")
    assert did(life, "02 10:20") == ["02 10:20 started first_response"]
    assert due(life) == march("02 18:00")
    assert due(life, "first_response") == march("02 11:20")


def test_what_a_started_clock_is_told_of() -> None:
    life = born()
    started = [event for event in life.log if event.type == "clock_started"]
    assert [event.data for event in started] == [
        {"start": "2026-03-02T10:00:00Z", "target_seconds": 8 * HOUR},
        {"start": "2026-03-02T10:00:00Z", "target_seconds": HOUR},
    ]
    assert clock(life, "resolution").changed_at is None


def test_a_clock_starts_with_its_goal_its_limit_and_its_warning() -> None:
    life = born(plans(normal={"first_response": "10m..30m", "resolution": {"limit": "4h", "warn": "1h"}}))
    response, resolution = clock(life, "first_response"), clock(life, "resolution")
    assert (response.goal, response.limit, response.warn) == (600, 1_800, 600)
    assert (resolution.goal, resolution.limit, resolution.warn) == (None, 4 * HOUR, 3 * HOUR)


def test_a_public_agent_message_meets_the_response_and_starts_the_update() -> None:
    life = born()
    agent(life, "02 10:30")
    assert did(life, "02 10:30") == ["02 10:30 met first_response", "02 10:30 started update"]
    assert clock(life, "first_response").met_at == march("02 10:30")
    assert states(life) == {"first_response": "met", "update": "running", "resolution": "running"}


@pytest.mark.parametrize(
    ("when", "state"), [("02 10:59:59", "met"), ("02 11:00", "met"), ("02 11:00:01", "breached")]
)
def test_an_answer_is_in_time_up_to_the_limit_itself(when: str, state: str) -> None:
    life = born()
    agent(life, when)
    assert clock(life, "first_response").state == state


def test_a_note_and_a_status_are_never_a_response() -> None:
    life = born()
    life.event(march("02 10:10"), "note", message=1)
    status(life, "02 10:20", "in_progress")
    life.event(march("02 10:30"), "tagged", tags={"before": [], "after": ["hot"]})
    life.event(march("02 10:40"), "assigned", assignee={"before": None, "after": "ann"})
    assert did(life, "02 10:01") == []
    assert states(life) == {"first_response": "running", "resolution": "running"}


def test_an_agent_s_opening_text_starts_no_clock_but_resolution() -> None:
    life = born(message=False, on_behalf=True)
    life.event(march("02 10:00"), "message", message=1, by="agent", opening=True)
    assert did(life) == ["02 10:00 started resolution"]
    customer(life, "02 10:15")
    assert did(life, "02 10:15") == ["02 10:15 started first_response"]


def test_an_agent_s_message_before_the_customer_s_first_answers_nothing() -> None:
    life = born(message=False, on_behalf=True)
    agent(life, "02 10:10")
    customer(life, "02 10:20")
    agent(life, "02 10:30")
    customer(life, "02 10:40")
    assert did(life, "02 10:01") == [
        "02 10:10 started update",
        "02 10:20 cancelled update",
        "02 10:20 started first_response",
        "02 10:30 met first_response",
        "02 10:30 started update/2",
        "02 10:40 cancelled update/2",
        "02 10:40 started next_response",
    ]


def test_the_next_response_waits_for_the_oldest_message_not_yet_answered() -> None:
    """One instance per wait; a second message does not restart it."""
    life = born()
    agent(life, "02 10:30")
    for when in ("02 11:00", "02 11:30"):
        customer(life, when)
    agent(life, "02 12:30")
    customer(life, "02 13:00")
    assert did(life, "02 11:00") == [
        "02 11:00 cancelled update",
        "02 11:00 started next_response",
        "02 12:30 met next_response",
        "02 12:30 started update/2",
        "02 13:00 cancelled update/2",
        "02 13:00 started next_response/2",
    ]
    assert clock(life, "next_response").spans[0].start == march("02 11:00")


def test_a_second_message_does_not_restart_the_first_response() -> None:
    life = born()
    customer(life, "02 10:50")
    agent(life, "02 11:00:01")
    assert did(life, "02 10:01") == [
        "02 10:48 warned first_response",
        "02 11:00:01 breached first_response",
        "02 11:00:01 met first_response",
        "02 11:00:01 started update",
    ]


def test_the_next_agent_message_meets_the_update_and_begins_another_wait() -> None:
    life = born()
    agent(life, "02 10:30")
    agent(life, "02 12:00")
    assert did(life, "02 12:00") == ["02 12:00 met update", "02 12:00 started update/2"]


def test_a_message_never_moves_the_resolution() -> None:
    life = born()
    agent(life, "02 10:30")
    customer(life, "02 11:00")
    assert due(life) == march("02 18:00")
    assert elapsed(life, "02 11:00") == HOUR


@pytest.mark.parametrize("target", ["none", "0", "0m"])
def test_a_target_of_none_or_zero_means_no_clock(target: str) -> None:
    life = born(plans(normal={**FOUR, "first_response": target}))
    agent(life, "02 12:30")
    assert did(life) == ["02 10:00 started resolution", "02 12:30 started update"]


def test_an_exempt_type_has_no_clocks() -> None:
    life = born(type="wish")
    agent(life, "02 12:30")
    assert did(life) == []
    assert states(life) == {}


def test_clocks_are_in_the_order_of_the_rules_then_by_instance() -> None:
    life = born()
    agent(life, "02 10:30")
    for when in ("02 11:00", "02 12:00", "02 13:00"):
        customer(life, when)
        agent(life, when.replace(":00", ":30"))
    assert [(each.name, each.instance) for each in life.ticket.clocks] == [
        ("first_response", 1),
        ("next_response", 1),
        ("next_response", 2),
        ("next_response", 3),
        ("update", 1),
        ("update", 2),
        ("update", 3),
        ("update", 4),
        ("resolution", 1),
    ]


# -- what pauses (3) ------------------------------------------------------------------------------


def test_resolution_and_update_pause_while_the_customer_is_waited_for() -> None:
    life = born()
    agent(life, "02 10:30", "waiting_customer")
    assert did(life, "02 10:30")[2:] == ["02 10:30 paused update", "02 10:30 paused resolution"]
    assert due(life) is None
    customer(life, "02 12:30")
    assert did(life, "02 12:30") == [
        "02 12:30 cancelled update",
        "02 12:30 started next_response",
        "02 12:30 resumed resolution",
    ]
    assert due(life) == march("02 20:00")
    assert paused(life, "02 13:00") == 2 * HOUR


def test_only_resolution_pauses_on_hold() -> None:
    life = born()
    agent(life, "02 10:30")
    status(life, "02 11:00", "on_hold")
    assert did(life, "02 11:00") == ["02 11:00 paused resolution"]
    assert states(life)["update"] == "running"


def test_response_clocks_never_pause_by_default() -> None:
    life = born()
    for when, to in (("02 10:10", "waiting_customer"), ("02 10:20", "on_hold"), ("02 10:30", "open")):
        status(life, when, to)
    assert elapsed(life, "02 10:45", "first_response") == 45 * 60


def test_several_paused_statuses_in_a_row_are_one_pause() -> None:
    life = born()
    status(life, "02 11:00", "waiting_customer")
    status(life, "02 12:00", "on_hold")
    status(life, "02 13:00", "waiting_customer")
    status(life, "02 14:00", "in_progress")
    assert [line for line in did(life, "02 10:49") if "resolution" in line] == [
        "02 11:00 paused resolution",
        "02 14:00 resumed resolution",
    ]
    assert paused(life, "02 15:00") == 3 * HOUR


def test_the_running_statuses_change_no_clock() -> None:
    life = born()
    status(life, "02 10:10", "in_progress")
    status(life, "02 10:20", "open")
    assert did(life, "02 10:01") == []


def test_a_policy_may_say_what_pauses() -> None:
    life = born(plans(pause={"open": ["first_response"], "on_hold": []}))
    assert did(life) == [
        "02 10:00 started resolution",
        "02 10:00 started first_response",
        "02 10:00 paused first_response",
    ]
    status(life, "02 11:00", "on_hold")
    assert did(life, "02 11:00") == ["02 11:00 resumed first_response"]
    assert due(life, "first_response") == march("02 12:00")
    assert paused(life, "02 11:30", "first_response") == HOUR


def test_a_clock_may_start_in_a_pause() -> None:
    """An update promised by an answer that leaves the ticket waiting for the customer."""
    life = born()
    status(life, "02 10:10", "waiting_customer")
    agent(life, "02 10:30", "waiting_customer")
    assert did(life, "02 10:30") == [
        "02 10:30 met first_response",
        "02 10:30 started update",
        "02 10:30 paused update",
    ]
    status(life, "02 11:30", "open")
    assert due(life, "update") == march("02 17:30")


def test_a_target_used_up_just_as_a_pause_begins_is_breached_from_its_end() -> None:
    life = born()
    status(life, "02 18:00", "on_hold")
    status(life, "02 20:00", "open")
    life.pass_time(march("02 20:00"))
    assert clock(life, "resolution").breached_at is None
    life.pass_time(march("02 20:00:01"))
    assert clock(life, "resolution").breached_at == march("02 20:00")


# -- resolved and closed (3) ----------------------------------------------------------------------


def test_resolving_meets_the_resolution_and_cancels_what_is_not_answered() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    assert did(life, "02 10:30") == ["02 10:30 cancelled first_response", "02 10:30 met resolution"]
    assert clock(life, "resolution").met_at == march("02 10:30")
    assert clock(life, "resolution").cancelled_at is None
    assert clock(life, "first_response").cancelled_at == march("02 10:30")
    assert clock(life, "first_response").met_at is None
    assert elapsed(life, "02 12:00") == HOUR // 2


def test_closing_too_and_closing_what_is_resolved_changes_no_clock() -> None:
    life = born()
    agent(life, "02 10:30")
    status(life, "02 11:00", "closed")
    assert did(life, "02 11:00") == ["02 11:00 cancelled update", "02 11:00 met resolution"]
    other = born()
    status(other, "02 10:30", "resolved")
    status(other, "02 11:30", "closed")
    assert did(other, "02 11:30") == []
    assert clock(other, "resolution").met_at == march("02 10:30")


def test_resolving_at_the_last_second_is_in_time() -> None:
    for when, state in (("17:59:59", "met"), ("18:00", "met"), ("18:00:01", "breached")):
        life = born()
        status(life, f"02 {when}", "resolved")
        assert clock(life, "resolution").state == state


def test_a_breach_reached_before_stays() -> None:
    life = born()
    status(life, "02 12:00", "resolved")
    assert clock(life, "first_response").breached_at == march("02 11:00")
    assert clock(life, "first_response").cancelled_at == march("02 12:00")
    assert states(life) == {"first_response": "breached", "resolution": "met"}


def test_no_clock_starts_on_a_stopped_ticket() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    life.event(march("02 11:00"), "message", message=1, by="agent")
    life.event(march("02 11:30"), "message", message=2, by="customer")
    assert did(life, "02 10:31") == []


# -- reopening (3) --------------------------------------------------------------------------------


def test_reopening_sets_the_same_instances_running_again_without_the_stopped_time() -> None:
    life = born()
    status(life, "02 10:30", "closed")
    status(life, "02 14:30", "open")
    assert did(life, "02 14:30") == ["02 14:30 resumed first_response", "02 14:30 resumed resolution"]
    resolution = clock(life, "resolution")
    assert (resolution.met_at, resolution.state, resolution.resumable) == (None, "running", False)
    assert clock(life, "first_response").cancelled_at is None
    assert due(life) == march("02 22:00")
    assert due(life, "first_response") == march("02 15:00")
    assert (elapsed(life, "02 15:30"), paused(life, "02 15:30")) == (HOUR + HOUR // 2, 0)


def test_reopened_into_a_paused_status_the_clocks_resume_and_pause() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    status(life, "02 11:30", "on_hold")
    assert did(life, "02 11:30") == [
        "02 11:30 resumed first_response",
        "02 11:30 resumed resolution",
        "02 11:30 paused resolution",
    ]
    assert due(life) is None
    assert paused(life, "02 12:30") == HOUR


def test_a_breach_stays_over_a_reopening() -> None:
    life = born()
    status(life, "02 19:00", "resolved")
    status(life, "02 20:00", "open")
    assert clock(life, "resolution").breached_at == march("02 18:00")
    assert clock(life, "resolution").state == "breached"
    assert did(life, "02 20:01") == []


def test_a_customer_s_reply_reopens_and_waits_for_the_next_response() -> None:
    life = born()
    agent(life, "02 10:30")
    status(life, "02 11:00", "resolved")
    customer(life, "02 12:00")
    assert did(life, "02 12:00") == ["02 12:00 resumed resolution", "02 12:00 started next_response"]
    assert states(life)["update"] == "cancelled"
    assert due(life, "next_response") == march("02 14:00")


def test_the_oldest_unanswered_message_still_counts_after_a_reopening() -> None:
    """An agent who closes without answering gains nothing."""
    life = born()
    agent(life, "02 10:30")
    customer(life, "02 11:00")
    status(life, "02 11:30", "closed")
    customer(life, "02 13:00")
    assert did(life, "02 13:00") == ["02 13:00 resumed next_response", "02 13:00 resumed resolution"]
    assert due(life, "next_response") == march("02 14:30")


def test_an_answer_on_a_stopped_ticket_answers() -> None:
    """A clock cancelled there does not go on after a reopening, and no update is awaited."""
    life = born()
    status(life, "02 10:30", "resolved")
    life.event(march("02 11:00"), "message", message=1, by="agent")
    assert clock(life, "first_response").resumable is False
    status(life, "02 12:00", "open")
    assert did(life, "02 10:31") == ["02 12:00 resumed resolution"]
    assert life.ticket.first_responded_at == march("02 11:00")
    customer(life, "02 12:30")
    assert did(life, "02 12:30") == ["02 12:30 started next_response"]


def test_it_answers_a_wait_that_the_plan_does_not_cover_too() -> None:
    life = born(priority="low")
    status(life, "02 10:30", "resolved")
    life.event(march("02 11:00"), "message", message=1, by="agent")
    edit(life, "02 11:30", priority="normal")
    status(life, "02 12:00", "open")
    assert did(life) == ["02 12:00 started resolution"]


def test_a_ticket_resolved_as_it_began_still_has_its_start() -> None:
    life = born(plans(calendar="office"), at="02 08:00")
    status(life, "02 08:00", "resolved")
    resolution = clock(life, "resolution")
    assert clocks.starts_at(resolution, life.rules) == march("02 10:00")
    assert (resolution.state, elapsed(life, "02 12:00")) == ("met", 0)


@pytest.mark.parametrize("at", ["02 09:59:59", "02 10:00:00", "02 10:00:01"])
def test_an_answer_in_the_second_of_the_question_keeps_the_deadline(at: str) -> None:
    """`office` opens at 10:00; the first second that counts is the one from there on."""
    life = born(plans(calendar="office"), at=at)
    agent(life, at)
    first = clock(life, "first_response")
    shown = march("02 11:00:01" if at.endswith("1") else "02 11:00")
    assert (first.state, due(life, "first_response")) == ("met", shown)
    assert clocks.starts_at(first, life.rules) == max(march(at), march("02 10:00"))


def test_a_clock_that_stops_in_the_second_in_which_it_went_on_keeps_its_deadline() -> None:
    life = born()
    status(life, "02 11:00", "on_hold")
    status(life, "02 12:00", "open")
    shown = due(life)
    status(life, "02 12:00", "resolved")
    assert (due(life), shown) == (march("02 19:00"), march("02 19:00"))
    status(life, "02 13:00", "open")
    assert due(life) == march("02 20:00")
    assert (elapsed(life, "02 13:30"), paused(life, "02 13:30")) == (HOUR + HOUR // 2, HOUR)


def test_an_answer_that_reopens_counts_in_the_reopened_ticket() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    agent(life, "02 11:30", "open")
    assert did(life, "02 11:30") == [
        "02 11:30 resumed first_response",
        "02 11:30 resumed resolution",
        "02 11:30 met first_response",
        "02 11:30 started update",
    ]


def test_a_message_while_stopped_is_awaited_from_its_own_instant() -> None:
    """A wait that began while the ticket was stopped starts with the message, at the reopening."""
    life = born()
    agent(life, "02 10:30")
    status(life, "02 11:00", "resolved")
    life.event(march("02 12:00"), "message", message=2, by="customer")
    status(life, "02 13:00", "open")
    assert did(life, "02 13:00") == ["02 13:00 resumed resolution", "02 13:00 started next_response"]
    assert clock(life, "next_response").spans[0].start == march("02 12:00")
    assert clock(life, "next_response").changed_at == march("02 13:00")
    assert elapsed(life, "02 13:30", "next_response") == HOUR + HOUR // 2


OFFICE = {"resolution": {"limit": "8h", "calendar": "office"}}


@pytest.mark.parametrize("retroactive", [True, False])
def test_a_priority_edited_while_resolved_counts_from_the_start(retroactive: bool) -> None:
    """`office` opens at 10:00: of the four hours from 08:00 to 12:00 it counts two (`sla.md 5`)."""
    life = born(plans(high=OFFICE, retroactive=retroactive), at="02 08:00")
    status(life, "02 12:00", "resolved")
    shown = due(life)
    edit(life, "02 13:00", priority="high")
    assert (due(life), elapsed(life, "02 13:00")) == (shown, 4 * HOUR)
    status(life, "02 14:00", "open")
    assert elapsed(life, "02 14:00") == 2 * HOUR
    assert elapsed(life, "02 15:00") == 3 * HOUR
    assert clock(life, "resolution").recount == 0


def test_an_edit_while_resolved_counts_on_the_hours_that_were_in_force_then() -> None:
    """Not retroactive, the newer hours count from the reopening on; the edit before them from the start."""
    later = {"office": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}}}
    versions = (
        plans(high=OFFICE, retroactive=False),
        plans(version=2, at="02 13:30", high=OFFICE, retroactive=False, calendars=later),
    )
    life = born(*versions, at="02 08:00")
    status(life, "02 12:00", "resolved")
    edit(life, "02 13:00", priority="high")
    status(life, "02 20:00", "open")
    assert elapsed(life, "02 20:00") == 2 * HOUR
    assert elapsed(life, "02 21:00") == 3 * HOUR


@pytest.mark.parametrize(("retroactive", "worked"), [(True, 2), (False, 4)])
def test_a_version_that_came_while_resolved_counts_as_its_plan_says(retroactive: bool, worked: int) -> None:
    office = {"calendar": "office", "retroactive": retroactive}
    life = born(plans(), plans(version=2, at="02 13:00", **office), at="02 08:00")
    status(life, "02 12:00", "resolved")
    status(life, "02 14:00", "open")
    assert elapsed(life, "02 14:00") == worked * HOUR
    assert elapsed(life, "02 15:00") == (worked + 1) * HOUR


def test_restart_begins_new_instances_at_the_reopening() -> None:
    life = born(plans(reopen={"mode": "restart"}))
    agent(life, "02 10:30")
    customer(life, "02 11:00")
    status(life, "02 12:00", "resolved")
    customer(life, "02 14:00")
    assert did(life, "02 14:00") == ["02 14:00 started next_response/2", "02 14:00 started resolution/2"]
    assert (due(life, "next_response", 2), due(life, "resolution", 2)) == (
        march("02 16:00"),
        march("02 22:00"),
    )
    assert states(life) == {
        "first_response": "met",
        "next_response": "cancelled",
        "next_response/2": "running",
        "update": "cancelled",
        "resolution": "met",
        "resolution/2": "running",
    }
    assert [each.resumable for each in life.ticket.clocks] == [False] * 6


def test_restart_begins_a_cancelled_update_too_but_not_one_that_the_customer_ended() -> None:
    life = born(plans(reopen={"mode": "restart"}))
    agent(life, "02 10:30")
    status(life, "02 11:00", "resolved")
    status(life, "02 12:00", "in_progress")
    assert did(life, "02 12:00") == ["02 12:00 started update/2", "02 12:00 started resolution/2"]
    status(life, "02 13:00", "resolved")
    customer(life, "02 14:00")
    assert did(life, "02 14:00") == ["02 14:00 started resolution/3", "02 14:00 started next_response"]


def test_a_restarted_clock_may_begin_in_a_pause() -> None:
    life = born(plans(reopen={"mode": "restart"}))
    status(life, "02 10:30", "resolved")
    status(life, "02 11:00", "on_hold")
    assert did(life, "02 11:00") == [
        "02 11:00 started first_response/2",
        "02 11:00 started resolution/2",
        "02 11:00 paused resolution/2",
    ]
