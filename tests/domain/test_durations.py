"""Durations: every form of `policy.md`, one canonical form back, and errors that say what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_cli.domain.durations import (
    DAY,
    HOUR,
    LONGEST,
    MINUTE,
    WEEK,
    format_duration,
    format_offset,
    parse_duration,
    parse_offset,
)
from helpdesk_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 90 * MINUTE),
        ("4h", 4 * HOUR),
        ("2d", 48 * HOUR),
        ("1w", WEEK),
        ("1h30m", 90 * MINUTE),
        ("1h 30m", 90 * MINUTE),
        ("1w2d3h4m5s", WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5),
        ("3600s", HOUR),
        ("1H30M", 90 * MINUTE),
        (" 5m\n", 5 * MINUTE),
        ("0", 0),
        ("0m", 0),
        ("007m", 7 * MINUTE),
        ("PT4H", 4 * HOUR),
        ("PT1H30M15S", HOUR + 30 * MINUTE + 15),
        ("P1DT12H", 36 * HOUR),
        ("P2D", 2 * DAY),
        ("P2W", 2 * WEEK),
        ("pt0s", 0),
        ("36525d", LONGEST),
    ],
)
def test_reads_a_duration(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("-1h", "it has a sign"),
        ("+1h", "it has a sign"),
        ("1.5h", "fractions are not read"),
        ("1,5h", "fractions are not read"),
        (".5h", "fractions are not read"),
        ("PT1.5H", "fractions are not read"),
        ("90", "the unit is missing, as in 90m"),
        ("00", "the unit is missing"),
        ("1x", "'x' is no unit"),
        ("1month", "'month' is no unit"),
        ("2h 3q", "'q' is no unit"),
        ("1e5s", "'e' is no unit"),
        ("P1M", "years and months have no fixed length"),
        ("P1Y2DT1H", "years and months have no fixed length"),
        ("30m1h", "its form is not known"),
        ("1h1h", "its form is not known"),
        ("1h30", "its form is not known"),
        ("h", "its form is not known"),
        ("1 h", "its form is not known"),
        ("P", "its form is not known"),
        ("PT", "its form is not known"),
        ("P1DT", "its form is not known"),
        ("P1H", "its form is not known"),
        ("PT1D", "its form is not known"),
        ("PT1H 2M", "its form is not known"),
        ("nan", "its form is not known"),
        ("٤h", "only the digits 0-9"),
        ("²h", "only the digits 0-9"),
        ("36525d1s", "the longest is a hundred years"),
        ("9" * 60 + "w", "the longest is a hundred years"),
        ("1" * 5000 + "s", "it is too long"),
        ("1h" + " " * 5000 + "x", "it is too long"),
    ],
)
def test_says_what_is_wrong_with_a_duration(text, why):
    with pytest.raises(UsageError) as raised:
        parse_duration(text)
    assert why in raised.value.message
    assert raised.value.code == "bad_duration"
    assert "1h30m" in raised.value.hint
    assert len(raised.value.message) < 200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("-2h", -2 * HOUR), ("+3d", 3 * DAY), ("0m", 0), ("-0m", 0), ("20m", 20 * MINUTE), (" - 1h", -HOUR)],
)
def test_reads_an_offset(text, seconds):
    assert parse_offset(text) == seconds


@pytest.mark.parametrize("text", ["", "-", "+", "--1h", "+-1h", "-1.5h", "tomorrow"])
def test_refuses_what_is_no_offset(text):
    with pytest.raises(UsageError):
        parse_offset(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0m"),
        (1, "1s"),
        (59, "59s"),
        (60, "1m"),
        (90, "1m30s"),
        (3_600, "1h"),
        (3_601, "1h1s"),
        (5_400, "1h30m"),
        (24 * HOUR, "24h"),
        (48 * HOUR, "48h"),
        (71 * HOUR, "71h"),
        (72 * HOUR, "3d"),
        (73 * HOUR, "73h"),
        (3 * DAY + 1, "72h1s"),
        (6 * DAY, "6d"),
        (7 * DAY, "1w"),
        (8 * DAY, "8d"),
        (14 * DAY, "2w"),
        (LONGEST, "36525d"),
        (-900, "-15m"),
    ],
)
def test_writes_one_canonical_form(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(-900, "-15m"), (0, "0m"), (14_400, "+4h")])
def test_writes_an_offset_with_its_sign(seconds, text):
    assert format_offset(seconds) == text


@given(st.integers(-LONGEST, LONGEST))
def test_what_is_written_is_read_again(seconds):
    assert parse_offset(format_duration(seconds)) == seconds
    assert parse_offset(format_offset(seconds)) == seconds


@given(st.text(max_size=30) | st.text("0123456789wdhmsptPT+-. ", max_size=15))
def test_any_text_is_a_duration_or_a_usage_error(text):
    try:
        seconds = parse_duration(text)
    except UsageError:
        return
    assert 0 <= seconds <= LONGEST
    assert parse_duration(format_duration(seconds)) == seconds
