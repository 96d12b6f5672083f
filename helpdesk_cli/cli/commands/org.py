"""`helpdesk org`: a customer's organisation, its plan and the mail domains that are its."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.commands.moved import moved_line
from helpdesk_cli.cli.fields import given, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import INT, list_option

cli = Noun(
    "org",
    """Organisations: customers and their plans.

    \b
    Examples:
      helpdesk org create "Acme Ltd" --plan enterprise --domain acme.example
      helpdesk org list --plan enterprise
    """,
)


@cli.command("create")
@click.argument("name")
@click.option("--plan", metavar="PLAN", help="The plan of its new tickets; default: the policy's default.")
@list_option("--domain", help="A mail domain whose unknown senders belong to it.")
@click.option("--region", metavar="REGION", help="Where it is served from.")
@click.option("--licences", type=INT, metavar="N", help="How many it bought.")
@click.option("--tier", metavar="TIER", help="Its standing.")
@click.option("--account-manager", metavar="AGENT", help="The agent who looks after it.")
@click.option("--success-manager", metavar="AGENT", help="The agent who sees to it that it gets on.")
@click.option("--vip", is_flag=True, default=None, help="To be treated with special care.")
@click.option("--country", metavar="CC", help="Where it is: two letters of ISO 3166, or XK for Kosovo.")
@click.option("--area", metavar="AREA", help="The part of the country or region, such as east.")
@click.option("--parent", metavar="ORG", help="The organisation that it is a part of.")
@click.option("--contract-until", metavar="DATE", help="The last day of its contract: 2026-12-31.")
@output_options("org")
def create(
    out: Output, name: str, domain: tuple[str, ...], plan: str | None, vip: bool | None, **more: str | None
) -> None:
    """Create an organisation.

    Where the policy declares regions or tiers, it is one of them.

    \b
    Examples:
      helpdesk org create "Acme Ltd" --plan enterprise --domain acme.example
      helpdesk org create Globex --account-manager ann --vip
      helpdesk org create "Globex France" --parent Globex --country FR --contract-until 2026-12-31
    """
    from helpdesk_cli.services import orgs

    fields = given({"plan": plan, "vip": vip, "licences": more.pop("licences")}, clearable=more)
    out.one(orgs.create_org(out.app, name, fields, domain))


@cli.command("list")
@list_option("--plan", help="Only those on these plans.")
@list_option(
    "--country", metavar="CC,...", help="Only those in these countries; none: in none that is known."
)
@list_option("--region", help="Only those of these regions; none: of none.")
@list_option("--tier", help="Only those of these tiers; none: of none.")
@list_options
@output_options("org")
def list_(
    out: Output,
    plan: tuple[str, ...],
    country: tuple[str, ...],
    region: tuple[str, ...],
    tier: tuple[str, ...],
    **paging: Any,
) -> None:
    """List organisations by name.

    \b
    Examples:
      helpdesk org list
      helpdesk org list --plan basic,medium --sort -created_at --json
      helpdesk org list --country FR,MC --tier none
      helpdesk org list --count
    """
    from helpdesk_cli.services import orgs

    wanted = partial(orgs.list_orgs, out.app, plans=plan, countries=country, regions=region, tiers=tier)
    out.listing(wanted, **paging)


@cli.command("show")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@output_options("org")
def show(out: Output, names: tuple[str, ...]) -> None:
    """Show organisations.

    \b
    Examples:
      helpdesk org show "Acme Ltd"
    """
    from helpdesk_cli.services import orgs

    out.batch(names, lambda name: orgs.show_org(out.app, name), parse=str, single=True)


@cli.command("edit")
@click.argument("name")
@click.option("--plan", metavar="PLAN", help="The plan of its new tickets.")
@click.option("--open-tickets", is_flag=True, help="Move its open tickets to its plan too.")
@list_option("--domain", help="A mail domain to add.")
@list_option("--remove-domain", metavar="DOMAIN,...", help="A mail domain to take away.")
@click.option("--region", metavar="REGION", help="Where it is served from; none: nowhere named.")
@click.option("--licences", type=INT, metavar="N", help="How many it bought.")
@click.option("--tier", metavar="TIER", help="Its standing; none: none.")
@click.option("--account-manager", metavar="AGENT", help="The agent who looks after it; none: nobody.")
@click.option(
    "--success-manager", metavar="AGENT", help="The agent who sees to it that it gets on; none: nobody."
)
@click.option("--country", metavar="CC", help="Where it is, as FR; none: not known.")
@click.option("--area", metavar="AREA", help="The part of the country or region; none: not known.")
@click.option("--parent", metavar="ORG", help="The organisation that it is a part of; none: of none.")
@click.option(
    "--contract-until", metavar="DATE", help="The last day of its contract: 2026-12-31; none: it has none."
)
@click.option("--vip/--no-vip", default=None, help="Whether it is to be treated with special care.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be, and do nothing.")
@output_options("org")
def edit(
    out: Output,
    name: str,
    plan: str | None,
    open_tickets: bool,
    domain: tuple[str, ...],
    remove_domain: tuple[str, ...],
    vip: bool | None,
    dry_run: bool,
    **more: str | None,
) -> None:
    """Change an organisation.

    With --open-tickets it lists the deadlines that move.

    \b
    Examples:
      helpdesk org edit "Acme Ltd" --plan advanced --open-tickets --dry-run
      helpdesk org edit "Acme Ltd" --plan advanced --open-tickets
      helpdesk org edit Globex --domain globex.example --no-vip --account-manager none
      helpdesk org edit Globex --contract-until 2027-12-31 --success-manager bob
    """
    from helpdesk_cli.services import orgs

    fields = given({"plan": plan, "vip": vip, "licences": more.pop("licences")}, clearable=more)
    require_some(fields, domain, remove_domain, open_tickets)
    record = orgs.edit_org(
        out.app,
        name,
        fields,
        add_domains=domain,
        remove_domains=remove_domain,
        open_tickets=open_tickets,
        dry_run=dry_run,
    )
    out.one(record)
    if open_tickets:
        out.talk(moved_line(record["moved"], dry_run=dry_run))
    if dry_run:
        out.talk("Nothing was written.")
