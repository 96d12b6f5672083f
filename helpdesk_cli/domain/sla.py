"""What each change of a ticket does to its clocks (`sla.md 3, 5`).

`ClockBook` is the working copy of one ticket's clocks while one event is applied. Each method is a rule;
what it does to a covered clock is noted as a fact, which becomes an event of the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain import clocks
from helpdesk_cli.domain.clocks import PAUSE, RUN, STOP, Clock, Span
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.plans import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy, Target
    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.domain.tickets import Ticket

FIRST_RESPONSE, NEXT_RESPONSE, UPDATE, RESOLUTION = CLOCKS


class Fact(NamedTuple):
    """A clock event that follows from the event being applied."""

    type: str
    clock: str
    instance: int
    data: dict[str, object]


class ClockBook:
    """The clocks of `ticket` at `at`, under the policy version and status that the ticket has now."""

    __slots__ = ("at", "clocks", "facts", "rules", "ticket")

    def __init__(self, ticket: Ticket, at: datetime, rules: Rules) -> None:
        self.ticket = ticket
        self.at = at
        self.rules = rules
        self.clocks: list[Clock] = list(ticket.clocks)
        self.facts: list[Fact] = []

    def result(self) -> tuple[Clock, ...]:
        """The clocks in the order of `sla.md 3`, then by instance: that of their rows."""
        return tuple(sorted(self.clocks, key=lambda clock: (CLOCKS.index(clock.name), clock.instance)))

    # -- what the events call ---------------------------------------------------------------------

    def created(self) -> None:
        self._start(RESOLUTION, self.at)

    def customer_wrote(self) -> None:
        """An update promise is replaced by a response; a second message restarts nothing."""
        self._end(UPDATE, met=False)
        if not self.ticket.stopped:
            self._await_response()

    def agent_answered(self) -> None:
        """A public agent message meets the response and update clocks and, while no clock stands still,
        begins the next wait for an update. On a resolved or closed ticket it answers all the same."""
        for name in (FIRST_RESPONSE, NEXT_RESPONSE, UPDATE):
            self._end(name, met=True)
        if not self.ticket.stopped:
            self._start(UPDATE, self.at)

    def status_entered(self) -> None:
        """Pause or go on as the plan says for the ticket's status."""
        for clock in self._where(lambda c: c.going):
            self._turn(clock, self._mode(clock.name))

    def stopped(self) -> None:
        """Resolved or closed: the resolution is met, an unanswered clock cancelled."""
        for clock in self._where(lambda c: c.going):
            met = clock.name == RESOLUTION
            if clock.covered:
                self._put(clock, self._ended(clock, met=met)._replace(resumable=True))
            else:
                self._put(clock, self._halt(clock))

    def reopened(self, mode: str) -> None:
        """`continue`: the same instances go on, stopped time not counted. `restart`: new instances of
        what stood still begin here."""
        for clock in self._where(lambda c: c.resumable or not c.covered):
            since = None if mode == "continue" else self.at
            self._reopen(clock, since)
        self._await_response()

    def retarget(self, *, retroactive: bool) -> None:
        """Another priority, plan, type or policy version: targets, calendars, coverage and pauses anew.
        Finished instances are never judged again."""
        for clock in self._where(lambda c: c.going):
            target = self._target(clock.name)
            if clock.covered and target is None:
                self._uncover(clock, retroactive=retroactive)
            else:
                self._apply(clock, target, retroactive=retroactive)
        if retroactive:
            for clock in self._where(lambda c: c.resumable):
                self._put(clock, clock._replace(recount=self.ticket.policy_version))
        self.status_entered()

    def reset(self, name: str) -> None:
        """A new instance begins now; the old one ends as cancelled and stays in history."""
        for clock in self._where(lambda c: c.name == name and c.going and c.covered):
            self._put(clock, self._halt(clock)._replace(cancelled_at=self.at))
        self._start(name, self.at)

    def merged(self) -> None:
        """The ticket was merged into another: what still goes is cancelled, and nothing goes on later."""
        for name in CLOCKS:
            self._end(name, met=False)

    def warned(self, name: str, instance: int) -> None:
        clock = self._get(name, instance)
        self._put(clock, clock._replace(warned_at=self.at))

    def breached(self, name: str, instance: int, since: datetime, noticed_at: datetime) -> None:
        clock = self._get(name, instance)
        self._put(clock, clock._replace(breached_at=since, noticed_at=noticed_at))

    def fired(self, name: str, instance: int, level: int) -> None:
        clock = self._get(name, instance)
        self._put(clock, clock._replace(fired=(*clock.fired, (level, self.at))))

    # -- steps ------------------------------------------------------------------------------------

    def _await_response(self) -> None:
        """The clock of the oldest unanswered customer message, unless it goes already."""
        since = self.ticket.unanswered_since
        if since is None:
            return
        name = FIRST_RESPONSE if self.ticket.first_responded_at is None else NEXT_RESPONSE
        if not self._where(lambda c: c.name == name and c.going):
            self._start(name, since)

    def _start(self, name: str, since: datetime) -> None:
        target = self._target(name)
        span = Span(RUN, since, self.ticket.policy_version, self._calendar(target))
        self._begin(Clock(name, 0, (span,)), target)
        self._turn(self.clocks[-1], self._mode(name))

    def _begin(self, wait: Clock, target: Target | None) -> None:
        """Put a wait among the clocks: as the next instance where it is covered, else uncovered."""
        if target is None:
            self.clocks.append(wait)
            return
        instance = 1 + max((c.instance for c in self.clocks if c.name == wait.name), default=0)
        began = wait._replace(
            instance=instance,
            limit=target.limit,
            goal=target.goal,
            warn=target.warn,
            changed_at=self.at if wait.spans[0].start < self.at else None,
        )
        self.clocks.append(began)
        self._note("clock_started", began, start=to_text(began.spans[0].start), target_seconds=target.limit)
        if began.mode == PAUSE:
            self._note("clock_paused", began)

    def _end(self, name: str, *, met: bool) -> None:
        """The wait is over: what went is met or cancelled, what stands still does not go on later."""
        for clock in self._where(lambda c: c.name == name):
            if not clock.covered:
                self.clocks.remove(clock)
            elif clock.going:
                self._put(clock, self._ended(clock, met=met))
            else:
                self._put(clock, clock._replace(resumable=False))

    def _reopen(self, clock: Clock, since: datetime | None) -> None:
        target = self._target(clock.name)
        version, calendar = self.ticket.policy_version, self._calendar(target)
        if since is not None:
            self._retire(clock)
            self._start(clock.name, since)
            return
        going = clocks.turn(clock, self._mode(clock.name), self.at, version, calendar)
        going = going._replace(met_at=None, cancelled_at=None, resumable=False)
        if clock.covered and target is not None:
            self._put(clock, going)
            self._note("clock_resumed", going)
            if going.mode == PAUSE:
                self._note("clock_paused", going)
            self._apply(going, target, retroactive=False)
        else:
            self._retire(clock)
            uncovered = Clock(clock.name, 0, going.spans)
            self._begin(self._rebase(uncovered, version, calendar, retroactive=True), target)

    def _retire(self, clock: Clock) -> None:
        if clock.covered:
            self._put(clock, clock._replace(resumable=False))
        else:
            self.clocks.remove(clock)

    def _uncover(self, clock: Clock, *, retroactive: bool) -> None:
        """The plan covers it no longer: the instance ends as cancelled, the wait is tracked on."""
        self._put(clock, self._ended(clock, met=False))
        self.clocks.append(Clock(clock.name, 0, clock.spans))
        self._apply(self.clocks[-1], None, retroactive=retroactive)

    def _apply(self, clock: Clock, target: Target | None, *, retroactive: bool) -> None:
        """The target and the calendar in force, from the clock's start or, not retroactive, from now."""
        calendar = self._calendar(target)
        moved = self._rebase(clock, self.ticket.policy_version, calendar, retroactive=retroactive)
        if target is None:
            self._put(clock, moved)
        elif not clock.covered:
            self.clocks.remove(clock)
            self._begin(moved, target)
        else:
            moved = moved._replace(limit=target.limit, goal=target.goal, warn=target.warn)
            if self._boundary(moved) != self._boundary(clock):
                moved = moved._replace(changed_at=self.at)
            self._put(clock, moved)

    def _rebase(self, clock: Clock, version: int, calendar: str, *, retroactive: bool) -> Clock:
        new = self._definition(version, calendar)
        spans = tuple(
            span._replace(version=version, calendar=calendar)
            if retroactive or self._definition(span.version, span.calendar) == new
            else span
            for span in (self._recounted(clock) if clock.recount else clock.spans)
        )
        moved = clock._replace(spans=clocks.joined(spans), recount=0)
        return clocks.turn(moved, clock.mode, self.at, version, calendar)

    def _recounted(self, clock: Clock) -> tuple[Span, ...]:
        """All of it on the calendar of the change that came while the clock stood still."""
        calendar = self._calendar(self._target(clock.name, clock.recount), clock.recount)
        return tuple(span._replace(version=clock.recount, calendar=calendar) for span in clock.spans)

    # -- small things -----------------------------------------------------------------------------

    def _version(self, version: int | None = None) -> Policy:
        """That policy version, or the one that the ticket stands on."""
        return self.rules.get(version or self.ticket.policy_version)

    def _target(self, name: str, version: int | None = None) -> Target | None:
        t = self.ticket
        return self._version(version).target(t.plan, t.priority, t.type, name)

    def _calendar(self, target: Target | None, version: int | None = None) -> str:
        return self._version(version).plan(self.ticket.plan).calendar if target is None else target.calendar

    def _boundary(self, clock: Clock) -> datetime | None:
        return None if clock.limit is None else clocks.exceeded(clock, clock.limit, self.rules)

    def _definition(self, version: int, calendar: str) -> object:
        return self.rules.get(version).document["calendars"].get(calendar)

    def _mode(self, name: str) -> str:
        plan = self._version().plan(self.ticket.plan)
        return PAUSE if name in plan.pause.get(self.ticket.status, ()) else RUN

    def _turn(self, clock: Clock, mode: str) -> None:
        if clock.mode == mode:
            return
        last = clock.spans[-1]
        self._put(clock, clocks.turn(clock, mode, self.at, last.version, last.calendar))
        if clock.covered:
            self._note("clock_paused" if mode == PAUSE else "clock_resumed", clock)

    def _ended(self, clock: Clock, *, met: bool) -> Clock:
        """Met or cancelled here, and noted so."""
        self._note("clock_met" if met else "clock_cancelled", clock)
        halted = self._halt(clock)
        return halted._replace(met_at=self.at) if met else halted._replace(cancelled_at=self.at)

    def _halt(self, clock: Clock) -> Clock:
        last = clock.spans[-1]
        return clocks.turn(clock, STOP, self.at, last.version, last.calendar)

    def _get(self, name: str, instance: int) -> Clock:
        return next(c for c in self.clocks if (c.name, c.instance) == (name, instance))

    def _put(self, old: Clock, new: Clock) -> None:
        self.clocks[self.clocks.index(old)] = new

    def _where(self, wanted: Callable[[Clock], bool]) -> list[Clock]:
        return [clock for clock in self.clocks if wanted(clock)]

    def _note(self, type_: str, clock: Clock, **data: object) -> None:
        self.facts.append(Fact(type_, clock.name, clock.instance, data))
