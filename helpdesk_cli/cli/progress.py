"""A bar on stderr for work that takes longer than a second, on a terminal only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from helpdesk_cli.cli.render.stream import talk_over

if TYPE_CHECKING:
    from types import TracebackType

_PATIENCE = 1.0
_BETWEEN = 0.1
_WIDTH = 30


class Progress:
    """A context manager: `step(n)` says that `n` more of `total` are done."""

    def __init__(self, total: int, label: str, *, shown: bool) -> None:
        self._total, self._label, self._shown = max(total, 1), label, shown
        self._done = 0
        self._next = time.monotonic() + _PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def step(self, n: int = 1) -> None:
        """Move on; draws at most ten times a second."""
        self._done += n
        if self._shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN
            self._drawn = True
            share = min(self._done / self._total, 1.0)
            bar = ("#" * int(share * _WIDTH)).ljust(_WIDTH)
            talk_over(f"{self._label} [{bar}] {share:4.0%}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            talk_over("")
