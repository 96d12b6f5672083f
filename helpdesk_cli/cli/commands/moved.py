"""What is said of deadlines that a change moves, for `plan apply` and `org edit --open-tickets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def moved_line(moved: Sequence[dict[str, Any]], *, dry_run: bool) -> str:
    """`3 deadlines move, 1 of them is overdue at once.`; of a dry run what would be."""
    if not moved:
        return f"No deadline {'would move' if dry_run else 'moves'}."
    late = sum(record["overdue"] for record in moved)
    deadlines = "1 deadline" if len(moved) == 1 else f"{len(moved)} deadlines"
    if dry_run:
        verb, be = "would move", "would be"
    else:
        verb, be = "moves" if len(moved) == 1 else "move", "is" if late == 1 else "are"
    return f"{deadlines} {verb}" + (f", {late} {be} overdue at once." if late else ".")
