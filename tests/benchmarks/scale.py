"""What many tickets cost: loading them, a list, a search and a sweep among them, memory and disk."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
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
            with open(f"{folder}/tickets.jsonl", "w", encoding="utf-8") as file:
                file.writelines(json.dumps(ticket) + "\n" for ticket in tickets(share))
            self.spent += self.run(now, "-q", "ticket", "create", "--jsonl", f"{folder}/tickets.jsonl")
        os.remove(f"{folder}/tickets.jsonl")

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
    yield from _loading(folder, big)
    yield from _commands(small, big, pairs)
    yield from _sweeps(small, big)


def _loading(folder: str, desk: Desk) -> Iterator[Row]:
    sample = min(desk.count, 20_000)
    path = f"{folder}/plain.db"
    env = {**desk.env, "HELPDESK_DB": path, "HELPDESK_NOW": EARLY}
    for words in (["init"], ["contact", "create", "c@acme.example"]):
        subprocess.run([*HELPDESK, *words], env=env, check=True, capture_output=True)
    limit = sample / plain.load(path, tickets(sample), EARLY)
    rate = desk.count / desk.spent
    yield Row(f"ticket create --jsonl, {desk.count:,}", f"{rate:,.0f}/s", "", None)
    yield Row("  of the rate of plain executemany", f"{rate / limit:.2f}", ">= 0.2", rate / limit >= 0.2)
    size = os.path.getsize(desk.path) / desk.count
    text = sum(len(t["subject"]) + len(t["body"]) for t in tickets(1_000)) / 1_000
    beside = (size - text) / 1024
    yield Row("bytes on disk a ticket, beside its text", f"{beside:.1f} KiB", "< 3 KiB", beside < 3)


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
