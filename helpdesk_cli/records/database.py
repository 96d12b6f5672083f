"""The database as a whole: `demo` and `db check`."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, record

DECLARED = (
    record(
        "demo", "What `helpdesk demo` made.",
        Field("db", "text", "The database."),
        Field("seed", "int", "The same seed, the same data."),
        Field("since", "instant", "When its month begins."),
        Field("until", "instant", "When it ends: the command's now."),
        Field("orgs", "int", "Organisations."),
        Field("contacts", "int", "Customers' people."),
        Field("agents", "int", "Support's people, you included."),
        Field("tickets", "int", "Tickets."),
        Field("messages", "int", "Public messages."),
        Field("events", "int", "Lines of the log."),
        Field("sweeps", "int", "Runs of the sweep."),
        Field("breaches", "int", "Deadlines missed."),
        Field("closed_by_silence", "int", "Closures by the sweep."),
        Field("reopenings", "int", "Tickets opened again."),
        Field("next_steps", "list", "Commands to try.", of="text"),
        table="db tickets messages events breaches", key="db",
    ),
    record(
        "check", "Whether every kept row is what the events say.",
        Field("ok", "bool", "Whether there is no problem."),
        Field("problems", "list", "A line for each.", of="text"),
        table="ok problems", key="ok",
    ),
)  # fmt: skip
