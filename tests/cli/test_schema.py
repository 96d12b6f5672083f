"""The records are declared soundly, and `helpdesk schema` says what JSON they become."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from console import Run

from helpdesk_cli.cli.schema import json_schema
from helpdesk_cli.records import PLACES, RECORDS, Record


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_record_is_declared_soundly(record: Record) -> None:
    names = [field.name for field in record.fields]
    assert len(names) == len(set(names))
    assert {*record.table, *filter(None, [record.key])} <= {*names}
    assert {name for group in record.together for name in group} <= {*record.table}
    assert sorted(record.keeps) == sorted(record.table)
    for field in record.fields:
        assert field.doc.endswith(".")
        assert field.type != "list" or field.of is not None
        if field.name.endswith("_at"):
            assert field.type == "instant"
        if field.type == "duration":
            assert field.name.endswith("_seconds")


@pytest.mark.parametrize("module", sorted(set(PLACES.values())))
def test_every_record_is_where_it_is_looked_for(module: str) -> None:
    declared = [record.name for record in import_module(f"helpdesk_cli.records.{module}").DECLARED]
    assert declared == [name for name, place in PLACES.items() if place == module]


def test_records_are_looked_up_by_name() -> None:
    assert "ticket" in RECORDS
    assert None not in RECORDS
    assert RECORDS.get("tikcet") is None
    assert len(RECORDS) == len(list(RECORDS.values()))
    with pytest.raises(KeyError):
        RECORDS["ticket"].field("tikcet")


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_has_a_schema(name: str) -> None:
    schema = json_schema(name)
    json.dumps(schema)
    fields = RECORDS[name].fields
    assert list(schema["properties"]) == [field.name for field in fields]
    assert schema["required"] == [field.name for field in fields if not field.optional]


def test_the_types_of_a_schema(run: Run) -> None:
    ticket = run("schema", "ticket").json
    of = ticket["properties"]
    assert ticket["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert of["id"]["type"] == "integer"
    assert of["org"]["type"] == ["string", "null"]
    assert of["next_due_at"]["format"] == "date-time"
    assert of["clocks"]["items"] == {"$ref": "#/$defs/clock"}
    assert "waiting_customer" in of["status"]["enum"]
    label = run("schema", "plan").json["properties"]["label"]
    assert (label["type"], label["additionalProperties"]) == (["object", "null"], {"type": "string"})
    assert {"clock", "escalation", "message", "event", "link"} <= {*ticket["$defs"]}
    assert run("schema", "notice").json["properties"]["to"]["$ref"] == "#/$defs/recipient"


def test_schema_lists_the_records(run: Run) -> None:
    assert [line.split()[0] for line in run("schema").out.splitlines()] == list(RECORDS)
