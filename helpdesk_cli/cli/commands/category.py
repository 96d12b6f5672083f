"""`helpdesk category`: the categories that the policy declares, and those made by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, labels, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options

cli = Noun(
    "category",
    """Categories: departments and queues.

    \b
    Examples:
      helpdesk category list
      helpdesk category create spam --description "what nobody has to answer"
    """,
)

_LABEL = click.option(
    "--label", multiple=True, metavar="LANG=TEXT", help="What tables show in a language; repeatable."
)


@cli.command("list")
@list_options
@output_options("category")
def list_(out: Output, **paging: Any) -> None:
    """List the categories.

    \b
    Examples:
      helpdesk category list
      helpdesk category list -f ids
    """
    from helpdesk_cli.services import policy_records
    from helpdesk_cli.services.listing import page_of

    found = policy_records.list_categories(out.app)
    out.listing(partial(page_of, found, "category"), **paging)


@cli.command("show")
@click.argument("name", metavar="CATEGORY")
@output_options("category")
def show(out: Output, name: str) -> None:
    """Show one category.

    \b
    Examples:
      helpdesk category show technical
    """
    from helpdesk_cli.services import policy_records

    out.one(policy_records.show_category(out.app, name))


@cli.command("create")
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What belongs there.")
@_LABEL
@output_options("category")
def create(out: Output, name: str, description: str | None, label: tuple[str, ...]) -> None:
    """Create a category by hand.

    `helpdesk plan apply` keeps it, `helpdesk plan export` writes it.

    \b
    Examples:
      helpdesk category create returns --description "what comes back" --label fr=Retours
    """
    from helpdesk_cli.services import handmade

    fields = given({"description": description, "label": labels(label) or None})
    out.one(handmade.create(out.app, "category", name, fields))


@cli.command("edit")
@click.argument("name", metavar="CATEGORY")
@click.option("--description", metavar="TEXT", help="What belongs there; none: not said.")
@_LABEL
@click.option("--restore", is_flag=True, help="Take back its retirement.")
@output_options("category")
def edit(out: Output, name: str, description: str | None, label: tuple[str, ...], restore: bool) -> None:
    """Change what is said of a category.

    `--label fr=` takes a label away.

    \b
    Examples:
      helpdesk category edit returns --description "what customers send back"
      helpdesk category edit returns --restore
    """
    from helpdesk_cli.services import handmade

    fields = given({"label": labels(label) or None}, clearable={"description": description})
    require_some(fields, restore)
    out.one(handmade.edit(out.app, "category", name, fields, restore=restore))


@cli.command("retire")
@click.argument("name", metavar="CATEGORY")
@output_options("category")
def retire(out: Output, name: str) -> None:
    """Retire a category: old tickets keep it, new ones cannot have it.

    \b
    Examples:
      helpdesk category retire returns
    """
    from helpdesk_cli.services import handmade

    out.one(handmade.retire(out.app, "category", name))
