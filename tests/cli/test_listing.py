"""`--sort`, `--limit` and `--count`: the same on every list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from console import Run
from contracts import COMMANDS, stock

from helpdesk_cli.domain.filters import SORTS
from helpdesk_cli.domain.text import fold
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services import demo
from helpdesk_cli.services.app import App
from helpdesk_cli.services.attachments import add
from helpdesk_cli.services.listing import page_of, sort_keys
from helpdesk_cli.services.orgs import create_org
from helpdesk_cli.services.people import create_agent, create_team
from helpdesk_cli.services.views import save
from helpdesk_cli.storage import events, hook_runs, notices, orgs, people, runs

NOW = "2026-03-31T09:17:00Z"
LISTS = {
    words: str(vars(command.callback)["record"])
    for words, command in COMMANDS.items()
    if words.endswith(" list") and any(param.name == "sort" for param in command.params)
}
KEYS = [
    (words, key)
    for words, record in LISTS.items()
    for key in (SORTS if record == "ticket" else sort_keys(record))
]
# Names are sorted as they are compared: in any case of letters.
FOLDED = {
    ("org", "name"), ("org", "account_manager"), ("contact", "email"), ("contact", "org"), ("agent", "login"),
    ("agent", "email"), ("agent", "team"), ("team", "name"), ("team", "lead"), ("view", "name"),
}  # fmt: skip


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("month") / "month.db"
    app = App(str(path), now=NOW)
    demo.fill(app, count=15)
    create_team(app, "network")
    create_team(app, "Apples")
    for login, team in (("zed", None), ("Eve", "network"), ("carl", None)):
        create_agent(app, login, f"{login}@desk.example", {"team": team})
    for name, region in (("b", "alpha"), ("B2", None), ("a", None), ("Z", "alpha")):
        create_org(app, name, {"region": region, "licences": len(name), "account_manager": "zed"})
    for name, priority in (("urgent", "urgent"), ("Mine", "low"), ("a", "normal")):
        save(app, name, {"priority": [priority]})
    for number in range(2):
        file = path.with_name(f"{number}.txt")
        file.write_text("x" * (3 - number))
        add(app, 1, [str(file)])
    with app.write() as now:
        more = {
            "regions": {"mea": {}, "europe": {}},
            "large_accounts": {"europe": 60},
            "default_region": "mea",
        }
        three = [("created", NOW), ("edited", NOW), ("created", "2026-03-30T09:00:00Z")]
        hook_runs.note(app.db, [{"on": ["created", "edited"], "run": ["/bin/true"]}], three)
        hook_runs.claim(app.db, 2, NOW, NOW)
        ended = {"state": "done", "exit_code": 0, "ended_at": NOW, "next_try_at": NOW, "output": "told"}
        hook_runs.end(app.db, 2, 1, ended)
        app.policies.add({**app.policies.latest().document, **more}, at=now, source=None, actor="zed")
    app.close()
    return path


def argv(words: str) -> list[str]:
    """The command, and what it lists of."""
    return [*words.split(), *(["1"] if words == "attachment list" else [])]


@pytest.fixture
def rows(run: Run, month: Path) -> Any:
    def listed(words: str, *more: str) -> Any:
        done = run("--db", str(month), "--now", NOW, *argv(words), *more, "--json")
        assert (done.code, done.err) == (0, ""), done
        return done.json

    return listed


def test_every_list_can_be_sorted() -> None:
    without = {words for words in COMMANDS if words.endswith(" list")} - set(LISTS)
    assert not without


@pytest.mark.parametrize(
    ("columns", "record"),
    [
        (orgs.SORTS, "org"),
        (people.CONTACT_SORTS, "contact"),
        (people.AGENT_SORTS, "agent"),
        (people.TEAM_SORTS, "team"),
        (notices.SORTS, "notice"),
        (runs.SORTS, "run"),
        (hook_runs.SORTS, "hook_run"),
        (events.SORTS, "event"),
    ],
)
def test_every_field_of_one_value_can_be_sorted_by(columns: dict[str, Any], record: str) -> None:
    assert set(columns) == set(sort_keys(record))
    left = [field for field in RECORDS[record].fields if field.name not in columns]
    assert {field.type for field in left if not field.derived} <= {"list", "object", "labels"}


@pytest.mark.parametrize(("words", "key"), [pair for pair in KEYS if LISTS[pair[0]] != "ticket"])
def test_sorted_by_a_key_and_in_reverse(rows: Any, words: str, key: str) -> None:
    """Empty values come last, so first in the reverse."""
    record = LISTS[words]
    up = rows(words, "--sort", key)

    def rank(row: dict[str, Any]) -> tuple[bool, Any]:
        value = row[key]
        return value is None, fold(value) if (record, key) in FOLDED and value is not None else value

    assert len(up) > 1
    assert [rank(row) for row in up] == sorted(map(rank, up))
    assert rows(words, "--sort", f"-{key}") == up[::-1]
    assert len({row[RECORDS[record].key] for row in up}) == len(up) == len(rows(words))


@pytest.mark.parametrize(
    "words", [words for words in LISTS if LISTS[words] not in ("ticket", "run", "hook_run")]
)
def test_the_default_order_is_that_of_a_key(rows: Any, words: str) -> None:
    """Those of the policy stand as the file has them; a priority's rank is its place there."""
    default = {"priority": "rank", "plan": None, "category": None, "type": None, "region": None}
    key = default.get(LISTS[words], RECORDS[LISTS[words]].key)
    if key is not None:
        assert rows(words) == rows(words, "--sort", key)


@pytest.mark.parametrize("words", ["run list", "hook list"])
def test_the_newest_runs_come_first(rows: Any, words: str) -> None:
    assert rows(words) == rows(words, "--sort", "-id") == rows(words, "--sort", "id")[::-1]


@pytest.mark.parametrize("words", LISTS)
def test_another_key_is_refused_with_those_that_there_are(run: Run, month: Path, words: str) -> None:
    keys = SORTS if LISTS[words] == "ticket" else sort_keys(LISTS[words])
    for asked, said in ((f"-{keys[0]}x", f"did you mean {keys[0]!r}?"), ("';--", ""), ("", "")):
        done = run("--db", str(month), *argv(words), "--sort", asked, "--json")
        (error,) = done.errors
        assert (done.code, done.out, error["code"]) == (2, "", "bad_sort")
        assert said in error["hint"]
        assert error["details"] == {"found": asked, "expected": list(keys)}
        assert ", ".join(keys) in error["hint"]


@pytest.mark.parametrize("words", LISTS)
def test_limit_and_count(run: Run, rows: Any, month: Path, words: str) -> None:
    every = rows(words)
    count = len(every)
    assert rows(words, "--limit", "1") == every[:1]
    assert rows(words, "--limit", "0") == rows(words, "--limit", str(count)) == every
    assert rows(words, "--limit", str(count + 1)) == every
    assert rows(words, "--count") == rows(words, "--count", "--limit", "1") == {"count": count}
    asked = ("--db", str(month), "--now", NOW, *argv(words), "-f", "table")
    assert run(*asked, "--limit", "1").err == f"{count - 1} more: --limit 0 shows all.\n"
    assert run(*asked, "--limit", str(count)).err == ""
    assert run(*asked, "--count") == (0, f"{count}\n", "")


def test_a_filter_counts(rows: Any) -> None:
    for words, more in (
        ("org list", ("--plan", "basic")),
        ("agent list", ("--team", "none")),
        ("contact list", ("--org", "none")),
        ("notice list", ("--unsent",)),
        ("event list", ("--type", "created", "--after", "5")),
        ("event list", ("--ticket", "1")),
    ):
        found, every = rows(words, *more), rows(words)
        assert rows(words, *more, "--count") == {"count": len(found)}
        assert 0 <= len(found) <= len(every)
    assert rows("agent list", "--team", "none", "--sort", "-login", "--limit", "1")[0]["login"] == "zed"


def test_nothing_counts_as_0(run: Run, tmp_path: Path) -> None:
    path = str(stock(tmp_path))
    assert run("--db", path, "contact", "list", "--org", "Acme", "--count").out == "1\n"
    assert run("--db", path, "agent", "list", "--team", "network", "--count").out == "1\n"
    assert run("--db", path, "event", "list", "--ticket", "1", "--type", "split", "--count").out == "0\n"


def test_what_has_no_end_cannot_be_sorted_or_counted(run: Run, month: Path) -> None:
    for more in (("--count",), ("--sort", "at"), ("-f", "json")):
        done = run("--db", str(month), "event", "list", "--follow", *more)
        assert (done.code, done.out) == (2, "")
        assert "--follow has no end" in done.err


def test_a_page_of_what_is_in_memory() -> None:
    found = [{"name": name, "label": None, "retired": name == "b"} for name in ("b", "a", "c")]
    assert page_of(found, "category", sort=None, limit=None) == (found, 0)
    assert page_of(found, "category", sort=None, limit=0) == ([], 3)
    shown, left = page_of(found, "category", sort="-retired", limit=2)
    assert ([row["name"] for row in shown], left) == (["b", "c"], 1)
    shown, _ = page_of([{"name": "x", "description": None}, *({"name": n, "description": n} for n in "ba")],
                       "category", sort="description", limit=None)  # fmt: skip
    assert [row["name"] for row in shown] == ["a", "b", "x"]


def test_a_sort_key_completes() -> None:
    command = COMMANDS["org list"]
    (param,) = [param for param in command.params if param.name == "sort"]
    for typed, words in (
        ("", sort_keys("org")),
        ("cr", ("created_at",)),
        ("-n", ("-name",)),
        ("domains", ()),
    ):
        found = param.type.shell_complete(click.Context(command), param, typed)
        assert [item.value for item in found] == list(words)
