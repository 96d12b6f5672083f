"""How domain values become columns: instants as text, the rest of a state as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.instants import from_text, to_text

if TYPE_CHECKING:
    from datetime import datetime

FAR_FUTURE = "9999-12-31T23:59:59Z"  # what sorts last: storage.md keeps NULL out of sort keys


def instant(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


def at(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


# Made once: `json.dumps` makes an encoder anew for every value.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: Any) -> str:
    return _encode(value)
