"""Give tickets to teams and agents as the policy's rules say (M5), and tell why.

A ticket is routed when it is made, and again when an agent's edit of its priority, category or type leads to
another rule. Turns are given under the write lock, so two tickets at once get two.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import routing, verbs
from helpdesk_cli.domain.conditions import missed, told
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.section_terms import ROUND_ROBIN
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.text import fold
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.services.ticket_facts import FactsOf
from helpdesk_cli.storage import events, people, tickets
from helpdesk_cli.storage import routing as rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.conditions import Facts
    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.routing import Candidate, Rule
    from helpdesk_cli.domain.tickets import Ticket
    from helpdesk_cli.services.app import App
    from helpdesk_cli.services.change import Change
    from helpdesk_cli.storage.database import Row

Record = dict[str, Any]


class Desk:
    """Who gets the tickets of one use case, those that are not written yet counted too."""

    def __init__(self, app: App, policy: Policy, at: datetime) -> None:
        self._app = app
        self.rules = routing.rules(policy.document)
        by_language = any(each.name == "language" for rule in self.rules for each in rule.when)
        self._facts = FactsOf(app, policy, at, by_language=by_language)
        self._known: dict[Facts, Rule | None] = {}
        self._free: dict[str, list[Row]] = {}
        self._in_turn: dict[str, list[Candidate]] = {}
        self._teams: dict[str, str | None] = {}
        self._active: dict[int, int] = {}  # as it is written
        self._placed: dict[int, int] = {}  # and what came since
        self._last: dict[str, int] = {}
        self._given: dict[tuple[str, int], int] = {}

    def route(self, values: Mapping[str, Any]) -> dict[str, object]:
        """What the `created` event of a ticket with these values says of its rule: nothing without one."""
        rule = self._rule(values)
        if rule is None:
            return {}
        team, agent = self.team(rule), self.choose(rule)
        found = {"team": team, "assignee": agent, "rule": rule.name, "nobody_free": _nobody(rule, agent)}
        if found["nobody_free"]:
            self._app.announcements.append(f"route {rule.name}: nobody{_of(team)} is free, so nobody has it")
        return {key: value for key, value in found.items() if value}

    def _rule(self, values: Mapping[str, Any]) -> Rule | None:
        """The rule that fits; of many tickets few differ in what a rule may ask."""
        facts = self.facts(values)
        if facts not in self._known:
            self._known[facts] = routing.first(self.rules, facts)
        return self._known[facts]

    def facts(self, values: Mapping[str, Any]) -> Facts:
        """What the rules may ask of a ticket with these values."""
        return self._facts.of(values)

    def team(self, rule: Rule) -> str | None:
        """The name of the rule's team, as the team has it; None, which is told, where there is none."""
        if rule.team is None:
            return None
        if rule.team not in self._teams:
            row = people.team_by_key(self._app.db, fold(rule.team))
            self._teams[rule.team] = None if row is None else row["name"]
            if row is None:
                self._app.announcements.append(f"route {rule.name}: there is no team {shown(rule.team)}")
        return self._teams[rule.team]

    def choose(self, rule: Rule) -> str | None:
        """The login of the agent who gets a ticket, whose turn that was; None where the rule assigns nobody
        or nobody is free."""
        if rule.assign is None:
            return None
        candidates = self.candidates(rule)
        found = routing.choose(rule, candidates)
        if found is None:
            return None
        self._placed[found.id] = self._placed.get(found.id, 0) + 1
        if rule.assign == ROUND_ROBIN:
            turn = self._last[rule.name] = self._last[rule.name] + 1
            candidates[candidates.index(found)] = found._replace(turn=turn)
            self._given[rule.name, found.id] = turn
        return found.login

    def candidates(self, rule: Rule) -> list[Candidate]:
        """Who is free for a rule, with what it chooses by."""
        if rule.assign == ROUND_ROBIN:
            if rule.name not in self._in_turn:
                self._in_turn[rule.name] = self._taking_turns(rule)
            return self._in_turn[rule.name]
        if rule.name not in self._free:
            self._free[rule.name] = [row for row in agents(self._app, rule) if _free(row, rule)]
        free = self._free[rule.name]
        return [routing.Candidate(row["id"], row["login"], self._load(row["id"])) for row in free]

    def _taking_turns(self, rule: Rule) -> list[Candidate]:
        turns = rows.turns(self._app.db, rule.name)
        self._last[rule.name] = max(turns.values(), default=0)
        free = (row for row in agents(self._app, rule) if _free(row, rule))
        return [routing.Candidate(row["id"], row["login"], 0, turns.get(row["id"], 0)) for row in free]

    def save(self) -> None:
        """Keep whose turns were given."""
        if self._given:
            rows.save_turns(self._app.db, [(*key, turn) for key, turn in self._given.items()])
            self._given.clear()

    def _load(self, agent_id: int) -> int:
        if agent_id not in self._active:
            self._active[agent_id] = rows.active(self._app.db, agent_id)
        return self._active[agent_id] + self._placed.get(agent_id, 0)


def agents(app: App, rule: Rule) -> list[Row]:
    """The agents of a rule's team, else all, free or not."""
    return list(rows.agents(app.db, None if rule.team is None else fold(rule.team)))


def _skilled(row: Row, rule: Rule) -> bool:
    return rule.skill is None or rule.skill in json.loads(row["skills"])


def _free(row: Row, rule: Rule) -> bool:
    return row["away_since"] is None and _skilled(row, rule)


def _nobody(rule: Rule, agent: str | None) -> bool:
    return rule.assign is not None and agent is None


def _of(team: str | None) -> str:
    return "" if team is None else f" of team {team}"


def reroute(change: Change, before: Ticket, agent: str) -> None:
    """After an agent's edit: where another rule fits now, the ticket goes to its team and, unless who has it
    has begun, to the one whom the rule assigns, else to nobody. Where none fits it stays where it is."""
    ticket = change.ticket
    if ticket.stopped:
        return
    desk = Desk(change.app, change.policy, change.at)
    old, new = (routing.first(desk.rules, desk.facts(each._asdict())) for each in (before, ticket))
    if new is None or new is old:
        return
    team, to = desk.team(new), dict[str, str | None]()
    if team is not None:
        to["team"] = team
    nobody = False
    if not routing.begun(ticket):
        to["assignee"] = desk.choose(new)
        nobody = _nobody(new, to["assignee"])
    for draft in verbs.assign(ticket, **to):
        more = {"rule": new.name, **({"nobody_free": True} if nobody else {})}
        change.record([draft._replace(data={**draft.data, **more})], agent)
        change.app.announcements.append(_gone(change.ticket, new))
    desk.save()


def _gone(ticket: Ticket, rule: Rule) -> str:
    where = "no team" if ticket.team is None else f"team {ticket.team}"
    return (
        f"route {rule.name}: {reference(ticket.id)} goes to {where}, assignee {ticket.assignee or 'nobody'}"
    )


def explain(app: App, ticket_id: int) -> Record:
    """The `route` of a ticket as it stands under the policy in force now, and the rule that it came by.
    NotFoundError where there is no such ticket. Nothing is written."""
    with app.db.read():
        ticket = tickets.load(app.db, ticket_id)
        desk = Desk(app, app.policies.latest(), app.now())
        facts = desk.facts(ticket._asdict())
        rule = routing.first(desk.rules, facts)
        came = [event for event in events.of_ticket(app.db, ticket_id) if "rule" in event.data]
        came = [event for event in came if event.type in ("created", "assigned")]
        return {
            "ticket": ticket.id,
            "ref": reference(ticket.id),
            "rule": None if rule is None else rule.name,
            "team": ticket.team,
            "assignee": ticket.assignee,
            "routed_by": came[-1].data["rule"] if came else None,
            "routed_at": to_text(came[-1].at) if came else None,
            "rules": list(_judged(desk.rules, facts)),
            "candidates": [] if rule is None or rule.assign is None else _candidates(app, desk, rule),
        }


def _judged(known: tuple[Rule, ...], facts: Facts) -> Iterator[Record]:
    """The rules up to the one that fits."""
    for rule in known:
        miss = missed(rule.when, facts)
        yield {
            "name": rule.name,
            "fits": miss is None,
            "condition": None if miss is None else miss.name,
            "wanted": None if miss is None else miss.said,
            "found": None if miss is None else told(miss, facts),
            "team": rule.team,
            "assign": rule.assign,
            "skill": rule.skill,
        }
        if miss is None:
            return


def _candidates(app: App, desk: Desk, rule: Rule) -> list[Record]:
    following = routing.choose(rule, desk.candidates(rule))
    turns = rows.turns(app.db, rule.name)
    return [
        {
            "agent": row["login"],
            "active_tickets": rows.active(app.db, row["id"]),
            "last_turn": turns.get(row["id"]),
            "away": row["away_since"] is not None,
            "skilled": _skilled(row, rule),
            "next": following is not None and following.id == row["id"],
        }
        for row in agents(app, rule)
    ]
