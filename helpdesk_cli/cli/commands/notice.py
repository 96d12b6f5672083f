"""`helpdesk notice`: who is to be told of what; a script hands the unsent ones to a mailer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import STDIN, TICKET, Value, is_count, list_option
from helpdesk_cli.errors import UsageError
from helpdesk_cli.records.sweeps import NOTICE_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

cli = Noun(
    "notice",
    """Who is to be told of what.

    \b
    Examples:
      helpdesk notice list --unsent --json
      helpdesk notice done 12 13
    """,
)


def _notice_id(text: str) -> int:
    if not is_count(text):
        raise UsageError(f"{text!r} is no notice: expected a number such as 12.", code="bad_notice")
    return int(text)


_NOTICES = Value("notice", lambda text, _ctx: text if text == STDIN else _notice_id(text))


def _row(out: Output, notice: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record; in a table the recipient is told in short, for the width."""
    if out.format != "table":
        return notice
    to = notice["to"]
    return {**notice, "to": " ".join(filter(None, (to["address"], to["role"])))}


@cli.command("list")
@click.option("--unsent", is_flag=True, help="Only those not marked as done.")
@click.option("--ticket", type=TICKET, metavar="ID", help="Of one ticket.")
@list_option("--kind", "kinds", metavar="KIND,...", help=f"Of these kinds: {', '.join(NOTICE_KINDS)}.")
@list_options
@output_options("notice")
def list_(out: Output, unsent: bool, ticket: int | None, kinds: tuple[str, ...], **paging: Any) -> None:
    """List notices, the oldest first.

    \b
    Examples:
      helpdesk notice list --unsent
      helpdesk notice list --unsent -f jsonl
      helpdesk notice list --unsent --kind breach,escalation --count
      helpdesk notice list --ticket 42
    """
    from helpdesk_cli.services import notices

    def found(**page: Any) -> Any:
        rows, left = notices.list_notices(out.app, unsent=unsent, ticket=ticket, kinds=kinds, **page)
        return (_row(out, row) for row in rows), left

    out.listing(found, **paging)


@cli.command("done")
@click.argument("ids", nargs=-1, required=True, type=_NOTICES, metavar="ID...")
@output_options("notice")
def done(out: Output, ids: tuple[int | str, ...]) -> None:
    """Mark notices as told.

    Marking twice changes nothing.

    \b
    Examples:
      helpdesk notice done 12 13
      helpdesk notice list --unsent -f ids | helpdesk notice done -
    """
    from helpdesk_cli.services import notices

    out.batch(ids, lambda id_: _row(out, notices.done(out.app, id_)), parse=_notice_id)
