"""What a status is shown as: its label, or that of a stage of it (H9, H10, H13).

A policy may show one status under several names, one after the other: what came in new is `Open` for five
minutes, what was replied to is `Customer-Reply`, both are `On Hold` after that. A stage is a way to look at
a ticket, so no event tells of it and no sweep has to come.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from helpdesk_cli.domain.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy


def label(
    policy: Policy,
    status: str,
    created_at: datetime,
    last_customer_message_at: datetime | None,
    now: datetime,
) -> Mapping[str, str] | None:
    """The labels, by language, of a ticket's status at `now`; None where the policy has none.

    A ticket came `new` while no customer wrote after it was made, else it was `replied` to when the customer
    wrote last. A stage is shown `for` so long after that, its last second not included.
    """
    spec = policy.document.get("statuses", {}).get(status, {})
    since = last_customer_message_at or created_at
    came = "new" if since <= created_at else "replied"
    for stage in spec.get("stages", ()):
        fits = stage.get("when", came) == came
        if fits and ("for" not in stage or now < since + timedelta(seconds=parse_duration(stage["for"]))):
            return cast("Mapping[str, str]", stage["label"])
    return cast("Mapping[str, str] | None", spec.get("label"))
