"""`helpdesk contact`: the people who write to support."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import Word, org_option

ROLE = Word("main", "sub")

cli = Noun(
    "contact",
    """Customers' people.

    \b
    Examples:
      helpdesk contact create mona@acme.example --org "Acme Ltd"
      helpdesk contact list --org "Acme Ltd"
    """,
)


@cli.command("create")
@click.argument("email")
@click.option(
    "--org", metavar="ORG", help="The organisation; default: the one that claims the domain; none: none."
)
@click.option("--name", metavar="NAME", help="The person's name.")
@click.option("--role", type=ROLE, help="The organisation's main contact or a further one; default: main.")
@output_options("contact")
def create(out: Output, email: str, role: str | None, **more: str | None) -> None:
    """Create a contact.

    \b
    Examples:
      helpdesk contact create mona@acme.example --org "Acme Ltd" --name "Mona Haddad" --role sub
    """
    from helpdesk_cli.services import people

    out.one(people.create_contact(out.app, email, given({"role": role}, clearable=more)))


@cli.command("list")
@org_option("Only of these organisations; none: of no organisation.")
@list_options
@output_options("contact")
def list_(out: Output, org: tuple[str, ...], **paging: Any) -> None:
    """List contacts by address.

    \b
    Examples:
      helpdesk contact list
      helpdesk contact list --org none -f ids
      helpdesk contact list --sort name --limit 20
    """
    from helpdesk_cli.services import people

    out.listing(partial(people.list_contacts, out.app, org_names=org), **paging)


@cli.command("show")
@click.argument("emails", nargs=-1, required=True, metavar="EMAIL...")
@output_options("contact")
def show(out: Output, emails: tuple[str, ...]) -> None:
    """Show contacts.

    \b
    Examples:
      helpdesk contact show mona@acme.example
    """
    from helpdesk_cli.services import people

    out.batch(emails, lambda email: people.show_contact(out.app, email), parse=str, single=True)


@cli.command("edit")
@click.argument("email")
@click.option("--email", "new_email", metavar="EMAIL", help="The new address.")
@click.option("--org", metavar="ORG", help="The organisation; none: no organisation.")
@click.option("--name", metavar="NAME", help="The person's name; none: not known.")
@click.option("--role", type=ROLE, help="The organisation's main contact or a further one.")
@output_options("contact")
def edit(out: Output, email: str, new_email: str | None, role: str | None, **more: str | None) -> None:
    """Change a contact; tickets keep the organisation that they were opened for.

    \b
    Examples:
      helpdesk contact edit mona@acme.example --name "Mona Haddad"
      helpdesk contact edit mona@acme.example --org none
    """
    from helpdesk_cli.services import people

    fields = given({"email": new_email, "role": role}, clearable=more)
    require_some(fields)
    out.one(people.edit_contact(out.app, email, fields))
