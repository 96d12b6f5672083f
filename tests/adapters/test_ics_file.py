"""Holidays from an .ics file: whole days, yearly rules, what is called off or moved, files that are none."""

from __future__ import annotations

import builtins
import re
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.ics_file import MAX_EVENTS, file_dates
from helpdesk_cli.adapters.policy_file import check_policy, dump_policy, examine, load_policy
from helpdesk_cli.domain.calendars import BusinessCalendar
from helpdesk_cli.errors import PolicyError

YEAR = 2026


def calendar(*events: str) -> bytes:
    """A file of these events, each its lines between bars, as the format ends lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def dates(tmp_path: Path, *events: str) -> dict[str, str]:
    (tmp_path / "days.ics").write_bytes(calendar(*events))
    return file_dates("days.ics", str(tmp_path), YEAR)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("DTSTART;VALUE=DATE:20260501|SUMMARY:Labour Day", {"2026-05-01": "Labour Day"}),
        ("DTSTART;VALUE=DATE:20260501", {"2026-05-01": "holiday"}),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260502", {"2026-05-01": "holiday"}),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260501", {"2026-05-01": "holiday"}),
        (
            "DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260503|SUMMARY:Two\\, in\\n all",
            {"2026-05-01": "Two, in all", "2026-05-02": "Two, in all"},
        ),
        (
            "DTSTART;VALUE=DATE:20260501|DURATION:P2D|SUMMARY;LANGUAGE=fr:F\r\n êtes",
            {"2026-05-01": "Fêtes", "2026-05-02": "Fêtes"},
        ),
        ("DTSTART:20260501T000000|DTEND:20260502T000000", {"2026-05-01": "holiday"}),
        ("DTSTART;TZID=Europe/Paris:20260501T000000|DURATION:P1D", {"2026-05-01": "holiday"}),
        ("DTSTART;VALUE=DATE:20260501|RDATE;VALUE=DATE:20260601,20270701",
         {"2026-05-01": "holiday", "2026-06-01": "holiday", "2027-07-01": "holiday"}),
        ("DTSTART;VALUE=DATE:20241231|DTEND;VALUE=DATE:20250102", {"2025-01-01": "holiday"}),
        ("DTSTART;VALUE=DATE:20361231|DTEND;VALUE=DATE:20370102", {"2036-12-31": "holiday"}),
    ],
)  # fmt: skip
def test_an_event_closes_whole_days(tmp_path: Path, event: str, found: dict[str, str]) -> None:
    assert dates(tmp_path, event) == found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY", [f"{year}-12-25" for year in range(2025, 2037)]),
        ("FREQ=YEARLY;UNTIL=20271225", ["2025-12-25", "2026-12-25", "2027-12-25"]),
        ("FREQ=YEARLY;UNTIL=20271225T000000Z", ["2025-12-25", "2026-12-25", "2027-12-25"]),
        ("FREQ=YEARLY;COUNT=7", ["2025-12-25", "2026-12-25"]),
        ("FREQ=YEARLY;INTERVAL=5", ["2025-12-25", "2030-12-25", "2035-12-25"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20261231", ["2025-11-27", "2026-11-26"]),
        ("FREQ=YEARLY;BYEASTER=1;UNTIL=20261231", ["2025-04-21", "2026-04-06"]),
    ],
)
def test_a_yearly_one_comes_again(tmp_path: Path, rule: str, found: list[str]) -> None:
    assert list(dates(tmp_path, f"DTSTART;VALUE=DATE:20201225|RRULE:{rule}")) == found


def test_what_is_called_off_or_moved_is_open(tmp_path: Path) -> None:
    yearly = (
        "UID:1|DTSTART;VALUE=DATE:20250601|RRULE:FREQ=YEARLY;COUNT=4|EXDATE;VALUE=DATE:20250601|SUMMARY:Fair"
    )
    moved = "UID:1|RECURRENCE-ID;VALUE=DATE:20260601|DTSTART;VALUE=DATE:20260608|SUMMARY:Fair, later"
    gone = "UID:1|RECURRENCE-ID;VALUE=DATE:20270601|DTSTART;VALUE=DATE:20270601|STATUS:CANCELLED"
    other = "UID:2|DTSTART;VALUE=DATE:20260701|STATUS:CANCELLED"
    assert dates(tmp_path, yearly, moved, gone, other) == {
        "2026-06-08": "Fair, later",
        "2028-06-01": "Fair",
    }


def test_the_first_of_two_names_a_day(tmp_path: Path) -> None:
    events = [f"DTSTART;VALUE=DATE:20260501|SUMMARY:{name}" for name in ("May Day", "Labour Day")]
    assert dates(tmp_path, *events) == {"2026-05-01": "May Day"}


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("DTSTART:20260501T090000|DTEND:20260501T120000", "line 7: 2026-05-01 09:00 is a time of day"),
        ("DTSTART;VALUE=DATE:20260231", "line 7: DTSTART: "),
        ("SUMMARY:when?", "line 7: "),
        ("DTSTART;VALUE=DATE:20260502|DTEND;VALUE=DATE:20260501", "line 7: it ends before it begins"),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20270503", "line 7: it lasts 367 days, more than 366"),
        ("DTSTART;VALUE=DATE:20260501|RRULE:FREQ=MONTHLY", "line 7: it recurs by 'FREQ=MONTHLY', but"),
        ("DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;BYHOUR=1,2", "line 7: it recurs by 'FREQ=YEARLY;BYH"),
        ("DTSTART;VALUE=DATE:20260501|RRULE:FREQ=OFTEN", "line 7: RRULE: "),
        ("DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "line 7: there is no day"),
        ("DTSTART;VALUE=DATE:18991231|RRULE:FREQ=YEARLY", "line 7: it begins in 1899, before 1900"),
        ("DTSTART;VALUE=DATE:20260501|RDATE:20260501T090000", "line 7: 2026-05-01 09:00 is a time of day"),
        ("DTSTART;VALUE=DATE:99991231|DURATION:P2D", "line 7: "),
        ("DTSTART;VALUE=DATE:20260501|RECURRENCE-ID;VALUE=TIME:100000", "line 7: a date is expected"),
        ("no line", "line 8 is no line of an iCalendar file"),
        ("DTSTART;VALUE=DATE:20260501|;x:1", "line 9 is no line of an iCalendar file"),
        ('DTSTART;VALUE=DATE:20260501|X;A="b:1', "line 7: Content line could not be parsed"),
    ],
)  # fmt: skip
def test_what_is_no_holiday_is_an_error_with_its_line(tmp_path: Path, event: str, message: str) -> None:
    with pytest.raises(PolicyError, match=r"^'days\.ics'.*" + re.escape(message)):
        dates(tmp_path, "DTSTART;VALUE=DATE:20260101|SUMMARY:New Year", event)


def test_a_file_without_a_day_of_these_years(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^'days\.ics' has no day from 2025 to 2036$"):
        dates(tmp_path, "DTSTART;VALUE=DATE:20240501", "DTSTART;VALUE=DATE:20370501|RRULE:FREQ=YEARLY")
    with pytest.raises(PolicyError, match="has no day"):
        dates(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"root:$6$c2VjcmV0:19769:0:99999:7:::\n",
            "is no iCalendar file: it does not begin with BEGIN:VCALENDAR",
        ),
        (b"", "is no iCalendar file"),
        (b'BEGIN:VCALENDAR\nX;A="b:1\n', "cannot be read as iCalendar: 'Content line"),
        (b"BEGIN:VCALENDAR\n", "has no day from 2025 to 2036"),
        (b"BEGIN:VCALENDAR\n" + b"X" * 1_100_000, "has more than the 1,048,576 bytes"),
        (calendar(*["DTSTART;VALUE=DATE:20260501"] * (MAX_EVENTS + 1)), f"has more than {MAX_EVENTS} events"),
    ],
)
def test_other_files_are_refused_and_not_quoted(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "days.ics"
    path.write_bytes(data)
    with pytest.raises(PolicyError) as caught:
        file_dates("days.ics", str(tmp_path), YEAR)
    assert message in caught.value.message
    assert "c2VjcmV0" not in caught.value.message


def test_a_file_may_begin_with_a_mark_and_have_small_letters(tmp_path: Path) -> None:
    data = calendar("DTSTART;VALUE=DATE:20260501").replace(b"BEGIN", b"begin")
    (tmp_path / "days.ics").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\r\n", b"\n"))
    assert file_dates("days.ics", str(tmp_path), YEAR) == {"2026-05-01": "holiday"}


def test_without_the_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "icalendar":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PolicyError, match="not installed") as caught:
        dates(tmp_path, "DTSTART;VALUE=DATE:20260501")
    assert caught.value.hint == "pip install 'helpdesk-cli[holidays]'"


POLICY = """\
version: 1
default_plan: basic
calendars:
  office: {timezone: UTC, hours: {all: ["09:00-17:00"]}, holidays_file: days.ics, holidays: ["12-24"]}
priorities: [{name: low}]
plans: {basic: {calendar: office, targets: {low: none}}}
"""


def test_a_policy_keeps_the_days_that_it_looked_up(tmp_path: Path) -> None:
    (tmp_path / "days.ics").write_bytes(calendar("DTSTART;VALUE=DATE:20260501|SUMMARY:Labour Day"))
    path = tmp_path / "plans.yaml"
    path.write_text(POLICY)
    document = load_policy(str(path), YEAR)
    spec = document["calendars"]["office"]
    assert (spec["holidays_file"], spec["file_dates"]) == ("days.ics", {"2026-05-01": "Labour Day"})
    text = dump_policy(document)
    assert "file_dates" not in text
    assert examine(text.encode(), YEAR, folder=str(tmp_path))[0] == document
    office = BusinessCalendar.from_spec(spec, "office")
    assert office.next_opening(_at("2026-04-30T18:00:00")) == _at("2026-05-02T09:00:00")
    assert office.holidays_between(_at("2026-04-30T00:00:00"), _at("2026-05-02T00:00:00")) == [
        ("2026-05-01", "Labour Day")
    ]


def _at(text: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_relative_path_begins_where_the_policy_is_and_of_stdin_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, problems = check_policy(POLICY.encode(), YEAR)
    assert document is None
    assert [(each.line, each.message, each.hint) for each in problems] == [
        (
            4,
            "calendars.office.holidays_file: there is no file 'days.ics'",
            "a relative path begins where the policy file is",
        )
    ]
    (tmp_path / "days.ics").write_bytes(calendar("DTSTART;VALUE=DATE:20260501"))
    monkeypatch.chdir(tmp_path)
    assert check_policy(POLICY.encode(), YEAR)[1] == []


def test_dates_that_were_not_looked_up_are_an_error() -> None:
    from helpdesk_cli.domain.opening_hours import read_hours

    spec = {"timezone": "UTC", "hours": {"all": ["09:00-17:00"]}, "holidays_file": "days.ics"}
    assert [(each.path, each.message) for each in read_hours(spec)[1]] == [
        (("holidays_file",), "the dates of 'days.ics' have not been looked up")
    ]
