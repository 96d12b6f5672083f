"""The file in which an SQLite database is: made with the right mode, refused where it can be none."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from helpdesk_cli.storage import database

if TYPE_CHECKING:
    from helpdesk_cli.errors import HelpdeskError

_SMALLEST_FILE = 512  # one page of the smallest size that SQLite has
_SHARED_MEMORY = 32 * 1024  # bytes that SQLite takes beside a database before it reads the first page


def make_file(path: str) -> None:
    """Make the file before SQLite does: its log and shared memory then take over the mode 0600."""
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o700, exist_ok=True)
        # Never opened once it has content: closing any handle of it drops the locks of this process.
        if not os.path.exists(path):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.path.getsize(path) == 0:
            os.chmod(path, 0o600)
    except OSError as error:
        raise os_error(path, error) from error
    except ValueError as error:
        raise database.failed(path, "no file can have this name") from error


def check_file(path: str) -> None:
    """NotFoundError or StorageError where there is no file, or one that is no database."""
    try:
        info = os.stat(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise database.missing(path) from error
    except OSError as error:
        raise os_error(path, error) from error
    except ValueError as error:
        raise database.failed(path, "no file can have this name") from error
    if stat.S_ISDIR(info.st_mode):
        raise database.not_ours(path, "a folder")
    if not stat.S_ISREG(info.st_mode):
        raise database.not_ours(path, "a device or a pipe")
    # SQLite takes a file of one byte for an empty database, and would overwrite it.
    if 0 < info.st_size < _SMALLEST_FILE:
        raise database.not_ours(path, "a file of another kind")


def identity(path: str) -> tuple[int, int] | None:
    """Which file a path leads to; None where it leads to none."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return info.st_dev, info.st_ino


def os_error(path: str, error: OSError) -> HelpdeskError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return database.disk_full(path)
    if error.errno == errno.EROFS:
        return database.read_only(path)
    return database.failed(path, error.strerror or str(error))


def without_room(path: str) -> bool:
    """Whether the file system of a file has no room for SQLite's shared memory, so that opening it fails."""
    try:
        info = os.statvfs(os.path.dirname(os.path.abspath(path)))
    except (OSError, ValueError):
        return False
    return info.f_bavail * info.f_frsize < _SHARED_MEMORY


def has_log(path: str) -> bool:
    """Whether a log with changes lies beside it."""
    try:
        return os.path.getsize(path + "-wal") > 0
    except OSError:
        return False


def quoted(path: str) -> str:
    """`path` for a `file:` URI; bytes that are not UTF-8 stay as they are."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return "/" + quoted.lstrip("/")
