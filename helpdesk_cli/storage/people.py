"""Contacts (the customers' people), agents and teams (support's)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.lists import any_of, listed, near, ordered, sorts
from helpdesk_cli.storage.rows import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.storage.database import Database, Row

_CONTACT = (
    "SELECT c.id, c.email, c.email_key, c.name, c.org_id, o.name AS org, c.role, c.created_at,"
    " c.language, c.notify"
    " FROM contacts AS c LEFT JOIN orgs AS o ON o.id = c.org_id"
)
_AGENT = (
    "SELECT a.id, a.login, a.login_key, a.name, a.email, a.email_key, a.team_id, t.name AS team, a.timezone,"
    " a.retired_at, a.created_at, a.skills, a.away_since"
    " FROM agents AS a LEFT JOIN teams AS t ON t.id = a.team_id"
)
_TEAM = (
    "SELECT t.id, t.name, t.name_key, t.lead_id, a.login AS lead, t.created_at"
    " FROM teams AS t LEFT JOIN agents AS a ON a.id = t.lead_id"
)
# What the lists may be sorted by, the default first.
CONTACT_SORTS = sorts(
    "c.id",
    {
        "email": "c.email_key",
        "id": "c.id",
        "role": "c.role",
        "created_at": "c.created_at",
        "notify": "c.notify",
    },
    {"name": "c.name", "org": "o.name_key", "language": "c.language"},
)
AGENT_SORTS = sorts(
    "a.id",
    {
        "login": "a.login_key",
        "id": "a.id",
        "email": "a.email_key",
        "retired": "a.retired_at IS NOT NULL",
        "created_at": "a.created_at",
    },
    {"name": "a.name", "team": "t.name_key", "timezone": "a.timezone", "away_since": "a.away_since"},
)
TEAM_SORTS = sorts(
    "t.id", {"name": "t.name_key", "id": "t.id", "created_at": "t.created_at"}, {"lead": "a.login_key"}
)


def contact_by_key(db: Database, key: str) -> Row | None:
    """The contact whose folded address is `key`."""
    return db.one(f"{_CONTACT} WHERE c.email_key = :key", {"key": key})


def contact(db: Database, contact_id: int) -> Row | None:
    return db.one(f"{_CONTACT} WHERE c.id = :id", {"id": contact_id})


def contacts(
    db: Database,
    org_ids: Sequence[int | None],
    limit: int | None,
    order: Order | None = None,
    *,
    roles: Sequence[str] = (),
) -> tuple[Iterator[Row], int]:
    wanted = {"c.org_id": org_ids, "c.role": roles}
    return listed(db, _CONTACT, wanted, ordered(CONTACT_SORTS, order), limit)


def near_addresses(db: Database, key: str) -> list[str]:
    return near(db, "contacts", "email", key)


def add_contact(db: Database, values: Mapping[str, Any]) -> int:
    return db.insert(
        "INSERT INTO contacts (email, email_key, name, org_id, role, language, notify, created_at)"
        " VALUES (:email, :email_key, :name, :org_id, :role, :language, :notify, :created_at) RETURNING id",
        values,
    )


def change_contact(db: Database, values: Mapping[str, Any]) -> None:
    db.run(
        "UPDATE contacts SET email = :email, email_key = :email_key, name = :name, org_id = :org_id,"
        " role = :role, language = :language, notify = :notify WHERE id = :id",
        values,
    )


def join_org(db: Database, org_id: int, domain: str) -> int:
    """Put the contacts at a domain who are of no organisation into one; how many there were."""
    return db.run(
        "UPDATE contacts SET org_id = :org_id WHERE org_id IS NULL AND email_key LIKE :address ESCAPE '\\'",
        {"org_id": org_id, "address": "%@" + _like(domain)},
    )


def agent_by_key(db: Database, key: str) -> Row | None:
    """The agent whose folded login is `key`."""
    return db.one(f"{_AGENT} WHERE a.login_key = :key", {"key": key})


def retired_by_key(db: Database, key: str) -> Row | None:
    """Of the agent whose folded login is `key` only `login` and `retired_at`, which every version has."""
    return db.one("SELECT login, retired_at FROM agents WHERE login_key = :key", {"key": key})


def agent_by_address(db: Database, key: str) -> Row | None:
    return db.one(f"{_AGENT} WHERE a.email_key = :key", {"key": key})


def agent(db: Database, agent_id: int) -> Row | None:
    return db.one(f"{_AGENT} WHERE a.id = :id", {"id": agent_id})


def agents(
    db: Database,
    team_ids: Sequence[int | None],
    limit: int | None,
    order: Order | None = None,
    *,
    retired: bool = False,
    skills: Sequence[str] = (),
    away: bool = False,
) -> tuple[Iterator[Row], int]:
    """Those who act; with `retired` those who did, too. `skills`: who has all of them; `away`: who is."""
    terms = [] if retired else ["a.retired_at IS NULL"]
    if away:
        terms.append("a.away_since IS NOT NULL")
    held = {f"skill{i}": f"%{_like(dumps(skill))}%" for i, skill in enumerate(skills)}
    terms += [f"a.skills LIKE :{name} ESCAPE '\\'" for name in held]
    also, order_by = " AND ".join(terms) or "1 = 1", ordered(AGENT_SORTS, order)
    return listed(db, _AGENT, {"a.team_id": team_ids}, order_by, limit, also=also, more=held)


def _like(text: str) -> str:
    """The text itself within a pattern of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# Who sees to an escalation, the nearest first: who leads the team, who acts, who manages the account, who has
# the ticket; then who leads any team, and anybody.
_OWNERS = """
SELECT a.login FROM (
  SELECT t.lead_id AS id, 1 AS place FROM teams t
    WHERE t.name = COALESCE(:team, (SELECT m.name FROM agents b JOIN teams m ON m.id = b.team_id
      WHERE b.login = :assignee))
  UNION ALL SELECT id, 2 FROM agents WHERE login = :actor
  UNION ALL SELECT account_manager_id, 3 FROM orgs WHERE id = :org
  UNION ALL SELECT id, 4 FROM agents WHERE login = :assignee
  UNION ALL SELECT lead_id, 5 FROM teams
  UNION ALL SELECT id, 6 FROM agents
) o JOIN agents a ON a.id = o.id
WHERE a.retired_at IS NULL ORDER BY a.away_since IS NOT NULL, o.place, a.id LIMIT 1
"""


def escalation_owner(db: Database, ticket: Ticket, actor: str | None) -> str | None:
    """Which agent is to see to an escalation that names none; one who is there rather than one who is away,
    none who is retired. `actor`: the agent who asks for it, if one does."""
    params = {"team": ticket.team, "assignee": ticket.assignee, "org": ticket.org, "actor": actor}
    row = db.one(_OWNERS, params)
    return None if row is None else row["login"]


def near_logins(db: Database, key: str) -> list[str]:
    return near(db, "agents", "login", key)


def add_agent(db: Database, values: Mapping[str, Any]) -> int:
    return db.insert(
        "INSERT INTO agents (login, login_key, name, email, email_key, team_id, timezone, skills, created_at)"
        " VALUES (:login, :login_key, :name, :email, :email_key, :team_id, :timezone, :skills, :created_at)"
        " RETURNING id",
        values,
    )


def change_agent(db: Database, values: Mapping[str, Any]) -> None:
    db.run(
        "UPDATE agents SET name = :name, email = :email, email_key = :email_key, team_id = :team_id,"
        " timezone = :timezone, skills = :skills, retired_at = :retired_at, away_since = :away_since"
        " WHERE id = :id",
        values,
    )


def team_by_key(db: Database, key: str) -> Row | None:
    """The team whose folded name is `key`."""
    return db.one(f"{_TEAM} WHERE t.name_key = :key", {"key": key})


def team(db: Database, team_id: int) -> Row | None:
    return db.one(f"{_TEAM} WHERE t.id = :id", {"id": team_id})


def teams(db: Database, limit: int | None, order: Order | None = None) -> tuple[Iterator[Row], int]:
    return listed(db, _TEAM, {}, ordered(TEAM_SORTS, order), limit)


def members(db: Database, team_ids: Sequence[int]) -> dict[int, list[str]]:
    """Team -> the logins of those in it who act, sorted; every id has an entry."""
    found: dict[int, list[str]] = {team_id: [] for team_id in team_ids}
    if team_ids:
        where, params = any_of("team_id", team_ids)
        rows = db.query(
            f"SELECT team_id, login FROM agents WHERE {where} AND retired_at IS NULL"
            " ORDER BY team_id, login_key",
            params,
        )
        for row in rows:
            found[row["team_id"]].append(row["login"])
    return found


def led_by(db: Database, agent_id: int) -> list[str]:
    """The names of the teams that the agent leads."""
    return [row["name"] for row in db.query(f"{_TEAM} WHERE t.lead_id = :id ORDER BY t.id", {"id": agent_id})]


def near_teams(db: Database, key: str) -> list[str]:
    return near(db, "teams", "name", key)


def add_team(db: Database, values: Mapping[str, Any]) -> int:
    return db.insert(
        "INSERT INTO teams (name, name_key, lead_id, created_at)"
        " VALUES (:name, :name_key, :lead_id, :created_at) RETURNING id",
        values,
    )


def change_team(db: Database, team_id: int, lead_id: int | None) -> None:
    db.run("UPDATE teams SET lead_id = :lead_id WHERE id = :id", {"id": team_id, "lead_id": lead_id})
