"""`db doctor`: what is wrong with a database, its file and its host, in plain words, and what mends it.

Nothing is written. What keeps the database from being opened is a finding like any other. Each check is a
function of its own; what one cannot find out because something else is wrong, it leaves.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING, Any

from helpdesk_cli.adapters import file_state, new_file
from helpdesk_cli.adapters.file_store import FileStore
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import BusyError, HelpdeskError
from helpdesk_cli.storage import attachments, figures, runs
from helpdesk_cli.storage.database import SCHEMA_VERSION, older, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database

    Finding = dict[str, Any]

MIB = 1024 * 1024
LEAST_ROOM = 100 * MIB
# The log is worked into the database at 4 MB: it grows so large only where somebody reads without end.
LARGE_LOG = 64 * MIB
SWEPT_WITHIN = timedelta(minutes=10)  # as `sla check` has it unless told otherwise
_PATIENCE = 2.0  # seconds for a lock: writers hold it for milliseconds
_RESTORE = "helpdesk db restore BACKUP"
_APPLY = "helpdesk plan export > plans.yaml && helpdesk plan apply plans.yaml"
# An error's code -> the command; the others have one in their hint.
_MENDS = {
    "no_database": "helpdesk init",
    "older_version": "helpdesk db migrate",
    "newer_version": "pip install --upgrade helpdesk-cli",
    "not_a_database": "helpdesk --db FILE db doctor",
    "corrupt": _RESTORE,
    "busy": "fuser {path}",
    "disk_full": "df -h {folder}",
}


def examine(app: App) -> Iterator[Finding]:
    """`finding` records, those about the file first; none where all is well."""
    path = app.db_path
    app.without_actor()
    app.now()  # what is wrong with `--now` is no finding
    of_files = list(_files(path))  # before it is opened: SQLite makes files beside it
    try:
        db = open_database(path, outdated=True, wait=_PATIENCE)
    except HelpdeskError as error:
        if error.code != "not_a_database":  # how open somebody else's file is, is not for us to mend
            yield from of_files
        yield _told(error, path)
        return
    yield from of_files
    try:
        for check in _CHECKS:
            for finding in _careful(check, app, db):
                yield finding
                if finding["name"] == "corrupt":  # what else is found would only repeat it
                    return
        if db.version() < SCHEMA_VERSION:
            yield _told(older(path, db.version()), path)
            return
        for check in _CHECKS_OF_ROWS:
            yield from _careful(check, app, db)
    finally:
        db.close()


def _careful(
    check: Callable[[App, Database], Iterator[Finding]], app: App, db: Database
) -> Iterator[Finding]:
    try:
        yield from check(app, db)
    except HelpdeskError as error:
        yield _told(error, app.db_path)


def _finding(name: str, message: str, mend: str) -> Finding:
    return {"name": name, "message": message, "mend": mend}


def _told(error: HelpdeskError, path: str) -> Finding:
    """An error as a finding."""
    folder = os.path.dirname(os.path.abspath(path))
    mend = _MENDS.get(error.code, "ls -ld {path} {folder}").format(path=quote(path), folder=quote(folder))
    return _finding(error.code, error.message, mend)


def _files(path: str) -> Iterator[Finding]:
    """Whether the files are there, and who may open them."""
    folder = os.path.dirname(os.path.abspath(path))
    if file_state.size(path) == 0 and file_state.size(f"{path}-wal") > 0:
        yield _finding(
            "log_without_database",
            f"{path}-wal holds what was written last, but the database is not beside it",
            f"ls -l {quote(folder)}",
        )
    for name in (path, f"{path}-wal", f"{path}-shm"):
        found = file_state.openness(name)
        if found is not None and (found.others or found.group):
            who = "everybody on this host" if found.others else "a group that does not share it"
            yield _finding(
                "mode_too_open",
                f"{name} can be opened by {who}: its mode is {found.mode:04o}",
                f"chmod {found.wanted:o} {quote(name)}",
            )
    if file_state.replaceable(folder):
        yield _finding(
            "folder_too_open",
            f"everybody on this host may replace what is in {folder}",
            f"chmod o-w {quote(folder)}",
        )
    right = file_state.missing_right(path) if os.path.exists(path) else None
    if right is not None:
        yield _finding(
            "no_permission",
            f"you may not {right} {path}" + (" or its folder" if right == "write" else ""),
            f"ls -ld {quote(path)} {quote(folder)}",
        )


def _lock(app: App, db: Database) -> Iterator[Finding]:
    if file_state.missing_right(app.db_path) is not None:
        return
    try:
        with db.write():
            pass
    except BusyError:
        yield _finding(
            "locked",
            f"another program has kept {app.db_path} locked for {_PATIENCE:.0f} seconds or more",
            f"fuser {quote(app.db_path)}",
        )


def _log(app: App, db: Database) -> Iterator[Finding]:
    file = db.upkeep.stats()
    if file.log > LARGE_LOG:
        yield _finding(
            "large_log",
            f"the log {app.db_path}-wal has {file.log // MIB} MiB: a program that has been reading for long"
            " keeps it from being emptied",
            f"fuser {quote(app.db_path)}",
        )
    if not file.logs:
        yield _finding(
            "no_log",
            "another program switched off the log that lets readers and a writer work at once",
            "helpdesk db migrate",
        )


def _room(app: App, _db: Database) -> Iterator[Finding]:
    folder = os.path.dirname(os.path.abspath(app.db_path))
    room, size = file_state.room(folder), file_state.size(app.db_path)
    if room < max(LEAST_ROOM, size):
        yield _finding(
            "disk_nearly_full",
            f"there are {room // MIB} MiB left beside {app.db_path}, which has {size // MIB} MiB:"
            " a migration or a backup there needs as much again",
            f"df -h {quote(folder)}",
        )


def _neighbours(app: App, _db: Database) -> Iterator[Finding]:
    path = os.path.realpath(app.db_path)
    folder = os.path.dirname(path)
    if file_state.names(path) > 1:
        yield _finding(
            "second_name",
            f"{path} has another name, under which its log would be another one: use and keep only this one",
            f"find {quote(folder)} -samefile {quote(path)}",
        )
    left = new_file.abandoned(folder, re.compile(".+"), app.real_now().timestamp())
    if left:
        yield _finding(
            "left_over",
            f"commands that were killed left {_files_of(len(left))} beside {path}",
            f"rm {' '.join(map(quote, left))}",
        )


def _files_of(number: int) -> str:
    return "a file" if number == 1 else f"{number} files"


def _integrity(app: App, db: Database) -> Iterator[Finding]:
    for problem in db.upkeep.problems(quick=True):
        yield _finding("corrupt", f"{app.db_path} is damaged: {problem}", _RESTORE)


def _clock(app: App, db: Database) -> Iterator[Finding]:
    last = figures.last_recorded(db)
    if last is not None and app.real_now() < from_text(last):
        yield _finding(
            "clock_behind",
            f"the host's clock says {to_text(app.real_now())}, but the last change was recorded at {last}",
            "timedatectl",
        )


def _sweep(app: App, db: Database) -> Iterator[Finding]:
    swept = runs.latest(db, to_text(app.now()))
    late = swept is None or app.now() - from_text(swept) > SWEPT_WITHIN
    if late and figures.unclosed(db):
        yield _finding(
            "no_sweep",
            "no sweep has run yet" if swept is None else f"the last sweep went up to {swept}",
            "helpdesk help cron",
        )


def _agents(_app: App, db: Database) -> Iterator[Finding]:
    if not figures.active_agents(db):
        yield _finding(
            "no_agents",
            "there is no agent who could work on tickets",
            "helpdesk agent create LOGIN --email ADDRESS",
        )


def _zones(app: App, _db: Database) -> Iterator[Finding]:
    then, today = app.policies.latest().tzdata, tzdata_version()
    if then != today:
        yield _finding(
            "tzdata_changed",
            f"the policy was applied under the zone rules {then}, today's are {today}: deadlines may move",
            _APPLY,
        )


def _holidays(app: App, _db: Database) -> Iterator[Finding]:
    from helpdesk_cli.services.check import moved_holidays

    for calendar, told in moved_holidays(app):
        yield _finding("holidays_changed", f"calendar {calendar}: {told}", _APPLY)


def _attachments(app: App, db: Database) -> Iterator[Finding]:
    """Files without a row, which a killed command leaves, and rows without a file."""
    store = FileStore(app.db_path)
    if (mode := store.openness()) is not None:
        yield _finding(
            "mode_too_open",
            f"{store.root} can be opened by more than may open the database: its mode is {mode:04o}",
            f"chmod {store.folder_mode:o} {quote(store.root)}",
        )
    gone = [sha256 for sha256, _size in attachments.contents(db) if not store.present(sha256)]
    if gone:
        yield _finding(
            "attachments_lost",
            f"tickets name {_files_of(len(gone))} that {store.root} does not hold",
            "helpdesk db check --deep",
        )
    now = app.real_now().timestamp()
    left = [sha256 for sha256 in attachments.unnamed(db, store.names()) if store.settled(sha256, now)]
    if left:
        yield _finding(
            "attachments_left_over",
            f"{store.root} holds {_files_of(len(left))} that no ticket names",
            "helpdesk db vacuum",
        )


# The first need nothing but a file that can be opened, the others the tables of this version.
_CHECKS: tuple[Callable[[App, Database], Iterator[Finding]], ...] = (
    _lock,
    _log,
    _room,
    _neighbours,
    _integrity,
    _clock,
)
_CHECKS_OF_ROWS = (_sweep, _agents, _zones, _holidays, _attachments)
