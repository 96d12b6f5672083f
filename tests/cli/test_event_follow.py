"""`event list --follow`: real processes, as scripts run them."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from helpdesk_cli.errors import StorageError
from helpdesk_cli.services import events
from helpdesk_cli.services.app import App

PROGRAM = [sys.executable, "-c", "from helpdesk_cli.__main__ import main; main()"]
LONG = 20  # seconds that no test waits, unless something is broken
Follow = Callable[..., "Follower"]


class Follower:
    """A process that follows the log, read line by line."""

    def __init__(self, path: Path, *words: str) -> None:
        self._process = subprocess.Popen(
            [*PROGRAM, "--db", str(path), "event", "list", "--follow", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._alarm = threading.Timer(LONG, self._process.kill)
        self._alarm.start()

    def read(self, count: int) -> list[int]:
        """The `seq` of the next lines, as soon as they are there."""
        assert self._process.stdout
        return [json.loads(self._process.stdout.readline())["seq"] for _ in range(count)]

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Read no more."""
        assert self._process.stdout
        self._process.stdout.close()

    def end(self) -> tuple[int, str]:
        """(exit code, stderr), once it has ended by itself."""
        assert self._process.stderr
        if not self._process.stderr.closed:
            self._said = self._process.stderr.read()
        code = self._process.wait(LONG)
        self._alarm.cancel()
        self.hang_up()
        self._process.stderr.close()
        return code, self._said


@pytest.fixture
def follow(desk: Desk) -> Iterator[Follow]:
    """`follow("--after", "3")`: a process on the desk's database, ended at the end of the test."""
    started: list[Follower] = []

    def start(*words: str) -> Follower:
        started.append(Follower(desk.path, *words))
        return started[-1]

    yield start
    for each in started:
        each.signal(signal.SIGKILL)
        each.end()


def test_what_is_there_then_what_comes(desk: Desk, follow: Follow) -> None:
    desk.open("--priority", "low")
    follower = follow()
    assert follower.read(2) == [1, 2]
    desk.open("--priority", "low")
    assert follower.read(2) == [3, 4]
    follower.signal(signal.SIGINT)
    assert follower.end() == (130, "")


def test_resumed_and_filtered(desk: Desk, follow: Follow) -> None:
    for _ in range(3):
        desk.open("--priority", "low")
    follower = follow("--after", "2", "--type", "message,note", "--ticket", "HD-2")
    assert follower.read(1) == [4]
    desk.json("ticket", "note", 1, "--body", "other ticket")
    desk.json("ticket", "note", 2, "--body", "n")
    assert follower.read(1) == [8]
    follower.signal(signal.SIGTERM)
    assert follower.end() == (143, "")


def test_it_ends_when_nobody_reads_though_nothing_comes(desk: Desk, follow: Follow) -> None:
    desk.open("--priority", "low")
    follower = follow()
    follower.read(2)
    follower.hang_up()
    assert follower.end() == (141, "")


@pytest.mark.parametrize("how", ["moved", "deleted", "replaced"])
def test_it_ends_when_the_database_goes(desk: Desk, follow: Follow, how: str) -> None:
    desk.open("--priority", "low")
    follower = follow()
    follower.read(2)
    other = desk.path.with_name("other.db")
    match how:
        case "moved":
            desk.path.rename(other)
        case "deleted":
            desk.path.unlink()
        case _:
            other.write_bytes(desk.path.read_bytes())
            other.rename(desk.path)
    code, said = follower.end()
    assert code == 1
    assert f"{desk.path} was moved, replaced or deleted" in said


def test_an_older_state_that_is_restored_into_the_file_ends_it(desk: Desk, follow: Follow) -> None:
    """As `.restore` of sqlite3 does it: the file is the same, but its log ends before what was read."""
    older = sqlite3.connect(desk.path.with_name("older.db"))
    now = sqlite3.connect(desk.path)
    now.backup(older)
    desk.open("--priority", "low")
    follower = follow()
    assert follower.read(2) == [1, 2]
    older.backup(now)
    code, said = follower.end()
    assert code == 1
    assert said == (
        f"Error: the log of {desk.path} ended at 2 and now ends at 0: an older state was restored\n"
        "Hint: go on with --follow --after 0; what follows takes the place of what was read\n"
    )
    now.close()
    older.close()


def test_the_log_of_what_took_its_place_is_left_alone(desk: Desk, follow: Follow, tmp_path: Path) -> None:
    """SQLite's last connection deletes the log by its name: it must not be that of another database."""
    desk.open("--priority", "low")
    follower = follow()
    follower.read(2)
    desk.open("--priority", "low")
    follower.read(2)
    log = desk.path.with_name("desk.db-wal")
    assert log.stat().st_size > 0
    desk.path.rename(tmp_path / "away.db")
    log.write_bytes(b"of another database")
    assert follower.end()[0] == 1
    assert log.read_bytes() == b"of another database"


def test_a_limit_ends_it(desk: Desk, follow: Follow) -> None:
    desk.open("--priority", "low")
    follower = follow("--limit", "3")
    assert follower.read(2) == [1, 2]
    desk.open("--priority", "low")
    assert follower.read(1) == [3]
    assert follower.end() == (0, "")


def test_nothing_is_missed_or_doubled_while_others_write(desk: Desk, follow: Follow) -> None:
    follower = follow("--limit", "120")
    writer = f"""
from helpdesk_cli.services.app import App
from helpdesk_cli.services import tickets
app = App({str(desk.path)!r}, timezone="UTC")
for n in range(20):
    tickets.create(app, subject="s", sender="sara@acme.example", body="b", priority="low")
app.close()
"""
    writers = [subprocess.Popen([sys.executable, "-c", writer]) for _ in range(3)]
    assert follower.read(120) == list(range(1, 121))
    assert [each.wait(LONG) for each in writers] == [0, 0, 0]
    assert follower.end() == (0, "")


def test_a_page_that_is_full_is_followed_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_PAGE", 3)
    for _ in range(4):
        desk.open("--priority", "low")
    assert [row["seq"] for row in ended(desk)] == list(range(1, 9))
    assert [row["seq"] for row in ended(desk, types=("message",))] == [2, 4, 6, 8]


def test_a_moved_database_is_told_with_a_hint(desk: Desk) -> None:
    desk.open("--priority", "low")
    rows = ended(desk, pause=lambda: desk.path.rename(desk.path.with_name("away.db")))
    assert [next(rows)["seq"], next(rows)["seq"]] == [1, 2]
    with pytest.raises(StorageError) as caught:
        next(rows)
    assert (caught.value.code, caught.value.exit_code) == ("database_moved", 1)
    assert "--follow --after" in (caught.value.hint or "")


def ended(desk: Desk, **given: Any) -> Iterator[dict[str, Any]]:
    """Follow in this process, until there is nothing new."""

    class OverError(Exception):
        pass

    def pause() -> None:
        raise OverError

    app = App(str(desk.path), timezone="UTC")
    try:
        yield from events.follow(app, **{"after": 0, "ticket": None, "types": (), "pause": pause, **given})
    except OverError:
        return
    finally:
        app.close()


def test_bad_input(desk: Desk) -> None:
    for format_ in ("json", "table"):
        result = desk("event", "list", "--follow", "-f", format_)
        assert (result.code, result.out) == (2, "")
        assert "--follow has no end" in result.err
    assert desk.refused("event", "list", "--follow", "-f", "jsonl", "--type", "zzz", code=2)
    result = desk("event", "list", "--follow", "--ticket", "99")
    assert (result.code, result.out) == (3, "")
    desk.path.unlink()
    result = desk("event", "list", "--follow")
    assert (result.code, result.out) == (3, "")


def test_a_log_that_ends_before_where_one_has_read(desk: Desk) -> None:
    desk.open("--priority", "low")
    for more in ((), ("--follow",), ("--count",)):
        result = desk("event", "list", "--after", 3, *more)
        assert (result.code, result.out) == (4, "")
        assert result.err == (
            f"Error: the log of {desk.path} ends at 2, before 3: an older state was restored, or it is"
            " another database\nHint: go on with --after 2; what follows takes the place of what was read\n"
        )
    error = desk.refused("event", "list", "--after", 7, code=4)
    assert (error["code"], error["details"]) == ("log_behind", {"last_seq": 2})
    assert desk("event", "list", "--after", 2) == (0, "", "")
    assert desk("event", "list", "--after", 1, "-f", "ids").out == "2\n"
