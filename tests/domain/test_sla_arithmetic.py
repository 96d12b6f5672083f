"""Deadlines, breaches and warnings (`sla.md` 4): the second before, the second itself, the second after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_cli.domain.due import next_due
from helpdesk_cli.domain.instants import to_text
from tests.sla_tickets import MONDAY, level, moment, seen, ticket, told


class TestBreach:
    @pytest.mark.parametrize(
        ("at", "state"), [("10:59:59", "running"), ("11:00:00", "running"), ("11:00:01", "breached")]
    )
    def test_the_flag_comes_in_the_first_second_past_the_target(self, at, state):
        solo = ticket({"first_response": "1h"})
        assert seen(solo, at, "first_response", "state") == state
        solo.sweep(moment(at))
        assert len(solo.log("clock_breached")) == (state == "breached")

    @pytest.mark.parametrize(
        ("at", "state"), [("10:59:59", "met"), ("11:00:00", "met"), ("11:00:01", "breached")]
    )
    def test_equality_is_met(self, at, state):
        solo = ticket({"first_response": "1h"})
        solo.act(moment(at), "agent")
        figures = solo.clock("first_response")
        assert (figures["state"], figures["met_at"]) == (state, f"2026-03-02T{at}Z")
        assert figures["late_by"] == (state == "breached")

    def test_breached_at_is_the_deadline_and_the_event_a_second_later(self):
        solo = ticket({"first_response": "1h"})
        solo.sweep(moment("20:00:00"))
        assert solo.clock("first_response")["breached_at"] == "2026-03-02T11:00:00Z"
        assert solo.log("clock_breached") == ["2026-03-02T11:00:01Z"]
        assert next(c for c in solo.ticket.clocks if c.breached_at).noticed_at == moment("20:00:00")

    def test_used_up_exactly_at_closing_time_and_answered_that_evening_it_is_met(self):
        solo = ticket({"first_response": "1h"}, calendar="office", at="2026-03-02T16:00:00Z")
        assert solo.clock("first_response")["due"] == "2026-03-02T17:00:00Z"
        solo.act(moment("23:00:00"), "agent")
        assert solo.clock("first_response")["state"] == "met"
        assert solo.clock("first_response")["elapsed"] == 3_600

    @pytest.mark.parametrize(("at", "breached"), [("09:00:00", False), ("09:00:01", True)])
    def test_unanswered_it_is_breached_at_the_next_opening(self, at, breached):
        solo = ticket({"first_response": "1h"}, calendar="office", at="2026-03-02T16:00:00Z")
        assert next_due(solo.ticket, solo.rules).at == moment("16:48:00")  # the warning
        solo.sweep(f"2026-03-03T{at}Z")
        assert (solo.clock("first_response")["state"] == "breached") is breached
        if breached:
            assert solo.clock("first_response")["breached_at"] == "2026-03-03T09:00:00Z"
            assert solo.clock("first_response")["late_by"] == 1
            assert solo.log("clock_breached") == ["2026-03-03T09:00:01Z"]

    def test_a_start_outside_opening_hours_counts_from_the_next_opening(self):
        solo = ticket({"first_response": "1h"}, calendar="office", at="2026-03-01T12:00:00Z")
        figures = solo.clock("first_response")
        assert (figures["starts"], figures["due"]) == ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")

    def test_it_is_sticky(self):
        solo = ticket({"first_response": "1h"}, high={"first_response": "9h"})
        solo.act(moment("11:30:00"), "edit", priority="high")
        solo.act(moment("12:00:00"), "agent")
        solo.act(moment("13:00:00"), "close")
        figures = solo.clock("first_response")
        assert (figures["state"], figures["breached_at"]) == ("breached", "2026-03-02T11:00:00Z")
        assert len(solo.log("clock_breached")) == 1

    def test_a_calendar_that_never_opens_again_never_breaches(self):
        solo = ticket(
            {"first_response": "1h"}, calendar="past", escalation=[level(1, "first_response", "0m")]
        )
        assert next_due(solo.ticket, solo.rules) is None
        figures = solo.clock("first_response")
        assert (figures["due"], figures["starts"], figures["state"]) == (None, MONDAY, "running")


class TestWarning:
    @pytest.mark.parametrize(
        ("target", "from_second"),
        [
            ("1h", 2_880),  # 80 % by default
            ("59s", 47),  # 47.2, rounded down
            ("1s", 0),
            ("10m..30m", 600),  # the goal of a range
            ({"limit": "30m", "goal": "10m"}, 600),
            ({"limit": "1h", "warn": "15m"}, 2_700),  # before it
            ({"limit": "59s", "warn": "50%"}, 29),
            ({"limit": "1h", "warn": "100%"}, 3_600),
            ("1h..1h", 3_600),
            ("0m..1h", 0),
        ],
    )
    def test_begins_to_the_second(self, target, from_second):
        solo = ticket({"first_response": target})
        start = moment(MONDAY)
        if from_second:
            solo.sweep(start + timedelta(seconds=from_second - 1))
            assert not solo.clock("first_response")["at_risk"]
            assert solo.log("clock_warned") == []
        solo.sweep(start + timedelta(seconds=from_second))
        assert solo.clock("first_response")["at_risk"]
        assert solo.log("clock_warned") == [to_text(start + timedelta(seconds=from_second))]

    @pytest.mark.parametrize(("at", "at_risk"), [("10:30:00", True), ("10:30:01", False)])
    def test_ends_with_the_breach(self, at, at_risk):
        assert seen(ticket({"first_response": "10m..30m"}), at, "first_response", "at_risk") is at_risk

    def test_not_while_paused(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:50:00"), "agent")
        assert solo.clock("resolution")["at_risk"] is False

    def test_may_fall_on_a_closing_time(self):
        solo = ticket(
            {"first_response": {"limit": "2h", "warn": "1h"}}, calendar="office", at="2026-03-02T16:00:00Z"
        )
        solo.sweep(moment("17:00:00"))
        assert solo.log("clock_warned") == ["2026-03-02T17:00:00Z"]

    def test_once(self):
        solo = ticket({"first_response": "1h"}, high={"first_response": "9h"})
        solo.act(moment("10:50:00"), "edit", priority="high")
        solo.sweep("2026-03-03T10:00:00Z")
        assert told(solo, "clock_warned") == [("10:48:00", "clock_warned", "first_response", 0)]
