"""The options that many commands share, and `Output`: the one value that a command's body works with.

`output_options(record)` gives a command `-f/--format --json --fields --no-headers` and every global option,
and calls its body with an `Output` first.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from helpdesk_cli import __version__
from helpdesk_cli.cli.lazy import SECTIONS
from helpdesk_cli.cli.output import Output
from helpdesk_cli.cli.render import FORMATS
from helpdesk_cli.cli.state import State
from helpdesk_cli.cli.types import FIELDS, INT, Word
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

__all__ = ["Output", "format_options", "global_options", "list_options", "output_options", "version_option"]


class Shared(click.Option):
    """An option that stores its value in the command's `Settings` instead of passing it to the body."""

    def __init__(self, decls: tuple[str, ...], *, section: str, setting: str, **attrs: Any) -> None:
        attrs.setdefault("callback", _give)
        # The prefix keeps a verb's own `--tz` or `--format` from sharing a name with a global one.
        super().__init__((*decls, f"shared_{setting}"), expose_value=False, is_eager=True, **attrs)
        self.section = section
        self.setting = setting

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Convert as click does; a variable that is no value is told in our words."""
        try:
            return super().type_cast_value(ctx, value)
        except click.BadParameter:
            if ctx.get_parameter_source(self.name) is not ParameterSource.ENVIRONMENT:
                raise
            from helpdesk_cli.domain.suggest import shown

            expected = "1 or 0 (true, yes, on, ...)" if self.is_flag else "a small whole number"
            raise UsageError(
                f"{self.envvar}: expected {expected}, found {shown(str(value))}", code="bad_value"
            ) from None


def _give(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    state = ctx.find_object(State)
    source = ctx.get_parameter_source(param.name)
    if state is not None and source is not None and isinstance(param, Shared):
        state.settings.give(param.setting, value, source)
    return value


def _configure(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Take the defaults that a config file gives to this verb; where there is none, a look is all it costs.

    This option is eager, so `ctx.default_map` stands before the verb's own options are looked at.
    """
    _give(ctx, param, value)
    state = ctx.find_object(State)
    if state is None or ctx.resilient_parsing:
        return
    named = state.settings.source("config") is not ParameterSource.DEFAULT
    # A folder that may not be searched, such as root's for a cron job of somebody else, holds none.
    if named or os.path.exists(state.settings.config):
        from helpdesk_cli.cli.config import configure

        configure(ctx, state)


def global_options(*, root: bool) -> list[click.Parameter]:
    """Return new global options: at the root with their variables and in its help, elsewhere without."""

    def make(*decls: str, setting: str, variable: str | None = None, **attrs: Any) -> Shared:
        if root and variable is not None:
            attrs.update(envvar=variable, help=f"{attrs['help']} ${variable}")
        return Shared(decls, section=SECTIONS[2], setting=setting, hidden=not root, **attrs)

    return [
        make("--db", setting="db", variable="HELPDESK_DB", metavar="FILE", help="The database."),
        make("--config", setting="config", variable="HELPDESK_CONFIG", metavar="FILE",
             help="Defaults of options.", callback=_give if root else _configure),
        make("--as", setting="actor", variable="HELPDESK_ACTOR", metavar="AGENT", help="Who acts."),
        make("--now", setting="now", variable="HELPDESK_NOW", metavar="INSTANT",
             help="The clock of this command."),
        make("--timezone", setting="timezone", variable="HELPDESK_TIMEZONE", metavar="ZONE",
             help="Zone of naive times and tables; default: the system's."),
        make("--lang", setting="lang", variable="HELPDESK_LANG", metavar="CODE",
             help="Language of tables; default: the locale's."),
        make("--color", setting="color", type=Word("auto", "always", "never"),
             help="Colour; $NO_COLOR and $FORCE_COLOR count too."),
        make("-q", "--quiet", setting="quiet", variable="HELPDESK_QUIET", is_flag=True,
             help="Nothing on stderr but errors."),
        make("-v", "--verbose", setting="verbose", variable="HELPDESK_VERBOSE", count=True,
             help="Say more on stderr."),
        make("--debug", setting="debug", variable="HELPDESK_DEBUG", is_flag=True,
             help="Show a traceback with an error."),
    ]  # fmt: skip


def version_option(*, hidden: bool = False) -> click.Option:
    """Return a new `--version`: it prints it and ends the command."""
    return click.Option(
        ["--version", "shared_version"], is_flag=True, is_eager=True, expose_value=False, hidden=hidden,
        callback=_print_version, help="Print the version.",
    )  # fmt: skip


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"helpdesk {__version__}")
        ctx.exit()


def format_options(
    *, hidden: bool = False, also: tuple[str, ...] = (), default: str = "table"
) -> list[click.Parameter]:
    """Return new `-f` and `--json`; both fill one slot, so that the last of them wins. `also`: formats of
    one command alone; `default`: the one where none is asked for."""
    # Click gives each what was found for the slot, so that both must read the words of the other.
    make = functools.partial(
        Shared,
        section=SECTIONS[1],
        setting="format",
        hidden=hidden,
        type=Word(*FORMATS, *also, option="--format: "),
    )
    return [
        make(("-f", "--format"), help=f"How to print; default: {default}."),
        make(("--json",), flag_value="json", help="The same as -f json."),
    ]


@functools.cache
def _after_the_verb(record: bool, also: tuple[str, ...], default: str) -> tuple[click.Parameter, ...]:
    """Make the options once for all commands of a process: parameters keep no state."""
    shared = [*format_options(hidden=not record, also=also, default=default)]
    if record:
        make = functools.partial(Shared, section=SECTIONS[1])
        shared += [
            make(("--fields",), setting="fields", type=FIELDS, metavar="A,B,...",
                 help="Only these, in this order."),
            make(("--no-headers",), setting="no_headers", is_flag=True,
                 help="No header line (table, csv, markdown)."),
        ]  # fmt: skip
    return (*shared, *global_options(root=False), version_option(hidden=True))


class _SortKey(click.ParamType[str]):
    """A key of the record that a command lists; the list itself knows them."""

    name = "key"

    def shell_complete(
        self, ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete a key, also after the `-` that reverses."""
        from click.shell_completion import CompletionItem

        from helpdesk_cli.services.listing import sort_keys

        sign = "-" if incomplete.startswith("-") else ""
        keys = [sign + key for key in sort_keys(vars(ctx.command.callback)["record"])]
        return [CompletionItem(key) for key in keys if key.startswith(incomplete)]


def list_options(body: Callable[..., None]) -> Callable[..., None]:
    """Give a `list` what all have: the body passes `sort`, `limit` and `count` on to `Output.listing`."""
    for option in (
        click.option("--count", is_flag=True, help="Print only how many there are."),
        click.option(
            "--limit", type=INT, metavar="N", help="At most N, 0 for all; default: 50 in a table."
        ),
        click.option(
            "--sort", type=_SortKey(), metavar="KEY",
            help="Sort by this key of the record; -KEY reverses.",
        ),
    ):  # fmt: skip
        body = option(body)
    return body


def output_options(
    record: str | None, *, default: str = "table", also: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make the function below a command's body that gets an `Output` first.

    `record` names what it prints (`records`), `default` the format where none is asked for. With None
    there is no record: `--json` then shapes the errors, and whatever the body makes of `out.format`. `also`
    are formats that the body prints itself.
    """

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(body)
        def command(**values: Any) -> None:
            state = click.get_current_context().find_object(State)
            assert state is not None, "the root command makes the State"
            body(Output(state, record, default), **values)

        shared = reversed(_after_the_verb(record is not None, also, default))
        vars(command)["record"] = record  # what `--fields` may name
        # Where click's own decorators keep parameters, the last one first.
        vars(command)["__click_params__"] = [*shared, *vars(command).get("__click_params__", [])]
        return command

    return decorate
