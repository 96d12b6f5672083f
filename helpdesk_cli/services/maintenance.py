"""`db stats` and `db vacuum`: how much there is in a database and what it takes, and less of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.storage import attachments, figures, runs

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App


def stats(app: App) -> dict[str, Any]:
    """A `stats` record; every row is counted."""
    with app.db.read():
        file = app.db.upkeep.stats()
        rows = figures.of_rows(app.db)
        policy = app.policies.latest()
        swept = runs.latest(app.db, to_text(app.now()))
        files, taken = attachments.counted(app.db)
    page = file.size // max(file.pages, 1)
    free = file.free_pages * page
    return {
        "path": app.db_path,
        "bytes": file.size,
        "wal_bytes": file.log,
        "free_pages": file.free_pages,
        "free_bytes": free,
        **rows,
        "bytes_per_ticket": (file.size - free) // rows["tickets"] if rows["tickets"] else None,
        "last_sweep_at": swept,
        "schema_version": app.db.version(),
        "policy_version": policy.version,
        "tzdata": policy.tzdata,
        "engine": file.engine,
        "attachments": files,
        "attachment_bytes": taken,
    }


def vacuum(app: App) -> dict[str, Any]:
    """Give what is free in the file back to the file system, and remove attached files that no row names any
    more; a `vacuum` record.

    Writers wait meanwhile. BusyError where one keeps the lock; StorageError `disk_full` where there is no
    room for the copies of the database that are made on the way.
    """
    from helpdesk_cli.services.attachments import tidy

    app.db_to_write()
    removed = tidy(app)
    before, after = app.db.upkeep.stats(), app.db.upkeep.vacuum()
    sizes = before.size + before.log, after.size + after.log
    return {
        "path": app.db_path,
        "bytes_before": sizes[0],
        "bytes_after": sizes[1],
        "freed_bytes": sizes[0] - sizes[1],
        "files_removed": removed,
    }
