"""`helpdesk ticket create`."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.commands.ticket.layout import wants_page
from helpdesk_cli.cli.commands.ticket.texts import body_options, message_text, new_ticket
from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import list_option


@verb("create")
@click.option("--subject", required=True, metavar="TEXT", help="What it is about, in one line.")
@click.option("--from", "sender", required=True, metavar="EMAIL", help="The customer's address.")
@click.option("--org", metavar="ORG", help="The organisation, where the address does not tell.")
@body_options
@click.option("--priority", metavar="PRIORITY", help="How urgent it is; default: the policy's.")
@click.option("--category", metavar="CATEGORY", help="The department or queue.")
@click.option("--type", metavar="TYPE", help="The type of request.")
@click.option("--channel", metavar="CHANNEL", help="How it came in; default: cli.")
@click.option("--plan", metavar="PLAN", help="Its own support plan instead of the organisation's.")
@list_option("--tag", help="Tags.")
@click.option("--on-behalf", is_flag=True, help="You open it for the customer: the text is yours.")
@click.option("--idempotency-key", metavar="KEY", help="Once only: with a known key it prints that ticket.")
@output_options("ticket")
def create(
    out: Output, *, body: str | None, body_file: str | None, tag: tuple[str, ...], **given: Any
) -> None:
    """Open a ticket for a customer.

    Without a text, the editor of $VISUAL or $EDITOR opens on a terminal. An unknown address becomes a
    contact, whose organisation is found by the domain.

    \b
    Examples:
      helpdesk ticket create --subject "Router down" --from sara@acme.example --body "No light at all"
      helpdesk ticket create --subject Invoice --from omar@acme.example --body-file mail.txt --priority low
      some-form | helpdesk ticket create --subject Question --from me@home.example --body-file - -f ids
    """
    from helpdesk_cli.services import tickets

    with message_text(body, body_file, "ticket", partial(new_ticket, out, given)) as text:
        record = tickets.create(out.app, body=text, tags=tag, **given)
    if not record["created"]:
        out.talk(f"{record['ref']} was opened with this key before.")
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        out.page(page.short(out, record))
    else:
        out.one(record)
