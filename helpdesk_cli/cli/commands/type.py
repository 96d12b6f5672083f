"""`helpdesk type`: the types that the policy declares."""

from __future__ import annotations

from functools import partial
from typing import Any

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options

cli = Noun(
    "type",
    """Types of ticket.

    \b
    Examples:
      helpdesk type list
    """,
)


@cli.command("list")
@list_options
@output_options("type")
def list_(out: Output, **paging: Any) -> None:
    """List the types.

    \b
    Examples:
      helpdesk type list
      helpdesk type list -f ids
    """
    from helpdesk_cli.services import policy_records
    from helpdesk_cli.services.listing import page_of

    found = policy_records.list_types(out.app)
    out.listing(partial(page_of, found, "type"), **paging)
