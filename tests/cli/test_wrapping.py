"""How text is broken into lines: between words, inside one of several lines, never inside a letter."""

from __future__ import annotations

import textwrap
from itertools import product
from time import process_time

import pytest
import wcwidth

from helpdesk_cli.cli.render.text import shortened, width, wrapped

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


def test_flags_take_what_the_library_says_that_they_take() -> None:
    beside = ("", "a", "é", "数", "\u0301", "\u200d", "\ufe0f", "\U0001f3fb")
    for before, after in product(beside, beside):
        for number in range(10):
            text = before + "\U0001f1eb\U0001f1f7\U0001f1e9"[: number % 2 + 1] * number + after
            assert width(text) == max(wcwidth.wcswidth(text), 0), ascii(text)


@pytest.mark.parametrize("text", ["\U0001f1eb" * 200_000, "数" * 200_000, "x" * 2_000_000])
def test_the_time_grows_with_the_text_and_no_faster(text: str) -> None:
    """In the square of the length each of them takes a minute or more."""
    begun = process_time()
    assert width(text) == sum(map(width, wrapped(text, 80)))
    assert width(shortened(text, 80)) <= 80
    assert process_time() - begun < 15
