"""Time zones: whose rules are read, and which instant a local time means.

The rules come from the `tzdata` package alone, so that a deadline is equal on every host (`sla.md` 4).
Its files are opened directly: going through the host's search path or `importlib.resources` would be
both slower and less certain. `zoneinfo` is imported only once a zone other than UTC is asked for.

A local time means the *earliest instant at which the zone's clocks show that time or a later one*. So a
time in a gap is the jump, and a time in a repeated hour is its first occurrence. Seconds are counted from
1970-01-01 00:00, of UTC for an instant and of the local clock for a wall time.
"""

from __future__ import annotations

import os.path
from datetime import UTC, datetime, timedelta, tzinfo

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH = EPOCH.replace(tzinfo=None)
_PUNCTUATION = str.maketrans("", "", "_+-")
_LOADED: dict[str, tzinfo] = {"UTC": UTC}


def _rules() -> tuple[str, str]:
    """The version of the zone rules and the folder that they are in."""
    import tzdata  # type: ignore[import-untyped]

    return str(tzdata.IANA_VERSION), os.path.dirname(tzdata.__file__)


def tzdata_version() -> str:
    """The version of the zone rules, as IANA names it: `2026b`."""
    return _rules()[0]


def zone_names() -> list[str]:
    """Every name that `zone` takes, sorted."""
    with open(os.path.join(_rules()[1], "zones"), encoding="utf-8") as file:
        return sorted(file.read().split())


def _path(name: str) -> str | None:
    """The file of a zone's rules, or None if there is no such zone."""
    parts = name.split("/")
    if not name.isascii() or not all(part.translate(_PUNCTUATION).isalnum() for part in parts):
        return None  # nothing that leaves the folder, such as `..`, gets past this
    path = os.path.join(_rules()[1], "zoneinfo", *parts)
    try:
        with open(path, "rb") as file:
            return path if file.read(4) == b"TZif" else None
    except OSError:
        return None


def check_zone(name: str) -> None:
    """UsageError `unknown_zone` unless the zone exists. Loads no rules."""
    if name not in _LOADED and _path(name) is None:
        raise _unknown(name)


def _unknown(name: str) -> UsageError:
    names = zone_names()
    city = name.replace(" ", "_").casefold()
    cities = {each.casefold().rpartition("/")[2]: each for each in reversed(names)}
    near = "UTC" if city == "utc" else cities.get(city) or closest(name, names)
    hint = f"did you mean {near!r}?" if near else "a zone is named as in Europe/Paris, Asia/Riyadh or UTC"
    return UsageError(f"there is no time zone {shown(name)}", code="unknown_zone", hint=hint)


def zone(name: str) -> tzinfo:
    """The zone of an IANA name (`Europe/Paris`). UsageError `unknown_zone`, with a suggestion."""
    known = _LOADED.get(name)
    if known is None:
        path = _path(name)
        if path is None:
            raise _unknown(name)
        from zoneinfo import ZoneInfo

        with open(path, "rb") as file:
            known = _LOADED[name] = ZoneInfo.from_file(file, key=name)
    return known


def offset_at(where: tzinfo, instant: int) -> int:
    """How far the zone's clocks are ahead of UTC at an instant, in seconds."""
    local = (EPOCH + timedelta(seconds=instant)).astimezone(where)
    offset: timedelta | None = local.utcoffset()
    return 0 if offset is None else offset.days * 86_400 + offset.seconds


def instant_of(where: tzinfo, wall: int) -> int:
    """The earliest instant at which the zone's clocks show `wall` or later, both in seconds."""
    if where is UTC:
        return wall
    naive = _WALL_EPOCH + timedelta(seconds=wall)
    guess = naive.replace(tzinfo=where).astimezone(UTC) - EPOCH
    instant = guess.days * 86_400 + guess.seconds
    ahead = instant + offset_at(where, instant) - wall
    if ahead == 0:
        return instant
    # In a gap the guess lies after the jump, and the same wall time read with the new offset before it.
    before, after = instant - ahead, instant
    while after - before > 1:
        middle = (before + after) // 2
        if middle + offset_at(where, middle) >= wall:
            after = middle
        else:
            before = middle
    return after
