"""`helpdesk ticket edit` and `tag`."""

from __future__ import annotations

from typing import Any

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import INT, TICKETS, list_option
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
    out.batch(ids, lambda id_: lifecycle.edit(out.app, id_, if_version=if_version, **changes))


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

    out.batch(ids, lambda id_: lifecycle.tag(out.app, id_, add=add, remove=remove))
