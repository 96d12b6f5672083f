"""What the lists of people and organisations share: filter, order, limit; the names near a mistyped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helpdesk_cli.domain.filters import Order
    from helpdesk_cli.storage.database import Database, Row

# As many names as a person may have meant are compared with a mistyped one; a helpdesk has 100,000 contacts.
_NEAR = 1000


def listed(
    db: Database,
    select: str,
    wanted: Mapping[str, Sequence[Any]],
    order: str,
    limit: int | None,
    *,
    also: str = "1 = 1",
    more: Mapping[str, Any] | None = None,
) -> tuple[Iterator[Row], int]:
    """Rows of which each column of `wanted` is one of its values (`any_of`), and that meet the condition
    `also` with its parameters `more`; then how many `limit` left out."""
    where, params = also, dict(more or {})
    for column, values in wanted.items():
        condition, given = any_of(column, values)
        where, params = f"{where} AND {condition}", params | given
    query = f"{select} WHERE {where} ORDER BY {order}"
    if limit is None:
        return db.stream(query, params), 0
    total = db.one(f"SELECT count(*) AS n FROM ({select} WHERE {where}) AS found", params)
    rows = db.stream(f"{query} LIMIT :limit", {**params, "limit": limit})
    return rows, max(0, (total["n"] if total else 0) - limit)


def sorts(
    tie: str, always: Mapping[str, str], perhaps: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Key of a record -> what SQL sorts by, of equals by `tie`. Columns of `always` are never NULL; a NULL of
    the others comes last, in whatever way the engine sorts it."""
    keys = {key: (column,) if column == tie else (column, tie) for key, column in always.items()}
    return keys | {key: (f"{column} IS NULL", column, tie) for key, column in (perhaps or {}).items()}


def ordered(keys: Mapping[str, Sequence[str]], order: Order | None) -> str:
    """What follows ORDER BY: None is the first of the keys; descending is the reverse, ties and empty values
    included."""
    direction = " DESC" if order is not None and order.descending else ""
    columns = keys[next(iter(keys)) if order is None else order.key]
    return ", ".join(f"{column}{direction}" for column in columns)


def any_of(column: str, wanted: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """A condition and its parameters, named after the column: it is one of `wanted`, None being an empty
    one; no condition if nothing is wanted."""
    if not wanted:
        return "1 = 1", {}
    name = column.rpartition(".")[2]
    params = {f"{name}{i}": value for i, value in enumerate(v for v in wanted if v is not None)}
    terms = [f"{column} IS NULL"] if None in wanted else []
    if params:
        terms.append(f"{column} IN ({', '.join(f':{name}' for name in params)})")
    return f"({' OR '.join(terms)})", params


def near(db: Database, table: str, column: str, key: str) -> list[str]:
    """Values of `column` about as long as `key`: what a mistyped name may have meant."""
    rows = db.query(
        f"SELECT {column} AS word FROM {table} WHERE abs(length({column}) - :length) <= 3"
        f" ORDER BY abs(length({column}) - :length), {column} LIMIT {_NEAR}",
        {"length": len(key)},
    )
    return [row["word"] for row in rows]
