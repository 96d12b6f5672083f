"""The helpdesk on which commands are fuzzed, and what must be true of whatever a command does."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).parents[1] / "cli")
)  # the contracts of the commands, and their helpdesk

from console import Result, invoke
from contracts import NOW, stock

from tests.faults.program import DOCUMENTED
from tests.hostile.attacks import obeyed

__all__ = ["NOW", "Result", "Workplace", "helpdesk", "obeyed", "sound"]

CODES = DOCUMENTED - {5, 75, 130, 141, 143}  # without those of locks, signals and closed pipes


class Workplace:
    """A folder with a database, and the files that commands name, as they were at first for every command."""

    def __init__(self, folder: Path) -> None:
        self._first = stock(folder / "first").parent
        self.folder = folder / "now"
        self.folder.mkdir()
        self.path = self.folder / "desk.db"
        self.restore()

    def restore(self) -> None:
        """Undo whatever a command did."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        shutil.copytree(self._first, self.folder, dirs_exist_ok=True)

    def run(self, *words: str, stdin: bytes = b"", tty: bool = False) -> Result:
        env = {"NO_COLOR": "1"}
        return invoke(
            ("--db", str(self.path), "--as", "ann", *words), self.folder, stdin=stdin, tty=tty, env=env
        )


@contextmanager
def helpdesk(folder: Path) -> Iterator[Workplace]:
    """A `Workplace`."""
    (folder / "first").mkdir()
    yield Workplace(folder)


def sound(done: Result, *, tty: bool, as_json: bool) -> None:
    """No traceback, a documented code, nothing that a terminal obeys, JSON that is some."""
    assert done.code in CODES, done
    assert "something unexpected" not in done.err, done
    if tty:
        assert obeyed(done.out + done.err) == [], done
    if as_json:
        assert not done.out or json.loads(done.out) is not None
        if done.code in CODES - {0, 7, 10}:
            assert json.loads(done.err.splitlines()[-1])["error"]["message"]
