"""The examples of `--help` that only read: each works on a demo database, whose policy is the shipped one
and a region."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from console import Run

from helpdesk_cli.cli.root import root

NOW = "2026-03-31T09:17:00Z"
READING = ("list", "show", "due", "elapsed", "explain", "schema", "report", "help")
NOUNS = ("schema", "report", "help")


def examples(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The command lines after `Examples:`, of a noun and of its verbs."""
    _, _, told = (command.help or "").partition("Examples:")
    for line in told.splitlines():
        if line.strip().startswith("helpdesk "):
            yield line.strip()
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from examples(inner, (*path, name))


def reads(line: str) -> bool:
    words = shlex.split(line)[1:3]
    plain = "--follow" not in line and not set(line) & set("|>&$") and "  " not in line
    return plain and (words[0] in NOUNS or (words[1:2] != [] and words[1] in READING))


LINES = sorted({line for line in examples(root) if reads(line)})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from helpdesk_cli.services import demo as demos
    from helpdesk_cli.services import orgs, people
    from helpdesk_cli.services.app import App

    path = tmp_path_factory.mktemp("examples") / "demo.db"
    app = App(str(path), now=NOW, timezone="UTC")
    demos.fill(app, count=45)
    # The names that the examples use.
    orgs.create_org(app, "Acme Ltd", {})
    people.create_contact(app, "mona@acme.example", {"org": "Acme Ltd"})
    people.create_agent(app, "ann", "ann@desk.example", {})
    people.create_team(app, "network", "ann")
    with app.write() as now:
        document = {**app.policies.latest().document, "regions": {"europe": {"countries": ["FR"]}}}
        app.policies.add(document, at=now, source=None, actor="ann")
    app.close()
    return path


def test_there_are_examples() -> None:
    assert len(LINES) > 20


@pytest.mark.parametrize("line", LINES)
def test_it_works(run: Run, demo: Path, line: str) -> None:
    done = run("--db", str(demo), "--now", NOW, *shlex.split(line)[1:])
    assert done.code == 0, done
