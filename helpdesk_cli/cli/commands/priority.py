"""`helpdesk priority`: the priorities that the policy declares."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

cli = Noun(
    "priority",
    """Priorities, the most urgent first.

    \b
    Examples:
      helpdesk priority list
    """,
)


@cli.command("list")
@output_options("priority")
def list_(out: Output) -> None:
    """List the priorities, the most urgent first.

    \b
    Examples:
      helpdesk priority list
      helpdesk priority list -f ids
    """
    from helpdesk_cli.services import policy

    out.many(policy.list_priorities(out.app))


@cli.command("show")
@click.argument("name", metavar="PRIORITY")
@output_options("priority")
def show(out: Output, name: str) -> None:
    """Show one priority.

    \b
    Examples:
      helpdesk priority show critical
    """
    from helpdesk_cli.services import policy

    out.one(policy.show_priority(out.app, name))
