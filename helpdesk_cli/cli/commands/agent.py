"""`helpdesk agent`: who answers; the login is the name that stands on every event."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import list_option

cli = Noun(
    "agent",
    """Support's people.

    Wherever a login is asked for, `me` is the agent who acts.

    \b
    Examples:
      helpdesk agent create ann --email ann@desk.example --team network
      helpdesk agent list
    """,
)


@cli.command("create")
@click.argument("login")
@click.option("--email", required=True, metavar="EMAIL", help="The address.")
@click.option("--name", metavar="NAME", help="The person's name.")
@click.option("--team", metavar="TEAM", help="The team.")
@click.option("--tz", "timezone", metavar="ZONE", help="The person's time zone, such as Europe/Paris.")
@output_options("agent")
def create(out: Output, login: str, email: str, **more: str | None) -> None:
    """Create an agent.

    \b
    Examples:
      helpdesk agent create ann --email ann@desk.example --name "Ann Lee" --team network --tz Europe/Paris
    """
    from helpdesk_cli.services import people

    out.one(people.create_agent(out.app, login, email, given({}, clearable=more)))


@cli.command("list")
@list_option("--team", help="Only of these teams; none: of no team.")
@click.option("--all", "retired", is_flag=True, help="The retired ones too.")
@list_options
@output_options("agent")
def list_(out: Output, team: tuple[str, ...], retired: bool, **paging: Any) -> None:
    """List agents by login.

    \b
    Examples:
      helpdesk agent list
      helpdesk agent list --team network -f ids
      helpdesk agent list --all --sort team
    """
    from helpdesk_cli.services import people

    out.listing(partial(people.list_agents, out.app, team_names=team, retired=retired), **paging)


@cli.command("show")
@click.argument("logins", nargs=-1, required=True, metavar="LOGIN...")
@output_options("agent")
def show(out: Output, logins: tuple[str, ...]) -> None:
    """Show agents; `me` is the one who acts.

    \b
    Examples:
      helpdesk agent show ann
      helpdesk agent show me
    """
    from helpdesk_cli.services import people

    out.batch(logins, lambda login: people.show_agent(out.app, login), parse=str, single=True)


@cli.command("edit")
@click.argument("login")
@click.option("--email", metavar="EMAIL", help="The address.")
@click.option("--name", metavar="NAME", help="The person's name; none: not known.")
@click.option("--team", metavar="TEAM", help="The team; none: no team.")
@click.option("--tz", "timezone", metavar="ZONE", help="The person's time zone; none: not known.")
@click.option("--restore", is_flag=True, help="Take back its retirement.")
@output_options("agent")
def edit(out: Output, login: str, email: str | None, restore: bool, **more: str | None) -> None:
    """Change an agent; the login stays, as it stands on every event.

    \b
    Examples:
      helpdesk agent edit ann --email ann@desk.example --team network
      helpdesk agent edit ann --restore
    """
    from helpdesk_cli.services import people

    fields = given({"email": email}, clearable=more)
    require_some(fields, restore)
    out.one(people.edit_agent(out.app, login, fields, restore=restore))


@cli.command("retire")
@click.argument("login")
@click.option("--reassign-to", metavar="AGENT", help="Who gets its tickets that are not closed, or me.")
@output_options("agent")
def retire(out: Output, login: str, reassign_to: str | None) -> None:
    """Retire an agent: it acts no more and gets no work.

    Its name stays on what it did. Its tickets that are not closed go to another agent and keep their status;
    while it has any, --reassign-to is needed.

    \b
    Examples:
      helpdesk agent retire ann --reassign-to bob
    """
    from helpdesk_cli.services import retirement

    out.one(retirement.retire_agent(out.app, login, reassign_to))
