"""`helpdesk ticket reply` and `note`: what is said on a ticket."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.commands.ticket.texts import (
    attach_option,
    body_options,
    message_text,
    minutes_option,
    thread,
)
from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import INT, TICKET, list_option
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@verb("reply")
@click.argument("id_", type=TICKET, metavar="ID")
@body_options
@click.option("--from", "sender", metavar="EMAIL", help="The customer who writes; default: you, as support.")
@click.option("--status", metavar="STATUS", help="What the ticket is afterwards; default: waiting_customer.")
@list_option("--cc", metavar="EMAIL,...", help="In copy; who is may reply too.")
@click.option("--channel", metavar="CHANNEL", help="How it came or goes; default: as the ticket came in.")
@attach_option
@minutes_option
@click.option("--idempotency-key", metavar="KEY", help="Once only: with a known key it prints that message.")
@output_options("message")
def reply(
    out: Output, *, id_: int, body: str | None, body_file: str | None, status: str | None, **given: Any
) -> None:
    """Answer a ticket, or write in it as the customer.

    With --from it is the customer's message, which opens the ticket again; past the plan's time to reopen it
    opens a new, linked one, and the answer's `ticket` names it. Without a text, the editor of $VISUAL or
    $EDITOR opens on a terminal, with the thread below a cut line.

    \b
    Examples:
      helpdesk ticket reply 42 --body "A new router is on its way"
      helpdesk ticket reply 42 --body-file answer.txt --status resolved --cc boss@acme.example
      helpdesk ticket reply 42 --from sara@acme.example --body "It arrived, thank you"
      helpdesk ticket reply 42 --body "The manual, as asked" --attach manual.pdf --minutes 10
    """
    from helpdesk_cli.services import conversation

    sender = given.pop("sender")
    if sender is not None and status is not None:
        raise UsageError(
            "--status goes with support's answers only",
            hint="leave it out: a customer's message opens the ticket",
        )
    minutes = given.pop("minutes")
    if sender is not None and minutes is not None:
        raise UsageError("--minutes goes with support's answers only", hint="leave it out")
    shown = partial(thread, out, id_, customer_view=sender is not None)
    with message_text(body, body_file, f"reply-HD-{id_}", shown) as text:
        if sender is None:
            message = conversation.reply_as_agent(
                out.app, id_, body=text, status=status, minutes=minutes, **given
            )
        else:
            message = conversation.reply_as_customer(out.app, id_, body=text, sender=sender, **given)
    if not message["created"]:
        _tell_of_key(out, message, given["idempotency_key"], sender, text)
    _print(out, message)


@verb("note")
@click.argument("id_", type=TICKET, metavar="ID")
@body_options
@click.option("--edit", "message", type=INT, metavar="MESSAGE", help="Replace the text of this note.")
@click.option("--channel", metavar="CHANNEL", help="Where it comes from; default: as the ticket came in.")
@attach_option
@minutes_option
@output_options("message")
def note(
    out: Output, *, id_: int, body: str | None, body_file: str | None, message: int | None, **given: Any
) -> None:
    """Write an internal note, or edit one.

    Customers never see notes, and no clock heeds them. An edit leaves an event in the log.

    \b
    Examples:
      helpdesk ticket note 42 --body "Their firewall, not ours" --minutes 30
      helpdesk ticket note 42 --edit 7 --body "Ours after all"
    """
    from helpdesk_cli.services import conversation

    more = [f"--{name}" for name, value in given.items() if value not in (None, ())]
    if message is not None and more:
        raise UsageError(f"{more[0]} and --edit are both given", hint="an edit changes the text alone")

    def known() -> str:
        return "" if message is None else conversation.note_text(out.app, id_, message)

    with message_text(body, body_file, f"note-HD-{id_}", partial(thread, out, id_), known) as text:
        if message is None:
            written = conversation.note(out.app, id_, body=text, **given)
        else:
            written = conversation.edit_note(out.app, id_, message, body=text)
    _print(out, written)


def _tell_of_key(out: Output, message: Mapping[str, Any], key: str, sender: str | None, text: str) -> None:
    from helpdesk_cli.services.idempotency import same_message

    told = f"essage {message['id']} of HD-{message['ticket']}"
    if same_message(message, sender=sender, body=text):
        out.talk(f"M{told} was written with this key before.")
    else:
        out.warn(f"key {key} belongs to m{told}: what you gave now was not kept")


def _print(out: Output, message: Mapping[str, Any]) -> None:
    if not wants_page(out):
        out.one(message)
        return
    from helpdesk_cli.cli.commands.ticket import page
    from helpdesk_cli.services import ticket_records

    ticket = ticket_records.of_ticket(out.app, message["ticket"])
    print_page(out, page.confirmation(out, message, ticket))
