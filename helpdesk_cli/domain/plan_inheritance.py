"""What a plan takes over from the one that it extends (K11).

A plan is stored as it is written; here it becomes the plan that counts. Its targets stand beside those that
it inherits, by priority and then by clock, `none` taking one away; so do the keys of `auto_close` and
`reopen`. Anything else that it says stands in place of what it inherits. Its label, its dates and whether it
is retired are its own.

Nothing here minds a broken document: what cannot be inherited is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN_KEYS = ("label", "retired", "extends", "valid_from", "valid_to")
_MERGED = ("auto_close", "reopen")


def lineage(plans: Mapping[str, Any], name: str) -> list[str]:
    """The plan, the one that it extends, and so on; it ends before one that is unknown or there already."""
    names: list[str] = []
    while isinstance(plans.get(name), Mapping) and name not in names:
        names.append(name)
        parent = plans[name].get("extends")
        if not isinstance(parent, str):
            break
        name = parent
    return names


def effective(plans: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The keys of a plan with those that it inherits."""
    spec: dict[str, Any] = {}
    for each in reversed(lineage(plans, name)):
        spec = _over(spec, plans[each])
    return spec


def inherited(plans: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a plan would be if it said nothing itself."""
    return effective({**plans, name: {key: plans[name][key] for key in OWN_KEYS if key in plans[name]}}, name)


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    spec = {key: value for key, value in base.items() if key not in OWN_KEYS} | dict(own)
    for key in _MERGED:
        if key in own and key in base:
            spec[key] = _merged(base[key], own[key])
    rows, changed = base.get("targets"), own.get("targets")
    if isinstance(rows, Mapping) and isinstance(changed, Mapping):
        spec["targets"] = {**rows, **{row: _merged(rows.get(row), cells) for row, cells in changed.items()}}
    return spec


def _merged(base: object, own: object) -> object:
    return {**base, **own} if isinstance(base, Mapping) and isinstance(own, Mapping) else own
