"""The words and numbers of the sections beside the plans: who may write, routes, templates, alerts, hooks.

What each section means is decided where it is used; here is what its texts stand for, so that the check of a
file and the use of it read them alike (`profiles.md`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Sequence

STAGE_ORIGINS = ("new", "replied")  # how a ticket came to its status: H9, H13
SENDER_RULES = ("accept", "warn", "reject")
FREEMAIL_ACTIONS = ("warn", "reject")
QUEUE_ORDERS = ("deadline", "last_message", "fifo")
SCOPES = ("in", "out")
ROUND_ROBIN, LEAST_LOADED = "round_robin", "least_loaded"
ASSIGNMENTS = (ROUND_ROBIN, LEAST_LOADED)
ALERT_SUBJECTS = ("org", "contact")

# What every condition of a route, a template or an alert may ask of a ticket.
FLAG_CONDITIONS = ("contract", "vip", "large_account")
CONDITIONS = (
    "category", "type", "priority", "plan", "org", "tier", *FLAG_CONDITIONS,
    "language", "region", "country", "channel", "tag",
)  # fmt: skip
MAY_LACK = ("category", "type", "org", "tier", "language", "region", "country", "tag")  # `none` is a value

HOOK_TIMEOUT = 10  # seconds
HOOK_TIMEOUTS = (1, 300)
HOOK_RETRIES = 3
MAX_HOOK_RETRIES = 10

MAX_LEVEL = 9  # of a region's contacts
MAX_WORDS = 100_000

# The domains that `freemail` means where it names none: providers that give an address to anybody (Z7).
FREEMAIL_DOMAINS = (
    "126.com", "163.com", "aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net",
    "googlemail.com", "hotmail.co.uk", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net", "live.com",
    "live.fr", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com",
    "outlook.fr", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "tuta.com", "tutanota.com",
    "wanadoo.fr", "web.de", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr",
    "yandex.com", "yandex.ru", "ymail.com", "zohomail.com",
)  # fmt: skip


def any_of(value: str | Sequence[str]) -> tuple[str, ...]:
    """The values of a condition, one text or a list of them: any of them will do."""
    return (value,) if isinstance(value, str) else tuple(value)


def parse_words(text: str) -> tuple[int, int]:
    """`150-200`: (at least, at most) so many words."""
    first, _, last = text.partition("-")
    numbers = [part.strip() for part in (first, last)]
    if not all(part.isascii() and part.isdigit() and len(part) <= len(str(MAX_WORDS)) for part in numbers):
        raise PolicyError(f"{shown(text)} is not a range of words", hint="write it as 150-200")
    least, most = map(int, numbers)
    if not 0 <= least <= most or not 0 < most <= MAX_WORDS:
        raise PolicyError(
            f"the range of words {shown(text)} is empty or too long",
            hint=f"the smaller number comes first, the last is from 1 to {MAX_WORDS}",
        )
    return least, most
