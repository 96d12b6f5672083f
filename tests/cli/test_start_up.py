"""What a short command loads: imports are most of its time (`quality.md`, Speed)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = (
    "sqlite3", "sqlite_utils", "tabulate", "wcwidth", "yaml", "email", "zoneinfo", "dataclasses", "json",
    "logging",
    "importlib.metadata", "importlib.resources", "pathlib", "shutil", "subprocess", "tempfile", "difflib",
    "helpdesk_cli.records", "helpdesk_cli.services", "helpdesk_cli.storage", "helpdesk_cli.domain",
    "helpdesk_cli.adapters",
)  # fmt: skip
OURS = {
    "helpdesk_cli", "helpdesk_cli.cli", "helpdesk_cli.cli.lazy", "helpdesk_cli.cli.options",
    "helpdesk_cli.cli.output", "helpdesk_cli.cli.render", "helpdesk_cli.cli.render.stream",
    "helpdesk_cli.cli.root", "helpdesk_cli.cli.state", "helpdesk_cli.cli.types", "helpdesk_cli.errors",
}  # fmt: skip


def loaded(*args: str, **env: str) -> set[str]:
    """The modules that a command loads beyond those of `import click`."""
    script = (
        "import sys, click\n"
        "before = set(sys.modules)\n"
        "from helpdesk_cli.cli.root import run\n"
        f"code = run({list(args)!r})\n"
        "print(*(set(sys.modules) - before), file=sys.stderr)\n"
    )
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **env}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=clean
    )
    return set(done.stderr.splitlines()[-1].split())


def test_help_loads_little_more_than_click() -> None:
    modules = loaded("--help")
    assert {name for name in modules if name.startswith("helpdesk_cli")} == OURS
    assert modules - OURS <= {"textwrap", "click._textwrap", "locale", "_locale"}


@pytest.mark.parametrize(
    "args",
    [("--help",), ("calendar", "--help"), ("calendar", "due", "--help"), ("--version",), ("help", "time")],
)
def test_help_loads_nothing_heavy(args: tuple[str, ...]) -> None:
    modules = loaded(*args) - {"json", "helpdesk_cli.records"} if args[0] == "help" else loaded(*args)
    assert not {name for name in modules if name in HEAVY}


def test_completing_loads_nothing_heavy() -> None:
    words = {
        "COMP_WORDS": "helpdesk calendar due --",
        "COMP_CWORD": "3",
        "_HELPDESK_COMPLETE": "bash_complete",
    }
    assert not {name for name in loaded(**words) if name in HEAVY}


def test_json_loads_no_tabulate() -> None:
    modules = loaded("schema", "ticket")
    assert not {"tabulate", "wcwidth", "sqlite3", "yaml"} & modules
