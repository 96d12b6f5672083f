"""`helpdesk db`: the database itself and the care of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import wants_page
from helpdesk_cli.cli.types import INT

if TYPE_CHECKING:
    from collections.abc import Iterator

cli = Noun(
    "db",
    """The database itself.

    \b
    Examples:
      helpdesk db doctor
      helpdesk db backup /backups/ --keep 30
      helpdesk db check --deep
    """,
)


@cli.command("check")
@click.option("--deep", is_flag=True, help="Check the file, references, search and attached files too.")
@output_options("check")
def check(out: Output, deep: bool) -> None:
    """Make every kept row again from the events and compare.

    Prints `ok`, or a line a problem; then the exit code is 1. Nothing is written.

    \b
    Examples:
      helpdesk db check
      helpdesk db check --deep --json
    """
    from helpdesk_cli.services import check as service

    problems = []
    for problem in service.deep(out.app) if deep else service.check(out.app):
        problems.append(problem)
        if wants_page(out):
            out.page([problem])
    if not wants_page(out):
        out.one({"ok": not problems, "problems": problems})
    elif not problems:
        out.page(["ok"])
    if problems:
        out.exit(1)


@cli.command("doctor")
@output_options("finding")
def doctor(out: Output) -> None:
    """Say what is wrong with the database and what to do.

    Prints `ok`, or of each finding a line and the command that mends it; then the exit code is 1. It looks at
    the file, its permissions, the disk, the clock, locks, sweeps, agents, zone rules and attached files.
    Nothing is written.

    \b
    Examples:
      helpdesk db doctor
      helpdesk db doctor --json
    """
    from helpdesk_cli.services import doctor as service

    found: list[dict[str, Any]] = []

    def findings() -> Iterator[dict[str, Any]]:
        for finding in service.examine(out.app):
            found.append(finding)
            yield finding

    if wants_page(out):
        for finding in findings():
            out.page([finding["message"], f"    {finding['mend']}"])
        if not found:
            out.page(["ok"])
    else:
        out.many(findings())
    if found:
        out.exit(1)


@cli.command("stats")
@output_options("stats")
def stats(out: Output) -> None:
    """Count what is in the database and what it takes.

    \b
    Examples:
      helpdesk db stats
      helpdesk db stats --json --fields tickets,bytes,free_bytes
    """
    from helpdesk_cli.services import maintenance

    out.one(maintenance.stats(out.app))


@cli.command("backup")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option(
    "--keep", type=INT, metavar="N", help="Of the backups in the folder keep the newest N; 1 at least."
)
@click.option("--yes", is_flag=True, help="Replace a backup of that name.")
@output_options("backup")
def backup(out: Output, file: str, keep: int | None, yes: bool) -> None:
    """Copy the database into one file, while others write.

    The copy is of one moment, attached files included, checked, and appears whole or not at all. A FILE that
    exists is refused, exit code 4. If FILE is a folder, the backup gets a name of its own there: the
    database's with the time, such as helpdesk-2026-11-24T16-34-20Z.db. `--keep` then removes the oldest of
    the files so named, and no other.

    \b
    Examples:
      helpdesk db backup /backups/ --keep 30
      helpdesk db backup before-the-move.db
    """
    from helpdesk_cli.services import backup as service

    with out.progress(service.size(out.app), "backup") as bar:
        made = service.backup(out.app, file, keep=keep, replace=yes, on_done=bar.step)
    out.one(made)


@cli.command("restore")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option("--yes", is_flag=True, help="Replace the database that is there.")
@output_options("restored")
def restore(out: Output, file: str, yes: bool) -> None:
    """Make a backup the database.

    The backup is checked first and stays as it is; one of an older version is brought up to date. Attached
    files are put beside the database again. A database that is replaced is kept beside the new one, as
    NAME.before-restore-TIME. Exit code 5: a program has it open.

    \b
    Examples:
      helpdesk db restore /backups/helpdesk-2026-11-24T16-34-20Z.db
      helpdesk --db copy.db db restore /backups/helpdesk-2026-11-24T16-34-20Z.db
    """
    from helpdesk_cli.services import restore as service

    pages = service.size(file)
    if service.replaces(out.app):
        out.confirm(f"Replace {out.settings.db}? It will be kept beside.", yes=yes)
    with out.progress(pages, "restore") as bar:
        made = service.restore(out.app, file, replace=True, on_done=bar.step)
    out.one(made)


@cli.command("migrate")
@click.option("-n", "--dry-run", is_flag=True, help="Try it, and leave everything as it is.")
@output_options("migration")
def migrate(out: Output, dry_run: bool) -> None:
    """Bring the tables of an older database up to date.

    As it was the database is kept beside, as NAME.before-migrate-TIME. The first command that writes does the
    same by itself; commands that only read refuse an older database.

    \b
    Examples:
      helpdesk db migrate -n
      helpdesk db migrate
    """
    from helpdesk_cli.services import migration

    out.one(migration.migrate(out.app, dry_run=dry_run))


@cli.command("vacuum")
@output_options("vacuum")
def vacuum(out: Output) -> None:
    """Give free space in the file back to the file system.

    Attached files that belong to no ticket any more are removed. Writers wait until it is done. It takes room
    for two copies of the database meanwhile, one of them in the folder for temporary files.

    \b
    Examples:
      helpdesk db vacuum
    """
    from helpdesk_cli.services import maintenance

    out.one(maintenance.vacuum(out.app))
