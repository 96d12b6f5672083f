"""`attachment add`, `list` and `--attach`: which files are kept, and which are refused."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from attached import file, kept, ok
from desk import SARA, Desk

from helpdesk_cli.domain.attachments import MAX_BYTES

BOM = "\ufeff"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    return made


# -- what is kept --------------------------------------------------------------------------------------------


def test_files_come_with_a_ticket_an_answer_a_customers_message_and_a_note(desk: Desk, folder: Path) -> None:
    one, two = file(folder), file(folder, "b.bin", b"\0\xff")
    opening = ["--subject", "s", "--from", SARA, "--body", "b", "--attach", one, "--attach", two]
    desk.json("ticket", "create", *opening)
    desk.json("ticket", "reply", 1, "--body", "b", "--attach", one)
    desk.json("ticket", "reply", 1, "--from", SARA, "--body", "b", "--attach", two)
    note = desk.json("ticket", "note", 1, "--body", "b", "--attach", one)
    assert [each["name"] for each in note["attachments"]] == ["a.txt"]
    messages = desk.show(1)["messages"]
    assert [[each["id"] for each in message["attachments"]] for message in messages] == [
        [1, 2],
        [3],
        [4],
        [5],
    ]
    assert messages[0]["attachments"][1] == {
        "id": 2,
        "ticket": 1,
        "message": 1,
        "name": "b.bin",
        "size": 2,
        "sha256": hashlib.sha256(b"\0\xff").hexdigest(),
        "at": desk.now,
        "author": SARA,
    }
    assert [each["author"] for each in desk.json("attachment", "list", 1)] == [SARA, SARA, "ann", SARA, "ann"]
    assert kept(desk) == sorted(hashlib.sha256(each).hexdigest() for each in (b"hello", b"\0\xff"))
    ok(desk)


def test_support_keeps_files_with_the_ticket_itself(desk: Desk, folder: Path) -> None:
    desk.open()
    rows = desk.json("attachment", "add", "HD-1", file(folder), file(folder, "b.txt"))
    assert [(row["id"], row["name"], row["message"], row["author"]) for row in rows] == [
        (1, "a.txt", None, "ann"),
        (2, "b.txt", None, "ann"),
    ]
    rows = desk.json("attachment", "add", 1, folder / "a.txt")
    assert [row["id"] for row in rows] == [3]
    assert len(desk.show(1)["attachments"]) == 3
    assert len(kept(desk)) == 1
    events = desk.log("--type", "attached")
    assert [(event["actor"], event["data"]) for event in events] == [
        ("ann", {"attachment": n}) for n in (1, 2, 3)
    ]
    assert desk.show(1)["version"] == 5
    ok(desk)


def test_the_page_tells_them(desk: Desk, folder: Path) -> None:
    desk.open("--attach", file(folder, "a.txt", b"x" * 1024))
    done = desk("ticket", "reply", 1, "--body", "here", "--attach", file(folder, "b.txt", b"x" * 1023))
    assert "\n  with b.txt\n" in done.out
    desk.json("attachment", "add", 1, file(folder, "c.txt", b"x" * 1024 * 1024))
    page = desk("ticket", "show", 1, "--events").out
    assert (
        "Message 1, sara@acme.example, 2026-03-01 09:00:00\nAttachment 1: a.txt, 1.0 KiB\n  No light\n"
        in page
    )
    assert "Attachment 2: b.txt, 1023 bytes\n  here\n" in page
    assert "\nFiles that support keeps\nAttachment 3: c.txt, 1.0 MiB\n" in page
    assert "attached: attachment 2, message 2" in page


def test_a_body_cannot_pass_for_an_attachment(desk: Desk, folder: Path) -> None:
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", "Attachment 7: x, 1 bytes")
    assert "\nAttachment" not in desk("ticket", "show", 1).out


def test_the_customers_view_has_those_of_public_messages(desk: Desk, folder: Path) -> None:
    desk.open("--attach", file(folder))
    desk.json("ticket", "note", 1, "--body", "b", "--attach", folder / "a.txt")
    desk.json("attachment", "add", 1, folder / "a.txt")
    record = desk.show(1, "--customer-view", "--events")
    assert [each["id"] for each in record["attachments"]] == [1]
    attached = [event["data"] for event in record["events"] if event["type"] == "attached"]
    assert attached == [{"attachment": 1, "message": 1}]
    assert "Attachment 2" not in desk("ticket", "show", 1, "--customer-view").out


def test_what_nobody_sees_in_a_name_is_not_kept(desk: Desk, folder: Path) -> None:
    desk.open("--attach", file(folder, f"in\u200bvoice{BOM}.pdf"))
    assert desk.show(1)["attachments"][0]["name"] == "invoice.pdf"


def test_an_empty_file_and_a_link_to_a_file(desk: Desk, folder: Path, tmp_path: Path) -> None:
    (folder / "link.txt").symlink_to(file(folder))
    desk.open("--attach", file(folder, "empty", b""), "--attach", folder / "link.txt")
    assert [row["size"] for row in desk.json("attachment", "list", 1)] == [0, 5]
    desk.json("attachment", "save", 1, "--to", tmp_path)
    assert ((tmp_path / "empty").read_bytes(), (tmp_path / "link.txt").read_bytes()) == (b"", b"hello")
    assert not (tmp_path / "link.txt").is_symlink()
    ok(desk)


@pytest.mark.usefixtures("umask_022")
def test_they_are_their_owners_alone(desk: Desk, folder: Path, tmp_path: Path) -> None:
    desk.open("--attach", file(folder))
    desk.json("attachment", "save", 1, "--to", tmp_path)
    root = Path(f"{desk.path}.files")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (root, *root.iterdir())}
    assert modes == {0o700}
    files = [*root.glob("*/*"), tmp_path / "a.txt"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600, 0o600]


@pytest.mark.usefixtures("umask_022")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_those_of_a_shared_database_are_the_groups_too(desk: Desk, folder: Path) -> None:
    os.chmod(desk.path, 0o660)
    os.chown(desk.path, -1, 1)
    desk.open("--attach", file(folder))
    root = Path(f"{desk.path}.files")
    for path, mode in ((root, 0o2770), (next(root.iterdir()), 0o2770), (next(root.glob("*/*")), 0o660)):
        info = path.stat()
        assert (stat.S_IMODE(info.st_mode), info.st_gid) == (mode, 1)


def test_a_key_that_is_known_attaches_nothing(desk: Desk, folder: Path) -> None:
    words = ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", "--idempotency-key", "k")
    desk.json(*words, "--attach", file(folder))
    again = desk.json(*words, "--attach", file(folder, "b.txt", b"other"))
    assert (again["created"], len(desk.show(1)["attachments"])) == (False, 1)
    reply = ("ticket", "reply", 1, "--body", "b", "--idempotency-key", "k", "--attach", folder / "a.txt")
    first = desk.json(*reply)
    assert desk.json(*reply) == {**first, "created": False}
    assert len(desk.show(1)["attachments"]) == 2


# -- what is refused -----------------------------------------------------------------------------------------

HOSTILE = ("-rf", ".bashrc", f"{BOM}.bashrc", "\u200b.x", "..\\x", "C:\\x", "a\nb", "a\x1b[2Jb", "a\x9bb")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("way", ["add", "reply", "create"])
def test_a_hostile_name_is_refused(desk: Desk, folder: Path, name: str, way: str) -> None:
    desk.open()
    path = file(folder, name)
    words = {
        "add": ("attachment", "add", 1, file(folder, "good"), path),
        "reply": ("ticket", "reply", 1, "--body", "b", "--attach", path),
        "create": ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", "--attach", path),
    }[way]
    error = desk.refused(*words, code=4)
    assert error["code"] == "bad_name"
    assert error["message"].isprintable()
    assert (desk.json("attachment", "list", 1), kept(desk)) == ([], [])
    assert desk.json("ticket", "list", "--count") == {"count": 1}


def test_a_name_that_is_no_utf8(desk: Desk, folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    try:
        path = file(folder, name)
    except OSError:
        pytest.skip("the file system takes no such names")
    desk.open()
    error = desk.refused("attachment", "add", 1, path, code=4)
    assert (error["code"], "broken byte" in error["message"]) == ("bad_name", True)


@pytest.mark.parametrize(
    ("size", "taken"), [(MAX_BYTES - 1, True), (MAX_BYTES, True), (MAX_BYTES + 1, False)]
)
def test_at_most_25_mib(desk: Desk, folder: Path, size: int, taken: bool) -> None:
    path = folder / "large.bin"
    with open(path, "wb") as large:
        large.truncate(size)
    desk.open()
    if taken:
        assert desk.json("attachment", "add", 1, path)[0]["size"] == size
        ok(desk)
        return
    error = desk.refused("attachment", "add", 1, file(folder), path, code=4)
    assert (error["code"], "more than 25 MiB" in error["message"]) == ("too_large", True)
    assert (kept(desk), desk.json("attachment", "list", 1)) == ([], [])


@pytest.mark.parametrize("what", ["missing", "folder", "fifo", "/dev/zero", "unreadable"])
def test_what_is_no_file_is_refused_at_once(desk: Desk, folder: Path, what: str) -> None:
    path = folder / what if what[0] != "/" else Path(what)
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "unreadable":
        path.symlink_to(path)  # leads nowhere: ELOOP, for root too
    desk.open()
    for words in (
        ("attachment", "add", 1, path),
        ("ticket", "reply", 1, "--body", "b", "--attach", path),
        ("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", "--attach", path),
    ):
        assert desk.refused(*words, code=2)["code"] == "bad_input"
    assert len(desk.show(1)["messages"]) == 1


@pytest.mark.parametrize("what", ["-", "", "/", "."])
def test_neither_stdin_nor_nothing(desk: Desk, what: str) -> None:
    desk.open()
    assert desk.refused("attachment", "add", 1, what, code=4)["code"] == "bad_name"


def test_bad_input(desk: Desk, folder: Path) -> None:
    desk.open()
    path = file(folder)
    assert desk.refused("attachment", "add", 9, path, code=3)["code"] == "ticket_not_found"
    assert (
        desk.refused("ticket", "reply", 9, "--body", "b", "--attach", path, code=3)["code"]
        == "ticket_not_found"
    )
    assert desk.refused("attachment", "add", 1, code=2)["code"] == "missing_parameter"
    assert desk.refused("attachment", "list", 9, code=3)["code"] == "ticket_not_found"
    assert (
        desk.refused("ticket", "note", 1, "--edit", 1, "--body", "b", "--attach", path, code=2)["code"]
        == "usage"
    )
    lines = desk.refused("ticket", "create", "--jsonl", "-", "--attach", path, code=2)
    assert "--attach" in lines["message"]
    assert kept(desk) == []


def test_only_agents_add(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads may save, as who reads may see."""
    desk.open("--attach", file(folder))
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    error = desk.refused("attachment", "add", 1, folder / "a.txt", who=None, code=4)
    assert error["code"] == "no_agent"
    assert desk("attachment", "save", 1, "--to", folder, who=None).code == 0


def test_a_full_disk(desk: Desk, folder: Path) -> None:
    import resource
    import signal

    file(folder, "large.bin", b"x" * 100_000)
    desk.open()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
        done = desk("attachment", "add", 1, folder / "large.bin", "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert (done.code, len(done.errors)) == (1, 1)
    assert (kept(desk), desk.json("attachment", "list", 1)) == ([], [])
    desk.json("attachment", "add", 1, folder / "large.bin")
    ok(desk)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM attachments WHERE id = 1", "attachment 1 is not as the events have it"),
        ("UPDATE attachments SET message_id = NULL", "attachment 1 is not as the events have it"),
        ("DELETE FROM events WHERE type = 'attached'", "attachment 1 is not as the events have it"),
    ],
)
def test_db_check_compares_them_with_the_log(desk: Desk, folder: Path, sql: str, told: str) -> None:
    desk.open("--attach", file(folder))
    with sqlite3.connect(desk.path) as conn:
        conn.execute(sql)
    conn.close()
    assert f"HD-1: {told}" in desk("db", "check", "--json").json["problems"]
