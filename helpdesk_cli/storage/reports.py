"""What the reports read: counts by group where SQL can count, else rows one ticket after the other.

A period is half open, `since` <= instant < `until`; which instant that is stands with each query. Groups are
the tickets' columns as they are now, `by_plan` and so on; counts are split by `minute`, which no zone's
offset divides, so that weeks can be made of them in any zone. Tickets closed as spam are left out.
"""

from __future__ import annotations

from json import loads
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.clocks import Span
from helpdesk_cli.domain.filters import TicketFilter
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.storage.rows import FAR_FUTURE, instant
from helpdesk_cli.storage.ticket_lists import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from helpdesk_cli.storage.database import Database, Row

WEEK = "week"
_MINUTE = len("2026-03-01T09:30")
_ID_BASE = 10**15  # added to an id, so that the ids of one second sort as texts
_COLUMNS = {
    "plan": "t.plan",
    "priority": "t.priority",
    "org": "o.name",
    "category": "t.category",
    "agent": "a.login",
}
_NO_SPAM = "COALESCE(lower(t.close_reason), '') <> 'spam'"
_ASSIGNEE = "t.assignee_id"
_TURNS = "('status_changed', 'reopened', 'auto_closed')"
_ACTIVE = ", ".join(f"'{status}'" for status in statuses.ACTIVE)
_LATE = "(k.late_at IS NOT NULL AND k.late_at <= :now)"


class Asked(NamedTuple):
    """The words of a report: its groups without the week, whether by week, the period, now."""

    by: tuple[str, ...]
    weekly: bool
    since: str
    until: str
    now: datetime


def asked(by: tuple[str, ...], since: datetime | None, until: datetime | None, now: datetime) -> Asked:
    """The same from what was given; a side of the period that is None is open."""
    return Asked(
        tuple(word for word in by if word != WEEK),
        WEEK in by,
        instant(since) or "",
        instant(until) or FAR_FUTURE,
        now,
    )


class _Groups(NamedTuple):
    """Pieces of a query: what it selects, joins and groups by."""

    select: str
    joins: str
    group_by: str


def _groups(report: Asked, instant: str | None, *more: str, agent: str = _ASSIGNEE) -> _Groups:
    """Without an instant rows are not counted, so there is no minute and nothing to group by."""
    named = [f"{_COLUMNS[word]} AS by_{word}" for word in report.by]
    columns = [_COLUMNS[word] for word in report.by]
    if instant is not None:
        minute = f"substr({instant}, 1, {_MINUTE})"
        named.append(f"{minute if report.weekly else 'NULL'} AS minute")
        columns += [minute] * report.weekly
    columns += more
    joins = " LEFT JOIN orgs o ON o.id = t.org_id" if "org" in report.by else ""
    joins += f" LEFT JOIN agents a ON a.id = {agent}" if "agent" in report.by else ""
    return _Groups(
        "".join(f"{name}, " for name in named), joins, f" GROUP BY {', '.join(columns)}" if columns else ""
    )


def clocks(db: Database, report: Asked) -> Iterator[Row]:
    """How the clocks stand that begin to count in the period, by group and clock; one that is late by now
    is breached, noticed or not."""
    groups = _groups(report, "k.starts_at", "k.name")
    return db.stream(
        f"""
SELECT {groups.select}k.name AS clock,
  count(*) FILTER (WHERE k.state = 'met') AS met,
  count(*) FILTER (WHERE k.state = 'breached' OR {_LATE}) AS breached,
  count(*) FILTER (WHERE k.state = 'breached' AND k.met_at IS NOT NULL) AS met_late,
  count(*) FILTER (WHERE k.state = 'running' AND NOT {_LATE}) AS running,
  count(*) FILTER (WHERE k.state = 'paused') AS paused,
  count(*) FILTER (WHERE k.state = 'cancelled') AS cancelled,
  count(*) FILTER (WHERE k.warn_at <= :now AND NOT {_LATE}) AS at_risk
FROM clocks k JOIN tickets t ON t.id = k.ticket_id{groups.joins}
WHERE k.instance > 0 AND k.starts_at >= :since AND k.starts_at < :until AND {_NO_SPAM}{groups.group_by}""",
        {"since": report.since, "until": report.until, "now": to_text(report.now)},
    )


def without_clock(db: Database, report: Asked, clock: str) -> Iterator[Row]:
    """How many tickets created in the period never had that clock, by group and by what decides whether
    they should have."""
    groups = _groups(report, "t.created_at", "t.plan", "t.priority", "t.type", "t.policy_version")
    return db.stream(
        f"""
SELECT {groups.select}t.plan, t.priority, t.type, t.policy_version, count(*) AS tickets
FROM tickets t{groups.joins}
WHERE t.created_at >= :since AND t.created_at < :until AND {_NO_SPAM}
  AND NOT EXISTS (SELECT 1 FROM clocks k
    WHERE k.ticket_id = t.id AND k.name = :clock AND k.instance > 0){groups.group_by}""",
        {"since": report.since, "until": report.until, "clock": clock},
    )


def messages(db: Database, report: Asked) -> Iterator[Row]:
    """The public messages of each ticket that can have been answered in the period, in their order, and the
    response clock that each met. The group `agent` is who wrote the message."""
    groups = _groups(report, None, agent="m.agent_id")
    met = """(SELECT k.spans FROM clocks k WHERE k.ticket_id = t.id AND k.name = '{}' AND k.instance > 0
    AND m.agent_id IS NOT NULL AND k.met_at = m.at ORDER BY k.instance LIMIT 1)"""
    return db.stream(
        f"""
SELECT {groups.select}t.id, t.plan, t.priority, t.type, t.policy_version, m.at, m.agent_id,
  {met.format("first_response")} AS first_response,
  {met.format("next_response")} AS next_response
FROM tickets t CROSS JOIN messages m{groups.joins}
WHERE m.ticket_id = t.id AND m.public = 1 AND {_NO_SPAM}
  AND t.updated_at >= :since AND t.created_at < :until
ORDER BY t.id, m.id""",
        {"since": report.since, "until": report.until},
    )


def turns(db: Database, report: Asked) -> Iterator[Row]:
    """The changes of status of each ticket whose first or standing resolution is in the period, in their
    order, with the spans of its resolution clock; a merged ticket was not resolved."""
    groups = _groups(report, None)
    spans = "(SELECT k.spans FROM clocks k WHERE k.ticket_id = t.id AND k.name = 'resolution' {})"
    return db.stream(
        f"""
SELECT {groups.select}t.id, t.plan, t.policy_version, t.created_at, e.at,
  CAST(e.data ->> 'after' AS text) AS status,
  COALESCE({spans.format("AND k.instance = 0")}, {spans.format("ORDER BY k.instance DESC LIMIT 1")}) AS spans
FROM tickets t CROSS JOIN events e{groups.joins}
WHERE e.ticket_id = t.id AND e.type IN {_TURNS} AND {_NO_SPAM} AND t.merged_into IS NULL
  AND ((t.first_resolved_at >= :since AND t.first_resolved_at < :until)
    OR (t.resolved_at >= :since AND t.resolved_at < :until))
ORDER BY t.id, e.n""",
        {"since": report.since, "until": report.until},
    )


def open_tickets(db: Database, report: Asked, ages: dict[str, tuple[str, str]]) -> Iterator[Row]:
    """How many tickets created in the period are open now: by status, by age (`ages`: name -> created after
    the first and not after the second instant), overdue, at risk, and the oldest (read by `oldest_of`)."""
    groups = _groups(report, "t.created_at")
    late = compiled(TicketFilter(overdue=True), report.now)
    risk = compiled(TicketFilter(at_risk=True), report.now)
    counts = [f"count(*) FILTER (WHERE t.status = '{status}') AS {status}" for status in statuses.ACTIVE]
    params = {**late.params, **risk.params, "since": report.since, "until": report.until}
    for name, (after, to) in ages.items():
        params |= {f"{name}_after": after, f"{name}_to": to}
        condition = f"t.created_at > :{name}_after AND t.created_at <= :{name}_to"
        counts.append(f"count(*) FILTER (WHERE {condition}) AS {name}")
    return db.stream(
        f"""
SELECT {groups.select}count(*) AS tickets, {", ".join(counts)},
  count(*) FILTER (WHERE {late.where}) AS overdue, count(*) FILTER (WHERE {risk.where}) AS at_risk,
  min(t.created_at || CAST({_ID_BASE} + t.id AS text)) AS oldest
FROM tickets t{groups.joins}
WHERE t.active = 1 AND t.created_at >= :since AND t.created_at < :until{groups.group_by}""",
        params,
    )


def oldest_of(text: str) -> tuple[str, int]:
    """(when it was created, the ticket's id) of `oldest` above."""
    return text[: -len(str(_ID_BASE))], int(text[-len(str(_ID_BASE)) :]) - _ID_BASE


def opened(db: Database, report: Asked) -> Iterator[Row]:
    """How many tickets were created in the period (`opened`), and by its end (`change` of the open ones), by
    group and minute."""
    groups = _groups(report, "t.created_at")
    return db.stream(
        f"""
SELECT {groups.select}count(*) FILTER (WHERE t.created_at >= :since) AS opened, count(*) AS change
FROM tickets t{groups.joins} WHERE t.created_at < :until AND {_NO_SPAM}{groups.group_by}""",
        {"since": report.since, "until": report.until},
    )


def moved(db: Database, report: Asked) -> Iterator[Row]:
    """How often tickets left the first four statuses (`closed`) and came back (`reopened`) in the period, and
    the `change` of the open ones by its end, by group and minute."""
    groups = _groups(report, "e.at")
    was, became = (f"CAST(e.data ->> '{key}' AS text) IN ({_ACTIVE})" for key in ("before", "after"))
    left, back = f"{was} AND NOT {became}", f"{became} AND NOT {was}"
    return db.stream(
        f"""
SELECT {groups.select}count(*) FILTER (WHERE {left} AND e.at >= :since) AS closed,
  count(*) FILTER (WHERE {back} AND e.at >= :since) AS reopened,
  count(*) FILTER (WHERE {back}) - count(*) FILTER (WHERE {left}) AS change
FROM events e JOIN tickets t ON t.id = e.ticket_id{groups.joins}
WHERE e.type IN {_TURNS} AND e.at < :until AND {_NO_SPAM}{groups.group_by}""",
        {"since": report.since, "until": report.until},
    )


def spans_of(text: str) -> tuple[Span, ...]:
    """The spans of a clock from their column."""
    return tuple(
        Span(mode, from_text(start), version, calendar) for mode, start, version, calendar in loads(text)
    )


def calendar_of(text: str) -> tuple[int, str]:
    """(version of the policy, calendar) on which a clock counted last, from the column of its spans."""
    _mode, _start, version, calendar = loads(text)[-1]
    return version, calendar
