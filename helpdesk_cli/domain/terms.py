"""The terms of a plan as a policy file writes them, and what they mean: targets, levels, auto-closure,
reopening, pauses.

Each `parse_*` takes a value of a policy document (texts, lists, mappings of texts) and gives the value that
the clocks work with: durations in seconds, names as they are. Keys and names have been checked before
(`plan_check`); a duration, a range, a warning or an offset that makes no sense raises an error of one line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.durations import parse_duration, parse_offset
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import HelpdeskError, PolicyError

CLOCKS = ("first_response", "next_response", "update", "resolution")
LEADING = frozenset({"priority", "category", "type"})  # an edit of these may lead a ticket to another route
CLOSABLE_STATUSES = (statuses.WAITING_CUSTOMER, statuses.RESOLVED)  # sla.md 2, the row of auto-closure
PAUSABLE_STATUSES = statuses.ACTIVE  # no clock runs in the others
ROLES = ("requester", "assignee", "team", "team_lead", "account_manager")
REGION = "region"  # who is told where regions are declared: the organisation's regional contact
REOPEN_MODES = ("continue", "restart")
CUSTOMER_CLOSE = ("always", "before_reply", "never")

BY_HAND = "cli"  # the origin of what was added from the shell (policy.md)

DEFAULT_WARN_PERCENT = 80
MAX_PERCENT = 1000


class Target(NamedTuple):
    """How long a clock may run, in working seconds of `calendar`.

    limit: breached beyond it.  goal: the first value of a range, else None.  warn: elapsed seconds from which
    the clock is at risk (sla.md 4).
    """

    limit: int
    goal: int | None
    warn: int
    calendar: str


class Level(NamedTuple):
    """A level of escalation (sla.md 6); exactly one of `offset` (seconds) and `percent` is set."""

    level: int
    clock: str
    text: str
    offset: int | None
    percent: int | None
    notify: tuple[str, ...]
    set: Mapping[str, object]

    def threshold(self, limit: int) -> int:
        """Elapsed seconds at which the level is reached, for a target of `limit` seconds; never below 0."""
        if self.percent is not None:
            return limit * self.percent // 100
        return max(0, limit + (self.offset or 0))

    def late(self, limit: int) -> bool:
        """True for a level at the deadline or after it: it fires by the rule of breaches (sla.md 6)."""
        return self.threshold(limit) >= limit


class AutoClose(NamedTuple):
    """When silence closes a ticket (sla.md 7); seconds, `after` 0 = never; no calendar: elapsed time."""

    after: int = 0
    statuses: tuple[str, ...] = CLOSABLE_STATUSES
    remind_after: int | None = None
    calendar: str | None = None


class Reopen(NamedTuple):
    """What a customer's reply to a stopped ticket does; `window` in seconds, None = reopens for ever."""

    mode: str = "continue"
    window: int | None = None


Pauses = Mapping[str, frozenset[str]]

DEFAULT_PAUSE: Pauses = {
    statuses.WAITING_CUSTOMER: frozenset({"resolution", "update"}),
    statuses.ON_HOLD: frozenset({"resolution"}),
}


def is_none(value: object) -> bool:
    """True where a policy says "not covered": `none`, `0`, any zero duration."""
    if not isinstance(value, str):
        return False
    try:
        return value == "none" or parse_duration(value) == 0
    except HelpdeskError:
        return False


def parse_target(value: str | Mapping[str, str], calendar: str) -> Target | None:
    """A target: a duration, a range, `none` or `0` (None: no clock), or a mapping.

    A mapping has limit, goal or warn, calendar. `calendar` is the plan's, which the mapping may override.
    A range is goal..limit, goal <= limit.
    """
    if isinstance(value, str):
        return _target_of_text(value, calendar)
    if "goal" in value and "warn" in value:
        raise PolicyError("a target has a goal or a warn, not both: the goal is the warning")
    text = value["limit"]
    own = value.get("calendar", calendar)
    if "goal" in value and not is_none(text):
        return _target_of_text(f"{value['goal']}..{text}", own)
    target = _target_of_text(text, own)
    if target is None or "warn" not in value:
        return target
    if target.goal is not None:
        raise PolicyError(f"the limit {shown(text)} is a range, whose goal is the warning: leave warn out")
    return target._replace(warn=_parse_warn(value["warn"], target.limit))


def _target_of_text(text: str, calendar: str) -> Target | None:
    if is_none(text):
        return None
    first, dots, second = text.partition("..")
    if not dots:
        limit = parse_duration(text)
        return Target(limit, None, limit * DEFAULT_WARN_PERCENT // 100, calendar)
    goal, limit = parse_duration(first), parse_duration(second)
    if not limit:
        raise PolicyError(
            f"the limit of the range {shown(text)} is zero", hint="write none for what is not covered"
        )
    if goal > limit:
        raise PolicyError(f"the range {shown(text)} is reversed: the goal comes first, then the limit")
    return Target(limit, goal, goal, calendar)


def _parse_warn(text: str, limit: int) -> int:
    if text.endswith("%"):
        return limit * parse_percent(text, highest=100) // 100
    before = parse_duration(text)
    if before >= limit:
        raise PolicyError(
            f"warn {text} is not shorter than the limit",
            hint="it is counted back from the limit: 15m is a quarter of an hour before it",
        )
    return limit - before


def parse_percent(text: str, *, highest: int = MAX_PERCENT) -> int:
    """`80%` -> 80; whole numbers from 0 to `highest`."""
    digits = text.removesuffix("%").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 6 and int(digits) <= highest):
        raise PolicyError(f"{shown(text)} is not a percentage from 0% to {highest}%")
    return int(digits)


def parse_level(value: Mapping[str, Any]) -> Level:
    """A level: `level`, `clock`, `at` (`-1h`, `0m`, `+20m`, `80%`), and what it does: `notify`, `set`."""
    offset, percent = parse_at(value["at"])
    notify = tuple(value.get("notify", ()))
    changes = {key: _change(key, wanted) for key, wanted in value.get("set", {}).items()}
    if not notify and not changes:
        raise PolicyError("the level does nothing: it has neither notify nor set")
    number = parse_number(str(value["level"]))
    return Level(number, value["clock"], value["at"].strip(), offset, percent, notify, changes)


def parse_number(text: str) -> int:
    """The number of a level, from 1."""
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise PolicyError(f"level {shown(text)} is not a whole number from 1")
    return int(text)


def parse_at(text: str) -> tuple[int | None, int | None]:
    """(seconds from the deadline, percent of the target), one of them None: `-1h`, `0m`, `+20m`, `80%`."""
    if text.strip().endswith("%"):
        return None, parse_percent(text.strip())
    return parse_offset(text), None


def _change(key: str, wanted: str | Sequence[str]) -> object:
    """tags: a tuple; priority: a name or an int (steps more urgent); assignee, team: a name."""
    if key == "tags":
        return (wanted,) if isinstance(wanted, str) else tuple(wanted)
    return parse_step(str(wanted)) if key == "priority" else wanted


def parse_step(text: str) -> int | str:
    """`+1` -> 1 step more urgent; anything else is the name of a priority and comes back as it is."""
    if not text.startswith("+"):
        return text
    digits = text[1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 4 and int(digits)):
        raise PolicyError(
            f"{shown(text)} is not a step of priority", hint="write +1, or the name of a priority"
        )
    return int(digits)


def parse_auto_close(value: Mapping[str, Any]) -> AutoClose:
    """`{after, statuses, remind_after, calendar}`; `after: 0` switches it off (sla.md 7)."""
    after = parse_duration(value["after"])
    remind = parse_duration(value["remind_after"]) if "remind_after" in value else None
    if remind is not None and after and remind >= after:
        raise PolicyError(f"remind_after {value['remind_after']} is not before after {value['after']}")
    return AutoClose(after, tuple(value.get("statuses", CLOSABLE_STATUSES)), remind, value.get("calendar"))


def parse_reopen(value: Mapping[str, str]) -> Reopen:
    """`{mode: continue | restart, window: 14d}`; without a window a reply reopens for ever."""
    window = parse_duration(value["window"]) if "window" in value else None
    return Reopen(value.get("mode", "continue"), window)


def parse_pause(value: Mapping[str, Sequence[str]]) -> Pauses:
    """status -> the clocks that pause in it; what is given replaces the default whole."""
    return {status: frozenset(clocks) for status, clocks in value.items()}


def typed_form(text: str) -> str:
    """A status word as typed, but for case and the amount of space."""
    return " ".join(text.casefold().split())


def loose_form(text: str) -> str:
    """A status word in which `-`, `_` and spaces are the same."""
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
