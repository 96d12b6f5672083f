"""Any text is a query, and every word of a text finds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpdesk_cli.domain.search import Term, composed, spans, words
from helpdesk_cli.domain.search_query import parse
from helpdesk_cli.domain.search_snippet import MARK, beginning, snippet
from helpdesk_cli.services import search, ticket_lists, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.storage.fts5 import phrase

# Letters and signs of many scripts, and what means something in a query or to the engine.
SIGNS = ["*", '"', "-", ":", "(", ")", "^", "NEAR(", " AND ", " OR ", " NOT ", "{", "}", "+", "'", "\0", "\n"]
LETTERS = [
    "é", "e\u0301", "أ", "ة", "ـ", "\u200c", "١", "数", "カ\u3099", "कि", "한", "ß", "İ", "😀\u200d",
    "\u202e",
]  # fmt: skip
ODD = st.sampled_from([*SIGNS, *LETTERS])
TEXTS = st.lists(st.one_of(ODD, st.text(max_size=8)), max_size=12).map("".join)


@given(TEXTS)
def test_a_word_is_folded_once_for_all(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert words(text + " " + text) == found * 2
    assert all(word and not set(word) & set(' "*\0') for word in found)


@given(TEXTS)
def test_the_places_of_words_are_those_of_the_words(text: str) -> None:
    text = composed(text)
    assert [word for word, _, _ in spans(text)] == words(text)


@given(TEXTS)
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)
    assert all(term.words for term in query.terms + query.unwanted)


@given(TEXTS.filter(lambda text: not {"*", "…"} & set(text)), TEXTS)
def test_a_snippet_is_one_line_of_the_text(text: str, query: str) -> None:
    whole = "".join(composed(text).split())
    for line in (snippet(text, parse(query).terms), beginning(text)):
        if line is not None:
            assert len(line.splitlines()) <= 1
            assert "".join(composed(line.replace(MARK, "")).strip("…").split()) in whole


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute("CREATE VIRTUAL TABLE messages_fts USING fts5 (search_subject, search, tokenize = 'ascii')")
    yield conn
    conn.close()


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, data=st.data())
def test_every_word_of_a_text_finds_it(index: sqlite3.Connection, text: str, data: st.DataObject) -> None:
    """A word, words that follow each other, and such whose last is only begun."""
    found = words(text)
    assume(found)
    index.execute("DELETE FROM messages_fts")
    index.execute("INSERT INTO messages_fts VALUES ('', ?)", (" ".join(found),))
    start = data.draw(st.integers(0, len(found) - 1))
    some = found[start : data.draw(st.integers(start + 1, len(found)))]
    begun = some[-1][: data.draw(st.integers(1, len(some[-1])))]
    for term in (Term((some[0],)), Term(tuple(some)), Term((*some[:-1], begun), prefix=True)):
        rows = index.execute("SELECT 1 FROM messages_fts WHERE messages_fts MATCH ?", (phrase(term),))
        assert rows.fetchall() == [(1,)]


def test_any_text_can_be_searched_for(app: App) -> None:
    """No query of words fails in the engine, whichever way the hits are asked for."""
    for subject in ("Router كتاب", "数据库 l'été 1"):
        tickets.create(app, subject=subject, sender="sara@acme.example", body="NEAR x", priority="low")

    @settings(max_examples=200, deadline=None)
    @given(TEXTS)
    def ask(query: str) -> None:
        assume(query.replace("\0", "").strip() and not parse(query).qualifiers)
        ways = [{hit["id"] for hit in search.search(app, query, sort=sort)[0]} for sort in ("rank", "newest")]
        ways.append({ticket["id"] for ticket in ticket_lists.list_tickets(app, {"text": query})[0]})
        assert ways[0] == ways[1] == ways[2]
        assert len(ways[0]) == ticket_lists.count_tickets(app, {"text": query})

    ask()
