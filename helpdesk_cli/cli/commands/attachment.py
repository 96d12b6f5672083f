"""`helpdesk attachment`: the files that belong to tickets."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import INT, TICKET

cli = Noun(
    "attachment",
    """Files that belong to tickets.

    They come with messages (`helpdesk ticket create`, `reply` and `note` take --attach) or are kept with the
    ticket. A file has at most 25 MiB. Its name may not lead into another folder nor begin with `-` or `.`;
    what nobody sees in a name is taken out of it.

    \b
    Examples:
      helpdesk attachment add 42 trace.log
      helpdesk attachment save 42 --to .
    """,
)


@cli.command("add")
@click.argument("id_", type=TICKET, metavar="ID")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@output_options("attachment")
def add(out: Output, id_: int, files: tuple[str, ...]) -> None:
    """Keep files with a ticket, for support alone.

    All of them or, where one is refused (exit code 4: too large, or no name for a file), none. What is for
    the customer goes with a message: `helpdesk ticket reply ID --attach FILE`.

    \b
    Examples:
      helpdesk attachment add 42 trace.log screenshot.png
    """
    from helpdesk_cli.services import attachments

    out.many(attachments.add(out.app, id_, files))


@cli.command("list")
@click.argument("id_", type=TICKET, metavar="ID")
@list_options
@output_options("attachment")
def list_(out: Output, id_: int, **paging: Any) -> None:
    """List the files of a ticket and of its messages, the oldest first.

    \b
    Examples:
      helpdesk attachment list 42
      helpdesk attachment list 42 -f ids
    """
    from helpdesk_cli.services import attachments

    out.listing(partial(attachments.list_attachments, out.app, id_), **paging)


@cli.command("save")
@click.argument("id_", type=TICKET, metavar="ID")
@click.argument("attachments", nargs=-1, type=INT, metavar="[ATTACHMENT...]")
@click.option("--to", "folder", type=click.Path(), required=True, metavar="DIR", help="The folder.")
@output_options("saved_file")
def save(out: Output, id_: int, attachments: tuple[int, ...], folder: str) -> None:
    """Write files of a ticket into a folder.

    Those named by their numbers, else all. No file is ever replaced: where a name is taken, also by one that
    differs only in case, the file gets a number, unless it is the same file that stands there. Prints the
    paths.

    \b
    Examples:
      helpdesk attachment save 42 --to .
      helpdesk attachment save 42 7 8 --to /tmp/case -f ids
    """
    from helpdesk_cli.services.attachments import Saving

    saving = Saving(out.app, id_, folder)
    out.batch(attachments or saving.all_ids(), saving.save, parse=int)
