"""Codes of languages: which texts are one, and in which languages a policy document has labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FALLBACK = "en"  # the language of a label that is missing in the user's own
MACHINE = ""  # no language: machine names
# `fr`, `fr-CA`, `fr_CA.UTF-8`, `sr_RS@latin`: a language, then what labels make no difference of.
_CODE = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8})*(\.[a-z0-9-]+)?(@[a-z0-9]+)?", re.ASCII | re.IGNORECASE)
_NO_LANGUAGE = re.compile(r"(c|posix)(\.[a-z0-9-]+)?", re.ASCII | re.IGNORECASE)
_LISTS = ("priorities", "categories", "types")
_MAPPINGS = ("statuses", "plans")


def code(text: str) -> str | None:
    """`fr` of `fr`, `fr-CA` or `fr_CA.UTF-8`; `MACHINE` of the C locale; None for what is no language."""
    if _NO_LANGUAGE.fullmatch(text):
        return MACHINE
    found = _CODE.fullmatch(text)
    return None if found is None else found[1].lower()


def spoken(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages in which a policy has any label, and the fallback, in alphabetical order."""
    found = {FALLBACK}
    for entry in _entries(document):
        found.update(entry.get("label", {}))
    return tuple(sorted(found))


def _entries(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for section in _LISTS:
        yield from document.get(section, ())
    for section in _MAPPINGS:
        yield from document.get(section, {}).values()
