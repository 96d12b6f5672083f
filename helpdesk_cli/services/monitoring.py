"""Whether all is well, for a monitor: nothing overdue, and a sweep has run lately (`cli.md`, sla check).

The counts are those of `ticket list --overdue --count` and `--at-risk --count`: only active tickets are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.filters import Order, TicketFilter
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.statuses import ACTIVE
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.storage import runs, ticket_lists

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App

OVERDUE = TicketFilter(status=ACTIVE, overdue=True)
AT_RISK = TicketFilter(status=ACTIVE, at_risk=True)
_NOBODYS = OVERDUE._replace(assignee=(None,))
_NAMED = 5


def check(app: App, *, max_sweep_age: int, named: int | None = _NAMED) -> dict[str, Any]:
    """The record `sla_check`: `ok` is false where a ticket is overdue, or no sweep went up to an instant
    of the last `max_sweep_age` seconds. A sweep that did not end counts for nothing, as a dry run and one
    dated after now. `named` of the overdue are named, None: all."""
    now = app.now()
    with app.db.read():
        overdue = ticket_lists.count(app.db, ticket_lists.compiled(OVERDUE, now))
        nobodys = ticket_lists.count(app.db, ticket_lists.compiled(_NOBODYS, now))
        order = Order("next_due_at")
        late = list(ticket_lists.stream(app.db, ticket_lists.compiled(OVERDUE, now), order, named))
        at_risk = ticket_lists.count(app.db, ticket_lists.compiled(AT_RISK, now))
        swept_at = runs.latest(app.db, to_text(now))
    age = None if swept_at is None else int((now - from_text(swept_at)).total_seconds())
    lately = age is not None and age <= max_sweep_age
    return {
        "ok": lately and not overdue,
        "at": to_text(now),
        "overdue": overdue,
        "at_risk": at_risk,
        "swept_lately": lately,
        "last_sweep_at": swept_at,
        "sweep_age_seconds": age,
        "max_sweep_age_seconds": max_sweep_age,
        "overdue_unassigned": nobodys,
        "overdue_refs": [reference(row["id"]) for row in late],
    }
