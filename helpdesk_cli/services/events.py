"""Read the event log as a stream for scripts, resumable by `seq`.

A `seq` is given under the write lock, and SQLite has one writer at a time: the order of `seq` is the order of
the commits. So nothing ever appears below a `seq` that was read, and who goes on from there misses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import StorageError, UsageError
from helpdesk_cli.services import ticket_lists
from helpdesk_cli.storage import events as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App

# Events a read: whoever prints them slowly must not keep the database's log from being emptied meanwhile.
_PAGE = 500


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


def follow(
    app: App, *, after: int, ticket: int | None, types: Iterable[str], pause: Callable[[], None]
) -> Iterator[dict[str, Any]]:
    """Records of the events past `seq` `after`, and then of each new one as it is committed, without end.

    `pause` is called while there is nothing new. Errors as of `list_events`; StorageError `database_moved`
    where the file is moved, replaced or deleted: what is written then is in another log.
    """
    wanted = tuple(map(_type, types))
    app.watch()
    if ticket is not None:
        ticket_lists.require(app, ticket)
    while True:
        # Asked before reading: what is committed meanwhile is looked for again, and not found twice.
        version = app.db.changes()
        full = True
        while full:
            page, after = rows.page(app.db, after=after, ticket=ticket, types=wanted, limit=_PAGE)
            yield from page
            full = len(page) == _PAGE
            _require_in_place(app)
        while app.db.changes() == version:
            pause()
            _require_in_place(app)


def _require_in_place(app: App) -> None:
    if app.db.gone():
        raise StorageError(
            f"{app.db_path} was moved, replaced or deleted: there is nothing to follow any more",
            code="database_moved",
            hint="once it is in its place, with its -wal file, go on with --follow --after SEQ",
        )


def last_seq(app: App) -> int:
    """The `seq` of the last event, 0 where there is none."""
    return rows.last_seq(app.db)


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
