"""Working time against an oracle that knows no windows: it walks through UTC a minute at a time, reads the
clock on the wall, and asks of each minute whether the shop is open.

A wall clock that is put back shows times that it has shown before; the shop goes on by the latest time
seen, so nothing opens or closes a second time.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_cli.domain.calendars import BusinessCalendar, NoWorkingTimeError
from helpdesk_cli.domain.zones import zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
SPAN = 9  # days walked through, around the date that matters

# Dates on which the clocks do something, and one on which they do nothing.
NIGHTS = [
    ("UTC", date(2026, 6, 3)),
    ("Asia/Kolkata", date(2027, 1, 1)),
    ("Europe/Paris", date(2026, 3, 29)),
    ("Europe/Paris", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Antarctica/Troll", date(2024, 3, 31)),  # two hours
    ("Africa/Cairo", date(2025, 4, 25)),  # no midnight
    ("Africa/Cairo", date(2025, 10, 31)),  # 23:00 twice
    ("Asia/Beirut", date(2025, 3, 30)),
    ("America/Havana", date(2024, 11, 3)),  # midnight twice
    ("America/St_Johns", date(2008, 11, 2)),  # at 00:01 back to 23:01
    ("America/Recife", date(2000, 10, 9)),  # changed and changed back within a week
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Asia/Gaza", date(2050, 3, 1)),
    ("America/Santiago", date(2090, 9, 3)),  # by the rule for all later years
]


@st.composite
def windows(draw):
    opens = draw(st.integers(0, 95)) * 15 + draw(st.sampled_from([0, 0, 1, 7]))
    closes = draw(st.integers(0, 96)) * 15
    if opens == closes:
        closes += 15
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


@st.composite
def calendars(draw):
    """A zone, the date that matters, and the spec of a calendar with something to say about it."""
    zone_name, night = draw(st.sampled_from(NIGHTS))
    near = st.integers(-4, 4).map(lambda step: (night + timedelta(days=step)).isoformat())
    day = st.sampled_from([*DAYS, "all", "sun-thu", "sat-wed", "fri-mon", "mon-fri"])
    hours = draw(st.dictionaries(day, st.lists(windows(), min_size=1, max_size=3), max_size=4))
    holidays = draw(st.lists(st.one_of(near, near.map(lambda text: text[5:])), max_size=2))
    if draw(st.booleans()):
        holidays.append("..".join(sorted((draw(near), draw(near)))))
    spec = {
        "timezone": zone_name,
        "hours": hours,
        "holidays": holidays,
        "exceptions": draw(st.dictionaries(near, st.lists(windows(), max_size=2), max_size=3)),
    }
    return night, spec


class Oracle:
    """Open or closed, for every minute of some days around a date."""

    def __init__(self, night, spec):
        self.spec = spec
        self.start = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=SPAN // 2)
        where = zone(spec["timezone"])
        self.open = []
        latest = self.start.replace(tzinfo=None, year=1)
        for number in range(-2 * 1_440, SPAN * 1_440):  # two days to see what the clocks have shown
            shown = (self.start + number * MINUTE).astimezone(where).replace(tzinfo=None)
            latest = max(latest, shown)
            if number >= 0:
                self.open.append(self.is_open(latest))
        self.worked = [0, *accumulate(self.open)]

    def is_open(self, shown):
        today, minute = shown.date(), shown.hour * 60 + shown.minute
        yesterday = today - timedelta(days=1)
        exceptions = self.spec["exceptions"]
        if today.isoformat() in exceptions:
            ours = self.of_day(exceptions[today.isoformat()], minute)
        elif self.is_holiday(today):
            ours = False
        else:
            ours = self.of_day(self.week(today), minute) or self.of_night(self.week(yesterday), minute)
        return ours or self.of_night(exceptions.get(yesterday.isoformat(), []), minute)

    def is_holiday(self, today):
        text = today.isoformat()
        return any(
            first <= text <= last if dots else first in (text, text[5:])
            for first, dots, last in (holiday.partition("..") for holiday in self.spec["holidays"])
        )

    def week(self, today):
        found = []
        for days, texts in self.spec["hours"].items():
            first, dash, last = days.partition("-")
            if dash:
                ring = DAYS[DAYS.index(first) :] + DAYS[: DAYS.index(first)]
                covered = ring[: ring.index(last) + 1]
            else:
                covered = DAYS if days == "all" else (first,)
            if DAYS[today.weekday()] in covered:
                found.extend(texts)
        return found

    @staticmethod
    def minutes(text):
        return [int(half[:2]) * 60 + int(half[3:]) for half in text.split("-")]

    def of_day(self, texts, minute):
        pairs = map(self.minutes, texts)
        return any(opens <= minute and (minute < closes or closes < opens) for opens, closes in pairs)

    def of_night(self, texts, minute):
        return any(closes < opens and minute < closes for opens, closes in map(self.minutes, texts))

    def between(self, first, last):
        """Working seconds between two offsets in seconds from the start."""
        return self.until(last) - self.until(first)

    def until(self, second):
        minute, rest = divmod(second, 60)
        return self.worked[minute] * 60 + (rest if rest and self.open[minute] else 0)

    def add(self, first, seconds):
        """The offset at which the seconds are used up, or None past the minutes walked."""
        target = self.until(first) + seconds
        minute = bisect_right(self.worked, (target - 1) // 60) - 1
        if minute >= len(self.open):
            return None
        return minute * 60 + target - self.worked[minute] * 60

    def next_opening(self, first):
        minute = first // 60
        if self.open[minute]:
            return first
        following = next((number for number in range(minute, len(self.open)) if self.open[number]), None)
        return None if following is None else following * 60


LAST = SPAN * 86_400 - 1
OFFSETS = st.integers(0, LAST) | st.integers(0, SPAN * 96 - 1).map(lambda quarter: quarter * 900)


@given(calendars(), st.lists(st.tuples(OFFSETS, OFFSETS), min_size=12, max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_answer_is_that_of_the_minute_by_minute_walk(drawn, pairs):
    night, spec = drawn
    oracle = Oracle(night, spec)
    cal = BusinessCalendar.from_spec(spec, "drawn")

    def instant(offset):
        return oracle.start + timedelta(seconds=offset)

    whole = cal.windows(oracle.start, instant(LAST + 1))
    assert [
        cal.is_open(oracle.start + number * MINUTE) for number in range(0, SPAN * 1_440, 5)
    ] == oracle.open[::5]
    assert sum(int((end - start).total_seconds()) for start, end in whole) == 60 * sum(oracle.open)
    for first, second in pairs:
        worked = oracle.between(first, second)
        assert cal.between(instant(first), instant(second)) == worked
        opening = oracle.next_opening(first)
        if opening is not None:
            assert cal.next_opening(instant(first)) == instant(opening)
        seconds = abs(worked) or 1
        due = oracle.add(first, seconds)
        if due is not None:
            assert cal.add(instant(first), seconds) == instant(due)


@given(calendars(), OFFSETS, st.integers(0, 10**7), st.integers(0, 10**7), OFFSETS)
@settings(max_examples=200, deadline=None)
def test_the_laws_of_working_time(drawn, offset, one, two, other):
    night, spec = drawn
    cal = BusinessCalendar.from_spec(spec, "drawn")
    start = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(seconds=offset)
    later = start + timedelta(seconds=other)
    assert cal.between(start, later) == -cal.between(later, start)
    assert 0 <= cal.between(start, later) <= other
    try:
        due = cal.add(start, one)
        last = cal.add(due, two)
    except NoWorkingTimeError:
        return
    assert start <= due <= last
    assert cal.between(start, due) == one
    assert cal.between(start, last) == one + two
    assert cal.add(start, one + two) == (last if two else due)
    assert cal.between(start, later) + cal.between(later, last) == one + two
    if one:
        # The earliest such instant: a second before, something is left.
        assert cal.between(start, due - timedelta(seconds=1)) == one - 1


@pytest.mark.parametrize("zone_name", ["UTC", "Europe/Paris", "America/St_Johns", "Africa/Casablanca"])
def test_hours_given_as_exceptions_are_those_of_the_week(zone_name):
    """Two ways to say the same: one copies whole weeks, the other looks every boundary up."""
    first = date(2026, 1, 1)
    texts = ["00:30-02:30", "09:00-12:00", "13:00-17:00"]
    week = BusinessCalendar.from_spec({"timezone": zone_name, "hours": {"all": texts}})
    dates = {(first + timedelta(days=number)).isoformat(): texts for number in range(730)}
    single = BusinessCalendar.from_spec({"timezone": zone_name, "hours": {}, "exceptions": dates})
    start, end = datetime(2026, 1, 3, tzinfo=UTC), datetime(2027, 12, 29, tzinfo=UTC)
    assert week.windows(start, end) == single.windows(start, end)
    assert week.between(start, end) == single.between(start, end)


def test_one_table_gives_the_same_whichever_way_it_grew():
    spec = {"timezone": "Europe/Paris", "hours": {"all": ["22:00-06:00"]}, "holidays": ["12-25", "01-01"]}
    start, end = datetime(1990, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
    answers = []
    for order in ([start, end], [end, start], [datetime(2026, 1, 1, tzinfo=UTC), start, end]):
        cal = BusinessCalendar.from_spec(spec)
        for at in order:
            cal.next_opening(at)
        answers.append((cal.windows(start, end), cal.between(start, end)))
    assert answers[0] == answers[1] == answers[2]
