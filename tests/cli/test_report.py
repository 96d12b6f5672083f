"""`helpdesk report`: its formats, its table on a terminal and off one, its mistakes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import OMAR, SARA, Desk

from helpdesk_cli.cli.commands.report import _Groups
from helpdesk_cli.cli.render.charts import bar, sparkline
from helpdesk_cli.records import RECORDS
from helpdesk_cli.services import conversation, lifecycle, tickets
from helpdesk_cli.services.app import App

REPORTS = ("sla", "response", "resolution", "backlog")
GROUPS = ("plan", "priority", "org", "category", "agent", "week")
HOUR = 3_600


@pytest.fixture(scope="session")
def busy_database(tmp_path_factory: pytest.TempPathFactory, desk_database: Path) -> Path:
    """A desk after a week (2026-03-01 is a Sunday): one ticket answered in time, one late, one uncovered."""
    path = Path(shutil.copy(desk_database, tmp_path_factory.mktemp("busy") / "desk.db"))
    with closing(App(str(path), timezone="UTC")) as app, app.write():

        def at(when: str, who: str, use_case: Callable[..., Any], *args: Any, **given: Any) -> None:
            with app.as_of(datetime.fromisoformat(f"2026-03-{when}+00:00"), who):
                use_case(app, *args, **given)

        question = {"subject": "Router down", "sender": SARA, "body": "No light"}
        at("01 09:00", "ann", tickets.create, **question, priority="high", category="technical")
        at("01 09:30", "ann", conversation.reply_as_agent, 1, body="Soon")
        at("01 10:00", "ann", lifecycle.resolve, 1)
        at("07 10:00", "ann", tickets.create, **question, priority="high", category="sales")
        at("07 10:00", "ann", tickets.create, **question, priority="low")
        at("07 12:00", "bob", conversation.reply_as_agent, 2, body="Sorry")
    return path


@pytest.fixture
def busy(run: Run, tmp_path: Path, busy_database: Path) -> Desk:
    desk = Desk(run, Path(shutil.copy(busy_database, tmp_path / "desk.db")))
    desk.now = "2026-03-07T12:00:00Z"
    return desk


def test_the_figures(busy: Desk) -> None:
    first, resolution = busy.json("report", "sla")
    assert {key: value for key, value in first.items() if value} == {
        "clock": "first_response", "clocks": 2, "met": 1, "breached": 1, "met_late": 1, "met_share": 0.5,
        "uncovered": 1,
    }  # fmt: skip
    assert (resolution["met"], resolution["paused"], resolution["met_share"]) == (1, 1, 1.0)
    response = busy.json("report", "response", "--by", "agent")
    # 30 m by ann and 2 h by bob
    assert [(row["agent"], row["measure"], row["mean_seconds"]) for row in response] == [
        ("ann", "first_response", HOUR // 2), ("ann", "response", HOUR // 2),
        ("bob", "first_response", 2 * HOUR), ("bob", "response", 2 * HOUR),
    ]  # fmt: skip
    # An hour, half of it waiting for the customer.
    resolved = busy.json("report", "resolution")
    assert [(row["count"], row["p95_seconds"]) for row in resolved] == [(1, HOUR), (1, HOUR // 2)] * 2
    backlog = busy.json("report", "backlog")
    assert [(row["priority"], row["tickets"], row["oldest"]) for row in backlog] == [
        ("high", 1, "HD-2"), ("low", 1, "HD-3"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("by", [[], ["plan"], ["week", "agent"], GROUPS])
def test_the_keys_of_the_record(busy: Desk, name: str, by: list[str]) -> None:
    """Those of the groups that were asked for and all that are not optional, in the declared order."""
    groups = by or ["priority"] * (name == "backlog")
    flows = ["opened", "closed", "reopened", "left_open"] * (name == "backlog" and "week" in by)
    fields = RECORDS[f"report_{name}"].fields
    expected = [f.name for f in fields if not f.optional or f.name in {*groups, *flows}]
    rows = busy.json("report", name, *(("--by", ",".join(by)) if by else ()))
    assert rows
    types: dict[str, Any] = {"int": int, "duration": int, "number": float, "text": str, "instant": str}
    for row in rows:
        assert list(row) == expected
        for field in fields:
            value = row.get(field.name)
            assert (
                (field.nullable or field.optional) if value is None else isinstance(value, types[field.type])
            )


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_to_report(desk: Desk, name: str) -> None:
    """No division by zero: null."""
    rows = desk.json("report", name)
    assert all(row.get("met_share") is None and row.get("mean_seconds") is None for row in rows)
    assert bool(rows) == (name != "backlog")
    assert desk.json("report", name, "--by", "plan,week") == []
    assert desk("report", name, "--by", "plan").err.startswith("No ")
    assert desk("report", name).code == 0


def test_the_other_formats(busy: Desk) -> None:
    lines = busy("report", "sla", "-f", "jsonl").out.splitlines()
    assert [line.startswith('{"clock":') for line in lines] == [True, True]
    assert busy("report", "response", "-f", "ids").out == "first_response\nresponse\n"
    assert busy("report", "backlog", "-f", "ids").out == "HD-2\nHD-3\n"


def test_a_plain_table(busy: Desk) -> None:
    result = busy("report", "sla", "--by", "category")
    assert result.out == (
        "category   clock           met  breached  met late  running  paused  cancelled  at risk  met share"
        "  exempt  uncovered\n"
        "technical  first_response    1         0         0        0       0          0        0    100.0 %"
        "       0          0\n"
        "technical  resolution        1         0         0        0       0          0        0    100.0 %"
        "       0          0\n"
        "sales      first_response    0         1         1        0       0          0        0      0.0 %"
        "       0          0\n"
        "sales      resolution        0         0         0        0       1          0        0"
        "                  0          0\n"
        "none       first_response    0         0         0        0       0          0        0"
        "                  0          1\n"
        "none       resolution        0         0         0        0       0          0        0"
        "                  0          1\n"
    )
    assert busy("report", "sla", "--fields", "clock,met", "--no-headers").out == (
        "first_response  1\nresolution      1\n"
    )
    weekly = busy("report", "backlog", "--by", "week").out.splitlines()
    assert [line.split() for line in weekly] == [
        ["week", "opened", "closed", "reopened", "left", "open", "tickets", "overdue", "at", "risk"],
        ["2026-W09", *"1100000"],  # resolved it has left the backlog
        ["2026-W10", *"2002200"],
    ]


def test_a_clock_that_nobody_has_is_told_beside_the_table(desk: Desk) -> None:
    desk.open("--plan", "early")
    desk.open("--type", "wish", "--plan", "early")
    result = desk("report", "sla")
    assert "resolution" not in result.out
    assert result.err == "There is no resolution clock; tickets uncovered: 1, exempt: 1.\n"
    assert [row["clock"] for row in desk.json("report", "sla")] == ["first_response", "resolution"]
    empty = desk("report", "sla", "--until", "2026-01-01")
    assert (len(empty.out.splitlines()), empty.err) == (2, "")


def test_the_backlog_is_summed_beside_the_table(busy: Desk) -> None:
    assert busy("report", "backlog").err == "2 open, 0 overdue, 0 at risk.\n"
    assert busy("report", "backlog", "-q").err == ""


def test_bars_and_sparklines_on_a_terminal(busy: Desk) -> None:
    wide = {"COLUMNS": "150"}
    told = busy("report", "response", "--by", "agent", tty=True, env=wide).out
    # 30 m of 2 h: a quarter of the twelve cells
    assert [line.count("█") for line in told.splitlines()[2:]] == [3, 3, 12, 12]
    told = busy("report", "sla", "--by", "week", tty=True, env=wide).out
    assert "\nmet share, 2026-W09 to 2026-W10\n" in told
    # Sunday's clock was met, Saturday's was not, and its resolution is not judged yet.
    assert [line.split() for line in told.splitlines()[-2:]] == [
        ["first_response", "█▁"], ["resolution", "█·"],
    ]  # fmt: skip
    plain = busy("report", "sla", "--by", "week", env=wide).out
    assert not {*plain} & {*"█▁·"}


def test_a_narrow_terminal_keeps_the_figure(busy: Desk) -> None:
    lines = busy("report", "sla", "--by", "plan", tty=True, env={"COLUMNS": "40"}).out.splitlines()
    assert lines[1] == "----  --------------  ---  --------"
    assert "breached" in lines[0]


def test_a_period_is_half_open(busy: Desk) -> None:
    def answers(*period: str) -> int:
        return int(busy.json("report", "response", *period)[0]["count"])

    assert answers("--since", "2026-03-01T09:30", "--until", "2026-03-07T12:00") == 1
    assert answers("--since", "2026-03-01T09:30", "--until", "2026-03-07T12:00:01") == 2
    assert answers("--since", "2026-03-01T09:30:01", "--until", "2026-03-07T12:00:01") == 1


def test_spam_is_left_out(desk: Desk) -> None:
    desk.json("ticket", "close", desk.open(), "--reason", "spam")
    assert desk.json("report", "resolution")[0]["count"] == 0
    assert desk.json("report", "sla")[0]["clocks"] == 0


@pytest.mark.parametrize("name", REPORTS)
def test_mistakes(desk: Desk, name: str) -> None:
    error = desk.refused("report", name, "--by", "plan,prio", code=2)
    assert error["code"] == "unknown_group"
    assert error["hint"] == "did you mean 'priority'?"
    assert error["details"]["expected"] == list(GROUPS)
    error = desk.refused("report", name, "--since", "2026-03-02", "--until", "2026-03-01", code=2)
    assert error["code"] == "bad_period"
    assert desk.refused("report", name, "--since", "soon", code=2)["code"] == "bad_time"
    assert desk.refused("report", name, "--fields", "colour", code=2)["code"] == "unknown_field"


def test_no_database(run: Run) -> None:
    result = run("report", "sla")
    assert result.code == 3
    assert "helpdesk init" in result.err


def test_an_organisation_with_a_hostile_name_and_none(desk: Desk) -> None:
    desk.json("org", "create", "=cmd|' /C", "--domain", "evil.example")
    for sender in (SARA, "eve@evil.example", OMAR, "walter@postbox.example"):
        desk.json("ticket", "create", "--subject", "x", "--from", sender, "--body", "x")
    assert [row["org"] for row in desk.json("report", "backlog", "--by", "org")] == [
        "=cmd|' /C",
        "Acme",
        None,
    ]


def test_groups_complete() -> None:
    kind = _Groups()
    assert [item.value for item in kind.shell_complete(None, None, "p")] == ["plan", "priority"]  # type: ignore[arg-type]
    assert [item.value for item in kind.shell_complete(None, None, "")] == list(GROUPS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (0, ""),
        (0.001, "▏"),
        (0.5, "██"),
        (0.54, "██▏"),
        (0.999, "███▉"),
        (1, "████"),
        (2, "████"),
    ],
)
def test_a_bar(value: float | None, expected: str) -> None:
    """Four cells are 32 eighths: 0.54 of them are 17.28, down to 17."""
    assert bar(value, 1, 4) == expected
    assert bar(value, 0, 4) == ""


def test_a_sparkline() -> None:
    # Of 7 steps above the lowest: 3.5 / 7 * 7 = 3.5, up to 4.
    assert sparkline([0, 3.5, 7, None, 1]) == "▁▅█·▂"
    assert sparkline([0, None]) == "▁·"
    assert sparkline([]) == ""
