"""What one plan of a policy document may say (policy.md, plans; sla.md 3-7).

The structure, the names and the statuses are judged here; durations, ranges, warnings and offsets where they
are read, in `terms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.checking import Checker, Path, is_name, suggestion
from helpdesk_cli.domain.durations import parse_duration
from helpdesk_cli.domain.level_check import check_escalation
from helpdesk_cli.domain.opening_hours import parse_date
from helpdesk_cli.domain.plan_inheritance import inherited, lineage
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.terms import (
    CLOCKS,
    CLOSABLE_STATUSES,
    CUSTOMER_CLOSE,
    PAUSABLE_STATUSES,
    REOPEN_MODES,
    is_none,
    parse_auto_close,
    parse_target,
)
from helpdesk_cli.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.domain.declared import Declared

KEYS = (
    "label",
    "extends",
    "calendar",
    "targets",
    "pause",
    "retroactive",
    "auto_close",
    "reopen",
    "customer_close",
    "escalation",
    "valid_from",
    "valid_to",
    "retired",
)


def check_plans(checker: Checker, value: object, names: Declared, default: object) -> dict[str, Any]:
    """The plans as they are written, their booleans and levels converted. `default`: the default plan."""
    plans: dict[str, Any] = {}
    for name, spec in checker.some(value, ("plans",), "plan").items():
        path = ("plans", name)
        checker.name(name, path)
        plan = plans[name] = _plan(checker, spec, name, names)
        if "extends" in plan:
            _extends(checker, plan["extends"], name, names)
        _validity(checker, plan, path, is_default=name == default)
    return plans


def _plan(checker: Checker, spec: object, name: str, names: Declared) -> dict[str, Any]:
    path: Path = ("plans", name)
    heir = isinstance(spec, dict) and "extends" in spec
    plan = dict(checker.mapping(spec, path, KEYS, () if heir else ("calendar", "targets")))
    calendar = None
    if "calendar" in plan:
        calendar = names.word(checker, plan["calendar"], (*path, "calendar"), "calendar")
    if "label" in plan:
        checker.label(plan["label"], (*path, "label"))
    if "targets" in plan:
        needed = [] if heir else names.of("priority")
        _targets(checker, plan["targets"], (*path, "targets"), calendar or "", needed, names)
    if "pause" in plan:
        _pause(checker, plan["pause"], (*path, "pause"), names)
    for key in ("retroactive", "retired"):
        if key in plan:
            plan[key] = checker.flag(plan[key], (*path, key))
    if "auto_close" in plan:
        base = inherited(names.plans, name).get("auto_close") if heir else None
        _auto_close(checker, plan["auto_close"], (*path, "auto_close"), names, base)
    if "reopen" in plan:
        _reopen(checker, plan["reopen"], (*path, "reopen"))
    if "customer_close" in plan:
        checker.choice(plan["customer_close"], (*path, "customer_close"), CUSTOMER_CLOSE)
    if "escalation" in plan:
        plan["escalation"] = check_escalation(checker, plan["escalation"], (*path, "escalation"), names)
    return plan


def _extends(checker: Checker, value: object, name: str, names: Declared) -> None:
    """A plan extends another, and never, by whatever way, itself."""
    path = ("plans", name, "extends")
    if names.word(checker, value, path, "plan") is None:
        return
    line = lineage(names.plans, name)
    last = names.plans[line[-1]]
    if not isinstance(last, dict) or last.get("extends") != name:
        return
    if len(line) == 1:
        checker.add(path, "the plan inherits from itself", "name another plan, or leave extends out")
    else:
        way = " -> ".join((*line, name))
        checker.add(
            path, f"the plan inherits from itself in a circle: {shown(way)}", "one must extend no other"
        )


def _validity(checker: Checker, plan: dict[str, Any], path: Path, *, is_default: bool) -> None:
    """The first and the last day on which the plan counts, days of its calendar's zone (Z29)."""
    dates = {}
    for key in ("valid_from", "valid_to"):
        if key not in plan:
            continue
        if is_default:
            checker.add(
                (*path, key),
                "the default plan has no dates: nothing would count outside them",
                "give dates to the plans that end, and keep one without",
            )
        text = checker.text(plan[key], (*path, key), "a date such as 2026-12-31")
        day = None if text is None else checker.attempt((*path, key), _day, text)
        if day is not None:
            dates[key] = day
    if len(dates) == 2 and dates["valid_to"] < dates["valid_from"]:
        checker.add(
            (*path, "valid_to"), f"{plan['valid_to']} is before {plan['valid_from']}, from which it counts"
        )


def _day(text: str) -> int:
    try:
        return parse_date(text)
    except ValueError as error:
        raise PolicyError(str(error)) from None


def _targets(
    checker: Checker, value: object, path: Path, calendar: str, needed: list[str], names: Declared
) -> None:
    """The rows of the priorities; those of `needed` must be there."""
    rows = checker.mapping(value, path, None)
    for priority in filter(is_name, needed):  # a name that is refused needs no row
        if isinstance(value, dict) and priority not in rows:
            checker.add(
                path, f"the priority {priority} is left out", f"write {priority}: none if nothing is promised"
            )
    for priority, row in rows.items():
        here = (*path, priority)
        names.word(checker, priority, here, "priority")
        if not is_none(row):
            _row(checker, row, here, calendar, names)


def _row(checker: Checker, row: object, path: Path, calendar: str, names: Declared) -> None:
    if not isinstance(row, dict):
        found = shown(row) if isinstance(row, str) and row else "no mapping"
        checker.add(
            path, f"found {found}, expected a clock and its target", "write {first_response: 4h}, or none"
        )
    elif not row:
        checker.add(path, "no clock has a target", "write none if nothing is promised")
    for clock, target in checker.mapping(row, path, CLOCKS).items() if isinstance(row, dict) else ():
        here = (*path, clock)
        if isinstance(target, dict):
            _target(checker, target, here, calendar, names)
        elif checker.text(target, here, "a duration, a range such as 10m..30m, or none"):
            checker.attempt(here, parse_target, target, calendar)


def _target(checker: Checker, value: object, path: Path, calendar: str, names: Declared) -> None:
    """A target of several keys; what its times say is judged whatever its calendar is."""
    target = checker.mapping(value, path, ("limit", "goal", "warn", "calendar"), ("limit",))
    if "calendar" in target:
        names.word(checker, target.pop("calendar"), (*path, "calendar"), "calendar")
    texts = [checker.text(text, (*path, key)) for key, text in target.items()]
    if "limit" in target and all(texts):
        checker.attempt(path, parse_target, target, calendar)


def _pause(checker: Checker, value: object, path: Path, names: Declared) -> None:
    for status, clocks in checker.mapping(value, path, None).items():
        if status not in PAUSABLE_STATUSES:
            checker.add(
                (*path, status), f"nothing pauses in {shown(status)}", suggestion(status, PAUSABLE_STATUSES)
            )
        names.enabled(checker, status, (*path, status))
        checker.words(clocks, (*path, status), "clock", CLOCKS)


def _auto_close(checker: Checker, value: object, path: Path, names: Declared, inherited: object) -> None:
    """`inherited`: the same key of the plan that this one extends."""
    base = inherited if isinstance(inherited, dict) else {}
    required = () if "after" in base else ("after",)
    rule = checker.mapping(value, path, ("after", "statuses", "remind_after", "calendar"), required)
    times = _times(Checker(), base, path) | _times(checker, rule, path)
    if "after" in times and {"after", "remind_after"} & rule.keys():
        checker.attempt((*path, "remind_after"), parse_auto_close, times)
    if "statuses" in rule:
        here = (*path, "statuses")
        named = checker.items(rule["statuses"], here)
        if named == rule["statuses"] == []:
            checker.add(here, "no status is named", "leave the key out, or write after: 0 to switch it off")
        for n, status in enumerate(named):
            if status not in CLOSABLE_STATUSES:
                checker.add(
                    (*here, n),
                    f"auto-closure cannot close what is {shown(str(status))}",
                    f"only {' and '.join(CLOSABLE_STATUSES)} can be named; on_hold is never closed",
                )
            else:
                names.enabled(checker, status, (*here, n))
    if "calendar" in rule:
        names.word(checker, rule["calendar"], (*path, "calendar"), "calendar")


def _times(checker: Checker, rule: Mapping[str, Any], path: Path) -> dict[str, str]:
    """The durations of a rule of auto-closure, as far as they are any."""
    good = {}
    for key in ("after", "remind_after"):
        text = checker.text(rule[key], (*path, key), "a duration") if key in rule else None
        if text is not None and checker.attempt((*path, key), parse_duration, text) is not None:
            good[key] = text
    return good


def _reopen(checker: Checker, value: object, path: Path) -> None:
    rule = checker.mapping(value, path, ("mode", "window"))
    if "mode" in rule:
        checker.choice(rule["mode"], (*path, "mode"), REOPEN_MODES)
    if "window" in rule and checker.text(rule["window"], (*path, "window"), "a duration"):
        checker.attempt((*path, "window"), parse_duration, rule["window"])
