"""What became of a merged ticket: another one took its place, which gets the replies that still come.

Replies go through to it, however often that one was merged on; everything else on a merged ticket is refused
(`sla.md 2`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.storage import ticket_lists
from helpdesk_cli.storage import tickets as rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App


def line(app: App, ticket: Ticket) -> Iterator[Ticket]:
    """The ticket, the one that it was merged into, and so on to the one that was not merged."""
    yield ticket
    while ticket.merged_into is not None:
        ticket = rows.load(app.db, ticket.merged_into)
        yield ticket


def last(app: App, ticket: Ticket) -> Ticket:
    """The ticket that a reply to this one goes to."""
    *_, target = line(app, ticket)
    return target


def refused(app: App, ticket: Ticket) -> Ticket:
    """The ticket, which is not merged; RefusedError `merged` where it is."""
    if ticket.merged_into is None:
        return ticket
    target = last(app, ticket).id
    raise RefusedError(
        f"{reference(ticket.id)} was merged into {reference(target)}: only replies still go there",
        code="merged",
        hint=f"helpdesk ticket show {target}",
        details={"merged_into": reference(target)},
    )


def itself(_app: App, ticket: Ticket) -> Ticket:
    """The ticket, merged or not."""
    return ticket


def taken_in(app: App, ticket: Ticket) -> Iterator[Ticket]:
    """Every ticket that was merged into this one, on whatever way."""
    return (rows.load(app.db, id_) for id_ in ticket_lists.merged_in(app.db, ticket.id))
