"""`helpdesk category`: the categories that the policy declares."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

cli = Noun(
    "category",
    """Categories: departments and queues.

    \b
    Examples:
      helpdesk category list
    """,
)


@cli.command("list")
@output_options("category")
def list_(out: Output) -> None:
    """List the categories.

    \b
    Examples:
      helpdesk category list
      helpdesk category list -f ids
    """
    from helpdesk_cli.services import policy

    out.many(policy.list_categories(out.app))


@cli.command("show")
@click.argument("name", metavar="CATEGORY")
@output_options("category")
def show(out: Output, name: str) -> None:
    """Show one category.

    \b
    Examples:
      helpdesk category show technical
    """
    from helpdesk_cli.services import policy

    out.one(policy.show_category(out.app, name))
