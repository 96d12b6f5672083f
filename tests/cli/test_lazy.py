"""Lazy groups: nothing is imported to list, complete or suggest; the static short helps are true."""

from __future__ import annotations

from importlib.util import find_spec

import click
import pytest
from console import Run

from helpdesk_cli.cli.lazy import LazyGroup, Noun, verb
from helpdesk_cli.cli.root import NOUNS, root


def commands() -> list[tuple[str, click.Command, str]]:
    """Every noun and verb: path, command, and the short help that its table gives it."""
    found = []
    for name, (place, short) in NOUNS.items():
        if find_spec(place.partition(":")[0]) is None:
            continue
        with click.Context(root) as ctx:
            command = root.get_command(ctx, name)
        assert command is not None
        found.append((name, command, short))
        if isinstance(command, LazyGroup):
            with click.Context(command) as ctx:
                for sub in command.list_commands(ctx):
                    inner = command.get_command(ctx, sub)
                    assert inner is not None
                    found.append((f"{name} {sub}", inner, command.table.get(sub, ("", ""))[1]))
    return found


@pytest.mark.parametrize(
    ("path", "command", "short"), [pytest.param(*each, id=each[0]) for each in commands()]
)
def test_help_opens_with_one_sentence_and_has_examples(path: str, command: click.Command, short: str) -> None:
    text = (command.help or "").strip()
    first = text.split("\n\n")[0].replace("\n", " ")
    assert first.endswith("."), "the help opens with one sentence"
    if short:
        assert short == first, "the table of the lazy group says the same"
    assert "Examples:" in text
    assert f"helpdesk {path}" in text
    assert command.name == path.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize(("path", "command"), [pytest.param(*each[:2], id=each[0]) for each in commands()])
def test_every_option_has_help(path: str, command: click.Command) -> None:
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{path} {param.opts[0]}"


def test_suggestions_and_lists_import_nothing(run: Run) -> None:
    group = Noun("fake", "Fake.", verbs={"there": ("no.such.module:cli", "Does something.")})

    @group.command("here")
    def here() -> None:
        """Do something here."""

    root.add_command(group)
    try:
        page = run("fake", "--help").out
        assert "there  Does something." in page
        assert "here   Do something here." in page
        assert run("fake", "ther").err.endswith("Hint: did you mean there?\n")
        assert run("fake", "here").code == 0
        assert run("fake", "there").code == 1
    finally:
        del root.commands["fake"]


def test_a_plain_command() -> None:
    @verb("plain")
    def plain() -> None:
        """Be plain."""

    assert plain.name == "plain"
