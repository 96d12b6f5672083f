"""What a policy document may say of escalation: the levels of a plan, whom they tell and what they set
(sla.md 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import people
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.tags import parse_tag
from helpdesk_cli.domain.terms import CLOCKS, REGION, ROLES, parse_at, parse_number, parse_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.checking import Checker, Path
    from helpdesk_cli.domain.declared import Declared

_MISSPELT = 0.85  # how like a role a word must be to be taken for a slip, not for an agent or a team
# What some write before the name of whom they mean, and what a policy has instead.
_PREFIXES = {
    "team": "write the team's name",
    "group": "write the team's name",
    "agent": "write the agent's login",
    "user": "write the agent's login",
    "role": "write the role",
}


def check_escalation(checker: Checker, value: object, path: Path, names: Declared) -> list[dict[str, Any]]:
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
        check_notify(checker, spec.get("notify", []), (*here, "notify"), names)
        if "set" in spec:
            _set(checker, spec["set"], (*here, "set"), names)
        if isinstance(item, dict) and not spec.get("notify") and not spec.get("set"):
            checker.add(here, "the level does nothing: it has neither notify nor set")
        if number is not None and clock is not None:
            if (number, clock) in seen:
                checker.add(here, f"level {number} of {clock} appears twice")
            seen.add((number, clock))
        levels.append(spec)
    return levels


def check_notify(checker: Checker, value: object, path: Path, names: Declared) -> None:
    """Roles, teams, agents, and the regional contact where there are regions."""
    from difflib import get_close_matches

    for n, item in enumerate(checker.items(value, path)):
        word = checker.text(item, (*path, n), "a role, a team or an agent")
        if word is None or word in ROLES:
            continue
        if word == REGION:
            if "region" not in names.given:
                checker.add((*path, n), "the policy declares no regions, so there is no regional contact")
            continue
        role = get_close_matches(word[:40], ROLES, n=1, cutoff=_MISSPELT)
        if role and not any(character.isdigit() for character in word):
            checker.add((*path, n), f"{shown(word)} is no role", f"did you mean {role[0]!r}?")
        else:
            check_somebody(checker, word, (*path, n), people.name, "team")


def check_somebody(checker: Checker, word: str, path: Path, read: Callable[..., str], *kind: str) -> None:
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


def _set(checker: Checker, value: object, path: Path, names: Declared) -> None:
    changes = checker.mapping(value, path, ("priority", "assignee", "team", "tags"))
    for key, wanted in changes.items():
        here = (*path, key)
        if key == "tags" and not isinstance(wanted, str):
            for n, tag in enumerate(checker.items(wanted, here)):
                check_tag(checker, tag, (*here, n))
        elif key == "tags":
            check_tag(checker, wanted, here)
        elif not checker.text(wanted, here):
            continue
        elif key == "priority":
            step = checker.attempt(here, parse_step, wanted)
            if isinstance(step, str):
                names.word(checker, step, here, "priority")
        elif key == "team":
            check_somebody(checker, wanted, here, people.name, "team")
        else:
            check_somebody(checker, wanted, here, people.login)


def check_tag(checker: Checker, value: object, path: Path) -> None:
    """A tag."""
    tag = checker.text(value, path, "a tag")
    if tag is not None:
        checker.attempt(path, parse_tag, tag)
