"""What is asked of a ticket's files, links and merges is found by an index, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk_cli.services.app import App
from helpdesk_cli.storage import attachments, ticket_lists


class Asked:
    """A database that says how it would answer, instead of answering."""

    def __init__(self, app: App) -> None:
        self._db = app.db
        self.plan: list[str] = []

    def query(self, sql: str, params: object = ()) -> list[object]:
        self.plan += [row["detail"] for row in self._db.query(f"EXPLAIN QUERY PLAN {sql}", params)]
        return []

    def one(self, sql: str, params: object = ()) -> None:
        self.query(sql, params)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda db: attachments.of_ticket(db, 1), "attachments_by_ticket"),
        (lambda db: attachments.of_ticket(db, 1, customer_view=True), "attachments_by_ticket"),
        (lambda db: attachments.of_message(db, 1, 1), "attachments_by_ticket"),
        (lambda db: attachments.naming(db, "a"), "attachments_by_content"),
        (lambda db: list(attachments.unnamed(db, ["a"])), "attachments_by_content"),
        (lambda db: ticket_lists.links_to(db, 1), "links_by_other"),
        (lambda db: ticket_lists.blockers(db, 1), "links_by_other"),
        (lambda db: ticket_lists.merged_in(db, 1), "tickets_merged"),
    ],
)
def test_it_is_found_by_an_index(app: App, ask: Callable[[Any], object], index: str) -> None:
    asked = Asked(app)
    ask(asked)
    assert any(index in line for line in asked.plan), asked.plan
    # `found` is what the recursion has found so far.
    scanned = {line for line in asked.plan if line.startswith("SCAN")} - {"SCAN f", "SCAN found"}
    assert scanned == set(), asked.plan
