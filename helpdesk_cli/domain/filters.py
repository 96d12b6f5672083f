"""What `ticket list` may ask for (`cli.md`, Filters): different options all of, repeats any of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.search_query import TextFilter

SORTS = ("next_due_at", "priority", "id", "created_at", "updated_at")
ORDERS = ("deadline", "last_message", "fifo")
MAX_VALUES = 400  # of an option, and of the qualifiers of a query: a statement of SQL has an end


class TicketFilter(NamedTuple):
    """Every value is resolved: machine names, ids, instants in UTC. An empty tuple asks nothing; None in
    a tuple of ids or names asks for tickets that have none. `tag` means all of, the others any of.
    `-after` is inclusive, `-before` exclusive; `overdue` is late and not yet met."""

    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    category: tuple[str | None, ...] = ()
    type: tuple[str | None, ...] = ()
    plan: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    org: tuple[int | None, ...] = ()
    requester: tuple[int, ...] = ()
    assignee: tuple[int | None, ...] = ()
    team: tuple[int | None, ...] = ()
    tag: tuple[str, ...] = ()
    breached: bool = False
    overdue: bool = False
    at_risk: bool = False
    due_before: datetime | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    text: TextFilter | None = None


class Order(NamedTuple):
    """A sort key and its direction."""

    key: str
    descending: bool = False


def require_few(values: Mapping[str, object]) -> None:
    """UsageError `too_many_values` where an option has more values than a filter takes."""
    for name, given in values.items():
        if isinstance(given, (list, tuple)) and len(given) > MAX_VALUES:
            option = "from" if name == "sender" else name.replace("_", "-")
            raise UsageError(
                f"{len(given)} values of {option}, at most {MAX_VALUES} are taken",
                code="too_many_values",
                hint="ask for some of them at a time",
            )


def parse_order(text: str, keys: Collection[str] = SORTS) -> Order:
    """`priority`, or `-priority` for the reverse; UsageError `bad_sort` that lists the keys."""
    key = text.removeprefix("-").replace("-", "_")
    if key not in keys:
        near = closest(key, keys)
        raise UsageError(
            f"cannot sort by {shown(text)}",
            code="bad_sort",
            hint=(f"did you mean {near!r}?\n" if near else "") + f"the keys are {', '.join(keys)}",
            details={"found": text, "expected": list(keys)},
        )
    return Order(key, text.startswith("-"))
