"""What a short command loads: imports are most of its time (`quality.md`, Speed)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk_cli.services import setup
from helpdesk_cli.services.app import App

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
    modules = loaded(*args) - {"json"} if args[0] == "help" else loaded(*args)
    assert not {name for name in modules if name in HEAVY}


@pytest.mark.parametrize("line", ["ti", "ticket cre", "calendar due --", "ticket list --format "])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completing_commands_and_options_loads_nothing_heavy(shell: str, line: str) -> None:
    words = {"COMP_WORDS": f"helpdesk {line}", "_HELPDESK_COMPLETE": f"{shell}_complete"}
    assert not {name for name in loaded(**words) if name in HEAVY}


@pytest.mark.parametrize("line", ["ticket show ", "agent show ", "ticket list --plan "])
def test_completing_a_value_loads_no_more_than_sqlite(line: str, tmp_path: Path) -> None:
    database = f"{tmp_path}/desk.db"
    setup.init(app := App(database), None)
    app.close()
    words = {"COMP_WORDS": f"helpdesk --db {database} {line}", "_HELPDESK_COMPLETE": "bash_complete"}
    heavy = {name for name in loaded(**words) if name in HEAVY if not name.startswith("helpdesk_cli")}
    assert heavy - {"json"} == {"sqlite3"}


def test_a_config_file_costs_nothing_where_there_is_none(tmp_path: Path) -> None:
    ours = {"yaml", "helpdesk_cli.cli.config", "helpdesk_cli.services.config_file"}
    assert not ours & loaded("schema", "ticket", HOME=str(tmp_path))
    (tmp_path / "config.yaml").write_text("lang: fr\n")
    config = str(tmp_path / "config.yaml")
    assert ours <= loaded("schema", "ticket", HELPDESK_CONFIG=config)
    assert not ours & loaded("ticket", "list", "--help", HELPDESK_CONFIG=config)


def test_a_command_loads_the_records_that_it_prints() -> None:
    for args, wanted in (
        (("ticket", "list"), {"event_types", "fields", "tickets"}),
        (("sweep", "--json"), {"event_types", "fields", "sweeps"}),
        (("schema", "contact"), {"fields", "people"}),
    ):
        modules = {name for name in loaded(*args, HELPDESK_DB="/no/such/file") if ".records." in name}
        assert modules == {f"helpdesk_cli.records.{name}" for name in wanted}


def test_json_loads_no_tabulate() -> None:
    modules = loaded("schema", "ticket")
    assert not {"tabulate", "wcwidth", "sqlite3", "yaml"} & modules


def test_only_who_writes_or_searches_loads_full_text_search(tmp_path: Path) -> None:
    database = f"{tmp_path}/desk.db"
    setup.init(app := App(database), None)
    app.close()
    opening = ("--subject", "s", "--from", "a@b.example", "--body", "b")
    for args, words, queries in (
        (("ticket", "list", "--json"), False, False),
        (("ticket", "create", *opening, "--json"), True, False),
        (("ticket", "show", "1", "--json"), False, False),
        (("sweep", "--json"), False, False),
        (("ticket", "list", "--text", "b", "--json"), True, True),
        (("search", "b", "--json"), True, True),
    ):
        modules = loaded(*args, HELPDESK_DB=database, HELPDESK_TIMEZONE="UTC")
        assert {name for name in HEAVY if name in modules} - {"json"} <= {
            "sqlite3", "zoneinfo", "difflib", "helpdesk_cli.records", "helpdesk_cli.services",
            "helpdesk_cli.storage", "helpdesk_cli.domain", "helpdesk_cli.adapters",
        }  # fmt: skip
        assert ("helpdesk_cli.domain.search" in modules, "helpdesk_cli.domain.search_query" in modules) == (
            words,
            queries,
        ), args
