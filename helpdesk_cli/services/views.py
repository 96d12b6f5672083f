"""Saved filters of the ticket list (`cli.md`, view): shared by all who use the database.

A view holds the options as they were typed, by their long names with `_`: a text, a list of texts, or true
for one without a value. So `me`, `-2h` and the names of people mean what they mean when it is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.filters import parse_order
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.domain.text import clean_line, clean_text, fold
from helpdesk_cli.errors import NotFoundError, RefusedError, UsageError
from helpdesk_cli.services import ticket_lists
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import views as rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from helpdesk_cli.services.app import App

    Filters = dict[str, Any]


def save(app: App, name: str, filters: Filters, *, replace: bool = False) -> dict[str, Any]:
    """Save checked filters under a name; a `view` record. Saved again it is the same view.

    RefusedError `exists` where the name has other filters already and `replace` does not allow it.
    """
    name = clean_line(name, "the name of a view", longest=100)
    key = fold(name)
    with app.write() as now:
        known = rows.by_key(app.db, key)
        if known is not None and known["filters"] == filters:
            return _record(known)
        if known is not None and not replace:
            raise RefusedError(
                f"there is a view {shown(known['name'])} already: {as_typed(known['filters'])}",
                code="exists",
                hint="give another name, or --yes to replace it",
            )
        rows.put(
            app.db,
            key,
            {"name": name, "filters": filters, "saved_by": _saver(app), "updated_at": to_text(now)},
        )
        return _record(_found(app, name))


def check(app: App, options: Mapping[str, Any]) -> None:
    """Whether `ticket_lists.list_tickets` would take these options, `sort` among them, now and from who acts.
    UsageError `no_filter` for none, and its own errors."""
    if not options:
        raise UsageError("a view needs a filter", code="no_filter", hint="see `helpdesk ticket list --help`")
    app.db_to_write()  # what follows is a save
    if options.get("sort") is not None:
        parse_order(options["sort"])
    ticket_lists.resolve_filter(app, options)


def filters_of(app: App, name: str) -> Filters:
    """The filters of a view; NotFoundError `unknown_view` with a suggestion."""
    filters: Filters = _found(app, name)["filters"]
    return filters


def list_views(
    app: App, *, sort: str | None = None, limit: int | None = None
) -> tuple[Iterator[dict[str, Any]], int]:
    """(records of views by name, how many `limit` left out)."""
    found, left = rows.all_views(app.db, order_of(sort, "view"), limit)
    return map(_record, found), left


def delete(app: App, name: str) -> dict[str, Any]:
    """Delete a view; the record that it had. NotFoundError `unknown_view`."""
    with app.write():
        view = _found(app, name)
        rows.remove(app.db, fold(view["name"]))
        return _record(view)


def as_typed(filters: Mapping[str, Any]) -> str:
    """Options as one would type them in a shell: `--status open --org 'Acme Ltd' --overdue`."""
    from shlex import join

    words: list[str] = []
    for option, value in filters.items():
        name = f"--{option.replace('_', '-')}"
        for each in value if isinstance(value, list) else [value]:
            words += [name] if each is True else [name, str(each)]
    return join(words)


def _found(app: App, name: str) -> dict[str, Any]:
    view = rows.by_key(app.db, fold(" ".join(name.split())))
    if view is None:
        near = closest(name, rows.names(app.db))
        raise NotFoundError(
            f"there is no view {shown(name)}",
            code="unknown_view",
            hint=f"did you mean {near!r}?" if near else "helpdesk view list",
        )
    return view


def _record(view: dict[str, Any]) -> dict[str, Any]:
    return {**view, "options": as_typed(view["filters"])}


def _saver(app: App) -> str:
    """The agent who acts, else the process's user: who may read may save what to read."""
    from helpdesk_cli.adapters.host import login

    agent = app.actor()
    return str(agent["login"]) if agent is not None else clean_text(login())
