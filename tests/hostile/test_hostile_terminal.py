"""Terminal: whatever the texts of a helpdesk hold, no command hands it to a terminal, in no format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks import obeyed
from console import Result, Run
from contracts import CONTRACTS, NOW, READING, Contract, words

from helpdesk_cli.cli.render import FORMATS
from helpdesk_cli.records import RECORDS

REPORTS = ("sla", "response", "resolution", "backlog")
ONLY_READ = [
    *(each for each in CONTRACTS if each.command in READING and "--take" not in each.words),
    *(Contract(f"report {name} --by org", f"report_{name}", many=True) for name in REPORTS),
]
PRINTED = [contract for contract in ONLY_READ if contract.record not in (None, "count")]
# The records that people write in.
WRITTEN = {
    "agent", "attachment", "category", "contact", "event", "explanation", "hit", "notice", "org", "plan",
    "policy_version", "priority", "region", "report_backlog", "report_resolution", "report_response",
    "report_sla", "run", "saved_file", "team", "ticket", "type", "view",
}  # fmt: skip
PRESERVED = ("json", "jsonl", "csv")


def show(poisoned: Path, run: Run, contract: Contract, *more: str, **streams: Any) -> Result:
    """One contract's command on the hostile helpdesk."""
    argv = contract.argv(poisoned.parent)
    return run("--db", str(poisoned), "--now", NOW, "--as", "ann", *argv, *more, **streams)


def harmless(done: Result, contract: Contract) -> None:
    assert obeyed(done.out) == []
    assert obeyed(done.err) == []
    # The check finds what was written past the commands; nothing is late after a sweep.
    assert done.code == {"db check": 1, "sla check": 0}.get(contract.command, contract.code), done


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


@pytest.mark.parametrize("contract", ONLY_READ, ids=words)
def test_no_command_prints_what_a_terminal_obeys(poisoned: Path, run: Run, contract: Contract) -> None:
    env = {"NO_COLOR": "1", "HELPDESK_LANG": "en", "COLUMNS": "200"}
    formats = FORMATS if contract.record else ("table", "json")
    for name in ("jsonl",) if contract.command == "export" else formats:
        if name == "ids" and contract.record and not RECORDS[contract.record].key:
            continue
        harmless(show(poisoned, run, contract, "-f", name, tty=True, env=env), contract)
    for narrow in (True, False):  # lines that are broken anywhere, and a file that `cat` shows later
        harmless(show(poisoned, run, contract, tty=narrow, env={**env, "COLUMNS": "50"}), contract)


def test_every_record_that_people_write_in_holds_attacks(poisoned: Path, run: Run) -> None:
    """So the test above can fail."""
    told = [each for each in ONLY_READ if each.record in WRITTEN]
    held = {
        each.record for each in told if any(map(obeyed, strings(show(poisoned, run, each, "--json").json)))
    }
    assert held == WRITTEN


@pytest.mark.parametrize("contract", PRINTED, ids=words)
def test_json_and_csv_parse_back_to_the_same_texts(poisoned: Path, run: Run, contract: Contract) -> None:
    array, lines, table = (show(poisoned, run, contract, "-f", name).out for name in PRESERVED)
    rows = json.loads(array)
    rows = rows if isinstance(rows, list) else [rows]
    found = [json.loads(line) for line in lines.splitlines()]
    read = list(csv.reader(io.StringIO(table, newline=""), strict=True))
    assert len(rows) == len(found) == len(read) - 1
    for row, line, cells in zip(rows, found, read[1:], strict=True):
        texts = {name: value for name, value in row.items() if isinstance(value, str)}
        assert texts == {name: line[name] for name in texts}
        by_name = dict(zip(read[0], cells, strict=True))
        assert texts == {name: by_name[name] for name in texts}
        for name, value in row.items():
            if isinstance(value, (list, dict)):
                assert list(strings(value)) == list(strings(json.loads(by_name[name])))


def test_colour_is_the_programs_own(poisoned: Path, run: Run) -> None:
    """With colour on, what is left without the program's few styles is harmless."""
    for words_ in (
        "ticket list --status all",
        "ticket show 1 --events",
        "search router",
        "report sla --by org",
    ):
        done = run("--db", str(poisoned), "--now", NOW, *words_.split(), "--color", "always", tty=True)
        for style in ("0", "1", "31", "33", "1;31"):
            done = done._replace(out=done.out.replace(f"\x1b[{style}m", ""))
        assert (done.code, obeyed(done.out), obeyed(done.err)) == (0, [], [])
