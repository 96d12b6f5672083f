"""The SQL that both engines understand (storage.md "The SQL"), and how lists of people find their rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import helpdesk_cli.storage
from helpdesk_cli.storage import lists, orgs, people
from helpdesk_cli.storage.database import Database

STORAGE = Path(helpdesk_cli.storage.__file__).parent
# The engine's own file may say what only its engine understands.
FILES = sorted(file for file in STORAGE.glob("*.py") if file.name != "sqlite.py")
NEVER = re.compile(
    r"INSERT OR|json_extract|json_each|LIKE '|sum\([^)]*=|strftime|\bnow\(\)|datetime\('|group_concat"
    r"|string_agg|NULLS (?:FIRST|LAST)|LIMIT NULL|\bGLOB\b|\bIFNULL\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_sql_that_only_one_engine_understands(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert [line for line in lines if NEVER.search(line)] == []


class Plans:
    """A database that notes how each of its queries will be answered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.steps: list[str] = []

    def query(self, sql: str, params: Any = ()) -> Any:
        rows = self._db.query(f"EXPLAIN QUERY PLAN {sql}", params)
        self.steps += [row["detail"] for row in rows]
        return self._db.query(sql, params)

    stream = query

    def one(self, sql: str, params: Any = ()) -> Any:
        rows = self.query(sql, params)
        return rows[0] if rows else None


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: people.contact_by_key(db, "a"),
        lambda db: people.contact(db, 1),
        lambda db: people.contacts(db, [1], None),
        lambda db: people.agent_by_key(db, "a"),
        lambda db: people.agent_by_address(db, "a"),
        lambda db: people.agent(db, 1),
        lambda db: people.team_by_key(db, "a"),
        lambda db: people.team(db, 1),
        lambda db: orgs.by_key(db, "a"),
        lambda db: orgs.by_id(db, 1),
        lambda db: orgs.by_domain(db, "a"),
        lambda db: orgs.domains(db, [1, 2]),
    ],
)
def test_rows_are_found_by_an_index(db: Database, ask: Callable[[Any], object]) -> None:
    plans = Plans(db)
    ask(plans)
    assert plans.steps
    assert [step for step in plans.steps if step.startswith("SCAN")] == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: people.contacts(db, [], 50),
        lambda db: people.agents(db, [], 50, skills=["network"], away=True),
        lambda db: people.teams(db, 50),
        lambda db: orgs.all_orgs(db, {"country": ["FR"]}, 50),
    ],
)
def test_lists_are_read_in_the_order_of_an_index(db: Database, ask: Callable[[Any], object]) -> None:
    plans = Plans(db)
    ask(plans)
    assert any("USING INDEX" in step for step in plans.steps)
    assert not any("TEMP B-TREE" in step for step in plans.steps)


def test_conditions_of_lists() -> None:
    assert lists.any_of("x", []) == ("1 = 1", {})
    assert lists.any_of("x", [None]) == ("(x IS NULL)", {})
    assert lists.any_of("x", [1, None, 2]) == ("(x IS NULL OR x IN (:x0, :x1))", {"x0": 1, "x1": 2})
    assert lists.any_of("t.x", ["a"]) == ("(t.x IN (:x0))", {"x0": "a"})


def test_no_organisations_have_no_domains(db: Database) -> None:
    assert orgs.domains(db, []) == {}
