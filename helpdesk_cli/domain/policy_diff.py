"""What differs between two policy documents, as an administrator would say it.

Both are first brought to a flat form, path -> text, in which equal meanings read alike: `60m` is `1h`, a
default is written out, `sat-wed` is its five days, an order is a list of names. What only one of them has as
a whole (a plan, a calendar, a priority) is one change, `added` or `removed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import policy_diff_sections as sections
from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.durations import format_duration, format_offset
from helpdesk_cli.domain.handmade import origin
from helpdesk_cli.domain.opening_hours import DAYS, parse_days
from helpdesk_cli.domain.plans import Plan, Policy, plan_of
from helpdesk_cli.domain.terms import CLOCKS, DEFAULT_WARN_PERCENT, Level, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Flat = dict[tuple[str, ...], str]

_LISTED = ("priorities", "categories", "types")
_ENTRY_TEXTS = ("meaning", "description", "priority", "calendar", "text")


class Change(NamedTuple):
    """One difference; `kind` is added, removed or changed, and only a changed one has texts beside."""

    kind: str
    path: str
    before: str | None
    after: str | None

    @property
    def text(self) -> str:
        """For people: `plans.basic.targets.normal.first_response: 24h -> 12h`, `plans.gold: added`."""
        if self.kind != "changed":
            return f"{self.path}: {self.kind}"
        return f"{self.path}: {self.before or 'none'} -> {self.after or 'none'}"


def diff_policies(old: Policy, new: Policy) -> list[Change]:
    """What `new` says otherwise than `old`, sorted by path; empty where they mean the same."""
    before, after = _parts(old.document), _parts(new.document)
    changes = [Change("removed", ".".join(part), None, None) for part in before.keys() - after.keys()]
    changes += [Change("added", ".".join(part), None, None) for part in after.keys() - before.keys()]
    pairs: list[tuple[tuple[str, ...], Flat, Flat]] = [((), _top(old, new), _top(new, old))]
    pairs += [(part, before[part], after[part]) for part in before.keys() & after.keys()]
    for part, one, other in pairs:
        changes += [
            Change("changed", ".".join((*part, *path)), one.get(path), other.get(path))
            for path in _differing(one, other)
        ]
    return sorted(changes, key=lambda change: change.path)


def _differing(one: Flat, other: Flat) -> list[tuple[str, ...]]:
    """Where they differ; what lies below a place that differs itself is told there."""
    paths = {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}
    return [path for path in paths if path[:-1] not in paths]


def _top(policy: Policy, other: Policy) -> Flat:
    """What stands by itself, and the order of what both have: of the priorities it is the rank."""
    flat: Flat = {("default_plan",): policy.default_plan, ("default_priority",): policy.default_priority}
    for section in ("plans", *_LISTED):
        theirs = _names(other.document, section)
        flat[(section,)] = ", ".join(name for name in _names(policy.document, section) if name in theirs)
    orders = sections.orders(other.document)
    for path, names in sections.orders(policy.document).items():
        if path in orders:
            flat[path] = ", ".join(name for name in names if name in orders[path])
    return flat | sections.settings(policy.document)


def _names(document: dict[str, Any], section: str) -> list[str]:
    found = document.get(section, ())
    return list(found) if isinstance(found, dict) else [entry["name"] for entry in found]


def _parts(document: dict[str, Any]) -> dict[tuple[str, ...], Flat]:
    """Each plan, calendar, status and entry of a list, flat, and those of the other sections."""
    parts = sections.parts(document)
    parts.update({("statuses", status): _status({}) for status in statuses.ALL})
    for section in _LISTED:
        parts.update({(section, entry["name"]): _entry(entry) for entry in document.get(section, ())})
    for name in document["plans"]:
        parts["plans", name] = dict(_plan(plan_of(document, name)))
    for name, spec in document["calendars"].items():
        parts["calendars", name] = dict(_calendar(spec))
    for status, entry in document.get("statuses", {}).items():
        parts["statuses", status] = _status(entry)
    return parts


def _status(entry: dict[str, Any]) -> Flat:
    flat: Flat = {("label", language): text for language, text in entry.get("label", {}).items()}
    if entry.get("aliases"):
        flat[("aliases",)] = ", ".join(sorted(entry["aliases"]))
    flat[("enabled",)] = _flag(entry.get("enabled", True))
    flat.update(
        {("stages", str(n)): sections.stage(spec) for n, spec in enumerate(entry.get("stages", ()), 1)}
    )
    return flat


def _entry(entry: dict[str, Any]) -> Flat:
    """A priority, category or type."""
    flat: Flat = {("label", language): text for language, text in entry.get("label", {}).items()}
    flat.update({(key,): entry[key] for key in _ENTRY_TEXTS if key in entry})
    flat[("sla",)] = entry.get("sla", "by plan")
    flat[("scope",)] = entry.get("scope", "in")
    flat[("origin",)] = origin(entry)
    flat[("retired",)] = _flag(entry.get("retired", False))
    return flat


def _plan(plan: Plan) -> Iterator[tuple[tuple[str, ...], str]]:
    for language, text in plan.label.items():
        yield ("label", language), text
    for key in ("extends", "valid_from", "valid_to"):
        if getattr(plan, key) is not None:
            yield (key,), getattr(plan, key)
    yield ("calendar",), plan.calendar
    for priority, row in plan.targets.items():
        for clock, target in row.items():
            yield ("targets", priority, clock), _target(target, plan.calendar)
    for status, clocks in plan.pause.items():
        yield ("pause", status), ", ".join(clock for clock in CLOCKS if clock in clocks) or "nothing"
    yield ("retroactive",), _flag(plan.retroactive)
    yield ("customer_close",), plan.customer_close
    yield ("retired",), _flag(plan.retired)
    yield ("reopen", "mode"), plan.reopen_mode
    if plan.reopen_window is not None:
        yield ("reopen", "window"), format_duration(plan.reopen_window)
    closing = plan.auto_close
    if closing.after:
        yield ("auto_close", "after"), format_duration(closing.after)
        yield ("auto_close", "statuses"), ", ".join(sorted(closing.statuses))
        if closing.remind_after is not None:
            yield ("auto_close", "remind_after"), format_duration(closing.remind_after)
        if closing.calendar is not None:
            yield ("auto_close", "calendar"), closing.calendar
    for level in plan.levels:
        yield ("escalation", level.clock, str(level.level)), _level(level)


def _target(target: Target, calendar: str) -> str:
    text = format_duration(target.limit)
    if target.goal is not None:
        text = f"{format_duration(target.goal)}..{text}"
    elif target.warn != target.limit * DEFAULT_WARN_PERCENT // 100:
        text += f", warning after {format_duration(target.warn)}"
    return text if target.calendar == calendar else f"{text} in {target.calendar}"


def _level(level: Level) -> str:
    parts = [f"at {format_offset(level.offset)}" if level.offset is not None else f"at {level.percent}%"]
    if level.notify:
        parts.append(f"notify {', '.join(level.notify)}")
    for key, value in level.set.items():
        told = (
            f"+{value}" if isinstance(value, int) else " ".join(value) if isinstance(value, tuple) else value
        )
        parts.append(f"set {key} {told}")
    return "; ".join(parts)


def _calendar(spec: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("timezone",), spec["timezone"]
    week: dict[int, list[str]] = {}
    for days, windows in spec["hours"].items():
        for day in parse_days(days):
            week.setdefault(day, []).extend(windows)
    for day, name in enumerate(DAYS):
        yield ("hours", name), _windows(week.get(day, ()))
    for holiday in spec.get("holidays", ()):
        yield ("holidays", holiday), "closed"
    for key, dates in (("country_holidays", "country_dates"), ("holidays_file", "file_dates")):
        if key in spec:
            yield (key,), _dated(spec[key], list(spec.get(dates, ())))
        for date, name in spec.get(dates, {}).items():
            yield (key, date), name
    for date, windows in spec.get("exceptions", {}).items():
        yield ("exceptions", date), _windows(windows)


def _dated(source: str, dates: list[str]) -> str:
    """`FR (133 dates, 2025-2036)`: there are too many of them to be told each; a date that moves is."""
    if not dates:
        return source
    first, last = min(dates)[:4], max(dates)[:4]
    number = "1 date" if len(dates) == 1 else f"{len(dates)} dates"
    return f"{source} ({number}, {first if first == last else f'{first}-{last}'})"


def _windows(windows: Iterable[str]) -> str:
    """`9:00-12:00` is `09:00-12:00`."""
    padded = {"-".join(time.rjust(5, "0") for time in window.split("-")) for window in windows}
    return ", ".join(sorted(padded)) or "closed"


def _flag(value: bool) -> str:
    return "true" if value else "false"
