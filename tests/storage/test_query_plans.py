"""How the engine answers lists, the sweep, searches and reports: what is read by which index, and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from helpdesk_cli.domain import statuses
from helpdesk_cli.domain.filters import Order, TicketFilter
from helpdesk_cli.services import monitoring
from helpdesk_cli.services import tickets as tickets_
from helpdesk_cli.services.search import text_filter
from helpdesk_cli.storage import events, notices, reports, runs, ticket_lists, tickets
from helpdesk_cli.storage.hits import Hits

if TYPE_CHECKING:
    from helpdesk_cli.services.app import App

ACTIVE = statuses.ACTIVE
DEFAULT = Order("next_due_at")


class Asked:
    """A database that says how it would answer, instead of answering."""

    def __init__(self, app: App) -> None:
        self._db = app.db
        self.dialect = app.db.dialect
        self.full_text = app.db.full_text
        self.plan: list[str] = []

    def query(self, sql: str, params: object = ()) -> list[object]:
        self.plan = [row["detail"] for row in self._db.query(f"EXPLAIN QUERY PLAN {sql}", params)]
        return []

    stream = query

    def one(self, sql: str, params: object = ()) -> None:
        self.query(sql, params)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (TicketFilter(status=ACTIVE), "tickets_active"),
        (TicketFilter(), "tickets_in_order"),
        (TicketFilter(status=("closed",)), "tickets_by_status (status=?)"),
        (TicketFilter(status=ACTIVE, priority=("low",)), "tickets_by_priority (priority=?)"),
        (TicketFilter(status=ACTIVE, category=("sales",)), "tickets_by_category (category=?)"),
        (TicketFilter(status=ACTIVE, org=(1,)), "tickets_by_org (org_id=?)"),
        (TicketFilter(status=ACTIVE, org=(None,)), "tickets_by_org (org_id=?)"),
        (TicketFilter(status=ACTIVE, assignee=(1,)), "tickets_by_assignee (assignee_id=?)"),
        (TicketFilter(status=ACTIVE, assignee=(None,)), "tickets_by_assignee (assignee_id=?)"),
        (TicketFilter(status=ACTIVE, team=(1,)), "tickets_by_team (team_id=?)"),
        (TicketFilter(status=ACTIVE, requester=(1,)), "tickets_by_requester (requester_id=?)"),
    ],
)
def test_a_list_in_the_default_order_reads_one_index(app: App, wanted: TicketFilter, index: str) -> None:
    asked = Asked(app)
    query = ticket_lists.compiled(wanted, app.now())
    ticket_lists.stream(asked, query, DEFAULT, 50)
    assert any(line.split(" USING INDEX ")[-1] == index for line in asked.plan), asked.plan
    assert not any("TEMP B-TREE" in line for line in asked.plan), asked.plan


def test_the_sweep_reads_only_what_is_due(app: App) -> None:
    asked = Asked(app)
    tickets.due(asked, "2026-03-01T09:00:00Z", ("", 0), 100)
    assert asked.plan == ["SEARCH tickets USING COVERING INDEX tickets_to_act (act_at>? AND act_at<?)"]
    tickets.count_due(asked, "2026-03-01T09:00:00Z", ("", 0))
    assert asked.plan == ["SEARCH tickets USING COVERING INDEX tickets_to_act (act_at>? AND act_at<?)"]


@pytest.mark.parametrize(
    ("order", "index"),
    [("deadline", "tickets_by_status"), ("last_message", "tickets_by_message"), ("fifo", "tickets_by_age")],
)
def test_the_next_ticket_is_the_first_of_an_index(app: App, order: str, index: str) -> None:
    asked = Asked(app)
    ticket_lists.next_open(asked, order, None, "ann")
    assert f"SEARCH t USING INDEX {index} (status=?)" in asked.plan
    assert not any("TEMP B-TREE" in line for line in asked.plan), asked.plan


def test_a_monitor_reads_active_tickets_only(app: App) -> None:
    asked = Asked(app)
    partial = {
        row["name"]
        for row in app.db.query(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%ON tickets%WHERE active = 1'"
        )
    }
    for wanted in (monitoring.OVERDUE, monitoring.AT_RISK):
        ticket_lists.count(asked, ticket_lists.compiled(wanted, app.now()))
        scan, _, search = asked.plan
        assert scan.removeprefix("SCAN t USING INDEX ") in partial, asked.plan
        assert search == "SEARCH k USING PRIMARY KEY (ticket_id=?)"


def test_a_monitor_reads_the_newest_sweeps_only(app: App) -> None:
    """From the newest back, up to a hundred: no sorting, no index needed."""
    asked = Asked(app)
    runs.latest(asked, "2026-03-01T09:00:00Z")
    assert "SCAN runs" in asked.plan
    assert not any("TEMP B-TREE" in line for line in asked.plan), asked.plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "INTEGER PRIMARY KEY (rowid>?)"),
        ({"types": ("note",)}, "INDEX events_by_type (type=? AND seq>?)"),
        ({"types": ("note", "message")}, "INTEGER PRIMARY KEY (rowid>?)"),
        ({"ticket": 1}, "INDEX sqlite_autoindex_events_1 (ticket_id=?)"),
        ({"ticket": 1, "types": ("note",)}, "INDEX sqlite_autoindex_events_1 (ticket_id=?)"),
    ],
)
def test_the_log_is_read_on_from_a_seq(app: App, wanted: dict[str, Any], index: str) -> None:
    asked = Asked(app)
    events.stream(asked, events.Wanted(after=100, **wanted), limit=500)
    assert asked.plan[0] == f"SEARCH e USING {index}"
    assert "ticket" in wanted or not any("TEMP B-TREE" in line for line in asked.plan), asked.plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"orgs": (1, 2)}, "COVERING INDEX tickets_of_org (org_id=?)"),
        ({"contacts": (1,), "types": ("note",)}, "COVERING INDEX tickets_of_requester (requester_id=?)"),
        ({"orgs": (None,)}, "COVERING INDEX tickets_of_org (org_id=?)"),
    ],
)
def test_the_log_of_a_customer_is_read_by_its_tickets(app: App, wanted: dict[str, Any], index: str) -> None:
    asked = Asked(app)
    events.stream(asked, events.Wanted(**wanted))
    assert asked.plan[0] == "SEARCH e USING INDEX sqlite_autoindex_events_1 (ticket_id=?)"
    assert f"SEARCH tickets USING {index}" in asked.plan
    # Read on from where it was left off: in the order of the log, however long the customer's history is.
    events.stream(asked, events.Wanted(after=100, **wanted), limit=500)
    assert asked.plan[0] == "SEARCH e USING INTEGER PRIMARY KEY (rowid>?)"
    assert not any("TEMP B-TREE" in line for line in asked.plan), asked.plan


def test_whom_to_tell_of_a_new_ticket_reads_only_who_is_told(app: App) -> None:
    asked = Asked(app)
    ticket = tickets_.create(app, subject="x", sender="sara@acme.example", body="b")
    notices.confirmed(asked, tickets.load(app.db, ticket["id"]))
    assert "SEARCH contacts USING INTEGER PRIMARY KEY (rowid=?)" in asked.plan
    assert "SEARCH contacts USING INDEX contacts_told (org_id=?)" in asked.plan


HITS = "SCAN messages_fts VIRTUAL TABLE INDEX"  # with `M`: the messages that match
MESSAGE = "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"
SORT = "USE TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize(
    "query", ["router", "router is:open", "router tag:vip -status:closed after:2026-01-01"]
)
def test_a_search_reads_its_hits_and_each_of_their_rows_once(app: App, query: str) -> None:
    asked = Asked(app)
    hits = Hits(asked, text_filter(app, query), app.now())
    list(hits.found("newest"))
    assert asked.plan[0].startswith(HITS), asked.plan
    assert asked.plan[1] == MESSAGE
    assert asked.plan[2].startswith("SEARCH t USING")
    # In the order of the index, so no more is read than asked for; by rank every hit has to be.
    assert SORT not in asked.plan
    list(hits.found("rank"))
    assert asked.plan[0].startswith(HITS), asked.plan
    assert asked.plan[-1] == SORT
    hits.count()
    assert [step.split(" 0:")[0] for step in asked.plan if step.startswith("SCAN")] == [HITS], asked.plan


def test_words_that_must_not_stand_are_read_once(app: App) -> None:
    asked = Asked(app)
    list(Hits(asked, text_filter(app, "router -invoice"), app.now()).found("newest"))
    assert [step for step in asked.plan if "SUBQUERY" in step] == ["LIST SUBQUERY 1"]
    assert sum(step.startswith(HITS) for step in asked.plan) == 2
    assert SORT not in asked.plan


def test_a_search_without_words_reads_tickets_from_the_newest_back(app: App) -> None:
    asked = Asked(app)
    list(Hits(asked, text_filter(app, "-invoice after:2026-01-01"), app.now()).found("rank"))
    assert asked.plan[0] == "SCAN t"
    assert SORT not in asked.plan


@pytest.mark.parametrize("status", [ACTIVE, ()])
def test_a_list_by_text_looks_up_the_tickets_of_its_hits(app: App, status: tuple[str, ...]) -> None:
    asked = Asked(app)
    wanted = TicketFilter(status=status, text=text_filter(app, "router"))
    query = ticket_lists.compiled(wanted, app.now(), match=app.db.full_text.match)
    ticket_lists.stream(asked, query, DEFAULT, 50)
    assert asked.plan[0].startswith("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), asked.plan
    ticket_lists.count(asked, query)
    assert asked.plan[0].startswith("SEARCH t USING"), asked.plan
    assert "rowid=?" in asked.plan[0]


GROUPING = "USE TEMP B-TREE FOR GROUP BY"


def of_report(app: App, read: Any, *by: str, more: tuple[Any, ...] = ()) -> list[str]:
    asked = Asked(app)
    read(asked, reports.asked(by, None, None, app.now()), *more)
    return [step for step in asked.plan if "SUBQUERY" not in step]


def test_each_report_reads_once(app: App) -> None:
    """One scan; everything else is found by a key, and rows come in the order of their ticket unsorted."""
    ticket = "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"
    one_clock = "SEARCH k USING PRIMARY KEY (ticket_id=? AND name=?"
    assert of_report(app, reports.clocks, "week") == ["SCAN k", ticket, GROUPING]
    assert of_report(app, reports.without_clock, "week", more=("resolution",)) == [
        "SCAN t", f"{one_clock} AND instance>?)", GROUPING,
    ]  # fmt: skip
    assert of_report(app, reports.messages) == [
        "SCAN t", "SEARCH m USING INDEX messages_by_ticket (ticket_id=?)",
        *[f"{one_clock} AND instance>?)"] * 2,
    ]  # fmt: skip
    assert of_report(app, reports.turns) == [
        "SCAN t", "SEARCH e USING INDEX sqlite_autoindex_events_1 (ticket_id=?)",
        f"{one_clock} AND instance=?)", f"{one_clock})",
    ]  # fmt: skip
    assert of_report(app, reports.moved) == ["SEARCH e USING INDEX events_by_type (type=?)", ticket]
    assert of_report(app, reports.opened) == ["SCAN t"]


def test_the_backlog_reads_what_is_open(app: App) -> None:
    first, *others = of_report(app, reports.open_tickets, "org", "agent", more=({"old": ("", "9")},))
    assert first.startswith("SCAN t USING INDEX tickets_")  # one of those that hold active tickets only
    assert not [step for step in others if step.startswith("SCAN")]
