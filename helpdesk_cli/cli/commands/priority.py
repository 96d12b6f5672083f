"""`helpdesk priority`: the priorities that the policy declares, and those made by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, labels, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options

cli = Noun(
    "priority",
    """Priorities, the most urgent first.

    \b
    Examples:
      helpdesk priority list
      helpdesk priority create vip --before urgent --meaning "the board is waiting"
    """,
)

_LABEL = click.option(
    "--label", multiple=True, metavar="LANG=TEXT", help="What tables show in a language; repeatable."
)


@cli.command("list")
@list_options
@output_options("priority")
def list_(out: Output, **paging: Any) -> None:
    """List the priorities, the most urgent first.

    \b
    Examples:
      helpdesk priority list
      helpdesk priority list -f ids
    """
    from helpdesk_cli.services import policy_records
    from helpdesk_cli.services.listing import page_of

    found = policy_records.list_priorities(out.app)
    out.listing(partial(page_of, found, "priority"), **paging)


@cli.command("show")
@click.argument("name", metavar="PRIORITY")
@output_options("priority")
def show(out: Output, name: str) -> None:
    """Show one priority.

    \b
    Examples:
      helpdesk priority show critical
    """
    from helpdesk_cli.services import policy_records

    out.one(policy_records.show_priority(out.app, name))


@cli.command("create")
@click.argument("name")
@click.option("--before", metavar="PRIORITY", help="The next less urgent one; default: the least urgent.")
@click.option("--meaning", metavar="TEXT", help="When to choose it.")
@_LABEL
@output_options("priority")
def create(out: Output, name: str, before: str | None, meaning: str | None, label: tuple[str, ...]) -> None:
    """Create a priority by hand.

    No plan promises anything for it: that is for the policy file to say, which `helpdesk plan export` writes.
    `helpdesk plan apply` keeps it.

    \b
    Examples:
      helpdesk priority create someday --meaning "when there is time"
      helpdesk priority create vip --before urgent --label en=VIP --label fr="Client VIP"
    """
    from helpdesk_cli.services import handmade

    fields = given({"meaning": meaning, "label": labels(label) or None})
    out.one(handmade.create(out.app, "priority", name, fields, before=before))


@cli.command("edit")
@click.argument("name", metavar="PRIORITY")
@click.option("--before", metavar="PRIORITY", help="The next less urgent one; none: the least urgent.")
@click.option("--meaning", metavar="TEXT", help="When to choose it; none: not said.")
@_LABEL
@click.option("--restore", is_flag=True, help="Take back its retirement.")
@output_options("priority")
def edit(
    out: Output,
    name: str,
    before: str | None,
    meaning: str | None,
    label: tuple[str, ...],
    restore: bool,
) -> None:
    """Change a priority: its place among the others and what is said of it.

    Targets are changed in the policy file. `--label fr=` takes a label away.

    \b
    Examples:
      helpdesk priority edit vip --before critical
      helpdesk priority edit vip --meaning "a customer of the board" --label ar=عاجل
    """
    from helpdesk_cli.services import handmade

    fields = given({"label": labels(label) or None}, clearable={"meaning": meaning})
    require_some(fields, before, restore)
    out.one(handmade.edit(out.app, "priority", name, fields, before=before, restore=restore))


@cli.command("retire")
@click.argument("name", metavar="PRIORITY")
@output_options("priority")
def retire(out: Output, name: str) -> None:
    """Retire a priority: old tickets keep it, new ones cannot have it.

    \b
    Examples:
      helpdesk priority retire someday
    """
    from helpdesk_cli.services import handmade

    out.one(handmade.retire(out.app, "priority", name))
