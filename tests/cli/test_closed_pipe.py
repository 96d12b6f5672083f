"""A reader that goes away, as `| head -1` does: the command ends quietly. A real process on a real pipe."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desk import SARA, START

from helpdesk_cli.services import tickets
from helpdesk_cli.services.app import App

PROGRAM = [sys.executable, "-c", "from helpdesk_cli.__main__ import main; main()"]
LONG = 20  # seconds that no test waits, unless something is broken
MANY = 400  # in JSON more than a pipe holds, 64 KiB


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, desk_database: Path) -> Path:
    """A database of some hundred tickets."""
    path = Path(shutil.copy(desk_database, tmp_path_factory.mktemp("crowded") / "desk.db"))
    app = App(str(path), actor="ann", now=START, timezone="UTC")
    with app.write():
        for number in range(MANY):
            tickets.create(app, subject=f"Router {number} down", sender=SARA, body="No light")
    app.close()
    return path


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("json", 1),
        ("jsonl", 1),
        *((form, 0) for form in ("json", "jsonl", "csv", "markdown", "table", "ids")),
    ],
)
def test_a_closed_pipe_ends_it_quietly(crowded: Path, form: str, read: int) -> None:
    command = [
        *PROGRAM,
        "--db",
        str(crowded),
        "ticket",
        "list",
        "--status",
        "all",
        "--limit",
        "0",
        "-f",
        form,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout
        assert process.stderr
        assert len(process.stdout.read(read)) == read
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(LONG) == 141


@pytest.mark.parametrize(
    "line",
    ["ticket show 1 2 3", "ticket log 1", "sla explain 1", "plan show gold", "plan export", "config show",
     "schema ticket", "help time", "--help", "ticket list --help", "completion bash", "sweep -n"],
)  # fmt: skip
def test_so_does_every_page(crowded: Path, line: str) -> None:
    command = [*PROGRAM, "--db", str(crowded), *line.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(LONG) == 141
