"""On which version's hours each stretch of a clock is counted, where versions of a policy follow each other
and a plan moves to another calendar (`sla.md 5`). `office` opens from 10:00 to 18:00."""

from __future__ import annotations

from life import HOUR
from march import FOUR, born, clock, due, edit, elapsed, march, plans, status

from helpdesk_cli.domain.clocks import STOP, Span

OFFICE = {"resolution": {"limit": "8h", "calendar": "office"}}


def test_an_edit_while_resolved_counts_on_the_calendar_that_was_named_then() -> None:
    """The newer version, not retroactive, names another calendar: it counts from the reopening on."""
    versions = (
        plans(high=OFFICE, retroactive=False),
        plans(version=2, at="02 13:30", high=FOUR, retroactive=False),
    )
    life = born(*versions, at="02 08:00")
    status(life, "02 12:00", "resolved")
    edit(life, "02 13:00", priority="high")
    status(life, "02 20:00", "open")
    assert elapsed(life, "02 20:00") == 2 * HOUR
    assert elapsed(life, "02 21:00") == 3 * HOUR
    assert due(life) == march("03 02:00")


def test_the_other_way_round_too() -> None:
    versions = (
        plans(normal=OFFICE, high=FOUR, retroactive=False),
        plans(version=2, at="02 13:30", high=OFFICE, retroactive=False),
    )
    life = born(*versions, at="02 08:00")
    status(life, "02 12:00", "resolved")
    edit(life, "02 13:00", priority="high")
    status(life, "02 14:00", "open")
    assert elapsed(life, "02 14:00") == 4 * HOUR
    assert elapsed(life, "02 19:00") == 8 * HOUR


def test_a_wait_that_is_not_covered_stands_on_the_plan_s_calendar_of_the_version_it_began_in() -> None:
    versions = (
        plans(),
        plans(version=2, at="02 07:00", calendar="office"),
        plans(version=3, at="02 13:00", low=FOUR, retroactive=False),
    )
    life = born(*versions, at="02 08:00", priority="low", policy=2)
    life.pass_time(march("02 13:00"))
    assert elapsed(life, "02 13:00") == 3 * HOUR
    assert elapsed(life, "02 20:00") == 10 * HOUR


def test_a_stop_stands_on_the_calendar_that_counted_last() -> None:
    versions = (plans(), plans(version=2, at="02 11:00", calendar="office", retroactive=False))
    life = born(*versions)
    status(life, "02 12:00", "resolved")
    assert clock(life, "resolution").spans[1:] == (
        Span("run", march("02 11:00"), 2, "office"),
        Span(STOP, march("02 12:00"), 2, "office"),
    )
