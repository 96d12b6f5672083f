"""Read the event log as a stream for scripts, resumable by `seq`.

A `seq` is given under the write lock, and SQLite has one writer at a time: the order of `seq` is the order of
the commits. So nothing ever appears below a `seq` that was read, and who goes on from there misses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import RefusedError, StorageError, UsageError
from helpdesk_cli.services import lookup, ticket_lists
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import events as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from helpdesk_cli.services.app import App

# Events a read: whoever prints them slowly must not keep the database's log from being emptied meanwhile.
_PAGE = 500


def list_events(
    app: App,
    *,
    after: int = 0,
    ticket: int | None = None,
    types: Iterable[str] = (),
    orgs: Sequence[str] = (),
    contacts: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records of the events past `seq` `after`, in its order; what counts how many `limit` left out). With
    `orgs` and `contacts`, names and addresses: those of all tickets of a customer (M7).

    NotFoundError for an unknown ticket, organisation or contact, UsageError `unknown_word` for a type of
    event that there is not, RefusedError `log_behind` where the log ends before `after`.
    """
    order = order_of(sort, "event")
    wanted = _wanted(app, after, ticket, types, orgs, contacts)

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db, wanted) - limit)

    return rows.stream(app.db, wanted, limit=limit, order=order), left


def _wanted(
    app: App,
    after: int,
    ticket: int | None,
    types: Iterable[str],
    orgs: Sequence[str],
    contacts: Sequence[str],
) -> rows.Wanted:
    known = tuple(map(_type, types))
    _require_reached(app, after)
    if ticket is not None:
        ticket_lists.require(app, ticket)
    org_ids = lookup.org_ids(app.db, orgs)
    contact_ids = [lookup.contact(app.db, address)["id"] for address in contacts]
    return rows.Wanted(after, ticket, known, tuple(org_ids), tuple(contact_ids))


def follow(
    app: App,
    *,
    pause: Callable[[], None],
    after: int = 0,
    ticket: int | None = None,
    types: Iterable[str] = (),
    orgs: Sequence[str] = (),
    contacts: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """Records of the events past `seq` `after`, and then of each new one as it is committed, without end; of
    a customer as `list_events`.

    `pause` is called while there is nothing new. Errors as of `list_events`; StorageError `database_moved`
    where the file is moved, replaced or deleted, or an older state is restored into it: what is written then
    is in another log.
    """
    app.watch()
    wanted = _wanted(app, after, ticket, types, orgs, contacts)
    last = 0
    while True:
        # Asked before reading: what is committed meanwhile is looked for again, and not found twice.
        version = app.db.changes()
        full = True
        while full:
            page, after = rows.page(app.db, wanted, _PAGE)
            wanted = wanted._replace(after=after)
            yield from page
            full = len(page) == _PAGE
            _require_in_place(app)
        last = _not_before(app, last)
        while app.db.changes() == version:
            pause()
            _require_in_place(app)


def _not_before(app: App, seen: int) -> int:
    """The end of the log, which only grows: where it is before what was `seen`, a `seq` comes twice."""
    last = rows.last_seq(app.db)
    if last < seen:
        raise StorageError(
            f"the log of {app.db_path} ended at {seen} and now ends at {last}: an older state was restored",
            code="database_moved",
            hint=f"go on with --follow --after {last}; what follows takes the place of what was read",
        )
    return last


def _require_in_place(app: App) -> None:
    if app.db.gone():
        raise StorageError(
            f"{app.db_path} was moved, replaced or deleted: there is nothing to follow any more",
            code="database_moved",
            hint="once it is in its place, with its -wal file, go on with --follow --after SEQ",
        )


def _require_reached(app: App, after: int) -> None:
    """RefusedError where the log ends before `after`: what is written from here on would pass for read."""
    if after and after > (last := rows.last_seq(app.db)):
        raise RefusedError(
            f"the log of {app.db_path} ends at {last}, before {after}: an older state was restored, or it is"
            " another database",
            code="log_behind",
            hint=f"go on with --after {last}; what follows takes the place of what was read",
            details={"last_seq": last},
        )


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
