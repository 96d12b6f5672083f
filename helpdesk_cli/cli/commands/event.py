"""`helpdesk event`: the log of all tickets, as a stream for scripts."""

from __future__ import annotations

from functools import partial
from itertools import islice

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.types import INT, TICKET, list_option
from helpdesk_cli.errors import UsageError

cli = Noun(
    "event",
    """The log, as a stream for scripts.

    \b
    Examples:
      helpdesk event list --after 120
      helpdesk event list --follow
    """,
)

_ENDLESS = ("jsonl", "csv", "ids")  # formats whose output is whole after each record
_PAUSE = 0.25  # seconds between looks for something new


@cli.command("list")
@click.option("--after", type=INT, default=0, metavar="SEQ", help="Those that follow this `seq`.")
@click.option("--ticket", type=TICKET, metavar="ID", help="Of one ticket.")
@list_option("--type", "types", metavar="TYPE,...", help="Of these types.")
@click.option("--follow", is_flag=True, help="Go on with each new one as it comes, until you end it.")
@click.option("--limit", type=INT, metavar="N", help="At most N, 0 for all; default: 50 in a table.")
@output_options("event", default="jsonl")
def list_(
    out: Output, after: int, ticket: int | None, types: tuple[str, ...], follow: bool, limit: int | None
) -> None:
    """List events in the order in which they were written, one JSON object a line.

    To go on later, remember the last `seq`: nothing is missed, nothing comes twice. `auto_closed` and
    `reopened` stand for their `status_changed`. With --follow it ends on Ctrl-C, when nobody reads any more,
    after --limit events, and with exit code 1 when the database is moved, replaced or deleted.

    \b
    Examples:
      helpdesk event list --after 120
      helpdesk event list --ticket 42 --type clock_breached,escalated
      helpdesk event list --after 120 --follow
      helpdesk event list -f table --limit 20
    """
    from helpdesk_cli.services import events

    if follow and out.format not in _ENDLESS:
        raise UsageError(
            f"--follow has no end, and -f {out.format} has no form without one",
            hint=f"-f {' or '.join(_ENDLESS)}",
        )
    if after > (last := events.last_seq(out.app)):
        out.talk(f"The log ends at {last}, before {after}: was it another database that you read to there?")
    if follow:
        pause = partial(stream.wait, _PAUSE)
        new = events.follow(out.app, after=after, ticket=ticket, types=types, pause=pause)
        out.many(islice(new, limit or None), live=True)
        return
    rows, left = events.list_events(out.app, after=after, ticket=ticket, types=types, limit=out.limit(limit))
    out.many(rows, left=left)
