"""Verbs over `ID...`: one call an id, an array, a line a failure, exit 7."""

from __future__ import annotations

from typing import Any

import click
import pytest
from console import Run, ticket

from helpdesk_cli import errors
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import TICKETS


@pytest.fixture
def calls(noun: Noun) -> list[Any]:
    """`fake touch ID...` and `fake show ID...`: ids from 100 are unknown, 50 is busy, 60 is refused."""
    seen: list[Any] = []

    def act(id_: int) -> dict[str, Any]:
        seen.append(id_)
        if id_ == 50:
            raise errors.BusyError("locked")
        if id_ == 60:
            raise errors.RefusedError("HD-60 is closed", hint="reopen it")
        if id_ >= 100:
            raise errors.NotFoundError(f"there is no ticket HD-{id_}")
        return ticket(id=id_, ref=f"HD-{id_}")

    @noun.command("touch")
    @click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...")
    @output_options("ticket")
    def touch(out: Output, ids: tuple[int | str, ...]) -> None:
        """Touch."""
        out.batch(ids, act)

    @noun.command("show")
    @click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...")
    @output_options("ticket")
    def show(out: Output, ids: tuple[int | str, ...]) -> None:
        """Show."""
        out.batch(ids, act, single=True)

    return seen


def test_an_array_in_the_order_given_each_once(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "3", "HD-1", "hd-3", "2", "--json")
    assert (result.code, result.err) == (0, "")
    assert [row["id"] for row in result.json] == calls == [3, 1, 2]


def test_a_single_id_is_an_array_too_unless_shown(run: Run, calls: list[Any]) -> None:
    assert [row["id"] for row in run("fake", "touch", "1", "--json").json] == [1]
    assert run("fake", "show", "1", "--json").json["id"] == 1
    assert len(run("fake", "show", "1", "2", "--json").json) == 2


def test_some_failed(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "1", "100", "60", "2", "--json")
    assert result.code == 7
    assert [row["id"] for row in result.json] == [1, 2]
    assert [(e["code"], e["details"]["id"]) for e in result.errors] == [("not_found", 100), ("refused", 60)]
    plain = run("fake", "touch", "1", "100", "60")
    assert plain.code == 7
    assert plain.err.splitlines() == [
        "Error: there is no ticket HD-100",
        "Error: HD-60 is closed",
        "Hint: reopen it",
        "2 failed, 1 done.",
    ]


def test_a_single_failure_is_the_commands_own(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "100", "--json")
    assert (result.code, result.out) == (3, "[]\n")
    assert len(result.errors) == 1
    assert run("fake", "touch", "60").err == "Error: HD-60 is closed\nHint: reopen it\n"
    assert run("fake", "show", "100", "--json").out == ""


def test_all_failed_is_7(run: Run, calls: list[Any]) -> None:
    assert run("fake", "touch", "100", "101", "--json").code == 7


def test_what_would_fail_for_every_id_ends_the_batch(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "1", "50", "2", "--json")
    assert result.code == 5
    assert [row["id"] for row in result.json] == [1]
    assert calls == [1, 50]


def test_a_word_that_is_no_id_is_told_before_anything_is_done(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "1", "x42", "--json")
    assert (result.code, result.errors[0]["code"], calls) == (2, "bad_ticket", [])
    for word in ("", "-42", "4.2", "HD-", "٤٢", "9" * 19, "4\n2"):
        assert run("fake", "touch", "--", word).code == 2


def test_ids_from_stdin(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "5", "-", "--json", stdin="1\n\n  HD-2 \r\n1\n5\n3")
    assert result.code == 0
    assert calls == [5, 1, 2, 3]


def test_a_bad_line_of_stdin_fails_alone(run: Run, calls: list[Any]) -> None:
    result = run("fake", "touch", "-", "--json", stdin="1\nnonsense\n2\n")
    assert result.code == 7
    assert [row["id"] for row in result.json] == [1, 2]
    assert result.errors[0]["details"]["id"] == "nonsense"


@pytest.mark.parametrize("stdin", [b"1\n\xff\n", b"1\n" + b"2" * 400 + b"\n"])
def test_stdin_that_can_hold_no_ids(run: Run, calls: list[Any], stdin: bytes) -> None:
    result = run("fake", "touch", "-", "--json", stdin=stdin)
    assert (result.code, result.errors[0]["code"]) == (2, "bad_input")


def test_nothing_on_stdin_is_nothing_to_do(run: Run, calls: list[Any]) -> None:
    assert run("fake", "touch", "-", "--json") == (0, "[]\n", "")


def test_other_keys_than_tickets(run: Run, noun: Noun) -> None:
    @noun.command("greet")
    @click.argument("names", nargs=-1, required=True)
    @output_options("team")
    def greet(out: Output, names: tuple[str, ...]) -> None:
        """Greet."""
        out.batch(names, lambda name: {"id": 1, "name": name}, parse=str)

    assert run("fake", "greet", "b", "a", "b", "-", "-f", "ids", stdin="c d\n").out == "b\na\nc d\n"
