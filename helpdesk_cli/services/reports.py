"""The reports on promises kept, on answers and on resolutions (`helpdesk help reports` has the formulas).

Each answers with the records of its groups. Figures are as of now: a breach that no sweep has noticed yet
counts. The rows are read one after the other; kept are counts, and of times the bare numbers.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.clocks import Clock, elapsed
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.metrics import (
    Resolution,
    Turn,
    first_resolution,
    resolution_seconds,
    share,
    spread,
    standing_resolution,
    waits,
)
from helpdesk_cli.domain.plans import CLOCKS
from helpdesk_cli.domain.statuses import OPEN
from helpdesk_cli.services.report_groups import Key, Report
from helpdesk_cli.storage import reports as rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

Record = dict[str, Any]

FIRST_RESPONSE, NEXT_RESPONSE, _, RESOLUTION = CLOCKS
# The clocks that every ticket has, if its plan covers them.
_OF_EVERY_TICKET = (FIRST_RESPONSE, RESOLUTION)
_STATES = ("met", "breached", "met_late", "running", "paused", "cancelled", "at_risk")
RESPONSES = (FIRST_RESPONSE, "response")
RESOLUTIONS = ("first_resolution", "first_user_resolution", RESOLUTION, "user_resolution")


def sla(
    app: App, by: Iterable[str] = (), since: datetime | None = None, until: datetime | None = None
) -> list[Record]:
    """How the clocks stand that begin to count in the period: a record a group and clock."""
    report = Report(app, by, since, until)
    counts: dict[tuple[Key, str], Counter[str]] = defaultdict(Counter)
    with app.db.read():
        for row in rows.clocks(app.db, report.asked):
            counts[report.key(row, row["minute"]), row["clock"]].update({name: row[name] for name in _STATES})
        for clock in _OF_EVERY_TICKET:
            for row in rows.without_clock(app.db, report.asked, clock):
                why = _without(app, row, clock)
                if why is not None:
                    counts[report.key(row, row["minute"]), clock][why] += row["tickets"]
    told = [name for name in CLOCKS if name in _OF_EVERY_TICKET or any(name == clock for _, clock in counts)]
    return [
        {**report.named(key), "clock": clock, **_standing(counts[key, clock], clock)}
        for key in report.ordered(key for key, _ in list(counts))
        for clock in told
    ]


def _without(app: App, row: Row, clock: str) -> str | None:
    """Why tickets have no such clock: their type is `exempt`, their plan leaves it `uncovered`; None where
    there was nothing to answer yet, or no more."""
    policy = app.policies.get(row["policy_version"])
    if policy.target(row["plan"], row["priority"], row["type"], clock) is not None:
        return None
    kind = row["type"]
    exempt = kind is not None and policy.ticket_type(kind).get("sla") == "none"
    return "exempt" if exempt else "uncovered"


def _standing(counts: Counter[str], clock: str) -> Record:
    judged = counts["met"] + counts["breached"]
    known = clock in _OF_EVERY_TICKET
    return {
        "clocks": judged + counts["running"] + counts["paused"] + counts["cancelled"],
        **{name: counts[name] for name in _STATES},
        "met_share": share(counts["met"], judged),
        **{name: counts[name] if known else None for name in ("exempt", "uncovered")},
    }


def response(
    app: App, by: Iterable[str] = (), since: datetime | None = None, until: datetime | None = None
) -> list[Record]:
    """How long customers waited for the answers given in the period: a record a group and measure, for the
    first answers and for all."""
    report = Report(app, by, since, until)
    times = _Times(RESPONSES)
    with app.db.read():
        for _, thread in groupby(rows.messages(app.db, report.asked), key=_ticket):
            answered = waits(thread, lambda message: message["agent_id"] is not None)
            for number, (question, answer) in enumerate(answered):
                if report.includes(answer["at"]):
                    clock = NEXT_RESPONSE if number else FIRST_RESPONSE
                    seconds = _waited(app, question, answer, clock)
                    key = report.key(answer, answer["at"])
                    times.add(key, RESPONSES[-1:] if number else RESPONSES, seconds)
    return times.records(report)


def _waited(app: App, question: Row, answer: Row, clock: str) -> int:
    """As the clock measured that the answer met; where none did, working time on the calendar that it would
    have had: that of its target, else of the plan."""
    asked, answered = from_text(question["at"]), from_text(answer["at"])
    if answer[clock] is not None:
        spans = rows.spans_of(answer[clock])
        if spans[0].start >= asked:  # else it is that of an earlier answer in the same second
            return elapsed(Clock(clock, 1, spans), answered, app.policies)
    policy = app.policies.get(answer["policy_version"])
    target = policy.target(answer["plan"], answer["priority"], answer["type"], clock)
    name = policy.plan(answer["plan"]).calendar if target is None else target.calendar
    return policy.calendar(name).between(asked, answered)


def resolution(
    app: App, by: Iterable[str] = (), since: datetime | None = None, until: datetime | None = None
) -> list[Record]:
    """How long the resolutions of the period took: a record a group and measure, for the first resolutions
    and for those that stand, each with and without the waiting for the customer."""
    report = Report(app, by, since, until)
    times = _Times(RESOLUTIONS)
    with app.db.read():
        for _, life in groupby(rows.turns(app.db, report.asked), key=_ticket):
            changes = list(life)
            version, name = rows.calendar_of(changes[0]["spans"])
            calendar = app.policies.get(version).calendar(name)
            for measures, found in _resolutions(app, changes):
                at = to_text(found.at)
                if report.includes(at):
                    key = report.key(changes[0], at)
                    for measure, seconds in zip(measures, resolution_seconds(found, calendar), strict=True):
                        times.add(key, (measure,), seconds)
    return times.records(report)


def _resolutions(app: App, changes: list[Row]) -> Iterator[tuple[tuple[str, ...], Resolution]]:
    """(its measures, the resolution) for the first one of a ticket and for the one that stands."""
    ticket = changes[0]
    turns = [Turn(OPEN, from_text(ticket["created_at"]))]
    turns += [Turn(row["status"], from_text(row["at"])) for row in changes]
    plan = app.policies.get(ticket["policy_version"]).plan(ticket["plan"])
    first, standing = (
        first_resolution(turns),
        standing_resolution(turns, restart=plan.reopen_mode == "restart"),
    )
    for measures, found in ((RESOLUTIONS[:2], first), (RESOLUTIONS[2:], standing)):
        if found is not None:
            yield measures, found


def _ticket(row: Row) -> int:
    return int(row["id"])


class _Times:
    """Times by group and measure."""

    def __init__(self, measures: tuple[str, ...]) -> None:
        self._measures = measures
        self._seconds: dict[tuple[Key, str], array[int]] = defaultdict(lambda: array("q"))

    def add(self, key: Key, measures: Iterable[str], seconds: int) -> None:
        for measure in measures:
            self._seconds[key, measure].append(seconds)

    def records(self, report: Report) -> list[Record]:
        return [
            {**report.named(key), "measure": measure, **self._record(key, measure)}
            for key in report.ordered(key for key, _ in list(self._seconds))
            for measure in self._measures
        ]

    def _record(self, key: Key, measure: str) -> Record:
        number, mean, p50, p90, p95 = spread(self._seconds.get((key, measure), ()))
        return {
            "count": number,
            "mean_seconds": mean,
            "p50_seconds": p50,
            "p90_seconds": p90,
            "p95_seconds": p95,
        }
