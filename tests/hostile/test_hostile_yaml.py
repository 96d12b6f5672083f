"""YAML: what is written to run code, fill the memory or take forever is refused at once, the worst of it by
processes that may have 300 MB."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from console import Run

from helpdesk_cli.adapters.yaml_text import MAX_ALIASES, MAX_DEPTH, MAX_LINES, MAX_NODES, read_yaml

SECONDS, MEMORY_KB = 2, 300 << 10


def bomb(width: int, depth: int) -> bytes:
    """Aliases of aliases: `width` to the power of `depth` values."""
    below = (b", ".join([b"*a%d" % (level - 1)] * width) for level in range(1, depth))
    lines = (b"a%d: &a%d [%s]\n" % (level, level, aliases) for level, aliases in enumerate(below, 1))
    return b"version: 1\na0: &a0 [x]\n" + b"".join(lines)


PYTHON = b"!!python/object/apply:os.system ['touch pwned']"
WORST = {
    "code": b"version: 1\nplans: " + PYTHON,
    "bomb": bomb(10, 12),
    "20,000 aliases": b"version: 1\nplans: &a {x: 1}\nx: [" + b"*a, " * 20_000 + b"]\n",
    "5,000 brackets": b"version: " + b"[" * 5_000 + b"]" * 5_000,
    "10,000 open ones": b"[" * 10_000,
    "duplicate keys": b"version: 1\n" + b"version: 1\n" * 9_000,
    "a text of a megabyte": b'version: 1\nplans: "' + b"\\x41" * 262_000 + b'"\n',
}
OTHERS = {
    "code in a key": b"? " + PYTHON + b"\n: x\nversion: 1\n",
    "a name of Python": b"version: !!python/name:os.system\n",
    "a global tag": b"version: !<tag:yaml.org,2002:python/object/new:os.system> [touch pwned]\n",
    "anchors": b"version: 1\nx: [" + b"".join(b"&a%d x, *a%d, " % (n, n) for n in range(2_000)) + b"]\n",
    "merge keys": b"version: 1\na: &a {b: c}\nx: {" + b"<<: *a, " * 2_000 + b"}\n",
    "an alias of itself": b"version: 1\nplans: &a [*a]\n",
    "braces": b"version: " + b"{a: " * 5_000,
    "indents": b"".join(b" " * n + b"a:\n" for n in range(1_400)),
    "dashes": b"- " * 5_000 + b"x",
    "complex keys": b"? " * 5_000,
    "lines": b'version: 1\nplans: "' + b"a\n" * 500_000 + b'"\n',
    "tags": b"version: [" + b"!a x, " * 5_000 + b"]",
    "too long": b"version: 1\n" + b"a: b\n" * 400_000,
    "documents": b"--- {}\n" * 100_000,
    "not UTF-8": b"version: 1\nplans: \xff\xfe\n",
    "UTF-16": "version: 1\n".encode("utf-16"),
    "a null": b"version: 1\0\nplans: x\n",
}


def refused(folder: Path, path: Path, *words: str) -> None:
    """A process of its own with 300 MB ends with exit code 6 in time, and does nothing else."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = shlex.join([sys.executable, "-m", "helpdesk_cli", *words, str(path)])
    shell = ["sh", "-c", f"ulimit -v {MEMORY_KB} && exec {command}"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(shell, env={**env, "HOME": str(folder)}, cwd=folder, **streams) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, "Traceback" in said) == (6, False), said
    assert used.ru_utime + used.ru_stime < SECONDS


@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_refused_within_two_seconds_and_300_mb(tmp_path: Path, name: str) -> None:
    path = tmp_path / "attack.yaml"
    path.write_bytes(WORST[name])
    refused(tmp_path, path, "plan", "check")
    assert os.listdir(tmp_path) == ["attack.yaml"]  # nothing that the file says was done


@pytest.mark.parametrize("name", [*list(WORST)[:-1], *OTHERS])
def test_a_policy_and_a_config_file_are_refused(
    run: Run, database_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """With few words, whatever there is to say, and nothing is done."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "attack.yaml"
    path.write_bytes((WORST | OTHERS)[name])
    before = database_path.read_bytes(), sorted(os.listdir(tmp_path))
    for words in (("plan", "apply", str(path)), ("ticket", "list", "--config", str(path))):
        done = run("--db", str(database_path), *words)
        assert (done.code, done.out) == (6, ""), done
        assert done.err.startswith("Error: the ")
        assert done.err.count("\n") < 210
    assert (database_path.read_bytes(), sorted(os.listdir(tmp_path))) == before


@pytest.mark.parametrize("newline", ["\n", "\r", "\x85", "\u2028"])
def test_lines_that_are_one_too_many(newline: str) -> None:
    for count, fits in ((MAX_LINES, True), (MAX_LINES + 1, False)):
        problems = read_yaml(("#" + newline * count).encode())[1]
        assert [problem.message for problem in problems] == (
            [] if fits else [f"the file has {count:,} lines, more than the {MAX_LINES:,} that are read"]
        )


def test_problems_that_are_one_too_many() -> None:
    for count, told in ((200, 200), (201, 201), (5_000, 201)):
        root, problems = read_yaml(b"a: 1\n" + b"a: 1\n" * count)
        assert (root is None, len(problems)) == (count > 200, told)
    assert problems[-1].message == "more than 200 problems, the rest is not read"


# How a file is made with so many of them, the most that there may be, and what is said of one more.
LIMITS = {
    "aliases": (lambda n: b"a: &a x\nb: [" + b"*a, " * n + b"]\n", MAX_ALIASES, "more than 1,000 aliases"),
    "levels": (lambda n: b"a: " + b"[" * (n - 1) + b"]" * (n - 1), MAX_DEPTH, "more than 20 levels"),
    "values": (lambda n: b"a: [" + b"x, " * (n - 3) + b"]\n", MAX_NODES, "more than 20,000 values"),
    # 13 before the aliases, each of which is a list of eight.
    "values of aliases": (
        lambda n: b"a: &a [1, 2, 3, 4, 5, 6, 7, 8]\nb: [" + b"*a, " * 900 + b"x, " * (n - 8_113) + b"]\n",
        MAX_NODES,
        "more than 20,000 values",
    ),
}


@pytest.mark.parametrize(("make", "most", "said"), LIMITS.values(), ids=LIMITS)
def test_what_is_one_too_many(make: Callable[[int], bytes], most: int, said: str) -> None:
    assert read_yaml(make(most))[1] == []
    root, (problem,) = read_yaml(make(most + 1))
    assert (root, said in problem.message) == (None, True)
