"""Each command keeps what its record promises: its schema, its keys in their order, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run
from contracts import COMMANDS, CONTRACTS, NOW, READING, Contract, words
from schema_check import problems

from helpdesk_cli.cli.schema import json_schema
from helpdesk_cli.records import RECORDS, Record

Ask = Callable[..., Result]
PRINTING = [contract for contract in CONTRACTS if contract.record is not None]
FILLED = [contract for contract in PRINTING if not contract.empty]
TEXTS = [contract for contract in CONTRACTS if contract.record is None]


@pytest.fixture
def ask(run: Run, stocked: Path, tmp_path: Path) -> Ask:
    """`ask(contract, *more)`: the call on a database as `stock` made it, whatever an earlier one did."""

    def asked(contract: Contract, *more: str, code: int | None = None) -> Result:
        shutil.copytree(stocked.parent, tmp_path, dirs_exist_ok=True)
        argv = [word.replace("new.db", str(tmp_path / "new.db")) for word in contract.argv(tmp_path)]
        (tmp_path / "new.db").unlink(missing_ok=True)
        shutil.rmtree(tmp_path / "new.db.files", ignore_errors=True)
        done = run("--db", str(tmp_path / stocked.name), "--now", NOW, "--as", "ann", *argv, *more)
        assert done.code == (contract.code if code is None else code), done
        return done

    return asked


def rows_of(contract: Contract, answer: Any) -> list[dict[str, Any]]:
    assert type(answer) is (list if contract.many else dict)
    return answer if contract.many else [answer]


def in_order(record: Record, row: dict[str, Any]) -> None:
    """The keys are those declared, in their order, in the records inside too; optional ones may lack."""
    assert list(row) == [field.name for field in record.fields if not field.optional or field.name in row]
    for field in record.fields:
        value = row.get(field.name)
        if field.of in RECORDS and value is not None:
            for inner in value if field.type == "list" else [value]:
                in_order(RECORDS[field.of], inner)


def test_every_command_has_a_contract() -> None:
    missing = set(COMMANDS) - {contract.command for contract in CONTRACTS}
    assert missing == set(), "say in contracts.py how to call it and what it prints"


def test_every_command_prints_the_record_of_its_contract() -> None:
    for contract in CONTRACTS:
        declared = vars(COMMANDS[contract.command].callback)["record"]
        assert contract.record in (declared, "count" if declared else None), contract.words
    assert all(name in COMMANDS for name in READING)


def test_every_record_is_printed_or_inside_one_that_is() -> None:
    seen = {contract.record for contract in PRINTING}
    waiting = list(seen)
    while waiting:
        inside = {field.of for field in RECORDS[str(waiting.pop())].fields if field.of in RECORDS} - seen
        seen |= inside
        waiting += inside
    # test_ticket_create_jsonl.py, test_script_ways.py and test_export.py hold these.
    assert set(RECORDS) - seen == {"opened", "record", "exported"}


# -- json


@pytest.mark.parametrize("contract", PRINTING, ids=words)
def test_json_is_what_the_schema_says(ask: Ask, contract: Contract) -> None:
    assert contract.record is not None
    rows = rows_of(contract, ask(contract, "--json").json)
    assert (rows == []) == contract.empty
    schema = json_schema(contract.record)
    for row in rows:
        assert problems(row, schema) == []
        in_order(RECORDS[contract.record], row)


def test_the_validator_finds_what_is_wrong() -> None:
    schema = json_schema("notice")
    good = {
        "id": 1, "ticket": 1, "event": 3, "kind": "breach", "to": {"address": None, "role": "team"},
        "at": "2026-03-01T09:00:00Z", "text": "t", "done_at": None,
    }  # fmt: skip
    assert problems(good, schema) == []
    for wrong in (
        {"id": "1"}, {"id": True}, {"id": None}, {"id": 1.0}, {"kind": "broken"}, {"to": {}}, {"to": None},
        {"to": {"address": 1, "role": "x"}}, {"at": "2026-03-01 09:00:00"},
        {"at": "2026-03-01T09:00:00+00:00"}, {"done_at": "now"},
    ):  # fmt: skip
        assert len(problems({**good, **wrong}, schema)) > 0, wrong
    assert problems({key: value for key, value in good.items() if key != "text"}, schema) == ["$: no text"]
    clock = json_schema("ticket")
    assert problems({}, clock) != []
    with pytest.raises(ValueError, match="minimum"):
        problems(1, {"minimum": 0})


@pytest.mark.parametrize("contract", FILLED, ids=words)
def test_a_key_that_is_asked_for_is_there_and_what_the_schema_says(ask: Ask, contract: Contract) -> None:
    """Also an optional one that this command does not have: then it is null."""
    assert contract.record is not None
    if contract.record == "count":
        return
    names = [field.name for field in RECORDS[contract.record].fields][::-1]
    schema = json_schema(contract.record)
    asked = ",".join((*names, names[0]))
    rows = rows_of(contract, ask(contract, "--json", "--fields", f" {asked} ,").json)
    for row in rows:
        assert list(row) == names
        assert problems(row, {**schema, "required": names}) == []


@pytest.mark.parametrize("contract", [each for each in PRINTING if each.record != "count"], ids=words)
def test_a_field_that_there_is_not_is_refused_before_anything_is_done(
    ask: Ask, contract: Contract, stocked: Path, tmp_path: Path
) -> None:
    assert contract.record is not None
    names = [field.name for field in RECORDS[contract.record].fields]
    for asked, said in ((f"{names[-1]}x,{names[0]}", f"did you mean {names[-1]!r}?"), (" ,", "there are")):
        refused = ask(contract, "--json", "--fields", asked, code=2)
        assert (refused.out, refused.errors[0]["code"]) == ("", "unknown_field")
        assert said in refused.errors[0]["hint"]
        assert all(name in refused.errors[0]["hint"] for name in names)
    assert (tmp_path / stocked.name).read_bytes() == stocked.read_bytes()
    assert not (tmp_path / "new.db").exists()


# -- the other formats


def cell(record: Record, name: str, text: str) -> Any:
    """What a csv cell says, by the type of its field; null and an empty text look the same."""
    kind = record.field(name).type
    if text == "" or kind in ("text", "instant"):
        return text or None
    return json.loads(text)


def told(value: Any) -> Any:
    return None if value == "" else value


@pytest.mark.parametrize("contract", [each for each in FILLED if each.record != "count"], ids=words)
def test_jsonl_csv_and_ids_say_what_json_says(ask: Ask, contract: Contract) -> None:
    assert contract.record is not None
    record = RECORDS[contract.record]
    rows = rows_of(contract, timeless(ask(contract, "--json").json))
    lines = ask(contract, "-f", "jsonl").out.splitlines()
    assert [timeless(json.loads(line)) for line in lines] == rows
    reader = csv.DictReader(io.StringIO(ask(contract, "-f", "csv").out, newline=""), strict=True)
    found = [{name: cell(record, name, text) for name, text in row.items()} for row in reader]
    assert timeless(found) == [{name: told(value) for name, value in row.items()} for row in rows]
    assert reader.fieldnames == list(rows[0])
    if not record.key:
        return
    found = [row[record.key] for row in rows if row[record.key] is not None]
    ids = [str(id_) for each in found for id_ in (each if isinstance(each, list) else [each])]
    assert ask(contract, "-f", "ids").out.splitlines() == ids


def timeless(value: Any) -> Any:
    """A copy without what is in real time, or told of a database of another name."""
    if isinstance(value, list):
        return [timeless(each) for each in value]
    if isinstance(value, dict):
        real = {"recorded_at", "started_at", "ended_at", "noticed_at"}
        return {key: None if key in real else timeless(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize("contract", [each for each in FILLED if each.record != "count"], ids=words)
def test_markdown_is_tables(ask: Ask, contract: Contract) -> None:
    rows = rows_of(contract, ask(contract, "--json").json)
    first, *others = tables(ask(contract, "-f", "markdown").out)
    if contract.many:
        assert (len(first), others) == (len(rows) + 1, [])
        return
    assert first[0] == ["field", "value"]
    assert len(first) + len(others) > 1
    assert all(len(table) > 1 for table in others)


def tables(text: str) -> list[list[list[str]]]:
    """The pipe tables of a page, row by row, the header first; each has as many cells in every row."""
    found: list[list[list[str]]] = []
    for block in re.split(r"\n\n(?:\*\*.+\*\*\n\n)?", text.rstrip("\n")):
        head, rule, *lines = block.split("\n")
        cells = [re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|")) for line in (head, *lines)]
        assert re.fullmatch(r"\|( -{3}:? \|)+", rule), block
        assert {len(row) for row in cells} == {rule.count("|") - 1}, block
        found.append([[cell.strip() for cell in row] for row in cells])
    return found


@pytest.mark.parametrize("contract", [each for each in PRINTING if each.record == "count"], ids=words)
def test_a_count_is_a_number_in_every_format(ask: Ask, contract: Contract) -> None:
    rows = ask(contract._replace(words=contract.words.removesuffix(" --count")), "--json").json
    for name in ("table", "csv", "ids", "markdown"):
        assert ask(contract, "-f", name).out == f"{len(rows)}\n"
    assert ask(contract, "--limit", "1", "--json").json == {"count": len(rows)}
    assert ask(contract, "-f", "jsonl").out == f'{{"count":{len(rows)}}}\n'


@pytest.mark.parametrize("contract", TEXTS, ids=words)
def test_what_prints_no_record_has_no_fields(ask: Ask, contract: Contract) -> None:
    assert ask(contract).out
    assert (ask(contract, "--json").out == ask(contract).out) == (contract.words != "schema")
    assert ask(contract, "--fields", "id", "--json", code=2).errors[0]["code"] == "no_such_option"


# -- headers


@pytest.mark.parametrize("name", ["csv", "markdown", "table"])
@pytest.mark.parametrize("contract", [each for each in FILLED if each.command.endswith(" list")], ids=words)
def test_a_list_without_headers_is_the_same_lines(ask: Ask, contract: Contract, name: str) -> None:
    if contract.record == "count":
        return
    lines = ask(contract, "-f", name).out.splitlines()
    bare = ask(contract, "-f", name, "--no-headers").out.splitlines()
    heads = 2 if name == "markdown" else 1
    assert [line.split() for line in bare] == [line.split() for line in lines[heads:]]
    assert bare
