"""Every case there is, in the order of the table."""

from __future__ import annotations

from tests.faults import crowd, disk, durable, files, kills, locks, months, streams
from tests.faults.cases import Case

CASES: tuple[Case, ...] = tuple(
    case for row in (kills, disk, durable, crowd, months, files, streams, locks) for case in row.cases()
)
