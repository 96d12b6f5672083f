"""`attachment save`: which files are written, under which names, and that nothing is overwritten."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import pytest
from attached import file, ok
from desk import Desk

from helpdesk_cli.domain.attachments import MAX_BYTES
from helpdesk_cli.services import attachments
from helpdesk_cli.services.app import App

BOM = "\ufeff"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def rename(desk: Desk, name: str) -> None:
    """Give the first attachment a name that no command gives, as a foreign program might."""
    with sqlite3.connect(desk.path) as conn:
        conn.execute("UPDATE attachments SET name = ? WHERE id = 1", (name,))
    conn.close()


def test_all_or_those_that_are_named(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path), "--attach", file(tmp_path, "b.txt", b"b"))
    (row,) = desk.json("attachment", "save", 1, 2, "--to", out)
    assert row == {
        "id": 2,
        "ticket": 1,
        "name": "b.txt",
        "size": 1,
        "sha256": hashlib.sha256(b"b").hexdigest(),
        "path": str(out / "b.txt"),
    }
    assert os.listdir(out) == ["b.txt"]
    assert desk("attachment", "save", 1, "--to", out, "-f", "ids").out == f"{out}/a.txt\n{out}/b.txt\n"
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"a.txt": b"hello", "b.txt": b"b"}


def test_the_path_is_as_the_folder_was_given(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open("--attach", file(tmp_path))
    monkeypatch.chdir(tmp_path)
    os.unlink("a.txt")
    assert desk("attachment", "save", 1, "--to", ".", "-f", "ids").out == "./a.txt\n"


def test_nothing_is_overwritten(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    (out / "a.txt").write_bytes(b"mine")
    (out / "a-2.txt").symlink_to(tmp_path / "elsewhere")
    (out / "a-3.txt").mkdir()
    (row,) = desk.json("attachment", "save", 1, "--to", out)
    assert row["path"] == str(out / "a-4.txt")
    assert (out / "a.txt").read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()
    assert (out / "a-4.txt").read_bytes() == b"hello"


def test_again_it_finds_what_it_has_written(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    for _ in range(2):
        (row,) = desk.json("attachment", "save", 1, "--to", out)
        assert row["path"] == str(out / "a.txt")
    assert os.listdir(out) == ["a.txt"]
    (out / "a.txt").write_bytes(b"HELLO")
    (row,) = desk.json("attachment", "save", 1, "--to", out)
    assert row["path"] == str(out / "a-2.txt")


def test_a_link_to_the_same_file_is_no_file(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    (out / "a.txt").symlink_to(tmp_path / "a.txt")
    (row,) = desk.json("attachment", "save", 1, "--to", out)
    assert row["path"] == str(out / "a-2.txt")


def test_names_that_differ_only_in_case_get_numbers(desk: Desk, tmp_path: Path, out: Path) -> None:
    """On many file systems they are one name."""
    files = [
        file(tmp_path, name, name.encode())
        for name in ("Plan.txt", "plan.TXT", "PLAN.txt", "straße", "STRASSE")
    ]
    desk.open(*(word for path in files for word in ("--attach", path)))
    (out / "pLAN.txt").write_bytes(b"mine")
    paths = [row["path"] for row in desk.json("attachment", "save", 1, "--to", out)]
    assert paths == [
        str(out / name) for name in ("Plan-2.txt", "plan-3.TXT", "PLAN-4.txt", "straße", "STRASSE-2")
    ]
    assert (out / "pLAN.txt").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "..\\evil",
        "/tmp/evil",
        "a/b",
        ".bashrc",
        "-rf",
        "a\nb",
        "",
        "x" * 300,
        f"{BOM}.x",
        "..",
        "\u202e",
    ],
)
def test_a_hostile_name_in_the_database_leads_nowhere(
    desk: Desk, tmp_path: Path, out: Path, name: str
) -> None:
    desk.open("--attach", file(tmp_path))
    rename(desk, name)
    (row,) = desk.json("attachment", "save", 1, "--to", out)
    assert row["path"] == str(out / "attachment-1")
    assert os.listdir(out) == ["attachment-1"]
    assert not (out.parent / "evil").exists()
    page = desk("ticket", "show", 1).out
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_some_that_are_not_there(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    other = desk.open("--attach", tmp_path / "a.txt")
    error = desk.refused("attachment", "save", 1, 2, "--to", out, code=3)
    assert (error["code"], error["hint"]) == ("attachment_not_found", "helpdesk attachment list 1")
    done = desk("attachment", "save", 1, 2, 1, "--to", out, "--json")
    assert (done.code, len(done.json), done.errors[0]["code"]) == (7, 1, "attachment_not_found")
    assert desk.json("attachment", "save", other, 2, "--to", out)[0]["id"] == 2
    assert desk.refused("attachment", "save", 1, "x", "--to", out, code=2)["code"] == "bad_number"
    assert desk.refused("attachment", "save", 9, "--to", out, code=3)["code"] == "ticket_not_found"


def test_no_folder(desk: Desk, tmp_path: Path) -> None:
    desk.open("--attach", file(tmp_path))
    for name in (tmp_path / "none", tmp_path / "a.txt", ""):
        assert desk.refused("attachment", "save", 1, "--to", name, code=3)["code"] == "no_folder"
    assert desk.refused("attachment", "save", 1, code=2)["code"] == "missing_parameter"


def test_a_name_that_is_taken_meanwhile(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    app = App(str(desk.path))
    saving = attachments.Saving(app, 1, str(out))
    (out / "a.txt").write_bytes(b"another program's")
    os.mkfifo(out / "a-2.txt")
    assert saving.save(1)["path"] == str(out / "a-3.txt")
    assert (out / "a.txt").read_bytes() == b"another program's"
    app.close()


def test_beside_files_that_are_too_large_to_be_the_same(desk: Desk, tmp_path: Path, out: Path) -> None:
    desk.open("--attach", file(tmp_path))
    with open(out / "a.txt", "wb") as large:
        large.truncate(MAX_BYTES + 1)
    assert desk.json("attachment", "save", 1, "--to", out)[0]["path"] == str(out / "a-2.txt")


def test_a_ticket_without_files(desk: Desk, out: Path) -> None:
    desk.open()
    assert desk.json("attachment", "list", 1) == []
    assert desk.json("attachment", "save", 1, "--to", out) == []
    assert desk("attachment", "list", 1).err == "No attachments.\n"


@pytest.mark.parametrize("how", ["gone", "changed", "link", "folder"])
def test_a_file_that_is_lost_is_said_and_the_others_are_saved(
    desk: Desk, tmp_path: Path, out: Path, how: str
) -> None:
    desk.open("--attach", file(tmp_path), "--attach", file(tmp_path, "b.txt", b"b"))
    (path,) = Path(f"{desk.path}.files").glob(f"*/{hashlib.sha256(b'hello').hexdigest()[2:]}")
    path.unlink()
    if how == "changed":
        path.write_bytes(b"jello")
    elif how == "link":
        path.symlink_to(tmp_path / "a.txt")
    elif how == "folder":
        path.mkdir()
    done = desk("attachment", "save", 1, "--to", out, "--json")
    assert (done.code, [row["id"] for row in done.json]) == (7, [2])
    assert done.errors[0]["code"] == "attachment_lost"
    assert os.listdir(out) == ["b.txt"]
    alone = desk("attachment", "save", 1, 1, "--to", out, "--json")
    assert (alone.code, alone.errors[0]["code"]) == (1, "attachment_lost")
    (problem,) = desk("db", "check", "--deep", "--json").json["problems"]
    assert problem.startswith("HD-1: the file of attachment 1 is ")
    assert desk.json("db", "check")["ok"]
    if how != "folder":
        desk.json("attachment", "add", 1, tmp_path / "a.txt")  # the same file mends it
        ok(desk)
