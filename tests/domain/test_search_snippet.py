"""The piece of a text that a hit is shown by."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.search_query import parse
from helpdesk_cli.domain.search_snippet import LEAD, LENGTH, LOOKED_AT, beginning, snippet


def cut(query: str, text: str) -> str | None:
    return snippet(text, parse(query).terms)


@pytest.mark.parametrize(
    ("query", "text", "wanted"),
    [
        ("router", "The Router is down.", "The **Router** is down."),
        ("down router", "router\n\t down", "**router** **down**"),
        ('"is down"', "is up, Is  DOWN", "is up, **Is DOWN**"),
        ("rout*", "routers route", "**routers** **route**"),
        ('"the rou"*', "the routers", "**the routers**"),
        ("ete", "Cet été, l'ÉTÉ", "Cet **été**, l'**ÉTÉ**"),
        ("المدرسه", "في المَدْرَسَة اليوم", "في **المَدْرَسَة** اليوم"),
        ("数据", "我们的数据库坏了", "我们的**数据**库坏了"),
        ("acme", "to sara@acme.example,", "to sara@**acme**.example,"),
        ("a b", "b a", "**b** **a**"),
        ('"a b" b', "a b c", "**a b** c"),
        ("ガ", "カ\u3099ス", "**ガ**ス"),
        ("router", "no such word", None),
        ("router", "", None),
    ],
)
def test_snippets(query: str, text: str, wanted: str | None) -> None:
    assert cut(query, text) == wanted


def test_a_long_text_is_cut_between_words() -> None:
    text = "before " * 50 + "router " + "behind " * 50
    found = cut("router", text)
    assert found is not None
    assert found.startswith("…before before before before **router** behind")
    assert found.endswith(" behind…")
    assert LENGTH - 10 <= len(found) - len("……****") <= LENGTH
    assert cut("router", "router " + "x " * 100 + "router") == "**router** " + "x " * 56 + "x…"


@pytest.mark.parametrize("size", [LEAD - 2, LEAD - 1])
def test_what_stands_before_the_hit(size: int) -> None:
    assert cut("router", f"{'x' * size} router") == f"{'x' * size} **router**"


def test_a_hit_behind_a_long_word() -> None:
    assert cut("router", f"{'x' * LEAD} router") == "…**router**"


def test_one_long_word_is_cut_too() -> None:
    found = cut("x*", "x" * 5000)
    assert found == f"**{'x' * LENGTH}**…"
    found = cut("b", "a" * 500 + " b " + "c" * 500)
    assert found == f"…**b** {'c' * (LENGTH - 2)}…"


def test_letters_keep_their_marks() -> None:
    text = "क" + "ि" * 3 + "कि" * 300
    assert cut("x", text) is None
    shown = beginning(text)
    assert shown.endswith("ि…")
    assert len(beginning("x" + "\u0301" * 5000)) < LENGTH + 20


def test_the_beginning_of_what_has_no_hit() -> None:
    assert beginning("one\r\n two ") == "one two"
    assert beginning("") == ""
    assert beginning("word " * 100) == "word " * 23 + "word…"


def test_how_far_a_text_is_looked_at() -> None:
    assert cut("router", "x " * (LOOKED_AT // 2 - 3) + "router") is not None
    assert cut("router", "x " * (LOOKED_AT // 2 - 2) + "router") is None


def test_many_terms() -> None:
    assert cut(" ".join(f"w{n}" for n in range(5000)), "w3 w4999") == "**w3** w4999"
