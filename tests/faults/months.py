"""Any cadence of sweeps over a month tells the same; a clock that jumps neither repeats nor unsays."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services import ticket_lists
from helpdesk_cli.services.app import App
from tests.faults.cases import Case, Outcome, Tally
from tests.faults.state import unsound
from tests.lives import START, Desk, live, quick_folder, told

_TICKETS, _DAYS = 2000, 30
_CADENCES = {
    "minutely": timedelta(minutes=1),
    "hourly": timedelta(hours=1),
    "weekly": timedelta(days=7),
    "never": None,
}
_JUMPS = {"back a day": timedelta(days=-1), "forward a year": timedelta(days=365)}
_ONCE = ("clock_warned", "clock_breached", "escalated", "reminded", "auto_closed")


def cases() -> Iterator[Case]:
    """The cadences are compared in one case; each jump is one. The suite has a short month of its own."""
    yield Case("cadence", "a month", _month, in_short=False)
    for name, jump in _JUMPS.items():
        yield Case("clock", name, partial(_jumping, jump))


def _month(_folder: Path, full: bool) -> Outcome:
    with quick_folder() as folder:
        return _cadences(folder, _TICKETS if full else 20)


def _cadences(folder: Path, number: int) -> Outcome:
    tally = Tally()
    histories: dict[str, dict[int, str]] = {}
    for name, every in _CADENCES.items():
        (folder / name).mkdir()
        desk = Desk(folder / name)
        end = live(desk, 0, number, _DAYS, every) + timedelta(days=4)
        desk.sweep(end)
        histories[name] = _histories(desk, end, number)
        other = [id_ for id_ in histories[name] if histories[name][id_] != histories["minutely"].get(id_)]
        problems = [f"ticket {id_} has another history than with a sweep a minute" for id_ in other[:5]]
        tally.add(name, unsound(Path(desk.path)) + problems)
    return tally.outcome(f"{number} tickets each")


def _histories(desk: Desk, end: datetime, number: int) -> dict[int, str]:
    with closing(App(desk.path, now=to_text(end), timezone="UTC")) as app:
        logs = {id_: [told(event) for event in ticket_lists.log(app, id_)] for id_ in range(1, number + 1)}
    return {id_: sha256(repr(log).encode()).hexdigest() for id_, log in logs.items()}


class JumpingDesk(Desk):
    """A desk whose clock is set once, and which looks after each sweep for what is no longer late."""

    def __init__(self, folder: Path, moment: datetime, jump: timedelta) -> None:
        self.moment, self.jump = moment, jump
        self.late: set[tuple[Any, ...]] = set()
        self.unsaid: set[tuple[Any, ...]] = set()
        super().__init__(folder)

    def at(self, instant: datetime, *given: Any, **named: Any) -> Any:
        """As everywhere, by its own clock."""
        return super().at(instant + self.jump if instant >= self.moment else instant, *given, **named)

    def sweep(self, instant: datetime) -> dict[str, Any]:
        result = super().sweep(instant)
        late = set(
            self.rows("SELECT ticket_id, name, instance, breached_at FROM clocks WHERE breached_at NOTNULL")
        )
        self.unsaid |= self.late - late
        self.late |= late
        return result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(sql).fetchall()


def _jumping(jump: timedelta, folder: Path, full: bool) -> Outcome:
    tally = Tally()
    seeds, number, every = (10, 40, timedelta(hours=7)) if full else (1, 6, timedelta(days=2))
    for seed in range(seeds):
        place = folder / str(seed)
        place.mkdir()
        moment = START + timedelta(days=random.Random(seed).uniform(10, 20))
        desk = JumpingDesk(place, moment, jump)
        end = live(desk, seed, number, _DAYS, every) + timedelta(days=4)
        desk.sweep(end)
        problems = [f"{key} is no longer breached" for key in sorted(desk.unsaid)]
        problems += [f"{row} happened more than once" for row in desk.rows(_TWICE)]
        problems += [f"ticket {row[0]} goes back in time" for row in desk.rows(_BACKWARDS)]
        tally.add(f"seed {seed}, at {moment:%d %H:%M}", problems + unsound(Path(desk.path)))
    return tally.outcome()


_TWICE = f"""
SELECT ticket_id, type, clock, instance, level, count(*) FROM events
WHERE type IN {_ONCE!r} GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
"""
_BACKWARDS = """
SELECT DISTINCT one.ticket_id FROM events one JOIN events next
ON next.ticket_id = one.ticket_id AND next.n = one.n + 1 WHERE next.at < one.at
"""
