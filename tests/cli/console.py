"""What the fixtures of the command line hand out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [json.loads(line)["error"] for line in self.err.splitlines()]


class Stream(io.TextIOWrapper):
    """A standard stream in memory."""

    def __init__(self, content: bytes = b"", *, tty: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8")


Run = Callable[..., Result]


def ticket(**values: Any) -> dict[str, Any]:
    """A ticket's row with a few keys filled."""
    return {
        "id": 42, "ref": "HD-42", "version": 1, "subject": "Router down", "status": "open",
        "priority": "normal", "requester": "sara@acme.example", "plan": "basic", "channel": "cli", "tags": [],
        "created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z", "links": [],
        "next_due_at": "2026-03-01T13:00:00Z", "clocks": [], **values,
    }  # fmt: skip
