"""How words of the command line become values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import click
import pytest
from console import Run

from helpdesk_cli.cli.lazy import SECTIONS, Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import DURATION, INSTANT, INT, TICKET, Word, list_option


@pytest.fixture
def seen(noun: Noun) -> dict[str, Any]:
    """`fake take` with an option of every type; what it was given."""
    values: dict[str, Any] = {}

    @noun.command("take")
    @click.option("--at", type=INSTANT)
    @click.option("--for", "for_", type=DURATION)
    @click.option("--limit", type=INT)
    @click.option("--role", type=Word("main", "sub_role"))
    @click.option("--ticket", type=TICKET)
    @click.option("--tz", "timezone")
    @list_option("--status", help="Statuses.")
    @output_options("team")
    def take(out: Output, **given: Any) -> None:
        """Take values.

        \b
        Examples:
          helpdesk fake take
        """
        values.update(
            given, limit_of=out.limit(given["limit"]), format=out.format, zone=out.settings.timezone
        )

    return values


def test_values(run: Run, seen: dict[str, Any]) -> None:
    result = run(
        "fake", "take", "--at", "2026-03-01T12:00", "--for", "1h30m", "--limit", "0", "--role", "SUB-ROLE",
        "--ticket", "hd-42", "--status", "open, on_hold", "--status", "open,", "--timezone", "Asia/Riyadh",
        "--tz", "Europe/Paris",
    )  # fmt: skip
    assert (result.code, result.err) == (0, "")
    assert seen["at"] == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert (seen["for_"], seen["limit"], seen["limit_of"]) == (5400, 0, None)
    assert (seen["role"], seen["ticket"], seen["status"]) == ("sub_role", 42, ("open", "on_hold"))
    assert (seen["timezone"], seen["zone"]) == ("Europe/Paris", "Asia/Riyadh")


def test_relative_instants_follow_now(run: Run, seen: dict[str, Any]) -> None:
    for args in (
        ("--now", "2026-03-01T12:00:00Z", "--at", "-2h"),
        ("--at", "-2h", "--now", "2026-03-01T12:00:00Z"),
    ):
        assert run("fake", "take", *args).code == 0
        assert seen["at"] == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--at", "31 February"), "bad_time"),
        (("--at", "2026-02-31"), "bad_time"),
        (("--at", "now", "--now", "nonsense"), "bad_time"),
        (("--for", "1.5h"), "bad_duration"),
        (("--for", ""), "bad_duration"),
        (("--for=-1h",), "bad_duration"),
        (("--limit", "-1"), "bad_number"),
        (("--limit", "1e3"), "bad_number"),
        (("--limit", "9" * 30), "bad_number"),
        (("--role", "mian"), "unknown_word"),
        (("--ticket", "x"), "bad_ticket"),
        (("--color", "sometimes"), "unknown_word"),
        (("--timezone", "Mars/Base", "--at", "today"), "unknown_zone"),
        (("extra",), "usage"),
        (("--json=1",), "usage"),
    ],
)
def test_mistakes_are_exit_2(run: Run, seen: dict[str, Any], args: tuple[str, ...], code: str) -> None:
    result = run("fake", "take", *args, "--json")
    assert (result.code, result.out) == (2, "")
    assert result.errors[0]["code"] == code
    assert not seen


def test_a_mistake_names_its_option(run: Run, seen: dict[str, Any]) -> None:
    assert run("fake", "take", "--for", "x").err.startswith("Error: --for: 'x' is not a duration")
    assert run("fake", "take", "--role", "mian").err.endswith("Hint: did you mean 'main'?\n")


@pytest.mark.parametrize(
    ("args", "chosen"),
    [
        ((), "table"),
        (("--json",), "json"),
        (("-fids",), "ids"),
        (("--json", "-f", "table"), "table"),
        (("-f", "table", "--json"), "json"),
        (("-f", "ids", "--json", "--format", "jsonl"), "jsonl"),
    ],
)
def test_the_last_format_wins(run: Run, seen: dict[str, Any], args: tuple[str, ...], chosen: str) -> None:
    run("fake", "take", *args)
    assert seen["format"] == chosen
    run("-f", "ids", "fake", "take", *args)
    assert seen["format"] == (chosen if args else "ids")


@pytest.mark.parametrize("text", ["JSON", "Json", "CSV", "Ids", "MARKDOWN"])
def test_a_format_in_any_case(run: Run, seen: dict[str, Any], text: str) -> None:
    for words in (
        ("fake", "take", "-f", text),
        ("-f", text, "fake", "take"),
        ("fake", "take", f"--format={text}"),
    ):
        assert run(*words).code == 0
        assert seen["format"] == text.lower()
    error = run("fake", "take", "-f", text, "--limit", "x").err
    assert error.startswith('{"error"') == (text.lower() == "json")


@pytest.mark.parametrize("words", [("--json", "-f", "foo"), ("-ffoo",)])
def test_a_mistake_in_the_format_is_told_of_format(
    run: Run, seen: dict[str, Any], words: tuple[str, ...]
) -> None:
    assert "--format: 'foo' is not one of" in run("fake", "take", *words).err


def test_a_table_shows_50_rows_and_other_formats_all(run: Run, seen: dict[str, Any]) -> None:
    run("fake", "take")
    assert seen["limit_of"] == 50
    run("fake", "take", "--json")
    assert seen["limit_of"] is None
    run("fake", "take", "--limit", "7", "--json")
    assert seen["limit_of"] == 7


def test_a_verbs_help_shows_its_own_options_and_those_of_the_output(run: Run, seen: dict[str, Any]) -> None:
    page = run("fake", "take", "--help").out
    assert "--status STATUS,..." in page
    assert "[main|sub_role]" in page
    assert "Output options:" in page
    assert "--no-headers" in page
    assert "--timezone" not in page
    assert "global options" in page
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("words", [(), ("ticket",), ("ticket", "list"), ("ticket", "unassign"), ("init",)])
def test_options_come_in_one_order_on_every_page(run: Run, words: tuple[str, ...]) -> None:
    page = run(*words, "--help").out
    headings = re.findall(r"^((?:[A-Z]\w+ )?[Oo]ptions):$", page, re.MULTILINE)
    assert headings == [heading for heading in SECTIONS if heading in headings]
    assert headings[0] == "Options"


def test_help_fits_the_terminal(run: Run) -> None:
    assert max(map(len, run("--help", env={"COLUMNS": "300"}).out.splitlines())) <= 80
    assert run("--help", env={"COLUMNS": "x"}).code == 0
