"""`db check`: every cached row made again from the events and compared (`sla.md 1`: there must never be a
difference), and the calendars that newer zone rules or holidays would move. `--deep` asks the engine and the
full-text index too."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import links
from helpdesk_cli.domain.due import summary
from helpdesk_cli.domain.replay import replay
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.domain.zones import tzdata_version
from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.storage import attachments, clocks, events, policy, ticket_lists, tickets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.links import Link
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App

# Columns that follow from zone rules: after an upgrade of tzdata they may lawfully differ.
_OF_ZONES = frozenset(
    {"starts_at", "due_at", "warn_at", "late_at", "next_due_at", "sort_due", "act_at", "auto_close_at"}
)


def check(app: App) -> Iterator[str]:
    """A line for each row that differs from what the events say; nothing is written."""
    moved: Counter[str] = Counter()
    for ticket_id in tickets.all_ids(app.db):
        with app.db.read():
            problems = list(_told(app, ticket_id, moved))
        yield from (f"{reference(ticket_id)}: {problem}" for problem in problems)
    for calendar, count in sorted(moved.items()):
        yield (
            f"calendar {calendar}: {count} deadlines would move under tzdata {tzdata_version()}:"
            " run `helpdesk plan apply` with the policy in force"
        )
    for calendar, told in moved_holidays(app):
        yield f"calendar {calendar}: {told}: run `helpdesk plan apply` with the policy in force"


def deep(app: App) -> Iterator[str]:
    """A line for each problem: of the file itself, of references between rows, of rows, of full-text search.
    Of a damaged file nothing more is said: the rest would only repeat it."""
    damage = None
    for damage in app.db.upkeep.problems():
        yield f"the file is damaged: {damage}"
    if damage is None:
        from helpdesk_cli.services.search_check import check_search

        for check_ in (_references, check, check_search, _attached):
            yield from check_(app)


def _references(app: App) -> Iterator[str]:
    return app.db.upkeep.broken_references()


def _attached(app: App) -> Iterator[str]:
    """Attached files that are missing or damaged."""
    from helpdesk_cli.services.attachments import problem

    for sha256, _size in attachments.contents(app.db):
        found = problem(app, sha256)
        if found is not None:
            for id_, ticket_id in attachments.naming(app.db, sha256):
                yield f"{reference(ticket_id)}: the file of attachment {id_} {found}: {sha256}"


def moved_holidays(app: App) -> Iterator[tuple[str, str]]:
    """(calendar, what would change) for calendars of the policy in force whose country has other dates by the
    `holidays` package of today than by the one that they were looked up with (`sla.md 4`)."""
    version = app.policies.latest().version
    stored = policy.get(app.db, version)
    if stored is None or stored.holidays_version is None:
        return
    from helpdesk_cli.adapters.country_holidays import holidays_version

    installed = holidays_version()
    if installed in (None, stored.holidays_version):
        return
    for name, spec in stored.document["calendars"].items():
        if spec.get("country_dates"):
            told = _moved_dates(spec["country_holidays"], spec["country_dates"])
            if told:
                yield name, f"{told} under holidays {installed}"


def _moved_dates(code: str, kept: dict[str, str]) -> str | None:
    """What another look at the same years says; a new name for a day moves nothing."""
    from helpdesk_cli.adapters.country_holidays import YEARS_BEFORE, country_dates

    try:
        today = country_dates(code, int(min(kept)[:4]) + YEARS_BEFORE)
    except HelpdeskError as error:
        return error.message
    moved = sorted(kept.keys() ^ today.keys())
    return f"{len(moved)} dates of {code} would change, the first {moved[0]}," if moved else None


def _told(app: App, ticket_id: int, moved: Counter[str]) -> Iterator[str]:
    """As `_of_ticket`, also of rows that no command wrote: another program, or a file that was imported."""
    try:
        yield from _of_ticket(app, ticket_id, moved)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        yield f"its rows cannot be read: {type(error).__name__}: {error}"


def _of_ticket(app: App, ticket_id: int, moved: Counter[str]) -> Iterator[str]:
    rules = app.policies
    log = events.of_ticket(app.db, ticket_id)
    try:
        ticket, problems = replay(ticket_id, log, rules)
        linked = links.of_log(ticket_id, log)
    except (LookupError, ValueError, TypeError, StopIteration, RuntimeError, HelpdeskError) as error:
        yield f"the log cannot be followed: {type(error).__name__}: {error}"
        return
    yield from problems
    if ticket is None:
        yield "has no events"
        return
    upgraded = rules.get(ticket.policy_version).tzdata != tzdata_version()
    stored = tickets.stored(app.db, ticket_id)
    differing = _different(tickets.row_of(ticket, summary(ticket, rules)), stored)
    clock_rows = {(row["name"], row["instance"]): row for row in clocks.stored(app.db, ticket_id)}
    for clock in ticket.clocks:
        row = clock_rows.pop((clock.name, clock.instance), None)
        wanted = clocks.row_of(ticket_id, clock, rules)
        if row is None:
            yield f"clock {clock.name} {clock.instance} is in the events, but its row is missing"
            continue
        columns = _different(wanted, row)
        if upgraded and columns and columns.keys() <= _OF_ZONES:
            moved[clock.spans[-1].calendar] += 1
            continue
        for column, (is_, should) in columns.items():
            yield f"clock {clock.name} {clock.instance}: {column} is {is_!r}, by the events {should!r}"
    for name, instance in clock_rows:
        yield f"clock {name} {instance} is not in the events"
    if not (upgraded and differing.keys() <= _OF_ZONES):
        for column, (is_, should) in differing.items():
            yield f"{column} is {is_!r}, by the events {should!r}"
    yield from _tags(app, ticket)
    yield from _links(app, ticket_id, linked)
    yield from _files(app, ticket_id, log)


def _different(wanted: dict[str, Any], stored: dict[str, Any]) -> dict[str, tuple[object, object]]:
    return {
        column: (stored[column], value)
        for column, value in wanted.items()
        if column in stored and stored[column] != value
    }


def _tags(app: App, ticket: Ticket) -> Iterator[str]:
    rows = tickets.stored_tags(app.db, ticket.id)
    if rows != ticket.tags:
        yield f"tags are {list(rows)}, by the events {list(ticket.tags)}"


def _links(app: App, ticket_id: int, linked: set[Link]) -> Iterator[str]:
    rows = sorted(
        f"{each['kind']} {each['ref']}" for each in ticket_lists.links(app.db, [ticket_id])[ticket_id]
    )
    wanted = sorted(f"{link.kind} {reference(link.other)}" for link in linked)
    if rows != wanted:
        yield f"links are {rows}, by the events {wanted}"


def _files(app: App, ticket_id: int, log: list[Event]) -> Iterator[str]:
    rows = {(row["id"], row["message"]) for row in attachments.of_ticket(app.db, ticket_id)}
    attached = (event.data for event in log if event.type == "attached")
    wanted = {(data.get("attachment"), data.get("message")) for data in attached}
    for id_, _message in sorted(rows ^ wanted, key=str):
        yield f"attachment {id_} is not as the events have it"
