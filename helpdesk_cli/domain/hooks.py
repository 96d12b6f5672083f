"""Which programs are run on which events, and when one that failed is tried again (`profiles.md`, hooks)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.domain.durations import parse_duration
from helpdesk_cli.domain.section_terms import HOOK_RETRIES, HOOK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

PENDING, DONE, FAILED = STATES = ("pending", "done", "failed")
_FIRST_WAIT = 60  # seconds until the second try; each wait is twice the one before
_LONGEST_WAIT = 3600


class Hook(NamedTuple):
    """A program with its arguments, run on events of these types; timeout: seconds; retries: tries after the
    first."""

    on: tuple[str, ...]
    run: tuple[str, ...]
    timeout: int
    retries: int


def declared(document: Mapping[str, Any]) -> tuple[Hook, ...]:
    """The hooks of a checked document, in its order."""
    return tuple(
        Hook(
            tuple(spec["on"]),
            tuple(spec["run"]),
            parse_duration(spec["timeout"]) if "timeout" in spec else HOOK_TIMEOUT,
            spec.get("retries", HOOK_RETRIES),
        )
        for spec in document.get("hooks", ())
    )


def wait(tries: int) -> int:
    """Seconds until a hook that has failed so many times is tried again."""
    return min(_FIRST_WAIT << min(tries - 1, 10), _LONGEST_WAIT)
