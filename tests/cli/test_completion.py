"""Completion: what is offered where, in the words of each shell, and silence about everything that fails."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from console import Run
from desk import Desk

from helpdesk_cli.cli.completion import SHELLS, Line, read_line, script

# A lock is waited for a quarter of a second; the rest is for a machine that is busy.
PATIENCE = 5
Complete = Callable[..., list[str]]
ESCAPES = "\x1b]0;pwned\x07 \x1b[2J \x9b1m \u202egnp"


@pytest.fixture
def complete(run: Run, desk: Desk) -> Complete:
    """`complete("ticket show ")`: the words that fish is given, each with `|` and its description if any."""

    def call(line: str, shell: str = "fish", **env: str) -> list[str]:
        words = {"COMP_WORDS": f"helpdesk {line}", "_HELPDESK_COMPLETE": f"{shell}_complete"}
        result = run(env={"HELPDESK_DB": str(desk.path), **words, **env})
        assert (result.code, result.err) == (0, "")
        return [answer.removeprefix("plain,").replace("\t", "|") for answer in result.out.splitlines()]

    return call


@pytest.fixture
def tickets(desk: Desk) -> Desk:
    """Fourteen tickets, the first closed, the second resolved."""
    for number in range(14):
        desk.open(subject=f"Case {number + 1}")
    desk.json("ticket", "close", 1)
    desk.json("ticket", "resolve", 2)
    return desk


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ti", ["ticket|Tickets: open, answer, hold, resolve, list."]),
        ("sla ex", ["explain|Tell how each deadline of a ticket comes about, as a sum."]),
        ("ticket list --due", ["--due-within|Due by then, late ones included."]),
        ("--timez", ["--timezone|Zone of naive times and tables; default: the system's. $HELPDESK_TIMEZONE"]),
        ("ticket list --timez", ["--timezone|Zone of naive times and tables; default: the system's."]),
    ],
)
def test_commands_and_options(complete: Complete, line: str, words: list[str]) -> None:
    assert complete(line) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("agent show an", ["ann"]),
        ("agent edit B", ["bob"]),
        ("--as a", ["ann"]),
        ("ticket list --as b", ["bob"]),
        ("ticket assign 1 --to a", ["ann"]),
        ("ticket list --assignee m", ["me"]),
        ("ticket list --assignee ann,b", ["ann,bob"]),
        ("ticket list --assignee none,n", []),
        ("ticket list --team=n", ["--team=network", "--team=none"]),
        ("team edit ne", ["network"]),
        ("team create ne", []),
        ("agent edit bob --team n", ["network", "none"]),
        ("org show ac", ["Acme|gold"]),
        ("org create ac", []),
        ("ticket create --org a", ["Acme|gold"]),
        ("ticket edit 1 --org ", ["Acme|gold", "none"]),
        ("contact show s", ["sara@acme.example"]),
        ("agent create zoe --email s", []),
        ("plan show ", ["gold", "early", "strict"]),
        ("org list --plan gold,e", ["gold,early"]),
        ("ticket edit 1 --priority ", ["high", "normal", "low"]),
        ("ticket create --category t", ["technical"]),
        ("ticket list --type w", ["wish"]),
        ("calendar due a", ["always|UTC"]),
        ("ticket list --tag b", ["billing"]),
        ("ticket list --status re", ["resolved"]),
        ("ticket list --status open,o", ["open,on_hold"]),
        ("ticket list --status a", ["active", "all"]),
        ("ticket edit 1 --status on", ["on_hold"]),
        ("ticket list --format json", ["json", "jsonl"]),
        ("ticket list -f ta", ["table"]),
        ("ticket list --sort cr", ["created_at"]),
        ("ticket list --sort updated_", ["updated_at"]),
        ("ticket next --order f", ["fifo"]),
        ("agent list --fields log", ["login|The name by which it acts."]),
        ("sla reset 1 --clock res", ["resolution"]),
        ("event list --type clock_me", ["clock_met"]),
        ("report sla --by plan,pr", ["plan,priority"]),
        ("init --shared-group p", []),
        ("schema sweep_", ["sweep_entry|One thing that time did to a ticket."]),
        ("help exit", ["exit-codes"]),
        ("completion z", ["zsh"]),
        ("--timezone Europe/Pari", ["Europe/Paris"]),
        ("--color al", ["always"]),
        ("plan check pla", ["file,pla"]),
        ("--db ", ["file,"]),
        ("ticket create --body-file=x", ["file,--body-file=x"]),
        ("ticket create --subject ", []),
        ("ticket list --limit ", []),
        ("ticket create --idempotency-key ", []),
    ],
)
def test_values(complete: Complete, desk: Desk, line: str, words: list[str]) -> None:
    desk.open("--tag", "billing")
    found = complete(line)
    described = any("|" in word for word in words)
    assert found == words if described else [word.partition("|")[0] for word in found] == words


def test_every_status_priority_and_record_is_offered(complete: Complete) -> None:
    assert len(complete("ticket list --status ")) == 8
    assert len(complete("schema ")) > 25
    assert len(complete("event list --type ")) > 20
    assert [word.partition("|")[0] for word in complete("ticket list --fields id,re")] == [
        "id,ref", "id,requester", "id,resolved_at", "id,reopened_count",
    ]  # fmt: skip


def test_tickets_have_their_subjects(complete: Complete, tickets: Desk) -> None:
    assert complete("ticket show 1") == [
        "1|Case 1",
        "10|Case 10",
        "11|Case 11",
        "12|Case 12",
        "13|Case 13",
        "14|Case 14",
    ]
    assert complete("ticket show hd-12") == ["hd-12|Case 12"]
    assert complete("ticket show ")[:2] == ["3|Case 3", "4|Case 4"]
    assert complete("ticket show 3 HD-5 ")[:2] == ["4|Case 4", "6|Case 6"]
    assert complete("ticket reopen ") == ["2|Case 2", "1|Case 1"]
    assert complete("ticket show H")[0] == "HD-3|Case 3"
    assert complete("sla explain 7") == ["7|Case 7"]
    assert complete("event list --ticket 8") == ["8|Case 8"]
    for line in ("ticket show 0", "ticket show 99", "ticket show x", "ticket show ٣", "notice done "):
        assert complete(line) == []


def test_what_customers_wrote_moves_no_terminal(complete: Complete, desk: Desk) -> None:
    database = sqlite3.connect(desk.path)
    desk.open()
    with database:
        database.execute("UPDATE tickets SET subject = ?", (ESCAPES + "\n" + "x" * 200,))
        database.execute(
            "INSERT INTO orgs (name, name_key, plan, vip, created_at) SELECT ?, ?, plan, 0, '' FROM orgs",
            ("a\x1b[2Jb",) * 2,
        )
    database.close()
    for shell in SHELLS:
        for line in ("ticket show ", "org show a"):
            text = "\n".join(complete(line, shell, COMP_TYPE="63"))
            assert all(char.isprintable() or char == "\n" for char in text)
            assert "2Jb" not in text
    (told,) = complete("ticket show ")
    assert told.startswith("1|\\x1b]0;pwned\\x07 \\x1b[2J \\x9b1m \\u202egnp xx")
    assert len(told) < 70


def test_labels_are_in_the_language_of_the_user(complete: Complete, tickets: Desk) -> None:
    database = sqlite3.connect(tickets.path)
    with database:
        database.execute("UPDATE policies SET document = replace(document, '\"name\": \"high\"', ?)",
                         ('"name": "high", "label": {"en": "High", "fr": "Haute"}',))  # fmt: skip
    database.close()
    assert complete("ticket edit 3 --priority h") == ["high|High"]
    assert complete("--lang fr ticket edit 3 --priority h") == ["high|Haute"]
    assert complete("--lang $ ticket edit 3 --priority h") == ["high|High"]


def test_which_database(complete: Complete, desk: Desk, tmp_path: Path) -> None:
    nowhere = {"HELPDESK_DB": ""}
    named = shlex.quote(str(desk.path))
    assert complete("agent show a", **nowhere) == []
    assert complete(f"--db {named} agent show a", **nowhere) == ["ann"]
    assert complete(f"agent show --db={named} a", **nowhere) == ["ann"]
    assert complete("--db ~/desk.db agent show a", **nowhere) == ["ann"]
    assert complete("--db $HOME/desk.db agent show a", **nowhere) == ["ann"]
    (tmp_path / "config.yaml").write_text("db: desk.db\n")
    assert complete("--config ~/config.yaml agent show a", **nowhere) == ["ann"]
    assert complete("agent show a", HELPDESK_CONFIG=str(tmp_path / "config.yaml"), **nowhere) == ["ann"]
    (tmp_path / "config.yaml").write_text("db: [desk.db\n")
    assert complete("agent show a", HELPDESK_CONFIG=str(tmp_path / "config.yaml"), **nowhere) == []
    assert complete("ticket sho", HELPDESK_CONFIG=str(tmp_path / "config.yaml")) != []
    assert complete("--as nobody agent show a") == ["ann"]


@pytest.mark.parametrize("line", ["ticket show ", "agent show ", "ticket list --plan "])
def test_a_database_that_cannot_be_read_is_met_with_silence(
    complete: Complete, desk: Desk, tmp_path: Path, line: str
) -> None:
    before = desk.path.read_bytes()
    for name, content in (("none", None), ("empty", b""), ("text", b"x" * 900), ("cut", before[:5000])):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        assert complete(line, HELPDESK_DB=str(path)) == []
        assert (path.read_bytes() if path.exists() else None) == content
    assert complete(line, HELPDESK_DB=str(tmp_path)) == []
    assert complete(line, HELPDESK_DB=str(tmp_path / "a\nb" / "c")) == []


def test_a_locked_database_is_hardly_waited_for(complete: Complete, desk: Desk) -> None:
    database = sqlite3.connect(desk.path, isolation_level=None)
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("BEGIN EXCLUSIVE")
    assert complete("agent show a") == []
    database.close()
    assert complete("agent show a") == ["ann"]


@pytest.mark.parametrize("line", ["ticket show ", "agent show ", "ticket list --plan ", "ticket list --tag "])
def test_one_that_is_locked_newer_or_anothers_keeps_nobody_waiting(desk: Desk, line: str) -> None:
    """Real processes, since starting one belongs to what a shell waits for."""
    database = sqlite3.connect(desk.path, isolation_level=None)
    assert asked(line, desk.path)[0] == 0
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("BEGIN EXCLUSIVE")
    assert asked(line, desk.path) == (0, "", "")
    database.execute("ROLLBACK")
    database.execute("PRAGMA user_version = 99")
    database.close()
    assert asked(line, desk.path) == (0, "", "")
    other = desk.path.with_name("other.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE tickets (id, subject, active, sort_due, rank)")
        database.execute("INSERT INTO tickets VALUES (1, 'x', 1, 1, 1)")
    database.close()
    assert asked(line, other) == (0, "", "")
    pipe = desk.path.with_name("pipe")
    os.mkfifo(pipe)
    assert asked(line, pipe) == (0, "", "")
    assert asked(line, None, HELPDESK_CONFIG=str(pipe)) == (0, "", "")


def asked(line: str, path: Path | None, **env: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of what a shell runs; TimeoutExpired if it takes long."""
    words = {"COMP_WORDS": f"helpdesk {line}", "_HELPDESK_COMPLETE": "bash_complete"}
    given = {**words, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HOME": "/nowhere", **env}
    if path is not None:
        given["HELPDESK_DB"] = str(path)
    command = [sys.executable, "-m", "helpdesk_cli"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=given, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def test_what_is_wrong_elsewhere_on_the_line_or_around_it_is_no_matter(complete: Complete) -> None:
    around = {"HELPDESK_NOW": "soon", "HELPDESK_TIMEZONE": "Mars/X", "HELPDESK_LANG": "!!", "COLUMNS": "-5"}
    for shell in SHELLS:
        assert "ann" in complete("agent show a", shell, HELPDESK_VERBOSE="x", **around)
    assert complete("--nope agent show a") != []
    assert complete("agent show --limit x a") == ["ann"]


def test_nothing_is_written(complete: Complete, desk: Desk) -> None:
    before, files = desk.path.read_bytes(), sorted(desk.path.parent.iterdir())
    database = sqlite3.connect(desk.path)
    database.execute("PRAGMA user_version = 0")  # an older schema: it stays one
    database.close()
    assert complete("agent show a") == []
    older = desk.path.read_bytes()
    assert complete("agent show a") == []
    assert desk.path.read_bytes() == older != before
    assert sorted(desk.path.parent.iterdir()) == files


def test_no_protocol_no_answer(run: Run) -> None:
    for words in ({}, {"COMP_WORDS": ""}, {"COMP_WORDS": "helpdesk ti", "COMP_CWORD": "x"}):
        for shell in (*SHELLS, "tcsh"):
            result = run(env={"_HELPDESK_COMPLETE": f"{shell}_complete", **words})
            assert (result.code, result.err) == (0, "")
    assert run(env={"_HELPDESK_COMPLETE": "zsh_source"}).out == script("zsh")


def test_zsh_gets_three_lines_an_item(complete: Complete, tickets: Desk) -> None:
    tickets.json("org", "create", "A: \\b", "--plan", "early")
    tickets.json("ticket", "edit", 3, "--subject", "50 % C:\\temp: full")
    assert complete("org show a:", "zsh") == ["plain", "A\\: \\\\b", "early"]
    assert complete("ticket show 3", "zsh") == ["plain", "3", "50 % C:\\\\temp: full"]
    assert complete("ticket list --status on", "zsh", COMP_CWORD="4") == ["plain", "on_hold", "_"]
    assert complete("ticket list", "zsh", COMP_CWORD="3") == []
    assert complete("ticket", "zsh", COMP_CWORD="2")[1] == "create"


@pytest.mark.parametrize(
    ("line", "current", "words"),
    [
        ("org show ac", "ac", ["Acme"]),
        ("org show O", "O", ["O\\'Neil\\ \\&\\ Sons"]),
        ('org show "O', "O", ["O'Neil & Sons"]),
        ("org show 'O", "O", ["O'\\''Neil & Sons"]),
        ("org show O\\'Neil\\ ", "O\\'Neil\\ ", ["O\\'Neil\\ \\&\\ Sons"]),
        ("ticket list --status=on", "on", ["on_hold"]),
        ("ticket list --status=on", None, ["on_hold"]),
        ("ticket list --from=sara@ac", "@ac", ["@acme.example"]),
        ("contact show SARA@", "@", ["@acme.example"]),
    ],
)
def test_bash_gets_what_readline_replaces(
    complete: Complete, desk: Desk, line: str, current: str | None, words: list[str]
) -> None:
    desk.open()
    desk.json("org", "create", "O'Neil & Sons")
    given = {} if current is None else {"COMP_CURRENT": current}
    assert complete(line, "bash", **given) == words


def test_bash_is_told_the_subjects_when_it_lists(complete: Complete, tickets: Desk) -> None:
    assert complete("ticket show 1", "bash", COMP_TYPE="9")[:2] == ["1", "10"]
    assert complete("ticket show 1", "bash", COMP_TYPE="63")[:2] == [
        "1  (Case 1)",
        "10  (Case 10)",
    ]
    assert complete("ticket show 12", "bash", COMP_TYPE="63") == ["12"]
    narrow = complete("ticket show 1", "bash", COMP_TYPE="33", COLUMNS="8")
    assert narrow[:2] == ["1  (Cas", "10  (Ca"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a b", Line(["a"], "b", "b", "")),
        ("a b ", Line(["a", "b"], "", "", "")),
        ("a 'b c' \"d \\\" \\x", Line(["a", "b c"], 'd " \\x', '"d \\" \\x', '"')),
        ("a '' b\\ c", Line(["a", ""], "b c", "b\\ c", "")),
        ("A=1 a 'b", Line(["a"], "b", "'b", "'")),
        ("", Line([], "", "", "")),
    ],
)
def test_a_line_is_split_as_a_shell_does(text: str, line: Line) -> None:
    assert read_line(text) == line


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert result.out == script(shell)
    assert f"{shell}_complete" in result.out
    assert result.out.isascii()
    assert f"completion {shell} > " in run("completion", "--help").out
