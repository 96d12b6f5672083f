"""What `ticket show`, `create`, `next`, `reply` and `note` print for a person: a page to work from.

Deadlines, pauses and notes are told in words, so that nothing depends on colour. Customers' text is indented
and made harmless before it is wrapped, so that none of it can pass for a line of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.layout import (
    apart,
    columns,
    folded,
    labelled,
    page_width,
    when,
    zone_name,
)
from helpdesk_cli.domain.instants import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.cli.options import Output

Row = Mapping[str, Any]
_MOMENT = 60  # seconds
_LABELLED = ("priority", "category", "type", "plan")


def full(out: Output, ticket: Row) -> Iterator[str]:
    """Tell who and what, the clocks, the thread and, where the record has them, the events."""
    yield from short(out, ticket)
    for message in ticket["messages"]:
        yield ""
        yield from _message(out, message)
    kept = [file for file in ticket["attachments"] if file["message"] is None]
    if kept:
        yield from ("", "Files that support keeps", *_files(out, kept))
    if "events" in ticket:
        from helpdesk_cli.cli.commands.ticket.log_lines import log_lines

        yield from ("", "Events", *log_lines(out, ticket["events"]))


def short(out: Output, ticket: Row) -> Iterator[str]:
    """Tell who, what and the clocks."""
    yield from folded(f"{ticket['ref']}  {ticket['subject']}", page_width(out), indent=len(ticket["ref"]) + 2)
    for label, text in _facts(out, ticket):
        if text:
            yield from labelled(out, label, text)
    if ticket["clocks"]:
        head = ["Clocks", "state", "target", f"due ({zone_name(out)})", ""]
        yield from columns(out, [head, *(_clock(out, clock, ticket) for clock in _telling(ticket["clocks"]))])


def confirmation(out: Output, message: Row, ticket: Row) -> Iterator[str]:
    """Tell which message went to which ticket, and how that stands now."""
    from helpdesk_cli.services import ticket_records

    kind = "Message" if message["public"] else "Internal note"
    status, due, ends = out.status(ticket), ticket["next_due_at"], ticket["auto_close_at"]
    told = [
        f"{kind} {message['id']} to {ticket['ref']}  {ticket['subject']}",
        f"  by {message['author']}, {when(out, message['at'])}; the ticket is {apart(out, status)}",
    ]
    if message["cc"]:
        told.append(f"  in copy: {', '.join(message['cc'])}")
    if message["attachments"]:
        told.append(f"  with {', '.join(apart(out, file['name']) for file in message['attachments'])}")
    if due is not None:
        clock = ticket_records.next_clock(ticket)
        which = "" if clock is None else f", {clock['name'].replace('_', ' ')}"
        told.append(f"  next deadline {when(out, due)} ({zone_name(out)}){which}")
    if ends is not None:
        told.append(f"  closes by itself {when(out, ends)} ({zone_name(out)}) unless the customer writes")
    for line in told:
        yield from folded(line, page_width(out), indent=4)


def _facts(out: Output, ticket: Row) -> Iterator[tuple[str, str]]:
    """(label, text) a line; an empty text is no line."""
    from helpdesk_cli.services import linking

    label = {
        kind: apart(out, out.label(kind, ticket[kind])) for kind in _LABELLED if ticket[kind] is not None
    }
    label["status"] = apart(out, out.status(ticket))
    pressing = ticket["sla"].replace("_", " ") if ticket["sla"] in ("overdue", "at_risk") else ""
    now = to_text(out.app.now())
    over = _past(ticket["hold_until"], now, " (over: the next sweep resumes it)", "")
    until = _at(out, "until ", ticket["hold_until"], over)
    yield "Status", ", ".join(filter(None, (label["status"], until, pressing)))
    yield "Priority", f"{label['priority']}, plan {label['plan']}"
    yield "Category", ", ".join(label[kind] for kind in ("category", "type") if kind in label)
    yield from _customer(out, ticket)
    team = f", team {apart(out, ticket['team'])}" if ticket["team"] else ""
    yield "Assignee", apart(out, ticket["assignee"] or "nobody") + team
    if ticket["escalation"] is not None:
        yield from _escalated(out, ticket["escalation"])
    yield "Opened", f"{when(out, ticket['created_at'])} via {ticket['channel']}"
    yield "Resolved", _at(out, "", ticket["resolved_at"])
    yield "Closed", _at(out, "", ticket["closed_at"], f" by {ticket['closed_by']}")
    due = _past(
        ticket["auto_close_at"], now, " (due: the next sweep closes it)", " unless the customer writes"
    )
    yield "Closes", _at(out, "", ticket["auto_close_at"], due)
    yield "Tags", ", ".join(apart(out, tag) for tag in ticket["tags"])
    yield "Links", ", ".join(linking.in_words(out.app, ticket))
    yield "Merged into", ticket["merged_into"] or ""
    yield "Merged in", ", ".join(linking.merged_in(out.app, ticket))
    spent = ticket["time_spent_seconds"]
    yield "Time spent", out.duration(spent) if spent else ""
    yield "Version", str(ticket["version"])
    yield "Times in", zone_name(out)


def _escalated(out: Output, asked: Row) -> Iterator[tuple[str, str]]:
    owner = apart(out, asked["owner"] or "nobody")
    yield "Escalated", f"to level {asked['level']}, owner {owner}, since {when(out, asked['since'])}"
    impact = f" (impact: {apart(out, asked['impact'])})" if asked["impact"] else ""
    yield "Why", apart(out, asked["reason"]) + impact


def _customer(out: Output, ticket: Row) -> Iterator[tuple[str, str]]:
    """The person, and how their organisation is to be treated."""
    from helpdesk_cli.services import requesters

    found = requesters.of_ticket(out.app, ticket)
    address = ticket["requester"]
    person = f"{apart(out, found.name)} <{address}>" if found.name else address
    yield "From", ", ".join(filter(None, (person, ticket["org"] and apart(out, ticket["org"]))))
    tier = found.tier and f"tier {apart(out, found.tier)}"
    manager = found.manager and f"account manager {apart(out, found.manager)}"
    yield "Customer", ", ".join(filter(None, ("VIP" if found.vip else "", tier, manager)))


def _at(out: Output, before: str, text: str | None, after: str = "") -> str:
    return "" if text is None else f"{before}{when(out, text)}{after}"


def _past(text: str | None, now: str, then: str, otherwise: str) -> str:
    """`then` where the instant has come and no sweep has been."""
    return then if text is not None and text <= now else otherwise


def _telling(clocks: Iterable[Row]) -> list[Row]:
    """The last instance of each clock and every one that breached; the others were kept and say no more."""
    every = list(clocks)
    last = {clock["name"]: clock["instance"] for clock in every}
    return [c for c in every if c["instance"] == last[c["name"]] or c["breached_at"] is not None]


def _clock(out: Output, clock: Row, ticket: Row) -> list[str]:
    """Name, state, promise, deadline and what a person wants to know of it."""
    name = clock["name"].replace("_", " ") + (f" {clock['instance']}" if clock["instance"] > 1 else "")
    if clock["state"] == "none":
        return [f"  {name}", "-", "-", "not covered", ""]
    goal = f"{out.duration(clock['goal_seconds'])}.." if clock["goal_seconds"] is not None else ""
    promise = goal + out.duration(clock["target_seconds"])
    due = out.instant(clock["due_at"]) if clock["due_at"] is not None else ""
    return [f"  {name}", _state(clock, ticket), promise, due, _detail(out, clock)]


def _state(clock: Row, ticket: Row) -> str:
    if clock["state"] == "breached" and clock["met_at"] is None:
        return "overdue" if ticket["sla"] == "overdue" else "breached"
    if clock["state"] == "breached":
        return "met late"
    return "at risk" if clock["at_risk"] else str(clock["state"])


def _detail(out: Output, clock: Row) -> str:
    late = f"late by {out.duration(clock['late_by_seconds'])}"
    if clock["met_at"] is not None:
        after = f"after {out.duration(clock['elapsed_seconds'])}"
        return f"{after}, {late}" if clock["state"] == "breached" else after
    if clock["state"] == "breached":
        return late
    if clock["state"] == "cancelled":
        return ""
    left = f"{out.duration(clock['remaining_seconds'])} left"
    if not out.terminal or clock["due_at"] is None:
        return left
    # Around the clock working time is time, and said once; between the two readings of it a moment may pass.
    away = (datetime.fromisoformat(clock["due_at"]) - out.app.now()).total_seconds()
    same = abs(away - clock["remaining_seconds"]) < _MOMENT
    return left if same else f"{left}, {out.age(clock['due_at'])}"


def _message(out: Output, message: Row) -> Iterator[str]:
    support = message["author"] != message["from"]
    who = message["author"] + (" (support)" if support and message["public"] else "")
    kind = "Message" if message["public"] else "INTERNAL NOTE"
    head = f"{kind} {message['id']}, {who}, {when(out, message['at'])}"
    if message["edited_at"] is not None:
        head += f", edited by {message['edited_by']} {when(out, message['edited_at'])}"
    yield from folded(head, page_width(out), indent=2)
    if message["cc"]:
        yield from folded(f"Cc {', '.join(message['cc'])}", page_width(out), indent=2)
    yield from _files(out, message["attachments"])
    for line in message["body"].split("\n"):
        yield from folded(f"  {line}", page_width(out), indent=2) if line.strip() else ("",)


def _files(out: Output, files: Iterable[Row]) -> Iterator[str]:
    """A line a file, by its number for `attachment save`."""
    for file in files:
        told = f"Attachment {file['id']}: {apart(out, file['name'])}, {_size(file['size'])}"
        yield from folded(told + ("" if file["sha256"] else ", forgotten"), page_width(out), indent=2)


def _size(size: int) -> str:
    """Bytes as a person reads them: `512 bytes`, `1.5 MiB`."""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.1f} KiB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MiB"
