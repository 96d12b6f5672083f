"""What to show of a record, and how values read to a person: in a zone, a language, on a terminal."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from helpdesk_cli.errors import HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpdesk_cli.cli.state import State
    from helpdesk_cli.records import Field, Record

_OLD = 60 * 86_400  # an age of more than this says less than the date
_NEAR = 10 * 3_600  # one of less tells the minutes, too


class View:
    """A record's chosen fields and the surroundings in which they are shown."""

    def __init__(
        self, state: State, record: Record, fields: tuple[Field, ...] | None = None, *, terminal: bool
    ) -> None:
        self.record = record
        self.fields = record.fields if fields is None else fields
        self.chosen = fields is not None
        self.headers = not state.settings.get("no_headers", False)
        self.terminal = terminal
        self.guarded = False  # whether no cell of CSV may be a formula
        self.color = state.settings.color(terminal=terminal)
        self._state = state
        self._labels: dict[tuple[str, str], str] = {}

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields of a list: those that were picked, else the record's own."""
        return self.fields if self.chosen else tuple(map(self.record.field, self.record.table))

    def of(self, record: Record) -> View:
        """Return a view of another record in the same surroundings, with all its fields."""
        return View(self._state, record, terminal=self.terminal)

    def plain(self) -> View:
        """Return the same view as a pipe has it: no ages, no colour."""
        return View(self._state, self.record, self.fields if self.chosen else None, terminal=False)

    @cached_property
    def now(self) -> datetime:
        """The instant from which ages are told."""
        return self._state.app.now()

    @cached_property
    def zone_name(self) -> str:
        """The zone of a table's instants, as its header names it."""
        zone = self._state.app.zone
        return getattr(zone, "key", None) or str(zone)

    def instant(self, text: str) -> str:
        """Turn `2026-03-01T09:30:00Z` into the local `2026-03-01 12:30:00`."""
        return datetime.fromisoformat(text).astimezone(self._state.app.zone).isoformat(" ")[:19]

    def age(self, text: str, *, brief: bool = False) -> str:
        """Say how far an instant is from now: `30h ago`, `in 2d`; near it, unless `brief`, in two units as in
        `in 1h48m`; far away the local date."""
        seconds = int((datetime.fromisoformat(text) - self.now).total_seconds())
        distance = abs(seconds)
        if distance > _OLD:
            return self.instant(text)[:10]
        minutes = distance % 3_600 // 60
        for unit, size in (("d", 172_800), ("h", 3_600), ("m", 60), ("s", 1)):
            if distance >= size:
                number = f"{distance // (86_400 if unit == 'd' else size)}{unit}"
                if not brief and unit == "h" and minutes and distance < _NEAR:
                    number += f"{minutes}m"
                return f"in {number}" if seconds > 0 else f"{number} ago"
        return "now"

    def label(self, kind: str, name: str) -> str:
        """Return the policy's label of a name in the user's language; the name itself where there is none."""
        lang = self._state.settings.lang
        if not lang:
            return name
        if (kind, name) not in self._labels:
            try:
                found = self._state.app.policies.latest().label(kind, name, lang)
            except HelpdeskError:
                found = name
            self._labels[kind, name] = found
        return self._labels[kind, name]

    @property
    def speaks(self) -> bool:
        """Whether labels are shown in a language, not machine names alone."""
        return bool(self._state.settings.lang)

    def in_language(self, labels: Mapping[str, str]) -> str:
        """Choose of labels by language the user's, else the English one; empty where there is neither."""
        lang = self._state.settings.lang
        return str(labels.get(lang) or labels.get("en") or "") if lang else ""
