"""`db check` finds nothing on a database that was only used, and everything that was tampered with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters import country_holidays
from helpdesk_cli.domain import zones
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import PolicyError
from helpdesk_cli.services import check, lifecycle, orgs, people, redaction, ticket_lists, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.recompute import mark
from tests.lives import START, Desk, act, later_policy, live

# Columns that no event decides: texts that people wrote, keys, and what is noted beside the log.
NOT_OF_EVENTS = {"id", "subject", "idempotency_key"}
SAID = {"assignee_id": "assignee", "team_id": "team"}  # how a problem names the column


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, datetime]:
    """A database on which everything has happened, and the instant at which it ended."""
    desk = Desk(tmp_path_factory.mktemp("lived_in"))
    desk.at(START, orgs.create_org, "Acme", {}, ["acme.example"])
    desk.at(START, orgs.create_org, "Beta", {})
    desk.at(START, people.create_contact, "d@beta.example", {"org": "Beta"})
    desk.at(START, people.create_team, "network", "ann")
    desk.at(START, people.create_team, "desktop", "bob")
    end = live(desk, seed=7, tickets_=16, days=12, every=timedelta(days=1))
    act(desk, end, 17, "create", {"priority": "normal", "plan": "gold"})
    act(desk, end, 17, "answer", {"status": None})  # then silence: a reminder and the closure
    act(desk, end, 18, "create", {"priority": "high", "plan": "gold", "tags": ("vip",)})
    desk.at(end, lifecycle.tag, 18, add=("eu",), remove=())
    act(desk, end, 18, "hold", {"seconds": None})
    end += timedelta(days=3)
    desk.sweep(end)
    act(desk, end, 18, "resume", {})
    act(desk, end, 18, "reset", {"clock": "resolution"})
    desk.at(end, lifecycle.assign, 18, to="ann", team="network")
    desk.at(end, lifecycle.hold, 18, until=end + timedelta(days=2))
    desk.at(end, lifecycle.close, 16, reason="spam")
    act(desk, end, 19, "create", {"priority": "normal", "plan": "silver"})
    act(desk, end, 20, "create", {"priority": "normal", "plan": "gold"})
    act(desk, end, 20, "attach", {})
    act(desk, end, 20, "note", {"minutes": 5})
    act(desk, end, 20, "split", {"which": 0})
    act(desk, end, 20, "merge", {"into": 19})
    desk.at(end, redaction.redact, 21, desk.at(end, first_message, 21), reason="r")
    return desk.path, end


def first_message(app: App, ticket_id: int) -> int:
    return next(ticket_lists.show(app, ticket_id)["messages"])["id"]


@pytest.fixture
def app(lived_in: tuple[str, datetime]) -> Iterator[App]:
    """The App of this module: on the database that was lived in, at its end."""
    path, end = lived_in
    app = App(path, actor="ann", now=to_text(end), timezone="UTC")
    yield app
    app.close()


class _Undo(Exception):  # noqa: N818 - the end of an experiment
    pass


@pytest.fixture
def after(app: App) -> Callable[..., list[str]]:
    """`after(sql, **params)`: the problems once that was run, which is then undone."""

    def problems(sql: str, **params: Any) -> list[str]:
        found: list[str] = []
        with suppress(_Undo), app.db.write():
            assert app.db.run(sql, params) >= 1, sql
            found += check.check(app)
            raise _Undo
        return found

    return problems


def rows(app: App, sql: str, **params: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in app.db.query(sql, params)]


def another(app: App, table: str, column: str, value: Any) -> Any:
    """Another value that the column may hold."""
    references = {
        "org_id": "orgs", "requester_id": "contacts", "assignee_id": "agents", "team_id": "teams",
        "merged_into": "tickets",
    }  # fmt: skip
    if column == "policy_version":
        return 3 - value
    if table == "tickets" and column in references:
        found = rows(app, f"SELECT id FROM {references[column]} WHERE id IS NOT :id", id=value)
        return found[0]["id"]
    if isinstance(value, int):
        return 1 - value if value in (0, 1) else value + 1
    if isinstance(value, str) and value.endswith("Z"):
        return to_text(datetime.fromisoformat(value) + timedelta(seconds=1))
    if isinstance(value, str) and value[:1] in "[{":
        return value[:1] + value[-1:] if len(value) > 2 else value[0] + '"x"' + value[-1]
    return f"{value}x" if value is not None else ("2026-04-01T00:00:00Z" if column.endswith("_at") else 1)


# -- nothing to find -----------------------------------------------------------------------------------------


def test_a_database_that_was_only_used_is_clean(app: App) -> None:
    types = {row["type"] for row in rows(app, "SELECT DISTINCT type FROM events")}
    assert types >= {
        "created", "message", "note", "status_changed", "assigned", "edited", "tagged", "clock_started",
        "clock_paused", "clock_resumed", "clock_met", "clock_warned", "clock_breached", "clock_cancelled",
        "clock_reset", "escalated", "reminded", "auto_closed", "reopened", "policy_applied", "merged",
        "split", "linked", "attached", "redacted",
    }  # fmt: skip
    assert list(check.check(app)) == []


# -- rows ----------------------------------------------------------------------------------------------------


def test_every_column_of_a_ticket_is_compared(app: App, after: Callable[..., list[str]]) -> None:
    """For a ticket that has a value in the column, and for one that has none."""
    columns = {row["name"] for row in rows(app, "PRAGMA table_info(tickets)")} - NOT_OF_EVENTS
    missed = set()
    for column in sorted(columns):
        for condition in ("IS NOT NULL", "IS NULL"):
            found = rows(app, f"SELECT id, {column} AS value FROM tickets WHERE {column} {condition} LIMIT 1")
            for row in found:
                value = another(app, "tickets", column, row["value"])
                problems = after(f"UPDATE tickets SET {column} = :v WHERE id = :id", v=value, id=row["id"])
                said = f"HD-{row['id']}: {SAID.get(column, column)} "
                if not any(problem.startswith(said) for problem in problems):
                    missed.add(column)
    assert missed == set()


def test_every_column_of_a_clock_is_compared(app: App, after: Callable[..., list[str]]) -> None:
    columns = {row["name"] for row in rows(app, "PRAGMA table_info(clocks)")}
    missed = set()
    for column in sorted(columns - {"ticket_id", "name", "instance"}):
        for condition in ("IS NOT NULL", "IS NULL"):
            found = rows(app, f"SELECT *, {column} AS value FROM clocks WHERE {column} {condition} LIMIT 1")
            for row in found:
                key = {name: row[name] for name in ("ticket_id", "name", "instance")}
                value = another(app, "clocks", column, row["value"])
                problems = after(
                    f"UPDATE clocks SET {column} = :v"
                    " WHERE ticket_id = :ticket_id AND name = :name AND instance = :instance",
                    v=value,
                    **key,
                )
                said = f"HD-{row['ticket_id']}: clock {row['name']} {row['instance']}: {column} is "
                if not any(problem.startswith(said) for problem in problems):
                    missed.add((column, condition))
    assert missed == set()


def test_clocks_that_are_gone_too_many_or_someone_elses(app: App, after: Callable[..., list[str]]) -> None:
    clock = "ticket_id = 18 AND name = 'resolution' AND instance = 2"
    missing = "HD-18: clock resolution 2 is in the events, but its row is missing"
    assert missing in after(f"DELETE FROM clocks WHERE {clock}")
    renamed = after(f"UPDATE clocks SET instance = 9 WHERE {clock}")
    assert missing in renamed
    assert "HD-18: clock resolution 9 is not in the events" in renamed
    moved = after(f"UPDATE clocks SET ticket_id = 19, instance = 9 WHERE {clock}")
    assert missing in moved
    assert "HD-19: clock resolution 9 is not in the events" in moved


def test_tags_are_compared(after: Callable[..., list[str]]) -> None:
    expected = "HD-18: tags are ['eu'], by the events ['eu', 'vip']"
    assert expected in after("DELETE FROM ticket_tags WHERE ticket_id = 18 AND tag = 'vip'")
    assert after("INSERT INTO ticket_tags (ticket_id, tag) VALUES (19, 'x')")
    assert after("UPDATE ticket_tags SET tag = 'us' WHERE tag = 'eu'")


# -- the log -------------------------------------------------------------------------------------------------


def test_an_event_that_is_gone_is_missed(app: App, after: Callable[..., list[str]]) -> None:
    """The first and the last event of each type, whichever ticket it is of."""
    missed = set()
    for order in ("min", "max"):
        for row in rows(app, f"SELECT type, ticket_id, {order}(seq) AS seq FROM events GROUP BY type"):
            if row["type"] == "created":
                continue
            problems = after("DELETE FROM events WHERE seq = :seq", seq=row["seq"])
            if not any(problem.startswith(f"HD-{row['ticket_id']}: ") for problem in problems):
                missed.add(row["type"])
    assert missed == set()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM events WHERE ticket_id = 18 AND type = 'created'",
        "UPDATE events SET instance = 5 WHERE ticket_id = 18 AND type = 'clock_warned'",
        "UPDATE events SET data = '{}' WHERE ticket_id = 18 AND type = 'message'",
    ],
)
def test_a_log_that_cannot_be_followed_is_a_problem_of_its_ticket(
    after: Callable[..., list[str]], sql: str
) -> None:
    assert any(problem.startswith("HD-18: ") for problem in after(sql))


def test_a_ticket_without_events_says_so(after: Callable[..., list[str]]) -> None:
    assert after("DELETE FROM events WHERE ticket_id = 3") == ["HD-3: has no events"]


def test_an_instant_that_was_changed_is_found(app: App, after: Callable[..., list[str]]) -> None:
    """Of what begins, ends or moves a clock, and of what time did."""
    missed = set()
    for row in rows(app, "SELECT type, ticket_id, max(seq) AS seq, at FROM events GROUP BY type"):
        earlier = to_text(datetime.fromisoformat(row["at"]) - timedelta(days=400))
        problems = after("UPDATE events SET at = :at WHERE seq = :seq", at=earlier, seq=row["seq"])
        if not any(problem.startswith(f"HD-{row['ticket_id']}: ") for problem in problems):
            missed.add(row["type"])
    assert missed == set()


@pytest.mark.parametrize(
    ("type_", "column", "value"),
    [
        ("clock_started", "data", "{}"),
        ("clock_met", "instance", 5),
        ("clock_paused", "clock", "update"),
        ("clock_breached", "data", '{"breached_at":"2026-03-23T07:00:00Z","target_seconds":1}'),
        ("escalated", "level", 9),
        ("message", "data", '{"message":1,"by":"nobody"}'),
        ("created", "data", '{"requester":1,"org":null,"plan":"gold","priority":"critical","category":null,'
         '"type":null,"channel":"cli","tags":[],"policy":1,"on_behalf":false}'),
        ("status_changed", "data", '{"before":"open","after":"closed"}'),
    ],
)  # fmt: skip
def test_what_an_event_says_is_compared(
    app: App, after: Callable[..., list[str]], type_: str, column: str, value: Any
) -> None:
    found = rows(
        app,
        f"SELECT seq, ticket_id FROM events WHERE type = :type AND {column} <> :v LIMIT 1",
        type=type_,
        v=value,
    )
    problems = after(f"UPDATE events SET {column} = :v WHERE seq = :seq", v=value, seq=found[0]["seq"])
    assert any(problem.startswith(f"HD-{found[0]['ticket_id']}: ") for problem in problems)


# -- what is lawfully different ------------------------------------------------------------------------------


def test_newer_zone_rules_name_the_calendars_whose_deadlines_move(
    app: App, after: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline computed by older rules is no mistake; anything else still is."""
    clock = "ticket_id = 18 AND name = 'resolution' AND instance = 2"
    row = rows(app, f"SELECT calendar FROM clocks WHERE {clock}")[0]
    moved = f"UPDATE clocks SET starts_at = '2026-04-01T00:00:00Z' WHERE {clock}"
    assert len(after(moved)) == 1
    monkeypatch.setattr(check, "tzdata_version", lambda: "2099z")
    line = (
        f"calendar {row['calendar']}: 1 deadlines would move under tzdata 2099z:"
        " run `helpdesk plan apply` with the policy in force"
    )
    assert after(moved) == [line]
    assert after("UPDATE tickets SET next_due_at = '2026-04-01T00:00:00Z' WHERE id = 18") == []
    both = after("UPDATE tickets SET next_due_at = '2026-04-01T00:00:00Z', status = 'open' WHERE id = 18")
    assert len(both) >= 2
    assert zones.tzdata_version() != "2099z"


def test_between_a_new_policy_and_the_recomputing_of_a_ticket_all_is_well(tmp_path: Path) -> None:
    """`plan apply` marks the tickets in the transaction of the version; the sweep may come much later, and
    what was due before the version is still to be done then."""
    desk = Desk(tmp_path)
    for priority in ("critical", "low"):
        desk.at(START, tickets.create, subject="s", sender="c@acme.example", body="b", priority=priority)

    def interrupted(app: App) -> None:
        with app.write() as now:
            app.policies.add(later_policy(), at=now, source=None, actor="ann")
            mark(app, now)

    later = START + timedelta(days=1)
    desk.at(later, interrupted)
    assert desk.problems(later) == []
    desk.sweep(later + timedelta(days=1))
    assert desk.problems(later) == []


def test_a_breach_that_no_sweep_has_seen_is_no_problem(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.at(START, tickets.create, subject="s", sender="c@acme.example", body="b", priority="critical")
    assert desk.problems(START + timedelta(days=30)) == []
    desk.sweep(START + timedelta(days=30))
    assert desk.problems(START + timedelta(days=30)) == []


def test_newer_holidays_name_the_calendars_whose_dates_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same years are looked up again; another name for a day moves no deadline."""
    desk = Desk(tmp_path)
    dates = country_holidays.country_dates("SA", START.year)

    def apply(app: App) -> None:
        document = later_policy()
        spec = next(iter(document["calendars"].values()))
        spec |= {"country_holidays": "SA", "country_dates": dates}
        with app.write() as now:
            app.policies.add(document, at=now, source=None, actor="ann")

    desk.at(START, apply)
    name = next(iter(later_policy()["calendars"]))
    assert desk.problems(START) == []
    monkeypatch.setattr(country_holidays, "holidays_version", lambda: "99.0")
    assert desk.problems(START) == []
    other = {day: f"{title}!" for day, title in dates.items() if day != max(dates)}
    monkeypatch.setattr(country_holidays, "country_dates", lambda code, year: other)
    assert desk.problems(START) == [
        f"calendar {name}: 1 dates of SA would change, the first {max(dates)}, under holidays 99.0:"
        " run `helpdesk plan apply` with the policy in force"
    ]

    def unknown(code: str, _year: int) -> dict[str, str]:
        raise PolicyError(f"holidays of {code} are not known")

    monkeypatch.setattr(country_holidays, "country_dates", unknown)
    assert desk.problems(START) == [
        f"calendar {name}: holidays of SA are not known under holidays 99.0:"
        " run `helpdesk plan apply` with the policy in force"
    ]
    monkeypatch.setattr(country_holidays, "holidays_version", lambda: None)
    assert desk.problems(START) == []
