"""Bring the tables of an older database up to date (storage.md "The interface").

Decides that nothing is migrated without a copy beside it, whole and checked, and that a migration that fails
leaves neither a change nor a copy.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters import new_file
from helpdesk_cli.services import backup
from helpdesk_cli.services.dry_run import undone
from helpdesk_cli.storage import schema

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App


def migrate(app: App, *, dry_run: bool = False) -> dict[str, Any]:
    """Apply the steps that the database has not seen, in one transaction; a `migration` record, whose `steps`
    are none where there was nothing to do. Any number of processes may do so at once. A dry run does the same
    without the copy and rolls back.

    NotFoundError where there is no database; StorageError for a newer one, or where the copy cannot be made.
    """
    app.any_version().close()  # nothing is created where there is none
    done: dict[str, Any] = {"path": app.db_path, "dry_run": dry_run, "backup": None}
    db = app.create_database()
    try:
        with undone(db.write()) if dry_run else db.write():
            before = db.version()
            steps = [step.name for step in schema.STEPS[before:]]
            done |= {"from_version": before, "to_version": before + len(steps), "steps": steps}
            if steps and not dry_run:
                done["backup"] = _copy(app)
            schema.initialise(db)
    except BaseException:
        if done["backup"] is not None:
            new_file.remove(done["backup"])
        raise
    finally:
        app.close()
    return done


def announce(app: App, done: dict[str, Any]) -> None:
    """Say on stderr what was migrated without being asked for."""
    if done["steps"]:
        app.announcements.append(
            f"{done['path']} was brought from schema version {done['from_version']} to {done['to_version']};"
            f" as it was it is kept as {done['backup']}"
        )


def _copy(app: App) -> str:
    """Copy the database while this program holds the write lock, so that nothing comes in between; the path
    of the copy. It takes another connection: SQLite copies nothing from the one that holds the lock."""
    path = os.path.realpath(app.db_path)
    kept = new_file.free_name(f"{path}.before-migrate-{backup.stamp(app.now())}")
    backup.tidy_up(
        kept, app.real_now(), re.compile(rf"{re.escape(os.path.basename(path))}\.before-migrate-.+")
    )
    reader = app.any_version()
    try:
        backup.write(reader, kept)
    finally:
        reader.close()
    return kept
