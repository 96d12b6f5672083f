"""Write the documents that follow from the code: `python -m tests.generate_docs`.

docs/records.md are the keys of every record, docs/commands.md every command with its options.
`tests/test_documents.py` compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from helpdesk_cli.cli.root import root
from helpdesk_cli.records import RECORDS, Field
from helpdesk_cli.records.event_types import EVENT_TYPES

DOCS = Path(__file__).resolve().parent.parent / "docs"

_RECORDS = """# Records

What commands print with `--json`, `-f jsonl` and `-f csv`, key by key, in this order; `--fields` picks from
them. Instants are `...Z` texts in UTC, durations whole seconds. A key is null only where this says so, and
none is ever taken away. A key marked *sometimes* is there where its meaning says so; where a command has
none and `--fields` asks for it, it is null. `helpdesk schema RECORD` prints the same as a JSON Schema.
"""
_COMMANDS = """# Commands

What `--help` says, command by command. Every command takes the global options too, before the noun or after
the verb; every command that prints records takes `-f/--format`, `--json`, `--fields` and `--no-headers`.
"""


def records() -> str:
    """The page of records."""
    lines = [_RECORDS]
    for record in RECORDS.values():
        lines += [f"## {record.name}", "", record.doc, "", "| key | type | meaning |", "|---|---|---|"]
        lines += [f"| `{field.name}` | {_type(field)} | {_meaning(field)} |" for field in record.fields]
        lines.append("")
        if record.name == "event":
            lines += [*_events(), ""]
    return "\n".join(lines)


def _events() -> Iterator[str]:
    """The types of event and what the data of each tells."""
    yield "| type | meaning | keys of `data` |"
    yield "|---|---|---|"
    for name, (meaning, keys) in EVENT_TYPES.items():
        yield f"| `{name}` | {meaning} | {', '.join(f'`{key}`' for key in keys.split())} |"
    yield ""
    yield "A key marked `?` is there where there is something to tell, `run` where a sweep did it. `{}` is"
    yield '`{"before": ..., "after": ...}`.'


def _type(field: Field) -> str:
    of = f"[{field.of}](#{field.of})" if field.of in RECORDS else field.of
    name = field.type if of is None else f"list of {of}" if field.type == "list" else of
    return f"{name} or null" if field.nullable else str(name)


def _meaning(field: Field) -> str:
    values = "" if not field.values else " One of " + ", ".join(f"`{value}`" for value in field.values) + "."
    return ("*Sometimes.* " if field.optional else "") + field.doc.replace("|", r"\|") + values


def commands() -> str:
    """The page of commands."""
    lines = [_COMMANDS, "## Global options", "", "```"]
    with click.Context(root, info_name="helpdesk") as ctx:
        lines += [*_options(root, ctx), "```", ""]
        for path, command, inner in _commands(root, ctx):
            lines += [f"## {path}", "", "```", *_page(command, inner), "```", ""]
    return "\n".join(lines)


def _commands(group: click.Group, ctx: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None, name
        inner = click.Context(command, info_name=name, parent=ctx)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
        else:
            yield inner.command_path, command, inner


def _page(command: click.Command, ctx: click.Context) -> Iterator[str]:
    writer = click.HelpFormatter(width=80)
    writer.write(" ".join((ctx.command_path, *command.collect_usage_pieces(ctx))) + "\n")
    command.format_help_text(ctx, writer)
    yield from writer.getvalue().rstrip("\n").split("\n")
    options = _options(command, ctx)
    yield from ("", *options) if options else ()


def _options(command: click.Command, ctx: click.Context) -> list[str]:
    """Those of the command itself; the ones that all commands share stand once at the top."""
    shared = () if command is root else ("Output options", "Global options")
    rows = [
        row
        for param in command.get_params(ctx)
        if not isinstance(param, click.Argument) and getattr(param, "section", "") not in shared
        if (row := param.get_help_record(ctx)) is not None and "--help" not in row[0]
    ]
    writer = click.HelpFormatter(width=80)
    if rows:
        writer.write_dl(rows)
    return writer.getvalue().rstrip("\n").split("\n") if rows else []


PAGES = {"records.md": records, "commands.md": commands}


def main() -> None:
    """Write the pages."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
