"""Many processes at once: nobody is refused, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk_cli.storage.database import SCHEMA_VERSION, Database, open_database, version_at
from helpdesk_cli.storage.schema import initialise

INIT = """
import sys
from helpdesk_cli.services.app import App
from helpdesk_cli.services import setup
app = App(sys.argv[1], timezone="UTC")
sys.stdin.readline()
print(setup.init(app).created)
app.close()
"""

CREATE = """
import sys
from helpdesk_cli.services.app import App
from helpdesk_cli.services import orgs
sys.stdin.readline()
for n in range(25):
    app = App(sys.argv[1], timezone="UTC")
    orgs.create_org(app, f"{sys.argv[2]}-{n}", {}, ["shared.example"])
    app.close()
print("done")
"""


def run_together(program: str, *arguments: list[str]) -> list[str]:
    """Run the program once for each list of arguments, let all begin at the same moment; what they print."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for given in arguments
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in results] == [""] * len(results)
    return [output.strip() for output, _ in results]


@pytest.mark.parametrize("there", [False, True])
def test_six_processes_create_one_database(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "t.db"
    if there:
        path.touch()
    created = run_together(INIT, *[[str(path)]] * 6)
    assert sorted(created) == ["False"] * 5 + ["True"]
    assert version_at(str(path)) == SCHEMA_VERSION
    database = open_database(str(path))
    assert len(database.query("SELECT version FROM policies")) == 1
    assert len(database.query("SELECT id FROM agents")) == 1
    database.close()


def test_eight_processes_lose_no_write(database_path: Path) -> None:
    run_together(CREATE, *[[str(database_path), str(number)] for number in range(8)])
    database = open_database(str(database_path))
    ids = [row["id"] for row in database.query("SELECT id FROM orgs")]
    assert sorted(ids) == list(range(1, 201))
    assert len(database.query("SELECT org_id FROM org_domains")) == 200
    assert database.query("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
    database.close()


def test_a_database_that_is_made_while_it_is_looked_at(path: str, opened: Callable[..., Database]) -> None:
    """Its tables are not taken for another program's, whose mark was not there a moment before."""
    looking, making = opened(path, create=True), opened(path, create=True)
    execute = looking._execute  # type: ignore[attr-defined]

    def slow(sql: str, *params: object) -> object:
        found = execute(sql, *params)
        if "application_id" in sql:
            initialise(making)
        return found

    looking._execute = slow  # type: ignore[attr-defined]
    assert looking.version() == 0
    assert looking.version() == making.version() > 0
