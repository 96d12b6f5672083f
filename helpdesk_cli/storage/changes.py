"""Changed tickets, written together: a statement for each kind of row, however many tickets there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.storage import clocks, events, messages, notices, tickets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpdesk_cli.domain.due import Summary
    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.storage.database import Database


class Changed(NamedTuple):
    """A ticket before and after its new events, and what follows from these; `before` as it was read, or None
    for a new one, which comes with what stands in its row beside its state: `subject` and `idempotency_key`.
    `run`: the sweep that changed it."""

    before: Ticket | None
    after: Ticket
    summary: Summary
    events: Sequence[Event]
    notices: Sequence[dict[str, Any]]
    messages: Sequence[dict[str, Any]] = ()
    run: int | None = None
    new: Mapping[str, Any] | None = None


def save(db: Database, changed: Sequence[Changed], rules: Rules) -> None:
    """Write the states over the versions that were read, the messages, the events and the notices, in this
    order. RefusedError `version_conflict` where somebody was first."""
    tickets.insert(db, [(each.after, each.summary, each.new) for each in changed if each.new is not None])
    tickets.update(
        db, [(each.before, each.after, each.summary) for each in changed if each.before is not None]
    )
    messages.insert(db, [message for each in changed for message in each.messages])
    clocks.save(db, [(each.before, each.after) for each in changed], rules)
    tickets.save_tags(db, [(each.before, each.after) for each in changed])
    events.append(db, [(each.after.id, each.run, event) for each in changed for event in each.events])
    hooks = rules.hooks()
    if hooks:
        from helpdesk_cli.storage import hook_runs

        hook_runs.note(
            db, hooks, [(event.type, to_text(event.recorded_at)) for each in changed for event in each.events]
        )
    notices.insert(
        db, [{**notice, "ticket_id": each.after.id} for each in changed for notice in each.notices]
    )
