"""A second opinion on `sla.md`: one ticket, walked through second by second.

Nothing here is clever on purpose. Time is a whole number of seconds since a base; a calendar answers for each
minute whether it is open; a clock keeps a list with an entry for every second of its life, so elapsed time is
the number of entries that count. What is due is looked for anew in every second.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

CLOCKS = ("first_response", "next_response", "update", "resolution")
ACTIVE = ("open", "in_progress", "waiting_customer", "on_hold")
STOPPED = ("resolved", "closed")
VERSION, HOLD, WARNING, BREACH, LEVEL, REMINDER, CLOSURE = range(7)  # sla.md 1, the order of ties


class RefusedByTable(Exception):  # noqa: N818 - an answer, not an error
    """What the table of `sla.md` 2 does not allow."""


class Hours:
    """Opening hours: weekday (0 = Monday) -> pairs of minutes of the local day; dates that are closed."""

    def __init__(self, base: datetime, offset, week, closed=()):
        self.base, self.offset, self.week, self.closed = base, offset, week, closed
        self.known = {}

    def open(self, second):
        minute = second // 60
        if minute not in self.known:
            local = self.base + timedelta(minutes=minute + self.offset)
            clock = local.hour * 60 + local.minute
            windows = [] if local.date().isoformat() in self.closed else self.week.get(local.weekday(), [])
            self.known[minute] = any(opens <= clock < closes for opens, closes in windows)
        return self.known[minute]

    def same(self, other):
        mine, theirs = ((h.offset, h.week, h.closed) for h in (self, other))
        return mine == theirs

    def add(self, start, seconds):
        """The earliest second by which so many working seconds have passed; a minute is open or not."""
        while seconds:
            step = 60 - start % 60
            if self.open(start):
                step = min(step, seconds)
                seconds -= step
            start += step
        return start


class Target(NamedTuple):
    limit: int
    warn: int
    hours: Hours


class Level(NamedTuple):
    level: int
    clock: str
    offset: int | None
    percent: int | None
    set: dict


class Plan(NamedTuple):
    hours: Hours
    targets: dict  # priority -> None (the row is `none`) or clock -> Target
    pause: dict
    retroactive: bool
    after: int
    remind_after: int | None
    closable: tuple
    closing_hours: Hours | None
    reopen: str
    window: int | None
    customer_close: str
    levels: tuple


class Policy(NamedTuple):
    priorities: tuple  # most urgent first
    exempt: frozenset
    plans: dict


class Wait:
    """What a clock would measure, covered by the plan or not."""

    def __init__(self, name, start, mode, hours):
        self.name, self.start, self.mode, self.hours = name, start, mode, hours
        self.seconds = []  # (mode, hours) of each
        self.elapsed = self.paused = 0
        self.over = False
        self.rewritten_to = None  # hours that count from the start, once the ticket is reopened

    def tick(self, now):
        self.seconds.append((self.mode, self.hours))
        if self.hours.open(now):
            self.elapsed += self.mode == "running"
            self.paused += self.mode == "paused"

    def rewrite(self, hours):
        """As if these had been the hours from the start."""
        before, kept = self.seconds, self.mode
        self.seconds, self.hours, self.elapsed, self.paused = [], hours, 0, 0
        for number, (self.mode, _) in enumerate(before):
            self.tick(self.start + number)
        self.mode = kept

    @property
    def ever_ran(self):
        return self.mode == "running" or any(mode == "running" for mode, _ in self.seconds)

    def used_up(self, limit):
        """The first second with so much elapsed, running on from now."""
        now = self.start
        for mode, hours in self.seconds:
            if limit == 0:
                return now
            limit -= mode == "running" and hours.open(now)
            now += 1
        return self.hours.add(now, limit)

    def boundary(self, limit):
        """The second in which elapsed came to exceed the limit, None if it has not."""
        worked = 0
        for number, (mode, hours) in enumerate(self.seconds):
            worked += mode == "running" and hours.open(self.start + number)
            if worked > limit:
                return self.start + number
        return None


class Instance:
    def __init__(self, number, wait, target, now):
        self.name, self.number, self.wait, self.target = wait.name, number, wait, target
        self.met_at = self.cancelled_at = self.breached_at = self.result = None
        self.warned = False
        self.fired = {}
        self.changed_at = now
        self.stood_still = False  # by the ticket being resolved or closed

    @property
    def going(self):
        return self.met_at is None and self.cancelled_at is None

    def threshold(self, level):
        """(elapsed seconds, whether by the rule of breaches)."""
        limit = self.target.limit
        seconds = max(0, limit + level.offset) if level.percent is None else limit * level.percent // 100
        return seconds, seconds >= limit

    def state(self):
        if self.breached_at is not None:
            return "breached"
        if self.met_at is not None:
            return "met"
        return "cancelled" if self.cancelled_at is not None else self.wait.mode

    def figures(self):
        return (self.wait.elapsed, self.wait.paused) if self.going else self.result


class Oracle:
    """One ticket. `act` does what somebody does, `run_to` lets time pass; `events` is the log."""

    def __init__(self, policy, *, plan, priority, type, on_behalf):  # noqa: A002
        self.now = 0
        self.versions, self.dates, self.version = [policy], [0], 0
        self.plan_name, self.priority, self.type = plan, priority, type
        self.status, self.assignee, self.tags, self.team = "open", None, set(), None
        self.hold_until = self.resolved_at = self.closed_at = self.first_resolved_at = None
        self.first_customer = self.unanswered = self.first_responded = None
        self.last_public = self.last_agent = self.last_customer = None
        self.entered, self.reminded, self.reopened = 0, False, 0
        self.waits, self.instances, self.events = [], [], []
        actor = "ann" if on_behalf else "customer"
        self.emit("created", actor)
        self.begin("resolution")
        if on_behalf:
            self.emit("message", actor)
            self.last_agent = self.last_public = 0
        else:
            self.customer_message()
        self.time_acts(touched=True)

    # ---- what there is

    @property
    def policy(self):
        return self.versions[self.version]

    @property
    def plan(self):
        return self.policy.plans[self.plan_name]

    @property
    def working(self):
        return "in_progress" if self.assignee else "open"

    def target(self, clock):
        row = None if self.type in self.policy.exempt else self.plan.targets[self.priority]
        return row.get(clock) if row else None

    def mode(self, clock):
        if self.status in STOPPED:
            return "stopped"
        return "paused" if clock in self.plan.pause.get(self.status, ()) else "running"

    def live(self):
        return sorted((w for w in self.waits if not w.over), key=lambda w: CLOCKS.index(w.name))

    def going(self):
        found = [i for i in self.instances if i.going]
        return sorted(found, key=lambda i: (CLOCKS.index(i.name), i.number))

    def of_wait(self, wait):
        """The instance that measures the wait now, or did until the ticket was resolved or closed."""
        return next((i for i in self.instances if i.wait is wait and (i.going or i.stood_still)), None)

    def emit(self, type_, actor, instance=None, level=0, extra=None, at=None):
        clock = (instance.name, instance.number) if instance else ("", None)
        self.events.append((self.now if at is None else at, type_, actor, *clock, level, extra))

    # ---- time

    def run_to(self, until):
        while self.now < until:
            self.time_acts()
            for wait in self.waits:
                if not wait.over:
                    wait.tick(self.now)
            self.now += 1

    def time_acts(self, *, touched=False):
        while found := list(self.due(touched)):
            kind, _, _, what = min(found, key=lambda each: each[:3])
            (
                self.take_version, self.end_hold, self.warn, self.breach,
                self.escalate, self.remind, self.close_by_time,
            )[kind](what)  # fmt: skip

    def due(self, touched):
        if self.version + 1 < len(self.versions) and (touched or self.status != "closed"):
            yield VERSION, 0, 0, None
        if self.status == "on_hold" and self.hold_until is not None and self.now >= self.hold_until:
            yield HOLD, 0, 0, None
        for one in self.instances:
            if not one.going:
                continue
            order, elapsed, target = CLOCKS.index(one.name), one.wait.elapsed, one.target
            at_risk = one.wait.ever_ran and target.warn <= elapsed <= target.limit
            if at_risk and not one.warned and one.breached_at is None:
                yield WARNING, order, 0, one
            if one.breached_at is None and elapsed > target.limit:
                yield BREACH, order, 0, one
            for level in self.plan.levels:
                if level.clock == one.name and level.level not in one.fired:
                    seconds, late = one.threshold(level)
                    if elapsed > seconds or (elapsed == seconds and not late and one.wait.ever_ran):
                        yield LEVEL, order, level.level, (one, level)
        if self.plan.after and self.status in self.plan.closable:
            base = self.wait_base()
            remind = self.plan.remind_after
            if remind is not None and not self.reminded and self.after(base, remind):
                yield REMINDER, 0, 0, None
            if self.after(base, self.plan.after):
                yield CLOSURE, 0, 0, base

    def wait_base(self):
        return max(self.last_public if self.last_public is not None else 0, self.entered)

    def after(self, base, seconds):
        hours = self.plan.closing_hours
        if hours is None:
            return self.now >= base + seconds
        return self.now - base >= seconds and self.now >= hours.add(base, seconds)

    def take_version(self, _):
        self.version += 1
        self.emit("policy_applied", "sweep", at=max(self.dates[self.version], self.events[-1][0]))
        self.retarget(retroactive=self.plan.retroactive)

    def end_hold(self, _):
        self.change_status("sweep", self.working)

    def warn(self, one):
        one.warned = True
        self.emit("clock_warned", "sweep", one)

    def breach(self, one):
        one.breached_at = max(one.wait.boundary(one.target.limit), one.changed_at)
        self.emit("clock_breached", "sweep", one)

    def escalate(self, what):
        one, level = what
        one.fired[level.level] = self.now
        before = self.priority
        self.assignee = level.set.get("assignee", self.assignee)
        self.team = level.set.get("team", self.team)
        self.tags |= set(level.set.get("tags", ()))
        self.raise_priority(level.set.get("priority", 0))
        self.emit("escalated", "sweep", one, level.level, self.priority if self.priority != before else None)
        if self.priority != before:
            self.retarget(retroactive=True)

    def raise_priority(self, wanted):
        """So many steps up, or up to one by name; never into one whose row is `none`."""
        order, rows = self.policy.priorities, self.plan.targets
        if isinstance(wanted, str):
            higher = order.index(wanted) < order.index(self.priority)
            self.priority = wanted if higher and rows[wanted] is not None else self.priority
            return
        for _ in range(wanted):
            rank = order.index(self.priority)
            if rank and rows[order[rank - 1]] is not None:
                self.priority = order[rank - 1]

    def remind(self, _):
        self.reminded = True
        self.emit("reminded", "sweep")

    def close_by_time(self, _):
        self.change_status("sweep", "closed", "auto_closed")

    # ---- clocks

    def hours(self, clock):
        target = self.target(clock)
        return self.plan.hours if target is None else target.hours

    def begin(self, name):
        wait = Wait(name, self.now, self.mode(name), self.hours(name))
        self.waits.append(wait)
        self.cover(wait)

    def cover(self, wait):
        """A wait that has no clock gets one, if the plan has a target and the ticket is at work."""
        target = self.target(wait.name)
        if target is None or wait.mode == "stopped":
            return
        number = 1 + sum(i.name == wait.name for i in self.instances)
        self.instances.append(Instance(number, wait, target, self.now))
        self.emit("clock_started", "", self.instances[-1])
        if wait.mode == "paused":
            self.emit("clock_paused", "", self.instances[-1])

    def finish(self, one, *, met, stood_still=False):
        one.result = one.figures()
        one.stood_still = stood_still
        if met:
            one.met_at = self.now
        else:
            one.cancelled_at = self.now
        self.emit("clock_met" if met else "clock_cancelled", "", one)

    def end(self, name, *, met):
        for wait in self.live():
            if wait.name == name:
                one = self.of_wait(wait)
                if one and one.going:
                    self.finish(one, met=met)
                wait.over = True

    def turn(self, wait):
        """The wait runs, pauses or stops as the status and the plan say now."""
        before, wait.mode = wait.mode, self.mode(wait.name)
        one = self.of_wait(wait)
        if one and one.going and {before, wait.mode} == {"running", "paused"}:
            self.emit("clock_paused" if wait.mode == "paused" else "clock_resumed", "", one)

    def stop(self):
        for wait in self.live():
            one = self.of_wait(wait)
            if one and one.going:
                self.finish(one, met=wait.name == "resolution", stood_still=True)
            wait.mode = "stopped"

    def go_on(self):
        """The ticket is reopened."""
        for wait in self.live():
            one = self.of_wait(wait)
            if self.plan.reopen == "restart":
                wait.over = True
                self.begin(wait.name)
                continue
            hours, target = self.hours(wait.name), self.target(wait.name)
            wait.mode = self.mode(wait.name)
            before = one and wait.boundary(one.target.limit)
            # What changed meanwhile reaches the clock now: from its start, if the last to say so meant that.
            if one is None or target is None:
                wait.rewrite(hours)
            elif wait.rewritten_to is not None:
                wait.rewrite(wait.rewritten_to)
            wait.rewritten_to = None
            if one is not None:
                one.stood_still = False
            if one is None or target is None:
                wait.hours = hours
                self.cover(wait)
            else:
                one.met_at = one.cancelled_at = None
                self.emit("clock_resumed", "", one)
                if wait.mode == "paused":
                    self.emit("clock_paused", "", one)
                self.aim(one, target, before)

    def aim(self, one, target, before):
        """`before`: the boundary of the breach, if it was late. Only what moves that makes it late."""
        if one.wait.boundary(target.limit) != before:
            one.changed_at = self.now
        one.target, one.wait.hours = target, target.hours

    def retarget(self, *, retroactive):
        """The plan, the priority, the type or the policy are others now."""
        for wait in self.live():
            hours, target, one = self.hours(wait.name), self.target(wait.name), self.of_wait(wait)
            if wait.mode == "stopped":
                wait.rewritten_to = hours if retroactive else wait.rewritten_to
                continue
            if one is not None and target is None:
                self.finish(one, met=False)
            before = one and wait.boundary(one.target.limit)
            if retroactive:
                wait.rewrite(hours)
            if one is None or target is None:
                wait.hours = hours
                self.cover(wait)
            else:
                self.aim(one, target, before)
            self.turn(wait)

    # ---- messages and statuses

    def customer_message(self):
        self.emit("message", "customer")
        self.last_customer = self.last_public = self.now
        self.reminded = False
        if self.first_customer is None:
            self.first_customer = self.now
        self.end("update", met=False)
        if self.unanswered is None:
            self.unanswered = self.now
            self.begin("first_response" if self.first_responded is None else "next_response")

    def agent_message(self, agent="ann"):
        self.emit("message", agent)
        self.last_agent = self.last_public = self.now
        self.reminded = False
        if self.first_customer is not None and self.first_responded is None:
            self.first_responded = self.now
        self.unanswered = None
        for name in CLOCKS[:3]:
            self.end(name, met=True)
        if self.status in ACTIVE:
            self.begin("update")

    def change_status(self, actor, status, type_=None, until=None):
        before, self.status = self.status, status
        reopening = before in STOPPED and status in ACTIVE
        type_ = type_ or ("reopened" if reopening else "status_changed")
        self.emit(type_, actor, extra=(before, status))
        self.hold_until = until
        if before != status:
            self.entered, self.reminded = self.now, False
        if status in STOPPED and before in ACTIVE:
            if self.first_resolved_at is None:
                self.first_resolved_at = self.now
            self.stop()
        if status in STOPPED and self.resolved_at is None:
            self.resolved_at = self.now
        if status == "closed":
            self.closed_at = self.now
        if reopening:
            self.resolved_at = self.closed_at = None
            self.reopened += 1
            self.go_on()
        elif status in ACTIVE:
            for wait in self.live():
                self.turn(wait)

    # ---- what people do; each raises RefusedByTable where the table says 4

    def apply(self, policy):
        self.versions.append(policy)
        self.dates.append(self.now)

    def act(self, name, *given):
        self.time_acts(touched=True)
        try:
            getattr(self, f"do_{name}")(*given)
        finally:
            self.time_acts(touched=True)

    @staticmethod
    def allow(condition):
        if not condition:
            raise RefusedByTable

    def do_customer(self):
        if self.status in STOPPED and self.plan.window is not None:
            since = self.closed_at if self.status == "closed" else self.resolved_at
            if self.now - since > self.plan.window:
                return  # into a new ticket
        self.customer_message()
        if self.status != "open":
            self.change_status("customer", "open")

    def do_agent(self, status):
        if status is None:
            status = self.status if self.status in STOPPED else "waiting_customer"
        if self.status in STOPPED and status in ACTIVE:
            self.change_status("ann", status)
        self.allow(not (self.status == "closed" and status == "resolved"))
        self.agent_message()
        if status != self.status:
            self.change_status("ann", status)

    def do_note(self):
        self.emit("note", "ann")

    def do_take(self, agent, steal):
        self.allow(self.status in ACTIVE)
        self.allow(steal or self.assignee in (None, agent))
        if self.assignee != agent:
            self.assignee = agent
            self.emit("assigned", agent)
        if self.status != "in_progress":
            self.change_status(agent, "in_progress")

    def do_unassign(self):
        if self.assignee is not None:
            self.assignee = None
            self.emit("assigned", "ann")
        if self.status == "in_progress":
            self.change_status("ann", "open")

    def do_hold(self, until):
        self.allow(self.status in ACTIVE and (until is None or until > self.now))
        if self.status != "on_hold" or until != self.hold_until:
            self.change_status("ann", "on_hold", until=until)

    def do_resume(self):
        self.allow(self.status in ("waiting_customer", "on_hold"))
        self.change_status("ann", self.working)

    def do_resolve(self, say):
        self.allow(self.status in ACTIVE)
        if say:
            self.agent_message()
        self.change_status("ann", "resolved")

    def do_close(self, say):
        self.allow(self.status != "closed")
        if say:
            self.agent_message()
        self.change_status("ann", "closed")

    def do_customer_close(self):
        rule = self.plan.customer_close
        self.allow(self.status != "closed" and rule != "never")
        self.allow(rule != "before_reply" or self.last_agent is None)
        self.change_status("customer", "closed")

    def do_reopen(self):
        self.allow(self.status in STOPPED)
        self.change_status("ann", self.working)

    def do_status(self, status):
        if status == "resolved":
            self.allow(self.status in ACTIVE)
        elif status == "closed":
            self.allow(self.status != "closed")
        elif status == self.status:
            return
        else:
            self.allow(self.status in ACTIVE or status == self.working)
        self.change_status("ann", status)

    def do_edit(self, changes):
        before = self.plan_name, self.priority, self.type
        self.plan_name = changes.get("plan", self.plan_name)
        self.priority = changes.get("priority", self.priority)
        self.type = changes.get("type", self.type)
        if (self.plan_name, self.priority, self.type) != before:
            self.emit("edited", "ann")
            self.retarget(retroactive=True)

    def do_tag(self, tag):
        if tag not in self.tags:
            self.tags.add(tag)
            self.emit("tagged", "ann")

    def do_reset(self, clock):
        found = [i for i in self.going() if i.name == clock]
        self.allow(found)
        self.emit("clock_reset", "ann", found[0])
        found[0].wait.over = True
        self.finish(found[0], met=False)
        self.events.pop()  # it ends without an event of its own
        self.begin(clock)

    # ---- what is true now

    def look(self):
        """The ticket, and every clock that ever was."""
        ticket = {
            "status": self.status, "priority": self.priority, "plan": self.plan_name, "type": self.type,
            "assignee": self.assignee, "team": self.team, "tags": tuple(sorted(self.tags)),
            "hold_until": self.hold_until, "resolved_at": self.resolved_at, "closed_at": self.closed_at,
            "first_resolved_at": self.first_resolved_at, "first_responded_at": self.first_responded,
            "last_customer_message_at": self.last_customer, "last_agent_message_at": self.last_agent,
            "reopened_count": self.reopened,
        }  # fmt: skip
        clocks = {}
        for one in self.instances:
            elapsed, paused = one.figures()
            running = one.going and one.wait.mode == "running"
            clocks[one.name, one.number] = {
                "state": one.state(), "elapsed": elapsed, "paused": paused, "met_at": one.met_at,
                "breached_at": one.breached_at, "limit": one.target.limit, "fired": dict(one.fired),
                "due_at": one.wait.used_up(one.target.limit) if running else None,
            }  # fmt: skip
        return ticket, clocks
