"""What a tag is: wherever one comes from, it can be listed after commas and taken off again."""

from __future__ import annotations

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import UsageError

MAX_TAG = 100


def parse_tag(text: str) -> str:
    """The tag itself: one printable word without commas, at most 100 characters. UsageError `bad_tag`."""
    if text.split() != [text] or "," in text or len(text) > MAX_TAG or not text.isprintable():
        raise UsageError(
            f"{shown(text)} is no tag", code="bad_tag", hint="a tag is one word without commas, as vip-2026"
        )
    return text
