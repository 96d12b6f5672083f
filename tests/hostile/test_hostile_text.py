"""Text: what people of every script write goes in and comes out the same, and none of it is too much for a
page."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wcwidth
from attacks import Ask, obeyed
from contracts import SARA

FAMILY = "👩\u200d" * 39 + "👩"  # forty joined
NEWLINES = "a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg\x1dh\x1ei"  # but for CR and LF
# What is written -> what is kept of it.
KEPT = {
    "nul": ("a\0b", "ab"),
    "half a pair": ("a\ud83d b\udc00", "a\ufffd b\ufffd"),
    "a pair in halves": ("\ud83d\ude00", "😀"),
    "a byte that is no UTF-8": ("a\udcff", "a\ufffd"),
    "marks alone": ("\u0301\u0316 \u064b", "\u0301\u0316 \u064b"),
    "marks in a heap": ("e" + "\u0301\u0316" * 400, "e" + "\u0301\u0316" * 400),
    "right to left with digits": ("شكوى رقم 42-17 (A) ١٢٣", "شكوى رقم 42-17 (A) ١٢٣"),
    "forty joined": (FAMILY, FAMILY),
    "flags and tones": ("🇸🇦🇫🇷👍🏽 ❤\ufe0f", "🇸🇦🇫🇷👍🏽 ❤\ufe0f"),
    "CRLF": ("a\r\nb\r\n\r\nc", "a\nb\n\nc"),
    "CR": ("a\rb", "a\nb"),
    "the other newlines": (NEWLINES, NEWLINES),
    "normal forms": ("é e\u0301 ﬁ Å Å", "é e\u0301 ﬁ Å Å"),
    "no characters": ("\ufffe\uffff\U0010ffff", "\ufffe\uffff\U0010ffff"),
    "zero width": ("a\u200b\ufeffb\u00adc\u2060d", "a\u200b\ufeffb\u00adc\u2060d"),
    "tabs": ("a\tb", "a\tb"),
    "Persian and Indic joiners": ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
}  # fmt: skip
FILES = ("json", "jsonl", "csv")


def one_line(text: str) -> str:
    """As a subject is kept."""
    return " ".join(text.split())


@pytest.fixture
def helpdesk(changeable: Path, ask: Callable[[Path], Ask]) -> Ask:
    return ask(changeable)


def opened(helpdesk: Ask, text: str) -> dict[str, Any]:
    """A ticket with that subject and that body, the record with its messages."""
    line = json.dumps({"subject": text, "from": SARA, "body": text})
    done = helpdesk("ticket", "create", "--jsonl", "-", "--json", stdin=line)
    assert done.code == 0, done
    return dict(helpdesk("ticket", "show", str(done.json[0]["id"]), "--json").json)


@pytest.mark.parametrize(("text", "kept"), KEPT.values(), ids=KEPT)
def test_text_comes_out_as_it_went_in(helpdesk: Ask, text: str, kept: str) -> None:
    """By a JSON line, by stdin and by an option, through every format, a page, the log and a search."""
    if any("\ud800" <= char <= "\udfff" for char in text):  # half a character is no text; see below
        return
    ticket = opened(helpdesk, text)
    assert (ticket["subject"], ticket["messages"][0]["body"]) == (one_line(kept), kept)
    replied = helpdesk("ticket", "reply", ticket["ref"], "--body-file", "-", "--json", stdin=f"{text}\n\n")
    assert replied.json["body"] == kept
    if "\0" not in text:
        assert helpdesk("ticket", "note", ticket["ref"], "--body", text, "--json").json["body"] == kept
    rows = csv.DictReader(io.StringIO(helpdesk("ticket", "list", "-f", "csv").out, newline=""))
    assert one_line(kept) in [row["subject"] for row in rows]
    bodies = csv.DictReader(
        io.StringIO(helpdesk("ticket", "reply", "1", "--body", kept, "-f", "csv").out, newline="")
    )
    assert [row["body"] for row in bodies] == [kept]
    for words in (
        ("ticket", "show", ticket["ref"], "--events"), ("ticket", "list"), ("ticket", "log", ticket["ref"]),
        ("search", "--", text.replace("\0", "")), ("ticket", "show", ticket["ref"], "-f", "markdown"),
    ):  # fmt: skip
        done = helpdesk(*words, tty=True, env={"NO_COLOR": "1", "COLUMNS": "60"})
        assert (done.code, obeyed(done.out)) == (0, [])
    assert helpdesk("db", "check", "--deep").out == "ok\n"


@pytest.mark.parametrize("name", [name for name in KEPT if name.startswith(("half", "a pair", "a byte"))])
def test_half_a_character_is_refused_or_replaced(helpdesk: Ask, name: str) -> None:
    """By JSON's escapes two halves may come to one character; else a line is refused, and so are bytes."""
    text, kept = KEPT[name]
    line = json.dumps({"subject": text, "from": SARA, "body": text})
    done = helpdesk("ticket", "create", "--jsonl", "-", "--json", stdin=line)
    if "\ufffd" in kept:
        assert (done.code, done.json[0]["error"]) == (7, "half a surrogate pair, which is no text")
    else:
        shown = helpdesk("ticket", "show", str(done.json[0]["id"]), "--json").json
        assert (shown["subject"], shown["messages"][0]["body"]) == (kept, kept)
    raw = text.encode("utf-8", "surrogatepass")
    for words in (("ticket", "reply", "1", "--body-file", "-"), ("ticket", "create", "--jsonl", "-")):
        assert helpdesk(*words, stdin=raw).code in (2, 7)
    for words in (("--subject", text, "--body", "b"), ("--subject", "s", "--body", text)):
        assert helpdesk("ticket", "create", "--from", SARA, *words).code == 2


@pytest.mark.parametrize("text", [FAMILY, "شكوى رقم 42-17 (A)", "e\u0301" * 90, "数据" * 40, "\u0301" * 50])
def test_lines_of_a_page_and_a_table_fit_the_terminal(helpdesk: Ask, text: str) -> None:
    id_ = opened(helpdesk, f"{text} {text}")["ref"]
    for words in (
        ("ticket", "show", id_),
        ("ticket", "list"),
        ("search", "--sort", "newest", "--", "from:" + SARA),
    ):
        out = helpdesk(*words, tty=True, env={"NO_COLOR": "1", "COLUMNS": "60"}).out
        assert all(wcwidth.wcswidth(line) <= 60 for line in out.splitlines())


LONG = {
    "10 MB": "x" * 10_000_000,
    "spaces": "x" + " " * 1_000_000 + "y",
    "without a space": "数据" * 60_000,
    "words": "شكوى 42 " * 10_000,
    "accents": "e\u0301" * 100_000,
    "marks": "e" + "\u0301" * 500_000,
    "joined": "👩\u200d" * 200_000,
    "escapes": "é\x9b\x1b" * 30_000,
    "lines": "x\n" * 20_000,
    "the other newlines": "\x85\u2028" * 40_000 + "x",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_is_long_takes_time_in_step_with_its_length(helpdesk: Ask, text: str) -> None:
    """Wrapping libraries need minutes for a paragraph without spaces, as some scripts write it."""
    start = time.process_time()
    made = helpdesk(
        "ticket", "create", "--subject", "s", "--from", SARA, "--body-file", "-", "--json", stdin=text
    )
    id_ = made.json["ref"]
    assert helpdesk("ticket", "show", id_, "--json").json["messages"][0]["body"] == text.rstrip()
    page = helpdesk("ticket", "show", id_, tty=True, env={"COLUMNS": "60"})
    assert (page.code, obeyed(page.out)) == (0, [])
    assert helpdesk("search", "s", tty=True).code == 0
    assert time.process_time() - start < 8  # half a second, or more where coverage is measured


def test_a_subject_has_an_end(helpdesk: Ask) -> None:
    for length, code in ((998, 0), (999, 2), (10_000_000, 2)):
        line = json.dumps({"subject": "x" * length, "from": SARA, "body": "b"})
        done = helpdesk("ticket", "create", "--jsonl", "-", stdin=line)
        assert done.code == (7 if code else 0)
        assert len(done.out) < 500
