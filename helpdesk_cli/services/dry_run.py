"""A dry run: the same code as the real one, rolled back at the end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpdesk_cli.services.app import App


class _Over(BaseException):
    """Ends the transaction of a dry run; no handler of errors may take it for one."""


@contextmanager
def rolled_back(app: App) -> Iterator[None]:
    """Everything that the body writes is undone when it ends."""
    app.db  # noqa: B018 - an older database is refused: bringing it up to date could not be undone
    try:
        with app.write():
            yield
            raise _Over  # noqa: TRY301 - the end of the body, on purpose
    except _Over:
        return
