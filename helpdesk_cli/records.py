"""What commands print: one declaration a record (`cli.md`); tables, JSON, ids and schemas derive from it.

The order of the fields is the order of the keys. Instants are `...Z` text in UTC, durations whole seconds.
Keys are only ever added.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Field(NamedTuple):
    """A key of a record: `type` is one of int, text, bool, instant, duration, list, object.

    `of` is a list's element type, or the record that an object or a list's elements are; `heading` overrides
    the table's header; `label` is the section of the policy whose labels a table shows; `optional` keys
    appear only where the command says so; `values` is a closed list of words.
    """

    name: str
    type: str
    doc: str
    nullable: bool = False
    of: str | None = None
    heading: str | None = None
    label: str | None = None
    optional: bool = False
    values: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The column's header: `next_due_at` is shown as `next due`."""
        return self.heading or self.name.removesuffix("_at").removesuffix("_seconds").replace("_", " ")


class Record(NamedTuple):
    """A thing that commands print: `table` are the columns of a list, `key` what `-f ids` prints."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    table: tuple[str, ...]
    key: str
    plural: str

    def field(self, name: str) -> Field:
        """Return one field; KeyError if there is none of that name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def _record(name: str, doc: str, *fields: Field, table: str, key: str = "id", plural: str = "") -> Record:
    return Record(name, doc, fields, tuple(table.split()), key, plural or f"{name.replace('_', ' ')}s")


def _nullable(name: str, type_: str, doc: str, **more: Any) -> Field:
    return Field(name, type_, doc, nullable=True, **more)


_STATUSES = ("open", "in_progress", "waiting_customer", "on_hold", "resolved", "closed")
_CLOCKS = ("first_response", "next_response", "update", "resolution")
_LINKS = ("duplicate_of", "related", "blocks", "follow_up_of")
_CLOSING = ("always", "before_reply", "never")
_ORIGIN = Field("origin", "text", "Where it was made.", values=("policy", "cli"))
_EXPLAINED = (
    Field("windows", "list", "With `--explain`: what was counted.", of="window", optional=True),
    Field("holidays_skipped", "list", "With `--explain`.", of="holiday", optional=True),
)
_LABEL = _nullable("label", "object", "Language to label.")
_CREATED = Field("created_at", "instant", "When it was made.")

_DECLARED = (
    _record(
        "ticket", "A customer's request and the state of its clocks.",
        Field("id", "int", "Never reused."),
        Field("ref", "text", "The same as HD-42; both are accepted.", heading="ticket"),
        Field("version", "int", "Raised by every edit; `--if-version` compares it."),
        Field("subject", "text", "One line."),
        Field("status", "text", "Where it stands.", values=_STATUSES, label="status"),
        Field("priority", "text", "A priority of the policy.", label="priority"),
        _nullable("category", "text", "A category of the policy.", label="category"),
        _nullable("type", "text", "A type of the policy.", label="type"),
        _nullable("org", "text", "The organisation's name."),
        Field("requester", "text", "The customer's address."),
        _nullable("assignee", "text", "The login of the agent who has it."),
        _nullable("team", "text", "The team that has it."),
        Field("plan", "text", "The support plan, fixed when the ticket was made.", label="plan"),
        Field("channel", "text", "How it came in."),
        Field("tags", "list", "Sorted.", of="text"),
        _CREATED,
        Field("updated_at", "instant", "The last event."),
        _nullable("first_responded_at", "instant", "The first answer to the customer's first message."),
        _nullable("first_resolved_at", "instant", "The first resolution, whatever came later."),
        _nullable("resolved_at", "instant", "The resolution that stands."),
        _nullable("closed_at", "instant", "The closure that stands."),
        _nullable("closed_by", "text", "A login, `customer` or `sweep`."),
        Field("reopened_count", "int", "How often it was reopened."),
        Field("time_spent_seconds", "duration", "Work that agents noted down."),
        _nullable("hold_until", "instant", "When `on_hold` ends by itself."),
        _nullable("last_customer_message_at", "instant", "The customer's last message."),
        _nullable("last_agent_message_at", "instant", "The last public message of an agent."),
        _nullable("auto_close_at", "instant", "When the sweep will close it if nothing happens."),
        _nullable("merged_into", "text", "The ticket that took its place."),
        Field("links", "list", "Its relations to other tickets.", of="link"),
        Field("breached", "bool", "Whether any clock ever breached."),
        Field("at_risk", "bool", "Whether a clock is at risk now."),
        _nullable("next_due_at", "instant", "The earliest unmet clock, late ones included.", heading="due"),
        Field("clocks", "list", "Every instance started.", of="clock"),
        _nullable("sla", "text", "The most pressing of the clocks that still go; null where none does.",
                  values=("overdue", "at_risk", "running", "paused")),
        Field("messages", "list", "The thread, oldest first.", of="message", optional=True),
        Field("events", "list", "The log.", of="event", optional=True),
        Field("created", "bool", "False where an idempotency key found the ticket.", optional=True),
        table="ref status priority sla next_due_at assignee org subject",
    ),
    _record(
        "link", "A relation to another ticket.",
        Field("kind", "text", "What this ticket is to the other.", values=_LINKS),
        Field("ref", "text", "The other ticket."),
        table="kind ref", key="ref",
    ),
    _record(
        "message", "A public message or an internal note.",
        Field("id", "int", "Never reused."),
        Field("ticket", "int", "The ticket's id."),
        Field("at", "instant", "When it was written."),
        Field("author", "text", "A login, or the customer's address."),
        _nullable("from", "text", "The address that it came from."),
        Field("public", "bool", "False for a note."),
        Field("channel", "text", "How it came in."),
        Field("body", "text", "The text."),
        Field("attachments", "list", "Names of files.", of="text"),
        table="id ticket at author public body",
    ),
    _record(
        "clock", "One instance of one of a ticket's clocks.",
        Field("name", "text", "Which clock.", values=_CLOCKS, heading="clock"),
        Field("instance", "int", "From 1, one per wait.", heading="#"),
        Field("state", "text", "A clock met late is `breached` with `met_at` set.",
              values=("running", "paused", "met", "breached", "cancelled", "none")),
        Field("at_risk", "bool", "Running, past the warning and not past the limit."),
        _nullable("target_seconds", "duration", "The limit, in working time."),
        _nullable("goal_seconds", "duration", "The first value of a range."),
        _nullable("starts_at", "instant", "When it begins to count.", heading="starts"),
        _nullable("due_at", "instant", "When the target is used up; null while paused unless breached."),
        Field("elapsed_seconds", "duration", "Working time used."),
        _nullable("remaining_seconds", "duration", "Working time left, never below 0."),
        Field("paused_seconds", "duration", "Working time spent paused."),
        _nullable("met_at", "instant", "When it was answered or resolved."),
        _nullable("breached_at", "instant", "The boundary from which elapsed exceeds the target."),
        _nullable("noticed_at", "instant", "When the breach was written down, in real time."),
        Field("late_by_seconds", "duration", "Working time past the target; 0 when not late."),
        _nullable("calendar", "text", "The calendar that it counts on."),
        Field("escalations", "list", "The levels of its plan.", of="escalation"),
        table="name instance state target_seconds due_at elapsed_seconds remaining_seconds", key="name",
    ),
    _record(
        "escalation", "A level of a clock's escalation.",
        Field("level", "int", "Its number in the plan."),
        _nullable("at", "instant", "When it is due; once fired, when it was."),
        _nullable("fired_at", "instant", "The `at` of its event."),
        table="level at fired_at", key="level",
    ),
    _record(
        "event", "A line of the log, which is the truth about a ticket.",
        Field("seq", "int", "The order of the log; `event list --after` resumes at it."),
        Field("ticket", "int", "The ticket's id."),
        Field("type", "text", "What happened."),
        Field("at", "instant", "When it took effect."),
        Field("recorded_at", "instant", "When it was written, in real time.", heading="recorded"),
        Field("actor", "text", "A login, the customer's address, or `sweep`."),
        Field("data", "object", "Names before and after."),
        table="seq ticket at actor type data", key="seq",
    ),
    _record(
        "org", "An organisation: a customer.",
        Field("id", "int", "Never reused."),
        Field("name", "text", "Unique, in any case of letters.", heading="organisation"),
        Field("plan", "text", "The plan of its new tickets.", label="plan"),
        Field("domains", "list", "Mail domains that are its.", of="text"),
        _nullable("region", "text", "Where it is served from."),
        _nullable("licences", "int", "How many it bought."),
        _nullable("tier", "text", "Its standing."),
        _nullable("account_manager", "text", "The login of the agent who looks after it."),
        Field("vip", "bool", "Whether it is to be treated with special care."),
        _CREATED,
        table="name plan domains account_manager vip", key="name", plural="organisations",
    ),
    _record(
        "contact", "A person at a customer.",
        Field("id", "int", "Never reused."),
        Field("email", "text", "The address, unique.", heading="contact"),
        _nullable("name", "text", "The person's name."),
        _nullable("org", "text", "The organisation's name."),
        Field("role", "text", "`main` or `sub`.", values=("main", "sub")),
        _CREATED,
        table="email name org role", key="email",
    ),
    _record(
        "agent", "A person of support.",
        Field("id", "int", "Never reused."),
        Field("login", "text", "The name by which it acts.", heading="agent"),
        Field("email", "text", "The address."),
        _nullable("name", "text", "The person's name."),
        _nullable("team", "text", "The team's name."),
        _nullable("timezone", "text", "The person's zone."),
        Field("retired", "bool", "Acts no more."),
        _CREATED,
        table="login name email team retired", key="login",
    ),
    _record(
        "team", "A team of agents.",
        Field("id", "int", "Never reused."),
        Field("name", "text", "Unique, in any case of letters.", heading="team"),
        _nullable("lead", "text", "The login of the agent who leads it."),
        _CREATED,
        table="name lead", key="name",
    ),
    _record(
        "plan", "A support plan of the policy.",
        Field("name", "text", "Its name.", heading="plan"),
        _LABEL,
        Field("default", "bool", "The plan of an organisation that names none."),
        Field("calendar", "text", "The calendar of its targets."),
        Field("targets", "object", "Priority to clock to target; empty where nothing is promised."),
        Field("pause", "object", "Status to the clocks that it pauses."),
        Field("retroactive", "bool", "Whether an edited target counts from the clock's start."),
        Field("auto_close", "object", "When a silent ticket is closed."),
        Field("reopen", "object", "What a reopening does, and until when."),
        Field("customer_close", "text", "When a customer may close.", values=_CLOSING),
        Field("escalation", "list", "Its levels.", of="object"),
        Field("retired", "bool", "Kept for old tickets only."),
        table="name default calendar customer_close retired", key="name",
    ),
    _record(
        "calendar", "Opening hours and holidays.",
        Field("name", "text", "Its name.", heading="calendar"),
        Field("timezone", "text", "The zone of its hours.", heading="zone"),
        Field("hours", "object", "Days to windows of local time."),
        Field("holidays", "list", "Dates, yearly dates and ranges.", of="text"),
        _nullable("country_holidays", "text", "A country whose holidays are closed too."),
        Field("country_dates", "object", "Those holidays, as they were when the policy was applied."),
        Field("exceptions", "object", "Dates with other hours."),
        table="name timezone hours", key="name",
    ),
    _record(
        "priority", "A priority; the order is the rank.",
        Field("name", "text", "Its name.", heading="priority"),
        Field("rank", "int", "0 is the most urgent."),
        _LABEL,
        _nullable("meaning", "text", "When to choose it."),
        _ORIGIN,
        Field("default", "bool", "The priority of a ticket that names none."),
        Field("retired", "bool", "Kept for old tickets only."),
        _nullable("description", "text", "More about it."),
        table="rank name meaning origin retired", key="name", plural="priorities",
    ),
    _record(
        "category", "A department or queue.",
        Field("name", "text", "Its name.", heading="category"),
        _LABEL,
        _nullable("description", "text", "What belongs there."),
        _ORIGIN,
        Field("retired", "bool", "Kept for old tickets only."),
        table="name description origin retired", key="name", plural="categories",
    ),
    _record(
        "type", "A type of ticket.",
        Field("name", "text", "Its name.", heading="type"),
        _LABEL,
        _nullable("description", "text", "What it is for."),
        Field("sla", "bool", "False: excluded from the agreement, no clock runs."),
        Field("retired", "bool", "Kept for old tickets only."),
        table="name description sla retired", key="name",
    ),
    _record(
        "run", "A run of the sweep.",
        Field("id", "int", "Never reused."),
        Field("started_at", "instant", "In real time."),
        _nullable("ended_at", "instant", "In real time; null where it was killed."),
        Field("now", "instant", "The instant up to which it brought every ticket.", heading="now"),
        Field("dry_run", "bool", "Whether it was rolled back."),
        Field("actor", "text", "Who ran it."),
        Field("counts", "object", "What it did.", of="run_counts"),
        Field("failures", "list", "The tickets that it could not do.", of="failure"),
        Field("left", "int", "Due, but beyond `--limit`."),
        table="id started_at now dry_run counts left",
    ),
    _record(
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
    _record(
        "failure", "A ticket that a run could not do.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        Field("error", "text", "Why."),
        table="ticket error", key="ticket",
    ),
    _record(
        "notice", "Who is to be told of what; a script hands it to a mailer.",
        Field("id", "int", "Never reused."),
        Field("ticket", "int", "The ticket's id."),
        Field("event", "int", "The `seq` of the event that it follows from."),
        Field("kind", "text", "What it is.",
              values=("warning", "breach", "escalation", "reminder", "confirmation", "alert")),
        Field("to", "object", "Its one recipient.", of="recipient"),
        Field("at", "instant", "When it fell due."),
        Field("text", "text", "What to say."),
        _nullable("done_at", "instant", "When it was marked as told."),
        table="id ticket kind to at text done_at",
    ),
    _record(
        "recipient", "Whom a notice is for.",
        _nullable("address", "text", "The mail address."),
        Field("role", "text", "`requester`, `assignee`, `team_lead`, ..."),
        table="address role", key="address",
    ),
    _record(
        "sweep", "What a sweep did, or with `--dry-run` would do.",
        _nullable("run", "int", "The run's id; null for a dry run.", heading="run"),
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
    _record(
        "sweep_entry", "One thing that time did to a ticket.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        Field("subject", "text", "Its subject."),
        _nullable("clock", "text", "Which clock, if it was one.", values=_CLOCKS),
        _nullable("instance", "int", "Which instance of it."),
        _nullable("level", "int", "The level that fired."),
        Field("rule", "text", "The rule that applied."),
        Field("due_at", "instant", "The instant at which it was due.", heading="at"),
        _nullable("before", "object", "What it changed from."),
        _nullable("after", "object", "What it changed to."),
        table="ticket rule due_at before after", key="ticket", plural="entries",
    ),
    _record(
        "due", "The answer of `calendar due`.",
        Field("calendar", "text", "The calendar."),
        Field("start", "instant", "The start asked for."),
        Field("duration_seconds", "duration", "The working time asked for."),
        Field("due_at", "instant", "When it is used up."),
        *_EXPLAINED,
        table="calendar start duration_seconds due_at", key="due_at", plural="answers",
    ),
    _record(
        "elapsed", "The answer of `calendar elapsed`.",
        Field("calendar", "text", "The calendar."),
        Field("start", "instant", "The start asked for."),
        Field("end", "instant", "The end asked for."),
        Field("elapsed_seconds", "duration", "Working time between them; negative if the end comes first."),
        *_EXPLAINED,
        table="calendar start end elapsed_seconds", key="elapsed_seconds", plural="answers",
    ),
    _record(
        "window", "A stretch of opening hours that was counted.",
        Field("opens_at", "instant", "Its opening, or the start asked for."),
        Field("closes_at", "instant", "Its closing, or the end asked for."),
        Field("counted_seconds", "duration", "How long it is."),
        table="opens_at closes_at counted_seconds", key="opens_at",
    ),
    _record(
        "holiday", "A day that a calendar is closed.",
        Field("date", "text", "The local date."),
        Field("name", "text", "Its name where it has one, else `holiday`."),
        table="date name", key="date",
    ),
    _record(
        "plan_change", "A difference between the policy in force and a file.",
        Field("change", "text", "What happens to it.", values=("added", "removed", "changed")),
        Field("path", "text", "Where, such as `plans.basic.targets.low`."),
        _nullable("before", "text", "The old text."),
        _nullable("after", "text", "The new text."),
        Field("text", "text", "All of it in one line."),
        table="change path before after", key="path", plural="changes",
    ),
    _record(
        "moved_deadline", "A ticket's deadline that a new policy moves.",
        Field("ticket", "int", "The ticket's id."),
        Field("clock", "text", "Which clock.", values=_CLOCKS),
        Field("instance", "int", "Which instance.", heading="#"),
        _nullable("before", "instant", "The old deadline."),
        _nullable("after", "instant", "The new one."),
        table="ticket clock instance before after", key="ticket", plural="moved deadlines",
    ),
    _record(
        "problem", "A mistake in a policy file.",
        _nullable("line", "int", "Its line."),
        Field("message", "text", "What was found and what was expected."),
        _nullable("column", "int", "Its column."),
        _nullable("hint", "text", "What to do."),
        table="line message hint", key="line",
    ),
    _record(
        "policy", "A version of the policy, as `plan apply` leaves it.",
        Field("version", "int", "Its number, from 1."),
        Field("at", "instant", "The instant from which it counts."),
        Field("applied", "bool", "False where the file changes nothing."),
        Field("dry_run", "bool", "Whether it was rolled back."),
        Field("changes", "list", "What differs from the version before.", of="plan_change"),
        Field("moved", "list", "The deadlines that it moves.", of="moved_deadline"),
        table="version at applied dry_run", key="version", plural="policies",
    ),
    _record(
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
        Field("next_steps", "list", "Five commands to try.", of="text"),
        table="db tickets messages events breaches", key="db",
    ),
    _record(
        "explanation", "Why each deadline of a ticket is what it is.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        Field("at", "instant", "The instant at which it is told."),
        Field("subject", "text", "One line."),
        Field("status", "text", "Where the ticket stands.", values=_STATUSES),
        Field("plan", "text", "Its plan."),
        Field("priority", "text", "Its priority."),
        _nullable("type", "text", "Its type."),
        Field("policy", "int", "The version of the policy that it stands on."),
        Field("clocks", "list", "Every instance, and the clocks not covered.", of="explained_clock"),
        table="ref at", key="ticket",
    ),
    _record(
        "explained_clock", "A clock told as a sum: what was counted, what was not, and where that leads.",
        Field("name", "text", "Which clock.", values=_CLOCKS, heading="clock"),
        Field("instance", "int", "From 1, one per wait; 0 where it is not covered.", heading="#"),
        Field("state", "text", "As in the ticket.",
              values=("running", "paused", "met", "breached", "cancelled", "none")),
        Field("at_risk", "bool", "Running, past the warning and not past the limit."),
        _nullable("uncovered", "text", "What has no target; null for a clock that has one.",
                  values=("type", "priority", "plan")),
        _nullable("calendar", "text", "The calendar that it counts on."),
        _nullable("timezone", "text", "The calendar's zone; null for one that never closes."),
        _nullable("target_seconds", "duration", "The limit, in working time."),
        _nullable("goal_seconds", "duration", "The first value of a range."),
        _nullable("warn_seconds", "duration", "Elapsed time from which it is at risk."),
        _nullable("started_by", "object", "The event from which it counts.", of="cause"),
        _nullable("starts_at", "instant", "When it begins to count.", heading="starts"),
        Field("steps", "list", "What leads to the deadline, in the order of time.", of="step"),
        Field("elapsed_seconds", "duration", "The counted steps that are past."),
        _nullable("remaining_seconds", "duration", "With the elapsed time it makes the target; 0 when late."),
        Field("paused_seconds", "duration", "Working time spent paused."),
        Field("late_by_seconds", "duration", "Elapsed time past the target."),
        _nullable("due_at", "instant", "When the target is used up; null while paused unless breached."),
        _nullable("due_because", "text", "Why the deadline is there, or why there is none.",
                  values=("window", "closing", "paused", "cancelled", "never")),
        _nullable("late_from", "instant", "The boundary of the breach, past or to come."),
        _nullable("late_because", "text", "Why it is late from there.",
                  values=("used_up", "next_opening", "pause", "change", "earlier_target")),
        _nullable("late_target_seconds", "duration", "The target that the breach was judged by."),
        _nullable("breached_at", "instant", "The boundary from which elapsed exceeds the target."),
        _nullable("noticed_at", "instant", "When the breach was written down, in real time."),
        _nullable("met_at", "instant", "When it was answered or resolved."),
        _nullable("cancelled_at", "instant", "When it ended without being met."),
        _nullable("warn_at", "instant", "From when it is, or was, at risk."),
        _nullable("warned_at", "instant", "The `at` of the warning."),
        Field("escalations", "list", "The levels of its plan.", of="explained_level"),
        table="name instance state target_seconds due_at elapsed_seconds remaining_seconds", key="name",
    ),
    _record(
        "step", "A step of a clock: something counted, or why nothing was.",
        Field("kind", "text", "What it is.",
              values=("counted", "paused", "stopped", "holiday", "changed", "reset")),
        Field("past", "bool", "False for what is to come before the deadline."),
        Field("from", "instant", "Its begin."),
        _nullable("to", "instant", "Its end; null while it lasts and for what takes no time."),
        _nullable("counted_seconds", "duration", "Working time that was counted."),
        _nullable("paused_seconds", "duration", "Working time that was not, for a pause."),
        Field("elapsed_seconds", "duration", "The clock's total after it.", heading="total"),
        Field("late", "bool", "Counted after the target was used up."),
        _nullable("windows", "int", "How many opening hours are counted here; 0 outside them."),
        _nullable("holidays", "int", "How many closed days are in it."),
        _nullable("calendar", "text", "The calendar that it counts on."),
        _nullable("status", "text", "The paused status.", values=_STATUSES),
        _nullable("date", "text", "A holiday's local date."),
        _nullable("last_date", "text", "Its last date, the same for a single day."),
        _nullable("name", "text", "The holiday's name, else `holiday`."),
        _nullable("cause", "object", "The event that changed, stopped or reset the clock.", of="cause"),
        _nullable("changes", "object", "What a change changed: key to before and after."),
        _nullable("recounted", "bool", "Whether a changed calendar counts from the clock's start."),
        table="kind from to counted_seconds elapsed_seconds", key="from",
    ),
    _record(
        "cause", "An event as the reason of something.",
        Field("seq", "int", "Its place in the log."),
        Field("type", "text", "What happened."),
        Field("at", "instant", "When it took effect."),
        Field("actor", "text", "A login, `customer` or `sweep`."),
        _nullable("message", "int", "The message's id."),
        _nullable("level", "int", "The level of an escalation."),
        _nullable("status", "text", "The status that it led to.", values=_STATUSES),
        _nullable("reason", "text", "The reason that was given."),
        table="seq type at actor", key="seq",
    ),
    _record(
        "explained_level", "A level of a clock's escalation, and when its time comes.",
        Field("level", "int", "Its number in the plan."),
        _nullable("text", "text", "When it is due, as the plan says it; null if that has it no longer."),
        _nullable("after_seconds", "duration", "Elapsed time at which it is due."),
        _nullable("at", "instant", "When it is due; once fired, when it was."),
        _nullable("fired_at", "instant", "The `at` of its event."),
        table="level text after_seconds at fired_at", key="level",
    ),
    _record(
        "check", "Whether every kept row is what the events say.",
        Field("ok", "bool", "Whether there is no problem."),
        Field("problems", "list", "A line for each.", of="text"),
        table="ok problems", key="ok",
    ),
)  # fmt: skip

RECORDS: dict[str, Record] = {record.name: record for record in _DECLARED}
