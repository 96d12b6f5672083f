"""The JSON Schema (2020-12) of what a command prints, derived from `records`.

An optional key is not required; where `--fields` asks for it of a command that has none, it is null.
"""

from __future__ import annotations

from typing import Any

from helpdesk_cli.records import RECORDS, Field, Record

Schema = dict[str, Any]

_TYPES: dict[str, Schema] = {
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "instant": {"type": "string", "format": "date-time", "pattern": "Z$"},
    "duration": {"type": "integer"},
    "list": {"type": "array"},
    "object": {"type": "object"},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
}


def json_schema(name: str) -> Schema:
    """Return the schema of a record; the records inside it are under `$defs`. KeyError if unknown."""
    parts: dict[str, Schema] = {}
    schema = _object(RECORDS[name], parts)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name}
    return head | schema | ({"$defs": parts} if parts else {})


def _object(record: Record, parts: dict[str, Schema]) -> Schema:
    return {
        "description": record.doc,
        "type": "object",
        "properties": {field.name: _property(field, parts) for field in record.fields},
        "required": [field.name for field in record.fields if not field.optional],
    }


def _property(field: Field, parts: dict[str, Schema]) -> Schema:
    schema = dict(_TYPES[field.type])
    if field.of is not None:
        inner = _element(field.of, parts)
        schema = schema | {"items": inner} if field.type == "list" else inner
    may_be_null = field.nullable or field.optional
    if field.values:
        schema["enum"] = [*field.values, *([None] if may_be_null else [])]
    if may_be_null:
        null: Schema = {"type": "null"}
        schema = (
            {"anyOf": [schema, null]} if "$ref" in schema else schema | {"type": [schema["type"], "null"]}
        )
    return {"description": field.doc, **schema}


def _element(name: str, parts: dict[str, Schema]) -> Schema:
    if name not in RECORDS:
        return dict(_TYPES[name])
    if name not in parts:
        parts[name] = {}  # its place is taken before its own fields are looked at
        parts[name] = _object(RECORDS[name], parts)
    return {"$ref": f"#/$defs/{name}"}
