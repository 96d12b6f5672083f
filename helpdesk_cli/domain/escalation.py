"""What an escalation level changes (`sla.md 6`): never past the top, never into an uncovered priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from helpdesk_cli.domain.terms import REGION, ROLES

if TYPE_CHECKING:
    from helpdesk_cli.domain.plans import Level, Policy
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket


def effect(ticket: Ticket, level: Level, rules: Rules) -> dict[str, object]:
    """The data of the `escalated` event: whom it notifies, who of the region that is, under `nobody` the
    names among them that nobody has, each change with before and after, and under `not_done` what it could
    not do and why."""
    data: dict[str, object] = {"at": level.text, "notify": list(level.notify)}
    policy = rules.get(ticket.policy_version)
    regional = regional_contacts(ticket, level.level, rules) if REGION in level.notify else {}
    data |= regional
    nobody = [word for word in level.notify if not _known(word, rules) and not (word == REGION and regional)]
    if nobody:
        data["nobody"] = nobody
    not_done: list[str] = []
    wanted = level.set.get("priority")
    if wanted is not None:
        after, reason = raised(ticket, wanted, policy)
        _change(data, "priority", ticket.priority, after)
        if reason:
            not_done.append(reason)
    for key, known, before in (
        ("assignee", rules.has_agent, ticket.assignee),
        ("team", rules.has_team, ticket.team),
    ):
        name = level.set.get(key)
        if name is not None and not known(str(name)):
            not_done.append(f"{key} {name} is unknown")
        elif name is not None:
            _change(data, key, before, name)
    tags = level.set.get("tags")
    if isinstance(tags, list | tuple):
        _change(data, "tags", list(ticket.tags), sorted({*ticket.tags, *map(str, tags)}))
    if not_done:
        data["not_done"] = not_done
    return data


def regional_contacts(ticket: Ticket, level: int, rules: Rules) -> dict[str, object]:
    """Who is told of a level in the customer's region, as the event keeps it; nothing where the policy
    declares no regions or nobody there can be told."""
    document = rules.get(ticket.policy_version).document
    if not document.get("regions"):
        return {}
    from helpdesk_cli.domain import regions

    told = regions.told(document, rules.place_of(ticket.org), level)
    return {} if told is None else told.data()


def _known(word: str, rules: Rules) -> bool:
    return word in ROLES or rules.has_agent(word) or rules.has_team(word)


def raised(ticket: Ticket, wanted: object, policy: Policy) -> tuple[str, str | None]:
    """(priority afterwards, why it is not as wanted). A number is so many steps more urgent, a text the
    priority itself, which never makes a ticket less urgent."""
    if isinstance(wanted, str):
        if policy.rank(wanted) >= policy.rank(ticket.priority):
            return ticket.priority, f"priority is {ticket.priority} already, at least as urgent as {wanted}"
        if not _covered(ticket, wanted, policy):
            return ticket.priority, f"plan {ticket.plan} does not cover priority {wanted}"
        return wanted, None
    priority = ticket.priority
    for _ in range(cast("int", wanted)):
        rank = policy.rank(priority)
        if rank == 0:
            return priority, f"priority {priority} is the most urgent"
        above = policy.priorities[rank - 1]
        if not _covered(ticket, above, policy):
            return priority, f"plan {ticket.plan} does not cover priority {above}"
        priority = above
    return priority, None


def _covered(ticket: Ticket, priority: str, policy: Policy) -> bool:
    return bool(policy.plan(ticket.plan).targets.get(priority))


def _change(data: dict[str, object], key: str, before: object, after: object) -> None:
    if before != after:
        data[key] = {"before": before, "after": after}
