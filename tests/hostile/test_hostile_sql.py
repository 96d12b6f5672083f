"""SQL and search: what means something to the engine is a word like any, in every filter, name, field list
and sort key: it finds what an unknown word finds, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from attacks import SQL, Ask
from contracts import COMMANDS, READING, each

from helpdesk_cli.cli.options import Shared
from helpdesk_cli.domain.filters import MAX_VALUES
from helpdesk_cli.records import RECORDS

UNKNOWN = "zzzz"
QUERIES = {"search", "--text"}  # any text is one, see below
# What reaches a query: words that commands look up themselves, and those that they only compare.
WORDS = ("'", "%", '"*', "a' OR '1'='1", "x'); DROP TABLE tickets; --", "_;^ id DESC")
FREE = ("text", "words", "key", "groups")
CALLS = {contract.command: contract for contract in each() if contract.command in READING}
RECORDED = [name for name, contract in CALLS.items() if contract.record is not None]


def parameters(name: str) -> tuple[list[str], int]:
    """The options of a command that take free words, and how many such arguments it has."""
    own = [
        param for param in COMMANDS[name].params if not isinstance(param, Shared) and param.type.name in FREE
    ]
    options = [param for param in own if isinstance(param, click.Option) and not param.is_flag]
    return [max(option.opts, key=len) for option in options], len(own) - len(options)


@pytest.mark.parametrize("name", CALLS)
def test_every_word_means_itself(stocked: Path, ask: Callable[[Path], Ask], name: str) -> None:
    helpdesk, before = ask(stocked), stocked.read_bytes()
    options, arguments = parameters(name)
    options = [option for option in options if option not in QUERIES]
    bare, call = name.split(), CALLS[name].argv(stocked.parent)
    ways: list[Callable[[str], list[str]]] = [
        lambda word, option=option: [*call, f"{option}={word}", "--json"] for option in options
    ]
    if arguments and name not in QUERIES:
        ways.append(lambda word: [*bare, "--json", "--", *[word] * arguments])
    for way in ways:
        wanted = helpdesk(*way(UNKNOWN))
        for word in WORDS:
            found = helpdesk(*way(word))
            assert (found.code, found.out) == (wanted.code, wanted.out), (word, found)
            if found.code:
                assert [error["code"] for error in found.errors] == [error["code"] for error in wanted.errors]
    assert stocked.read_bytes() == before


@pytest.mark.parametrize("name", RECORDED)
def test_no_sign_is_a_field(stocked: Path, ask: Callable[[Path], Ask], name: str) -> None:
    """Nor a key to sort by, beside one that is."""
    call = CALLS[name].argv(stocked.parent)
    field = RECORDS[str(CALLS[name].record)].fields[0].name
    sorts = "--sort" in parameters(name)[0]
    for word in WORDS:
        for words in (("--fields", f"{field},{word}"), *((("--sort", f"{field}{word}"),) if sorts else ())):
            done = ask(stocked)(*call, *words, "--json")
            assert (done.code, done.out) == (2, "")
            assert done.errors[0]["code"] in ("unknown_field", "bad_sort")


@pytest.mark.parametrize("word", SQL)
def test_a_search_for_signs(poisoned: Path, ask: Callable[[Path], Ask], word: str) -> None:
    """They mean nothing: beside another word they find what that finds, alone or quoted nothing breaks."""
    helpdesk = ask(poisoned)
    for query in (word, f'"{word}', f"-{word}*", f"{word} OR subject:({word})"):
        for words in (("search", "--json", "--", query), ("ticket", "list", "--json", f"--text={query}")):
            done = helpdesk(*words)
            assert (done.code, done.err) == (0, "")
            json.loads(done.out)
    for qualifier in ("org", "from", "tag", "status", "before", "is"):
        assert helpdesk("search", "--", f'{qualifier}:"{word}"').code in (0, 2, 3)
    if not any(map(str.isalnum, word)) and not word.startswith('"'):
        found = helpdesk("search", "--json", "--", f"router {word}").json
        assert found == helpdesk("search", "router", "--json").json


@pytest.mark.parametrize("option", ["--status", "--channel", "--tag", "--from", "--org"])
def test_more_values_than_a_statement_takes(stocked: Path, ask: Callable[[Path], Ask], option: str) -> None:
    """As many as are taken find nothing or name one that is unknown; one more is refused."""
    helpdesk = ask(stocked)
    words = [f"x{number}@a.example" for number in range(MAX_VALUES + 1)]
    unwanted = " ".join(f"-tag:{word}" for word in words[:MAX_VALUES])
    taken = helpdesk("ticket", "list", f"{option}={','.join(words[:-1])}", f"--text={unwanted}", "--json")
    assert taken.code == {"--org": 3, "--status": 2}.get(option, 0), taken
    assert taken.code or taken.json == []
    for more in ((f"{option}={','.join(words)}",), ("--text", f"{unwanted} is:overdue")):
        refused = helpdesk("ticket", "list", *more, "--json")
        if option != "--org" or "--text" in more:  # commas may be part of a name
            assert (refused.code, refused.errors[0]["code"]) == (2, "too_many_values")
