"""The attached files of a database that is restored.

They are put beside the new database before it takes its place, and nothing is taken away: until then the old
one has all that it names, and whatever fails leaves at most a file that no row names.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpdesk_cli.adapters.file_store import FileStore
from helpdesk_cli.services.attachments import in_backup
from helpdesk_cli.storage import attachments, packed
from helpdesk_cli.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.storage.database import Database


class Files:
    """`named` is how many files the rows of the new database name, `missing` how many of them are lost."""

    def __init__(self, path: str, source: str, backup: Database) -> None:
        self._store = FileStore(path)
        self._beside = FileStore(source)  # of a database that is no backup, such as one that was replaced
        self._backup = backup
        self._added: list[tuple[FileStore, str]] = []
        self.named = 0
        self.missing = 0

    def leave_with(self, kept: str) -> None:
        """Let the replaced database, which will have the name `kept`, have its files under that name."""
        other = FileStore(kept, like=self._store.db_path)
        for sha256 in self._store.names():
            other.link_from(self._store, sha256)
            self._added.append((other, sha256))

    def take_in(self, part: str) -> None:
        """Have all that the rows of the new database name, which is still called `part`."""
        db = open_database(part)
        try:
            for sha256, _size in attachments.contents(db):
                self.named += 1
                self._have(sha256)
            packed.drop(db)
        finally:
            db.close()

    def _have(self, sha256: str) -> None:
        if self._store.problem(sha256) is None:
            return
        if packed.has(self._backup, sha256):
            new = self._store.keep(sha256, in_backup(self._backup, sha256), self._backup.path)
        elif self._beside.problem(sha256) is None:
            new = self._store.keep(sha256, self._beside.chunks(sha256), self._beside.path(sha256))
        else:
            self.missing += 1
            return
        if new:  # else another command has put it there meanwhile
            self._added.append((self._store, sha256))

    def undo(self) -> None:
        """Take away what was put there."""
        for store, sha256 in self._added:
            store.remove(sha256)


@contextmanager
def restoring(path: str, source: str, backup: Database) -> Iterator[Files]:
    """The files of the database at `path`, for which `backup`, opened from `source`, is restored. Where the
    body fails there are none but those that were there."""
    files = Files(path, source, backup)
    try:
        yield files
    except BaseException:
        files.undo()
        raise
