"""Many writers at once while sweeps run: all that is acknowledged is there, what falls due happens once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services import conversation, ticket_lists, tickets
from helpdesk_cli.services.app import App
from tests.faults.cases import Case, Outcome, Tally
from tests.faults.program import HELPDESK, Done, call
from tests.faults.state import unsound
from tests.lives import PRIORITIES, START, Desk, told

_END = START + timedelta(days=30)
_SLOWEST = 3.0  # seconds for 99 of 100 creates
_KINDS = [(priority, plan) for priority in PRIORITIES for plan in ("gold", "silver")]
# The hours by which one sweep looks further than the one before.
_STRIDE = timedelta(hours=5)


class Size(NamedTuple):
    """How many there are at once."""

    writers: int
    tickets: int  # of each
    sweeps: int
    silent: int  # tickets that fall silent, to be closed


FULL, FEW = Size(16, 200, 2, 40), Size(4, 5, 1, 4)


def cases() -> Iterator[Case]:
    """Three runs."""
    for number in (1, 2, 3):
        yield Case("crowd", f"run {number}", _run, in_short=number == 1)


def _run(folder: Path, full: bool) -> Outcome:
    size, tally, desk, over = FULL if full else FEW, Tally(), Desk(folder), Event()
    _fall_silent(desk, size.silent)
    with ThreadPoolExecutor(size.writers + size.sweeps) as pool:
        sweeps = [pool.submit(_sweep, desk.path, folder, over) for _ in range(size.sweeps)]
        writers = [pool.submit(_write, desk.path, folder, size.tickets) for _ in range(size.writers)]
        created = [each for writer in writers for each in writer.result()]
        over.set()
        swept = [done for sweep in sweeps for done in sweep.result()]
    for done, _took in created:
        tally.add("a create", [] if done.code == 0 else [f"exit code {done.code}: {done.err}"])
    ids = sorted(int(done.out) for done, _took in created if done.code == 0)
    problems = [f"a sweep ended with {done.code}: {done.err}" for done in swept if done.code]
    if ids != list(range(size.silent + 1, size.silent + 1 + size.writers * size.tickets)):
        problems.append(f"{len(set(ids))} ids of {len(created)} acknowledged tickets")
    desk.sweep(_END)
    problems += unsound(Path(desk.path)) + _unlike_alone(desk, folder, size)
    slowest = sorted(took for _done, took in created)[int(len(created) * 0.99)]
    if full and slowest > _SLOWEST:
        problems.append(f"99 of 100 creates took up to {slowest:.1f} s")
    tally.add("all of it", problems)
    return tally.outcome(f"{len(swept)} sweeps meanwhile, 99 of 100 creates within {slowest:.2f} s")


def _write(db: str, home: Path, number: int) -> list[tuple[Done, float]]:
    """One writer's creates, one after the other, and how long each took."""
    ended = []
    for n in range(number):
        priority, plan = _KINDS[n % len(_KINDS)]
        words = [
            "--subject",
            "s",
            "--from",
            "c@acme.example",
            "--body",
            "b",
            "--priority",
            priority,
            "--plan",
            plan,
        ]
        begun = time.monotonic()
        done = call(
            [*HELPDESK, "--db", db, "--now", to_text(START), "ticket", "create", *words, "-f", "ids"], home
        )
        ended.append((done, time.monotonic() - begun))
    return ended


def _sweep(db: str, home: Path, over: Event) -> list[Done]:
    """Sweeps, one after the other, each some hours on, as long as anybody writes."""
    ended, now = [], START
    while not over.is_set():
        now = min(now + _STRIDE, _END)
        ended.append(call([*HELPDESK, "--db", db, "--now", to_text(now), "sweep", "--json"], home))
    return ended


def _fall_silent(desk: Desk, silent: int) -> None:
    for number in range(1, silent + 1):
        _create(desk, number - 1)
        desk.at(START, conversation.reply_as_agent, number, body="a", status="waiting_customer")


def _create(desk: Desk, number: int) -> None:
    priority, plan = _KINDS[number % len(_KINDS)]
    desk.at(
        START, tickets.create, subject="s", sender="c@acme.example", body="b", priority=priority, plan=plan
    )


def _unlike_alone(desk: Desk, folder: Path, size: Size) -> list[str]:
    """Tickets whose history differs from that of one like it on a desk of one writer and one sweep."""
    (folder / "alone").mkdir()
    alone = Desk(folder / "alone")
    _fall_silent(alone, size.silent)
    for number in range(len(_KINDS)):
        _create(alone, number)
    alone.sweep(_END)
    wanted, found = _histories(alone), _histories(desk)
    total = size.silent + size.writers * size.tickets
    if len(found) != total:
        return [f"{len(found)} tickets of {total}"]
    silent = [number for number in range(1, size.silent + 1) if found[number] != wanted[number]]
    kinds = {repr(wanted[size.silent + number]) for number in range(1, len(_KINDS) + 1)}
    others = [number for number in range(size.silent + 1, total + 1) if repr(found[number]) not in kinds]
    return [f"ticket {number} has another history than alone" for number in [*silent, *others][:10]]


def _histories(desk: Desk) -> dict[int, list[tuple[Any, ...]]]:
    with closing(App(desk.path, now=to_text(_END), timezone="UTC")) as app:
        (row,) = app.db.query("SELECT max(id) AS n FROM tickets")
        return {id_: [told(event) for event in ticket_lists.log(app, id_)] for id_ in range(1, row["n"] + 1)}
