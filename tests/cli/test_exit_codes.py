"""Every exit code of `cli.md` on every command that can end with it.

Those that are the same for all commands (usage, no database, a locked one, a bad config file, lost output)
are tried on the contract of each. `test_refusals.py` has what single commands refuse.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from console import Result, Run, Stream
from contracts import COMMANDS, CONTRACTS, NOW, READING, WITHOUT_DATABASE, Contract, each, failed, words
from desk import SARA

from helpdesk_cli.cli.root import run as run_command
from helpdesk_cli.services.app import App

Ask = Callable[..., Result]
ONE_EACH = each(code=0)
ON_DATABASE = [contract for contract in ONE_EACH if contract.command not in WITHOUT_DATABASE]
WRITING = [
    contract
    for contract in ONE_EACH
    if contract.command not in READING | {"init", "demo", "db restore", "import"}
]


@pytest.fixture
def folder(stocked: Path, tmp_path: Path) -> Path:
    """A folder of one's own with the database and the files that calls name."""
    shutil.copytree(stocked.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def ask(run: Run, folder: Path, stocked: Path) -> Ask:
    """`ask(words, *more)`: that command, by ann."""

    def asked(called: str, *more: str, **streams: Any) -> Result:
        argv = Contract(called, None).argv(folder)
        return run("--db", str(folder / stocked.name), "--now", NOW, "--as", "ann", *argv, *more, **streams)

    return asked


# -- 1: unexpected or I/O ------------------------------------------------------------------------------


def test_1_a_check_that_finds_something(ask: Ask, folder: Path, stocked: Path) -> None:
    with changed(folder / stocked.name) as db:
        db.execute("UPDATE tickets SET next_due_at = NULL, status = 'on_hold' WHERE id = 1")
    found = ask("db check --json")
    assert (found.code, found.json["ok"]) == (1, False)


@pytest.mark.parametrize("contract", ON_DATABASE, ids=words)
def test_1_no_database_of_ours(run: Run, folder: Path, contract: Contract) -> None:
    foreign = folder / "foreign.db"
    foreign.write_bytes(b"-- a dump\n" * 500)
    done = run("--db", str(foreign), "--json", *contract.argv(folder))
    assert (done.code, done.errors[0]["code"]) == (1, "not_a_database")
    assert foreign.read_bytes() == b"-- a dump\n" * 500


@pytest.mark.parametrize("contract", [one for one in CONTRACTS if one.command != "init"], ids=words)
def test_1_output_that_is_lost_and_141_for_a_reader_that_is_gone(
    folder: Path, stocked: Path, monkeypatch: pytest.MonkeyPatch, contract: Contract
) -> None:
    argv = [word.replace("new.db", str(folder / "new.db")) for word in contract.argv(folder)]
    argv = ["--db", str(folder / stocked.name), "--now", NOW, "--as", "ann", *argv]
    with open("/dev/full", "w", encoding="utf-8") as full:
        code, said = called(argv, full, folder, monkeypatch)
    if contract.code == 6:  # what is wrong with the file matters more, and is said
        assert code == 6
        return
    assert code == 1
    assert "\nError: the output could not be written: No space left" in f"\n{said}"
    for name in (stocked.name, "new.db"):
        shutil.copyfile(stocked, folder / name) if name == stocked.name else (folder / name).unlink(True)
    read, write = os.pipe()
    os.close(read)
    with open(write, "w", encoding="utf-8") as pipe:
        code, said = called(argv, pipe, folder, monkeypatch)
    assert code == 141
    assert "Error" not in said


def called(argv: list[str], out: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit code of a command on a stdout of its own, and what it said on stderr."""
    err = Stream()
    with monkeypatch.context() as patch:
        for name in set(os.environ) - {"PATH"}:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setattr("sys.stdin", Stream())
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        code = run_command(argv)
    return code, err.text()


# -- 2: usage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_2_an_option_that_there_is_not_and_what_is_missing(run: Run, name: str, tmp_path: Path) -> None:
    at = ("--db", str(tmp_path / "none.db"), "--json", *name.split())
    done = run(*at, "--jsno")
    assert (done.code, done.out, done.errors[0]["code"]) == (2, "", "no_such_option")
    required = [param for param in COMMANDS[name].params if param.required]
    if required:
        done = run(*at)
        assert (done.code, done.out, done.errors[0]["code"]) == (2, "", "missing_parameter")
    if not any(isinstance(param, click.Argument) for param in COMMANDS[name].params):
        done = run(*at, "surplus")
        assert (done.code, done.out) == (2, "")
        assert done.errors[0]["code"] in ("missing_parameter", "usage")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("contract", ON_DATABASE, ids=words)
@pytest.mark.parametrize(
    ("option", "code"), [("--now=31 February", "bad_time"), ("--timezone=Nowhere/At_all", "unknown_zone")]
)
def test_2_a_global_option_of_nonsense(
    ask: Ask, stocked: Path, folder: Path, contract: Contract, option: str, code: str
) -> None:
    """Said by all that look at the time or the zone; none of the others may fail by it."""
    done = ask(contract.words, "--json", option)
    assert (done.code, done.errors[0]["code"] if done.code else None) in {(2, code), (0, None)}, done
    if done.code:
        assert (folder / stocked.name).read_bytes() == stocked.read_bytes()


# -- 3: no such record ---------------------------------------------------------------------------------


@pytest.mark.parametrize("contract", ON_DATABASE, ids=words)
def test_3_no_database_and_nobody_who_acts(run: Run, ask: Ask, folder: Path, contract: Contract) -> None:
    missing = folder / "missing.db"
    done = run("--db", str(missing), *contract.argv(folder), "--json")
    failed(done, 3, "no_database")
    assert "helpdesk init" in done.errors[0]["hint"]
    assert not missing.exists()
    if contract.command != "agent create":  # it may be about to make the very one
        failed(ask(contract.words, "--as", "nobody", "--json"), 3, "unknown_agent")


# -- 5: busy -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contract", [*WRITING, Contract("init", None)], ids=words)
def test_5_a_writer_waits_and_gives_up(
    ask: Ask, folder: Path, stocked: Path, monkeypatch: pytest.MonkeyPatch, contract: Contract
) -> None:
    monkeypatch.setitem(App.__init__.__kwdefaults__, "wait", 0.01)
    with changed(folder / stocked.name, commit=False) as db:
        db.execute("UPDATE tickets SET version = version + 1")
        done = ask(contract.words, "--json")
    if contract.command == "init":  # there is nothing to do
        assert done.code == 0
        return
    failed(done, 5, "busy")


@pytest.mark.parametrize("contract", [one for one in ON_DATABASE if one.command in READING], ids=words)
def test_5_a_reader_never_waits(ask: Ask, folder: Path, stocked: Path, contract: Contract) -> None:
    with changed(folder / stocked.name, commit=False) as db:
        db.execute("UPDATE tickets SET version = version + 1")
        assert ask(contract.words, "--json").code == 0


@contextmanager
def changed(path: Path, *, commit: bool = True) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT" if commit else "ROLLBACK")
    finally:
        db.close()


# -- 6: policy or config -------------------------------------------------------------------------------


@pytest.mark.parametrize("contract", ONE_EACH, ids=words)
def test_6_a_config_file_with_a_mistake(ask: Ask, folder: Path, stocked: Path, contract: Contract) -> None:
    (folder / "config.yaml").write_text("colour: never\n", encoding="utf-8")
    done = ask(contract.words, "--config", str(folder / "config.yaml"), "--json")
    assert (done.code, done.out) == (6, ""), done
    assert done.errors[0]["code"] == "config_invalid"
    assert (folder / stocked.name).read_bytes() == stocked.read_bytes()


@pytest.mark.parametrize("called", ["plan check {broken}", "plan diff {broken}", "plan apply {broken}"])
def test_6_a_policy_with_a_mistake(ask: Ask, folder: Path, stocked: Path, called: str) -> None:
    done = ask(called, "--json")
    assert (done.code, [error["code"] for error in done.errors]) == (6, ["policy_invalid"])
    assert (folder / stocked.name).read_bytes() == stocked.read_bytes()


def test_6_a_new_database_needs_a_policy(run: Run, folder: Path) -> None:
    done = run("--db", str(folder / "new.db"), "init", "--plans", str(folder / "broken.yaml"), "--json")
    assert (done.code, done.errors[0]["code"]) == (6, "policy_invalid")
    failed(run("--db", str(folder / "new.db"), "ticket", "list", "--json"), 3, "no_database")


# -- 7: partly failed ----------------------------------------------------------------------------------

SEVERAL = {
    "ticket show": "1", "ticket take": "1", "ticket assign": "1 --to bob", "ticket unassign": "2",
    "ticket hold": "1", "ticket resume": "2", "ticket resolve": "1", "ticket close": "1",
    "ticket reopen": "3", "ticket edit": "1 --category sales", "ticket tag": "1 --add x",
    "notice done": "1", "org show": "Acme", "contact show": SARA, "agent show": "ann", "team show": "network",
    "view delete": "late --yes", "agent away": "ann", "agent back": "ann",
    "region show": "europe",
}  # fmt: skip
UNKNOWN = {
    "notice": ("99", "notice_not_found"), "org": ("Acne", "unknown_org"), "agent": ("anna", "unknown_agent"),
    "contact": ("sarah@acme.example", "unknown_contact"), "team": ("netwrok", "unknown_team"),
    "view": ("lat", "unknown_view"), "region": ("europ", "unknown_region"),
}  # fmt: skip


def test_7_every_verb_of_several_ids_is_tried() -> None:
    several = {
        name
        for name, command in COMMANDS.items()
        if any(isinstance(param, click.Argument) and param.nargs == -1 for param in command.params)
    }
    # test_attachment.py tries those of files.
    assert several - {"search", "attachment add", "attachment save"} == set(SEVERAL)


@pytest.mark.parametrize("name", SEVERAL)
def test_7_some_of_several_failed_and_a_single_one_is_3(ask: Ask, name: str) -> None:
    wrong, code = UNKNOWN.get(name.split(maxsplit=1)[0], ("99", "ticket_not_found"))
    failed(ask(f"{name} {wrong} {' '.join(SEVERAL[name].split()[1:])}", "--json"), 3, code)
    done = ask(f"{name} {wrong} {SEVERAL[name]}", "--json")
    assert (done.code, len(done.json)) == (7, 1), done
    assert [error["code"] for error in done.errors] == [code]
    if name.split()[1] != "show":
        piped = ask(
            f"{name} - {' '.join(SEVERAL[name].split()[1:])}", "--json", stdin=f"{wrong}\n\n{wrong}\n"
        )
        assert (piped.code, piped.json) == (7, [])


# -- 10: a check or diff found something ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "code"),
    [
        ("sla check", 0),
        ("sla check --exit-code", 10),
        ("plan diff {changed}", 0),
        ("plan diff {changed} --exit-code", 10),
        ("plan diff {changed} --exit-code -q", 10),
    ],
)
def test_10_only_where_it_is_asked_for(ask: Ask, called: str, code: int) -> None:
    for form in ("table", "json", "jsonl", "csv", "ids", "markdown"):
        done = ask(called, "-f", form)
        assert (done.code, done.err) == (code, "")


def test_10_nothing_found_is_0(ask: Ask, folder: Path) -> None:
    (folder / "same.yaml").write_text(ask("plan export").out, encoding="utf-8")
    assert ask("plan apply {same}").code == 0
    assert ask("plan diff {same} --exit-code").code == 0
    ask("ticket close 1 4")
    ask("sweep")
    assert ask("sla check --exit-code").code == 0


# -- the page of them ----------------------------------------------------------------------------------


def test_every_exit_code_is_explained(run: Run) -> None:
    page = run("help", "exit-codes").out
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 10, 130, 141, 143):
        assert f"\n    {code} " in page
