"""`helpdesk plan`: the policy file, and the plans in force."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

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

    Exit code 6 if there is any. Needs no database.

    \b
    Examples:
      helpdesk plan check plans.yaml
      helpdesk plan check plans.yaml --json
    """
    from helpdesk_cli.errors import PolicyError
    from helpdesk_cli.services import policy

    problems = policy.check_file(out.app, file)
    if problems:
        if out.format == "table":  # a table would be cut to the width of the terminal
            from helpdesk_cli.cli.failures import told

            out.page(map(told, problems))
        else:
            out.many(problems)
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        raise PolicyError(f"{file} has {count}", hint="correct the file; nothing of it was applied")
    if out.format == "table":
        out.page(["ok"])
    else:
        out.many([])


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
    if changes and out.format == "table":
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
    if out.format != "table":
        out.one(result)
        return
    out.page(change["text"] for change in result["changes"])
    if result["moved"]:
        out.many(result["moved"], "moved_deadline")
    if not result["changes"]:
        out.talk(f"Nothing changes: version {result['version']} says the same.")
    else:
        verb = "would count" if dry_run else "counts"
        out.talk(f"Version {result['version']} {verb} from {out.instant(result['at'])} on.")


@cli.command("list")
@output_options("plan")
def list_(out: Output) -> None:
    """List the plans.

    \b
    Examples:
      helpdesk plan list
    """
    from helpdesk_cli.services import policy_records

    out.many(policy_records.list_plans(out.app))


@cli.command("show")
@click.argument("name", metavar="PLAN")
@output_options("plan")
def show(out: Output, name: str) -> None:
    """Show what a plan promises: a row a priority, a column a clock.

    \b
    Examples:
      helpdesk plan show basic
      helpdesk plan show basic --json
    """
    from helpdesk_cli.services import policy_records

    record = policy_records.show_plan(out.app, name)
    if out.format == "table":
        from helpdesk_cli.cli.render.plan_page import plan_page

        out.page(plan_page(record, out.label("plan", name), out.duration))
    else:
        out.one(record)


@cli.command("export")
@output_options(None)
def export(out: Output) -> None:
    """Print the policy in force as a policy file.

    What was made by hand is in it; applied, the file changes nothing but that it adopts it.

    \b
    Examples:
      helpdesk plan export > plans.yaml
    """
    from helpdesk_cli.services import policy

    out.page(policy.export(out.app).splitlines())
