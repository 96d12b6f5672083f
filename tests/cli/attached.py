"""Files to attach, and what is kept of them beside the database, for the tests of attachments."""

from __future__ import annotations

from pathlib import Path

from desk import Desk


def file(folder: Path, name: str = "a.txt", content: bytes = b"hello") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def kept(desk: Desk) -> list[str]:
    """The SHA-256 of the files beside the database."""
    root = Path(f"{desk.path}.files")
    return sorted(f"{path.parent.name}{path.name}" for path in root.glob("*/*")) if root.exists() else []


def ok(desk: Desk) -> None:
    assert desk.json("db", "check", "--deep") == {"ok": True, "problems": []}
