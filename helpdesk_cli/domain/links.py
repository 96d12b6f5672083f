"""Relations between tickets: which kinds there are, how each reads from the other end, what the log makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.tickets import number
from helpdesk_cli.records.tickets import LINK_KINDS as KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk_cli.domain.events import Event

DUPLICATE_OF, RELATED, BLOCKS, FOLLOW_UP_OF = KINDS
# What the other ticket is to the one that has the link.
BACKWARDS = {
    DUPLICATE_OF: "duplicated by",
    RELATED: "related to",
    BLOCKS: "blocked by",
    FOLLOW_UP_OF: "followed up by",
}
FORWARDS = {**{kind: kind.replace("_", " ") for kind in KINDS}, RELATED: "related to"}


class Link(NamedTuple):
    """Ticket `id` is `kind` to ticket `other`."""

    id: int
    kind: str
    other: int


def of_log(ticket_id: int, events: Iterable[Event]) -> set[Link]:
    """The links that a ticket's own log has made and not removed."""
    links: set[Link] = set()
    for event in events:
        if event.type == "linked":
            link = Link(ticket_id, str(event.data["kind"]), number(str(event.data["ref"])))
            if event.data.get("removed"):
                links.discard(link)
            else:
                links.add(link)
    return links
