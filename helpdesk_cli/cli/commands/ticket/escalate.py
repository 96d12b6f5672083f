"""`helpdesk ticket escalate`: somebody asks that more be done about a ticket (`sla.md` 6)."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import print_page, wants_page
from helpdesk_cli.cli.types import TICKET
from helpdesk_cli.errors import UsageError


@verb("escalate")
@click.argument("id_", type=TICKET, metavar="ID")
@click.option("--reason", metavar="TEXT", help="Why; the customer may read it.")
@click.option("--impact", metavar="TEXT", help="What it costs: allows a customer to ask at any time.")
@click.option("--unsatisfied", is_flag=True, help="The customer says that the answer was not enough.")
@click.option("--owner", metavar="AGENT", help="Who sees to it; alone, without --reason: another one.")
@click.option("--from", "sender", metavar="EMAIL", help="The customer who asks; default: you, as support.")
@output_options("ticket")
def escalate(
    out: Output,
    id_: int,
    reason: str | None,
    impact: str | None,
    unsatisfied: bool,
    owner: str | None,
    sender: str | None,
) -> None:
    """Lead a ticket up, to the next level of the customer's region.

    Each call leads one level up; at the top those of the top are told again. The customer, the owner and the
    contact of that level get a notice; the contact is that of `helpdesk region resolve`. The owner is the
    agent named, else the one who was, else who leads the ticket's team, else you; where a customer asks, else
    the account manager, the assignee or who leads a team. Agents may do this at any time. A customer, with
    --from, may once the time to answer has passed, at once with --impact, after an answer with --unsatisfied,
    and not once the contract of the organisation has ended; else it is refused, exit code 4.

    \b
    Examples:
      helpdesk ticket escalate 42 --reason "The cause is still not known" --owner ann
      helpdesk ticket escalate 42 --reason "No answer" --from sara@acme.example
      helpdesk ticket escalate 42 --reason "All are down" --impact "No sales today" --from sara@acme.example
      helpdesk ticket escalate 42 --owner bob
    """
    from helpdesk_cli.services import escalating

    if sender is not None and owner is not None:
        raise UsageError("--owner is support's to say, not the customer's", hint="leave it out")
    if reason is None and owner is not None and impact is None and not unsatisfied:
        ticket = escalating.give(out.app, id_, owner)
    elif reason is None:
        raise UsageError("no reason given", code="empty_reason", hint="say it with --reason")
    else:
        ticket = escalating.escalate(
            out.app, id_, reason=reason, impact=impact, unsatisfied=unsatisfied, sender=sender, owner=owner
        )
    if wants_page(out):
        from helpdesk_cli.cli.commands.ticket import page

        print_page(out, page.short(out, ticket))
    else:
        out.one(ticket)
