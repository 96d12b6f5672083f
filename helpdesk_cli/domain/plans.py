"""The policy in force: what a version of the policy document says, compiled piece by piece on demand.

`Policy` wraps one stored version (the checked document of a policy file, all scalars still text). Nothing is
parsed when it is made: showing a ticket needs one plan and perhaps no calendar. A plan, a calendar and the
table of status words are built on first use and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.terms import (
    BY_HAND,
    CLOCKS,
    DEFAULT_PAUSE,
    AutoClose,
    Level,
    Pauses,
    Reopen,
    Target,
    is_none,
    loose_form,
    parse_auto_close,
    parse_level,
    parse_pause,
    parse_reopen,
    parse_target,
    typed_form,
)
from helpdesk_cli.errors import NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.calendars import BusinessCalendar

__all__ = [
    "CLOCKS",
    "AutoClose",
    "Level",
    "Plan",
    "Policy",
    "Reopen",
    "Target",
    "compile_plan",
    "enabled_in",
    "plan_of",
]

_LISTED = 20  # how many names a hint lists
_SECTIONS = {"priority": "priorities", "category": "categories", "type": "types"}


class Plan(NamedTuple):
    """A support plan, with what it inherits. `targets`: priority -> clock -> Target; a clock that is missing
    is not covered. `valid_from`, `valid_to`: the first and the last day on which it counts (`2026-12-31`,
    None: no such limit), days of the zone of its calendar (Z29)."""

    name: str
    label: Mapping[str, str]
    calendar: str
    targets: Mapping[str, Mapping[str, Target]]
    pause: Pauses
    retroactive: bool
    auto_close: AutoClose
    reopen_mode: str
    reopen_window: int | None
    customer_close: str
    levels: tuple[Level, ...]
    retired: bool
    extends: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


def enabled_in(document: Mapping[str, Any], status: str) -> bool:
    """Whether a checked document has a status in its cycle (H9)."""
    return bool(document.get("statuses", {}).get(status, {}).get("enabled", True))


def plan_of(document: Mapping[str, Any], name: str) -> Plan:
    """The plan of that name in a checked document, with what it inherits (K11)."""
    spec = document["plans"][name]
    if "extends" in spec:
        from helpdesk_cli.domain.plan_inheritance import effective

        spec = effective(document["plans"], name)
    return compile_plan(name, spec)


def compile_plan(name: str, spec: Mapping[str, Any]) -> Plan:
    """A plan that extends no other, with the defaults of policy.md where a key is absent."""
    calendar = spec["calendar"]
    targets: dict[str, dict[str, Target]] = {}
    for priority, row in spec["targets"].items():
        cells = {} if is_none(row) else {clock: parse_target(value, calendar) for clock, value in row.items()}
        targets[priority] = {clock: target for clock, target in cells.items() if target is not None}
    reopen = parse_reopen(spec.get("reopen", {}))
    return Plan(
        name=name,
        label=spec.get("label", {}),
        calendar=calendar,
        targets=targets,
        pause=parse_pause(spec["pause"]) if "pause" in spec else DEFAULT_PAUSE,
        retroactive=spec.get("retroactive", True),
        auto_close=parse_auto_close(spec["auto_close"]) if "auto_close" in spec else AutoClose(),
        reopen_mode=reopen.mode,
        reopen_window=reopen.window,
        customer_close=spec.get("customer_close", "always"),
        levels=tuple(parse_level(level) for level in spec.get("escalation", ())),
        retired=spec.get("retired", False),
        extends=spec.get("extends"),
        valid_from=spec.get("valid_from"),
        valid_to=spec.get("valid_to"),
    )


class Policy:
    """One version of the policy.

    version: its number (1, 2, ...).  at: the instant from which it counts (UTC).  document: see `policy.md`.
    tzdata: the version of the zone rules that it was applied with.
    """

    __slots__ = ("_calendars", "_entries", "_plans", "_words", "at", "document", "tzdata", "version")

    def __init__(self, version: int, at: datetime, document: dict[str, Any], tzdata: str) -> None:
        self.version = version
        self.at = at
        self.document = document
        self.tzdata = tzdata
        self._plans: dict[str, Plan] = {}
        self._calendars: dict[str, BusinessCalendar] = {}
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}
        self._words: list[dict[str, str]] | None = None

    @property
    def default_plan(self) -> str:
        """The plan of whoever has no other (K10, M4)."""
        return str(self.document["default_plan"])

    @property
    def default_priority(self) -> str:
        """As declared; else `normal` (K5); else the middle one of those not retired, nor made by hand."""
        if "default_priority" in self.document:
            return str(self.document["default_priority"])
        names = [
            name
            for name, entry in self._section("priority").items()
            if not entry.get("retired") and entry.get("origin") != BY_HAND
        ]
        return "normal" if "normal" in names else names[len(names) // 2]

    @property
    def plans(self) -> tuple[str, ...]:
        """Every plan, retired ones included, in the order of the file."""
        return tuple(self.document["plans"])

    @property
    def priorities(self) -> tuple[str, ...]:
        """Every priority, the most urgent first, retired ones included."""
        return tuple(self._section("priority"))

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self._section("category"))

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(self._section("type"))

    @property
    def calendars(self) -> tuple[str, ...]:
        return tuple(self.document["calendars"])

    def plan(self, name: str) -> Plan:
        """The plan of that name; NotFoundError with a suggestion."""
        plan = self._plans.get(name)
        if plan is None:
            plans = self.document["plans"]
            if name not in plans:
                raise _unknown("plan", name, plans)
            plan = self._plans[name] = plan_of(self.document, name)
        return plan

    def target(self, plan: str, priority: str, type_: str | None, clock: str) -> Target | None:
        """The target of a clock, on the calendar of the type if that has one (Z23); None: not covered by the
        plan, or the type is exempt (`sla: none`)."""
        kind = {} if type_ is None else self._section("type").get(type_, {})
        if kind.get("sla") == "none":
            return None
        target = self.plan(plan).targets.get(priority, {}).get(clock)
        return (
            target if target is None or "calendar" not in kind else target._replace(calendar=kind["calendar"])
        )

    def calendar(self, name: str) -> BusinessCalendar:
        """The business calendar of that name, built once; NotFoundError with a suggestion."""
        calendar = self._calendars.get(name)
        if calendar is None:
            from helpdesk_cli.domain.calendars import BusinessCalendar

            specs = self.document["calendars"]
            if name not in specs:
                raise _unknown("calendar", name, specs)
            calendar = self._calendars[name] = BusinessCalendar.from_spec(specs[name], name)
        return calendar

    def rank(self, priority: str) -> int:
        """0 for the most urgent priority; NotFoundError with a suggestion."""
        names = self.priorities
        if priority not in names:
            raise _unknown("priority", priority, names)
        return names.index(priority)

    def priority(self, name: str) -> dict[str, Any]:
        """The entry of the document; NotFoundError with a suggestion. So `category` and `ticket_type`."""
        return self._entry("priority", name)

    def category(self, name: str) -> dict[str, Any]:
        return self._entry("category", name)

    def ticket_type(self, name: str) -> dict[str, Any]:
        return self._entry("type", name)

    def offered(self, kind: str, name: str) -> str:
        """`name` if a new ticket or organisation may have that plan, priority, category or type.

        NotFoundError for an unknown one, RefusedError `retired` for one kept for old tickets only.
        """
        entries = self.document["plans"] if kind == "plan" else self._section(kind)
        if name not in entries:
            raise _unknown(kind, name, entries)
        if entries[name].get("retired"):
            left = ", ".join(key for key, entry in entries.items() if not entry.get("retired"))
            raise RefusedError(
                f"the {kind} {name} is retired: only old tickets keep it",
                code="retired",
                hint=f"choose one of {left}" if left else None,
            )
        return name

    def enabled(self, status: str) -> bool:
        """Whether the company's cycle has that status (H9)."""
        return enabled_in(self.document, status)

    def ways(self, status: str) -> tuple[str, ...]:
        """The statuses that an agent may bring a ticket to from this one (M5); `sla.md 2` may forbid more."""
        ways = self.document.get("transitions", {}).get(status, statuses.ALL)
        return tuple(way for way in ways if self.enabled(way))

    def status(self, text: str) -> str:
        """The machine name of a status typed as such, as an alias or as a label, in any case.

        A machine name or an alias is first matched as typed (H10: `on hold` may be an alias of `open` beside
        `on_hold`), then with `-` and spaces as `_`. UsageError `unknown_status` with a suggestion.
        """
        typed, loose = typed_form(text), loose_form(text)
        if self._words is None:
            self._words = self._status_words()
        machine, aliases, loose_aliases, labels = self._words
        for form, words in (
            (typed, machine), (typed, aliases), (loose, machine), (loose, loose_aliases), (loose, labels)
        ):  # fmt: skip
            if form in words:
                return words[form]
        known = [*statuses.ALL, *(alias for _, alias in self._aliases())]
        guess = closest(loose, known)
        raise UsageError(
            f"there is no status {shown(text)}",
            code="unknown_status",
            hint=f"did you mean {guess!r}?" if guess else f"it is one of {', '.join(known)}",
        )

    def label(self, kind: str, name: str, lang: str) -> str:
        """What a table shows for a status, priority, category, type or plan.

        Its label in `lang` (`fr`, `fr_CA`), else in English, else the machine name.
        """
        if kind in _SECTIONS:
            entry = self._section(kind).get(name, {})
        else:
            entry = self.document.get("statuses" if kind == "status" else "plans", {}).get(name, {})
        labels = entry.get("label", {})
        language = lang.replace("-", "_").split("_")[0].lower()
        return str(labels.get(language) or labels.get("en") or name)

    def _section(self, kind: str) -> dict[str, dict[str, Any]]:
        entries = self._entries.get(kind)
        if entries is None:
            entries = {entry["name"]: entry for entry in self.document.get(_SECTIONS[kind], ())}
            self._entries[kind] = entries
        return entries

    def _entry(self, kind: str, name: str) -> dict[str, Any]:
        entries = self._section(kind)
        if name not in entries:
            raise _unknown(kind, name, entries)
        return entries[name]

    def _aliases(self) -> Iterable[tuple[str, str]]:
        for status, entry in self.document.get("statuses", {}).items():
            for alias in entry.get("aliases", ()):
                yield status, alias

    def _status_words(self) -> list[dict[str, str]]:
        """Machine names, aliases as typed, aliases loosely, labels (but one that two share)."""
        machine = {status: status for status in statuses.ALL}
        aliases = {typed_form(alias): status for status, alias in self._aliases()}
        loose = {loose_form(alias): status for status, alias in self._aliases()}
        labels: dict[str, set[str]] = {}
        for status, entry in self.document.get("statuses", {}).items():
            for label in entry.get("label", {}).values():
                labels.setdefault(loose_form(label), set()).add(status)
        alone = {label: min(owners) for label, owners in labels.items() if len(owners) == 1}
        return [machine, aliases, loose, alone]


def _unknown(kind: str, name: str, names: Iterable[str]) -> NotFoundError:
    known = list(names)
    guess = closest(name, known)
    some = ", ".join(known[:_LISTED]) + ", ..." * (len(known) > _LISTED)
    listed = f"it is one of {some}" if known else f"the policy declares no {kind}"
    return NotFoundError(
        f"there is no {kind} {shown(name)}",
        code=f"unknown_{kind}",
        hint=f"did you mean {guess!r}?" if guess else listed,
    )
