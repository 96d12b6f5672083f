"""A validator for the JSON Schema that `helpdesk schema` prints: of the standard, the words that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip
_INSTANT = r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ"
_TOLD = {"$schema", "title", "description", "$defs"}  # they ask nothing of a value
_KNOWN = _TOLD | {
    "type", "enum", "format", "pattern", "properties", "required", "items", "additionalProperties", "anyOf",
    "$ref",
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any]) -> list[str]:
    """What a value has that its schema does not allow; ValueError for a schema that is beyond us."""
    return list(_problems(value, schema, schema, "$"))


def _problems(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    if unknown := set(schema) - _KNOWN:
        raise ValueError(f"{at}: what is {unknown}?")
    if "$ref" in schema:
        yield from _problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema and all(list(_problems(value, each, root, at)) for each in schema["anyOf"]):
        yield f"{at}: {value!r} is none of anyOf"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not in {schema['enum']}"
    if isinstance(value, str):
        if schema.get("format") == "date-time" and not re.fullmatch(_INSTANT, value):
            yield f"{at}: {value!r} is no instant"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from _problems(item, schema["items"], root, f"{at}[{number}]")
    if isinstance(value, dict):
        yield from _of_object(value, schema, root, at)


def _of_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}: no {name}" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        rule = known.get(name, schema.get("additionalProperties", {}))
        yield from _problems(inner, rule, root, f"{at}.{name}")


def _is(value: Any, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)
