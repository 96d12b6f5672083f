"""What is read and written some at a time: nothing is left out, and nothing comes twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import BusyError, StorageError
from helpdesk_cli.services import (
    bulk,
    events,
    orgs,
    people,
    recompute,
    runs,
    sweep,
    ticket_lists,
    ticket_records,
    tickets,
)
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.changes import Changed
from helpdesk_cli.storage.tickets import StoredTicket
from tests.lives import START, Desk, later_policy, policy

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Five tickets, opened an hour after the other."""
    desk = Desk(tmp_path)
    for number in range(5):
        at = START + number * HOUR
        desk.at(at, tickets.create, subject=f"t{number}", sender="c@acme.example", body="b", priority="high")
    return desk


@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_a_list_of_tickets_is_read_in_chunks(desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(ticket_records, "_CHUNK", size)

    def ids(app: App) -> list[int]:
        found, _ = ticket_lists.list_tickets(app, {}, sort="id")
        return [ticket["id"] for ticket in found]

    assert desk.at(START + 9 * HOUR, ids) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_every_ticket_is_recomputed_whatever_the_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(recompute, "BATCH", size)
    at = START + 9 * HOUR
    desk.apply_policy(at, later_policy())
    found = desk.at(at, lambda app: app.db.query("SELECT id, policy_version FROM tickets ORDER BY id"))
    assert [(row["id"], row["policy_version"]) for row in found] == [(number, 2) for number in range(1, 6)]
    assert desk.problems(at) == []


@pytest.mark.parametrize("size", [1, 2, 5, 6])
def test_every_ticket_is_swept_once_whatever_the_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sweep, "BATCH", size)
    seen: list[int] = []
    done = desk.at(START + timedelta(days=9), sweep.sweep, on_done=seen.append)
    assert [each["ticket"] for each in done["breached"] if each["clock"] == "resolution"] == [1, 2, 3, 4, 5]
    assert sum(seen) == 5


def test_the_notices_of_a_batch_are_in_the_order_of_its_events(desk: Desk) -> None:
    """Whoever follows them by their numbers is told of what happened in that order."""
    desk.sweep(START + timedelta(days=9))
    sql = (
        "SELECT n.ticket_id, e.seq FROM notices n"
        " JOIN events e ON e.ticket_id = n.ticket_id AND e.n = n.event_n"
        " WHERE e.run_id IS NOT NULL ORDER BY n.id"
    )
    told = desk.at(START, lambda app: [tuple(row) for row in app.db.query(sql)])
    assert {ticket for ticket, _ in told} == {1, 2, 3, 4, 5}
    assert [seq for _, seq in told] == sorted(seq for _, seq in told)


def test_a_sweep_says_of_each_level_how_many_it_told(desk: Desk) -> None:
    done = desk.sweep(START + timedelta(days=9))
    sql = (
        "SELECT e.ticket_id, e.clock, e.level, count(n.id) FROM events e"
        " LEFT JOIN notices n ON n.ticket_id = e.ticket_id AND n.event_n = e.n"
        " WHERE e.type = 'escalated' GROUP BY e.ticket_id, e.n"
    )
    counted = desk.at(START, lambda app: {tuple(row) for row in app.db.query(sql)})
    said = {(each["ticket"], each["clock"], each["level"], each["told"]) for each in done["escalated"]}
    assert said == counted
    assert {told for *_, told in said} == {0, 1}


def test_a_sweep_counts_the_tickets_that_a_new_policy_left_to_it(desk: Desk) -> None:
    """As after an apply that was interrupted: the version is stored, no ticket is recomputed yet."""
    at = START + 9 * HOUR

    def interrupted(app: App) -> None:
        with app.write() as now:
            app.policies.add(later_policy(), at=now, source=None, actor="ann")
            recompute.mark(app, now)

    desk.at(at, interrupted)
    assert desk.at(at, sweep.due) == 5
    assert desk.sweep(at)["recomputed"] == 5
    assert desk.sweep(at)["recomputed"] == 0
    assert desk.problems(at) == []


@pytest.mark.parametrize("limit", [1, 4, 5])
def test_what_is_due_at_the_instant_itself_is_left_by_a_limit_and_counted(desk: Desk, limit: int) -> None:
    at = START + timedelta(days=9)

    def due_together(app: App) -> None:
        with app.write():
            app.db.run("UPDATE tickets SET act_at = :at", {"at": to_text(at)})

    desk.at(START, due_together)
    assert [desk.at(at - timedelta(seconds=n), sweep.due) for n in (1, 0)] == [0, 5]
    assert desk.at(at, sweep.sweep, limit=limit)["left"] == 5 - limit


def test_a_sweep_that_tells_nothing_counts_all_the_same(desk: Desk) -> None:
    done = desk.at(START + timedelta(days=9), sweep.sweep, telling=False)
    assert (done["breached"], done["warned"]) == ([], [])
    counts = desk.at(START + timedelta(days=9), lambda app: next(runs.list_runs(app)[0]))["counts"]
    events = desk.at(START, lambda app: app.db.query("SELECT type FROM events WHERE run_id IS NOT NULL"))
    types = [row["type"] for row in events]
    assert counts["breached"] == types.count("clock_breached") > 0
    assert counts["warned"] == types.count("clock_warned") > 0


@pytest.mark.parametrize("error", [BusyError("locked"), StorageError("disk I/O error")])
def test_a_sweep_that_cannot_write_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: StorageError | BusyError
) -> None:
    """It does not go through the tickets one by one, each of which would fail alike (`sla.md 8`)."""
    asked: list[int] = []

    def failing(stored: StoredTicket) -> None:
        asked.append(stored.row["id"])
        raise error

    monkeypatch.setattr(StoredTicket, "ticket", failing)
    with pytest.raises(type(error)):
        desk.sweep(START + timedelta(days=9))
    assert asked == [1]


@pytest.mark.parametrize("error", [BusyError("locked"), StorageError("disk I/O error")])
def test_a_sweep_whose_batch_cannot_be_written_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: StorageError | BusyError
) -> None:
    tried: list[int] = []

    def failing(_db: object, changed: list[Changed], _rules: object) -> None:
        tried.append(len(changed))
        raise error

    monkeypatch.setattr(sweep, "save", failing)
    with pytest.raises(type(error)):
        desk.sweep(START + timedelta(days=9))
    assert tried == [5]


def test_a_ticket_that_cannot_be_written_does_not_stop_its_batch(desk: Desk) -> None:
    """Its breach stands in the log already, so that the unique key refuses it."""

    def forge(app: App) -> None:
        with app.write():
            app.db.run(
                "INSERT INTO events (ticket_id, n, type, at, recorded_at, actor, clock, instance, data)"
                " VALUES (2, 99, 'clock_breached', :at, :at, 'sweep', 'resolution', 1, '{}')",
                {"at": to_text(START)},
            )

    desk.at(START, forge)
    done = desk.at(START + timedelta(days=9), sweep.sweep)
    assert [each["ticket"] for each in done["failed"]] == [2]
    assert {each["ticket"] for each in done["breached"]} == {1, 3, 4, 5}
    again = desk.at(START + timedelta(days=9), sweep.sweep)
    assert [each["ticket"] for each in again["failed"]] == [2]
    assert again["breached"] == []


# -- the event log --------------------------------------------------------------------------------


def seqs(app: App) -> list[int]:
    return [row["seq"] for row in app.db.query("SELECT seq FROM events ORDER BY seq")]


@pytest.mark.parametrize(("limit", "left"), [(None, 0), (0, 20), (1, 19), (20, 0), (99, 0)])
def test_how_many_events_a_limit_left_out(desk: Desk, limit: int | None, left: int) -> None:
    def listed(app: App) -> tuple[int, int]:
        found, more = events.list_events(app, types=("created", "message", "clock_started"), limit=limit)
        return len(list(found)), more()

    assert desk.at(START + 9 * HOUR, listed) == (20 - left, left)


@pytest.mark.parametrize("page", [1, 3, 100])
def test_following_the_log_gives_what_is_there_and_then_each_new_event(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(events, "_PAGE", page)
    before = desk.at(START, seqs)
    pauses: list[int] = []

    def wait() -> None:
        """Twice nothing happens, then another process sweeps."""
        pauses.append(len(pauses))
        if len(pauses) % 3 == 0:
            desk.sweep(START + len(pauses) * HOUR * 10)

    with closing(App(desk.path, now=to_text(START))) as app:
        log = events.follow(app, after=0, ticket=None, types=(), pause=wait)
        found = [next(log)["seq"] for _ in range(len(before) + 3)]
    assert found[: len(before)] == before
    assert found == sorted(set(found))
    assert len(pauses) >= 3


def test_a_log_that_ends_before_what_was_read_ends_the_stream(desk: Desk) -> None:
    def restore(app: App) -> None:
        with app.write():
            app.db.run("DELETE FROM events WHERE seq > 3")

    total = len(desk.at(START, seqs))
    with closing(App(desk.path, now=to_text(START))) as app:
        log = events.follow(app, after=0, ticket=None, types=(), pause=lambda: desk.at(START, restore))
        with pytest.raises(StorageError, match=f"ended at {total} and now ends at 3"):
            list(log)


# -- tickets from lines ---------------------------------------------------------------------------


def line(subject: str) -> bytes:
    return json.dumps({"subject": subject, "from": "c@acme.example", "body": "b"}).encode() + b"\n"


def created(desk: Desk, *lines: bytes) -> list[dict[str, object]]:
    def create(app: App) -> list[dict[str, object]]:
        return list(bulk.create_many(app, lines, lambda _number, _error: None))

    return desk.at(START + 9 * HOUR, create)


@pytest.mark.parametrize("size", [1, 70, 1_000])
def test_lines_share_a_transaction_up_to_so_many_bytes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(bulk, "_BATCH_BYTES", size)
    done = created(desk, *(line(f"s{number}") for number in range(4)))
    assert [(result["line"], result["id"]) for result in done] == [(1, 6), (2, 7), (3, 8), (4, 9)]
    assert desk.problems(START + 9 * HOUR) == []


@pytest.mark.parametrize(("size", "together"), [(1, 1), (70, 2), (1_000, 4)])
def test_a_result_comes_once_its_transaction_is_full(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int, together: int
) -> None:
    """Whoever sends lines and waits for results knows how far the disk is: what was told is there."""
    monkeypatch.setattr(bulk, "_BATCH_BYTES", size)
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(4):
            read.append(number)
            yield line(f"s{number}")

    def first(app: App) -> int:
        results = bulk.create_many(app, lines(), lambda _number, _error: None)
        next(results)
        return desk.at(START, lambda other: other.db.one("SELECT count(*) AS n FROM tickets")["n"])

    assert desk.at(START + 9 * HOUR, first) == 5 + together
    assert len(read) == together


def test_what_is_said_of_many_lines_is_said_once(desk: Desk) -> None:
    at = START + 9 * HOUR
    desk.at(at, orgs.create_org, "Beta", {"plan": "silver"}, ["beta.example"])
    document = policy()
    document["plans"]["silver"]["retired"] = True
    desk.apply_policy(at, document)

    def said(app: App) -> list[str]:
        lines = [line("s").replace(b"acme", b"beta")] * 3
        assert len(list(bulk.create_many(app, lines, lambda _number, _error: None))) == 3
        return app.announcements

    assert desk.at(at, said) == ["plan silver of Beta is retired: the ticket is on plan gold"]


@pytest.mark.parametrize(("room", "error"), [(0, None), (-1, "more than")])
def test_a_line_has_its_longest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, room: int, error: str | None
) -> None:
    monkeypatch.setattr(bulk, "_LONGEST_LINE", len(line("s")) + room)
    (done,) = created(desk, line("s"))
    assert (error or "") in str(done.get("error", ""))
    assert ("error" in done) == (error is not None)


@pytest.mark.parametrize("error", [BusyError("locked"), StorageError("disk I/O error")])
def test_lines_that_cannot_be_written_end_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: StorageError | BusyError
) -> None:
    def failing(_app: App, *_sender: object) -> None:
        raise error

    monkeypatch.setattr(people, "sender", failing)
    with pytest.raises(type(error)):
        created(desk, line("a"), line("b"))
