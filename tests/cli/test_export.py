"""`helpdesk export`: everything or one kind of records, on stdout or in a file; `--csv-safe`."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import SARA, Desk
from schema_check import problems

from helpdesk_cli.cli import progress
from helpdesk_cli.cli.commands import export as command
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.schema import json_schema
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services import export

HOSTILE = "\x1b]0;pwned\x07\x9b2J\u202egnp.exe\u2028 \"quoted\", 'x'; -- 100 %s"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1")
LISTS = {
    "ticket": "ticket list --status all --sort id", "event": "event list", "notice": "notice list",
    "run": "run list --sort id", "org": "org list --sort id", "contact": "contact list --sort id",
    "agent": "agent list --all --sort id", "team": "team list --sort id", "view": "view list",
    "plan": "plan list", "priority": "priority list", "category": "category list", "type": "type list",
    "calendar": "calendar list",
}  # fmt: skip


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """Tickets in every state, hostile texts, a sweep, a view, a retired agent, links and an attachment."""
    for status in ("open", "in_progress", "waiting_customer", "closed"):
        desk.bring(status)
    desk.json("ticket", "reply", 1, "--body", HOSTILE)
    desk.json("ticket", "note", 1, "--body", "=cmd|' /C calc'!A0")
    desk.json("ticket", "link", 1, "blocks", 2)
    desk.json("ticket", "edit", 3, "--subject", '=HYPERLINK("http://x")')
    desk.json("attachment", "add", 1, desk.path.parent / "desk.db")
    desk.json("view", "save", "late", "--overdue")
    desk.json("agent", "retire", "bob")
    desk.later(days=3)
    desk("sweep")
    return desk


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n")[:-1]]


# -- everything --------------------------------------------------------------------------------------------


def test_everything_is_a_first_line_and_a_row_a_line(worked: Desk) -> None:
    done = worked("export")
    assert (done.code, done.err) == (0, "")
    first, *rows = lines(done.out)
    assert list(first) == ["format", "version", "schema", "policy", "tzdata", "last_ids", "rows"]
    assert (first["format"], first["version"]) == ("helpdesk-export", 1)
    assert all(next(iter(row)) == "table" for row in rows)
    assert sum(first["rows"].values()) == len(rows)
    assert first["rows"]["tickets"] == 4
    assert worked("export").out == done.out
    assert worked("export", "-o", "-").out == done.out
    assert worked("export", "--json").out == worked("export", "-f", "jsonl").out == done.out


def test_no_control_of_a_terminal_is_in_it(worked: Desk, tmp_path: Path) -> None:
    for words in ([], ["message"], ["message", "-f", "csv"]):
        text = worked("export", *words, tty=True).out
        assert "pwned" in text
        assert not {*text} & {"\x1b", "\x07", "\x9b", "\u202e", "\u2028"}
    # In a file CSV keeps what people wrote, whoever looks on.
    table = worked("export", "message", "-f", "csv").out
    assert HOSTILE in next(csv_rows(table, "body", 5))
    assert worked("export", "message", "-o", tmp_path / "messages.csv", tty=True).code == 0
    assert (tmp_path / "messages.csv").read_bytes().decode() == table


def csv_rows(text: str, column: str, number: int) -> Any:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return (row[column] for row in rows if row["id"] == str(number))


@pytest.mark.parametrize("form", ["table", "ids", "markdown"])
def test_an_export_has_no_form_for_people(worked: Desk, form: str) -> None:
    for words in ([], ["ticket"]):
        error = worked("export", *words, "-f", form)
        assert (error.code, error.out) == (2, "")
        assert f"an export has no form {form}" in error.err
        assert "-f jsonl or -f csv" in error.err


def test_a_config_file_may_give_the_form(worked: Desk, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("export: {format: csv, csv-safe: true}\n", encoding="utf-8")
    table = worked("export", "message", "-f", "csv", "--csv-safe").out
    assert worked("export", "message", "--config", config).out == table
    assert worked("export", "message", "--config", config, "-f", "jsonl").out != table


def test_everything_is_no_table(worked: Desk, tmp_path: Path) -> None:
    for words in (["-f", "csv"], ["-o", tmp_path / "all.csv"]):
        error = worked("export", *words, "--as", "ann")
        assert (error.code, error.out) == (2, "")
        assert "helpdesk export ticket -f csv" in error.err
    assert not (tmp_path / "all.csv").exists()


# -- one kind of records -----------------------------------------------------------------------------------


def test_the_records_are_those_of_the_service_and_of_the_help(run: Run) -> None:
    assert command._RECORDS == export.RECORDS
    assert set(LISTS) <= set(export.RECORDS) <= set(RECORDS)
    told = " ".join(run("export", "--help").out.split())
    assert all(f"{name}," in told or f"{name} or" in told or f"or {name}:" in told for name in export.RECORDS)


@pytest.mark.parametrize("name", LISTS)
def test_records_are_those_of_the_list(worked: Desk, name: str) -> None:
    listed = worked.json(*LISTS[name].split())
    assert listed or name == "category"
    assert lines(worked("export", name).out) == listed
    assert worked("export", name, "-f", "csv").out == worked(*LISTS[name].split(), "-f", "csv").out


@pytest.mark.parametrize("name", export.RECORDS)
def test_records_are_what_their_schema_says(worked: Desk, name: str) -> None:
    rows = lines(worked("export", name).out)
    schema = json_schema(name)
    assert [problem for row in rows for problem in problems(row, schema)] == []
    table = list(csv.reader(io.StringIO(worked("export", name, "-f", "csv").out, newline=""), strict=True))
    assert len(table) == len(rows) + 1
    assert all(len(row) == len(table[0]) for row in table)


@pytest.mark.parametrize(("name", "key"), [("clock", "clocks"), ("link", "links")])
def test_what_is_inside_a_ticket_names_it(worked: Desk, name: str, key: str) -> None:
    rows = lines(worked("export", name).out)
    tickets = worked.json(*LISTS["ticket"].split())
    assert rows == [{**each, "ticket": ticket["id"]} for ticket in tickets for each in ticket[key]]
    assert rows
    header = worked("export", name, "-f", "csv").out.split("\n", 1)[0].split(",")
    assert header == [field.name for field in RECORDS[name].fields]


def test_messages_are_those_of_all_tickets(worked: Desk) -> None:
    rows = lines(worked("export", "message").out)
    shown = [message for ticket in range(1, 5) for message in worked.show(ticket)["messages"]]
    assert rows == sorted(shown, key=lambda message: message["id"])


def test_a_mistyped_record(desk: Desk) -> None:
    error = desk.refused("export", "tickets", code=2)
    assert (error["code"], error["hint"]) == ("unknown_word", "did you mean 'ticket'?")


# -- csv-safe ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(desk: Desk, text: str) -> None:
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body-file", "-", stdin=text)
    stored = lines(desk("export", "message").out)[0]["body"]
    guarded, plain = (
        next(csv_rows(desk("export", "message", "-f", "csv", *more).out, "body", 1))
        for more in (["--csv-safe"], [])
    )
    assert plain == stored
    assert guarded == f"'{stored}"
    assert lines(desk("export", "message", "--csv-safe").out)[0]["body"] == stored


def test_only_texts_are_guarded_and_only_where_they_begin_so(desk: Desk) -> None:
    desk.open(subject="a=1 'x'")
    plain, guarded = (desk("export", "ticket", "-f", "csv", *more).out for more in ([], ["--csv-safe"]))
    assert plain == guarded
    assert "'" in plain


# -- into a file -------------------------------------------------------------------------------------------


def test_a_file_appears_with_what_stdout_would_have(worked: Desk, tmp_path: Path) -> None:
    everything, tickets, table = (tmp_path / name for name in ("all.jsonl", "t.jsonl", "t.CSV"))
    assert worked("export", "-o", everything) == (0, "", "")
    assert everything.read_text(encoding="utf-8") == worked("export").out
    done = worked.json("export", "ticket", "-o", tickets)
    assert list(done) == [field.name for field in RECORDS["exported"].fields]
    assert problems(done, json_schema("exported")) == []
    size = tickets.stat().st_size
    assert tuple(done.values()) == (str(tickets), "ticket", "jsonl", 4, size)
    assert tickets.read_text(encoding="utf-8") == worked("export", "ticket").out
    assert worked.json("export", "ticket", "-o", table)["format"] == "csv"
    assert table.read_text(encoding="utf-8") == worked("export", "ticket", "-f", "csv").out
    again = worked.json("export", "-o", everything, "--yes")
    assert again["records"] == everything.read_text(encoding="utf-8").count("\n") - 1
    orgs, forced = tmp_path / "orgs", tmp_path / "forced.csv"
    said = worked("export", "org", "-o", orgs, "-v")
    assert (said.out, said.err) == ("", f"1 records, {orgs.stat().st_size} bytes in {orgs}\n")
    assert worked("export", "org", "-f", "jsonl", "-o", forced).code == 0
    assert forced.read_text(encoding="utf-8").startswith("{")
    assert [name for name in os.listdir(tmp_path) if ".part-" in name] == []


def test_a_file_that_is_there_is_replaced_only_if_asked(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("mine", encoding="utf-8")
    error = worked.refused("export", "-o", path, code=4)
    assert (error["code"], "--yes" in error["hint"]) == ("exists", True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert worked("export", "-o", path, "--yes").code == 0
    assert path.read_text(encoding="utf-8") == worked("export").out


def test_what_no_export_may_take_the_place_of(worked: Desk, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = worked.path.read_bytes()
    for target, code, name in (
        (worked.path, 4, "same_file"), (f"{worked.path}-wal", 4, "same_file"),
        (tmp_path / "folder", 4, "no_file"), ("/dev/null", 4, "no_file"),
        (tmp_path / "no" / "file", 3, "no_folder"),
    ):  # fmt: skip
        error = worked.refused("export", "-o", target, "--yes", code=code)
        assert error["code"] == name, target
    assert worked.path.read_bytes() == before
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_file_has_the_mode_of_the_database(worked: Desk, tmp_path: Path, mode: int) -> None:
    worked.path.chmod(mode)
    before = os.umask(0o022)
    try:
        worked("export", "-o", tmp_path / "all.jsonl")
        worked("export", "org", "-o", tmp_path / "orgs.csv")
    finally:
        os.umask(before)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("all.jsonl", "orgs.csv")} == {mode}


def test_a_full_disk_leaves_no_file(worked: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    for words in (["export"], ["export", "ticket", "-f", "csv"]):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            error = worked.refused(*words, "-o", tmp_path / "out", code=1)
        assert error["code"] == "disk_full"
        assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_what_a_killed_export_left_goes_with_the_next(worked: Desk, tmp_path: Path) -> None:
    for name in ("all.jsonl", "other.jsonl"):
        left = tmp_path / f".{name}.part-01234567"
        left.touch()
        os.utime(left, (0, 0))
    assert worked("export", "-o", tmp_path / "all.jsonl").code == 0
    assert [name for name in os.listdir(tmp_path) if ".part-" in name] == [".other.jsonl.part-01234567"]


def test_a_file_that_takes_no_more_is_no_output_that_is_lost() -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"), stream.into(Full()):
        stream.write("x")


# -- the rest ----------------------------------------------------------------------------------------------


def test_a_bar_on_a_terminal(worked: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN", 0.0)
    for words in ([], ["ticket"], ["plan"]):
        done = worked("export", *words, "-o", tmp_path / "x", "--yes", tty=True)
        assert "export [##############################] 100%" in done.err
        assert "export [" not in worked("export", *words).err
        assert "export [" not in worked("export", *words, "-q", tty=True).err


def test_a_damaged_document_is_told(worked: Desk) -> None:
    import sqlite3

    with sqlite3.connect(worked.path) as db:
        db.execute("UPDATE events SET data = '{' WHERE seq = 3")
    db.close()
    done = worked("export", "--json")
    assert (done.code, done.errors[0]["code"]) == (1, "corrupt")
    assert "a column that holds JSON cannot be read" in done.errors[0]["message"]
