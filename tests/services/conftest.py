"""A desk and its export, for the tests of imports."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_cli.services import conversation, export_file, orgs, tickets, views
from tests.exports import exported
from tests.lives import START, Desk


@pytest.fixture(scope="session")
def six_tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six tickets of two contacts, the second of an organisation; a note, a view, a sweep."""
    folder = tmp_path_factory.mktemp("made")
    desk = Desk(folder)
    desk.at(START, orgs.create_org, "Acme", {}, ["acme.example"])
    for number in range(6):
        sender = f"c{number % 2}@{('else', 'acme')[number % 2]}.example"
        desk.at(START, tickets.create, subject=f"t{number}", sender=sender, body="b", tags=("x", "y"))
    desk.at(START, conversation.note, 4, body="a note")
    desk.at(START, views.save, "late", {"overdue": True})
    desk.sweep(START + timedelta(days=9))
    return folder / "desk.db"


@pytest.fixture(scope="session")
def text(six_tickets: Path) -> str:
    """Its export."""
    return exported(six_tickets)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where there is no database yet."""
    return tmp_path / "new.db"


@pytest.fixture(params=[1, 3, 7, 5000])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """However many lines make a batch; a ticket has more than some of these."""
    monkeypatch.setattr(export_file, "LINES", request.param)
    return int(request.param)
