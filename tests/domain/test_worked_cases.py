"""Every worked case of `tests/cases/sla.yaml`, on a ticket without a database; what its fields mean stands in
the file. The kinds `queue_order` and `customer_close` need more than one ticket's clocks and are driven
elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk_cli.domain.calendars import BusinessCalendar
from helpdesk_cli.domain.clocks import level_second
from helpdesk_cli.domain.plans import CLOCKS
from helpdesk_cli.domain.replay import replay
from tests.solo import Solo, instant, text

FILE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "sla.yaml").read_text("utf-8"))
CASES = {case["id"]: case for case in FILE["cases"]}
OF = {
    kind: sorted(i for i, case in CASES.items() if kind in case) for kind in ("events", "between", "starts")
}
PRIORITIES = ("high", "normal", "low")
EVENT, SWEEP, CHECK = range(3)  # the order within a second


def calendar(name: str) -> dict[str, Any]:
    spec = FILE["calendars"][name]
    if "like" in spec:
        spec = {**FILE["calendars"][spec["like"]], **spec}
    return {
        "timezone": spec["tz"],
        "hours": {day: [f"{a}-{b}" for a, b in pairs] for day, pairs in spec["week"].items()},
        "holidays": [str(date) for date in spec.get("holidays", ())],
    }


def plan(case: dict[str, Any], targets: dict[str, str], hours: str) -> dict[str, Any]:
    """The plan of a case with these targets on these hours, as a policy document has it."""
    row = {clock: str(target) for clock, target in targets.items()}
    spec: dict[str, Any] = {
        "calendar": hours,
        "targets": {name: row if row and name == "normal" else "none" for name in PRIORITIES},
        "retroactive": case.get("retroactive", True),
        "escalation": [
            {"level": str(each["level"]), "clock": each["clock"], "at": each["at"], "notify": ["assignee"]}
            for each in case.get("escalate", ())
        ],
    }
    for key in ("auto_close", "reopen"):
        if key in case:
            spec[key] = {k: v if k == "statuses" else str(v) for k, v in case[key].items()}
    if "pause" in case:
        spec["pause"] = dict.fromkeys(("waiting_customer", "on_hold"), case["pause"]["clocks"])
    return spec


def document(case: dict[str, Any], plans: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "default_plan": "p0",
        "default_priority": "normal",
        "calendars": {name: calendar(name) for name in FILE["calendars"]},
        "priorities": [{"name": name} for name in PRIORITIES],
        "types": [{"name": "question"}, *({"name": t, "sla": "none"} for t in case.get("exempt_types", ()))],
        "plans": plans,
    }


class Desk:
    """Plays one case: a `set` is `ticket edit --plan`, or `plan apply` where the case is not retroactive."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        targets, hours = case["targets"], case["calendar"]
        self.plans = [plan(case, targets, hours)]
        for event in case["events"]:
            if event["type"] == "set":
                targets, hours = event.get("targets", targets), event.get("calendar", hours)
                self.plans.append(plan(case, targets, hours))
        self.applies = case.get("retroactive", True) is False
        self.sets = 0
        first = case["events"][0]
        plans = {"p0": self.plans[0]} if self.applies else {f"p{n}": p for n, p in enumerate(self.plans)}
        self.solo = Solo(
            document(case, plans),
            first["at"],
            type=first.get("ticket_type"),
            on_behalf=first.get("by") == "agent",
        )

    def play(self) -> None:
        steps = [(e["at"], EVENT, n, e) for n, e in enumerate(self.case["events"]) if n]
        steps += [(at, SWEEP, n, at) for n, at in enumerate(self.case.get("sweeps", ()))]
        steps += [(c["at"], CHECK, n, c) for n, c in enumerate(self.case["checks"])]
        for at, kind, _, what in sorted(steps, key=lambda step: step[:3]):
            if kind == EVENT:
                self.event(at, what)
            elif kind == SWEEP:
                self.solo.sweep(at)
            else:
                self.solo.now = instant(at)
                self.check(what)

    def event(self, at: str, event: dict[str, Any]) -> None:
        solo = self.solo
        if event["type"] == "reply" and event["by"] == "customer":
            solo.act(at, "customer")
        elif event["type"] == "reply":
            kept = None if solo.ticket.stopped else solo.ticket.status
            solo.act(at, "agent", event.get("status", kept))
        elif event["type"] == "note":
            solo.act(at, "note")
        elif event["type"] == "status":
            verbs = {"resolved": "resolve", "closed": "close", "on_hold": "hold"}
            verb = verbs.get(event["to"])
            if verb is None:
                solo.act(at, "status", event["to"])
            else:
                solo.act(at, verb, *([event["until"]] if "until" in event else []))
        elif self.applies:
            self.sets += 1
            solo.apply(at, document(self.case, {"p0": self.plans[self.sets]}))
        else:
            self.sets += 1
            solo.act(at, "edit", plan=f"p{self.sets}")

    # -- checks -----------------------------------------------------------------------------------

    def check(self, wanted: dict[str, Any]) -> None:
        for key, value in wanted.items():
            if key in CLOCKS:
                assert self.clock(key, value) == value, (wanted["at"], key)
            elif key == "escalations":
                assert self.levels() == value, wanted["at"]
            elif key != "at":
                assert self.ticket(key) == value, (wanted["at"], key)

    def clock(self, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
        figures = self.solo.clock(name)
        if figures is None:
            none = {"due": None, "breached": False, "paused": False, "met": False}
            return {key: none[key] for key in wanted}
        over = figures["state"] in ("met", "cancelled") or figures["met_at"] is not None
        told = {
            **figures,
            "due": None if over else figures["due"],
            "met": figures["met_at"] is not None and figures["breached_at"] is None,
            "breached": figures["breached_at"] is not None,
            "paused": figures["state"] == "paused",
            "paused_total": figures["paused"],
        }
        return {key: told[key] for key in wanted}

    def levels(self) -> dict[int, str | None]:
        """Level -> when it fired or will."""
        ticket, rules = self.solo.ticket, self.solo.rules
        levels = rules.get(ticket.policy_version).plan(ticket.plan).levels
        found = {}
        for clock in ticket.clocks:
            for level in levels:
                if clock.covered and level.clock == clock.name:
                    fired = clock.fired_at(level.level)
                    found[level.level] = text(fired or level_second(clock, level, rules))
        return found

    def ticket(self, key: str) -> Any:
        solo = self.solo
        if key == "tickets":
            return 1  # a reply past the window would have left no message here
        if key == "escalation_events":
            return [[text(e.at), e.level] for e in solo.events if e.type == "escalated"]
        kinds = {
            "breach_events": "clock_breached",
            "close_events": "auto_closed",
            "remind_events": "reminded",
        }
        if key in kinds:
            found = solo.log(kinds[key])
            return found if key == "breach_events" else len(found)
        value = getattr(solo.ticket, key)
        return text(value) if key.endswith("_at") else value


@pytest.mark.parametrize("case_id", OF["events"])
def test_the_life_of_a_ticket(case_id: str) -> None:
    desk = Desk(CASES[case_id])
    desk.play()
    assert replay(1, desk.solo.events, desk.solo.rules) == (desk.solo.ticket, [])
    customers = [e for e in CASES[case_id]["events"] if e["type"] == "reply" and e["by"] == "customer"]
    written = [e for e in desk.solo.events if e.type == "message" and e.actor == "customer"]
    opened = CASES[case_id]["events"][0].get("by") != "agent"
    assert len(written) == len(customers) + opened


@pytest.mark.parametrize("case_id", OF["between"])
def test_working_time_between(case_id: str) -> None:
    case = CASES[case_id]
    hours = BusinessCalendar.from_spec(calendar(case["calendar"]))
    told = [[start, end, hours.between(instant(start), instant(end))] for start, end, _ in case["between"]]
    assert told == case["between"]


@pytest.mark.parametrize("case_id", OF["starts"])
def test_the_start_of_a_clock(case_id: str) -> None:
    case = CASES[case_id]
    for created, starts in case["starts"]:
        solo = Solo(document(case, {"p0": plan(case, case["targets"], case["calendar"])}), created)
        found = solo.clock("resolution")
        assert found is not None
        assert found["starts"] == starts


def test_no_case_is_forgotten() -> None:
    elsewhere = {i for i, case in CASES.items() if case.get("kind") in ("queue_order", "customer_close")}
    assert elsewhere | set().union(*OF.values()) == set(CASES)
