"""What time alone does to a ticket, when, and in which order (`sla.md 1, 6, 8`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from life import HOUR, Life
from march import agent, born, clock, customer, edit, march, plans, status

from helpdesk_cli.domain import due as rules
from helpdesk_cli.domain.due import Due, Summary
from helpdesk_cli.domain.events import Event

SECOND = timedelta(seconds=1)


def level(number: int, name: str, at: str, **does: Any) -> dict[str, Any]:
    return {"level": str(number), "clock": name, "at": at, "notify": ["assignee"], **does}


def by_time(life: Life, since: str = "01 00:00") -> list[str]:
    """What the sweep wrote from an instant on, as `02 10:48 clock_warned first_response`."""
    lines = []
    for event in life.log:
        if event.actor == "sweep" and event.at >= march(since):
            when = f"{event.at:%d %H:%M}" + (f":{event.at:%S}" if event.at.second else "")
            told = [when, event.type, event.clock, f"level {event.level}" if event.level else ""]
            lines.append(" ".join(filter(None, told)))
    return lines


def escalated(life: Life) -> list[str]:
    return [line for line in by_time(life) if " escalated " in line]


def hold(life: Life, at: str, until: str) -> None:
    """Put it on hold until an instant such as `03T09:00:00`."""
    before = life.ticket.status
    life.event(march(at), "status_changed", before=before, after="on_hold", until=f"2026-03-{until}Z")


def last(life: Life) -> Event:
    return life.log[-1]


# -- order ----------------------------------------------------------------------------------------


def test_ties_go_by_kind_then_by_the_order_of_the_clocks_then_by_level() -> None:
    """Policy version, end of hold, warning, breach, escalation, reminder, closure."""
    at = march("02 12:00")
    ordered = [
        Due(at - SECOND, rules.CLOSURE),
        Due(at, rules.POLICY_VERSION),
        Due(at, rules.END_OF_HOLD),
        Due(at, rules.WARNING, 0),
        Due(at, rules.WARNING, 3),
        Due(at, rules.BREACH, 0),
        Due(at, rules.BREACH, 1),
        Due(at, rules.ESCALATION, 0, 1),
        Due(at, rules.ESCALATION, 0, 2),
        Due(at, rules.ESCALATION, 3, 1),
        Due(at, rules.REMINDER),
        Due(at, rules.CLOSURE),
        Due(at + SECOND, rules.POLICY_VERSION),
    ]
    assert sorted(ordered, reverse=True) == ordered[::-1]


def test_what_is_due_happens_oldest_first_and_at_its_own_instant() -> None:
    levels = [level(2, "resolution", "+1h"), level(1, "resolution", "-1h"), level(1, "first_response", "50%")]
    life = born(plans(normal={"first_response": "1h", "resolution": "4h"}, escalation=levels))
    life.pass_time(march("09 10:00"))
    assert by_time(life) == [
        "02 10:30 escalated first_response level 1",
        "02 10:48 clock_warned first_response",
        "02 11:00:01 clock_breached first_response",
        "02 13:00 escalated resolution level 1",
        "02 13:12 clock_warned resolution",
        "02 14:00:01 clock_breached resolution",
        "02 15:00:01 escalated resolution level 2",
    ]
    assert {event.recorded_at for event in life.log if event.actor == "sweep"} == {march("09 10:00")}


def test_everything_at_one_instant() -> None:
    both = {"first_response": "1h", "resolution": "1h"}
    levels = [
        level(2, "first_response", "0m"),
        level(1, "first_response", "0m"),
        level(1, "resolution", "0m"),
    ]
    plan = {"normal": both, "escalation": levels}
    life = born(plans(**plan), plans(2, "02 11:00:01", **plan))
    status(life, "02 10:10", "in_progress")
    life.event(
        march("02 10:20"), "status_changed", before="open", after="on_hold", until="2026-03-02T11:00:01Z"
    )
    life.pass_time(march("02 11:00:01"))
    assert by_time(life) == [
        "02 10:48 clock_warned first_response",
        "02 11:00:01 policy_applied",
        "02 11:00:01 status_changed",
        "02 11:00:01 clock_resumed resolution",
        "02 11:00:01 clock_breached first_response",
        "02 11:00:01 escalated first_response level 1",
        "02 11:00:01 escalated first_response level 2",
    ]


def test_two_clocks_at_one_instant() -> None:
    both = {"first_response": "1h", "resolution": "1h"}
    levels = [level(1, "resolution", "0m"), level(1, "first_response", "0m")]
    life = born(plans(normal=both, escalation=levels))
    life.pass_time(march("02 12:00"))
    assert by_time(life) == [
        "02 10:48 clock_warned first_response",
        "02 10:48 clock_warned resolution",
        "02 11:00:01 clock_breached first_response",
        "02 11:00:01 clock_breached resolution",
        "02 11:00:01 escalated first_response level 1",
        "02 11:00:01 escalated resolution level 1",
    ]


@pytest.mark.parametrize(
    ("until", "events"), [("02 10:47:59", 0), ("02 10:48", 1), ("02 11:00", 1), ("02 11:00:01", 2)]
)
def test_a_ticket_is_brought_up_to_an_instant_that_instant_included(until: str, events: int) -> None:
    life = born()
    life.pass_time(march(until))
    assert len(by_time(life)) == events


def test_a_second_time_nothing_is_due() -> None:
    life = born()
    life.pass_time(march("02 12:00"))
    told = list(life.log)
    life.pass_time(march("02 12:00"))
    life.pass_time(march("02 11:00"))
    assert life.log == told


def test_each_step_is_the_ticket_after_it_and_its_events() -> None:
    life = born()
    steps = list(rules.steps(life.ticket, march("02 12:00"), life.rules, march("03 00:00")))
    assert [event.type for _, (event,) in steps] == ["clock_warned", "clock_breached"]
    assert [ticket.last_at for ticket, _ in steps] == [march("02 10:48"), march("02 11:00:01")]
    assert steps[1][0].clocks[0].noticed_at == march("03 00:00")


def test_nothing_happens_before_the_last_event() -> None:
    """A change that makes something late makes it happen at the change, not before."""
    life = born(plans(high={"resolution": "10m", "first_response": "20m"}))
    status(life, "02 10:30", "in_progress")
    edit(life, "02 10:40", priority="high")
    life.pass_time(march("02 10:40"))
    assert by_time(life) == [
        "02 10:40 clock_breached first_response",
        "02 10:40 clock_breached resolution",
    ]
    assert clock(life, "resolution").breached_at == march("02 10:40")


# -- warnings and breaches ------------------------------------------------------------------------


def test_what_a_warning_and_a_breach_say() -> None:
    life = born(plans(normal={"first_response": "10m..30m"}))
    life.pass_time(march("02 11:00"))
    warned, breached = life.log[-2:]
    assert warned.data == {"warn_seconds": 600, "target_seconds": 1800}
    assert breached.data == {"breached_at": "2026-03-02T10:30:00Z", "target_seconds": 1800}
    assert (warned.clock, warned.instance, warned.at) == ("first_response", 1, march("02 10:10"))
    assert (breached.clock, breached.instance, breached.at) == ("first_response", 1, march("02 10:30:01"))


def test_a_breach_after_closing_happens_in_the_first_late_second() -> None:
    life = born(plans(calendar="office", normal={"resolution": "4h"}), at="02 14:00")
    life.pass_time(march("03 10:00"))
    assert by_time(life) == ["02 17:12 clock_warned resolution"]
    life.pass_time(march("03 10:00:01"))
    assert last(life).at == march("03 10:00:01")
    assert last(life).data["breached_at"] == "2026-03-03T10:00:00Z"


def test_no_warning_where_it_is_already_breached() -> None:
    """Both put in the past by one change: only the breach."""
    life = born(plans(high={"resolution": "1h"}))
    edit(life, "02 12:00", priority="high")
    life.pass_time(march("02 12:00"))
    assert by_time(life, "02 11:30") == ["02 12:00 clock_breached resolution"]
    life.pass_time(march("03 12:00"))
    assert clock(life, "resolution").warned_at is None


def test_a_warning_just_before_the_breach_at_one_instant_with_another_clock_s() -> None:
    """A limit of one second: the warning at the start, the breach two seconds later."""
    life = born(plans(normal={"resolution": "1s"}))
    life.pass_time(march("02 10:01"))
    assert by_time(life) == ["02 10:00 clock_warned resolution", "02 10:00:02 clock_breached resolution"]


def test_a_clock_warns_once_and_breaches_once() -> None:
    life = born(plans(high={"first_response": "90m", "resolution": "8h"}))
    life.pass_time(march("02 10:50"))
    edit(life, "02 10:55", priority="high")
    life.pass_time(march("02 11:20"))
    assert by_time(life) == ["02 10:48 clock_warned first_response"]
    life.pass_time(march("02 12:00"))
    edit(life, "02 12:10", priority="normal")
    edit(life, "02 12:20", priority="high")
    life.pass_time(march("02 13:00"))
    assert by_time(life, "02 11:00") == ["02 11:30:01 clock_breached first_response"]


def test_what_is_met_paused_or_stopped_is_not_warned_of() -> None:
    life = born()
    agent(life, "02 10:30", "waiting_customer")
    life.pass_time(march("20 10:30"))
    assert by_time(life) == []
    stopped = born()
    status(stopped, "02 10:30", "resolved")
    stopped.pass_time(march("20 10:30"))
    assert by_time(stopped) == []


# -- escalation -----------------------------------------------------------------------------------


def test_each_level_fires_once_per_instance() -> None:
    levels = [level(1, "resolution", "50%"), level(2, "next_response", "0m")]
    life = born(plans(escalation=levels))
    agent(life, "02 10:30")
    customer(life, "02 11:00")
    life.pass_time(march("02 14:30"))
    agent(life, "02 14:40")
    customer(life, "02 14:50")
    life.pass_time(march("02 17:00"))
    assert escalated(life) == [
        "02 13:00:01 escalated next_response level 2",
        "02 14:00 escalated resolution level 1",
        "02 16:50:01 escalated next_response level 2",
    ]
    assert clock(life, "next_response", 2).fired == ((2, march("02 16:50:01")),)


def test_a_reset_clock_escalates_anew() -> None:
    life = born(plans(escalation=[level(1, "resolution", "50%")]))
    life.pass_time(march("02 14:00"))
    life.event(march("02 15:00"), "clock_reset", "resolution", reason="so")
    life.pass_time(march("02 20:00"))
    fired = [event for event in life.log if event.type == "escalated"]
    assert [(event.at, event.instance) for event in fired] == [(march("02 14:00"), 1), (march("02 19:00"), 2)]


def test_after_downtime_every_missed_level_fires_once_in_order() -> None:
    levels = [level(3, "resolution", "+2h"), level(1, "resolution", "-1h"), level(2, "resolution", "0m")]
    life = born(plans(normal={"resolution": "4h"}, escalation=levels))
    life.pass_time(march("05 10:00"))
    assert escalated(life) == [
        "02 13:00 escalated resolution level 1",
        "02 14:00:01 escalated resolution level 2",
        "02 16:00:01 escalated resolution level 3",
    ]


def test_levels_go_on_after_the_breach_and_end_with_the_clock() -> None:
    levels = [level(1, "resolution", "+1h"), level(2, "resolution", "+2h")]
    life = born(plans(normal={"resolution": "4h"}, escalation=levels))
    status(life, "02 15:30", "resolved")
    life.pass_time(march("05 10:00"))
    assert escalated(life) == ["02 15:00:01 escalated resolution level 1"]


def test_a_deadline_moved_later_un_schedules_what_has_not_fired() -> None:
    """What has fired stays."""
    levels = [level(1, "resolution", "-4h"), level(2, "resolution", "-1h")]
    life = born(plans(normal={"resolution": "6h"}, high={"resolution": "12h"}, escalation=levels))
    life.pass_time(march("02 13:00"))
    edit(life, "02 14:00", priority="high")
    life.pass_time(march("02 20:00"))
    assert escalated(life) == ["02 12:00 escalated resolution level 1"]
    life.pass_time(march("02 21:00"))
    assert last(life).level == 2


def test_a_threshold_that_a_change_puts_in_the_past_fires_at_the_change_once() -> None:
    levels = [level(1, "resolution", "50%"), level(2, "resolution", "0m")]
    life = born(plans(high={"resolution": "2h"}, escalation=levels))
    edit(life, "02 12:30", priority="high")
    life.pass_time(march("02 16:00"))
    assert by_time(life, "02 12:00") == [
        "02 12:30 clock_breached resolution",
        "02 12:30 escalated resolution level 1",
        "02 12:30 escalated resolution level 2",
    ]


def test_a_level_of_another_clock_or_version_does_not_fire() -> None:
    one, other = level(1, "resolution", "50%"), level(1, "update", "50%")
    life = born(plans(escalation=[one]), plans(2, "02 12:00", escalation=[other]))
    life.pass_time(march("02 20:00"))
    assert escalated(life) == []


def test_each_level_says_its_own_words() -> None:
    levels = [
        level(3, "resolution", "+9h", notify=["team"]),
        level(2, "next_response", "+1h", notify=["requester"]),
        level(1, "resolution", "50%", notify=["assignee"]),
        level(2, "update", "+1h", notify=["requester"]),
        level(2, "resolution", "0m", notify=["team_lead"]),
    ]
    life = born(plans(normal={"resolution": "4h"}, escalation=levels))
    life.pass_time(march("02 16:00"))
    said = [(event.level, event.data) for event in life.log if event.type == "escalated"]
    assert said == [
        (1, {"at": "50%", "notify": ["assignee"]}),
        (2, {"at": "0m", "notify": ["team_lead"]}),
    ]


def test_a_new_level_does_not_fire_for_a_clock_that_is_finished() -> None:
    life = born(plans(), plans(2, "02 12:00", escalation=[level(1, "first_response", "10%")]))
    agent(life, "02 10:30")
    life.pass_time(march("02 13:00"))
    assert escalated(life) == []


def test_a_level_that_raises_the_priority_counts_the_clocks_anew() -> None:
    levels = [level(1, "resolution", "50%", set={"priority": "+1"})]
    life = born(plans(high={"resolution": "2h"}, escalation=levels))
    life.pass_time(march("02 14:00"))
    assert life.ticket.priority == "high"
    assert by_time(life, "02 13:00") == [
        "02 14:00 escalated resolution level 1",
        "02 14:00 clock_cancelled first_response",
        "02 14:00 clock_breached resolution",
    ]
    assert clock(life, "resolution").limit == 2 * HOUR


# -- the end of a hold ----------------------------------------------------------------------------


@pytest.mark.parametrize(("assignee", "goes_on"), [(None, "open"), ("ann", "in_progress")])
def test_a_hold_ends_at_its_instant(assignee: str | None, goes_on: str) -> None:
    life = born()
    if assignee:
        life.event(march("02 10:10"), "assigned", assignee={"before": None, "after": assignee})
    hold(life, "02 10:30", "03T09:00:00")
    life.pass_time(march("03 08:59:59"))
    assert life.ticket.status == "on_hold"
    life.pass_time(march("03 09:00"))
    assert life.ticket.status == goes_on
    (ended,) = [event for event in life.log if event.data.get("rule") == "hold_until"]
    assert (ended.type, ended.at, ended.actor) == ("status_changed", march("03 09:00"), "sweep")
    assert ended.data == {"before": "on_hold", "after": goes_on, "rule": "hold_until"}
    assert life.ticket.hold_until is None


def test_a_new_hold_ends_at_its_own_instant_and_names_its_event() -> None:
    life = born()
    hold(life, "02 10:30", "03T09:00:00")
    first = life.ticket.hold_n
    hold(life, "02 11:00", "04T09:00:00")
    assert life.ticket.hold_n > first
    assert rules.next_due(life.ticket, life.rules) == Due(march("02 11:00:01"), rules.BREACH, 0, 0, 1)
    life.pass_time(march("03 12:00"))
    due = rules.next_due(life.ticket, life.rules)
    assert due == Due(march("04 09:00"), rules.END_OF_HOLD, instance=life.ticket.hold_n)
    life.pass_time(march("04 12:00"))
    assert [event.instance for event in life.log if event.data.get("rule") == "hold_until"] == [due.instance]


def test_what_leaves_the_hold_clears_it() -> None:
    life = born()
    hold(life, "02 10:30", "03T09:00:00")
    status(life, "02 11:00", "waiting_customer")
    assert (life.ticket.hold_until, life.ticket.hold_n) == (None, 0)
    life.pass_time(march("03 12:00"))
    assert life.ticket.status == "waiting_customer"


# -- versions of the policy -----------------------------------------------------------------------


def test_a_ticket_takes_each_version_at_its_own_instant() -> None:
    life = born(plans(), plans(2, "02 11:30"), plans(3, "02 12:30"))
    life.pass_time(march("03 00:00"))
    applied = [event for event in life.log if event.type == "policy_applied"]
    assert [(event.at, event.data) for event in applied] == [
        (march("02 11:30"), {"before": 1, "after": 2}),
        (march("02 12:30"), {"before": 2, "after": 3}),
    ]
    assert {(event.actor, event.clock, event.instance, event.level) for event in applied} == {
        ("sweep", "", None, 0)
    }
    assert life.ticket.policy_version == 3


def test_a_closed_ticket_takes_a_later_version_only_when_a_command_touches_it() -> None:
    life = born(plans(), plans(2, "03 00:00"))
    status(life, "02 10:30", "closed")
    assert rules.next_due(life.ticket, life.rules) is None
    touched = rules.next_due(life.ticket, life.rules, touched=True)
    assert touched == Due(march("03 00:00"), rules.POLICY_VERSION)
    swept, events = rules.advance(life.ticket, march("04 00:00"), life.rules, march("04 00:00"))
    assert (swept.policy_version, events) == (1, [])
    life.pass_time(march("04 00:00"))
    assert life.ticket.policy_version == 2


def test_steps_leave_a_closed_ticket_at_its_version_too() -> None:
    life = born(plans(), plans(2, "03 00:00"))
    status(life, "02 10:30", "closed")
    assert list(rules.steps(life.ticket, march("04 00:00"), life.rules, march("04 00:00"))) == []


def test_a_resolved_ticket_takes_it_as_an_open_one_does() -> None:
    life = born(plans(), plans(2, "03 00:00"))
    status(life, "02 10:30", "resolved")
    assert rules.next_due(life.ticket, life.rules) == Due(march("03 00:00"), rules.POLICY_VERSION)


def test_a_version_older_than_the_last_event_is_taken_at_that_event() -> None:
    life = born(plans())
    status(life, "02 12:00", "open")
    life.rules.policies[2] = plans(2, "02 11:30")
    life.pass_time(march("02 13:00"))
    (applied,) = [event for event in life.log if event.type == "policy_applied"]
    assert applied.at == march("02 12:00")


# -- what is kept in the ticket's row -------------------------------------------------------------


def test_the_summary_of_a_running_ticket() -> None:
    life = born(plans(high="none"))
    assert rules.summary(life.ticket, life.rules) == Summary(1, None, march("02 11:00"), march("02 10:48"))
    life.pass_time(march("02 10:48"))
    assert rules.summary(life.ticket, life.rules).act_at == march("02 11:00:01")
    life.pass_time(march("02 12:00"))
    late = rules.summary(life.ticket, life.rules)
    assert (late.next_due_at, late.act_at) == (march("02 11:00"), march("02 16:24"))


def test_the_next_deadline_is_that_of_a_clock_that_goes() -> None:
    life = born()
    agent(life, "02 10:30")
    assert rules.summary(life.ticket, life.rules).next_due_at == march("02 16:30")
    status(life, "02 11:00", "on_hold")
    assert rules.summary(life.ticket, life.rules).next_due_at == march("02 16:30")
    status(life, "02 11:30", "waiting_customer")
    assert rules.summary(life.ticket, life.rules).next_due_at is None
    status(life, "02 12:00", "resolved")
    assert rules.summary(life.ticket, life.rules) == Summary(1, None, None, None)


def test_the_summary_of_a_ticket_that_silence_will_close() -> None:
    life = born(plans(auto_close={"after": "48h", "remind_after": "24h"}))
    status(life, "02 10:30", "resolved")
    assert rules.summary(life.ticket, life.rules) == Summary(1, march("04 10:30"), None, march("03 10:30"))


def test_an_uncovered_clock_has_no_deadline() -> None:
    life = born(plans(low={"update": "1h"}), priority="low")
    assert rules.summary(life.ticket, life.rules) == Summary(2, None, None, None)
    agent(life, "02 10:30")
    assert rules.summary(life.ticket, life.rules).next_due_at == march("02 11:30")


def test_settled_is_never_before_the_last_event() -> None:
    ticket = born().ticket
    assert rules.settled(ticket, march("02 09:00")) == march("02 10:00")
    assert rules.settled(ticket, march("02 11:00")) == march("02 11:00")


def test_where_every_clock_is_late_and_nothing_closes_there_is_nothing_to_come() -> None:
    life = born(plans(normal={"resolution": "1h"}))
    life.pass_time(march("02 12:00"))
    assert rules.next_due(life.ticket, life.rules) is None
