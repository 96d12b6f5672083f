"""The deep check of full-text search finds nothing where it was only used, and every difference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from helpdesk_cli.services import conversation, lifecycle, redaction, search, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.search_check import check_search
from helpdesk_cli.storage import messages
from helpdesk_cli.storage.search import fill

DELETE = """
INSERT INTO messages_fts (messages_fts, rowid, search_subject, search)
SELECT 'delete', id, search_subject, search FROM messages WHERE id = 2
"""
INDEX = "the full-text index does not hold the words kept for search"
KEPT = "the words kept for search are not those of its text"


@pytest.fixture
def used(app: App) -> App:
    """Messages in several languages, written, edited, redacted, under a subject that was changed."""
    for subject in ("Router down", "تعطّل الشبكة", "数据库 l'été"):
        tickets.create(app, subject=subject, sender="sara@acme.example", body=f"{subject} {subject}")
    lifecycle.edit(app, 1, subject="Router up")
    conversation.note(app, 1, body="the password is hunter2")
    conversation.edit_note(app, 1, 4, body="the password is hunter3")
    redaction.redact(app, 1, 4, reason="a password")
    assert list(check_search(app)) == []
    return app


def test_the_index_follows_what_is_undone(used: App) -> None:
    """A part of a transaction that failed, the whole of one, and what was written around it."""
    with undone(used):
        conversation.note(used, 1, body="quetzal")
    with used.write():
        conversation.note(used, 1, body="kept")
        with undone(used):
            messages.set_body(used.db, 1, "quetzal", "2026-03-01T09:00:00Z")
            conversation.note(used, 1, body="quetzal")
        conversation.note(used, 1, body="kept")
    assert list(check_search(used)) == []
    assert list(search.search(used, "quetzal")[0]) == []
    assert [hit["id"] for hit in search.search(used, "kept")[0]] == [1]


@contextmanager
def undone(app: App) -> Iterator[None]:
    with suppress(LookupError), app.write():
        yield
        raise LookupError


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE messages SET body = 'other' WHERE id = 1", f"HD-1: message 1: {KEPT}"),
        ("UPDATE tickets SET subject = 'other' WHERE id = 3", f"HD-3: message 3: {KEPT}"),
        (DELETE, f"HD-2: message 2: {INDEX}"),
        ("INSERT INTO messages_fts (rowid, search) VALUES (4, 'hunter3')", f"HD-1: message 4: {INDEX}"),
        (
            "INSERT INTO messages_fts (rowid, search) VALUES (99, 'x')",
            "message 99 is in the full-text index, but nowhere else",
        ),
        (
            "INSERT INTO messages_fts (rowid, search) VALUES (9007199254740991, 'x')",
            "message 9007199254740991 is in the full-text index, but nowhere else",
        ),
        (
            "INSERT INTO messages_fts (rowid, search) VALUES (-1, 'x')",
            "message -1 is in the full-text index, but nowhere else",
        ),
    ],
)
def test_a_difference(used: App, sql: str, line: str) -> None:
    with used.db.write():
        used.db.run(sql)
    assert list(check_search(used)) == [line]
    with used.db.write():
        fill(used.db)
    assert list(check_search(used)) == []


def test_ids_that_are_far_apart(used: App) -> None:
    """As an import may bring them: what the check keeps does not grow with an id."""
    far = 2**53
    with used.write():
        used.db.upkeep.raise_last_ids({"messages": far - 1})
    assert conversation.note(used, 1, body="far away")["id"] == far
    assert list(check_search(used)) == []
    with used.db.write():
        used.db.run("INSERT INTO messages_fts (rowid, search) VALUES (:id, 'hunter2')", {"id": far})
    assert list(check_search(used)) == [f"HD-1: message {far}: {INDEX}"]


def test_differences_are_told_by_the_ids_of_messages(used: App) -> None:
    with used.db.write():
        for message in (2**53, 300, -1, 299):
            used.db.run("INSERT INTO messages_fts (rowid, search) VALUES (:id, 'x')", {"id": message})
        used.db.run(DELETE)
    told = "message {} is in the full-text index, but nowhere else"
    assert list(check_search(used)) == [
        told.format(-1), f"HD-2: message 2: {INDEX}", *map(told.format, (299, 300, 2**53))
    ]  # fmt: skip


def test_words_kept_but_not_indexed_and_in_another_order(used: App) -> None:
    with used.db.write():
        used.db.run("UPDATE messages SET search = 'down router router down' WHERE id = 1")
    assert list(check_search(used)) == [f"HD-1: message 1: {KEPT}", f"HD-1: message 1: {INDEX}"]


def test_an_index_that_is_damaged(used: App) -> None:
    with used.db.write():
        used.db.run("UPDATE messages_fts_data SET block = x'00' WHERE id > 100")
    lines = list(check_search(used))
    assert len(lines) == 1
    assert lines[0].startswith("the full-text index cannot be read: ")
