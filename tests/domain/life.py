"""A ticket that lives without a database, event by event, and what must hold of its explanations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk_cli.domain import clocks, verbs
from helpdesk_cli.domain.clocks import as_of
from helpdesk_cli.domain.due import advance, settled
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.explain import Explanation, Uncovered, explain
from helpdesk_cli.domain.history import begin, record
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.regions import Place
from helpdesk_cli.domain.steps import COUNTED, PAUSED, Step
from helpdesk_cli.domain.tickets import Ticket
from helpdesk_cli.domain.verbs import Draft

HOUR = 3_600
MONDAY = "2026-03-02T10:00:00Z"

CALENDARS: dict[str, Any] = {
    "always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}},
    "office": {"timezone": "UTC", "hours": {"mon-fri": ["10:00-18:00"]}, "holidays": ["2026-03-06"]},
    "split": {
        "timezone": "Europe/Berlin",
        "hours": {"mon-fri": ["09:00-12:00", "13:00-17:00"]},
        "holidays": ["2026-03-12..2026-03-16"],
        "exceptions": {"2026-03-10": ["09:00-10:00"], "2026-03-18": []},
    },
    "night": {"timezone": "Europe/Berlin", "hours": {"all": ["22:00-06:00"]}, "holidays": ["03-28"]},
    "tehran": {"timezone": "Asia/Tehran", "hours": {"sat-wed": ["09:00-17:00"]}},
    "once": {"timezone": "UTC", "hours": {}, "exceptions": {"2026-03-02": ["09:00-12:00"]}},
}


def policy(version: int, at: str, plans: dict[str, Any], calendars: dict[str, Any] | None = None) -> Policy:
    """A version of a policy with these plans: name -> calendar, targets of priority `normal` and the rest."""
    document = {
        "default_plan": next(iter(plans)),
        "calendars": {**CALENDARS, **(calendars or {})},
        "priorities": [{"name": name} for name in ("high", "normal", "low")],
        "types": [{"name": "incident"}, {"name": "wish", "sla": "none"}],
        "plans": {
            name: {
                "targets": {
                    "normal": plan["normal"],
                    "high": plan.get("high", "none"),
                    "low": plan.get("low", "none"),
                },
                **{key: value for key, value in plan.items() if key not in ("normal", "high", "low")},
            }
            for name, plan in plans.items()
        },
    }
    return Policy(version, datetime.fromisoformat(at), document, "2026a")


class Book:
    """The versions of a policy, oldest first."""

    def __init__(self, *policies: Policy) -> None:
        self.policies = {each.version: each for each in policies}

    def latest(self) -> Policy:
        return self.policies[max(self.policies)]

    def get(self, version: int) -> Policy:
        return self.policies[version]

    def after(self, version: int) -> Policy | None:
        return self.policies.get(version + 1)

    def has_agent(self, login: str) -> bool:
        return login == "ann"

    def has_team(self, name: str) -> bool:
        return False

    def place_of(self, org: int | None) -> Place:
        return Place(country=None if org is None else "FR")


class Life:
    """A ticket and its log, made event by event as the commands make them."""

    def __init__(self, *policies: Policy, at: str = MONDAY, message: bool = True, **created: Any) -> None:
        self.rules = Book(*policies)
        self.log: list[Event] = []
        self.now = datetime.fromisoformat(at)
        data = {
            "requester": 1,
            "org": None,
            "plan": self.rules.get(1).default_plan,
            "priority": "normal",
            "category": None,
            "type": None,
            "channel": "cli",
            "tags": [],
            "policy": 1,
            "on_behalf": False,
            **created,
        }
        event = Event("created", self.now, CUSTOMER, self.now, data, 1)
        self.ticket: Ticket = begin(1, event)
        self._add(event)
        if message:
            self.customer(at)

    def _add(self, event: Event) -> None:
        self.ticket, written = record(self.ticket, event, self.rules)
        self.log += written

    def pass_time(self, at: str | datetime) -> None:
        self.now = datetime.fromisoformat(at) if isinstance(at, str) else at
        self.ticket, written = advance(
            self.ticket, settled(self.ticket, self.now), self.rules, self.now, touched=True
        )
        self.log += written

    def event(self, at: str | datetime, type_: str, clock: str = "", **data: Any) -> None:
        self.pass_time(at)
        instance = None
        if clock:
            instance = [c for c in self.ticket.clocks if c.name == clock and c.going and c.covered][
                -1
            ].instance
        self._add(Event(type_, self.now, "ann", self.now, data, None, clock, instance))

    def customer(self, at: str | datetime) -> None:
        self.event(at, "message", message=len(self.log), by="customer")
        self.do(at, verbs.customer_replies(self.ticket, self.plan, self.now) or [])

    def agent(self, at: str | datetime, status: str = "waiting_customer") -> None:
        self.pass_time(at)
        before, after = verbs.agent_replies(self.ticket, status)
        self.do(at, before)
        self.event(at, "message", message=len(self.log), by="agent")
        self.do(at, after)

    def do(self, at: str | datetime, drafts: list[Draft]) -> None:
        for draft in drafts:
            self.event(at, draft.type, **draft.data)

    def status(self, at: str | datetime, status: str) -> None:
        self.pass_time(at)
        self.do(at, [verbs.enter(self.ticket, status)])

    def edit(self, at: str | datetime, **after: Any) -> None:
        self.pass_time(at)
        changes = {key: {"before": getattr(self.ticket, key), "after": value} for key, value in after.items()}
        self.event(at, "edited", **changes)

    @property
    def plan(self) -> Any:
        return self.rules.get(self.ticket.policy_version).plan(self.ticket.plan)

    def told(self, at: str | datetime) -> list[Explanation | Uncovered]:
        when = settled(self.ticket, datetime.fromisoformat(at) if isinstance(at, str) else at)
        known = tuple(as_of(clock, when, self.rules) for clock in self.ticket.clocks)
        return explain(self.ticket._replace(clocks=known), self.log, self.rules, when)

    def clock(self, at: str, name: str = "resolution", instance: int = 1) -> Explanation:
        for each in self.told(at):
            if isinstance(each, Explanation) and (each.clock.name, each.clock.instance) == (name, instance):
                adds_up(each, datetime.fromisoformat(at), self.rules)
                return each
        raise AssertionError(f"no {name} {instance}")


def gold(**more: Any) -> Policy:
    targets = more.pop("normal", {"first_response": "1h", "resolution": "4h"})
    return policy(1, "2026-01-01T00:00:00Z", {"gold": {"calendar": "always", "normal": targets, **more}})


def total(steps: tuple[Step, ...], kind: str = COUNTED, **like: Any) -> int:
    wanted = [
        s for s in steps if s.kind == kind and all(getattr(s, key) == value for key, value in like.items())
    ]
    return sum(step.seconds for step in wanted)


def adds_up(told: Explanation, at: datetime, rules: Book) -> None:
    """What must hold of every explanation."""
    clock, steps = told.clock, told.steps
    limit = clock.limit or 0
    assert total(steps, past=True) == told.elapsed == clocks.elapsed(clock, at, rules)
    assert total(steps, PAUSED) == told.paused == clocks.paused(clock, at, rules)
    assert [step.start for step in steps] == sorted(step.start for step in steps)
    running = 0
    for step in steps:
        running += step.seconds if step.kind == COUNTED else 0
        assert step.total == running
        if step.windows == 1 and step.kind == COUNTED:
            assert step.end is not None
            assert step.seconds == (step.end - step.start).total_seconds() > 0
    assert [step.past for step in steps] == sorted((step.past for step in steps), reverse=True)
    used_up = told.elapsed >= limit or (clock.going and told.due_at is not None)
    assert total(steps, late=False) == (limit if used_up else told.elapsed)
    assert total(steps, late=True) == max(0, told.elapsed - limit)
    if used_up and clock.going and told.due_at is not None:
        assert [s.end for s in steps if s.kind == COUNTED and not s.late][-1] == told.due_at
