"""A query taken apart: whatever the text, it is one."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.search import Term
from helpdesk_cli.domain.search_query import QUALIFIERS, Qualifier, Query, parse


def term(text: str, *, prefix: bool = False) -> Term:
    return Term(tuple(text.split()), prefix)


def asks(*terms: Term, no: tuple[Term, ...] = (), by: tuple[Qualifier, ...] = ()) -> Query:
    return Query(terms, no, by)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("router down", asks(term("router"), term("down"))),
        ("Router  ROUTER", asks(term("router"))),
        ("rout*", asks(term("rout", prefix=True))),
        ("rout*r", asks(term("rout r"))),
        ('"router down"', asks(term("router down"))),
        ('"router do"*', asks(term("router do", prefix=True))),
        ('a"b c"d', asks(term("a"), term("b c"), term("d"))),
        ("“smart quotes” «too»", asks(term("smart quotes"), term("too"))),
        ("sara@acme.example", asks(term("sara acme example"))),
        ("well-known -draft", asks(term("well known"), no=(term("draft"),))),
        ('-"credit note" --x', asks(no=(term("credit note"), term("x")))),
        ("-draft*", asks(no=(term("draft", prefix=True),))),
        ("数据库", asks(term("数 据 库"))),
        ("المَدْرَسة", asks(term("المدرسه"))),
        ("from:sara@acme.example x", asks(term("x"), by=(Qualifier("from", "sara@acme.example"),))),
        ('ORG:"Acme, Ltd"', asks(by=(Qualifier("org", "Acme, Ltd"),))),
        ("-status:closed", asks(by=(Qualifier("status", "closed", unwanted=True),))),
        ("is:open is:open", asks(by=(Qualifier("is", "open"),))),
        ('before:"2026-03-01 12:00"', asks(by=(Qualifier("before", "2026-03-01 12:00"),))),
        ("after:-2d", asks(by=(Qualifier("after", "-2d"),))),
        ('from:"sara', asks(by=(Qualifier("from", "sara"),))),
        # What only looks like a qualifier.
        ("status: open", asks(term("status"), term("open"))),
        ('status:""', asks(term("status"))),
        ('"from:me"', asks(term("from me"))),
        ("color:red", asks(term("color red"))),
        ('color:"dark red"', asks(term("color"), term("dark red"))),
        ("color:re*", asks(term("color re", prefix=True))),
        ("-color:red", asks(no=(term("color red"),))),
        ("http://x.example/?from:me", asks(term("http x example from me"))),
        ("12:30", asks(term("12 30"))),
        ("a:b:c", asks(term("a b c"))),
        # The language of the engine, and other mischief.
        ("NEAR(a b, 2)", asks(term("near a"), term("b"), term("2"))),
        ("a AND b OR NOT c", asks(*map(term, ("a", "and", "b", "or", "not", "c")))),
        ("^router {subject}: search_subject:x", asks(*map(term, ("router", "subject", "search subject x")))),
        ('"open phrase', asks(term("open phrase"))),
        ("a\0b", asks(term("a b"))),
        ("'; DROP TABLE tickets; --", asks(term("drop"), term("table"), term("tickets"))),
        ("%_", asks()),
        ('"" " " - -- * ** : :: -: "*" ^ ( )', asks()),
        ("\ud800", asks()),
        ("", asks()),
    ],
)  # fmt: skip
def test_queries(text: str, wanted: Query) -> None:
    assert parse(text) == wanted


def test_every_qualifier_is_one() -> None:
    for name in QUALIFIERS:
        assert parse(f"{name}:x").qualifiers == (Qualifier(name, "x"),)


def test_what_asks_nothing() -> None:
    assert parse("*** - 😀").asks_nothing
    for text in ("a", "-a", "is:open"):
        assert not parse(text).asks_nothing
