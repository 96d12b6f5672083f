"""The only wall clock of the program."""

from datetime import UTC, datetime


def now() -> datetime:
    """The real time, UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
