"""Attached files, kept beside the database under the SHA-256 of what is in them: `DB.files/ab/cdef...`.

The same content is kept once. A file is whole and on disk before a row may name it; what a kill leaves is at
most a file that no row names. Modes are those of the database: 0600, or 0660 in 2770 folders where a group
shares it (storage.md).
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.adapters import new_file
from helpdesk_cli.adapters.sharing import ATTACHMENTS, FOLDER_MODE
from helpdesk_cli.domain.attachments import check_size
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import HelpdeskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 1024 * 1024
_FOLDER = re.compile(r"[0-9a-f]{2}", re.ASCII)
_NAME = re.compile(r"[0-9a-f]{62}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
MISSING, DAMAGED = "is not there", "is damaged"
LOST = "attachment_lost"


class Measured(NamedTuple):
    """A file that somebody gave: where it is, its bytes, and the SHA-256 of them."""

    path: str
    size: int
    sha256: str


def measured(path: str) -> Measured:
    """Read a file that is to be attached. UsageError `bad_input` where it cannot be read or is no plain file,
    RefusedError `too_large`."""
    import hashlib

    found, size = hashlib.sha256(), 0
    for chunk in _given(path):
        size += len(chunk)
        check_size(size, path)
        found.update(chunk)
    return Measured(path, size, found.hexdigest())


class FileStore:
    """The files of the database at `db_path`. Nothing is made before the first file."""

    def __init__(self, db_path: str, like: str | None = None) -> None:
        """`like`: the database whose access the files get, where the store's own is not there yet."""
        self.db_path = os.path.realpath(db_path)
        self.root = self.db_path + ATTACHMENTS
        self._access = new_file.access_like(like or self.db_path)

    def path(self, sha256: str) -> str:
        return os.path.join(self.root, sha256[:2], sha256[2:])

    def keep(self, sha256: str, chunks: Iterable[bytes], source: str) -> bool:
        """Have the file that `chunks` are; whether it was not there before. StorageError where it cannot be
        written, `attachment_lost` where they are another file: `source` names where they come from."""
        if self.problem(sha256) is None:
            return False
        self._make_folders(sha256)
        with new_file.appearing(self.path(sha256), self._access, replace=True) as part:
            _write(part, verified(chunks, sha256, source))
        return True

    def _make_folders(self, sha256: str) -> None:
        for folder in (self.root, os.path.dirname(self.path(sha256))):
            _make_folder(folder, self._access)

    def keep_measured(self, file: Measured) -> None:
        """Have a file that was measured; UsageError `bad_input` where it has changed since."""
        try:
            self.keep(file.sha256, _given(file.path), file.path)
        except HelpdeskError as error:
            if error.code != LOST:
                raise
            raise UsageError(
                f"{shown(file.path)} was changed while it was read.",
                code="bad_input",
                hint="run the command again",
            ) from None

    def link_from(self, other: FileStore, sha256: str) -> None:
        """Have a file that another store has, too: a link where the file system can, else a copy."""
        self._make_folders(sha256)
        try:
            os.link(other.path(sha256), self.path(sha256), follow_symlinks=False)
        except OSError:
            self.keep(sha256, other.chunks(sha256), other.path(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file; HelpdeskError `attachment_lost` where it is missing or another one."""
        path = self.path(sha256)
        if not self.present(sha256):
            raise lost(path, MISSING)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            yield from verified(_read(handle), sha256, path)
        except OSError as error:
            raise lost(path, f"cannot be read: {error.strerror}") from error

    def present(self, sha256: str) -> bool:
        """Whether there is a file of that name: a look, nothing is read. A row may name what is none."""
        if not _SHA256.fullmatch(sha256):
            return False
        try:
            return stat.S_ISREG(os.lstat(self.path(sha256)).st_mode)
        except OSError:
            return False

    def problem(self, sha256: str) -> str | None:
        """What is wrong with a file, None where nothing is: it is read."""
        if not self.present(sha256):
            return MISSING
        return DAMAGED if damaged(self.chunks(sha256)) else None

    def names(self) -> Iterator[str]:
        """The SHA-256 of each file that is kept, in order."""
        for folder in _listed(self.root, _FOLDER):
            for name in _listed(os.path.join(self.root, folder), _NAME):
                yield folder + name

    def settled(self, sha256: str, now: float) -> bool:
        """Whether a file has been there for so long that no command is about to name it; `now` in seconds
        since 1970."""
        try:
            return now - os.lstat(self.path(sha256)).st_mtime > new_file.ABANDONED_SECONDS
        except OSError:
            return False

    def remove(self, sha256: str) -> None:
        """Remove a file that no row names any more."""
        path = self.path(sha256)
        new_file.remove(path)
        for folder in (os.path.dirname(path), self.root):
            with suppress(OSError):  # others are in it
                os.rmdir(folder)

    def abandoned(self, now: float) -> Iterator[str]:
        """What killed commands left in the folders; `now` in seconds since 1970."""
        for folder in _listed(self.root, _FOLDER):
            yield from new_file.abandoned(os.path.join(self.root, folder), _NAME, now)

    def openness(self) -> int | None:
        """The mode of the folder where it is open to more than the database is; None where it is not."""
        try:
            info = os.stat(self.root)
        except OSError:
            return None
        mode = stat.S_IMODE(info.st_mode)
        return mode if mode & ~self.folder_mode else None

    @property
    def folder_mode(self) -> int:
        """The mode of its folders."""
        return 0o700 if self._access.gid is None else FOLDER_MODE


def damaged(chunks: Iterable[bytes]) -> bool:
    """Whether the chunks of a file, which are verified, are not what they should be."""
    try:
        for _ in chunks:
            pass
    except HelpdeskError:
        return True
    return False


def write_new(path: str, chunks: Iterable[bytes]) -> None:
    """Write a file under a name that is free, for its owner alone. RefusedError `exists` where it is not,
    whatever it leads to."""
    with new_file.appearing(path, new_file.Access(), replace=False) as part:
        _write(part, chunks)


def lost(path: str, why: str) -> HelpdeskError:
    return HelpdeskError(
        f"the attached file {path} {why}",
        code=LOST,
        hint="`helpdesk db check --deep` names all such; a backup has it",
    )


def _given(path: str) -> Iterator[bytes]:
    """The bytes of a plain file of the user's; a pipe or a device might never end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise UsageError(
                f"{shown(path)} is no plain file.", code="bad_input", hint="attach the file itself"
            )
        yield from _read(handle)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no file name"
        raise UsageError(f"{shown(path)} cannot be read: {why}.", code="bad_input") from None


def _read(handle: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(handle, _CHUNK):
            yield chunk
    finally:
        os.close(handle)


def verified(chunks: Iterable[bytes], sha256: str, source: str) -> Iterator[bytes]:
    """The chunks of a file; HelpdeskError `attachment_lost`, which names their source, after the last one if
    they are not those of that SHA-256."""
    import hashlib

    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
        yield chunk
    if found.hexdigest() != sha256:
        raise lost(source, "is not what it was")


def _write(path: str, chunks: Iterable[bytes]) -> None:
    with open(path, "r+b", buffering=0) as file:
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]


def _make_folder(path: str, access: new_file.Access) -> None:
    """Make a folder that is there for good, with the access of the database."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        return
    except OSError as error:
        raise new_file.failed(path, error) from error
    try:
        _share(path, access)
        new_file.sync_folder(os.path.dirname(path))
    except OSError as error:
        raise new_file.failed(path, error) from error


def _share(path: str, access: new_file.Access) -> None:
    """Give a folder to the group that shares the database. One that is not the user's own gets nothing."""
    if access.gid is None:
        return
    if os.stat(path).st_gid != access.gid:
        try:
            os.chown(path, -1, access.gid)
        except PermissionError:
            return
    os.chmod(path, FOLDER_MODE)


def _listed(folder: str, pattern: re.Pattern[str]) -> list[str]:
    try:
        return sorted(filter(pattern.fullmatch, os.listdir(folder)))
    except OSError:
        return []
