"""Whom the levels, alerts and routes of a policy name: who of them there is, only the database knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.terms import REGION, ROLES
from helpdesk_cli.domain.text import fold
from helpdesk_cli.storage import people

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.terms import Level
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database

_ANY = ("team", "agent")
# What a level sets, of which kind it is, and what becomes of the ticket where there is no such.
_SETS = (("assignee", "agent", "nobody will be assigned"), ("team", "team", "the ticket stays where it is"))


def announce_unknown(app: App, policy: Policy) -> None:
    """Say of each level of the plans, where it is written, and of each alert whom it names and nobody is
    (sla.md 6)."""
    for name, spec in policy.document["plans"].items():
        for level in policy.plan(name).levels if "escalation" in spec else ():
            for told in _of_level(app.db, level):
                app.announcements.append(f"plans.{name} escalation level {level.level}: {told}")
    for alert in policy.document.get("alerts", ()):
        for told in _of_notify(app.db, alert["notify"]):
            app.announcements.append(f"alerts.{alert['name']}: {told}")


def no_team(db: Database, name: str) -> str | None:
    """Why no team has that name, in any case as a route finds it; None where one has it."""
    return None if people.team_by_key(db, fold(name)) is not None else _nobody(db, name, ("team",))


def _of_level(db: Database, level: Level) -> Iterator[str]:
    yield from _of_notify(db, level.notify)
    for key, kind, end in _SETS:
        word = level.set.get(key)
        why = _nobody(db, word, (kind,)) if isinstance(word, str) else None
        if why is not None:
            yield f"{why}: {end}"


def _of_notify(db: Database, notify: Sequence[str]) -> Iterator[str]:
    named = (word for word in notify if word not in ROLES and word != REGION)
    lost = [why for why in (_nobody(db, word, _ANY) for word in named) if why is not None]
    end = ": nobody will be told" if len(lost) == len(notify) else ""
    yield from (f"{why}{end}" for why in lost)


def _nobody(db: Database, word: str, kinds: tuple[str, ...]) -> str | None:
    """Why nobody is meant by a name, None where somebody is; exactly the name counts, as on events."""
    retired, near = False, list[str]()
    if "agent" in kinds:
        agent = people.agent_by_key(db, fold(word))
        if agent is not None and agent["login"] == word:
            if agent["retired_at"] is None:
                return None
            retired = True
        near += people.near_logins(db, fold(word))
    if "team" in kinds:
        team = people.team_by_key(db, fold(word))
        if team is not None and team["name"] == word:
            return None
        near += people.near_teams(db, fold(word))
    if retired:
        return f"the agent {shown(word)} is retired"
    guess = closest(word, near)
    meant = f" (did you mean {guess!r}?)" if guess else ""
    return f"there is no {' or '.join(kinds)} {shown(word)}{meant}"
