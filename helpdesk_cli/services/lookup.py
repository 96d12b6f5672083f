"""Finds people and organisations by the name that a user typed, or says what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.text import fold
from helpdesk_cli.errors import NotFoundError, RefusedError
from helpdesk_cli.storage import orgs, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database, Row

    Where = TypeVar("Where")

ME, NONE = "me", "none"  # the one who acts; no value: nobody and nothing can be called so
_LONGEST_NAME = 6  # parts between commas


def org(db: Database, name: str) -> Row:
    """The organisation of that name, in any case; NotFoundError `unknown_org` with a suggestion."""
    return _found("organisation", "org", name, orgs.by_key, orgs.near_names, db)


def contact(db: Database, address: str) -> Row:
    """The contact with that address; NotFoundError `unknown_contact` with a suggestion."""
    return _found("contact", "contact", address, people.contact_by_key, people.near_addresses, db)


def agent(app: App, login: str) -> Row:
    """The agent of that login, retired or not; `me` is the one who acts (RefusedError where nobody does).
    NotFoundError `unknown_agent` with a suggestion."""
    return app.require_agent() if fold(login.strip()) == ME else _agent(app.db, login)


def active_agent(app: App, login: str) -> Row:
    """As `agent`, who may act and be assigned; RefusedError `retired` for one who did."""
    return _active(agent(app, login))


def assignee(app: App, login: str) -> Row:
    """As `active_agent`, who is to get a ticket: for one who is away that is said (M5)."""
    found = active_agent(app, login)
    if found["away_since"] is not None:
        since = app.local(from_text(found["away_since"]))
        told = f"{found['login']} is away, since {since}"
        if told not in app.announcements:
            app.announcements.append(told)
    return found


def actor(db: Database, login: str) -> Row:
    """The agent that `--as` names; errors as `active_agent`."""
    return _active(_agent(db, login))


def check_actor(db: Database, login: str) -> None:
    """The errors of `actor`, in a database of any version."""
    _active(_found("agent", "agent", login, people.retired_by_key, people.near_logins, db))


def _agent(db: Database, login: str) -> Row:
    return _found("agent", "agent", login, people.agent_by_key, people.near_logins, db)


def _active(found: Row) -> Row:
    if found["retired_at"] is not None:
        raise RefusedError(
            f"{found['login']} is retired: it acts no more, and gets no work",
            code="retired",
            hint="name one of `helpdesk agent list`, or take its retirement back: "
            f"`helpdesk agent edit {found['login']} --restore`",
        )
    return found


def agent_of_user(db: Database) -> Row | None:
    """The agent whose login is that of the process's user, if there is one who is not retired."""
    from helpdesk_cli.adapters.host import login

    found = people.agent_by_key(db, fold(login()))
    return None if found is None or found["retired_at"] is not None else found


def user_is_no_agent(db: Database) -> RefusedError:
    """What to say where the process's user does what only an agent may do."""
    from helpdesk_cli.adapters.host import login

    retired = _retired_user(db)
    if retired is not None:
        return retired
    return RefusedError(
        f"{login()} is no agent, and only an agent may do this",
        code="no_agent",
        hint=f"helpdesk agent create {login()} --email ADDRESS, or say who acts with --as AGENT",
    )


def refuse_retired_user(db: Database) -> None:
    """RefusedError `retired` where the process's user is an agent who acts no more."""
    retired = _retired_user(db)
    if retired is not None:
        raise retired


def _retired_user(db: Database) -> RefusedError | None:
    from helpdesk_cli.adapters.host import login

    found = people.agent_by_key(db, fold(login()))
    if found is None or found["retired_at"] is None:
        return None
    return RefusedError(
        f"the agent {found['login']} is retired and acts no more",
        code="retired",
        hint="say who acts with --as AGENT, or take its retirement back: "
        f"`helpdesk agent edit {found['login']} --restore`",
    )


def team(db: Database, name: str) -> Row:
    """The team of that name; NotFoundError `unknown_team` with a suggestion."""
    return _found("team", "team", name, people.team_by_key, people.near_teams, db)


def ids(find: Callable[[Where, str], Row], where: Where, names: Iterable[str]) -> list[int | None]:
    """The ids of named rows for a filter; the word `none` is None: those that have no such row."""
    return [None if fold(name) == NONE else find(where, name)["id"] for name in names]


def org_ids(db: Database, texts: Iterable[str]) -> list[int | None]:
    """As `ids`, of texts with commas between the names and perhaps inside one: `Acme, Inc.,Globex`. Of the
    ways to read them, the one with the longest names that there are."""
    found: dict[int | None, None] = {}
    for text in texts:
        parts = text.split(",")
        while parts:
            taken = next(
                (
                    n
                    for n in range(min(len(parts), _LONGEST_NAME), 1, -1)
                    if orgs.by_key(db, _joined(parts[:n]))
                ),
                1,
            )
            name = ",".join(parts[:taken]).strip()
            if name:
                found.update(dict.fromkeys(ids(org, db, [name])))
            del parts[:taken]
    return list(found)


def _joined(parts: Sequence[str]) -> str:
    return fold(",".join(parts).strip())


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
