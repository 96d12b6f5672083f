"""Auto-closure and its reminder (`sla.md 7`): when a silent ticket closes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.calendars import NoWorkingTimeError

if TYPE_CHECKING:
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket


class Closure(NamedTuple):
    """What silence will do: `remind_at` is null where no reminder is to come in this wait."""

    base: datetime
    remind_at: datetime | None
    close_at: datetime | None


def closure(ticket: Ticket, rules: Rules) -> Closure | None:
    """The closure to come, from the later of the last public message and the entry into the status;
    None where the plan names another status or none. Elapsed time, unless the plan names a calendar."""
    policy = rules.get(ticket.policy_version)
    rule = policy.plan(ticket.plan).auto_close
    if not rule.after or ticket.status not in rule.statuses or ticket.wait_at is None:
        return None
    base = ticket.wait_at

    def after(seconds: int) -> datetime | None:
        if rule.calendar is None:
            return base + timedelta(seconds=seconds)
        try:
            return policy.calendar(rule.calendar).add(base, seconds)
        except NoWorkingTimeError:
            return None

    to_come = rule.remind_after is not None and ticket.reminded_n != ticket.wait_n
    return Closure(base, after(rule.remind_after or 0) if to_come else None, after(rule.after))
