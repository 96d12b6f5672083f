"""`helpdesk region`: the regions that the policy declares, and whom an escalation there is told to."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options

cli = Noun(
    "region",
    """Regions: which countries each serves, whom an escalation is told to.

    They are declared in the policy file, under `regions`.

    \b
    Examples:
      helpdesk region list
      helpdesk region resolve FR
    """,
)


@cli.command("list")
@list_options
@output_options("region")
def list_(out: Output, **paging: Any) -> None:
    """List the regions.

    \b
    Examples:
      helpdesk region list
      helpdesk region list --json
    """
    from helpdesk_cli.services import region_records
    from helpdesk_cli.services.listing import page_of

    found = region_records.list_regions(out.app)
    out.listing(partial(page_of, found, "region"), **paging)


@cli.command("show")
@click.argument("names", nargs=-1, required=True, metavar="REGION...")
@output_options("region")
def show(out: Output, names: tuple[str, ...]) -> None:
    """Show regions with the contacts of each level.

    \b
    Examples:
      helpdesk region show europe
    """
    from helpdesk_cli.services import region_records

    out.batch(names, lambda name: region_records.show_region(out.app, name), parse=str, single=True)


@cli.command("resolve")
@click.argument("country", metavar="COUNTRY")
@click.option("--area", metavar="AREA", help="The part of the country or region, such as east.")
@output_options("ladder_contact")
def resolve(out: Output, country: str, area: str | None) -> None:
    """Say who is told at each level for a customer of a country.

    A contact that names the country comes first, then one that names the area, then one of the whole region.
    A level without any goes to the next higher one that has some, above the last to the next lower, and
    `because` says so. COUNTRY is two letters, as FR.

    \b
    Examples:
      helpdesk region resolve FR
      helpdesk region resolve US --area east --json
    """
    from helpdesk_cli.services import region_records

    out.many(region_records.resolve(out.app, country, area))
