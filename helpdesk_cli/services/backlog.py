"""The report on what is open: how much, since when, how pressing; and by week how it came and went."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.services.report_groups import Key, Report
from helpdesk_cli.storage import reports as rows
from helpdesk_cli.storage.rows import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from helpdesk_cli.services.app import App

# name -> the days of age from which on and up to which, the second excluded
_AGES = {
    "age_under_1d": (0, 1),
    "age_1d_to_3d": (1, 3),
    "age_3d_to_7d": (3, 7),
    "age_7d_to_30d": (7, 30),
    "age_from_30d": (30, None),
}
_COUNTS = ("tickets", *statuses.ACTIVE, *_AGES, "overdue", "at_risk")
_FLOWS = ("opened", "closed", "reopened")


def backlog(
    app: App,
    by: Iterable[str] = ("priority",),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[dict[str, Any]]:
    """The open tickets created in the period, a record a group; by week also what came and went in it."""
    report = Report(app, by, since, until)
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    oldest: dict[Key, str] = {}
    flows: _Flows | None = None
    with app.db.read():
        for row in rows.open_tickets(app.db, report.asked, _ages(app.now())):
            key = report.key(row, row["minute"])
            counts[key].update({name: row[name] for name in _COUNTS})
            if row["oldest"] is not None:
                oldest[key] = min(row["oldest"], oldest.get(key, FAR_FUTURE))
        if report.asked.weekly:
            flows = _Flows(app, report)
    keys = report.ordered([*counts, *(flows.keys if flows else ())])
    return [
        {
            **report.named(key),
            **{name: counts[key][name] for name in _COUNTS},
            **_oldest(oldest.get(key)),
            **(flows.record(key) if flows else {}),
        }
        for key in keys
    ]


def _ages(now: datetime) -> dict[str, tuple[str, str]]:
    """name -> (created after, created at or before)."""
    return {
        name: (
            "" if to is None else to_text(now - timedelta(days=to)),
            to_text(now - timedelta(days=from_)) if from_ else FAR_FUTURE,
        )
        for name, (from_, to) in _AGES.items()
    }


def _oldest(found: str | None) -> dict[str, str | None]:
    if found is None:
        return {"oldest": None, "oldest_created_at": None}
    created_at, ticket_id = rows.oldest_of(found)
    return {"oldest": reference(ticket_id), "oldest_created_at": created_at}


class _Flows:
    """What was opened, closed and reopened by week, and how many tickets each week left open."""

    def __init__(self, app: App, report: Report) -> None:
        self._report = report
        self._flows: dict[Key, Counter[str]] = defaultdict(Counter)
        # group without week -> week -> the change of the open ones, weeks before the period included
        self._changes: dict[Key, Counter[str]] = defaultdict(Counter)
        for read in (rows.opened, rows.moved):
            for row in read(app.db, report.asked):
                key = report.key(row, row["minute"])
                self._changes[report.without_week(key)][report.week(row["minute"])] += row["change"]
                found = {name: row[name] for name in _FLOWS if name in row.keys()}  # noqa: SIM118 - a Row
                if any(found.values()):
                    self._flows[key].update(found)

    @property
    def keys(self) -> list[Key]:
        """The groups in which something came or went."""
        return list(self._flows)

    def record(self, key: Key) -> dict[str, int]:
        """The keys of a record that a report by week has more."""
        last = key[self._report.by.index(rows.WEEK)]
        changes = self._changes[self._report.without_week(key)]
        return {
            **{name: self._flows[key][name] for name in _FLOWS},
            "left_open": sum(change for week, change in changes.items() if week <= str(last)),
        }
