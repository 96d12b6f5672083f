"""Random lives of tickets through the real services, for tests that compare one history with another."""

from __future__ import annotations

import os
import random
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.links import KINDS
from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import (
    attachments,
    check,
    conversation,
    lifecycle,
    linking,
    merging,
    people,
    sweep,
    ticket_lists,
    tickets,
)
from helpdesk_cli.services.app import App
from helpdesk_cli.services.recompute import mark, recompute
from helpdesk_cli.storage import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)  # a week before Europe's clock change

OFFICE = {"timezone": "Europe/Paris", "hours": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}}
NIGHT = {"timezone": "Europe/Paris", "hours": {"all": ["22:00-06:00"]}, "holidays": ["2026-04-06"]}
PRIORITIES = ("critical", "high", "normal", "low")

_MEMORY = "/dev/shm"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder for lives of many small transactions, which are not about what a disk takes to sync."""
    with TemporaryDirectory(prefix="lives-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as name:
        yield Path(name)


def policy(**changes: Any) -> dict[str, Any]:
    """A policy that makes every rule meet the others; `changes` replace keys of plan `gold`."""
    gold = {
        "calendar": "office",
        "targets": {
            "critical": {
                "first_response": "10m..30m",
                "next_response": "1h",
                "update": "4h",
                "resolution": "8h",
            },
            "high": {
                "first_response": "2h",
                "resolution": {"limit": "1d", "warn": "2h", "calendar": "always"},
            },
            "normal": {"first_response": "4h", "next_response": "6h", "update": "1d", "resolution": "20h"},
            "low": "none",
        },
        "auto_close": {"after": "48h", "remind_after": "24h", "statuses": ["waiting_customer", "resolved"]},
        "reopen": {"mode": "continue", "window": "3d"},
        "escalation": [
            {"level": "1", "clock": "first_response", "at": "-15m", "notify": ["assignee"]},
            {
                "level": "2",
                "clock": "first_response",
                "at": "0m",
                "notify": ["team_lead"],
                "set": {"priority": "+1"},
            },
            {
                "level": "1",
                "clock": "resolution",
                "at": "80%",
                "notify": ["requester"],
                "set": {"tags": ["hot"]},
            },
            {"level": "3", "clock": "resolution", "at": "+4h", "notify": ["ann"], "set": {"assignee": "bob"}},
        ],
        **changes,
    }
    silver = {
        **gold,
        "calendar": "night",
        "reopen": {"mode": "restart"},
        "pause": {"waiting_customer": ["resolution", "update", "next_response"]},
        "retroactive": False,
    }
    return {
        "version": "1",
        "default_plan": "gold",
        "default_priority": "normal",
        "calendars": {
            "always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}},
            "office": OFFICE,
            "night": NIGHT,
        },
        "priorities": [{"name": name} for name in PRIORITIES],
        "types": [{"name": "question"}, {"name": "wish", "sla": "none"}],
        "plans": {"gold": gold, "silver": silver},
    }


class Desk:
    """A database in a folder, and commands on it as of an instant."""

    def __init__(self, folder: Path, document: dict[str, Any] | None = None, at: datetime = START) -> None:
        self.path = str(folder / "desk.db")
        with closing(App(self.path, now=to_text(at))) as app:
            schema.initialise(app.create_database())
            self._apply(app, document or policy())
            for login in ("ann", "bob"):
                people.create_agent(app, login, f"{login}@desk.example", {})

    def at(
        self, instant: datetime, use_case: Callable[..., Any], *args: Any, who: str = "ann", **kw: Any
    ) -> Any:
        with closing(App(self.path, actor=who, now=to_text(instant), timezone="UTC")) as app:
            result = use_case(app, *args, **kw)
            return list(result) if hasattr(result, "__next__") else result

    def _apply(self, app: App, document: dict[str, Any]) -> None:
        with app.write() as now:
            app.policies.add(document, at=now, source=None, actor="ann")
            mark(app, now)
        recompute(app)

    def apply_policy(self, instant: datetime, document: dict[str, Any]) -> None:
        self.at(instant, self._apply, document)

    def sweep(self, instant: datetime) -> dict[str, Any]:
        return self.at(instant, sweep.sweep)

    def log(self, ticket_id: int, instant: datetime) -> list[dict[str, Any]]:
        return self.at(instant, ticket_lists.log, ticket_id)

    def file(self) -> str:
        """A file to be attached, beside the database."""
        path = f"{self.path}.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.write("x")
        return path

    def problems(self, instant: datetime) -> list[str]:
        return self.at(instant, check.check)


def script(
    seed: int, tickets_: int, days: int, *, upkeep: bool = False
) -> Iterator[tuple[datetime, int, str, dict[str, Any]]]:
    """(instant, ticket, action, arguments) in the order of time; the same for the same seed. With `upkeep`
    tickets are merged and split, too, get files, and work is noted down."""
    dice = random.Random(seed)
    steps = []
    for ticket in range(1, tickets_ + 1):
        born = dice.randrange(days * 43200)
        steps.append(
            (
                born,
                ticket,
                "create",
                {"priority": dice.choice(PRIORITIES), "plan": dice.choice(("gold", "silver"))},
            )
        )
        life = born
        for _ in range(dice.randrange(2, 12)):
            life += int(dice.choice((60, 1800, 7200, 40000, 90000)) * dice.random()) + dice.randrange(2)
            rarely = upkeep and dice.random() < 0.2
            steps.append((life, ticket, *(_upkeep(dice, tickets_) if rarely else _action(dice))))
    steps.sort(key=lambda step: step[0])
    for seconds, ticket, action, arguments in steps:
        yield START + timedelta(seconds=seconds), ticket, action, arguments


def _action(dice: random.Random) -> tuple[str, dict[str, Any]]:
    return dice.choice(
        (
            ("customer", {}),
            ("customer", {}),
            ("answer", {"status": None}),
            (
                "answer",
                {"status": dice.choice(("open", "in_progress", "waiting_customer", "on_hold", "resolved"))},
            ),
            ("note", {}),
            ("take", {"steal": True}),
            ("hold", {"seconds": dice.choice((None, 600, 30000))}),
            ("resume", {}),
            ("resolve", {}),
            ("close", {}),
            ("reopen", {}),
            ("edit", {"priority": dice.choice(PRIORITIES)}),
            ("edit", {"plan": dice.choice(("gold", "silver"))}),
            ("edit", {"type": dice.choice(("question", "wish"))}),
            ("reset", {"clock": dice.choice(("first_response", "resolution", "update"))}),
            ("unassign", {}),
        )
    )


def _upkeep(dice: random.Random, tickets_: int) -> tuple[str, dict[str, Any]]:
    return dice.choice(
        (
            ("merge", {"into": 1 + dice.randrange(tickets_)}),
            ("split", {"which": dice.randrange(8)}),
            ("attach", {}),
            ("answer", {"minutes": 1 + dice.randrange(90)}),
            ("note", {"minutes": 1 + dice.randrange(90)}),
            ("link", {"kind": dice.choice(KINDS), "other": 1 + dice.randrange(tickets_)}),
        )
    )


def _split(app: App, ticket: int, which: int) -> dict[str, Any]:
    """Begin another ticket with one of the messages that the ticket has."""
    sent = [message["id"] for message in ticket_lists.show(app, ticket)["messages"] if message["public"]]
    return merging.split(app, ticket, sent[which % len(sent)])


def act(desk: Desk, at: datetime, ticket: int, action: str, given: dict[str, Any]) -> None:
    """One step of a script; what a rule refuses is refused in every history alike."""
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: desk.at(
            at, tickets.create, subject=f"t{ticket}", sender="c@acme.example", body="b", **given
        ),
        "customer": lambda: desk.at(
            at, conversation.reply_as_customer, ticket, body="r", sender="c@acme.example"
        ),
        "answer": lambda: desk.at(at, conversation.reply_as_agent, ticket, body="a", **given),
        "note": lambda: desk.at(at, conversation.note, ticket, body="n", **given),
        "take": lambda: desk.at(at, lifecycle.take, ticket, **given),
        "hold": lambda: desk.at(
            at,
            lifecycle.hold,
            ticket,
            until=None if given["seconds"] is None else at + timedelta(seconds=given["seconds"]),
        ),
        "resume": lambda: desk.at(at, lifecycle.resume, ticket),
        "resolve": lambda: desk.at(at, lifecycle.resolve, ticket),
        "close": lambda: desk.at(at, lifecycle.close, ticket),
        "reopen": lambda: desk.at(at, lifecycle.reopen, ticket),
        "edit": lambda: desk.at(at, lifecycle.edit, ticket, **given),
        "reset": lambda: desk.at(at, lifecycle.reset_clock, ticket, reason="because", **given),
        "unassign": lambda: desk.at(at, lifecycle.unassign, ticket),
        "merge": lambda: desk.at(at, merging.merge, ticket, given["into"]),
        "split": lambda: desk.at(at, _split, ticket, given["which"]),
        "attach": lambda: desk.at(at, attachments.add, ticket, [desk.file()]),
        "link": lambda: desk.at(at, linking.link, ticket, given["kind"], given["other"]),
    }
    try:
        calls[action]()
    except HelpdeskError:
        return


def live(
    desk: Desk, seed: int, tickets_: int, days: int, every: timedelta | None, *, upkeep: bool = False
) -> datetime:
    """Play a script, sweeping `every` so often (None: never), with one policy version in the middle."""
    end = START + timedelta(days=days)
    middle = START + timedelta(days=days / 2)
    steps = [(at, 1, rest) for at, *rest in script(seed, tickets_, days, upkeep=upkeep) if at <= end]
    steps.append((middle, 0, []))
    tick = START
    for at, kind, rest in sorted(steps, key=lambda step: step[:2]):
        while every is not None and tick < at:
            desk.sweep(tick)
            tick += every
        if kind:
            act(desk, at, *rest)
        else:
            desk.apply_policy(at, later_policy())
    while every is not None and tick <= end:
        desk.sweep(tick)
        tick += every
    return end


def later_policy() -> dict[str, Any]:
    """The policy with another row in `gold` and other hours in both calendars."""
    document = policy()
    document["plans"]["gold"]["targets"]["low"] = {"resolution": "6h"}
    document["calendars"]["office"] = {**OFFICE, "holidays": ["2026-04-03"]}
    document["calendars"]["night"] = {**NIGHT, "hours": {"all": ["21:00-05:00"]}}
    return document


def told(event: dict[str, Any]) -> tuple[Any, ...]:
    """What of an event must not depend on when it was written."""
    numbers = {"message", "attachment", "run"}
    data = {key: value for key, value in event["data"].items() if key not in numbers}
    return event["type"], event["at"], event["actor"], data
