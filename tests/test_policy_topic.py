"""The policy that `helpdesk help policy` shows, piece by piece, is a good one and says every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.policy_file import examine
from helpdesk_cli.domain import policy_check
from helpdesk_cli.domain.calendar_check import KEYS as CALENDAR_KEYS
from helpdesk_cli.domain.plan_check import KEYS as PLAN_KEYS
from helpdesk_cli.domain.section_terms import CONDITIONS
from helpdesk_cli.domain.status_check import KEYS as STATUS_KEYS

TOPIC = Path(policy_check.__file__).parents[1] / "cli" / "topics" / "policy.md"
TEXT = TOPIC.read_text(encoding="utf-8")
ICS = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260501\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "company.ics").write_text(ICS)
    pieces = [line[4:] for line in TEXT.splitlines() if line.startswith("    ")]
    shown = "\n".join(pieces).replace("/usr/local/bin/page", "/bin/sh")
    found, problems, warnings = examine(shown.encode(), 2026, folder=str(tmp_path))
    assert problems == []
    assert [warning.message for warning in warnings] == [
        "intake: templates are checked and kept, but this version asks nobody for their fields",
        "alerts: rules are checked and kept, but this version alerts nobody",
    ]
    assert found is not None
    return found


def test_the_example_is_a_policy_with_every_section(document: dict[str, Any]) -> None:
    assert set(document) == set(policy_check.KEYS)


def test_the_page_names_every_key() -> None:
    for key in (*policy_check.KEYS, *CALENDAR_KEYS, *PLAN_KEYS, *STATUS_KEYS, *CONDITIONS):
        assert f"{key}:" in TEXT or f"`{key}`" in TEXT, key
