"""`route explain`: which rule of the policy a ticket comes under, and why."""

from __future__ import annotations

from helpdesk_cli.records.fields import Field, nullable, record

DECLARED = (
    record(
        "route", "Which rule of the policy gives a ticket to whom.",
        Field("ticket", "int", "The ticket's id."),
        Field("ref", "text", "The same as HD-42."),
        nullable("rule", "text", "The first rule that fits the ticket now; null where none does."),
        nullable("team", "text", "The team that has it."),
        nullable("assignee", "text", "The login of the agent who has it."),
        nullable("routed_by", "text", "The rule that gave it to somebody last."),
        nullable("routed_at", "instant", "When that was."),
        Field("rules", "list", "The rules in the order of the policy, up to the one that fits.",
              of="route_rule"),
        Field("candidates", "list", "The agents of that rule's team, where it assigns one.",
              of="route_candidate"),
        table="ref rule team assignee routed_by routed_at", key="ticket",
    ),
    record(
        "route_rule", "A rule, and what kept it from fitting.",
        Field("name", "text", "Its name.", heading="route"),
        Field("fits", "bool", "Whether all of its conditions hold."),
        nullable("condition", "text", "The first that does not."),
        nullable("wanted", "text", "What that asks for: any of these."),
        nullable("found", "text", "What the ticket has instead; `none` for no value."),
        nullable("team", "text", "The team that it leads to."),
        nullable("assign", "text", "How an agent is chosen.", values=("round_robin", "least_loaded")),
        nullable("skill", "text", "What the agent must be good at."),
        table="name fits condition wanted found team assign skill",
        keeps="name fits condition wanted found team assign skill", key="name",
    ),
    record(
        "route_candidate", "An agent whom a rule may choose.",
        Field("agent", "text", "The login."),
        Field("active_tickets", "int", "Tickets that are not resolved or closed."),
        nullable("last_turn", "int", "The number of the last turn that the rule gave; null for none."),
        Field("away", "bool", "Away: passed over."),
        Field("skilled", "bool", "Has the skill that the rule asks for."),
        Field("next", "bool", "Who would get the next ticket."),
        table="agent active_tickets last_turn away skilled next", key="agent",
    ),
)  # fmt: skip
