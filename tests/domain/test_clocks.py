"""The arithmetic of one clock (`sla.md 3, 4`), each boundary with the second before, at and after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from life import HOUR, Book, policy
from march import march

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.clocks import PAUSE, RUN, STOP, Clock, Figures, Span
from helpdesk_cli.domain.plans import Level

SECOND = timedelta(seconds=1)
# `office` is Monday to Friday 10:00-18:00 UTC, 2026-03-06 a holiday; 2026-03-02 is a Monday.
PLAN = {"p": {"calendar": "office", "normal": {"resolution": "4h"}}}
RULES = Book(
    policy(1, "2026-01-01T00:00:00Z", PLAN),
    policy(
        2, "2026-03-03T00:00:00Z", PLAN, {"office": {"timezone": "UTC", "hours": {"all": ["10:00-12:00"]}}}
    ),
)


def clock(*spans: tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, int], **more: Any) -> Clock:
    """A clock of spans (mode, start, calendar `office`, version 1); covered, four hours."""
    chain = []
    for mode, start, *rest in spans:
        calendar, version = (*rest, *("office", 1)[len(rest) :])
        chain.append(Span(mode, march(start), version, calendar))
    return Clock("resolution", **{"instance": 1, "spans": tuple(chain), "limit": 4 * HOUR, **more})


def elapsed(of: Clock, at: str) -> int:
    return clocks.elapsed(of, march(at), RULES)


# -- elapsed time ---------------------------------------------------------------------------------


def test_a_running_clock_counts_opening_hours_since_its_start() -> None:
    running = clock((RUN, "02 09:00"))
    assert elapsed(running, "02 09:30") == 0
    assert elapsed(running, "02 10:00") == 0
    assert elapsed(running, "02 10:00:01") == 1
    assert elapsed(running, "02 18:00") == 8 * HOUR
    assert elapsed(running, "03 10:00") == 8 * HOUR
    assert elapsed(running, "03 10:00:01") == 8 * HOUR + 1


def test_before_its_start_nothing_has_elapsed() -> None:
    running = clock((RUN, "02 12:00"))
    assert elapsed(running, "02 11:00") == 0
    assert elapsed(running, "02 12:00") == 0
    assert elapsed(running, "02 12:00:01") == 1


def test_elapsed_paused_and_stopped_time_are_apart() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 11:00"), (STOP, "02 13:00"), (RUN, "02 16:00"))
    at = march("02 17:00")
    assert clocks.elapsed(chain, at, RULES) == 2 * HOUR
    assert clocks.paused(chain, at, RULES) == 2 * HOUR
    assert clocks.counted(chain, STOP, at, RULES) == 3 * HOUR


def test_an_instant_in_the_middle_of_the_chain_cuts_it_off() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 11:00"), (RUN, "02 13:00"))
    assert elapsed(chain, "02 10:30") == HOUR // 2
    assert elapsed(chain, "02 12:00") == HOUR
    assert clocks.paused(chain, march("02 10:30"), RULES) == 0
    assert clocks.paused(chain, march("02 11:00:01"), RULES) == 1
    assert clocks.paused(chain, march("02 12:00"), RULES) == HOUR
    assert clocks.paused(chain, march("02 14:00"), RULES) == 2 * HOUR


def test_each_span_counts_on_its_own_calendar_and_version() -> None:
    chain = clock((RUN, "02 08:00", "always"), (RUN, "02 17:00", "office"), (RUN, "03 10:00", "office", 2))
    assert elapsed(chain, "03 18:00") == 9 * HOUR + HOUR + 2 * HOUR


def test_a_pause_is_counted_on_the_clock_s_own_calendar() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 17:00"))
    assert clocks.paused(paused, march("03 11:00"), RULES) == 2 * HOUR


def test_periods_are_the_spans_of_one_mode_with_their_ends() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 11:00"), (RUN, "02 12:00"))
    ends = [(span.start, end) for span, end in clocks.periods(chain.spans, RUN)]
    assert ends == [(march("02 10:00"), march("02 11:00")), (march("02 12:00"), None)]


# -- spans ----------------------------------------------------------------------------------------


def test_turning_appends_a_span() -> None:
    turned = clocks.turn(clock((RUN, "02 10:00")), PAUSE, march("02 11:00"), 2, "always")
    assert turned.spans == clock((RUN, "02 10:00"), (PAUSE, "02 11:00", "always", 2)).spans
    assert turned.limit == 4 * HOUR


def test_turning_to_what_it_is_already_changes_nothing() -> None:
    running = clock((RUN, "02 10:00"))
    assert clocks.turn(running, RUN, march("02 11:00"), 1, "office") == running


@pytest.mark.parametrize("change", [(PAUSE, 1, "office"), (RUN, 2, "office"), (RUN, 1, "always")])
def test_another_mode_version_or_calendar_is_another_span(change: tuple[str, int, str]) -> None:
    mode, version, calendar = change
    turned = clocks.turn(clock((RUN, "02 10:00")), mode, march("02 11:00"), version, calendar)
    assert turned.spans[1:] == (Span(mode, march("02 11:00"), version, calendar),)


def test_a_span_without_length_is_replaced() -> None:
    turned = clocks.turn(clock((RUN, "02 10:00"), (PAUSE, "02 11:00")), RUN, march("02 11:00"), 1, "always")
    assert turned.spans[:1] == clock((RUN, "02 10:00")).spans
    assert [span.calendar for span in turned.spans] == ["office", "always"]
    only = clocks.turn(clock((RUN, "02 10:00")), PAUSE, march("02 10:00"), 1, "office")
    assert only.spans == clock((PAUSE, "02 10:00")).spans


def test_what_a_clock_did_last_stays_where_it_stops() -> None:
    """Also for no time at all: a running clock keeps its deadline, a paused one has none."""
    for mode in (RUN, PAUSE):
        turned = clocks.turn(clock((mode, "02 11:00")), STOP, march("02 11:00"), 1, "office")
        assert turned.spans == clock((mode, "02 11:00"), (STOP, "02 11:00")).spans


def test_a_span_that_comes_back_at_once_goes_on() -> None:
    again = clocks.turn(clock((RUN, "02 10:00"), (PAUSE, "02 11:00")), RUN, march("02 11:00"), 1, "office")
    assert again.spans == clock((RUN, "02 10:00")).spans


def test_neighbours_that_are_alike_are_one_span() -> None:
    spans = clock(
        (RUN, "02 10:00"), (RUN, "02 11:00"), (PAUSE, "02 12:00"), (PAUSE, "02 13:00"), (RUN, "02 14:00")
    )
    assert (
        clocks.joined(spans.spans) == clock((RUN, "02 10:00"), (PAUSE, "02 12:00"), (RUN, "02 14:00")).spans
    )


# -- the deadline and the breach ------------------------------------------------------------------


def test_a_target_is_used_up_at_the_earliest_instant_and_exceeded_a_second_later() -> None:
    running = clock((RUN, "02 10:00"))
    due = march("02 14:00")
    assert clocks.reached(running, 4 * HOUR, RULES) == due
    assert clocks.exceeded(running, 4 * HOUR, RULES) == due
    assert clocks.due_at(running, RULES) == due
    assert clocks.late_from(running, RULES) == due
    assert clocks.breach_second(running, RULES) == due + SECOND
    assert [elapsed(running, at) - 4 * HOUR for at in ("02 13:59:59", "02 14:00", "02 14:00:01")] == [
        -1,
        0,
        1,
    ]


def test_a_target_used_up_at_closing_is_late_from_the_next_opening() -> None:
    """Due at closing; an answer that evening is met; late one second after the next opening."""
    running = clock((RUN, "02 14:00"))
    assert clocks.due_at(running, RULES) == march("02 18:00")
    assert clocks.late_from(running, RULES) == march("03 10:00")
    assert clocks.breach_second(running, RULES) == march("03 10:00:01")
    assert elapsed(running, "03 10:00") == 4 * HOUR


def test_over_a_holiday_and_a_weekend_too() -> None:
    running = clock((RUN, "05 14:00"))
    assert clocks.due_at(running, RULES) == march("05 18:00")
    assert clocks.late_from(running, RULES) == march("09 10:00")


def test_a_target_used_up_just_as_a_pause_begins_is_late_from_its_end() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 14:00"), (RUN, "02 16:00"))
    assert clocks.reached(chain, 4 * HOUR, RULES) == march("02 14:00")
    assert clocks.late_from(chain, RULES) == march("02 16:00")
    assert clocks.breach_second(chain, RULES) == march("02 16:00:01")


def test_or_from_the_next_opening_after_it() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 14:00"), (RUN, "02 20:00"))
    assert clocks.reached(chain, 4 * HOUR, RULES) == march("02 14:00")
    assert clocks.late_from(chain, RULES) == march("03 10:00")


def test_a_second_left_as_a_pause_begins_is_used_up_after_it() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 13:59:59"), (RUN, "02 16:00"))
    assert clocks.reached(chain, 4 * HOUR, RULES) == march("02 16:00:01")
    assert clocks.late_from(chain, RULES) == march("02 16:00:01")


def test_a_second_too_many_before_a_pause_is_late_before_it() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 14:00:01"), (RUN, "02 16:00"))
    assert clocks.reached(chain, 4 * HOUR, RULES) == march("02 14:00")
    assert clocks.late_from(chain, RULES) == march("02 14:00")


def test_what_pauses_for_ever_never_reaches_its_target() -> None:
    chain = clock((RUN, "02 10:00"), (PAUSE, "02 13:00"))
    assert clocks.reached(chain, 4 * HOUR, RULES) is None
    assert clocks.exceeded(chain, 4 * HOUR, RULES) is None
    assert clocks.late_from(chain, RULES) is None
    assert clocks.breach_second(chain, RULES) is None
    assert clocks.reached(chain, 3 * HOUR, RULES) == march("02 13:00")
    assert clocks.exceeded(chain, 3 * HOUR, RULES) is None
    assert clocks.exceeded(chain, 3 * HOUR - 1, RULES) == march("02 12:59:59")


def test_too_few_opening_hours_ever_is_no_deadline() -> None:
    """`once` is open on 2026-03-02 from 09:00 to 12:00 and never again."""
    running = clock((RUN, "02 09:00", "once"), limit=3 * HOUR)
    assert clocks.due_at(running, RULES) == march("02 12:00")
    assert clocks.late_from(running, RULES) is None
    assert clocks.breach_second(running, RULES) is None
    assert clocks.due_at(running._replace(limit=3 * HOUR + 1), RULES) is None
    assert clocks.figures(running, RULES) == Figures(march("02 09:00"), march("02 12:00"), None, None)


def test_the_target_may_be_used_up_in_a_later_span_of_another_calendar() -> None:
    chain = clock((RUN, "02 16:00", "office"), (RUN, "02 17:00", "always"))
    assert clocks.reached(chain, 4 * HOUR, RULES) == march("02 20:00")


def test_what_a_change_made_late_is_late_from_the_change() -> None:
    changed = clock((RUN, "02 10:00"), limit=HOUR, changed_at=march("02 12:00"))
    assert clocks.due_at(changed, RULES) == march("02 11:00")
    assert clocks.late_from(changed, RULES) == march("02 12:00")
    assert clocks.breach_second(changed, RULES) == march("02 12:00")


def test_a_change_before_the_deadline_moves_nothing() -> None:
    at_the_boundary = clock((RUN, "02 10:00"), limit=HOUR, changed_at=march("02 11:00"))
    assert clocks.late_from(at_the_boundary, RULES) == march("02 11:00")
    assert clocks.breach_second(at_the_boundary, RULES) == march("02 11:00:01")
    second_later = at_the_boundary._replace(changed_at=march("02 11:00:01"))
    assert clocks.late_from(second_later, RULES) == march("02 11:00:01")
    assert clocks.breach_second(second_later, RULES) == march("02 11:00:01")


def test_what_never_comes_no_change_brings() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 10:30"), limit=HOUR, changed_at=march("02 12:00"))
    assert clocks.late_from(paused, RULES) is None
    assert clocks.breach_second(paused, RULES) is None


def test_without_a_target_there_is_neither_deadline_nor_breach() -> None:
    tracked = clock((RUN, "02 10:00"), instance=0, limit=None)
    assert clocks.due_at(tracked, RULES) is None
    assert clocks.late_from(tracked, RULES) is None
    assert clocks.breach_second(tracked, RULES) is None
    assert clocks.warn_second(tracked, RULES) is None


# -- the deadline as shown ------------------------------------------------------------------------


def test_while_paused_there_is_no_deadline_unless_breached() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 15:00"))
    assert clocks.due_at(paused, RULES) is None
    assert clocks.due_at(paused._replace(breached_at=march("02 14:00")), RULES) == march("02 14:00")


def test_a_met_clock_keeps_the_deadline_that_it_had() -> None:
    met = clock((RUN, "02 10:00"), (STOP, "02 11:00"), met_at=march("02 11:00"))
    assert clocks.due_at(met, RULES) == march("02 14:00")


def test_a_clock_met_in_a_pause_had_none() -> None:
    met = clock((RUN, "02 10:00"), (PAUSE, "02 11:00"), (STOP, "02 12:00"), met_at=march("02 12:00"))
    assert clocks.due_at(met, RULES) is None


def test_a_cancelled_clock_has_none_but_a_breached_one_has() -> None:
    cancelled = clock((RUN, "02 10:00"), (STOP, "02 15:00"), cancelled_at=march("02 15:00"))
    assert clocks.due_at(cancelled, RULES) is None
    assert clocks.due_at(cancelled._replace(breached_at=march("02 14:00")), RULES) == march("02 14:00")


def test_a_clock_stopped_as_it_began_has_none() -> None:
    assert clocks.due_at(clock((STOP, "02 10:00"), met_at=march("02 10:00")), RULES) is None


def test_stopped_time_between_runs_moves_the_deadline() -> None:
    again = clock((RUN, "02 10:00"), (STOP, "02 11:00"), (RUN, "02 13:00"))
    assert clocks.due_at(again, RULES) == march("02 16:00")


# -- the warning ----------------------------------------------------------------------------------


def test_the_warning_comes_when_its_share_is_used_up() -> None:
    running = clock((RUN, "02 10:00"), warn=3 * HOUR)
    assert clocks.warn_second(running, RULES) == march("02 13:00")


def test_a_warning_at_closing_comes_at_closing() -> None:
    assert clocks.warn_second(clock((RUN, "02 15:00"), warn=3 * HOUR), RULES) == march("02 18:00")


def test_a_warning_at_the_limit_comes_a_second_before_the_breach() -> None:
    running = clock((RUN, "02 10:00"), warn=4 * HOUR)
    assert clocks.warn_second(running, RULES) == march("02 14:00")


def test_there_is_no_warning_where_it_is_late_by_then() -> None:
    late = clock((RUN, "02 10:00"), warn=3 * HOUR, changed_at=march("02 14:00:01"))
    assert clocks.warn_second(late, RULES) is None
    in_time = late._replace(changed_at=march("02 14:00"))
    assert clocks.warn_second(in_time, RULES) == march("02 14:00")


def test_a_warning_that_a_change_put_in_the_past_comes_at_the_change() -> None:
    changed = clock((RUN, "02 10:00"), warn=HOUR, changed_at=march("02 13:00"))
    assert clocks.warn_second(changed, RULES) == march("02 13:00")
    assert clocks.warn_second(changed._replace(changed_at=march("02 10:30")), RULES) == march("02 11:00")


def test_no_warning_of_what_pauses_before_it() -> None:
    assert clocks.warn_second(clock((RUN, "02 10:00"), (PAUSE, "02 11:00"), warn=3 * HOUR), RULES) is None


def test_a_warning_where_the_breach_never_comes() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 13:30"), warn=3 * HOUR)
    assert clocks.warn_second(paused, RULES) == march("02 13:00")


# -- levels ---------------------------------------------------------------------------------------


def level(offset: int | None = None, percent: int | None = None) -> Level:
    return Level(1, "resolution", "", offset, percent, ("assignee",), {})


@pytest.mark.parametrize(
    ("of", "second"),
    [
        (level(-HOUR), "02 17:00"),
        (level(-5 * HOUR), "02 14:00"),  # never before the start
        (level(percent=0), "02 14:00"),
        (level(percent=80), "02 17:12"),
        (level(-1), "02 17:59:59"),
        (level(0), "03 10:00:01"),  # at 0m or later by the rule of breaches
        (level(percent=100), "03 10:00:01"),
        (level(1), "03 10:00:02"),
        (level(HOUR), "03 11:00:01"),
        (level(percent=150), "03 12:00:01"),
    ],
)
def test_a_level_is_due_before_the_deadline_with_its_share_and_after_it_like_a_breach(
    of: Level, second: str
) -> None:
    assert clocks.level_second(clock((RUN, "02 14:00")), of, RULES) == march(second)


def test_a_level_that_a_change_put_in_the_past_is_due_at_the_change() -> None:
    changed = clock((RUN, "02 10:00"), changed_at=march("02 15:00"))
    for of in (level(-HOUR), level(0), level(HOUR - 1)):
        assert clocks.level_second(changed, of, RULES) == march("02 15:00")
    assert clocks.level_second(changed, level(HOUR), RULES) == march("02 15:00:01")
    assert clocks.level_second(changed._replace(changed_at=march("02 11:00")), level(-HOUR), RULES) == march(
        "02 13:00"
    )


def test_no_level_of_what_pauses_for_ever_or_has_no_target() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 12:00"))
    assert clocks.level_second(paused, level(-HOUR), RULES) is None
    assert clocks.level_second(paused, level(0), RULES) is None
    changed = paused._replace(changed_at=march("02 11:00"))
    assert [clocks.level_second(changed, level(at), RULES) for at in (-HOUR, 0)] == [None, None]
    assert clocks.level_second(clock((RUN, "02 10:00"), limit=None), level(0), RULES) is None


# -- as it reads at an instant --------------------------------------------------------------------


def test_a_breach_shows_in_its_first_second_though_nobody_has_recorded_it() -> None:
    running = clock((RUN, "02 14:00"))
    assert clocks.as_of(running, march("03 10:00"), RULES) == running
    shown = clocks.as_of(running, march("03 10:00:01"), RULES)
    assert shown == running._replace(breached_at=march("03 10:00"))


def test_a_recorded_breach_is_never_moved() -> None:
    breached = clock((RUN, "02 10:00"), breached_at=march("02 13:00"))
    assert clocks.as_of(breached, march("04 10:00"), RULES) == breached


def test_a_finished_clock_is_not_judged_again() -> None:
    met = clock((RUN, "02 10:00"), (STOP, "02 15:00"), met_at=march("02 15:00"))
    assert clocks.as_of(met, march("04 10:00"), RULES) == met


def test_a_paused_clock_may_have_breached_before_its_pause() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 15:00"))
    assert clocks.as_of(paused, march("02 16:00"), RULES).breached_at == march("02 14:00")


def test_a_clock_that_never_gets_late_reads_as_it_is() -> None:
    paused = clock((RUN, "02 10:00"), (PAUSE, "02 12:00"))
    assert clocks.as_of(paused, march("20 16:00"), RULES) == paused


# -- states and figures ---------------------------------------------------------------------------


STATES = [
    ("none", [(RUN, "02 10:00")], {"instance": 0, "breached_at": march("02 10:00")}),
    ("running", [(RUN, "02 10:00")], {}),
    ("paused", [(RUN, "02 10:00"), (PAUSE, "02 11:00")], {}),
    ("met", [(RUN, "02 10:00"), (STOP, "02 11:00")], {"met_at": march("02 11:00")}),
    ("cancelled", [(RUN, "02 10:00"), (STOP, "02 11:00")], {"cancelled_at": march("02 11:00")}),
    ("breached", [(RUN, "02 10:00"), (PAUSE, "02 15:00")], {"breached_at": march("02 14:00")}),
]


@pytest.mark.parametrize(("state", "spans", "more"), STATES)
def test_the_state_of_a_clock(state: str, spans: list[tuple[str, str]], more: dict[str, Any]) -> None:
    assert clock(*spans, **more).state == state


def test_a_breach_is_never_erased() -> None:
    late = clock((RUN, "02 10:00"), (STOP, "02 15:00"), breached_at=march("02 14:00"))
    assert late._replace(met_at=march("02 15:00")).state == "breached"
    assert late._replace(cancelled_at=march("02 15:00")).state == "breached"


def test_a_clock_goes_while_it_runs_or_pauses() -> None:
    assert clock((RUN, "02 10:00")).going
    assert clock((RUN, "02 10:00"), (PAUSE, "02 11:00")).going
    assert not clock((RUN, "02 10:00"), (STOP, "02 11:00")).going
    assert clock((STOP, "02 10:00"), (PAUSE, "02 11:00")).mode == PAUSE


def test_an_instance_of_one_or_more_is_covered() -> None:
    assert [clock((RUN, "02 10:00"), instance=n).covered for n in (0, 1, 2)] == [False, True, True]


def test_when_a_level_fired() -> None:
    fired = clock((RUN, "02 10:00"), fired=((1, march("02 11:00")), (3, march("02 12:00"))))
    assert [fired.fired_at(n) for n in (1, 2, 3)] == [march("02 11:00"), None, march("02 12:00")]


def test_a_start_outside_opening_hours_counts_from_the_next_opening() -> None:
    assert clocks.starts_at(clock((RUN, "02 09:59:59")), RULES) == march("02 10:00")
    assert clocks.starts_at(clock((RUN, "02 10:00")), RULES) == march("02 10:00")
    assert clocks.starts_at(clock((RUN, "02 17:59:59")), RULES) == march("02 17:59:59")
    assert clocks.starts_at(clock((RUN, "02 18:00")), RULES) == march("03 10:00")
    assert clocks.starts_at(clock((RUN, "02 09:00"), (PAUSE, "03 09:00")), RULES) == march("02 10:00")


def test_a_start_after_the_last_opening_is_its_own() -> None:
    assert clocks.starts_at(clock((RUN, "02 12:00", "once")), RULES) == march("02 12:00")


def test_the_figures_of_a_running_clock() -> None:
    running = clock((RUN, "02 09:00"), warn=3 * HOUR)
    assert clocks.figures(running, RULES) == Figures(
        march("02 10:00"), march("02 14:00"), march("02 13:00"), march("02 14:00:01")
    )


def test_only_a_running_clock_is_ever_at_risk() -> None:
    paused = clock((RUN, "02 09:00"), (PAUSE, "02 15:00"), warn=3 * HOUR)
    assert clocks.figures(paused, RULES) == Figures(march("02 10:00"), None, None, None)
    breached = clock((RUN, "02 09:00"), warn=3 * HOUR, breached_at=march("02 14:00"))
    assert clocks.figures(breached, RULES) == Figures(march("02 10:00"), march("02 14:00"), None, None)
