"""What the policy declares, and what checking and applying a file says."""

from __future__ import annotations

from helpdesk_cli.records.fields import CLOCKS, Field, nullable, record

_CLOSING = ("always", "before_reply", "never")
_ORIGIN = Field("origin", "text", "Where it was made.", values=("policy", "cli"))
_LABEL = nullable("label", "labels", "Language to label.")

DECLARED = (
    record(
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
        table="name label default calendar customer_close retired",
        keeps="name default calendar customer_close retired label", key="name",
    ),
    record(
        "calendar", "Opening hours and holidays.",
        Field("name", "text", "Its name.", heading="calendar"),
        Field("timezone", "text", "The zone of its hours.", heading="zone"),
        Field("hours", "object", "Days to windows of local time."),
        Field("holidays", "list", "Dates, yearly dates and ranges.", of="text"),
        nullable("country_holidays", "text", "A country whose holidays are closed too."),
        Field("country_dates", "object", "Those holidays, as they were when the policy was applied."),
        Field("exceptions", "object", "Dates with other hours."),
        table="name timezone hours", key="name",
    ),
    record(
        "priority", "A priority; the order is the rank.",
        Field("name", "text", "Its name.", heading="priority"),
        Field("rank", "int", "0 is the most urgent."),
        _LABEL,
        nullable("meaning", "text", "When to choose it."),
        _ORIGIN,
        Field("default", "bool", "The priority of a ticket that names none."),
        Field("retired", "bool", "Kept for old tickets only."),
        nullable("description", "text", "More about it."),
        table="rank name label meaning default origin retired",
        keeps="name rank default meaning retired label origin", key="name", plural="priorities",
    ),
    record(
        "category", "A department or queue.",
        Field("name", "text", "Its name.", heading="category"),
        _LABEL,
        nullable("description", "text", "What belongs there."),
        _ORIGIN,
        Field("retired", "bool", "Kept for old tickets only."),
        table="name label description origin retired",
        keeps="name description retired label origin", key="name", plural="categories",
    ),
    record(
        "type", "A type of ticket.",
        Field("name", "text", "Its name.", heading="type"),
        _LABEL,
        nullable("description", "text", "What it is for."),
        Field("sla", "bool", "False: excluded from the agreement, no clock runs."),
        Field("retired", "bool", "Kept for old tickets only."),
        table="name label description sla retired", keeps="name description sla retired label", key="name",
    ),
    record(
        "policy", "A version of the policy, as `plan apply` leaves it.",
        Field("version", "int", "Its number, from 1."),
        Field("at", "instant", "The instant from which it counts."),
        Field("applied", "bool", "False where the file changes nothing, and in a dry run."),
        Field("dry_run", "bool", "Whether it was rolled back."),
        Field("changes", "list", "What differs from the version before.", of="plan_change"),
        Field("moved", "list", "The deadlines that it moves.", of="moved_deadline"),
        table="version at applied dry_run", key="version", plural="policies",
    ),
    record(
        "plan_change", "A difference between the policy in force and a file.",
        Field("change", "text", "What happens to it.", values=("added", "removed", "changed")),
        Field("path", "text", "Where, such as `plans.basic.targets.low`."),
        nullable("before", "text", "The old text."),
        nullable("after", "text", "The new text."),
        Field("text", "text", "All of it in one line."),
        table="change path before after", key="path", plural="changes",
    ),
    record(
        "moved_deadline", "A ticket's deadline that a new policy moves.",
        Field("ticket", "int", "The ticket's id."),
        Field("clock", "text", "Which clock.", values=CLOCKS),
        Field("instance", "int", "Which instance.", heading="#"),
        nullable("before", "instant", "The old deadline."),
        nullable("after", "instant", "The new one."),
        table="ticket clock instance before after", key="ticket", plural="moved deadlines",
    ),
    record(
        "problem", "A mistake in a policy file.",
        nullable("line", "int", "Its line."),
        Field("message", "text", "What was found and what was expected."),
        nullable("column", "int", "Its column."),
        nullable("hint", "text", "What to do."),
        table="line message hint", key="line",
    ),
)  # fmt: skip
