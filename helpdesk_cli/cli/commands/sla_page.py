"""The page of `sla explain`: each clock as a column of figures that can be added up with a pencil.

Deadlines are told in the zone of the reader; the column is in the zone of the calendar where that is another
one, since only there do opening hours look like those of the policy. A line in two zones says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.commands.sla_column import Column, folded_in, local, moment, summed, words
from helpdesk_cli.cli.render.layout import folded, page_width, zone_name
from helpdesk_cli.domain.zones import zone as zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from helpdesk_cli.cli.options import Output

Row = Mapping[str, Any]

_INDENT = 2


def lines(out: Output, row: Row) -> Iterator[str]:
    """The whole page."""
    width = page_width(out)
    yield from folded(f"{row['ref']}  {row['subject']}", width, indent=len(row["ref"]) + 2)
    as_of = f"As of {moment(row['at'], out.app.zone)}; times in {zone_name(out)}."
    yield from folded(as_of, width, indent=_INDENT)
    kind = f", type {row['type']}" if row["type"] else ""
    facts = f"Plan {row['plan']}, priority {row['priority']}{kind}, {row['status']}; policy {row['policy']}."
    yield from folded(facts, width, indent=_INDENT)
    for clock in row["clocks"]:
        yield ""
        if clock["state"] == "none":
            yield from folded(f"{_name(clock)}: no deadline. {_why_not(row, clock)}", width, indent=_INDENT)
        else:
            yield from _Told(out, clock, row["at"]).lines()


def _why_not(row: Row, clock: Row) -> str:
    if clock["uncovered"] == "type":
        return f"Type {row['type']} is excluded from the agreement."
    priority = f" for priority {row['priority']}" if clock["uncovered"] == "priority" else ""
    return f"Plan {row['plan']} promises no {_name(clock)}{priority}."


def _name(clock: Row) -> str:
    name = str(clock["name"]).replace("_", " ")
    return f"{name} {clock['instance']}" if clock["instance"] > 1 else name


class _Told:
    """One covered clock."""

    def __init__(self, out: Output, clock: Row, at: str) -> None:
        self.out = out
        self.clock = clock
        self.at = at
        self.width = page_width(out)
        self.zone: tzinfo = out.app.zone
        self.there = clock["timezone"] if clock["timezone"] not in (None, zone_name(out)) else None
        self.column_zone = self.zone if self.there is None else zone_of(self.there)

    def lines(self) -> Iterator[str]:
        """The title, the facts, the column, and what follows from it."""
        yield from folded_in(f"{_name(self.clock)}: {self._title()}", self.width, 0)
        for fact in self._facts():
            yield from folded_in(fact, self.width, _INDENT)
        yield ""
        yield from Column(self.clock, self.at, self.column_zone, self.there, self.width).lines()
        yield ""
        for conclusion in self._conclusions():
            yield from folded_in(conclusion, self.width, _INDENT)

    # -- the head ----------------------------------------------------------------------------------

    def _title(self) -> str:
        clock, took = self.clock, self._length("elapsed_seconds")
        if clock["state"] == "met":
            return f"met after {took} of {self._length('target_seconds')}"
        if clock["state"] == "cancelled":
            return f"cancelled after {took}"
        if clock["state"] == "breached":
            return self._breached()
        left = f"{self._length('remaining_seconds')} left"
        if clock["state"] == "paused":
            return f"paused, {left}"
        state = "at risk" if clock["at_risk"] else "running"
        due = "never due" if clock["due_at"] is None else f"due {moment(clock['due_at'], self.zone)}"
        return f"{state}, {due}, {left}"

    def _breached(self) -> str:
        clock = self.clock
        late = f", {self._length('late_by_seconds')} late" if clock["late_by_seconds"] else ""
        if clock["met_at"] is not None:
            return f"breached, met after {self._length('elapsed_seconds')}{late}"
        since = f"breached since {moment(clock['breached_at'], self.zone)}{late}"
        return f"{since}, then cancelled" if clock["cancelled_at"] else since

    def _facts(self) -> Iterator[str]:
        clock = self.clock
        goal = f"{self._length('goal_seconds')}.." if clock["goal_seconds"] is not None else ""
        target = f"Target {goal}{self._length('target_seconds')}"
        zone = f" ({clock['timezone']})" if clock["timezone"] else ""
        risk = f"at risk from {self._length('warn_seconds')}"
        yield f"{target}, {risk}, counted on calendar {clock['calendar']}{zone}."
        cause = clock["started_by"]
        if cause is None:
            yield f"Counts from {self._both(clock['starts_at'])}."
            return
        yield f"Counts from {self._both(cause['at'])}, {_start(cause)}."
        if clock["starts_at"] != cause["at"]:
            yield f"That is outside opening hours: the next opening is {self._both(clock['starts_at'])}."

    # -- what follows --------------------------------------------------------------------------------

    def _conclusions(self) -> Iterator[str]:
        clock = self.clock
        elapsed, target = summed(clock["elapsed_seconds"]), summed(clock["target_seconds"])
        if clock["late_by_seconds"]:
            yield f"{elapsed} elapsed = {target} target + {summed(clock['late_by_seconds'])} late."
        else:
            unused = "left" if self._going() else "unused"
            yield f"{elapsed} elapsed + {summed(clock['remaining_seconds'])} {unused} = {target} target."
        due = self._due()
        if due is not None:
            yield due
        if clock["late_from"] is not None and clock["breached_at"] is not None:
            yield self._breach()
        if clock["warn_at"] is not None:
            noted = "Warned" if clock["warned_at"] else "At risk from"
            yield f"{noted} {self._both(clock['warn_at'])}."
        for level in clock["escalations"]:
            yield self._level(level)

    def _going(self) -> bool:
        return self.clock["met_at"] is None and self.clock["cancelled_at"] is None

    def _due(self) -> str | None:
        clock = self.clock
        going, why = self._going(), clock["due_because"]
        if why == "cancelled":
            return None
        if why == "never":
            return f"No deadline: calendar {clock['calendar']} never has so many opening hours."
        if why == "paused":
            after = "what is left counts on from the end of the pause" if going else "it ended in a pause"
            return f"No deadline while paused: {after}."
        due = self._both(clock["due_at"]) + (", at closing time" if why == "closing" else "")
        if clock["late_by_seconds"]:
            return f"Due {due}: there the target was used up."
        if not going:
            return f"It was due {due}: there the target would have been used up."
        if clock["late_because"] == "used_up":
            return f"Due {due}: there the target is used up, and that second is still in time."
        if clock["late_from"] is None or clock["breached_at"] is not None:
            return f"Due {due}: there the target is used up."
        return (
            f"Due {due}: there the target is used up. Still in time is the next opening,"
            f" {self._both(clock['late_from'])}."
        )

    def _breach(self) -> str:
        clock = self.clock
        reason = {
            "used_up": "when the target was used up",
            "next_opening": "the next opening after the target was used up",
            "pause": "since the target was used up just as the clock paused",
            "change": f"the change: more than the new target of {self._length('late_target_seconds')} had"
            " elapsed",
            "earlier_target": f"by the target of that time, {self._length('late_target_seconds')}; a breach"
            " stays",
        }[clock["late_because"]]
        noted = "" if clock["noticed_at"] else " Nobody has noted it yet: the next sweep will."
        return f"Breached since {self._both(clock['late_from'])}, {reason}.{noted}"

    def _level(self, level: Row) -> str:
        name = f"Escalation level {level['level']}" + (f" ({level['text']})" if level["text"] else "")
        if level["fired_at"] is not None:
            return f"{name}: fired {self._both(level['fired_at'])}."
        if level["at"] is not None:
            return f"{name}: {self._both(level['at'])}."
        return f"{name}: {'not while the clock stands still' if self._going() else 'dropped'}."

    # -- words ----------------------------------------------------------------------------------------

    def _both(self, text: str) -> str:
        """An instant in the zone of the reader and, where it reads otherwise there, of the calendar."""
        here, there = local(text, self.zone), local(text, self.column_zone)
        if here.replace(tzinfo=None) == there.replace(tzinfo=None):
            return f"{here:%a %Y-%m-%d %H:%M:%S}"
        day = "%H:%M:%S" if here.date() == there.date() else "%a %H:%M:%S"
        return f"{here:%a %Y-%m-%d %H:%M:%S} ({there:{day}} in {self.there})"

    def _length(self, key: str) -> str:
        return words(self.clock[key])


def _start(cause: Row) -> str:
    match cause["type"]:
        case "created":
            return "when the ticket was created"
        case "message":
            who = "the customer's" if cause["actor"] == "customer" else f"{cause['actor']}'s"
            return f"{who} message {cause['message']}"
        case "clock_reset":
            return f"when {cause['actor']} reset the clock: {cause['reason']}"
        case other:
            return f"when it was {other.replace('_', ' ')} by {cause['actor']}"
