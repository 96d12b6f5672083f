"""How a database begins: tables, the first policy and the agent of its user, all in one transaction.

A file without tables counts as missing, so whatever stops an `init` leaves no half-made database.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import helpdesk_cli
from helpdesk_cli.domain.text import clean_text, fold
from helpdesk_cli.errors import UsageError
from helpdesk_cli.storage.schema import initialise as create_tables

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App

SHIPPED = "plans.yaml"


class Setup(NamedTuple):
    """What `initialise` found and did."""

    created: bool  # False: the database was there already, and nothing but its tables may have changed
    upgraded: bool  # its tables were of an older version
    agent: str | None  # the login of the agent made for the process's user


def init(app: App, plans: str | None = None, shared_group: str | None = None) -> Setup:
    """Create the database with the policy file `plans`, the shipped one by default (cli.md `init`), for its
    owner alone or for a group of the host's users.

    PolicyError or NotFoundError for a bad or missing file, NotFoundError or RefusedError for a group, before
    anything is created. A database that is there already keeps its policy, and `plans` is not read.
    """
    if shared_group is None:
        return _init(app, plans)
    from helpdesk_cli.adapters import sharing

    checked = sharing.check(app.db_path, shared_group)
    done = _init(app, plans)
    app.close()
    app.announcements += sharing.share(checked)
    return done


def _init(app: App, plans: str | None) -> Setup:
    if app.database_is_current():
        return Setup(created=False, upgraded=False, agent=None)
    if app.database_exists():
        from helpdesk_cli.services import migration

        done = migration.migrate(app)
        migration.announce(app, done)
        return Setup(created=False, upgraded=bool(done["steps"]), agent=None)
    from helpdesk_cli.adapters.policy_file import load_policy, named_source

    document = load_policy(plans if plans is not None else shipped_policy(), app.now().year)
    return initialise(app, document, clean_text(named_source(plans)) if plans is not None else SHIPPED)


def initialise(app: App, document: dict[str, Any], source: str | None) -> Setup:
    """Create the database with a checked policy document. Any number of processes may do so at once."""
    database = app.create_database()
    with app.write() as now:
        applied = create_tables(database)
        if app.policies.versions():
            return Setup(created=False, upgraded=applied > 0, agent=None)
        from helpdesk_cli.adapters.host import login

        app.policies.add(document, at=now, source=source, actor=clean_text(login()))
        agent = _add_user(app, login())
        _add_teams(app, document)
        return Setup(created=True, upgraded=False, agent=agent)


def _add_teams(app: App, document: dict[str, Any]) -> None:
    """Make the teams that the routes of the first policy lead to: there can be none yet."""
    named = {fold(rule["team"]): rule["team"] for rule in document.get("routing", ()) if "team" in rule}
    if not named:
        return
    from helpdesk_cli.services.people import create_team

    for name in named.values():
        create_team(app, name)
    teams = f"the team{'s' * (len(named) > 1)} {', '.join(named.values())}"
    app.announcements.append(f"made for the routes of the policy: {teams}")


def shipped_policy() -> str:
    """The path of the policy that travels with the program: in the package, in a checkout beside it."""
    package = os.path.dirname(os.path.abspath(helpdesk_cli.__file__))
    installed = os.path.join(package, SHIPPED)
    return installed if os.path.exists(installed) else os.path.join(os.path.dirname(package), SHIPPED)


def _add_user(app: App, login: str) -> str | None:
    """Make the process's user an agent, so that a new user can work at once (cli.md "Who acts")."""
    from helpdesk_cli.services.people import create_agent

    try:
        return str(create_agent(app, login, f"{login}@localhost", {})["login"])
    except UsageError as error:
        app.announcements.append(f"no agent was made for you: {error.message}")
        return None
