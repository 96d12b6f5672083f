"""What `ticket show`, `create`, `next`, `reply` and `note` print for a person: a page to work from.

Deadlines, pauses and notes are told in words, so that nothing depends on colour. Customers' text is indented
and made harmless before it is wrapped, so that none of it can pass for a line of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.commands.ticket.layout import columns, folded, page_width, when, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpdesk_cli.cli.options import Output

Row = Mapping[str, Any]
_LABEL = 11
_LABELLED = ("status", "priority", "category", "type", "plan")


def full(out: Output, ticket: Row) -> Iterator[str]:
    """Tell who and what, the clocks, the thread and, where the record has them, the events."""
    yield from short(out, ticket)
    for message in ticket["messages"]:
        yield ""
        yield from _message(out, message)
    if "events" in ticket:
        from helpdesk_cli.cli.commands.ticket.log_lines import log_lines

        yield from ("", "Events", *log_lines(out, ticket["events"]))


def short(out: Output, ticket: Row) -> Iterator[str]:
    """Tell who, what and the clocks."""
    yield from folded(f"{ticket['ref']}  {ticket['subject']}", page_width(out), indent=len(ticket["ref"]) + 2)
    for label, text in _facts(out, ticket):
        if text:
            yield from folded(f"{label:{_LABEL}} {text}", page_width(out), indent=_LABEL + 1)
    if ticket["clocks"]:
        yield f"Clocks ({zone_name(out)})"
        rows = [_clock(out, clock, ticket) for clock in _telling(ticket["clocks"])]
        yield from (line.rstrip() for line in columns(rows))


def confirmation(out: Output, message: Row, ticket: Row) -> Iterator[str]:
    """Tell which message went to which ticket, and how that stands now."""
    kind = "Message" if message["public"] else "Internal note"
    text = f"{kind} {message['id']} to {ticket['ref']}  {ticket['subject']}"
    yield from folded(text, page_width(out), indent=2)
    status = out.label("status", ticket["status"])
    ends = ticket["auto_close_at"]
    yield f"  by {message['author']}, {when(out, message['at'])}; the ticket is {status}"
    if ticket["next_due_at"] is not None:
        yield f"  next deadline {when(out, ticket['next_due_at'])} ({zone_name(out)})"
    if ends is not None:
        yield f"  closes by itself {when(out, ends)} ({zone_name(out)}) unless the customer writes"


def _facts(out: Output, ticket: Row) -> Iterator[tuple[str, str]]:
    """(label, text) a line; an empty text is no line."""
    label = {kind: out.label(kind, ticket[kind]) for kind in _LABELLED if ticket[kind] is not None}
    pressing = ticket["sla"].replace("_", " ") if ticket["sla"] in ("overdue", "at_risk") else ""
    until = _at(out, "until ", ticket["hold_until"])
    yield "Status", ", ".join(filter(None, (label["status"], until, pressing)))
    yield "Priority", f"{label['priority']}, plan {label['plan']}"
    yield "Category", ", ".join(label[kind] for kind in ("category", "type") if kind in label)
    yield "From", ", ".join(filter(None, (ticket["requester"], ticket["org"])))
    yield (
        "Assignee",
        (ticket["assignee"] or "nobody") + (f", team {ticket['team']}" if ticket["team"] else ""),
    )
    yield "Opened", f"{when(out, ticket['created_at'])} via {ticket['channel']}"
    yield "Resolved", _at(out, "", ticket["resolved_at"])
    yield "Closed", _at(out, "", ticket["closed_at"], f" by {ticket['closed_by']}")
    yield "Closes", _at(out, "", ticket["auto_close_at"], " unless the customer writes")
    yield "Tags", ", ".join(ticket["tags"])
    yield "Links", ", ".join(f"{link['kind']} {link['ref']}" for link in ticket["links"])
    yield "Merged into", ticket["merged_into"] or ""
    yield "Version", str(ticket["version"])


def _at(out: Output, before: str, text: str | None, after: str = "") -> str:
    return "" if text is None else f"{before}{when(out, text)}{after}"


def _telling(clocks: Iterable[Row]) -> list[Row]:
    """The last instance of each clock and every one that breached; the others were kept and say no more."""
    every = list(clocks)
    last = {clock["name"]: clock["instance"] for clock in every}
    return [c for c in every if c["instance"] == last[c["name"]] or c["breached_at"] is not None]


def _clock(out: Output, clock: Row, ticket: Row) -> list[str]:
    """Name, state, promise, deadline and what a person wants to know of it."""
    name = clock["name"].replace("_", " ") + (f" {clock['instance']}" if clock["instance"] > 1 else "")
    if clock["state"] == "none":
        return [f"  {name}", "not covered", "", "", ""]
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
    return f"{left}, {out.age(clock['due_at'])}" if out.terminal and clock["due_at"] else left


def _message(out: Output, message: Row) -> Iterator[str]:
    support = message["author"] != message["from"]
    who = message["author"] + (" (support)" if support and message["public"] else "")
    kind = "Message" if message["public"] else "INTERNAL NOTE"
    yield f"{kind} {message['id']}, {who}, {when(out, message['at'])}"
    for line in message["body"].split("\n"):
        yield from folded(f"  {line}", page_width(out), indent=2) if line.strip() else ("",)
