"""An agent goes away and comes back: routing passes over who is away, and who assigns is told (M5).

Somebody away is an agent all the same: the tickets stay, and what is done meanwhile is the agent's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services import lookup, people
from helpdesk_cli.storage import people as store

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App


def set_away(app: App, login: str = lookup.ME, *, away: bool) -> dict[str, Any]:
    """The agent is away from now on, or with `away` false is back; the record. Who is away already has been
    so since the first time. RefusedError `retired`, NotFoundError `unknown_agent`."""
    with app.write() as now:
        agent = lookup.active_agent(app, login)
        if away != (agent["away_since"] is not None):
            store.change_agent(app.db, {**dict(agent), "away_since": to_text(now) if away else None})
        return people.show_agent(app, agent["login"])
