"""`helpdesk import`: what it says, its exit codes, stdin, the bar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import SARA, Desk
from schema_check import problems

from helpdesk_cli.cli import progress
from helpdesk_cli.cli.schema import json_schema
from helpdesk_cli.records import RECORDS

PROGRAM = [sys.executable, "-c", "from helpdesk_cli.__main__ import main; main()"]


@pytest.fixture
def text(desk: Desk) -> str:
    """An export of two tickets."""
    desk.open(subject="Router down")
    desk.open(subject="Invoice")
    desk.json("ticket", "reply", 1, "--body", "On its way")
    return str(desk("export").out)


@pytest.fixture
def new(desk: Desk, run: Run, tmp_path: Path) -> Desk:
    """Commands on a database that is not there yet."""
    return Desk(run, tmp_path / "new.db")


@pytest.fixture
def file(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "desk.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_database_of_an_export(desk: Desk, new: Desk, text: str, file: Path) -> None:
    done = new.json("import", file, who=None)
    assert list(done) == [field.name for field in RECORDS["imported"].fields]
    assert problems(done, json_schema("imported")) == []
    lines = text.count("\n") - 1
    assert done == {
        "db": str(new.path), "created": True, "lines": lines, "imported": lines, "unchanged": 0, "failed": 0,
    }  # fmt: skip
    for words in (["ticket", "list"], ["event", "list"], ["notice", "list"], ["search", "router"]):
        assert new.json(*words) == desk.json(*words)
    assert new("db", "check", "--deep").out == "ok\n"
    assert new("export").out == text
    again = new.json("import", file)
    assert (again["created"], again["imported"], again["unchanged"]) == (False, 0, lines)
    assert new.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b")["id"] == 3


def test_a_line_for_a_person(new: Desk, text: str, file: Path) -> None:
    done = new("import", file, who=None)
    lines = str(text.count("\n") - 1)
    assert [line.split() for line in done.out.splitlines()] == [
        ["db", str(new.path)], ["created", "yes"], ["lines", lines], ["imported", lines], ["unchanged", "0"],
        ["failed", "0"],
    ]  # fmt: skip
    assert done.err == ""


def test_nobody_acts(new: Desk, file: Path) -> None:
    """Who runs the command need be no agent of the export, nor anybody that `--as` names."""
    assert new("import", file, who="nobody").code == 0
    assert {row["login"] for row in new.json("agent", "list", "--all")} >= {"ann", "bob"}


def test_stdin(desk: Desk, new: Desk, text: str) -> None:
    assert new.json("import", "-", stdin=text)["created"]
    assert new.json("import", "-", stdin=text)["imported"] == 0
    assert new("export").out == text


def test_from_one_database_into_another_through_a_pipe(desk: Desk, text: str, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    path = tmp_path / "piped.db"
    for created in (True, False):
        with subprocess.Popen(
            [*PROGRAM, "--db", str(desk.path), "export"], stdout=subprocess.PIPE, env=env
        ) as source:
            done = subprocess.run(
                [*PROGRAM, "--db", str(path), "import", "-", "--json"],
                stdin=source.stdout, capture_output=True, check=True, env=env,
            )  # fmt: skip
        assert json.loads(done.stdout)["created"] is created
    assert desk("export", "--db", path).out == text


def test_wrong_lines_are_told_and_end_with_7(new: Desk, text: str, tmp_path: Path) -> None:
    lines = text.split("\n")
    place = next(n for n, line in enumerate(lines) if '"table":"clocks","ticket_id":2,' in line)
    lines[place] = lines[place].replace(
        '"state":"running"', '"state":"\x1b[31mrunnin"'.replace("\x1b", "\\u001b")
    )
    path = tmp_path / "wrong.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = new("import", path, "--json")
    first, *others = done.errors
    assert (done.code, done.json["created"], done.json["failed"] > 5) == (7, True, True)
    assert (first["code"], first["details"]) == ("bad_line", {"line": place + 1})
    assert first["hint"] == "HD-2 is left out with all that belongs to it"
    assert all("notices" in error["message"] for error in others)
    said = Desk(new._run, tmp_path / "other.db")("import", path, who=None)
    assert said.err.startswith(f"Error: line {place + 1}, clocks: state: found '\\x1b[31mrunnin'")
    assert [ticket["id"] for ticket in new.json("ticket", "list")] == [1]


def test_another_database_is_left_as_it_is(desk: Desk, file: Path) -> None:
    desk.json("org", "edit", "Acme", "--vip")
    before = desk.path.read_bytes()
    error = desk.refused("import", file, code=4)
    assert error["code"] == "differs"
    assert "orgs 1: vip is 0, there 1; nothing was imported" in error["message"]
    assert desk.path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "code", "name"),
    [
        ("", 2, "not_an_export"),
        ("hello\n", 2, "not_an_export"),
        ('{"subject":"s","from":"a@b.example","body":"b"}\n', 2, "not_an_export"),
        ('{"format":"helpdesk-export","version":1,"schema":999}\n', 1, "newer_version"),
    ],
)
def test_what_is_no_export(new: Desk, tmp_path: Path, content: str, code: int, name: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    done = new("import", path, "--json")
    assert (done.code, done.out, [error["code"] for error in done.errors]) == (code, "", [name])
    assert not new.path.exists()


def test_files_that_cannot_be_read(new: Desk, tmp_path: Path) -> None:
    for name in (tmp_path / "none", tmp_path):
        done = new("import", name, "--json")
        assert (done.code, done.errors[0]["code"]) == (2, "bad_input")
    assert not new.path.exists()


def test_a_foreign_database(new: Desk, file: Path) -> None:
    new.path.write_bytes(b"-- a dump\n" * 500)
    done = new("import", file, "--json", who=None)
    assert (done.code, done.errors[0]["code"]) == (1, "not_a_database")
    assert new.path.read_bytes() == b"-- a dump\n" * 500


def test_a_bar_on_a_terminal(new: Desk, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN", 0.0)
    assert "import [" not in new("import", file).err
    new.path.unlink()
    assert "import [##############################] 100%" in new("import", file, tty=True).err
    assert "import [###############               ]  50%" in new("import", file, tty=True).err
    assert "import [" not in new("import", file, "-q", tty=True).err


def test_a_read_only_file_is_read(desk: Desk, text: str, file: Path) -> None:
    """Nothing is to be written where all is there."""
    desk.path.chmod(0o444)
    unchanged: dict[str, Any] = desk.json("import", file)
    assert (unchanged["imported"], unchanged["failed"]) == (0, 0)
