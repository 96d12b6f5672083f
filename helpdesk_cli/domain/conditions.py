"""Whether a ticket is one that a rule is for: the conditions of routes, templates and alerts (`profiles.md`).

Different conditions must all hold; of the values that one names any will do, and `none` stands for no value
where a ticket may lack it. Names are compared in any case.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.section_terms import FLAG_CONDITIONS, MAY_LACK, any_of
from helpdesk_cli.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_key = lru_cache(maxsize=1024)(fold)  # few names come again and again


class Facts(NamedTuple):
    """What a condition may ask of a ticket, under the names of the conditions. `contract`, `vip`,
    `large_account`, `tier`, `region` and `country` are its organisation's, `language` its requester's."""

    category: str | None = None
    type: str | None = None
    priority: str = ""
    plan: str = ""
    org: str | None = None
    tier: str | None = None
    contract: bool = False
    vip: bool = False
    large_account: bool = False
    language: str | None = None
    region: str | None = None
    country: str | None = None
    channel: str = ""
    tag: tuple[str, ...] = ()


class Condition(NamedTuple):
    """One of a rule. `place` is that of its fact; `wanted` in the form in which it is compared, None for no
    value; `said` as the policy says it."""

    name: str
    place: int
    wanted: frozenset[str | bool | None]
    said: str


def conditions(when: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of a checked `when`, in its order; none: every ticket is meant."""
    return tuple(_condition(name, value) for name, value in when.items())


def _condition(name: str, value: Any) -> Condition:
    place = Facts._fields.index(name)
    if name in FLAG_CONDITIONS:
        return Condition(name, place, frozenset([bool(value)]), _flag(value))
    values = any_of(value)
    wanted = (None if text == "none" and name in MAY_LACK else _key(text) for text in values)
    return Condition(name, place, frozenset(wanted), ", ".join(values))


def missed(asked: Iterable[Condition], facts: Facts) -> Condition | None:
    """The first condition that does not hold, None where all do."""
    for condition in asked:
        found: Any = facts[condition.place]
        if isinstance(found, str):
            holds = _key(found) in condition.wanted
        elif isinstance(found, tuple):
            holds = (
                any(_key(each) in condition.wanted for each in found) if found else None in condition.wanted
            )
        else:
            holds = found in condition.wanted
        if not holds:
            return condition
    return None


def fits(asked: Iterable[Condition], facts: Facts) -> bool:
    """Whether all of them hold."""
    return missed(asked, facts) is None


def told(condition: Condition, facts: Facts) -> str:
    """What a ticket has of what a condition asks: `none` for no value."""
    found: Any = facts[condition.place]
    if isinstance(found, bool):
        return _flag(found)
    return (found if isinstance(found, str) else ", ".join(found or ())) or "none"


def _flag(value: object) -> str:
    return "true" if value else "false"
