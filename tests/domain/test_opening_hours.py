"""What a calendar's texts mean and what is told of a mistake in them (`policy.md`, calendars)."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.domain.calendars import BusinessCalendar, NoWorkingTimeError
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.opening_hours import DAY, KEYS, OpeningHours, date_of, parse_date, read_hours
from helpdesk_cli.errors import PolicyError, UsageError

OFFICE = {"mon-fri": ["09:00-17:00"]}
WINDOW = "is not a window, write it as 09:00-17:30, with times to 23:59, or 24:00 as an end"
DAYS = "is not a day, a range of days or all: days are mon tue wed thu fri sat sun"
SAME = "opens and closes at the same time, a whole day is 00:00-24:00"
FORMS = "is not a holiday, write 2026-12-25, 12-25 or 2026-05-26..2026-05-30"


def read(**spec: Any) -> OpeningHours:
    hours, problems = read_hours({"timezone": "UTC", "hours": OFFICE, **spec})
    assert problems == []
    return hours


def closed(hours: OpeningHours, first: str, end: str) -> list[str]:
    days = hours.closed_days(parse_date(first), parse_date(end))
    return [date_of(day).isoformat() for day in sorted(days)]


HOLIDAYS = {
    "a country's": {"country_dates": {"2026-06-01": "A", "2026-06-05": "B"}},
    "single": {"holidays": ["2026-06-01", "2026-06-05"]},
    "yearly": {"holidays": ["06-01", "06-05"]},
}


@pytest.mark.parametrize("kind", HOLIDAYS)
def test_the_holidays_from_a_day_to_before_another(kind: str) -> None:
    hours = read(**HOLIDAYS[kind])
    assert closed(hours, "2026-06-01", "2026-06-05") == ["2026-06-01"]
    assert closed(hours, "2026-06-02", "2026-06-06") == ["2026-06-05"]
    assert closed(hours, "2026-06-02", "2026-06-05") == []
    assert closed(hours, "2026-06-02", "2026-06-04") == []


def test_a_range_is_cut_off_at_both_ends() -> None:
    hours = read(holidays=["2026-06-01..2026-06-05", "2026-06-09..2026-06-09"])
    assert closed(hours, "2026-06-04", "2026-06-30") == ["2026-06-04", "2026-06-05", "2026-06-09"]
    assert closed(hours, "2026-05-01", "2026-06-03") == ["2026-06-01", "2026-06-02"]
    assert closed(hours, "2026-06-06", "2026-06-09") == []


def test_yearly_holidays_of_several_years() -> None:
    hours = read(holidays=["12-31", "01-01", "02-29"])
    assert closed(hours, "2026-12-01", "2029-01-01") == [
        "2026-12-31",
        "2027-01-01",
        "2027-12-31",
        "2028-01-01",
        "2028-02-29",
        "2028-12-31",
    ]
    assert closed(hours, "2027-01-02", "2027-12-31") == []


@pytest.mark.parametrize(("year", "leap"), [(1996, 1), (1999, 0), (2000, 1), (2100, 0), (2200, 0), (2400, 1)])
def test_29_february_is_a_date_of_leap_years(year: int, leap: int) -> None:
    assert len(closed(read(holidays=["02-29"]), f"{year}-01-01", f"{year}-12-31")) == leap


def test_what_of_a_night_belongs_to_the_next_date() -> None:
    night = read(exceptions={"2026-06-01": ["22:00-06:00", "20:00-24:00"], "2026-06-03": ["20:00-24:00"]})
    first, third = night.exceptions.values()
    assert first == (((20 * 3_600, DAY),), ((0, 6 * 3_600),))
    assert third == (((20 * 3_600, DAY),), ())
    assert read(hours={"sun": ["20:00-24:00"]}).weekly[0] == ()


@pytest.mark.parametrize(
    ("day", "same"),
    [("MON", "mon"), ("Sat-Mon", "sat-mon"), ("ALL", "all"), ("sun-sat", "all"), ("tue-tue", "tue")],
)
def test_days_are_read_in_any_case(day: str, same: str) -> None:
    assert read(hours={day: ["09:00-10:00"]}) == read(hours={same: ["09:00-10:00"]})


def problem(spec: dict[Any, Any]) -> str:
    """The one thing that is wrong with a calendar, as it is printed."""
    with pytest.raises(PolicyError) as raised:
        BusinessCalendar.from_spec({"timezone": "UTC", "hours": OFFICE} | spec)
    assert raised.value.code == "bad_calendar"
    assert raised.value.details["problems"] == [raised.value.message]
    return raised.value.message


MISTAKES = [
    ({"xyzzy": "x"}, f"xyzzy: unknown key 'xyzzy'; known are {', '.join(KEYS)}"),
    ({"holiday": []}, "holiday: unknown key 'holiday', did you mean holidays?"),
    ({5: []}, f"5: unknown key '5'; known are {', '.join(KEYS)}"),
    ({"timezone": 7}, "timezone: expected a text, found '7'"),
    (
        {"timezone": "Mars/Olympus"},
        "timezone: there is no time zone 'Mars/Olympus':"
        " a zone is named as in Europe/Paris, Asia/Riyadh or UTC",
    ),
    ({"hours": ["x"]}, "hours: expected a mapping, found \"['x']\""),
    (
        {"hours": {"mon": "9"}},
        'hours.mon: expected a list of windows, as in ["09:00-12:00", "13:00-17:00"]',
    ),
    ({"hours": {"mon": ["09:00-10:00", 9]}}, "hours.mon.1: expected a text, found '9'"),
    ({"hours": {"mon": ["9-17"]}}, f"hours.mon.0: '9-17' {WINDOW}"),
    ({"hours": {"mon": ["09:0x-17:00"]}}, f"hours.mon.0: '09:0x-17:00' {WINDOW}"),
    ({"hours": {"mon": ["0x:00-17:00"]}}, f"hours.mon.0: '0x:00-17:00' {WINDOW}"),
    ({"hours": {"mon": ["09:00-09:00"]}}, f"hours.mon.0: '09:00-09:00' {SAME}"),
    ({"hours": {"monday": []}}, f"hours.monday: 'monday' {DAYS}; did you mean mon?"),
    ({"hours": {"tusday": []}}, f"hours.tusday: 'tusday' {DAYS}; did you mean tue?"),
    ({"hours": {"sonday": []}}, f"hours.sonday: 'sonday' {DAYS}; did you mean sun?"),
    ({"hours": {"mon-frx": []}}, f"hours.mon-frx: 'mon-frx' {DAYS}; did you mean fri?"),
    ({"hours": {"holidays": []}}, f"hours.holidays: 'holidays' {DAYS}"),
    ({"hours": {9: []}}, "hours.9: expected a text, found '9'"),
    ({"holidays": "12-25"}, 'holidays: expected a list, as in ["12-25", "2026-03-20"]'),
    ({"holidays": [None]}, "holidays.0: expected a text, found 'None'"),
    ({"holidays": ["12-25", "1-1"]}, f"holidays.1: '1-1' {FORMS}"),
    ({"holidays": ["2026-12-2"]}, f"holidays.0: '2026-12-2' {FORMS}"),
    ({"holidays": ["02-30"]}, "holidays.0: there is no date '02-30' in any year"),
    ({"holidays": ["2026-02-29"]}, "holidays.0: there is no date '2026-02-29'"),
    ({"holidays": ["2026/12/25"]}, "holidays.0: '2026/12/25' is not a date, write it as 2026-12-25"),
    ({"holidays": ["2026/12-25"]}, "holidays.0: '2026/12-25' is not a date, write it as 2026-12-25"),
    ({"holidays": ["25-12-2026"]}, "holidays.0: '25-12-2026' is not a date, write it as 2026-12-25"),
    ({"holidays": ["12/25"]}, f"holidays.0: '12/25' {FORMS}"),
    ({"holidays": ["12 25"]}, f"holidays.0: '12 25' {FORMS}"),
    ({"holidays": ["2026-12/25"]}, "holidays.0: '2026-12/25' is not a date, write it as 2026-12-25"),
    (
        {"holidays": ["2026-12-26..2026-12-25"]},
        "holidays.0: the range 2026-12-26..2026-12-25 ends before it begins",
    ),
    (
        {"holidays": ["2026-12-24...2026-12-26"]},
        "holidays.0: '.2026-12-26' is not a date, write it as 2026-12-25",
    ),
    ({"country_holidays": "FR"}, "country_holidays: the dates of 'FR' have not been looked up"),
    ({"country_holidays": 5}, "country_holidays: the dates of '5' have not been looked up"),
    ({"country_dates": []}, "country_dates: expected a mapping, found '[]'"),
    (
        {"country_dates": {"12-25": "x"}},
        "country_dates.12-25: '12-25' is not a date, write it as 2026-12-25",
    ),
    ({"country_dates": {5: "x"}}, "country_dates.5: expected a text, found '5'"),
    ({"exceptions": 3}, "exceptions: expected a mapping, found '3'"),
    ({"exceptions": {"12-25": []}}, "exceptions.12-25: '12-25' is not a date, write it as 2026-12-25"),
    (
        {"exceptions": {"2026-12-25": None}},
        'exceptions.2026-12-25: expected a list of windows, as in ["09:00-12:00", "13:00-17:00"]',
    ),
    ({"exceptions": {"2026-12-25": ["x"]}}, f"exceptions.2026-12-25.0: 'x' {WINDOW}"),
]


@pytest.mark.parametrize(("spec", "told"), MISTAKES, ids=[told[:40] for _, told in MISTAKES])
def test_each_mistake_is_told_with_its_place_and_the_right_form(spec: dict[str, Any], told: str) -> None:
    assert problem(spec) == told


def test_a_section_that_is_missing() -> None:
    for key in ("timezone", "hours"):
        spec = {"timezone": "UTC", "hours": OFFICE}
        del spec[key]  # type: ignore[arg-type]
        with pytest.raises(PolicyError) as raised:
            BusinessCalendar.from_spec(spec, "office")
        assert raised.value.message == f"calendar 'office' is wrong: {key}: {key} is missing"


def test_a_calendar_with_mistakes_is_read_as_far_as_it_goes() -> None:
    wrong = {"holidays": ["12-25", "1-1"], "country_dates": {"1-1": "x"}, "exceptions": {"1-1": []}}
    hours, problems = read_hours(
        {"timezone": "Mars", "hours": {"mon": ["9-17", "09:00-17:00"], "tun": ["x"]}, **wrong}
    )
    assert hours == read(hours={"mon": ["09:00-17:00"]}, holidays=["12-25"])
    assert [each.path for each in problems] == [
        ("timezone",),
        ("hours", "mon", 0),
        ("hours", "tun"),
        ("hours", "tun", 0),
        ("holidays", 1),
        ("country_dates", "1-1"),
        ("exceptions", "1-1"),
    ]


def test_places_and_messages_are_texts() -> None:
    wrong: dict[Any, Any] = {7: 1, "country_dates": {5: "x"}, "exceptions": {5: ["9-17"]}}
    _, problems = read_hours({"timezone": "UTC", "hours": {9: ["9-17"]}, **wrong})
    window = f"'9-17' {WINDOW}"
    assert problems[1:] == [
        (("hours", "9"), "expected a text, found '9'"),
        (("hours", "9", 0), window),
        (("country_dates", "5"), "expected a text, found '5'"),
        (("exceptions", "5"), "expected a text, found '5'"),
        (("exceptions", "5", 0), window),
    ]
    assert problems[0].path == ("7",)


def test_holidays_that_are_no_list_are_none() -> None:
    hours, problems = read_hours({"timezone": "UTC", "hours": OFFICE, "holidays": 3})
    assert hours == read()
    assert [each.path for each in problems] == [("holidays",)]


def test_the_name_of_a_country_s_holiday_is_a_text() -> None:
    assert read(country_dates={"2026-12-25": 5}).named == {parse_date("2026-12-25"): "5"}


def test_the_first_mistake_is_told_and_all_are_kept() -> None:
    spec = {"timezone": "UTC", "hours": {"mon": ["9-17"]}, "holidays": ["1-1"]}
    for name, called in (("", ""), ("office", "calendar 'office' is wrong: ")):
        with pytest.raises(PolicyError) as raised:
            BusinessCalendar.from_spec(spec, name)
        assert raised.value.message == f"{called}hours.mon.0: '9-17' {WINDOW}"
        assert len(raised.value.details["problems"]) == 2


def test_the_order_in_which_holidays_are_written_does_not_matter() -> None:
    written = ["2026-12-25", "12-24", "2026-06-01..2026-06-05", "01-01", "03-15", "2026-06-01"]
    assert read(holidays=written) == read(holidays=written[::-1])
    assert read(holidays=written).yearly == ((1, 1), (3, 15), (12, 24))


def test_tuples_are_lists() -> None:
    hours = read(hours={"mon": ("09:00-10:00",)}, holidays=("12-25",))
    assert hours == read(hours={"mon": ["09:00-10:00"]}, holidays=["12-25"])


def test_questions_that_cannot_be_answered() -> None:
    cal = BusinessCalendar.from_spec({"timezone": "UTC", "hours": OFFICE})
    assert cal.name == ""
    assert BusinessCalendar(cal.hours).name == ""
    at = from_text("2026-06-01T10:00:00Z")
    naive, split = at.replace(tzinfo=None), at.replace(microsecond=500)
    asked = [
        (naive, 1, f"{naive!r} has no time zone, give it in UTC", "bad_time"),
        (split, 1, "2026-06-01T10:00:00.000500+00:00 has a fraction of a second", "bad_time"),
        (at, 1.5, "working time is whole seconds, found 1.5", "bad_duration"),
        (at, -90, "a duration of working time cannot be negative, found -1m30s", "negative_duration"),
    ]
    for start, seconds, message, code in asked:
        with pytest.raises(UsageError) as raised:
            cal.add(start, seconds)  # type: ignore[arg-type]
        assert (raised.value.message, raised.value.code) == (message, code)


def test_what_is_told_where_there_is_too_little() -> None:
    for name, called in (("", "this calendar"), ("once", "calendar 'once'")):
        spec = {"timezone": "UTC", "hours": {}, "exceptions": {"2026-06-01": ["09:00-10:00"]}}
        cal = BusinessCalendar.from_spec(spec, name)
        with pytest.raises(NoWorkingTimeError) as raised:
            cal.add(from_text("2026-06-01T09:30:00Z"), 5_400)
        assert raised.value.message == (
            f"{called} has no 1h30m of opening hours between 2026-06-01T09:30:00Z and the year 2999"
        )
        assert raised.value.hint == "add opening hours to the calendar, or name another one"
        with pytest.raises(NoWorkingTimeError) as raised:
            cal.is_open(from_text("3001-06-01T00:00:00Z"))
        assert raised.value.message == (
            f"{called} is counted from 1900 to 2999, and 3001-06-01T00:00:00Z lies outside"
        )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"zone": "x"}, "zone: unknown key 'zone'"),
        ({"holiday": []}, "holiday: unknown key 'holiday', did you mean holidays?"),
        ({"timezone": None}, "timezone: expected a text, found 'None'"),
        ({"timezone": "Europe/Pariss"}, "did you mean 'Europe/Paris'?"),
        ({"hours": ["09:00-17:00"]}, "hours: expected a mapping"),
        ({"hours": {"mon": "09:00-17:00"}}, "hours.mon: expected a list of windows"),
        ({"hours": {"mon": [1050]}}, "hours.mon.0: expected a text, found '1050'"),
        ({"hours": {1: ["09:00-17:00"]}}, "hours.1: expected a text, found '1'"),
        ({"hours": {"monday": ["09:00-17:00"]}}, "did you mean mon?"),
        ({"hours": {"": ["09:00-17:00"]}}, "'' is not a day"),
        ({"hours": {"mon-": ["09:00-17:00"]}}, "'mon-' is not a day"),
        ({"hours": {"mon-tue-wed": ["09:00-17:00"]}}, "is not a day"),
        ({"hours": {"all-mon": ["09:00-17:00"]}}, "is not a day"),
        ({"holidays": "2026-12-25"}, "holidays: expected a list"),
        ({"holidays": ["2026-12-25", "2026-02-29"]}, "holidays.1: there is no date '2026-02-29'"),
        ({"holidays": ["2026-W10-1"]}, "'2026-W10-1' is not a date"),
        ({"holidays": ["02-30"]}, "there is no date '02-30' in any year"),
        ({"holidays": ["1-1"]}, "'1-1' is not a holiday"),
        ({"holidays": ["٠١-٠١"]}, "in any year"),
        ({"holidays": ["2026-12-26..2026-12-25"]}, "ends before it begins"),
        ({"holidays": ["12-24..12-26"]}, "'12-24' is not a date"),
        ({"holidays": ["2026-12-24.."]}, "'' is not a date"),
        ({"country_holidays": "FR"}, "country_holidays: the dates of 'FR' have not been looked up"),
        (
            {"country_holidays": "FR", "country_dates": {"12-25": "Noel"}},
            "country_dates.12-25: '12-25' is not a date",
        ),
        ({"exceptions": []}, "exceptions: expected a mapping"),
        ({"exceptions": {"12-25": []}}, "exceptions.12-25: '12-25' is not a date"),
        ({"exceptions": {"2026-12-25": ["9-12"]}}, "exceptions.2026-12-25.0: '9-12' is not a window"),
    ],
)
def test_what_is_wrong_with_a_calendar(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(PolicyError) as raised:
        BusinessCalendar.from_spec({"timezone": "UTC", "hours": OFFICE, **change}, "office")
    assert problem in raised.value.message
    assert raised.value.message.startswith("calendar 'office' is wrong: ")
    assert raised.value.code == "bad_calendar"
    assert raised.value.exit_code == 6


@pytest.mark.parametrize(
    "window",
    [
        "09:00-09:00",
        "00:00-00:00",
        "24:00-24:00",
        "24:00-01:00",
        "09:00-24:01",
        "09:60-11:00",
        "09:61-11:00",
        " 9:00-17:00",
        "+9:00-17:00",
        "09:00-25:00",
        "9-17",
        "0900-1700",
        "09:00",
        "09:00-",
        "-17:00",
        "009:00-17:00",
        "09:0-17:00",
        "09:00-17:000",
        "09:00 - 17:00",
        "09:00-17:00-18:00",
        "09:00:00-17:00:00",
        "٠٩:٠٠-١٧:٠٠",
        "²9:00-17:00",
        "",
    ],
)
def test_no_window(window: str) -> None:
    with pytest.raises(PolicyError, match=r"is not a window|opens and closes at the same time"):
        BusinessCalendar.from_spec({"timezone": "UTC", "hours": {"mon": [window]}})


def test_a_window_may_have_one_digit_hours() -> None:
    assert read(hours={"mon": ["9:00-17:00"]}) == read(hours={"mon": ["09:00-17:00"]})


def test_all_problems_are_collected() -> None:
    with pytest.raises(PolicyError) as raised:
        BusinessCalendar.from_spec({"hours": {"mon": ["9-17"]}, "holidays": ["x"], "extra": 1})
    assert raised.value.message.startswith("extra: unknown key")
    assert [each.partition(":")[0] for each in raised.value.details["problems"]] == [
        "extra",
        "timezone",
        "hours.mon.0",
        "holidays.0",
    ]
    with pytest.raises(PolicyError, match="hours is missing"):
        BusinessCalendar.from_spec({"timezone": "UTC"})
