"""Read the runs of the sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.errors import NotFoundError
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import runs as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from helpdesk_cli.services.app import App


def list_runs(
    app: App, *, sort: str | None = None, limit: int | None = None
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records of runs, the newest first; what counts how many `limit` left out)."""
    order = order_of("-id" if sort is None else sort, "run")

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db) - limit)

    return rows.stream(app.db, limit, order), left


def show_run(app: App, number: int) -> dict[str, Any]:
    """The record of one run; NotFoundError `run_not_found`."""
    found = rows.get(app.db, number)
    if found is None:
        raise NotFoundError(f"there is no run {number}", code="run_not_found", hint="helpdesk run list")
    return found
