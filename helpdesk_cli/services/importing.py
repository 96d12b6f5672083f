"""`import`: the rows of an export into a new database, or what is missing of them into one that is there.

Decides that nothing is mixed or half done. All that goes in does so in one transaction, so that whatever ends
it, the same command begins anew; and a database that holds any row of the file with other content is left as
it is, exit code 4. What it holds alike is skipped.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import HelpdeskError, RefusedError, UsageError
from helpdesk_cli.services.export_file import Batch, ExportFile, Group, Line, LineError, line_error
from helpdesk_cli.services.exported_files import Incoming
from helpdesk_cli.storage import transfer
from helpdesk_cli.storage.schema import initialise as create_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from helpdesk_cli.services.app import App
    from helpdesk_cli.services.export_file import Report
    from helpdesk_cli.storage.transfer import Shape


class _ForbiddenError(Exception):
    """A rule of the tables forbids rows that were to be inserted together."""


@contextmanager
def opened(app: App, file: BinaryIO) -> Iterator[ExportFile]:
    """The export in an open file, which is copied first if it can be read only once and has to be read twice.
    UsageError `not_an_export`, StorageError `newer_version`."""
    if file.seekable() or not app.database_exists():
        yield ExportFile(file)
        return
    from shutil import copyfileobj
    from tempfile import TemporaryFile

    with TemporaryFile() as copy:
        copyfileobj(file, copy)
        copy.seek(0)
        yield ExportFile(copy)


def work(app: App, export: ExportFile) -> int:
    """How many lines `load` reads, for a bar of progress: those of a database that is there twice."""
    return export.header.lines * (2 if app.database_exists() else 1)


def load(
    app: App,
    export: ExportFile,
    report: Report,
    on_done: Callable[[int], None] = lambda _lines: None,
) -> dict[str, Any]:
    """Import what is not there yet, and make the database if there is none; an `imported` record. What is
    wrong with a line is told to `report`, and the others go in, but for those of the same ticket.

    Where it raises an error nothing was imported: RefusedError `differs` for a row that is there with other
    content; UsageError `no_policy` for an export without one, where there is no database, and `not_whole`.
    """
    app.without_actor()  # nobody acts: what is imported has happened
    loading = _Load(app, export, report, on_done)
    with _seldom_collecting():
        if app.database_exists():
            loading.add()
        else:
            loading.make()
    if export.header.tzdata != tzdata_version():
        app.announcements.append(
            f"the deadlines are those of tzdata {export.header.tzdata}, here is {tzdata_version()}:"
            " `helpdesk db check` tells whether any would move"
        )
    files = loading.files
    counts = {
        "imported": loading.imported + files.imported,
        "unchanged": loading.unchanged + files.unchanged,
        "failed": loading.failed + files.failed,
    }
    return {"db": app.db_path, "created": loading.made, "lines": sum(counts.values()), **counts}


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let Python look for garbage less often: rows are in no cycles, and looking through those of a batch
    again and again takes a seventh of the time."""
    import gc

    before = gc.get_threshold()
    gc.set_threshold(200_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Load:
    """One run of an import."""

    def __init__(self, app: App, export: ExportFile, report: Report, on_done: Callable[[int], None]) -> None:
        self._app, self._export, self._report, self._on_done = app, export, report, on_done
        self.files = Incoming(app.db_path, report)
        self.made = False
        self.imported = self.unchanged = self.failed = 0

    def make(self) -> None:
        """Import everything into a new database. Another import may be making the same one."""
        self.files.take(self._export.file_lines())
        try:
            self._make()
        except HelpdeskError:
            if not self._app.database_exists():  # else another import made it, of these files too
                self.files.undo()
            raise

    def _make(self) -> None:
        batches = self._export.batches(self._report)
        first = next(batches)
        if not any(line.table.name == "policies" for group in first.groups for line in group.lines):
            raise _no_policy()
        db = self._app.create_database()
        with self._app.write():
            self.made = create_tables(db) > 0
            self._put_all(chain([first], batches))
            if not self._app.policies.versions():
                raise _no_policy()

    def add(self) -> None:
        """Import what is missing into a database that is there."""
        self._app.db_to_write()
        there = self.files.are_there(self._export.file_lines())
        if self._compare() and there:
            return
        self._export.rewind()
        self.unchanged = self.files.unchanged = 0
        self.files.take(self._export.file_lines())
        with self._app.write():
            self._put_all(self._export.batches(self._report))

    def _compare(self) -> bool:
        """Whether every line is there already; nothing is written. RefusedError for one that differs."""
        complete = [True]

        def incomplete(_error: HelpdeskError) -> None:
            complete[0] = False

        for batch in self._export.batches(incomplete):
            with self._app.db.read():
                for group in batch.groups:
                    complete[0] &= self._is_there(group)
            self.unchanged += sum(len(group.lines) for group in batch.groups)
            self._on_done(_size(batch))
        return complete[0]

    def _is_there(self, group: Group) -> bool:
        found = [(line, transfer.stored(self._app.db, line.shape, line.row)) for line in group.lines]
        for line, there in found:
            if there is not None:
                _require_same(line, there)
        return not group.lost and all(there is not None for _, there in found)

    def _put_all(self, batches: Iterator[Batch]) -> None:
        """Put what is not there into the database, inside `App.write`. No id of the file is given to anything
        else any more."""
        given = self._export.header.last_ids
        self._app.db.upkeep.raise_last_ids({name: last for name, last in given.items() if last})
        for batch in batches:
            if batch.goes_on:
                self._put_long(batch, batches)
            else:
                self._put(batch.groups)
                self._on_done(_size(batch))

    def _put_long(self, first: Batch, batches: Iterator[Batch]) -> None:
        """Put the pieces of one group into the database, all of them or none."""
        pieces = _pieces(first, batches)
        group, before, lines = first.groups[0], (self.imported, self.unchanged), 0
        try:
            with self._app.db.write():
                for piece in pieces:
                    lines += len(piece)
                    if group.lost:
                        raise _ForbiddenError  # noqa: TRY301 - undoes the pieces before
                    if not self._put_new(piece):
                        self._put_each(piece, group)
                    self._on_done(len(piece))
        except (_ForbiddenError, LineError) as error:
            self.imported, self.unchanged = before
            lines += sum(map(len, pieces))
            self.failed += lines + group.lost
            if isinstance(error, LineError):
                self._report(error)

    def _put(self, groups: Sequence[Group]) -> None:
        """Put whole groups into the database; those that are wrong are left out."""
        sound = [group for group in groups if not group.lost]
        self.failed += sum(len(group.lines) + group.lost for group in groups if group.lost)
        if self._put_new([line for group in sound for line in group.lines]):
            return
        for group in sound:
            before = self.imported, self.unchanged
            try:
                with self._app.db.write():
                    self._put_each(group.lines, group)
            except LineError as error:
                self.imported, self.unchanged = before
                self.failed += len(group.lines)
                self._report(error)

    def _put_new(self, lines: Sequence[Line]) -> bool:
        """Insert lines table by table; False, and nothing is done, where one of them cannot be."""
        rows: dict[Shape, list[list[Any]]] = {}
        for _, shape, row in lines:
            rows.setdefault(shape, []).append(row)
        done = transfer.insert(self._app.db, rows)
        self.imported += len(lines) if done else 0
        return done

    def _put_each(self, lines: Iterable[Line], group: Group) -> None:
        """Insert the lines that are not there, one by one; LineError for one that cannot be."""
        for line in lines:
            there = transfer.stored(self._app.db, line.shape, line.row)
            if there is not None:
                if self.made and line.difference(there):  # an earlier line brought it
                    raise _refused(line, "stands there twice", group)
                _require_same(line, there)
                self.unchanged += 1
            elif transfer.insert(self._app.db, {line.shape: [line.row]}):
                self.imported += 1
            else:
                raise _refused(line, transfer.refusal(self._app.db, line.shape, line.row), group)


def _refused(line: Line, why: str, group: Group) -> LineError:
    return line_error(line.number, None, HelpdeskError(f"{line.key} {why}"), group)


def _pieces(first: Batch, batches: Iterator[Batch]) -> Iterator[list[Line]]:
    """The lines of a long group, piece by piece."""
    for batch in chain([first], batches):
        yield batch.groups[0].lines
        if not batch.goes_on:
            return


def _size(batch: Batch) -> int:
    return sum(len(group.lines) + group.lost for group in batch.groups)


def _require_same(line: Line, there: list[Any]) -> None:
    if differs := line.difference(there):
        raise RefusedError(
            f"the database holds other content: line {line.number}, {line.key}: {differs};"
            " nothing was imported",
            code="differs",
            hint="name a new database with --db FILE: what is in this one stays as it is",
            details={"line": line.number},
        )


def _no_policy() -> UsageError:
    return UsageError(
        "the file holds no policy that a database could begin with",
        code="no_policy",
        hint="import the whole file that `helpdesk export` wrote",
    )
