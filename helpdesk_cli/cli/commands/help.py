"""`helpdesk help`: pages on what no single command's help can say."""

from __future__ import annotations

import os

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options

_TOPICS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "topics")


@verb("help")
@click.argument("topic", required=False)
@output_options(None)
def cli(out: Output, topic: str | None) -> None:
    """Read about a topic.

    Without TOPIC it lists them.

    \b
    Examples:
      helpdesk help time
      helpdesk help exit-codes
    """
    if topic is None:
        out.page(f"{name:14}{_page(name)[0].lstrip('# ')}" for name in topics())
        return
    name = topic.lower()
    if name not in topics():
        from helpdesk_cli.cli.root import NOUNS
        from helpdesk_cli.cli.types import did_you_mean
        from helpdesk_cli.errors import UsageError

        hint = did_you_mean(name, topics()) or f"there are {', '.join(topics())}"
        if name in NOUNS:
            hint = f"helpdesk {name} --help"
        raise UsageError(f"there is no topic {topic!r}.", code="unknown_topic", hint=hint)
    out.page(_page(name))


def topics() -> list[str]:
    """Return the names of the topics."""
    return sorted(name.removesuffix(".md") for name in os.listdir(_TOPICS) if name.endswith(".md"))


def _page(name: str) -> list[str]:
    with open(os.path.join(_TOPICS, f"{name}.md"), encoding="utf-8") as file:
        return file.read().splitlines()
