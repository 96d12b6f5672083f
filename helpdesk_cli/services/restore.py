"""`db restore`: a backup takes the place of the database, in one step, and what it replaces is kept.

The backup is copied, checked and brought up to date under a hidden name first, so whatever is wrong with it
leaves the present database as it is.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters import new_file
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError
from helpdesk_cli.services import backup
from helpdesk_cli.services.restored_files import restoring
from helpdesk_cli.storage import database, upkeep
from helpdesk_cli.storage.schema import initialise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from helpdesk_cli.services.app import App

# What SQLite keeps beside a database: of another one they would be its ruin.
_COMPANIONS = ("-wal", "-shm", "-journal")


def replaces(app: App) -> bool:
    """Whether there is anything that a restored database would take the place of: a database, be it locked,
    damaged or of any version, or a file of another kind. An empty file and one without tables are nothing."""
    try:
        return database.version_at(app.db_path, wait=app.wait) > 0
    except HelpdeskError:
        return True


def size(file: str) -> int:
    """How many pages a backup has, for a bar of progress; errors as `restore`."""
    copy = _opened(file)
    try:
        return copy.upkeep.stats().pages
    finally:
        copy.close()


def restore(
    app: App, file: str, *, replace: bool = False, on_done: Callable[[int], None] = lambda _pages: None
) -> dict[str, Any]:
    """Make the backup `file` the database; a `restored` record. The file itself stays as it is.

    NotFoundError for no such file, StorageError for one that is no helpdesk database, is damaged or newer;
    RefusedError `exists` where a database would be replaced and `replace` does not allow it; BusyError where
    others have that one open. The replaced one is kept beside it as `NAME.before-restore-...`, and has its
    attached files.
    """
    path, now = os.path.realpath(app.db_path), app.now()
    copy = _opened(file)
    try:
        _require_place(app, file, replace=replace)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        backup.tidy_up(path, app.real_now())
        kept = new_file.free_name(f"{path}.before-restore-{backup.stamp(now)}") if replaces(app) else None
        with (
            ExitStack() as until_it_is_there,
            new_file.appearing(path, new_file.access_like(path), replace=os.path.lexists(path)) as part,
        ):
            copy.upkeep.copy_to(part, on_done)
            version = copy.version()
            _bring_up_to_date(part)
            files = until_it_is_there.enter_context(restoring(path, file, copy))
            if kept is not None:
                files.leave_with(kept)
            files.take_in(part)
            tickets = backup.checked(part, file)
            until_it_is_there.enter_context(_out_of_the_way(path, kept, app.wait))
    finally:
        copy.close()
    if files.missing:
        app.announcements.append(
            f"{files.missing} of {files.named} attached files are lost, neither in {file} nor beside it:"
            " `helpdesk db check --deep` names them"
        )
    return {
        "path": app.db_path,
        "source": os.path.abspath(file),
        "bytes": os.path.getsize(path),
        "tickets": tickets,
        "from_version": version,
        "to_version": database.SCHEMA_VERSION,
        "replaced": kept,
        "at": to_text(now),
        "attachments": files.named,
    }


def _opened(file: str) -> database.Database:
    hint = "name a file that `helpdesk db backup` made"
    try:
        return database.open_copy(file)
    except NotFoundError:
        found = "it holds no tables" if os.path.exists(file) else "there is none"
        raise NotFoundError(f"{file} is no backup: {found}", code="no_backup", hint=hint) from None
    except HelpdeskError as error:
        error.hint = hint if error.code == "not_a_database" else error.hint
        raise


def _require_place(app: App, file: str, *, replace: bool) -> None:
    if backup.same(app.db_path, file):
        raise RefusedError(
            f"{file} is the database itself",
            code="same_file",
            hint="name a file that `helpdesk db backup` made",
        )
    if os.path.isdir(app.db_path):
        raise database.not_ours(app.db_path, "a folder")
    if not replace and replaces(app):
        raise RefusedError(
            f"there is a database at {app.db_path} already",
            code="exists",
            hint="--yes replaces it, and keeps it beside; or name another one with --db FILE",
        )


def _bring_up_to_date(part: str) -> None:
    """Give the copy the tables of this version and, whatever the backup's file had, a log."""
    db = database.open_database(part, create=True)
    try:
        initialise(db)
    finally:
        db.close()


@contextmanager
def _out_of_the_way(path: str, kept: str | None, wait: float) -> Iterator[None]:
    """Inside, another file may take the path: nobody uses the present one, nothing is left of its log, and it
    has the name `kept` if that is given."""
    with ExitStack() as stack:
        if os.path.lexists(path) and stack.enter_context(upkeep.held(path, wait)):
            companions: tuple[str, ...] = ()
        else:
            companions = tuple(suffix for suffix in _COMPANIONS if os.path.lexists(path + suffix))
        for suffix in companions:
            os.rename(path + suffix, (kept or new_file.free_name(f"{path}.left")) + suffix)
        if kept is not None:
            stack.enter_context(new_file.set_aside(path, kept))
        yield
