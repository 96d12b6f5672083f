"""Numbers and times: for every option and argument that takes one, whatever is none is refused as such, and
what is one, however far away, is no surprise to the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from attacks import CODES, Ask, obeyed
from contracts import COMMANDS, START, each

from helpdesk_cli.cli.options import Shared

NONE = (
    "", " ", "-", "+", "-1", "--1", "+1", "1.0", "1.5", "1,5", "1e3", "1E400", "0x10", "1_000", "nan", "NaN",
    "inf", "-inf", "Infinity", "١٢", "１２", "²", "½", "1 2", "1\n2", "true", "None", "null", "9" * 5_000,
    "0" * 5_000, "1;2",
)  # fmt: skip
BAD = {
    "n": (*NONE, "1h", "now"),
    "ticket": (*NONE, "HD-", "HD--1", "HD-1.0", "#", "1h"),
    "duration": (
        *NONE, "1", "90", "1x", "1y", "1M1", "1h1h", "30m1h", "-1h", "--1h", "1.5h", "1e3h", "nanh", "P1Y",
        "P1M", "PT", "P", "PT1.5H", "1h-30m", "36525d1s", "9999999999w", f"{'9' * 99}s", f"{'9' * 5_000}h",
        "٤h",
    ),
    "instant": (
        *NONE, "0000-01-01", "0001-01-01T00:00Z", "1969-12-31T23:59:59Z", "9000-01-01",
        "9999-12-31T23:59:59Z", "10000-01-01", "-0001-01-01", "2026-02-31", "2026-02-29", "2026-13-01",
        "2026-00-00", "2026-01-32",
        "2026-01-01T24:00:00Z", "2026-01-01T25:00", "2026-01-01T00:60", "2016-12-31T23:59:60Z",
        "2016-12-31T23:59:61Z", "2026-01-01T00:00+99:00", "2026-01-01T00:00+24:00", "2026-01-01T00:00+23:60",
        "2026-01-01T00:00-99:99", "2026-01-01T00:00 Mars/Olympus", "2026-01-01T00:00[Europe/Paris]",
        "2026-01-01T00:00:00.5Z", "2026-W01-1", "1751328000", "1e9", "0", "-1h2", "-36525d", "+36525d1s",
        "+1.5h", "+1e3h", "mondayy", "31/12/2026", "12:60", "99:00", "23:59:60", "noww", "２０２６-01-01",
        "2026-03-01T09:00:00ZZ",
    ),
}  # fmt: skip
# Of the others of a kind, which share a parser, a few words show that it is the one that they have.
FEW = ("-1", "1e3", "nan", "9" * 5_000, "2026-02-31", "2026-01-01T00:00+99:00", "2016-12-31T23:59:60Z")
# Numbers and times, as far away as any.
FAR = {
    "n": ("0", "999999999999999999"),
    "ticket": ("0", "HD-999999999999999999"),
    "duration": ("0", "36525d", "PT0S"),
    "instant": (
        "1970-01-01T00:00:00Z", "8999-12-31T23:59:59Z", "8999-12-30", "2026-01-01T00:00-23:59", "+36525d",
    ),
}  # fmt: skip
# A view keeps times as they are typed.
KEPT = {"INSTANT": "instant", "DURATION": "duration"}
CALLS = {contract.command: contract for contract in each()}
LATE = "8999-12-31T00:00:00Z"


def kind(param: click.Parameter) -> str | None:
    """What a parameter takes, None for words."""
    if isinstance(param, Shared):
        return None
    name = {"notice": "n"}.get(param.type.name, param.type.name)
    return name if name in BAD else KEPT.get(str(getattr(param, "metavar", "")))


TAKERS = [
    (name, param, of) for name, command in COMMANDS.items() for param in command.params if (of := kind(param))
]
IDS = [f"{name} {param.opts[0]}" for name, param, _ in TAKERS]
FIRST = {(of, type(param)): name for name, param, of in reversed(TAKERS)}


def call(name: str, param: click.Parameter, value: str, folder: Path) -> list[str]:
    """The call of the command's contract, with that value for one parameter."""
    words = CALLS[name].argv(folder)
    if isinstance(param, click.Option):
        option = max(param.opts, key=len)
        return [*(words[: words.index(option)] if option in words else words), f"{option}={value}"]
    arguments = [each for each in COMMANDS[name].params if isinstance(each, click.Argument)]
    place = len(name.split()) + arguments.index(param)
    return [*words[:place], value, *words[place + 1 :]]


@pytest.mark.parametrize(("name", "param", "of"), TAKERS, ids=IDS)
def test_what_is_none_is_refused_as_such(
    stocked: Path, ask: Callable[[Path], Ask], name: str, param: click.Parameter, of: str
) -> None:
    before = stocked.read_bytes()
    for value in BAD[of] if FIRST[of, type(param)] == name else set(FEW) & set(BAD[of]):
        if value.startswith("-") and isinstance(param, click.Argument):
            continue  # an option, or the ids of stdin
        done = ask(stocked)(*call(name, param, value, stocked.parent), "--json")
        assert (done.code, done.out.strip()) in ((2, ""), (2, "[]")), (value, done)
        assert done.errors[0]["message"]
        assert obeyed(done.err) == []
        assert len(done.err) < 2_000
    assert stocked.read_bytes() == before


@pytest.mark.parametrize(("name", "param", "of"), TAKERS, ids=IDS)
def test_what_is_far_away_is_no_surprise(
    changeable: Path, ask: Callable[[Path], Ask], name: str, param: click.Parameter, of: str
) -> None:
    """Also to a clock that stands at the end of time."""
    if name == "demo" and param.name == "tickets":
        return  # as many as are asked for
    helpdesk = ask(changeable)
    for value in FAR[of]:
        for now in (START, LATE):
            words = call(name, param, value, changeable.parent)
            done = helpdesk(*words, *(() if name in ("demo", "init") else ("--now", now)))
            assert done.code in CODES - {1, 5}, (words, done)
            assert "something unexpected" not in done.err


ZONES = (
    "Mars/Olympus",
    "../../etc/passwd",
    "/etc/localtime",
    "UTC+25",
    "Europe/Paris\0",
    "Europe/Paris ",
    "-",
)


@pytest.mark.parametrize("zone", ZONES)
def test_zones_that_there_are_not(stocked: Path, ask: Callable[[Path], Ask], zone: str) -> None:
    for words in (
        ("ticket", "list", "--timezone", zone),
        ("agent", "edit", "bob", "--json", "--tz", zone),
        ("ticket", "list", "--created-after", "2026-01-01", "--timezone", zone),
    ):
        done = ask(stocked)(*words)
        assert (done.code, done.out) == (2, "")
        assert "unknown_zone" in done.err or "Error: --timezone: there is no time zone" in done.err
