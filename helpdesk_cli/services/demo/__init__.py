"""`helpdesk demo`: a believable month in an empty database, lived through the ordinary use cases.

Everything that people do is one of the services' use cases as of its instant, with a sweep every hour in
between, as cron would have run it. All of it is one transaction: a demo is there whole or not at all, and
the disk is waited for once.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.text import fold
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import conversation, lifecycle, orgs, people, setup, ticket_lists, tickets
from helpdesk_cli.services.demo.cast import AGENTS, CUSTOMERS, DOMAIN, TEAMS
from helpdesk_cli.services.demo.lives import Step, life
from helpdesk_cli.services.demo.scenes import DAYS, offered, scenes
from helpdesk_cli.services.sweep import sweep
from helpdesk_cli.storage import events, hook_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from helpdesk_cli.services.app import App

TICKETS = 60
SEED = 1
HOURS = DAYS * 24

ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    "answer": conversation.reply_as_agent,
    "reply": conversation.reply_as_customer,
    "note": conversation.note,
    "assign": lifecycle.assign,
    "take": lifecycle.take,
    "hold": lifecycle.hold,
    "edit": lifecycle.edit,
    "tag": lifecycle.tag,
    "resolve": lifecycle.resolve,
    "close": lifecycle.close,
    "customer_close": lifecycle.close_as_customer,
}


def fill(
    app: App,
    *,
    count: int = TICKETS,
    seed: int = SEED,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Fill an empty database, made where there is none, with a month that ends now; the record `demo`.

    The same seed, time and policy give the same data, but for `recorded_at`. `progress` is called
    HOURS times. RefusedError `not_empty` where there is a ticket.
    """
    app.create_database()
    with app.write() as end:
        start = end - timedelta(days=DAYS)
        with app.as_of(start):
            setup.init(app)
        _refuse_content(app)
        said = len(app.announcements)
        _people(app, start)
        dice = random.Random(seed)
        _live(app, _plot(app, dice, end, count), start, end, progress)
        del app.announcements[said:]  # what they said then is of no use now
        hook_runs.clear(app.db)  # no program is told of a made-up month
        return _summary(app, start, end, seed)


def _refuse_content(app: App) -> None:
    tickets_, orgs_ = ticket_lists.count_tickets(app, {"status": ("all",)}), orgs.list_orgs(app, limit=1)
    if tickets_ or list(orgs_[0]):
        held = f"{tickets_} tickets" if tickets_ else "organisations"
        raise RefusedError(
            f"{app.db_path} holds {held}, and a demo needs an empty database",
            code="not_empty",
            hint="fill a new one: `helpdesk demo --db FILE`",
        )


def _people(app: App, start: datetime) -> None:
    """Teams, agents, organisations and the contacts that are known by name; agents that exist are kept."""
    known = {agent["login"] for agent in people.list_agents(app)[0]}
    teams = {team["name"] for team in people.list_teams(app)[0]}
    policy = app.policies.latest()
    names = offered(policy)
    with app.as_of(start):
        for team in TEAMS:
            if team not in teams:
                people.create_team(app, team)
        for agent in AGENTS:
            if agent.login not in known:
                fields = people.AgentFields(name=agent.name, team=agent.team, timezone=agent.timezone)
                people.create_agent(app, agent.login, f"{agent.login}@{DOMAIN}", fields)
        for team, lead in TEAMS.items():
            people.edit_team(app, team, lead)
        for customer in CUSTOMERS:
            if customer.org is None:
                continue
            about = orgs.OrgFields(
                plan=names.plan(customer.plan),
                region=_declared(customer.region, policy.document.get("regions")),
                tier=_declared(customer.tier, policy.document.get("tiers")),
                licences=customer.licences,
                account_manager=customer.manager,
                vip=customer.vip,
            )
            orgs.create_org(app, customer.org, about, customer.domains)
            for address, (_local, name, role) in zip(customer.addresses, customer.people, strict=True):
                if name is not None:
                    people.create_contact(
                        app, address, people.ContactFields(name=name, org=customer.org, role=role)
                    )


def _declared(name: str | None, names: Iterable[str] | None) -> str | None:
    """A region or tier, unless the policy declares others."""
    known = name is None or not names or fold(name) in map(fold, names)
    return name if known else None


def _plot(app: App, dice: random.Random, end: datetime, count: int) -> deque[tuple[int, Step]]:
    """(number of the ticket, step) in the order of time, as far as the month goes."""
    policy = app.policies.latest()
    steps = [
        (number, step)
        for number, scene in enumerate(scenes(dice, policy, end, count))
        for step in life(dice, policy, scene)
        if step.at <= end
    ]
    return deque(sorted(steps, key=lambda step: (step[1].at, step[0])))


def _live(
    app: App, steps: deque[tuple[int, Step]], start: datetime, end: datetime, progress: Callable[[], None]
) -> None:
    """Play the steps, sweeping at every full hour and at the end."""
    ids: dict[int, int] = {}
    full_hour = start.replace(minute=0, second=0)
    for passed in range(1, HOURS + 1):
        now = full_hour + timedelta(hours=passed) if passed < HOURS else end
        while steps and steps[0][1].at <= now:
            _play(app, *steps.popleft(), ids)
        with app.as_of(now):
            sweep(app)
        progress()


def _play(app: App, number: int, step: Step, ids: dict[int, int]) -> None:
    """One step; what another policy than the shipped one does not allow is left out."""
    with app.as_of(step.at, step.who), suppress(RefusedError):
        if step.act == "create":
            ids[number] = tickets.create(app, **step.given)["id"]
        elif number in ids:
            ACTS[step.act](app, ids[number], **step.given)


def _summary(app: App, start: datetime, end: datetime, seed: int) -> dict[str, Any]:
    log = list(events.stream(app.db))
    told = Counter(event["type"] for event in log)
    return {
        "db": app.db_path,
        "seed": seed,
        "since": to_text(start),
        "until": to_text(end),
        "orgs": len(list(orgs.list_orgs(app)[0])),
        "contacts": len(list(people.list_contacts(app)[0])),
        "agents": len(list(people.list_agents(app)[0])),
        "tickets": told["created"],
        "messages": told["message"],
        "events": len(log),
        "sweeps": HOURS,
        "breaches": told["clock_breached"],
        "closed_by_silence": told["auto_closed"],
        "reopenings": told["reopened"],
        "next_steps": _next_steps(app, log, end),
    }


def _next_steps(app: App, log: list[dict[str, Any]], end: datetime) -> list[str]:
    """Five commands worth trying, without the program's name; with no ticket the two that need none."""
    due = [row for row in ticket_lists.list_tickets(app, {})[0] if row["next_due_at"] is not None]
    said = Counter(event["ticket"] for event in log if event["type"] in {"message", "reopened", "note"})
    first = due[0]["id"] if due else 1
    latest = max(due, key=lambda row: str(row["next_due_at"]))["id"] if due else 1
    later = "+4h" if end == app.real_now() else to_text(end + timedelta(hours=4))
    on_one = [
        f"ticket show {said.most_common(1)[0][0] if said else 1}",
        f"sla explain {latest}",
        f"ticket reply {first} --body 'We are on it.'",
    ]
    return [
        "ticket list --overdue",
        *(on_one if log else ()),
        f"sweep --dry-run --now {later}",
    ]
