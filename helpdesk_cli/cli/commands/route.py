"""`helpdesk route`: which rule of the policy gives a ticket to whom."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import TICKET

cli = Noun(
    "route",
    """Routes: which rule gives a ticket to whom, and why.

    They are declared in the policy file, under `routing`: the first that fits counts. A new ticket is routed,
    and one whose priority, category or type an agent edits, where another rule fits then. Who has begun work
    on it keeps it. Agents who are away are passed over.

    \b
    Examples:
      helpdesk route explain 42
    """,
)


@cli.command("explain")
@click.argument("ticket", type=TICKET, metavar="ID")
@output_options("route")
def explain(out: Output, ticket: int) -> None:
    """Say which rule a ticket comes under and why.

    Each rule before it is shown with the first condition that does not hold. Whom it may choose is shown with
    their active tickets and their last turn. The rules are those of the policy in force now; `routed_by` is
    the one that the ticket came by.

    \b
    Examples:
      helpdesk route explain 42
      helpdesk route explain HD-42 --json
    """
    from helpdesk_cli.services import routing

    out.one(routing.explain(out.app, ticket))
