"""How often and by whom a hook is tried, whoever is killed on the way: each run once, and none lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from console import Run
from hooked import CREATE, Make, journal, later, programs, starting

from helpdesk_cli.errors import BusyError
from helpdesk_cli.services import hooks


@pytest.fixture
def program(tmp_path: Path) -> Make:
    return programs(tmp_path)


@pytest.fixture
def started(run: Run, tmp_path: Path) -> Callable[[str], None]:
    return starting(run, tmp_path)


def test_one_that_was_begun_and_never_ended_is_tried_again(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(f"[{{on: [created], run: [{program('')}], retries: 1}}]")

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(hooks, "_outcome", die)
        assert run(*CREATE).code == 130
    (row,) = journal(run)
    assert (row["state"], row["tries"], row["ended_at"]) == ("pending", 1, None)
    assert run("sweep").code == 0
    assert journal(run)[0]["tries"] == 1  # it may still be running
    later(monkeypatch, hooks._GRACE + 11)
    run("sweep")
    assert (journal(run)[0]["state"], journal(run)[0]["tries"]) == ("done", 2)


def test_the_end_of_a_try_that_was_given_up_for_lost_changes_nothing(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(f"[{{on: [created], run: [{program('')}]}}]")
    real = hooks._outcome

    def slow(*given: Any) -> dict[str, Any]:
        monkeypatch.setattr(hooks, "_outcome", real)
        later(monkeypatch, hooks._GRACE + 11)
        assert run("sweep").code == 0
        return {"exit_code": 1, "output": "late"}

    monkeypatch.setattr(hooks, "_outcome", slow)
    assert run(*CREATE).code == 0
    (row,) = journal(run)
    assert (row["state"], row["tries"], row["exit_code"], row["output"]) == ("done", 2, 0, "")


def test_a_command_runs_what_it_noted_itself_and_tries_none_again(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the time of those has just come."""
    started(f"[{{on: [created], run: [{program('sys.exit(1)')}]}}]")
    later(monkeypatch, 0)
    run(*CREATE)
    with monkeypatch.context() as patched:
        patched.setattr(hooks, "PATIENCE", 0)
        run(*CREATE)
    later(monkeypatch, 60)
    run(*CREATE)
    assert [row["tries"] for row in journal(run)] == [1, 0, 1]
    run("sweep")
    assert [row["tries"] for row in journal(run)] == [2, 1, 1]


def test_one_whose_last_try_never_ended_is_given_up(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(f"[{{on: [created], run: [{program('')}], retries: 0}}]")

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(hooks, "_outcome", die)
        assert run(*CREATE).code == 130
    later(monkeypatch, hooks._GRACE + 11)
    assert "it was begun, and its end is not known" in run("sweep", "-q").err
    (row,) = journal(run)
    assert (row["state"], row["tries"], row["exit_code"]) == ("failed", 1, None)


def test_a_command_killed_between_its_commit_and_the_hook_leaves_the_run_to_a_sweep(
    run: Run, program: Make, started: Any, tmp_path: Path
) -> None:
    """A real SIGKILL. The command hangs at its output, which nobody reads, before it runs any hook."""
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [created], run: [{path}]}}]")
    database = next(tmp_path.rglob("helpdesk.db"))
    code = "from helpdesk_cli.__main__ import main; main()"
    words = [sys.executable, "-c", code, "--db", str(database), *CREATE]
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    while True:  # until the pipe is full
        try:
            os.write(writing, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writing, True)
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}  # as where nobody has set it
    with subprocess.Popen(words, stdout=writing, env=buffered) as process:
        end = time.monotonic() + 20
        while not journal(run) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.5)  # time in which it would have run the hook
        process.kill()
    os.close(reading)
    os.close(writing)
    assert process.returncode == -9
    assert [(row["state"], row["tries"]) for row in journal(run)] == [("pending", 0)]
    assert not path.with_name("told").exists()
    assert run("sweep").code == 0
    assert [(row["state"], row["tries"]) for row in journal(run)] == [("done", 1)]
    assert path.with_name("told").read_text() == "x"


def test_where_hooks_cannot_be_run_the_command_has_done_its_work(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(f"[{{on: [created], run: [{program('')}]}}]")

    def busy(*_: Any, **__: Any) -> None:
        raise BusyError("it is locked")

    with monkeypatch.context() as patched:
        patched.setattr("helpdesk_cli.storage.hook_runs.due", busy)
        done = run(*CREATE)
    assert (done.code, done.err) == (0, "hooks are left to the next sweep: it is locked\n")
    assert journal(run)[0]["tries"] == 0


def test_two_sweeps_at_once_run_each_once(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from contextlib import closing

    from helpdesk_cli.services import sweep
    from helpdesk_cli.services.app import App

    path = program("open('told', 'a').write('x'); time.sleep(0.05)")
    started(f"[{{on: [created], run: [{path}]}}]")
    monkeypatch.setattr(hooks, "PATIENCE", 0)
    for _ in range(6):
        run(*CREATE)
    database = next(tmp_path.rglob("helpdesk.db"))

    def work(_: int) -> None:
        with closing(App(str(database))) as app:
            sweep.run_hooks(app)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert [(row["state"], row["tries"]) for row in journal(run)] == [("done", 1)] * 6
    assert path.with_name("told").read_text() == "x" * 6
