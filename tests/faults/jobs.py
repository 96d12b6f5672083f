"""The work that faults interrupt: commands that write, on a desk where they have something to do.

A command more is a line more in JOBS.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.services import conversation, lifecycle, tickets
from tests.faults.program import HELPDESK, Done, call
from tests.faults.state import State, differences, state, unsound
from tests.lives import PRIORITIES, START, Desk, later_policy
from tests.old_files import make_old

# Everything has fallen due by then: levels, breaches, reminders, closures, ends of hold.
LATER = START + timedelta(days=5)
TICKETS = LINES = 12
# Batches of a few, so that a few tickets take several transactions.
_SMALL = """
from helpdesk_cli.services import bulk, export_file, recompute, sweep
from helpdesk_cli.__main__ import main
bulk.BATCH = recompute.BATCH = sweep.BATCH = 5
export_file.LINES = 50
main()
"""


class Job(NamedTuple):
    """`words` is the command, `{folder}` where its files are; repeated, it changes nothing more. `finish` is
    what does the rest after an interruption, if it is not the command again. `steps`: it commits in several
    transactions, so a part of it may be done. `lines`: each line of its output acknowledges a ticket, else
    all of it does so. `marks`: columns that its first transaction sets, to show the others their work.
    `apart`: tables of tickets that it writes after the tickets. `copies`: databases that it makes, as its own
    was before; `texts`: other files that it makes."""

    name: str
    words: str
    stock: str = "desk"
    finish: tuple[str, ...] = ()
    steps: bool = False
    lines: bool = False
    marks: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    copies: str = ""
    texts: str = ""

    def argv(self, folder: Path, words: str | None = None) -> list[str]:
        """The command, or other words, on the database of a folder."""
        said = (self.words if words is None else words).replace("{folder}", str(folder)).split()
        where = ["--db", str(folder / "desk.db"), "--now", to_text(LATER), "--as", "ann"]
        return [sys.executable, "-c", _SMALL, *where, *said]

    def state(self, folder: Path) -> State:
        """What the database of a folder holds."""
        return state(folder / "desk.db", self.apart)

    def begin(self, folder: Path) -> None:
        """Put its stock into a folder, in the place of whatever is there."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_stock(self.stock), folder)

    def broken(self, folder: Path, done: Done) -> list[str]:
        """What does not hold after it ended as `done`, whole, killed or failing; does the rest of it."""
        path = folder / "desk.db"
        before, after = expected(self)
        problems, now = unsound(path), self.state(folder)
        if not self.steps and now not in (before, after):
            problems.append("the change is there in part")
        problems += differences(now, before, after, ignoring=self.marks)
        problems += self._lost(now, done)
        problems += self._bad_files(folder, made=now == after != before or self._told_all(done))
        problems += self._unfinished(folder)
        problems += unsound(path)
        return problems + [f"in the end {line}" for line in differences(self.state(folder), after)]

    def _told_all(self, done: Done) -> bool:
        """Whether the whole answer was printed."""
        try:
            json.loads(done.out.splitlines()[-1] if self.lines and done.out else done.out)
        except ValueError:
            return False
        return not self.lines or len(done.out.splitlines()) == LINES

    def _lost(self, now: State, done: Done) -> list[str]:
        """What was acknowledged and is not there."""
        after = expected(self)[1]
        if self._told_all(done):
            return ["acknowledged, and not all is there"] if now != after else []
        if not self.lines:
            return []
        lines = [line for line in done.out.splitlines(keepends=True) if line.endswith("\n")]
        ids = [json.loads(line)["id"] for line in lines]
        return [f"ticket {id_} acknowledged and lost" for id_ in ids if ("tickets", id_) not in now]

    def _bad_files(self, folder: Path, *, made: bool) -> list[str]:
        """Files that it made and that are not whole."""
        before, texts = expected(self)[0], _texts(self)
        copies, others = (list(folder.glob(each)) if each else [] for each in (self.copies, self.texts))
        bad = [copy for copy in copies if unsound(copy) or state(copy) != before]
        bad += [other for other in others if other.read_bytes() not in texts]
        lacking = made and (self.copies or self.texts) and not copies and not others
        return [f"{file.name} is not whole" for file in bad] + (["no file was made"] if lacking else [])

    def _unfinished(self, folder: Path) -> list[str]:
        """Do what was left; what went wrong."""
        ends = [call(self.argv(folder, words), folder) for words in self.finish or (self.words,)]
        return [f"the next run ended with {end.code}: {end.err}" for end in ends if end.code != 0]


_REPLY = "ticket reply 1 --body again --status resolved --idempotency-key r1 --json"
_CREATE = "ticket create --subject s --from new@else.example --body b --idempotency-key k1 --json"
_APPLY = "plan apply {folder}/later.yaml --json"
JOBS = (
    Job("create", _CREATE),
    Job("reply", _REPLY),
    Job("reply --attach", f"{_REPLY} --attach {{folder}}/lines.jsonl"),
    Job("sweep", "sweep --json", steps=True),
    Job("plan apply", _APPLY, finish=(_APPLY, "sweep"), steps=True, marks=("act_at", "rank")),
    Job("create --jsonl", "ticket create --jsonl {folder}/lines.jsonl -f jsonl", steps=True, lines=True),
    Job("backup", "db backup {folder}/backup.db --yes --json", copies="backup.db"),
    Job("migrate", "db migrate --json", stock="old", copies="desk.db.before-migrate-*"),
    Job(
        "import",
        "import {folder}/export.jsonl --json",
        stock="export",
        steps=True,
        apart=("notices", "links"),
    ),
    Job("export", "export -o {folder}/made.jsonl --yes --json", texts="made.jsonl"),
)


@cache
def expected(job: Job) -> tuple[State, State]:
    """What is there before the job, and after it."""
    with _done(job) as (before, folder):
        return before, job.state(folder)


@cache
def _texts(job: Job) -> list[bytes]:
    """What is in the texts that the job makes."""
    with _done(job) as (_before, folder):
        return [file.read_bytes() for file in folder.glob(job.texts)] if job.texts else []


@contextmanager
def _done(job: Job) -> Iterator[tuple[State, Path]]:
    """The state before the job, and a folder in which it and what follows it was done."""
    with TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name) / "desk"
        job.begin(folder)
        before = job.state(folder)
        for words in (job.words, *job.finish):
            done = call(job.argv(folder, words), folder)
            assert done.code == 0, done
        yield before, folder


@cache
def _stock(name: str) -> Path:
    """A folder to be copied, made once."""
    folder = Path(mkdtemp(prefix="faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if name == "old":
        make_old(folder / "desk.db", 1)
    elif name == "export":
        desk = _stock("desk") / "desk.db"
        made = call([*HELPDESK, "--db", str(desk), "export", "-o", str(folder / "export.jsonl")], folder)
        assert made.code == 0, made
    else:
        _fill(folder)
    return folder


def _fill(folder: Path) -> None:
    """A desk of tickets in every state, which nobody has swept."""
    desk = Desk(folder)
    for number in range(1, TICKETS + 1):
        given = {"priority": PRIORITIES[number % 4], "plan": ("gold", "silver")[number % 2]}
        desk.at(START, tickets.create, subject=f"t{number}", sender="c@acme.example", body="b", **given)
    for number in (3, 4):
        desk.at(START, conversation.reply_as_agent, number, body="a", status="waiting_customer")
    desk.at(START, lifecycle.hold, 5, until=START + timedelta(hours=9))
    desk.at(START, lifecycle.resolve, 6)
    (folder / "later.yaml").write_text(json.dumps(later_policy()), encoding="utf-8")
    lines = ({"subject": f"l{n}", "from": "d@else.example", "body": "b", "idempotency_key": f"l{n}"}
             for n in range(LINES))  # fmt: skip
    (folder / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
