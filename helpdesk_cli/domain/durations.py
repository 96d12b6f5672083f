"""Durations as people write them (`90m`, `1h30m`, `2d`, `PT4H`) and as whole seconds.

A day is 24 hours and a week seven such days, everywhere (`policy.md`, Durations): `2d` on a clock with
business hours is 48 working hours. Months and years are refused, because they have no fixed length.

The canonical form is `1h30m`: weeks or days alone where they come out even from three days on (`3d`,
`2w`), otherwise hours, minutes and seconds (`48h`, `73h`, `1m30s`); nothing is `0m`.
"""

from __future__ import annotations

import re

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import UsageError

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
LONGEST = 36_525 * DAY  # a hundred years

_HINT = "write whole numbers with units, the largest first: 90m, 4h, 1h30m, 2d, 1w, PT4H"
_UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": 1}


def _bad(text: str, why: str) -> UsageError:
    return UsageError(f"{shown(text)} is not a duration: {why}", code="bad_duration", hint=_HINT)


def _why(lowered: str) -> str:
    """What is wrong with a text that no pattern takes."""
    if not lowered:
        return "it is empty"
    if lowered[0] in "-+":
        return "it has a sign, and a length of time has none"
    if not lowered.isascii():
        return "only the digits 0-9 and the letters of the units are read"
    if re.search(r"[0-9][.,]|[.,][0-9]", lowered):
        return "fractions are not read, 1.5h is 1h30m"
    if lowered.isdecimal():
        return f"the unit is missing, as in {lowered[:9]}m"
    iso_date = lowered.partition("t")[0]
    if lowered.startswith("p") and re.search(r"[0-9][ym]", iso_date):
        return "years and months have no fixed length"
    unknown = re.search(r"[0-9]\s*([a-z]+)", re.sub(r"[0-9]+\s*[wdhms](?![a-z])", "", lowered))
    if unknown and not lowered.startswith("p"):
        return f"{shown(unknown[1])} is no unit (w, d, h, m, s)"
    return "its form is not known"


def _parts(text: str, units: str) -> int | None:
    """Seconds in numbers with units, each unit at most once and in this order; None for another form."""
    seconds, digits = 0, ""
    for character in text:
        if "0" <= character <= "9":
            digits += character
        elif digits and character in units:
            seconds += int(digits) * _UNITS[character]
            units = units.partition(character)[2]
            digits = ""
        elif digits or character != " ":
            return None
    return None if digits else seconds


def _iso(text: str) -> int | None:
    """Seconds in `p1dt2h`, `pt4h`, `p2w`; None for another form."""
    dates, separator, times = text[1:].partition("t")
    if " " in text or not (times if separator else dates):
        return None
    of_dates, of_times = _parts(dates, "wd"), _parts(times, "hms")
    return None if of_dates is None or of_times is None else of_dates + of_times


def parse_duration(text: str) -> int:
    """Seconds in a duration such as `1h30m`, `1h 30m`, `2d`, `3600s`, `PT4H`, `P1DT12H` or `0`.

    From 0 to a hundred years (36525 days). UsageError `bad_duration` for anything else: a sign, a
    fraction, a number without a unit (but for 0), months, digits that are not ASCII.
    """
    stripped = text.strip()
    if len(stripped) > 100:
        raise _bad(text, "it is too long")
    lowered = stripped.lower()
    if lowered == "0":
        return 0
    seconds = _iso(lowered) if lowered[:1] == "p" else _parts(lowered, "wdhms")
    if not lowered or seconds is None:
        raise _bad(text, _why(lowered))
    if seconds > LONGEST:
        raise _bad(text, "the longest is a hundred years (36525d)")
    return seconds


def parse_offset(text: str) -> int:
    """Signed seconds in `-2h`, `+3d`, `0m`; no sign means later. UsageError `bad_duration` as above."""
    stripped = text.strip()
    if stripped[:1] in ("-", "+"):
        seconds = parse_duration(stripped[1:])
        return -seconds if stripped[0] == "-" else seconds
    return parse_duration(stripped)


def format_duration(seconds: int) -> str:
    """The canonical text of a number of seconds, `-` in front of a negative one; `parse_offset` reads it."""
    if seconds < 0:
        return "-" + format_duration(-seconds)
    if seconds >= 3 * DAY:
        if seconds % WEEK == 0:
            return f"{seconds // WEEK}w"
        if seconds % DAY == 0:
            return f"{seconds // DAY}d"
    hours, rest = divmod(seconds, HOUR)
    parts = [(hours, "h"), (rest // MINUTE, "m"), (rest % MINUTE, "s")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"


def format_offset(seconds: int) -> str:
    """As `format_duration`, with `+` in front of what comes after: `-15m`, `0m`, `+4h`."""
    return f"+{format_duration(seconds)}" if seconds > 0 else format_duration(seconds)
