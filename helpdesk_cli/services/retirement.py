"""An agent leaves: it acts no more and gets no work, its tickets go to another, what it did keeps its name.

All of it is one transaction: an agent is retired with every ticket handed over, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import statuses, verbs
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.suggest import listed
from helpdesk_cli.domain.tickets import reference
from helpdesk_cli.errors import RefusedError, UsageError
from helpdesk_cli.services import escalating, lookup, people
from helpdesk_cli.services.change import changing
from helpdesk_cli.services.recompute import settle
from helpdesk_cli.storage import escalations, orgs, tickets
from helpdesk_cli.storage import people as store

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row


def retire_agent(app: App, login: str, reassign_to: str | None = None) -> dict[str, Any]:
    """Retire an agent and give its tickets that are not closed, and the escalations that it owns, to another
    (`me`: who acts); its record.

    RefusedError `holds_tickets` where there are some and nobody gets them, `retired` for an heir who is
    retired too. Who is retired already stays so; what still names it is announced.
    """
    with app.write() as now:
        agent = lookup.agent(app, login)
        heir = None if reassign_to is None else _heir(app, agent, reassign_to)
        settle(app, "assignee", agent["login"])
        held = _hand_over(app, agent["id"], agent["login"], heir)
        if not held:
            owned = _pass_on(app, agent["login"], heir)
            if agent["retired_at"] is None:
                store.change_agent(app.db, {**dict(agent), "retired_at": to_text(now), "away_since": None})
            _announce_what_names(app, agent, owned)
            _announce_if_last(app)
            return people.show_agent(app, agent["login"])
    # Only now: what time has done to the tickets is kept (sla.md 1).
    raise RefusedError(
        f"{agent['login']} has {held} ticket{'s' * (held > 1)} that {'are' if held > 1 else 'is'} not closed",
        code="holds_tickets",
        hint=f"hand over with `helpdesk agent retire {agent['login']} --reassign-to AGENT`; see"
        f" `helpdesk ticket list --assignee {agent['login']} --status active,resolved`",
        details={"tickets": held},
    )


def _heir(app: App, agent: Row, login: str) -> str:
    row = lookup.assignee(app, login)
    if row["id"] == agent["id"]:
        raise UsageError(
            f"{row['login']} cannot take over from itself", code="same_agent", hint="name another agent"
        )
    return str(row["login"])


def _hand_over(app: App, agent_id: int, login: str, heir: str | None) -> int:
    """Give every ticket that the agent holds to the heir; without one, how many there are."""
    held = 0
    for ticket_id in tickets.held_by(app.db, agent_id):
        with changing(app, ticket_id) as change:
            # Time may have closed it, or an escalation given it to somebody else.
            if change.ticket.assignee != login or change.ticket.status == statuses.CLOSED:
                continue
            if heir is None:
                held += 1
            else:
                change.record(verbs.assign(change.ticket, assignee=heir), app.require_agent()["login"])
    return held


def _pass_on(app: App, login: str, heir: str | None) -> list[str]:
    """Give the escalations that the agent owns to the heir; without one, of which tickets they are. Those of
    tickets that are resolved get another owner if somebody asks again."""
    left: list[str] = []
    for ticket_id in escalations.owned_by(app.db, login):
        with changing(app, ticket_id) as change:
            asked = change.ticket.escalation
            if asked is None or asked.owner != login or change.ticket.stopped:
                continue  # time has closed it
            if heir is None:
                left.append(reference(ticket_id))
            else:
                escalating.pass_on(change, heir, app.require_agent()["login"])
    return left


def _announce_if_last(app: App) -> None:
    if not list(store.agents(app.db, (), 1)[0]):
        app.announcements.append(
            "nobody is left who acts as support: `helpdesk agent create LOGIN --email E`,"
            " or `helpdesk agent edit LOGIN --restore`"
        )


def _announce_what_names(app: App, agent: Row, owned: list[str]) -> None:
    """Whatever else waits for the agent: escalations of the tickets `owned`, teams that it leads,
    organisations, levels of plans."""
    login = agent["login"]
    if owned:
        app.announcements.append(
            f"{login} still owns the escalation of {listed(owned)}:"
            " `helpdesk ticket escalate ID --owner AGENT`"
        )
    teams = store.led_by(app.db, agent["id"])
    if teams:
        app.announcements.append(
            f"{login} still leads {listed(teams)}: `helpdesk team edit TEAM --lead AGENT`"
        )
    for role in ("account", "success"):
        managed = orgs.managed_by(app.db, agent["id"], f"{role}_manager")
        if managed:
            app.announcements.append(
                f"{login} is still the {role} manager of {listed(managed)}:"
                f" `helpdesk org edit ORG --{role}-manager AGENT`"
            )
    policy = app.policies.latest()
    plans = [
        name
        for name in policy.plans
        if any(
            login in level.notify or level.set.get("assignee") == login for level in policy.plan(name).levels
        )
    ]
    if plans:
        app.announcements.append(
            f"escalation still names {login} in {listed(plans)}:"
            " change the policy file, `helpdesk plan export`"
        )
