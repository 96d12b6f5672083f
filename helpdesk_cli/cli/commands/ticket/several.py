"""The table of a verb over `ID...`: it shows what the verb changed, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.commands.ticket.layout import announce, wants_page
from helpdesk_cli.cli.output import Output
from helpdesk_cli.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def changed(
    out: Output, ids: tuple[int | str, ...], act: Callable[[int], dict[str, Any]], *columns: str
) -> None:
    """`Output.batch` of tickets; unless fields are picked, the table has these columns beside its own, and
    what time did to the tickets is told before it."""
    (_Changed(out, columns) if wants_page(out) else out).batch(ids, act)


class _Changed(Output):
    """An output whose tickets have more columns: after the status, and among the last that a narrow terminal
    leaves out."""

    def __init__(self, out: Output, columns: tuple[str, ...]) -> None:
        vars(self).update(vars(out))
        ticket = RECORDS["ticket"]
        new = tuple(name for name in columns if name not in ticket.table)
        place = ticket.table.index("status") + 1
        self._record = ticket._replace(
            table=(*ticket.table[:place], *new, *ticket.table[place:]),
            keeps=tuple(dict.fromkeys((*ticket.keeps[:2], *columns, *ticket.keeps[2:]))),
        )

    def _results(self, *given: Any) -> Iterator[Any]:
        yield from super()._results(*given)
        announce(self)
