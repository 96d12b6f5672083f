"""What the fixtures of the command line hand out."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from helpdesk_cli.cli.root import run


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


def invoke(
    args: Sequence[str],
    home: Path,
    *,
    stdin: str | bytes = "",
    env: dict[str, str] | None = None,
    tty: bool = False,
) -> Result:
    """Run one command in this process, with an environment and streams of its own."""
    content = stdin.encode() if isinstance(stdin, str) else stdin
    streams = Stream(content, tty=tty), Stream(tty=tty), Stream(tty=tty)
    own = {"HOME": str(home), "PATH": os.environ.get("PATH", ""), "HELPDESK_TIMEZONE": "UTC"}
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ):
            patch.delenv(name)
        for name, value in {**own, "LANG": "C.UTF-8", **(env or {})}.items():
            patch.setenv(name, value)
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(f"sys.{name}", stream)
        code = run(args)
    return Result(code, streams[1].text(), streams[2].text())


def ticket(**values: Any) -> dict[str, Any]:
    """A ticket's row with a few keys filled."""
    return {
        "id": 42, "ref": "HD-42", "version": 1, "subject": "Router down", "status": "open",
        "priority": "normal", "requester": "sara@acme.example", "plan": "basic", "channel": "cli", "tags": [],
        "created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z", "links": [],
        "next_due_at": "2026-03-01T13:00:00Z", "clocks": [], **values,
    }  # fmt: skip
