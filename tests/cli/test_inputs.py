"""Texts from files and from stdin; the bar on stderr."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from console import Run

from helpdesk_cli.cli import inputs, progress
from helpdesk_cli.cli.options import Output

Saying = Callable[[Callable[[Output], None]], None]


def reading(path: object) -> Callable[[Output], None]:
    return lambda out: out.page([inputs.read_text(str(path))])


def test_a_text_from_stdin_and_from_a_file(run: Run, saying: Saying, tmp_path: Path) -> None:
    file = tmp_path / "body.txt"
    file.write_bytes(b"\xef\xbb\xbfone\0\ntwo")
    saying(reading(file))
    assert run("fake", "say").out == "one\ntwo\n"
    saying(reading("-"))
    assert run("fake", "say", stdin="مرحبا").out == "مرحبا\n"


@pytest.mark.parametrize("name", ["missing", ".", "a\0b", "latin1"])
def test_what_cannot_be_read(run: Run, saying: Saying, tmp_path: Path, name: str) -> None:
    (tmp_path / "latin1").write_bytes(b"caf\xe9")
    saying(reading(tmp_path / name))
    result = run("fake", "say", "--json")
    assert (result.code, result.errors[0]["code"]) == (2, "bad_input")


def test_a_bar_for_long_work_on_a_terminal_only(
    run: Run, saying: Saying, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(out: Output) -> None:
        with out.progress(4, "Sweeping") as bar:
            for _ in range(4):
                bar.step()

    saying(work)
    assert run("fake", "say", tty=True).err == ""
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN", 0.0)
    drawn = run("fake", "say", tty=True).err
    assert "Sweeping [#######" in drawn
    assert drawn.endswith("100%\r\x1b[K")
    assert run("fake", "say").err == ""
    assert run("fake", "say", "-q", tty=True).err == ""
