"""Every command on a database of an older version: who writes migrates it first, who reads is refused."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from console import Run
from contracts import NOW, READING, WITHOUT_DATABASE, Contract, each, stock, words

from helpdesk_cli.storage.database import SCHEMA_VERSION

# They look at a file of any version.
CARE = {"db backup", "db migrate", "init"}
ON_DATABASE = [
    contract
    for contract in each(code=0)
    if contract.command not in WITHOUT_DATABASE | CARE and "dry-run" not in contract.words
]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the contracts as the version before this one had it."""
    path = stock(tmp_path_factory.mktemp("older"))
    with sqlite3.connect(path) as conn:
        conn.execute("DROP TABLE views")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'views'")
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    conn.close()
    return path


@pytest.mark.parametrize("contract", ON_DATABASE, ids=words)
def test_a_command_on_an_older_database(run: Run, older: Path, tmp_path: Path, contract: Contract) -> None:
    shutil.copytree(older.parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / older.name
    done = run("--db", str(path), "--now", NOW, "--as", "ann", *contract.argv(tmp_path), "--json")
    copies = [name for name in tmp_path.iterdir() if ".before-migrate-" in name.name]
    said = "was brought from schema version" in done.err
    if contract.command in READING:
        assert (done.code, said, copies) == (1, False, [])
        assert done.errors[0]["code"] == "older_version"
        assert path.read_bytes() == older.read_bytes()
    else:
        assert (said, len(copies)) == (True, 1)
        # The one that deletes a view finds none any more.
        assert done.code == (3 if contract.command == "view delete" else 0)


@pytest.mark.parametrize("words", ["sweep --dry-run", "plan apply {changed} --dry-run"])
def test_a_dry_run_brings_nothing_up_to_date(run: Run, older: Path, tmp_path: Path, words: str) -> None:
    shutil.copytree(older.parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / older.name
    done = run("--db", str(path), "--now", NOW, *Contract(words, None).argv(tmp_path), "--json")
    assert (done.code, done.errors[0]["code"]) == (1, "older_version")
    assert path.read_bytes() == older.read_bytes()
