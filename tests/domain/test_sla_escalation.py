"""Escalation levels (`sla.md` 6): when each fires, once, and what it changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sla_tickets import MONDAY, level, moment, plan, policy, proven, ticket, told


class TestLevels:
    @pytest.mark.parametrize(
        ("at", "fires"),
        [
            ("-15m", "10:45:00"),
            ("-1s", "10:59:59"),
            ("-2h", "10:00:00"),  # never below zero: as soon as it runs
            ("0m", "11:00:01"),
            ("+10m", "11:10:01"),
            ("0%", "10:00:00"),
            ("50%", "10:30:00"),
            ("100%", "11:00:01"),  # late: by the rule of breaches
            ("150%", "11:30:01"),
        ],
    )
    def test_fires_to_the_second(self, at, fires):
        solo = ticket({"resolution": "1h"}, escalation=[level(1, "resolution", at)])
        second = moment(fires)
        if second > moment(MONDAY):
            solo.sweep(second - timedelta(seconds=1))
            assert solo.log("escalated") == []
        solo.sweep(second)
        solo.sweep("2026-03-03T10:00:00Z")
        assert told(solo, "escalated") == [(fires, "escalated", "resolution", 1)]

    def test_percent_of_the_target_is_rounded_down(self):
        solo = ticket({"resolution": "59s"}, escalation=[level(1, "resolution", "50%")])
        solo.sweep(moment("11:00:00"))
        assert solo.log("escalated") == ["2026-03-02T10:00:29Z"]

    def test_in_working_time_before_the_deadline(self):
        solo = ticket(
            {"resolution": "4h"},
            calendar="office",
            at="2026-03-02T14:00:00Z",
            escalation=[level(1, "resolution", "-2h")],
        )
        solo.sweep("2026-03-04T00:00:00Z")
        assert solo.log("escalated") == ["2026-03-02T16:00:00Z"]

    def test_a_late_level_after_a_deadline_at_closing_time_waits_for_the_opening(self):
        solo = ticket(
            {"resolution": "1h"},
            calendar="office",
            at="2026-03-02T16:00:00Z",
            escalation=[level(1, "resolution", "0m"), level(2, "resolution", "100%")],
        )
        solo.sweep("2026-03-03T09:00:00Z")
        assert solo.log("escalated") == []
        solo.sweep("2026-03-03T09:00:01Z")
        assert solo.log("escalated") == ["2026-03-03T09:00:01Z"] * 2

    def test_after_downtime_every_missed_level_fires_once_in_order(self):
        levels = [level(2, "resolution", "0m"), level(1, "resolution", "+10m"), level(3, "resolution", "50%")]
        solo = ticket({"resolution": "1h"}, escalation=levels)
        solo.sweep("2026-03-09T10:00:00Z")
        assert [event[3] for event in told(solo, "escalated")] == [3, 2, 1]

    def test_not_after_the_clock_is_met(self):
        solo = ticket({"first_response": "1h"}, escalation=[level(1, "first_response", "+1m")])
        solo.act(moment("11:01:00"), "agent")
        solo.sweep("2026-03-03T10:00:00Z")
        assert solo.log("escalated") == []

    def test_a_pause_holds_a_late_level_back(self):
        solo = ticket({"resolution": "1h"}, escalation=[level(1, "resolution", "0m")])
        solo.act(moment("11:00:00"), "hold")
        solo.sweep(moment("14:00:00"))
        assert solo.log("escalated") == []
        solo.act(moment("15:00:00"), "resume")
        solo.sweep(moment("15:00:01"))
        assert solo.log("escalated") == ["2026-03-02T15:00:01Z"]

    def test_a_clock_that_begins_in_a_pause_reaches_nothing_before_it_runs(self):
        solo = ticket({"update": "0m..1h"}, escalation=[level(1, "update", "0%")])
        solo.act(moment("10:10:00"), "agent")
        assert told(solo) == []
        solo.act(moment("10:30:00"), "hold")
        assert told(solo) == [
            ("10:30:00", "clock_warned", "update", 0),
            ("10:30:00", "escalated", "update", 1),
        ]

    def test_a_deadline_moved_later_unschedules_what_has_not_fired_and_what_has_stays(self):
        levels = [level(1, "resolution", "50%"), level(2, "resolution", "0m")]
        solo = ticket({"resolution": "1h"}, high={"resolution": "4h"}, escalation=levels)
        solo.act(moment("10:59:00"), "edit", priority="high")
        solo.sweep(moment("14:00:01"))
        assert told(solo, "escalated") == [
            ("10:30:00", "escalated", "resolution", 1),
            ("14:00:01", "escalated", "resolution", 2),
        ]

    def test_thresholds_that_a_change_puts_in_the_past_fire_at_the_change_once(self):
        levels = [level(2, "resolution", "50%"), level(1, "resolution", "80%"), level(3, "resolution", "+5m")]
        solo = ticket({"resolution": "4h"}, high={"resolution": "30m"}, escalation=levels)
        solo.act(moment("11:00:00"), "edit", priority="high")
        solo.sweep("2026-03-03T10:00:00Z")
        assert told(solo) == [
            ("11:00:00", "clock_breached", "resolution", 0),  # and no warning any more
            ("11:00:00", "escalated", "resolution", 1),
            ("11:00:00", "escalated", "resolution", 2),
            ("11:00:00", "escalated", "resolution", 3),
        ]
        proven(solo)

    def test_a_level_added_by_a_version_fires_there(self):
        solo = ticket({"resolution": "4h"})
        solo.apply(
            moment("12:00:00"), policy(plan({"resolution": "4h"}, escalation=[level(7, "resolution", "25%")]))
        )
        solo.sweep(moment("15:00:00"))
        assert told(solo, "escalated") == [("12:00:00", "escalated", "resolution", 7)]


class TestEffects:
    def fire(
        self, created: dict[str, Any] | None = None, rows: Any = None, **changes: Any
    ) -> tuple[Any, Any]:
        rows = {"normal": {"resolution": "1h"}} if rows is None else rows
        normal = rows.pop("normal")
        solo = ticket(normal, created=created, escalation=[level(1, "resolution", "50%", **changes)], **rows)
        solo.sweep(moment("10:30:00"))
        proven(solo)
        return solo.ticket, next(e for e in solo.events if e.type == "escalated").data

    def row(self, *names: str) -> dict[str, Any]:
        return {name: {"resolution": "1h"} for name in ("normal", *names)}

    def test_one_step_more_urgent(self):
        after, data = self.fire(rows=self.row("high", "urgent"), priority="+1")
        assert after.priority == "high"
        assert data["priority"] == {"before": "normal", "after": "high"}
        assert "not_done" not in data

    def test_several_steps(self):
        after, _ = self.fire(rows=self.row("high", "urgent"), priority="+2")
        assert after.priority == "urgent"

    def test_never_past_the_top(self):
        rows = {**self.row("critical"), "normal": "none"}
        after, data = self.fire({"priority": "critical"}, rows, priority="+1")
        assert after.priority == "critical"
        assert data["not_done"] == ["priority critical is the most urgent"]

    def test_never_into_a_row_of_none_nor_over_it(self):
        after, data = self.fire(rows=self.row("urgent"), priority="+2")
        assert after.priority == "normal"
        assert data["not_done"] == ["plan gold does not cover priority high"]

    @pytest.mark.parametrize(
        ("wanted", "after", "said"),
        [
            ("urgent", "urgent", 0),
            ("low", "normal", 1),  # it only raises
            ("normal", "normal", 1),
            ("critical", "normal", 1),  # not covered
        ],
    )
    def test_a_priority_by_name(self, wanted, after, said):
        ticket_after, data = self.fire(rows=self.row("urgent", "low"), priority=wanted)
        assert ticket_after.priority == after
        assert len(data.get("not_done", [])) == said

    def test_assigns_and_tags(self):
        after, data = self.fire({"tags": ["vip"]}, assignee="bob", team="second", tags=["late", "vip"])
        assert (after.assignee, after.team, after.tags) == ("bob", "second", ("late", "vip"))
        assert data["tags"] == {"before": ["vip"], "after": ["late", "vip"]}

    def test_whom_it_does_not_know_it_names(self):
        after, data = self.fire(assignee="nobody", team="third", tags="late")
        assert (after.assignee, after.team) == (None, None)
        assert data["not_done"] == ["assignee nobody is unknown", "team third is unknown"]

    def test_what_is_so_already_is_no_change(self):
        after, data = self.fire({"tags": ["late"]}, tags=["late"])
        assert "tags" not in data
        assert after.version == 2  # created and the message: nothing of the ticket has changed

    def test_a_raised_priority_is_a_change_of_its_own(self):
        levels = [level(1, "first_response", "0m", priority="+1"), level(2, "resolution", "0m")]
        solo = ticket(
            {"first_response": "1h", "resolution": "9h"}, high={"resolution": "30m"}, escalation=levels
        )
        solo.sweep(moment("12:00:00"))
        assert told(solo)[-4:] == [
            ("11:00:01", "escalated", "first_response", 1),
            ("11:00:01", "clock_cancelled", "first_response", 0),
            ("11:00:01", "clock_breached", "resolution", 0),
            ("11:00:01", "escalated", "resolution", 2),
        ]
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:01Z"
        proven(solo)
