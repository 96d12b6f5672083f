"""Use cases of people: the customers' contacts, support's agents and teams, and who a sender is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from helpdesk_cli.domain import people as rules
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.text import clean_line, fold
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import lookup
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.services.recompute import settle
from helpdesk_cli.storage import orgs
from helpdesk_cli.storage import people as store
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

    Listed = tuple[Iterator[dict[str, Any]], int]

_CHUNK = 500  # teams whose members are read at once


class ContactFields(TypedDict, total=False):
    """What may be said of a contact. A key that is absent is left as it is; None empties it."""

    email: str
    name: str | None
    org: str | None
    role: str
    language: str | None
    notify: bool  # told of every new ticket of the organisation


class AgentFields(TypedDict, total=False):
    """What may be said of an agent, as of a contact."""

    email: str
    name: str | None
    team: str | None
    timezone: str | None
    skills: Sequence[str]


def create_contact(app: App, email: str, fields: ContactFields) -> dict[str, Any]:
    """Create a contact, `main` and of the organisation that claims its domain unless told otherwise; its
    record. Who is named as a main contact is told of new tickets, unless told otherwise (H4).

    RefusedError `exists` if the address is a contact's, `agent_address` if it is an agent's,
    `ambiguous_domain` where several organisations claim the domain and none is named.
    """
    with app.write():
        columns = _free_address(app, email)
        claimed = None if "org" in fields else _org_by_domain(app, columns["email"])
        columns |= {"org_id": claimed, "notify": int(fields.get("role") == rules.MAIN)}
        contact_id = _add_contact(app, columns, fields)
        contact = _contact_record(_known(store.contact(app.db, contact_id)))
        if claimed is not None:
            app.announcements.append(
                f"{contact['email']} is of {contact['org']}, which claims the domain; --org none: of none"
            )
        return contact


def edit_contact(app: App, email: str, fields: ContactFields) -> dict[str, Any]:
    """Change a contact; its record. Tickets keep the organisation that they were opened for."""
    with app.write():
        contact = lookup.contact(app.db, email)
        columns = _contact_columns(app, fields)
        if "email" in fields:
            columns |= _free_address(app, fields["email"], instead_of=contact["email_key"])
        store.change_contact(app.db, dict(contact) | columns)
        return _contact_record(_known(store.contact(app.db, contact["id"])))


def show_contact(app: App, email: str) -> dict[str, Any]:
    """The record of one contact."""
    return _contact_record(lookup.contact(app.db, email))


def list_contacts(
    app: App,
    *,
    org_names: Sequence[str] = (),
    roles: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
) -> Listed:
    """Contacts by address, of the given organisations (`none`: of none) and roles if any are; how many
    `limit` left out."""
    order = order_of(sort, "contact")
    org_ids = lookup.org_ids(app.db, org_names)
    rows, left = store.contacts(app.db, org_ids, limit, order, roles=roles)
    return map(_contact_record, rows), left


def sender(app: App, email: str, org_name: str | None = None) -> Row:
    """The contact who writes from an address, found by it or made; call it inside `app.write()`.

    An unknown address becomes a contact of the organisation named, else of the one that claims its domain,
    else of none (cli.md "Who acts", M4). RefusedError: `agent_address`; `ambiguous_domain` where several
    claim it; `other_org` where a known contact does not belong to the organisation named.
    """
    address = rules.address(email)
    _refuse_agents_address(app, address)
    org = lookup.org(app.db, org_name) if org_name is not None else None
    contact = store.contact_by_key(app.db, fold(address))
    if contact is None:
        org_id = org["id"] if org is not None else _org_by_domain(app, address)
        columns = {"email": address, "email_key": fold(address), "org_id": org_id}
        return _known(store.contact(app.db, _add_contact(app, columns, {})))
    if org is not None and contact["org_id"] != org["id"]:
        raise RefusedError(
            f"{contact['email']} belongs to {contact['org'] or 'no organisation'}, not to {org['name']}",
            code="other_org",
            hint=f"leave out --org, or move the contact: "
            f"`helpdesk contact edit {contact['email']} --org {org['name']!r}`",
        )
    return contact


def org_of(app: App, contact_id: int) -> int | None:
    """The id of a contact's organisation."""
    contact = store.contact(app.db, contact_id)
    return None if contact is None else contact["org_id"]


def create_agent(app: App, login: str, email: str, fields: AgentFields) -> dict[str, Any]:
    """Create an agent; its record. RefusedError `exists` for a login or an address that is taken."""
    login = rules.login(login)
    app.without_actor()
    with app.write() as now:
        taken = store.agent_by_key(app.db, fold(login))
        if taken is not None:
            back = "" if taken["retired_at"] is None else " --restore"
            raise _exists("an agent", taken["login"], f"helpdesk agent edit {taken['login']}{back}")
        settle(app, "assignee", login)
        row = {
            "login": login,
            "login_key": fold(login),
            "name": None,
            "team_id": None,
            "timezone": None,
            "skills": "[]",
            "created_at": to_text(now),
            **_free_agent_address(app, email),
        }
        agent_id = store.add_agent(app.db, row | _agent_columns(app, fields))
        return _agent_record(_known(store.agent(app.db, agent_id)))


def edit_agent(app: App, login: str, fields: AgentFields, *, restore: bool = False) -> dict[str, Any]:
    """Change an agent, with `restore` into one who acts again; its record. The login stays: it stands on
    every event."""
    with app.write():
        agent = lookup.agent(app, login)
        columns = _agent_columns(app, fields)
        if restore:
            settle(app, "assignee", agent["login"])
            columns["retired_at"] = None
        if "email" in fields:
            columns |= _free_agent_address(app, fields["email"], instead_of=agent["email_key"])
        store.change_agent(app.db, dict(agent) | columns)
        return _agent_record(_known(store.agent(app.db, agent["id"])))


def show_agent(app: App, login: str) -> dict[str, Any]:
    """The record of one agent."""
    return _agent_record(lookup.agent(app, login))


def list_agents(
    app: App,
    *,
    team_names: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
    retired: bool = False,
    skills: Sequence[str] = (),
    away: bool = False,
) -> Listed:
    """Agents by login, of the given teams if any are (`none`: of none) and with all the skills, with `away`
    only those who are, with `retired` also those who act no more; how many `limit` left out."""
    order = order_of(sort, "agent")
    teams = lookup.ids(lookup.team, app.db, team_names)
    held = rules.skills(skills)
    rows, left = store.agents(app.db, teams, limit, order, retired=retired, skills=held, away=away)
    return map(_agent_record, rows), left


def create_team(app: App, name: str, lead: str | None = None) -> dict[str, Any]:
    """Create a team; its record. RefusedError `exists` for a name that is taken in any case."""
    name = rules.name(name, "team")
    with app.write() as now:
        taken = store.team_by_key(app.db, fold(name))
        if taken is not None:
            raise _exists("a team", taken["name"], f"helpdesk team edit {taken['name']!r}")
        settle(app, "team", name)
        row = {
            "name": name,
            "name_key": fold(name),
            "lead_id": _agent_id(app, lead),
            "created_at": to_text(now),
        }
        return _team_record(app, _known(store.team(app.db, store.add_team(app.db, row))))


def edit_team(app: App, name: str, lead: str | None) -> dict[str, Any]:
    """Give a team another lead, or with None no lead; its record."""
    with app.write():
        team = lookup.team(app.db, name)
        store.change_team(app.db, team["id"], _agent_id(app, lead))
        return _team_record(app, _known(store.team(app.db, team["id"])))


def show_team(app: App, name: str) -> dict[str, Any]:
    """The record of one team."""
    return _team_record(app, lookup.team(app.db, name))


def list_teams(app: App, *, sort: str | None = None, limit: int | None = None) -> Listed:
    """Teams by name; how many `limit` left out."""
    rows, left = store.teams(app.db, limit, order_of(sort, "team"))
    return _with_members(app, rows), left


def _with_members(app: App, teams: Iterator[Row]) -> Iterator[dict[str, Any]]:
    from itertools import islice

    while chunk := list(islice(teams, _CHUNK)):
        members = store.members(app.db, [row["id"] for row in chunk])
        yield from (dict(row) | {"members": members[row["id"]]} for row in chunk)


def _add_contact(app: App, address: dict[str, Any], fields: ContactFields) -> int:
    row = {
        "name": None,
        "org_id": None,
        "role": rules.MAIN,
        "language": None,
        "notify": 0,
        "created_at": to_text(app.now()),
        **address,
    }
    return store.add_contact(app.db, row | _contact_columns(app, fields))


def _contact_columns(app: App, fields: ContactFields) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "name" in fields:
        columns["name"] = fields["name"] and clean_line(fields["name"], "the name")
    if "org" in fields:
        columns["org_id"] = None if fields["org"] is None else lookup.org(app.db, fields["org"])["id"]
    if "role" in fields:
        columns["role"] = fields["role"]
    if "language" in fields:
        columns["language"] = None if fields["language"] is None else rules.language(fields["language"])
    if "notify" in fields:
        columns["notify"] = int(fields["notify"])
    return columns


def _agent_columns(app: App, fields: AgentFields) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "name" in fields:
        columns["name"] = fields["name"] and clean_line(fields["name"], "the name")
    if "team" in fields:
        columns["team_id"] = None if fields["team"] is None else lookup.team(app.db, fields["team"])["id"]
    if "timezone" in fields:
        from helpdesk_cli.domain.zones import check_zone

        if fields["timezone"] is not None:
            check_zone(fields["timezone"])
        columns["timezone"] = fields["timezone"]
    if "skills" in fields:
        columns["skills"] = dumps(rules.skills(fields["skills"]))
    return columns


def _free_address(app: App, email: str, *, instead_of: str = "") -> dict[str, Any]:
    """The columns of an address that no contact but the one with the key `instead_of`, and no agent, has."""
    address = rules.address(email)
    _refuse_agents_address(app, address)
    taken = store.contact_by_key(app.db, fold(address))
    if taken is not None and taken["email_key"] != instead_of:
        raise _exists("a contact", taken["email"], f"helpdesk contact edit {taken['email']}")
    return {"email": address, "email_key": fold(address)}


def _free_agent_address(app: App, email: str, *, instead_of: str = "") -> dict[str, Any]:
    """The same for an agent, who may not have a customer's address either."""
    address = rules.address(email)
    taken = store.agent_by_address(app.db, fold(address))
    if taken is not None and taken["email_key"] != instead_of:
        raise _exists("an agent with this address,", taken["login"], f"helpdesk agent edit {taken['login']}")
    contact = store.contact_by_key(app.db, fold(address))
    if contact is not None:
        raise RefusedError(
            f"{contact['email']} is a customer's contact, and an agent never writes as a customer",
            code="contact_address",
            hint="give the agent another address",
        )
    return {"email": address, "email_key": fold(address)}


def _refuse_agents_address(app: App, address: str) -> None:
    agent = store.agent_by_address(app.db, fold(address))
    if agent is not None:
        raise RefusedError(
            f"{agent['email']} is the address of the agent {agent['login']}, who cannot be a customer too",
            code="agent_address",
            hint=f"to act as support say `--as {agent['login']}` instead of --from"
            if agent["retired_at"] is None
            else f"free the address: `helpdesk agent edit {agent['login']} --email ADDRESS`",
        )


def _org_by_domain(app: App, address: str) -> int | None:
    claims = orgs.by_domain(app.db, rules.domain_of(address))
    return rules.organisation_for(address, [rules.Organisation(row["id"], row["name"]) for row in claims])


def _agent_id(app: App, login: str | None) -> int | None:
    return None if login is None else lookup.active_agent(app, login)["id"]


def _exists(what: str, name: str, edit: str) -> RefusedError:
    return RefusedError(f"there is {what} {name!r} already", code="exists", hint=f"change it with `{edit}`")


def _contact_record(contact: Row) -> dict[str, Any]:
    return dict(contact) | {"notify": bool(contact["notify"])}


def _agent_record(agent: Row) -> dict[str, Any]:
    return dict(agent) | {"retired": agent["retired_at"] is not None, "skills": json.loads(agent["skills"])}


def _team_record(app: App, team: Row) -> dict[str, Any]:
    return dict(team) | {"members": store.members(app.db, [team["id"]])[team["id"]]}


def _known(row: Row | None) -> Row:
    assert row is not None, "it was written in this transaction"
    return row
