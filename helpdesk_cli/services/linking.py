"""Links between tickets: made and removed by agents, told from both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.links import BACKWARDS, BLOCKS, FORWARDS, RELATED
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import NotFoundError, RefusedError
from helpdesk_cli.services import ticket_records
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.storage import ticket_lists as rows
from helpdesk_cli.storage import tickets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from helpdesk_cli.services.app import App


def link(app: App, ticket_id: int, kind: str, other_id: int) -> dict[str, Any]:
    """Say what the ticket is to another one; its record. RefusedError `link_itself`, `linked` where it is so
    already, `link_circle` where the other one is that to it."""
    if ticket_id == other_id:
        raise RefusedError(f"{reference(ticket_id)} cannot be linked to itself", code="link_itself")
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        tickets.load(app.db, other_id)
        holder = _holder(app, ticket_id, kind, other_id)
        if holder is not None:
            raise _refused(holder, ticket_id, kind, other_id)
        join(change, kind, other_id, agent)
    return ticket_records.of_ticket(app, ticket_id)


def unlink(app: App, ticket_id: int, kind: str, other_id: int) -> dict[str, Any]:
    """Remove a link; the record of the ticket. One that is related is so from both ends. NotFoundError
    `no_link`."""
    other_has_it = kind == RELATED and _holder(app, ticket_id, kind, other_id) == other_id
    own, other = (other_id, ticket_id) if other_has_it else (ticket_id, other_id)
    with changing(app, own) as change:
        agent = app.require_agent()["login"]
        tickets.load(app.db, other_id)
        if _holder(app, own, kind, other) != own:
            raise NotFoundError(
                f"{reference(ticket_id)} is not {FORWARDS[kind]} {reference(other_id)}"
                if kind != BLOCKS
                else f"{reference(ticket_id)} does not block {reference(other_id)}",
                code="no_link",
                hint=f"helpdesk ticket show {ticket_id}",
            )
        rows.remove_link(app.db, own, kind, other)
        data = {"kind": kind, "ref": reference(other), "removed": True}
        change.record([Draft("linked", data)], agent)
    return ticket_records.of_ticket(app, ticket_id)


def join(change: Change, kind: str, other_id: int, agent: str) -> None:
    """Link the ticket to another one, which it is not yet."""
    rows.add_link(change.app.db, change.ticket.id, kind, other_id)
    change.record([Draft("linked", {"kind": kind, "ref": reference(other_id)})], agent)


def joined(app: App, ticket_id: int, kind: str, other_id: int) -> bool:
    """Whether one of the two is that to the other."""
    return _holder(app, ticket_id, kind, other_id) is not None


def in_words(app: App, ticket: Mapping[str, Any]) -> Iterator[str]:
    """The links of a ticket's record and those of other tickets to it: `blocks HD-7`, `blocked by HD-5`."""
    yield from (f"{FORWARDS[link['kind']]} {link['ref']}" for link in ticket["links"])
    yield from (f"{BACKWARDS[kind]} {reference(id_)}" for id_, kind in rows.links_to(app.db, ticket["id"]))


def merged_in(app: App, ticket: Mapping[str, Any]) -> list[str]:
    """The tickets that were merged into that of the record."""
    return [reference(id_) for id_ in rows.merged_in(app.db, ticket["id"])]


def _holder(app: App, ticket_id: int, kind: str, other_id: int) -> int | None:
    """Which of the two has the link to the other, None if neither."""
    found = rows.links(app.db, [ticket_id, other_id])
    for own, other in ((ticket_id, other_id), (other_id, ticket_id)):
        if {"kind": kind, "ref": reference(other)} in found[own]:
            return own
    return None


def _refused(holder: int, ticket_id: int, kind: str, other_id: int) -> RefusedError:
    if holder == ticket_id or kind == RELATED:
        return RefusedError(
            f"{reference(ticket_id)} is linked so already: {FORWARDS[kind]} {reference(other_id)}",
            code="linked",
            hint=f"helpdesk ticket link {ticket_id} {kind} {other_id} --remove",
        )
    return RefusedError(
        f"{reference(other_id)} is linked to {reference(ticket_id)} the other way round:"
        f" {FORWARDS[kind]} {reference(ticket_id)}",
        code="link_circle",
        hint=f"helpdesk ticket link {other_id} {kind} {ticket_id} --remove",
    )
