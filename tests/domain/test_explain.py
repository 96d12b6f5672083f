"""Explanations of deadlines (`sla.md 9`): each step, each reason, and sums that add up whatever happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from life import CALENDARS, HOUR, MONDAY, Life, adds_up, gold, policy

from helpdesk_cli.domain import verbs
from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.explain import Explanation, Uncovered
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.steps import CHANGED, COUNTED, HOLIDAY, MOST_WINDOWS, PAUSED, RESET, STOPPED
from helpdesk_cli.domain.story import Story
from helpdesk_cli.errors import RefusedError


def kinds(told: Explanation) -> list[str]:
    return [step.kind for step in told.steps]


def rows(told: Explanation) -> list[tuple[str, str, str, int, int]]:
    """(kind, from, to, seconds, total) with times as `02 10:00`."""

    def short(at: datetime | None) -> str:
        return "" if at is None else f"{at:%d %H:%M}" + (f"{at:%S}" if at.second else "")

    return [(s.kind, short(s.start), short(s.end), s.seconds, s.total) for s in told.steps]


# -- what counts ---------------------------------------------------------------------------------------------


def test_a_clock_that_never_closes() -> None:
    told = Life(gold()).clock("2026-03-02T11:00:00Z")
    assert rows(told) == [
        ("counted", "02 10:00", "02 11:00", HOUR, HOUR),
        ("counted", "02 11:00", "02 14:00", 3 * HOUR, 4 * HOUR),
    ]
    assert [step.past for step in told.steps] == [True, False]
    assert (told.calendar, told.timezone) == ("always", None)
    assert told.cause is not None
    assert told.cause.type == "created"
    assert to_text(told.due_at or told.starts_at) == "2026-03-02T14:00:00Z"
    assert (told.due_because, told.late_because) == ("window", "used_up")
    assert told.late_from == told.due_at
    assert told.warn_at == datetime(2026, 3, 2, 13, 12, tzinfo=UTC)
    assert not told.at_risk
    assert Life(gold()).clock("2026-03-02T13:12:00Z").at_risk


def test_opening_hours_a_weekend_a_holiday_and_a_pause() -> None:
    life = Life(
        policy(1, MONDAY, {"p": {"calendar": "office", "normal": {"resolution": "16h"}}}),
        at="2026-03-05T16:00:00Z",
    )
    life.agent("2026-03-05T17:30:00Z")
    life.customer("2026-03-09T12:00:00Z")
    told = life.clock("2026-03-09T13:00:00Z")
    assert rows(told) == [
        ("counted", "05 16:00", "05 17:30", 5400, 5400),
        ("paused", "05 17:30", "09 12:00", 9000, 5400),
        ("holiday", "06 00:00", "07 00:00", 0, 5400),
        ("counted", "09 12:00", "09 13:00", HOUR, 9000),
        ("counted", "09 13:00", "09 18:00", 5 * HOUR, 27000),
        ("counted", "10 10:00", "10 18:00", 8 * HOUR, 55800),
        ("counted", "11 10:00", "11 10:30", 1800, 57600),
    ]
    assert told.steps[1].status == "waiting_customer"
    assert (told.steps[2].date, told.steps[2].name, told.steps[2].calendar) == (
        "2026-03-06",
        "holiday",
        "office",
    )
    assert told.timezone == "UTC"


def test_a_pause_that_lasts_has_no_end_and_no_deadline() -> None:
    life = Life(gold())
    life.agent("2026-03-02T10:30:00Z")
    life.status("2026-03-02T11:00:00Z", "on_hold")
    told = life.clock("2026-03-02T12:00:00Z")
    assert rows(told)[1:] == [
        ("paused", "02 10:30", "02 11:00", 1800, 1800),
        ("paused", "02 11:00", "", HOUR, 1800),
    ]
    assert [step.status for step in told.steps[1:]] == ["waiting_customer", "on_hold"]
    assert (told.due_at, told.due_because, told.late_from, told.warn_at) == (None, "paused", None, None)
    life.status("2026-03-02T13:00:00Z", "resolved")
    ended = life.clock("2026-03-02T14:00:00Z")
    assert (ended.clock.state, ended.due_at, ended.due_because) == ("met", None, "paused")


def test_statuses_of_one_second_are_one_pause() -> None:
    """A status that lasted no time is not told, nor is one that came back at once."""
    life = Life(gold())
    life.agent("2026-03-02T10:30:00Z")
    for status in ("on_hold", "waiting_customer"):
        life.status("2026-03-02T11:00:00Z", status)
    assert [step.status for step in life.clock("2026-03-02T12:00:00Z").steps if step.kind == PAUSED] == [
        "waiting_customer"
    ]


def test_nothing_counted_outside_opening_hours_is_told_too() -> None:
    """An answer on the evening of a clock that began that evening: nothing elapsed."""
    plan = {"p": {"calendar": "office", "normal": {"first_response": "2h"}}}
    life = Life(policy(1, MONDAY, plan), at="2026-03-02T19:00:00Z")
    life.agent("2026-03-02T20:00:00Z")
    told = life.clock("2026-03-02T21:00:00Z", "first_response")
    assert rows(told) == [
        ("counted", "02 19:00", "02 20:00", 0, 0),
        ("stopped", "02 20:00", "", 0, 0),
    ]
    assert told.steps[0].windows == 0
    assert to_text(told.starts_at) == "2026-03-03T10:00:00Z"
    at_once = Life(policy(1, MONDAY, plan), at="2026-03-02T19:00:00Z")
    at_once.agent("2026-03-02T19:00:00Z")
    assert kinds(at_once.clock("2026-03-02T19:00:00Z", "first_response")) == [STOPPED]


def test_a_target_that_never_comes() -> None:
    plan = {"p": {"calendar": "once", "normal": {"resolution": "4h"}}}
    told = Life(policy(1, MONDAY, plan)).clock("2026-03-05T00:00:00Z")
    assert (told.due_at, told.due_because, told.elapsed) == (None, "never", 2 * HOUR)
    assert kinds(told) == [COUNTED]


def test_long_rows_of_windows_are_summed_in_the_middle() -> None:
    plan = {"p": {"calendar": "split", "normal": {"resolution": "400h"}}}
    life = Life(policy(1, MONDAY, plan), at="2026-03-02T08:00:00Z")
    told = life.clock("2026-03-02T08:00:00Z")
    windows = [step for step in told.steps if step.kind == COUNTED]
    group = next(step for step in windows if step.windows > 1)
    assert [step.windows for step in windows] == [1] * 6 + [group.windows] + [1] * 6
    assert len(windows) <= MOST_WINDOWS
    assert group.holidays == 4  # 12, 13 and 16 March, and the exception without hours
    assert group.seconds > 300 * HOUR
    later = life.clock("2026-04-01T08:00:00Z")
    assert sum(step.kind == COUNTED for step in later.steps) <= MOST_WINDOWS
    assert [step.windows > 1 for step in later.steps if step.kind == COUNTED].count(True) == 2


def test_many_pauses_leave_one_window_at_each_edge() -> None:
    plan = {
        "p": {"calendar": "split", "normal": {"resolution": "400h"}, "pause": {"on_hold": ["resolution"]}}
    }
    life = Life(policy(1, MONDAY, plan))
    for week in range(5):
        day = datetime(2026, 3, 6, 8, tzinfo=UTC) + timedelta(weeks=week)
        life.status(day, "on_hold")
        life.status(day + timedelta(hours=1), "open")
    told = life.clock("2026-04-10T00:00:00Z")
    row = [step.windows > 1 for step in told.steps if step.kind == COUNTED]
    assert row[:3] == [False, True, False]


def test_holidays_in_a_row_are_one_step_and_none_is_told_twice() -> None:
    plan = {"p": {"calendar": "split", "normal": {"resolution": "30h"}, "pause": {"on_hold": ["resolution"]}}}
    life = Life(policy(1, MONDAY, plan), at="2026-03-11T15:00:00Z")
    life.status("2026-03-12T12:00:00Z", "on_hold")
    life.status("2026-03-12T13:00:00Z", "open")
    told = life.clock("2026-03-12T14:00:00Z")
    days = [(s.date, s.last_date, s.holidays, s.past) for s in told.steps if s.kind == HOLIDAY]
    assert days == [
        ("2026-03-12", "2026-03-12", 1, True),
        ("2026-03-13", "2026-03-16", 2, False),
        ("2026-03-18", "2026-03-18", 1, False),
    ]


# -- why it started, stopped and changed ---------------------------------------------------------------------


def test_what_each_clock_starts_and_stops_with() -> None:
    targets = {"first_response": "1h", "next_response": "1h", "update": "1h", "resolution": "9h"}
    life = Life(gold(normal=targets))
    life.agent("2026-03-02T10:10:00Z", "in_progress")
    life.customer("2026-03-02T10:20:00Z")
    life.agent("2026-03-02T10:30:00Z", "in_progress")
    life.status("2026-03-02T10:40:00Z", "closed")
    found = {}
    for each in life.told("2026-03-02T11:00:00Z"):
        assert isinstance(each, Explanation)
        assert each.cause is not None
        stop = each.steps[-1].cause
        assert stop is not None
        found[each.clock.name, each.clock.instance] = (
            each.cause.type, each.cause.data.get("by"), each.clock.state, stop.type, stop.data.get("by")
        )  # fmt: skip
    assert found == {
        ("first_response", 1): ("message", "customer", "met", "message", "agent"),
        ("next_response", 1): ("message", "customer", "met", "message", "agent"),
        ("update", 1): ("message", "agent", "cancelled", "message", "customer"),
        ("update", 2): ("message", "agent", "cancelled", "status_changed", None),
        ("resolution", 1): ("created", None, "met", "status_changed", None),
    }
    assert life.clock("2026-03-02T11:00:00Z", "update").due_because == "cancelled"


def test_reopening_goes_on_or_begins_anew() -> None:
    life = Life(gold())
    life.status("2026-03-02T11:00:00Z", "resolved")
    life.status("2026-03-02T13:00:00Z", "open")
    assert rows(life.clock("2026-03-02T14:00:00Z"))[:3] == [
        ("counted", "02 10:00", "02 11:00", HOUR, HOUR),
        ("stopped", "02 11:00", "02 13:00", 0, HOUR),
        ("counted", "02 13:00", "02 14:00", HOUR, 2 * HOUR),
    ]
    anew = Life(gold(reopen={"mode": "restart"}))
    anew.status("2026-03-02T11:00:00Z", "resolved")
    anew.status("2026-03-02T13:00:00Z", "open")
    told = anew.clock("2026-03-02T14:00:00Z", instance=2)
    assert told.cause is not None
    assert told.cause.type == "reopened"
    assert rows(told)[0] == ("counted", "02 13:00", "02 14:00", HOUR, HOUR)


def test_a_reset_ends_one_instance_and_starts_the_next() -> None:
    life = Life(gold())
    life.event("2026-03-02T12:00:00Z", "clock_reset", "resolution", reason="other router")
    old, new = (life.clock("2026-03-02T12:30:00Z", instance=n) for n in (1, 2))
    assert rows(old)[-1] == ("reset", "02 12:00", "", 0, 2 * HOUR)
    assert old.steps[-1].kind == RESET
    assert old.steps[-1].cause is new.cause
    assert new.cause is not None
    assert new.cause.data["reason"] == "other router"
    assert rows(new)[0] == ("counted", "02 12:00", "02 12:30", 1800, 1800)


def test_a_priority_that_makes_it_late() -> None:
    life = Life(gold(high={"resolution": "2h"}))
    life.edit("2026-03-02T13:00:00Z", priority="high")
    told = life.clock("2026-03-02T14:00:00Z")
    assert rows(told) == [
        ("counted", "02 10:00", "02 12:00", 2 * HOUR, 2 * HOUR),
        ("counted", "02 12:00", "02 13:00", HOUR, 3 * HOUR),
        ("changed", "02 13:00", "", 0, 3 * HOUR),
        ("counted", "02 13:00", "02 14:00", HOUR, 4 * HOUR),
    ]
    change = told.steps[2]
    assert change.changes == {"priority": ("normal", "high"), "target_seconds": (4 * HOUR, 2 * HOUR)}
    assert change.recounted is None
    assert [step.late for step in told.steps] == [False, True, False, True]
    assert to_text(told.late_from or told.starts_at) == "2026-03-02T13:00:00Z"
    assert (told.late_because, told.late_target) == ("change", 2 * HOUR)


def test_a_breach_stays_whatever_comes_later() -> None:
    life = Life(gold(high={"resolution": "24h"}, normal={"resolution": "2h"}))
    life.edit("2026-03-02T13:00:00Z", priority="high")
    told = life.clock("2026-03-02T14:00:00Z")
    assert told.clock.state == "breached"
    assert to_text(told.due_at or told.starts_at) == "2026-03-03T10:00:00Z"
    assert to_text(told.late_from or told.starts_at) == "2026-03-02T12:00:00Z"
    assert (told.late_because, told.late_target) == ("earlier_target", 2 * HOUR)


def test_a_deadline_at_closing_time_is_late_from_the_next_opening() -> None:
    plan = {"p": {"calendar": "office", "normal": {"first_response": "2h"}}}
    life = Life(policy(1, MONDAY, plan), at="2026-03-05T16:00:00Z")
    told = life.clock("2026-03-07T12:00:00Z", "first_response")
    assert (told.clock.state, told.due_because, told.late_because) == ("running", "closing", "next_opening")
    assert to_text(told.due_at or told.starts_at) == "2026-03-05T18:00:00Z"
    assert to_text(told.late_from or told.starts_at) == "2026-03-09T10:00:00Z"
    assert life.clock("2026-03-09T10:00:00Z", "first_response").clock.state == "running"
    late = life.clock("2026-03-09T10:00:01Z", "first_response")
    assert (late.clock.state, late.late_from) == ("breached", told.late_from)
    assert rows(late)[-1] == ("counted", "09 10:00", "09 10:0001", 1, 7201)


def test_a_target_used_up_as_a_pause_begins_is_late_from_its_end() -> None:
    life = Life(gold(pause={"on_hold": ["resolution"]}))
    life.status("2026-03-02T14:00:00Z", "on_hold")
    life.status("2026-03-02T15:00:00Z", "open")
    told = life.clock("2026-03-02T16:00:00Z")
    assert (told.late_because, to_text(told.late_from or told.starts_at)) == ("pause", "2026-03-02T15:00:00Z")
    assert to_text(told.due_at or told.starts_at) == "2026-03-02T14:00:00Z"


def test_covered_only_later_it_counts_from_its_usual_start() -> None:
    life = Life(gold(low={"first_response": "9h"}, normal={}))
    life.edit("2026-03-02T12:00:00Z", priority="low")
    told = life.clock("2026-03-02T13:00:00Z", "first_response")
    assert told.cause is not None
    assert told.cause.type == "message"
    assert rows(told)[:3] == [
        ("counted", "02 10:00", "02 12:00", 2 * HOUR, 2 * HOUR),
        ("changed", "02 12:00", "", 0, 2 * HOUR),
        ("counted", "02 12:00", "02 13:00", HOUR, 3 * HOUR),
    ]
    assert told.steps[1].changes["target_seconds"] == (None, 9 * HOUR)


def test_a_wait_that_was_not_covered_tells_what_halted_it() -> None:
    """It had no clock then, so no clock of it was met."""
    life = Life(gold(low={"resolution": "9h"}, normal={}))
    life.status("2026-03-02T11:00:00Z", "resolved")
    life.status("2026-03-02T13:00:00Z", "open")
    life.edit("2026-03-02T14:00:00Z", priority="low")
    told = life.clock("2026-03-02T14:00:00Z")
    assert rows(told)[:2] == [
        ("counted", "02 10:00", "02 11:00", HOUR, HOUR),
        ("stopped", "02 11:00", "02 13:00", 0, HOUR),
    ]
    cause = told.steps[1].cause
    assert cause is not None
    assert cause.data["after"] == "resolved"


def test_covered_no_longer_it_is_cancelled_by_the_change() -> None:
    life = Life(gold())
    life.edit("2026-03-02T10:30:00Z", type="wish")
    told = life.clock("2026-03-02T12:00:00Z")
    assert kinds(told) == [COUNTED, CHANGED, STOPPED]
    assert told.steps[1].changes == {"type": (None, "wish"), "target_seconds": (4 * HOUR, None)}
    cause = told.steps[2].cause
    assert cause is not None
    assert cause.type == "edited"
    life.edit("2026-03-02T13:00:00Z", type="incident", category="billing")
    assert kinds(life.clock("2026-03-02T14:00:00Z")) == [
        COUNTED,
        CHANGED,
        STOPPED,
    ]  # the second came after it
    again = life.clock("2026-03-02T14:00:00Z", instance=2)
    assert kinds(again) == [COUNTED, CHANGED, COUNTED, CHANGED, COUNTED]


@pytest.mark.parametrize("retroactive", [True, False])
def test_an_edited_calendar_counts_from_the_start_or_from_the_edit_on(retroactive: bool) -> None:
    closed = {"office": {**CALENDARS["office"], "holidays": ["2026-03-03"]}}
    plan = {"p": {"calendar": "office", "normal": {"resolution": "16h"}, "retroactive": retroactive}}
    first, second = policy(1, MONDAY, plan), policy(2, "2026-03-04T12:00:00Z", plan, closed)
    life = Life(first, second)
    life.pass_time("2026-03-04T13:00:00Z")
    told = life.clock("2026-03-04T13:00:00Z")
    change = next(step for step in told.steps if step.kind == CHANGED)
    assert change.changes == {"policy": (1, 2), "calendar": ("office", "office")}
    assert change.recounted is retroactive
    assert told.elapsed == (11 if retroactive else 19) * HOUR
    holidays = [step.date for step in told.steps if step.kind == HOLIDAY]
    assert holidays == (["2026-03-03"] if retroactive else [])


def test_another_plan_with_another_calendar_is_counted_from_the_start() -> None:
    plans = {
        "gold": {"calendar": "always", "normal": {"resolution": "9h"}},
        "tin": {"calendar": "tehran", "normal": {"resolution": "9h"}, "retroactive": False},
    }
    life = Life(policy(1, MONDAY, plans))
    life.edit("2026-03-02T12:00:00Z", plan="tin")
    told = life.clock("2026-03-02T15:00:00Z")
    change = next(step for step in told.steps if step.kind == CHANGED)
    assert change.changes == {"plan": ("gold", "tin"), "calendar": ("always", "tehran")}
    assert change.recounted is True
    assert rows(told)[0] == ("counted", "02 10:00", "02 12:00", 2 * HOUR, 2 * HOUR)
    assert told.timezone == "Asia/Tehran"


def test_what_is_not_covered_says_why() -> None:
    plans = {"gold": {"calendar": "always", "normal": {"first_response": "1h"}, "low": "none"}}

    def why(at: str = MONDAY, **created: Any) -> list[tuple[str, str]]:
        told = Life(policy(1, MONDAY, plans), **created).told(at)
        return [(each.name, each.why) for each in told if isinstance(each, Uncovered)]

    assert why() == [("resolution", "plan")]
    assert why(priority="low") == [("first_response", "priority"), ("resolution", "plan")]
    assert why(type="wish") == [("first_response", "type"), ("resolution", "type")]
    assert why(type="incident") == [("resolution", "plan")]
    # The clock that will start with the customer's first message is covered, so nothing is said of it.
    assert why(message=False) == [("resolution", "plan")]
    life = Life(policy(1, MONDAY, plans))
    life.agent(MONDAY)
    waits = [(each.name, each.why) for each in life.told(MONDAY) if isinstance(each, Uncovered)]
    assert waits == [("update", "plan"), ("resolution", "plan")]


def test_levels_and_when_their_time_comes() -> None:
    levels = [
        {"level": "1", "clock": "resolution", "at": "50%", "notify": ["ann"]},
        {"level": "2", "clock": "resolution", "at": "+1h", "notify": ["ann"], "set": {"priority": "+1"}},
        {"level": "1", "clock": "first_response", "at": "0m", "notify": ["ann"]},
    ]
    targets = {"resolution": "4h"}
    first = gold(high=targets, normal=targets, escalation=levels)
    life = Life(
        first,
        policy(
            2, "2026-03-02T16:00:00Z", {"gold": {"calendar": "always", "normal": targets, "high": targets}}
        ),
    )

    def told(at: str) -> list[tuple[Any, ...]]:
        return [
            (
                level.level,
                level.text,
                level.seconds,
                level.at and f"{level.at:%H:%M:%S}",
                level.fired_at is not None,
            )
            for level in life.clock(at).levels
        ]

    assert told("2026-03-02T11:00:00Z") == [
        (1, "50%", 2 * HOUR, "12:00:00", False),
        (2, "+1h", 5 * HOUR, "15:00:01", False),
    ]
    life.pass_time("2026-03-02T15:30:00Z")
    assert told("2026-03-02T15:30:00Z")[1] == (2, "+1h", 5 * HOUR, "15:00:01", True)
    raised = [step for step in life.clock("2026-03-02T15:30:00Z").steps if step.kind == CHANGED]
    assert [step.changes for step in raised] == [{"priority": ("normal", "high")}]
    life.pass_time("2026-03-02T16:30:00Z")
    assert told("2026-03-02T16:30:00Z") == [
        (1, None, None, "12:00:00", True),
        (2, None, None, "15:00:01", True),
    ]
    resolved = Life(first)
    resolved.status("2026-03-02T11:00:00Z", "resolved")
    life = resolved
    assert told("2026-03-02T12:00:00Z")[0] == (1, "50%", 2 * HOUR, None, False)


def test_a_log_that_lost_its_events_still_gives_the_sums() -> None:
    life = Life(gold())
    life.status("2026-03-02T11:00:00Z", "resolved")
    life.log = []
    told = life.clock("2026-03-02T12:00:00Z")
    assert told.cause is None
    assert [step.cause for step in told.steps] == [None, None]
    headless = Story([Event("clock_met", life.now, "ann", life.now, {}, None, "resolution", 1, n=1)])
    assert headless.stopped_by(told.clock, life.now) is None
    assert headless.changes == ()


# -- the property --------------------------------------------------------------------------------------------

RAISING = {"level": "1", "clock": "resolution", "at": "50%", "notify": ["ann"], "set": {"priority": "+1"}}
_GAPS = st.one_of(st.sampled_from([0, 1, 60, HOUR, 86_400]), st.integers(0, 6 * 86_400))
_ACTIONS = st.sampled_from(
    [
        "customer", "customer", "agent", "agent", "in_progress", "waiting_customer", "on_hold", "open",
        "resolved", "closed", "high", "normal", "low", "gold", "tin", "wish", "incident", "reset",
    ]
)  # fmt: skip
_TARGETS = st.sampled_from(["none", "1h", "30m..3h", "8h", "40h", "7h30m1s"])


@st.composite
def _plans(draw: st.DrawFn) -> dict[str, Any]:
    def row() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for clock in ("first_response", "next_response", "update", "resolution"):
            target = draw(_TARGETS)
            if target != "none" and draw(st.booleans()) and ".." not in target:
                target = {"limit": target, "calendar": draw(st.sampled_from(sorted(CALENDARS)))}
            found[clock] = target
        return found

    return {
        name: {
            "calendar": draw(st.sampled_from(sorted(CALENDARS))),
            "normal": row(),
            "high": row(),
            "retroactive": draw(st.booleans()),
            "reopen": {"mode": draw(st.sampled_from(["continue", "restart"]))},
            "pause": draw(
                st.sampled_from(
                    [{"waiting_customer": ["resolution", "update"], "on_hold": ["resolution"]},
                     {"on_hold": ["first_response", "resolution"]}]
                )
            ),
            "escalation": [RAISING],
        }
        for name in ("gold", "tin")
    }  # fmt: skip


def _act(life: Life, at: datetime, action: str) -> None:
    going = [c for c in life.ticket.clocks if c.name == "resolution" and c.going and c.covered]
    if action == "customer":
        life.customer(at)
    elif action == "agent":
        life.agent(at)
    elif action in ("high", "normal", "low"):
        life.edit(at, priority=action)
    elif action in ("gold", "tin"):
        life.edit(at, plan=action)
    elif action in ("wish", "incident"):
        life.edit(at, type=action)
    elif action == "reset":
        if going:
            life.event(at, "clock_reset", "resolution", reason="because")
    else:
        life.do(at, verbs.change_status(life.ticket, action, life.rules.get(1)))


@settings(max_examples=120, deadline=None)
@given(
    _plans(),
    _plans(),
    st.lists(st.tuples(_GAPS, _ACTIONS), max_size=9),
    st.integers(0, 20 * 86_400),
    st.integers(0, 30 * 86_400),
)
def test_the_sums_add_up_whatever_happened(
    before: dict[str, Any], after: dict[str, Any], story: list[tuple[int, str]], edit: int, wait: int
) -> None:
    start = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    edited = to_text(start + timedelta(seconds=edit))
    life = Life(policy(1, "2026-01-01T00:00:00Z", before), policy(2, edited, after), at=to_text(start))
    at = start
    for gap, action in story:
        at += timedelta(seconds=gap)
        life.pass_time(at)
        try:
            _act(life, at, action)
        except RefusedError:
            continue
    at += timedelta(seconds=wait)
    life.pass_time(at)
    for each in life.told(at):
        if isinstance(each, Explanation):
            assert each.cause is not None
            assert all(
                step.cause is not None for step in each.steps if step.kind in (CHANGED, STOPPED, RESET)
            )
            adds_up(each, at, life.rules)
        else:
            assert each.why in ("type", "priority", "plan")
