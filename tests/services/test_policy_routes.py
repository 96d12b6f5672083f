"""Routes to teams: a team must be there, and the first policy of a database makes those that it routes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import NotFoundError, PolicyError
from helpdesk_cli.services import people, policy, policy_records, setup
from helpdesk_cli.services.app import App
from helpdesk_cli.services.setup import shipped_policy

SHIPPED = Path(shipped_policy()).read_text(encoding="utf-8")
ROUTES = """\
routing:
  - {name: money, when: {category: financial}, team: Finance}
  - {name: rest, team: desk, assign: round_robin}
  - {name: last, when: {vip: true}, assign: least_loaded}
  - {name: again, when: {vip: false}, team: desk}
"""


@pytest.fixture
def routed(tmp_path: Path) -> str:
    path = tmp_path / "plans.yaml"
    path.write_text(SHIPPED + ROUTES, encoding="utf-8")
    return str(path)


def line(anchor: str) -> int:
    text = SHIPPED + ROUTES
    return text.count("\n", 0, text.index(anchor)) + 1


def teams(app: App) -> list[str]:
    return [row["name"] for row in app.db.query("SELECT name FROM teams ORDER BY name")]


def problems(error: PolicyError) -> list[tuple[int, str]]:
    found: Any = error.details["problems"]
    return [(each["line"], each["message"]) for each in found]


def test_a_route_to_a_team_that_is_not_there_is_refused_with_its_line(app: App, routed: str) -> None:
    people.create_team(app, "desks")
    expected = [
        (line("money"), "routing.team: there is no team 'Finance'"),
        (line("rest"), "routing.team: there is no team 'desk' (did you mean 'desks'?)"),
        (line("again"), "routing.team: there is no team 'desk' (did you mean 'desks'?)"),
    ]
    for use in (policy.apply_file, policy.diff_file):
        with pytest.raises(PolicyError) as caught:
            use(app, routed)
        assert problems(caught.value) == expected
    with pytest.raises(PolicyError):
        policy.apply_file(app, routed, dry_run=True)
    assert [(each["line"], each["message"]) for each in policy.check_file(app, routed)[0]] == expected
    assert app.policies.versions() == [1]


def test_once_the_teams_are_there_it_is_applied(app: App, routed: str) -> None:
    for name in ("Finance", "desk"):
        people.create_team(app, name)
    assert policy.check_file(app, routed)[0] == []
    assert policy.apply_file(app, routed)["version"] == 2
    assert policy.diff_file(app, routed) == []


def test_a_check_asks_a_database_only_where_there_is_one(tmp_path: Path, routed: str) -> None:
    assert policy.check_file(App(str(tmp_path / "none.db")), routed)[0] == []
    broken = tmp_path / "broken.db"
    broken.write_text("no database " * 500)
    assert policy.check_file(App(str(broken)), routed)[0] == []
    with pytest.raises(NotFoundError):
        policy.apply_file(App(str(tmp_path / "none.db")), routed)


def test_the_first_policy_makes_the_teams_of_its_routes(tmp_path: Path, routed: str) -> None:
    app = App(str(tmp_path / "new.db"), now="2026-03-01T09:00:00Z")
    setup.init(app, routed)
    assert sorted(teams(app)) == ["Finance", "desk"]
    assert app.announcements == ["made for the routes of the policy: the teams Finance, desk"]
    assert policy.diff_file(app, routed) == []
    app.close()


def test_of_two_spellings_of_a_team_one_is_made(tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(SHIPPED + "routing: [{name: a, team: desk}, {name: b, team: Desk}]\n", encoding="utf-8")
    app = App(str(tmp_path / "new.db"), now="2026-03-01T09:00:00Z")
    setup.init(app, str(path))
    assert teams(app) == ["Desk"]
    assert app.announcements == ["made for the routes of the policy: the team Desk"]
    assert (policy.check_file(app, str(path))[0], policy.diff_file(app, str(path))) == ([], [])
    app.close()


def test_a_policy_without_routes_makes_no_team(app: App) -> None:
    assert teams(app) == []


def test_what_types_say_is_told(app: App, tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    types = (
        "  - {name: outage, calendar: always, priority: urgent}\n  - {name: build, scope: out, text: No.}\n"
    )
    path.write_text(SHIPPED.replace("types:\n", f"types:\n{types}"), encoding="utf-8")
    policy.apply_file(app, str(path))
    told = {
        entry["name"]: [entry[key] for key in ("priority", "calendar", "scope", "text")]
        for entry in policy_records.list_types(app)
    }
    assert told["outage"] == ["urgent", "always", "in", None]
    assert told["build"] == [None, None, "out", "No."]
    assert told["question"] == [None, None, "in", None]
