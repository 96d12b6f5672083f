"""A dry run: the same code as the real one, rolled back at the end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from helpdesk_cli.services.app import App


class _Over(BaseException):
    """Ends the transaction of a dry run; no handler of errors may take it for one."""


def rolled_back(app: App) -> AbstractContextManager[None]:
    """Everything that the body writes is undone when it ends. An older database is refused: bringing it up to
    date could not be undone."""
    app.db  # noqa: B018 - opened as by who only reads
    return undone(app.write())


@contextmanager
def undone(transaction: AbstractContextManager[object]) -> Iterator[None]:
    """A transaction whose end is that nothing of it stays."""
    try:
        with transaction:
            yield
            raise _Over  # noqa: TRY301 - the end of the body, on purpose
    except _Over:
        return
