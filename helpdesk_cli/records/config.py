"""What holds where nothing is said: `config show`."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, nullable, record

DECLARED = (
    record(
        "config", "The value of an option and where it comes from.",
        Field("name", "text", "The option, after its command where it is not global: `ticket.list.limit`."),
        nullable("value", "text", "As one would type it."),
        Field("origin", "text", "`option`, `variable NAME`, `config file PATH:LINE` or `default`."),
        table="name value origin", key="name", plural="options",
    ),
)  # fmt: skip
