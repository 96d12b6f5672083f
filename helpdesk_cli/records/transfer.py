"""What went out of a database and into one: `export -o`, `import`."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, nullable, record

DECLARED = (
    record(
        "exported", "A file that `export -o` wrote.",
        Field("path", "text", "The file."),
        nullable("record", "text", "The records in it; null for everything."),
        Field("format", "text", "How they are written.", values=("jsonl", "csv")),
        Field("records", "int", "How many there are; of everything its rows."),
        Field("bytes", "int", "The size of the file."),
        table="path record format records bytes", key="path", plural="files",
    ),
    record(
        "imported", "What became of the rows that `import` read.",
        Field("db", "text", "The database."),
        Field("created", "bool", "Whether it was made."),
        Field("lines", "int", "Lines after the first one, a row each: those of the three below."),
        Field("imported", "int", "Rows that are new."),
        Field("unchanged", "int", "Rows that were there alike."),
        Field("failed", "int", "Rows that were refused, with those of the same ticket."),
        table="db created lines imported unchanged failed", key="db", plural="databases",
    ),
)  # fmt: skip
