"""`helpdesk search`."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import INT, Word


@verb("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--sort", type=Word("rank", "newest"), default="rank",
              help="The best first (the default), or the newest.")  # fmt: skip
@click.option("--limit", type=INT, metavar="N", help="At most N tickets, 0 for all; default: 50 in a table.")
@output_options("hit")
def cli(out: Output, query: tuple[str, ...], sort: str, limit: int | None) -> None:
    """Find tickets by words in subjects, messages and notes.

    All words must stand in one message or its ticket's subject. `word*` is a beginning, `"two words"` a
    phrase; `-word`, `from:` and `status:` narrow it down: see `helpdesk help search`. Tickets of any status
    are found, each once, with the piece of text that has the words. Write `--` before a word with a minus.

    \b
    Examples:
      helpdesk search router down
      helpdesk search 'invoic* "credit note" -draft org:"Acme Ltd" after:2026-01-01'
      helpdesk search --sort newest status:closed -- vpn -test
      helpdesk search password -f ids
    """
    from helpdesk_cli.services import search

    rows, left = search.search(out.app, " ".join(query), sort=sort, limit=out.limit(limit))
    out.many(rows, left=left)
