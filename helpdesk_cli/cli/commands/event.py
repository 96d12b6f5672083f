"""`helpdesk event`: the log of all tickets, as a stream for scripts."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.types import INT, TICKET, list_option, org_option
from helpdesk_cli.errors import UsageError
from helpdesk_cli.records.event_types import EVENT_TYPES

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
@org_option("Of all tickets of these organisations; none: of no organisation.")
@list_option("--contact", metavar="EMAIL,...", help="Of all tickets that these contacts asked for.")
@list_option("--type", "types", metavar="TYPE,...", help=f"Of these types: {', '.join(EVENT_TYPES)}.")
@click.option("--follow", is_flag=True, help="Go on with each new one as it comes, until you end it.")
@list_options
@output_options("event", default="jsonl")
def list_(
    out: Output,
    after: int,
    ticket: int | None,
    org: tuple[str, ...],
    contact: tuple[str, ...],
    types: tuple[str, ...],
    follow: bool,
    **paging: Any,
) -> None:
    """List events in the order in which they were written, one JSON object a line.

    To go on later, remember the last `seq`: nothing is missed, nothing comes twice. A log that ends before it
    is refused, exit code 4: an older state was restored. With --follow it ends on Ctrl-C, when nobody reads
    any more, after --limit events, and with exit code 1 when the database is moved, replaced or deleted.

    \b
    Examples:
      helpdesk event list --after 120
      helpdesk event list --ticket 42 --type clock_breached,escalated
      helpdesk event list --org "Acme Ltd" --type message,status_changed
      helpdesk event list --after 120 --follow
      helpdesk event list -f table --sort -seq --limit 20
    """
    from helpdesk_cli.cli.commands.ticket.log_lines import in_words
    from helpdesk_cli.services import events

    wanted: Any = {"after": after, "ticket": ticket, "types": types, "orgs": org, "contacts": contact}
    if follow:
        _require_endless(out, **paging)
        new = events.follow(out.app, pause=partial(stream.wait, _PAUSE), **wanted)
        out.many(islice(new, paging["limit"] or None), live=True)
        return

    def found(**page: Any) -> Any:
        rows, left = events.list_events(out.app, **wanted, **page)
        return (in_words(out, row) for row in rows), left

    out.listing(found, **paging)


def _require_endless(out: Output, *, sort: str | None, count: bool, **_limit: int | None) -> None:
    """UsageError for what cannot go on for ever."""
    if out.format not in _ENDLESS:
        raise UsageError(
            f"--follow has no end, and -f {out.format} has no form without one",
            hint=f"-f {' or '.join(_ENDLESS)}",
        )
    if count or sort is not None:
        option = "--count" if count else "--sort"
        raise UsageError(f"--follow has no end, and {option} needs one", hint=f"leave out {option}")
