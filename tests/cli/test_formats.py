"""csv and markdown: what they make of values and of hostile text, and that csv and jsonl keep no rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from console import Run, ticket

from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render import stream
from helpdesk_cli.errors import BusyError, RefusedError
from helpdesk_cli.records import RECORDS

Printing = Callable[..., None]
BELL = "\x1b]0;owned\x07\x00\x7f\x9b2J\u202egnp\u2066\u2028"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
CLOCK = {
    "name": "resolution", "instance": 1, "state": "running", "at_risk": False, "target_seconds": 14400,
    "due_at": "2026-03-01T13:00:00Z", "elapsed_seconds": 5400, "remaining_seconds": 9000, "escalations": [],
}  # fmt: skip


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def team(**values: Any) -> dict[str, Any]:
    return {"id": 1, "name": "net", "lead": None, **values}


# -- csv


def test_csv_has_a_column_a_key_and_plain_values(run: Run, printing: Printing) -> None:
    row = ticket(tags=["b", "شكوى"], breached=True, at_risk=False, clocks=[CLOCK], time_spent_seconds=5400)
    printing("ticket", row, ticket(id=43))
    result = run("fake", "list", "-f", "csv", "--timezone", "Asia/Riyadh", "--lang", "fr")
    head, first, second = parsed(result.out)
    assert head == [field.name for field in RECORDS["ticket"].fields if not field.optional]
    cells = dict(zip(head, first, strict=True))
    assert (cells["id"], cells["time_spent_seconds"]) == ("42", "5400")
    assert (cells["breached"], cells["at_risk"]) == ("true", "false")
    assert cells["next_due_at"] == "2026-03-01T13:00:00Z"
    assert cells["closed_at"] == ""
    assert cells["tags"] == '["b","شكوى"]'
    assert cells["clocks"].startswith('[{"name":"resolution","instance":1,')
    assert second[0] == "43"
    assert "\r" not in result.out
    assert parsed(run("fake", "show", "-f", "csv").out) == [head, first]


def test_csv_columns_of_optional_keys_follow_the_first_record(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(created=False), ticket(id=43, events=[]))
    head, first, second = parsed(run("fake", "list", "-f", "csv").out)
    assert head[-2:] == ["escalation", "created"]
    assert (first[-1], second[-1]) == ("false", "")
    assert len(second) == len(head)


def test_an_optional_field_that_was_asked_for_is_null(run: Run, printing: Printing) -> None:
    printing("ticket", ticket())
    asked = ("--fields", "id,events")
    assert run("fake", "list", *asked, "--json").json == [{"id": 42, "events": None}]
    assert run("fake", "show", *asked, "--json").json == {"id": 42, "events": None}
    assert run("fake", "list", *asked, "-f", "jsonl").out == '{"id":42,"events":null}\n'
    assert run("fake", "list", *asked, "-f", "csv").out == "id,events\n42,\n"
    assert run("fake", "list", *asked, "-f", "markdown").out.splitlines()[-1] == "| 42 |  |"
    assert run("fake", "show", *asked).out.split() == ["id", "42", "events"]
    assert "events" not in run("fake", "show", "--json").json


def test_csv_of_fields_has_all_that_were_asked_for(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(), ticket(id=43, created=True))
    asked = ("fake", "list", "-f", "csv", "--fields", "created,id")
    assert run(*asked).out == "created,id\n,42\ntrue,43\n"
    assert run(*asked, "--no-headers").out == ",42\ntrue,43\n"
    assert run("fake", "list", "-f", "csv", "--fields", "closed_at").out == 'closed_at\n""\n""\n'


def test_csv_of_nothing_is_a_header(run: Run, printing: Printing) -> None:
    printing("team")
    head = ",".join(field.name for field in RECORDS["team"].fields if not field.optional) + "\n"
    assert run("fake", "list", "-f", "csv") == (0, head, "")
    assert run("fake", "list", "-f", "csv", "--no-headers") == (0, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "a,b",
        'say "hi"',
        "two\nlines",
        "two\r\nlines",
        "a\rb",
        "\ttab ",
        "",
        " ",
        "\n",
        "=1+1",
        BELL,
        "日本語",
    ],
)
def test_csv_in_a_pipe_keeps_text_as_it_is(run: Run, printing: Printing, text: str) -> None:
    printing("team", team(name=text, lead="ann"))
    result = run("fake", "list", "-f", "csv", "--fields", "name,lead", "--no-headers")
    assert parsed(result.out) == [[text, "ann"]]
    assert result.out.endswith(",ann\n")


def test_csv_on_a_terminal_is_harmless_and_still_csv(run: Run, printing: Printing) -> None:
    printing("org", {"id": 1, "name": f'a\rb {BELL}\n\t"x"', "domains": [BELL]})
    result = run("fake", "list", "-f", "csv", "--fields", "name,domains", "--no-headers", tty=True)
    assert FORBIDDEN.search(result.out) is None
    [[name, domains]] = parsed(result.out)
    assert name.startswith("a\\x0db \\x1b]0;owned\\x07\\x00\\x7f\\x9b2J\\u202egnp")
    assert name.endswith('\n\t"x"')
    assert "\\u202e" in domains


def test_csv_ends_in_what_is_whole_where_rows_end_in_an_error(run: Run, noun: Any) -> None:
    listing(noun, failing(team(), BusyError("locked")))
    result = run("fake", "list", "-f", "csv", "--fields", "id,name")
    assert (result.code, result.out) == (5, "id,name\n1,net\n")
    assert result.err == "Error: locked\n"


# -- markdown


def test_markdown_has_the_columns_of_the_table_plain_and_whole(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(subject="x" * 200, status="in_progress"), ticket(id=43, ref="HD-43"))
    for tty in (False, True):
        result = run(
            "fake",
            "list",
            "-f",
            "markdown",
            tty=tty,
            env={"COLUMNS": "40", "HELPDESK_TIMEZONE": "Asia/Riyadh"},
        )
        head, line, first, second = result.out.splitlines()
        assert head == "| ticket | status | priority | sla | due (Asia/Riyadh) | assignee | org | subject |"
        assert line == "| --- | --- | --- | --- | --- | --- | --- | --- |"
        assert first == (f"| HD-42 | in_progress | normal |  | 2026-03-01 16:00:00 |  |  | {'x' * 200} |")
        assert second.startswith("| HD-43 | ")
        assert result.err == ""


def test_markdown_of_fields_and_without_a_header(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(tags=["a", "b"], time_spent_seconds=5400))
    asked = ("fake", "list", "-f", "markdown", "--fields", "id,tags,time_spent_seconds")
    rows = "| 42 | a, b | 1h30m |\n"
    assert run(*asked).out == "| id | tags | time spent |\n| ---: | --- | ---: |\n" + rows
    assert run(*asked, "--no-headers").out == rows


def test_markdown_of_one_record_is_two_columns_with_tables_below(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(clocks=[CLOCK], tags=["vpn"]))
    main, clocks = run("fake", "show", "-f", "markdown").out.split("\n**clocks**\n\n")
    lines = main.splitlines()
    assert lines[:3] == ["| field | value |", "| --- | --- |", "| id | 42 |"]
    assert "| due (UTC) | 2026-03-01 13:00:00 |" in lines
    assert not [line for line in lines if line.startswith("| closed")]
    assert clocks.splitlines()[0] == "| clock | \\# | state | target | due (UTC) | elapsed | remaining |"
    assert clocks.splitlines()[2:] == [
        "| resolution | 1 | running | 4h | 2026-03-01 13:00:00 | 1h30m | 2h30m |"
    ]
    chosen = run("fake", "show", "-f", "markdown", "--fields", "closed_at,id", "--no-headers")
    assert chosen.out == "| closed (UTC) |  |\n| id | 42 |\n"


def test_markdown_of_nothing_is_a_header(run: Run, printing: Printing) -> None:
    printing("team")
    result = run("fake", "list", "-f", "markdown")
    assert len(result.out.splitlines()) == 2
    assert result.err == ""


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a|b", r"a\|b"),
        ("a\\|b", r"a\\\|b"),
        ("one\ntwo\r\n\rthree", "one<br>two<br><br>three"),
        ("a\tb", "a   b"),
        ("  # no heading", r"\# no heading"),
        ("> quote\n- item\n+ item", r"\> quote<br>\- item<br>\+ item"),
        ("---", r"\---"),
        (":--:", r"\:--:"),
        ("<b>&lt;</b>", r"\<b>\&lt;\</b>"),
        ("AT&T, a & b", "AT&T, a & b"),
        ("![x](http://t.example)", r"!\[x](http://t.example)"),
        ("`code` *b* ~s~", r"\`code\` \*b\* \~s\~"),
        ("in_progress _it_ __b__", r"in_progress \_it\_ \_\_b\_\_"),
        ("\x1b[2J\u202e", r"\\x1b\[2J\\u202e"),
        ("الدعم 日本語", "الدعم 日本語"),
        ("HD-42 at 10:30, -5", "HD-42 at 10:30, -5"),
    ],
)
def test_markdown_shows_text_as_it_was_written(run: Run, printing: Printing, text: str, cell: str) -> None:
    printing("team", team(name=text))
    result = run("fake", "list", "-f", "markdown", "--fields", "name", "--no-headers")
    assert result.out == f"| {cell} |\n"
    shown = run("fake", "show", "-f", "markdown", "--fields", "name", "--no-headers")
    assert shown.out == f"| team | {cell} |\n"


@pytest.mark.parametrize("name", ["csv", "markdown"])
def test_a_batch_prints_what_was_done(run: Run, noun: Any, name: str) -> None:
    @noun.command("do")
    @output_options("team")
    def do(out: Output) -> None:
        """Do."""

        def act(id_: int) -> dict[str, Any]:
            if id_ == 2:
                raise RefusedError("no")
            return team(id=id_)

        out.batch([1, 2, 3], act)

    result = run("fake", "do", "-f", name, "--fields", "id", "--no-headers")
    assert (result.code, result.err) == (7, "Error: no\n")
    assert result.out == ("1\n3\n" if name == "csv" else "| 1 |\n| 3 |\n")


# -- as they come


def failing(row: dict[str, Any], error: Exception) -> Iterator[dict[str, Any]]:
    yield row
    raise error


def listing(noun: Any, rows: Iterator[dict[str, Any]], *, live: bool = False) -> None:
    @noun.command("list")
    @output_options("team")
    def list_(out: Output) -> None:
        """List."""
        out.many(rows, live=live)


@pytest.mark.parametrize("name", ["csv", "jsonl", "markdown", "ids", "json"])
def test_rows_are_written_as_they_come(
    run: Run, noun: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """When the last line is written, no row beyond its own was read: none are collected."""
    read, written = 0, []
    write = stream.write

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal read
        for read in range(1, 1001):
            yield team(id=read, name=f"row{read}")

    def spy(text: str) -> None:
        if "row" in text:
            written.append(read)
        write(text)

    monkeypatch.setattr(stream, "write", spy)
    listing(noun, rows())
    assert run("fake", "list", "-f", name).code == 0
    assert written == list(range(1, 1001))


@pytest.mark.parametrize("name", ["csv", "jsonl", "ids"])
def test_a_followed_stream_hands_over_each_row(
    run: Run, noun: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    done: list[str] = []
    monkeypatch.setattr(stream, "write", done.append)
    monkeypatch.setattr(stream, "flush", lambda: done.append("flush"))
    listing(noun, iter([team(), team(id=2), team(id=3)]), live=True)
    assert run("fake", "list", "-f", name, "--no-headers").code == 0
    assert [step == "flush" for step in done[:6]] == [False, True] * 3


# -- a thread of any length


def message(number: int) -> dict[str, Any]:
    return {
        "id": number, "ticket": 42, "at": "2026-03-01T09:00:00Z", "author": 'a "b", c', "from": None,
        "public": True, "channel": "cli", "body": f"row{number}\nلا \x9b", "attachments": [], "hidden": 1,
    }  # fmt: skip


@pytest.mark.parametrize("tty", [False, True])
@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("name", ["csv", "ids", "json", "jsonl", "markdown", "table"])
def test_a_thread_that_is_read_as_it_is_printed_is_a_list(
    run: Run, noun: Any, name: str, count: int, tty: bool
) -> None:
    messages = [message(number) for number in range(count)]
    made: Callable[[Any], Any] = list

    @noun.command("do")
    @output_options("ticket")
    def do(out: Output) -> None:
        """Do."""
        rows = [ticket(messages=made(messages), created=True), ticket(id=43, messages=made(messages[:1]))]
        out.one(rows[0])
        out.many(rows[1:])
        out.batch([1], lambda _: ticket(messages=made(messages)))

    for more in ((), ("--fields", "id,messages,created"), ("--fields", "messages"), ("--fields", "id")):
        made = list
        expected = run("fake", "do", "-f", name, *more, tty=tty)
        made = iter
        found = run("fake", "do", "-f", name, *more, tty=tty)
        assert found.code == 0
        if name == "csv":
            assert parsed(found.out) == parsed(expected.out)
        else:
            assert found == expected


@pytest.mark.parametrize("name", ["csv", "json", "jsonl"])
def test_a_thread_is_written_as_it_comes(
    run: Run, noun: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    read, written = 0, []
    write = stream.write

    def thread() -> Iterator[dict[str, Any]]:
        nonlocal read
        for read in range(1, 501):
            yield message(read)

    def spy(text: str) -> None:
        if "row" in text:
            written.append(read)
        write(text)

    @noun.command("do")
    @output_options("ticket")
    def do(out: Output) -> None:
        """Do."""
        out.one(ticket(messages=thread()))

    monkeypatch.setattr(stream, "write", spy)
    assert run("fake", "do", "-f", name).code == 0
    assert written == list(range(1, 501))
