"""Where the text of a message comes from: an option, a file, stdin, or an editor on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


def body_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--body` and `--body-file`."""
    file = click.option(
        "--body-file", type=click.Path(), metavar="FILE", help="A file with the text; - is stdin."
    )
    return click.option("--body", metavar="TEXT", help="The text itself.")(file(command))


def message_text(body: str | None, path: str | None, initial: str = "") -> str:
    """Return the text given, else what a person writes in the editor. UsageError where both are given, or
    neither and nobody can be asked."""
    if body is not None and path is not None:
        raise UsageError("--body and --body-file are both given", hint="give one of them")
    if body is not None:
        return body
    from helpdesk_cli.cli.inputs import edit_text, read_text

    return edit_text(initial) if path is None else read_text(path)
