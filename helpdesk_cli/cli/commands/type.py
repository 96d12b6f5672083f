"""`helpdesk type`: the types that the policy declares."""

from __future__ import annotations

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

cli = Noun(
    "type",
    """Types of ticket.

    \b
    Examples:
      helpdesk type list
    """,
)


@cli.command("list")
@output_options("type")
def list_(out: Output) -> None:
    """List the types.

    \b
    Examples:
      helpdesk type list
      helpdesk type list -f ids
    """
    from helpdesk_cli.services import policy_records

    out.many(policy_records.list_types(out.app))
