"""The types of event, what each means, and the keys of its `data` (`cli.md`, An event).

What the sweep did has `run` too. A key marked `?` is there where there is something to tell. `{}` stands for
`{"before": ..., "after": ...}`.
"""

from __future__ import annotations

_CLOCK = "clock instance"
_PAIRS = "priority? assignee? team? tags?"

# type -> (what it means, the keys of its data)
EVENT_TYPES: dict[str, tuple[str, str]] = {
    "created": (
        "The ticket was opened, with what it began with.",
        "requester org priority category type plan channel tags policy on_behalf",
    ),
    "message": (
        "A public message; `by` is `agent` or `customer`. `opening`: the agent's text that opened it.",
        "message by opening?",
    ),
    "note": ("An internal note was written, or `edited`.", "message edited?"),
    "status_changed": (
        "Another status. `until` ends a hold; `reason` is that of a closure; `rule` is what time did.",
        "before after until? reason? rule? run?",
    ),
    "assigned": ("Another assignee or team: `{}` each.", "assignee? team?"),
    "edited": (
        "Other fields: `{}` each.",
        "subject? priority? category? type? plan? org?",
    ),
    "tagged": ("Other tags: `{}`.", "tags"),
    "clock_started": ("A clock began: it counts from `start`.", f"{_CLOCK} start target_seconds"),
    "clock_paused": ("A clock stood still.", _CLOCK),
    "clock_resumed": ("A clock went on.", _CLOCK),
    "clock_met": ("A clock was answered or resolved, in time or late.", _CLOCK),
    "clock_warned": ("A clock is at risk.", f"{_CLOCK} warn_seconds target_seconds run?"),
    "clock_breached": (
        "A clock is late, from the boundary `breached_at` on.",
        f"{_CLOCK} breached_at target_seconds run?",
    ),
    "clock_cancelled": ("A clock ended unanswered.", _CLOCK),
    "clock_reset": ("An agent let a clock begin anew.", f"{_CLOCK} reason"),
    "escalated": (
        "A level fired, whose place is `at`: whom it notifies, whom of these nobody knows, `{}` for each"
        " change, and what it could not do.",
        f"{_CLOCK} level at notify nobody? {_PAIRS} not_done? run?",
    ),
    "reminded": ("The customer was reminded that it will be closed.", "rule base run?"),
    "auto_closed": (
        "It was closed for silence since `base`; stands for its `status_changed`.",
        "before after rule base run?",
    ),
    "reopened": ("Open again after resolved or closed; stands for its `status_changed`.", "before after"),
    "policy_applied": ("Another version of the policy counts for it.", "before after run?"),
    "merged": ("It was merged into another ticket, or another into it.", ""),
    "split": ("A message began a ticket of its own.", ""),
    "linked": ("It was linked to another ticket.", "kind ref"),
    "attached": ("A file was attached.", ""),
    "redacted": ("A text was replaced everywhere.", "message reason"),
}


def keys(type_: str) -> tuple[str, ...]:
    """The keys that the data of an event of this type may have."""
    return tuple(key.rstrip("?") for key in EVENT_TYPES[type_][1].split())
