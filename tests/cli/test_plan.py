"""`plan`, `priority`, `category` and `type` as a shell sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Result, Run

from helpdesk_cli.cli.commands.moved import moved_line
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services.setup import shipped_policy

Desk = Callable[..., Result]
NOW = "2026-03-01T09:00:00Z"
SHIPPED = Path(shipped_policy()).read_text(encoding="utf-8")


@pytest.fixture
def desk(run: Run, database_path: Path) -> Desk:
    """`run` on a database of the test's own, at NOW."""

    def call(*args: str, **given: Any) -> Result:
        return run("--db", str(database_path), "--now", NOW, *args, **given)

    return call


@pytest.fixture
def edited(tmp_path: Path) -> str:
    """A file in which one target differs from the policy in force, and a plan is new."""
    path = tmp_path / "edited.yaml"
    text = SHIPPED.replace("high: {first_response: 4h}", "high: {first_response: 3h}")
    plan = "  gold:\n    calendar: always\n    targets: {critical: none, urgent: none, high: none, "
    path.write_text(text + plan + "normal: none, low: none}\n", encoding="utf-8")
    return str(path)


def test_check_says_ok(run: Run) -> None:
    assert run("plan", "check", shipped_policy()) == (0, "ok\n", "")
    assert run("plan", "check", shipped_policy(), "--json").json == []


def test_check_lists_all_problems_with_their_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        SHIPPED.replace("default_plan: basic ", "default_plan: basik ") + "plan: {}\n", encoding="utf-8"
    )
    line = SHIPPED.count("\n") + 1
    result = run("plan", "check", str(path))
    assert result.code == 6
    assert result.out == (
        "line 12: default_plan: there is no plan 'basik' (did you mean 'basic'?)\n"
        f"line {line}: plan: unknown key 'plan' (did you mean 'plans'?)\n"
    )
    assert f"{path} has 2 problems" in result.err
    rows = run("plan", "check", str(path), "--json").json
    assert list(rows[0]) == [field.name for field in RECORDS["problem"].fields]
    assert [row["line"] for row in rows] == [12, line]
    path.write_text("x" * 2_000_000)
    assert run("plan", "check", str(path)).out.startswith("the file has ")
    assert run("plan", "check", str(tmp_path / "none")).code == 3


def test_diff_shows_changes_and_may_say_so_by_its_exit_code(desk: Desk, edited: str) -> None:
    assert desk("plan", "diff", shipped_policy(), "--exit-code") == (0, "", "No changes.\n")
    lines = "plans.enterprise.targets.high.first_response: 4h -> 3h\nplans.gold: added\n"
    assert desk("plan", "diff", edited) == (0, lines, "")
    assert desk("plan", "diff", edited, "--exit-code") == (10, lines, "")
    rows = desk("plan", "diff", edited, "--json").json
    assert [(row["change"], row["path"], row["before"], row["after"]) for row in rows] == [
        ("changed", "plans.enterprise.targets.high.first_response", "4h", "3h"),
        ("added", "plans.gold", None, None),
    ]


def test_apply(desk: Desk, edited: str) -> None:
    ticket = (
        "ticket",
        "create",
        "--subject",
        "x",
        "--from",
        "a@b.example",
        "--body",
        "b",
        "--plan",
        "enterprise",
    )
    assert desk(*ticket, "--priority", "high").code == 0
    dry = desk("plan", "apply", edited, "--dry-run")
    assert dry.code == 0
    assert "plans.gold: added\n" in dry.out
    assert "2026-03-01 12:00" in dry.out  # the deadline that would move
    assert dry.err == "Version 2 would count from 2026-03-01 09:00:00 on.\n1 deadline would move.\n"
    done = desk("plan", "apply", edited, "--json").json
    assert list(done) == [field.name for field in RECORDS["policy"].fields]
    assert (done["version"], done["at"], done["applied"], done["dry_run"]) == (2, NOW, True, False)
    assert [(row["ticket"], row["after"]) for row in done["moved"]] == [(1, "2026-03-01T12:00:00Z")]
    assert desk("plan", "apply", edited) == (0, "", "Nothing changes: version 2 says the same.\n")
    back = desk("plan", "apply", shipped_policy())
    assert back.err == "Version 3 counts from 2026-03-01 09:00:00 on.\n1 deadline moves.\n"
    again = desk("plan", "apply", edited, "--now", "2026-03-01T12:00:01Z", "-n")
    assert again.out.splitlines()[-2].split()[-1] == "overdue"
    assert again.out.splitlines()[-1].split()[-1] == "yes"
    assert again.err.endswith("1 deadline would move, 1 would be overdue at once.\n")


@pytest.mark.parametrize(
    ("overdue", "done", "would"),
    [
        ([], "No deadline moves.", "No deadline would move."),
        ([False], "1 deadline moves.", "1 deadline would move."),
        ([True], "1 deadline moves, 1 is overdue at once.",
         "1 deadline would move, 1 would be overdue at once."),
        ([False, True, False], "3 deadlines move, 1 is overdue at once.",
         "3 deadlines would move, 1 would be overdue at once."),
        ([True, True], "2 deadlines move, 2 are overdue at once.",
         "2 deadlines would move, 2 would be overdue at once."),
    ],
)  # fmt: skip
def test_how_many_deadlines_move(overdue: list[bool], done: str, would: str) -> None:
    moved = [{"overdue": late} for late in overdue]
    assert moved_line(moved, dry_run=False) == done
    assert moved_line(moved, dry_run=True) == would


def test_a_file_may_come_on_stdin(run: Run, desk: Desk, edited: str) -> None:
    text = Path(edited).read_text(encoding="utf-8")
    assert run("plan", "check", "-", stdin=text) == (0, "ok\n", "")
    assert desk("plan", "diff", "-", stdin=text) == desk("plan", "diff", edited)
    assert desk("plan", "apply", "-", stdin=text, tty=False).code == 0
    assert desk("plan", "history", "--json").json[0]["source"] == "stdin"
    assert desk("plan", "diff", edited, "--exit-code").code == 0
    for verb in ("check", "diff", "apply"):
        refused = desk("plan", verb, "-", stdin="nothing\n")
        assert refused.code == 6
        assert "stdin has " in refused.err


def test_init_takes_a_policy_from_stdin(run: Run, tmp_path: Path) -> None:
    where = ("--db", str(tmp_path / "new.db"))
    made = run(*where, "init", "--plans", "-", stdin=SHIPPED)
    assert (made.code, "with the policy of stdin." in made.err) == (0, True)
    assert run(*where, "plan", "history", "--json").json[0]["source"] == "stdin"


def test_check_warns_of_what_can_hardly_be_meant(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    level = "    escalation: [{level: 1, clock: update, at: 0m, notify: [assignee]}]\n"
    path.write_text(SHIPPED + level, encoding="utf-8")
    line = SHIPPED.count("\n") + 1
    message = "plans.basic.escalation: no priority has a target of update: the level never fires"
    assert run("plan", "check", str(path)) == (0, "ok\n", f"Warning: line {line}: {message}\n")
    assert run("plan", "check", str(path), "-q") == (0, "ok\n", "")
    quiet = run("plan", "check", str(path), "--json")
    assert (quiet.code, quiet.json, message in quiet.err) == (0, [], True)


def test_a_file_that_is_no_policy_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "shadow"
    path.write_text("root:$6$pepper:19769:0:99999:7:::\n" * 3, encoding="utf-8")
    told = run("plan", "check", str(path))
    assert (told.code, told.out.count("\n")) == (6, 1)
    assert "pepper" not in told.out + told.err


def test_history_and_an_older_version(desk: Desk, edited: str, tmp_path: Path) -> None:
    assert desk("plan", "apply", edited).code == 0
    rows = desk("plan", "history", "--json").json
    assert list(rows[0]) == [field.name for field in RECORDS["policy_version"].fields]
    assert [(row["version"], row["at"], row["source"]) for row in rows] == [
        (2, NOW, edited), (1, NOW, "plans.yaml"),
    ]  # fmt: skip
    assert desk("plan", "history", "--sort", "version", "-f", "ids").out == "1\n2\n"
    assert desk("plan", "history", "--limit", "1").err == "1 more: --limit 0 shows all.\n"
    head = desk("plan", "history").out.splitlines()[0].split()
    assert head == ["version", "at", "(UTC)", "by", "source", "tzdata", "holidays"]
    first = desk("plan", "export", "--at", "1")
    assert desk("plan", "diff", "-", stdin=first.out).out == (
        "plans.enterprise.targets.high.first_response: 3h -> 4h\nplans.gold: removed\n"
    )
    assert desk("plan", "export", "--at", "2").out == desk("plan", "export").out
    refused = desk("plan", "export", "--at", "3", "--json")
    assert (refused.code, refused.errors[0]["code"]) == (3, "unknown_version")


def test_apply_refuses_a_bad_file_and_what_is_in_use(desk: Desk, edited: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\n")
    result = desk("plan", "apply", str(bad), "--json")
    assert (result.code, result.out) == (6, "")
    error = json.loads(result.err)["error"]
    assert error["code"] == "policy_invalid"
    assert [problem["line"] for problem in error["details"]["problems"]] == [1, 1, 1, 1]
    bad.write_text(SHIPPED.replace("default_plan: basic ", "default_plan: basik ") + "plan: {}\n")
    for verb in ("apply", "diff"):
        told = desk("plan", verb, str(bad))
        assert (told.code, told.out) == (6, "")
        assert told.err.splitlines()[0].endswith(" has 2 problems")
        assert told.err.splitlines()[1:] == [
            "  line 12: default_plan: there is no plan 'basik' (did you mean 'basic'?)",
            f"  line {SHIPPED.count(chr(10)) + 1}: plan: unknown key 'plan' (did you mean 'plans'?)",
            "Hint: correct the file; nothing of it was applied",
        ]
    assert desk("plan", "apply", edited).code == 0
    assert desk("org", "create", "Acme", "--plan", "gold").code == 0
    refused = desk("plan", "apply", shipped_policy())
    assert refused.code == 4
    assert refused.err.splitlines()[:2] == [
        "Error: what is in use cannot be removed",
        "  the plan 'gold' is used by 1 organisation",
    ]


def test_list_and_show(desk: Desk) -> None:
    plans = desk("plan", "list", "--json").json
    assert list(plans[0]) == [field.name for field in RECORDS["plan"].fields]
    assert desk("plan", "list", "-f", "ids").out.split() == ["enterprise", "advanced", "medium", "basic"]
    assert desk("plan", "show", "basic", "--json").json == plans[-1]
    unknown = desk("plan", "show", "basik")
    assert (unknown.code, unknown.err) == (
        3,
        "Error: there is no plan 'basik'\nHint: did you mean 'basic'?\n",
    )


def test_show_is_a_matrix_for_a_person(desk: Desk) -> None:
    assert desk("plan", "show", "basic", "--lang", "fr").out.splitlines() == [
        "basic (Essentiel), the default plan",
        "Targets: working time of calendar business",
        "",
        "priority  first_response",
        "critical  -",
        "urgent    -",
        "high      -",
        "normal    24h",
        "low       48h",
        "",
        "Pauses: update, resolution in waiting_customer; resolution in on_hold",
        "Auto-closure: after 48h of silence in waiting_customer; elapsed time, day and night",
        "Reopening: continue, at any time",
        "Customer may close: always",
    ]


FULL = """\
  full:
    retired: true
    calendar: always
    targets:
      critical: {first_response: 10m..30m, resolution: {limit: 4h, calendar: business}}
      urgent: none
      high: none
      normal: none
      low: none
    pause: {waiting_customer: []}
    retroactive: false
    auto_close: {after: 7d, statuses: [resolved], remind_after: 24h, calendar: business}
    reopen: {mode: restart, window: 14d}
    customer_close: never
    escalation:
      - {level: 1, clock: resolution, at: 0m, notify: [team_lead], set: {priority: +1, tags: [late, vip]}}
      - {level: 2, clock: resolution, at: +4h, set: {team: night}}
  empty:
    calendar: always
    targets: {critical: none, urgent: none, high: none, normal: none, low: none}
    auto_close: {after: 48h}
"""


def test_show_says_every_rule(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(SHIPPED + FULL, encoding="utf-8")
    assert desk("plan", "apply", str(path)).code == 0
    assert desk("plan", "show", "full").out.splitlines() == [
        "full, retired",
        "Targets: working time of calendar always",
        "",
        "priority  first_response  resolution",
        "critical  10m..30m        4h (business)",
        "urgent    -               -",
        "high      -               -",
        "normal    -               -",
        "low       -               -",
        "",
        "Pauses: never",
        "Auto-closure: after 1w of silence in resolved, reminder after 24h;"
        " working time of calendar business",
        "Reopening: restart, within 2w",
        "Customer may close: never",
        "Edited hours: count from the edit on",
        "Level 1: resolution at 0m: notify team_lead; priority +1; tags late vip",
        "Level 2: resolution at +4h: team night",
    ]
    lines = desk("plan", "show", "empty").out.splitlines()
    assert "nothing is promised" in lines
    closing = "Auto-closure: after 48h of silence in waiting_customer, resolved; elapsed time, day and night"
    assert closing in lines


def test_show_of_a_plan_that_never_closes(desk: Desk, edited: str) -> None:
    assert desk("plan", "apply", edited).code == 0
    assert "Auto-closure: never" in desk("plan", "show", "gold").out.splitlines()


def test_export_is_a_policy_file(desk: Desk, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.yaml"
    path.write_text(desk("plan", "export").out, encoding="utf-8")
    assert run("plan", "check", str(path)).out == "ok\n"
    assert desk("plan", "diff", str(path), "--exit-code").code == 0


@pytest.mark.parametrize(("noun", "name"), [("priority", "critical"), ("category", "technical")])
def test_what_the_policy_declares(desk: Desk, noun: str, name: str) -> None:
    rows = desk(noun, "list", "--json").json
    assert list(rows[0]) == [field.name for field in RECORDS[noun].fields]
    assert name in desk(noun, "list", "-f", "ids").out.split()
    assert desk(noun, "show", name, "--json").json in rows
    assert name in desk(noun, "show", name).out
    unknown = desk(noun, "show", name[:-1])
    assert (unknown.code, unknown.out) == (3, "")
    assert unknown.err.endswith(f"Hint: did you mean '{name}'?\n")


def test_lists_say_what_is_the_default_and_how_it_is_called(desk: Desk) -> None:
    head, *lines = desk("priority", "list", "--lang", "fr").out.splitlines()
    assert head.split() == ["rank", "priority", "label", "meaning", "default", "origin", "retired"]
    assert [line.split()[1] for line in lines if " yes " in line] == ["normal"]
    assert "critical  Critique" in lines[0]
    assert "label" not in desk("priority", "list").out  # of no language in the C locale
    assert "Technique" in desk("category", "list", "--lang", "fr").out
    assert "Essentiel" in desk("plan", "list", "--lang", "fr").out


def test_types(desk: Desk) -> None:
    rows = desk("type", "list", "--json").json
    assert list(rows[0]) == [field.name for field in RECORDS["type"].fields]
    assert desk("type", "list", "-f", "ids").out.split() == ["question", "incident", "request", "complaint"]


def test_without_a_database(run: Run) -> None:
    for command in (
        ["plan", "list"],
        ["plan", "export"],
        ["plan", "apply", shipped_policy()],
        ["type", "list"],
    ):
        result = run(*command)
        assert (result.code, result.out) == (3, "")
        assert "helpdesk init" in result.err
