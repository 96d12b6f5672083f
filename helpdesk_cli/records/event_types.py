"""The types of event, what each means, and the keys of its `data` (`cli.md`, An event).

What the sweep did has `run` too. A key marked `?` is there where there is something to tell. `{}` stands for
`{"before": ..., "after": ...}`.
"""

from __future__ import annotations

_CLOCK = "clock instance"
_PAIRS = "priority? assignee? team? tags?"
_REGIONAL = "region? contacts? contact_level? chosen_by? because?"

# type -> (what it means, the keys of its data)
EVENT_TYPES: dict[str, tuple[str, str]] = {
    "created": (
        "The ticket was opened, with what it began with. The `rule` of the policy chose team and assignee;"
        " `instead_of`: the default plan stands for this one, retired or outside its dates.",
        "requester org priority category type plan instead_of? channel tags policy on_behalf team? assignee?"
        " rule? nobody_free?",
    ),
    "message": (
        "A public message; `by` is `agent` or `customer`. `opening`: the agent's text that opened it;"
        " `minutes`: the work that it took.",
        "message by opening? minutes?",
    ),
    "note": ("An internal note was written, or `edited`.", "message edited? minutes?"),
    "status_changed": (
        "Another status. `until` ends a hold; `reason` is that of a closure; `rule` is what time did.",
        "before after until? reason? rule? run?",
    ),
    "assigned": (
        "Another assignee or team: `{}` each. By a `rule` of the policy after an edit; `nobody_free` of those"
        " whom it may choose.",
        "assignee? team? rule? nobody_free?",
    ),
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
        " change, and what it could not do. Who of the `region` was told, each with `name` and `address`: of"
        " which level, what led there, and `because` of what it is not the level or region asked for. Without"
        " a clock somebody asked for it, with a `reason`, or gave it another `owner`: `{}`.",
        f"clock? instance? level at? notify? nobody? {_REGIONAL} {_PAIRS} not_done? run?"
        " reason? impact? unsatisfied? owner?",
    ),
    "reminded": ("The customer was reminded that it will be closed.", "rule base run?"),
    "auto_closed": (
        "It was closed for silence since `base`; stands for its `status_changed`.",
        "before after rule base run?",
    ),
    "reopened": ("Open again after resolved or closed; stands for its `status_changed`.", "before after"),
    "policy_applied": ("Another version of the policy counts for it.", "before after run?"),
    "merged": ("It was merged `into` another ticket, or the ticket `from` into it.", "into? from?"),
    "split": (
        "The message began a ticket of its own, `into`; there `from` names the ticket it was written in.",
        "message into? from?",
    ),
    "linked": ("It was linked to another ticket, or the link `removed`.", "kind ref removed?"),
    "attached": ("A file was attached, with a `message` or to the ticket itself.", "attachment message?"),
    "redacted": (
        "The text of a message, or the `subject`, was replaced everywhere.",
        "message? subject? reason",
    ),
}


def keys(type_: str) -> tuple[str, ...]:
    """The keys that the data of an event of this type may have."""
    return tuple(key.rstrip("?") for key in EVENT_TYPES[type_][1].split())
