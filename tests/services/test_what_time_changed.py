"""What a command says of the statuses that time changed, and what it does where the clock was set back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from helpdesk_cli.errors import HelpdeskError, RefusedError
from helpdesk_cli.services import conversation, lifecycle, sweep, ticket_lists, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.recompute import mark, recompute
from helpdesk_cli.storage.tickets import StoredTicket
from tests.lives import START, Desk, policy

if TYPE_CHECKING:
    from pathlib import Path

    from helpdesk_cli.domain.tickets import Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def opened(desk: Desk, **given: str) -> int:
    ticket = desk.at(START, tickets.create, subject="s", sender="c@acme.example", body="b", **given)
    return int(ticket["id"])


def closing_after(hours: int) -> dict[str, object]:
    return policy(auto_close={"after": f"{hours}h", "statuses": ["waiting_customer"]})


def test_a_policy_that_closes_tickets_says_which(desk: Desk) -> None:
    opened(desk)
    desk.at(START, conversation.reply_as_agent, 1, body="a")

    def apply(app: App) -> list[str]:
        with app.write() as now:
            app.policies.add(closing_after(4), at=now, source=None, actor="ann")
            mark(app, now)
        recompute(app)
        return app.announcements

    assert desk.at(START + 10 * HOUR, apply) == [
        "HD-1 went from waiting_customer to closed by itself, 2026-03-23 17:00:00 UTC"
    ]


def test_a_version_dated_ahead_of_the_clock_reaches_the_tickets_at_once(desk: Desk) -> None:
    """sla.md 1: a clock that jumped back waits at what has happened."""
    opened(desk)
    changed = policy()
    changed["plans"]["gold"]["targets"]["normal"] = {"resolution": "2h"}
    desk.apply_policy(START + 2 * HOUR, changed)

    def apply_earlier(app: App) -> list[dict[str, object]]:
        with app.write():
            ahead = app.policies.latest().at
            app.policies.add(policy(), at=ahead, source=None, actor="ann")
            mark(app, ahead)
        return recompute(app)

    moved = desk.at(START + HOUR, apply_earlier)
    assert [line["clock"] for line in moved] == ["first_response", "resolution"]
    assert desk.problems(START + HOUR) == []
    assert desk.at(START + HOUR, ticket_lists.show, 1)["clocks"][-1]["target_seconds"] == 20 * 3600


def test_a_key_of_a_message_belongs_to_its_ticket(desk: Desk) -> None:
    opened(desk)
    opened(desk)
    first = desk.at(START, conversation.reply_as_agent, 1, body="a", idempotency_key="k")
    again = desk.at(START, conversation.reply_as_agent, 1, body="again", idempotency_key="k")
    assert again == {**first, "created": False}
    with pytest.raises(RefusedError, match="key k was used for message 3 of HD-1"):
        desk.at(START, conversation.reply_as_agent, 2, body="other", idempotency_key="k")


def test_a_key_is_known_again_where_the_message_opened_a_new_ticket(desk: Desk) -> None:
    opened(desk)
    desk.at(START, lifecycle.close, 1)
    late = START + timedelta(days=4)
    given = {"body": "r", "sender": "c@acme.example", "idempotency_key": "k"}
    first = desk.at(late, conversation.reply_as_customer, 1, **given)
    assert first["ticket"] == 2
    again = desk.at(late, conversation.reply_as_customer, 1, **given)
    assert again == {**first, "created": False}


def test_unassigning_what_nobody_holds_opens_it_all_the_same(desk: Desk) -> None:
    opened(desk)
    desk.at(START, lifecycle.edit, 1, status="in_progress")
    assert desk.at(START, lifecycle.unassign, 1)["status"] == "open"


def test_a_colleague_of_the_requester_may_write_whatever_the_tickets_organisation(desk: Desk) -> None:
    from helpdesk_cli.services import orgs

    for name, domains in (("Acme", ["acme.example"]), ("Globex", [])):
        desk.at(START, orgs.create_org, name, {}, domains)
    opened(desk)
    desk.at(START, lifecycle.edit, 1, org="Globex")
    assert desk.at(START, conversation.reply_as_customer, 1, body="r", sender="d@acme.example")["ticket"] == 1


def test_a_failing_ticket_does_not_use_up_the_limit_of_a_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(desk)
    opened(desk)
    ticket = StoredTicket.ticket

    def failing(stored: StoredTicket) -> Ticket:
        if stored.row["id"] == 1:
            raise HelpdeskError("broken")
        return ticket(stored)

    monkeypatch.setattr(StoredTicket, "ticket", failing)
    result = desk.at(START + timedelta(days=5), sweep.sweep, limit=1)
    assert [line["ticket"] for line in result["failed"]] == [1]
    assert {line["ticket"] for line in result["breached"]} == {2}


def test_a_sweep_leaves_what_it_closes_on_the_policy_of_its_closure(desk: Desk) -> None:
    """A closed ticket takes a later version only when a command touches it."""
    opened(desk)
    desk.at(START, conversation.reply_as_agent, 1, body="a")
    late = START + timedelta(days=4)

    def interrupted(app: App) -> None:
        with app.write() as now:
            app.policies.add(policy(), at=now, source=None, actor="ann")
            mark(app, now)

    desk.at(late, interrupted)
    done = desk.sweep(late)
    assert ([entry["ticket"] for entry in done["closed"]], done["recomputed"]) == ([1], 0)
    assert desk.at(late, lambda app: app.db.query("SELECT policy_version FROM tickets")[0][0]) == 1
    assert desk.problems(late) == []


def test_closed_tickets_take_their_place_in_a_new_order_of_priorities(desk: Desk) -> None:
    opened(desk, priority="low")
    desk.at(START, lifecycle.close, 1)
    opened(desk, priority="critical")
    turned = policy()
    turned["priorities"].reverse()
    desk.apply_policy(START + HOUR, turned)
    assert desk.at(START + HOUR, _in_order) == ["low", "critical"]
    assert desk.problems(START + HOUR) == []


def _in_order(app: App) -> list[str]:
    rows, _ = ticket_lists.list_tickets(app, {"status": ("all",)}, sort="priority")
    return [row["priority"] for row in rows]
