"""`helpdesk run`: what the sweeps did, and when."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import INT

cli = Noun(
    "run",
    """Runs of the sweep.

    \b
    Examples:
      helpdesk run list
      helpdesk run show 7
    """,
)


@cli.command("list")
@list_options
@output_options("run")
def list_(out: Output, **paging: Any) -> None:
    """List the runs, the newest first.

    \b
    Examples:
      helpdesk run list
      helpdesk run list --limit 1 --json
    """
    from helpdesk_cli.services import runs

    out.listing(partial(runs.list_runs, out.app), **paging)


@cli.command("show")
@click.argument("number", type=INT, metavar="N")
@output_options("run")
def show(out: Output, number: int) -> None:
    """Show a run and the tickets that it could not do.

    \b
    Examples:
      helpdesk run show 7
    """
    from helpdesk_cli.services import runs

    out.one(runs.show_run(out.app, number))
