"""Any cadence of sweeps, none included, gives each ticket the same events (`sla.md 1`)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from helpdesk_cli.services import ticket_lists
from tests.lives import Desk, live, told

if TYPE_CHECKING:
    from pathlib import Path

TICKETS, DAYS = 14, 12


@pytest.mark.parametrize(("seed", "upkeep"), [(0, False), (1, False), (3, True)])
def test_any_cadence_gives_the_same_events(tmp_path: Path, seed: int, upkeep: bool) -> None:
    """With `upkeep` tickets are merged and split, too."""
    histories = {}
    for name, every in (("often", timedelta(minutes=41)), ("daily", timedelta(days=1)), ("never", None)):
        folder = tmp_path / name
        folder.mkdir()
        desk = Desk(folder)
        end = live(desk, seed, TICKETS, DAYS, every, upkeep=upkeep) + timedelta(days=4)
        desk.sweep(end)
        assert desk.problems(end) == []
        every_ticket = range(1, desk.at(end, ticket_lists.count_tickets, {"status": ["all"]}) + 1)
        assert (len(every_ticket) > TICKETS) == upkeep  # those that were split off
        histories[name] = [[told(event) for event in desk.log(ticket, end)] for ticket in every_ticket]
    assert histories["often"] == histories["never"]
    assert histories["daily"] == histories["never"]
