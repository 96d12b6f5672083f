"""New tickets, written together: a statement for each kind of row, however many there are.

Many begin alike, and their rows with them: here is decided which columns of a new ticket's rows are its own,
so that the others need not be made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.storage import clocks, events, messages, notices, tickets
from helpdesk_cli.storage.rows import dumps, insert, list_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.storage.changes import Changed
    from helpdesk_cli.storage.database import Database

    Values = Mapping[str, Any]


class Opening(NamedTuple):
    """The rows of a new ticket by the names of their columns, a message as `messages.insert` takes it."""

    ticket: Values
    tags: Sequence[str]
    messages: Sequence[dict[str, Any]]
    clocks: Sequence[Values]
    events: Sequence[Values]
    notices: Sequence[dict[str, Any]]


def opening(changed: Changed, rules: Rules) -> Opening:
    """The rows of a ticket that is new in `changed`."""
    ticket = changed.after
    assert changed.new is not None, "it is new"
    return Opening(
        {**tickets.row_of(ticket, changed.summary), **changed.new},
        ticket.tags,
        changed.messages,
        [clocks.row_of(ticket.id, clock, rules) for clock in ticket.clocks],
        [events.row_of(ticket.id, changed.run, event) for event in changed.events],
        [{**notice, "ticket_id": ticket.id} for notice in changed.notices],
    )


def alike(
    pattern: Opening,
    created: Values,
    wrote: Values,
    message: dict[str, Any],
    told: Sequence[Values],
    key: str | None,
) -> Opening:
    """The rows of another ticket that begins as `pattern` does, but for what `created` and `wrote`, the data
    of its first two events, and its `message` say; `told` are its notices, `key` its idempotency key."""
    its = {"ticket_id": message["ticket_id"]}
    of_event = {**its, "contact_id": message["contact"]}
    data = {"created": dumps(created), "message": dumps(wrote)}
    own = {
        "id": message["ticket_id"],
        "subject": message["subject"],
        "requester_id": created["requester"],
        "org_id": created["org"],
        "category": created["category"],
        "channel": created["channel"],
        "assignee": created.get("assignee"),
        "team": created.get("team"),
        "tags": list_of(tuple(created["tags"])),
        "idempotency_key": key,
    }
    return Opening(
        {**pattern.ticket, **own},
        created["tags"],
        [message],
        [{**row, **its} for row in pattern.clocks],
        [{**row, **of_event, "data": data.get(row["type"], row["data"])} for row in pattern.events],
        [{**notice, **its} for notice in told],
    )


def save(db: Database, new: Sequence[Opening], rules: Rules) -> None:
    """Write new tickets, the rows of all of one kind after those of another."""
    tickets.insert_rows(db, [each.ticket for each in new])
    messages.insert(db, [row for each in new for row in each.messages])
    insert(db, "clocks", [row for each in new for row in each.clocks])
    tickets.insert_tags(db, ((each.ticket["id"], tag) for each in new for tag in each.tags))
    insert(db, "events", [row for each in new for row in each.events])
    hooks = rules.hooks()
    if hooks:
        from helpdesk_cli.storage import hook_runs

        hook_runs.note(db, hooks, [(row["type"], row["recorded_at"]) for each in new for row in each.events])
    notices.insert(db, [row for each in new for row in each.notices])
