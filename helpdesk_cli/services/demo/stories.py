"""What the demo's tickets are about: the shape of a story. The texts stand in a module a language."""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    """One request, from its subject to its solution. `{n}` in the texts is a number, one a ticket."""

    category: str
    priority: str
    type: str
    subject: str
    opening: str  # the customer
    question: str  # support needs to know more
    details: str  # the customer's answer to that
    solution: str  # support


class Phrases(NamedTuple):
    """What people say whatever the ticket is about, in one language."""

    stories: tuple[Story, ...]
    thanks: tuple[str, ...]  # the customer is content
    waiting: tuple[str, ...]  # support waits for somebody else
    again: tuple[str, ...]  # the customer: it is back
    sorry: tuple[str, ...]  # support, to that
    nudge: tuple[str, ...]  # the customer: any news?
