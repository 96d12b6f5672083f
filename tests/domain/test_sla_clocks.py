"""The four clocks (`sla.md` 3): when each starts, stops, pauses and goes on."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.due import summary
from tests.sla_tickets import MONDAY, level, moment, plan, policy, proven, seen, ticket, told
from tests.solo import Solo


class TestFirstResponse:
    def test_runs_from_the_customers_message_to_the_first_public_answer(self):
        solo = ticket({"first_response": "1h"})
        solo.act(moment("10:20:00"), "note")
        solo.act(moment("10:30:00"), "take")
        assert seen(solo, "10:40:00", "first_response", "state") == "running"
        solo.act(moment("10:45:00"), "agent")
        assert seen(solo, "12:00:00", "first_response", "state") == "met"
        assert seen(solo, "12:00:00", "first_response", "elapsed") == 2_700
        assert solo.ticket.first_responded_at == moment("10:45:00")

    def test_an_agents_message_before_the_customers_first_answers_nothing(self):
        solo = ticket({"first_response": "1h", "update": "1h"}, created={"on_behalf": True})
        assert solo.clock("first_response") is None
        assert solo.clock("update") is None  # the opening text starts no clock but `resolution`
        solo.act(moment("10:10:00"), "agent", "open")
        assert seen(solo, "10:10:00", "update", "due") == "2026-03-02T11:10:00Z"
        assert solo.clock("first_response") is None
        assert solo.ticket.first_responded_at is None
        solo.act(moment("10:20:00"), "customer")
        assert solo.clock("update")["state"] == "cancelled"
        assert solo.clock("first_response")["due"] == "2026-03-02T11:20:00Z"

    def test_opened_by_an_agent_only_the_resolution_runs(self):
        solo = ticket({"first_response": "1h", "resolution": "2h"}, created={"on_behalf": True})
        assert seen(solo, "11:00:00", "resolution", "elapsed") == 3_600
        assert solo.clock("first_response") is None


class TestNextResponse:
    def test_one_instance_a_wait_and_a_second_message_restarts_nothing(self):
        solo = ticket({"next_response": "1h"})
        assert solo.clock("next_response") is None
        solo.act(moment("10:10:00"), "agent")
        solo.act(moment("10:20:00"), "customer")
        solo.act(moment("10:30:00"), "customer")
        assert solo.clock("next_response")["due"] == "2026-03-02T11:20:00Z"
        solo.act(moment("10:40:00"), "agent")
        solo.act(moment("11:00:00"), "customer")
        assert [c.instance for c in solo.ticket.clocks if c.name == "next_response"] == [1, 2]
        assert seen(solo, "11:00:00", "next_response", "elapsed", 1) == 1_200


class TestUpdate:
    def test_every_answer_begins_it_anew_until_the_customer_writes(self):
        solo = ticket({"update": "1h", "next_response": "1h"}, pause={})
        solo.act(moment("10:10:00"), "agent")
        solo.act(moment("10:30:00"), "agent")
        assert seen(solo, "10:30:00", "update", "state", 1) == "met"
        assert solo.clock("update", 2)["due"] == "2026-03-02T11:30:00Z"
        solo.act(moment("10:40:00"), "customer")
        assert solo.clock("update", 2)["state"] == "cancelled"
        assert solo.clock("next_response")["state"] == "running"


class TestResolvedAndClosed:
    @pytest.mark.parametrize("verb", ["resolve", "close"])
    def test_the_resolution_is_met_and_the_unanswered_is_cancelled(self, verb):
        solo = ticket({"first_response": "1h", "resolution": "2h"})
        solo.act(moment("10:30:00"), verb)
        assert seen(solo, "14:00:00", "resolution", "state") == "met"
        assert seen(solo, "14:00:00", "resolution", "elapsed") == 1_800
        assert seen(solo, "14:00:00", "first_response", "state") == "cancelled"
        assert seen(solo, "14:00:00", "first_response", "due") is None
        assert told(solo) == []

    def test_a_breach_already_reached_stays(self):
        solo = ticket({"first_response": "10m"})
        solo.act(moment("10:30:00"), "close")
        figures = solo.clock("first_response")
        assert (figures["state"], figures["breached_at"]) == ("breached", "2026-03-02T10:10:00Z")

    def test_with_a_last_word_the_response_is_met(self):
        solo = ticket({"first_response": "1h", "update": "1h"})
        solo.act(moment("10:30:00"), "resolve", say=True)
        assert solo.clock("first_response")["state"] == "met"
        assert solo.clock("update")["state"] == "cancelled"

    def test_closing_a_resolved_ticket_changes_no_clock(self):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "resolve")
        before = solo.ticket.clocks
        solo.act(moment("11:00:00"), "close", reason="spam")
        assert solo.ticket.clocks == before
        assert solo.ticket.close_reason == "spam"
        assert (solo.ticket.resolved_at, solo.ticket.closed_at) == (moment("10:30:00"), moment("11:00:00"))


class TestReopening:
    def test_continue_the_same_instances_go_on_without_the_closed_time(self):
        solo = ticket({"first_response": "1h", "resolution": "2h"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), "reopen")
        assert seen(solo, "12:00:00", "first_response", "due") == "2026-03-02T12:30:00Z"
        assert seen(solo, "12:00:00", "resolution", "due") == "2026-03-02T13:30:00Z"
        assert seen(solo, "12:10:00", "resolution", "elapsed") == 2_400
        assert seen(solo, "12:10:00", "resolution", "paused") == 0
        assert solo.ticket.reopened_count == 1
        assert (solo.ticket.closed_at, solo.ticket.resolved_at) == (None, None)

    def test_continue_the_oldest_unanswered_message_still_counts(self):
        solo = ticket({"first_response": "1h"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), "customer")
        assert solo.clock("first_response", 1)["due"] == "2026-03-02T12:30:00Z"
        assert len(solo.ticket.clocks) == 2  # and the resolution, which is not covered

    def test_a_customers_reply_begins_the_next_wait_where_all_was_answered(self):
        solo = ticket({"next_response": "1h", "update": "1h"})
        solo.act(moment("10:10:00"), "agent", "resolved")
        solo.act(moment("12:00:00"), "customer")
        assert solo.clock("next_response", 1)["due"] == "2026-03-02T13:00:00Z"
        assert solo.clock("update")["state"] == "cancelled"

    @pytest.mark.parametrize("verb", ["customer", "reopen"])
    def test_restart_begins_new_instances_at_the_reopening(self, verb):
        solo = ticket({"first_response": "1h", "resolution": "2h"}, reopen={"mode": "restart"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), verb)
        assert solo.clock("resolution", 1)["state"] == "met"
        assert solo.clock("first_response", 1)["state"] == "cancelled"
        assert solo.clock("resolution", 2)["due"] == "2026-03-02T14:00:00Z"
        assert solo.clock("first_response", 2)["due"] == "2026-03-02T13:00:00Z"
        proven(solo)

    @pytest.mark.parametrize("mode", ["continue", "restart"])
    def test_what_was_answered_while_closed_does_not_go_on(self, mode):
        solo = ticket({"first_response": "1h", "update": "1h"}, reopen={"mode": mode})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("11:00:00"), "agent")
        assert solo.ticket.status == "closed"
        solo.act(moment("12:00:00"), "reopen")
        assert solo.clock("first_response")["state"] == "cancelled"
        assert solo.clock("first_response")["instance"] == 1
        assert solo.clock("update") is None  # on a closed ticket an answer starts no clock
        assert solo.ticket.first_responded_at == moment("11:00:00")

    def test_an_answer_with_a_status_reopens_first_and_counts_in_it(self):
        solo = ticket({"first_response": "1h", "update": "1h"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), "agent", "in_progress")
        assert solo.clock("first_response")["state"] == "met"
        assert solo.clock("first_response")["elapsed"] == 1_800
        assert solo.clock("update")["state"] == "running"

    def test_into_a_pause_the_clock_goes_on_paused(self):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), "agent", "waiting_customer")
        assert solo.clock("resolution")["state"] == "paused"
        kinds = [e.type for e in solo.events if e.clock == "resolution"]
        assert kinds == ["clock_started", "clock_met", "clock_resumed", "clock_paused"]

    def test_first_resolved_at_keeps_the_first(self):
        solo = ticket()
        solo.act(moment("10:30:00"), "resolve")
        solo.act(moment("11:00:00"), "reopen")
        solo.act(moment("12:00:00"), "resolve")
        assert (solo.ticket.first_resolved_at, solo.ticket.resolved_at) == (
            moment("10:30:00"),
            moment("12:00:00"),
        )

    @pytest.mark.parametrize(
        ("at", "status"), [("11:59:59", "open"), ("12:00:00", "open"), ("12:00:01", "closed")]
    )
    def test_the_window_counts_from_closed_and_its_last_second_still_reopens(self, at, status):
        solo = ticket(reopen={"window": "1h"})
        solo.act(moment("10:30:00"), "resolve")
        solo.act(moment("11:00:00"), "close")
        solo.act(moment(at), "customer")
        assert solo.ticket.status == status

    def test_the_window_counts_from_resolved_where_it_was_not_closed_and_binds_no_agent(self):
        solo = ticket(reopen={"window": "1h"})
        solo.act(moment("10:30:00"), "resolve")
        solo.act(moment("11:30:01"), "customer")
        assert solo.ticket.status == "resolved"
        solo.act(moment("15:00:00"), "reopen")
        assert solo.ticket.status == "open"

    @pytest.mark.parametrize(("limit", "breached"), [("31m", None), ("29m", "2026-03-02T12:00:00Z")])
    def test_a_target_changed_meanwhile_is_judged_at_the_reopening(self, limit, breached):
        solo = ticket({"resolution": "2h"}, high={"resolution": limit})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("11:00:00"), "edit", priority="high")
        assert (solo.clock("resolution")["state"], solo.clock("resolution")["elapsed"]) == ("met", 1_800)
        solo.act(moment("12:00:00"), "reopen")
        assert solo.clock("resolution")["breached_at"] == breached
        proven(solo)

    @pytest.mark.parametrize(("retroactive", "elapsed"), [(True, 0), (False, 1_800)])
    def test_hours_changed_meanwhile_reach_it_at_the_reopening(self, retroactive, elapsed):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "resolve")
        solo.apply(
            moment("11:00:00"), policy(plan({"resolution": "2h"}, calendar="late", retroactive=retroactive))
        )
        solo.sweep(moment("11:10:00"))
        assert solo.clock("resolution")["elapsed"] == 1_800
        solo.act(moment("12:00:00"), "reopen")
        assert solo.clock("resolution")["elapsed"] == elapsed
        proven(solo)

    def test_a_wait_that_was_not_covered_goes_on_too(self):
        solo = ticket({"resolution": "2h"}, created={"priority": "low"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("12:00:00"), "reopen")
        solo.act(moment("12:30:00"), "edit", priority="normal")
        assert solo.clock("resolution")["elapsed"] == 3_600

    def test_a_plan_that_covers_it_no_longer_leaves_it_finished(self):
        solo = ticket({"resolution": "2h", "first_response": "1h"})
        solo.act(moment("10:30:00"), "close")
        solo.act(moment("11:00:00"), "edit", priority="low")
        solo.act(moment("12:00:00"), "reopen")
        assert solo.clock("resolution")["state"] == "met"
        solo.act(moment("12:30:00"), "edit", priority="normal")
        assert solo.clock("resolution", 2)["elapsed"] == 3_600  # from its usual start, the stop not counted
        assert solo.clock("first_response", 2)["breached_at"] is None
        assert seen(solo, "12:30:01", "first_response", "breached_at") == "2026-03-02T12:30:00Z"
        proven(solo)


class TestCoverage:
    @pytest.mark.parametrize("target", ["none", "0", "0m"])
    def test_a_target_of_none_or_zero_means_no_clock(self, target):
        solo = ticket({"first_response": target, "resolution": "1h"})
        assert solo.clock("first_response") is None
        assert [c.state for c in solo.ticket.clocks if c.name == "first_response"] == ["none"]

    def test_an_exempt_type_has_no_clock(self):
        solo = ticket({"first_response": "1h"}, created={"type": "wish"})
        assert solo.clock("first_response") is None
        solo.act(moment("10:30:00"), "edit", type="question")
        assert solo.clock("first_response")["due"] == "2026-03-02T11:00:00Z"
        solo.act(moment("10:40:00"), "edit", type="wish")
        assert solo.clock("first_response")["state"] == "cancelled"

    def test_covered_only_now_it_starts_at_its_usual_start_with_its_pauses(self):
        solo = ticket({"resolution": "1h"}, created={"priority": "low"})
        solo.act(moment("10:10:00"), "hold")
        solo.act(moment("10:30:00"), "resume")
        solo.act(moment("10:40:00"), "edit", priority="normal")
        figures = solo.clock("resolution")
        assert (figures["elapsed"], figures["paused"]) == (1_200, 1_200)
        assert (figures["starts"], figures["due"]) == (MONDAY, "2026-03-02T11:20:00Z")

    @pytest.mark.parametrize(("at", "breached"), [("11:00:00", None), ("11:00:01", "2026-03-02T11:00:01Z")])
    def test_covered_only_now_and_late_it_is_breached_from_the_change(self, at, breached):
        solo = ticket({"first_response": "1h"}, created={"priority": "low"})
        solo.act(moment(at), "edit", priority="normal")
        assert solo.clock("first_response")["breached_at"] == breached

    def test_covered_only_now_while_paused_it_begins_paused(self):
        solo = ticket({"resolution": "1h"}, created={"priority": "low"})
        solo.act(moment("10:10:00"), "hold")
        solo.act(moment("10:30:00"), "edit", priority="normal")
        assert solo.clock("resolution")["state"] == "paused"
        assert [e.type for e in solo.events if e.clock] == ["clock_started", "clock_paused"]

    def test_covered_only_now_but_answered_it_gets_no_instance(self):
        solo = ticket({"first_response": "1h", "resolution": "2h"}, created={"priority": "low"})
        solo.act(moment("10:10:00"), "agent")
        solo.act(moment("10:20:00"), "resolve")
        solo.act(moment("10:30:00"), "edit", priority="normal")
        assert solo.clock("first_response") is None
        assert solo.clock("resolution") is None

    def test_no_longer_covered_it_ends_as_cancelled_and_its_levels_are_dropped(self):
        solo = ticket({"first_response": "1h"}, escalation=[level(1, "first_response", "50%")])
        solo.act(moment("10:29:59"), "edit", priority="low")
        solo.sweep("2026-03-03T00:00:00Z")
        assert solo.clock("first_response")["state"] == "cancelled"
        assert told(solo) == []
        solo.act("2026-03-03T00:00:00Z", "edit", priority="normal")
        assert solo.clock("first_response")["instance"] == 2


class TestPauses:
    def test_by_default(self):
        solo = ticket({"first_response": "9h", "next_response": "9h", "update": "9h", "resolution": "9h"})
        states = {}
        for at, verb, *words in [("10:10:00", "agent"), ("10:20:00", "hold"), ("10:30:00", "resume")]:
            solo.act(moment(at), verb, *words)
            states[solo.ticket.status] = [solo.clock(name)["state"] for name in ("update", "resolution")]
        assert states == {
            "waiting_customer": ["paused", "paused"],
            "on_hold": ["running", "paused"],
            "open": ["running", "running"],
        }
        assert [solo.clock(name)["paused"] for name in ("update", "resolution")] == [600, 1_200]

    def test_several_paused_statuses_in_a_row_are_one_pause(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:10:00"), "agent")
        solo.act(moment("10:20:00"), "hold")
        solo.act(moment("10:30:00"), "customer")
        assert solo.log("clock_paused", "clock_resumed") == ["2026-03-02T10:10:00Z", "2026-03-02T10:30:00Z"]
        assert solo.clock("resolution")["paused"] == 1_200

    def test_measured_on_the_clocks_own_calendar(self):
        solo = ticket({"resolution": {"limit": "2h", "calendar": "office"}}, at="2026-03-02T16:00:00Z")
        solo.act(moment("16:30:00"), "agent")
        solo.act("2026-03-03T09:10:00Z", "customer")
        figures = solo.clock("resolution")
        assert (figures["paused"], figures["elapsed"]) == (2_400, 1_800)
        assert figures["due"] == "2026-03-03T10:40:00Z"

    def test_while_paused_there_is_no_deadline(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:10:00"), "agent")
        assert seen(solo, "20:00:00", "resolution", "due") is None
        assert summary(solo.ticket, solo.rules).next_due_at is None

    @pytest.mark.parametrize(
        ("paused_at", "breached"),
        [("10:59:59", "12:00:01"), ("11:00:00", "12:00:00"), ("11:00:01", "11:00:00")],
    )
    def test_a_target_used_up_as_a_pause_begins_is_breached_from_its_end(self, paused_at, breached):
        solo = ticket({"resolution": "1h"})
        solo.act(moment(paused_at), "agent")
        solo.act(moment("12:00:00"), "customer")
        solo.sweep(moment("12:00:02"))
        assert solo.clock("resolution")["breached_at"] == f"2026-03-02T{breached}Z"
        if paused_at == "11:00:00":
            assert solo.log("clock_breached") == ["2026-03-02T12:00:01Z"]

    def test_or_from_the_next_opening_after_it(self):
        solo = ticket({"resolution": "1h"}, calendar="office", at="2026-03-02T15:00:00Z")
        solo.act(moment("16:00:00"), "agent")
        solo.act(moment("19:00:00"), "customer")
        assert seen(solo, "2026-03-03T09:00:00Z", "resolution", "breached_at") is None
        assert seen(solo, "2026-03-03T09:00:01Z", "resolution", "breached_at") == "2026-03-03T09:00:00Z"

    def test_a_change_of_plan_never_loses_a_pause(self):
        silver = plan({"resolution": "3h"}, pause={})
        solo = Solo(policy(plan({"resolution": "2h"}), silver=silver), MONDAY)
        solo.act(moment("10:10:00"), "hold")
        solo.act(moment("10:30:00"), "edit", plan="silver")  # where on_hold pauses nothing
        figures = solo.clock("resolution")
        assert (figures["state"], figures["paused"], figures["elapsed"]) == ("running", 1_200, 600)
