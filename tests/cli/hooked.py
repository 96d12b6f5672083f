"""A helpdesk with hooks for tests: programs that it runs, its journal, a clock that stands later."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from console import Run
from desk import POLICY, SARA

from helpdesk_cli.adapters import clock

Make = Callable[..., Path]
CREATE = ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b")


def programs(folder: Path) -> Make:
    """`program(code)`: a Python program, executable, that moves to the folder; `began`: whence."""

    def make(code: str, name: str = "page") -> Path:
        path = folder / name
        head = f"import os, sys, time\nbegan = os.getcwd()\nos.chdir({str(folder)!r})"
        path.write_text(f"#!{sys.executable}\n{head}\n{code}\n")
        path.chmod(0o755)
        return path

    return make


def starting(run: Run, folder: Path) -> Callable[[str], None]:
    """`started(hooks)`: a database with these hooks, as the policy file has them."""

    def init(text: str) -> None:
        head, _, tail = POLICY.partition("hooks:")
        path = folder / "hooked.yaml"
        path.write_text(f"{head}hooks: {text}\n{tail.partition(chr(10))[2]}", encoding="utf-8")
        assert run("init", "--plans", str(path)).code == 0

    return init


def journal(run: Run, *more: str) -> list[dict[str, Any]]:
    """The journal, the oldest run first."""
    found: list[dict[str, Any]] = run("hook", "list", "--sort", "id", *more, "--json").json
    return found


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let the real clock stand so much later."""
    at = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: at)
