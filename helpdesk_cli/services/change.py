"""One ticket under the write lock: bring it up to now, change it, save it, all in one transaction.

`changing` is how every command changes a ticket. What time has done to the ticket is kept even where the
command is then refused (`sla.md 1`).
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import process
from helpdesk_cli.domain.due import settled, steps, summary
from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.history import record
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import Ticket, reference
from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import merged, notices
from helpdesk_cli.storage import tickets as ticket_rows
from helpdesk_cli.storage.changes import Changed, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.verbs import Draft
    from helpdesk_cli.services.app import App

FAR_BACK = timedelta(days=1)


class Change:
    """The working state of one ticket; `save` writes what was recorded since the last one. `subject` is that
    of its row, read where it is needed and not given; `key` the idempotency key of a new one."""

    def __init__(
        self,
        app: App,
        ticket: Ticket,
        now: datetime,
        run: int | None = None,
        subject: str | None = None,
        key: str | None = None,
    ) -> None:
        self.app = app
        self.ticket = ticket
        self._subject = subject
        self._key = key
        self.now = now
        self.at = settled(ticket, now)
        self.recorded_at = app.real_now()
        self.run = run
        self.events: list[Event] = []
        self._saved: Ticket | None = ticket if ticket.n else None
        self._messages: list[dict[str, Any]] = []
        self._notices: list[notices.Notice] = []

    @property
    def policy(self) -> Policy:
        """The policy version that the ticket stands on."""
        return self.app.policies.get(self.ticket.policy_version)

    def catch_up(self, *, touched: bool) -> list[Event]:
        """What time has done to the ticket up to now; `touched`: a command is at work on it."""
        return [event for written in self.steps(touched=touched) for event in written]

    def steps(self, *, touched: bool) -> Iterator[list[Event]]:
        """The same one thing after the other, each with the ticket as it is after it."""
        rules = self.app.policies
        for ticket, written in steps(self.ticket, self.at, rules, self.recorded_at, touched=touched):
            self._take(ticket, written)
            yield written

    def record(self, drafts: Iterable[Draft], actor: str, contact: int | None = None) -> None:
        """Record events at this instant, one after the other. RefusedError where an agent's change of status
        is none of the company's process."""
        for draft in drafts:
            if contact is None:
                process.require(self.policy, self.ticket, draft)
            self.event(Event(draft.type, self.at, actor, self.recorded_at, draft.data, contact))

    def event(self, event: Event) -> None:
        ticket, written = record(self.ticket, event, self.app.policies)
        self._take(ticket, written)

    def save(self) -> None:
        """Write the state, the new events and the notices that follow from them."""
        changed = self.unsaved()
        if changed:
            save(self.app.db, changed, self.app.policies)
            self._saved = self.ticket
            self.events = []
            self._messages = []
            self._notices = []

    def unsaved(self) -> list[Changed]:
        """What `save` would write: one change, or none."""
        if self._saved is self.ticket:
            return []
        told = [notice._asdict() for notice in self._notices]
        state = summary(self.ticket, self.app.policies)
        new = {"subject": self.subject(), "idempotency_key": self._key} if self._saved is None else None
        return [Changed(self._saved, self.ticket, state, self.events, told, self._messages, self.run, new)]

    def message(
        self,
        body: str,
        *,
        agent: str | None = None,
        contact: int | None = None,
        public: bool,
        channel: str | None = None,
        cc: Iterable[str] = (),
        key: str | None = None,
    ) -> int:
        """A message of an agent (a login) or a contact (an id), to be recorded by the id that this gives."""
        message_id = self.app.db.next_id("messages")
        self._messages.append(
            {
                "id": message_id,
                "ticket_id": self.ticket.id,
                "subject": self.subject(),
                "at": to_text(self.at),
                "agent": agent,
                "contact": contact,
                "public": int(public),
                "channel": channel or self.ticket.channel,
                "body": body,
                "cc": list(cc),
                "idempotency_key": key,
            }
        )
        return message_id

    def subject(self) -> str:
        if self._subject is not None:
            return self._subject
        return ticket_rows.subjects(self.app.db, [self.ticket.id])[self.ticket.id]

    def _take(self, ticket: Ticket, written: list[Event]) -> None:
        self.ticket = ticket
        self.events += written
        for event in written:
            self._notices += notices.of_event(self.app, ticket, event, self.subject)


@contextmanager
def changing(
    app: App, ticket_id: int, meant: Callable[[App, Ticket], Ticket] = merged.refused
) -> Iterator[Change]:
    """The ticket brought up to now, to be changed in the body; a refusal in the body undoes the body
    alone. `meant` says which ticket is, where it was merged. NotFoundError; whatever the body raises."""
    with changing_all(app, (ticket_id,), meant) as (change,):
        yield change


@contextmanager
def changing_all(
    app: App, ids: Iterable[int], meant: Callable[[App, Ticket], Ticket]
) -> Iterator[list[Change]]:
    """The same for several tickets, to be changed together."""
    refused: HelpdeskError | None = None
    with app.write():
        found = [meant(app, ticket_rows.load(app.db, ticket_id)) for ticket_id in ids]
        changes = [Change(app, ticket, app.now()) for ticket in found]
        for change in changes:
            _warn_of_clock(change)
            announce(app, change.ticket, _settle(change))
        kept = [change.ticket for change in changes]
        try:
            with app.db.write():
                yield changes
                done = [_settle(change) for change in changes]
            for change, events in zip(changes, done, strict=True):
                announce(app, change.ticket, events)
        except HelpdeskError as error:
            refused = error
            for change, ticket in zip(changes, kept, strict=True):
                change.ticket = ticket
    if refused is not None:
        raise refused


def _settle(change: Change) -> list[Event]:
    """Bring the ticket up to now and save it; what time has done."""
    done = change.catch_up(touched=True)
    change.save()
    return done


def announce(app: App, ticket: Ticket, events: list[Event]) -> None:
    """Say on stderr which status time changed, before the command came or because of what it did."""
    for event in events:
        if event.type in {"auto_closed", "status_changed", "reopened"}:
            before, after = event.data["before"], event.data["after"]
            when = app.local(event.at)
            app.announcements.append(
                f"{reference(ticket.id)} went from {before} to {after} by itself, {when}"
            )


def _warn_of_clock(change: Change) -> None:
    if change.ticket.last_at - change.now > FAR_BACK:
        change.app.announcements.append(
            f"the clock says {to_text(change.now)}, but {reference(change.ticket.id)} was changed at"
            f" {to_text(change.ticket.last_at)}: recorded as of then"
        )
