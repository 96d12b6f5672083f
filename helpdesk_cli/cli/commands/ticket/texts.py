"""Where the text of a message comes from: an option, a file, stdin, or an editor on a terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.types import INT
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from helpdesk_cli.cli.options import Output

_LABEL = 15  # as long as `Idempotency key`


def body_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--body` and `--body-file`."""
    file = click.option(
        "--body-file", type=click.Path(), metavar="FILE", help="A file with the text; - is stdin."
    )
    return click.option("--body", metavar="TEXT", help="The text itself.")(file(command))


attach_option = click.option(
    "--attach", multiple=True, type=click.Path(), metavar="FILE", help="A file that goes with it; repeatable."
)
minutes_option = click.option(
    "--minutes", type=INT, metavar="N", help="The work that it took, added up in the ticket."
)


@contextmanager
def message_text(
    body: str | None,
    path: str | None,
    name: str,
    shown: Callable[[], list[str]],
    initial: Callable[[], str] = str,
) -> Iterator[str]:
    """The text given, else what a person writes in the editor into a file called `name`, with `shown` below a
    cut line; where the body fails, the error names the file in which that text is kept.

    UsageError where both are given, or neither and nobody can be asked.
    """
    if body is not None and path is not None:
        raise UsageError("--body and --body-file are both given", hint="give one of them")
    if body is not None:
        yield body
    elif path is not None:
        from helpdesk_cli.cli.inputs import read_text

        yield read_text(path)
    else:
        from helpdesk_cli.cli.editor import edited

        with edited(name, shown, initial) as text:
            yield text


def thread(out: Output, ticket: int, *, customer_view: bool = False) -> list[str]:
    """The page of a ticket as the editor shows it. The database is closed then: people write for long, and
    what is done to the file meanwhile must meet nobody."""
    from helpdesk_cli.cli.commands.ticket import page
    from helpdesk_cli.services import ticket_lists

    lines = list(page.full(out, ticket_lists.show(out.app, ticket, customer_view=customer_view)))
    out.app.close()
    return lines


def new_ticket(out: Output, facts: dict[str, Any]) -> list[str]:
    """What `ticket create` was given, a line each."""
    from helpdesk_cli.cli.render.layout import folded, page_width

    lines = ["New ticket"]
    for name, value in facts.items():
        if value:
            label = "From" if name == "sender" else name.replace("_", " ").capitalize()
            told = "yes" if value is True else ", ".join(value) if isinstance(value, tuple) else value
            text = f"{label:{_LABEL}} {told}"
            lines += folded(text, page_width(out), indent=_LABEL + 1)
    return lines
