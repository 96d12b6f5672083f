"""The config file: what it sets, what beats it, and what is refused in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click
import pytest
from console import Run

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import DURATION, INSTANT, INT, Word, list_option


@pytest.fixture
def seen(noun: Noun) -> dict[str, Any]:
    """`fake take` with options of every type; what it was given, and the settings."""
    values: dict[str, Any] = {}

    @noun.command("take")
    @click.argument("name", required=False)
    @click.option("--subject", required=True)
    @click.option("--from", "sender")
    @click.option("--since", type=INSTANT)
    @click.option("--within", type=DURATION)
    @click.option("--limit", type=INT)
    @click.option("--role", type=Word("main", "sub_role"))
    @click.option("--vip/--no-vip", default=None)
    @click.option("-n", "--dry-run", is_flag=True)
    @click.option("--body-file", type=click.Path(), metavar="FILE")
    @click.option("--attach", type=click.Path(), multiple=True)
    @list_option("--status")
    @output_options("ticket")
    def take(out: Output, **given: Any) -> None:
        """Take."""
        s = out.settings
        values.update(given, format=out.format, fields=s.get("fields"), headers=not s.get("no_headers"))
        values.update(db=s.db, actor=s.actor, zone=s.timezone, lang=s.lang, quiet=s.quiet, verbose=s.verbose)
        values.update(color=s.color(terminal=False))

    @noun.command("other")
    @output_options("ticket")
    def other(out: Output) -> None:
        """Do something else."""
        values.update(format=out.format)

    return values


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "config.yaml"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


GLOBAL = """
db: desk.db
as: ann
timezone: Asia/Riyadh
lang: fr
color: always
quiet: yes
verbose: 2
"""


def test_global_options(run: Run, seen: dict[str, Any], config: Path) -> None:
    write(config, GLOBAL)
    env = {"HELPDESK_CONFIG": str(config), "HELPDESK_TIMEZONE": ""}
    assert run("fake", "take", "--subject", "x", env=env) == (0, "", "")
    assert (seen["db"], seen["actor"], seen["zone"]) == (str(config.parent / "desk.db"), "ann", "Asia/Riyadh")
    assert (seen["lang"], seen["color"], seen["quiet"], seen["verbose"]) == ("fr", True, True, 2)


@pytest.mark.parametrize(
    ("before", "after", "env", "db"),
    [
        ((), (), {}, "file"),
        ((), (), {"HELPDESK_DB": "variable"}, "variable"),
        (("--db", "option"), (), {"HELPDESK_DB": "variable"}, "option"),
        ((), ("--db", "option"), {"HELPDESK_DB": "variable"}, "option"),
    ],
)
def test_an_option_beats_a_variable_and_that_the_file(
    run: Run,
    seen: dict[str, Any],
    config: Path,
    before: tuple[str, ...],
    after: tuple[str, ...],
    env: dict[str, str],
    db: str,
) -> None:
    write(config, "db: file\nfake: {take: {subject: x, limit: 7}}\n")
    assert run("--config", str(config), *before, "fake", "take", *after, env=env).code == 0
    assert Path(seen["db"]).name == db
    assert seen["limit"] == 7
    assert run("fake", "take", "--limit", "3", *after, "--config", str(config), env=env).code == 0
    assert seen["limit"] == 3


def test_the_file_named_after_the_verb_replaces_the_one_before(
    run: Run, seen: dict[str, Any], config: Path, tmp_path: Path
) -> None:
    write(config, "as: ann\nfake: {take: {subject: x, limit: 7}}\n")
    write(tmp_path / "other.yaml", "fake: {take: {subject: y}}\n")
    words = ("--config", str(config), "fake", "take", "--config", str(tmp_path / "other.yaml"))
    assert run(*words).code == 0
    assert (seen["subject"], seen["limit"], seen["actor"]) == ("y", None, None)


def test_the_default_file_is_read_where_there_is_one(run: Run, seen: dict[str, Any], tmp_path: Path) -> None:
    assert run("fake", "take", "--subject", "x").code == 0
    assert seen["lang"] == "c" or not seen["lang"]
    write(tmp_path / ".config" / "helpdesk" / "config.yaml", "lang: ar\n")
    write(tmp_path / "xdg" / "helpdesk" / "config.yaml", "lang: fr\n")
    for env, lang in (
        ({}, "ar"),
        ({"XDG_CONFIG_HOME": str(tmp_path / "xdg")}, "fr"),
        ({"XDG_CONFIG_HOME": "xdg"}, "ar"),
        ({"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "HELPDESK_CONFIG": ""}, "fr"),
        ({"HELPDESK_CONFIG": "/dev/null"}, ""),
    ):
        assert run("fake", "take", "--subject", "x", env=env).code == 0
        assert seen["lang"] == lang


def test_options_of_a_command(run: Run, seen: dict[str, Any], config: Path, tmp_path: Path) -> None:
    write(
        config,
        """
        fake:
          take:
            subject: "no"
            from: ann@desk.example
            since: -2h
            within: 1h30m
            limit: 0
            role: sub-role
            vip: false
            --dry-run: on
            body_file: ~/body.txt
            attach: [a.txt, /b.txt]
            status: [open, "on_hold,closed"]
            format: json
            fields: [id, subject]
            no-headers: true
          other:
        """,
    )
    assert run("--config", str(config), "fake", "take", "--now", "2026-03-01T12:00:00Z").code == 0
    assert (seen["subject"], seen["sender"], seen["limit"]) == ("no", "ann@desk.example", 0)
    assert (seen["since"].hour, seen["within"], seen["role"]) == (10, 5400, "sub_role")
    assert (seen["vip"], seen["dry_run"], seen["name"]) == (False, True, None)
    assert seen["body_file"] == str(tmp_path / "body.txt")
    assert seen["attach"] == (str(config.parent / "a.txt"), "/b.txt")
    assert seen["status"] == ("open", "on_hold", "closed")
    assert (seen["format"], seen["fields"], seen["headers"]) == ("json", ("id", "subject"), False)
    assert run("--config", str(config), "fake", "take", "-f", "ids").code == 0
    assert seen["format"] == "ids"
    assert run("--config", str(config), "fake", "other").code == 0
    assert seen["format"] == "table"


MISTAKES = """dbb: x
now: 2026-03-01
quiet: maybe
color: alwys
verbose: -1
db: {check: {exit-code: 1}}
--db: a.db
format: json
fake:
  tkae: {}
  take: {json: true, db: x, help: true, limit: -1, vip: 3, from: [a], status: {a: b}}
  other: 3
  take: {}
sweep: [1]
"""
MORE = """fake:
  take:
    fields: [id, subjct]
    since: soon
    within: 1.5h
    role: mian
    status: open
    --status: closed
    body-file: [a]
    name: x
config: x
as: [ann]
"""


def test_every_mistake_is_told_with_its_line(run: Run, seen: dict[str, Any], config: Path) -> None:
    write(config, MISTAKES)
    result = run("--config", str(config), "fake", "other")
    assert (result.code, result.out, seen) == (6, "", {})
    lines = result.err.splitlines()
    assert lines[0] == f"Error: the config file {config} has 18 mistakes"
    assert lines[-1] == "Hint: helpdesk help environment tells what may stand in it"
    assert [line.strip() for line in lines[1:-1]] == [
        "line 1: unknown key 'dbb' (did you mean 'db'?)",
        "line 2: 'now' cannot be set here (a clock that stands still is given command by command)",
        "line 3: quiet: expected true or false, found 'maybe'",
        "line 4: color: 'alwys' is not one of auto, always, never (did you mean 'always'?)",
        "line 5: verbose: expected a small whole number, found '-1'",
        "line 6: unknown key 'exit-code'",
        "line 8: 'format' cannot be set here (it is given to a command: `ticket: {list: {format: json}}`)",
        "line 10: unknown key 'tkae' (did you mean 'take'?)",
        "line 11: 'db' cannot be set here (it stands at the top of the file, for all commands)",
        "line 11: 'json' cannot be set here (write `format: json`)",
        "line 11: from: expected a single value, found a list",
        "line 11: limit: '-1' is no whole number of 0 or more",
        "line 11: status: expected a text or a list of texts, found a mapping",
        "line 11: unknown key 'help'",
        "line 11: vip: expected true or false, found '3'",
        "line 12: expected options of `helpdesk fake other`, found '3'",
        "line 13: the key 'take' appears twice (first on line 11)",
        "line 14: expected options of `helpdesk sweep`, found a list",
    ]
    error = run("fake", "other", "--config", str(config), "--json").errors[0]
    assert (error["code"], error["details"]["file"]) == ("config_invalid", str(config))
    assert error["details"]["problems"][0]["line"] == 1


def test_values_of_the_wrong_type(run: Run, seen: dict[str, Any], config: Path) -> None:
    write(config, MORE)
    lines = run("--config", str(config), "fake", "other").err.splitlines()[1:-1]
    assert [re.sub(r"(is not a \w+).*", r"\1", line.strip()) for line in lines] == [
        "line 3: fields: a ticket has no field 'subjct' (did you mean 'subject'?)",
        "line 4: since: 'soon' is not a time",
        "line 5: within: '1.5h' is not a duration",
        "line 6: role: 'mian' is not one of main, sub_role (did you mean 'main'?)",
        "line 8: 'status' appears twice (first on line 7)",
        "line 9: body-file: expected a single value, found a list",
        "line 10: unknown key 'name'",
        "line 11: 'config' cannot be set here (a config file names no other)",
        "line 12: as: expected a single value, found a list",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [", "not YAML"),
        (b"- a\n", "expected options and commands, found a list"),
        (b"text", "expected options and commands, found 'text'"),
        (b"as: \xff", "line 1: byte 0xff is not UTF-8"),
        (b"as: ann\n\x7fELF\x02\x01\x01\0", "line 2: a character that YAML does not allow"),
        (b"as: ann\n\tlang: fr", "line 2: not YAML"),
        (b"as: !!python/object/apply:os.system [ls]", "the tag"),
        (b"as: &a [*a]", "used before"),
        (b"[" * 5000, "nested too deep"),
        (b"as: a\nas: b", "line 2: the key 'as' appears twice (first on line 1)"),
        (b"as: a\n--as: b", "line 2: 'as' appears twice (first on line 1)"),
        (b"lang: zz!\n", "line 1: lang: 'zz!' is no language"),
        (b"as: ann\nlang:\n", "line 2: lang: '' is no language"),
        (b"timezone: Europe/Pariss", "line 1: timezone: there is no time zone 'Europe/Pariss' (did you mean"),
    ],
)
def test_what_yaml_forbids(run: Run, seen: dict[str, Any], config: Path, content: bytes, words: str) -> None:
    config.parent.mkdir()
    config.write_bytes(content)
    result = run("--config", str(config), "fake", "other")
    assert (result.code, seen) == (6, {})
    assert words in result.err


@pytest.mark.parametrize(
    ("name", "words"), [("none.yaml", "there is no file"), (".", "directory"), ("a\nb", "there is no file")]
)
def test_a_file_that_is_named_must_be_readable(run: Run, name: str, words: str) -> None:
    for given in ({"env": {"HELPDESK_CONFIG": name}}, {}):
        options = () if given else ("--config", name)
        result = run(*options, "schema", **given)
        assert (result.code, result.out) == (6, "")
        told, hint = result.err.splitlines()
        assert told.startswith("Error: the config file: ")
        assert words in told
        assert repr(name) in told
        assert hint.startswith("Hint: name one with --config")
        error = run(*options, "schema", "--json", **given).errors[0]
        assert (error["code"], error["details"]["file"]) == ("config_invalid", name)


def test_a_file_that_may_not_be_read(run: Run, config: Path, seen: dict[str, Any]) -> None:
    write(config, "lang: fr\n")
    if os.geteuid():
        config.chmod(0)
    else:  # root reads everything
        loop = config.with_name("loop")
        loop.symlink_to(loop)
        config = loop
    result = run("--config", str(config), "fake", "other")
    assert (result.code, seen) == (6, {})
    assert "cannot be read" in result.err


def test_help_needs_no_config_file(run: Run) -> None:
    env = {"HELPDESK_CONFIG": "none.yaml"}
    for words in (("--help",), ("--version",), ("ticket", "--help"), ("ticket", "list", "--help")):
        assert run(*words, env=env).code == 0


def test_config_show(run: Run, config: Path, tmp_path: Path) -> None:
    write(
        config, "db: desk.db\nas: ann\nquiet: false\nticket:\n  list: {limit: 5, status: [open, on_hold]}\n"
    )
    env = {"HELPDESK_ACTOR": "bob", "LANG": "fr_FR.UTF-8", "HELPDESK_TIMEZONE": "", "TZ": "Europe/Paris"}
    result = run("--config", str(config), "config", "show", "-v", "--json", env=env)
    assert {row["name"]: (row["value"], row["origin"]) for row in result.json} == {
        "db": (str(config.parent / "desk.db"), f"config file {config}:1"),
        "config": (str(config), "option"),
        "as": ("bob", "variable HELPDESK_ACTOR"),
        "now": (None, "default"),
        "timezone": ("Europe/Paris", "variable TZ"),
        "lang": ("fr", "variable LANG"),
        "color": ("auto", "default"),
        "quiet": ("false", f"config file {config}:3"),
        "verbose": ("1", "option"),
        "debug": ("false", "default"),
        "ticket.list.limit": ("5", f"config file {config}:5"),
        "ticket.list.status": ("open,on_hold", f"config file {config}:5"),
    }
    table = run("config", "show").out.splitlines()
    assert table[0].split() == ["name", "value", "origin"]
    assert table[1].split() == ["db", f"{tmp_path}/.local/share/helpdesk/helpdesk.db", "default"]


@pytest.mark.parametrize(
    ("env", "words", "value", "origin"),
    [
        ({}, (), "always", "config file"),
        ({"NO_COLOR": "1"}, (), "never", "variable NO_COLOR"),
        ({"FORCE_COLOR": "1"}, (), "always", "variable FORCE_COLOR"),
        ({"NO_COLOR": "1"}, ("--color", "always"), "always", "option"),
    ],
)
def test_the_variables_of_colour_beat_the_file_and_the_option_them(
    run: Run, config: Path, env: dict[str, str], words: tuple[str, ...], value: str, origin: str
) -> None:
    write(config, "color: always\n")
    result = run("--config", str(config), "config", "show", "--fields", "name,value,origin", *words, env=env)
    assert ("\x1b[1m" in result.out) is (value == "always")
    line = next(line for line in result.out.splitlines() if line.startswith("color"))
    assert line.split(maxsplit=2)[1] == value
    assert line.split(maxsplit=2)[2].startswith(origin)


def test_the_example_of_the_topic_is_valid(run: Run, config: Path) -> None:
    page = run("help", "environment").out
    example = re.search(r"^    db: .*?(?=^\S)", page, re.MULTILINE | re.DOTALL)
    assert example is not None
    write(config, re.sub(r"^    ", "", example[0], flags=re.MULTILINE))
    result = run("--config", str(config), "config", "show", "-f", "ids")
    assert (result.code, result.err) == (0, "")
    assert "ticket.create.channel" in result.out.split()
