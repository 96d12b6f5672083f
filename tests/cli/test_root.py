"""How a run begins and ends: exit codes, error lines, global options, hostile environments."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from console import Run

from helpdesk_cli import __version__, errors
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

Saying = Callable[[Callable[[Output], None]], None]


def test_version(run: Run) -> None:
    said = (0, f"helpdesk {__version__}\n", "")
    assert run("--version") == said
    assert run("ticket", "show", "--version") == said
    assert run("init", "--version", "-q") == said


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_everywhere(run: Run, option: str) -> None:
    for command in ((), ("calendar",), ("calendar", "due")):
        result = run(*command, option)
        assert (result.code, result.err) == (0, "")
        assert "Examples:" in result.out


def test_without_a_command_the_help_is_on_stderr(run: Run) -> None:
    result = run()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: helpdesk")


@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (errors.HelpdeskError("m"), 1, "error"),
        (errors.StorageError("m"), 1, "io_error"),
        (errors.UsageError("m"), 2, "usage"),
        (errors.NotFoundError("m", code="unknown_plan"), 3, "unknown_plan"),
        (errors.RefusedError("m"), 4, "refused"),
        (errors.BusyError("m"), 5, "busy"),
        (errors.PolicyError("m"), 6, "policy_invalid"),
        (ZeroDivisionError("m"), 1, "unexpected"),
        (OSError(28, "No space left on device"), 1, "io_error"),
        (click.Abort(), 1, "aborted"),
        (click.FileError("f"), 1, "io_error"),
        (RecursionError(), 1, "unexpected"),
        ("\udcff".encode, 2, "not_utf8"),
    ],
)
def test_every_failure_has_its_exit_code(
    run: Run, saying: Saying, error: Exception | Callable[[], object], code: int, name: str
) -> None:
    def fail(_out: Output) -> None:
        if callable(error):
            error()
        else:
            raise error

    saying(fail)
    plain, machine = run("fake", "say"), run("fake", "say", "--json")
    assert (plain.code, plain.out, machine.code) == (code, "", code)
    assert plain.err.startswith("Error: ")
    assert "Traceback" not in plain.err
    assert machine.errors[0]["code"] == name
    assert list(machine.errors[0]) == ["code", "message", "hint", "details"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (BrokenPipeError(), 141), (SystemExit(143), 143), (SystemExit("x"), 1)],
)
def test_ends_that_need_no_word(run: Run, saying: Saying, error: BaseException, code: int) -> None:
    def fail(_out: Output) -> None:
        raise error

    saying(fail)
    assert run("fake", "say") == (code, "", "")


def test_error_and_hint_lines(run: Run, saying: Saying) -> None:
    def fail(_out: Output) -> None:
        raise errors.NotFoundError("there is no plan 'x\x1b[2J'", hint="did you mean 'y'?")

    saying(fail)
    assert run("fake", "say").err == "Error: there is no plan 'x\\x1b[2J'\nHint: did you mean 'y'?\n"
    assert "\x1b[1;31mError:\x1b[0m" in run("fake", "say", "--color", "always").err
    assert "\x1b" not in run("fake", "say", tty=True, env={"NO_COLOR": "1"}).err
    assert "\x1b[1;31m" in run("fake", "say", env={"FORCE_COLOR": "1"}).err


def test_every_problem_of_a_policy_has_its_line(run: Run, saying: Saying) -> None:
    problems = [{"line": 3, "message": "unknown key"}, {"line": None, "message": "no plans"}, "odd"]

    def fail(_out: Output) -> None:
        raise errors.PolicyError("3 problems", details={"problems": problems})

    saying(fail)
    assert run("fake", "say").err == "Error: 3 problems\n  line 3: unknown key\n  no plans\n  odd\n"
    assert run("fake", "say", "--json").errors[0]["details"] == {"problems": problems}


def test_debug_shows_the_traceback(run: Run, saying: Saying) -> None:
    def fail(_out: Output) -> None:
        raise errors.RefusedError("no")

    saying(fail)
    assert "Traceback" in run("fake", "say", "--debug").err
    assert "Traceback" in run("fake", "say", env={"HELPDESK_DEBUG": "1"}).err


def test_usage_errors_are_json_too(run: Run) -> None:
    for words in (("--json",), ("-f", "json"), ("--format=jsonl",), ("-fjson",)):
        result = run("calendar", "list", *words, "--nonsense")
        assert result.errors[0]["code"] == "no_such_option"
    assert run("calendar", "show", "--json").errors[0]["code"] == "missing_parameter"
    assert run("--json").errors[0]["message"] == "Missing command."
    assert run(env={"HELPDESK_QUIET": "x"}).code == 2
    assert run("calendar", "--", "--json").err.startswith("Error: ")


def test_global_options_before_the_noun_and_after_the_verb(run: Run, saying: Saying) -> None:
    seen: list[tuple[str, str | None, str | None, str | None, bool, int]] = []

    def look(out: Output) -> None:
        s = out.settings
        seen.append((s.db, s.actor, s.now, s.timezone, s.quiet, s.verbose))

    saying(look)
    run("--db", "a", "--as", "ann", "--now", "-2h", "-q", "fake", "say")
    run("fake", "say", "--db", "a", "--as", "ann", "--now", "-2h", "-q")
    run("--db", "b", "--as", "bob", "fake", "say", "--db", "a", "--as", "ann", "--now", "-2h", "-q")
    variables = {"HELPDESK_DB": "a", "HELPDESK_ACTOR": "ann", "HELPDESK_NOW": "-2h", "HELPDESK_QUIET": "1"}
    run("fake", "say", env=variables)
    run(
        "fake",
        "say",
        "--db",
        "a",
        "--now",
        "-2h",
        env={**variables, "HELPDESK_DB": "b", "HELPDESK_NOW": "now"},
    )
    assert seen == [("a", "ann", "-2h", "UTC", True, 0)] * 5
    run("-v", "fake", "say", "-vv", "--timezone", "Asia/Riyadh", env={"HELPDESK_TIMEZONE": "Europe/Paris"})
    assert seen[-1][3:] == ("Asia/Riyadh", False, 2)


def test_default_database(run: Run, saying: Saying, tmp_path: Path) -> None:
    seen: list[str] = []
    saying(lambda out: seen.append(out.settings.db))
    run("fake", "say")
    run("fake", "say", env={"XDG_DATA_HOME": "/data"})
    run("fake", "say", env={"XDG_DATA_HOME": "relative", "HELPDESK_DB": ""})
    home = f"{tmp_path}/.local/share/helpdesk/helpdesk.db"
    assert seen == [home, "/data/helpdesk/helpdesk.db", home]


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({}, ""),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "ar_SA"}, "ar"),
        ({"LANG": "C", "HELPDESK_LANG": "pt-BR"}, "pt"),
        ({"LANG": "POSIX"}, ""),
        ({"LANG": ""}, ""),
    ],
)
def test_language(run: Run, saying: Saying, env: dict[str, str], lang: str) -> None:
    seen: list[str] = []
    saying(lambda out: seen.append(out.settings.lang))
    run("fake", "say", env=env)
    assert seen == [lang]


def test_a_missing_database_is_exit_3_with_a_hint(run: Run) -> None:
    result = run("calendar", "list")
    assert result.code == 3
    assert "helpdesk init" in result.err


def test_announcements_are_made_whatever_happened(run: Run, saying: Saying) -> None:
    def fail(out: Output) -> None:
        out.app.announcements.append("HD-1 was closed\x1b[2J")
        raise errors.RefusedError("no")

    saying(fail)
    assert run("fake", "say").err == "HD-1 was closed\\x1b[2J\nError: no\n"
    assert run("fake", "say", "-q").err == "Error: no\n"


def test_talk(run: Run, saying: Saying) -> None:
    def talk(out: Output) -> None:
        out.talk("always")
        out.talk("more", level=1)

    saying(talk)
    assert run("fake", "say").err == "always\n"
    assert run("fake", "say", "-v").err == "always\nmore\n"
    assert run("fake", "say", "-q", "-v").err == ""


def test_an_exit_code_of_the_commands_own(run: Run, saying: Saying) -> None:
    saying(lambda out: out.exit(10))
    assert run("fake", "say") == (10, "", "")


def test_confirm(run: Run, saying: Saying) -> None:
    saying(lambda out: out.confirm("Really?", yes=False))
    assert run("fake", "say", "--json").errors[0]["code"] == "needs_yes"
    assert run("fake", "say", tty=True, stdin="y\n").code == 0
    assert run("fake", "say", tty=True, stdin="n\n").code == 1


def test_text_that_is_no_utf8_is_refused_but_file_names_may_be_anything(run: Run, noun: Noun) -> None:
    @noun.command("say")
    @click.argument("text", nargs=-1)
    @click.option("--file", type=click.Path())
    @output_options(None)
    def say(out: Output, text: tuple[str, ...], file: str | None) -> None:
        """Say."""
        assert text or file

    assert run("fake", "say", "fine", "--file", "caf\udce9").code == 0
    result = run("fake", "say", "fine", "caf\udce9")
    assert (result.code, result.out) == (2, "")
    assert "not valid UTF-8" in result.err
    assert run("fake", "say", "--f\udce9").code == 2


def test_completion_of_commands_and_options(run: Run) -> None:
    words = {"COMP_WORDS": "helpdesk calendar e", "COMP_CWORD": "2", "_HELPDESK_COMPLETE": "bash_complete"}
    assert run(env=words).out == "plain,elapsed\n"
    words |= {"COMP_WORDS": "helpdesk ca", "COMP_CWORD": "1"}
    assert set(run(env=words).out.split()) == {"plain,calendar", "plain,category"}
    words |= {"COMP_WORDS": "helpdesk calendar list --format=j", "COMP_CWORD": "3"}
    assert run(env=words).out.split() == ["plain,json", "plain,jsonl"]


@pytest.mark.parametrize("words", [("calendar",), ("calendar", "due"), ("Sweep",)])
def test_help_of_a_command(run: Run, words: tuple[str, ...]) -> None:
    page = run("help", *words)
    assert (page.code, page.err) == (0, "")
    assert page.out == run(*map(str.lower, words), "--help").out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("calender",), "did you mean 'calendar'?"),
        (("exit-code",), "did you mean 'exit-codes'?"),
        (("zzz",), "there are "),
        (("calendar", "dew"), "did you mean 'due'?"),
        (("calendar", "zzz"), "helpdesk calendar --help"),
        (("time", "zone"), "did you mean 'time'?"),
        (("sweep", "list"), "helpdesk sweep --help"),
    ],
)
def test_help_of_what_is_no_topic(run: Run, words: tuple[str, ...], hint: str) -> None:
    refused = run("help", *words, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert refused.errors[0]["code"] == "unknown_topic"
    assert refused.errors[0]["hint"].startswith(hint)


def test_help_topics(run: Run) -> None:
    listed = run("help")
    names = [line.split()[0] for line in listed.out.splitlines()]
    assert {"exit-codes", "formatting", "environment", "time", "cron", "scripting", "idempotency"} <= {*names}
    for name in names:
        page = run("help", name)
        assert (page.code, page.err) == (0, "")
        assert page.out.startswith("# ")
        assert max(map(len, page.out.splitlines())) <= 80


HELP = [sys.executable, "-m", "helpdesk_cli", "schema", "ticket"]
CLEAN = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def shell(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = " ".join(HELP)
    return subprocess.run(
        ["bash", "-c", line.replace("CMD", command)], capture_output=True, check=False, env=CLEAN | env
    )


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("CMD >&-", 1, b"standard output is closed"),
        ("CMD >/dev/full", 1, b"No space left"),
        ("CMD --help >/dev/full", 1, b"No space left"),
        ("CMD --help >&-", 1, b"Error: "),
        ("CMD nonsense 2>&-", 2, b""),
        ("CMD >&- 2>&- <&-", 1, b""),
        ("for i in 1 2 3 4 5 6 7 8 9; do CMD || exit; done | head -c 1 >/dev/null", 0, b""),
    ],
)
def test_lost_output_is_never_success(line: str, code: int, words: bytes) -> None:
    done = shell(line)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") <= 1


def test_a_closed_pipe_is_141() -> None:
    script = "import sys; from helpdesk_cli.cli.root import main; sys.argv[1:] = ['schema', 'ticket']; main()"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", script], stdout=writer, stderr=-1, check=False, env=CLEAN)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"LANG": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_output_is_utf8_in_every_locale(env: dict[str, str]) -> None:
    done = shell("CMD ثعلب", **env)
    assert done.returncode == 2
    assert "ثعلب" in done.stderr.decode()


def test_sigterm_ends_with_143(tmp_path: Path) -> None:
    script = (
        "import sys, time, click\n"
        "from helpdesk_cli.cli.lazy import verb\n"
        "from helpdesk_cli.cli.options import output_options\n"
        "from helpdesk_cli.cli.root import main, root\n"
        "def body(out):\n"
        "    out.app\n"
        "    try:\n"
        "        print('ready', flush=True); time.sleep(30)\n"
        "    finally:\n"
        "        print('tidied')\n"
        "root.add_command(verb('wait')(output_options(None)(body)))\n"
        "sys.argv[1:] = ['wait']; main()\n"
    )
    env = CLEAN | {"HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=-1, stderr=-1, env=env) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=20)
    assert (child.returncode, out, err) == (143, b"tidied\n", b"")
