"""`helpdesk team`: agents who share tickets; the lead hears of what nobody has taken."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options

cli = Noun(
    "team",
    """Teams of agents.

    \b
    Examples:
      helpdesk team create network --lead ann
      helpdesk agent edit bob --team network
    """,
)


@cli.command("create")
@click.argument("name")
@click.option("--lead", metavar="AGENT", help="The agent who leads it.")
@output_options("team")
def create(out: Output, name: str, lead: str | None) -> None:
    """Create a team.

    \b
    Examples:
      helpdesk team create network --lead ann
    """
    from helpdesk_cli.services import people

    out.one(people.create_team(out.app, name, **given({}, clearable={"lead": lead})))


@cli.command("list")
@list_options
@output_options("team")
def list_(out: Output, **paging: Any) -> None:
    """List teams by name.

    \b
    Examples:
      helpdesk team list
    """
    from helpdesk_cli.services import people

    out.listing(partial(people.list_teams, out.app), **paging)


@cli.command("show")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@output_options("team")
def show(out: Output, names: tuple[str, ...]) -> None:
    """Show teams.

    \b
    Examples:
      helpdesk team show network
    """
    from helpdesk_cli.services import people

    out.batch(names, lambda name: people.show_team(out.app, name), parse=str, single=True)


@cli.command("edit")
@click.argument("name")
@click.option("--lead", metavar="AGENT", help="The agent who leads it; none: nobody.")
@output_options("team")
def edit(out: Output, name: str, lead: str | None) -> None:
    """Change a team.

    \b
    Examples:
      helpdesk team edit network --lead bob
    """
    from helpdesk_cli.services import people

    fields = given({}, clearable={"lead": lead})
    require_some(fields)
    out.one(people.edit_team(out.app, name, **fields))
