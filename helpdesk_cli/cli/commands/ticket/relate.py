"""`helpdesk ticket merge`, `split` and `link`: what tickets are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import INT, TICKET, Word
from helpdesk_cli.records.tickets import LINK_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping


@verb("merge")
@click.argument("id_", type=TICKET, metavar="ID")
@click.argument("into", type=TICKET, metavar="INTO")
@output_options("ticket")
def merge(out: Output, id_: int, into: int) -> None:
    """Merge a ticket into another one.

    For two tickets about one thing. ID is closed as a duplicate of INTO; its clocks are cancelled, its thread
    stays to be read. Replies to ID, customers' too, go to INTO from now on; all else on ID is refused, exit
    code 4. To merge into a ticket that was merged itself is refused: name the one that took its place.

    \b
    Examples:
      helpdesk ticket merge 43 42
    """
    from helpdesk_cli.services import merging

    _print(out, merging.merge(out.app, id_, into))


@verb("split")
@click.argument("id_", type=TICKET, metavar="ID")
@click.option("--message", type=INT, required=True, metavar="MESSAGE", help="The message that begins it.")
@click.option("--subject", metavar="TEXT", help="What the new one is about; default: the same.")
@output_options("ticket")
def split(out: Output, id_: int, message: int, subject: str | None) -> None:
    """Begin a ticket of its own with a message.

    For a customer who asks for another thing in the same thread. The new ticket begins with a copy of the
    message, its files too, when that was written: so do its clocks. It has the organisation, priority,
    category, type, plan and tags of ID, and is linked to it. Prints the new ticket.

    \b
    Examples:
      helpdesk ticket split 42 --message 7 --subject "A new phone"
    """
    from helpdesk_cli.services import merging

    _print(out, merging.split(out.app, id_, message, subject=subject))


@verb("link")
@click.argument("id_", type=TICKET, metavar="ID")
@click.argument("kind", type=Word(*LINK_KINDS), metavar="KIND")
@click.argument("other", type=TICKET, metavar="OTHER")
@click.option("--remove", is_flag=True, help="Remove that link.")
@output_options("ticket")
def link(out: Output, id_: int, kind: str, other: int, remove: bool) -> None:
    """Say what a ticket is to another one.

    KIND is duplicate_of, related, blocks or follow_up_of; the other ticket shows it from its side. Who
    resolves or closes a ticket that another one blocks is told so.

    \b
    Examples:
      helpdesk ticket link 43 duplicate_of 42
      helpdesk ticket link 42 blocks 50 --remove
    """
    from helpdesk_cli.services import linking

    act = linking.unlink if remove else linking.link
    _print(out, act(out.app, id_, kind, other))


def _print(out: Output, ticket: Mapping[str, Any]) -> None:
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        print_page(out, page.short(out, ticket))
    else:
        out.one(ticket)
