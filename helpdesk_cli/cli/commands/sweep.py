"""`helpdesk sweep`: do what time has made due, safe from cron every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import columns, folded, page_width, wants_page, zone_name
from helpdesk_cli.cli.types import INT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@verb("sweep")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--limit", type=INT, metavar="N", help="At most N tickets, 0 for all.")
@output_options("sweep")
def cli(out: Output, dry_run: bool, limit: int | None) -> None:
    """Do what time has made due; for cron.

    Warnings, breaches, escalations, reminders, ends of hold and closures, each once, however often it runs.
    A ticket that fails does not stop the others; exit code 7 then. With -q only a
    format that was asked for is printed, and failures.

    \b
    Examples:
      * * * * * helpdesk sweep -q
      helpdesk sweep -n --now +4h
      helpdesk sweep --json
    """
    from helpdesk_cli.services import sweep

    with out.progress(sweep.due(out.app, dry_run=dry_run), "sweep") as bar:
        silent = out.settings.quiet and wants_page(out)
        result = sweep.sweep(
            out.app,
            dry_run=dry_run,
            limit=limit or None,
            telling=not silent,
            on_failure=out.fail,
            on_done=bar.step,
        )
    if not wants_page(out):
        out.one(result)
    elif not silent:
        out.page(_summary(out, result))
    for lost in [] if dry_run else sweep.run_hooks(out.app):
        out.warn(lost)


def _summary(out: Output, result: Mapping[str, Any]) -> Iterator[str]:
    """Tell the run, a line for each thing that happened, in the order of their instants, and the totals."""
    what = "Dry run" if result["dry_run"] else f"Run {result['run']}"
    head = f"{what} as of {out.instant(result['now'])} ({zone_name(out)})"
    yield from folded(head, page_width(out), indent=2)
    kinds = ("breached", "warned", "escalated", "reminded", "resumed", "closed")
    entries = [(entry["due_at"], kind, entry) for kind in kinds for entry in result[kind]]
    entries.sort(key=lambda found: found[0])
    rows = [_row(out, kind, entry) for _, kind, entry in entries]
    yield from columns(out, rows, indent=2, cut=True)
    counts = [(len(result[kind]), kind) for kind in kinds]
    counts += [(result["recomputed"], "recomputed"), (len(result["failed"]), "failed")]
    counts.append((result["left"], "left for the next run"))
    yield ", ".join(f"{number} {word}" for number, word in counts if number) or "Nothing was due."


def _row(out: Output, kind: str, entry: Mapping[str, Any]) -> list[str]:
    from helpdesk_cli.cli.render.text import cell, shortened

    clock = "" if entry["clock"] is None else entry["clock"].replace("_", " ")
    level = "" if entry["level"] is None else f"level {entry['level']}"
    changes = ""
    if kind in ("escalated", "resumed", "closed") and entry["after"]:
        before = entry["before"] or {}
        changes = ", ".join(
            f"{'' if key == 'status' else key + ' '}{_word(before.get(key))} -> {_word(value)}"
            for key, value in entry["after"].items()
        )
    lost = "(nobody told)" if entry["told"] == 0 else ""
    words = " ".join(filter(None, (clock, level, changes, lost)))
    return [
        out.instant(entry["due_at"]),
        entry["ref"],
        kind,
        cell(words),
        shortened(cell(entry["subject"]), 40),
    ]


def _word(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
