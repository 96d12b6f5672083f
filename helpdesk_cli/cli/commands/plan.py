"""`helpdesk plan`: the policy file, and the plans in force."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from helpdesk_cli.cli.commands.moved import moved_line
from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.render.layout import wants_page
from helpdesk_cli.cli.types import INT, STDIN

cli = Noun(
    "plan",
    """Support plans: check, compare, apply and show the policy.

    \b
    Examples:
      helpdesk plan show basic
      helpdesk plan export > plans.yaml
      helpdesk plan check plans.yaml
      helpdesk plan apply plans.yaml --dry-run
    """,
)


@cli.command("check")
@click.argument("file", type=click.Path())
@output_options("problem")
def check(out: Output, file: str) -> None:
    """List every mistake of a policy file, with its line.

    Exit code 6 if there is any. What is no mistake but can hardly be meant is warned of on stderr. FILE may
    be -, stdin, here and for `diff` and `apply`. Needs no database.

    \b
    Examples:
      helpdesk plan check plans.yaml
      helpdesk plan check plans.yaml --json
      helpdesk plan export | helpdesk plan check -
    """
    from helpdesk_cli.cli.failures import told
    from helpdesk_cli.errors import PolicyError
    from helpdesk_cli.services import policy

    problems, warnings = policy.check_file(out.app, file)
    if not wants_page(out):
        out.many(problems)
    else:  # a table would be cut to the width of the terminal
        out.page(map(told, problems) if problems else ["ok"])
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        name = "stdin" if file == STDIN else file
        raise PolicyError(f"{name} has {count}", hint="correct the file; nothing of it was applied")
    for warning in warnings:
        out.talk(f"Warning: {told(warning)}")


@cli.command("diff")
@click.argument("file", type=click.Path())
@click.option("--exit-code", is_flag=True, help="End with 10 if anything would change.")
@output_options("plan_change")
def diff(out: Output, file: str, exit_code: bool) -> None:
    """Show what applying a policy file would change.

    \b
    Examples:
      helpdesk plan diff plans.yaml
      helpdesk plan diff plans.yaml --exit-code -q
    """
    from helpdesk_cli.services import policy

    changes = policy.diff_file(out.app, file)
    if changes and wants_page(out):
        out.page(change["text"] for change in changes)
    else:
        out.many(changes)
    if changes and exit_code:
        out.exit(10)


@cli.command("apply")
@click.argument("file", type=click.Path())
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change and which deadlines would move.")
@click.option("--prune", is_flag=True, help="Retire what was made by hand and the file does not name.")
@output_options("policy")
def apply(out: Output, file: str, dry_run: bool, prune: bool) -> None:
    """Make a policy file the policy in force.

    It becomes a new version in one transaction; then every ticket that is not closed is recomputed.
    Priorities and categories made by hand stay; the file adopts those that it names.

    \b
    Examples:
      helpdesk plan apply plans.yaml --dry-run
      helpdesk plan apply plans.yaml
      helpdesk plan apply plans.yaml --prune
    """
    from helpdesk_cli.services import policy

    result = policy.apply_file(out.app, file, dry_run=dry_run, prune=prune)
    if not wants_page(out):
        out.one(result)
        return
    out.page(change["text"] for change in result["changes"])
    if result["moved"]:
        out.many(result["moved"], "moved_deadline")
    if not result["changes"]:
        out.talk(f"Nothing changes: version {result['version']} says the same.")
        return
    verb = "would count" if dry_run else "counts"
    out.talk(f"Version {result['version']} {verb} from {out.instant(result['at'])} on.")
    out.talk(moved_line(result["moved"], dry_run=dry_run))


@cli.command("list")
@list_options
@output_options("plan")
def list_(out: Output, **paging: Any) -> None:
    """List the plans.

    \b
    Examples:
      helpdesk plan list
      helpdesk plan list --sort calendar
    """
    from helpdesk_cli.services import policy_records
    from helpdesk_cli.services.listing import page_of

    found = policy_records.list_plans(out.app)
    out.listing(partial(page_of, found, "plan"), **paging)


@cli.command("show")
@click.argument("name", metavar="PLAN")
@output_options("plan")
def show(out: Output, name: str) -> None:
    """Show what a plan promises: a row a priority, a column a clock.

    \b
    Examples:
      helpdesk plan show basic
      helpdesk plan show basic --json
      helpdesk plan show basic --fields calendar,auto_close
    """
    from helpdesk_cli.services import policy_records

    record = policy_records.show_plan(out.app, name)
    if wants_page(out):
        from helpdesk_cli.cli.render.plan_page import plan_page

        out.page(plan_page(out, record))
    else:
        out.one(record)


@cli.command("history")
@list_options
@output_options("policy_version")
def history(out: Output, **paging: Any) -> None:
    """List the versions of the policy, the newest first: who made each, when, from which file.

    \b
    Examples:
      helpdesk plan history
      helpdesk plan history --sort version --json
      helpdesk plan export --at 3
    """
    from helpdesk_cli.services import policy_records
    from helpdesk_cli.services.listing import page_of

    found = policy_records.list_versions(out.app)
    out.listing(partial(page_of, found, "policy_version"), **paging)


@cli.command("export")
@click.option("--at", "version", type=INT, metavar="VERSION", help="An older one, by its number.")
@output_options(None)
def export(out: Output, version: int | None) -> None:
    """Print the policy in force as a policy file.

    What was made by hand is in it; applied, the file changes nothing but that it adopts it. An older version
    of the policy is printed with --at: `--version` is the program's own.

    \b
    Examples:
      helpdesk plan export > plans.yaml
      helpdesk plan export --at 3 | helpdesk plan diff -
    """
    from helpdesk_cli.services import policy

    out.page(policy.export(out.app, version).splitlines())
