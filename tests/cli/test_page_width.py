"""What a person sees on terminals of several widths: no line is wider, and nothing that counts is lost."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
import wcwidth
from console import Result, Run
from desk import Desk

from helpdesk_cli.services import demo
from helpdesk_cli.services.app import App

PROGRAM = [sys.executable, "-c", "from helpdesk_cli.__main__ import main; main()"]
NOW = "2026-03-20T12:00:00Z"
WIDTHS = (100, 80, 60, 40, 20)
PAGES = (
    "ticket list", "ticket list --lang fr", "ticket list --lang ar", "ticket list --status all --limit 0",
    "org list", "contact list", "agent list", "team list", "notice list", "run list", "priority list",
    "category list", "type list", "plan list", "calendar list", "event list -f table --limit 30",
    "report sla", "report sla --by week", "report backlog --by priority", "report response --by plan",
    "sla check", "plan show basic", "plan show advanced --lang ar", "sweep -n --now 2026-03-21",
)  # fmt: skip
OF_A_TICKET = (
    "ticket show {}", "ticket show {} --lang ar", "ticket show {} --events", "ticket log {}",
    "sla explain {}",
)  # fmt: skip


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo: tickets in three languages and two directions."""
    path = tmp_path_factory.mktemp("month") / "desk.db"
    app = App(str(path), now=NOW, timezone="UTC")
    demo.fill(app, count=25)
    app.close()
    return path


def cells(line: str) -> int:
    return wcwidth.wcswidth(re.sub(r"\x1b\[[0-9;]*m", "", line))


def shown(run: Run, path: Path, line: str, width: int, **env: str) -> Result:
    given = {"COLUMNS": str(width), "HELPDESK_NOW": NOW, "NO_COLOR": "1", **env}
    result = run("--db", str(path), *line.split(), tty=True, env=given)
    assert result.code == 0, result
    return result


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", PAGES)
def test_no_line_is_wider_than_the_terminal(run: Run, month: Path, line: str, width: int) -> None:
    lines = shown(run, month, line, width).out.splitlines()
    assert lines
    caption = [line for line in lines if line.startswith("met share, ")]  # a sentence of its own
    assert max(cells(line) for line in lines if line not in caption) <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", OF_A_TICKET)
def test_nor_is_one_of_a_ticket(run: Run, month: Path, line: str, width: int) -> None:
    for ticket in range(1, 26, 3):
        lines = shown(run, month, line.format(ticket), width).out.splitlines()
        assert max(map(cells, lines)) <= width, ticket


def letters(text: str) -> str:
    """What is left of a text when its lines and columns are taken away."""
    return "".join(char for char in text if not char.isspace() and char not in "\u200e…")


@pytest.mark.parametrize("width", [60, 40, 20])
def test_a_narrow_page_says_all_that_a_wide_one_says(run: Run, month: Path, width: int) -> None:
    for ticket in range(1, 26, 4):
        narrow = shown(run, month, f"ticket show {ticket}", width).out
        assert letters(narrow) == letters(shown(run, month, f"ticket show {ticket}", 100).out)


@pytest.mark.parametrize("width", [60, 40, 20])
def test_columns_are_given_up_only_where_they_have_no_room(desk: Desk, width: int) -> None:
    desk.open("--priority", "high")
    desk.later(minutes=50)
    page = desk("ticket", "show", 1, tty=True, env={"COLUMNS": str(width), "NO_COLOR": "1"}).out
    clocks = page[page.index("Clocks") : page.index("Message")].splitlines()
    if width == 60:
        assert clocks[:3] == [
            "Clocks  state  target  due (UTC)",
            "  first response  at risk  1h  2026-03-01 10:00:00  10m left",
            "  resolution  running  8h  2026-03-01 17:00:00  7h10m left",
        ]
    if width == 40:
        assert clocks[1:3] == ["  first response  at risk  1h", "    2026-03-01 10:00:00  10m left"]
        assert "Priority high, plan gold" in page
    if width == 20:
        assert clocks[2:5] == ["  first response", "    at risk  1h", "    2026-03-01"]


def test_a_right_to_left_name_keeps_its_columns(desk: Desk) -> None:
    desk.json("agent", "create", "ليلى", "--email", "layla@desk.example")
    desk.json("org", "create", "دار الحكمة", "--domain", "dar.example", "--vip", "--tier", "gold",
              "--account-manager", "ليلى")  # fmt: skip
    desk.json("contact", "create", "omar@dar.example", "--name", "عمر 7", "--org", "دار الحكمة")
    given = ("--subject", "شكوى", "--from", "omar@dar.example", "--body", "نص")
    desk.json("ticket", "create", *given, "--tag", "عاجل")
    desk.json("ticket", "take", 1, who="ليلى")
    terminal: dict[str, Any] = {"tty": True, "env": {"COLUMNS": "100", "NO_COLOR": "1"}}
    page = desk("ticket", "show", 1, **terminal).out
    mark = "\u200e"
    assert f"From        {mark}عمر 7{mark} <omar@dar.example>, {mark}دار الحكمة{mark}\n" in page
    assert f"Customer    VIP, tier gold, account manager {mark}ليلى{mark}\n" in page
    assert f"Assignee    {mark}ليلى{mark}\n" in page
    assert f"Tags        {mark}عاجل{mark}\n" in page
    log = desk("ticket", "log", 1, **terminal).out.splitlines()
    assert {cells(line[: line.rindex("assigned")]) for line in log if "assigned:" in line} == {39}
    assert mark not in desk("ticket", "show", 1).out
    assert "Customer    VIP, tier gold, account manager ليلى\n" in desk("ticket", "show", 1).out


def test_who_wrote_is_named_where_the_name_is_known(desk: Desk) -> None:
    id_ = desk.open()
    assert "From        sara@acme.example, Acme\nAssignee" in desk("ticket", "show", id_).out
    desk.json("contact", "edit", "sara@acme.example", "--name", "Sara \u202eElf")
    assert "From        Sara \\u202eElf <sara@acme.example>, Acme\n" in desk("ticket", "show", id_).out
    desk.json("ticket", "create", "--subject", "s", "--from", "me@home.example", "--body", "b")
    assert "From        me@home.example\nAssignee" in desk("ticket", "show", 2).out


def test_a_long_actor_is_shortened_before_the_words_of_an_event(desk: Desk) -> None:
    address = "a.very.long.address.of.somebody@acme.example"
    desk.json("ticket", "create", "--subject", "s", "--from", address, "--body", "b")
    wide = desk("ticket", "log", 1, tty=True, env={"COLUMNS": "80"}).out.splitlines()
    assert wide[1].startswith("2026-03-01 09:00:00  a.very.long.address.of.som…  created: org Acme")
    narrow = desk("ticket", "log", 1, tty=True, env={"COLUMNS": "60"}).out.splitlines()
    assert narrow[2:4] == [
        "2026-03-01 09:00:00",
        f"  {address}",
    ]
    assert narrow[4].startswith("    created: org Acme, priority normal")
    assert address in desk("ticket", "log", 1).out


def test_a_sum_on_a_narrow_terminal(desk: Desk) -> None:
    desk.open("--priority", "high")
    page = desk("sla", "explain", 1, tty=True, env={"COLUMNS": "40"}).out.splitlines()
    at = page.index("  from - to")
    assert page[at + 1].split() == ["counted", "total"]
    assert page[at + 2 : at + 5] == [
        "  -- now, Sun 2026-03-01 09:00:00; to",
        "  come:",
        "  Sun 2026-03-01 09:00:00 - 10:00:00,",
    ]
    figures = [line for line in page if re.fullmatch(r" +[\d:]+ +[\d:]+", line)]
    assert {len(line) for line in figures} == {len(page[at + 1])}


@pytest.mark.parametrize(
    "columns", ["0", "-5", "abc", "1e9", "", "10", "7", "1", "999999999", " 80", "8 0", "٨٠", "²", "9" * 5000]
)
@pytest.mark.parametrize(
    "line", ["ticket list", "ticket show 1", "sla explain 1", "plan show gold", "--help"]
)
def test_a_width_of_nonsense_is_no_error(desk: Desk, line: str, columns: str) -> None:
    desk.open()
    result = desk(*line.split(), tty=True, env={"COLUMNS": columns, "NO_COLOR": "1"})
    assert (result.code, result.err) == (0, "")
    if line == "ticket list" and columns in ("0", "-5", "abc", "1e9", "", " 80", "8 0", "²", "٨٠"):
        assert result.out == desk("ticket", "list", tty=True, env={"NO_COLOR": "1"}).out


@pytest.mark.parametrize("limit", ["-5", "abc", "1e9", "", "2.5", "9" * 19, "٣", "0x10", "+1", " "])
def test_a_limit_of_nonsense_is_told(desk: Desk, limit: str) -> None:
    for noun in ("ticket", "org", "event", "notice"):
        result = desk(noun, "list", "--limit", limit)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"Error: --limit: {limit!r} is no whole number")


@pytest.mark.parametrize("limit", ["0", "9" * 18, "00", "1"])
def test_limits_that_are_numbers(desk: Desk, limit: str) -> None:
    desk.open()
    assert [ticket["id"] for ticket in desk.json("ticket", "list", "--limit", limit)] == [1]


@pytest.mark.parametrize("width", [80, 40])
def test_on_a_real_terminal(month: Path, tmp_path: Path, width: int) -> None:
    """The width that the terminal itself tells, as it is without $COLUMNS."""
    path = shutil.copy(month, tmp_path / "desk.db")
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
           "HELPDESK_NOW": NOW, "HOME": str(tmp_path), "LANG": "C.UTF-8"}  # fmt: skip
    seen = b""
    for command in ("ticket list --limit 5", "ticket show 1"):
        words = [*PROGRAM, "--db", str(path), *command.split()]
        process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=env)
        assert process.wait(20) == 0
        seen += os.read(main, 65536)
    os.close(terminal)
    os.close(main)
    lines = seen.decode().replace("\r\n", "\n").splitlines()
    assert width - 8 < max(map(cells, lines)) <= width
    assert "\x1b[1mticket\x1b[0m" in lines[0]
