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
      helpdesk agent away
    """,
)


@cli.command("create")
@click.argument("login")
@click.option("--email", required=True, metavar="EMAIL", help="The address.")
@click.option("--name", metavar="NAME", help="The person's name.")
@click.option("--team", metavar="TEAM", help="The team.")
@click.option("--tz", "timezone", metavar="ZONE", help="The person's time zone, such as Europe/Paris.")
@list_option("--skill", help="What the person is good at.")
@output_options("agent")
def create(out: Output, login: str, email: str, skill: tuple[str, ...], **more: str | None) -> None:
    """Create an agent.

    \b
    Examples:
      helpdesk agent create ann --email ann@desk.example --name "Ann Lee" --team network --tz Europe/Paris
      helpdesk agent create bob --email bob@desk.example --skill network,arabic
    """
    from helpdesk_cli.services import people

    fields = given({"skills": _skills(skill)}, clearable=more)
    out.one(people.create_agent(out.app, login, email, fields))


def _skills(words: tuple[str, ...]) -> list[str] | None:
    """The skills that are meant, none of them for the word `none`; None where nothing is said."""
    return [word for word in words if word.strip().casefold() != "none"] if words else None


@cli.command("list")
@list_option("--team", help="Only of these teams; none: of no team.")
@list_option("--skill", help="Only those who have all of these skills.")
@click.option("--away", is_flag=True, help="Only those who are away.")
@click.option("--all", "retired", is_flag=True, help="The retired ones too.")
@list_options
@output_options("agent")
def list_(
    out: Output, team: tuple[str, ...], skill: tuple[str, ...], away: bool, retired: bool, **paging: Any
) -> None:
    """List agents by login.

    \b
    Examples:
      helpdesk agent list
      helpdesk agent list --team network -f ids
      helpdesk agent list --skill network --away
      helpdesk agent list --all --sort team
    """
    from helpdesk_cli.services import people

    wanted = partial(people.list_agents, out.app, team_names=team, skills=skill, away=away, retired=retired)
    out.listing(wanted, **paging)


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
@list_option(
    "--skill", help="All that the person is good at, instead of what was said before; none: nothing."
)
@click.option("--restore", is_flag=True, help="Take back its retirement.")
@output_options("agent")
def edit(
    out: Output, login: str, email: str | None, skill: tuple[str, ...], restore: bool, **more: str | None
) -> None:
    """Change an agent; the login stays, as it stands on every event.

    \b
    Examples:
      helpdesk agent edit ann --email ann@desk.example --team network
      helpdesk agent edit ann --restore
    """
    from helpdesk_cli.services import people

    fields = given({"email": email, "skills": _skills(skill)}, clearable=more)
    require_some(fields, restore)
    out.one(people.edit_agent(out.app, login, fields, restore=restore))


@cli.command("away")
@click.argument("logins", nargs=-1, metavar="LOGIN...")
@output_options("agent")
def away(out: Output, logins: tuple[str, ...]) -> None:
    """Say that agents are away; without a name, that you are.

    Routing passes over them, and who gives them a ticket is told. Their tickets stay theirs.

    \b
    Examples:
      helpdesk agent away
      helpdesk agent away ann bob
    """
    _set_away(out, logins, away=True)


@cli.command("back")
@click.argument("logins", nargs=-1, metavar="LOGIN...")
@output_options("agent")
def back(out: Output, logins: tuple[str, ...]) -> None:
    """Say that agents are back; without a name, that you are.

    \b
    Examples:
      helpdesk agent back
      helpdesk agent back ann bob
    """
    _set_away(out, logins, away=False)


def _set_away(out: Output, logins: tuple[str, ...], *, away: bool) -> None:
    from helpdesk_cli.services import presence

    def change(login: str) -> dict[str, Any]:
        return presence.set_away(out.app, login, away=away)

    out.batch(logins or ("me",), change, parse=str)


@cli.command("retire")
@click.argument("login")
@click.option("--reassign-to", metavar="AGENT", help="Who gets its tickets that are not closed, or me.")
@output_options("agent")
def retire(out: Output, login: str, reassign_to: str | None) -> None:
    """Retire an agent: it acts no more and gets no work.

    Its name stays on what it did. Its tickets that are not closed go to another agent and keep their status;
    while it has any, --reassign-to is needed. The escalations that it owns go there too, or are named.

    \b
    Examples:
      helpdesk agent retire ann --reassign-to bob
    """
    from helpdesk_cli.services import retirement

    out.one(retirement.retire_agent(out.app, login, reassign_to))
