"""`helpdesk ticket edit`, `tag` and `redact`."""

from __future__ import annotations

from typing import Any

import click

from helpdesk_cli.cli.commands.ticket.several import changed
from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import INT, TICKET, TICKETS, list_option
from helpdesk_cli.errors import UsageError

Ids = tuple[int | str, ...]

_ids = click.argument("ids", nargs=-1, required=True, type=TICKETS, metavar="ID...")


@verb("edit")
@_ids
@click.option("--status", metavar="STATUS", help="Any status that the ticket may go to.")
@click.option("--priority", metavar="PRIORITY", help="Deadlines are counted anew from their start.")
@click.option("--category", metavar="CATEGORY", help="The department or queue; `none` for none.")
@click.option("--type", metavar="TYPE", help="The type of request; `none` for none.")
@click.option("--subject", metavar="TEXT", help="One line.")
@click.option("--org", metavar="ORG", help="The organisation; `none` for none. The plan stays.")
@click.option("--plan", metavar="PLAN", help="The support plan; deadlines are counted anew.")
@click.option("--if-version", type=INT, metavar="N", help="Only if the ticket is still at this version.")
@output_options("ticket")
def edit(out: Output, *, ids: Ids, if_version: int | None, **changes: Any) -> None:
    """Change fields or the status of tickets.

    \b
    Examples:
      helpdesk ticket edit 42 --priority urgent
      helpdesk ticket edit 42 --category technical --type incident --if-version 3
      helpdesk ticket edit 42 43 --status in_progress
    """
    from helpdesk_cli.services import lifecycle

    if all(value is None for value in changes.values()):
        raise UsageError(
            "nothing to change", hint="give one of " + ", ".join(f"--{name}" for name in changes)
        )
    edited = [name for name, value in changes.items() if value is not None]
    changed(out, ids, lambda id_: lifecycle.edit(out.app, id_, if_version=if_version, **changes), *edited)


@verb("tag")
@_ids
@list_option("--add", metavar="TAG,...", help="Tags to add.")
@list_option("--remove", metavar="TAG,...", help="Tags to remove.")
@output_options("ticket")
def tag(out: Output, ids: Ids, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Add and remove tags.

    \b
    Examples:
      helpdesk ticket tag 42 --add vip,network --remove new
    """
    from helpdesk_cli.services import lifecycle

    changed(out, ids, lambda id_: lifecycle.tag(out.app, id_, add=add, remove=remove), "tags")


@verb("redact")
@click.argument("id_", type=TICKET, metavar="ID")
@click.option("--message", type=INT, required=True, metavar="MESSAGE", help="Which message or note.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept in the log.")
@output_options("ticket")
def redact(out: Output, id_: int, message: int, reason: str) -> None:
    """Take the text out of a message, for good.

    For a password that somebody pasted. The message stays as [redacted], and its text is overwritten in the
    database's files; backups and exports made before still have it. Exit code 5: a program that is reading
    keeps a copy there, repeat the command when it has ended.

    \b
    Examples:
      helpdesk ticket redact 42 --message 7 --reason "a password"
    """
    from helpdesk_cli.services import redaction

    ticket = redaction.redact(out.app, id_, message, reason=reason)
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        print_page(out, page.short(out, ticket))
    else:
        out.one(ticket)
