"""What one plan of a policy document may say (policy.md, plans; sla.md 3-7).

The structure, the names and the statuses are judged here; durations, ranges, warnings and offsets where they
are read, in `terms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import people
from helpdesk_cli.domain.checking import Checker, Path, is_name, suggestion
from helpdesk_cli.domain.durations import parse_duration
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.tags import parse_tag
from helpdesk_cli.domain.terms import (
    CLOCKS,
    CLOSABLE_STATUSES,
    CUSTOMER_CLOSE,
    PAUSABLE_STATUSES,
    REOPEN_MODES,
    ROLES,
    is_none,
    parse_at,
    parse_auto_close,
    parse_number,
    parse_step,
    parse_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = (
    "label",
    "calendar",
    "targets",
    "pause",
    "retroactive",
    "auto_close",
    "reopen",
    "customer_close",
    "escalation",
    "retired",
)
_MISSPELT = 0.85  # how like a role a word must be to be taken for a slip, not for an agent or a team
# What some write before the name of whom they mean, and what a policy has instead.
_PREFIXES = {
    "team": "write the team's name",
    "group": "write the team's name",
    "agent": "write the agent's login",
    "user": "write the agent's login",
    "role": "write the role",
}


def check_plan(
    checker: Checker, spec: object, path: Path, *, calendars: list[str], priorities: list[str]
) -> dict[str, Any]:
    """The plan with its booleans and levels converted; `calendars` and `priorities` are those declared."""
    plan = dict(checker.mapping(spec, path, KEYS, ("calendar", "targets")))
    calendar = None
    if "calendar" in plan:
        calendar = checker.word(plan["calendar"], (*path, "calendar"), "calendar", calendars)
    if "label" in plan:
        checker.label(plan["label"], (*path, "label"))
    if "targets" in plan:
        _targets(checker, plan["targets"], (*path, "targets"), calendar or "", calendars, priorities)
    if "pause" in plan:
        _pause(checker, plan["pause"], (*path, "pause"))
    for key in ("retroactive", "retired"):
        if key in plan:
            plan[key] = checker.flag(plan[key], (*path, key))
    if "auto_close" in plan:
        _auto_close(checker, plan["auto_close"], (*path, "auto_close"), calendars)
    if "reopen" in plan:
        _reopen(checker, plan["reopen"], (*path, "reopen"))
    if "customer_close" in plan:
        checker.choice(plan["customer_close"], (*path, "customer_close"), CUSTOMER_CLOSE)
    if "escalation" in plan:
        plan["escalation"] = _escalation(checker, plan["escalation"], (*path, "escalation"), priorities)
    return plan


def _targets(
    checker: Checker, value: object, path: Path, calendar: str, calendars: list[str], priorities: list[str]
) -> None:
    rows = checker.mapping(value, path, None)
    for priority in filter(is_name, priorities):  # a name that is refused needs no row
        if isinstance(value, dict) and priority not in rows:
            checker.add(
                path, f"the priority {priority} is left out", f"write {priority}: none if nothing is promised"
            )
    for priority, row in rows.items():
        here = (*path, priority)
        if priority not in priorities:
            checker.add(here, f"there is no priority {shown(priority)}", suggestion(priority, priorities))
        if not is_none(row):
            _row(checker, row, here, calendar, calendars)


def _row(checker: Checker, row: object, path: Path, calendar: str, calendars: list[str]) -> None:
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
            _target(checker, target, here, calendar, calendars)
        elif checker.text(target, here, "a duration, a range such as 10m..30m, or none"):
            checker.attempt(here, parse_target, target, calendar)


def _target(checker: Checker, value: object, path: Path, calendar: str, calendars: list[str]) -> None:
    """A target of several keys; what its times say is judged whatever its calendar is."""
    target = checker.mapping(value, path, ("limit", "goal", "warn", "calendar"), ("limit",))
    if "calendar" in target:
        checker.word(target.pop("calendar"), (*path, "calendar"), "calendar", calendars)
    texts = [checker.text(text, (*path, key)) for key, text in target.items()]
    if "limit" in target and all(texts):
        checker.attempt(path, parse_target, target, calendar)


def _pause(checker: Checker, value: object, path: Path) -> None:
    for status, clocks in checker.mapping(value, path, None).items():
        if status not in PAUSABLE_STATUSES:
            checker.add(
                (*path, status), f"nothing pauses in {shown(status)}", suggestion(status, PAUSABLE_STATUSES)
            )
        checker.words(clocks, (*path, status), "clock", CLOCKS)


def _auto_close(checker: Checker, value: object, path: Path, calendars: list[str]) -> None:
    rule = checker.mapping(value, path, ("after", "statuses", "remind_after", "calendar"), ("after",))
    good = {}
    for key in ("after", "remind_after"):
        text = checker.text(rule[key], (*path, key), "a duration") if key in rule else None
        if text is not None and checker.attempt((*path, key), parse_duration, text) is not None:
            good[key] = text
    if "after" in good:
        checker.attempt((*path, "remind_after"), parse_auto_close, good)
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
    if "calendar" in rule:
        checker.word(rule["calendar"], (*path, "calendar"), "calendar", calendars)


def _reopen(checker: Checker, value: object, path: Path) -> None:
    rule = checker.mapping(value, path, ("mode", "window"))
    if "mode" in rule:
        checker.choice(rule["mode"], (*path, "mode"), REOPEN_MODES)
    if "window" in rule and checker.text(rule["window"], (*path, "window"), "a duration"):
        checker.attempt((*path, "window"), parse_duration, rule["window"])


def _escalation(checker: Checker, value: object, path: Path, priorities: list[str]) -> list[dict[str, Any]]:
    """The levels; each number appears once per clock, because a level fires once per clock (sla.md 6)."""
    levels = []
    seen: set[tuple[int, str]] = set()
    for n, item in enumerate(checker.items(value, path)):
        here = (*path, n)
        keys = ("level", "clock", "at", "notify", "set")
        spec = dict(checker.mapping(item, here, keys, ("level", "clock", "at")))
        number = clock = None
        if "level" in spec and checker.text(spec["level"], (*here, "level")):
            spec["level"] = number = checker.attempt((*here, "level"), parse_number, spec["level"])
        if "at" in spec and checker.text(spec["at"], (*here, "at")):
            checker.attempt((*here, "at"), parse_at, spec["at"])
        if "clock" in spec:
            clock = checker.word(spec["clock"], (*here, "clock"), "clock", CLOCKS)
        _notify(checker, spec.get("notify", []), (*here, "notify"))
        if "set" in spec:
            _set(checker, spec["set"], (*here, "set"), priorities)
        if isinstance(item, dict) and not spec.get("notify") and not spec.get("set"):
            checker.add(here, "the level does nothing: it has neither notify nor set")
        if number is not None and clock is not None:
            if (number, clock) in seen:
                checker.add(here, f"level {number} of {clock} appears twice")
            seen.add((number, clock))
        levels.append(spec)
    return levels


def _notify(checker: Checker, value: object, path: Path) -> None:
    from difflib import get_close_matches

    for n, item in enumerate(checker.items(value, path)):
        word = checker.text(item, (*path, n), "a role, a team or an agent")
        if word is None or word in ROLES:
            continue
        if word == "region":
            checker.add((*path, n), "the policy declares no regions, so there is no regional contact")
            continue
        role = get_close_matches(word[:40], ROLES, n=1, cutoff=_MISSPELT)
        if role and not any(character.isdigit() for character in word):
            checker.add((*path, n), f"{shown(word)} is no role", f"did you mean {role[0]!r}?")
        else:
            _somebody(checker, word, (*path, n), people.name, "team")


def _somebody(checker: Checker, word: str, path: Path, read: Callable[..., str], *kind: str) -> None:
    """A name that a team or an agent may have: `read` refuses any other."""
    prefix, colon, name = (part.strip() for part in word.partition(":"))
    prefix = prefix.casefold()
    if colon and prefix in (*_PREFIXES, *ROLES):
        alone = f"{_PREFIXES[prefix]}: {name}" if name and prefix in _PREFIXES else None
        checker.add(
            path,
            f"{shown(word)} names nobody",
            alone or "write a role, the name of a team or the login of an agent",
        )
    else:
        checker.attempt(path, read, word, *kind)


def _set(checker: Checker, value: object, path: Path, priorities: list[str]) -> None:
    changes = checker.mapping(value, path, ("priority", "assignee", "team", "tags"))
    for key, wanted in changes.items():
        here = (*path, key)
        if key == "tags" and not isinstance(wanted, str):
            for n, tag in enumerate(checker.items(wanted, here)):
                _tag(checker, tag, (*here, n))
        elif key == "tags":
            _tag(checker, wanted, here)
        elif not checker.text(wanted, here):
            continue
        elif key == "priority":
            step = checker.attempt(here, parse_step, wanted)
            if isinstance(step, str):
                checker.word(step, here, "priority", priorities)
        elif key == "team":
            _somebody(checker, wanted, here, people.name, "team")
        else:
            _somebody(checker, wanted, here, people.login)


def _tag(checker: Checker, value: object, path: Path) -> None:
    tag = checker.text(value, path, "a tag")
    if tag is not None:
        checker.attempt(path, parse_tag, tag)
