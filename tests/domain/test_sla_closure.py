"""Auto-closure and its reminder (`sla.md` 7), to the second."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.domain.due import next_due, summary
from tests.sla_tickets import moment, plan, policy, proven, ticket, told

RULE: dict[str, Any] = {"auto_close": {"after": "2h", "remind_after": "1h"}}


class TestClosure:
    @pytest.mark.parametrize(
        ("at", "status"),
        [("12:09:59", "waiting_customer"), ("12:10:00", "closed"), ("12:10:01", "closed")],
    )
    def test_to_the_second(self, at, status):
        solo = ticket({"resolution": "1h"}, **RULE)
        solo.act(moment("10:10:00"), "agent")
        solo.sweep(moment(at))
        assert solo.ticket.status == status
        if status == "closed":
            assert solo.ticket.closed_at == moment("12:10:00")
            assert solo.ticket.closed_by == "sweep"
            assert solo.clock("resolution")["state"] == "met"
            closing = solo.events[-2]
            assert closing.data["base"] == "2026-03-02T10:10:00Z"
            assert closing.data["rule"] == "auto_close.after"

    def test_the_base_is_the_later_of_the_last_message_and_the_entry_into_the_status(self):
        solo = ticket(**RULE)
        solo.act(moment("10:10:00"), "agent")
        solo.act(moment("10:30:00"), "hold")
        solo.act(moment("11:00:00"), "status", "waiting_customer")
        assert summary(solo.ticket, solo.rules).auto_close_at == moment("13:00:00")
        solo.act(moment("11:30:00"), "agent")
        assert summary(solo.ticket, solo.rules).auto_close_at == moment("13:30:00")

    @pytest.mark.parametrize(
        "verb", [("note",), ("edit", {"priority": "low"}), ("tag", "x"), ("take", "bob")]
    )
    def test_a_note_or_an_edit_does_not_restart_the_wait(self, verb):
        solo = ticket(**RULE)
        solo.act(moment("10:10:00"), "resolve")
        name, *words = verb
        if name == "take":
            solo.act(moment("10:20:00"), "assign", assignee="bob")
        elif name == "edit":
            solo.act(moment("10:20:00"), name, **words[0])
        else:
            solo.act(moment("10:20:00"), name, *words)
        solo.sweep("2026-03-03T10:00:00Z")
        assert solo.ticket.closed_at == moment("12:10:00")

    def test_never_on_hold_nor_open_nor_in_a_status_not_named(self):
        solo = ticket(auto_close={"after": "2h", "statuses": ["resolved"]})
        solo.act(moment("10:10:00"), "agent")
        solo.sweep("2026-03-09T10:00:00Z")
        solo.act("2026-03-09T10:00:00Z", "hold")
        solo.sweep("2026-03-16T10:00:00Z")
        assert solo.log("auto_closed") == []
        solo.act("2026-03-16T10:00:00Z", "resolve")
        solo.sweep("2026-03-17T10:00:00Z")
        assert solo.log("auto_closed") == ["2026-03-16T12:00:00Z"]

    def test_zero_switches_it_off(self):
        solo = ticket(auto_close={"after": "0", "remind_after": "1h"})
        solo.act(moment("10:10:00"), "agent")
        assert next_due(solo.ticket, solo.rules) is None

    def test_reminds_once_a_wait(self):
        solo = ticket(**RULE)
        solo.act(moment("10:10:00"), "agent")
        solo.sweep(moment("11:09:59"))
        assert solo.log("reminded") == []
        solo.sweep(moment("11:10:00"))
        solo.sweep(moment("11:30:00"))
        assert solo.log("reminded") == ["2026-03-02T11:10:00Z"]
        solo.act(moment("11:40:00"), "agent")  # a new wait
        solo.sweep("2026-03-03T10:00:00Z")
        assert solo.log("reminded") == ["2026-03-02T11:10:00Z", "2026-03-02T12:40:00Z"]
        assert solo.log("auto_closed") == ["2026-03-02T13:40:00Z"]
        proven(solo)

    def test_in_working_time_where_the_plan_names_a_calendar(self):
        solo = ticket(auto_close={"after": "2h", "calendar": "office"})
        solo.act(moment("16:30:00"), "agent")
        solo.sweep("2026-03-03T10:29:59Z")
        assert solo.ticket.status == "waiting_customer"
        solo.sweep("2026-03-03T10:30:00Z")
        assert solo.ticket.status == "closed"

    def test_on_a_calendar_that_never_opens_again_it_never_comes(self):
        solo = ticket(auto_close={"after": "2h", "remind_after": "1h", "calendar": "past"})
        solo.act(moment("10:10:00"), "agent")
        assert summary(solo.ticket, solo.rules).auto_close_at is None
        assert next_due(solo.ticket, solo.rules) is None

    def test_a_version_that_shortens_it_closes_at_the_version(self):
        solo = ticket(**RULE)
        solo.act(moment("10:10:00"), "agent")
        solo.apply(moment("11:00:00"), policy(plan(auto_close={"after": "30m", "remind_after": "10m"})))
        solo.sweep(moment("11:00:00"))
        assert [event[:2] for event in told(solo)] == [
            ("11:00:00", "policy_applied"),
            ("11:00:00", "reminded"),
            ("11:00:00", "auto_closed"),
        ]
        proven(solo)
