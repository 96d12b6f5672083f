"""Which columns of a table a terminal shows, and how wide each is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from console import Run, ticket

from helpdesk_cli.cli.render.fitting import GAP, Column, fitted, kept
from helpdesk_cli.records import RECORDS

Printing = Callable[..., None]
KEEPS = RECORDS["ticket"].keeps
TABLE = RECORDS["ticket"].table
SUBJECT = "Warehouse scanners lose their connection every few minutes"


def columns(**changed: Any) -> list[Column]:
    """A list of tickets: of each column the widest cell, by default of an English policy."""
    cells = {
        "ref": 5, "status": 11, "priority": 8, "sla": 7, "next_due_at": 7, "assignee": 5, "org": 16,
        "subject": 60, **changed,
    }  # fmt: skip
    heads = {"ref": 6, "next_due_at": 3}
    return [
        Column(name, name in ("assignee", "org", "subject"), max(cells[name], heads.get(name, len(name))),
               cells[name])
        for name in TABLE
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("room", "changed", "expected"),
    [
        (200, {}, "ref 6 status 11 priority 8 sla 7 next_due_at 7 assignee 8 org 16 subject 60"),
        (120, {}, "ref 6 status 11 priority 8 sla 7 next_due_at 7 assignee 8 org 8 subject 51"),
        (100, {}, "ref 6 status 11 priority 8 sla 7 next_due_at 7 assignee 8 org 8 subject 31"),
        (80, {}, "ref 6 status 11 priority 8 sla 7 next_due_at 7 assignee 5 subject 24"),
        (80, {"status": 16}, "ref 6 status 16 priority 8 sla 7 next_due_at 7 subject 26"),
        (80, {"status": 20}, "ref 6 status 20 priority 8 sla 7 next_due_at 7 subject 22"),
        (80, {"subject": 9}, "ref 6 status 11 priority 8 sla 7 next_due_at 7 assignee 8 org 10 subject 9"),
        (60, {}, "ref 6 status 11 sla 7 next_due_at 7 subject 21"),
        (40, {}, "ref 6 sla 7 next_due_at 7 subject 14"),
        (40, {"status": 6}, "ref 6 sla 7 next_due_at 7 subject 14"),
        (20, {}, "ref 6 subject 12"),
        (5, {}, "ref 4 subject 4"),
    ],
)
def test_tickets(room: int, changed: dict[str, int], expected: str) -> None:
    shown = kept(columns(**changed), KEEPS, room)
    widths = fitted(shown, KEEPS, room)
    found = " ".join(f"{column.name} {width}" for column, width in zip(shown, widths, strict=True))
    assert found == expected
    assert sum(widths) + GAP * (len(widths) - 1) <= max(room, 10)


def test_no_word_of_a_fixed_list_is_cut_before_free_text() -> None:
    for room in range(20, 200):
        shown = kept(columns(status=16), KEEPS, room)
        widths = fitted(shown, KEEPS, room)
        for column, width in zip(shown, widths, strict=True):
            assert column.free or width == column.widest, room
    for narrow, wide in pairwise(range(20, 200)):
        assert len(kept(columns(), KEEPS, narrow)) <= len(kept(columns(), KEEPS, wide)) + 1


def test_what_fields_were_asked_for_is_all_there() -> None:
    asked = columns()
    assert sum(fitted(asked, KEEPS, 60)) + GAP * 7 == 60
    names = [column.name for column in asked]
    widths = dict(zip(names, fitted(asked, KEEPS, 80), strict=True))
    assert widths == {"ref": 6, "status": 11, "priority": 8, "sla": 7, "next_due_at": 7, "assignee": 5,
                      "org": 8, "subject": 14}  # fmt: skip


def test_on_a_terminal(run: Run, printing: Printing) -> None:
    row = ticket(
        subject=SUBJECT, status="waiting_customer", assignee="ann", org="Meridian Bank", sla="paused"
    )
    printing("ticket", row, ticket(id=43, ref="HD-43", priority="critical"))

    def lines(columns: int, *more: str) -> list[str]:
        env = {"COLUMNS": str(columns), "NO_COLOR": "1", "HELPDESK_NOW": "2026-03-01T10:30:00Z"}
        return run("fake", "list", *more, tty=True, env=env).out.splitlines()

    assert lines(80) == [
        "ticket  status            priority  sla     due    subject",
        "------  ----------------  --------  ------  -----  -----------------------------",
        "HD-42   waiting_customer  normal    paused  in 2h  Warehouse scanners lose thei…",
        "HD-43   open              critical          in 2h  Router down",
    ]
    assert lines(40) == [
        "ticket  sla     due    subject",
        "------  ------  -----  -----------------",
        "HD-42   paused  in 2h  Warehouse scanne…",
        "HD-43           in 2h  Router down",
    ]
    asked = lines(60, "--fields", "ref,assignee,org,subject,status")
    assert asked[0] == "ticket  ass…  org       subject             status"
    assert max(map(len, asked)) <= 60
    plain = run("fake", "list", env={"COLUMNS": "40"}).out.splitlines()
    assert plain[1].endswith(f"ann       Meridian Bank  {SUBJECT}")


def test_labels_are_a_column_where_there_are_some(run: Run, printing: Printing) -> None:
    label = {"en": "Urgent", "fr": "Très urgent"}
    printing("priority", {"name": "urgent", "rank": 0, "label": label, "origin": "policy", "meaning": "now"})
    assert "Très urgent" in run("fake", "list", "--lang", "fr_CA").out
    assert "Urgent" in run("fake", "list", "--lang", "ar").out
    for lang in ("C", "POSIX"):
        assert "label" not in run("fake", "list", "--lang", lang).out
    assert run("fake", "list", "--json", "--lang", "fr").json[0]["label"] == label
    assert "en Urgent, fr Très urgent" in run("fake", "show", "--lang", "fr").out
    narrow = {"COLUMNS": "40", "NO_COLOR": "1"}
    assert "label" not in run("fake", "list", "--lang", "fr", tty=True, env=narrow).out
