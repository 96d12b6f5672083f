"""`sla explain`: each clock of a ticket told as a sum, as a record (`sla.md 9`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import explain as rules_of
from helpdesk_cli.domain.clocks import as_of
from helpdesk_cli.domain.due import settled
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.steps import CHANGED, COUNTED, PAUSED
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.storage import events, tickets
from helpdesk_cli.storage.rows import instant

if TYPE_CHECKING:
    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.explain import Explanation, Uncovered
    from helpdesk_cli.domain.steps import Step
    from helpdesk_cli.services.app import App

Record = dict[str, Any]


def explain(app: App, ticket_id: int) -> Record:
    """The `explanation` of a ticket as it stands now, a breach that nobody has noted yet included.

    NotFoundError where there is no such ticket. Nothing is written.
    """
    with app.db.read():
        ticket = tickets.load(app.db, ticket_id)
        log = events.of_ticket(app.db, ticket_id)
    at = settled(ticket, app.now())
    clocks = tuple(as_of(clock, at, app.policies) for clock in ticket.clocks)
    told = rules_of.explain(ticket._replace(clocks=clocks), log, app.policies, at)
    return {
        "ticket": ticket_id,
        "ref": reference(ticket_id),
        "at": to_text(at),
        "subject": tickets.subjects(app.db, [ticket_id])[ticket_id],
        "status": ticket.status,
        "plan": ticket.plan,
        "priority": ticket.priority,
        "type": ticket.type,
        "policy": ticket.policy_version,
        "clocks": [
            _clock(each) if isinstance(each, rules_of.Explanation) else _uncovered(each) for each in told
        ],
    }


def _uncovered(clock: Uncovered) -> Record:
    return {
        "name": clock.name,
        "instance": 0,
        "state": "none",
        "at_risk": False,
        "uncovered": clock.why,
        "steps": [],
        "elapsed_seconds": 0,
        "paused_seconds": 0,
        "late_by_seconds": 0,
        "escalations": [],
    }


def _clock(told: Explanation) -> Record:
    clock = told.clock
    limit = clock.limit or 0
    return {
        "name": clock.name,
        "instance": clock.instance,
        "state": clock.state,
        "at_risk": told.at_risk,
        "calendar": told.calendar,
        "timezone": told.timezone,
        "target_seconds": clock.limit,
        "goal_seconds": clock.goal,
        "warn_seconds": clock.warn,
        "started_by": _cause(told.cause),
        "starts_at": to_text(told.starts_at),
        "steps": [_step(step) for step in told.steps],
        "elapsed_seconds": told.elapsed,
        "remaining_seconds": max(0, limit - told.elapsed),
        "paused_seconds": told.paused,
        "late_by_seconds": max(0, told.elapsed - limit),
        "due_at": instant(told.due_at),
        "due_because": told.due_because,
        "late_from": instant(told.late_from),
        "late_because": told.late_because,
        "late_target_seconds": told.late_target,
        "breached_at": instant(clock.breached_at),
        "noticed_at": instant(clock.noticed_at),
        "met_at": instant(clock.met_at),
        "cancelled_at": instant(clock.cancelled_at),
        "warn_at": instant(told.warn_at),
        "warned_at": instant(clock.warned_at),
        "escalations": [
            {
                "level": level.level,
                "text": level.text,
                "after_seconds": level.seconds,
                "at": instant(level.at),
                "fired_at": instant(level.fired_at),
            }
            for level in told.levels
        ],
    }


def _step(step: Step) -> Record:
    return {
        "kind": step.kind,
        "past": step.past,
        "from": to_text(step.start),
        "to": instant(step.end),
        "counted_seconds": step.seconds if step.kind == COUNTED else None,
        "paused_seconds": step.seconds if step.kind == PAUSED else None,
        "elapsed_seconds": step.total,
        "late": step.late,
        "windows": step.windows if step.kind == COUNTED else None,
        "holidays": step.holidays or None,
        "calendar": step.calendar,
        "status": step.status,
        "date": step.date,
        "last_date": step.last_date,
        "name": step.name,
        "cause": _cause(step.cause),
        "changes": {key: {"before": before, "after": after} for key, (before, after) in step.changes.items()}
        if step.kind == CHANGED
        else None,
        "recounted": step.recounted,
    }


def _cause(event: Event | None) -> Record | None:
    if event is None:
        return None
    data = event.data
    return {
        "seq": event.seq,
        "type": event.type,
        "at": to_text(event.at),
        "actor": event.actor,
        "message": data.get("message"),
        "level": event.level or None,
        "status": data.get("after") if event.type in ("status_changed", "reopened", "auto_closed") else None,
        "reason": data.get("reason"),
    }
