"""Many tickets opened in one use case: what they share is asked and worked out once.

What the rules make of a new ticket depends on the instant, the policy, its plan, priority and type and on who
wrote it, and not on what is its `OWN`. So the first one that begins in some way is opened as any other, and
those after it are made like it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.events import SWEEP
from helpdesk_cli.services import notices
from helpdesk_cli.services.tickets import Beginnings, opened
from helpdesk_cli.storage import openings as rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.services.notices import Telling
    from helpdesk_cli.services.tickets import Request
    from helpdesk_cli.storage.changes import Changed
    from helpdesk_cli.storage.database import Row

# Of what a `created` event says: neither clocks nor anything that is due follow from it.
OWN = frozenset(
    {"requester", "org", "category", "channel", "tags", "team", "assignee", "rule", "nobody_free"}
)
_REMEMBERED = 10_000


class Known:
    """Who writes and who is told of it, from one transaction to the next: asked again where somebody else has
    written meanwhile."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._as_of = 0
        self.senders: dict[tuple[str, str | None], Row] = {}
        self.told: dict[tuple[int, int | None], Telling] = {}

    def begin(self) -> None:
        """A transaction begins."""
        as_of = self._app.db.changes()
        if as_of != self._as_of or max(len(self.senders), len(self.told)) > _REMEMBERED:
            self.senders.clear()
            self.told.clear()
        self._as_of = as_of


class _Pattern(NamedTuple):
    """A ticket that was opened, for those that begin alike: its state, its first two events, all its rows."""

    ticket: Ticket
    created: Event
    wrote: Event
    rows: rows.Opening


class Openings:
    """The tickets opened in one transaction, none of them written before `save`."""

    def __init__(self, app: App, known: Known) -> None:
        known.begin()
        self._app = app
        self._known = known
        self._beginnings = Beginnings(app)
        self._patterns: dict[tuple[Any, ...], _Pattern] = {}
        self._new: list[rows.Opening] = []

    def open(self, request: Request) -> int:
        """Open a ticket of a cleaned request; its id. Errors as those of `people.sender` and `Beginnings`:
        where the ticket is refused, no contact is made for it."""
        sender = request.sender, request.org
        contact = self._known.senders.get(sender)
        if contact is not None:
            return self._open(request, contact)
        with self._app.db.write():
            contact = self._beginnings.sender(request)
            ticket_id = self._open(request, contact)
        self._known.senders[sender] = contact
        return ticket_id

    def save(self) -> None:
        """Write them."""
        self._beginnings.save()
        rows.save(self._app.db, self._new, self._app.policies)

    def _open(self, request: Request, contact: Row) -> int:
        agent, data = self._beginnings.author(request), self._beginnings.of(request, contact)
        begins = agent, *(value for name, value in data.items() if name not in OWN)
        pattern = self._patterns.get(begins)
        if pattern is not None:
            self._new.append(self._alike(pattern, request, data))
        else:
            (changed,) = opened(self._app, request, agent, data).unsaved()
            self._new.append(rows.opening(changed, self._app.policies))
            if all(event.actor != SWEEP for event in changed.events):
                self._patterns[begins] = _pattern(changed, self._new[-1])
        ticket_id: int = self._new[-1].ticket["id"]
        return ticket_id

    def _alike(self, pattern: _Pattern, request: Request, data: dict[str, Any]) -> rows.Opening:
        db = self._app.db
        ticket_id, message_id = db.next_id("tickets"), db.next_id("messages")
        (first,) = pattern.rows.messages
        message = {
            **first,
            "id": message_id,
            "ticket_id": ticket_id,
            "subject": request.subject,
            "contact": first["contact"] and data["requester"],
            "channel": request.channel,
            "body": request.body,
        }
        wrote = {**pattern.wrote.data, "message": message_id}
        told = notices.written(self._told(pattern, data), ticket_id, pattern.created, request.subject)
        return rows.alike(
            pattern.rows, data, wrote, message, [each._asdict() for each in told], request.idempotency_key
        )

    def _told(self, pattern: _Pattern, data: Mapping[str, Any]) -> Telling:
        """Whom the confirmation goes to."""
        key = data["requester"], data["org"]
        found = self._known.told.get(key)
        if found is None:
            ticket = pattern.ticket._replace(requester=key[0], org=key[1])
            found = self._known.told[key] = notices.telling(self._app, ticket, pattern.created)
        return found


def _pattern(changed: Changed, new: rows.Opening) -> _Pattern:
    first = {event.type: event for event in reversed(changed.events)}
    return _Pattern(changed.after, first["created"], first["message"], new)
