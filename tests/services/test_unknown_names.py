"""`plan apply` says whom the levels of a policy name and nobody is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.services import people, policy, retirement
from helpdesk_cli.services.app import App
from helpdesk_cli.services.setup import shipped_policy

SHIPPED = Path(shipped_policy()).read_text(encoding="utf-8")


@pytest.fixture
def desk(app: App) -> App:
    """The agents ann and bob, the retired eve, the team network."""
    for login in ("ann", "bob", "eve"):
        people.create_agent(app, login, f"{login}@desk.example", {})
    people.create_team(app, "network")
    retirement.retire_agent(app, "eve")
    app.announcements.clear()
    return app


def told(app: App, tmp_path: Path, does: str, **more: Any) -> list[str]:
    """What is announced where a level of plan basic, the last of the file, does that."""
    path = tmp_path / "plans.yaml"
    level = f"    escalation: [{{level: 2, clock: first_response, at: 0m, {does}}}]\n"
    path.write_text(SHIPPED + level, encoding="utf-8")
    app.announcements.clear()
    policy.apply_file(app, str(path), **more)
    return list(app.announcements)


@pytest.mark.parametrize(
    ("does", "lines"),
    [
        ("notify: [requester, assignee, team, team_lead, account_manager]", []),
        ("notify: [ann, network], set: {assignee: bob, team: network}", []),
        ("notify: [zed]", ["there is no team or agent 'zed': nobody will be told"]),
        ("notify: [zed, team_lead]", ["there is no team or agent 'zed'"]),
        ("notify: [zed, ann]", ["there is no team or agent 'zed'"]),
        (
            "notify: [zed, netwrok]",
            [
                "there is no team or agent 'zed': nobody will be told",
                "there is no team or agent 'netwrok' (did you mean 'network'?): nobody will be told",
            ],
        ),
        ("notify: [bobb]", ["there is no team or agent 'bobb' (did you mean 'bob'?): nobody will be told"]),
        ("notify: [Ann]", ["there is no team or agent 'Ann' (did you mean 'ann'?): nobody will be told"]),
        (
            "notify: [Network]",
            ["there is no team or agent 'Network' (did you mean 'network'?): nobody will be told"],
        ),
        ("notify: [eve]", ["the agent 'eve' is retired: nobody will be told"]),
        ("set: {assignee: zed}", ["there is no agent 'zed': nobody will be assigned"]),
        ("set: {assignee: eve}", ["the agent 'eve' is retired: nobody will be assigned"]),
        ("set: {assignee: network}", ["there is no agent 'network': nobody will be assigned"]),
        ("set: {team: night}", ["there is no team 'night': the ticket stays where it is"]),
        ("set: {team: ann, tags: zed}", ["there is no team 'ann': the ticket stays where it is"]),
    ],
)
def test_who_is_not_there_is_named(desk: App, tmp_path: Path, does: str, lines: list[str]) -> None:
    expected = [f"plans.basic escalation level 2: {line}" for line in lines]
    assert told(desk, tmp_path, does, dry_run=True) == expected
    assert told(desk, tmp_path, does) == expected
    assert told(desk, tmp_path, does) == expected  # a file that changes nothing, too


REGIONS = "regions: {us: {levels: {1: [{name: A, email: a@x.example}]}}}\n"
ALERT = "alerts: [{name: many, by: org, more_than: 1, within: 1d, notify: [zed, ann, region]}]\n"


def test_who_is_not_there_is_named_for_alerts_too_and_the_region_is_nobody_by_name(
    desk: App, tmp_path: Path
) -> None:
    path = tmp_path / "plans.yaml"
    level = "    escalation: [{level: 2, clock: first_response, at: 0m, notify: [region]}]\n"
    path.write_text(SHIPPED + level + REGIONS + ALERT, encoding="utf-8")
    desk.announcements.clear()
    policy.apply_file(desk, str(path))
    assert desk.announcements == ["alerts.many: there is no team or agent 'zed'"]


def test_the_levels_that_a_plan_inherits_are_told_of_once(desk: App, tmp_path: Path) -> None:
    lines = told(desk, tmp_path, "notify: [zed]")
    path = tmp_path / "plans.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  acme: {extends: basic}\n", encoding="utf-8")
    desk.announcements.clear()
    policy.apply_file(desk, str(path))
    assert desk.announcements == lines


def test_a_team_that_is_made_is_there(desk: App, tmp_path: Path) -> None:
    assert told(desk, tmp_path, "notify: [night]") != []
    people.create_team(desk, "night")
    assert told(desk, tmp_path, "notify: [night]") == []


def test_a_retired_agent_leaves_the_name_to_a_team(desk: App, tmp_path: Path) -> None:
    people.create_team(desk, "eve")
    assert told(desk, tmp_path, "notify: [eve], set: {team: eve}") == []
    assert told(desk, tmp_path, "set: {assignee: eve}") != []


def test_the_levels_of_every_plan_are_looked_at(desk: App, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    level = "    escalation: [{level: 2, clock: first_response, at: 0m, notify: [zed]}]\n"
    last = SHIPPED[SHIPPED.rindex("\n  basic:") :].replace("\n  basic:", "\n  small:")
    path.write_text(SHIPPED + level + last.lstrip("\n"), encoding="utf-8")
    desk.announcements.clear()
    policy.apply_file(desk, str(path))
    assert desk.announcements == [
        "plans.basic escalation level 2: there is no team or agent 'zed': nobody will be told"
    ]
