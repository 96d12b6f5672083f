"""Who is to be told of what (`sla.md 6`): the notices that follow from events, and the outbox of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.events import asked
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.terms import REGION
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import UsageError
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import notices as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from helpdesk_cli.domain.events import Event
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App


# These go to the first role behind which there is somebody: a retired assignee is nobody.
_TO_ONE = ("warning", "breach")
OWNER = "owner"  # of an escalation that somebody asked for


class Notice(NamedTuple):
    """One notice to one recipient; `event_n` is the ordinal of the event in the ticket's log."""

    event_n: int
    kind: str
    recipient: str
    role: str
    at: str
    text: str


class Telling(NamedTuple):
    """What the notices of an event have in common, and `told`: by address in which role."""

    kind: str
    what: str
    told: Mapping[str, str]


def of_event(app: App, ticket: Ticket, event: Event, subject: Callable[[], str]) -> list[Notice]:
    """The notices of one event, with `ticket` as it stood after it; none for most events, and none to who was
    forgotten."""
    found = telling(app, ticket, event)
    return written(found, ticket.id, event, subject()) if found.told else []


def telling(app: App, ticket: Ticket, event: Event) -> Telling:
    """What the notices of an event say, and to whom."""
    kind, roles = _roles(ticket, event)
    told = rows.confirmed(app.db, ticket) if kind == "confirmation" else {}
    for role in roles:
        for address in _addresses(app, ticket, event, role):
            told.setdefault(address, role)
        if told and kind in _TO_ONE:
            break
    if not told:
        return Telling(kind, "", told)
    from helpdesk_cli.domain.people import is_anonymous

    known = {address: role for address, role in told.items() if not is_anonymous(address)}
    return Telling(kind, _what(ticket, event), known)


def written(found: Telling, ticket_id: int, event: Event, subject: str) -> list[Notice]:
    """The notices themselves."""
    text, at = f"{reference(ticket_id)} {found.what}: {subject}", to_text(event.at)
    return [Notice(event.n, found.kind, address, role, at, text) for address, role in found.told.items()]


def _addresses(app: App, ticket: Ticket, event: Event, role: str) -> list[str]:
    """The addresses behind a role; those of the regional contacts are the event's own."""
    contacts = event.data.get("contacts") if role == REGION else None
    if isinstance(contacts, list):
        return [contact["address"] for contact in contacts]
    if role == OWNER and asked(event) and ticket.escalation is not None:
        return rows.addresses(app.db, ticket._replace(assignee=ticket.escalation.owner), "assignee")
    return rows.addresses(app.db, ticket, role)


def _roles(ticket: Ticket, event: Event) -> tuple[str, list[str]]:
    match event.type:
        case "created":
            return "confirmation", []
        case "clock_warned" | "clock_breached":
            roles = ["team_lead"] if ticket.assignee is None else ["assignee", "team_lead"]
            return "warning" if event.type == "clock_warned" else "breach", roles
        case "escalated" if asked(event):  # the customer hears of every stage (Z28)
            return "escalation", ["requester", OWNER, *([REGION] if "contacts" in event.data else [])]
        case "escalated":
            notify = event.data.get("notify")
            return "escalation", [str(role) for role in notify] if isinstance(notify, list) else []
        case "reminded":
            return "reminder", ["requester"]
        case _:
            return "", []


def _what(ticket: Ticket, event: Event) -> str:
    clock = event.clock.replace("_", " ")
    match event.type:
        case "created":
            return "received"
        case "clock_warned":
            return f"{clock} at risk"
        case "clock_breached":
            return f"{clock} late since {event.data['breached_at']}"
        case "escalated" if asked(event):
            owner = None if ticket.escalation is None else ticket.escalation.owner
            return f"escalated to level {event.level}, owner {owner or 'nobody'}"
        case "escalated":
            return f"{clock} escalated to level {event.level} ({event.data['at']})"
        case _:
            return "will be closed unless you answer"


def list_notices(
    app: App,
    *,
    unsent: bool = False,
    ticket: int | None = None,
    kinds: Iterable[str] = (),
    sort: str | None = None,
    limit: int | None = None,
) -> tuple[Iterator[dict[str, Any]], Callable[[], int]]:
    """(records of notices, the oldest first; what counts how many `limit` left out). NotFoundError for an
    unknown ticket, UsageError `unknown_word` for a kind that there is not."""
    wanted = rows.Wanted(unsent, ticket, tuple(map(_kind, kinds)))
    order = order_of(sort, "notice")
    if ticket is not None:
        from helpdesk_cli.services import ticket_lists

        ticket_lists.require(app, ticket)

    def left() -> int:
        return 0 if limit is None else max(0, rows.count(app.db, wanted) - limit)

    return rows.stream(app.db, wanted, limit=limit, order=order), left


def _kind(text: str) -> str:
    from helpdesk_cli.domain.suggest import closest, shown
    from helpdesk_cli.records.sweeps import NOTICE_KINDS

    name = text.lower()
    if name not in NOTICE_KINDS:
        near = closest(name, NOTICE_KINDS)
        raise UsageError(
            f"there is no kind of notice {shown(text)}",
            code="unknown_word",
            hint=f"did you mean {near!r}?" if near else f"it is one of {', '.join(NOTICE_KINDS)}",
            details={"found": text, "expected": list(NOTICE_KINDS)},
        )
    return name


def done(app: App, notice_id: int) -> dict[str, Any]:
    """Mark a notice as passed on; once marked it stays as it was. NotFoundError where there is none."""
    with app.write():
        return rows.mark_done(app.db, notice_id, to_text(app.now()))
