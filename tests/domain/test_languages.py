"""Which texts are the code of a language, and in which languages a policy speaks."""

from __future__ import annotations

import pytest

from helpdesk_cli.domain.languages import MACHINE, code, spoken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr-CA", "fr"),
        ("fr_CA", "fr"),
        ("fr_CA.UTF-8", "fr"),
        ("sr_RS@latin", "sr"),
        ("zh-Hant-TW", "zh"),
        ("frr", "frr"),
        ("C", MACHINE),
        ("c.utf8", MACHINE),
        ("POSIX", MACHINE),
        ("", None),
        ("f", None),
        ("fren", None),
        ("fr-", None),
        ("fr-c", None),
        ("fr CA", None),
        ("fr\n", None),
        ("fr;rm", None),
        ("١٢", None),
        ("../fr", None),
        ("fr.", None),
        ("İtd", None),  # whose small form is of two characters
        ("fſ", None),
    ],
)
def test_codes(text: str, found: str | None) -> None:
    assert code(text) == found


def test_a_policy_speaks_each_language_of_any_of_its_labels_and_english() -> None:
    assert spoken({}) == ("en",)
    document = {
        "statuses": {"open": {"label": {"fr": "Ouvert"}}, "closed": {"aliases": ["done"]}},
        "priorities": [{"name": "high", "label": {"ar": "عالية"}}, {"name": "low"}],
        "categories": [{"name": "sales", "label": {"de": "Vertrieb"}}],
        "types": [{"name": "wish", "label": {"es": "Deseo"}}],
        "plans": {"gold": {"label": {"it": "Oro"}}},
        "calendars": {"office": {"label": {"xx": "not a label"}}},
    }
    assert spoken(document) == ("ar", "de", "en", "es", "fr", "it")
