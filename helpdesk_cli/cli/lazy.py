"""Groups whose subcommands are imported only when used, and what a verb's help page looks like.

A table gives each subcommand's place and short help, so that listing, completing and suggesting commands
imports none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.render import stream
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Table = Mapping[str, tuple[str, str]]  # name -> ("package.module:attribute", short help)
SECTIONS = ("Options", "Output options", "Global options")
_WIDEST_HELP = 80


class _Context(click.Context):
    """click's context, but without `shutil` and the five modules behind it to find a help page's width."""

    def make_formatter(self) -> click.HelpFormatter:
        return click.HelpFormatter(width=max(min(stream.columns(), _WIDEST_HELP) - 2, 50))


class Verb(click.Command):
    """A command whose help leaves out the global options and sets the output options apart."""

    context_class = _Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, then refuse text that is no UTF-8: it could be stored by no database."""
        whole = all(map(_is_utf8, args))  # asked first: the parser uses up the list
        rest = super().parse_args(ctx, args)
        if not whole and not ctx.resilient_parsing:
            _refuse_bytes(self, ctx)
        return rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verb's own options, then the shared ones of the output."""
        _write_options(self, ctx, formatter)
        formatter.write_paragraph()
        formatter.write("The global options of `helpdesk --help` are accepted here too.\n")


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options under their headings, which have one order on every page."""
    sections: dict[str, list[tuple[str, str]]] = {name: [] for name in SECTIONS}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None and not isinstance(param, click.Argument):
            sections[getattr(param, "section", SECTIONS[0])].append(record)
    for title, records in sections.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class LazyGroup(click.Group):
    """A group that knows its subcommands by a table: name -> ("module:attribute", short help)."""

    command_class = Verb
    context_class = _Context

    def __init__(self, *args: Any, table: Table | None = None, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.table: Table = table or {}

    def meant(self, name: str) -> str | None:
        """Say what to type for a word that is no subcommand; None where nothing is known."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands in the order of the table, then in that of their definition."""
        return [*self.table, *(name for name in self.commands if name not in self.table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one subcommand; None if there is none of that name."""
        if cmd_name not in self.table:
            return self.commands.get(cmd_name)
        from importlib import import_module

        module, _, attribute = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute or "cli")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; click would suggest only those that are loaded already."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            name, names = error.command_name, self.list_commands(ctx)
            if hint := self.meant(name):
                raise UsageError(error.message, code="no_such_command", hint=hint) from None
            raise click.exceptions.NoSuchCommand(name, possibilities=names, ctx=ctx) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first: they are what most readers look for."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands with their short help, importing none."""
        names = self.list_commands(ctx)
        if names:
            with formatter.section("Commands"):
                formatter.write_dl([(name, self._short_help(name)) for name in names])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete subcommands and options, importing none of the subcommands."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        items = [CompletionItem(name, help=self._short_help(name)) for name in names]
        return items + click.Command.shell_complete(self, ctx, incomplete)

    def _short_help(self, name: str) -> str:
        if name in self.table:
            return self.table[name][1]
        return self.commands[name].get_short_help_str(limit=80)


class Noun(LazyGroup):
    """A noun's group: `cli = Noun("org", "One sentence, then Examples")`, then `@cli.command("list")`.

    `verbs` is the table of a noun whose verbs live in several modules; `meant` knows words that are no verbs.
    """

    def __init__(
        self,
        name: str,
        text: str,
        verbs: Table | None = None,
        meant: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__(name, table=verbs, help=text, options_metavar=None, subcommand_metavar="VERB ...")
        self._meant = meant

    def meant(self, name: str) -> str | None:
        """Ask what the noun was given."""
        return None if self._meant is None else self._meant(name)


def verb(name: str) -> Callable[[Callable[..., Any]], Verb]:
    """Make a command that is not attached to a group here: a plain one, or one named in a noun's table."""
    return click.command(name, cls=Verb)


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _refuse_bytes(command: click.Command, ctx: click.Context) -> None:
    """Name the first value with bytes that are no UTF-8; file names may hold any byte."""
    for param in command.params:
        if isinstance(param.type, (click.Path, click.File)):
            continue
        value = ctx.params.get(param.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and not _is_utf8(text):
                raise click.BadParameter(f"{text!r} is not valid UTF-8.", ctx=ctx, param=param)
