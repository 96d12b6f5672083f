"""What changes while a clock runs (`sla.md 5`): priority, plan, type, policy, and the reset by hand."""

from __future__ import annotations

from typing import Any

import pytest
from life import HOUR, Life
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
    reset,
    states,
    status,
)

# -- changes of priority, plan and type (5) -------------------------------------------------------


def test_another_priority_counts_from_the_clock_s_start_with_its_pauses() -> None:
    life = born(plans(high={"first_response": "30m", "resolution": "4h"}))
    status(life, "02 10:10", "on_hold")
    status(life, "02 11:10", "open")
    edit(life, "02 11:20", priority="high")
    assert due(life) == march("02 15:00")
    assert (elapsed(life, "02 11:20"), paused(life, "02 11:20")) == (20 * 60, HOUR)
    assert clock(life, "resolution").limit == 4 * HOUR
    assert clock(life, "resolution").breached_at is None


def test_what_the_change_makes_late_is_breached_at_the_change() -> None:
    life = born(plans(high={"first_response": "10m", "resolution": "20m"}))
    edit(life, "02 10:20", priority="high")
    life.pass_time(march("02 10:20"))
    assert clock(life, "first_response").breached_at == march("02 10:20")
    assert clock(life, "resolution").breached_at is None
    assert due(life, "first_response") == march("02 10:10")
    life.pass_time(march("02 10:20:01"))
    assert clock(life, "resolution").breached_at == march("02 10:20")


def test_a_breach_before_the_change_stays() -> None:
    life = born(plans(high={**FOUR, "first_response": "4h"}))
    life.pass_time(march("02 11:30"))
    edit(life, "02 12:00", priority="high")
    assert clock(life, "first_response").breached_at == march("02 11:00")
    assert clock(life, "first_response").state == "breached"
    assert due(life, "first_response") == march("02 14:00")


def test_finished_instances_are_never_judged_again() -> None:
    life = born(plans(high={"first_response": "10m", "resolution": "8h"}))
    agent(life, "02 10:30")
    before = clock(life, "first_response")
    edit(life, "02 10:40", priority="high")
    life.pass_time(march("02 12:00"))
    assert clock(life, "first_response") == before


def test_an_edit_of_anything_else_changes_no_clock() -> None:
    life = born()
    before = life.ticket.clocks
    edit(life, "02 10:30", category="x")
    assert life.ticket.clocks == before


def test_a_change_that_moves_nothing_is_no_change() -> None:
    life = born(plans(high=FOUR))
    edit(life, "02 10:30", priority="high")
    assert clock(life, "resolution").changed_at is None
    assert did(life, "02 10:01") == []


def test_what_the_plan_covers_no_longer_ends_as_cancelled() -> None:
    life = born(plans(high={"first_response": "1h"}))
    edit(life, "02 10:30", priority="high")
    assert did(life, "02 10:30") == ["02 10:30 cancelled resolution"]
    assert clock(life, "resolution").cancelled_at == march("02 10:30")
    assert due(life) is None
    life.pass_time(march("03 10:00"))
    assert clock(life, "resolution").breached_at is None


def test_covered_again_it_starts_at_its_usual_start_as_the_next_instance() -> None:
    """With the pauses that it had meanwhile."""
    life = born(plans(high={"first_response": "8h"}))
    edit(life, "02 10:30", priority="high")
    status(life, "02 11:00", "on_hold")
    status(life, "02 12:00", "open")
    edit(life, "02 13:00", priority="normal")
    assert did(life, "02 13:00") == ["02 13:00 started resolution/2"]
    again = clock(life, "resolution", 2)
    assert again.spans[0].start == march("02 10:00")
    assert again.changed_at == march("02 13:00")
    assert (elapsed(life, "02 13:00", instance=2), paused(life, "02 13:00", instance=2)) == (2 * HOUR, HOUR)
    assert due(life, "resolution", 2) == march("02 19:00")
    assert clock(life, "resolution").state == "cancelled"


def test_a_priority_covered_only_now_starts_at_the_usual_start() -> None:
    life = born(priority="low")
    assert did(life) == []
    status(life, "02 10:30", "on_hold")
    edit(life, "02 11:30", priority="normal")
    life.pass_time(march("02 11:30"))
    assert did(life, "02 11:30") == [
        "02 11:30 started first_response",
        "02 11:30 started resolution",
        "02 11:30 paused resolution",
        "02 11:30 breached first_response",
    ]
    assert clock(life, "first_response").breached_at == march("02 11:30")
    assert paused(life, "02 11:30") == HOUR


def test_covered_in_the_second_that_a_pause_ends_it_is_late_from_that_second() -> None:
    life = born(plans(normal={"resolution": "1h"}), priority="low")
    status(life, "02 11:30", "on_hold")
    status(life, "02 12:00", "open")
    edit(life, "02 12:00", priority="normal")
    assert life.log[-1].data == {"start": "2026-03-02T10:00:00Z", "target_seconds": HOUR}
    life.pass_time(march("02 12:00"))
    assert clock(life, "resolution").breached_at == march("02 12:00")


def test_a_clock_whose_stop_lies_behind_gets_no_instance() -> None:
    life = born(priority="low")
    agent(life, "02 10:30")
    edit(life, "02 11:00", priority="normal")
    assert did(life) == ["02 11:00 started update", "02 11:00 started resolution"]
    assert clock(life, "update").spans[0].start == march("02 10:30")


def test_what_is_not_covered_is_not_met_or_cancelled_either() -> None:
    life = born(priority="low")
    agent(life, "02 10:30")
    customer(life, "02 11:00")
    status(life, "02 11:30", "resolved")
    status(life, "02 12:00", "open")
    assert did(life) == []
    edit(life, "02 12:30", priority="normal")
    assert did(life) == ["02 12:30 started next_response", "02 12:30 started resolution"]
    assert elapsed(life, "02 12:30") == 2 * HOUR
    assert elapsed(life, "02 12:30", "next_response") == HOUR


def uncovered(life: Life) -> list[tuple[str, int]]:
    return [(each.name, each.instance) for each in life.ticket.clocks if not each.covered]


def test_a_wait_that_is_not_covered_pauses_and_goes_on_in_silence() -> None:
    life = born(priority="low")
    assert uncovered(life) == [("first_response", 0), ("resolution", 0)]
    status(life, "02 10:30", "on_hold")
    status(life, "02 11:00", "open")
    assert did(life) == []


@pytest.mark.parametrize("mode", ["continue", "restart"])
def test_it_is_one_wait_however_often_the_ticket_is_reopened(mode: str) -> None:
    life = born(plans(reopen={"mode": mode}), priority="low")
    for hour in (11, 12):
        status(life, f"02 {hour}:00", "resolved")
        status(life, f"02 {hour}:30", "open")
    assert uncovered(life) == [("first_response", 0), ("resolution", 0)]
    edit(life, "02 13:00", priority="normal")
    assert uncovered(life) == []
    assert did(life) == ["02 13:00 started first_response", "02 13:00 started resolution"]
    assert elapsed(life, "02 13:00") == (2 * HOUR if mode == "continue" else HOUR // 2)


def test_and_once_it_is_covered_it_is_covered_once() -> None:
    life = born(plans(high={**FOUR, "resolution": "4h"}), priority="low")
    edit(life, "02 10:30", priority="normal")
    edit(life, "02 10:40", priority="high")
    assert did(life) == ["02 10:30 started first_response", "02 10:30 started resolution"]
    assert len(life.ticket.clocks) == 2


def test_no_longer_covered_it_is_tracked_without_a_number() -> None:
    life = born()
    edit(life, "02 10:30", priority="low")
    assert [(each.name, each.instance) for each in life.ticket.clocks] == [
        ("first_response", 0),
        ("first_response", 1),
        ("resolution", 0),
        ("resolution", 1),
    ]
    status(life, "02 11:00", "resolved")
    status(life, "02 11:30", "open")
    assert uncovered(life) == [("first_response", 0), ("resolution", 0)]


def test_covered_while_resolved_it_starts_at_the_reopening_without_the_stopped_time() -> None:
    life = born(priority="low")
    status(life, "02 10:30", "resolved")
    edit(life, "02 11:00", priority="normal")
    assert did(life) == []
    status(life, "02 12:30", "on_hold")
    assert did(life) == [
        "02 12:30 started first_response",
        "02 12:30 started resolution",
        "02 12:30 paused resolution",
    ]
    assert elapsed(life, "02 13:30") == HOUR // 2
    assert elapsed(life, "02 13:00", "first_response") == HOUR


def test_covered_no_longer_while_resolved_it_stays_met_at_the_reopening() -> None:
    life = born()
    status(life, "02 10:30", "resolved")
    edit(life, "02 11:00", priority="low")
    status(life, "02 12:00", "open")
    assert did(life, "02 10:31") == []
    assert clock(life, "resolution").met_at == march("02 10:30")
    assert not clock(life, "resolution").resumable
    edit(life, "02 12:30", priority="normal")
    assert did(life, "02 12:30") == ["02 12:30 started first_response/2", "02 12:30 started resolution/2"]
    assert elapsed(life, "02 12:30", instance=2) == HOUR


def test_covered_while_resolved_it_counts_from_its_start_on_the_target_s_own_calendar() -> None:
    """As after any change of priority, also where an edited policy would not be retroactive."""
    own = {"resolution": {"limit": "8h", "calendar": "office"}}
    life = born(plans(normal=own, retroactive=False), at="02 08:00", priority="low")
    status(life, "02 12:00", "resolved")
    edit(life, "02 13:00", priority="normal")
    status(life, "02 14:00", "open")
    assert elapsed(life, "02 14:00") == 2 * HOUR
    assert elapsed(life, "02 20:00") == 6 * HOUR


def test_restart_begins_what_was_not_covered_at_the_reopening() -> None:
    life = born(plans(reopen={"mode": "restart"}), priority="low")
    status(life, "02 10:30", "resolved")
    edit(life, "02 11:00", priority="normal")
    status(life, "02 12:00", "open")
    assert did(life) == ["02 12:00 started first_response", "02 12:00 started resolution"]
    assert due(life) == march("02 20:00")


def test_another_priority_while_resolved_counts_from_the_reopening_on() -> None:
    life = born(plans(high={"resolution": "2h"}))
    status(life, "02 11:30", "resolved")
    edit(life, "02 12:00", priority="high")
    assert clock(life, "resolution").limit == 8 * HOUR
    status(life, "02 13:00", "open")
    assert clock(life, "resolution").limit == 2 * HOUR
    assert due(life) == march("02 13:30")


def test_another_plan_brings_its_own_calendar_and_pauses() -> None:
    silver = {
        "calendar": "office",
        "normal": {"resolution": "4h", "first_response": "4h"},
        "pause": {"in_progress": ["resolution"]},
    }
    life = born(plans(silver=silver), at="02 08:00")
    status(life, "02 08:10", "in_progress")
    edit(life, "02 12:00", plan="silver")
    assert did(life, "02 12:00") == ["02 12:00 paused resolution"]
    assert elapsed(life, "02 12:00") == 2 * HOUR
    assert due(life, "first_response") == march("02 14:00")
    edit(life, "02 13:00", plan="gold")
    assert did(life, "02 13:00") == ["02 13:00 resumed resolution"]
    assert (elapsed(life, "02 13:00"), paused(life, "02 13:00")) == (4 * HOUR, HOUR)


def test_a_change_of_plan_never_loses_a_pause() -> None:
    silver = {"calendar": "office", "normal": {"resolution": "4h"}}
    life = born(plans(silver=silver))
    status(life, "02 11:00", "on_hold")
    status(life, "02 12:00", "open")
    edit(life, "02 13:00", plan="silver")
    assert (elapsed(life, "02 13:00"), paused(life, "02 13:00")) == (2 * HOUR, HOUR)
    assert due(life) == march("02 15:00")


def test_a_type_that_becomes_exempt_cancels_and_one_that_is_no_longer_starts_anew() -> None:
    life = born()
    edit(life, "02 10:30", type="wish")
    assert did(life, "02 10:30") == ["02 10:30 cancelled first_response", "02 10:30 cancelled resolution"]
    edit(life, "02 10:40", type="incident")
    assert did(life, "02 10:40") == ["02 10:40 started first_response/2", "02 10:40 started resolution/2"]


def test_a_later_deadline_un_breaches_nothing_and_a_sooner_one_warns_at_once() -> None:
    life = born(plans(high={"resolution": "1h"}))
    edit(life, "02 10:50", priority="high")
    life.pass_time(march("02 10:50"))
    assert clock(life, "resolution").warned_at == march("02 10:50")
    assert clock(life, "resolution").breached_at is None


# -- an edited policy (5) -------------------------------------------------------------------------


def hours(*windows: str) -> dict[str, Any]:
    return {"office": {"timezone": "UTC", "hours": {"all": list(windows)}}}


def test_edited_hours_count_from_the_start_by_default() -> None:
    plan = {"calendar": "office", "normal": {"resolution": "4h"}}
    life = born(plans(**plan), plans(2, "02 12:00", **plan, calendars=hours("11:00-20:00")))
    life.pass_time(march("02 12:00"))
    assert elapsed(life, "02 12:00") == HOUR
    assert due(life) == march("02 15:00")
    assert clock(life, "resolution").changed_at == march("02 12:00")


def test_not_retroactive_the_new_hours_count_from_the_edit_on() -> None:
    """Elapsed time is summed per period."""
    plan = {"calendar": "office", "normal": {"resolution": "4h"}, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 12:00", **plan, calendars=hours("11:00-12:30", "14:00-20:00")))
    life.pass_time(march("02 12:00"))
    assert elapsed(life, "02 12:00") == 2 * HOUR
    assert due(life) == march("02 15:30")
    assert [(span.start, span.version) for span in clock(life, "resolution").spans] == [
        (march("02 10:00"), 1),
        (march("02 12:00"), 2),
    ]


def test_not_retroactive_a_later_pause_is_on_the_new_hours() -> None:
    plan = {"calendar": "office", "normal": {"resolution": "8h"}, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 11:00", **plan, calendars=hours("11:00-12:30", "14:00-20:00")))
    status(life, "02 12:00", "on_hold")
    status(life, "02 15:00", "open")
    assert paused(life, "02 15:00") == HOUR + HOUR // 2
    assert elapsed(life, "02 20:00") == 2 * HOUR + 5 * HOUR


def test_what_is_no_change_of_the_clocks_leaves_the_old_hours_as_they_were() -> None:
    """An edit of the category, and a level that only notifies, recompute nothing."""
    levels = [{"level": "1", "clock": "resolution", "at": "50%", "notify": ["assignee"]}]
    plan = {"calendar": "office", "normal": {"resolution": "8h"}, "retroactive": False, "escalation": levels}
    life = born(plans(**plan), plans(2, "02 12:00", **plan, calendars=hours("11:00-20:00")))
    edit(life, "02 13:00", category="x")
    life.pass_time(march("02 16:00"))
    assert did(life, "02 13:00") == ["02 14:00 escalated resolution"]
    assert elapsed(life, "02 16:00") == 6 * HOUR
    edit(life, "02 16:00", priority="low")
    edit(life, "02 16:00", priority="normal")
    assert elapsed(life, "02 16:00", instance=2) == 5 * HOUR


def test_it_is_the_newly_applied_plan_that_says_whether() -> None:
    plan = {"calendar": "office", "normal": {"resolution": "4h"}}
    new = {**plan, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 12:00", **new, calendars=hours("11:00-20:00")))
    life.pass_time(march("02 12:00"))
    assert elapsed(life, "02 12:00") == 2 * HOUR
    other = born(plans(**new), plans(2, "02 12:00", **plan, calendars=hours("11:00-20:00")))
    other.pass_time(march("02 12:00"))
    assert elapsed(other, "02 12:00") == HOUR


def test_a_pause_keeps_its_own_hours_too() -> None:
    plan = {"calendar": "office", "normal": {"resolution": "4h"}, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 13:00", **plan, calendars=hours("12:00-13:30")))
    status(life, "02 11:00", "on_hold")
    life.pass_time(march("02 13:00"))
    assert paused(life, "02 14:00") == 2 * HOUR + HOUR // 2
    assert did(life, "02 13:00") == []


def test_a_new_target_replaces_the_limit_at_once_in_both_cases() -> None:
    for retroactive in (True, False):
        plan = {"calendar": "office", "retroactive": retroactive}
        life = born(
            plans(**plan, normal={"resolution": "4h"}),
            plans(2, "02 12:00", **plan, normal={"resolution": "1h..3h"}),
        )
        life.pass_time(march("02 12:00"))
        target = clock(life, "resolution")
        assert (target.limit, target.goal, target.warn) == (3 * HOUR, HOUR, HOUR)
        assert due(life) == march("02 13:00")


def test_a_new_warning_alone_replaces_the_old_one() -> None:
    life = born(
        plans(normal={"resolution": {"limit": "4h", "warn": "50%"}}),
        plans(2, "02 11:00", normal={"resolution": {"limit": "4h", "warn": "25%"}}),
    )
    life.pass_time(march("02 11:00"))
    assert clock(life, "resolution").warned_at == march("02 11:00")
    assert clock(life, "resolution").changed_at is None


def test_the_same_hours_under_another_version_move_nothing_and_break_no_span() -> None:
    plan = {"calendar": "office", "normal": {"resolution": "4h"}, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 12:00", **plan))
    life.pass_time(march("02 12:00"))
    assert clock(life, "resolution").changed_at is None
    assert [(span.start, span.version) for span in clock(life, "resolution").spans] == [
        (march("02 10:00"), 2)
    ]


def test_a_target_s_own_calendar_is_the_clock_s() -> None:
    own = {"resolution": {"limit": "4h", "calendar": "office"}, "first_response": "4h"}
    life = born(plans(normal=own), at="02 08:00")
    assert due(life) == march("02 14:00")
    assert due(life, "first_response") == march("02 12:00")


def test_a_clock_covered_only_now_starts_at_its_usual_start_by_the_same_rule() -> None:
    """Not retroactive the new hours count from the edit on, and the old ones of the wait before it."""
    for retroactive, worked in ((True, HOUR), (False, 2 * HOUR)):
        plan = {"calendar": "office", "retroactive": retroactive}
        life = born(
            plans(**plan, normal={"first_response": "1d"}),
            plans(2, "02 12:00", **plan, normal={"resolution": "8h"}, calendars=hours("11:00-20:00")),
        )
        life.pass_time(march("02 12:00"))
        assert did(life, "02 12:00") == ["02 12:00 cancelled first_response", "02 12:00 started resolution"]
        assert elapsed(life, "02 12:00") == worked
        assert clock(life, "resolution").spans[0].start == march("02 10:00")


def test_what_is_covered_no_longer_waits_on_the_plan_s_calendar_from_its_start() -> None:
    """It shows once a policy that is not retroactive covers it again."""
    own = {"resolution": {"limit": "8h", "calendar": "office"}}
    plan = {"normal": own, "retroactive": False}
    life = born(plans(**plan), plans(2, "02 13:00", **plan, low=own), at="02 08:00")
    edit(life, "02 12:00", priority="low")
    life.pass_time(march("02 13:00"))
    assert did(life, "02 13:00") == ["02 13:00 started resolution/2"]
    assert elapsed(life, "02 13:00", instance=2) == 5 * HOUR
    assert elapsed(life, "02 20:00", instance=2) == 10 * HOUR


def test_a_calendar_that_is_gone_still_counts_what_it_counted() -> None:
    plan = {"normal": {"resolution": "8h"}, "retroactive": False}
    old = plans(
        **plan, calendar="late", calendars={"late": {"timezone": "UTC", "hours": {"all": ["11:00-24:00"]}}}
    )
    life = born(old, plans(2, "02 12:00", **plan))
    life.pass_time(march("02 12:00"))
    assert elapsed(life, "02 13:00") == 2 * HOUR


def test_a_resolved_clock_meets_the_new_policy_at_the_reopening() -> None:
    """By the `retroactive` of the plan then in force."""
    for retroactive, worked in ((True, HOUR), (False, 2 * HOUR)):
        plan = {"calendar": "office", "normal": {"resolution": "4h"}, "retroactive": retroactive}
        life = born(plans(**plan), plans(2, "02 13:00", **plan, calendars=hours("11:00-20:00")))
        status(life, "02 12:00", "resolved")
        life.pass_time(march("02 13:00"))
        assert elapsed(life, "02 13:00") == 2 * HOUR
        status(life, "02 14:00", "open")
        assert elapsed(life, "02 14:00") == worked
        assert elapsed(life, "02 15:00") == worked + HOUR


# -- reset (5) ------------------------------------------------------------------------------------


def test_a_reset_begins_a_new_instance_and_keeps_the_old_one_in_history() -> None:
    life = born()
    reset(life, "02 12:00", "resolution")
    assert did(life, "02 12:00") == ["02 12:00 reset resolution", "02 12:00 started resolution/2"]
    old, new = clock(life, "resolution"), clock(life, "resolution", 2)
    assert (old.cancelled_at, old.state, old.resumable) == (march("02 12:00"), "cancelled", False)
    assert (new.spans[0].start, new.changed_at) == (march("02 12:00"), None)
    assert due(life, "resolution", 2) == march("02 20:00")
    assert elapsed(life, "02 15:00") == 2 * HOUR


def test_a_reset_of_one_clock_leaves_the_others() -> None:
    life = born()
    before = clock(life, "first_response")
    reset(life, "02 10:30", "resolution")
    assert clock(life, "first_response") == before


def test_a_second_reset_leaves_the_first_instance_as_it_was() -> None:
    life = born()
    reset(life, "02 12:00", "resolution")
    first = clock(life, "resolution")
    reset(life, "02 13:00", "resolution")
    assert clock(life, "resolution") == first
    assert clock(life, "resolution", 2).cancelled_at == march("02 13:00")
    assert clock(life, "resolution", 3).state == "running"


@pytest.mark.parametrize("name", ["next_response", "update", "resolution"])
def test_a_reset_touches_no_clock_of_another_name(name: str) -> None:
    life = born()
    agent(life, "02 10:30")
    if name == "next_response":
        customer(life, "02 10:40")
    others = [each for each in life.ticket.clocks if each.name != name]
    reset(life, "02 11:00", name)
    assert [each for each in life.ticket.clocks if each.name != name] == others
    assert did(life, "02 11:00") == [f"02 11:00 reset {name}", f"02 11:00 started {name}/2"]


def test_a_reset_while_paused_begins_paused() -> None:
    life = born()
    status(life, "02 11:00", "on_hold")
    reset(life, "02 12:00", "resolution")
    assert did(life, "02 12:00") == [
        "02 12:00 reset resolution",
        "02 12:00 started resolution/2",
        "02 12:00 paused resolution/2",
    ]
    status(life, "02 13:00", "open")
    assert due(life, "resolution", 2) == march("02 21:00")


def test_a_reset_breach_stays_in_history() -> None:
    life = born()
    reset(life, "02 12:00", "first_response")
    assert states(life) == {
        "first_response": "breached",
        "first_response/2": "running",
        "resolution": "running",
    }


# -- recorded by time -----------------------------------------------------------------------------


def test_what_a_warning_and_a_breach_leave_on_their_instance() -> None:
    life = born()
    reset(life, "02 10:30", "first_response")
    life.pass_time(march("02 12:00"))
    second = clock(life, "first_response", 2)
    assert second.warned_at == march("02 11:18")
    assert second.breached_at == march("02 11:30")
    assert second.noticed_at == life.now
    first = clock(life, "first_response")
    assert (first.warned_at, first.breached_at, first.noticed_at) == (None, None, None)
