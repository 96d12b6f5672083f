"""Senders: freemail addresses, strangers, and the channels of tiers."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_cli.domain import senders
from helpdesk_cli.errors import RefusedError

TIERS = {"basic": {"channels": ["email"]}, "gold": {"channels": ["email", "phone"]}, "all": {"vip": True}}


@pytest.mark.parametrize(
    ("rule", "address", "refused"),
    [
        (None, "eve@gmail.com", None),
        ({"action": "reject"}, "eve@gmail.com", True),
        ({"action": "warn"}, "eve@yahoo.fr", False),
        ({"action": "reject"}, "eve@acme.example", None),
        ({"action": "reject"}, "eve@mail.gmail.com", None),
        ({"action": "reject", "domains": ["free.example"]}, "eve@gmail.com", None),
        ({"action": "warn", "domains": ["free.example"]}, "eve@free.example", False),
    ],
)
def test_freemail_is_what_the_policy_names_else_the_well_known(
    rule: dict[str, Any] | None, address: str, refused: bool | None
) -> None:
    found = senders.freemail({} if rule is None else {"freemail": rule}, address)
    assert (None if found is None else found.refused) == refused


@pytest.mark.parametrize(("action", "refused"), [("accept", None), ("warn", False), ("reject", True)])
def test_a_stranger_is_refused_or_told_with_what_to_do(action: str, refused: bool | None) -> None:
    found = senders.stranger({"unknown_sender": action}, "eve@new.example")
    assert (None if found is None else found.refused) == refused
    if found is not None:
        assert "contact create eve@new.example" in found.hint
        assert "--domain new.example" in found.hint
    assert senders.stranger({}, "eve@new.example") is None


@pytest.mark.parametrize(
    ("tier", "channel"),
    [("basic", "email"), ("gold", "phone"), ("all", "fax"), (None, "fax"), ("former", "fax")],
)
def test_a_tier_without_channels_has_all(tier: str | None, channel: str) -> None:
    senders.require_channel({"tiers": TIERS}, tier, channel)


@pytest.mark.parametrize(
    ("tiers", "channel", "hint"),
    [
        (TIERS, "phone", "gold, all would allow it"),
        (TIERS, "fax", "all would allow it"),
        ({"basic": TIERS["basic"]}, "fax", "no tier has it"),
    ],
)
def test_the_tiers_that_have_the_channel_are_named(tiers: dict[str, Any], channel: str, hint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        senders.require_channel({"tiers": tiers}, "basic", channel)
    assert (caught.value.code, caught.value.hint) == ("channel", hint)
