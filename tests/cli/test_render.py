"""What records look like in each format, on a terminal and in a pipe; hostile text in all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import wcwidth
from console import Run, ticket

from helpdesk_cli.cli.options import Output
from helpdesk_cli.cli.render import text
from helpdesk_cli.records import RECORDS

Printing = Callable[..., None]
NOW = {"HELPDESK_NOW": "2026-03-01T10:30:00Z"}
CLOCK = {
    "name": "resolution", "instance": 1, "state": "running", "at_risk": False, "target_seconds": 14400,
    "starts_at": "2026-03-01T09:00:00Z", "due_at": "2026-03-01T13:00:00Z", "elapsed_seconds": 5400,
    "remaining_seconds": 9000, "paused_seconds": 0, "late_by_seconds": 0, "calendar": "office",
    "escalations": [{"level": 1, "at": "2026-03-01T12:00:00Z", "fired_at": None}],
}  # fmt: skip
HOSTILE = (
    "\x1b]0;owned\x07", "\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b2J", "\x90q\x9c", "\x85", "a\rb", "\x7f", "\0",
    "\u202egnp.exe", "\u2066x\u2069", "\u2028", "\ud800", "caf\udce9",
)  # fmt: skip
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def test_json_is_an_object_or_an_array_in_declared_order(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(clocks=[CLOCK], tags=["b", "a"], nonsense=1), ticket(id=43))
    one, many = run("fake", "show", "--json"), run("fake", "list", "-f", "json")
    declared = [field.name for field in RECORDS["ticket"].fields if not field.optional]
    assert list(one.json) == declared
    assert [row["id"] for row in many.json] == [42, 43]
    assert many.json[0] == one.json
    assert list(one.json["clocks"][0]) == [
        field.name for field in RECORDS["clock"].fields if not field.optional
    ]
    assert one.json["clocks"][0]["met_at"] is None
    assert one.json["closed_at"] is None
    assert one.out.startswith('{\n  "id": 42,\n  "ref": "HD-42",\n')
    assert many.out.startswith('[\n  {\n    "id": 42,\n')


def test_optional_keys_appear_only_where_they_are(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(created=False, events=[]))
    assert list(run("fake", "show", "--json").json)[-2:] == ["events", "created"]


def test_jsonl_is_compact_and_a_line_each(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(subject="شكوى"), ticket(id=43))
    lines = run("fake", "list", "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [42, 43]
    assert lines[0].startswith('{"id":42,"ref":"HD-42",')
    assert "شكوى" in lines[0]


def test_ids_are_what_other_commands_accept(run: Run, printing: Printing) -> None:
    printing("org", {"id": 1, "name": "Acme Ltd\x1b[m"}, {"id": 2, "name": "Zed"})
    assert run("fake", "list", "-f", "ids").out == "Acme Ltd\\x1b[m\nZed\n"
    assert run("fake", "show", "-f", "ids").out == "Acme Ltd\\x1b[m\n"


def test_empty_lists(run: Run, printing: Printing) -> None:
    printing("priority")
    assert run("fake", "list") == (0, "", "No priorities.\n")
    assert run("fake", "list", "-q") == (0, "", "")
    assert run("fake", "list", "--json") == (0, "[]\n", "")
    assert run("fake", "list", "-f", "jsonl") == (0, "", "")
    assert run("fake", "list", "-f", "ids") == (0, "", "")


def test_a_table_in_a_pipe_is_plain_and_whole(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(subject="x" * 200, org="Acme"), ticket(id=43, ref="HD-43", next_due_at=None))
    result = run("fake", "list", env={"COLUMNS": "60", "HELPDESK_TIMEZONE": "Asia/Riyadh"})
    head, first, second = result.out.splitlines()
    assert head.split("  ")[0] == "ticket"
    assert "due (Asia/Riyadh)" in head
    assert "2026-03-01 16:00:00" in first
    assert first.endswith("Acme  " + "x" * 200)
    assert second.split() == ["HD-43", "open", "normal", "Router", "down"]


def test_a_table_on_a_terminal_fits_and_tells_ages(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(subject="x" * 200, org="Acme"), ticket(id=43, ref="HD-43"))
    for columns in (60, 80, 120):
        lines = run(
            "fake", "list", tty=True, env=NOW | {"COLUMNS": str(columns), "NO_COLOR": "1"}
        ).out.splitlines()
        assert max(map(len, lines)) == columns
        assert {"ticket", "status", "due", "subject"} <= {*lines[0].split()}
        assert "in 2h" in lines[2]
        assert lines[2].endswith("x…")
        assert lines[3].endswith("Router down")


def test_no_headers_and_fields(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(clocks=[CLOCK], links=[{"kind": "related", "ref": "HD-7"}]))
    wanted = ("--fields", "subject, id,clocks,links,breached,subject")
    assert run("fake", "list", "--no-headers", *wanted).out == (
        "Router down  42  resolution running 2h30m left  related HD-7\n"
    )
    assert list(run("fake", "list", "--json", *wanted).json[0]) == [
        "subject",
        "id",
        "clocks",
        "links",
        "breached",
    ]
    assert run("fake", "list", "--no-headers", "--fields", "ref", "--fields", "id").out == "42\n"


def test_fields_are_checked_before_the_body_runs(
    run: Run, saying: Callable[..., None], printing: Printing
) -> None:
    printing("ticket")
    result = run("fake", "list", "--fields", "id,subjct", "--json")
    assert result.code == 2
    assert result.errors[0]["details"]["found"] == "subjct"
    assert result.errors[0]["hint"].startswith("did you mean 'subject'? there are id, ref, version, subject,")
    assert result.errors[0]["details"]["expected"] == [field.name for field in RECORDS["ticket"].fields]
    told = run("fake", "list", "--fields", "id,subjct").err.splitlines()
    assert told[:2] == ["Error: --fields: tickets have no field 'subjct'.", "Hint: did you mean 'subject'?"]
    assert told[2].startswith("      there are id, ref, version, subject, ")
    assert max(map(len, told)) <= 80
    assert "next_due_at" in run("fake", "list", "--fields", "qqq").err
    assert run("fake", "list", "--fields", ",").code == 2


def test_how_many_more(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(), left=7)
    assert run("fake", "list").err == "7 more: --limit 0 shows all.\n"
    assert run("fake", "list", "--json").err == ""


def test_a_single_record_goes_down_the_page_with_its_clocks_below(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(clocks=[CLOCK], tags=["vpn", "urgent"]))
    plain = run("fake", "show").out
    assert "tags           vpn, urgent\n" in plain
    assert "due (UTC)      2026-03-01 13:00:00\n" in plain
    assert "closed" not in plain
    block = plain.split("\nclocks\n")[1].splitlines()
    assert block[0].split() == ["clock", "#", "state", "target", "due", "(UTC)", "elapsed", "remaining"]
    assert block[1].split() == [
        "resolution",
        "1",
        "running",
        "4h",
        "2026-03-01",
        "13:00:00",
        "1h30m",
        "2h30m",
    ]
    terminal = run("fake", "show", tty=True, env=NOW).out
    assert "due (UTC)      2026-03-01 13:00:00 (in 2h30m)\n" in terminal
    assert run("fake", "show", "--fields", "closed_at").out == "closed (UTC)\n"


@pytest.mark.parametrize(
    ("at", "age"),
    [
        ("2026-03-01T10:30:00Z", "now"),
        ("2026-03-01T10:29:01Z", "59s ago"),
        ("2026-03-01T10:31:59Z", "in 1m"),
        ("2026-03-01T09:31:00Z", "59m ago"),
        ("2026-03-01T09:30:00Z", "1h ago"),
        ("2026-03-01T08:42:01Z", "1h47m ago"),
        ("2026-03-01T20:29:59Z", "in 9h59m"),
        ("2026-03-01T20:31:00Z", "in 10h"),
        ("2026-02-27T11:00:00Z", "47h ago"),
        ("2026-02-27T10:00:00Z", "2d ago"),
        ("2026-04-30T10:30:00Z", "in 60d"),
        ("2027-01-01T00:00:00Z", "2027-01-01"),
    ],
)
def test_ages(run: Run, saying: Callable[..., None], at: str, age: str) -> None:
    saying(lambda out: out.page([out.age(at), out.instant(at)]))
    assert run("fake", "say", env=NOW).out.splitlines() == [age, at.replace("T", " ")[:19]]


def test_objects_in_a_cell(run: Run, printing: Printing) -> None:
    printing(
        "notice",
        {"id": 1, "ticket": 42, "event": 3, "kind": "breach",
         "to": {"address": "a@b.example", "role": "assignee"},
         "at": "2026-03-01T09:00:00Z", "text": "late\nvery", "done_at": None},
    )  # fmt: skip
    line = run("fake", "list", "--no-headers").out
    assert "address a@b.example, role assignee" in line
    assert "late very" in line


def test_labels_fall_back_to_the_machine_names(run: Run, printing: Printing) -> None:
    printing("ticket", ticket(status="waiting_customer"))
    assert "waiting_customer" in run("fake", "list", "--lang", "fr").out  # there is no policy to ask


def test_labels_are_for_tables_only(run: Run, printing: Printing, database_path: object) -> None:
    printing("ticket", ticket(status="waiting_customer"))
    db = ("--db", str(database_path), "--lang", "fr")
    assert "waiting_customer" not in run("fake", "list", *db).out
    assert run("fake", "list", *db, "--json").json[0]["status"] == "waiting_customer"


@pytest.mark.parametrize("given", HOSTILE)
@pytest.mark.parametrize(
    "how", [("-f", "table"), ("--json",), ("-f", "jsonl"), ("-f", "ids"), ("-f", "markdown")]
)
def test_nothing_that_a_terminal_obeys_gets_through(
    run: Run, printing: Printing, given: str, how: tuple[str, ...]
) -> None:
    row = {
        "id": 1,
        "name": f"{given}name",
        "plan": given,
        "domains": [given],
        "region": given,
        "created_at": None,
    }
    printing("org", row)
    for verb in ("list", "show"):
        for tty in (False, True):
            result = run("fake", verb, *how, tty=tty, env={"NO_COLOR": "1"})
            assert result.code == 0
            assert FORBIDDEN.search(result.out) is None
            result.out.encode("utf-8")
    if how == ("--json",):
        assert run("fake", "show", *how).json["name"] == f"{given}name"


def test_hostile_text_in_pages_talk_and_errors(run: Run, saying: Callable[..., None]) -> None:
    from helpdesk_cli.errors import RefusedError

    def say(out: Output) -> None:
        out.page(["".join(HOSTILE), "two\nlines\tand a tab"])
        out.talk("".join(HOSTILE))
        raise RefusedError("".join(HOSTILE), hint="".join(HOSTILE))

    saying(say)
    result = run("fake", "say", tty=True, env={"NO_COLOR": "1"})
    assert FORBIDDEN.search(result.out + result.err) is None
    assert result.out.endswith("two\nlines   and a tab\n")
    assert FORBIDDEN.search(run("fake", "say", "--json").err) is None


@pytest.mark.parametrize(
    "subject", ["日本語の件名", "👨‍👩‍👧‍👦 family", "e\u0301clair", "\u0301mark", "plain", "🇸🇦 flag"]
)
def test_wide_text_stays_aligned(run: Run, printing: Printing, subject: str) -> None:
    printing("team", {"id": 1, "name": subject * 3, "lead": "ann"}, {"id": 2, "name": "x", "lead": "bob"})
    for tty in (False, True):
        lines = run("fake", "list", tty=tty, env={"COLUMNS": "30", "NO_COLOR": "1"}).out.splitlines()
        before = [re.split("ann|bob|lead", line)[0] for line in lines if "-" not in line]
        columns = set(map(wcwidth.wcswidth, before))
        assert len(columns) == 1


MARK, ISOLATE, END = "\u200e", "\u2068", "\u2069"


def isolated(text: str) -> str:
    return f"{MARK}{ISOLATE}{text}{END}{MARK}"


def test_right_to_left_text_is_kept_apart_on_a_terminal_only(run: Run, printing: Printing) -> None:
    printing("team", {"id": 1, "name": "الدعم الفني 24", "lead": "42"}, {"id": 2, "name": "x", "lead": "שרה"})
    terminal = {"COLUMNS": "30", "NO_COLOR": "1"}
    lines = run("fake", "list", tty=True, env=terminal).out.splitlines()
    assert lines[2] == f"{isolated('الدعم الفني 24')}  42"
    assert lines[3] == f"x               {isolated('שרה')}"
    narrow = run("fake", "list", tty=True, env={"COLUMNS": "12", "NO_COLOR": "1"}).out
    assert isolated("الدعم الفني…") in narrow
    assert MARK not in run("fake", "list").out
    assert ISOLATE not in run("fake", "list", "-f", "csv", tty=True).out


def test_each_line_of_a_long_value_is_kept_apart(run: Run, printing: Printing) -> None:
    printing("team", {"id": 1, "name": "كلمة " * 12, "lead": "42"})
    out = run("fake", "show", tty=True, env={"COLUMNS": "30", "NO_COLOR": "1"}).out
    wrapped = [line for line in out.splitlines() if ISOLATE in line]
    assert len(wrapped) > 2
    assert all(line.count(ISOLATE) == line.count(END) == 1 for line in wrapped)


def test_what_people_wrote_ends_no_isolate_of_ours(run: Run, printing: Printing) -> None:
    printing("team", {"id": 1, "name": f"شكوى{END}{END}\u202e evil{ISOLATE}", "lead": "42"})
    out = run("fake", "list", tty=True, env={"NO_COLOR": "1"}).out
    assert isolated("شكوى\\u2069\\u2069\\u202e evil\\u2068") in out
    assert (out.count(ISOLATE), out.count(END)) == (1, 1)


PRESSING = ("overdue", "at_risk", "running")


def test_what_is_pressing_is_a_word_and_in_colour_too(run: Run, printing: Printing) -> None:
    printing("ticket", *(ticket(sla=word, subject="overdue") for word in PRESSING))
    plain = run("fake", "list", tty=True, env={"NO_COLOR": "1", **NOW}).out
    assert "\x1b" not in plain
    assert [word for word in plain.split() if word in PRESSING and word != "overdue"] == [
        "at_risk",
        "running",
    ]
    for env, tty, words in (
        ({}, True, ()),
        ({"FORCE_COLOR": "1"}, False, ()),
        ({"NO_COLOR": "1"}, False, ("--color", "always")),
    ):
        lines = run("fake", "list", *words, tty=tty, env={**env, **NOW}).out.splitlines()
        rows = lines[-3:]
        assert "\x1b[1;31moverdue\x1b[0m" in rows[0]
        assert rows[0].count("\x1b[") == 2
        assert rows[0].endswith("  overdue")
        assert "\x1b[33mat_risk\x1b[0m" in rows[1]
        assert "\x1b" not in rows[2]
        bare = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
        assert len({line.index("overdue", 60 if not tty else 40) for line in bare[-3:]}) == 1
    for env in ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {}):
        assert "\x1b" not in run("fake", "list", env=env).out
    assert "\x1b" not in run("fake", "list", "--color", "never", tty=True).out


def test_ages_have_no_zone_and_dates_have_one(run: Run, printing: Printing) -> None:
    env = {"NO_COLOR": "1", "HELPDESK_TIMEZONE": "Asia/Riyadh", **NOW}
    printing("team", {"id": 1, "name": "a", "lead": None, "created_at": "2026-03-01T09:30:00Z"})
    fields = ("--fields", "name,created_at")
    assert run("fake", "list", *fields, tty=True, env=env).out.splitlines()[0] == "team  created"
    printing("team", {"id": 1, "name": "a", "lead": None, "created_at": "2025-12-30T21:30:00Z"})
    assert run("fake", "list", *fields, tty=True, env=env).out.splitlines() == [
        "team  created (Asia/Riyadh)",
        "----  ---------------------",
        "a     2025-12-31",
    ]
    assert "created (Asia/Riyadh)" in run("fake", "list", *fields, env=env).out


def test_numbers_are_not_reformatted(run: Run, printing: Printing) -> None:
    printing("team", {"id": 1, "name": "007", "lead": "1e5"})
    assert run("fake", "list", "--no-headers").out.split() == ["007", "1e5"]


def test_shortening_never_cuts_a_character() -> None:
    family = "👨‍👩‍👧‍👦"
    assert text.shortened(family * 3, 5) == family * 2 + "…"
    assert text.shortened("abcdef", 4) == "abc…"
    assert text.shortened("abcd", 4) == "abcd"
    assert text.width(text.shortened("日本語日本語", 6)) <= 6


def test_ten_megabytes_in_one_line(run: Run, printing: Printing) -> None:
    printing("team", {"id": 1, "name": "x" * 10_000_000, "lead": "ann"})
    assert len(run("fake", "list", tty=True, env={"COLUMNS": "80"}).out) < 1000


def rows_then_failure(error: Exception) -> Any:
    yield ticket()
    raise error


def test_an_array_that_ends_in_an_error_is_still_json(run: Run, noun: Any) -> None:
    from helpdesk_cli.cli.options import output_options
    from helpdesk_cli.errors import BusyError

    @noun.command("list")
    @output_options("ticket")
    def list_(out: Output) -> None:
        """List."""
        out.many(rows_then_failure(BusyError("locked")))

    result = run("fake", "list", "--json")
    assert (result.code, len(result.json)) == (5, 1)
