"""Completion in real shells, with the scripts that `helpdesk completion` prints."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk


@pytest.fixture
def env(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """The variables of a shell that finds `helpdesk`."""
    program = tmp_path / "bin" / "helpdesk"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m helpdesk_cli "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "HELPDESK_DB": str(desk.path),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
    }


@pytest.fixture
def bash(env: dict[str, str]) -> Callable[[str], list[str]]:
    """`bash("helpdesk ticket sh")`: what a real bash with the printed script offers."""
    driver = """
        source <(helpdesk completion bash)
        complete -p helpdesk >/dev/null || exit 9
        COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=${3:-9} COLUMNS=80
        _helpdesk_completion helpdesk "$2" 2>/dev/null
        printf '%s\\n' "${COMPREPLY[@]}"
    """

    def call(line: str, current: str, *more: str) -> list[str]:
        command = ["bash", "--norc", "-c", driver, "bash", line, current, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
        assert done.stderr == ""
        return done.stdout.splitlines()

    return call


def test_in_a_real_bash(bash: Callable[..., list[str]], desk: Desk) -> None:
    desk.open(subject="Router; $(touch pwned) *")
    desk.open(subject="Second")
    desk.json("org", "create", "Two Words *")
    assert bash("helpdesk ticket sh", "sh") == ["show"]
    assert bash("helpdesk ticket show ", "") == ["1", "2"]
    assert bash("helpdesk ticket show ", "", "63") == ["1  (Router; $(touch pwned) *)", "2  (Second)"]
    assert bash("helpdesk org show tw", "tw") == ["Two\\ Words\\ \\*"]
    assert bash("helpdesk ticket list --assignee=b", "b") == ["bob"]
    assert bash("helpdesk --db /none agent show ", "") == [""]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
def test_in_a_real_fish(env: dict[str, str], desk: Desk) -> None:
    desk.open(subject="Router; $(touch pwned) *")
    desk.open(subject="Second\u200e شكوى")
    desk.json("org", "create", "Two Words *")
    lines = ("ticket sh", "ticket show ", "org show tw", "--db /none agent show ", "ticket list --assignee=b",
             "plan check desk.d")  # fmt: skip
    asking = "; ".join(f"complete -C {shlex.quote(f'helpdesk {line}')}; echo END" for line in lines)
    command = ["fish", "--no-config", "-c", f"helpdesk completion fish | source; cd; {asking}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env, timeout=60)
    found = [part.strip("\n").split("\n") for part in done.stdout.split("END\n")]
    assert done.stderr == ""
    assert found[0] == ["show\tShow tickets with their thread and their clocks."]
    assert found[1] == ["1\tRouter; $(touch pwned) *", "2\tSecond\u200e شكوى"]
    assert found[2] == ["Two Words *\tgold"]
    assert found[3] == [""]
    assert found[4] == ["--assignee=bob"]
    assert found[5] == ["desk.db"]


class Zsh:
    """A zsh at a terminal, with the printed script."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        main, terminal = pty.openpty()
        self._main = main
        self._process = subprocess.Popen(
            ["zsh", "-f", "-i"], stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder,
            env={**env, "PS1": "READY "}, start_new_session=True,
        )  # fmt: skip
        os.close(terminal)
        self.read("READY ")
        self.send("autoload -U compinit && compinit -u -D && . =(helpdesk completion zsh) && PS1='NOW '\n")
        self.read("\nNOW |\rNOW |\x1b.*NOW ")

    def send(self, text: str) -> None:
        os.write(self._main, text.encode())

    def read(self, end: str) -> str:
        """What the terminal shows, up to the pattern `end`."""
        shown, deadline = b"", time.monotonic() + 20
        while time.monotonic() < deadline:
            if select.select([self._main], [], [], 0.2)[0]:
                shown += os.read(self._main, 65536)
            if re.search(end, shown.decode(errors="replace")):
                break
        else:
            raise AssertionError(shown)
        return shown.decode()

    def close(self) -> None:
        self._process.kill()
        self._process.wait(20)
        os.close(self._main)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_in_a_real_zsh(env: dict[str, str], desk: Desk, tmp_path: Path) -> None:
    desk.open(subject="Router: $(touch pwned) *")
    desk.open(subject="شكوى")
    zsh = Zsh(env, tmp_path)
    try:
        zsh.send("helpdesk ticket sh\t")
        zsh.read("ow $")  # it writes only what is new on the line
        zsh.send("\t")
        listed = zsh.read("شكوى")
        assert re.search(r"1 +-- Router: \$\(touch pwned\) \*", listed)
        zsh.send("\x15helpdesk agent show b\t")
        zsh.read("ob $")
        zsh.send("\x15helpdesk --db /none agent show b\tEND\n")
        assert "bob" not in zsh.read("END")
    finally:
        zsh.close()
    assert not (tmp_path / "pwned").exists()
