"""Random lives of a ticket: the product against the second-by-second oracle, at every cadence of sweeps."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_cli.domain import clocks as arithmetic
from helpdesk_cli.domain.due import advance, next_due
from helpdesk_cli.domain.events import CONSEQUENCES
from helpdesk_cli.domain.replay import replay
from helpdesk_cli.errors import HelpdeskError
from tests import oracle
from tests.solo import Solo

BASE = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # a Sunday: a life goes on over midnight
PRIORITIES = ("critical", "high", "normal", "low")
CLOCKS = oracle.CLOCKS
SHOWN = (
    "status", "priority", "plan", "type", "assignee", "team", "tags", "hold_until", "resolved_at",
    "closed_at", "first_resolved_at", "first_responded_at", "last_customer_message_at",
    "last_agent_message_at", "reopened_count",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(second):
    return None if second is None else BASE + timedelta(seconds=second)


def second(instant):
    return None if instant is None else int((instant - BASE).total_seconds())


# ---- calendars, plans and policies, each as the product's document and as the oracle's values


class Zone(NamedTuple):
    name: str
    offset: int  # minutes


UTC_ZONE, KATHMANDU = Zone("UTC", 0), Zone("Asia/Kathmandu", 345)


def every_hour(*minutes):
    return [(h * 60 + a, h * 60 + b) for h in range(24) for a, b in minutes]


def daily(windows):
    return dict.fromkeys(range(7), windows)


HOURS = {
    "always": (UTC_ZONE, daily([(0, 1440)]), ()),
    "tens": (UTC_ZONE, daily(every_hour((10, 20), (40, 45))), ()),
    "halves": (UTC_ZONE, daily(every_hour((0, 30))), ()),
    "slits": (UTC_ZONE, daily(every_hour((1, 2), (31, 33))), ()),
    "sunday": (UTC_ZONE, {6: [(0, 1440)], 0: [(30, 90), (600, 660)]}, ()),
    "nepal": (KATHMANDU, daily([(0, 265), (285, 310), (311, 1440)]), ()),
    "feast": (KATHMANDU, daily(every_hour((15, 45))), ("2026-03-02",)),
}
ORACLE_HOURS = {
    name: oracle.Hours(BASE, zone.offset, week, closed) for name, (zone, week, closed) in HOURS.items()
}


def clock_text(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def calendar_spec(name):
    zone, week, closed = HOURS[name]
    hours = {DAYS[day]: [f"{clock_text(a)}-{clock_text(b)}" for a, b in pairs] for day, pairs in week.items()}
    return {"timezone": zone.name, "hours": hours, "holidays": list(closed)}


LIMITS = (1, 2, 30, 59, 60, 61, 120, 300, 301, 600, 900, 1200, 1800, 2700)
NAMED_CALENDARS = ("one", "two", "three")


class Cell(NamedTuple):
    """A target: at most one of goal and warning."""

    limit: int
    goal: int | None
    warn: str | None
    calendar: str | None

    def spec(self):
        if self.goal is not None and self.calendar is None:
            return f"{self.goal}s..{self.limit}s"
        if self.goal is None and self.warn is None and self.calendar is None:
            return f"{self.limit}s"
        spec = {"limit": f"{self.limit}s"}
        if self.goal is not None:
            spec["goal"] = f"{self.goal}s"
        if self.warn is not None:
            spec["warn"] = self.warn
        return spec | ({} if self.calendar is None else {"calendar": self.calendar})

    def oracle(self, plan_calendar, hours):
        if self.goal is not None:
            warn = self.goal
        elif self.warn is None:
            warn = int(self.limit * 8 / 10 + 1e-9)
        elif self.warn.endswith("%"):
            warn = self.limit * int(self.warn[:-1]) // 100
        else:
            warn = self.limit - int(self.warn[:-1])
        return oracle.Target(self.limit, warn, hours[self.calendar or plan_calendar])


OFTEN = st.sampled_from([False, True, True, True, True])


@st.composite
def cells(draw):
    limit = draw(st.sampled_from(LIMITS))
    kind = draw(st.integers(0, 5))
    goal = warn = None
    if kind == 0:
        goal = draw(st.sampled_from([g for g in (0, *LIMITS) if g <= limit]))
    elif kind == 1:
        warn = draw(st.sampled_from(["0%", "50%", "99%", "100%"]))
    elif kind == 2 and limit > 1:
        warn = f"{draw(st.sampled_from([w for w in LIMITS if w < limit]))}s"
    calendar = draw(st.sampled_from([None, None, None, *NAMED_CALENDARS]))
    return Cell(limit, goal, warn, calendar)


@st.composite
def levels(draw, number):
    clock = draw(st.sampled_from(CLOCKS))
    text = draw(
        st.sampled_from(
            ["-1h", "-60s", "-1s", "0m", "+1s", "+60s", "+10m", "0%", "50%", "80%", "99%", "100%", "150%"]
        )
    )
    changes = draw(
        st.sampled_from(
            [{}, {}, {"priority": "+1"}, {"priority": "+1"}, {"priority": "+2"}, {"assignee": "bob"},
             {"tags": ["late"]}, {"team": "second", "priority": "+1"}, {"priority": "high"}]
        )
    )  # fmt: skip
    return {"level": str(number), "clock": clock, "at": text, "notify": ["assignee"], "set": changes}


def oracle_level(spec):
    text = spec["at"]
    offset = percent = None
    if text.endswith("%"):
        percent = int(text[:-1])
    else:
        unit = {"s": 1, "m": 60, "h": 3600}[text[-1]]
        offset = int(text[:-1]) * unit
    changes = dict(spec["set"])
    if changes.get("priority", "").startswith("+"):
        changes["priority"] = int(changes["priority"])
    return oracle.Level(int(spec["level"]), spec["clock"], offset, percent, changes)


PAUSES = (
    None,
    {"waiting_customer": list(CLOCKS), "on_hold": list(CLOCKS)},
    {"on_hold": ["first_response", "next_response", "resolution"]},
    {"open": ["update", "resolution"], "waiting_customer": ["next_response"]},
    {"in_progress": ["first_response", "next_response"], "waiting_customer": ["resolution", "update"]},
)
DEFAULT_PAUSE = {"waiting_customer": ["resolution", "update"], "on_hold": ["resolution"]}


@st.composite
def plans(draw):
    """A plan of the document; `rows` keeps the cells for the oracle."""
    rows = {}
    for priority in PRIORITIES:
        row = {}
        if draw(OFTEN):
            for clock in CLOCKS:
                if draw(OFTEN):
                    row[clock] = draw(cells())
        rows[priority] = row or None
    spec = {
        "calendar": draw(st.sampled_from(NAMED_CALENDARS)),
        "targets": {
            p: {c: cell.spec() for c, cell in row.items()} if row else "none" for p, row in rows.items()
        },
        "retroactive": draw(st.booleans()),
        "reopen": {"mode": draw(st.sampled_from(["continue", "continue", "restart"]))},
        "customer_close": draw(st.sampled_from(["always", "before_reply", "never"])),
        "escalation": [draw(levels(n + 1)) for n in range(draw(st.sampled_from([0, 2, 3, 4])))],
    }
    pause = draw(st.sampled_from(PAUSES))
    if pause is not None:
        spec["pause"] = pause
    if draw(st.booleans()):
        spec["reopen"]["window"] = f"{draw(st.sampled_from([60, 300, 1200]))}s"
    if draw(OFTEN):
        after = draw(st.sampled_from([60, 300, 600, 1200, 1800]))
        closing = {"after": f"{after}s"}
        remind = draw(st.sampled_from([None, 1, 59, 240, 599]))
        if remind is not None and remind < after:
            closing["remind_after"] = f"{remind}s"
        if draw(st.booleans()):
            closing["statuses"] = draw(st.sampled_from([["waiting_customer"], ["resolved"]]))
        if not draw(st.integers(0, 3)):
            closing["calendar"] = draw(st.sampled_from(NAMED_CALENDARS))
        spec["auto_close"] = closing
    return spec, rows


def oracle_plan(spec, rows, hours):
    closing = spec.get("auto_close", {"after": "0s"})
    window = spec["reopen"].get("window")
    remind = closing.get("remind_after")
    return oracle.Plan(
        hours=hours[spec["calendar"]],
        targets={
            p: {c: cell.oracle(spec["calendar"], hours) for c, cell in row.items()} if row else None
            for p, row in rows.items()
        },
        pause=spec.get("pause", DEFAULT_PAUSE),
        retroactive=spec["retroactive"],
        after=int(closing["after"][:-1]),
        remind_after=None if remind is None else int(remind[:-1]),
        closable=tuple(closing.get("statuses", ("waiting_customer", "resolved"))),
        closing_hours=hours[closing["calendar"]] if "calendar" in closing else None,
        reopen=spec["reopen"]["mode"],
        window=None if window is None else int(window[:-1]),
        customer_close=spec["customer_close"],
        levels=tuple(oracle_level(level) for level in spec["escalation"]),
    )


def build(names, drawn):
    """(document, the oracle's policy) of calendars `names` and plans `drawn` = {name: (spec, rows)}."""
    document = {
        "version": 1,
        "default_plan": "alpha",
        "default_priority": "normal",
        "calendars": {name: calendar_spec(kind) for name, kind in names.items()},
        "priorities": [{"name": p} for p in PRIORITIES],
        "types": [{"name": "question"}, {"name": "feature", "sla": "none"}],
        "plans": {name: spec for name, (spec, _) in drawn.items()},
    }
    hours = {name: ORACLE_HOURS[kind] for name, kind in names.items()}
    plans = {name: oracle_plan(spec, rows, hours) for name, (spec, rows) in drawn.items()}
    return document, oracle.Policy(PRIORITIES, frozenset({"feature"}), plans)


@st.composite
def policies(draw, before=None):
    """What `build` takes. A later version keeps much of the one before it."""
    names, drawn = map(dict, before or ({}, {}))
    for name in NAMED_CALENDARS:
        if not before or not draw(st.integers(0, 2)):
            names[name] = draw(st.sampled_from(["always", "always", *HOURS]))
    for name in ("alpha", "beta"):
        if not before or draw(st.booleans()):
            drawn[name] = draw(plans())
    return names, drawn


# ---- lives

# Often just what some target, pause or wait takes, or a second less or more.
STEPS = (0, 0, 0, *(limit + near for limit in LIMITS[:-1] for near in (-1, 0, 1)))
ALL = (*oracle.ACTIVE, *oracle.STOPPED)


def actions():
    edits = st.fixed_dictionaries(
        {},
        optional={
            "priority": st.sampled_from(PRIORITIES),
            "plan": st.sampled_from(["alpha", "beta"]),
            "type": st.sampled_from(["question", "feature", "question"]),
        },
    )
    plain = ["note", "resume", "reopen", "customer_close", "unassign"]
    return st.one_of(
        st.just(("customer",)),
        st.just(("customer",)),
        st.just(("agent", None)),
        st.tuples(st.just("agent"), st.sampled_from(ALL)),
        st.sampled_from(plain).map(lambda name: (name,)),
        st.tuples(st.just("take"), st.sampled_from(["ann", "bob"]), st.booleans()),
        st.tuples(st.just("hold"), st.sampled_from([None, 0, 1, 60, 300, 600])),
        st.tuples(st.just("resolve"), st.booleans()),
        st.tuples(st.just("close"), st.booleans()),
        st.tuples(st.just("status"), st.sampled_from(ALL)),
        st.tuples(st.just("edit"), edits),
        st.tuples(st.just("edit"), edits),
        st.tuples(st.just("reset"), st.sampled_from(CLOCKS)),
        st.tuples(st.just("tag"), st.sampled_from(["late", "vip"])),
        st.just(("apply",)),
        st.just(("look",)),
    )


@st.composite
def lives(draw):
    """(policies, how the ticket begins, [(second, action)])."""
    versions = [draw(policies())]
    start = {
        "plan": draw(st.sampled_from(["alpha", "beta"])),
        "priority": draw(st.sampled_from(PRIORITIES[1:])),
        "type": draw(st.sampled_from([None, "question", "question", "question", "feature"])),
        "on_behalf": draw(st.integers(0, 3)) == 0,
    }
    now, script = 0, []
    for _ in range(draw(st.integers(1, 14))):
        now += draw(st.sampled_from(STEPS) | st.integers(0, 1500))
        action = draw(actions())
        if action[0] == "apply":
            versions.append(draw(policies(versions[-1])))
            action = ("apply", len(versions) - 1)
        elif action[0] == "hold" and action[1] is not None:
            action = ("hold", now + action[1])
        script.append((now, action))
    end = now + draw(st.sampled_from([1, 600, 2400]))
    return versions, start, [*script, (end, ("look",))]


# ---- the product and the oracle, side by side


def product_sight(solo):
    """The ticket and its clocks as a reading command would show them, to compare with `Oracle.look`."""
    ticket, _ = advance(solo.ticket, solo.now, solo.rules, solo.now)
    shown = {
        key: second(value) if isinstance(value, datetime) else value
        for key, value in ((key, getattr(ticket, key)) for key in SHOWN)
    }
    clocks = {}
    for clock in ticket.clocks:
        if clock.covered:
            running = clock.going and clock.mode == arithmetic.RUN
            clocks[clock.name, clock.instance] = {
                "state": clock.state,
                "elapsed": arithmetic.elapsed(clock, solo.now, solo.rules),
                "paused": arithmetic.paused(clock, solo.now, solo.rules),
                "met_at": second(clock.met_at),
                "breached_at": second(clock.breached_at),
                "limit": clock.limit,
                "fired": {level: second(when) for level, when in clock.fired},
                "due_at": second(arithmetic.due_at(clock, solo.rules)) if running else None,
            }
    return shown, clocks


def told(event):
    """An event as the oracle writes one."""
    extra = None
    if event.type in ("status_changed", "reopened", "auto_closed"):
        extra = event.data["before"], event.data["after"]
    elif event.type == "escalated" and "priority" in event.data:
        extra = event.data["priority"]["after"]
    actor = "" if event.type in CONSEQUENCES else event.actor
    instance = event.instance if event.clock else None
    return second(event.at), event.type, actor, event.clock, instance, event.level, extra


def in_blocks(log):
    """What follows from one event has no order of its own."""
    blocks = []
    for line in log:
        if line[1] in CONSEQUENCES and blocks:
            blocks[-1][1].append(line)
            blocks[-1][1].sort(key=str)
        else:
            blocks.append((line, []))
    return blocks


# ---- the walk


def live_as_oracle(ours, script, versions):
    """Act out the script; [(second, command, how it ended, what is then to be seen)]."""
    seen = []
    for now, (name, *words) in script:
        ours.run_to(now)
        ending = "done"
        if name == "apply":
            ours.apply(versions[words[0]])
            continue
        if name == "look":
            ours.time_acts()
        else:
            try:
                ours.act(name, *words)
            except oracle.RefusedByTable:
                ending = "refused"
        seen.append((now, name, ending, ours.look()))
    return seen


def live_as_product(solo, script, documents, sweeps):
    """The same, with a sweep at every second that `sweeps(before, now)` gives."""
    seen, before = [], 0
    for now, (name, *words) in script:
        for sweep in sweeps(before, now):
            solo.sweep(at(sweep))
        before, solo.now = now, at(now)
        ending = "done"
        if name == "apply":
            solo.apply(at(now), documents[words[0]])
            continue
        if name != "look":
            try:
                if name == "edit":
                    solo.act(at(now), name, **words[0])
                else:
                    solo.act(at(now), name, *(at(w) if name == "hold" else w for w in words))
            except HelpdeskError:
                ending = "refused"
        seen.append((now, name, ending, product_sight(solo)))
    solo.sweep(solo.now)
    return seen


def every(step):
    return lambda before, now: range(before - before % step + step, now, step)


CADENCES = {"minute": every(60), "hour": every(3600), "never": lambda _before, _now: ()}


def play(drawn):
    """(what the oracle says, what the product says at each cadence): logs and sights."""
    versions, start, script = [build(*version) for version in drawn[0]], *drawn[1:]
    policies = [policy for _, policy in versions]
    documents = [document for document, _ in versions]
    ours = oracle.Oracle(policies[0], **start)
    sights = live_as_oracle(ours, script, policies)
    products = {}
    for cadence, sweeps in CADENCES.items():
        solo = Solo(documents[0], BASE, **start)
        products[cadence] = solo, live_as_product(solo, script, documents, sweeps)
    return ours, sights, products


def check(drawn):
    ours, sights, products = play(drawn)
    for cadence, (solo, seen) in products.items():
        log = [told(event) for event in solo.events]
        assert in_blocks(log) == in_blocks(ours.events), cadence
        assert seen == sights, cadence
        again, problems = replay(1, solo.events, solo.rules)
        assert problems == [], cadence
        assert again == solo.ticket, cadence
    lawful(products["minute"][0])


def lawful(solo):
    """What holds of any log."""
    log, once = solo.events, []
    assert [e.n for e in log] == list(range(1, len(log) + 1))
    assert all(one.at <= two.at for one, two in pairwise(log))
    for event in log:
        if event.type in ("escalated", "clock_breached", "clock_warned", "clock_started", "clock_reset"):
            once.append((event.type, event.clock, event.instance, event.level))
        elif event.type == "reminded":
            once.append((event.type, event.instance))
    assert len(once) == len(set(once))
    for clock in solo.ticket.clocks:
        assert clock.met_at is None or clock.cancelled_at is None
        breaches = [e for e in log if e.type == "clock_breached" and (e.clock, e.instance) == clock[:2]]
        assert len(breaches) == (clock.breached_at is not None)
        assert all(e.at >= clock.breached_at for e in breaches)
    waiting = next_due(solo.ticket, solo.rules)
    assert waiting is None or waiting.at > solo.now


@given(lives())
@settings(max_examples=int(os.environ.get("ORACLE_EXAMPLES", "150")), deadline=None)
def test_product_and_oracle_tell_the_same_life(drawn):
    check(drawn)
