"""Any cadence of sweeps, none included, gives each ticket the same events (`sla.md 1`)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.lives import Desk, live, told

if TYPE_CHECKING:
    from pathlib import Path

TICKETS, DAYS = 14, 12


@pytest.mark.parametrize("seed", range(3))
def test_any_cadence_gives_the_same_events(tmp_path: Path, seed: int) -> None:
    histories = {}
    for name, every in (("often", timedelta(minutes=41)), ("daily", timedelta(days=1)), ("never", None)):
        folder = tmp_path / name
        folder.mkdir()
        desk = Desk(folder)
        end = live(desk, seed, TICKETS, DAYS, every) + timedelta(days=4)
        desk.sweep(end)
        assert desk.problems(end) == []
        histories[name] = [
            [told(event) for event in desk.log(ticket, end)] for ticket in range(1, TICKETS + 1)
        ]
    assert histories["often"] == histories["never"]
    assert histories["daily"] == histories["never"]
