"""`helpdesk event`: the log of all tickets, as a stream for scripts."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import INT, TICKET, list_option

cli = Noun(
    "event",
    """The log, as a stream for scripts.

    \b
    Examples:
      helpdesk event list --after 120
    """,
)


@cli.command("list")
@click.option("--after", type=INT, default=0, metavar="SEQ", help="Those that follow this `seq`.")
@click.option("--ticket", type=TICKET, metavar="ID", help="Of one ticket.")
@list_option("--type", "types", metavar="TYPE,...", help="Of these types.")
@click.option("--limit", type=INT, metavar="N", help="At most N, 0 for all; default: 50 in a table.")
@output_options("event", default="jsonl")
def list_(out: Output, after: int, ticket: int | None, types: tuple[str, ...], limit: int | None) -> None:
    """List events in the order in which they were written, one JSON object a line.

    To go on later, remember the last `seq`. `auto_closed` and `reopened` stand for their `status_changed`.

    \b
    Examples:
      helpdesk event list --after 120
      helpdesk event list --ticket 42 --type clock_breached,escalated
      helpdesk event list -f table --limit 20
    """
    from helpdesk_cli.services import events

    rows, left = events.list_events(out.app, after=after, ticket=ticket, types=types, limit=out.limit(limit))
    out.many(rows, left=left)
