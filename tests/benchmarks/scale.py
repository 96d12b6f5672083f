"""What many tickets cost: loading them, a list, a search and a sweep among them, memory and disk."""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from tests.benchmarks import plain
from tests.benchmarks.measure import FLOOR, Row, cpu_seconds, peak_memory, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

HELPDESK = [sys.executable, "-m", "helpdesk_cli"]
EARLY, LATE, SWEPT = "2026-03-01T09:00:00Z", "2026-03-09T09:00:00Z", "2026-03-05T09:00:00Z"
SMALL = 1_000
POLICY = """
version: 1
default_plan: basic
default_priority: normal
calendars: {office: {timezone: Europe/Paris, hours: {mon-fri: ["09:00-12:00", "13:00-17:00"]}}}
priorities: [{name: high}, {name: normal}]
plans:
  basic:
    calendar: office
    targets: {high: {first_response: 2h, resolution: 8h}, normal: {first_response: 4h, resolution: 16h}}
"""
_WORDS = """
    router light shop printer network invoice order late password mail server backup cable phone screen
    customer please help since morning again broken slow missing wrong twice never opens closes
""".split()  # noqa: SIM905 - easier to read than a list


def tickets(count: int) -> Iterator[dict[str, Any]]:
    """Made-up requests of 500 customers of 50 organisations, the same every time."""
    dice = random.Random(count)
    for number in range(count):
        yield {
            "subject": f"{dice.choice(_WORDS)} {dice.choice(_WORDS)} {number}",
            "from": f"c{number % 500}@acme{number % 50}.example",
            "body": " ".join(dice.choices(_WORDS, k=24)),
            "priority": ("normal", "high")[number % 2],
        }


def written(folder: str, count: int) -> str:
    """The file with these tickets as JSON lines."""
    path = f"{folder}/tickets.jsonl"
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(ticket) + "\n" for ticket in tickets(count))
    return path


class Desk:
    """A database of `count` tickets in `folder`, of which `due` are four days older than the rest."""

    def __init__(self, folder: str, count: int, due: int) -> None:
        self.path = f"{folder}/desk{count}-{due}.db"
        self.count, self.due = count, due
        self.env = {"PATH": os.environ["PATH"], "HOME": folder, "HELPDESK_DB": self.path}
        self.spent = 0.0
        with open(f"{folder}/policy.yaml", "w", encoding="utf-8") as file:
            file.write(POLICY)
        self.run(EARLY, "init", "--plans", f"{folder}/policy.yaml")
        for share, now in ((due, EARLY), (count - due, LATE)):
            self.spent += self.run(now, "-q", "ticket", "create", "--jsonl", written(folder, share))

    def run(self, now: str, *words: str) -> float:
        """CPU seconds of a command."""
        return cpu_seconds([*HELPDESK, *words], {**self.env, "HELPDESK_NOW": now})

    def copy(self, name: str) -> dict[str, str]:
        """The environment of a copy of the database."""
        path = f"{self.path}.{name}"
        subprocess.run(
            [*HELPDESK, "db", "check"], env=self.env, check=self.count <= SMALL, capture_output=True
        )
        shutil.copy(self.path, path)
        return {**self.env, "HELPDESK_DB": path}


def rows(folder: str, count: int, pairs: int) -> Iterator[Row]:
    """The figures at `count` tickets."""
    small, big = Desk(folder, SMALL, SMALL // 10), Desk(folder, count, count // 10)
    yield from _loading(folder, big, pairs)
    yield from _transfer(folder, big, pairs)
    yield from _commands(small, big, pairs)
    yield from _sweeps(small, big)


def _loading(folder: str, desk: Desk, pairs: int) -> Iterator[Row]:
    sample = min(desk.count, 20_000)
    lines = written(folder, sample)
    found, peaks = zip(*(_pair(folder, desk.env, lines) for _ in range(pairs)), strict=True)
    share, peak = statistics.median(found), max(peaks) / 2**20
    yield Row(f"ticket create --jsonl, {desk.count:,}", f"{desk.count / desk.spent:,.0f}/s", "", None)
    yield Row(f"  of {sample:,} / plain executemany", f"{share:.2f} of its rate", ">= 0.2", share >= 0.2)
    yield Row("  peak memory", f"{peak:.0f} MiB", "< 60 MiB", peak < 60)
    size = os.path.getsize(desk.path) / desk.count
    text = sum(len(t["subject"]) + len(t["body"]) for t in tickets(1_000)) / 1_000
    beside = (size - text) / 1024
    yield Row("bytes on disk a ticket, beside its text", f"{beside:.1f} KiB", "< 3 KiB", beside < 3)


def _pair(folder: str, env: dict[str, str], lines: str) -> tuple[float, int]:
    """(CPU seconds of a plain script / those of the command, peak memory of the command), each on a database
    of its own."""
    spent: list[float] = []
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        ours, limit = ({**env, "HELPDESK_DB": f"{inside}/{name}.db"} for name in ("ours", "plain"))
        for each in (ours, limit):
            each["HELPDESK_NOW"] = EARLY
            for words in (["init", "--plans", f"{folder}/policy.yaml"], ["contact", "create", "c@b.example"]):
                subprocess.run([*HELPDESK, *words], env=each, check=True, capture_output=True)
        peak = peak_memory([*HELPDESK, "-q", "ticket", "create", "--jsonl", lines], ours, spent)
        return plain.load(limit["HELPDESK_DB"], lines, EARLY) / spent[0], peak


def _transfer(folder: str, desk: Desk, pairs: int) -> Iterator[Row]:
    """All of the database out, and into another one."""
    sample = desk if desk.count <= 20_000 else Desk(folder, 20_000, 2_000)
    lines = written(folder, sample.count)
    found = [_out_and_in(folder, sample, lines) for _ in range(pairs)]
    out, into = (statistics.median(ratios) for ratios in zip(*found, strict=True))
    file, env = f"{folder}/all.jsonl", {**desk.env, "HELPDESK_NOW": LATE}
    for work, limit, share, goal, words in (
        ("export", "SELECT and json.dumps", out, 0.5, ["export", "-o", file]),
        ("import", "executemany", into, 0.2, ["import", file, "--db", f"{folder}/all.db"]),
    ):
        spent: list[float] = []
        peak = peak_memory([*HELPDESK, *words], env, spent) / 2**20
        yield Row(f"{work}, {desk.count:,}", f"{desk.count / spent[0]:,.0f} tickets/s", "", None)
        title = f"  of {sample.count:,} / plain {limit}"
        yield Row(title, f"{share:.2f} of its rate", f">= {goal}", share >= goal)
        yield Row("  peak memory", f"{peak:.0f} MiB", "< 100 MiB", peak < 100)
    for name in (file, f"{folder}/all.db"):
        os.remove(name)


def _out_and_in(folder: str, desk: Desk, lines: str) -> tuple[float, float]:
    """CPU seconds of a plain script / those of the command, of an export and of its import."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        ours = {**desk.env, "HELPDESK_NOW": LATE}
        limit = {**desk.env, "HELPDESK_DB": f"{inside}/plain.db", "HELPDESK_NOW": EARLY}
        for words in (["init", "--plans", f"{folder}/policy.yaml"], ["contact", "create", "c@b.example"]):
            subprocess.run([*HELPDESK, *words], env=limit, check=True, capture_output=True)
        file = f"{inside}/ours.jsonl"
        out = cpu_seconds([*HELPDESK, "export", "-o", file], ours)
        plain_out = plain.export(desk.path, f"{inside}/plain.jsonl")
        into = cpu_seconds([*HELPDESK, "import", file, "--db", f"{inside}/ours.db"], ours)
        return plain_out / out, plain.load(limit["HELPDESK_DB"], lines, EARLY) / into


def _commands(small: Desk, big: Desk, pairs: int) -> Iterator[Row]:
    for words, floor in (
        (["ticket", "list", "--json", "--limit", "50", "--priority", "high"], 1.6),
        (["search", "router", "--json", "--limit", "50", "--sort", "newest"], 1.6),
        (["ticket", "show", "1", "--json"], 1.45),
        (["sweep", "-q"], 1.45),
        (["ticket", "create", "--subject", "x", "--from", "a@b.example", "--body", "b", "--json"], 1.8),
        (["ticket", "reply", "1", "--body", "b", "--json"], 1.8),
    ):
        command = [*HELPDESK, *words]
        name = " ".join(words[:3] if words[0] != "sweep" else ["sweep with nothing due"])
        envs = [{**desk.env, "HELPDESK_NOW": EARLY} for desk in (small, big)]
        found = ratio(command, FLOOR, envs[1], pairs)
        yield Row(f"{name} at {big.count:,} / floor", f"{found:.2f}", f"<= {floor}", found <= floor)
        grown = ratio(command, command, envs[1], pairs, other=envs[0])
        yield Row(f"  / the same at {SMALL:,}", f"{grown:.2f}", "<= 1.15", grown <= 1.15)
        peak = peak_memory(command, envs[1]) / 2**20
        yield Row("  peak memory", f"{peak:.0f} MiB", "< 60 MiB", peak < 60)


def _sweeps(small: Desk, big: Desk) -> Iterator[Row]:
    each = []
    for desk in (small, big):
        ours, limit = desk.copy("ours"), desk.copy("plain")
        command = [*HELPDESK, "sweep", "-q"]
        start = cpu_seconds(command, {**ours, "HELPDESK_NOW": EARLY})
        peak = peak_memory(command, {**ours, "HELPDESK_NOW": SWEPT}, spent := [])
        spent_ours, spent_limit = spent[0] - start, plain.sweep(limit["HELPDESK_DB"], SWEPT)
        found = spent_ours / spent_limit
        each.append(spent_ours / desk.due)
        yield Row(
            f"sweep, {desk.due:,} due of {desk.count:,}", f"{each[-1] * 1e6:,.0f} us a ticket", "", None
        )
        yield Row("  / a plain loop with executemany", f"{found:.2f}", "<= 3", found <= 3)
        yield Row("  peak memory", f"{peak / 2**20:.0f} MiB", "< 60 MiB", peak < 60 * 2**20)
        os.remove(ours["HELPDESK_DB"])
        os.remove(limit["HELPDESK_DB"])
    yield Row("  a ticket at the larger / at the smaller", f"{each[1] / each[0]:.2f}", "", None)
