"""The state of one ticket: what its events have made of it (`sla.md 1`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import statuses

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk_cli.domain.clocks import Clock


class Escalation(NamedTuple):
    """What became of it that somebody asked for escalation (Z28): the level that was reached, the agent who
    sees to it, since when; the reason and the impact that were stated last."""

    level: int
    owner: str | None
    since: datetime
    reason: str
    impact: str | None = None


class Ticket(NamedTuple):
    """A ticket as its log tells it; instants are UTC, agents logins, customers and organisations ids.

    `n` is the ordinal of the last event and `last_at` its instant: nothing happens to the ticket earlier.
    `unanswered_since` is the oldest customer message that no public agent message followed.
    `wait_at` and `wait_n` are the
    base of auto-closure: the last public message or entry into the status (`sla.md 7`); `reminded_n` is
    the wait that was reminded, `hold_n` the event that set `hold_until`. `time_spent` is in seconds.
    """

    id: int
    requester: int
    org: int | None
    status: str
    priority: str
    category: str | None
    type: str | None
    plan: str
    channel: str
    tags: tuple[str, ...]
    policy_version: int
    on_behalf: bool
    created_at: datetime
    updated_at: datetime
    last_at: datetime
    version: int = 0
    n: int = 0
    assignee: str | None = None
    team: str | None = None
    first_responded_at: datetime | None = None
    first_resolved_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    close_reason: str | None = None
    reopened_count: int = 0
    hold_until: datetime | None = None
    hold_n: int = 0
    last_customer_message_at: datetime | None = None
    last_agent_message_at: datetime | None = None
    merged_into: int | None = None
    time_spent: int = 0
    first_customer_at: datetime | None = None
    unanswered_since: datetime | None = None
    wait_at: datetime | None = None
    wait_n: int = 0
    reminded_n: int = 0
    clocks: tuple[Clock, ...] = ()
    escalation: Escalation | None = None

    @property
    def stopped(self) -> bool:
        """Resolved or closed: no clock runs."""
        return self.status in statuses.STOPPED

    @property
    def breached(self) -> bool:
        """Whether any clock ever breached."""
        return any(clock.breached_at is not None for clock in self.clocks)

    def clock(self, name: str, instance: int) -> Clock:
        """That instance, which exists."""
        return next(c for c in self.clocks if (c.name, c.instance) == (name, instance))


def reference(ticket_id: int) -> str:
    """`HD-42`."""
    return f"HD-{ticket_id}"


def number(reference_: str) -> int:
    """The id in a reference, as events name tickets."""
    return int(reference_.removeprefix("HD-"))
