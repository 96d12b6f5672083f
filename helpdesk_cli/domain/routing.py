"""Which team and which agent a ticket goes to (M5, D20, Z21, H1): the first rule of the policy that fits.

A rule names a team, or says how an agent of it (of all, where it names none) is chosen, or both. What is
chosen is kept in the ticket's log, so that a replay never asks who is there today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.conditions import Condition, conditions, fits
from helpdesk_cli.domain.section_terms import ROUND_ROBIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from helpdesk_cli.domain.conditions import Facts
    from helpdesk_cli.domain.tickets import Ticket


class Rule(NamedTuple):
    """A rule of the policy: for which tickets it is, its team, how an agent is chosen, the skill needed."""

    name: str
    when: tuple[Condition, ...]
    team: str | None
    assign: str | None
    skill: str | None


class Candidate(NamedTuple):
    """An agent whom a rule may choose. active: tickets in one of the first four statuses; turn: the number of
    the last one that the rule gave, 0 for none."""

    id: int
    login: str
    active: int = 0
    turn: int = 0


def rules(document: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of a checked document, in its order."""
    return tuple(
        Rule(
            spec["name"],
            conditions(spec.get("when", {})),
            spec.get("team"),
            spec.get("assign"),
            spec.get("skill"),
        )
        for spec in document.get("routing", ())
    )


def first(known: Iterable[Rule], facts: Facts) -> Rule | None:
    """The first rule that fits."""
    return next((rule for rule in known if fits(rule.when, facts)), None)


def choose(rule: Rule, candidates: Iterable[Candidate]) -> Candidate | None:
    """Who gets the ticket: by turns the one whose turn is longest ago, else the one with the fewest active
    tickets; of equal ones the one who was made first. None where nobody is free."""
    if rule.assign == ROUND_ROBIN:
        return min(candidates, key=lambda each: (each.turn, each.id), default=None)
    return min(candidates, key=lambda each: (each.active, each.id), default=None)


def begun(ticket: Ticket) -> bool:
    """Whether its assignee has begun: what is held, or was answered, is not taken away by a rule. The opening
    text that an agent writes for a customer is no answer (`sla.md 2`)."""
    opening = ticket.created_at if ticket.on_behalf else None
    answered = ticket.last_agent_message_at not in (None, opening)
    return ticket.assignee is not None and (answered or ticket.status != statuses.OPEN)
