"""Where a global setting was given: a mistake in a variable or in the config file is told with its place.

A value of the config file is the file's mistake: exit 6, with its line (`cli.md`, Exit codes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.core import ParameterSource

if TYPE_CHECKING:
    from helpdesk_cli.cli.state import Settings, State
    from helpdesk_cli.errors import HelpdeskError

_NAMES = {"actor": "as"}  # settings that are called otherwise than their options


def place(settings: Settings, setting: str) -> str:
    """What to call the place of a setting's value: `--as`, `HELPDESK_ACTOR`, `as in the config file`."""
    source, name = settings.source(setting), _NAMES.get(setting, setting)
    if source is ParameterSource.ENVIRONMENT:
        return f"HELPDESK_{setting.upper()}"
    return f"{name} in the config file" if source is ParameterSource.DEFAULT_MAP else f"--{name}"


def blamed(state: State, setting: str, error: HelpdeskError) -> HelpdeskError:
    """The error about a setting's value with its origin; PolicyError `config_invalid` for one of the file."""
    config = state.config
    if state.settings.source(setting) is ParameterSource.DEFAULT_MAP and config is not None:
        from helpdesk_cli.services.config_file import Problem, bad_config

        name = _NAMES.get(setting, setting)
        return bad_config(
            config.path, [Problem(config.options[name].line, 1, f"{name}: {error.message}", error.hint)]
        )
    error.message = f"{place(state.settings, setting)}: {error.message}"
    error.details["setting"] = setting
    return error
