"""The verbs of a ticket's life: `take assign unassign hold resume resolve close reopen` (`sla.md` 2).

Each takes several tickets, one transaction a ticket, and prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.commands.ticket.several import changed
from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import INSTANT, TICKETS
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

Ids = tuple[int | str, ...]

_ids = click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...")
_body = click.option("--body", metavar="TEXT", help="What was done: sent to the customer first.")


@verb("take")
@_ids
@click.option("--steal", is_flag=True, help="Also from another agent.")
@output_options("ticket")
def take(out: Output, ids: Ids, steal: bool) -> None:
    """Take tickets and begin to work on them.

    \b
    Examples:
      helpdesk ticket take 42
      helpdesk ticket take 42 --steal
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.take(out.app, id_, steal=steal), "assignee")


class _NoAgent(click.Argument):
    """Tickets, where people also type the agent."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Convert as ever; what is no ticket may be a login."""
        try:
            return super().type_cast_value(ctx, value)
        except UsageError as error:
            error.hint = "an agent is named with --to AGENT"
            raise


@verb("assign")
@click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...", cls=_NoAgent)
@click.option("--to", metavar="AGENT", help="The agent; `me` is you.")
@click.option("--team", metavar="TEAM", help="The team; `none` takes it off.")
@output_options("ticket")
def assign(out: Output, ids: Ids, to: str | None, team: str | None) -> None:
    """Give tickets to an agent, a team or both.

    \b
    Examples:
      helpdesk ticket assign 42 --to ann
      helpdesk ticket assign 42 43 --team network
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.assign(out.app, id_, to=to, team=team), "assignee", "team")


@verb("unassign")
@_ids
@output_options("ticket")
def unassign(out: Output, ids: Ids) -> None:
    """Free tickets from their agent.

    The team stays; what was in progress is open again.

    \b
    Examples:
      helpdesk ticket unassign 42
      helpdesk ticket list --assignee ann -f ids | helpdesk ticket unassign -
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.unassign(out.app, id_), "assignee")


@verb("hold")
@_ids
@click.option("--until", type=INSTANT, metavar="INSTANT", help="Go on by itself at this instant.")
@output_options("ticket")
def hold(out: Output, ids: Ids, until: datetime | None) -> None:
    """Put tickets on hold, perhaps until an instant.

    For what waits for somebody else than the customer. It is never closed by silence.

    \b
    Examples:
      helpdesk ticket hold 42
      helpdesk ticket hold 42 --until +3d
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.hold(out.app, id_, until=until), "hold_until")


@verb("resume")
@_ids
@output_options("ticket")
def resume(out: Output, ids: Ids) -> None:
    """Go on with tickets that waited.

    They are in progress if assigned, else open.

    \b
    Examples:
      helpdesk ticket resume 42
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.resume(out.app, id_))


@verb("resolve")
@_ids
@_body
@output_options("ticket")
def resolve(out: Output, ids: Ids, body: str | None) -> None:
    """Resolve tickets: support is sure, the customer has not confirmed.

    \b
    Examples:
      helpdesk ticket resolve 42 --body "The new router is online"
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.resolve(out.app, id_, body=body))


@verb("close")
@_ids
@_body
@click.option("--reason", metavar="WORD", help="Why, such as spam or duplicate; kept in the log.")
@click.option("--as-customer", is_flag=True, help="The requester closes it, where the plan allows that.")
@output_options("ticket")
def close(out: Output, ids: Ids, body: str | None, reason: str | None, as_customer: bool) -> None:
    """Close tickets.

    \b
    Examples:
      helpdesk ticket close 42 --body "Confirmed by phone"
      helpdesk ticket close 42 43 --reason spam
      helpdesk ticket close 42 --as-customer
    """
    from helpdesk_cli.services import lifecycle

    if not as_customer:
        changed(out, ids, lambda id_: lifecycle.close(out.app, id_, body=body, reason=reason))
        return
    if body is not None or reason is not None:
        raise UsageError(
            "--body and --reason are support's words, not the customer's",
            hint="helpdesk ticket reply ID --from EMAIL writes as the customer",
        )
    changed(out, ids, lambda id_: lifecycle.close_as_customer(out.app, id_))


@verb("reopen")
@_ids
@output_options("ticket")
def reopen(out: Output, ids: Ids) -> None:
    """Work on resolved or closed tickets again.

    They are in progress if assigned, else open. The plan's time to reopen binds customers only.

    \b
    Examples:
      helpdesk ticket reopen 42
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.reopen(out.app, id_))
