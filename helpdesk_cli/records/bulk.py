"""What became of each line that was handed in."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, record

DECLARED = (
    record(
        "opened", "What became of a line of `ticket create --jsonl`.",
        Field("line", "int", "Its number, from 1."),
        Field("id", "int", "The ticket's id.", optional=True),
        Field("ref", "text", "The same as HD-42.", optional=True),
        Field("created", "bool", "False where its key had a ticket already.", optional=True),
        Field("error", "text", "Why nothing was opened.", optional=True),
        table="line ref created error", key="id", plural="lines",
    ),
)  # fmt: skip
