"""What every use case is given: one time, one actor, the policy; and how a database begins."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from helpdesk_cli.adapters import clock, host
from helpdesk_cli.domain.rules import Rules
from helpdesk_cli.errors import (
    HelpdeskError,
    NotFoundError,
    PolicyError,
    RefusedError,
    StorageError,
    UsageError,
)
from helpdesk_cli.services import app as app_module
from helpdesk_cli.services import people, setup
from helpdesk_cli.services.app import App
from helpdesk_cli.services.policy_book import PolicyBook
from helpdesk_cli.storage import database, schema

MakeApp = Callable[..., App]


@pytest.fixture
def in_zone() -> Iterator[Callable[[str | None], None]]:
    """Set `TZ`, or with None take it away, until the end of the test."""
    before = os.environ.get("TZ")

    def set_to(name: str | None) -> None:
        os.environ.pop("TZ", None)
        if name is not None:
            os.environ["TZ"] = name

    yield set_to
    set_to(before)


def test_the_clock_is_asked_once_a_use_case(make_app: MakeApp) -> None:
    app = make_app(now=None)
    with freeze_time("2026-03-01 09:00:00.9") as frozen:
        assert app.now() == app.real_now() == datetime(2026, 3, 1, 9, tzinfo=UTC)
        frozen.tick(timedelta(hours=1))
        assert app.now() == datetime(2026, 3, 1, 9, tzinfo=UTC)
        with app.write() as now:
            assert now == app.now() == datetime(2026, 3, 1, 10, tzinfo=UTC)
            frozen.tick(timedelta(hours=1))
            with app.write() as inner:
                assert inner == now
        with app.write() as later:
            assert later == datetime(2026, 3, 1, 11, tzinfo=UTC)


def test_the_clock_of_a_command_can_be_set(make_app: MakeApp) -> None:
    with freeze_time("2026-03-01 09:00:00"):
        app = make_app(now="-2h")
        assert app.now() == datetime(2026, 3, 1, 7, tzinfo=UTC)
        assert app.real_now() == clock.now() == datetime(2026, 3, 1, 9, tzinfo=UTC)
    app = make_app(now="2026-03-01T09:00", timezone="Asia/Riyadh")
    assert app.now() == datetime(2026, 3, 1, 6, tzinfo=UTC)
    with pytest.raises(UsageError), make_app(now="2026-02-31").write():
        pytest.fail("an impossible time")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Europe/Paris", "Europe/Paris"),
        (":Europe/Paris", "Europe/Paris"),
        ("/usr/share/zoneinfo/Asia/Riyadh", "Asia/Riyadh"),
        ("Etc/UTC", "UTC"),
        ("", "UTC"),
    ],
)
def test_the_zone_is_the_systems(
    make_app: MakeApp, in_zone: Callable[[str | None], None], value: str, name: str
) -> None:
    in_zone(value)
    assert host.zone_name() == name
    assert str(make_app(timezone=None).zone) == name


def test_a_zone_that_nobody_knows(make_app: MakeApp, in_zone: Callable[[str | None], None]) -> None:
    in_zone("Mars/Olympus")
    app = make_app(timezone=None)
    assert app.zone is UTC
    assert "Mars/Olympus" in app.announcements[0]
    with pytest.raises(UsageError):
        _ = make_app(timezone="Mars/Olympus").zone


def test_the_zone_of_the_host(
    in_zone: Callable[[str | None], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_zone(None)
    realpath = os.path.realpath
    localtime = tmp_path / "zoneinfo" / "Africa" / "Cairo"
    monkeypatch.setattr(os.path, "realpath", lambda _path, strict: realpath(localtime, strict=strict))
    assert host.zone_name() == "UTC"
    localtime.parent.mkdir(parents=True)
    localtime.touch()
    assert host.zone_name() == "Africa/Cairo"


def test_the_login_without_an_entry_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_123_456)
    for name in ("LOGNAME", "USER"):
        monkeypatch.delenv(name, raising=False)
    assert host.login() == "uid4000123456"
    monkeypatch.setenv("USER", "ann")
    assert host.login() == "ann"


def test_the_actor_is_the_agent_named_or_the_user(app: App, make_app: MakeApp) -> None:
    people.create_agent(app, "Ann", "ann@desk.example", {})
    assert app.require_agent()["login"] == host.login()
    assert make_app(actor="aNN").require_agent()["login"] == "Ann"


def test_an_actor_who_is_no_agent(app: App, make_app: MakeApp) -> None:
    people.create_agent(app, "ann", "ann@desk.example", {})
    other = make_app(actor="anm")
    for _ in range(2):  # it is no second time taken for good
        with pytest.raises(NotFoundError) as caught:
            people.show_team(other, "x")
        assert (caught.value.code, caught.value.hint) == ("unknown_agent", "did you mean 'ann'?")


def test_a_user_who_is_no_agent(app: App) -> None:
    with app.write():
        app.db.run("DELETE FROM agents")
    assert app.actor() is None
    with pytest.raises(RefusedError) as caught:
        app.require_agent()
    assert caught.value.code == "no_agent"
    assert f"helpdesk agent create {host.login()}" in (caught.value.hint or "")


def test_the_agent_that_is_being_made_may_be_the_one_who_acts(make_app: MakeApp) -> None:
    assert people.create_agent(make_app(actor="ann"), "ann", "ann@desk.example", {})["login"] == "ann"


def test_the_policy_book(app: App, make_app: MakeApp) -> None:
    first = app.policies.latest()
    assert first.version == 1
    assert app.policies.latest() is app.rules.get(1) is first
    assert app.policies.after(1) is None
    with app.write() as now:
        second = app.policies.add(first.document, at=now, source="x", actor="ann")
    assert second.version == 2
    assert app.policies.after(1) is app.policies.latest() is second
    assert make_app().policies.latest().document == first.document
    assert app.rules.has_agent(host.login())
    assert not app.rules.has_agent(host.login().upper())  # an event names a login as it is
    assert not app.rules.has_agent("nobody")
    assert not app.rules.has_team("nobody")


def test_a_version_that_was_taken_back_is_forgotten(app: App) -> None:
    document = app.policies.latest().document
    with pytest.raises(ValueError, match="taken back"), app.write() as now:  # noqa: PT012 - a transaction
        app.policies.add(document, at=now, source=None, actor="ann")
        raise ValueError("taken back")
    assert app.policies.latest().version == 1


def test_a_policy_applied_meanwhile_is_seen_by_the_next_use_case(app: App, make_app: MakeApp) -> None:
    document = app.policies.latest().document
    other = make_app()
    with other.write() as now:
        other.policies.add(document, at=now, source=None, actor="ann")
    assert app.policies.latest().version == 1
    with app.write():
        assert app.policies.latest().version == 2


def test_a_database_that_lost_its_policy(database_path: Path, make_app: MakeApp) -> None:
    conn = sqlite3.connect(database_path)
    conn.execute("DELETE FROM policies")
    conn.commit()
    conn.close()
    policies = make_app().policies
    for ask in (policies.latest, lambda: policies.get(1)):
        with pytest.raises(StorageError) as caught:
            ask()
        assert caught.value.code == "corrupt"


def new_app(path: Path) -> App:
    return App(str(path), now="2026-03-01T09:00:00Z", timezone="UTC")


def test_init_once_and_again(tmp_path: Path) -> None:
    app = new_app(tmp_path / "new" / "t.db")
    assert not app.database_exists()
    assert setup.init(app) == (True, False, host.login())
    agent = people.show_agent(app, "me")
    assert (agent["email"], agent["created_at"]) == (f"{host.login()}@localhost", "2026-03-01T09:00:00Z")
    assert app.database_exists()
    assert setup.init(app, "/no/such/file") == (False, False, None)
    assert setup.initialise(app, {}, None) == (False, False, None)  # another process was first
    app.close()
    assert not app.announcements


def test_init_brings_an_older_database_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = new_app(tmp_path / "t.db")
    assert setup.init(app)
    app.close()
    newer = (*schema.STEPS, schema.Step("newer", "CREATE TABLE more (id INTEGER);"))
    monkeypatch.setattr(schema, "STEPS", newer)
    for module in (app_module, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", len(newer))
    app = new_app(tmp_path / "t.db")
    assert setup.init(app, "/no/such/file") == (False, True, None)
    assert app.db.query("SELECT * FROM more") == []
    assert setup.init(app) == (False, False, None)
    app.close()


def test_the_policies_answer_all_that_the_rules_of_a_ticket_ask() -> None:
    asked = {name for name, value in vars(Rules).items() if callable(value) and not name.startswith("_")}
    assert asked == {"latest", "get", "after", "hooks", "has_agent", "has_team", "place_of"}
    assert asked <= vars(PolicyBook).keys()


def test_an_invalid_policy_leaves_no_database(tmp_path: Path) -> None:
    path, bad = tmp_path / "t.db", tmp_path / "bad.yaml"
    bad.write_text("version: 1\nplanz: {}\n")
    for plans, error in ((bad, PolicyError), (tmp_path / "none.yaml", NotFoundError)):
        app = new_app(path)
        with pytest.raises(error):
            setup.init(app, str(plans))
        app.close()
        assert not path.exists()


def test_an_init_that_fails_leaves_what_counts_as_missing(tmp_path: Path) -> None:
    app = new_app(tmp_path / "t.db")
    with pytest.raises(HelpdeskError):
        setup.initialise(app, {"calendars": {}, "\udcff": 1}, None)
    app.close()
    assert not app.database_exists()
    with pytest.raises(NotFoundError):
        _ = new_app(tmp_path / "t.db").db


def test_init_for_a_user_whose_login_is_reserved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "login", lambda: "sweep")
    app = new_app(tmp_path / "t.db")
    assert setup.init(app) == (True, False, None)
    assert "sweep" in app.announcements[0]
    app.close()


def test_the_holidays_package_is_named_where_it_was_asked(app: App) -> None:
    document = app.policies.latest().document
    calendars = {"office": {"country_holidays": "SA", "country_dates": {}}}
    with app.write() as now:
        app.policies.add({**document, "calendars": calendars}, at=now, source=None, actor="ann")
    rows = app.db.query("SELECT holidays_version FROM policies ORDER BY version")
    assert rows[0]["holidays_version"] is None
    assert rows[1]["holidays_version"]


def test_the_shipped_policy_of_a_wheel_is_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_cli.__file__", str(tmp_path / "helpdesk_cli" / "__init__.py"))
    assert setup.shipped_policy() == str(tmp_path / "plans.yaml")
    (tmp_path / "helpdesk_cli").mkdir()
    (tmp_path / "helpdesk_cli" / "plans.yaml").touch()
    assert setup.shipped_policy() == str(tmp_path / "helpdesk_cli" / "plans.yaml")
