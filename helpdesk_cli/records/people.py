"""Customers and support: organisations, contacts, agents, teams."""

from __future__ import annotations

from helpdesk_cli.records.fields import CREATED, Field, nullable, record

CONTACT_ROLES = ("main", "sub", "admin")

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
        nullable("country", "text", "Where it is: two letters of ISO 3166, or XK for Kosovo."),
        nullable("area", "text", "The part of the country or region, such as east."),
        nullable("parent", "text", "The name of the organisation that it is a part of."),
        nullable("contract_until", "text", "The last day of its support contract, as 2026-12-31; null: it has"
                 " none."),
        nullable("success_manager", "text", "The login of the agent who sees to it that it gets on."),
        nullable("effective_region", "text", "The region that serves it: its own, else that of its country,"
                 " else the policy's default.", heading="served from", derived=True),
        Field("large_account", "bool", "Whether it has as many licences as the policy asks for in that"
              " region.", derived=True),
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
        Field("role", "text", "`main`: the organisation's own; `sub`: a further one; `admin`: who may decide"
              " for it.", values=CONTACT_ROLES),
        CREATED,
        nullable("language", "text", "The language in which the person writes, as fr."),
        Field("notify", "bool", "Whether the person is told of every new ticket of the organisation."),
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
        Field("skills", "list", "What the person is good at, in lower case.", of="text"),
        nullable("away_since", "instant", "Since when the person is away; null: is there.", heading="away"),
        table="login name email team away_since retired", keeps="login name team away_since email retired",
        key="login",
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
