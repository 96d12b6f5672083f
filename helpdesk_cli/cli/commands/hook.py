"""`helpdesk hook`: the programs that the policy runs on events, and what became of each run."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.types import Word

cli = Noun(
    "hook",
    """Programs that the policy runs on events.

    They are declared in the policy file, under `hooks`; `helpdesk help hooks` says what they are given.

    \b
    Examples:
      helpdesk hook list --failed
      helpdesk hook test clock_breached
    """,
)


@cli.command("list")
@click.option("--state", type=Word("pending", "done", "failed"), help="Only those in this state.")
@click.option("--failed", is_flag=True, help="The same as --state failed.")
@list_options
@output_options("hook_run")
def list_(out: Output, state: str | None, failed: bool, **paging: Any) -> None:
    """List the runs of hooks, the newest first.

    \b
    Examples:
      helpdesk hook list
      helpdesk hook list --failed
      helpdesk hook list --state pending --count
    """
    from helpdesk_cli.services import hooks

    states = tuple(dict.fromkeys(([state] if state else []) + (["failed"] if failed else [])))
    out.listing(partial(hooks.list_runs, out.app, states=states), **paging)


@cli.command("test")
@click.argument("event", metavar="EVENT")
@output_options("hook_run")
def test(out: Output, event: str) -> None:
    """Run what is declared for a type of event, once, now.

    It is given the last event of that type, or a made-up one. Nothing is kept in the journal; exit code 7
    if any of them fails.

    \b
    Examples:
      helpdesk hook test clock_breached
      helpdesk hook test created --json
    """
    from helpdesk_cli.services import hooks

    results = list(hooks.test(out.app, event))
    out.many(results)
    if any(each["state"] == "failed" for each in results):
        out.exit(7)
