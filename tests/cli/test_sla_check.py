"""`sla check`: what a monitor is told, and with which exit code."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta

import pytest
from console import Run
from desk import SARA, Desk

from helpdesk_cli.records import RECORDS
from helpdesk_cli.services.app import App

PLUGIN = ("sla", "check", "-f", "nagios")
PERFDATA = re.compile(r"overdue=\d+;;0;0 at_risk=\d+;0;;0 sweep_age=(U|\d+s);;\d+;0$")


@pytest.fixture
def swept(desk: Desk) -> Desk:
    """A ticket that is at risk from 11:00 and late after 13:00; a sweep at 09:00."""
    desk.open()
    desk.json("sweep")
    return desk


def test_the_record(swept: Desk) -> None:
    swept.later(minutes=2)
    found = swept.json("sla", "check")
    assert list(found) == [field.name for field in RECORDS["sla_check"].fields]
    assert found == {
        "ok": True, "at": swept.now, "overdue": 0, "at_risk": 0, "swept_lately": True,
        "last_sweep_at": "2026-03-01T09:00:00Z", "sweep_age_seconds": 120, "max_sweep_age_seconds": 600,
        "overdue_unassigned": 0, "overdue_refs": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "counts", "code", "state"),
    [(119, (0, 0), 0, 0), (120, (0, 1), 0, 1), (240, (0, 1), 0, 1), (241, (1, 0), 10, 2)],
)
def test_overdue_and_at_risk(
    swept: Desk, minutes: int, counts: tuple[int, int], code: int, state: int
) -> None:
    swept.later(minutes=minutes)
    options = ("--max-sweep-age", "1d")
    result = swept("sla", "check", "--exit-code", *options, "--json")
    assert (result.code, result.json["overdue"], result.json["at_risk"]) == (code, *counts)
    assert swept("sla", "check", *options).code == 0
    for option, count in zip(("--overdue", "--at-risk"), counts, strict=True):
        assert swept.json("ticket", "list", option, "--count")["count"] == count
    result = swept(*PLUGIN, *options)
    word = ("OK", "WARNING", "CRITICAL")[state]
    told = (
        "1 overdue (1 nobody's): HD-1; "
        if counts[0]
        else "0 overdue; 1 at risk; "
        if counts[1]
        else "0 overdue; "
    )
    assert result.out.startswith(f"HELPDESK {word} - {told}last sweep ")
    assert (result.code, result.err, len(result.out.splitlines())) == (state, "", 1)
    assert PERFDATA.search(result.out)


def test_an_answered_ticket_is_no_more_overdue(swept: Desk) -> None:
    swept.later(hours=5)
    swept.json("sweep")
    assert swept("sla", "check", "--exit-code").code == 10
    swept.json("ticket", "reply", 1, "--body", "On our way")
    assert swept("sla", "check", "--exit-code").code == 0


def test_no_sweep_lately(desk: Desk) -> None:
    result = desk("sla", "check", "--exit-code", "--json")
    assert (result.code, result.json["last_sweep_at"], result.json["sweep_age_seconds"]) == (10, None, None)
    result = desk(*PLUGIN)
    assert (result.code, result.out.split(" | ")[0]) == (
        2, "HELPDESK CRITICAL - 0 overdue; last sweep never",
    )  # fmt: skip
    assert "sweep_age=U;;600;0" in result.out
    desk.json("sweep")
    for seconds, code in ((599, 0), (1, 0), (1, 10)):
        desk.later(seconds=seconds)
        assert desk("sla", "check", "--exit-code").code == code
    assert "last sweep 10m1s ago, more than 10m | " in desk(*PLUGIN).out
    assert desk("sla", "check", "--exit-code", "--max-sweep-age", "601s").code == 0
    assert desk("sla", "check", "--exit-code", "--max-sweep-age", "0").code == 10


def test_a_sentence_comes_first(swept: Desk) -> None:
    swept.later(hours=4, seconds=1)
    for _ in range(6):
        swept.open("--priority", "high")
    swept.json("ticket", "assign", 1, "--to", "ann")
    swept.later(hours=2)
    page = swept("sla", "check").out.splitlines()
    assert page[:3] == [
        "7 overdue (6 nobody's): HD-1 HD-2 HD-3 HD-4 HD-5 ...; last sweep 6h1s ago, more",
        "  than 10m",
        "",
    ]
    found = swept.json("sla", "check")
    assert (found["overdue_unassigned"], found["overdue_refs"]) == (6, [f"HD-{n}" for n in range(1, 6)])
    assert swept("sla", "check", "--fields", "ok").out == "ok  no\n"


def test_ages_are_told_in_days_from_two_on(swept: Desk) -> None:
    swept.json("ticket", "close", 1)
    for more, told in (
        ({"hours": 47, "minutes": 59}, "47h59m"),
        ({"minutes": 1}, "2d"),
        ({"hours": 23}, "2d"),
    ):
        swept.later(**more)
        assert swept("sla", "check").out.startswith(f"0 overdue; last sweep {told} ago, more than 10m\n")


def test_its_ids_are_those_of_the_overdue(swept: Desk) -> None:
    assert swept("sla", "check", "-f", "ids") == (0, "", "")
    for _ in range(6):
        swept.open("--priority", "high")
    swept.later(hours=5)
    result = swept("sla", "check", "-f", "ids", "--exit-code")
    assert (result.code, sorted(result.out.split())) == (10, [f"HD-{n}" for n in range(1, 8)])
    result = swept("db", "check", "-f", "ids")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: checks have no ids\n")


def test_which_sweeps_count(desk: Desk) -> None:
    """Neither a dry run, nor one dated after now, nor one that did not end; one dated earlier hides none."""
    desk.json("sweep", "-n")
    desk.json("sweep", "--now", (datetime.fromisoformat(desk.now) + timedelta(days=1)).isoformat())
    with sqlite3.connect(desk.path) as conn:
        conn.execute(
            "INSERT INTO runs (started_at, now, dry_run, actor, counts, failures, left_over)"
            f" VALUES ('{desk.now}', '{desk.now}', 0, 'sweep', '{{}}', '[]', 0)"
        )
    conn.close()
    assert desk("sla", "check", "--exit-code").code == 10
    desk.json("sweep")
    desk.json("sweep", "--now", (datetime.fromisoformat(desk.now) - timedelta(days=1)).isoformat())
    assert desk.json("sla", "check")["sweep_age_seconds"] == 0
    desk.later(days=2)
    assert desk.json("sla", "check")["last_sweep_at"] == "2026-03-02T09:00:00Z"


def test_a_plugin_answers_every_error(run: Run, desk: Desk) -> None:
    """Unknown, 3, one line on stdout that holds no performance data."""
    for words, message in (
        ((*PLUGIN, "--db", "no|where"), "there is no helpdesk database at no/where"),
        ((*PLUGIN, "--max-sweep-age", "-1h"), "--max-sweep-age: "),
        (("--format=nagios", "sla", "check"), "--format: 'nagios' is not one of"),
        (("sla", "check", "--bad", "-fnagios"), "No such option '--bad'."),
        ((*PLUGIN, "--db", str(desk.path), "--as", "nobody"), "--as: there is no agent 'nobody'"),
    ):
        result = run(*words)
        assert (result.code, result.err) == (3, ""), result
        assert result.out.startswith(f"HELPDESK UNKNOWN - {message}"), result
        assert (len(result.out.splitlines()), "|" in result.out) == (1, False)


def test_a_locked_database_is_unknown(run: Run, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(App.__init__.__kwdefaults__, "wait", 0.0)  # type: ignore[arg-type]
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("DELETE FROM runs")
    result = run(*PLUGIN, "--db", str(desk.path))
    other.close()
    assert (result.code, result.out) == (3, f"HELPDESK UNKNOWN - {desk.path} is locked by another program\n")


def test_only_this_command_speaks_nagios(desk: Desk) -> None:
    result = desk("ticket", "list", "-f", "nagios")
    assert (result.code, result.out) == (2, "")
    assert "'nagios' is not one of" in result.err
    result = desk("sla", "check", "-f", "nagos")
    assert (result.code, result.out) == (2, "")
    assert "did you mean 'nagios'?" in result.err


def test_closed_tickets_are_not_counted(desk: Desk) -> None:
    desk.open()
    desk.later(hours=5)
    desk.json("ticket", "close", 1)
    assert desk.json("ticket", "show", 1)["breached"]
    assert desk.json("sla", "check")["overdue"] == 0
    desk.json("ticket", "reply", 1, "--from", SARA, "--body", "no")
    assert desk.json("sla", "check")["overdue"] == 1
