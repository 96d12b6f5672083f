"""The reports: a record a group of tickets, and of its clocks or of what was measured."""

from __future__ import annotations

from helpdesk_cli.records.fields import CLOCKS, Field, nullable, record

# Keys of what a report is asked to group by: there with `--by` alone.
GROUPS = (
    nullable("plan", "text", "By plan: the tickets'.", label="plan", optional=True),
    nullable("priority", "text", "By priority: theirs.", label="priority", optional=True),
    nullable("org", "text", "By org: their organisation.", optional=True),
    nullable("category", "text", "By category: theirs.", label="category", optional=True),
    nullable("agent", "text", "By agent: their assignee; in `response` who answered.", optional=True),
    nullable("week", "text", "By week: the ISO week, as 2026-W09, in your zone.", optional=True),
)
_TIMES = (
    Field("count", "int", "How many were measured."),
    nullable("mean_seconds", "duration", "Their mean; null where nothing was measured."),
    nullable("p50_seconds", "duration", "The median by nearest rank: half of them took no longer."),
    nullable("p90_seconds", "duration", "Nine in ten took no longer."),
    nullable("p95_seconds", "duration", "Nineteen in twenty took no longer."),
)
_BY_STATUS = "open in_progress waiting_customer on_hold"
_BY_AGE = "age_under_1d age_1d_to_3d age_3d_to_7d age_7d_to_30d age_from_30d"
_TIMES_TABLE = "measure count mean_seconds p50_seconds p90_seconds p95_seconds"
_TIMES_KEEPS = "measure mean_seconds count p50_seconds p90_seconds p95_seconds"

DECLARED = (
    record(
        "report_sla", "How the clocks of a group stand, one clock a record.",
        *GROUPS,
        Field("clock", "text", "Which clock.", values=CLOCKS),
        Field("clocks", "int", "How many instances."),
        Field("met", "int", "Met in time."),
        Field("breached", "int", "Past the limit, whatever came later."),
        Field("met_late", "int", "Of the breached those met since."),
        Field("running", "int", "Running in time."),
        Field("paused", "int", "Paused in time."),
        Field("cancelled", "int", "Ended unjudged."),
        Field("at_risk", "int", "Of the running those past the warning."),
        nullable("met_share", "number", "met / (met + breached), down to four decimals; null of none.",
                 heading="met share"),
        nullable("exempt", "int", "Tickets without such a clock for their type; null where nobody can say."),
        nullable("uncovered", "int", "Tickets whose plan promises none; null where nobody can say."),
        table="clock met breached met_late running paused cancelled at_risk met_share exempt uncovered",
        keeps="clock breached met met_share running paused cancelled at_risk met_late uncovered exempt",
        key="clock", plural="clocks",
    ),
    record(
        "report_response", "How long the customers of a group waited for answers, in working time.",
        *GROUPS,
        Field("measure", "text", "The first answers, or all.", values=("first_response", "response")),
        *_TIMES,
        table=_TIMES_TABLE, keeps=_TIMES_KEEPS, key="measure", plural="answers",
    ),
    record(
        "report_resolution", "How long the resolutions of a group took, in working time.",
        *GROUPS,
        Field("measure", "text", "First or standing, with or without the waiting for the customer.",
              values=("first_resolution", "first_user_resolution", "resolution", "user_resolution")),
        *_TIMES,
        table=_TIMES_TABLE, keeps=_TIMES_KEEPS, key="measure", plural="resolutions",
    ),
    record(
        "report_backlog", "The open tickets of a group.",
        *GROUPS,
        Field("tickets", "int", "How many are in one of the first four statuses."),
        Field("open", "int", "Of these open."),
        Field("in_progress", "int", "In progress."),
        Field("waiting_customer", "int", "Waiting for the customer.", heading="waiting"),
        Field("on_hold", "int", "On hold."),
        Field("age_under_1d", "int", "Created less than a day ago, 24 hours.", heading="<1d"),
        Field("age_1d_to_3d", "int", "From one day to less than three.", heading="1-3d"),
        Field("age_3d_to_7d", "int", "From three days to less than seven.", heading="3-7d"),
        Field("age_7d_to_30d", "int", "From seven days to less than thirty.", heading="7-30d"),
        Field("age_from_30d", "int", "Thirty days and more.", heading="30d+"),
        Field("overdue", "int", "With a clock that is late and not met."),
        Field("at_risk", "int", "With a clock at risk."),
        nullable("oldest", "text", "The ticket that was created first."),
        nullable("oldest_created_at", "instant", "When it was.", heading="since"),
        Field("opened", "int", "By week: created in it.", optional=True),
        Field("closed", "int", "By week: resolved, or closed without that.", optional=True),
        Field("reopened", "int", "By week: opened again.", optional=True),
        Field("left_open", "int", "By week: open at its end.", optional=True),
        table=f"tickets {_BY_STATUS} {_BY_AGE} overdue at_risk oldest oldest_created_at",
        keeps=f"tickets overdue at_risk {_BY_STATUS} oldest {_BY_AGE} oldest_created_at",
        key="oldest", plural="open tickets", together=(_BY_STATUS, _BY_AGE),
    ),
)  # fmt: skip
