"""What the host must be told so that a group of users can work on one database (storage.md).

The database is 0660 in a folder of its group, 2770: whatever SQLite makes beside it later takes over the mode
of the database and the group of the folder, whoever makes it and under whatever umask. All is checked first.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import NotFoundError, RefusedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER_MODE, FILE_MODE = 0o2770, 0o660
_SUFFIXES = ("", "-wal", "-shm", "-journal")
ATTACHMENTS = ".files"  # what the folder of attached files is called after the database's name


class Sharing(NamedTuple):
    """A group that may share a database. `file` and `folder` are the real paths, symbolic links resolved."""

    group: str
    gid: int
    file: str
    folder: str


def check(path: str, group: str) -> Sharing:
    """Whether the database at `path`, made or not yet, may be shared with the group; changes nothing.

    NotFoundError `unknown_group`; RefusedError where the user is not of the group, does not own what is
    there, where another group shares it, or where the folder holds anything else: the group could then remove
    and replace that.
    """
    gid = _group_id(group)
    file = os.path.realpath(path)
    sharing = Sharing(group, gid, file, os.path.dirname(file))
    if os.geteuid() != 0 and gid not in {os.getegid(), *os.getgroups()}:
        raise RefusedError(
            f"you are not of the group {group}, so you cannot give it a database",
            code="not_permitted",
            hint=f"let root run this, or become a member: `usermod -aG {group} USER`, then log in again",
        )
    _check_not_anothers(sharing)
    if os.path.isdir(sharing.folder) and not _is_shared(sharing):
        _check_folder(sharing)
    for name in filter(os.path.exists, _files(sharing)):
        info = os.stat(name)
        if (info.st_gid, stat.S_IMODE(info.st_mode)) != (gid, FILE_MODE):
            _check_owner(name)
    return sharing


def share(sharing: Sharing) -> list[str]:
    """Share the folder and the database, which are there by now and open in no connection of this process;
    what the user should hear of it. Again, it changes nothing."""
    told = []
    try:
        if not _is_shared(sharing):
            _give(sharing.folder, sharing.gid, FOLDER_MODE, os.O_DIRECTORY)
            told.append(f"the folder {sharing.folder} is the group {sharing.group}'s now, mode 2770")
        # The database first: a log that another program begins meanwhile takes over its mode.
        for name in _files(sharing):
            with suppress(FileNotFoundError):
                _give(name, sharing.gid, FILE_MODE, 0)
        _give_attachments(sharing)
    except PermissionError as error:
        name = error.filename or sharing.file
        raise RefusedError(
            f"{name} cannot be given to the group {sharing.group}: {error.strerror}",
            code="not_permitted",
            hint="let the owner or root run this",
        ) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise StorageError(f"{sharing.file} cannot be shared: {why}", code="io_error") from error
    closed = next(_closed_to(sharing), None)
    if closed is not None:
        told.append(
            f"the group {sharing.group} cannot get there yet: {closed} is closed to it;"
            f" move the database, or `chmod o+x {closed}`"
        )
    return told


def _group_id(group: str) -> int:
    import grp

    try:
        return grp.getgrnam(group).gr_gid
    except (KeyError, ValueError):
        guess = closest(group, (entry.gr_name for entry in grp.getgrall()))
        raise NotFoundError(
            f"there is no group {shown(group)} on this host",
            code="unknown_group",
            hint=f"did you mean {guess!r}?" if guess else "make it first: `groupadd GROUP`",
        ) from None


def _files(sharing: Sharing) -> list[str]:
    return [sharing.file + suffix for suffix in _SUFFIXES]


def _is_shared(sharing: Sharing) -> bool:
    """Whether the folder is the group's already; what others may there is for its owner to say."""
    info = os.stat(sharing.folder)
    return info.st_gid == sharing.gid and info.st_mode & FOLDER_MODE == FOLDER_MODE


def _check_not_anothers(sharing: Sharing) -> None:
    """What one group works on is given to another by nobody's oversight."""
    if not os.path.exists(sharing.file):
        return
    info = os.stat(sharing.file)
    if info.st_gid == sharing.gid or info.st_mode & FILE_MODE != FILE_MODE:
        return
    import shlex

    folder, file = shlex.quote(sharing.folder), shlex.quote(sharing.file)
    raise RefusedError(
        f"{sharing.file} is shared with the group {_group_name(info.st_gid)}, which would lose it",
        code="shared_already",
        hint=f"if the group {sharing.group} is to have it instead: `chgrp {sharing.group} {folder} {file}*`",
    )


def _group_name(gid: int) -> str:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _check_folder(sharing: Sharing) -> None:
    _check_owner(sharing.folder)
    own = {os.path.basename(name) for name in (*_files(sharing), sharing.file + ATTACHMENTS)}
    others = sorted(set(os.listdir(sharing.folder)) - own)
    if others:
        raise RefusedError(
            f"{sharing.folder} holds other files ({shown(others[0])}{', ...' * (len(others) > 1)}), which the"
            f" group {sharing.group} could then remove and replace",
            code="folder_in_use",
            hint="give the database a folder of its own with --db",
        )


def _check_owner(path: str) -> None:
    if os.geteuid() not in (0, os.stat(path).st_uid):
        raise RefusedError(
            f"{path} is not yours, so you cannot share it",
            code="not_permitted",
            hint="let its owner or root run this",
        )


def _give(path: str, gid: int, mode: int, flags: int) -> None:
    """Through a handle and never through a link: in a shared folder a name may be anybody's."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | flags)
    try:
        info = os.fstat(handle)
        if not flags and not stat.S_ISREG(info.st_mode):
            raise PermissionError(1, "it is no plain file", path)
        if info.st_gid != gid:
            os.fchown(handle, -1, gid)
        if stat.S_IMODE(info.st_mode) != mode:
            os.fchmod(handle, mode)
    finally:
        os.close(handle)


def _give_attachments(sharing: Sharing) -> None:
    """Share the attached files, which are in folders of the database's own."""
    for folder, _folders, names in os.walk(sharing.file + ATTACHMENTS):
        _give(folder, sharing.gid, FOLDER_MODE, os.O_DIRECTORY)
        for name in names:
            _give(os.path.join(folder, name), sharing.gid, FILE_MODE, 0)


def _closed_to(sharing: Sharing) -> Iterator[str]:
    """The folders above that neither the group nor everybody may pass, the nearest first."""
    above = os.path.dirname(sharing.folder)
    while True:
        info = os.stat(above)
        passes = 0o010 if info.st_gid == sharing.gid else 0o001
        if not info.st_mode & passes:
            yield above
        if above == os.path.dirname(above):
            return
        above = os.path.dirname(above)
