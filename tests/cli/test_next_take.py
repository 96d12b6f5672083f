"""`ticket next --take`: any number of workers at once, each with a ticket of its own; real processes."""

from __future__ import annotations

import subprocess
import sys

from desk import Desk

TICKETS, WORKERS = 10, 12
TAKE = """
import sys
from helpdesk_cli.cli.root import run
sys.stdin.readline()
sys.exit(run(sys.argv[1:]))
"""


def at_once(desk: Desk, *words: str) -> list[tuple[int, str]]:
    """(exit code, stdout) of each worker; all begin at the same moment. Half are ann, half are bob."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE, "--db", str(desk.path), "--now", desk.now, "--as", agent, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for agent in ("ann", "bob") * (WORKERS // 2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    return [(process.returncode, answer.strip()) for process, answer in zip(processes, answers, strict=True)]


def test_ten_workers_get_ten_tickets_and_two_none(desk: Desk) -> None:
    for number in range(TICKETS):
        desk.open(subject=f"ticket {number}")
    # What time does to them comes first: they are late, and escalated to another priority.
    desk.later(hours=5)
    results = at_once(desk, "ticket", "next", "--take", "-f", "ids")
    taken = [answer for code, answer in results if code == 0]
    assert sorted(map(int, taken)) == list(range(1, TICKETS + 1))
    assert sorted(code for code, _ in results) == [0] * TICKETS + [3] * (WORKERS - TICKETS)
    assignments = desk.log("--type", "assigned")
    assert sorted(event["ticket"] for event in assignments) == list(range(1, TICKETS + 1))
    assert {ticket["status"] for ticket in desk.json("ticket", "list")} == {"in_progress"}
    assert desk.json("db", "check")["ok"]


def test_lists_for_an_agents_day(desk: Desk) -> None:
    """`--assignee me`, `--overdue`, `--due-within`: late ones are due within any time, met ones are not."""
    mine, others, late, answered = (
        desk.open(subject=name) for name in ("mine", "others", "late", "answered")
    )
    desk.json("ticket", "take", mine)
    desk.json("ticket", "take", others, who="bob")
    desk.json("ticket", "edit", late, "--priority", "high")
    desk.json("ticket", "reply", answered, "--body", "b")

    def ids(*words: str) -> list[int]:
        return [ticket["id"] for ticket in desk.json("ticket", "list", *words)]

    assert ids("--assignee", "me") == [mine]
    assert ids("--assignee", "me,none") == [late, mine, answered]
    assert (ids("--overdue"), ids("--due-within", "1h")) == ([], [late])
    assert ids("--due-within", "59m") == []
    desk.later(hours=1)
    assert ids("--overdue") == []
    desk.later(seconds=1)
    assert ids("--overdue") == ids("--due-within", "0") == [late]
    assert ids("--due-within", "4h") == [late, mine, others]
    desk.json("ticket", "close", late, "--reason", "spam")
    assert ids("--overdue") == []
    assert desk.log("--ticket", str(late), "--type", "status_changed")[-1]["data"]["reason"] == "spam"
