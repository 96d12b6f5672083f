"""Customers and support: organisations, contacts, agents, teams."""

from __future__ import annotations

from helpdesk_cli.records.fields import CREATED, Field, nullable, record

DECLARED = (
    record(
        "org", "An organisation: a customer.",
        Field("id", "int", "Never reused."),
        Field("name", "text", "Unique, in any case of letters.", heading="organisation"),
        Field("plan", "text", "The plan of its new tickets.", label="plan"),
        Field("domains", "list", "Mail domains that are its.", of="text"),
        nullable("region", "text", "Where it is served from."),
        nullable("licences", "int", "How many it bought."),
        nullable("tier", "text", "Its standing."),
        nullable("account_manager", "text", "The login of the agent who looks after it."),
        Field("vip", "bool", "Whether it is to be treated with special care."),
        CREATED,
        Field("moved", "list", "Of `org edit --open-tickets`: the deadlines that it moves.",
              of="moved_deadline", optional=True),
        table="name plan domains account_manager vip", key="name", plural="organisations",
    ),
    record(
        "contact", "A person at a customer.",
        Field("id", "int", "Never reused."),
        Field("email", "text", "The address, unique.", heading="contact"),
        nullable("name", "text", "The person's name."),
        nullable("org", "text", "The organisation's name."),
        Field("role", "text", "`main` or `sub`.", values=("main", "sub")),
        CREATED,
        table="email name org role", key="email",
    ),
    record(
        "agent", "A person of support.",
        Field("id", "int", "Never reused."),
        Field("login", "text", "The name by which it acts.", heading="agent"),
        Field("email", "text", "The address."),
        nullable("name", "text", "The person's name."),
        nullable("team", "text", "The team's name."),
        nullable("timezone", "text", "The person's zone."),
        Field("retired", "bool", "Acts no more."),
        CREATED,
        table="login name email team retired", key="login",
    ),
    record(
        "team", "A team of agents.",
        Field("id", "int", "Never reused."),
        Field("name", "text", "Unique, in any case of letters.", heading="team"),
        nullable("lead", "text", "The login of the agent who leads it."),
        CREATED,
        Field("members", "list", "The logins of those in it who act.", of="text"),
        table="name lead members", key="name",
    ),
)  # fmt: skip
