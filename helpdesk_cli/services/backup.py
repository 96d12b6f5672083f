"""`db backup`: a whole copy of the database, made while others work.

A backup is one SQLite file, attached files included, checked before it gets its name, so what stands under a
backup's name is whole.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters import new_file
from helpdesk_cli.adapters.file_store import LOST, FileStore
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import HelpdeskError, RefusedError, UsageError
from helpdesk_cli.storage import attachments, database, figures, packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database

_STAMP = r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z"


class Target(NamedTuple):
    """Where a backup goes: `series` fits the names of those before it, of a folder alone."""

    path: str
    series: re.Pattern[str] | None


def stamp(at: datetime) -> str:
    """An instant for the name of a file, on every file system: `2026-11-24T16-34-20Z`."""
    return to_text(at).replace(":", "-")


def size(app: App) -> int:
    """How many pages a backup copies, for a bar of progress."""
    db = app.any_version()
    try:
        return db.upkeep.stats().pages
    finally:
        db.close()


def backup(
    app: App,
    file: str,
    *,
    keep: int | None = None,
    replace: bool = False,
    on_done: Callable[[int], None] = lambda _pages: None,
) -> dict[str, Any]:
    """Copy the database, as of one moment, while others write; a `backup` record.

    `file` is a new file, or a folder, in which the backup is called `helpdesk-2026-11-24T16-34-20Z.db` after
    the database and the command's time, the next one within that second `..._2.db`; `keep`, at least 1, then
    leaves that many of the backups so called, this one and the newest others. With `replace` a file that is a
    helpdesk database is replaced.

    NotFoundError for a missing database or folder, RefusedError `exists`, UsageError for a `keep` without a
    folder, StorageError `corrupt` where the copy does not pass SQLite's check.
    """
    now = app.now()
    target = _target(app, file, now)
    if keep is not None:
        _require_countable(target, keep)
    _require_free(app.db_path, target.path, replace=replace)
    tidy_up(target.path, app.real_now(), target.series)
    db = app.any_version()
    try:
        kept = Kept(FileStore(app.db_path))
        tickets = write(db, target.path, replace=replace, on_done=on_done, files=kept)
    finally:
        db.close()
    if kept.missing:
        app.announcements.append(
            f"{kept.missing} of {kept.missing + kept.packed} attached files are lost and not in the backup:"
            " `helpdesk db check --deep` names them"
        )
    return {
        "path": target.path,
        "bytes": os.path.getsize(target.path),
        "tickets": tickets,
        "at": to_text(now),
        "removed": _remove_older(target, keep),
        "attachments": kept.packed,
    }


def write(
    db: Database,
    path: str,
    *,
    replace: bool = False,
    on_done: Callable[[int], None] = lambda _pages: None,
    files: Kept | None = None,
) -> int:
    """Copy an open database into a file that appears whole or not at all, with its attached files if `files`
    has them; how many tickets it holds."""
    with new_file.appearing(path, new_file.access_like(db.path), replace=replace) as part:
        db.upkeep.copy_to(part, on_done)
        if files is not None:
            files.pack_into(part)
        return checked(part, path)


class Kept:
    """The attached files that go into a copy of a database; how many did, and how many are lost."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self.packed = 0
        self.missing = 0

    def pack_into(self, part: str) -> None:
        """Put the files that the copy names into it. One that is lost keeps nobody from making backups; while
        the copy was made a person may have been forgotten."""
        copy = database.open_copy(part)
        try:
            named = [sha256 for sha256, _size in attachments.contents(copy)]
        finally:
            copy.close()
        if not named:
            return
        with packed.packing(part) as pack:
            for sha256 in named:
                try:
                    pack(sha256, self._store.chunks(sha256))
                    self.packed += 1
                except HelpdeskError as error:
                    if error.code != LOST:
                        raise
                    self.missing += 1


def tidy_up(path: str, real_now: datetime, series: re.Pattern[str] | None = None) -> None:
    """Remove what killed commands left of a file that is to be made, or of a `series` of them."""
    folder, name = os.path.split(path)
    for left in new_file.abandoned(folder, series or re.compile(re.escape(name)), real_now.timestamp()):
        new_file.remove(left)


def _target(app: App, file: str, now: datetime) -> Target:
    if not (os.path.isdir(file) or file.endswith(os.sep)):
        return Target(os.path.abspath(file), None)
    stem = os.path.basename(app.db_path).removesuffix(".db")
    first = os.path.join(os.path.abspath(file), f"{stem}-{stamp(now)}")
    # An underline sorts behind the dot, so names go on in the order of time.
    names = (f"{first}.db", *(f"{first}_{number}.db" for number in range(2, 100)))
    free = next((name for name in names if not os.path.lexists(name)), names[0])
    return Target(free, re.compile(rf"{re.escape(stem)}-{_STAMP}(_\d+)?\.db"))


def _require_countable(target: Target, keep: int) -> None:
    if target.series is None:
        raise UsageError(
            f"--keep: {target.path} is no folder, and only in a folder backups are counted",
            code="not_a_folder",
            hint="give a folder, in which each backup gets a name of its own",
        )
    if keep == 0:
        raise UsageError("--keep: found 0, expected at least 1", code="bad_number")


def _require_free(db_path: str, path: str, *, replace: bool) -> None:
    """A backup takes no file's place but that of an older backup, and never the database's own."""
    if not os.path.lexists(path):
        return
    require_apart(db_path, path)
    if not replace:
        raise new_file.exists(path)
    try:
        database.open_copy(path).close()
    except HelpdeskError as error:
        raise RefusedError(
            f"{path} is no backup that could be replaced: {error.message}",
            code="not_a_backup",
            hint="give another name",
        ) from error


def require_apart(db_path: str, path: str) -> None:
    """RefusedError `same_file` where a file that is to be written is the database's own."""
    if same(db_path, path) or path in (os.path.realpath(db_path) + suffix for suffix in ("-wal", "-shm")):
        raise RefusedError(
            f"{path} is the database itself", code="same_file", hint="name another file, or a folder"
        )


def same(one: str, other: str) -> bool:
    """Whether both names lead to one file."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def checked(part: str, path: str) -> int:
    """How many tickets a copy holds; StorageError where SQLite finds anything wrong with it."""
    copy = database.open_copy(part)
    try:
        problem = next(copy.upkeep.problems(), None)
        if problem is not None:
            raise database.corrupt(path, problem)
        return figures.tickets(copy)
    finally:
        copy.close()


def _remove_older(target: Target, keep: int | None) -> list[str]:
    """Remove the oldest backups, never the one just made, whatever the clock said when they were made."""
    if keep is None or target.series is None:
        return []
    folder, name = os.path.split(target.path)
    others = [each for each in new_file.names_in(folder, target.series) if each != name]
    old = [os.path.join(folder, each) for each in others[: max(0, len(others) - (keep - 1))]]
    for path in old:
        new_file.remove(path)
    return old
