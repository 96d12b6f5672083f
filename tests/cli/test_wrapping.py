"""How text is broken into lines: between words, inside one of several lines, never inside a letter."""

from __future__ import annotations

import textwrap

import pytest
import wcwidth

from helpdesk_cli.cli.render.text import wrapped

FAMILY = "👩\u200d👩\u200d👧"


def lines(text: str, room: int = 20, **more: int) -> list[str]:
    return list(wrapped(text, room, **more))


@pytest.mark.parametrize(
    "text", ["one two three four five six seven", "  two spaces before it and many words", ""]
)
@pytest.mark.parametrize("indent", [0, 4])
def test_words_are_wrapped_as_ever(text: str, indent: int) -> None:
    assert lines(text, indent=indent) == textwrap.wrap(text, 20, subsequent_indent=" " * indent)
    accented = text.replace("e", "é")
    assert lines(accented, indent=indent) == wcwidth.wrap(accented, 20, subsequent_indent=" " * indent)


@pytest.mark.parametrize("length", [399, 400, 401, 1_000])
@pytest.mark.parametrize("letter", ["x", "é", "数", "e\u0301", FAMILY])
def test_a_long_word_fills_its_lines(length: int, letter: str) -> None:
    found = lines(letter * length)
    assert "".join(found) == letter * length
    assert {wcwidth.wcswidth(line) for line in found[:-1]} == {20}
    assert wcwidth.wcswidth(found[-1]) <= 20
    assert all(line.endswith(letter) for line in found)


def test_what_stands_beside_a_long_word_keeps_its_place() -> None:
    found = lines(f"  before {'x' * 400} after it", indent=2)
    assert found == ["  before", *["  " + "x" * 18] * 22, "  xxxx", "  after it"]
    assert lines("   " + "x" * 400)[0] == "   " + "x" * 17
    assert lines(" " * 500 + "x" * 400)[0] == " " * 10 + "x" * 10


def test_hyphens_break_a_word_where_they_may() -> None:
    assert lines("a one-two", 8) == ["a", "one-two"]
    assert lines("a one-two", 8, hyphens=True) == ["a one-", "two"]


def test_spaces_without_end_are_no_text() -> None:
    assert lines(" " * 10_000) == []
    assert lines("a" + " " * 10_000 + "b") in (["a", "b"], ["a" + " " * 19, "b"])
