"""Who may write, and through which channel: strangers (H3), freemail addresses (Z7), tiers (Z43).

Each judges a customer's own ticket or reply; what an agent opens for a customer is the agent's affair, but
for the channel, which the customer's tier has or has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.people import domain_of
from helpdesk_cli.domain.section_terms import FREEMAIL_DOMAINS
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

REJECT = "reject"


class Objection(NamedTuple):
    """What a policy has against a sender; `refused`, or only told."""

    refused: bool
    code: str
    message: str
    hint: str

    def error(self) -> RefusedError:
        return RefusedError(self.message, code=self.code, hint=self.hint)


def stranger(document: Mapping[str, Any], address: str) -> Objection | None:
    """Of somebody who is neither stored nor of an organisation's domain."""
    action = document.get("unknown_sender", "accept")
    if action == "accept":
        return None
    claim = "" if freemail(document, address) else f", or org edit ORG --domain {domain_of(address)}"
    return Objection(
        action == REJECT,
        "unknown_sender",
        f"{shown(address)} is no known customer: neither the address nor its domain is anybody's",
        f"helpdesk contact create {address} --org ORG{claim}",
    )


def freemail(document: Mapping[str, Any], address: str) -> Objection | None:
    """Of an address that anybody can get, for somebody of no organisation."""
    rule = document.get("freemail")
    if rule is None or domain_of(address) not in rule.get("domains", FREEMAIL_DOMAINS):
        return None
    return Objection(
        rule["action"] == REJECT,
        "freemail",
        f"{shown(address)} is a freemail address, which tells of no organisation",
        "write from the organisation's own domain, or let support store the address with its --org",
    )


def require_channel(document: Mapping[str, Any], tier: str | None, channel: str) -> None:
    """RefusedError `channel` where the tier has not this one; it names the tiers that have it."""
    tiers = document.get("tiers", {})
    entitled = tiers.get(tier, {}).get("channels")
    if entitled is None or channel in entitled:
        return
    better = [name for name, spec in tiers.items() if channel in spec.get("channels", (channel,))]
    raise RefusedError(
        f"tier {tier} has no channel {shown(channel)}: it has {', '.join(entitled)}",
        code="channel",
        hint=f"{', '.join(better)} would allow it" if better else "no tier has it",
        details={"tier": tier, "channels": list(entitled), "tiers": better},
    )
