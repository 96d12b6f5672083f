"""Changes while a clock runs (`sla.md` 5): priority, plan, policy version, reset."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.domain.events import Event
from helpdesk_cli.errors import HelpdeskError
from tests.sla_tickets import MONDAY, level, moment, plan, policy, proven, seen, ticket, told
from tests.solo import Solo


class TestChanges:
    @pytest.mark.parametrize(
        ("limit", "breached"), [("1h", None), ("59m59s", "2026-03-02T11:00:00Z"), ("2h", None)]
    )
    def test_a_priority_that_makes_it_late_breaches_at_the_change(self, limit, breached):
        solo = ticket({"resolution": "4h"}, high={"resolution": limit})
        solo.act(moment("11:00:00"), "edit", priority="high")
        assert solo.clock("resolution")["breached_at"] == breached
        assert solo.log("clock_breached") == ([breached] if breached else [])

    def test_just_used_up_at_the_change_it_is_breached_a_second_later(self):
        solo = ticket({"resolution": "4h"}, high={"resolution": "1h"})
        solo.act(moment("11:00:00"), "edit", priority="high")
        solo.sweep(moment("11:00:01"))
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"
        assert solo.log("clock_breached") == ["2026-03-02T11:00:01Z"]

    def test_a_change_makes_a_paused_clock_late_too(self):
        solo = ticket({"resolution": "4h"}, high={"resolution": "30m"})
        solo.act(moment("11:00:00"), "hold")
        solo.act(moment("12:00:00"), "edit", priority="high")
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T12:00:00Z"
        assert solo.log("clock_warned") == []

    def test_an_earlier_breach_stays(self):
        solo = ticket({"resolution": "1h"}, high={"resolution": "30m"})
        solo.act(moment("12:00:00"), "edit", priority="high")
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"

    def test_finished_instances_are_never_judged_again(self):
        solo = ticket({"first_response": "1h"}, high={"first_response": "10m"})
        solo.act(moment("10:30:00"), "agent")
        solo.act(moment("10:40:00"), "edit", priority="high")
        assert solo.clock("first_response")["state"] == "met"

    def test_a_plan_with_another_calendar_counts_from_the_start(self):
        silver = plan({"resolution": "2h"}, calendar="late", retroactive=False)
        solo = Solo(policy(plan({"resolution": "4h"}), silver=silver), MONDAY)
        solo.act(moment("12:30:00"), "edit", plan="silver")
        figures = solo.clock("resolution")
        assert (figures["elapsed"], figures["due"]) == (1_800, "2026-03-02T14:00:00Z")
        assert figures["starts"] == "2026-03-02T12:00:00Z"

    def test_another_organisation_or_category_touches_no_clock(self):
        solo = ticket({"resolution": "1h"})
        before, data = solo.ticket.clocks, {"org": {"before": None, "after": "acme"}, "org_id": 7}
        solo.write(Event("edited", moment("10:30:00"), "ann", solo.now, data))
        solo.act(moment("10:40:00"), "edit", category="billing")
        assert (solo.ticket.org, solo.ticket.category) == (7, "billing")
        assert solo.ticket.clocks == before
        proven(solo)

    def test_an_edit_that_changes_nothing_moves_nothing(self):
        solo = ticket({"resolution": "1h"}, high={"resolution": "1h"})
        solo.act(moment("10:30:00"), "edit", priority="high")
        solo.sweep(moment("11:00:01"))
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"


class TestPolicyVersions:
    def change(self, normal: Any, at: str = "11:00:00", before: Any = None, **more: Any) -> Solo:
        solo = ticket(before or {"resolution": "2h"}, **more.pop("first", {}))
        solo.apply(moment(at), policy(plan(normal, **more)))
        solo.sweep(moment(at))
        return solo

    def test_retroactive_the_whole_life_is_counted_anew(self):
        solo = self.change({"resolution": "2h"}, "13:00:00", {"resolution": "4h"}, calendar="late")
        figures = solo.clock("resolution")
        assert (figures["elapsed"], figures["due"]) == (3_600, "2026-03-02T14:00:00Z")
        proven(solo)

    def test_not_retroactive_the_new_hours_count_from_the_edit_and_the_periods_are_summed(self):
        solo = self.change({"resolution": "4h"}, "11:00:00", calendar="late", retroactive=False)
        assert seen(solo, "12:30:00", "resolution", "elapsed") == 3_600 + 1_800
        assert solo.clock("resolution")["due"] == "2026-03-02T15:00:00Z"
        proven(solo)

    def test_not_retroactive_twice_three_periods(self):
        solo = self.change({"resolution": "9h"}, "11:00:00", calendar="late", retroactive=False)
        solo.apply(
            moment("13:00:00"), policy(plan({"resolution": "9h"}, calendar="office", retroactive=False))
        )
        solo.act(moment("13:00:00"), "note")
        assert seen(solo, "19:00:00", "resolution", "elapsed") == 3_600 + 3_600 + 4 * 3_600
        proven(solo)

    @pytest.mark.parametrize("retroactive", [True, False])
    def test_a_new_target_replaces_the_limit_at_once(self, retroactive):
        solo = self.change({"resolution": "30m"}, retroactive=retroactive)
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"
        assert told(solo) == [
            ("11:00:00", "policy_applied", "", 0),
            ("11:00:00", "clock_breached", "resolution", 0),
        ]

    def test_a_recorded_breach_stays(self):
        solo = self.change({"resolution": "9h"}, "11:00:00", {"resolution": "30m"})
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T10:30:00Z"
        assert solo.clock("resolution")["due"] == "2026-03-02T19:00:00Z"

    def test_a_clock_covered_only_now_starts_at_its_usual_start(self):
        solo = self.change({"resolution": "2h", "first_response": "90m"})
        assert solo.clock("first_response")["due"] == "2026-03-02T11:30:00Z"

    def test_a_clock_that_a_version_covers_no_longer_is_cancelled(self):
        solo = self.change("none")
        assert solo.clock("resolution")["state"] == "cancelled"

    def test_paused_clocks_are_recomputed(self):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "hold")
        solo.apply(moment("11:00:00"), policy(plan({"resolution": "20m"})))
        solo.sweep(moment("11:00:00"))
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"

    def test_other_pauses_count_from_the_version_on(self):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "hold")
        solo.apply(moment("11:00:00"), policy(plan({"resolution": "2h"}, pause={})))
        solo.sweep(moment("11:30:00"))
        figures = solo.clock("resolution")
        assert (figures["state"], figures["elapsed"], figures["paused"]) == ("running", 3_600, 1_800)

    @pytest.mark.parametrize("changed", [{}, {"label": {"en": "Gold"}}, {"silver": plan({"update": "1h"})}])
    def test_one_that_moves_nothing_leaves_breached_at_at_the_deadline(self, changed):
        silver = {key: changed.pop(key) for key in ("silver",) if key in changed}
        solo = ticket({"resolution": "1h"})
        solo.apply(moment("11:00:01"), policy(plan({"resolution": "1h"}, **changed), **silver))
        solo.sweep(moment("11:00:01"))
        assert [event[1] for event in told(solo)] == ["clock_warned", "policy_applied", "clock_breached"]
        assert solo.clock("resolution")["breached_at"] == "2026-03-02T11:00:00Z"

    def test_one_at_the_first_late_second_may_save_it(self):
        solo = ticket({"resolution": "1h"})
        solo.apply(moment("11:00:01"), policy(plan({"resolution": "1h1s"})))
        solo.sweep(moment("11:00:01"))
        assert solo.clock("resolution")["breached_at"] is None

    def test_one_that_puts_only_the_warning_in_the_past_warns_there(self):
        solo = ticket({"resolution": {"limit": "1h", "warn": "100%"}})
        solo.apply(moment("10:40:00"), policy(plan({"resolution": {"limit": "1h", "warn": "50%"}})))
        solo.sweep(moment("12:00:00"))
        assert told(solo) == [
            ("10:40:00", "policy_applied", "", 0),
            ("10:40:00", "clock_warned", "resolution", 0),
            ("11:00:01", "clock_breached", "resolution", 0),
        ]

    def test_a_closed_ticket_takes_it_when_a_command_touches_it(self):
        solo = ticket({"resolution": "2h"})
        solo.act(moment("10:30:00"), "close")
        solo.apply(moment("11:00:00"), policy(plan({"resolution": "3h"})))
        solo.sweep(moment("12:00:00"))
        assert solo.log("policy_applied") == []
        solo.act(moment("13:00:00"), "note")
        assert solo.log("policy_applied") == ["2026-03-02T11:00:00Z"]
        solo.act(moment("13:00:00"), "reopen")
        assert solo.clock("resolution")["due"] == "2026-03-02T15:30:00Z"
        proven(solo)


class TestReset:
    def test_a_new_instance_begins_and_the_old_one_stays_in_history(self):
        solo = ticket({"resolution": "1h"}, escalation=[level(1, "resolution", "50%")])
        solo.act(moment("10:40:00"), "reset", "resolution")
        assert solo.clock("resolution", 1)["state"] == "cancelled"
        assert solo.clock("resolution", 1)["fired"] == {1: "2026-03-02T10:30:00Z"}
        assert solo.clock("resolution", 2)["due"] == "2026-03-02T11:40:00Z"
        solo.sweep(moment("11:40:01"))
        assert solo.clock("resolution", 2)["fired"] == {1: "2026-03-02T11:10:00Z"}
        proven(solo)

    def test_a_breach_of_the_old_one_stays(self):
        solo = ticket({"resolution": "10m"})
        solo.act(moment("10:40:00"), "reset", "resolution")
        assert solo.clock("resolution", 1)["state"] == "breached"
        assert solo.clock("resolution", 2)["state"] == "running"

    def test_while_paused_the_new_one_begins_paused(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:30:00"), "hold")
        solo.act(moment("10:40:00"), "reset", "resolution")
        assert solo.clock("resolution", 2)["state"] == "paused"

    def test_the_new_response_clock_is_met_by_the_next_answer(self):
        solo = ticket({"first_response": "1h"})
        solo.act(moment("10:30:00"), "reset", "first_response")
        solo.act(moment("10:40:00"), "agent")
        assert solo.clock("first_response", 2)["state"] == "met"
        assert solo.clock("first_response", 2)["elapsed"] == 600

    def test_only_of_a_clock_that_goes(self):
        solo = ticket({"resolution": "1h"})
        solo.act(moment("10:30:00"), "close")
        with pytest.raises(HelpdeskError):
            solo.act(moment("10:40:00"), "reset", "resolution")
