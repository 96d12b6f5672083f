"""The config file: what it may say, checked against the commands' own options, and where its values go.

Global options stand at the top, those of a command under its noun and verb; keys are the long names of the
options. Everything is checked whenever the file is read, so that a mistake is found by the next command and
not by the one that it is about. Values keep their lines: `config show` and the errors name them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from helpdesk_cli.cli.config_values import check_fields, described, read
from helpdesk_cli.cli.lazy import SECTIONS
from helpdesk_cli.cli.options import Shared
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError
from helpdesk_cli.services.config_file import Node, Problem, bad_config, read_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from helpdesk_cli.cli.state import State

_NOT_HERE = {
    "now": "a clock that stands still is given command by command",
    "debug": "it is given command by command",
    "config": "a config file names no other",
    "format": "it is given to a command: `ticket: {list: {format: json}}`",
    "json": "write `format: json`",
}


class Default(NamedTuple):
    """One option's default: `value` as click takes it, `text` as a person would type it."""

    param: click.Option
    value: Any
    text: str
    line: int


class Config(NamedTuple):
    """A checked file: global options by their names, and those of each command (`ticket list`)."""

    path: str
    options: dict[str, Default]
    commands: dict[str, dict[str, Default]]


def configure(ctx: click.Context, state: State) -> None:
    """Read the config file and give its values to the command of `ctx` and to the settings."""
    config = state.config = load(state.settings.config, ctx)
    own = config.commands.get(ctx.command_path.partition(" ")[2], {})
    for default in (*config.options.values(), *own.values()):
        if isinstance(default.param, Shared):
            state.settings.give(default.param.setting, default.value, ParameterSource.DEFAULT_MAP)
    ctx.default_map = {str(each.param.name): each.value for each in own.values()}


def load(path: str, ctx: click.Context) -> Config:
    """Read and check a file; PolicyError `config_invalid` (exit 6) for every mistake, and for no file."""
    root, problems = read_config(path)
    reader = _Reader(path, ctx, problems)
    if root is not None:
        reader.file(root)
    if problems:
        raise bad_config(path, problems)
    return Config(path, reader.options, reader.commands)


class _Reader:
    """Goes through a file once; `problems` grows by what it finds wrong."""

    def __init__(self, path: str, ctx: click.Context, problems: list[Problem]) -> None:
        self.folder = os.path.dirname(os.path.abspath(path))
        self.ctx = ctx
        self.problems = problems
        self.options: dict[str, Default] = {}
        self.commands: dict[str, dict[str, Default]] = {}

    def file(self, node: Node) -> None:
        """Take the whole file: global options and nouns."""
        root = self.ctx.find_root().command
        assert isinstance(root, click.Group)
        known = {
            name: param
            for name, param in _named(root).items()
            if name not in _NOT_HERE and isinstance(param, Shared) and param.section == SECTIONS[2]
        }
        nouns = root.list_commands(self.ctx)
        for key, (line, _, value) in self.mapping(node, "options and commands").items():
            name = _name(key)
            scalar = isinstance(value.value, str)
            # `db` is an option and a noun: what it holds tells which, `--db` in any case is the option.
            if name in known and (scalar or key not in nouns):
                self.value(self.options, name, known[name], value, line)
            elif key in nouns and not (name in _NOT_HERE and scalar and value.value):
                self.command(root.get_command(self.ctx, key), key, value)
            else:
                self.unknown(line, name, (*known, *nouns))

    def command(self, command: click.Command | None, path: str, node: Node) -> None:
        """Take what stands under a noun or a verb."""
        assert command is not None
        if isinstance(command, click.Group):
            verbs = command.list_commands(self.ctx)
            for key, (line, _, value) in self.mapping(node, f"the verbs of `helpdesk {path}`").items():
                if key in verbs:
                    self.command(command.get_command(self.ctx, key), f"{path} {key}", value)
                else:
                    self.unknown(line, key, verbs)
            return
        known = _named(command)
        found = self.commands.setdefault(path, {})
        for key, (line, _, value) in self.mapping(node, f"options of `helpdesk {path}`").items():
            name = _name(key)
            param = known.get(name)
            if param is None:
                self.unknown(line, name, known)
            elif getattr(param, "section", "") == SECTIONS[2]:
                why = _NOT_HERE.get(name, "it stands at the top of the file, for all commands")
                self.problem(line, f"{shown(name)} cannot be set here", why)
            else:
                self.value(found, name, param, value, line, _record(command))

    def mapping(self, node: Node, what: str) -> Mapping[str, Any]:
        """Return the entries of a mapping; none where nothing follows the key."""
        if isinstance(node.value, dict):
            return node.value
        if node.value:
            self.problem(node.line, f"expected {what}, found {described(node)}")
        return {}

    def value(
        self,
        found: dict[str, Default],
        name: str,
        param: click.Option,
        node: Node,
        line: int,
        record: str | None = None,
    ) -> None:
        """Take one option's value."""
        if name in found:
            self.problem(line, f"{shown(name)} appears twice (first on line {found[name].line})")
            return
        try:
            value, text = read(param, node, self.folder)
            if record is not None and name == "fields":
                check_fields(record, value)
        except UsageError as error:
            self.problem(line, f"{name}: {error.message.removeprefix(f'--{name}: ').rstrip('.')}", error.hint)
        except click.BadParameter as error:
            self.problem(line, f"{name}: {error.message}")
        else:
            found[name] = Default(param, value, text, line)

    def unknown(self, line: int, name: str, choices: Iterable[str]) -> None:
        """Note a key that is none, with what may be meant."""
        if name in _NOT_HERE:
            self.problem(line, f"{shown(name)} cannot be set here", _NOT_HERE[name])
            return
        near = closest(name, choices)
        self.problem(line, f"unknown key {shown(name)}", f"did you mean {near!r}?" if near else None)

    def problem(self, line: int, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(line, 1, message, hint))


def _name(key: str) -> str:
    """Return an option's name however it is written: `body_file`, `body-file`, `--body-file`."""
    return key.removeprefix("--").replace("_", "-")


def _named(command: click.Command) -> dict[str, click.Option]:
    """Name the options that a file may set; `--json` is a value of another one, `--help` no setting."""
    return {
        long.removeprefix("--"): param
        for param in command.params
        if isinstance(param, click.Option) and (param.expose_value or isinstance(param, Shared))
        for long in param.opts
        if long.startswith("--") and long != "--json"
    }


def _record(command: click.Command) -> str | None:
    return getattr(command.callback, "record", None)
