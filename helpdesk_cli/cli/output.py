"""`Output`: what a command's body works with. Records come out in a format on stdout, talk on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

from helpdesk_cli.cli.render import FOR_PEOPLE, renderer, stream
from helpdesk_cli.cli.types import STDIN, did_you_mean, ticket_id
from helpdesk_cli.errors import BusyError, HelpdeskError, PolicyError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.cli.progress import Progress
    from helpdesk_cli.cli.render import Row
    from helpdesk_cli.cli.render.view import View
    from helpdesk_cli.cli.state import Settings, State
    from helpdesk_cli.records import Field, Record
    from helpdesk_cli.services.app import App

# These say that the command itself cannot go on, so the next id would fail just the same.
_ENDS_A_BATCH = (BusyError, PolicyError, StorageError, UsageError)
_HINT_WIDTH = 72  # of the lines below each other after `Hint: `


class Output:
    """The App, the settings and the format of one command."""

    def __init__(self, state: State, record: str | None, default: str = "table") -> None:
        """Check `--fields` at once: a mistake in it is told before anything is written."""
        self._state = state
        self._record = None if record is None else _record(record)
        self._fields = self._asked_for(state.settings.get("fields"))
        self.format: str = state.settings.get("format", default)
        if self.format == "ids" and self._record is not None and not self._record.key:
            raise UsageError(
                f"{self._record.plural} have no ids", code="no_ids", hint="-f json has all there is"
            )
        self._has_app = False
        self.terminal = stream.is_terminal(sys.stdout)

    @property
    def app(self) -> App:
        """The App of this command, made on first use."""
        self._has_app = True
        return self._state.app

    @property
    def settings(self) -> Settings:
        """What the global options say."""
        return self._state.settings

    @property
    def for_people(self) -> bool:
        """Whether the format is one that a person reads, not a program."""
        return self.format in FOR_PEOPLE

    def prefer(self, format_: str) -> None:
        """Print in this format where none was asked for."""
        self.format = self._state.settings.get("format", format_)

    # -- records

    def one(self, row: Row, record: str | None = None) -> None:
        """Print one record: an object in JSON."""
        view = self._view(record)
        (ready,) = self._ready(view, [row])
        renderer(self.format).one(view, ready)

    def many(
        self,
        rows: Iterable[Row],
        record: str | Record | None = None,
        *,
        left: int | Callable[[], int] = 0,
        live: bool = False,
    ) -> None:
        """Print records as they come: an array in JSON. `record` names them, or is one made for a table.

        `left` (asked for once they are printed) is how many more there are, which a table mentions on stderr;
        with `live` every record is handed over at once, for a stream that somebody follows.
        """
        view = self._view(record)
        count = renderer(self.format).many(view, self._ready(view, rows), live=live)
        if self.format != "table":
            return
        if count == 0:
            self.talk(f"No {view.record.plural}.")
        more = left() if callable(left) else left
        if more > 0:
            self.talk(f"{more} more: --limit 0 shows all.")

    def listing(
        self,
        find: Callable[..., tuple[Iterable[Row], int | Callable[[], int]]],
        *,
        sort: str | None,
        limit: int | None,
        count: bool,
    ) -> None:
        """Print what `find(sort=, limit=)` gives, records and how many are left; with `count` the number of
        them all."""
        if not count:
            rows, left = find(sort=sort, limit=self.limit(limit))
            self.many(rows, left=left)
            return
        _, left = find(sort=sort, limit=0)
        self.count(left() if callable(left) else left)

    def export(self, rows: Iterable[Row], record: str, form: str, *, safe: bool = False) -> int:
        """Print records in a format for programs, whatever was asked for; how many. With `safe` no cell of
        CSV is a formula."""
        view = self._view(record)
        view.guarded = safe
        return renderer(form).many(view, rows, live=False)

    def count(self, number: int) -> None:
        """Print how many there are: the number alone, where JSON was asked for the record `count`."""
        asked = self._state.settings.get("format")
        if asked in ("json", "jsonl"):
            renderer(asked).one(self._view("count"), {"count": number})
        else:
            stream.write(f"{number}\n")

    def batch(
        self,
        ids: Iterable[int | str],
        act: Callable[[Any], Row],
        *,
        record: Record | None = None,
        parse: Callable[[str], Any] = ticket_id,
        single: bool = False,
    ) -> None:
        """Call `act` for each id once, in the order given, and print what it returns: an array in JSON.
        `record` is one made for the table, as in `many`.

        `-` stands for ids on stdin, one a line. A failure is one error line and the others go on: exit 7. A
        single id's failure is the command's, after the empty array. With `single`, one id prints an object.
        What would fail for every id (busy, disk, usage) ends the batch with its own code.
        """
        given = list(ids)
        if single and _alone(given):
            self.one(act(given[0]))
            return
        failures: list[HelpdeskError] = []
        view = self._view(record)
        rows = self._ready(view, self._results(given, act, parse, failures))
        count = renderer(self.format).many(view, rows, live=False)
        if failures and _alone(given):
            raise failures[0]
        if failures and self.format == "table":
            self.talk(f"{len(failures)} failed, {count} done.")

    def each(self, ids: Iterable[int | str], act: Callable[[int], Row]) -> Iterator[Row]:
        """What `batch` would print of tickets, for a page of them."""
        given = list(ids)
        failures: list[HelpdeskError] = []
        yield from self._results(given, act, ticket_id, failures)
        if failures and _alone(given):
            raise failures[0]

    def page(self, lines: Iterable[str]) -> None:
        """Print text for a person, made harmless for a terminal."""
        from helpdesk_cli.cli.render.text import page

        for line in lines:
            stream.write(page(line) + "\n")

    def data(self, value: Any) -> None:
        """Print a value that is no record, such as a schema, as JSON."""
        from helpdesk_cli.cli.render.json import data

        data(value)

    def limit(self, asked: int | None, default: int = 50) -> int | None:
        """Return how many rows to print: unless asked `default` in a table, else all; 0 is all."""
        if asked is None:
            return default if self.format == "table" else None
        return asked or None

    # -- values for pages

    def instant(self, text: str) -> str:
        """Turn `...Z` text into the local time of the configured zone."""
        return self._view("ticket").instant(text)

    def age(self, text: str) -> str:
        """Say how far an instant is from now: `3h ago`, `in 2d`."""
        return self._view("ticket").age(text)

    def label(self, kind: str, name: str) -> str:
        """Return the policy's label in the user's language; kinds: status, priority, category, type, plan."""
        return self._view("ticket").label(kind, name)

    def status(self, ticket: Row) -> str:
        """Return what the status of a ticket is shown as at this moment, in the user's language."""
        from helpdesk_cli.cli.render.cells import told

        view = self._view("ticket")
        told_ = told(view, view.record.field("status"), ticket)
        return view.label("status", told_) if isinstance(told_, str) else view.in_language(told_)

    def duration(self, seconds: int) -> str:
        """Write seconds as `1h30m`."""
        from helpdesk_cli.domain.durations import format_duration

        return format_duration(seconds)

    # -- talk

    def talk(self, text: str, level: int = 0) -> None:
        """Say something on stderr: not with `-q`; at level 1 only with `-v`."""
        if not self.settings.quiet and self.settings.verbose >= level:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Say on stderr what must not be missed, with `-q` too: something given was not taken."""
        from helpdesk_cli.cli.render.text import page

        stream.talk(page(text))

    def fail(self, error: HelpdeskError) -> None:
        """Report one failure of several now; the command will end with exit 7."""
        from helpdesk_cli.cli.failures import report

        report(error, self._state)
        self._state.exit_code = 7

    def exit(self, code: int) -> NoReturn:
        """End the command with an exit code that is no error, such as 10."""
        from click.exceptions import Exit

        raise Exit(code)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on if `yes` or the person at the terminal agrees; UsageError `needs_yes` if there is none."""
        if yes:
            return
        if not (stream.is_terminal(sys.stdin) and stream.is_terminal(sys.stderr)):
            raise UsageError(
                "nobody can be asked here whether to go on", code="needs_yes", hint="say so with --yes"
            )
        import click

        click.confirm(question, abort=True, err=True)

    def progress(self, total: int, label: str) -> Progress:
        """Return a context manager whose `step(n)` moves a bar on stderr: on a terminal, after a second."""
        from helpdesk_cli.cli.progress import Progress

        shown = stream.is_terminal(sys.stderr) and not self.settings.quiet
        return Progress(total, label, shown=shown)

    # -- inside

    def _ready(self, view: View, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows as the format takes them: those for a person need every list in full."""
        if not self.for_people:
            return rows
        from helpdesk_cli.cli.render.projection import whole

        return whole(view, rows)

    def _view(self, record: str | Record | None) -> View:
        from helpdesk_cli.cli.render.view import View

        shown = self._record if record is None else _record(record) if isinstance(record, str) else record
        assert shown is not None, "output_options(None) prints no records"
        own = self._record is not None and shown.name == self._record.name
        fields = self._fields if own else None
        return View(self._state, shown, fields, terminal=self.terminal)

    def _asked_for(self, names: tuple[str, ...] | None) -> tuple[Field, ...] | None:
        if self._record is None or names is None:
            return None
        if not names:
            raise UsageError("--fields names no field.", code="unknown_field", hint=_all_fields(self._record))
        known = {field.name: field for field in self._record.fields}
        for name in names:
            if name not in known:
                near = did_you_mean(name, list(known))
                raise UsageError(
                    f"--fields: {self._record.plural} have no field {name!r}.",
                    code="unknown_field",
                    hint=(f"{near}\n" if near else "") + _all_fields(self._record),
                    details={"found": name, "expected": list(known)},
                )
        return tuple(known[name] for name in dict.fromkeys(names))

    def _results(
        self,
        given: list[int | str],
        act: Callable[[Any], Row],
        parse: Callable[[str], Any],
        failures: list[HelpdeskError],
    ) -> Iterator[Row]:
        """What `act` returns for each id, once. An id that is none or that fails is added to `failures`, and
        told at once if it is one of several."""

        def failed(error: HelpdeskError, id_: object) -> None:
            error.details.setdefault("id", id_)
            failures.append(error)
            if not _alone(given):
                self.fail(error)

        done: set[Any] = set()
        for text in _with_stdin(given):
            try:
                id_ = parse(text) if isinstance(text, str) else text
            except UsageError as error:
                failed(error, text)
                continue
            if id_ in done:
                continue
            done.add(id_)
            try:
                row = act(id_)
            except _ENDS_A_BATCH:
                raise
            except HelpdeskError as error:
                self._require_open()
                failed(error, id_)
                continue
            yield row

    def _require_open(self) -> None:
        """Without a database, or with `--as` nobody, every id would fail: raise that as the command's own."""
        if self._has_app:
            _ = self.app.db


def _record(name: str) -> Record:
    from helpdesk_cli.records import RECORDS

    return RECORDS[name]


def _all_fields(record: Record) -> str:
    from textwrap import fill

    return fill(f"there are {', '.join(field.name for field in record.fields)}", _HINT_WIDTH)


def _alone(given: list[int | str]) -> bool:
    """Whether one id was given, and not those on stdin."""
    return len(given) == 1 and given[0] != STDIN


def _with_stdin(given: list[int | str]) -> Iterator[int | str]:
    from helpdesk_cli.cli.inputs import stdin_lines

    for id_ in given:
        if id_ == STDIN:
            yield from stdin_lines()
        else:
            yield id_
