"""A file that appears under its name whole or not at all, and the care of its name, mode and neighbours.

It is written under a hidden name in the same folder, brought to disk, then renamed, so that a kill, a full
disk or a power cut leaves what was there before. What a kill left over is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import contextmanager, suppress
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.adapters.sharing import FILE_MODE
from helpdesk_cli.errors import NotFoundError, RefusedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A file is written to until it gets its name: one that nobody has touched for so long was left by a kill.
ABANDONED_SECONDS = 3600
# What SQLite may have made beside it.
_HIDDEN = re.compile(r"\.(?P<name>.+)\.part-[0-9a-f]{8}(-wal|-shm|-journal)?", re.DOTALL)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


class Access(NamedTuple):
    """Who may read and write a file beside its owner: nobody, or a group."""

    mode: int = 0o600
    gid: int | None = None


def access_like(path: str) -> Access:
    """The access that a copy of a file gets: its owner's, and its group's where that shares the file."""
    try:
        info = os.stat(path)
    except OSError:
        return Access()
    shared = info.st_mode & FILE_MODE == FILE_MODE
    return Access(FILE_MODE, info.st_gid) if shared else Access()


@contextmanager
def appearing(path: str, access: Access, *, replace: bool) -> Iterator[str]:
    """Give the body the name of an empty file to fill, which no other program has. Where the body ends well
    the file is on disk and gets its name; where it fails nothing is left.

    RefusedError `exists` where there is a file of that name by then, unless `replace`; StorageError for a
    folder that cannot be written.
    """
    folder, name = os.path.split(path)
    try:
        # The folder's own group, as in a shared one, gives the file to it; a mode by the umask never shows.
        part = os.path.join(folder, f".{name}.part-{os.urandom(4).hex()}")
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        try:
            yield part
            _finish(part, access)
            _name(part, path, replace=replace)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                with suppress(FileNotFoundError):
                    os.unlink(part + suffix)
        sync_folder(folder)
    except OSError as error:
        raise failed(path, error) from error


@contextmanager
def set_aside(path: str, kept: str) -> Iterator[None]:
    """Give a file a second name, under which it stays when the body puts another one in its place; where the
    file system knows no links it loses the first one meanwhile. If the body fails all is as before."""
    try:
        _link_or_rename(path, kept)
    except OSError as error:
        raise failed(kept, error) from error
    try:
        yield
    except BaseException:
        if os.path.lexists(path):
            remove(kept)
        else:
            os.rename(kept, path)
        raise


def _link_or_rename(path: str, new: str) -> None:
    """Give a file a new name that is free, and leave it the old one where the file system can."""
    try:
        os.link(path, new)  # unlike a renaming it never takes a file's place
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from error
        os.rename(path, new)


def free_name(path: str) -> str:
    """The path, with a number where there is such a file already."""
    names = (path, *(f"{path}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not os.path.lexists(name))


def names_in(folder: str, pattern: re.Pattern[str]) -> list[str]:
    """The plain files of a folder whose whole name fits, sorted by name."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.name
                for entry in entries
                if pattern.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
            )
    except OSError as error:
        raise failed(os.path.join(folder, ""), error) from error


def remove(path: str) -> None:
    """Remove a file; one that is gone already is no error."""
    try:
        with suppress(FileNotFoundError):
            os.unlink(path)
    except OSError as error:
        raise failed(path, error) from error


def abandoned(folder: str, ours: re.Pattern[str], now: float) -> list[str]:
    """What kills left of files whose whole name fits `ours`; `now` in seconds since 1970."""
    found = []
    for hidden in names_in(folder, _HIDDEN):
        match, path = _HIDDEN.fullmatch(hidden), os.path.join(folder, hidden)
        with suppress(OSError):  # another one may be removing it
            if match and ours.fullmatch(match["name"]) and now - os.stat(path).st_mtime > ABANDONED_SECONDS:
                found.append(path)
    return found


def sync_folder(folder: str) -> None:
    """Bring a folder's names to disk."""
    handle = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def failed(path: str, error: OSError) -> StorageError | NotFoundError:
    """The one line for a file or folder that cannot be made, read or removed."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        folder = os.path.dirname(path) or "."
        return NotFoundError(
            f"there is no folder {folder}", code="no_folder", hint=f"make it with `mkdir -p {quote(folder)}`"
        )
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return StorageError(
        f"{path} cannot be written: {error.strerror or error}",
        code="disk_full" if full else "io_error",
        hint="make room on the file system (`df -h`)" if full else "check the permissions with `ls -ld`",
    )


def _finish(part: str, access: Access) -> None:
    """Give the file its access and bring it to disk. A group that is not the user's own gets nothing."""
    handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW)
    try:
        mode = access.mode
        if access.gid is not None and os.fstat(handle).st_gid != access.gid:
            try:
                os.fchown(handle, -1, access.gid)
            except PermissionError:
                mode = Access().mode
        if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
            os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(part: str, path: str, *, replace: bool) -> None:
    if replace:
        os.replace(part, path)
        return
    try:
        _link_or_rename(part, path)
    except FileExistsError:
        raise exists(path) from None


def exists(path: str) -> RefusedError:
    return RefusedError(
        f"there is a file {path} already", code="exists", hint="give another name, or --yes to replace it"
    )
