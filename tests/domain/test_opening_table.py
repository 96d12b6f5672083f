"""The table of opening hours: it must not matter how it grew, nor may it look up too much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_cli.domain import opening_table
from helpdesk_cli.domain.calendars import BusinessCalendar, NoWorkingTimeError
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.zones import instant_of, zone

SECOND = timedelta(seconds=1)
ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu"]
START = from_text("2026-06-03T12:00:00Z")
FIRST, LAST = from_text("1900-01-01T00:00:00Z"), from_text("2999-12-31T23:59:59Z")
FAR_ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


def calendar(hours: dict[str, list[str]], name: str = "UTC", **more: Any) -> BusinessCalendar:
    return BusinessCalendar.from_spec({"timezone": name, "hours": hours, **more})


def never_closed(name: str) -> BusinessCalendar:
    """Open at every instant, by a table: a holiday long ago makes it one."""
    return calendar({"all": ["00:00-24:00"]}, name, holidays=["1950-01-01"])


def monday(weeks: int, name: str) -> datetime:
    """The first instant of a Monday in the zone, so many weeks from that of START."""
    days = (datetime(2026, 6, 1, tzinfo=UTC) + timedelta(weeks=weeks)).toordinal() - 719_163
    return datetime.fromtimestamp(instant_of(zone(name), days * 86_400), UTC)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("weeks", [*range(-30, -22), *range(-3, 4), *range(22, 31), 60, -60])
def test_both_sides_of_every_edge_of_a_table_are_known(name: str, weeks: int) -> None:
    """A table begins and ends on a Monday at 00:00 of its zone."""
    for order in ((-SECOND, timedelta(0), SECOND), (SECOND, timedelta(0), -SECOND)):
        cal = never_closed(name)
        assert cal.is_open(START)
        for step in order:
            at = monday(weeks, name) + step
            assert cal.is_open(at)
            assert cal.next_opening(at) == at
            assert cal.add(at, 3_600) == at + timedelta(hours=1)
            assert cal.between(START, at) == (at - START).total_seconds()
            assert cal.windows(at, at + SECOND) == [(at, at + SECOND)]


@pytest.mark.parametrize("name", ZONES)
def test_a_table_that_grew_backwards_goes_on_backwards(name: str) -> None:
    cal = never_closed(name)
    for weeks in (0, -27, -28, -80, -81, -400, -3000):
        for step in (SECOND, timedelta(0), -SECOND):
            at = monday(weeks, name) + step
            assert cal.is_open(at), (weeks, step)
            assert cal.between(at, START) == (START - at).total_seconds()


@pytest.mark.parametrize("name", [*ZONES, "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_table_reaches_the_first_and_the_last_second_from_anywhere(name: str) -> None:
    for at in (FIRST, LAST):
        cal = never_closed(name)
        assert cal.is_open(START)
        assert cal.is_open(at)


@pytest.mark.parametrize("name", FAR_ZONES)
@pytest.mark.parametrize("asked", [(), (START,), (START, FIRST), (START, LAST), (FIRST,), (LAST,)])
def test_the_years_end_at_the_same_second_whatever_was_asked_before(
    name: str, asked: tuple[datetime, ...]
) -> None:
    cal = never_closed(name)
    for at in asked:
        assert cal.is_open(at)
    for at in (FIRST - SECOND, LAST + SECOND):
        with pytest.raises(NoWorkingTimeError, match="is counted from 1900 to 2999"):
            cal.is_open(at)


@pytest.mark.parametrize("name", FAR_ZONES)
def test_the_last_second_is_the_last_that_can_be_used_up(name: str) -> None:
    cal = never_closed(name)
    assert cal.add(LAST - SECOND, 2) == LAST + SECOND
    assert cal.add(LAST, 1) == LAST + SECOND
    for start in (LAST - SECOND, LAST):
        with pytest.raises(NoWorkingTimeError, match="has no 3s of opening hours"):
            cal.add(start, 3)
    with pytest.raises(NoWorkingTimeError, match="has no 2s of opening hours"):
        cal.add(LAST, 2)


def test_nothing_opens_after_the_last_second() -> None:
    """The year 3000 begins on a Wednesday."""
    for hours in ({"wed": ["00:00-01:00"]}, {"thu": ["09:00-10:00"]}):
        with pytest.raises(NoWorkingTimeError, match="has no 1s of opening hours"):
            calendar(hours).next_opening(LAST)
    assert calendar({"tue": ["23:59-24:00"], "wed": ["00:00-01:00"]}).add(LAST, 1) == LAST + SECOND


@pytest.mark.parametrize("name", ZONES)
def test_a_table_that_grew_forwards_goes_on_forwards(name: str) -> None:
    cal = never_closed(name)
    for weeks in (0, 25, 26, 51, 52, 53, 110, 400, 3000):
        for step in (-SECOND, timedelta(0), SECOND):
            at = monday(weeks, name) + step
            assert cal.is_open(at), (weeks, step)
            assert cal.between(START, at) == (at - START).total_seconds()


@pytest.mark.parametrize("weeks", range(20, 30))
def test_a_window_that_opens_where_the_table_ends_is_the_next_opening(weeks: int) -> None:
    cal = calendar({}, "UTC", exceptions={f"{monday(weeks, 'UTC'):%Y-%m-%d}": ["00:00-01:00"]})
    assert not cal.is_open(START)
    assert cal.next_opening(START) == monday(weeks, "UTC")
    assert cal.add(START, 3_600) == monday(weeks, "UTC") + timedelta(hours=1)


def test_the_end_of_the_years_is_the_end_whatever_was_open_before() -> None:
    """Exceptions that lie behind promise no hours to come."""
    busy = {f"2026-06-{day:02}": ["00:00-24:00"] for day in range(1, 31)}
    for hours in ({"mon": ["09:00-10:00"]}, {}):
        with pytest.raises(NoWorkingTimeError):
            calendar(hours, "UTC", exceptions=busy).add(from_text("2999-12-31T00:00:00Z"), 8 * 3_600)
    with pytest.raises(NoWorkingTimeError):
        calendar({}, "UTC", exceptions=busy).next_opening(from_text("2999-12-31T00:00:00Z"))


def test_the_hours_still_to_come_are_never_thought_too_few() -> None:
    """A lone night of seven hours, when the clocks go back; sixty years of Mondays; nearly all there is."""
    night = calendar({}, "Europe/Paris", exceptions={"2027-10-31": ["00:00-06:00"]})
    for start in ("2027-04-28T12:00:00Z", "2026-06-03T12:00:00Z"):
        assert night.add(from_text(start), 7 * 3_600) == from_text("2027-10-31T05:00:00Z")
    put_back = calendar({}, "Pacific/Kwajalein", exceptions={"1969-09-30": ["00:00-24:00"]})  # by 23 hours
    end = from_text("1969-10-01T12:00:00Z")
    assert put_back.add(end - timedelta(weeks=26), 47 * 3_600) == end
    days = {f"2026-06-{day:02}": ["00:00-24:00", "23:59-23:58"] for day in range(1, 31, 2)}
    june, length = calendar({}, "UTC", exceptions=days), 15 * (2 * 86_400 - 120)
    assert june.add(START - timedelta(weeks=30), length) == from_text("2026-06-30T23:58:00Z")
    mondays = calendar({"mon": ["00:00-24:00"]}, "UTC")
    assert mondays.add(START, 3_120 * 86_400) == monday(3_120, "UTC") + timedelta(days=1)
    assert never_closed("UTC").add(START, 350_000 * 86_400) == START + timedelta(days=350_000)


def test_what_lies_behind_is_not_missing() -> None:
    cal, late = never_closed("UTC"), from_text("2700-01-01T00:00:00Z")
    assert cal.is_open(FIRST)
    assert cal.is_open(late)
    assert cal.add(late, 400 * 86_400) == late + timedelta(days=400)


def test_an_empty_window_is_no_window() -> None:
    """What ends at 24:00 of a Sunday leaves nothing on the Monday, also where that Sunday is a holiday."""
    cal = calendar({"sun": ["18:00-24:00"]}, "UTC", holidays=["2026-06-07", "2026-06-14"])
    assert cal.next_opening(START) == from_text("2026-06-21T18:00:00Z")
    stretch = from_text("2026-06-01T00:00:00Z"), from_text("2026-06-23T00:00:00Z")
    assert cal.windows(*stretch) == [
        (from_text("2026-06-21T18:00:00Z"), from_text("2026-06-22T00:00:00Z")),
    ]


class Lookups:
    """How often the rules of a zone are asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        monkeypatch.setattr(opening_table, "instant_of", self._instant_of)

    def _instant_of(self, *given: Any) -> int:
        self.count += 1
        return instant_of(*given)

    def of(self, cal: BusinessCalendar, until: datetime) -> int:
        """The lookups that it takes to count from START to an instant."""
        self.count = 0
        cal.between(START, until)
        return self.count


SPLIT_WEEK = {"mon-sat": ["09:00-12:00", "13:00-17:00"]}
WINDOWS = 12


def test_an_ordinary_week_costs_two_lookups_and_another_one_two_a_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lookups = Lookups(monkeypatch)
    ten_years = START + timedelta(weeks=520)
    plain = lookups.of(calendar(SPLIT_WEEK, "UTC"), ten_years)
    assert 2 * 520 <= plain <= 4 * 520
    changes = lookups.of(calendar(SPLIT_WEEK, "Europe/Paris"), ten_years) - plain
    assert changes % (2 * WINDOWS) == 0
    assert 20 <= changes / (2 * WINDOWS) <= 40  # two clock changes a year
    for more, windows in (
        ({"holidays": ["2026-06-10"]}, WINDOWS - 2),
        ({"exceptions": {"2026-06-10": []}}, WINDOWS - 2),
        ({"exceptions": {"2026-06-13": ["10:00-11:00"]}}, WINDOWS - 1),  # a Saturday
        ({"exceptions": {"2026-06-14": ["10:00-11:00"]}}, 2 * WINDOWS + 1),  # a Sunday: its night too
    ):
        assert lookups.of(calendar(SPLIT_WEEK, "UTC", **more), ten_years) - plain == 2 * windows


def test_a_question_about_an_hour_lays_out_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(monkeypatch)
    cal = calendar(SPLIT_WEEK)
    assert 2 * 26 <= lookups.of(cal, START + timedelta(hours=1)) <= 2 * 30
    assert lookups.of(cal, START + timedelta(hours=2)) == 0


def test_growth_is_twice_what_there_is_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(monkeypatch)
    cal = calendar(SPLIT_WEEK)
    weeks = lookups.of(cal, START) // 2
    lookups.count = 0
    cal.add(START, 60 * 42 * 3_600)
    weeks += lookups.count // 2
    assert weeks <= 2 * 62
    assert lookups.of(cal, START + timedelta(weeks=90)) == 0
    for step in (130, -130, 400, -400, 1_200):
        cost = lookups.of(cal, START + timedelta(weeks=step)) // 2
        assert cost <= weeks + 2, step
        weeks += cost
    cal.add(START, 1_400 * 42 * 3_600)
    assert lookups.count // 2 <= 2 * weeks


def test_a_table_begins_a_week_before_what_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(monkeypatch)
    cal = calendar(SPLIT_WEEK)
    assert lookups.of(cal, START) > 0
    assert lookups.of(cal, monday(-1, "UTC")) == 0
    assert lookups.of(cal, monday(-1, "UTC") - SECOND) > 0
    assert lookups.of(cal, monday(-20, "UTC")) == 0


@pytest.mark.parametrize("asked", [(LAST, FIRST), (FIRST, from_text("2600-01-01T00:00:00Z"), LAST)])
def test_no_week_outside_the_years_is_laid_out(
    asked: tuple[datetime, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups = Lookups(monkeypatch)
    cal = calendar(SPLIT_WEEK)
    weeks = (LAST - FIRST).days // 7
    assert 2 * weeks <= sum(lookups.of(cal, at) for at in asked) <= 2 * (weeks + 5)


JUNE = {f"2026-06-{day:02}": ["00:00-24:00"] for day in range(1, 31)}


@pytest.mark.parametrize(
    ("hours", "exceptions", "seconds"),
    [({}, {}, 1), ({}, JUNE, 1), (SPLIT_WEEK, JUNE, 2 * 10**10), (SPLIT_WEEK, {}, 10**18)],
    ids=["none", "only behind", "too much", "absurd"],
)
def test_hours_that_can_never_come_are_not_looked_for(
    hours: dict[str, list[str]],
    exceptions: dict[str, list[str]],
    seconds: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lookups = Lookups(monkeypatch)
    cal = calendar(hours, exceptions=exceptions)
    after_june = START + timedelta(weeks=5)
    assert lookups.of(cal, after_june) > 0
    lookups.count = 0
    with pytest.raises(NoWorkingTimeError):
        cal.add(after_june, seconds)
    assert lookups.count == 0
