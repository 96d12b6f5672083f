"""Auto-closure and its reminder (`sla.md 7`)."""

from __future__ import annotations

from typing import Any

import pytest
from life import Life
from march import agent, born, customer, march, plans, status

from helpdesk_cli.domain import due
from helpdesk_cli.domain.closure import Closure, closure
from helpdesk_cli.domain.due import Due
from helpdesk_cli.domain.plans import Policy

SILENCE = {"after": "48h", "remind_after": "24h"}


def closing(version: int = 1, at: str = "01 00:00", **auto_close: Any) -> Policy:
    return plans(version, at, auto_close={**SILENCE, **auto_close}, normal={"resolution": "500h"})


def answered(*versions: Policy, at: str = "02 10:00") -> Life:
    """A ticket that waits for the customer from 02 12:00 on."""
    life = born(*(versions or (closing(),)), at=at)
    agent(life, "02 12:00", "waiting_customer")
    return life


def to_come(life: Life) -> Closure | None:
    return closure(life.ticket, life.rules)


def by_silence(life: Life) -> list[str]:
    kinds = ("reminded", "auto_closed")
    return [f"{event.at:%d %H:%M:%S} {event.type}" for event in life.log if event.type in kinds]


def test_it_closes_after_its_time_exact_to_the_second() -> None:
    life = answered()
    assert to_come(life) == Closure(march("02 12:00"), march("03 12:00"), march("04 12:00"))
    life.pass_time(march("04 11:59:59"))
    assert life.ticket.status == "waiting_customer"
    life.pass_time(march("04 12:00"))
    assert by_silence(life) == ["03 12:00:00 reminded", "04 12:00:00 auto_closed"]
    assert (life.ticket.status, life.ticket.closed_at) == ("closed", march("04 12:00"))


def test_what_the_reminder_and_the_closure_say() -> None:
    life = answered()
    wait = life.ticket.wait_n
    life.pass_time(march("09 12:00"))
    reminded, closed = [event for event in life.log if event.type in ("reminded", "auto_closed")]
    assert reminded.data == {"rule": "auto_close.remind_after", "base": "2026-03-02T12:00:00Z"}
    assert closed.data == {
        "before": "waiting_customer",
        "after": "closed",
        "rule": "auto_close.after",
        "base": "2026-03-02T12:00:00Z",
    }
    assert (reminded.instance, closed.instance) == (wait, wait)
    assert (closed.actor, closed.recorded_at) == ("sweep", march("09 12:00"))
    assert life.ticket.closed_by == "sweep"


def test_one_reminder_a_wait() -> None:
    life = answered()
    life.pass_time(march("03 12:00"))
    assert to_come(life) == Closure(march("02 12:00"), None, march("04 12:00"))
    customer(life, "03 13:00")
    agent(life, "03 14:00", "waiting_customer")
    life.pass_time(march("09 12:00"))
    assert by_silence(life) == [
        "03 12:00:00 reminded",
        "04 14:00:00 reminded",
        "05 14:00:00 auto_closed",
    ]


def test_the_base_is_the_later_of_the_last_public_message_and_the_entry_into_the_status() -> None:
    life = answered()
    status(life, "02 13:00", "on_hold")
    status(life, "02 14:00", "waiting_customer")
    assert to_come(life) == Closure(march("02 14:00"), march("03 14:00"), march("04 14:00"))
    agent(life, "02 15:00", "waiting_customer")
    assert to_come(life) == Closure(march("02 15:00"), march("03 15:00"), march("04 15:00"))


def test_a_note_or_an_edit_does_not_restart_the_wait() -> None:
    life = answered()
    life.event(march("02 13:00"), "note", message=1)
    life.edit(march("02 13:30"), category="x")
    life.event(march("02 13:40"), "tagged", tags={"before": [], "after": ["x"]})
    assert to_come(life) == Closure(march("02 12:00"), march("03 12:00"), march("04 12:00"))


@pytest.mark.parametrize(
    ("to", "closes"),
    [
        ("waiting_customer", True),
        ("resolved", True),
        ("on_hold", False),
        ("in_progress", False),
        ("open", False),
    ],
)
def test_only_the_statuses_that_the_plan_names(to: str, closes: bool) -> None:
    life = born(closing())
    status(life, "02 11:00", to)
    life.pass_time(march("05 12:00"))
    assert (life.ticket.status == "closed") is closes
    assert (to_come(life) is not None) is False


def test_the_plan_names_them() -> None:
    life = answered(closing(statuses=["resolved"]))
    assert to_come(life) is None
    status(life, "02 13:00", "resolved")
    assert to_come(life) == Closure(march("02 13:00"), march("03 13:00"), march("04 13:00"))


def test_zero_switches_it_off() -> None:
    life = answered(plans(auto_close={"after": "0"}))
    assert to_come(life) is None
    assert to_come(answered(plans())) is None


def test_without_a_reminder_it_only_closes() -> None:
    life = answered(plans(auto_close={"after": "1h"}))
    assert to_come(life) == Closure(march("02 12:00"), None, march("02 13:00"))
    life.pass_time(march("03 12:00"))
    assert by_silence(life) == ["02 13:00:00 auto_closed"]


def test_a_reminder_at_once() -> None:
    life = answered(closing(remind_after="0m"))
    assert to_come(life) == Closure(march("02 12:00"), march("02 12:00"), march("04 12:00"))
    life.pass_time(march("02 12:00"))
    assert by_silence(life) == ["02 12:00:00 reminded"]


def test_on_a_calendar_where_the_plan_names_one() -> None:
    """`office` is 10:00 to 18:00 UTC on weekdays but for Friday the 6th."""
    life = answered(closing(after="16h", remind_after="8h", calendar="office"))
    assert to_come(life) == Closure(march("02 12:00"), march("03 12:00"), march("04 12:00"))
    life.pass_time(march("05 12:00"))
    assert by_silence(life) == ["03 12:00:00 reminded", "04 12:00:00 auto_closed"]
    late = born(closing(after="8h", remind_after="4h", calendar="office"))
    status(late, "05 12:00", "resolved")
    assert to_come(late) == Closure(march("05 12:00"), march("05 16:00"), march("09 12:00"))


def test_too_few_opening_hours_ever_never_close() -> None:
    """`once` is open on 02 from 09:00 to 12:00 and never again."""
    life = born(closing(after="3h", remind_after="1h", calendar="once"))
    status(life, "02 10:30", "resolved")
    assert to_come(life) == Closure(march("02 10:30"), march("02 11:30"), None)
    assert list(due.all_due(life.ticket, life.rules, touched=False)) == [
        Due(march("02 11:30"), due.REMINDER, instance=life.ticket.wait_n)
    ]
    life.pass_time(march("20 12:00"))
    assert by_silence(life) == ["02 11:30:00 reminded"]


def test_an_edited_policy_moves_the_closure_to_come() -> None:
    life = answered(closing(), closing(2, "03 00:00", after="24h", remind_after="6h"))
    life.pass_time(march("02 23:59:59"))
    assert to_come(life) == Closure(march("02 12:00"), march("03 12:00"), march("04 12:00"))
    life.pass_time(march("05 00:00"))
    assert by_silence(life) == ["03 00:00:00 reminded", "03 12:00:00 auto_closed"]


def test_what_silence_closes_is_resolved_at_that_instant() -> None:
    life = answered()
    life.pass_time(march("09 12:00"))
    assert (life.ticket.resolved_at, life.ticket.first_resolved_at) == (march("04 12:00"), march("04 12:00"))
    resolution = life.ticket.clock("resolution", 1)
    assert resolution is not None
    assert resolution.met_at == march("04 12:00")


def test_the_reminder_comes_before_the_closure_and_both_after_what_the_clocks_do() -> None:
    """At one instant: warning, breach, escalation, reminder, closure."""
    levels = [{"level": "1", "clock": "first_response", "at": "0m", "notify": ["assignee"]}]
    rule = {"after": "3600s", "remind_after": "3599s", "statuses": ["waiting_customer"]}
    life = born(plans(normal={"first_response": "3600s"}, escalation=levels, auto_close=rule))
    status(life, "02 10:00:01", "waiting_customer")
    life.pass_time(march("02 12:00"))
    done = [event.type for event in life.log if event.actor == "sweep" and event.at >= march("02 11:00")]
    assert done == ["reminded", "clock_breached", "escalated", "auto_closed", "clock_cancelled"]
