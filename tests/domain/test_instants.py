"""Instants: what may be typed for a moment (`cli.md`, Times and durations), zones, and the stored form."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
import tzdata
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_cli.domain.instants import FIRST, LAST, from_text, parse_instant, to_text
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.zones import check_zone, instant_of, offset_at, tzdata_version, zone, zone_names
from helpdesk_cli.errors import UsageError

NOW = datetime(2026, 3, 4, 10, 0, 0, tzinfo=UTC)  # a Wednesday


def read(text, zone_name="Europe/Paris", now=NOW):
    return to_text(parse_instant(text, now, zone(zone_name)))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", "2026-03-04T10:00:00Z"),
        ("NOW", "2026-03-04T10:00:00Z"),
        ("today", "2026-03-03T23:00:00Z"),
        ("yesterday", "2026-03-02T23:00:00Z"),
        ("tomorrow", "2026-03-04T23:00:00Z"),
        ("17:30", "2026-03-04T16:30:00Z"),
        ("00:00:01", "2026-03-03T23:00:01Z"),
        ("wednesday", "2026-03-03T23:00:00Z"),
        ("Wed", "2026-03-03T23:00:00Z"),
        ("tuesday", "2026-03-02T23:00:00Z"),
        ("thu", "2026-02-25T23:00:00Z"),
        ("mon", "2026-03-01T23:00:00Z"),
        ("-2h", "2026-03-04T08:00:00Z"),
        ("+3d", "2026-03-07T10:00:00Z"),
        ("+0m", "2026-03-04T10:00:00Z"),
        ("2026-03-01", "2026-02-28T23:00:00Z"),
        ("20260301", "2026-02-28T23:00:00Z"),
        ("2026-03-01T09:30", "2026-03-01T08:30:00Z"),
        ("2026-03-01 09:30", "2026-03-01T08:30:00Z"),
        ("2026-03-01T09:30:15", "2026-03-01T08:30:15Z"),
        (" 2026-03-01T09:30:15 \n", "2026-03-01T08:30:15Z"),
        ("20260301T093015Z", "2026-03-01T09:30:15Z"),
        ("2026-03-01T09:30Z", "2026-03-01T09:30:00Z"),
        ("2026-03-01t09:30:00z", "2026-03-01T09:30:00Z"),
        ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"),
        ("2026-03-01T09:30:00+00:00", "2026-03-01T09:30:00Z"),
        ("2026-03-01T09:30:00-00:00", "2026-03-01T09:30:00Z"),
        ("2026-03-01T09:30:00+05:45", "2026-03-01T03:45:00Z"),
        ("2026-03-01T09:30:00-0330", "2026-03-01T13:00:00Z"),
        ("2026-03-01 09:30 +02", "2026-03-01T07:30:00Z"),
        ("2026-03-01T09:30+23:59", "2026-02-28T09:31:00Z"),
        ("2024-02-29", "2024-02-28T23:00:00Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:00-01:00", "1970-01-01T00:00:00Z"),
        ("8999-12-31T23:59:59Z", "8999-12-31T23:59:59Z"),
        ("2026-06-01T12:00", "2026-06-01T10:00:00Z"),
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T03:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25T02:00", "2026-10-25T00:00:00Z"),
        ("2026-10-25T02:59:59", "2026-10-25T00:59:59Z"),
        ("2026-10-25T03:00", "2026-10-25T02:00:00Z"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
        ("2026-03-01T09:30:15.000Z", "2026-03-01T09:30:15Z"),
        ("2026-03-01T09:30:15.000000+01:00", "2026-03-01T08:30:15Z"),
        ("20260301T093015,0Z", "2026-03-01T09:30:15Z"),
    ],
)
def test_reads_an_instant(text, at):
    assert read(text) == at


def test_days_are_those_of_the_zone():
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert read("today", "Europe/Paris", late) == "2026-03-04T23:00:00Z"
    assert read("today", "America/New_York", late) == "2026-03-04T05:00:00Z"
    assert read("thursday", "Europe/Paris", late) == "2026-03-04T23:00:00Z"
    assert read("thursday", "UTC", late) == "2026-02-26T00:00:00Z"


def test_a_date_begins_at_its_first_instant():
    assert read("2025-04-25", "Africa/Cairo") == "2025-04-24T22:00:00Z"  # the clocks go from 00:00 to 01:00
    assert read("2025-03-30", "Asia/Beirut") == "2025-03-29T22:00:00Z"
    assert read("2008-11-02", "America/St_Johns") == "2008-11-02T02:30:00Z"  # and back at 00:01
    assert read("today", "Africa/Cairo", datetime(2025, 4, 25, 9, tzinfo=UTC)) == "2025-04-24T22:00:00Z"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "its form is not known"),
        ("overmorrow", "its form is not known"),
        ("24:00", "hours go to 23"),
        ("9:30", "its form is not known"),
        ("2026", "its form is not known"),
        ("2026-3-1", "its form is not known"),
        ("2026-0301", "its form is not known"),
        ("2026-03-01Z", "its form is not known"),
        ("2026-03-01T09", "its form is not known"),
        ("2026-03-01T09:3015", "its form is not known"),
        ("2026-03-01T09:30:00+1", "its form is not known"),
        ("10000-01-01", "its form is not known"),
        ("1e5", "its form is not known"),
        ("2026-02-31", "there is no date 2026-02-31"),
        ("2026-02-29", "there is no date 2026-02-29"),
        ("2026-13-01", "there is no date 2026-13-01"),
        ("2026-00-10T10:00", "there is no date 2026-00-10"),
        ("0000-01-01", "instants from 1970-01-01 to 8999-12-31"),
        ("0001-01-01", "instants from 1970-01-01 to 8999-12-31"),
        ("9999-12-31", "instants from 1970-01-01 to 8999-12-31"),
        ("1969-12-31T23:59:59Z", "instants from 1970-01-01 to 8999-12-31"),
        ("9000-01-01T00:00:00Z", "instants from 1970-01-01 to 8999-12-31"),
        ("8999-12-31T23:59:59-00:01", "instants from 1970-01-01 to 8999-12-31"),
        ("-36525d", "instants from 1970-01-01 to 8999-12-31"),
        ("2026-03-01T24:00", "hours go to 23"),
        ("2026-03-01T25:00", "there is no time of day 25:00:00"),
        ("2026-03-01T09:60", "there is no time of day 09:60:00"),
        ("2026-03-01T09:30:61", "there is no time of day 09:30:61"),
        ("2016-12-31T23:59:60Z", "leap seconds are not counted"),
        ("2026-03-01T09:30:00.5Z", "fractions of a second are not read"),
        ("2026-03-01T09:30:00,001", "fractions of a second are not read"),
        ("2026-03-01T09:30:00.", "its form is not known"),
        ("2026-03-01T09:30+99:00", "there is no offset +99:00"),
        ("2026-03-01T09:30-24", "there is no offset -24:00"),
        ("2026-03-01T09:30+01:60", "there is no offset +01:60"),
        ("٢٠٢٦-٠٣-٠١", "only ASCII letters and digits are read"),
        ("2026-03-0١", "only ASCII letters and digits are read"),
    ],
)
def test_says_what_is_wrong_with_an_instant(text, why):
    with pytest.raises(UsageError) as raised:
        read(text)
    assert why in raised.value.message
    assert raised.value.code == "bad_time"
    assert raised.value.hint


def test_what_follows_a_sign_is_a_duration():
    with pytest.raises(UsageError) as raised:
        read("-2x")
    assert raised.value.code == "bad_duration"


def test_suggests_the_word_that_was_meant():
    with pytest.raises(UsageError) as raised:
        read("wensday")
    assert raised.value.hint == "did you mean 'wednesday'?"


@pytest.mark.parametrize(
    ("zone_name", "text", "gap"),
    [
        ("Europe/Paris", "2026-03-29T02:00", "from 2026-03-29 02:00 to 2026-03-29 03:00"),
        ("Europe/Paris", "2026-03-29T02:59:59", "from 2026-03-29 02:00 to 2026-03-29 03:00"),
        ("Africa/Cairo", "2025-04-25T00:00", "from 2025-04-25 00:00 to 2025-04-25 01:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "from 2026-10-04 02:00 to 2026-10-04 02:30"),
        ("Pacific/Apia", "2011-12-30T10:00", "from 2011-12-30 00:00 to 2011-12-31 00:00"),
    ],
)
def test_a_time_in_a_gap_is_an_error_that_names_it(zone_name, text, gap):
    with pytest.raises(UsageError) as raised:
        read(text, zone_name)
    assert gap in raised.value.message
    assert zone_name in raised.value.message


def test_a_date_that_was_skipped_is_an_error():
    with pytest.raises(UsageError, match="2011-12-30 does not exist in Pacific/Apia"):
        read("2011-12-30", "Pacific/Apia")
    after = datetime(2011, 12, 30, 20, tzinfo=UTC)  # there already the 31st
    assert read("today", "Pacific/Apia", after) == "2011-12-30T10:00:00Z"


DATES, TIMES = r"[0-9]{4}-[01][0-9]-[0-3][0-9]", r"[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?"


@given(st.text(max_size=30) | st.from_regex(rf"{DATES}([T ]{TIMES}(Z|[+-][0-9]{{4}})?)?"))
@example("2026-03-01\x00")
@example("2026-03-01T09:30:00Z\n")
def test_any_text_is_an_instant_or_a_usage_error(text):
    try:
        at = parse_instant(text, NOW, zone("America/New_York"))
    except UsageError:
        return
    assert FIRST <= at <= LAST
    assert from_text(to_text(at)) == at


@given(st.integers(0, int(LAST.timestamp())))
def test_the_stored_form_goes_both_ways(seconds):
    at = FIRST + timedelta(seconds=seconds)
    assert from_text(to_text(at)) == at
    assert from_text(to_text(at)).tzinfo is UTC
    assert parse_instant(to_text(at), NOW, UTC) == at


def test_the_stored_form_is_utc_with_whole_seconds():
    assert to_text(datetime(2026, 3, 1, 2, 30, tzinfo=timezone(timedelta(hours=3)))) == "2026-02-28T23:30:00Z"
    with pytest.raises(ValueError, match="no time zone"):
        to_text(NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="fraction of a second"):
        to_text(NOW.replace(microsecond=1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T09:30:00",
        "2026-03-01 09:30:00Z",
        "2026-03-01T09:30:00z",
        "2026-03-01T09:30:00+",
        "2026-W09-7T09:30:00Z",
        "2026-03-01T093000.0Z",
        "2026-02-30T09:30:00Z",
        "٢026-03-01T09:30:00Z",
    ],
)
def test_no_other_form_is_stored(text):
    with pytest.raises(UsageError) as raised:
        from_text(text)
    assert raised.value.code == "bad_time"


def test_zone_rules_come_from_the_package():
    assert zone("UTC") is UTC
    assert str(zone("Asia/Riyadh")) == "Asia/Riyadh"
    assert zone("Asia/Riyadh") is zone("Asia/Riyadh")
    assert tzdata_version()[:2] == "20"
    check_zone("UTC")
    check_zone("America/Argentina/Buenos_Aires")
    for name in zone_names():
        check_zone(name)


def test_no_zone_moves_its_clocks_and_moves_them_back_within_half_a_week():
    """What lets a calendar tell an ordinary week by its beginning, middle and end."""
    folder = Path(tzdata.__file__).parent / "zoneinfo"
    for name in zone_names():
        changes = changes_of((folder / name).read_bytes())
        for (before, _), (after, _) in pairwise(changes):
            assert before < -2_208_988_800 or after - before > 84 * 3_600, name


def changes_of(tzif):
    """The instants (1900 and later) at which the offset changes, and the new offset (RFC 9636, section 3)."""
    _, _, leaps, times, types, chars = struct.unpack(">20x6l", tzif[:44])
    second = tzif[44 + times * 5 + types * 6 + chars + leaps * 8 + sum(struct.unpack(">20x2l", tzif[:28])) :]
    _, _, _, times, types, _ = struct.unpack(">20x6l", second[:44])
    instants = struct.unpack(f">{times}q", second[44 : 44 + 8 * times])
    indices = second[44 + 8 * times : 44 + 9 * times]
    offsets = [offset for offset, _, _ in struct.iter_unpack(">lBB", second[44 + 9 * times :][: 6 * types])]
    changes, current = [], offsets[0]
    for instant, index in zip(instants, indices, strict=True):
        if offsets[index] != current:
            current = offsets[index]
            changes.append((instant, current))
    return changes


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("paris", "Europe/Paris"),
        ("Europe/Pariss", "Europe/Paris"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("europe/paris", "Europe/Paris"),
    ],
)
def test_an_unknown_zone_is_an_error_with_a_suggestion(name, near):
    for call in (zone, check_zone):
        with pytest.raises(UsageError) as raised:
            call(name)
        assert raised.value.code == "unknown_zone"
        assert raised.value.hint == f"did you mean {near!r}?"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        ".",
        "../zones",
        "/etc/localtime",
        "Europe/",
        "Europe",
        "leapseconds",
        "zone.tab",
        "\0",
        "é",
    ],
)
def test_nothing_but_a_zone_is_read(name):
    with pytest.raises(UsageError) as raised:
        zone(name)
    assert raised.value.code == "unknown_zone"


def test_the_name_of_an_unknown_zone_is_cut_short():
    with pytest.raises(UsageError) as raised:
        zone("x" * 999)
    assert len(raised.value.message) < 100


@given(
    st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns", "Pacific/Apia"]),
    st.integers(0, 2_000_000_000),
)
def test_a_local_time_means_its_first_instant(name, instant):
    where = zone(name)
    wall = instant + offset_at(where, instant)
    first = instant_of(where, wall)
    assert first <= instant
    assert first + offset_at(where, first) >= wall
    assert first - 1 + offset_at(where, first - 1) < wall


@pytest.mark.parametrize(
    ("word", "choices", "near"),
    [
        ("opne", ["open", "closed"], "open"),
        ("OPEN", ["open", "closed"], "open"),
        ("Acme", ["ACME", "acne"], "ACME"),
        ("xyz", ["open", "closed"], None),
        ("a", [], None),
        ("open" * 10_000, ["open"], None),
    ],
)
def test_the_closest_choice(word, choices, near):
    assert closest(word, choices) == near


def test_words_are_shown_short_and_harmless():
    assert shown("a\x1b]0;b\x07") == r"'a\x1b]0;b\x07'"
    assert shown("a\u202eb") == r"'a\u202eb'"
    assert shown("عربي") == "'عربي'"
    assert len(shown("x" * 10_000)) < 70
