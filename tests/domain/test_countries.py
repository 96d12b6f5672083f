"""The codes of countries (`profiles.md`)."""

from __future__ import annotations

from importlib import resources

import pytest

from helpdesk_cli.domain.countries import COUNTRIES, country
from helpdesk_cli.errors import UsageError


def test_they_are_those_of_the_standard_and_kosovo() -> None:
    listed = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    standard = {line.split("\t")[0] for line in listed.splitlines() if not line.startswith("#")}
    assert {*COUNTRIES} == standard | {"XK"}


def test_any_case_and_the_space_around_it() -> None:
    assert [country(text) for text in ("FR", "fr", " xK ")] == ["FR", "FR", "XK"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("uk", "did you mean 'GB'?"),
        ("EL", "did you mean 'GR'?"),
        ("FRA", "XK"),
        ("", "XK"),
        ("F\x1b[2J", "XK"),
    ],
)
def test_what_is_no_country(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        country(text)
    assert caught.value.code == "bad_country"
    assert hint in (caught.value.hint or "")
    assert caught.value.message.isprintable()
