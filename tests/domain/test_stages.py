"""Stages: one status under several names (H9, H10, H13), to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.stages import label

MADE = datetime(2026, 3, 2, 10, tzinfo=UTC)
WROTE = MADE + timedelta(hours=1)
HOSTING = {
    "statuses": {
        "open": {
            "label": {"en": "Waiting"},
            "stages": [
                {"label": {"en": "Open"}, "when": "new", "for": "5m"},
                {"label": {"en": "Customer-Reply"}, "when": "replied", "for": "5m"},
                {"label": {"en": "On Hold", "fr": "En attente"}},
            ],
        },
        "waiting_customer": {"label": {"en": "Answered"}},
    }
}


def shown(status: str, wrote: datetime | None, now: datetime) -> str | None:
    found = label(Policy(1, MADE, HOSTING, "2026a"), status, MADE, wrote, now)
    return None if found is None else found["en"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, "Open"), (299, "Open"), (300, "On Hold"), (301, "On Hold"), (86400, "On Hold")],
)
@pytest.mark.parametrize("wrote", [None, MADE])
def test_what_is_new_is_shown_so_for_a_while(wrote: datetime | None, after: int, expected: str) -> None:
    assert shown("open", wrote, MADE + timedelta(seconds=after)) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, "Customer-Reply"), (299, "Customer-Reply"), (300, "On Hold"), (301, "On Hold")],
)
def test_a_reply_is_shown_so_from_the_reply_on(after: int, expected: str) -> None:
    assert shown("open", WROTE, WROTE + timedelta(seconds=after)) == expected


def test_a_status_without_stages_has_its_label_and_one_without_a_label_none() -> None:
    assert shown("waiting_customer", WROTE, WROTE) == "Answered"
    assert shown("closed", WROTE, WROTE) is None
