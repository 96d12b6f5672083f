"""Whether a customer may write as they do: what the policy says of strangers, of freemail and of channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain import people as rules
from helpdesk_cli.domain import senders
from helpdesk_cli.domain.text import fold
from helpdesk_cli.storage import orgs
from helpdesk_cli.storage import people as store

if TYPE_CHECKING:
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.senders import Objection
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row


def require_known(app: App, policy: Policy, email: str, org: str | None) -> None:
    """Before a contact is made for the sender of a new ticket: RefusedError `unknown_sender` for a stranger,
    or that is told, as the policy says. Who is brought into an organisation by name is none."""
    if org is not None or policy.document.get("unknown_sender", "accept") == "accept":
        return
    address = rules.address(email)
    known = store.contact_by_key(app.db, fold(address)) is not None
    if not known and not orgs.by_domain(app.db, rules.domain_of(address)):
        _object(app, senders.stranger(policy.document, address))


def require_domain(app: App, policy: Policy, contact: Row) -> None:
    """RefusedError `freemail` for an address of that kind without an organisation, or that is told."""
    if contact["org_id"] is None:
        _object(app, senders.freemail(policy.document, contact["email"]))


def require_channel(app: App, policy: Policy, org_id: int | None, channel: str | None) -> None:
    """RefusedError `channel` where the organisation's tier has not the one that was named."""
    if channel is None or org_id is None or "tiers" not in policy.document:
        return
    org = orgs.by_id(app.db, org_id)
    senders.require_channel(policy.document, None if org is None else org["tier"], channel)


def _object(app: App, objection: Objection | None) -> None:
    if objection is None:
        return
    if objection.refused:
        raise objection.error()
    app.announcements.append(f"{objection.message}; {objection.hint}")
