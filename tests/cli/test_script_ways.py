"""What scripts trip over: keys given twice, filters that match nobody, lists without rows, lost output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from console import Run
from desk import OMAR, SARA, Desk

from helpdesk_cli.records import RECORDS
from helpdesk_cli.records.event_types import EVENT_TYPES, keys
from helpdesk_cli.services import demo
from helpdesk_cli.services.app import App

NOW = "2026-03-31T09:17:00Z"
KEY = ("--idempotency-key", "k1")
ASKED = ("--subject", "Disk full", "--from", SARA, "--body", "97 %")


@pytest.mark.parametrize(("option", "value"), [("--subject", "Other"), ("--from", OMAR), ("--body", "98 %")])
def test_a_key_that_belongs_to_something_else_is_told(desk: Desk, option: str, value: str) -> None:
    assert desk.json("ticket", "create", *ASKED, *KEY)["created"]
    again = desk("ticket", "create", *ASKED, *KEY, "--json")
    assert (again.code, again.json["created"], again.err) == (
        0,
        False,
        "HD-1 was opened with this key before.\n",
    )
    assert desk("ticket", "create", *ASKED, *KEY, "-q", "-f", "ids") == (0, "1\n", "")
    other = desk("ticket", "create", *ASKED, option, value, *KEY, "-q", "--json")
    assert (other.code, other.json["id"], other.json["created"]) == (0, 1, False)
    assert other.err == "key k1 belongs to HD-1 'Disk full': what you gave now was not kept\n"


def test_a_reply_with_a_known_key(desk: Desk) -> None:
    id_ = desk.open()
    for words in ((), ("--from", SARA)):
        key = ("--idempotency-key", f"r{len(words)}")
        first = desk.json("ticket", "reply", id_, "--body", "b", *words, *key)
        assert first.pop("created") is True
        again = desk("ticket", "reply", id_, "--body", "b", *words, *key, "--json")
        assert again.json == {**first, "created": False}
        assert again.err == f"Message {first['id']} of HD-1 was written with this key before.\n"
        other = desk("ticket", "reply", id_, "--body", "c", *words, *key, "-q", "--json")
        assert (other.code, other.json["body"]) == (0, "b")
        assert other.err == (
            f"key {key[1]} belongs to message {first['id']} of HD-1: what you gave now was not kept\n"
        )


def test_an_address_that_nobody_has_matches_nothing(desk: Desk) -> None:
    desk.open()
    assert desk("ticket", "list", "--from", "new@x.example", "--count") == (0, "0\n", "")
    assert [row["id"] for row in desk.json("ticket", "list", "--from", f"new@x.example,{SARA}")] == [1]


def test_pages_by_id_go_up(desk: Desk) -> None:
    for words in ((), ("--sort", "-id"), ("--sort", "priority")):
        error = desk.refused("ticket", "list", "--after", 3, *words, code=2)
        assert error["message"] == "--after needs --sort id, ascending"


def test_fields_after_json_are_told_where_they_belong(desk: Desk) -> None:
    for words in (("list", "--json", "id,ref"), ("show", "--json", "id,ref")):
        assert desk("ticket", *words).errors[0]["hint"] == "--json takes no value: --fields id,ref"
    assert desk("ticket", "list", "--json", "zzz").errors[0]["hint"] == "helpdesk ticket list --help"


@pytest.mark.parametrize("by", ["week", "plan,week", "agent"])
@pytest.mark.parametrize("name", ["sla", "response", "resolution", "backlog"])
def test_a_csv_header_without_records_has_the_columns_asked_for(desk: Desk, name: str, by: str) -> None:
    empty = desk("report", name, "--by", by, "-f", "csv").out
    desk.open()
    desk.json("ticket", "reply", 1, "--body", "b", "--status", "resolved")
    desk.open()
    full = desk("report", name, "--by", by, "-f", "csv").out
    assert empty.splitlines() == full.splitlines()[:1]
    assert set(by.split(",")) < set(empty.strip().split(","))
    assert (
        desk("report", name, "--by", by, "-f", "csv", "--fields", by, "--since", "2027-01-01").out
        == f"{by}\n"
    )


def test_a_schema_lists_the_records(run: Run) -> None:
    rows = run("schema", "--json").json
    assert [row["name"] for row in rows] == list(RECORDS)
    assert {*map(len, rows)} == {2}
    assert run("schema", "-f", "ids").out.split() == list(RECORDS)


def test_init_answers_in_json(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    made = run("--db", path, "init", "--json").json
    assert (made["db"], made["created"], made["plans"]) == (path, True, "the shipped plans.yaml")
    again = run("--db", path, "init", "--json").json
    assert again == {"db": path, "created": False, "upgraded": False, "plans": None, "agent": None}


def test_the_help_tells_the_default_format(run: Run) -> None:
    assert "How to print; default: jsonl." in " ".join(run("event", "list", "--help").out.split())
    assert "How to print; default: table." in " ".join(run("ticket", "list", "--help").out.split())


def test_every_event_tells_what_its_type_declares(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "demo.db")
    app = App(path, now=NOW)
    demo.fill(app, count=120)
    app.close()
    seen = {}
    for line in run("--db", path, "event", "list").out.splitlines():
        event = json.loads(line)
        assert set(event["data"]) <= set(keys(event["type"])), event
        seen.setdefault(event["type"], set()).update(event["data"])
    for type_, found in seen.items():
        always = {key for key in EVENT_TYPES[type_][1].split() if not key.endswith("?")}
        assert always <= found, type_


def test_changes_read_alike_in_both_logs(desk: Desk) -> None:
    desk.json("ticket", "assign", desk.open(), "--to", "bob")
    assert "assignee none -> bob" in desk("event", "list", "-f", "table").out
    assert "assignee none -> bob" in desk("ticket", "log", 1).out


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is full")
@pytest.mark.parametrize(("words", "told"), [(("ticket", "take", "1"), True), (("ticket", "list"), False)])
def test_output_lost_after_a_change(desk: Desk, words: tuple[str, ...], told: bool) -> None:
    desk.open()
    argv = [sys.executable, "-c", "from helpdesk_cli.__main__ import main; main()"]
    argv += ["--db", str(desk.path), "--now", desk.now, "--as", "ann", *words]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert ("Hint: the change was made; see `helpdesk help idempotency`" in done.stderr) == told


def test_a_report_keeps_its_percent_where_fields_are_picked(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "reply", 1, "--body", "b")
    line = desk(
        "report", "sla", "--by", "plan", "--fields", "plan,met_share", "--no-headers"
    ).out.splitlines()[0]
    assert line.split() == ["gold", "100.0", "%"]


def test_a_report_on_80_columns(desk: Desk) -> None:
    desk.open()

    def head(*words: str) -> str:
        page = desk("report", *words, tty=True, env={"COLUMNS": "80", "NO_COLOR": "1"}).out
        assert max(map(len, page.splitlines())) <= 80
        return page.splitlines()[0]

    for word in ("met", "breached", "running", "paused", "cancelled", "met share", "at risk"):
        assert word in head("sla")
    backlog = head("backlog")
    statuses = ("open", "in progress", "waiting", "on hold")
    ages = ("<1d", "1-3d", "3-7d", "7-30d", "30d+")
    for group in (statuses, ages):
        assert len({word in backlog.split("  ") or f"  {word}" in backlog for word in group}) == 1
    assert "in progress" in backlog


def test_several_pages_without_a_database_are_one_error(run: Run, tmp_path: Path) -> None:
    assert run("--db", str(tmp_path / "none.db"), "ticket", "show", "1", "2").code == 3
