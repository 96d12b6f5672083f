"""An export of an import is the same file, and the database the same rows, whatever was lived through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_cli.errors import UsageError
from helpdesk_cli.services import (
    conversation,
    demo,
    handmade,
    lifecycle,
    recompute,
    redaction,
    setup,
    tickets,
    views,
)
from helpdesk_cli.services.app import App
from tests.exports import counts, exported, imported, problems, rows
from tests.lives import START, Desk, later_policy, live, quick_folder

HOUR = timedelta(hours=1)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)


def there_and_back(path: Path | str, new: Path) -> None:
    """Import an export of `path` into a new database, and that once more."""
    text = exported(path)
    done = imported(new, text)
    assert (done["created"], counts(done)) == (True, (text.count("\n") - 1, 0, 0))
    assert exported(new) == text
    assert rows(new) == rows(path)
    assert problems(new) == problems(path)
    before = new.read_bytes()
    again = imported(new, text)
    assert (again["created"], counts(again)) == (False, (0, text.count("\n") - 1, 0))
    assert new.read_bytes() == before


@pytest.fixture
def quick_path() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


@pytest.mark.parametrize("seed", range(4))
def test_lives_of_tickets(quick_path: Path, seed: int) -> None:
    desk = Desk(quick_path)
    end = live(desk, seed, 14, 12, timedelta(hours=7))
    there_and_back(desk.path, quick_path / "new.db")
    # What time does to the copy is what it does to the original.
    Path(quick_path / "new.db").rename(quick_path / "other.db")
    later = end + timedelta(days=30)
    desk.sweep(later)
    told = [desk.log(ticket, later) for ticket in range(1, 15)]
    desk.path = str(quick_path / "other.db")
    desk.sweep(later)
    ours = [desk.log(ticket, later) for ticket in range(1, 15)]
    for log in (*told, *ours):
        for event in log:
            event.pop("recorded_at")
    assert ours == told
    assert problems(desk.path) == []


def test_the_demo(tmp_path: Path) -> None:
    with closing(App(str(tmp_path / "demo.db"), now="2026-03-31T09:17:00Z")) as app:
        demo.fill(app, count=25)
    there_and_back(tmp_path / "demo.db", tmp_path / "new.db")


def test_a_new_database(database_path: Path, tmp_path: Path) -> None:
    there_and_back(database_path, tmp_path / "new.db")


def test_everything_that_people_make(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(6):
        desk.at(START, tickets.create, subject=f"t{number}", sender="c@acme.example", body="secret 4711")
    desk.at(START, handmade.create, "priority", "vip", {"meaning": "من أجل الجميع"}, before="critical")
    desk.at(START, handmade.create, "category", "returns", {})
    desk.at(START, lifecycle.edit, 1, priority="vip")
    desk.at(START, lifecycle.tag, 2, add=("b", "a"), remove=())
    desk.at(START, conversation.note, 2, body="a note")
    desk.at(START, redaction.redact, 3, 3, reason="a password")
    desk.at(START, views.save, "mine", {"assignee": ("ann",), "overdue": True})
    desk.at(START, views.save, "gone", {"overdue": True})
    desk.at(START, views.delete, "gone")
    desk.sweep(START + 90 * HOUR)
    there_and_back(desk.path, tmp_path / "new.db")
    assert "4711" in exported(desk.path)
    with closing(App(str(tmp_path / "new.db"))) as app:
        made = tickets.create(app, subject="next", sender="c@acme.example", body="b")
        assert (made["id"], views.save(app, "next", {"overdue": True})["name"]) == (7, "next")
        found = app.db.query("SELECT max(id) AS id FROM views")
        assert found[0]["id"] == 3


def test_a_policy_that_is_not_applied_to_all_tickets_yet(tmp_path: Path) -> None:
    """As after a `plan apply` that was interrupted: the next sweep of the copy does the rest."""
    desk = Desk(tmp_path)
    for number in range(5):
        desk.at(
            START, tickets.create, subject=f"t{number}", sender="c@acme.example", body="b", priority="high"
        )
    at = START + 9 * HOUR

    def interrupted(app: App) -> None:
        with app.write() as now:
            app.policies.add(later_policy(), at=now, source=None, actor="ann")
            recompute.mark(app, now)

    desk.at(at, interrupted)
    there_and_back(desk.path, tmp_path / "new.db")
    desk.path = str(tmp_path / "new.db")
    assert desk.sweep(at)["recomputed"] == 5
    assert problems(desk.path) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3))
def test_any_text(texts: list[tuple[str, str]]) -> None:
    with quick_folder() as folder:
        path = folder / "desk.db"
        with closing(App(str(path))) as app:
            setup.init(app)
            for subject, body in texts:
                # A subject of control characters is refused.
                with suppress(UsageError):
                    tickets.create(app, subject=f"s{subject}", body=f"b{body}", sender="a@b.example")
        there_and_back(path, folder / "new.db")
