"""The table of statuses (`sla.md` 2), every cell, and what each verb refuses."""

from __future__ import annotations

import pytest

from helpdesk_cli.errors import RefusedError, UsageError
from tests.sla_tickets import moment, proven, ticket

STATUSES = ("open", "in_progress", "waiting_customer", "on_hold", "resolved", "closed")
# sla.md 2, an unassigned ticket; None: refused.
TABLE = {
    ("customer",): ["open"] * 6,
    ("agent", None): ["waiting_customer"] * 4 + ["resolved", "closed"],
    ("take",): ["in_progress"] * 4 + [None, None],
    ("hold",): ["on_hold"] * 4 + [None, None],
    ("resume",): [None, None, "open", "open", None, None],
    ("resolve",): ["resolved"] * 4 + [None, None],
    ("close",): ["closed"] * 5 + [None],
    ("reopen",): [None] * 4 + ["open", "open"],
    ("customer_close",): ["closed"] * 5 + [None],
    ("status", "open"): ["open"] * 6,
    ("status", "in_progress"): ["in_progress"] * 4 + [None, None],
    ("status", "waiting_customer"): ["waiting_customer"] * 4 + [None, None],
    ("status", "on_hold"): ["on_hold"] * 4 + [None, None],
    ("status", "resolved"): ["resolved"] * 4 + [None, None],
    ("status", "closed"): ["closed"] * 5 + [None],
    ("agent", "open"): ["open"] * 6,
    ("agent", "on_hold"): ["on_hold"] * 6,
    ("agent", "resolved"): ["resolved"] * 5 + [None],
    ("agent", "closed"): ["closed"] * 6,
    ("note",): list(STATUSES),
    ("unassign",): ["open", "open", *STATUSES[2:]],
}


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("before", STATUSES)
def test_the_table_of_statuses(verb, before):
    solo = ticket()
    ways = {"in_progress": ("status", "in_progress"), "waiting_customer": ("agent",), "on_hold": ("hold",),
            "resolved": ("resolve",), "closed": ("close",)}  # fmt: skip
    if before != "open":
        name, *words = ways[before]
        solo.act(moment("10:10:00"), name, *words)
    assert solo.ticket.status == before
    wanted = TABLE[verb][STATUSES.index(before)]
    log = list(solo.events)
    name, *words = verb
    if wanted is None:
        with pytest.raises(RefusedError) as refusal:
            solo.act(moment("10:20:00"), name, *words)
        assert refusal.value.code == "transition"
        assert before in refusal.value.message
        assert "allowed from" in refusal.value.message
        assert solo.events == log
    else:
        solo.act(moment("10:20:00"), name, *words)
        assert solo.ticket.status == wanted
    proven(solo)


class TestVerbs:
    def test_assigned_it_goes_on_in_progress(self):
        solo = ticket()
        solo.act(moment("10:10:00"), "take")
        for verb, back in (("hold", "resume"), ("close", "reopen")):
            solo.act(moment("10:20:00"), verb)
            solo.act(moment("10:30:00"), back)
            assert solo.ticket.status == "in_progress"
        assert solo.ticket.assignee == "ann"

    def test_take_what_another_holds(self):
        solo = ticket()
        solo.act(moment("10:10:00"), "take", "bob")
        with pytest.raises(RefusedError, match="assigned to bob"):
            solo.act(moment("10:20:00"), "take", "ann")
        solo.act(moment("10:20:00"), "take", "ann", steal=True)
        assert (solo.ticket.assignee, solo.ticket.status) == ("ann", "in_progress")
        log = list(solo.events)
        solo.act(moment("10:30:00"), "take", "ann")
        assert solo.events == log

    def test_assign_and_unassign(self):
        solo = ticket()
        solo.act(moment("10:10:00"), "assign", assignee="bob", team="second")
        assert solo.ticket.status == "open"
        solo.act(moment("10:20:00"), "assign", assignee="bob")
        assert len(solo.log("assigned")) == 1
        solo.act(moment("10:20:00"), "take", "bob")
        solo.act(moment("10:30:00"), "unassign")
        assert (solo.ticket.status, solo.ticket.assignee, solo.ticket.team) == ("open", None, "second")

    @pytest.mark.parametrize("until", ["2026-03-02T10:09:59Z", "2026-03-02T10:10:00Z"])
    def test_hold_until_not_after_now(self, until):
        with pytest.raises(UsageError, match="not after now"):
            ticket().act(moment("10:10:00"), "hold", until)

    def test_hold_again_replaces_until(self):
        solo = ticket()
        solo.act(moment("10:10:00"), "hold", "2026-03-02T11:00:00Z")
        log = list(solo.events)
        solo.act(moment("10:20:00"), "hold", "2026-03-02T11:00:00Z")
        assert solo.events == log
        solo.act(moment("10:20:00"), "hold", "2026-03-02T12:00:00Z")
        solo.sweep(moment("11:00:00"))
        assert solo.ticket.status == "on_hold"
        solo.act(moment("11:30:00"), "hold")
        solo.sweep("2026-03-09T10:00:00Z")
        assert solo.ticket.status == "on_hold"

    def test_leaving_the_hold_clears_until(self):
        solo = ticket()
        solo.act(moment("10:10:00"), "hold", "2026-03-02T11:00:00Z")
        solo.act(moment("10:20:00"), "agent")
        solo.sweep(moment("12:00:00"))
        assert (solo.ticket.status, solo.ticket.hold_until) == ("waiting_customer", None)

    @pytest.mark.parametrize(
        ("rule", "answered", "allowed"),
        [("always", True, True), ("before_reply", False, True), ("before_reply", True, False),
         ("never", False, False)],
    )  # fmt: skip
    def test_the_customers_close(self, rule, answered, allowed):
        solo = ticket(customer_close=rule)
        if answered:
            solo.act(moment("10:10:00"), "agent")
        if allowed:
            solo.act(moment("10:20:00"), "customer_close")
            assert solo.ticket.closed_by == "customer"
        else:
            with pytest.raises(RefusedError) as refusal:
                solo.act(moment("10:20:00"), "customer_close")
            assert refusal.value.code == "customer_close"
