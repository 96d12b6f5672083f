"""The column of `sla explain`: a line a step, what it counted and the total after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.layout import folded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

Row = Mapping[str, Any]

_RANGE = 49  # two dates with their times
_WHOLE = 79  # cells that a line of the column takes with its figures and a word after them


class Column:
    """The steps of one clock, told in `zone`; `there` is its name where the reader is in another one."""

    def __init__(self, clock: Row, at: str, zone: tzinfo, there: str | None, width: int) -> None:
        self.clock = clock
        self.at = at
        self.zone = zone
        self.there = there
        self.width = width

    def lines(self) -> Iterator[str]:
        """The heading, then the steps; a line between what is past and what is to come."""
        where = f" in {self.there}" if self.there else ""
        yield from self._figures(f"from - to{where}", "counted", "total")
        past = True
        for step in self.clock["steps"]:
            if past and not step["past"]:
                yield from folded_in(f"-- now, {moment(self.at, self.zone)}; to come:", self.width, 2)
                past = False
            yield from self._step(step)

    def _step(self, step: Row) -> Iterator[str]:
        total = summed(step["elapsed_seconds"])
        match step["kind"]:
            case "counted":
                counted = summed(step["counted_seconds"])
                due = step["elapsed_seconds"] == self.clock["target_seconds"] and step["counted_seconds"]
                mark = "late" if step["late"] else "due" if due else ""
                yield from self._figures(self._stretch(step), counted, total, mark)
                if step["windows"] == 0:
                    yield from self._note("outside opening hours")
                yield from self._clock_change(step)
            case "holiday":
                yield from folded_in(_holiday(step), self.width, 2)
            case "paused":
                hours = "opening hours" if self.clock["timezone"] else "time"
                yield from self._figures(self._stretch(step), "-", total)
                yield from self._note(
                    f"paused, {step['status']}: {summed(step['paused_seconds'])} of {hours} not counted"
                )
            case "changed":
                yield from self._figures(moment(step["from"], self.zone), "-", total)
                yield from self._note(self._changed(step))
            case _:
                yield from self._figures(self._stretch(step), "-", total)
                yield from self._note(self._stopped(step))

    def _stretch(self, step: Row) -> str:
        start = local(step["from"], self.zone)
        if step["windows"] is not None and step["windows"] > 1:
            number = step["holidays"]
            days = f", {number} holiday{'s' * (number > 1)}" if number else ""
            last = local(step["to"], self.zone) - timedelta(seconds=1)
            return f"... {step['windows']} windows to {last:%a %Y-%m-%d}{days}"
        if step["to"] is None:
            until = "now" if step["kind"] == "paused" else ""
        else:
            until = _until(start, local(step["to"], self.zone))
        return f"{start:%a %Y-%m-%d %H:%M:%S}" + (f" - {until}" if until else "")

    def _clock_change(self, step: Row) -> Iterator[str]:
        """A stretch in which the zone's clocks are changed is not as long as it looks."""
        if step["windows"] != 1:
            return
        start, end = (local(step[key], self.zone) for key in ("from", "to"))
        looks = (end.replace(tzinfo=None) - start.replace(tzinfo=None)) // timedelta(seconds=1)
        if looks != step["counted_seconds"]:
            ahead = looks > step["counted_seconds"]
            by = summed(abs(looks - step["counted_seconds"]))
            yield from self._note(f"in it the clocks go {'forward' if ahead else 'back'} by {by}")

    def _changed(self, step: Row) -> str:
        cause, changes = step["cause"], dict(step["changes"])
        parts = [
            f"{key} {changes[key]['before']} -> {changes[key]['after']}"
            for key in ("plan", "priority", "type", "policy")
            if key in changes
        ]
        by = f"escalation level {cause['level']}" if cause["level"] else cause["actor"]
        target = changes.get("target_seconds")
        if target is not None:
            before, after = (_or_none(target[key]) for key in ("before", "after"))
            parts.append(f"target {before} -> {after}")
        calendar = changes.get("calendar")
        if calendar is not None:
            names = list(dict.fromkeys(calendar.values()))
            edited = " edited" if len(names) == 1 else ""
            since = "counted so from the start" if step["recounted"] else "counted so from here on"
            parts.append(f"calendar {' -> '.join(names)}{edited}, {since}")
        if target is None and calendar is None:
            parts.append("target as before")
        return f"changed ({by}): {', '.join(parts)}"

    def _stopped(self, step: Row) -> str:
        cause = step["cause"]
        if cause is None:
            return "stopped"
        if step["kind"] == "reset":
            return f"reset by {cause['actor']}: {cause['reason']}"
        if cause["type"] == "merged":
            return f"cancelled: merged into another ticket by {cause['actor']}"
        if cause["message"] is not None:
            answered = cause["actor"] != "customer"
            verb = "answered by" if answered else "replaced by a wait for an answer:"
            return f"{verb} {cause['actor']}, message {cause['message']}"
        if cause["status"] is not None:
            return f"{cause['status']} by {cause['actor']}"
        return "cancelled: no longer covered"

    def _figures(self, what: str, counted: str, total: str, mark: str = "") -> Iterator[str]:
        """A line of the column; on a narrow terminal its figures stand below what they are of."""
        if self.width >= _WHOLE:
            yield f"  {what:<{_RANGE}} {counted:>10} {total:>11} {mark}".rstrip()
            return
        yield from folded_in(f"{what}{', ' * bool(mark)}{mark}", self.width, 2)
        size = min(max((self.width - 3) // 2, 8), 11)
        yield f"  {counted:>{size}} {total:>{size}}"

    def _note(self, text: str) -> Iterator[str]:
        return folded_in(text, self.width, 4)


def folded_in(text: str, width: int, indent: int) -> Iterator[str]:
    """Text as indented lines; one typed by a customer is made a harmless single line first."""
    from helpdesk_cli.cli.render.text import cell

    for line in folded(cell(text), width - indent, indent=0):
        yield " " * indent + line


def _or_none(seconds: int | None) -> str:
    return "none" if seconds is None else words(seconds)


def _holiday(step: Row) -> str:
    first, last = date.fromisoformat(step["date"]), date.fromisoformat(step["last_date"])
    until = f" to {last:%a %Y-%m-%d}" if last != first else ""
    name = "" if step["name"] == "holiday" else f": {step['name']}"
    return f"{first:%a %Y-%m-%d}{until} holiday{name}"


def local(text: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def moment(text: str, zone: tzinfo) -> str:
    return f"{local(text, zone):%a %Y-%m-%d %H:%M:%S}"


def _until(start: datetime, end: datetime) -> str:
    """The end of a stretch: the time alone on the same date, midnight after it as 24:00."""
    if end.date() == start.date():
        return f"{end:%H:%M:%S}"
    if f"{end:%H%M%S}" == "000000" and end.date() == start.date() + timedelta(days=1):
        return "24:00:00"
    return f"{end:%a %Y-%m-%d %H:%M:%S}"


def summed(seconds: int) -> str:
    """`1:30:00`: what stands in columns and sums."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def words(seconds: int) -> str:
    """`72h`, `1h30m`: no days, which would be 24 working hours here."""
    hours, rest = divmod(seconds, 3_600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
