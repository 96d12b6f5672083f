"""Files that come with messages, or that support keeps with a ticket.

Decides when a file is kept: before the transaction whose row names it, so that no row ever names a file that
is not there; and when one goes: under the write lock, once no row names it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.adapters import new_file
from helpdesk_cli.adapters.file_store import (
    DAMAGED,
    MISSING,
    FileStore,
    Measured,
    damaged,
    measured,
    verified,
    write_new,
)
from helpdesk_cli.domain.attachments import attachment_name, name_to_write, names_to_try
from helpdesk_cli.domain.events import CUSTOMER
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.text import fold
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import HelpdeskError, NotFoundError, RefusedError
from helpdesk_cli.services import ticket_lists
from helpdesk_cli.services.change import Change, changing
from helpdesk_cli.services.listing import page_of
from helpdesk_cli.storage import attachments as rows
from helpdesk_cli.storage import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Database


class Prepared(NamedTuple):
    """A file that may be attached: its name as it will be kept, and where it is."""

    name: str
    file: Measured


def prepared(app: App, paths: Sequence[str], ticket_id: int | None = None) -> list[Prepared]:
    """Have these files beside the database, before a transaction names them. UsageError `bad_input` for one
    that cannot be read, RefusedError `bad_name` and `too_large`; NotFoundError where there is no such ticket.
    """
    files = [Prepared(attachment_name(os.path.basename(path)), measured(path)) for path in paths]
    app.db_to_write()
    if ticket_id is not None:
        ticket_lists.require(app, ticket_id)
    store = FileStore(app.db_path)
    for each in files:
        store.keep_measured(each.file)
    return files


def attach(
    change: Change,
    files: Sequence[Prepared],
    *,
    message: int | None = None,
    agent: str | None = None,
    contact: int | None = None,
) -> None:
    """Attach files to a message of the ticket, or to the ticket itself, as the agent (a login) or the contact
    (an id) who gives them."""
    store = FileStore(change.app.db_path)
    for each in files:
        # Nobody removes a file while this lock is held, but one may have done so before.
        if not store.present(each.file.sha256):
            store.keep_measured(each.file)
    _write(
        change,
        [(each.name, each.file.size, each.file.sha256) for each in files],
        message=message,
        agent=agent,
        contact=contact,
    )


def copy(
    change: Change,
    files: Sequence[dict[str, Any]],
    *,
    message: int,
    agent: str | None,
    contact: int | None,
) -> None:
    """Attach what other records of attachments have, forgotten ones left out, to a message of the ticket."""
    known = [(file["name"], file["size"], file["sha256"]) for file in files if file["sha256"] is not None]
    _write(change, known, message=message, agent=agent, contact=contact)


def _write(
    change: Change,
    files: Sequence[tuple[str, int, str]],
    *,
    message: int | None,
    agent: str | None,
    contact: int | None,
) -> None:
    db = change.app.db
    new = [
        {
            "id": db.next_id("attachments"),
            "ticket_id": change.ticket.id,
            "message_id": message,
            "at": to_text(change.at),
            "agent": agent,
            "contact": contact,
            "name": name,
            "size": size,
            "sha256": sha256,
        }
        for name, size, sha256 in files
    ]
    rows.insert(db, new)
    where: dict[str, object] = {} if message is None else {"message": message}
    change.record(
        [Draft("attached", {"attachment": row["id"], **where}) for row in new], agent or CUSTOMER, contact
    )


def add(app: App, ticket_id: int, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Attach files to the ticket itself, as the acting agent; their records. Customers never see them."""
    files = prepared(app, paths, ticket_id)
    with changing(app, ticket_id) as change:
        agent = app.require_agent()["login"]
        attach(change, files, agent=agent)
        return rows.of_ticket(app.db, ticket_id)[-len(files) :]  # before anybody else adds some


def of_ticket(app: App, ticket_id: int, *, customer_view: bool = False) -> list[dict[str, Any]]:
    """Records of a ticket's attachments, oldest first; NotFoundError where there is no such ticket."""
    ticket_lists.require(app, ticket_id)
    return rows.of_ticket(app.db, ticket_id, customer_view=customer_view)


def list_attachments(
    app: App, ticket_id: int, *, sort: str | None = None, limit: int | None = None
) -> tuple[Sequence[dict[str, Any]], int]:
    """The same in the order of `sort`; how many `limit` left out."""
    return page_of(of_ticket(app, ticket_id), "attachment", sort=sort, limit=limit)


class Saving:
    """Attachments of a ticket, written into a folder one by one. NotFoundError where there is no such ticket
    or folder."""

    def __init__(self, app: App, ticket_id: int, folder: str) -> None:
        self._app = app
        self._ticket_id = ticket_id
        self._folder = folder
        self._files = {file["id"]: file for file in of_ticket(app, ticket_id)}
        try:
            # Of names that differ only in case many file systems know one.
            self._taken = set(map(fold, os.listdir(folder)))
        except (OSError, ValueError) as error:
            raise _no_folder(folder, error) from None

    def all_ids(self) -> list[int]:
        """The ids of those that were not forgotten."""
        return [id_ for id_, file in self._files.items() if file["sha256"] is not None]

    def save(self, attachment_id: int) -> dict[str, Any]:
        """Write an attachment under its own name, with a number where that is taken; a `saved_file` record.
        Where the same file stands there already nothing is written.

        NotFoundError `attachment_not_found`, RefusedError `forgotten`, HelpdeskError `attachment_lost`.
        """
        file = self._file(attachment_id)
        path = self._written(file["sha256"], name_to_write(file["name"], attachment_id))
        return {key: file[key] for key in ("id", "ticket", "name", "size", "sha256")} | {"path": path}

    def _file(self, attachment_id: int) -> dict[str, Any]:
        file = self._files.get(attachment_id)
        if file is None:
            raise NotFoundError(
                f"{reference(self._ticket_id)} has no attachment {attachment_id}",
                code="attachment_not_found",
                hint=f"helpdesk attachment list {self._ticket_id}",
            )
        if file["sha256"] is None:
            raise RefusedError(
                f"attachment {attachment_id} is gone: who gave it was forgotten",
                code="forgotten",
                hint=f"helpdesk attachment list {self._ticket_id}",
            )
        return file

    def _written(self, sha256: str, name: str) -> str:
        """The path under which the file stands now. Whatever has a name there keeps it."""
        names = names_to_try(name)
        while True:
            candidate = next(names)
            path = os.path.join(self._folder, candidate)
            if _is(path, sha256) or (fold(candidate) not in self._taken and self._wrote(sha256, path)):
                self._taken.add(fold(candidate))
                return path

    def _wrote(self, sha256: str, path: str) -> bool:
        """Write the file, for its owner alone; False where the name is taken, whatever it leads to."""
        try:
            write_new(path, content(self._app, sha256))
        except RefusedError:
            return False
        return True


def _no_folder(folder: str, error: Exception) -> NotFoundError:
    from helpdesk_cli.domain.suggest import shown

    why = getattr(error, "strerror", None) or "it is no file name"
    return NotFoundError(
        f"{shown(folder)} is no folder that can be read: {why}",
        code="no_folder",
        hint="make it with `mkdir`, or name another one with --to DIR",
    )


def _is(path: str, sha256: str) -> bool:
    """Whether a plain file is the one of that SHA-256."""
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    try:
        return measured(path).sha256 == sha256
    except HelpdeskError:
        return False


def content(app: App, sha256: str) -> Iterator[bytes]:
    """The bytes of a kept file, in chunks; HelpdeskError `attachment_lost` where they are not what they
    were."""
    store = FileStore(app.db_path)
    inside = not store.present(sha256) and packed.has(app.db, sha256)  # a backup that is looked at
    return in_backup(app.db, sha256) if inside else store.chunks(sha256)


def in_backup(db: Database, sha256: str) -> Iterator[bytes]:
    """The bytes of a file that a backup holds; HelpdeskError `attachment_lost` where they are another one."""
    return verified(packed.pieces(db, sha256), sha256, f"{sha256} in {db.path}")


def problem(app: App, sha256: str) -> str | None:
    """What is wrong with a kept file, None where nothing is."""
    if not FileStore(app.db_path).present(sha256) and not packed.has(app.db, sha256):
        return MISSING
    return DAMAGED if damaged(content(app, sha256)) else None


def tidy(app: App) -> int:
    """Remove the files that no row names, and what killed commands left; how many there were."""
    store = FileStore(app.db_path)
    with app.write():
        unnamed = list(rows.unnamed(app.db, store.names()))
        for sha256 in unnamed:
            store.remove(sha256)
    for left in store.abandoned(app.real_now().timestamp()):
        new_file.remove(left)
    return len(unnamed)
