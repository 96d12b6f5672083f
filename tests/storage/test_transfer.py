"""Rows out and in: each after those that it names, none left out, none twice; ids stay given."""

from __future__ import annotations

import random
from typing import Any

import pytest

from helpdesk_cli.storage import transfer
from helpdesk_cli.storage.database import Database
from helpdesk_cli.storage.tables import BY_NAME, TABLES, Table

AT = "2026-03-01T09:00:00Z"
_VALUES = {
    "text": "x",
    "instant": AT,
    "date": "2026-03-01",
    "list": "[]",
    "object": "{}",
    "flag": 0,
    "int": 7,
}


def filled(table: str, **values: Any) -> list[Any]:
    """A row of a table; what is not given is something that fits."""
    return [
        values.get(column.name, None if column.nullable else _VALUES.get(column.kind, "x"))
        for column in BY_NAME[table].columns
    ]


def shaped(table: str, row: list[Any]) -> tuple[transfer.Shape, list[Any]]:
    """A row without what is empty in it, and its shape."""
    places = tuple(place for place, value in enumerate(row) if value is not None)
    return transfer.shape_of(BY_NAME[table], places), [row[place] for place in places]


def inserted(db: Database, table: str, *rows: list[Any]) -> bool:
    shapes: dict[transfer.Shape, list[list[Any]]] = {}
    for shape, row in (shaped(table, each) for each in rows):
        shapes.setdefault(shape, []).append(row)
    with db.write():
        return transfer.insert(db, shapes)


def put(db: Database, table: str, *rows: list[Any]) -> None:
    assert inserted(db, table, *rows)


@pytest.fixture
def stocked(db: Database) -> Database:
    """A policy, a contact and twelve tickets."""
    put(db, "policies", filled("policies", version=1))
    put(db, "contacts", filled("contacts", id=1, role="main"))
    rows = [
        filled("tickets", id=n, requester_id=1, policy_version=1, subject=f"Red {n}") for n in range(1, 13)
    ]
    put(db, "tickets", *rows)
    return db


def lines(db: Database) -> list[tuple[Any, ...]]:
    """(table, values...) of each row in the order of an export."""

    def encoder(table: Table) -> Any:
        return lambda row: (table.name, *row)

    with db.read():
        return list(transfer.lines(db, encoder))


def ids(db: Database, table: str) -> list[int]:
    return [line[1] for line in lines(db) if line[0] == table]


def merge(db: Database, **into: int) -> None:
    with db.write():
        for name, other in into.items():
            sql = "UPDATE tickets SET merged_into = :other WHERE id = :id"
            db.run(sql, {"other": other, "id": int(name.removeprefix("t"))})


def test_a_row_that_names_an_earlier_one_of_its_table_stays_in_its_place(stocked: Database) -> None:
    merge(stocked, t5=2, t12=1)
    assert ids(stocked, "tickets") == list(range(1, 13))


def test_a_row_that_names_a_later_one_comes_after_it_and_brings_its_parts(stocked: Database) -> None:
    tags = [
        filled("ticket_tags", ticket_id=n, tag=f"{letter}{n}") for n in (1, 2, 3, 9, 10) for letter in "ab"
    ]
    put(stocked, "ticket_tags", *tags)
    merge(stocked, t1=9, t2=9, t3=1)
    found = [line[:3] for line in lines(stocked) if line[0] in ("tickets", "ticket_tags")]
    order = [4, 5, 6, 7, 8, 9, 1, 2, 3, 10, 11, 12]
    assert [row[1] for row in found if row[0] == "tickets"] == order
    owner = 0
    for name, id_, tag in found:
        owner = id_ if name == "tickets" else owner
        assert id_ == owner
        assert name == "tickets" or tag in (f"a{owner}", f"b{owner}")
    assert len(found) == 12 + len(tags)


def test_chains_of_any_kind_come_out_whole_and_in_order(stocked: Database) -> None:
    dice = random.Random(5)
    for _ in range(30):
        into: dict[int, int | None] = dict.fromkeys(range(1, 13))
        for id_ in dice.sample(range(1, 13), 9):
            target: int | None = dice.randrange(1, 13)
            # No ring: whoever follows from the target never comes back.
            seen, step = {id_}, target
            while step is not None and step not in seen:
                seen.add(step)
                step = into[step]
            into[id_] = target if step is None else None
        with stocked.write():
            rows = [{"id": id_, "other": other} for id_, other in into.items()]
            stocked.run_many("UPDATE tickets SET merged_into = :other WHERE id = :id", rows)
        order = ids(stocked, "tickets")
        assert sorted(order) == list(range(1, 13))
        assert all(other is None or order.index(other) < order.index(id_) for id_, other in into.items())


def test_a_line_for_every_row(stocked: Database) -> None:
    with stocked.read():
        counts = transfer.counts(stocked)
    assert counts == {**dict.fromkeys(BY_NAME, 0), "policies": 1, "contacts": 1, "tickets": 12}
    assert len(lines(stocked)) == 14


def test_the_last_ids_count_what_is_gone(stocked: Database) -> None:
    put(stocked, "views", filled("views", id=4))
    with stocked.write():
        stocked.run("DELETE FROM views")
    found = transfer.last_ids(stocked)
    assert (found["views"], found["tickets"], found["notices"]) == (4, 12, 0)
    assert set(found) == {table.name for table in TABLES if table.counted}


@pytest.mark.parametrize(("given", "following"), [(11, 13), (12, 13), (13, 14), (40, 41)])
def test_raised_ids_are_not_given_again(stocked: Database, given: int, following: int) -> None:
    with stocked.write():
        stocked.upkeep.raise_last_ids({"tickets": given, "runs": 3})
    with stocked.write():
        assert (stocked.next_id("tickets"), stocked.next_id("runs")) == (following, 4)
    assert transfer.last_ids(stocked)["contacts"] == 1


def test_what_a_rule_forbids_changes_nothing(stocked: Database) -> None:
    before = lines(stocked)
    good = filled("contacts", id=2, role="main", email_key="y")
    for values, why in (
        ({"id": 1, "email_key": "z"}, "takes what another row has alone"),
        ({"id": 3}, "takes what another row has alone"),  # its email_key
        ({"id": 3, "email_key": "z", "org_id": 9}, "names orgs 9, which is not there"),
        ({"id": 3, "email_key": "z", "notify": 2**63}, "holds a number of more than 64 bits"),
        ({"id": 2**80, "email_key": "z"}, "holds a number of more than 64 bits"),
    ):
        row = filled("contacts", role="main", **values)
        assert not inserted(stocked, "contacts", good, row)
        with stocked.read():
            assert transfer.refusal(stocked, *shaped("contacts", row)) == why
        assert lines(stocked) == before


def test_what_is_looked_for_at_the_end_of_a_transaction_is_looked_for_at_once(stocked: Database) -> None:
    row = filled("attachments", id=1, ticket_id=1, message_id=5)
    assert not inserted(stocked, "attachments", row)
    put(stocked, "messages", filled("messages", id=5, ticket_id=1))
    put(stocked, "attachments", row)


@pytest.mark.parametrize(
    ("type_", "instance", "once"),
    [
        *((name, 1, True) for name in ("clock_warned", "clock_breached", "escalated", "reminded")),
        ("auto_closed", 1, True),
        ("status_changed", 1, True),
        ("status_changed", None, False),
        ("clock_started", 1, False),
    ],
)
def test_what_happens_once_is_there_once(
    stocked: Database, type_: str, instance: int | None, once: bool
) -> None:
    same = {"ticket_id": 1, "type": type_, "clock": "resolution", "instance": instance, "level": 0}
    put(stocked, "events", filled("events", seq=1, n=1, **same))
    assert inserted(stocked, "events", filled("events", seq=2, n=2, **same)) == (not once)
    put(stocked, "events", filled("events", seq=3, n=3, **{**same, "level": 1}))
    put(stocked, "events", filled("events", seq=4, n=4, **{**same, "ticket_id": 2}))


def test_other_failures_are_no_rule(stocked: Database) -> None:
    with pytest.raises(Exception, match="no such table"), stocked.write():  # noqa: PT012 - a transaction
        stocked.run("ALTER TABLE notices RENAME TO others")
        inserted(stocked, "notices", filled("notices", id=1))


def test_messages_are_found_by_their_words_and_their_tickets(stocked: Database) -> None:
    put(stocked, "messages", filled("messages", id=7, ticket_id=3, body="Blue"))
    found = stocked.one("SELECT search_subject, search FROM messages")
    assert found is not None
    assert tuple(found) == ("red 3", "blue")  # type: ignore[arg-type]
    assert {row["term"] for row in stocked.full_text.words()} == {"red", "3", "blue"}


def test_a_row_by_its_key(stocked: Database) -> None:
    put(stocked, "ticket_tags", filled("ticket_tags", ticket_id=3, tag="a"))
    assert transfer.stored(stocked, *shaped("ticket_tags", [3, "a"])) == [3, "a"]
    assert transfer.stored(stocked, *shaped("ticket_tags", [3, "b"])) is None
    assert transfer.stored(stocked, *shaped("ticket_tags", [2**80, "a"])) is None
    contact = filled("contacts", id=1, role="main")
    assert transfer.stored(stocked, *shaped("contacts", contact)) == contact
    assert None in contact
