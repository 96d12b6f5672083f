"""`helpdesk ticket create`."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.commands.ticket.texts import attach_option, body_options, message_text, new_ticket
from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import list_option
from helpdesk_cli.errors import HelpdeskError, UsageError


@verb("create")
@click.option("--subject", metavar="TEXT", help="What it is about, in one line.")
@click.option("--from", "sender", metavar="EMAIL", help="The customer's address.")
@click.option("--org", metavar="ORG", help="The organisation, where the address does not tell.")
@body_options
@click.option("--priority", metavar="PRIORITY", help="How urgent it is; default: the policy's.")
@click.option("--category", metavar="CATEGORY", help="The department or queue.")
@click.option("--type", metavar="TYPE", help="The type of request.")
@click.option("--channel", metavar="CHANNEL", help="How it came in; default: cli.")
@click.option("--plan", metavar="PLAN", help="Its own support plan instead of the organisation's.")
@list_option("--tag", help="Tags.")
@attach_option
@click.option("--on-behalf", is_flag=True, help="You open it for the customer: the text is yours.")
@click.option("--idempotency-key", metavar="KEY", help="Once only: with a known key it prints that ticket.")
@click.option(
    "--jsonl", type=click.Path(), metavar="FILE", help="A ticket for each JSON object of FILE; - is stdin."
)
@output_options("ticket")
def create(
    out: Output,
    *,
    body: str | None,
    body_file: str | None,
    tag: tuple[str, ...],
    jsonl: str | None,
    **given: Any,
) -> None:
    """Open a ticket for a customer.

    Without a text, the editor of $VISUAL or $EDITOR opens on a terminal. An unknown address becomes a
    contact, whose organisation is found by the domain. The routes of the policy choose team and assignee
    (`helpdesk route explain`). Of many in a file, with the names of options as keys (but body-file and
    attach), a line that is wrong fails alone; with an idempotency_key in each, a run that was killed can be
    repeated.

    \b
    Examples:
      helpdesk ticket create --subject "Router down" --from sara@acme.example --body "No light at all"
      helpdesk ticket create --subject Invoice --from omar@acme.example --body-file mail.txt --priority low
      some-form | helpdesk ticket create --subject Question --from me@home.example --body-file - -f ids
      helpdesk ticket create --jsonl tickets.jsonl
    """
    from helpdesk_cli.services import tickets

    if jsonl is not None:
        _from_lines(out, jsonl, {"body": body, "body_file": body_file, "tag": tag, **given})
        return
    for name, value in (("--subject", given["subject"]), ("--from", given["sender"])):
        if value is None:
            raise UsageError(
                f"Missing option {name!r}.",
                code="missing_parameter",
                hint="or many from a file with --jsonl FILE",
            )
    with message_text(body, body_file, "ticket", partial(new_ticket, out, given)) as text:
        record = tickets.create(out.app, body=text, tags=tag, **given)
    if not record["created"]:
        _tell_of_key(out, record, given, text)
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        print_page(out, page.short(out, record))
    else:
        out.one(record)


def _tell_of_key(out: Output, record: dict[str, Any], given: dict[str, Any], text: str) -> None:
    from helpdesk_cli.services.idempotency import same_ticket

    if same_ticket(out.app, record, subject=given["subject"], sender=given["sender"], body=text):
        out.talk(f"{record['ref']} was opened with this key before.")
    else:
        out.warn(_not_kept(given["idempotency_key"], f"{record['ref']} '{record['subject']}'"))


def _not_kept(key: str, ticket: str) -> str:
    return f"key {key} belongs to {ticket}: what you gave now was not kept"


def _from_lines(out: Output, path: str, given: dict[str, Any]) -> None:
    from helpdesk_cli.cli.inputs import open_lines
    from helpdesk_cli.domain.tickets import reference
    from helpdesk_cli.services import bulk

    named = [name.replace("_", "-") for name, value in given.items() if value]
    if named:
        raise UsageError(
            f"--jsonl and --{named[0].replace('sender', 'from')} are both given",
            hint="with --jsonl each line says what its ticket is",
        )

    def failed(number: int, error: HelpdeskError) -> None:
        out.fail(
            HelpdeskError(
                f"line {number}: {error.message}", code=error.code, hint=error.hint, details={"line": number}
            )
        )

    def lost(number: int, key: str, ticket: int) -> None:
        out.warn(f"line {number}: {_not_kept(key, reference(ticket))}")

    out.prefer("jsonl")
    with open_lines(path) as lines:
        out.many(bulk.create_many(out.app, lines, failed, lost), "opened")
