"""Who a ticket is from, as an agent wants to know it: the person, and how their organisation is treated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.services import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.services.app import App


class Requester(NamedTuple):
    """`name` of the person; `vip`, `tier` and `manager` (a login) of the ticket's organisation."""

    name: str | None
    vip: bool = False
    tier: str | None = None
    manager: str | None = None


def of_ticket(app: App, ticket: Mapping[str, Any]) -> Requester:
    """The requester of a ticket record; what nobody wrote down is None."""
    with app.db.read():
        found = Requester(lookup.contact(app.db, ticket["requester"])["name"])
        if ticket["org"] is None:
            return found
        org = lookup.org(app.db, ticket["org"])
    return found._replace(vip=bool(org["vip"]), tier=org["tier"], manager=org["account_manager"])
