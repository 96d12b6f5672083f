"""`helpdesk help`: pages on what no single command's help can say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.errors import UsageError

_TOPICS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "topics")


@verb("help")
@click.argument("topic", required=False)
@click.argument("verb", required=False)
@output_options(None)
def cli(out: Output, topic: str | None, verb: str | None) -> None:
    """Read about a topic.

    Without TOPIC it lists them. In its place the words of a command print its help.

    \b
    Examples:
      helpdesk help time
      helpdesk help exit-codes
      helpdesk help plan apply
    """
    words = [word.lower() for word in (topic, verb) if word is not None]
    if not words:
        out.page(f"{name:14}{_page(name)[0].lstrip('# ')}" for name in topics())
    elif words[1:] or words[0] not in topics():
        out.page(_help_of(words).splitlines())
    else:
        out.page(_page(words[0]))


def _help_of(words: Sequence[str]) -> str:
    """The help page of a command; UsageError `unknown_topic` where there is none."""
    ctx = click.get_current_context().find_root()
    for word in words:
        group = ctx.command
        command = group.get_command(ctx, word) if isinstance(group, click.Group) else None
        if command is None:
            raise _unknown(" ".join(words), word, ctx)
        ctx = command.context_class(command, info_name=word, parent=ctx)
    return ctx.get_help()


def _unknown(said: str, word: str, ctx: click.Context) -> UsageError:
    """What to say of a word that is neither a topic nor a command of the group in which it stands."""
    from helpdesk_cli.cli.types import did_you_mean
    from helpdesk_cli.errors import UsageError

    names = ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else []
    if ctx.parent is None:
        hint = did_you_mean(word, topics()) or did_you_mean(word, names) or f"there are {', '.join(topics())}"
    else:
        hint = did_you_mean(word, names) or f"{ctx.command_path} --help"
    return UsageError(f"there is no topic or command {said!r}.", code="unknown_topic", hint=hint)


def topics() -> list[str]:
    """Return the names of the topics."""
    return sorted(name.removesuffix(".md") for name in os.listdir(_TOPICS) if name.endswith(".md"))


def _page(name: str) -> list[str]:
    with open(os.path.join(_TOPICS, f"{name}.md"), encoding="utf-8") as file:
        return file.read().splitlines()
