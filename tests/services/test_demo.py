"""The demo: the same seed, the same month; whole or not at all; and the month shows what it is to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters import clock
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import check, demo, orgs, people, policy_records, setup, ticket_lists
from helpdesk_cli.services.app import App
from helpdesk_cli.storage import events, messages

NOW = "2026-03-31T09:17:00Z"


def filled(path: Path, **given: Any) -> dict[str, Any]:
    """The record of a demo at `path`, and the whole log under `log`."""
    with closing(App(str(path), now=NOW, timezone="UTC")) as app:
        made = demo.fill(app, **given)
        return {**made, "log": list(events.stream(app.db))}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A month of the default size; only read."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    filled(path)
    app = App(str(path), now=NOW, timezone="UTC")
    app.db  # noqa: B018 - opened here, so that it may stay open
    yield app
    app.close()


def told(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in event.items() if key != "recorded_at"} for event in log]


def test_the_same_seed_gives_the_same_month(tmp_path: Path) -> None:
    first, second, other = (
        filled(tmp_path / f"{name}.db", count=25, seed=seed) for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert told(first["log"]) == told(second["log"])
    assert told(first["log"]) != told(other["log"])
    assert first["tickets"] == other["tickets"] == 25


def test_the_month_shows_every_part_of_the_desk(month: App) -> None:
    log = list(events.stream(month.db))
    kinds = Counter(event["type"] for event in log)
    assert (
        min(kinds[kind] for kind in ("clock_breached", "clock_warned", "auto_closed", "reopened", "note")) > 0
    )
    tickets = list(ticket_lists.list_tickets(month, {"status": ("all",)})[0])
    in_force = month.policies.latest()
    assert len(tickets) == demo.TICKETS
    assert {ticket["plan"] for ticket in tickets} == set(in_force.plans)
    assert {ticket["priority"] for ticket in tickets} == set(in_force.priorities)
    assert {ticket["category"] for ticket in tickets} == set(in_force.categories)
    assert any(ticket["org"] is None for ticket in tickets), "an unknown sender is served"
    assert any(ticket["at_risk"] for ticket in tickets)
    assert any(ticket["breached"] and ticket["next_due_at"] for ticket in tickets), "one is late now"


def test_the_month_speaks_three_languages(month: App) -> None:
    bodies = "\n".join(
        message["body"]
        for ticket in range(1, demo.TICKETS + 1)
        for message in messages.of_ticket(month.db, ticket)
    )
    assert all(word in bodies for word in ("Thank", "Merci", "شكر"))
    assert "{n}" not in bodies


def test_every_cached_row_follows_from_the_events(month: App) -> None:
    assert list(check.check(month)) == []


def test_the_log_is_dated_in_the_month_and_recorded_when_it_was_written(tmp_path: Path) -> None:
    before = clock.now()
    log = filled(tmp_path / "d.db", count=5)["log"]
    assert all("2026-03-01T09:17:00Z" <= event["at"] <= NOW for event in log)
    assert all(event["recorded_at"] >= to_text(before) for event in log)


def test_tickets_are_numbered_as_they_came(month: App) -> None:
    tickets = list(ticket_lists.list_tickets(month, {"status": ("all",)}, sort="id")[0])
    created = [ticket["created_at"] for ticket in tickets]
    assert created == sorted(created)


def test_an_empty_database_of_ones_own_is_filled(database_path: Path) -> None:
    with closing(App(str(database_path), now=NOW, timezone="UTC")) as app:
        people.create_agent(app, "amina", "amina@home.example", {})
        people.create_team(app, "frontline")
        assert demo.fill(app, count=12)["tickets"] == 12
        assert list(check.check(app)) == []
        assert people.show_agent(app, "amina")["email"] == "amina@home.example"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_small_one(tmp_path: Path, count: int) -> None:
    made = filled(tmp_path / "d.db", count=count)
    assert made["tickets"] == count
    assert len(made["next_steps"]) == (5 if count else 2)


def test_where_there_is_a_ticket_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    before = filled(path, count=3)
    with pytest.raises(RefusedError, match="holds 3 tickets") as refused:
        filled(path, count=3)
    assert refused.value.code == "not_empty"
    with closing(App(str(path), now=NOW, timezone="UTC")) as app:
        assert list(events.stream(app.db)) == before["log"]


def test_organisations_are_content_too(app: App) -> None:
    orgs.create_org(app, "Acme", {})
    with pytest.raises(RefusedError, match="holds organisations"):
        demo.fill(app, count=3)


def test_what_stops_it_leaves_no_database(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    path = str(tmp_path / "d.db")
    with closing(App(path, now=NOW, timezone="UTC")) as app, pytest.raises(KeyboardInterrupt):
        demo.fill(app, count=3, progress=stop)
    assert not App(path).database_exists()


SMALL = """
version: 1
default_plan: all
calendars: {always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}}
priorities: [{name: p0}, {name: p1}, {name: p2, retired: true}]
plans:
  old: {calendar: always, targets: {p0: none, p1: none, p2: none}, retired: true}
  all:
    calendar: always
    targets: {p0: none, p1: {first_response: 1h, resolution: 8h}, p2: none}
    customer_close: never
"""


def test_it_lives_under_another_policy(tmp_path: Path) -> None:
    file = tmp_path / "plans.yaml"
    file.write_text(SMALL, encoding="utf-8")
    with closing(App(str(tmp_path / "d.db"), now=NOW, timezone="UTC")) as app:
        setup.init(app, str(file))
        assert [plan["name"] for plan in policy_records.list_plans(app)] == ["old", "all"]
        demo.fill(app, count=45)
        rows = list(ticket_lists.list_tickets(app, {"status": ("all",)})[0])
        assert {(row["plan"], row["priority"], row["category"]) for row in rows} == {
            ("all", "p0", None),
            ("all", "p1", None),
        }
        assert list(check.check(app)) == []


def test_it_lives_under_a_policy_that_has_other_regions_and_lets_no_stranger_in(tmp_path: Path) -> None:
    file = tmp_path / "plans.yaml"
    more = "unknown_sender: reject\nregions: {emea: {}}\ntiers: {copper: {support: true}}\n"
    file.write_text(SMALL + more, encoding="utf-8")
    with closing(App(str(tmp_path / "d.db"), now=NOW, timezone="UTC")) as app:
        setup.init(app, str(file))
        made = demo.fill(app, count=45)
        assert 0 < made["tickets"] < 45
        assert {org["region"] for org in orgs.list_orgs(app)[0]} == {"emea", None}
        assert {org["tier"] for org in orgs.list_orgs(app)[0]} == {None}
        assert list(check.check(app)) == []


def test_progress_is_told_every_hour(tmp_path: Path) -> None:
    hours: list[int] = []
    filled(tmp_path / "d.db", count=1, progress=lambda: hours.append(1))
    assert len(hours) == demo.HOURS


def test_the_clock_of_the_app_is_put_back(make_app: Callable[..., App]) -> None:
    app = make_app(now=NOW)
    demo.fill(app, count=3)
    assert app.now().isoformat() == "2026-03-31T09:17:00+00:00"
    assert app.announcements == []
