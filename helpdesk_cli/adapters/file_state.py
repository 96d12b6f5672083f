"""What the host says of a file: who may open it, whether the process's user may, how much room there is."""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from helpdesk_cli.adapters.sharing import FILE_MODE, FOLDER_MODE


class Openness(NamedTuple):
    """Who but its owner may open a file, and the mode that it should have."""

    mode: int
    group: bool  # a group that does not share the database may
    others: bool
    wanted: int


def openness(path: str) -> Openness | None:
    """Who may open a file; None where there is none. A group shares a database that is 0660 in a folder of
    its own, 2770 (storage.md)."""
    try:
        info, folder = os.stat(path), os.stat(os.path.dirname(os.path.abspath(path)))
    except OSError:
        return None
    mode = stat.S_IMODE(info.st_mode)
    shared = info.st_gid == folder.st_gid and folder.st_mode & FOLDER_MODE == FOLDER_MODE
    return Openness(
        mode, bool(mode & 0o070) and not shared, bool(mode & 0o007), FILE_MODE if shared else 0o600
    )


def replaceable(path: str) -> bool:
    """Whether everybody on the host may remove a file of this folder and put another one in its place."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def missing_right(path: str) -> str | None:
    """`read` or `write` where the process's user may not do so: in the folder too, as SQLite keeps its log
    there. None where nothing is missing."""
    if not os.access(path, os.R_OK):
        return "read"
    folder = os.path.dirname(os.path.abspath(path))
    return None if os.access(path, os.W_OK) and os.access(folder, os.W_OK | os.X_OK) else "write"


def size(path: str) -> int:
    """The bytes of a file, 0 where there is none."""
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def names(path: str) -> int:
    """How many names a file has: hard links."""
    return os.stat(path).st_nlink


def room(folder: str) -> int:
    """The bytes that the process's user may still write on the file system of a folder."""
    info = os.statvfs(folder)
    return info.f_bavail * info.f_frsize
