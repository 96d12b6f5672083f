"""Working time: the rules of `sla.md` 4, each with the second before, at and after its boundary."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from helpdesk_cli.domain.calendars import BusinessCalendar, NoWorkingTimeError
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.errors import HelpdeskError, UsageError

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases" / "working_time.jsonl")
    .read_text("utf-8")
    .splitlines()
]
SECOND = timedelta(seconds=1)
TWO_DAYS = timedelta(days=2)
OFFICE = {"mon-fri": ["09:00-17:00"]}
NIGHTS = {"all": ["22:00-06:00"]}
ALWAYS = {"all": ["00:00-24:00"]}


def calendar(hours=OFFICE, zone="Europe/Paris", **more):
    return BusinessCalendar.from_spec({"timezone": zone, "hours": hours, **more}, "office")


def from_case(case):
    def windows(pairs):
        return [f"{start}-{end}" for start, end in pairs]

    return calendar(
        {day: windows(pairs) for day, pairs in case["week"].items()},
        case["tz"],
        holidays=case["holidays"],
        exceptions={day: windows(pairs) for day, pairs in case["exceptions"].items()},
    )


def add_around_pauses(cal, start, seconds, pauses):
    for begin, end in sorted(pauses):
        if end <= start:
            continue
        before = max(cal.between(start, begin), 0)
        if seconds <= before:
            break
        seconds -= before
        start = end
    return cal.add(start, seconds)


def outcome(case):
    cal = from_case(case)
    start = from_text(case["start"])
    if case["op"] == "add":
        return to_text(cal.add(start, case["add_seconds"]))
    if case["op"] == "between":
        return cal.between(start, from_text(case["end"]))
    if case["op"] == "next_open":
        opening = cal.next_opening(start)
        assert cal.is_open(opening)
        assert cal.is_open(start) == (opening == start)
        return to_text(opening)
    pauses = [(from_text(begin), from_text(end)) for begin, end in case["pauses"]]
    return to_text(add_around_pauses(cal, start, case["add_seconds"], pauses))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['name']}" for case in CASES])
def test_worked_case(case):
    if "error" in case:
        with pytest.raises(HelpdeskError) as raised:
            outcome(case)
        assert raised.value.code == case["error"]
    else:
        expected = {
            "add": "deadline",
            "pause": "deadline",
            "between": "working_seconds",
            "next_open": "next_open",
        }
        assert outcome(case) == case[expected[case["op"]]]


def as_text(spans):
    return " ".join(f"{to_text(opening)[5:16]}/{to_text(closing)[5:16]}" for opening, closing in spans)


def check_boundaries(cal, opening, closing):
    """One whole window: the second before, at and after each end, asked in every way."""
    assert not cal.is_open(opening - SECOND)
    assert cal.is_open(opening)
    assert cal.is_open(closing - SECOND)
    assert not cal.is_open(closing)
    assert cal.next_opening(opening - SECOND) == opening
    assert cal.next_opening(opening) == opening
    assert cal.next_opening(closing - SECOND) == closing - SECOND
    length = int((closing - opening).total_seconds())
    for start in (opening - SECOND, opening):
        assert cal.between(start, opening + SECOND) == 1
        assert cal.between(start, closing - SECOND) == length - 1
        assert cal.between(start, closing) == length
        assert cal.between(start, closing + SECOND) == length
        assert cal.between(closing + SECOND, start) == -length
        assert cal.add(start, 1) == opening + SECOND
        assert cal.add(start, length - 1) == closing - SECOND
        assert cal.add(start, length) == closing
    following = cal.next_opening(closing)
    assert following > closing
    assert cal.add(closing - SECOND, 1) == closing
    for start, seconds in ((opening, length + 1), (closing - SECOND, 2), (closing, 1)):
        assert cal.add(start, seconds) == following + SECOND


RULES = [
    # windows
    ("half open", OFFICE, {}, "2026-06-01", "2026-06-02", "06-01T07:00/06-01T15:00"),
    (
        "several a day, in any order, overlapping and touching ones count once",
        {"mon": ["14:00-16:00", "09:00-11:00", "10:30-12:00", "16:00-17:00"]},
        {},
        "2026-06-01",
        "2026-06-02",
        "06-01T07:00/06-01T10:00 06-01T12:00/06-01T15:00",
    ),
    ("24:00 ends a day", {"mon": ["18:00-24:00"]}, {}, "2026-06-01", "2026-06-03", "06-01T16:00/06-01T22:00"),
    (
        "00:00 as an end too",
        {"mon": ["18:00-00:00"]},
        {},
        "2026-06-01",
        "2026-06-03",
        "06-01T16:00/06-01T22:00",
    ),
    ("past midnight", {"mon": ["22:00-06:00"]}, {}, "2026-06-01", "2026-06-03", "06-01T20:00/06-02T04:00"),
    (
        "from Sunday to Monday",
        {"sun": ["22:00-06:00"]},
        {},
        "2026-06-07",
        "2026-06-09",
        "06-07T20:00/06-08T04:00",
    ),
    (
        "days that touch are one window",
        {"mon-tue": ["00:00-24:00"]},
        {},
        "2026-05-31",
        "2026-06-04",
        "05-31T22:00/06-02T22:00",
    ),
    (
        "weeks that touch are one window",
        {"sun-mon": ["00:00-24:00"]},
        {},
        "2026-06-05",
        "2026-06-10",
        "06-06T22:00/06-08T22:00",
    ),
    (
        "one inside another, and what comes after both",
        {"mon": ["08:00-09:00", "10:00-18:00", "11:00-12:00", "17:00-19:00", "20:00-21:00"]},
        {},
        "2026-06-01",
        "2026-06-02",
        "06-01T06:00/06-01T07:00 06-01T08:00/06-01T17:00 06-01T18:00/06-01T19:00",
    ),
    # days
    (
        "days, ranges and all add up",
        {"all": ["08:00-09:00"], "mon": ["10:00-11:00"], "sun-mon": ["12:00-13:00"]},
        {},
        "2026-05-31",
        "2026-06-02T12:00",
        "05-31T06:00/05-31T07:00 05-31T10:00/05-31T11:00 06-01T06:00/06-01T07:00 "
        "06-01T08:00/06-01T09:00 06-01T10:00/06-01T11:00 06-02T06:00/06-02T07:00",
    ),
    (
        "a range may wrap",
        {"sat-mon": ["09:00-10:00"]},
        {},
        "2026-06-04",
        "2026-06-11",
        "06-06T07:00/06-06T08:00 06-07T07:00/06-07T08:00 06-08T07:00/06-08T08:00",
    ),
    (
        "a range of one day",
        {"Mon-mon": ["09:00-10:00"]},
        {},
        "2026-06-01",
        "2026-06-08",
        "06-01T07:00/06-01T08:00",
    ),
    # holidays and exceptions
    (
        "a holiday is closed all day",
        ALWAYS,
        {"holidays": ["2026-06-02"]},
        "2026-06-01",
        "2026-06-04T00:00",
        "06-01T00:00/06-01T22:00 06-02T22:00/06-04T00:00",
    ),
    (
        "a range of holidays, both ends included",
        ALWAYS,
        {"holidays": ["2026-06-02..2026-06-03"]},
        "2026-06-01T12:00",
        "2026-06-04T12:00",
        "06-01T12:00/06-01T22:00 06-03T22:00/06-04T12:00",
    ),
    (
        "a yearly date",
        ALWAYS,
        {"holidays": ["01-01"]},
        "2026-12-31T12:00",
        "2027-01-02",
        "12-31T12:00/12-31T23:00 01-01T23:00/01-02T00:00",
    ),
    (
        "29 February in a leap year",
        ALWAYS,
        {"holidays": ["02-29"]},
        "2028-02-28T12:00",
        "2028-03-01T12:00",
        "02-28T12:00/02-28T23:00 02-29T23:00/03-01T12:00",
    ),
    (
        "and in no other",
        ALWAYS,
        {"holidays": ["02-29"]},
        "2027-02-28",
        "2027-03-02",
        "02-28T00:00/03-02T00:00",
    ),
    (
        "2100 has none, 2000 had one",
        ALWAYS,
        {"holidays": ["02-29"]},
        "2100-02-28",
        "2100-03-02",
        "02-28T00:00/03-02T00:00",
    ),
    (
        "2000 had one",
        ALWAYS,
        {"holidays": ["02-29"]},
        "2000-02-28T12:00",
        "2000-03-01T12:00",
        "02-28T12:00/02-28T23:00 02-29T23:00/03-01T12:00",
    ),
    (
        "a country's date",
        ALWAYS,
        {"country_holidays": "FR", "country_dates": {"2026-06-02": "A feast"}},
        "2026-06-01T12:00",
        "2026-06-03T12:00",
        "06-01T12:00/06-01T22:00 06-02T22:00/06-03T12:00",
    ),
    (
        "a holiday cuts the night begun the day before, and its own night goes on after it",
        NIGHTS,
        {"holidays": ["2026-06-03"]},
        "2026-06-02T12:00",
        "2026-06-04T12:00",
        "06-02T20:00/06-02T22:00 06-03T22:00/06-04T04:00",
    ),
    (
        "two holidays in a row: nothing between",
        NIGHTS,
        {"holidays": ["2026-06-03", "2026-06-04"]},
        "2026-06-02T12:00",
        "2026-06-05T12:00",
        "06-02T20:00/06-02T22:00 06-04T22:00/06-05T04:00",
    ),
    (
        "an exception replaces the day, the night begun before included",
        NIGHTS,
        {"exceptions": {"2026-06-03": ["01:00-02:00", "10:00-12:00"]}},
        "2026-06-02T12:00",
        "2026-06-04T12:00",
        "06-02T20:00/06-02T22:00 06-02T23:00/06-03T00:00 06-03T08:00/06-03T10:00 06-03T22:00/06-04T04:00",
    ),
    (
        "an exception's own night runs into the next date",
        OFFICE,
        {"exceptions": {"2026-06-06": ["20:00-03:00"]}},
        "2026-06-06",
        "2026-06-08",
        "06-06T18:00/06-07T01:00",
    ),
    (
        "also where that is a holiday",
        NIGHTS,
        {"exceptions": {"2026-06-03": ["23:00-03:00"]}, "holidays": ["2026-06-04"]},
        "2026-06-03T12:00",
        "2026-06-04T20:00",
        "06-03T21:00/06-04T01:00",
    ),
    (
        "also where that is another exception",
        NIGHTS,
        {"exceptions": {"2026-06-03": ["23:00-03:00"], "2026-06-04": ["02:00-04:00"]}},
        "2026-06-03T12:00",
        "2026-06-04T20:00",
        "06-03T21:00/06-04T02:00",
    ),
    (
        "also where that is a day of the next week",
        OFFICE,
        {"exceptions": {"2026-06-07": ["23:00-10:00"]}},
        "2026-06-07T12:00",
        "2026-06-08T20:00",
        "06-07T21:00/06-08T15:00",
    ),
    (
        "an exception beats a holiday",
        OFFICE,
        {"exceptions": {"2026-06-02": ["10:00-12:00"]}, "holidays": ["2026-06-02"]},
        "2026-06-02",
        "2026-06-03",
        "06-02T08:00/06-02T10:00",
    ),
    (
        "an empty exception is a holiday",
        NIGHTS,
        {"exceptions": {"2026-06-02": []}},
        "2026-06-02",
        "2026-06-02T20:00",
        "",
    ),
    (
        "an exception opens a day off",
        {},
        {"exceptions": {"2026-06-06": ["10:00-12:00"], "2026-06-20": ["10:00-11:00"]}},
        "2026-06-06",
        "2026-06-07",
        "06-06T08:00/06-06T10:00",
    ),
]


@pytest.mark.parametrize(
    ("hours", "more", "start", "end", "spans"), [r[1:] for r in RULES], ids=[r[0] for r in RULES]
)
def test_rule(hours, more, start, end, spans):
    start, end = (from_text(text + (":00Z" if "T" in text else "T00:00:00Z")) for text in (start, end))
    cal = calendar(hours, **more)
    found = cal.windows(start, end)
    assert as_text(found) == spans
    for opening, closing in found:
        if start < opening and closing < end:
            check_boundaries(cal, opening, closing)


# In March the clocks of Paris go from 02:00 to 03:00 at 01:00Z, in October from 03:00 to 02:00 at 01:00Z.
CLOCK_CHANGES = [
    (
        "opening in the gap: at the jump",
        "Europe/Paris",
        "2026-03-29",
        "02:30-04:00",
        "03-29T01:00/03-29T02:00",
    ),
    (
        "closing in the gap: at the jump",
        "Europe/Paris",
        "2026-03-29",
        "01:00-02:30",
        "03-29T00:00/03-29T01:00",
    ),
    ("closing where the gap begins", "Europe/Paris", "2026-03-29", "01:00-02:00", "03-29T00:00/03-29T01:00"),
    ("opening where the gap ends", "Europe/Paris", "2026-03-29", "03:00-04:00", "03-29T01:00/03-29T02:00"),
    ("wholly in the gap: gone", "Europe/Paris", "2026-03-29", "02:15-02:45", ""),
    ("as long as the gap: gone", "Europe/Paris", "2026-03-29", "02:00-03:00", ""),
    ("a night of five hours", "Europe/Paris", "2026-03-29", "00:00-06:00", "03-28T23:00/03-29T04:00"),
    ("a night of seven hours", "Europe/Paris", "2026-10-25", "00:00-06:00", "10-24T22:00/10-25T05:00"),
    (
        "closing in the repeated hour: first",
        "Europe/Paris",
        "2026-10-25",
        "01:00-02:30",
        "10-24T23:00/10-25T00:30",
    ),
    (
        "opening in the repeated hour: first",
        "Europe/Paris",
        "2026-10-25",
        "02:30-04:00",
        "10-25T00:30/10-25T03:00",
    ),
    ("nothing reopens", "Europe/Paris", "2026-10-25", "02:15-02:45", "10-25T00:15/10-25T00:45"),
    ("until the hour is over, twice", "Europe/Paris", "2026-10-25", "02:00-03:00", "10-25T00:00/10-25T02:00"),
    ("half an hour", "Australia/Lord_Howe", "2026-10-04", "02:15-03:00", "10-03T15:30/10-03T16:00"),
    ("no midnight, Cairo", "Africa/Cairo", "2025-04-25", "00:00-02:00", "04-24T22:00/04-24T23:00"),
    ("no midnight, wholly in the gap", "Africa/Cairo", "2025-04-25", "00:00-01:00", ""),
    ("no midnight, Beirut", "Asia/Beirut", "2025-03-30", "00:30-09:00", "03-29T22:00/03-30T06:00"),
    ("midnight twice, Havana", "America/Havana", "2024-11-03", "00:00-02:00", "11-03T04:00/11-03T07:00"),
    (
        "back over midnight, St John's",
        "America/St_Johns",
        "2008-11-02",
        "00:00-02:00",
        "11-02T02:30/11-02T05:30",
    ),
    ("a date that was skipped", "Pacific/Apia", "2011-12-30", "00:00-24:00", ""),
]


@pytest.mark.parametrize(
    ("zone", "day", "window", "spans"), [c[1:] for c in CLOCK_CHANGES], ids=[c[0] for c in CLOCK_CHANGES]
)
def test_clock_change_night(zone, day, window, spans):
    noon = from_text(f"{day}T12:00:00Z")
    cal = calendar({}, zone, exceptions={day: [window], "2031-01-01": ["09:00-17:00"]})
    found = cal.windows(noon - TWO_DAYS, noon + TWO_DAYS)
    assert as_text(found) == spans
    for opening, closing in found:
        check_boundaries(cal, opening, closing)


def test_the_week_has_the_hours_of_a_clock_change_night_too():
    cal = calendar({"sun": ["02:30-04:00"]})
    found = cal.windows(from_text("2026-03-21T00:00:00Z"), from_text("2026-04-06T00:00:00Z"))
    assert as_text(found) == "03-22T01:30/03-22T03:00 03-29T01:00/03-29T02:00 04-05T00:30/04-05T02:00"


def test_clocks_that_change_and_change_back_within_a_week():
    # Recife in 2000: summer time from Sunday 8 October to Sunday 15 October.
    cal = calendar({"all": ["09:00-10:00"]}, "America/Recife")
    found = cal.windows(from_text("2000-10-07T00:00:00Z"), from_text("2000-10-17T00:00:00Z"))
    assert [opening.hour for opening, _ in found] == [12, *[11] * 7, 12, 12]


def test_a_holiday_without_midnight():
    cal = calendar(ALWAYS, "Africa/Cairo", holidays=["2025-04-25"])
    found = cal.windows(from_text("2025-04-24T12:00:00Z"), from_text("2025-04-26T12:00:00Z"))
    assert as_text(found) == "04-24T12:00/04-24T22:00 04-25T21:00/04-26T12:00"


def test_always_open_is_plain_subtraction():
    for hours in (ALWAYS, {"all": ["12:00-24:00", "00:00-13:00"]}, {"all": ["06:00-06:01", "06:01-06:00"]}):
        cal = calendar(hours)
        start, end = from_text("1970-01-01T00:00:00Z"), from_text("8999-12-31T23:59:59Z")
        assert cal.between(start, end) == int((end - start).total_seconds())
        assert cal.add(start, 10**10) == start + timedelta(seconds=10**10)
        assert cal.add(start, 1) == start + SECOND
        assert cal.is_open(start)
        assert cal.next_opening(start) == start
        assert cal.windows(start, end) == [(start, end)]
        assert cal.holidays_between(start, end) == []
        late = from_text("5000-01-01T00:00:00Z")  # beyond the years that other calendars are counted in
        assert cal.is_open(late)
        assert cal.next_opening(late) == late
        assert cal.add(late, 3_600) == late + timedelta(hours=1)
        last = datetime.max.replace(microsecond=0, tzinfo=UTC)
        assert cal.holidays_between(last - SECOND, last) == []
    with pytest.raises(NoWorkingTimeError, match="'office' has no 277777777h46m40s"):
        cal.add(end, 10**12)


def test_always_open_but_for_a_holiday_is_not_always_open():
    start, end = from_text("2026-06-01T00:00:00Z"), from_text("2026-06-04T00:00:00Z")
    for more in ({"holidays": ["06-02"]}, {"holidays": ["2026-06-02"]}, {"exceptions": {"2026-06-02": []}}):
        assert calendar(ALWAYS, "UTC", **more).between(start, end) == 48 * 3_600
    dates = {"country_holidays": "XX", "country_dates": {"2026-06-02": "A feast"}}
    assert calendar(ALWAYS, "UTC", **dates).between(start, end) == 48 * 3_600
    assert calendar({"all": ["00:00-23:59"]}, "UTC").between(start, end) == 72 * 3_600 - 180


def test_adding_nothing_changes_nothing():
    cal, saturday = calendar(), from_text("2026-06-06T10:00:00Z")
    assert cal.add(saturday, 0) == saturday
    assert calendar({}).add(saturday, 0) == saturday


@pytest.mark.parametrize("hours", [OFFICE, ALWAYS])
def test_a_negative_duration_is_an_error(hours):
    with pytest.raises(UsageError) as raised:
        calendar(hours).add(from_text("2026-06-06T10:00:00Z"), -1)
    assert raised.value.code == "negative_duration"


def test_seconds_are_whole():
    at = from_text("2026-06-05T10:00:00Z")
    cal = calendar()
    with pytest.raises(UsageError):
        cal.add(at, 1.5)
    for ask in (cal.is_open, cal.next_opening, calendar(ALWAYS).is_open, lambda when: cal.between(at, when)):
        with pytest.raises(UsageError, match="fraction of a second") as raised:
            ask(at.replace(microsecond=1))
        assert raised.value.code == "bad_time"
        with pytest.raises(UsageError, match="has no time zone"):
            ask(at.replace(tzinfo=None))


def test_instants_of_other_zones_are_converted():
    local = datetime(2026, 6, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    due = calendar().add(local, 3_600)
    assert due == from_text("2026-06-05T11:00:00Z")
    assert due.tzinfo is UTC
    assert calendar().add(local, 0).tzinfo is UTC


ONCE = {"exceptions": {"2026-06-02": ["09:00-17:00"]}}


@pytest.mark.parametrize(
    ("hours", "more", "seconds"),
    [
        ({}, {}, 1),
        ({}, ONCE, 8 * 3_600 + 1),
        ({"mon": []}, {}, 1),
        (OFFICE, {"holidays": ["2020-01-01..9999-12-31"]}, 1),
        ({"mon": ["09:00-10:00"]}, {}, 36_525 * 86_400),
        (OFFICE, {}, 10**18),
    ],
    ids=["empty week", "one day", "no window", "only holidays", "an hour a week", "absurd"],
)
def test_too_few_opening_hours_is_an_error_that_names_the_calendar(hours, more, seconds):
    with pytest.raises(NoWorkingTimeError, match="calendar 'office' has no") as raised:
        calendar(hours, **more).add(from_text("2026-06-01T00:00:00Z"), seconds)
    assert raised.value.code == "no_working_time"
    assert raised.value.exit_code == 4


def test_just_enough_opening_hours_is_an_answer():
    cal = calendar({}, **ONCE)
    start, closing = from_text("2026-06-01T00:00:00Z"), from_text("2026-06-02T15:00:00Z")
    assert cal.add(start, 8 * 3_600) == closing
    assert cal.next_opening(start) == from_text("2026-06-02T07:00:00Z")
    assert cal.between(closing, from_text("2500-01-01T00:00:00Z")) == 0
    assert not cal.is_open(closing)
    with pytest.raises(NoWorkingTimeError, match="has no 1s of opening hours"):
        cal.next_opening(closing)


def test_almost_all_the_hours_that_are_left():
    cal, start = calendar({"mon": ["09:00-10:00"]}), from_text("2990-01-01T00:00:00Z")
    left = cal.between(start, from_text("2999-12-01T00:00:00Z"))
    assert cal.between(start, calendar({"mon": ["09:00-10:00"]}).add(start, left)) == left


def test_a_lone_day_in_the_far_future_is_found():
    cal = calendar({}, exceptions={"2999-12-03": ["20:00-02:00"]})
    assert cal.add(from_text("2026-06-01T00:00:00Z"), 6 * 3_600) == from_text("2999-12-04T01:00:00Z")


@pytest.mark.parametrize("week", range(22, 29))
def test_the_last_exception_has_its_night_wherever_the_table_ends(week):
    start = from_text("2026-06-01T00:00:00Z")
    sunday = start + timedelta(days=7 * week + 6)
    cal = calendar({}, "UTC", exceptions={to_text(sunday)[:10]: ["20:00-02:00"]})
    assert cal.add(start, 6 * 3_600) == sunday + timedelta(hours=26)


@pytest.mark.parametrize("text", ["1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "8999-06-01T00:00:00Z"])
def test_opening_hours_end_somewhere(text):
    with pytest.raises(NoWorkingTimeError, match="'office' is counted from 1900 to 2999"):
        calendar().is_open(from_text(text))
    with pytest.raises(NoWorkingTimeError, match="this calendar is counted"):
        BusinessCalendar.from_spec({"timezone": "UTC", "hours": OFFICE}).is_open(from_text(text))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_opening_hours_are_known_from_the_first_second_to_the_last(zone):
    first, last = from_text("1900-01-01T00:00:00Z"), from_text("2999-12-31T23:59:59Z")
    begin, end = calendar(ALWAYS, zone, holidays=["02-29"]), calendar(ALWAYS, zone, holidays=["02-29"])
    for at in (first, first + SECOND):
        assert begin.is_open(at)
    for at in (last - SECOND, last):
        assert end.is_open(at)
    assert end.next_opening(last) == last


def test_answers_do_not_depend_on_what_was_asked_before():
    questions = [from_text(f"{year}-06-01T12:00:00Z") for year in (2026, 1970, 2027, 1999, 2100, 2026, 1901)]
    used = calendar(holidays=["12-25", "2026-06-02"])
    for at in questions:
        fresh = calendar(holidays=["12-25", "2026-06-02"])
        assert used.add(at, 10**7) == fresh.add(at, 10**7)
        assert used.next_opening(at) == fresh.next_opening(at)
        assert used.between(questions[0], at) == fresh.between(questions[0], at)


def test_windows_of_a_stretch_that_is_empty_or_backwards():
    at = from_text("2026-06-01T12:00:00Z")
    assert calendar().windows(at, at) == []
    assert calendar(ALWAYS).windows(at, at) == []
    assert calendar().windows(at, at - SECOND) == []
    assert calendar().windows(at, at + SECOND) == [(at, at + SECOND)]
    closing, opening = from_text("2026-06-01T15:00:00Z"), from_text("2026-06-02T07:00:00Z")
    assert calendar().windows(closing, opening) == []
    assert calendar().windows(closing - SECOND, opening + SECOND) == [
        (closing - SECOND, closing),
        (opening, opening + SECOND),
    ]


def test_the_holidays_of_a_stretch_with_their_reasons():
    cal = calendar(
        {"mon-fri": ["09:00-17:00"]},
        holidays=["12-25", "2026-12-24", "2026-12-31", "2026-12-26..2026-12-28"],
        country_holidays="XX",
        country_dates={"2026-12-25": "Christmas Day", "2026-12-30": "A feast"},
        exceptions={"2026-12-29": [], "2026-12-30": ["09:00-12:00"], "2026-12-22": ["09:00-12:00"]},
    )
    skipped = [
        ("2026-12-24", "holiday"),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-28", "holiday"),
        ("2026-12-29", "holiday"),
        ("2026-12-31", "holiday"),
    ]
    assert (
        cal.holidays_between(from_text("2026-12-20T00:00:00Z"), from_text("2027-01-05T00:00:00Z")) == skipped
    )
    # The dates are those of the zone, and the end is not part of the stretch.
    begin, end = from_text("2026-12-23T23:00:00Z"), from_text("2026-12-30T23:00:00Z")
    assert cal.holidays_between(begin, end) == skipped[:4]
    assert cal.holidays_between(begin, end + SECOND) == skipped
    assert cal.holidays_between(begin - SECOND, end) == skipped[:4]
    assert cal.holidays_between(from_text("2026-12-24T23:00:00Z"), end) == skipped[1:4]
    assert cal.holidays_between(end, begin) == []
    noon = from_text("2026-12-25T12:00:00Z")
    assert cal.holidays_between(noon, noon) == []
    assert cal.holidays_between(noon, noon - SECOND) == []
    assert cal.holidays_between(noon, noon + SECOND) == skipped[1:2]


@pytest.mark.parametrize(
    "more",
    [
        {"holidays": ["2026-06-02"]},
        {"holidays": ["06-02"]},
        {"holidays": ["2026-06-01..2026-06-03"]},
        {"country_dates": {"2026-06-02": "holiday"}},
        {"exceptions": {"2026-06-02": []}},
    ],
)
def test_one_second_of_a_holiday_is_enough(more):
    noon = from_text("2026-06-02T12:00:00Z")
    assert calendar(**more).holidays_between(noon, noon + SECOND) == [("2026-06-02", "holiday")]


def test_a_skipped_date_is_no_holiday():
    cal = calendar(OFFICE, "Pacific/Apia", holidays=["2011-12-29..2011-12-30"])
    stretch = from_text("2011-12-28T00:00:00Z"), from_text("2012-01-02T00:00:00Z")
    assert cal.holidays_between(*stretch) == [("2011-12-29", "holiday")]


def test_a_calendar_says_its_name():
    assert repr(calendar()) == "<BusinessCalendar 'office' Europe/Paris>"
