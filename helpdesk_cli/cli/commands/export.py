"""`helpdesk export`."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.types import STDIN, Word
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.cli.progress import Progress

_BLOCK = 500  # lines at a time
# As services/export.py has them: to print the help, it is not loaded.
_RECORDS = (
    "ticket", "message", "attachment", "clock", "link", "event", "notice", "run", "org", "contact", "agent",
    "team", "view", "plan", "priority", "category", "type", "calendar",
)  # fmt: skip


@verb("export")
@click.argument("record", type=Word(*_RECORDS), required=False, metavar="[RECORD]")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Into a new file; - is stdout.")
@click.option("--csv-safe", is_flag=True, help="In CSV let no text be a formula of a spreadsheet.")
@click.option("--yes", is_flag=True, help="Replace a file of that name.")
@output_options(None, default="jsonl")
def cli(out: Output, record: str | None, output: str | None, csv_safe: bool, yes: bool) -> None:
    """Write out everything, or the records of one kind.

    Everything is every row as a line of JSON, without what is empty in it, attached files before them: what
    `helpdesk import` brings into another database. All of it is of one moment, while others write. RECORD is
    ticket, message, attachment, clock, link, event, notice, run, org, contact, agent, team, view, plan,
    priority, category, type or calendar: the records that `helpdesk schema` describes, as JSON lines or with
    `-f csv`. For a spreadsheet, --csv-safe puts an apostrophe before a text that begins like a formula.

    With -o the file appears whole or not at all, for you alone or for the group that shares the database; one
    that exists is refused, exit code 4. One that ends in .csv is CSV; --json tells what was written.

    \b
    Examples:
      helpdesk export -o desk.jsonl
      helpdesk export ticket --csv-safe -o tickets.csv
      helpdesk export event | tail -n 5
    """
    form = _format(out, record, output)
    if output in (None, STDIN):
        _write(out, record, form, safe=csv_safe)
        return
    assert output is not None
    from helpdesk_cli.services import export

    out.terminal = False
    with export.into_file(out.app, output, replace=yes) as file, stream.into(file):
        count = _write(out, record, form, safe=csv_safe)
    made = export.made(output, record=record, form=form, count=count)
    if out.format == "json":
        out.one(made, "exported")
    else:
        out.talk(f"{made['records']} records, {made['bytes']} bytes in {made['path']}", 1)


def _format(out: Output, record: str | None, output: str | None) -> str:
    """`jsonl` or `csv`: `-f`, else the name of the file. `--json` is a form of errors and of what is told."""
    asked = out.settings.source("format") is not ParameterSource.DEFAULT
    named = "csv" if output is not None and output.lower().endswith(".csv") else "jsonl"
    form = named if not asked or out.format == "json" else out.format
    if form not in ("jsonl", "csv"):
        raise UsageError(f"an export has no form {form}", code="bad_format", hint="-f jsonl or -f csv")
    if form == "csv" and record is None:
        raise UsageError(
            "everything together is no table, and CSV is one",
            code="bad_format",
            hint="name a RECORD, such as `helpdesk export ticket -f csv`",
        )
    return form


def _write(out: Output, record: str | None, form: str, *, safe: bool) -> int:
    """Write to where `stream` leads; how many records there were."""
    from helpdesk_cli.services import export

    with ExitStack() as stack:
        found = export.everything(out.app) if record is None else export.records(out.app, record)
        total, rows = stack.enter_context(found)
        bar = stack.enter_context(out.progress(total, "export"))
        if record is None:
            return _lines(rows, bar) - 1  # the first is no row
        return out.export(_stepping(rows, bar), record, form, safe=safe)


def _lines(lines: Iterable[Any], bar: Progress) -> int:
    """Write lines that are JSON already."""
    from helpdesk_cli.cli.render.text import json_text

    count, left = 0, iter(lines)
    while block := list(islice(left, _BLOCK)):
        stream.write("".join(map(json_text, block)))
        count += len(block)
        bar.step(len(block))
    return count


def _stepping(rows: Iterable[Any], bar: Progress) -> Iterator[Any]:
    for row in rows:
        yield row
        bar.step()
