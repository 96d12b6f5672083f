"""Any cadence of sweeps, none included, gives each ticket the same events (`sla.md 1`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk_cli.services import ticket_lists
from tests.lives import Desk, live, quick_folder, told

TICKETS, DAYS = 14, 12


@pytest.mark.parametrize(("seed", "upkeep"), [(0, False), (1, False), (3, True)])
def test_any_cadence_gives_the_same_events(seed: int, upkeep: bool) -> None:
    """With `upkeep` tickets are merged and split, too."""
    often, daily, never = (
        history(seed, every, upkeep=upkeep) for every in (timedelta(minutes=41), timedelta(days=1), None)
    )
    assert often == never
    assert daily == never


def history(seed: int, every: timedelta | None, *, upkeep: bool) -> list[list[tuple[Any, ...]]]:
    """What happened to each ticket of a desk that was swept so often."""
    with quick_folder() as folder:
        desk = Desk(folder)
        end = live(desk, seed, TICKETS, DAYS, every, upkeep=upkeep) + timedelta(days=4)
        desk.sweep(end)
        assert desk.problems(end) == []
        every_ticket = range(1, desk.at(end, ticket_lists.count_tickets, {"status": ["all"]}) + 1)
        assert (len(every_ticket) > TICKETS) == upkeep  # those that were split off
        return [[told(event) for event in desk.log(ticket, end)] for ticket in every_ticket]
