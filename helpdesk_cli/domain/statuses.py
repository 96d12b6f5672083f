"""The six statuses and what each means for the clocks (`sla.md 2`). What a verb makes of one: `verbs.py`."""

OPEN = "open"
IN_PROGRESS = "in_progress"
WAITING_CUSTOMER = "waiting_customer"
ON_HOLD = "on_hold"
RESOLVED = "resolved"
CLOSED = "closed"

ACTIVE = (OPEN, IN_PROGRESS, WAITING_CUSTOMER, ON_HOLD)
STOPPED = (RESOLVED, CLOSED)
ALL = ACTIVE + STOPPED
