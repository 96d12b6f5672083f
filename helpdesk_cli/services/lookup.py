"""Finds people and organisations by the name that a user typed, or says what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.text import fold
from helpdesk_cli.errors import NotFoundError
from helpdesk_cli.storage import orgs, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from helpdesk_cli.storage.database import Database, Row


def org(db: Database, name: str) -> Row:
    """The organisation of that name, in any case; NotFoundError `unknown_org` with a suggestion."""
    return _found("organisation", "org", name, orgs.by_key, orgs.near_names, db)


def contact(db: Database, address: str) -> Row:
    """The contact with that address; NotFoundError `unknown_contact` with a suggestion."""
    return _found("contact", "contact", address, people.contact_by_key, people.near_addresses, db)


def agent(db: Database, login: str) -> Row:
    """The agent of that login; NotFoundError `unknown_agent` with a suggestion."""
    return _found("agent", "agent", login, people.agent_by_key, people.near_logins, db)


def agent_of_user(db: Database) -> Row | None:
    """The agent whose login is that of the process's user, if there is one."""
    from helpdesk_cli.adapters.host import login

    return people.agent_by_key(db, fold(login()))


def team(db: Database, name: str) -> Row:
    """The team of that name; NotFoundError `unknown_team` with a suggestion."""
    return _found("team", "team", name, people.team_by_key, people.near_teams, db)


def ids(find: Callable[[Database, str], Row], db: Database, names: Iterable[str]) -> list[int | None]:
    """The ids of named rows for a filter; the word `none` is None: those that have no such row."""
    return [None if fold(name) == "none" else find(db, name)["id"] for name in names]


def _found(
    noun: str,
    code: str,
    name: str,
    find: Callable[[Database, str], Row | None],
    near: Callable[[Database, str], Sequence[str]],
    db: Database,
) -> Row:
    key = fold(name.strip())
    row = find(db, key)
    if row is not None:
        return row
    guess = closest(name, near(db, key))
    raise NotFoundError(
        f"there is no {noun} {shown(name)}",
        code=f"unknown_{code}",
        hint=f"did you mean {guess!r}?" if guess else f"see `helpdesk {code} list`",
    )
