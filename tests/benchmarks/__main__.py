"""`python -m tests.benchmarks [--quick] [TICKETS]`: every figure, its goal, and whether it was met.

Without a number of tickets the figures of large databases are those of 1,000,000, with `--quick` of 20,000.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_cli.domain.calendars import BusinessCalendar
from tests.benchmarks import scale
from tests.benchmarks.measure import CLICK, FLOOR, Row, ratio, table

if TYPE_CHECKING:
    from collections.abc import Iterator

HELPDESK = [sys.executable, "-m", "helpdesk_cli"]
START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PARIS = {
    "timezone": "Europe/Paris",
    "hours": {"mon-fri": ["09:00-12:00", "13:00-17:00"]},
    "holidays": ["2026-12-25"],
}


def main(arguments: list[str]) -> int:
    quick = "--quick" in arguments
    pairs = 5 if quick else 15
    count = next((int(word) for word in arguments if word.isdigit()), 20_000 if quick else 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": os.environ["PATH"], "HOME": folder, "HELPDESK_DB": f"{folder}/bench.db"}
        rows = [
            *start_up(env, pairs),
            *working_time(),
            concurrent_creates(env),
            *scale.rows(folder, count, pairs),
        ]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {pairs} pairs a ratio, CPU time")
    print(table(rows))
    return 1 if any(row.met is False for row in rows) else 0


def start_up(env: dict[str, str], pairs: int) -> Iterator[Row]:
    """Whole processes on a database of some forty tickets."""
    for command in (["init"], ["org", "create", "acme"]):
        subprocess.run([*HELPDESK, *command], env=env, check=True, capture_output=True)
    create = ["ticket", "create", "--subject", "x", "--from", "a@b.example", "--body", "b", "--json"]
    for _ in range(40):
        subprocess.run([*HELPDESK, *create], env=env, check=True, capture_output=True)
    for work, arguments, limit, goal in (
        ("--help / import click", ["--help"], CLICK, 1.3),
        ("ticket list --json --limit 50 / floor", ["ticket", "list", "--json", "--limit", "50"], FLOOR, 1.6),
        ("ticket show --json / floor", ["ticket", "show", "1", "--json"], FLOOR, 1.45),
        ("sweep with nothing due / floor", ["sweep", "-q"], FLOOR, 1.45),
        ("ticket create --json / floor", create, FLOOR, 1.8),
        ("ticket reply --json / floor", ["ticket", "reply", "1", "--body", "b", "--json"], FLOOR, 1.8),
    ):
        found = ratio([*HELPDESK, *arguments], limit, env, pairs)
        yield Row(work, f"{found:.2f}", f"<= {goal}", found <= goal)
    for line, limit, name in (
        ("ticket cr", CLICK, "import click"),
        ("ticket list --", CLICK, "import click"),
        ("ticket show 1", FLOOR, "floor"),
    ):
        words = {"COMP_WORDS": f"helpdesk {line}", "_HELPDESK_COMPLETE": "bash_complete"}
        found = ratio(HELPDESK, limit, env | words, pairs)
        yield Row(f"completion of `{line}` / {name}", f"{found:.2f}", "<= 1.3", found <= 1.3)
    listed = ratio(
        [*HELPDESK, "ticket", "list"], [*HELPDESK, "ticket", "list", "--json", "--limit", "50"], env, pairs
    )
    yield Row("ticket list as a table / --json", f"{listed:.2f}", "<= 1.8", listed <= 1.8)


def working_time() -> Iterator[Row]:
    """Questions a second on a table that is built already; every start is another, so no memo helps."""
    calendar = BusinessCalendar.from_spec(PARIS, "office")
    starts = [START + timedelta(minutes=37 * step) for step in range(20_000)]
    rates = {}
    for horizon, seconds in (("an hour", 3600), ("a year", 2000 * 3600), ("ten years", 20_000 * 3600)):
        ends = [calendar.add(start, seconds) for start in starts]
        begun = time.perf_counter()
        for start in starts:
            calendar.add(start, seconds)
        rates["add", horizon] = len(starts) / (time.perf_counter() - begun)
        begun = time.perf_counter()
        for start, end in zip(starts, ends, strict=True):
            calendar.between(start, end)
        rates["between", horizon] = len(starts) / (time.perf_counter() - begun)
    for (name, horizon), rate in rates.items():
        yield Row(f"{name} over {horizon}", f"{rate:,.0f}/s", ">= 200,000/s", rate >= 200_000)
    spread = rates["add", "an hour"] / rates["add", "ten years"]
    yield Row("add: ten years / an hour", f"{spread:.2f}", "<= 2", spread <= 2)


def concurrent_creates(env: dict[str, str]) -> Row:
    """Eight processes at once, 25 tickets each, every one its own transaction and process."""
    create = f"{sys.executable} -m helpdesk_cli ticket create --subject x --from w@b.example --body b -f ids"
    script = f"for i in $(seq 25); do {create} || exit 1; done"
    workers = [subprocess.Popen(["sh", "-c", script], env=env, stdout=subprocess.PIPE) for _ in range(8)]
    ids = {ticket for worker in workers for ticket in worker.communicate()[0].split()}
    return Row("8 processes creating 25 tickets each", f"{len(ids)} of 200", "200 of 200", len(ids) == 200)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
