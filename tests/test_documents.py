"""The documents against the code: every command that they name exists, and generated pages are up to date."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from helpdesk_cli.cli.root import root
from tests.generate_docs import DOCS, PAGES

ROOT = Path(__file__).resolve().parent.parent
TOPICS = ROOT / "helpdesk_cli" / "cli" / "topics"
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "plans.yaml", *sorted(TOPICS.glob("*.md"))]
# `helpdesk` as a program: at the beginning, after a space, in a path; not in the middle of a sentence.
_IN_CODE = re.compile(r"(?:^|[\s|/])helpdesk (.+)")
_INLINE = re.compile(r"`helpdesk ([^`]+)`")
_END_OF_COMMAND = {"|", "||", "&", "&&", ";", ">", ">>", "<", "<<"}


def commands(text: str) -> Iterator[str]:
    """Every command line of a page: in code spans, fences, indented blocks, and comments of plans.yaml."""
    yield from _INLINE.findall(text)
    fenced = False
    for line in re.sub(r"\\\n", "", text).splitlines():
        fenced ^= line.startswith("```")
        if fenced or line.startswith(("    ", "#   ")):
            # Two spaces end a command: what follows tells what it does.
            yield from (re.split(r"\s{2,}", found)[0] for found in _IN_CODE.findall(line))


def problem(line: str) -> str | None:
    """What click has against a command line, whatever its arguments stand for; None if nothing."""
    command: click.Command = root
    words = _words(line)
    ctx = click.Context(root, info_name="helpdesk")
    while True:
        try:
            _, words, _ = command.make_parser(ctx).parse_args(words) if words else ({}, [], [])
            if not isinstance(command, click.Group):
                return f"unexpected {' '.join(words)}" if words else None
            if not words:
                return None
            name, inner, words = command.resolve_command(ctx, words)
        except click.UsageError as error:
            return error.format_message()
        assert inner is not None
        command, ctx = inner, click.Context(inner, info_name=name, parent=ctx)


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words = list(lexer)
    return words[: next((n for n, word in enumerate(words) if word in _END_OF_COMMAND), len(words))]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_command_of_a_page_exists(path: Path) -> None:
    lines = list(commands(path.read_text(encoding="utf-8")))
    assert [f"{line}: {found}" for line in lines if (found := problem(line))] == []


def test_commands_are_found_and_mistakes_in_them() -> None:
    page = (
        "A helpdesk for you: `helpdesk ticket list`\n"
        "```\nxargs /bin/helpdesk --db x sweep -q  # go\nhelpdesk org \\\nlist\n```\n"
        "    helpdesk sweep   does it\n"
    )
    assert list(commands(page)) == ["ticket list", "--db x sweep -q", "org list", "sweep"]
    assert str(problem("tikcet list")).startswith("No such command 'tikcet'.")
    assert problem("ticket list --colour red") is not None
    assert problem("sweep now") == "unexpected now"
    assert problem("--db x ticket list -f ids | helpdesk ticket close -") is None


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `python -m tests.generate_docs`"


def test_examples_of_the_help_are_commands() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    lines = list(commands("\n".join(line for line in page.splitlines() if line.startswith("    "))))
    assert len(lines) > 80
    assert [f"{line}: {found}" for line in lines if (found := problem(line))] == []


def test_what_the_pages_link_to_exists() -> None:
    for page in (ROOT / "README.md", ROOT / "CHANGELOG.md"):
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == []
