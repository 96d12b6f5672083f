"""`helpdesk contact`: the people who write to support."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.fields import given, require_some
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import Word, org_option

ROLE = Word("main", "sub", "admin")

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
@click.option(
    "--role", type=ROLE, help="The organisation's main contact, a further one or its admin; default: main."
)
@click.option("--language", metavar="CODE", help="The language in which the person writes, as fr.")
@click.option(
    "--notify/--no-notify",
    default=None,
    help="Whether the person is told of every new ticket of the organisation; default: with --role main.",
)
@output_options("contact")
def create(out: Output, email: str, role: str | None, notify: bool | None, **more: str | None) -> None:
    """Create a contact.

    Who opens a ticket is told that it came; so is who has --notify, of every ticket of the organisation.

    \b
    Examples:
      helpdesk contact create mona@acme.example --org "Acme Ltd" --name "Mona Haddad" --role main
      helpdesk contact create omar@acme.example --role sub --notify --language ar
    """
    from helpdesk_cli.services import people

    fields = given({"role": role, "notify": notify}, clearable=more)
    out.one(people.create_contact(out.app, email, fields))


@cli.command("list")
@org_option("Only of these organisations; none: of no organisation.")
@click.option("--role", type=ROLE, multiple=True, help="Only those of this role; may be repeated.")
@list_options
@output_options("contact")
def list_(out: Output, org: tuple[str, ...], role: tuple[str, ...], **paging: Any) -> None:
    """List contacts by address.

    \b
    Examples:
      helpdesk contact list
      helpdesk contact list --org none -f ids
      helpdesk contact list --org "Acme Ltd" --role main
      helpdesk contact list --sort name --limit 20
    """
    from helpdesk_cli.services import people

    out.listing(partial(people.list_contacts, out.app, org_names=org, roles=role), **paging)


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
@click.option("--role", type=ROLE, help="The organisation's main contact, a further one or its admin.")
@click.option("--language", metavar="CODE", help="The language in which the person writes; none: not known.")
@click.option(
    "--notify/--no-notify",
    default=None,
    help="Whether the person is told of every new ticket of the organisation.",
)
@output_options("contact")
def edit(
    out: Output,
    email: str,
    new_email: str | None,
    role: str | None,
    notify: bool | None,
    **more: str | None,
) -> None:
    """Change a contact; tickets keep the organisation that they were opened for.

    \b
    Examples:
      helpdesk contact edit mona@acme.example --name "Mona Haddad"
      helpdesk contact edit mona@acme.example --org none
      helpdesk contact edit omar@acme.example --no-notify
    """
    from helpdesk_cli.services import people

    fields = given({"email": new_email, "role": role, "notify": notify}, clearable=more)
    require_some(fields)
    out.one(people.edit_contact(out.app, email, fields))


@cli.command("forget")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output_options("contact")
def forget(out: Output, email: str, yes: bool) -> None:
    """Forget a person: name, address, and all that they wrote.

    Their messages, files and the subjects of their tickets are replaced in the database's files; the tickets
    and every count stay, under an address such as forgotten-12@invalid. It cannot be undone. Backups and
    exports made before still have everything, and so have tags, idempotency keys and what others
    wrote. Exit code 5: a program that is reading keeps a copy, repeat the command with the new address when
    it has ended.

    \b
    Examples:
      helpdesk contact forget mona@acme.example --yes
    """
    from helpdesk_cli.services import forgetting

    out.confirm(f"Forget {email} and all that they wrote? It cannot be undone.", yes=yes)
    out.one(forgetting.forget(out.app, email))
