"""Every command that lists records says the same in every format, on the database of `helpdesk demo`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from console import Result, Run

from helpdesk_cli.cli.root import root
from helpdesk_cli.records import RECORDS, Field
from helpdesk_cli.services import demo
from helpdesk_cli.services.app import App

NOW = "2026-03-31T09:17:00Z"
ALSO = {  # lists of another name, or that show more with arguments
    "ticket list --status all --limit 0": "ticket",
    "ticket show 1 2 3 --events": "ticket",
    "ticket log 1": "event",
    "report sla --by plan,week": "report_sla",
    "report response --by agent": "report_response",
    "report resolution --by category": "report_resolution",
    "report backlog --by week": "report_backlog",
    "config show": "config",
}


def listing(group: click.Group = root, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(words, record) of every `list` command that needs no argument."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from listing(command, (*path, name))
        elif name == "list" and not any(param.required for param in command.params):
            record = vars(command.callback).get("record")
            if record is not None:
                yield " ".join((*path, name)), record


LISTS = {**dict(listing()), **ALSO}


@pytest.fixture(scope="module")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    app = App(str(path), now=NOW)
    demo.fill(app, count=12)
    app.close()
    return path


@pytest.fixture(params=LISTS)
def words(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(run: Run, demo_database: Path, words: str) -> Any:
    def asked(*more: str) -> Result:
        done = run("--db", str(demo_database), "--now", NOW, *words.split(), *more)
        assert done.code == 0, done.err
        return done

    return asked


def value(field: Field, text: str) -> Any:
    """What a csv cell says, by the type of its field; null and an empty text look the same."""
    if text == "":
        return None
    if field.type in ("int", "duration"):
        return int(text)
    if field.type in ("bool", "list", "object", "labels", "number"):
        return json.loads(text)
    return text


def test_the_lists_are_found() -> None:
    assert {"ticket list", "event list", "org list", "agent list", "plan list", "notice list"} <= {*LISTS}


def test_csv_says_what_json_says(ask: Any, words: str) -> None:
    fields = {field.name: field for field in RECORDS[LISTS[words]].fields}
    rows = ask("--json").json
    reader = csv.DictReader(io.StringIO(ask("-f", "csv").out, newline=""), strict=True)
    found = [{key: value(fields[key], text) for key, text in row.items()} for row in reader]
    assert found == [{key: None if item == "" else item for key, item in row.items()} for row in rows]
    assert rows == [] or reader.fieldnames == list(rows[0])


def test_jsonl_and_ids_say_what_json_says(ask: Any, words: str) -> None:
    rows = ask("--json").json
    assert [json.loads(line) for line in ask("-f", "jsonl").out.splitlines()] == rows
    key = RECORDS[LISTS[words]].key
    ids = [str(row[key]) for row in rows if row[key] is not None]
    assert ask("-f", "ids").out.splitlines() == ids


def test_markdown_has_a_line_a_record(ask: Any) -> None:
    rows = ask("--json").json
    head, under, *lines = ask("-f", "markdown").out.splitlines()
    assert len(lines) == len(rows)
    count = len(re.findall(r"(?<!\\)\|", head))
    assert re.fullmatch(r"\|( -{3}:? \|)+", under)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in (under, *lines)} == {count}
