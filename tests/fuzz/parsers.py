"""Fuzzers of what takes one text or value apart: durations, times, zones, names, queries, calendars."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpdesk_cli.domain import durations, languages, people
from helpdesk_cli.domain.calendars import BusinessCalendar
from helpdesk_cli.domain.filters import SORTS, parse_order
from helpdesk_cli.domain.instants import FIRST, LAST, from_text, parse_instant, to_text
from helpdesk_cli.domain.opening_hours import read_hours
from helpdesk_cli.domain.search_query import parse
from helpdesk_cli.domain.search_snippet import beginning, snippet
from helpdesk_cli.domain.tags import parse_tag
from helpdesk_cli.domain.text import clean_line, clean_text, fold
from helpdesk_cli.domain.zones import EPOCH, zone

from .choices import Choices
from .engine import attempt, pure

DURATIONS = (
    "90m", "1h30m", "2d", "1w2d3h4m5s", "PT4H", "P1DT12H", "3600s", "0", "-2h", "+3d", "36525d", "1h 30m",
)  # fmt: skip
TIMES = (
    "2026-03-01T09:30:00Z", "2026-03-29T02:30", "2026-10-25 02:30:00", "20260301T093000+0530", "2026-02-28",
    "now", "yesterday", "mon", "+3d", "-2h", "09:30", "1970-01-01", "8999-12-31T23:59:59Z",
    "2016-12-31T23:59:60Z", "2026-03-01T09:30:00.000+02:00",
)  # fmt: skip
ZONES = (
    "UTC", "Europe/Paris", "Asia/Riyadh", "America/St_Johns", "Africa/Cairo", "Pacific/Apia",
    "Australia/Lord_Howe", "Africa/Casablanca", "America/New_York", "Asia/Kathmandu", "Etc/GMT+12",
    "Antarctica/Troll",
)  # fmt: skip
NAMES = (
    "Acme Ltd", "شركة الاتصالات", "sara@acme.example", "ann", "vip-2026", "acme.example", "bücher.example",
    "fr-CA", "Sara <sara@acme.example>", "@acme.example", "xn--bcher-kva.example", "C.UTF-8", "-created_at",
    "next_due_at",
)  # fmt: skip
QUERIES = (
    'router "no light" -invoice from:sara@acme.example', "status:open,on_hold before:2026-03-01 word*",
    "is:overdue", '-"a phrase"* org:"Acme Ltd"', "كتاب الأجهزة", "数据库连接", "NEAR(a b) AND c",
    "subject:x {y}", "tag:vip -tag:x",
)  # fmt: skip


def _duration(text: str) -> None:
    seconds = attempt(durations.parse_duration, text, codes={"bad_duration"})
    if seconds is not None:
        assert type(seconds) is int
        assert 0 <= seconds <= durations.LONGEST
        assert durations.parse_duration(durations.format_duration(seconds)) == seconds
    signed = attempt(durations.parse_offset, text, codes={"bad_duration"})
    if signed is not None:
        assert durations.parse_offset(durations.format_offset(signed)) == signed
        assert seconds in (None, signed)


def _time(given: tuple[str, str, int]) -> None:
    text, name, seconds = given
    where, now = zone(name), EPOCH + timedelta(seconds=seconds)
    at = attempt(parse_instant, text, now, where, codes={"bad_time", "bad_duration"})
    if at is None:
        return
    assert FIRST <= at <= LAST
    assert (at.utcoffset(), at.microsecond) == (timedelta(0), 0)
    assert from_text(to_text(at)) == at == parse_instant(to_text(at), now, where)
    if at - FIRST > timedelta(days=2):
        local = at.astimezone(where).replace(tzinfo=None)
        # Without an offset it is the first of two.
        assert timedelta(0) <= at - parse_instant(local.isoformat(), now, where) <= timedelta(days=1)


def _zone(name: str) -> None:
    found = attempt(zone, name, codes={"unknown_zone"})
    assert found is None or str(found) == name


def _name(text: str) -> None:
    for read, code in (
        (lambda name: clean_line(name, "it"), "bad_text"),
        (lambda key: parse_order(key, SORTS).key, "bad_sort"),
        (people.address, "bad_address"), (parse_tag, "bad_tag"), (people.domain, "bad_domain"),
        (people.login, "bad_login"), (lambda name: people.name(name, "team"), "bad_text"),
    ):  # fmt: skip
        found = attempt(read, text, codes={code})
        if found is not None:
            assert read(found) == found
            assert found.encode()
            assert not set(found) & set("\0\n\x1b\x9b\u2028")
    kept = clean_text(text)
    assert clean_text(kept) == kept
    assert fold(fold(kept)) == fold(kept)
    assert kept.encode().decode() == kept
    code_ = languages.code(text)
    assert not code_ or languages.code(code_) == code_


def _query(text: str) -> None:
    query = parse(text)
    for term in query.terms + query.unwanted:
        assert all(term.words)
    for line in (snippet(text, query.terms), beginning(text)):
        assert line is None or len(line.splitlines()) <= 1


def calendar_spec(choices: Choices) -> dict[str, Any]:
    """A calendar of a policy, as its file may have it."""
    word, odd = choices.word, choices.odd

    def windows() -> list[str]:
        hours = ("09:00-12:00", "13:00-17:30", "22:00-06:00", "00:00-24:00", "00:00-00:01")
        return choices.some(lambda: odd(lambda: word(*hours)), 2)

    def date() -> str:
        return word("12-25", "02-29", "2026-03-20", "2026-05-26..2026-05-30", "2024-02-29", "01-01..01-07")

    def day() -> str:
        return word("2026-12-24", "2026-03-20", "2024-02-29", "2026-12-31")

    def days() -> dict[str, Any]:
        names = ("mon", "all", "sun-thu", "sat-wed", "fri", "mon-fri")
        return {word(*names): odd(windows) for _ in range(1 + choices.number(2))}

    spec = {
        "timezone": odd(lambda: word(*ZONES)),
        "hours": odd(days),
        "holidays": odd(lambda: choices.some(lambda: odd(date), 3)),
        "exceptions": odd(lambda: {day(): odd(windows) for _ in range(choices.number(2))}),
        "country_dates": {"2026-09-23": "x", "2026-12-25": "y"},
    }
    return {name: value for name, value in spec.items() if choices.often()}


def _calendar(given: tuple[dict[str, Any], int, int]) -> None:
    """Hours that are taken count both ways; nothing lies where they are closed."""
    spec, start_at, seconds = given
    _hours, problems = read_hours(spec)
    calendar = attempt(BusinessCalendar.from_spec, spec, codes={"bad_calendar"})
    assert (calendar is None) == bool(problems)
    assert all(problem.message for problem in problems)
    if calendar is None:
        return
    start = EPOCH + timedelta(seconds=start_at)
    end = attempt(calendar.add, start, seconds, codes={"no_working_time"})
    if end is not None:
        assert end >= start
        assert calendar.between(start, end) == seconds
    opening = attempt(calendar.next_opening, start, codes={"no_working_time"})
    if opening is not None:
        assert calendar.is_open(opening)
        assert calendar.between(start, opening) == 0


def _moment(choices: Choices) -> int:
    return choices.number(4_000_000_000)


PURE = (
    pure("durations", lambda choices: choices.words(*DURATIONS), _duration),
    pure("times", lambda choices: (choices.words(*TIMES), choices.one(ZONES), _moment(choices)), _time),
    pure("zones", lambda choices: choices.words(*ZONES), _zone),
    pure("names", lambda choices: choices.words(*NAMES), _name),
    pure("queries", lambda choices: choices.words(*QUERIES), _query),
    pure(
        "calendars",
        lambda choices: (calendar_spec(choices), _moment(choices), choices.number(1_000_000)),
        _calendar,
        size=160,
    ),
)
