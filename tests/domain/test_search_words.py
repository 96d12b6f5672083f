"""What is a word for full-text search, and which words are the same."""

from __future__ import annotations

import time

import pytest

from helpdesk_cli.domain.search import LONGEST, composed, spans, words

SAME = [
    ("Router", "rOUTER"),
    ("été", "ETE"),
    ("e\u0301te\u0301", "\u00e9t\u00e9"),
    ("œuvre", "OEUVRE"),
    ("Ærø", "aero"),
    ("Straße", "STRASSE"),
    ("łódź", "Lodz"),
    ("ısparta", "ISPARTA"),
    ("İzmir", "izmir"),
    ("ΟΔΟΣ", "οδός"),
    ("ёлка", "елка"),
    ("ﬁn", "fin"),
    ("m²", "M2"),
    ("Ⅳ", "iv"),
    ("مُحَمَّد", "محمد"),
    ("الشبكـــة", "الشبكه"),
    ("أحمد", "احمد"),
    ("إلى", "الي"),
    ("آخر", "اخر"),
    ("\u0627\u0654\u062d\u0645\u062f", "\u0623\u062d\u0645\u062f"),
    ("ﻻ", "لا"),
    ("مسؤول", "مسوول"),
    ("شیء", "شيء"),
    ("کتاب", "كتاب"),
    ("می\u200cخواهم", "میخواهم"),
    ("١٢٣", "123"),
    ("۱۲۳", "１２３"),
    ("שָׁלוֹם", "שלום"),
    ("ｶﾞｽ", "ガス"),
    ("カ\u3099ス", "ガス"),
    ("한", "\u1112\u1161\u11ab"),
    ("soft\u00adhyphen", "softhyphen"),
    ("❤\ufe0fx", "❤x"),
]
OTHER = [
    ("router", "routers"),
    ("कल", "कुल"),  # marks of Devanagari are vowels
    ("ガス", "カス"),
    ("ހަ", "ހި"),
    ("سلام", "كلام"),
    ("resume1", "resume2"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_word(one: str, other: str) -> None:
    assert words(one) == words(other) != []


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_word(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (" \t\n\0*\"'()^:-_.,;%", []),
        ("Hello, the router's down!", ["hello", "the", "router", "s", "down"]),
        ("sara@acme.example HD-42 10.0.0.1", ["sara", "acme", "example", "hd", "42", "10", "0", "0", "1"]),
        ("l'hôtel", ["l", "hotel"]),
        ("a_b\u200bc\u00a0d", ["a", "b", "c", "d"]),
        ("½", ["1", "2"]),
        ("数据库abc", ["数", "据", "库", "abc"]),
        ("ภาษาไทย ๑๒", ["ภ", "า", "ษ", "า", "ไ", "ท", "ย", "12"]),
        ("हिन्दी", ["हिन्दी"]),
        ("router العربية 数", ["router", "العربيه", "数"]),
        ("😀 ™ \ud800 \ue000", ["tm"]),
        ("x" * LONGEST, ["x" * LONGEST]),
        ("x" * (LONGEST + 1), ["x" * LONGEST]),
        ("\u0301\u0301 \u0301a", ["a"]),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


def test_spans_are_where_the_words_stand() -> None:
    text = "Les ÉTÉS, e\u0301te\u0301! 数据 x²½"
    found = spans(text)
    assert [word for word, _, _ in found] == words(text)
    assert [text[start:end] for _, start, end in found] == [
        "Les", "ÉTÉS", "e\u0301te\u0301", "数", "据", "x²½", "½",
    ]  # fmt: skip


def test_voiced_kana_are_one_letter() -> None:
    assert composed("カ\u3099ス and ﾎﾟ") == "ガス and ポ"
    assert composed("plain é") == "plain é"


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000_000, "a" + "\u0300\u0316" * 1_000_000, "か\u3099" * 300_000, "\u202e😀\u200d" * 300_000],
    ids=["letters", "marks", "kana", "joined"],
)
def test_hostile_text_takes_time_in_step_with_its_length(text: str) -> None:
    """The order of marks, say, is a matter of n² to a normaliser: 2 million would take hours."""
    begun = time.process_time()
    words(text)
    assert time.process_time() - begun < 10
