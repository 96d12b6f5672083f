"""What time did: sweeps, their runs, and the notices that follow."""

from __future__ import annotations

from helpdesk_cli.records.fields import CLOCKS, Field, nullable, record

NOTICE_KINDS = ("warning", "breach", "escalation", "reminder", "confirmation", "alert")

DECLARED = (
    record(
        "sweep", "What a sweep did, or with `--dry-run` would do.",
        nullable("run", "int", "The run's id; null for a dry run.", heading="run"),
        Field("now", "instant", "The instant up to which it went.", heading="now"),
        Field("dry_run", "bool", "Whether it was rolled back."),
        *(Field(name, "list", doc, of="sweep_entry") for name, doc in (
            ("breached", "Breaches."), ("warned", "Warnings."), ("escalated", "Levels fired."),
            ("reminded", "Reminders."), ("resumed", "Holds ended."), ("closed", "Closures."))),
        Field("recomputed", "int", "Tickets brought to a newer policy."),
        Field("failed", "list", "Tickets that could not be done.", of="failure"),
        Field("left", "int", "Due, but beyond `--limit`."),
        table="run now dry_run recomputed left", key="run", plural="sweeps",
    ),
    record(
        "sweep_entry", "One thing that time did to a ticket.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        Field("subject", "text", "Its subject."),
        nullable("clock", "text", "Which clock, if it was one.", values=CLOCKS),
        nullable("instance", "int", "Which instance of it."),
        nullable("level", "int", "The level that fired."),
        Field("rule", "text", "The rule that applied."),
        Field("due_at", "instant", "The instant at which it was due.", heading="at"),
        nullable("before", "object", "What it changed from."),
        nullable("after", "object", "What it changed to."),
        nullable("told", "int", "Of a level that notifies: how many notices it became."),
        table="ticket rule due_at before after", key="ticket", plural="entries",
    ),
    record(
        "run", "A run of the sweep.",
        Field("id", "int", "Never reused."),
        Field("started_at", "instant", "In real time."),
        nullable("ended_at", "instant", "In real time; null where it was killed."),
        Field("now", "instant", "The instant up to which it brought every ticket.", heading="now"),
        Field("dry_run", "bool", "Whether it was rolled back."),
        Field("actor", "text", "Who ran it."),
        Field("counts", "object", "What it did.", of="run_counts"),
        Field("failures", "list", "The tickets that it could not do.", of="failure"),
        Field("left", "int", "Due, but beyond `--limit`."),
        table="id started_at now dry_run counts left",
    ),
    record(
        "run_counts", "What a run did, in numbers.",
        Field("breached", "int", "Breaches."),
        Field("warned", "int", "Warnings."),
        Field("escalated", "int", "Levels fired."),
        Field("reminded", "int", "Reminders."),
        Field("resumed", "int", "Holds ended."),
        Field("closed", "int", "Closures."),
        Field("recomputed", "int", "Tickets brought to a newer policy."),
        Field("failed", "int", "Tickets that failed."),
        table="breached warned escalated reminded resumed closed recomputed failed", key="breached",
    ),
    record(
        "failure", "A ticket that a run could not do.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        Field("error", "text", "Why."),
        table="ticket error", key="ticket",
    ),
    record(
        "notice", "Who is to be told of what; a script hands it to a mailer.",
        Field("id", "int", "Never reused."),
        Field("ticket", "int", "The ticket's id."),
        Field("event", "int", "The `seq` of the event that it follows from."),
        Field("kind", "text", "What it is.",
              values=NOTICE_KINDS),
        Field("to", "object", "Its one recipient.", of="recipient"),
        Field("at", "instant", "When it fell due."),
        Field("text", "text", "What to say."),
        nullable("done_at", "instant", "When it was marked as told."),
        table="id ticket kind to at text done_at", keeps="id ticket kind text at to done_at",
    ),
    record(
        "recipient", "Whom a notice is for.",
        nullable("address", "text", "The mail address."),
        Field("role", "text", "`requester`, `assignee`, `team_lead`, ...; `contact`: one of the organisation"
              " who is told of every new ticket; `region`: a contact of its region; `owner`: of an"
              " escalation."),
        table="address role", key="address",
    ),
    record(
        "sla_check", "Whether all is well, for a monitor.",
        Field("ok", "bool", "Nothing is overdue, and a sweep has run lately."),
        Field("at", "instant", "As of when."),
        Field("overdue", "int", "Tickets that are overdue, as `ticket list --overdue` lists them."),
        Field("at_risk", "int", "Tickets at risk, as `ticket list --at-risk` lists them."),
        Field("swept_lately", "bool", "Whether the last sweep is not older than `--max-sweep-age`."),
        nullable("last_sweep_at", "instant", "Up to when the last sweep went; null if none has run."),
        nullable("sweep_age_seconds", "duration", "How long ago that is."),
        Field("max_sweep_age_seconds", "duration", "How long ago it may be."),
        Field("overdue_unassigned", "int", "Of the overdue those without an assignee: a breach of such a one"
              " is told to its team's lead, else to nobody."),
        Field("overdue_refs", "list", "The first five of them, the latest deadline last; all with -f ids.",
              of="text"),
        table="ok overdue at_risk swept_lately last_sweep_at", key="overdue_refs", plural="checks",
    ),
    record(
        "hook_run", "A program that the policy runs on an event, and what became of it.",
        nullable("id", "int", "Never reused; null for a test."),
        nullable("event", "int", "The `seq` of the event; null for a made-up one."),
        Field("ticket", "int", "The ticket's id."),
        Field("type", "text", "The type of the event."),
        Field("command", "list", "The program and its arguments.", of="text"),
        Field("state", "text", "`pending`: to be tried, or being tried; `done`: it ended with 0; `failed`: it"
              " is tried no more.", values=("pending", "done", "failed")),
        Field("tries", "int", "How often it was begun."),
        nullable("exit_code", "int", "How the last try ended: 128 + the signal that killed it; 127: no such"
                 " program, 126: it could not be run; null: not ended, or killed at the time limit."),
        nullable("started_at", "instant", "When it was first tried, in real time."),
        nullable("ended_at", "instant", "When the last try ended, in real time."),
        nullable("next_try_at", "instant", "A sweep from then on tries it; null where it is over."),
        Field("output", "text", "The end of what it printed, on both streams."),
        table="id event ticket type command state tries exit_code started_at output",
        keeps="id state event type exit_code tries command ticket started_at output",
    ),
)  # fmt: skip
