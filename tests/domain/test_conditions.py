"""Conditions of rules: any of the values of one, all of different ones, `none` for no value."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.domain.conditions import Facts, conditions, fits, missed, told
from helpdesk_cli.domain.section_terms import CONDITIONS, FLAG_CONDITIONS, MAY_LACK

FACTS = Facts(
    category="sales", priority="high", org="Acme", tier="Premium", vip=True, channel="Web", tag=("a", "b")
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, True),
        ({"category": "sales"}, True),
        ({"category": ["network", "sales"]}, True),
        ({"category": "none"}, False),
        ({"type": "none"}, True),
        ({"type": ["none", "x"]}, True),
        ({"org": "acme", "tier": "premium", "channel": "web"}, True),
        ({"vip": True}, True),
        ({"vip": False}, False),
        ({"contract": False}, True),
        ({"tag": "b"}, True),
        ({"tag": "none"}, False),
        ({"category": "sales", "priority": "low"}, False),
    ],
)
def test_what_fits(when: dict[str, Any], expected: bool) -> None:
    assert fits(conditions(when), FACTS) is expected


def test_the_first_that_does_not_hold_is_told() -> None:
    miss = missed(conditions({"vip": True, "language": ["fr", "de"], "tag": "x"}), FACTS)
    assert miss is not None
    assert (miss.name, miss.said, told(miss, FACTS)) == ("language", "fr, de", "none")
    miss = missed(conditions({"contract": True}), FACTS)
    assert miss is not None
    assert (miss.said, told(miss, FACTS)) == ("true", "false")


def test_no_tag_is_none() -> None:
    assert fits(conditions({"tag": "none"}), Facts())


def test_every_condition_asks_for_a_fact() -> None:
    """What a policy may say, what a ticket is asked, and which of it may be missing."""
    assert sorted(CONDITIONS) == sorted(Facts._fields)
    nothing = Facts()._asdict()
    assert {name for name in CONDITIONS if nothing[name] is False} == set(FLAG_CONDITIONS)
    assert {name for name in CONDITIONS if nothing[name] in (None, ())} == set(MAY_LACK)
