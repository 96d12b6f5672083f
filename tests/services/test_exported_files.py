"""Attached files through export and import: the same bytes, the same export, nothing of what is wrong."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.file_store import FileStore
from helpdesk_cli.errors import HelpdeskError
from helpdesk_cli.services import attachments, check, export, importing, tickets
from helpdesk_cli.services.app import App

PIECE = 16 * 1024
# Around the ends of pieces, and none at all.
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE, 100_000)


@pytest.fixture
def opened() -> Iterator[Callable[..., App]]:
    made: list[App] = []

    def open_(path: object) -> App:
        made.append(App(str(path)))
        return made[-1]

    yield open_
    for app in made:
        app.close()


@pytest.fixture
def filled(make_app: Callable[..., App], tmp_path: Path) -> App:
    paths = []
    for size in SIZES:
        paths.append(tmp_path / f"{size}.bin")
        paths[-1].write_bytes(os.urandom(size))
    app = make_app()
    tickets.create(app, subject="s", sender="a@b.example", body="b", attach=list(map(str, paths)))
    attachments.add(app, 1, [str(paths[1])])
    return app


def exported(app: App) -> list[str]:
    with export.everything(app) as (count, lines):
        found = list(lines)
    assert len(found) == count
    return found


def imported(app: App, lines: list[str]) -> tuple[dict[str, Any], list[HelpdeskError]]:
    errors: list[HelpdeskError] = []
    file = io.BytesIO("".join(lines).encode())
    with importing.opened(app, file) as opened_:
        record = importing.load(app, opened_, errors.append)
    return {key: record[key] for key in ("created", "imported", "unchanged", "failed")}, errors


def kept(app: App) -> list[str]:
    return list(FileStore(app.db_path).names())


def of_files(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.startswith('{"table":"files",')]


def test_the_way_there_and_back_is_the_same(filled: App, tmp_path: Path, opened: Callable[..., App]) -> None:
    lines = exported(filled)
    assert of_files(lines) == list(range(1, 1 + sum(max(1, -(-size // PIECE)) for size in SIZES)))
    other = opened(tmp_path / "new.db")
    done, errors = imported(other, lines)
    assert (done, errors) == ({"created": True, "imported": len(lines) - 1, "unchanged": 0, "failed": 0}, [])
    assert (kept(other), list(check.deep(other))) == (kept(filled), [])
    assert exported(other) == lines
    again, _ = imported(other, lines)
    assert again == {"created": False, "imported": 0, "unchanged": len(lines) - 1, "failed": 0}


def test_without_files_there_is_no_word_of_them(app: App) -> None:
    tickets.create(app, subject="s", sender="a@b.example", body="b")
    header, *lines = exported(app)
    assert "files" not in json.loads(header)["rows"]
    assert of_files(lines) == []


def test_what_is_lost_is_left_out_and_told(filled: App, tmp_path: Path, opened: Callable[..., App]) -> None:
    first, second, *_ = kept(filled)
    store = FileStore(filled.db_path)
    os.unlink(store.path(first))
    Path(store.path(second)).write_bytes(b"something else")
    lines = exported(filled)
    (told,) = filled.announcements
    assert told.startswith(f"2 of {len(SIZES)} attached files are lost and not in the export")
    other = opened(tmp_path / "new.db")
    done, errors = imported(other, lines)
    assert (done["failed"], errors, len(kept(other))) == (0, [], len(SIZES) - 2)
    assert exported(other) == lines


def test_files_that_are_gone_come_in_again(filled: App, tmp_path: Path, opened: Callable[..., App]) -> None:
    lines = exported(filled)
    other = opened(tmp_path / "new.db")
    imported(other, lines)
    lost = kept(other)[0]
    Path(FileStore(other.db_path).path(lost)).write_bytes(b"damaged")
    done, _ = imported(other, lines)
    assert (done["created"], done["imported"] > 0) == (False, True)
    assert list(check.deep(other)) == []


def value(lines: list[str], number: int, key: str, new: object) -> list[str]:
    row = {**json.loads(lines[number]), key: new}
    return [*lines[:number], json.dumps(row, separators=(",", ":")) + "\n", *lines[number + 1 :]]


@pytest.mark.parametrize(
    ("key", "new", "told"),
    [
        ("piece", 7, "found piece 7, expected 2"),
        ("piece", "2", "piece is a number and content a text"),
        ("content", "!!!!", "content is not base64"),
        ("content", "AAAA", "it is not the file "),
        ("content", None, "piece is a number and content a text"),
        ("sha256", "../../etc/passwd", "expected sha256, piece and content"),
        ("sha256", "0" * 64, "found piece 2, expected 0"),
        ("more", 1, "expected sha256, piece and content"),
    ],
)
def test_a_piece_that_is_wrong_spoils_its_file_alone(
    filled: App, tmp_path: Path, opened: Callable[..., App], key: str, new: object, told: str
) -> None:
    lines = exported(filled)
    number = next(n for n in of_files(lines) if json.loads(lines[n])["piece"] == 2)
    other = opened(tmp_path / "new.db")
    done, errors = imported(other, value(lines, number, key, new))
    (error,) = [error for error in errors if told in error.message]
    if new != "AAAA":  # of what is a piece, but of another file, the end tells
        assert error.details == {"line": number + 1}
    assert all(error.message.startswith("line ") for error in errors)
    assert all(error.code == "bad_line" and "\n" not in error.message for error in errors)
    assert done["failed"] >= 1
    assert len(kept(other)) == len(SIZES) - 1
    assert not (tmp_path / "etc").exists()
    assert len(list(check.deep(other))) == 1
    done, errors = imported(other, lines)
    assert (done["failed"], errors, list(check.deep(other))) == (0, [], [])
    assert exported(other) == lines


def test_a_file_without_a_policy_leaves_nothing(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    lines = [line for line in exported(filled) if '"table":"policies"' not in line]
    lines = value(lines, 0, "rows", {**json.loads(lines[0])["rows"], "policies": 0})
    other = opened(tmp_path / "new.db")
    with pytest.raises(HelpdeskError) as caught:
        imported(other, lines)
    assert caught.value.code == "no_policy"
    assert not os.path.exists(f"{other.db_path}.files")


def test_pieces_behind_the_rows_are_no_table(filled: App, tmp_path: Path, opened: Callable[..., App]) -> None:
    lines = exported(filled)
    moved = [*lines[:1], *lines[2:], lines[1]]
    _done, errors = imported(opened(tmp_path / "new.db"), moved)
    assert any("there is no table 'files'" in error.message for error in errors)


def test_it_takes_no_memory_with_the_size_of_files(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    large = tmp_path / "24.bin"
    with open(large, "wb") as file:
        file.truncate(24 * 1024 * 1024)
    attachments.add(filled, 1, [str(large)])
    other = opened(tmp_path / "new.db")
    path = tmp_path / "all.jsonl"
    tracemalloc.start()
    try:
        with export.everything(filled) as (_, lines), open(path, "w", encoding="utf-8") as out:
            out.writelines(lines)
        with open(path, "rb") as given, importing.opened(other, given) as opened_:
            importing.load(other, opened_, pytest.fail)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert list(check.deep(other)) == []


def test_a_row_that_names_no_file_is_harmless(
    filled: App, tmp_path: Path, opened: Callable[..., App]
) -> None:
    """Such as one that a foreign program wrote, with a way to another file in it."""
    lines = exported(filled)
    number = next(n for n, line in enumerate(lines) if line.startswith('{"table":"attachments","id":1,'))
    lines = value(value(lines, number, "sha256", "../../../etc/passwd"), number, "name", "../evil\u202e")
    other = opened(tmp_path / "new.db")
    imported(other, lines)
    out = tmp_path / "out"
    out.mkdir()
    saving = attachments.Saving(other, 1, str(out))
    with pytest.raises(HelpdeskError) as caught:
        saving.save(1)
    assert caught.value.code == "attachment_lost"
    assert os.listdir(out) == []
    assert len(list(check.deep(other))) == 1
    exported(other)
