"""The words and numbers of the sections beside the plans."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain import people
from helpdesk_cli.domain.section_terms import FREEMAIL_DOMAINS, any_of, parse_words
from helpdesk_cli.errors import PolicyError


def test_a_condition_is_one_text_or_several() -> None:
    assert any_of("sales") == ("sales",)
    assert any_of(["sales", "technical"]) == ("sales", "technical")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("150-200", (150, 200)),
        ("0-1", (0, 1)),
        (" 7 - 7 ", (7, 7)),
        ("1-100000", (1, 100_000)),
    ],
)
def test_a_range_of_words(text: str, found: tuple[int, int]) -> None:
    assert parse_words(text) == found


@pytest.mark.parametrize(
    "text", ["", "150", "-200", "150-", "a-b", "1-2-3", "1.5-2", "٣-4", "-1-2", "1-1000000"]
)
def test_what_is_no_range_of_words(text: str) -> None:
    with pytest.raises(PolicyError, match="is not a range of words"):
        parse_words(text)


@pytest.mark.parametrize("text", ["2-1", "0-0", "1-100001"])
def test_a_range_that_is_empty_or_too_long(text: str) -> None:
    with pytest.raises(PolicyError, match="is empty or too long"):
        parse_words(text)


def test_the_well_known_providers_are_written_as_domains_are_compared() -> None:
    assert [people.domain(domain) for domain in FREEMAIL_DOMAINS] == list(FREEMAIL_DOMAINS)
    assert len(set(FREEMAIL_DOMAINS)) == len(FREEMAIL_DOMAINS)
    assert {"gmail.com", "yahoo.com"} <= set(FREEMAIL_DOMAINS)
