"""Hooks through the real command line and real programs: what they are told, and what becomes of each run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import POLICY, SARA
from hooked import CREATE, Make, journal, later, programs, starting

from helpdesk_cli.services import hooks


@pytest.fixture
def program(tmp_path: Path) -> Make:
    return programs(tmp_path)


@pytest.fixture
def started(run: Run, tmp_path: Path) -> Callable[[str], None]:
    return starting(run, tmp_path)


def test_it_reads_the_event_in_a_small_environment(
    run: Run, program: Make, started: Any, tmp_path: Path
) -> None:
    path = program(
        "open('told', 'a').write(sys.stdin.read() + began + repr(sorted(os.environ)) + sys.argv[1])"
    )
    started(f"[{{on: [created], run: [{path}, '; echo $HOME']}}]")
    done = run(*CREATE, env={"SECRET": "x", "LANG": "C.UTF-8"})
    assert (done.code, done.err) == (0, "")
    line, rest = (tmp_path / "told").read_text().split("\n")
    (event,) = run("event", "list", "--type", "created", "--json").json
    assert json.loads(line) == event
    assert rest.startswith("/[")  # in the root folder
    assert rest.endswith("; echo $HOME")
    assert "SECRET" not in rest
    assert "HELPDESK_EVENT" in rest
    (row,) = journal(run)
    assert (row["event"], row["type"], row["state"], row["tries"], row["exit_code"]) == (
        event["seq"], "created", "done", 1, 0,
    )  # fmt: skip


def test_no_hook_is_run_for_another_type_a_refusal_a_dry_run(run: Run, program: Make, started: Any) -> None:
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [clock_breached, merged], run: [{path}]}}]")
    run(*CREATE)
    assert run("ticket", "merge", "1", "1").code != 0
    assert run("sweep", "-n", "--now", "+4h").code == 0
    assert journal(run) == []
    assert not path.with_name("told").exists()


def test_a_sweep_runs_what_time_did(run: Run, program: Make, started: Any) -> None:
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [clock_breached], run: [{path}]}}]")
    run(*CREATE)
    assert run("sweep", "--now", "+5h").code == 0
    assert [row["state"] for row in journal(run)] == ["done"]
    run("sweep", "--now", "+6h")
    assert path.with_name("told").read_text() == "x"


def test_one_that_fails_is_tried_again_and_then_given_up(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program("print('no ' + 'line'); sys.exit(3)")
    started(f"[{{on: [created], run: [{path}], retries: 2}}]")
    assert run(*CREATE).code == 0
    (row,) = journal(run)
    assert (row["state"], row["tries"], row["exit_code"], row["output"]) == ("pending", 1, 3, "no line\n")
    assert run("sweep").err == ""
    assert journal(run)[0]["tries"] == 1  # its time has not come
    later(monkeypatch, 61)
    assert "hook" not in run("sweep", "-q").err
    later(monkeypatch, 121)
    told = run("sweep", "-q")
    assert told.code == 0
    assert f"hook {path} was not told of event 1 (created): exit code 3" in told.err
    (row,) = journal(run, "--failed")
    assert (row["tries"], row["next_try_at"]) == (3, None)
    later(monkeypatch, 9999)
    assert run("sweep", "-q").err == ""


def test_one_that_hangs_is_killed_with_what_it_started(run: Run, program: Make, started: Any) -> None:
    path = program(
        "if os.fork() == 0:\n    time.sleep(3); open('child', 'w').write('alive')\nelse:\n    time.sleep(60)"
    )
    started(f"[{{on: [created], run: [{path}], timeout: 1s, retries: 0}}]")
    began = time.monotonic()
    done = run(*CREATE)
    assert time.monotonic() - began < 10
    assert done.code == 0
    assert "no end within 1 s" in done.err
    (row,) = journal(run)
    assert (row["exit_code"], row["output"].splitlines()[0]) == (None, "no end within 1 s")
    time.sleep(2.5)
    assert not path.with_name("child").exists()


@pytest.mark.parametrize(
    ("code", "exit_code", "output"),
    [
        ("sys.stdout.write('x' * 5_000_000 + 'end')", 0, "x" * 3997 + "end"),
        ("os.close(0)", 0, ""),
        ("os.close(1); os.close(2); time.sleep(0.2); os._exit(4)", 4, ""),
        ("os.kill(os.getpid(), 9)", 137, ""),
        ("sys.stdout.buffer.write(b'a\\xff\\0b')", 0, "a\ufffdb"),
        ("if os.fork() == 0:\n    os.setsid(); time.sleep(3)", 0, ""),
    ],
    ids=[
        "floods",
        "reads nothing",
        "closes its output",
        "is killed",
        "prints bytes",
        "goes into the background",
    ],
)
def test_whatever_it_does_the_change_stays(
    run: Run, program: Make, started: Any, code: str, exit_code: int, output: str
) -> None:
    started(f"[{{on: [created], run: [{program(code)}], timeout: 2s}}]")
    assert run(*CREATE).code == 0
    (row,) = journal(run)
    assert (row["exit_code"], row["output"]) == (exit_code, output)
    assert run("ticket", "show", "1").code == 0


def test_a_program_that_is_gone_when_it_is_to_be_run(run: Run, program: Make, started: Any) -> None:
    path = program("")
    started(f"[{{on: [created], run: [{path}]}}]")
    path.chmod(0o644)
    run(*CREATE)
    path.unlink()
    run(*CREATE)
    assert [row["exit_code"] for row in journal(run)] == [126, 127]
    assert journal(run)[1]["output"].endswith(": No such file or directory")
    assert "Errno" not in journal(run)[1]["output"]


def test_where_its_input_can_be_kept_nowhere_the_change_stays(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started(f"[{{on: [created], run: [{program('')}]}}]")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    done = run(*CREATE)
    assert (done.code, done.err) == (0, "")
    (row,) = journal(run)
    assert (row["state"], row["exit_code"]) == ("pending", 126)
    assert str(tmp_path / "gone") in row["output"]


def test_a_command_waits_for_some_runs_only_and_a_sweep_does_the_rest(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [created], run: [{path}]}}]")
    monkeypatch.setattr(hooks, "PATIENCE", 0)
    lines = "".join(json.dumps({"subject": "s", "from": SARA, "body": "b"}) + "\n" for _ in range(5))
    assert run("ticket", "create", "--jsonl", "-", stdin=lines).code == 0
    assert [(row["state"], row["tries"]) for row in journal(run)] == [("pending", 0)] * 5
    assert [row["event"] for row in journal(run)] == [
        event["seq"] for event in run("event", "list", "--type", "created", "--json").json
    ]
    run("sweep")
    assert {row["state"] for row in journal(run)} == {"done"}
    assert path.with_name("told").read_text() == "x" * 5


def test_a_demo_tells_no_program_of_its_month(run: Run, program: Make, started: Any) -> None:
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [created, clock_breached], run: [{path}]}}]")
    assert run("demo", "--tickets", "3").code == 0
    assert journal(run) == []
    assert run("sweep").code == 0
    assert not path.with_name("told").exists()
    assert run(*CREATE).code == 0
    assert path.with_name("told").read_text() == "x"


def test_a_hook_the_policy_has_no_more_is_given_up(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started(f"[{{on: [created], run: [{program('sys.exit(1)')}]}}]")
    run(*CREATE)
    (tmp_path / "none.yaml").write_text(POLICY.replace("hooks: [{on: [redacted], run: [/bin/true]}]\n", ""))
    assert run("plan", "apply", str(tmp_path / "none.yaml")).code == 0
    later(monkeypatch, 61)
    assert "the policy has it no more" in run("sweep", "-q").err
    assert journal(run)[0]["state"] == "failed"


def test_a_hook_that_is_for_another_type_now_is_given_up(
    run: Run, program: Make, started: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started(f"[{{on: [created], run: [{program('sys.exit(1)')}]}}]")
    run(*CREATE)
    file = tmp_path / "hooked.yaml"
    file.write_text(file.read_text().replace("on: [created]", "on: [merged]"))
    assert run("plan", "apply", str(file)).code == 0
    later(monkeypatch, 61)
    assert "the policy has it no more" in run("sweep", "-q").err


def test_what_a_hook_does_is_told_to_no_hook(run: Run, program: Make, started: Any, tmp_path: Path) -> None:
    """One that writes an event of its own type would never come to an end."""
    started(f"[{{on: [created], run: [{program('')}]}}]")
    lines = tmp_path / "in.jsonl"
    lines.write_text(json.dumps({"subject": "s", "from": SARA, "body": "b"}))
    for words in (CREATE, ("ticket", "create", "--jsonl", str(lines))):
        assert run(*words, env={"HELPDESK_HOOK": "1"}).code == 0
    assert journal(run) == []


def test_a_sweep_that_a_hook_starts_runs_none(run: Run, program: Make, started: Any) -> None:
    started(f"[{{on: [created], run: [{program('sys.exit(1)')}]}}]")
    run(*CREATE)
    before = journal(run)
    run("sweep", env={"HELPDESK_HOOK": "1"})
    assert journal(run) == before


def test_hook_test_runs_what_is_declared_and_keeps_nothing(run: Run, program: Make, started: Any) -> None:
    good, bad = program("print(sys.stdin.read())"), program("sys.exit(5)", "bad")
    started(f"[{{on: [created, merged], run: [{good}]}}, {{on: [merged], run: [{bad}]}}]")
    done = run("hook", "test", "created", "--json")
    assert done.code == 0
    (row,) = done.json
    assert (row["event"], row["exit_code"], json.loads(row["output"])["type"]) == (None, 0, "created")
    done = run("hook", "test", "MERGED", "--json")
    assert done.code == 7
    assert [row["exit_code"] for row in done.json] == [0, 5]
    assert journal(run) == []
    assert run("hook", "test", "noted").code == 2
    assert run("hook", "test", "linked").code == 3


def test_a_policy_without_hooks_loads_nothing_of_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init")
    names = (
        "helpdesk_cli.services.hooks",
        "helpdesk_cli.storage.hook_runs",
        "helpdesk_cli.adapters.hook_process",
    )
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)  # to load it would be an error
        monkeypatch.delattr(name)  # also as what its package has already
    assert run(*CREATE).code == 0
    assert run("sweep").code == 0


def test_an_export_takes_the_journal_along_and_an_import_runs_nothing(
    run: Run, program: Make, started: Any, tmp_path: Path
) -> None:
    path = program("open('told', 'a').write('x')")
    started(f"[{{on: [created], run: [{path}]}}]")
    run(*CREATE)
    run("export", "-o", str(tmp_path / "all.jsonl"))
    assert run("import", str(tmp_path / "all.jsonl"), "--db", str(tmp_path / "new.db")).code == 0
    assert journal(run, "--db", str(tmp_path / "new.db")) == journal(run)
    assert path.with_name("told").read_text() == "x"


def test_what_is_due_is_looked_up_in_the_index_of_pending_runs(tmp_path: Path) -> None:
    from contextlib import closing

    from helpdesk_cli.storage import schema
    from helpdesk_cli.storage.database import open_database

    with closing(open_database(str(tmp_path / "new.db"), create=True)) as db:
        schema.initialise(db)
        plan = db.query(
            "EXPLAIN QUERY PLAN SELECT 1 FROM hook_runs WHERE state = 'pending' AND next_try_at <= :at",
            {"at": "2026-03-01T09:00:00Z"},
        )
    assert "hook_runs_pending" in plan[0]["detail"]
