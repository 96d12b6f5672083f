"""The one line that a Nagios plugin prints, with its performance data, and the exit code that goes with it.

The format is that of the Monitoring Plugins guidelines: `NAME STATE - text | label=value;warn;crit;min;max`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")  # each at its exit code
UNKNOWN = 3


def state_of(check: Mapping[str, Any]) -> int:
    """Critical what `sla check --exit-code` finds, a warning what is at risk of that."""
    if not check["ok"]:
        return 2
    return 1 if check["at_risk"] else 0


def line(check: Mapping[str, Any]) -> str:
    """Tell a record `sla_check`."""
    age, oldest = check["sweep_age_seconds"], check["max_sweep_age_seconds"]
    data = (
        f"overdue={check['overdue']};;0;0",
        f"at_risk={check['at_risk']};0;;0",
        f"sweep_age={'U' if age is None else f'{age}s'};;{oldest};0",  # U: there is no value
    )
    return f"{_begin(state_of(check))}{sentence(check)} | {' '.join(data)}"


def sentence(check: Mapping[str, Any]) -> str:
    """A record `sla_check` in words: `1 overdue: HD-1; last sweep 15m ago, more than 10m`."""
    overdue, refs, nobodys = check["overdue"], check["overdue_refs"], check["overdue_unassigned"]
    words = f"{overdue} overdue" + (f" ({nobodys} nobody's)" if nobodys else "")
    if refs:
        words += f": {' '.join(refs)}" + (" ..." if overdue > len(refs) else "")
    at_risk = [f"{check['at_risk']} at risk"] if check["at_risk"] else []
    return "; ".join((words, *at_risk, _sweep(check)))


def failure(message: str) -> str:
    """Tell an error: the state is unknown, and there is no performance data."""
    # What follows a bar would be read as performance data.
    return _begin(UNKNOWN) + message.replace("|", "/")


def _begin(state: int) -> str:
    return f"HELPDESK {STATES[state]} - "


def _sweep(check: Mapping[str, Any]) -> str:
    from helpdesk_cli.domain.durations import DAY, format_duration

    age = check["sweep_age_seconds"]
    if age is None:
        return "last sweep never"
    said = f"last sweep {f'{age // DAY}d' if age >= 2 * DAY else format_duration(age)} ago"
    oldest = format_duration(check["max_sweep_age_seconds"])
    return said if check["swept_lately"] else f"{said}, more than {oldest}"
