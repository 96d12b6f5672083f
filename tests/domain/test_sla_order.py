"""Time acts by itself (`sla.md` 1): the order of what is due, and what is never before the last event."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.due import summary
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import RefusedError
from tests.sla_tickets import MONDAY, level, moment, plan, policy, proven, ticket, told


class TestOrder:
    def test_of_what_is_due_in_one_second(self):
        """A version, the end of a hold, a warning, a breach, levels; of these the clocks of section 3."""
        row = {"first_response": "30m..2h", "resolution": "1h"}
        levels = [
            level(2, "resolution", "50%"),
            level(1, "resolution", "50%"),
            level(9, "first_response", "25%"),
        ]
        solo = ticket(row, escalation=levels, pause={})
        solo.act(moment("10:00:00"), "hold", "2026-03-02T10:30:00Z")
        shorter = {"first_response": "30m..2h", "resolution": "29m59s"}
        solo.apply(moment("10:30:00"), policy(plan(shorter, escalation=levels, pause={})))
        solo.sweep(moment("11:00:00"))
        assert told(solo) == [
            ("10:30:00", "policy_applied", "", 0),
            ("10:30:00", "status_changed", "", 0),
            ("10:30:00", "clock_warned", "first_response", 0),
            ("10:30:00", "clock_breached", "resolution", 0),
            ("10:30:00", "escalated", "first_response", 9),
            ("10:30:00", "escalated", "resolution", 1),
            ("10:30:00", "escalated", "resolution", 2),
        ]
        proven(solo)

    def test_a_reminder_comes_after_a_level(self):
        solo = ticket(
            {"resolution": "1h"},
            pause={},
            auto_close={"after": "2h", "remind_after": "3601s", "statuses": ["waiting_customer"]},
            escalation=[level(1, "resolution", "0m")],
        )
        solo.act(moment(MONDAY), "agent")
        solo.sweep(moment("11:00:01"))
        assert [event[1] for event in told(solo)] == [
            "clock_warned",
            "clock_breached",
            "escalated",
            "reminded",
        ]

    def test_the_last_second_before_a_closure_still_breaches(self):
        solo = ticket({"resolution": "1h"}, pause={}, auto_close={"after": "3601s"})
        solo.act(moment(MONDAY), "agent")
        solo.sweep(moment("20:00:00"))
        assert [event[:2] for event in told(solo)] == [
            ("10:48:00", "clock_warned"),
            ("11:00:01", "clock_breached"),
            ("11:00:01", "auto_closed"),
            ("11:00:01", "clock_met"),
        ]

    def test_the_end_of_a_hold_comes_before_a_breach(self):
        solo = ticket({"first_response": "1h"})
        solo.act(moment("10:10:00"), "hold", "2026-03-02T11:00:01Z")
        solo.sweep(moment("11:00:01"))
        assert (solo.ticket.status, solo.ticket.hold_until) == ("open", None)
        assert solo.clock("first_response")["breached_at"] == "2026-03-02T11:00:00Z"
        kinds = [event[1] for event in told(solo)]
        assert kinds == ["clock_warned", "status_changed", "clock_breached"]

    def test_a_hold_that_begins_as_the_target_is_used_up(self):
        """The clock stood paused: it runs on from the end of the hold."""
        solo = ticket({"resolution": "1h"})
        solo.act(moment("11:00:00"), "hold", "2026-03-02T12:00:00Z")
        solo.sweep(moment("12:00:00"))
        assert solo.clock("resolution")["breached_at"] is None
        solo.sweep(moment("12:00:01"))
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T12:00:00Z"

    def test_what_time_did_before_a_refused_command_is_kept(self):
        solo = ticket(auto_close={"after": "1h"})
        solo.act(moment("10:10:00"), "agent")
        with pytest.raises(RefusedError):
            solo.act(moment("12:00:00"), "resolve")
        assert solo.ticket.closed_at == moment("11:10:00")

    def test_nothing_happens_before_the_last_event_when_the_clock_jumps_back(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:30:00"), "note")
        solo.act(moment("09:00:00"), "agent", "open")
        assert [to_text(e.at)[11:19] for e in solo.events if e.actor == "ann"] == ["10:30:00", "10:30:00"]
        solo.apply(moment("10:10:00"), policy(plan({"resolution": "20m"})))
        solo.sweep(moment("10:20:00"))
        assert solo.log("policy_applied", "clock_breached") == ["2026-03-02T10:30:00Z"] * 2
        proven(solo)

    def test_bounds_of_the_ticket_row(self):
        solo = ticket({"resolution": "1h", "first_response": "30m"}, auto_close={"after": "1h"})
        figures = summary(solo.ticket, solo.rules)
        assert figures.next_due_at == moment("10:30:00")
        assert figures.act_at == moment("10:24:00")
        assert figures.rank == 3
        assert figures.auto_close_at is None
