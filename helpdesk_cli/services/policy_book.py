"""Every version of the policy, read when asked for and kept: versions never change (policy.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters.host import in_hook
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.text import fold
from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import StorageError
from helpdesk_cli.storage import people
from helpdesk_cli.storage import policy as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from helpdesk_cli.domain.regions import Place
    from helpdesk_cli.storage.database import Database


class PolicyBook:
    """The `Rules` of a database (domain/rules.py).

    Which versions there are is read once a transaction: `App.write` says `forget`.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._numbers: list[int] | None = None
        self._known: dict[int, Policy] = {}

    def forget(self) -> None:
        """Ask again which versions there are: another process may have applied one."""
        self._numbers = None

    def add(
        self,
        document: dict[str, Any],
        *,
        at: datetime,
        source: str | None,
        actor: str,
        holidays_of: int | None = None,
    ) -> Policy:
        """Store a checked document as the version in force from `at` on, inside `App.write`. `holidays_of`:
        the version that its looked-up holidays were taken from, None where they were looked up just now."""
        looked_up = None if holidays_of is None else store.get(self._db, holidays_of)
        version = store.add(
            self._db,
            document,
            at=to_text(at),
            tzdata=tzdata_version(),
            holidays_version=_holidays_version(document) if looked_up is None else looked_up.holidays_version,
            source=source,
            actor=actor,
        )
        self.forget()
        return self.get(version)

    def latest(self) -> Policy:
        """The version in force."""
        numbers = self.versions()
        if not numbers:
            raise self._lost("its policy")
        return self.get(numbers[-1])

    def hooks(self) -> Sequence[Mapping[str, Any]]:
        """Those of the policy in force. None where a hook has started us: one that writes an event of its own
        type would never come to an end."""
        return () if in_hook() else self.latest().document.get("hooks", ())

    def known_hooks(self) -> bool:
        """Whether there are `hooks`, as far as the policy in force was read for this use case: whoever writes
        an event has read it."""
        if not self._numbers or self._numbers[-1] not in self._known:
            return False
        return bool(self.hooks())

    def get(self, version: int) -> Policy:
        """That version."""
        policy = self._known.get(version)
        if policy is None:
            stored = store.get(self._db, version)
            if stored is None:
                raise self._lost(f"version {version} of its policy")
            policy = Policy(version, from_text(stored.at), stored.document, stored.tzdata)
            self._known[version] = policy
        return policy

    def after(self, version: int) -> Policy | None:
        """The version that followed, None for the latest."""
        following = [number for number in self.versions() if number > version]
        return self.get(following[0]) if following else None

    def has_agent(self, login: str) -> bool:
        """Whether there is an agent of exactly that login, as events name it, who is not retired."""
        agent = people.agent_by_key(self._db, fold(login))
        return agent is not None and agent["login"] == login and agent["retired_at"] is None

    def has_team(self, name: str) -> bool:
        """Whether there is a team of exactly that name."""
        team = people.team_by_key(self._db, fold(name))
        return team is not None and team["name"] == name

    def place_of(self, org: int | None) -> Place:
        """Where an organisation is, as its row says now."""
        from helpdesk_cli.domain import regions
        from helpdesk_cli.storage import orgs

        return regions.place_of(None if org is None else orgs.by_id(self._db, org))

    def versions(self) -> list[int]:
        """The numbers of all versions, the oldest first."""
        if self._numbers is None:
            self._numbers = store.versions(self._db)
        return self._numbers

    def _lost(self, what: str) -> StorageError:
        return StorageError(
            f"{self._db.path} has lost {what}", code="corrupt", hint="restore the last backup"
        )


def _holidays_version(document: dict[str, Any]) -> str | None:
    """The version of the package that the document's holidays came from, if it looked any up."""
    if not any("country_dates" in spec for spec in document["calendars"].values()):
        return None
    from helpdesk_cli.adapters.country_holidays import holidays_version

    return holidays_version()
