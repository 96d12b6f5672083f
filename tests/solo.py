"""One ticket without a database, driven as the services drive it: brought up to now before and after each
command, a refused command undone. Instants are datetimes or their texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk_cli.domain import clocks, verbs
from helpdesk_cli.domain.due import advance, settled
from helpdesk_cli.domain.events import CUSTOMER, Event
from helpdesk_cli.domain.history import begin, record
from helpdesk_cli.domain.instants import from_text, to_text
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.regions import Place
from helpdesk_cli.domain.verbs import Draft
from helpdesk_cli.errors import HelpdeskError


def instant(at: str | datetime) -> datetime:
    return from_text(at) if isinstance(at, str) else at


def text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


class Book:
    """The versions of a policy, and who there is to assign to."""

    def __init__(self) -> None:
        self.versions: list[Policy] = []

    def add(self, document: dict[str, Any], at: datetime) -> None:
        self.versions.append(Policy(len(self.versions) + 1, at, document, "test"))

    def latest(self) -> Policy:
        return self.versions[-1]

    def get(self, version: int) -> Policy:
        return self.versions[version - 1]

    def after(self, version: int) -> Policy | None:
        return self.versions[version] if version < len(self.versions) else None

    def has_agent(self, login: str) -> bool:
        return login in ("ann", "bob")

    def has_team(self, name: str) -> bool:
        return name == "second"

    def place_of(self, org: int | None) -> Place:
        return Place(country=None if org is None else "FR")


class Solo:
    """A ticket of customer 1; `ann` is the agent unless a command says another."""

    def __init__(self, document: dict[str, Any], at: str | datetime, **created: Any) -> None:
        self.rules = Book()
        self.now = instant(at)
        self.rules.add(document, self.now)
        self.events: list[Event] = []
        policy = self.rules.latest()
        data = {
            "requester": 1,
            "org": None,
            "priority": policy.default_priority,
            "category": None,
            "type": None,
            "plan": policy.default_plan,
            "channel": "cli",
            "tags": [],
            "policy": 1,
            "on_behalf": False,
            **created,
        }
        behalf = data["on_behalf"]
        event = Event(
            "created", self.now, "ann" if behalf else CUSTOMER, self.now, data, None if behalf else 1
        )
        self.ticket = begin(1, event)
        self.write(event)
        self._message("agent" if behalf else "customer", opening=behalf)
        self._advance(touched=True)

    # -- time and policy --------------------------------------------------------------------------

    def sweep(self, at: str | datetime) -> None:
        """Time passes, and cron looks."""
        self.now = instant(at)
        self._advance()

    def apply(self, at: str | datetime, document: dict[str, Any]) -> None:
        """A new version of the policy; nobody has recomputed the ticket yet."""
        self.now = instant(at)
        self.rules.add(document, self.now)

    def act(self, at: str | datetime, verb: str, *given: Any, **named: Any) -> None:
        """A command. A refusal raises, and what time did before it stays."""
        self.now = instant(at)
        self._advance(touched=True)
        kept = self.ticket, len(self.events)
        try:
            getattr(self, f"_{verb}")(*given, **named)
        except HelpdeskError:
            self.ticket = kept[0]
            del self.events[kept[1] :]
            raise
        finally:
            self._advance(touched=True)

    def write(self, event: Event) -> None:
        self.ticket, written = record(self.ticket, event, self.rules)
        self.events += written

    def _advance(self, *, touched: bool = False) -> None:
        until = settled(self.ticket, self.now)
        self.ticket, written = advance(self.ticket, until, self.rules, self.now, touched=touched)
        self.events += written

    def _record(self, drafts: list[Draft], actor: str = "ann") -> None:
        for draft in drafts:
            contact = 1 if actor == CUSTOMER else None
            self.write(
                Event(draft.type, settled(self.ticket, self.now), actor, self.now, draft.data, contact)
            )

    def _message(self, by: str, *, opening: bool = False, agent: str = "ann") -> None:
        data: dict[str, object] = {"message": 1, "by": by, **({"opening": True} if opening else {})}
        self._record([Draft("message", data)], agent if by == "agent" else CUSTOMER)

    # -- commands ---------------------------------------------------------------------------------

    def _customer(self) -> None:
        drafts = verbs.customer_replies(self.ticket, self.rules.latest().plan(self.ticket.plan), self.now)
        if drafts is not None:  # else the message opens another ticket
            self._message("customer")
            self._record(drafts, CUSTOMER)

    def _agent(self, status: str | None = None) -> None:
        before, after = verbs.agent_replies(self.ticket, status)
        self._record(before)
        self._message("agent")
        self._record(after)

    def _note(self) -> None:
        self._record([Draft("note", {"message": 1})])

    def _take(self, agent: str = "ann", steal: bool = False) -> None:
        self._record(verbs.take(self.ticket, agent, steal=steal), agent)

    def _assign(self, **to: str) -> None:
        self._record(verbs.assign(self.ticket, **to))

    def _unassign(self) -> None:
        self._record(verbs.unassign(self.ticket))

    def _hold(self, until: str | datetime | None = None) -> None:
        self._record(verbs.hold(self.ticket, self.now, None if until is None else instant(until)))

    def _resume(self) -> None:
        self._record(verbs.resume(self.ticket, self.rules.latest()))

    def _resolve(self, say: bool = False) -> None:
        drafts = verbs.resolve(self.ticket)
        if say:
            self._message("agent")
        self._record(drafts)

    def _close(self, say: bool = False, reason: str | None = None) -> None:
        drafts = verbs.close(self.ticket, reason)
        if say:
            self._message("agent")
        self._record(drafts)

    def _customer_close(self) -> None:
        plan = self.rules.latest().plan(self.ticket.plan)
        self._record(verbs.customer_closes(self.ticket, plan), CUSTOMER)

    def _reopen(self) -> None:
        self._record(verbs.reopen(self.ticket, self.rules.latest()))

    def _status(self, status: str) -> None:
        self._record(verbs.change_status(self.ticket, status, self.rules.latest()))

    def _edit(self, **changes: str) -> None:
        data = {
            key: {"before": getattr(self.ticket, key), "after": wanted}
            for key, wanted in changes.items()
            if getattr(self.ticket, key) != wanted
        }
        self._record([Draft("edited", {**data})] if data else [])

    def _tag(self, tag: str) -> None:
        before, after = list(self.ticket.tags), sorted({*self.ticket.tags, tag})
        if before != after:
            self._record([Draft("tagged", {"tags": {"before": before, "after": after}})])

    def _reset(self, clock: str) -> None:
        going = [c for c in self.ticket.clocks if c.name == clock and c.covered and c.going]
        if not going:
            raise HelpdeskError(f"no {clock} clock is running", code="clock_not_running")
        data = {"reason": "r"}
        self.write(Event("clock_reset", self.now, "ann", self.now, data, None, clock, going[-1].instance))

    # -- what is true at `now` --------------------------------------------------------------------

    def clock(self, name: str, instance: int | None = None) -> dict[str, Any] | None:
        """The latest instance, or that one, as a reading command shows it at `now`; None if none."""
        found = [c for c in self.ticket.clocks if c.name == name and c.covered]
        found = [c for c in found if instance in (None, c.instance)]
        return self.figures(found[-1]) if found else None

    def figures(self, clock: clocks.Clock) -> dict[str, Any]:
        at = settled(self.ticket, self.now)
        clock = clocks.as_of(clock, at, self.rules)
        elapsed = clocks.elapsed(clock, at, self.rules)
        at_risk = (
            clock.state == "running"
            and clock.warn is not None
            and clock.warn <= elapsed <= (clock.limit or 0)
        )
        return {
            "instance": clock.instance,
            "state": clock.state,
            "at_risk": at_risk,
            "starts": text(clocks.starts_at(clock, self.rules)),
            "due": text(clocks.due_at(clock, self.rules)),
            "elapsed": elapsed,
            "paused": clocks.paused(clock, at, self.rules),
            "met_at": text(clock.met_at),
            "breached_at": text(clock.breached_at),
            "late_by": max(0, elapsed - (clock.limit or 0)),
            "fired": {level: text(when) for level, when in clock.fired},
        }

    def log(self, *types: str) -> list[str]:
        """The instants of the events of these types."""
        return [to_text(event.at) for event in self.events if event.type in types]
