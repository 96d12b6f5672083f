"""Texts that are written in an editor: the cut line, and that none is ever lost."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Result
from desk import SARA, Desk

from helpdesk_cli.cli.editor import CUT

Edit = Callable[..., Result]


@pytest.fixture
def edit(desk: Desk, tmp_path: Path) -> Edit:
    """`edit(script, "ticket", "reply", 1)`: run a command on a terminal; the editor is a script of the shell
    that finds the file as `$1`. What it was given is kept in `template`; `drafts` holds what is left."""
    editor = tmp_path / "editor.sh"
    (tmp_path / "drafts").mkdir()

    def run(script: str, *words: object, **more: Any) -> Result:
        editor.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/template\n{script}\n', encoding="utf-8")
        editor.chmod(0o755)
        env = {
            "EDITOR": f"{editor} --wait" if "$2" in script else str(editor),
            "TMPDIR": f"{tmp_path}/drafts",
            "NO_COLOR": "1",
        }
        return desk(*words, tty=True, env=env, **more)

    return run


@pytest.fixture(autouse=True)
def no_known_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tempfile` asks for $TMPDIR once a process."""
    monkeypatch.setattr("tempfile.tempdir", None)


def template(path: Path) -> str:
    return (path / "template").read_text(encoding="utf-8")


def left(path: Path) -> list[Path]:
    """What is left of drafts."""
    return [file for folder in (path / "drafts").iterdir() for file in (folder, *folder.iterdir())]


PREPEND = """printf '\\n%s\\n\\n' "On our way" | cat - "$1" > "$1.new" && mv "$1.new" "$1" """


def test_an_answer_above_the_thread(desk: Desk, edit: Edit, tmp_path: Path) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "their firewall?")
    assert edit(PREPEND, "ticket", "reply", 1).code == 0
    assert desk.show(1)["messages"][-1]["body"] == "On our way"
    lines = template(tmp_path).splitlines()
    assert lines[:2] == ["", CUT]
    assert lines[5] == "HD-1  Router down"
    assert [line for line in lines if line.startswith(("Message 1, sara", "INTERNAL NOTE 2, ann"))]
    assert "  No light" in lines
    assert left(tmp_path) == []


def test_the_customers_words_are_written_without_our_notes_in_sight(
    desk: Desk, edit: Edit, tmp_path: Path
) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "their firewall?")
    assert edit(PREPEND, "ticket", "reply", 1, "--from", SARA).code == 0
    assert "No light" in template(tmp_path)
    assert "firewall" not in template(tmp_path)
    assert desk.show(1)["messages"][-1]["author"] == SARA


def test_a_note_and_a_new_ticket(desk: Desk, edit: Edit, tmp_path: Path) -> None:
    created = edit(
        PREPEND, "ticket", "create", "--subject", "s\x1b[2J", "--from", SARA, "--tag", "a", "--json"
    )
    assert created.code == 0
    assert "From            sara@acme.example\n" in template(tmp_path)
    assert "Subject         s\\x1b[2J\n" in template(tmp_path)
    assert edit(PREPEND, "ticket", "note", 1).code == 0
    assert [message["body"] for message in desk.show(1)["messages"]] == ["On our way", "On our way"]
    edited = edit("""sed -i 's/On our way/Not yet/' "$1" """, "ticket", "note", 1, "--edit", 2)
    assert edited.code == 0
    assert template(tmp_path).splitlines()[:2] == ["On our way", CUT]
    assert desk.show(1)["messages"][1]["body"] == "Not yet"
    before = desk.log()
    assert edit("", "ticket", "note", 1, "--edit", 2).code == 0
    assert desk.log() == before


def test_what_the_editor_is_shown_is_harmless(desk: Desk, edit: Edit, tmp_path: Path) -> None:
    """Wrapped, without control characters, and no line of a customer where editors look for settings."""
    body = f"vim: set foo:\x1b]52;c;aGk=\x07\u202eevil {'long ' * 60}\n{CUT}\n" + "/* vim: set exrc */\n" * 6
    desk.json("ticket", "create", "--subject", "x \x1b[31m", "--from", SARA, "--body", body)
    assert edit(PREPEND, "ticket", "reply", 1).code == 0
    assert desk.show(1)["messages"][-1]["body"] == "On our way"
    text = template(tmp_path)
    assert all(line.isprintable() for line in text.split("\n"))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines.count(CUT) == 1
    assert not [line for line in lines[:5] + lines[-5:] if "vim" in line]


def test_nobody_else_may_read_a_draft(edit: Edit, desk: Desk, tmp_path: Path) -> None:
    desk.open()
    look = f'stat -c %a "$1" "$(dirname "$1")" > {tmp_path}/modes'
    assert edit(f"{look}; umask 022; {PREPEND}; exit 1", "ticket", "reply", 1).code == 2
    assert (tmp_path / "modes").read_text() == "600\n700\n"
    folder, file = left(tmp_path)
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("script", "code", "text"),
    [
        ("true", "empty_body", None),
        ("""printf '  \\n\\t\\n' > "$1" """, "empty_body", None),
        (""": > "$1" """, "empty_body", None),
        ("exit 1", "editor_failed", None),
        ("kill -9 $$", "editor_failed", None),
        (f"{PREPEND}; exit 3", "editor_failed", b"\nOn our way\n\n\n"),
        (f"{PREPEND}; kill -9 $$", "editor_failed", b"\nOn our way\n\n\n"),
        (f"{PREPEND}; kill -HUP $$", "editor_failed", b"\nOn our way\n\n\n"),
        ("""printf 'caf\\351' > "$1" """, "bad_input", b"caf\xe9"),
        ("""rm "$1" """, "bad_input", None),
        # Written where it is left out, also by an editor that fails.
        ("""echo "On our way" >> "$1" """, "below_cut_line", ...),
        ("""sed -i 's/^  No light/> &, On our way/' "$1" """, "below_cut_line", ...),
        ("""echo "On our way" >> "$1"; exit 1""", "editor_failed", ...),
        # The cut line deleted with a thread below it: that must not be sent.
        (f"""{PREPEND}; sed -i '/>8/d' "$1" """, "no_cut_line", ...),
    ],
)
def test_nothing_is_done(
    desk: Desk, edit: Edit, tmp_path: Path, script: str, code: str, text: bytes | None
) -> None:
    desk.open()
    before = desk.log()
    result = edit(script, "ticket", "reply", 1, "--json")
    error = result.errors[0]
    assert (result.code, result.out, error["code"]) == (2, "", code)
    assert desk.log() == before
    if text is None:
        assert left(tmp_path) == []
        assert "text" not in error["details"]
        return
    _, file = left(tmp_path)
    assert error["message"].endswith(f"; your text is kept in {file}")
    assert error["details"]["text"] == str(file)
    content = file.read_bytes()
    assert b"On our way" in content if text is ... else content == text


def test_a_text_below_the_cut_line_of_a_note_is_kept(desk: Desk, edit: Edit, tmp_path: Path) -> None:
    """The old text above it is no answer to what was written below."""
    desk.open()
    desk.json("ticket", "note", 1, "--body", "their firewall?")
    result = edit("""echo "ours" >> "$1" """, "ticket", "note", 1, "--edit", 2)
    _, file = left(tmp_path)
    assert result.err == (
        "Error: what you wrote stands below the cut line: nothing was done; your text is kept in"
        f" {file}\nHint: leave only your text in {file} and give it with --body-file\n"
    )
    # Spaces that an editor strips or adds are nothing written.
    assert edit("""sed -i 's/$/ /' "$1" """, "ticket", "note", 1, "--edit", 2).code == 0


@pytest.mark.parametrize("words", [("create", "--subject", "s", "--from", SARA), ("note", 1)])
def test_so_it_is_for_a_new_ticket_and_a_note(
    desk: Desk, edit: Edit, tmp_path: Path, words: tuple[object, ...]
) -> None:
    desk.open()
    before = desk.log()
    for script, kept in (("true", 0), ("kill -9 $$", 0), (f"{PREPEND}; kill -9 $$", 2)):
        result = edit(script, "ticket", *words)
        assert (result.code, result.out, desk.log()) == (2, "", before)
        assert len(left(tmp_path)) == kept
    _, file = left(tmp_path)
    assert result.err == (
        f"Error: the editor '{tmp_path}/editor.sh' ended with signal 9: nothing was done;"
        f" your text is kept in {file}\nHint: give it with --body-file {file}\n"
    )
    assert desk("ticket", *words, "--body-file", file).code == 0
    assert edit("true", "ticket", *words).err.endswith(
        "Hint: one that returns at once must be told to wait, as in EDITOR='code --wait'\n"
    )


def test_a_text_whose_answer_is_refused_is_kept_and_can_be_given_again(
    desk: Desk, edit: Edit, tmp_path: Path
) -> None:
    desk.open()
    result = edit(PREPEND, "ticket", "reply", 1, "--status", "anwsered")
    _, file = left(tmp_path)
    assert (result.code, result.out) == (2, "")
    assert f"there is no status 'anwsered'; your text is kept in {file}\n" in result.err
    assert "did you mean" in result.err
    assert desk("ticket", "reply", 1, "--body-file", file).code == 0
    assert desk.show(1)["messages"][-1]["body"] == "On our way"


def test_a_text_is_kept_when_the_command_is_interrupted(
    desk: Desk, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    desk.open()
    monkeypatch.setattr("helpdesk_cli.services.conversation.note", interrupted)
    result = edit(PREPEND, "ticket", "note", 1)
    _, file = left(tmp_path)
    assert result.code == 130
    assert f"Your text is kept in {file}\n" in result.err


def test_ctrl_c_is_the_editors(desk: Desk, edit: Edit) -> None:
    desk.open()
    assert edit(f"kill -INT $PPID; {PREPEND}", "ticket", "note", 1).code == 0


def test_a_command_with_options(desk: Desk, edit: Edit) -> None:
    desk.open()
    assert edit("""[ "$1" = --wait ] && echo "On our way" > "$2" """, "ticket", "reply", 1).code == 0
    assert desk.show(1)["messages"][-1]["body"] == "On our way"


@pytest.mark.parametrize("editor", ["/no/such/editor", "'unbalanced", "/"])
def test_an_editor_that_cannot_be_run(desk: Desk, editor: str) -> None:
    desk.open()
    result = desk("ticket", "reply", 1, "--json", tty=True, env={"VISUAL": editor, "EDITOR": "true"})
    assert (result.code, result.errors[0]["code"]) == (2, "editor_failed")


@pytest.mark.parametrize(
    "given",
    [
        {"env": {"EDITOR": "true"}},
        {"tty": True},
        {"tty": True, "env": {"EDITOR": ""}},
        {"tty": True, "env": {"EDITOR": "  ", "VISUAL": " "}},
    ],
)
def test_without_a_terminal_or_an_editor(desk: Desk, given: dict[str, Any]) -> None:
    for words in (("reply", 1), ("note", 1), ("create", "--subject", "s", "--from", SARA)):
        result = desk("ticket", *words, "--json", **given)
        assert (result.code, result.errors[0]["code"]) == (2, "no_text")


def test_a_missing_ticket_is_told_before_anything_is_written(edit: Edit, tmp_path: Path) -> None:
    result = edit(PREPEND, "ticket", "reply", 99)
    assert result.code == 3
    assert not (tmp_path / "template").exists()
    assert left(tmp_path) == []
