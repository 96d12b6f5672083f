"""The formulas of the reports, by figures made with a pencil."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_cli.domain.calendars import BusinessCalendar
from helpdesk_cli.domain.metrics import (
    Resolution,
    Spread,
    Turn,
    first_resolution,
    mean,
    percentile,
    resolution_seconds,
    share,
    spread,
    standing_resolution,
    waits,
    week_of,
    weeks,
)
from helpdesk_cli.domain.zones import zone

HOUR = 3_600
ALWAYS = BusinessCalendar.from_spec({"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}})
OFFICE = BusinessCalendar.from_spec({"timezone": "UTC", "hours": {"mon-fri": ["10:00-18:00"]}})


def at(text: str) -> datetime:
    """`06 17:00` in March 2026, UTC; the 6th is a Friday."""
    return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        # Nearest rank, the usual example: of 15 20 35 40 50 the place is ceil(p / 100 * 5).
        ([15, 20, 35, 40, 50], 5, 15),  # ceil(0.25) = 1
        ([15, 20, 35, 40, 50], 30, 20),  # ceil(1.5) = 2
        ([15, 20, 35, 40, 50], 40, 20),  # 2 exactly
        ([15, 20, 35, 40, 50], 41, 35),  # ceil(2.05) = 3
        ([15, 20, 35, 40, 50], 50, 35),  # ceil(2.5) = 3
        ([15, 20, 35, 40, 50], 100, 50),
        ([7], 50, 7),
        ([7], 95, 7),
        ([1, 9], 50, 1),  # ceil(1) = 1: the lower one, never a time between the two
        (list(range(1, 11)), 90, 9),
        (list(range(1, 11)), 95, 10),  # ceil(9.5) = 10
        (list(range(1, 101)), 95, 95),
        ([], 50, None),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[int], percent: int, expected: int | None) -> None:
    assert percentile(values, percent) == expected


@given(st.lists(st.integers(0, 100), min_size=1), st.sampled_from([50, 90, 95]))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(
    values: list[int], percent: int
) -> None:
    found = percentile(sorted(values), percent)
    enough = [v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values)]
    assert found == min(enough)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([10], 10), ([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([0, 0], 0), ([], None)],
)
def test_a_mean_is_whole_halves_up(values: list[int], expected: int | None) -> None:
    """1.5 is 2, 1.33 is 1, 1.67 is 2."""
    assert mean(values) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 3, 0.0), (1, 3, 0.3333), (2, 3, 0.6666), (3, 3, 1.0), (99_999, 100_000, 0.9999)],
)
def test_a_share_is_rounded_down(part: int, whole: int, expected: float | None) -> None:
    """A single miss in a hundred thousand is not 1.0."""
    assert share(part, whole) == expected


def test_the_figures_of_a_group() -> None:
    # (40 + 10 + 20 + 30) / 4 = 25; ceil(0.5 * 4) = 2, ceil(0.9 * 4) = ceil(0.95 * 4) = 4
    assert spread([40, 10, 20, 30]) == Spread(4, 25, 20, 40, 40)
    assert spread([5]) == Spread(1, 5, 5, 5, 5)
    assert spread([]) == Spread(0, None, None, None, None)


# -- weeks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "where", "expected"),
    [
        ("2026-03-01T23:59:59Z", "UTC", "2026-W09"),  # a Sunday
        ("2026-03-02T00:00:00Z", "UTC", "2026-W10"),
        ("2026-03-01T23:00:00Z", "Europe/Paris", "2026-W10"),  # Monday 00:00 there
        ("2026-03-02T04:59:59Z", "America/New_York", "2026-W09"),  # Sunday 23:59:59 there
        ("2027-01-01T12:00:00Z", "UTC", "2026-W53"),  # a Friday: the week has its Thursday in 2026
        ("2024-12-30T12:00:00Z", "UTC", "2025-W01"),
    ],
)
def test_the_week_of_an_instant(instant: str, where: str, expected: str) -> None:
    assert week_of(datetime.fromisoformat(instant), zone(where)) == expected


def test_no_week_is_left_out() -> None:
    assert list(weeks("2026-W52", "2027-W02")) == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert list(weeks("2026-W09", "2026-W09")) == ["2026-W09"]


# -- responses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thread", "expected"),
    [
        ("", []),
        ("c1", []),
        ("c1 a2", ["c1 a2"]),
        ("c1 c2 a3", ["c1 a3"]),  # a second message restarts nothing
        ("c1 a2 a3 c4 c5 a6 a7", ["c1 a2", "c4 a6"]),
        ("a1 c2 a3", ["c2 a3"]),  # opened on behalf
        ("a1 a2", []),
        ("c1 a2 c3", ["c1 a2"]),  # the last one still waits
    ],
)
def test_waits_for_an_answer(thread: str, expected: list[str]) -> None:
    found = waits(thread.split(), lambda message: message.startswith("a"))
    assert [" ".join(pair) for pair in found] == expected


# -- resolutions -----------------------------------------------------------------------------------


def life(*turns: str) -> list[Turn]:
    """`open 02 10:00` and so on."""
    return [Turn(text.split(" ", 1)[0], at(text.split(" ", 1)[1])) for text in turns]


LIFE = life(
    "open 02 10:00",  # a Monday
    "waiting_customer 02 12:00",
    "open 02 15:00",
    "on_hold 02 16:00",
    "open 03 10:00",
    "resolved 03 11:00",
    "closed 05 11:00",
    "open 06 17:00",  # reopened on Friday
    "waiting_customer 06 17:30",
    "in_progress 09 11:00",  # the next Monday
    "closed 09 12:00",
)


def times(found: Resolution | None, calendar: BusinessCalendar) -> Any:
    return None if found is None else tuple(s / HOUR for s in resolution_seconds(found, calendar))


def test_the_first_resolution() -> None:
    found = first_resolution(LIFE)
    assert found is not None
    assert found.at == at("03 11:00")  # resolved, not closed: there its clock stopped
    # Day and night: Monday 10:00 to Tuesday 11:00 are 25 h, 3 of them (12:00 to 15:00) for the customer;
    # on hold somebody else was waited for, which counts.
    assert times(found, ALWAYS) == (25, 22)
    # Office hours, 10:00 to 18:00: 8 h of Monday and 1 h of Tuesday.
    assert times(found, OFFICE) == (9, 6)


def test_the_standing_resolution_goes_on_where_the_first_ended() -> None:
    found = standing_resolution(LIFE, restart=False)
    assert found is not None
    assert found.at == at("09 12:00")
    # 25 h as above, then Friday 17:00 to Monday 12:00: 67 h, 65.5 of them (Friday 17:30 to Monday 11:00)
    # for the customer. The days that it stood resolved and closed are not counted.
    assert times(found, ALWAYS) == (25 + 67, 22 + 1.5)
    # 9 h as above, then 1 h of Friday and 2 h of Monday; waited: Friday 0.5 h, Monday 1 h.
    assert times(found, OFFICE) == (9 + 3, 6 + 1.5)


def test_the_standing_resolution_begins_anew_where_reopening_does() -> None:
    found = standing_resolution(LIFE, restart=True)
    assert times(found, ALWAYS) == (67, 1.5)
    assert times(found, OFFICE) == (3, 1.5)


def test_a_ticket_resolved_once_has_one_resolution() -> None:
    once = LIFE[:7]
    assert first_resolution(once) == standing_resolution(once, restart=False)
    assert first_resolution(once) == standing_resolution(once, restart=True)


def test_a_ticket_that_is_open() -> None:
    assert first_resolution(LIFE[:5]) is None
    assert standing_resolution(LIFE[:5], restart=False) is None
    assert first_resolution(LIFE[:8]) == first_resolution(LIFE)
    assert standing_resolution(LIFE[:8], restart=False) is None


def test_a_ticket_closed_as_it_was_opened() -> None:
    found = first_resolution(life("open 02 10:00", "closed 02 10:00"))
    assert times(found, ALWAYS) == (0, 0)
