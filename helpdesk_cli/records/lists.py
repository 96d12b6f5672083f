"""What is told of records themselves: which there are (`schema`), how many (`--count`)."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, record

DECLARED = (
    record(
        "record", "A record that commands print: what `helpdesk schema` lists.",
        Field("name", "text", "What `helpdesk schema NAME` takes."),
        Field("meaning", "text", "What it is."),
        table="name meaning", key="name",
    ),
    record(
        "count", "The answer of `--count`.",
        Field("count", "int", "How many records the list has, whatever `--limit` says."),
        table="count", key="count", plural="counts",
    ),
)  # fmt: skip
