"""Streams, signals, locales and arguments as no terminal gives them: no traceback, a documented code."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from tests.faults.cases import Case, Outcome, Tally, spread
from tests.faults.commands import ALL, COMMANDS, Contract, argv, begin, some
from tests.faults.program import ROOT, Done, call, environment, untidy
from tests.faults.state import unsound

_DEEP = 5000
# Says when the program proper begins, since what Python does before that is not ours.
_ANNOUNCED = """
import os
from helpdesk_cli.cli.root import main
try:
    os.write(2, b".")
    main()
except KeyboardInterrupt:
    os._exit(130)
"""


class Way(NamedTuple):
    """A way to start a command: what the shell does with its streams, its environment. `lost`: what it prints
    goes nowhere, so it ends with 1."""

    name: str
    redirect: str = ""
    env: dict[str, str] | None = None
    lost: bool = False


WAYS = (
    Way("stdin closed", "<&-"),
    Way("stdout closed", ">&-", lost=True),
    Way("stderr closed", "2>&-"),
    Way("all three closed", "<&- >&- 2>&-", lost=True),
    Way("stdout on /dev/full", ">/dev/full", lost=True),
    Way("LANG=C", env={"LANG": "C"}),
    Way(
        "ASCII stdio",
        env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    ),
    Way("no environment", env={}),
)


def cases() -> Iterator[Case]:
    """One for each way, signal and kind of argument."""
    for way in WAYS:
        yield Case("streams", way.name, partial(_started, way))
    for name in ("SIGINT", "SIGTERM"):
        yield Case("signal", name, partial(_signalled, name))
    yield Case("arguments", "not UTF-8", _not_utf8)
    yield Case("arguments", "nested 5,000 deep", _nested)


def _started(way: Way, folder: Path, full: bool) -> Outcome:
    tally, desk = Tally(), folder / "desk"
    for contract in some(COMMANDS, full):
        begin(desk)
        command = ["/bin/sh", "-c", f'exec "$@" {way.redirect}', "sh", *argv(contract, desk)]
        env = environment(desk) if way.env is None else {"PYTHONPATH": str(ROOT), **way.env}
        done = call(command, desk, env=env)
        # What is wrong with a policy matters more than the loss of its table; `init` has nothing to print.
        lost = way.lost and contract.code != 6 and contract.command != "init"
        expected = 1 if lost else contract.code
        wrong = [] if done.code == expected else [f"exit code {done.code}, not {expected}: {done.err}"]
        tally.add(contract.words, untidy(done) + wrong)
    return tally.outcome()


def _signalled(name: str, folder: Path, full: bool) -> Outcome:
    """At moments between the beginning of the program and its end."""
    tally, desk, dice, ended = Tally(), folder / "desk", random.Random(name), 0
    number = getattr(signal, name)
    for contract in some(COMMANDS, full):
        for moment in (0.01, 0.05):
            path = begin(desk)
            command = [sys.executable, "-c", _ANNOUNCED, *argv(contract, desk)[3:]]
            after = dice.uniform(0, 2 * moment)
            done = call(command, desk, meanwhile=partial(_send, after, number), preexec_fn=_hear)
            ended += done.code not in (contract.code, 0)
            # Before the first transaction nothing has to be put away, and the signal itself ends it.
            codes = (contract.code, 128 + number, *([-number] if number == signal.SIGTERM else []))
            wrong = [] if done.code in codes else [f"exit code {done.code}: {done.err}"]
            told = [f"it said {done.err!r}"] if done.code > 128 and "Error" in done.err else []
            tidy = [] if done.code < 0 else untidy(done)
            tally.add(f"{contract.words}, after {after:.3f} s", tidy + wrong + told + unsound(path))
    return tally.outcome(f"{ended} ended by it")


def _hear() -> None:
    """Undo what a shell does to what it starts in the background: such programs hear no Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _send(after: float, number: int, process: subprocess.Popen[bytes]) -> None:
    assert process.stderr is not None
    os.read(process.stderr.fileno(), 1)
    time.sleep(after)
    process.send_signal(number)


def _not_utf8(folder: Path, full: bool) -> Outcome:
    """Each option and argument of each command in turn is a byte that no UTF-8 begins with."""
    tally, desk = Tally(), folder / "desk"
    for contract in some(COMMANDS, full):
        begin(desk)
        plain = argv(contract, desk, db=desk / "no.db")
        for given in spread(list(_with_bytes(contract)), None if full else 4):
            done = call([*plain, *given], desk)
            # Names of files may be of any bytes; then there is none, or no database, or it is refused.
            wrong = [] if done.code in (2, 3, 4, 6, contract.code) else [f"exit code {done.code}: {done.err}"]
            tally.add(f"{contract.words} {given}", untidy(done) + wrong)
    return tally.outcome()


def _with_bytes(contract: Contract) -> Iterator[list[str | bytes]]:
    for param in ALL[contract.command].params:
        if isinstance(param, click.Option) and not (param.is_flag or param.count):
            yield [param.opts[0], b"\xff"]
    yield [b"\xff"]


def _nested(folder: Path, full: bool) -> Outcome:
    """As the config file of every command, and wherever a file is read."""
    tally, desk = Tally(), folder / "desk"
    begin(desk)
    texts = {"list.yaml": "[" * _DEEP + "]" * _DEEP, "object.yaml": '{"a":' * _DEEP + "1" + "}" * _DEEP}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        for contract in some(COMMANDS, full):
            done = call(argv(contract, desk, "--config", str(folder / name)), desk)
            tally.add(f"{contract.words} --config {name}", _told(done, 6))
        for words, code in _READERS.items():
            said = Contract(words.replace("FILE", str(folder / name)), None)
            done = call(argv(said, desk), desk)
            tally.add(words, _told(done, code))
    return tally.outcome()


# Where files are read, and the exit code for one that is nothing but brackets.
_READERS = {
    "plan check FILE": 6, "plan diff FILE": 6, "plan apply FILE": 6, "init --db new.db --plans FILE": 6,
    "ticket create --jsonl FILE": 7,
}  # fmt: skip


def _told(done: Done, code: int) -> list[str]:
    return untidy(done) + (
        [] if done.code == code else [f"exit code {done.code}, not {code}: {done.err[:200]}"]
    )
