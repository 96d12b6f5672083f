"""`helpdesk ticket list`, `next`, `show` and `log`: nothing is written, but by `next --take`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import DURATION, INSTANT, INT, TICKET, TICKETS, Word, list_option, org_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Ids = tuple[int | str, ...]

_FILTERS = (
    list_option("--status", help="Statuses or their aliases; `active` (the default), `all`."),
    list_option("--priority", help="Priorities."),
    list_option("--category", help="Categories; `none`."),
    list_option("--type", help="Types; `none`."),
    org_option("Organisations; `none`."),
    list_option("--plan", help="Support plans."),
    list_option("--assignee", metavar="AGENT,...", help="Agents; `me`, `none`."),
    list_option("--team", help="Teams; `none`."),
    list_option("--channel", help="How they came in."),
    list_option("--tag", help="Tags: all of them."),
    list_option("--from", "sender", metavar="EMAIL,...", help="Requesters."),
    click.option("--breached", is_flag=True, help="A deadline was missed, whatever came later."),
    click.option("--overdue", is_flag=True, help="A deadline is missed and not met yet."),
    click.option("--at-risk", is_flag=True, help="Past a warning, not past the limit."),
    click.option("--due-within", type=DURATION, metavar="DURATION", help="Due by then, late ones included."),
    click.option("--created-after", type=INSTANT, metavar="INSTANT", help="Opened then or later."),
    click.option("--created-before", type=INSTANT, metavar="INSTANT", help="Opened earlier."),
    click.option("--updated-after", type=INSTANT, metavar="INSTANT", help="Changed then or later."),
    click.option("--updated-before", type=INSTANT, metavar="INSTANT", help="Last changed earlier."),
    click.option("--text", metavar="QUERY", help="Words in them, as `helpdesk search` finds them."),
)


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@verb("list")
@_filters
@click.option(
    "--sort", metavar="KEY", help="next_due_at, priority, id, created_at, updated_at; -KEY reverses."
)
@click.option("--limit", type=INT, metavar="N", help="At most N rows, 0 for all; default: 50 in a table.")
@click.option("--after", type=TICKET, metavar="ID", help="The page after this ticket; with --sort id.")
@click.option("--count", is_flag=True, help="Print only how many there are.")
@output_options("ticket")
def list_(
    out: Output, *, sort: str | None, limit: int | None, after: int | None, count: bool, **filters: Any
) -> None:
    """List tickets, those with the next deadline first.

    Repeats and commas mean any of, different options all of. `sla` says what is pressing: overdue, at_risk.

    \b
    Examples:
      helpdesk ticket list
      helpdesk ticket list --status open,in_progress --assignee me,none --due-within 4h
      helpdesk ticket list --status all --org "Acme Ltd" --created-after monday --json
      helpdesk ticket list --overdue --count
    """
    from helpdesk_cli.services import ticket_lists

    if count:
        out.count(ticket_lists.count_tickets(out.app, filters))
        return
    rows, left = ticket_lists.list_tickets(out.app, filters, sort=sort, limit=out.limit(limit), after=after)
    out.many(rows, left=left)


@verb("next")
@click.option("--team", metavar="TEAM", help="Only of this team.")
@click.option("--order", type=Word("deadline", "last_message", "fifo"),
              help="By deadline, by who waits longest, or by age; else the policy's.")  # fmt: skip
@click.option("--take", is_flag=True, help="Take it at once: ten workers get ten tickets.")
@output_options("ticket")
def next_(out: Output, team: str | None, order: str | None, take: bool) -> None:
    """Show the ticket to work on now.

    Of the open ones that are free or yours; exit code 3 where there is none left. The table shows what was
    said, too.

    \b
    Examples:
      helpdesk ticket next
      helpdesk ticket next --team network --take
    """
    from helpdesk_cli.services import ticket_lists

    ticket = ticket_lists.next_ticket(out.app, order=order, team=team, take=take)
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        print_page(out, page.full(out, ticket_lists.show(out.app, ticket["id"])))
    else:
        out.one(ticket)


@verb("show")
@click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...")
@click.option("--events", is_flag=True, help="With everything that happened.")
@click.option("--customer-view", is_flag=True, help="Without internal notes.")
@output_options("ticket")
def show(out: Output, ids: Ids, events: bool, customer_view: bool) -> None:
    """Show tickets with their thread and their clocks.

    \b
    Examples:
      helpdesk ticket show 42
      helpdesk ticket show 42 --events --json
      helpdesk ticket show HD-42 --customer-view
    """
    from helpdesk_cli.services import ticket_lists

    def fetch(id_: int) -> dict[str, Any]:
        return ticket_lists.show(out.app, id_, with_events=events, customer_view=customer_view)

    if wants_page(out):
        out.page(_pages(out, ids, fetch))
    else:
        out.batch(ids, fetch, single=True)


def _pages(out: Output, ids: Ids, fetch: Callable[[int], dict[str, Any]]) -> Iterator[str]:
    """A page a ticket, an empty line between them."""
    from helpdesk_cli.cli.commands.ticket import page

    for number, ticket in enumerate(out.each(ids, fetch)):
        if number:
            yield ""
        yield from page.full(out, ticket)


@verb("log")
@click.argument("id_", type=TICKET, metavar="ID")
@output_options("event")
def log(out: Output, id_: int) -> None:
    """Tell what happened to a ticket, event by event.

    \b
    Examples:
      helpdesk ticket log 42
      helpdesk ticket log 42 --json
    """
    from helpdesk_cli.services import ticket_lists

    events = ticket_lists.log(out.app, id_)
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket.log_lines import log_lines

        out.page(log_lines(out, events))
    else:
        out.many(events)
