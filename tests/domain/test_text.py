"""What becomes of hostile and foreign text on its way in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_cli.domain.text import clean_line, clean_text, fold, has_control
from helpdesk_cli.errors import UsageError

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\0b", "ab"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("\udcff é \ud83d", "\ufffd é \ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\x1b[2J stays", "\x1b[2J stays"),
        ("مرحبا 👩‍👩‍👧", "مرحبا 👩‍👩‍👧"),
    ],
)
def test_clean_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(ANY_TEXT)
def test_clean_text_can_be_stored_and_is_stable(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert "\r" not in cleaned
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "\x1b[31m", "\x9b", "\x7f", "\u2028", "\udcff", "a\0"])
def test_a_line_refuses_control_characters(text: str) -> None:
    assert has_control(text)
    with pytest.raises(UsageError) as caught:
        clean_line(text, "the name")
    assert caught.value.message.isprintable()


def test_a_line() -> None:
    assert clean_line("  a   b ", "the name") == "a b"
    assert clean_line("می‌خواهم", "the name") == "می‌خواهم"  # with the joiner that Persian needs
    assert len(clean_line("x" * 200, "the name")) == 200
    for text in ("", "   ", "x" * 201):
        with pytest.raises(UsageError, match="the name"):
            clean_line(text, "the name")


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "aCME"), ("é", "e\u0301"), ("STRASSE", "straße"), ("Ünal", "ünal")]
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(ANY_TEXT)
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
