"""`helpdesk db`: the database itself."""

from __future__ import annotations

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options

cli = Noun(
    "db",
    """The database itself.

    \b
    Examples:
      helpdesk db check
    """,
)


@cli.command("check")
@output_options("check")
def check(out: Output) -> None:
    """Make every kept row again from the events and compare.

    Prints `ok`, or a line a problem; then the exit code is 1. Nothing is written.

    \b
    Examples:
      helpdesk db check
      helpdesk db check --json
    """
    from helpdesk_cli.services import check as service

    problems = []
    for problem in service.check(out.app):
        problems.append(problem)
        if out.format == "table":
            out.page([problem])
    if out.format != "table":
        out.one({"ok": not problems, "problems": problems})
    elif not problems:
        out.page(["ok"])
    if problems:
        out.exit(1)
