"""Imports into nothing: of whole exports, and of files that are none."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.json_lines import dumps
from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import conversation, export_file
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.database import SCHEMA_VERSION
from tests.exports import (
    counts,
    exported,
    imported,
    lines_of,
    load,
    problems,
    refused,
    rows,
    text_of,
    without,
)

Row = dict[str, Any]


# -- whole files -------------------------------------------------------------------------------------------


def test_whatever_the_batch_all_is_there(six_tickets: Path, text: str, new: Path, batch: int) -> None:
    done = imported(new, text)
    assert counts(done) == (text.count("\n") - 1, 0, 0)
    assert (rows(new), problems(new)) == (rows(six_tickets), [])


@pytest.mark.parametrize("size", [1, 300, 8 << 20])
def test_whatever_the_bytes_of_a_batch(
    six_tickets: Path, text: str, new: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(export_file, "BYTES", size)
    imported(new, text)
    assert rows(new) == rows(six_tickets)


def test_in_any_form_that_json_has(text: str, new: Path) -> None:
    first, *others = text.split("\n")[:-1]
    spaced = [json.dumps(json.loads(line), indent=None, separators=(" , ", " : ")) for line in others]
    turned = [json.dumps(dict(reversed(json.loads(line).items()))) for line in spaced]
    content = "\ufeff" + "\r\n \r\n".join([first, *turned])
    done = imported(new, content)
    assert counts(done) == (len(others), 0, 0)
    assert exported(new) == text


def test_the_mode_of_the_database_is_its_owners(text: str, new: Path) -> None:
    before = os.umask(0o022)
    try:
        imported(new, text)
    finally:
        os.umask(before)
    assert new.stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_no_database_yet(text: str, new: Path) -> None:
    new.touch()
    assert imported(new, text)["created"]
    assert exported(new) == text


def test_what_is_read_once_is_copied_where_it_has_to_be_read_twice(text: str, new: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: Any) -> int:
            raise OSError("a pipe")

    for created in (True, False):
        with closing(App(str(new))) as app:
            done = load(app, Pipe(text.encode()), pytest.fail)
        assert (done["created"], done["failed"]) == (created, 0)
    with closing(sqlite3.connect(new)) as db, db:
        db.execute("DELETE FROM notices WHERE id = 1")
    with closing(App(str(new))) as app:
        done = load(app, Pipe(text.encode()), pytest.fail)
    assert counts(done) == (1, text.count("\n") - 2, 0)
    assert exported(new) == text


def test_a_line_of_ten_megabytes(six_tickets: Path, tmp_path: Path, new: Path) -> None:
    path = Path(shutil.copy(six_tickets, tmp_path / "large.db"))
    with closing(App(str(path), actor="ann")) as app:
        conversation.note(app, 4, body="\x1bé\u2028" * 3_000_000)
    text = exported(path)
    assert max(map(len, text.split("\n"))) > 20_000_000
    assert counts(imported(new, text))[2] == 0
    assert exported(new) == text


def test_other_zone_rules_are_told(text: str, new: Path) -> None:
    other = text_of(lines_of(text), tzdata="1999a")
    with closing(App(str(new))) as app:
        load(app, io.BytesIO(other.encode()), pytest.fail)
        assert app.announcements == [
            f"the deadlines are those of tzdata 1999a, here is {lines_of(text)[0]['tzdata']}:"
            " `helpdesk db check` tells whether any would move"
        ]


# -- files that are no whole export ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"hello\n", "not JSON: Expecting value"),
        (b'{"id":1,"subject":"s"}\n', "its first line does not say so"),
        (b'{"format":"helpdesk-export"}\n', "its first line names no version"),
        (b'{"format":"helpdesk-export","version":"1","schema":3}\n', "its first line names no version"),
        (b'{"format":"helpdesk-export","version":1,"schema":true}\n', "its first line names no version"),
        (b'{"format":"helpdesk-export","version":1,"schema":3}\n', "its first line needs schema, policy"),
        (b"\xff\xfe\n", "not UTF-8"),
        (b"[" * 5000 + b"\n", "nested too deep"),
        (b"x" * (1 << 17), "more than 65536 bytes"),
        (b"SQLite format 3\0" + bytes(4096), "not JSON"),
    ],
)
def test_what_is_no_export(new: Path, content: bytes, told: str) -> None:
    error = refused(new, content, "not_an_export")
    assert (error.exit_code, told in error.message) == (2, True), error.message
    assert "helpdesk export" in (error.hint or "")
    assert not new.exists()


@pytest.mark.parametrize(
    "header",
    [
        {"schema": 0}, {"schema": 2}, {"policy": None}, {"tzdata": 1}, {"rows": []},
        {"rows": {"tickets": -1}}, {"last_ids": {"tickets": "1"}}, {"last_ids": {"tickets": 2**53}},
        {"more": 1},
    ],
)  # fmt: skip
def test_a_first_line_with_a_mistake(text: str, new: Path, header: Row) -> None:
    first, *others = text.split("\n")
    assert refused(new, "\n".join([dumps(json.loads(first) | header), *others]), "not_an_export").hint


@pytest.mark.parametrize("header", [{"schema": SCHEMA_VERSION + 1}, {"version": 2}])
def test_a_newer_export(text: str, new: Path, header: Row) -> None:
    error = refused(new, text_of(lines_of(text), **header), "newer_version")
    assert (error.exit_code, "pip install" in (error.hint or "")) == (1, True)
    assert not new.exists()


@pytest.mark.parametrize("lines", [1, 2, 5, 30, -3, -2])
def test_a_file_that_ends_early_is_refused(text: str, new: Path, lines: int, batch: int) -> None:
    cut = "".join(line + "\n" for line in text.split("\n")[:lines])
    error = refused(new, cut, "not_whole")
    assert error.exit_code == 2
    there, promised = cut.count("\n") - 1, text.count("\n") - 1
    assert f"{there} lines follow its first one, which says {promised};" in error.message


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_that_ends_within_a_line_is_refused(text: str, new: Path, share: float) -> None:
    refused(new, text.encode()[: int(len(text.encode()) * share)], "not_whole")


def test_a_last_line_that_is_cut_is_left_out(text: str, new: Path) -> None:
    errors: list[HelpdeskError] = []
    assert counts(imported(new, text[:-9], errors)) == (text.count("\n") - 2, 0, 1)
    assert errors[0].message.startswith(f"line {text.count(chr(10))}: not JSON")
    imported(new, text)
    assert exported(new) == text


def test_two_exports_in_one_file_are_refused(text: str, new: Path) -> None:
    refused(new, text + text, "not_whole")


def test_an_export_without_a_policy(text: str, new: Path) -> None:
    error = refused(new, without(text, "policies"), "no_policy")
    assert error.exit_code == 2
    assert not new.exists()
