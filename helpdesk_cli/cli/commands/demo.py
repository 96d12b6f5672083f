"""`helpdesk demo`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import wants_page
from helpdesk_cli.cli.types import INT

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_URGENT = 5
_WHAT_FOR = (
    "what is late",
    "a whole conversation, with its clocks",
    "why that deadline is what it is",
    "answer the most urgent one",
    "what time will do in the next four hours; nothing is written",
)


@verb("demo")
@click.option("--tickets", type=INT, metavar="N", help="How many tickets; default: 60.")
@click.option("--seed", type=INT, metavar="S", help="Another number, another month; default: 1.")
@output_options("demo")
def cli(out: Output, tickets: int | None, seed: int | None) -> None:
    """Fill an empty database with a believable month.

    It ends now: organisations on four plans, agents, tickets in three languages, swept every hour. A database
    that is missing is made; one that holds tickets is refused. The same seed and time give the same data.

    \b
    Examples:
      helpdesk demo --db demo.db
      helpdesk demo --db demo.db --tickets 500 --seed 7
    """
    from helpdesk_cli.services import demo

    with out.progress(demo.HOURS, "Living through a month") as bar:
        made = demo.fill(
            out.app,
            count=demo.TICKETS if tickets is None else tickets,
            seed=demo.SEED if seed is None else seed,
            progress=bar.step,
        )
    made["next_steps"] = [f"{_program(out)} {step}" for step in made["next_steps"]]
    if not wants_page(out):
        out.one(made)
        return
    from helpdesk_cli.services import ticket_lists

    out.page(_summary(made))
    rows, left = ticket_lists.list_tickets(out.app, {}, limit=_MOST_URGENT)
    out.many(rows, "ticket")
    out.page(_outlook(made, left()))


def _summary(made: dict[str, Any]) -> Iterator[str]:
    yield f"{made['db']}: a month of a helpdesk, from {made['since'][:10]} to {made['until'][:10]}."
    yield f"{made['tickets']} tickets of {made['orgs']} organisations, {made['messages']} messages;"
    yield (
        f"{made['breaches']} deadlines missed, {made['closed_by_silence']} tickets closed by silence,"
        f" {made['reopenings']} opened again."
    )
    yield ""
    yield "The most urgent now:"
    yield ""


def _outlook(made: dict[str, Any], left: int) -> Iterator[str]:
    yield ""
    yield f"{left} more are open. Try next:" if left else "Try next:"
    reasons = _WHAT_FOR if made["tickets"] else (_WHAT_FOR[0], _WHAT_FOR[-1])
    for command, why in zip(made["next_steps"], reasons, strict=True):
        yield f"  {command}"
        yield f"      {why}"


def _program(out: Output) -> str:
    """The command that runs this program in the user's shell, with the options that the next one needs."""
    import shlex
    import shutil

    started = sys.argv[0]
    words = ["helpdesk"]
    if os.path.basename(started) == "helpdesk" and not _same(shutil.which("helpdesk"), started):
        words = [started]
    for option, setting in (("--db", "db"), ("--now", "now"), ("--as", "actor")):
        if out.settings.source(setting).name == "COMMANDLINE":
            words += [option, str(out.settings.get(setting))]
    return shlex.join(words)


def _same(found: str | None, started: str) -> bool:
    return found is not None and os.path.realpath(found) == os.path.realpath(started)
