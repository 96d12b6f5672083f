"""A helpdesk for tests of the ticket commands: a small policy, some people, commands at an instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from console import Result, Run

from helpdesk_cli.services import orgs, people, setup
from helpdesk_cli.services.app import App

START = "2026-03-01T09:00:00Z"
SARA, OMAR = "sara@acme.example", "omar@acme.example"
STATUSES = ("open", "in_progress", "waiting_customer", "on_hold", "resolved", "closed")
# How an open ticket of ann's comes into each status.
_WAYS = {
    "open": [],
    "in_progress": ["take"],
    "waiting_customer": ["edit", "--status", "waiting_customer"],
    "on_hold": ["hold"],
    "resolved": ["resolve"],
    "closed": ["close"],
}

POLICY = """
version: 1
default_plan: gold
default_priority: normal
calendars:
  always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}
statuses:
  waiting_customer: {aliases: [answered], label: {fr: En attente du client}}
priorities: [{name: high}, {name: normal}, {name: low}, {name: old, retired: true}]
categories: [{name: technical}, {name: sales}]
types: [{name: question}, {name: wish, sla: none}]
regions:
  europe:
    countries: [FR, DE]
    levels:
      1: [{name: Desk, email: desk@europe.example}]
      2: []
      3:
        - {name: Head, email: head@europe.example}
        - {name: Paris, email: paris@europe.example, countries: [FR]}
  asia: {countries: [JP], levels: {1: [{name: Tokyo, email: tokyo@asia.example}]}}
large_accounts: {europe: 60}
hooks: [{on: [redacted], run: [/bin/true]}]
default_region: europe
plans:
  gold:
    calendar: always
    targets:
      high: {first_response: 1h, resolution: 8h}
      normal: {first_response: 2h..4h, next_response: 4h, resolution: 24h}
      low: none
      old: none
    auto_close: {after: 48h, statuses: [waiting_customer], remind_after: 24h}
    reopen: {window: 14d}
    escalation:
      - {level: 1, clock: first_response, at: 0m, notify: [team_lead], set: {priority: +1, tags: [late]}}
  early:
    calendar: always
    targets: {high: none, normal: {first_response: 1h}, low: none, old: none}
    customer_close: before_reply
  strict:
    calendar: always
    targets: {high: none, normal: {first_response: 1h}, low: none, old: none}
    customer_close: never
"""


def build(folder: Path) -> Path:
    """Make the database: agents ann (lead of the team network) and bob, the organisation Acme."""
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    path = folder / "desk.db"
    app = App(str(path), now=START, timezone="UTC")
    try:
        setup.init(app, str(folder / "policy.yaml"))
        people.create_agent(app, "ann", "ann@desk.example", {})
        people.create_team(app, "network", "ann")
        people.create_agent(app, "bob", "bob@desk.example", {"team": "network"})
        orgs.create_org(app, "Acme", {}, ["acme.example"])
    finally:
        app.close()
    return path


class Desk:
    """Commands on one database; `now` stands until it is moved, `ann` acts."""

    def __init__(self, run: Run, path: Path) -> None:
        self._run = run
        self.path = path
        self.now = START

    def __call__(self, *words: object, who: str | None = "ann", **streams: Any) -> Result:
        """Run `helpdesk WORDS`."""
        acting = [] if who is None else ["--as", who]
        return self._run("--db", str(self.path), "--now", self.now, *acting, *map(str, words), **streams)

    def json(self, *words: object, **more: Any) -> Any:
        """Run it with --json; it succeeds."""
        result = self(*words, "--json", **more)
        assert result.code == 0, result
        return result.json

    def refused(self, *words: object, code: int, of: int | None = None, **more: Any) -> dict[str, Any]:
        """Run it with --json; it fails with that exit code, prints no record and writes no event (of one
        ticket or of any). The error."""
        which = () if of is None else ("--ticket", of)
        before = self.log(*which)
        result = self(*words, "--json", **more)
        assert (result.code, result.out.strip()) in {(code, ""), (code, "[]")}, result
        assert self.log(*which) == before
        return result.errors[-1]

    def later(self, **distance: float) -> None:
        """Move the clock on."""
        moved = datetime.fromisoformat(self.now) + timedelta(**distance)
        self.now = moved.isoformat()[:19] + "Z"

    def open(self, *words: object, subject: str = "Router down", **more: Any) -> int:
        """Open a ticket of sara's; its id."""
        given = ["--subject", subject, "--from", SARA, "--body", "No light"]
        return int(self.json("ticket", "create", *given, *words, **more)["id"])

    def bring(self, status: str, *, assigned: bool = True) -> int:
        """Open a ticket and bring it into a status, with ann as assignee or without one."""
        id_ = self.open()
        if status == "in_progress" and not assigned:
            self.json("ticket", "edit", id_, "--status", status)
            return id_
        if assigned and status != "in_progress":
            self.json("ticket", "assign", id_, "--to", "ann")
        if _WAYS[status]:
            verb, *options = _WAYS[status]
            self.json("ticket", verb, id_, *options)
        return id_

    def show(self, id_: int, *words: object) -> dict[str, Any]:
        """Return the record of a ticket."""
        record: dict[str, Any] = self.json("ticket", "show", id_, *words)
        return record

    def log(self, *words: object) -> list[dict[str, Any]]:
        """Return the events of all tickets, or as `words` of `event list` say."""
        events: list[dict[str, Any]] = self.json("event", "list", *words)
        return events
