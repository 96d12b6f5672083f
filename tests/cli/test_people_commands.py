"""`init`, `org`, `contact`, `agent` and `team` as a shell sees them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run

from helpdesk_cli.adapters.host import login
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services.app import App

Desk = Callable[..., Result]
NOW = "2026-03-01T09:00:00Z"


@pytest.fixture
def desk(run: Run, database_path: Path) -> Desk:
    """`run` on a database of the test's own, at NOW."""

    def call(*args: str, **given: Any) -> Result:
        return run("--db", str(database_path), "--now", NOW, *args, **given)

    return call


def keys(record: str) -> list[str]:
    return [field.name for field in RECORDS[record].fields if not field.optional]


def test_init(run: Run, tmp_path: Path) -> None:
    first = run("init")
    path = tmp_path / ".local" / "share" / "helpdesk" / "helpdesk.db"
    assert (first.code, first.out) == (0, "")
    assert f"Created {path}" in first.err
    assert f"agent edit {login()}" in first.err
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    again = run("init", "--plans", "/no/such/file")
    assert (again.code, again.out, again.err) == (0, "", f"{path} exists already.\n")
    assert path.read_bytes() == content
    assert run("-q", "init") == (0, "", "")
    assert run("agent", "show", "me", "--json").json["email"] == f"{login()}@localhost"


def test_init_again_needs_neither_the_lock_nor_the_right_to_write(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "made" / "t.db"
    assert run("--db", str(path), "init").code == 0
    holder = App(str(path))
    said = (0, "", f"{path} exists already.\n")
    with holder.write():
        assert run("--db", str(path), "init") == said
    holder.close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert run("--db", str(path), "init") == said
    finally:
        path.parent.chmod(0o700)


def test_init_with_a_bad_policy_leaves_nothing(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\n")
    assert run("--db", str(tmp_path / "t.db"), "init", "--plans", str(bad)).code == 6
    assert run("--db", str(tmp_path / "t.db"), "init", "--plans", str(tmp_path / "none.yaml")).code == 3
    assert os.listdir(tmp_path) == ["bad.yaml"]


@pytest.mark.parametrize(
    "command",
    [
        "org list",
        "org show a",
        "org create a",
        "contact list",
        "contact edit a --name b",
        "agent list",
        "team list",
    ],
)
def test_without_a_database(run: Run, tmp_path: Path, command: str) -> None:
    result = run(*command.split(), "--json")
    assert (result.code, result.out) == (3, "")
    assert result.errors[0]["code"] == "no_database"
    assert "helpdesk init" in result.errors[0]["hint"]
    assert os.listdir(tmp_path) == []


def test_a_locked_database(desk: Desk, database_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import open_database

    assert App.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(App.__init__.__kwdefaults__, "wait", 0.1)
    database = open_database(str(database_path))
    with database.write():
        refused = desk("org", "create", "Acme", "--json")
        read = desk("org", "list")
    database.close()
    assert (refused.code, refused.errors[0]["code"]) == (5, "busy")
    assert read.code == 0


def test_organisations(desk: Desk) -> None:
    desk("agent", "create", "ann", "--email", "ann@desk.example")
    created = desk(
        *("org", "create", "Acme Ltd", "--plan", "enterprise", "--domain", "acme.example,acme.test"),
        *(
            "--region",
            "emea",
            "--licences",
            "60",
            "--tier",
            "gold",
            "--account-manager",
            "ann",
            "--vip",
            "--json",
        ),
    )
    assert created.code == 0
    assert list(created.json) == keys("org")
    assert created.json == {
        "id": 1,
        "name": "Acme Ltd",
        "plan": "enterprise",
        "domains": ["acme.example", "acme.test"],
        "region": "emea",
        "licences": 60,
        "tier": "gold",
        "account_manager": "ann",
        "vip": True,
        "created_at": NOW,
        "country": None,
        "area": None,
        "parent": None,
        "contract_until": None,
        "success_manager": None,
        "effective_region": "emea",
        "large_account": False,
    }
    assert desk("org", "show", "acme ltd", "--json").json == created.json
    assert desk("org", "list", "--plan", "enterprise", "--json").json == [created.json]
    assert desk("org", "list", "--plan", "basic", "--json").json == []
    assert desk("org", "list", "-f", "ids").out == "Acme Ltd\n"
    edited = desk(
        *(
            "org",
            "edit",
            "Acme Ltd",
            "--plan",
            "medium",
            "--domain",
            "new.example",
            "--remove-domain",
            "acme.test",
        ),
        *("--region", "none", "--no-vip", "--account-manager", "none", "--json"),
    ).json
    assert edited["domains"] == ["acme.example", "new.example"]
    changed = {"plan": "medium", "region": None, "vip": False, "account_manager": None}
    assert {key: edited[key] for key in changed} == changed
    assert (edited["licences"], edited["tier"]) == (60, "gold")


def test_contacts(desk: Desk) -> None:
    desk("org", "create", "Acme")
    created = desk("contact", "create", "mona@acme.example", "--org", "acme", "--name", "منى", "--json")
    assert list(created.json) == keys("contact")
    assert (created.json["name"], created.json["org"], created.json["role"]) == ("منى", "Acme", "main")
    edited = desk(
        *(
            "contact",
            "edit",
            "mona@acme.example",
            "--email",
            "m@acme.example",
            "--role",
            "sub",
            "--name",
            "none",
        ),
        *("--org", "none", "--json"),
    )
    assert {key: edited.json[key] for key in ("email", "role", "name", "org")} == {
        "email": "m@acme.example",
        "role": "sub",
        "name": None,
        "org": None,
    }
    assert desk("contact", "show", "m@acme.example", "--json").json == edited.json
    assert desk("contact", "list", "--org", "none", "--json").json == [edited.json]
    assert desk("contact", "list", "-f", "ids").out == "m@acme.example\n"


def test_agents_and_teams(desk: Desk) -> None:
    created = desk("agent", "create", "ann", "--email", "ann@desk.example", "--tz", "Europe/Paris", "--json")
    assert list(created.json) == keys("agent")
    assert (created.json["timezone"], created.json["retired"]) == ("Europe/Paris", False)
    team = desk("team", "create", "network", "--lead", "ann", "--json")
    assert list(team.json) == keys("team")
    assert team.json["lead"] == "ann"
    edited = desk("agent", "edit", "ann", "--team", "network", "--name", "Ann", "--tz", "none", "--json")
    assert (edited.json["team"], edited.json["name"], edited.json["timezone"]) == ("network", "Ann", None)
    assert desk("agent", "list", "--team", "network", "-f", "ids").out == "ann\n"
    assert desk("agent", "show", "ann", login(), "--json").json[0] == edited.json
    assert desk("team", "edit", "network", "--lead", "none", "--json").json["lead"] is None
    assert desk("team", "list", "-f", "ids").out == "network\n"
    assert desk("team", "show", "network", "--json").json["name"] == "network"
    assert desk("team", "show", "network").out.splitlines()[-1].split() == ["members", "ann"]
    assert desk("--as", "ann", "agent", "show", "me", "-f", "ids").out == "ann\n"


def test_me_is_the_agent_who_acts_wherever_a_login_is_typed(desk: Desk) -> None:
    desk("agent", "create", "ann", "--email", "ann@desk.example")

    def ann(*words: str) -> Any:
        result = desk("--as", "ann", *words, "--json")
        assert result.code == 0, result
        return result.json

    assert ann("agent", "show", "me")["login"] == "ann"
    assert ann("agent", "edit", "ME", "--name", "Ann")["name"] == "Ann"
    assert ann("team", "create", "network", "--lead", "me")["lead"] == "ann"
    assert ann("team", "edit", "network", "--lead", "me")["lead"] == "ann"
    assert ann("org", "create", "Acme", "--account-manager", "me")["account_manager"] == "ann"
    assert ann("org", "edit", "Acme", "--account-manager", "me")["account_manager"] == "ann"
    ann("ticket", "create", "--subject", "x", "--from", "a@b.example", "--body", "b")
    assert ann("ticket", "assign", "1", "--to", "me")[0]["assignee"] == "ann"
    assert [ticket["id"] for ticket in ann("ticket", "list", "--assignee", "Me,none")] == [1]
    assert desk("agent", "show", "me", "-f", "ids").out == f"{login()}\n"
    assert desk("--as", "me", "agent", "show", "me").code == 3  # that would be nobody


@pytest.mark.parametrize(
    ("command", "code", "name"),
    [
        (["org", "create", "acme"], 4, "exists"),
        (["org", "create", "a\nb"], 2, "bad_text"),
        (["org", "create", ""], 2, "bad_text"),
        (["org", "create", "b", "--plan", "enterprize"], 3, "unknown_plan"),
        (["org", "create", "b", "--licences", "-1"], 2, "bad_number"),
        (["org", "create", "b", "--domain", "a b"], 2, "bad_domain"),
        (["org", "create", "b", "--account-manager", "rooot"], 3, "unknown_agent"),
        (["org", "create", "b", "--country", "UK"], 2, "bad_country"),
        (["org", "create", "b", "--contract-until", "2026-02-29"], 2, "bad_date"),
        (["org", "create", "b", "--parent", "Acne"], 3, "unknown_org"),
        (["org", "create", "b", "--success-manager", "rooot"], 3, "unknown_agent"),
        (["org", "edit", "Acme", "--parent", "acme"], 4, "parent_circle"),
        (["org", "list", "--country", "FRA"], 2, "bad_country"),
        (["org", "show", "Acne"], 3, "unknown_org"),
        (["org", "edit", "Acme"], 2, "no_change"),
        (["contact", "create", "nobody"], 2, "bad_address"),
        (["contact", "create", f"{login()}@localhost"], 4, "agent_address"),
        (["contact", "create", "a@b.example", "--role", "boss"], 2, "unknown_word"),
        (["contact", "create", "a@b.example", "--language", "French"], 2, "bad_language"),
        (["contact", "list", "--role", "boss"], 2, "unknown_word"),
        (["contact", "list", "--org", "Acne"], 3, "unknown_org"),
        (["contact", "edit", "a@b.example", "--name", "A"], 3, "unknown_contact"),
        (["agent", "create", "ann"], 2, "missing_parameter"),
        (["agent", "create", "a b", "--email", "a@b.example"], 2, "bad_login"),
        (["agent", "create", "ann", "--email", "a@b.example", "--tz", "Europe/Pari"], 2, "unknown_zone"),
        (["agent", "create", "ann", "--email", "a@b.example", "--skill", "a\x1bb"], 2, "bad_text"),
        (["agent", "edit", "nobody", "--name", "A"], 3, "unknown_agent"),
        (["team", "edit", "nobody", "--lead", login()], 3, "unknown_team"),
        (["--as", "nobody", "org", "list"], 3, "unknown_agent"),
    ],
)
def test_errors(desk: Desk, database_path: Path, command: list[str], code: int, name: str) -> None:
    assert desk("org", "create", "Acme").code == 0
    before = database_path.read_bytes()
    result = desk(*command, "--json")
    assert (result.code, result.out, result.errors[0]["code"]) == (code, "", name)
    plain = desk(*command)
    assert plain.code == code
    assert plain.err.startswith("Error: ")
    assert database_path.read_bytes() == before


def test_several_of_which_one_is_unknown(desk: Desk) -> None:
    desk("org", "create", "Acme")
    result = desk("org", "show", "Acme", "Acne", "--json")
    assert (result.code, [org["name"] for org in result.json]) == (7, ["Acme"])
    assert result.errors[0]["code"] == "unknown_org"


def test_a_table_of_fifty(desk: Desk) -> None:
    for number in range(52):
        assert desk("contact", "create", f"c{number}@acme.example").code == 0
    table = desk("contact", "list")
    assert len(table.out.splitlines()) == 51
    assert "2 more" in table.err
    assert len(desk("contact", "list", "-f", "ids").out.splitlines()) == 52
