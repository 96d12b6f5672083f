"""The first line of an export: what the file is, and what whoever reads it has to know before the rows.

Nothing in it depends on when, where or by which program it was written, so that an export of an import is
the same file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from helpdesk_cli.adapters.json_lines import dumps, object_of
from helpdesk_cli.errors import HelpdeskError, StorageError, UsageError
from helpdesk_cli.storage.database import SCHEMA_VERSION
from helpdesk_cli.storage.tables import FIRST_SCHEMA

FORMAT = "helpdesk-export"
VERSION = 1
_LONGEST = 1 << 16
_MOST = 2**53  # above it not every program reads a number of JSON exactly


class Header(NamedTuple):
    """`schema`: the version of the tables; `policy`, `tzdata`: the version of the policy in force and the
    zone rules that it was applied under; `last_ids`: the last id that each table has given; `rows`: how many
    lines of each table follow."""

    schema: int
    policy: int
    tzdata: str
    last_ids: dict[str, int]
    rows: dict[str, int]

    @property
    def lines(self) -> int:
        """How many lines follow."""
        return sum(self.rows.values())

    def text(self) -> str:
        """The line."""
        return dumps({"format": FORMAT, "version": VERSION, **self._asdict()}) + "\n"


def header_of(line: bytes) -> Header:
    """What a first line says; UsageError `not_an_export`, or StorageError `newer_version` where a newer
    program wrote it."""
    if not line:
        raise _no_export("it is empty")
    try:
        found = object_of(line, _LONGEST)
    except HelpdeskError as error:
        raise _no_export(error.message) from None
    if found.pop("format", None) != FORMAT:
        raise _no_export("its first line does not say so")
    version = found.pop("version", None)
    if not _is_number(version) or not _is_number(found.get("schema")):
        raise _no_export("its first line names no version")
    if version > VERSION or found["schema"] > SCHEMA_VERSION:
        raise StorageError(
            f"the file is of format {version} and schema version {found['schema']}, made by a newer helpdesk;"
            f" this one knows {VERSION} and {SCHEMA_VERSION}",
            code="newer_version",
            hint="upgrade this program: `pip install --upgrade helpdesk-cli`",
        )
    if found.keys() != set(Header._fields) or not _fits(found):
        raise _no_export(f"its first line needs {', '.join(Header._fields)}, and nothing else")
    return Header(**found)


def _fits(found: dict[str, Any]) -> bool:
    return (
        found["schema"] >= FIRST_SCHEMA
        and _is_number(found["policy"])
        and isinstance(found["tzdata"], str)
        and all(_are_numbers(found[name]) for name in ("last_ids", "rows"))
    )


def _are_numbers(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _no_export(why: str) -> UsageError:
    return UsageError(
        f"the file is no export: {why}",
        code="not_an_export",
        hint="name a file that `helpdesk export` wrote; tickets come in by `helpdesk ticket create --jsonl`",
    )
