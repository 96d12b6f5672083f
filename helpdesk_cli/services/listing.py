"""What lists share: the order that was asked for, and a page of what the policy declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_cli.domain.filters import Order

_SCALARS = ("int", "number", "text", "bool", "instant", "duration")


def order_of(sort: str | None, record: str) -> Order | None:
    """The order that `--sort` asks for, None where it does not; UsageError `bad_sort` for what is no key of
    the record."""
    if sort is None:
        return None
    from helpdesk_cli.domain.filters import parse_order

    return parse_order(sort, sort_keys(record))


def sort_keys(record: str) -> tuple[str, ...]:
    """What a list of these records may be sorted by: every field that is a single value of its own."""
    from helpdesk_cli.records import RECORDS

    fields = RECORDS[record].fields
    return tuple(field.name for field in fields if field.type in _SCALARS and not field.derived)


def page_of(
    rows: Sequence[dict[str, Any]], record: str, *, sort: str | None, limit: int | None
) -> tuple[Sequence[dict[str, Any]], int]:
    """(records that are all in memory, sorted as SQL sorts the others; how many `limit` left out)."""
    order = order_of(sort, record)
    if order is not None:
        rows = sorted(rows, key=lambda row: (row[order.key] is None, row[order.key]))
        rows = rows[::-1] if order.descending else rows
    shown = rows if limit is None else rows[:limit]
    return shown, len(rows) - len(shown)
