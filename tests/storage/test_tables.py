"""The declarations of an export against the schema: what is added there has to be declared, or left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpdesk_cli.records import RECORDS
from helpdesk_cli.storage.database import SCHEMA_VERSION, Database
from helpdesk_cli.storage.tables import BY_NAME, FIRST_SCHEMA, TABLES, Table, parts_of

# SQLite's own, that of the steps, and the full-text index, which is made again from the messages.
_NOT_OURS = re.compile(r"sqlite_.*|_sqlite_migrations|messages_fts.*")
_TEXTS = ("text", "instant", "date", "list", "object")
SAY = "declare it in storage/tables.py"
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def columns(db: Database, table: Table) -> dict[str, Any]:
    return {row["name"]: row for row in db.query(f"PRAGMA table_xinfo({table.name})")}


def made_of(db: Database, table: Table) -> str:
    row = db.one("SELECT sql FROM sqlite_master WHERE name = :name", {"name": table.name})
    assert row is not None
    return str(row["sql"])


def test_every_table_is_declared(db: Database) -> None:
    found = [row["name"] for row in db.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {name for name in found if not _NOT_OURS.fullmatch(name)} == set(BY_NAME), SAY
    assert len(BY_NAME) == len(TABLES)


@each_table
def test_every_column_is_declared_as_it_is(db: Database, table: Table) -> None:
    found = columns(db, table)
    assert set(table.names) | set(table.left_out) == set(found), SAY
    assert len(table.names) + len(table.left_out) == len(found)
    for column in table.columns:
        row = found[column.name]
        assert row["hidden"] == 0, column.name
        text = column.kind in _TEXTS or "." in column.kind
        assert row["type"] == ("TEXT" if text else "INTEGER"), column.name
        key = column.name in table.key and column.kind == "id"
        assert column.nullable == (row["notnull"] == 0 and not key), column.name
        # What is null is left out when it is inserted.
        assert not column.nullable or row["dflt_value"] is None, column.name


@each_table
def test_the_key_is_the_primary_key_and_ids_are_counted(db: Database, table: Table) -> None:
    found = sorted((row["pk"], name) for name, row in columns(db, table).items() if row["pk"])
    assert tuple(name for _, name in found) == table.key
    assert table.counted == ("AUTOINCREMENT" in made_of(db, table))
    assert [column.kind for column in table.columns].count("id") == int(table.counted)


@each_table
def test_what_a_row_names_is_declared_and_goes_before_it(db: Database, table: Table) -> None:
    found = {(row["from"], row["table"]) for row in db.query(f"PRAGMA foreign_key_list({table.name})")}
    declared = {(column.name, column.kind) for column in table.columns if column.kind in BY_NAME}
    assert declared == found
    places = [each.name for each in TABLES]
    assert all(places.index(kind) <= places.index(table.name) for _, kind in declared)
    assert [kind for _, kind in declared].count(table.name) <= 1
    assert table.deferred == ("DEFERRABLE" in made_of(db, table))


@each_table
def test_a_part_is_read_in_the_order_of_an_index_that_begins_with_its_owner(
    db: Database, table: Table
) -> None:
    if not table.part_of:
        assert table.owner is None
        return
    assert table.order[0] == table.owner
    assert not parts_of(table.name)
    plan = db.query(f"EXPLAIN QUERY PLAN SELECT * FROM {table.name} ORDER BY {', '.join(table.order)}")
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)


@each_table
def test_a_column_that_came_later_has_what_older_rows_have(table: Table) -> None:
    for column in table.columns:
        assert column.since == 0 or FIRST_SCHEMA < column.since <= SCHEMA_VERSION
        if column.since and not column.nullable:
            assert column.older is not None, column.name
        if "." in column.kind:
            record, _, field = column.kind.partition(".")
            assert RECORDS[record].field(field).values
        elif column.kind not in ("id", "int", "flag", *_TEXTS):
            assert column.kind in BY_NAME, column.name
