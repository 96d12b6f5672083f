"""The table of a verb over `ID...`: it shows what the verb changed, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.layout import announce, wants_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.cli.options import Output
    from helpdesk_cli.records import Record


def changed(
    out: Output, ids: tuple[int | str, ...], act: Callable[[int], dict[str, Any]], *columns: str
) -> None:
    """`Output.batch` of tickets; unless fields are picked, the table has these columns beside its own, and
    what time did to the tickets is told before it."""
    if not wants_page(out):
        out.batch(ids, act)
        return

    def told(id_: int) -> dict[str, Any]:
        try:
            return act(id_)
        finally:
            announce(out)

    out.batch(ids, told, record=_with(columns))


def _with(columns: tuple[str, ...]) -> Record:
    """The record of a ticket with more columns: after the status, and among the last that a narrow terminal
    leaves out."""
    from helpdesk_cli.records import RECORDS

    ticket = RECORDS["ticket"]
    new = tuple(name for name in columns if name not in ticket.table)
    place = ticket.table.index("status") + 1
    return ticket._replace(
        table=(*ticket.table[:place], *new, *ticket.table[place:]),
        keeps=tuple(dict.fromkeys((*ticket.keeps[:2], *columns, *ticket.keeps[2:]))),
    )
