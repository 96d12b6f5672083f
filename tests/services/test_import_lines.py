"""Exports with wrong lines: these are refused with what belongs to the same ticket, and the others go in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.storage.tables import TABLES
from tests.exports import (
    changed,
    counts,
    exported,
    imported,
    lines_of,
    problems,
    refused,
    rows,
    text_of,
)

Row = dict[str, Any]


# -- wrong lines -------------------------------------------------------------------------------------------

WRONG = [
    ("contacts", {"id": 1}, {"role": "boss"}, "role: found 'boss'"),
    ("contacts", {"id": 1}, {"email": None}, "email: found null, expected a text"),
    ("contacts", {"id": 1}, {"email": 7}, "email: found a number, expected a text"),
    ("contacts", {"id": 1}, {"email": ["x"]}, "email: found a list, expected a text"),
    ("contacts", {"id": 1}, {"id": True}, "id: found a truth value, expected a whole number"),
    ("contacts", {"id": 1}, {"id": 1.0}, "id: found a number, expected a whole number"),
    ("contacts", {"id": 1}, {"id": 0}, "id: found '0', but by the first line the last one given is 2"),
    ("contacts", {"id": 1}, {"id": 3}, "id: found '3', but by the first line the last one given is 2"),
    ("contacts", {"id": 1}, {"notify": 2}, "notify: found '2', expected 0 or 1"),
    ("contacts", {"id": 1}, {"created_at": "2026-03-01"}, "created_at: found '2026-03-01', expected the"),
    ("contacts", {"id": 1}, {"created_at": "2026-02-31T00:00:00Z"}, "created_at: found '2026-02-31T00:00"),
    ("contacts", {"id": 1}, {"nmae": "x"}, "unknown key 'nmae': did you mean 'name'?"),
    ("contacts", {"id": 1}, {"name": "a\0b"}, "name holds a NUL character"),
    ("contacts", {"id": 1}, {"table": "contact"}, "there is no table 'contact': did you mean 'contacts'?"),
    ("contacts", {"id": 1}, {"table": 7}, "there is no table '7'"),
    ("contacts", {"id": 1}, {"org_id": 9}, "contacts 1 names orgs 9, which is not there"),
    ("contacts", {"id": 1}, {"email_key": "c1@acme.example"}, "takes what another row has alone"),
    ("orgs", {"id": 1}, {"contract_until": "2026-13-01"}, "contract_until: found '2026-13-01', expected the"),
    ("orgs", {"id": 1}, {"contract_until": "20260301"}, "contract_until: found '20260301', expected the"),
    ("orgs", {"id": 1}, {"licences": 2**63}, "orgs 1 holds a number of more than 64 bits"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "where", "values", "told"), WRONG, ids=[each[3][:40] for each in WRONG])
def test_a_wrong_line_is_refused_with_what_names_it(
    text: str, new: Path, batch: int, table: str, where: Row, values: Row, told: str
) -> None:
    errors: list[HelpdeskError] = []
    done = imported(new, changed(text, table, where, **values), errors)
    first = errors[0]
    assert told in first.message
    assert (first.code, first.details["line"]) == (
        "bad_line",
        int(first.message[5:].split(",")[0].split(":")[0]),
    )
    assert done["failed"] > 0
    assert sum(counts(done)) == done["lines"] == text.count("\n") - 1
    assert problems(new) == []
    assert rows(new)["policies"] == rows_of(text, "policies", new)


def rows_of(text: str, table: str, path: Path) -> list[tuple[Any, ...]]:
    """The rows of a database that are of a table, so many as the export has."""
    found = rows(path)[table]
    assert len(found) == sum(1 for row in lines_of(text)[1:] if row["table"] == table)
    return found


TICKET_3 = [
    ("tickets", {"id": 3}, {"status": "opne"}, "did you mean 'open'?"),
    ("tickets", {"id": 3}, {"fold": []}, "fold: found a list, expected an object"),
    ("tickets", {"id": 3}, {"requester_id": 7}, "tickets 3 names contacts 7, which is not there"),
    ("tickets", {"id": 3}, {"merged_into": 3_000_000}, "tickets 3 names tickets 3000000, which is not there"),
    ("ticket_tags", {"ticket_id": 3, "tag": "x"}, {"tag": None}, "tag: found null"),
    ("clocks", {"ticket_id": 3, "name": "resolution"}, {"state": ""}, "state: found ''"),
    ("messages", {"ticket_id": 3}, {"id": 2}, "messages 2 stands there twice"),
    ("messages", {"ticket_id": 3}, {"agent_id": 2**80}, "messages 3 holds a number of more than 64 bits"),
    ("events", {"ticket_id": 3, "n": 1}, {"data": "{}"}, "data: found a text, expected an object"),
    ("events", {"ticket_id": 3, "n": 2}, {"n": 1}, "takes what another row has alone"),
    ("events", {"ticket_id": 3, "n": 2}, {"type": "exploded"}, "type: found 'exploded'"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "where", "values", "told"), TICKET_3)
def test_a_wrong_line_of_a_ticket_leaves_out_that_ticket_and_no_other(
    text: str, new: Path, batch: int, table: str, where: Row, values: Row, told: str
) -> None:
    errors: list[HelpdeskError] = []
    done = imported(new, changed(text, table, where, **values), errors)
    first, *others = errors
    assert told in first.message
    assert first.hint == "HD-3 is left out with all that belongs to it"
    # Its notices stand elsewhere.
    assert all("notices" in error.message and "names tickets 3" in error.message for error in others)
    ours = [
        row
        for row in lines_of(text)[1:]
        if row.get("ticket_id", row["id"] if row["table"] == "tickets" else 0) == 3
    ]
    assert done["failed"] == len(ours)
    assert {row[0] for row in rows(new)["tickets"]} == {1, 2, 4, 5, 6}
    assert all(3 not in {row[0] for row in rows(new)[name]} for name in ("clocks", "ticket_tags"))
    assert problems(new) == []
    # What was wrong is made right, and the same command brings the rest.
    assert counts(imported(new, text)) == (len(ours), done["imported"], 0)
    assert exported(new) == text


@pytest.mark.parametrize(
    "line",
    [
        b"nope\n", b"\xff\xff\n", b"[1]\n", b"{}\n", b'{"table":"tickets"\n', b'{"table":null}\n',
        b'{"table":"files","sha256":"x"}\n', b"{" + b'"a":[' * 5000 + b"\n",
        b'{"id":1,"id":2,"table":"links"}\n',
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_spoils_the_ticket_in_whose_midst_it_is(
    text: str, new: Path, batch: int, line: bytes
) -> None:
    raw = text.encode().splitlines(keepends=True)
    place = next(n for n, each in enumerate(raw) if each.startswith(b'{"table":"clocks","ticket_id":3,'))
    errors: list[HelpdeskError] = []
    done = imported(new, b"".join([*raw[:place], line, *raw[place + 1 :]]), errors)
    assert errors[0].message.startswith(f"line {place + 1}")
    assert {row[0] for row in rows(new)["tickets"]} == {1, 2, 4, 5, 6}
    assert (sum(counts(done)), problems(new)) == (len(raw) - 1, [])
    imported(new, text)
    assert exported(new) == text


def test_a_line_that_cannot_be_read_outside_a_ticket_is_left_out_alone(text: str, new: Path) -> None:
    raw = text.encode().splitlines(keepends=True)
    place = next(n for n, each in enumerate(raw) if each.startswith(b'{"table":"runs"'))
    errors: list[HelpdeskError] = []
    done = imported(new, b"".join([*raw[:place], b"nope\n", *raw[place + 1 :]]), errors)
    assert counts(done)[2] > 1  # events name the run
    assert errors[0].message == f"line {place + 1}: not JSON: Expecting value, column 1"
    imported(new, text)
    assert exported(new) == text


def test_parts_that_stand_apart_from_their_ticket_go_in_if_it_is_there(text: str, new: Path) -> None:
    first, *others = lines_of(text)
    order = [table.name for table in TABLES]
    sorted_ = sorted(others, key=lambda row: order.index(row["table"]))
    done = imported(new, text_of([first, *sorted_]))
    assert done["failed"] == 0
    assert exported(new) == text


def test_a_column_that_came_later_has_its_value_from_the_declaration(text: str, new: Path) -> None:
    added = {table.name: [c.name for c in table.columns if c.since > 3] for table in TABLES}
    first, *others = lines_of(text)
    older = [{key: row[key] for key in row if key not in added[row["table"]]} for row in others]
    assert sum(map(len, older)) < sum(map(len, others))
    done = imported(new, text_of([first, *older], schema=3))
    assert done["failed"] == 0
    assert exported(new) == text
    errors: list[HelpdeskError] = []
    other = new.with_name("other.db")
    imported(other, text_of([first, *others], schema=3), errors)
    assert any("unknown key" in error.message for error in errors)


CLOSED = {"limit": "1h", "after": "1h", "calendar": "closed"}  # there is no such calendar


@pytest.mark.parametrize(
    "document",
    [
        {}, {"plans": []}, {"default_plan": "bronze"}, {"default_priority": "vip"}, {"calendars": {}},
        {"priorities": ["high"]}, {"plans": {"gold": {"calendar": "office", "targets": {"high": "2 hours"}}}},
        {"plans": {"gold": {"calendar": "office", "targets": {"high": {"resolution": CLOSED}}}}},
        {"plans": {"gold": {"calendar": "office", "targets": {}, "auto_close": CLOSED}}},
        {"types": [{"name": "wish", "calendar": "closed"}]},
        {"statuses": 7}, {"calendars": {"office": {"timezone": "Nowhere", "hours": {}}}},
    ],
)  # fmt: skip
def test_a_policy_that_nothing_can_be_done_with(text: str, new: Path, document: Row) -> None:
    first, *others = lines_of(text)
    good = next(row for row in others if row["table"] == "policies")
    bad = {**good, "version": 2, "document": {**good["document"], **document} if document else {}}
    errors: list[HelpdeskError] = []
    last = {**first["last_ids"], "policies": 2}
    done = imported(new, text_of([first, bad, *others], last_ids=last), errors)
    assert counts(done) == (len(others), 0, 1)
    assert [error.details["line"] for error in errors] == [2]
    assert "document is no policy: " in errors[0].message
    assert problems(new) == []
    refused(new.with_name("other.db"), text_of([first, bad], last_ids=last), "no_policy")
