"""What a report is asked for: by which groups, of which period; and in which order the groups are told."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.metrics import week_of, weeks
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError
from helpdesk_cli.storage import reports as rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

GROUPS = ("plan", "priority", "org", "category", "agent", "week")
# The values of the groups of a report, in their order; None: a ticket that has none.
Key: TypeAlias = tuple[str | None, ...]


class Report:
    """One report's groups and period. UsageError for another word than GROUPS, and for a period that ends
    before it begins."""

    def __init__(self, app: App, by: Iterable[str], since: datetime | None, until: datetime | None) -> None:
        if since is not None and until is not None and since > until:
            raise UsageError(
                f"--since {to_text(since)} is after --until {to_text(until)}",
                code="bad_period",
                hint="the period is --since <= instant < --until",
            )
        self.by = groups(by)
        self.asked = rows.asked(self.by, since, until, app.now())
        self._app = app
        self._weeks: dict[str, str] = {}

    def includes(self, at: str) -> bool:
        """Whether an instant is in the period."""
        return self.asked.since <= at < self.asked.until

    def key(self, row: Row, at: str) -> Key:
        """The group of a row whose instant, to the minute or the second, is `at`."""
        return tuple(self.week(at) if word == rows.WEEK else row[f"by_{word}"] for word in self.by)

    def week(self, at: str) -> str:
        """The week of an instant in the zone of the command."""
        minute = at[:16]
        if minute not in self._weeks:
            self._weeks[minute] = week_of(from_text(f"{minute}:00Z"), self._app.zone)
        return self._weeks[minute]

    def without_week(self, key: Key) -> Key:
        """The group in all weeks together."""
        return tuple(value for word, value in zip(self.by, key, strict=True) if word != rows.WEEK)

    def ordered(self, keys: Iterable[Key]) -> list[Key]:
        """The groups each once, in the order of `by`: plans, priorities and categories as the policy has
        them, names by alphabet, what has none last. No week between two is left out; without `by` there is
        one group, empty or not."""
        found = set(keys)
        if not self.by:
            return [()]
        if rows.WEEK in self.by and found:
            place = self.by.index(rows.WEEK)
            seen = sorted({str(key[place]) for key in found})
            rest = {self.without_week(key) for key in found}
            found = {
                (*key[:place], week, *key[place:]) for key, week in product(rest, weeks(seen[0], seen[-1]))
            }
        ranks = [self._ranks(word) for word in self.by]
        return sorted(found, key=lambda key: [_place(*pair) for pair in zip(key, ranks, strict=True)])

    def named(self, key: Key) -> dict[str, Any]:
        """The keys of a record that say which group it is."""
        return dict(zip(self.by, key, strict=True))

    def _ranks(self, word: str) -> dict[str, int]:
        policy = self._app.policies.latest()
        names = {"plan": policy.plans, "priority": policy.priorities, "category": policy.categories}
        return {name: rank for rank, name in enumerate(names.get(word, ()))}


def _place(value: str | None, ranks: dict[str, int]) -> tuple[bool, int, str]:
    return value is None, ranks.get(value or "", len(ranks)), (value or "").casefold()


def groups(words: Iterable[str]) -> tuple[str, ...]:
    """Words of GROUPS in any case, each once; UsageError, with a suggestion, for another."""
    return tuple(dict.fromkeys(map(_group, words)))


def _group(word: str) -> str:
    wanted = word.strip().lower()
    if wanted in GROUPS:
        return wanted
    guess = closest(wanted, GROUPS)
    raise UsageError(
        f"--by: {shown(word)} is not one of {', '.join(GROUPS)}",
        code="unknown_group",
        hint=f"did you mean {guess!r}?" if guess else None,
        details={"found": word, "expected": list(GROUPS)},
    )
