"""Rows go in as they are, whichever of their values are empty."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.storage.database import Database
from helpdesk_cli.storage.rows import insert

AT = "2026-03-01T09:00:00Z"
COLUMNS = {"org": ("org_id", "(SELECT id FROM orgs WHERE name_key = :org)")}


def contact(email: str, name: str | None, org: str | None) -> dict[str, Any]:
    return {"email": email, "email_key": email, "name": name, "org": org, "role": "main", "created_at": AT}


@pytest.mark.parametrize(
    ("names", "orgs"),
    [
        ((None, None), (None, None)),
        (("Sara", None), (None, "acme")),
        ((None, "Omar"), ("acme", None)),
        (("Sara", "Omar"), ("acme", "acme")),
    ],
)
def test_what_is_empty_in_all_or_in_some(
    db: Database, names: tuple[str | None, ...], orgs: tuple[str | None, ...]
) -> None:
    org = {"name": "Acme", "name_key": "acme", "plan": "gold", "vip": 0, "created_at": AT}
    rows = [contact(f"c{n}", *pair) for n, pair in enumerate(zip(names, orgs, strict=True))]
    with db.write():
        insert(db, "orgs", [org])
        insert(db, "contacts", [{**row, "note": "x"} for row in rows], COLUMNS, beside=("note",))
    found = db.query("SELECT email, name, org_id FROM contacts ORDER BY id")
    assert [tuple(row) for row in found] == [
        (row["email"], row["name"], None if row["org"] is None else 1) for row in rows
    ]


def test_no_rows(db: Database) -> None:
    insert(db, "contacts", [])
    assert db.query("SELECT id FROM contacts") == []
