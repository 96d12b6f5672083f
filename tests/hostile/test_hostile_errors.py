"""Errors that quote hostile words: every option and argument of every command, every variable, every file."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import dropwhile
from pathlib import Path

import click
import pytest
from attacks import ATTACK, CODES, TERMINAL, TURNED, Ask, obeyed
from console import Result, Run
from contracts import COMMANDS, NOW, each

from helpdesk_cli.cli.options import Shared
from helpdesk_cli.cli.root import root

WORDS = ("text", "words")
COLOURLESS = {"NO_COLOR": "1"}
CALLS = {contract.command: contract for contract in each()}
GLOBAL = [option.opts[0] for option in root.params if isinstance(option, Shared) and not option.is_flag]


def harmless(done: Result) -> Result:
    """No traceback, a documented code, and nothing that a terminal obeys on either stream."""
    assert done.code in CODES
    assert "something unexpected" not in done.err
    assert obeyed(done.out) + obeyed(done.err) == []
    return done


def named(command: click.Command, kind: type[click.Parameter]) -> list[click.Parameter]:
    """The parameters of a command that take a value."""
    own = [param for param in command.params if isinstance(param, kind) and not isinstance(param, Shared)]
    return [
        param for param in own if not (isinstance(param, click.Option) and (param.is_flag or param.count))
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_value_of_every_command(changeable: Path, ask: Callable[[Path], Ask], name: str) -> None:
    """Those that are taken come back harmless, those that are refused are quoted so."""
    helpdesk = ask(changeable)
    command, call = COMMANDS[name], CALLS[name].argv(changeable.parent)
    bare = call[: len(name.split())]
    rest = list(dropwhile(lambda word: not word.startswith("-"), call[len(bare) :]))
    for value in (ATTACK, TURNED):  # the second for what takes no control characters, but any words
        options = [
            each for each in named(command, click.Option) if value == ATTACK or each.type.name in WORDS
        ]
        calls = [[*call, max(option.opts, key=len), value] for option in options]
        arguments = named(command, click.Argument)
        calls += [[*bare, *[value] * max(len(arguments), 1), *rest], [*call, f"--{value}"]]
        for words in calls:
            harmless(helpdesk(*words, tty=True, env=COLOURLESS))


@pytest.mark.parametrize("value", [*TERMINAL.values(), ATTACK], ids=[*TERMINAL, "all"])
def test_global_options_and_words_that_are_no_commands(run: Run, database_path: Path, value: str) -> None:
    db = ("--db", str(database_path), "--now", NOW)
    for words in (
        *(("--db", str(database_path), "ticket", "list", option, value) for option in GLOBAL),
        (*db, value), (*db, "ticket", value), (*db, "help", value), (*db, "schema", value),
        (*db, "ticket", "show", value), (*db, "ticket", "list", "--fields", value),
        (*db, "ticket", "list", "--sort", value), (*db, "--debug", "ticket", "show", value),
    ):  # fmt: skip
        for more in ({"tty": True, "env": COLOURLESS}, {}, {"env": {"LC_ALL": "C"}}):
            assert harmless(run(*words, **more)).code in (0, 2, 3, 6)
        if "--debug" not in words:
            done = harmless(run(*words, "--json"))
            assert done.code == 0 or all(error["message"] for error in done.errors)


VARIABLES = (
    "HELPDESK_DB", "HELPDESK_CONFIG", "HELPDESK_ACTOR", "HELPDESK_NOW", "HELPDESK_TIMEZONE", "HELPDESK_LANG",
    "HELPDESK_QUIET", "HELPDESK_VERBOSE", "HELPDESK_DEBUG", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME",
    "LANG", "LC_ALL", "TZ", "LOGNAME", "USER", "COLUMNS", "EDITOR", "VISUAL",
)  # fmt: skip


@pytest.mark.parametrize("name", VARIABLES)
def test_variables(run: Run, database_path: Path, name: str) -> None:
    for value in (ATTACK, f"/{ATTACK}"):
        env = {"HELPDESK_DB": str(database_path), **COLOURLESS, name: value}
        for words in (("ticket", "list"), ("config", "show"), ("db", "doctor"), ("ticket", "list", "--json")):
            harmless(run(*words, tty=True, env=env))


POLICY = """
version: {word}
default_plan: {word}
calendars: {{{word}: {{timezone: {word}, hours: {{{word}: [{word}]}}, {word}: x}}}}
priorities: [{{name: {word}, {word}: x}}]
plans: {{{word}: {{calendar: {word}, targets: {{{word}: {{{word}: {word}}}}}, pause: {{{word}: [{word}]}}}}}}
statuses: {{{word}: {{label: {{{word}: x}}, aliases: [{word}]}}}}
{word}: &{anchor} x
"""


@pytest.mark.parametrize("kind", ["OSC 8", "C1 CSI", "overwriting", "lines", "isolates"])
def test_files_that_are_quoted(run: Run, database_path: Path, tmp_path: Path, kind: str) -> None:
    """A policy and a config file, as bytes and with YAML's own escapes."""
    db = ("--db", str(database_path), "--now", NOW)
    path = tmp_path / f"{TURNED}.yaml"
    value = TERMINAL[kind]
    for word in (f'"{value}"', json.dumps(value), value):
        for text in (
            POLICY.format(word=word, anchor="a"),
            POLICY.format(word="x", anchor=value),
            f"timezone: {word}\nticket: {{list: {{limit: {word}, {word}: x}}, {word}: y}}\n",
            f"{word}: *{value}\n",
            f"? [{word}]\n: !{value} x\n",
        ):
            path.write_text(text, encoding="utf-8")
            for words in (
                ("plan", "check", str(path)), ("plan", "diff", str(path)), ("plan", "apply", str(path)),
                ("ticket", "list", "--config", str(path)),
            ):  # fmt: skip
                assert harmless(run(*db, *words, tty=True, env=COLOURLESS)).code == 6


@pytest.mark.parametrize("value", [*TERMINAL.values(), ATTACK], ids=[*TERMINAL, "all"])
def test_lines_that_are_quoted(run: Run, database_path: Path, value: str) -> None:
    """Tickets as JSON lines, with the bytes themselves and with JSON's escapes."""
    sender = {"from": "a@b.example", "subject": "s", "body": "b"}
    given = (
        {value: "x"}, {"subject": value}, {**sender, "from": value}, {**sender, "priority": value},
        {**sender, "tag": [value]}, {**sender, "org": value}, {**sender, "channel": value}, value, [value],
    )  # fmt: skip
    lines = [json.dumps(line, ensure_ascii=ascii_) for line in given for ascii_ in (True, False)]
    content = "\n".join([*lines, *(f"{line}{value}" for line in lines), value])
    for name in ("table", "jsonl", "csv", "markdown"):
        words = ("ticket", "create", "--jsonl", "-", "-f", name, "--db", str(database_path), "--now", NOW)
        assert harmless(run(*words, stdin=content, tty=True, env=COLOURLESS)).code == 7
