"""Read the event log as a stream for scripts, resumable by `seq`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import UsageError
from helpdesk_cli.services import ticket_lists
from helpdesk_cli.storage import events as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App


def list_events(
    app: App,
    *,
    after: int = 0,
    ticket: int | None = None,
    types: Iterable[str] = (),
    limit: int | None = None,
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records of the events past `seq` `after`, in order; what counts how many `limit` left out).

    NotFoundError for an unknown ticket, UsageError `unknown_type` for a type of event that there is not.
    """
    wanted = tuple(map(_type, types))
    if ticket is not None:
        ticket_lists.require(app, ticket)

    def left() -> int:
        if limit is None:
            return 0
        return max(0, rows.count(app.db, after=after, ticket=ticket, types=wanted) - limit)

    return rows.stream(app.db, after=after, ticket=ticket, types=wanted, limit=limit), left


def _type(text: str) -> str:
    name = text.lower().replace("-", "_")
    if name not in TYPES:
        near = closest(name, TYPES)
        raise UsageError(
            f"there is no type of event {shown(text)}",
            code="unknown_word",
            hint=f"did you mean {near!r}?" if near else f"it is one of {', '.join(TYPES)}",
            details={"found": text, "expected": list(TYPES)},
        )
    return name
