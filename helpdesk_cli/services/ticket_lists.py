"""Read tickets: lists by a filter, the ticket to work on next, one whole ticket, the event log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.filters import Order, TicketFilter, parse_order
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import NotFoundError, UsageError
from helpdesk_cli.services import lookup, ticket_records
from helpdesk_cli.storage import events, messages
from helpdesk_cli.storage import ticket_lists as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from helpdesk_cli.services.app import App

_DEFAULT_ORDER = Order("next_due_at")


def list_tickets(
    app: App,
    options: Mapping[str, Any],
    *,
    sort: str | None = None,
    limit: int | None = None,
    after: int | None = None,
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records in order; what counts how many more there are). `options`: the filters of `cli.md` as
    typed, instants as datetimes, `due_within` in seconds. `after` pages by id and needs `sort` id."""
    order = _DEFAULT_ORDER if sort is None else parse_order(sort)
    if after is not None and order != Order("id"):
        raise UsageError("--after pages by id", hint="add --sort id")
    query = rows.compiled(resolve_filter(app, options), app.now(), after)

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db, query) - limit)

    return ticket_records.of_rows(app, rows.stream(app.db, query, order, limit)), left


def count_tickets(app: App, options: Mapping[str, Any]) -> int:
    return rows.count(app.db, rows.compiled(resolve_filter(app, options), app.now()))


def resolve_filter(app: App, options: Mapping[str, Any]) -> TicketFilter:
    """Names and aliases to machine names and ids. NotFoundError and UsageError with suggestions."""
    policy = app.policies.latest()
    within = options.get("due_within")
    return TicketFilter(
        status=_statuses(app, options.get("status", ())),
        priority=tuple(policy.priority(name)["name"] for name in options.get("priority", ())),
        category=_declared(options.get("category", ()), policy.category),
        type=_declared(options.get("type", ()), policy.ticket_type),
        plan=tuple(policy.plan(name).name for name in options.get("plan", ())),
        channel=tuple(options.get("channel", ())),
        org=tuple(lookup.org_ids(app.db, options.get("org", ()))),
        requester=tuple(lookup.contact(app.db, email)["id"] for email in options.get("sender", ())),
        assignee=tuple(lookup.ids(lookup.agent, app, options.get("assignee", ()))),
        team=tuple(lookup.ids(lookup.team, app.db, options.get("team", ()))),
        tag=tuple(options.get("tag", ())),
        breached=bool(options.get("breached")),
        overdue=bool(options.get("overdue")),
        at_risk=bool(options.get("at_risk")),
        due_before=None if within is None else app.now() + timedelta(seconds=within),
        created_after=options.get("created_after"),
        created_before=options.get("created_before"),
        updated_after=options.get("updated_after"),
        updated_before=options.get("updated_before"),
    )


def _statuses(app: App, words: Iterable[str]) -> tuple[str, ...]:
    """`active` (also the default) is the first four, `all` any."""
    wanted = list(words) or ["active"]
    if "all" in wanted:
        return ()
    policy = app.policies.latest()
    found: list[str] = []
    for word in wanted:
        found += statuses.ACTIVE if word == "active" else [policy.status(word)]
    return tuple(status for status in statuses.ALL if status in found)


def _declared(names: Iterable[str], find: Any) -> tuple[str | None, ...]:
    return tuple(None if name == "none" else find(name)["name"] for name in names)


def show(
    app: App, ticket_id: int, *, with_events: bool = False, customer_view: bool = False
) -> dict[str, Any]:
    """One ticket with its messages and, if wanted, its events. NotFoundError where there is none."""
    with app.db.read():
        require(app, ticket_id)
        record = ticket_records.of_ticket(app, ticket_id)
        record["messages"] = messages.of_ticket(app.db, ticket_id, customer_view=customer_view)
        if with_events:
            log_ = events.stream(app.db, ticket=ticket_id)
            record["events"] = [event for event in log_ if not (customer_view and event["type"] == "note")]
    return record


def log(app: App, ticket_id: int) -> Iterator[dict[str, Any]]:
    """Every event of a ticket, oldest first. NotFoundError where there is no such ticket."""
    require(app, ticket_id)
    return events.stream(app.db, ticket=ticket_id)


def require(app: App, ticket_id: int) -> None:
    """NotFoundError `ticket_not_found` where there is no such ticket."""
    if rows.get(app.db, ticket_id) is None:
        raise NotFoundError(
            f"there is no ticket {reference(ticket_id)}",
            code="ticket_not_found",
            hint="helpdesk ticket list --status all",
        )


def next_ticket(
    app: App, *, order: str = "deadline", team: str | None = None, take: bool = False
) -> dict[str, Any]:
    """The ticket to work on now: of the open ones that are free or mine; `take` claims it.
    NotFoundError `none_left`."""
    team_id = None if team is None else lookup.team(app.db, team)["id"]
    if take:
        from helpdesk_cli.services import lifecycle

        ticket = lifecycle.take_next(app, order, team_id)
    else:
        agent = app.actor()
        found = rows.next_open(app.db, order, team_id, None if agent is None else agent["login"])
        ticket = None if found is None else ticket_records.of_ticket(app, found)
    if ticket is None:
        raise NotFoundError(
            "no open ticket is free or yours", code="none_left", hint="helpdesk ticket list --status active"
        )
    return ticket
