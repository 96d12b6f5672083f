"""Read tickets: lists by a filter, the ticket to work on next, one whole ticket, the event log."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.durations import format_duration
from helpdesk_cli.domain.filters import Order, TicketFilter, parse_order, require_few
from helpdesk_cli.domain.instants import from_text
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import NotFoundError, UsageError
from helpdesk_cli.services import lookup, ticket_records
from helpdesk_cli.storage import attachments, events, messages
from helpdesk_cli.storage import ticket_lists as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from helpdesk_cli.domain.search_query import TextFilter
    from helpdesk_cli.services.app import App

_DEFAULT_ORDER = Order("next_due_at")
_EVER = 36_525 * 86_400  # seconds: further ahead than any deadline
_MENTIONED = 3  # of the tickets that are due sooner
_NOBODY = 0  # no row has this id


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
        raise UsageError("--after needs --sort id, ascending", hint="--sort id --after ID")
    query = _query(app, options, after)

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db, query) - limit)

    return ticket_records.of_rows(app, rows.stream(app.db, query, order, limit)), left


def count_tickets(app: App, options: Mapping[str, Any]) -> int:
    return rows.count(app.db, _query(app, options))


def _query(app: App, options: Mapping[str, Any], after: int | None = None) -> rows.Query:
    wanted = resolve_filter(app, options)
    match = None if wanted.text is None else app.db.full_text.match
    return rows.compiled(wanted, app.now(), after, match)


def resolve_filter(app: App, options: Mapping[str, Any]) -> TicketFilter:
    """Names and aliases to machine names and ids. NotFoundError and UsageError with suggestions."""
    require_few(options)
    policy = app.policies.latest()
    within = options.get("due_within")
    text = _text(app, options.get("text"))
    # A text that asks for statuses is not narrowed to the active ones.
    any_status = text is not None and text.only.status
    return TicketFilter(
        status=_statuses(app, options.get("status") or (("all",) if any_status else ())),
        priority=tuple(policy.priority(name)["name"] for name in options.get("priority", ())),
        category=_declared(options.get("category", ()), policy.category),
        type=_declared(options.get("type", ()), policy.ticket_type),
        plan=tuple(policy.plan(name).name for name in options.get("plan", ())),
        channel=tuple(options.get("channel", ())),
        org=tuple(lookup.org_ids(app.db, options.get("org", ()))),
        requester=tuple(_requester(app, email) for email in options.get("sender", ())),
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
        text=text,
    )


def _requester(app: App, email: str) -> int:
    """The contact of an address; an address that nobody has is no mistake: a script asks who wrote before."""
    try:
        return int(lookup.contact(app.db, email)["id"])
    except NotFoundError:
        return _NOBODY


def _text(app: App, query: str | None) -> TextFilter | None:
    if query is None:
        return None
    from helpdesk_cli.services.search import text_filter

    return text_filter(app, query)


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
    """One ticket with its messages and, if wanted, its events. NotFoundError where there is none.

    Both are iterators that read as they are used, for a thread may be of any length; what is written
    meanwhile is not in them.
    """
    with app.db.read():
        require(app, ticket_id)
        record = ticket_records.of_ticket(app, ticket_id)
        last_message, last_event = messages.last_id(app.db), events.last_seq(app.db)
        files = attachments.of_ticket(app.db, ticket_id, customer_view=customer_view)
    thread = messages.of_ticket(app.db, ticket_id, customer_view=customer_view)
    record["messages"] = takewhile(lambda message: message["id"] <= last_message, thread)
    if with_events:
        log_ = takewhile(lambda event: event["seq"] <= last_event, _events(app, ticket_id))
        seen = {file["id"] for file in files}
        record["events"] = (event for event in log_ if not customer_view or _is_for_customers(event, seen))
    record["attachments"] = files
    return record


def _is_for_customers(event: Mapping[str, Any], files: Container[int]) -> bool:
    """Neither a note nor a file that support keeps for itself."""
    return event["type"] != "note" and (event["type"] != "attached" or event["data"]["attachment"] in files)


def log(app: App, ticket_id: int) -> Iterator[dict[str, Any]]:
    """Every event of a ticket, oldest first. NotFoundError where there is no such ticket."""
    require(app, ticket_id)
    return _events(app, ticket_id)


def _events(app: App, ticket_id: int) -> Iterator[dict[str, Any]]:
    return events.stream(app.db, events.Wanted(ticket=ticket_id))


def require(app: App, ticket_id: int) -> None:
    """NotFoundError `ticket_not_found` where there is no such ticket."""
    if rows.get(app.db, ticket_id) is None:
        raise NotFoundError(
            f"there is no ticket {reference(ticket_id)}",
            code="ticket_not_found",
            hint="helpdesk ticket list --status all",
        )


def next_ticket(
    app: App, *, order: str | None = None, team: str | None = None, take: bool = False
) -> dict[str, Any]:
    """The ticket to work on now: of the open ones that are free or mine; `take` claims it. What the agent has
    in progress and owes sooner is announced. `order` is the policy's unless given (H11). NotFoundError
    `none_left`."""
    db = app.db_to_write() if take else app.db
    order = order or str(app.policies.latest().document.get("queue", {}).get("order", "deadline"))
    agent = app.actor()
    team_id = None if team is None else lookup.team(db, team)["id"]
    if take:
        from helpdesk_cli.services import lifecycle

        ticket = lifecycle.take_next(app, order, team_id)
    else:
        found = rows.next_open(app.db, order, team_id, None if agent is None else agent["login"])
        ticket = None if found is None else ticket_records.of_ticket(app, found)
    if ticket is None:
        filters = "--status active" if agent is None else "--assignee me"
        raise NotFoundError(
            "no open ticket is free or yours", code="none_left", hint=f"helpdesk ticket list {filters}"
        )
    if agent is not None and order == "deadline":
        _announce_sooner(app, ticket["next_due_at"])
    return ticket


def _announce_sooner(app: App, due: str | None) -> None:
    """Say which tickets the agent has in progress that are due before `due`, and how they stand."""
    ahead = _EVER if due is None else int((from_text(due) - app.now()).total_seconds()) - 1
    mine = {"status": (statuses.IN_PROGRESS,), "assignee": ("me",), "due_within": ahead}
    total = count_tickets(app, mine)
    if total == 0:
        return
    first, _ = list_tickets(app, mine, limit=_MENTIONED)
    clocks = [(ticket["ref"], ticket_records.next_clock(ticket)) for ticket in first]
    told = [f"{ref} ({_left(clock)})" for ref, clock in clocks if clock is not None]
    more = f" and {total - len(told)} more" if total > len(told) else ""
    app.announcements.append(f"you have {total} in progress, due before it: {', '.join(told)}{more}")


def _left(clock: Mapping[str, Any]) -> str:
    """How a clock stands in working time."""
    if clock["state"] == "breached":
        return f"late by {format_duration(clock['late_by_seconds'])}"
    return f"{format_duration(clock['remaining_seconds'])} left"
