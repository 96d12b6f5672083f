"""`helpdesk config`: what the options, the variables, the config file and the defaults add up to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, Shared, output_options
from helpdesk_cli.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.cli.config import Config, Default
    from helpdesk_cli.cli.state import Settings

    Row = dict[str, str | None]

_DEFAULTS = {"now": None, "color": "auto", "quiet": "false", "verbose": "0", "debug": "false"}
# Variables that are none of ours but decide all the same: those of colour what the value is, before the
# config file; the others where nothing else does, through what they hold.
_DECIDING: dict[str, tuple[tuple[str, str | None], ...]] = {
    "lang": (("LC_ALL", None), ("LC_MESSAGES", None), ("LANG", None)),
    "timezone": (("TZ", None),),
    "color": (("NO_COLOR", "never"), ("FORCE_COLOR", "always")),
}

cli = Noun(
    "config",
    """The values of options that nobody typed.

    \b
    Examples:
      helpdesk config show
    """,
)


@cli.command("show")
@output_options("config")
def show(out: Output) -> None:
    """Show the value of each global option and where it comes from.

    The defaults that the config file gives to single commands follow; see `helpdesk help environment`.

    \b
    Examples:
      helpdesk config show
      helpdesk --config desk.yaml config show --json
    """
    ctx = click.get_current_context()
    state = ctx.find_object(State)
    assert state is not None, "the root command makes the State"
    options = [param for param in ctx.find_root().command.params if isinstance(param, Shared)]
    rows = [_row(state, option) for option in options if option.setting != "format"]
    out.many(rows if state.config is None else [*rows, *_of_commands(state.config)])


def _row(state: State, option: Shared) -> Row:
    name, settings = max(option.opts, key=len).lstrip("-"), state.settings
    source, value = settings.source(option.setting), settings.get(option.setting)
    given = str(value).lower() if isinstance(value, bool) else str(value)
    if source is ParameterSource.ENVIRONMENT:
        return _made(name, given, f"variable {option.envvar}")
    if source not in (ParameterSource.DEFAULT_MAP, ParameterSource.DEFAULT):
        return _made(name, given, "option")
    for variable, decided in _DECIDING.get(name, ()):
        if os.environ.get(variable) and (decided is not None or source is ParameterSource.DEFAULT):
            return _made(name, decided or _default(settings, name), f"variable {variable}")
    if source is ParameterSource.DEFAULT_MAP and state.config is not None:
        return _of_file(state.config, name, state.config.options[name])
    return _made(name, _default(settings, name), "default")


def _made(name: str, value: str | None, origin: str) -> Row:
    return {"name": name, "value": value, "origin": origin}


def _default(settings: Settings, name: str) -> str | None:
    from helpdesk_cli.services.config_file import host_defaults

    known = {"db": settings.db, "config": settings.config, "lang": settings.lang or None, **host_defaults()}
    return {**_DEFAULTS, **known}[name]


def _of_commands(config: Config) -> Iterator[Row]:
    for command, defaults in config.commands.items():
        for name, default in defaults.items():
            yield _of_file(config, f"{command.replace(' ', '.')}.{name}", default)


def _of_file(config: Config, name: str, default: Default) -> Row:
    return _made(name, default.text, f"config file {config.path}:{default.line}")
