"""Organisations and the mail domains that they claim; a domain may be claimed by several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.storage.lists import any_of, listed, near, ordered, sorts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

_SELECT = (
    "SELECT o.id, o.name, o.name_key, o.plan, o.region, o.licences, o.tier, o.account_manager_id,"
    " m.login AS account_manager, o.vip, o.created_at, o.country, o.area, o.parent_id, p.name AS parent,"
    " o.contract_until, o.success_manager_id, s.login AS success_manager"
    " FROM orgs AS o LEFT JOIN agents AS m ON m.id = o.account_manager_id"
    " LEFT JOIN orgs AS p ON p.id = o.parent_id LEFT JOIN agents AS s ON s.id = o.success_manager_id"
)
# What the list may be sorted by, the default first.
SORTS = sorts(
    "o.id",
    {"name": "o.name_key", "id": "o.id", "plan": "o.plan", "vip": "o.vip", "created_at": "o.created_at"},
    {
        "region": "o.region",
        "licences": "o.licences",
        "tier": "o.tier",
        "account_manager": "m.login_key",
        "country": "o.country",
        "area": "o.area",
        "parent": "p.name_key",
        "contract_until": "o.contract_until",
        "success_manager": "s.login_key",
    },
)
_COLUMNS = (
    "plan", "region", "licences", "tier", "account_manager_id", "vip", "country", "area", "parent_id",
    "contract_until", "success_manager_id",
)  # fmt: skip


def by_key(db: Database, key: str) -> Row | None:
    """The organisation whose folded name is `key`."""
    return db.one(f"{_SELECT} WHERE o.name_key = :key", {"key": key})


def by_id(db: Database, org_id: int) -> Row | None:
    return db.one(f"{_SELECT} WHERE o.id = :id", {"id": org_id})


def by_domain(db: Database, domain: str) -> Sequence[Row]:
    """The organisations that claim a domain: `id`, `name`."""
    return db.query(
        "SELECT o.id, o.name FROM org_domains AS d JOIN orgs AS o ON o.id = d.org_id"
        " WHERE d.domain = :domain ORDER BY o.name_key",
        {"domain": domain},
    )


def all_orgs(
    db: Database, wanted: Mapping[str, Sequence[Any]], limit: int | None, order: Order | None = None
) -> tuple[Iterator[Row], int]:
    """Those whose columns have one of the values `wanted` (`plan`, `country`, `region`, `tier`)."""
    columns = {f"o.{column}": values for column, values in wanted.items()}
    return listed(db, _SELECT, columns, ordered(SORTS, order), limit)


def above(db: Database, org_id: int) -> set[int]:
    """The organisation, its parent, the parent of that and so on: their ids."""
    rows = db.query(
        "WITH RECURSIVE up (id) AS (SELECT :id UNION"
        " SELECT o.parent_id FROM orgs AS o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL)"
        " SELECT id FROM up",
        {"id": org_id},
    )
    return {row["id"] for row in rows}


def near_names(db: Database, key: str) -> list[str]:
    return near(db, "orgs", "name", key)


def managed_by(db: Database, agent_id: int, role: str = "account_manager") -> list[str]:
    """The names of the organisations whose account manager, or `success_manager`, the agent is."""
    rows = db.query(f"SELECT name FROM orgs WHERE {role}_id = :id ORDER BY name_key", {"id": agent_id})
    return [row["name"] for row in rows]


def domains(db: Database, org_ids: Sequence[int]) -> dict[int, list[str]]:
    """Organisation -> its domains, sorted; every id has an entry."""
    found: dict[int, list[str]] = {org_id: [] for org_id in org_ids}
    if org_ids:
        where, params = any_of("org_id", org_ids)
        rows = db.query(
            f"SELECT org_id, domain FROM org_domains WHERE {where} ORDER BY org_id, domain", params
        )
        for row in rows:
            found[row["org_id"]].append(row["domain"])
    return found


def add(db: Database, values: Mapping[str, Any]) -> int:
    """Insert an organisation; its id."""
    return db.insert(
        f"INSERT INTO orgs (name, name_key, created_at, {', '.join(_COLUMNS)})"
        f" VALUES (:name, :name_key, :created_at, :{', :'.join(_COLUMNS)}) RETURNING id",
        dict.fromkeys(_COLUMNS) | dict(values),
    )


def change(db: Database, values: Mapping[str, Any]) -> None:
    """Write what may change of the organisation `values["id"]`."""
    db.run(f"UPDATE orgs SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} WHERE id = :id", values)


def add_domains(db: Database, org_id: int, names: Iterable[str]) -> None:
    db.run_many(
        "INSERT INTO org_domains (org_id, domain) VALUES (:org_id, :domain)"
        " ON CONFLICT (org_id, domain) DO NOTHING",
        [{"org_id": org_id, "domain": name} for name in names],
    )


def remove_domain(db: Database, org_id: int, name: str) -> bool:
    """False if the organisation does not claim it."""
    return bool(
        db.run(
            "DELETE FROM org_domains WHERE org_id = :org_id AND domain = :domain",
            {"org_id": org_id, "domain": name},
        )
    )
