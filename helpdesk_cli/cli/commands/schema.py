"""`helpdesk schema`: what the JSON of a record looks like, for programs that read it."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options


@verb("schema")
@click.argument("record", required=False)
@output_options(None)
def cli(out: Output, record: str | None) -> None:
    """Print the JSON Schema of a record.

    Without RECORD it lists the records: with --json as `[{name, meaning}]`.

    \b
    Examples:
      helpdesk schema ticket
      helpdesk schema
    """
    from helpdesk_cli.cli.schema import json_schema
    from helpdesk_cli.records import RECORDS

    if record is None and out.format != "table":
        out.many(({"name": name, "meaning": known.doc} for name, known in RECORDS.items()), "record")
        return
    if record is None:
        out.page(f"{name:18}{known.doc}" for name, known in RECORDS.items())
        return
    if record not in RECORDS:
        from helpdesk_cli.cli.types import did_you_mean
        from helpdesk_cli.errors import UsageError

        hint = did_you_mean(record, list(RECORDS)) or f"there are {', '.join(RECORDS)}"
        raise UsageError(f"there is no record {record!r}.", code="unknown_record", hint=hint)
    out.data(json_schema(record))
