"""`export`: everything, as `import` reads it, or the records of one kind; always of one moment.

Decides which records there are, and where a file may be written: it takes nobody's place unasked.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters import new_file
from helpdesk_cli.adapters.json_lines import row_encoder
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import backup
from helpdesk_cli.services.export_header import Header
from helpdesk_cli.services.exported_files import Files
from helpdesk_cli.storage import database, transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.tables import Table

    Rows = Iterable[dict[str, Any]]


@contextmanager
def everything(app: App) -> Iterator[tuple[int, Iterator[str]]]:
    """How many lines there are, and the lines: the first says what the file is, then come attached files and
    all rows, each after those that it names. What follows from other columns is left out."""
    with app.db.read():
        version, files = app.policies.latest(), Files(app)
        header = Header(
            schema=database.SCHEMA_VERSION,
            policy=version.version,
            tzdata=version.tzdata,
            last_ids=transfer.last_ids(app.db),
            rows=transfer.counts(app.db) | files.rows(),
        )
        yield header.lines + 1, chain([header.text()], files.lines(), _lines(app))


def _lines(app: App) -> Iterator[str]:
    try:
        yield from transfer.lines(app.db, _encoder)
    except (ValueError, RecursionError) as error:
        raise database.corrupt(app.db_path, f"a column that holds JSON cannot be read: {error}") from error


def _encoder(table: Table) -> Callable[[Iterable[Any]], str]:
    return row_encoder(table.name, table.names, table.documents)


@contextmanager
def records(app: App, name: str) -> Iterator[tuple[int, Rows]]:
    """How many rows are read of a kind, 0 of the few that the policy declares, and its records."""
    with app.db.read():
        table, rows = _SOURCES[name]
        yield 0 if table is None else transfer.count(app.db, table), rows(app)


@contextmanager
def into_file(app: App, path: str, *, replace: bool) -> Iterator[TextIO]:
    """Give the body a file to write into, which appears whole or not at all, with the access of the database.

    RefusedError `exists` unless `replace`, `same_file` for the database itself, `no_file` for a folder or a
    device; NotFoundError and StorageError for a folder that is not there or cannot be written.
    """
    path = os.path.abspath(path)
    backup.require_apart(app.db_path, path)
    if os.path.lexists(path):
        _require_replaceable(path, replace=replace)
    backup.tidy_up(path, app.real_now())
    with (
        new_file.appearing(path, new_file.access_like(app.db_path), replace=replace) as part,
        open(part, "w", encoding="utf-8", newline="\n") as file,
    ):
        yield file


def made(path: str, *, record: str | None, form: str, count: int) -> dict[str, Any]:
    """The `exported` record of a file that was written."""
    return {
        "path": os.path.abspath(path),
        "record": record,
        "format": form,
        "records": count,
        "bytes": os.path.getsize(path),
    }


def _require_replaceable(path: str, *, replace: bool) -> None:
    if os.path.exists(path) and not os.path.isfile(path):
        raise RefusedError(f"{path} is no plain file", code="no_file", hint="name a file, or leave out -o")
    if not replace:
        raise new_file.exists(path)


# -- the records


def _tickets(app: App) -> Rows:
    from helpdesk_cli.services import ticket_lists

    return ticket_lists.list_tickets(app, {"status": ("all",)}, sort="id")[0]


def _of_tickets(app: App, key: str) -> Rows:
    """What is inside the record of each ticket, with the ticket's id."""
    return ({**each, "ticket": ticket["id"]} for ticket in _tickets(app) for each in ticket[key])


def _messages(app: App) -> Rows:
    from helpdesk_cli.storage import messages

    return messages.stream(app.db)


def _attachments(app: App) -> Rows:
    from helpdesk_cli.storage import attachments

    return attachments.stream(app.db)


def _listed(module: str, function: str, **given: Any) -> Callable[[App], Rows]:
    """What a service lists, in the order of ids."""

    def rows(app: App) -> Rows:
        from importlib import import_module

        found: Any = getattr(import_module(f"helpdesk_cli.services.{module}"), function)(app, **given)
        listed: Rows = found[0] if isinstance(found, tuple) else found
        return listed

    return rows


# record -> the table that is counted, None for the few that the policy declares; and what lists them
_SOURCES: dict[str, tuple[str | None, Callable[[App], Rows]]] = {
    "ticket": ("tickets", _tickets),
    "message": ("messages", _messages),
    "attachment": ("attachments", _attachments),
    "clock": ("tickets", lambda app: _of_tickets(app, "clocks")),
    "link": ("tickets", lambda app: _of_tickets(app, "links")),
    "event": ("events", _listed("events", "list_events")),
    "notice": ("notices", _listed("notices", "list_notices")),
    "run": ("runs", _listed("runs", "list_runs", sort="id")),
    "org": ("orgs", _listed("orgs", "list_orgs", sort="id")),
    "contact": ("contacts", _listed("people", "list_contacts", sort="id")),
    "agent": ("agents", _listed("people", "list_agents", retired=True, sort="id")),
    "team": ("teams", _listed("people", "list_teams", sort="id")),
    "view": ("views", _listed("views", "list_views")),
    "plan": (None, _listed("policy_records", "list_plans")),
    "priority": (None, _listed("policy_records", "list_priorities")),
    "category": (None, _listed("policy_records", "list_categories")),
    "type": (None, _listed("policy_records", "list_types")),
    "calendar": (None, _listed("calendars", "list_calendars")),
}
RECORDS = tuple(_SOURCES)
