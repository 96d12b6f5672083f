"""Fuzzers of whole commands: any command with any options, the lists with their filters, field lists and sort
keys, searches, and records in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from helpdesk_cli.cli.render import FORMATS, renderer
from helpdesk_cli.cli.render.projection import project
from helpdesk_cli.cli.render.view import View
from helpdesk_cli.cli.state import State
from helpdesk_cli.domain.statuses import ALL as STATUSES
from helpdesk_cli.records import RECORDS, Field, Record
from helpdesk_cli.services import search, ticket_lists
from helpdesk_cli.services.app import App

from .choices import Choices
from .desks import NOW, helpdesk, obeyed, sound
from .engine import Check, Fuzzer, attempt, pure
from .parsers import DURATIONS, QUERIES, TIMES, ZONES

from contracts import COMMANDS, READING, each  # isort: skip - .desks makes them known

Call = tuple[list[str], bytes]
CALLS = {contract.command: contract for contract in each()}
LISTS = [name for name in COMMANDS if name.endswith(" list") or name == "view run"]
# Words that mean something on the helpdesk of the contracts.
KNOWN = (
    "Acme", "ann", "bob", "me", "none", "network", "sara@acme.example", "x@else.example", "gold", "early",
    "high", "normal", "technical", "question", "open", "active", "all", "closed", "vip", "cli", "late",
    "always", "router", "plan,week", "agent", "breach", "created", "europe", "FR", "en", "fr=x", "a,b", "1",
    "HD-2",
)  # fmt: skip
# Files that there are, and that there are not; nothing outside the folder.
PATHS = (
    "policy.yaml",
    "changed.yaml",
    "broken.yaml",
    "backup.db",
    "desk.db",
    "new.db",
    "missing",
    ".",
    "-",
    "\x1b[2J",
)
NUMBERS = ("0", "1", "2", "5", "007", "999999999999999999")
TICKETS = ("1", "HD-2", "#3", "4", "5", "-", "0", "999999999999999999")
SLOW = {"--follow", "--tickets"}  # a stream without end, a month of as many tickets as are asked for
GLOBAL = {
    "--now": (NOW, *TIMES), "--timezone": ZONES, "--lang": ("en", "fr", "fr-CA", "C"),
    "--as": ("ann", "bob", "nobody"), "--color": ("never", "auto"), "--format": tuple(FORMATS),
    "--sort": ("id", "-id", "name", "created_at"),
}  # fmt: skip
ONLY_READ = READING - {"export", "db backup", "attachment save"}


def _value(choices: Choices, param: click.Parameter, option: str) -> str:
    """What may be given for a parameter: something of its type, or something like it, or anything."""
    if option in GLOBAL:
        return choices.word(*GLOBAL[option])
    if isinstance(param.type, click.Path) or param.metavar == "FILE":
        return choices.one(PATHS)
    if words := getattr(param.type, "words", None):
        return choices.word(*words)
    by_type = {"n": NUMBERS, "ticket": TICKETS, "duration": DURATIONS, "instant": TIMES, "notice": NUMBERS}
    if option in ("--text", "QUERY"):
        return choices.words(*QUERIES)
    return choices.word(*by_type.get(param.type.name, KNOWN))


def _option(choices: Choices, command: click.Command) -> list[str]:
    param = choices.one([each for each in command.params if isinstance(each, click.Option)])
    option = choices.one([*param.opts, *param.secondary_opts])
    name = max(param.opts, key=len)
    if name in SLOW or name in ("--db", "--config", "--debug", "--help"):
        return []
    if param.is_flag or param.count:
        return [option]
    return (
        [option, _value(choices, param, name)]
        if len(option) == 2
        else [f"{option}={_value(choices, param, name)}"]
    )


def _fields(choices: Choices, name: str) -> list[str]:
    record = RECORDS.get(str(vars(COMMANDS[name].callback)["record"]))
    names = [field.name for field in record.fields] if record is not None else ["id"]
    some = choices.some(lambda: choices.word(*names), 4)
    return [f"--fields={','.join(some)}"] if some else []


def any_call(choices: Choices) -> Call:
    """Any command: its call of the contracts, or its arguments anew; some options; something on stdin."""
    name = choices.one(list(COMMANDS))
    command = COMMANDS[name]
    words = CALLS[name].argv(Path()) if choices.often() and choices.number(1) else name.split()
    if len(words) == len(name.split()):
        arguments = [param for param in command.params if isinstance(param, click.Argument)]
        words = [*words, *(_value(choices, param, param.human_readable_name) for param in arguments)]
    for _ in range(choices.number(4)):
        words += _option(choices, command)
    if not choices.number(3):
        words += _fields(choices, name)
    return words, choices.words(*KNOWN, "1\nHD-2\n").encode("utf-8", "surrogatepass")


def list_call(choices: Choices) -> Call:
    """A list with several of its options."""
    name = choices.one(LISTS)
    words = CALLS[name].argv(Path())
    for _ in range(1 + choices.number(4)):
        words += _option(choices, COMMANDS[name])
    return words, b""


def field_call(choices: Choices) -> Call:
    """A list with any fields and sort key."""
    name = choices.one(LISTS)
    keys = [field.name for field in RECORDS[str(vars(COMMANDS[name].callback)["record"])].fields]
    sign = choices.one(("", "-", "--", "+"))
    sort = [f"--sort={sign}{choices.word(*keys)}"] if choices.number(1) else []
    return [*CALLS[name].argv(Path()), *_fields(choices, name), *sort, "-f", choices.one(list(FORMATS))], b""


@contextmanager
def _commands(folder: Path) -> Iterator[Check]:
    with helpdesk(folder) as place, chdir(place.folder):
        changed = False

        def check(call: Call) -> None:
            nonlocal changed
            words, stdin = call
            for more, tty in ((["--json"], False), ([], True)):
                if changed:
                    place.restore()
                changed = not any(" ".join(words).startswith(name) for name in ONLY_READ)
                sound(place.run("--now", NOW, *words, *more, stdin=stdin, tty=tty), tty=tty, as_json=False)

        yield check


@contextmanager
def _searches(folder: Path) -> Iterator[Check]:
    """Any text is a query, and finds the same in every order and as a filter; only the value of a qualifier
    may be wrong."""
    with helpdesk(folder) as place:
        app = App(str(place.path), now=NOW, timezone="UTC")

        def found(query: str) -> tuple[list[int], ...]:
            ways = [search.search(app, query, sort=sort)[0] for sort in ("rank", "newest")]
            listed = ticket_lists.list_tickets(app, {"text": query, "status": STATUSES})[0]
            return tuple(sorted(row["id"] for row in rows) for rows in (*ways, listed))

        def check(query: str) -> None:
            ways = attempt(found, query, codes={"empty_query", "too_many_values", *OF_VALUES})
            assert ways is None or ways[0] == ways[1] == ways[2], ways

        try:
            yield check
        finally:
            app.close()


NAMED = ("org", "agent", "team", "plan", "priority", "category", "type", "status")
OF_VALUES = {
    *(f"unknown_{kind}" for kind in NAMED),
    "bad_address",
    "bad_time",
    "bad_duration",
    "ambiguous_org",
}


def _kept(choices: Choices) -> str:
    """Any text that a database can hold."""
    return choices.text().encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _value_of(choices: Choices, field: Field) -> Any:
    """A value for a field of a record, its texts anything at all."""
    if field.type in ("int", "duration"):
        return choices.number(10**6)
    if field.type == "number":
        return choices.number(100) / 8
    if field.type == "bool":
        return choices.number(1) == 1
    if field.type == "instant":
        return choices.one((None, "2026-03-01T09:00:00Z", "1970-01-01T00:00:00Z", "8999-12-31T23:59:59Z"))
    if field.type == "labels":
        return {"en": _kept(choices), "fr": _kept(choices)}
    if field.type == "list" and field.of not in RECORDS:
        return choices.some(lambda: _kept(choices), 2)
    return None if field.of in RECORDS or field.type in ("object", "list", "record") else _kept(choices)


PRINTED = ("org", "team", "category", "priority", "contact", "agent", "view", "notice", "message", "hit")


def record_call(choices: Choices) -> tuple[str, list[dict[str, Any]]]:
    """Rows of a record."""
    name = choices.one(
        [
            name
            for name, record in RECORDS.items()
            if "org" in name or name in ("team", "category", "view", "run")
        ]
    )
    rows = [
        {field.name: _value_of(choices, field) for field in RECORDS[name].fields}
        for _ in range(1 + choices.number(2))
    ]
    return name, rows


def _printed(format_: str, record: Record, rows: list[dict[str, Any]], *, tty: bool) -> str:
    state = State()
    for setting, value in (("timezone", "UTC"), ("now", NOW), ("color", "never")):
        state.settings.give(setting, value, ParameterSource.COMMANDLINE)
    with redirect_stdout(io.StringIO()) as out:
        renderer(format_).many(View(state, record, terminal=tty), rows, live=False)
    state.close()
    return out.getvalue()


def _output(given: tuple[str, list[dict[str, Any]]]) -> None:
    """JSON, JSON lines and CSV read back as what was printed; no format gives a terminal what it obeys."""
    record, rows = RECORDS[given[0]], given[1]
    for format_ in FORMATS if record.key else FORMATS.keys() - {"ids"}:
        for tty in (True, False):
            text = _printed(format_, record, rows, tty=tty)
            assert (not tty and format_ == "csv") or not obeyed(text), text
    whole = [project(View(State(), record, terminal=False), row) for row in rows]
    assert json.loads(_printed("json", record, rows, tty=False)) == whole
    lines = _printed("jsonl", record, rows, tty=False).removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == whole
    table = io.StringIO(_printed("csv", record, rows, tty=False), newline="")
    for cells, row in zip(csv.DictReader(table, strict=True), whole, strict=True):
        for name, value in row.items():
            if isinstance(value, str) or value is None:
                assert cells[name] == (value or "")
            else:
                assert json.loads(cells[name]) == value


COMMAND_LINES = (
    Fuzzer("commands", any_call, _commands, size=160, cost=10),
    Fuzzer("filters", list_call, _commands, size=160),
    Fuzzer("fields", field_call, _commands, size=96),
    Fuzzer("searches", lambda choices: choices.words(*QUERIES), _searches),
    pure("output", record_call, _output, size=512),
)
