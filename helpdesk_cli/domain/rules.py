"""What the rules of one ticket may ask: each version of the policy, who there is, where customers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.domain.regions import Place


class Rules(Protocol):
    """The policies by version, oldest first; versions are kept for ever."""

    def __hash__(self) -> int:
        """By identity, so that what was worked out under these rules can be kept."""

    def latest(self) -> Policy:
        """The version in force."""

    def get(self, version: int) -> Policy:
        """That version, which an event or a span of a clock names."""

    def after(self, version: int) -> Policy | None:
        """The version that followed it, None for the latest."""

    def hooks(self) -> Sequence[Mapping[str, Any]]:
        """The programs that events written now are told to, as a checked policy document has them."""

    def has_agent(self, login: str) -> bool:
        """Whether an escalation can assign to this agent."""

    def has_team(self, name: str) -> bool:
        """Whether an escalation can assign to this team."""

    def place_of(self, org: int | None) -> Place:
        """Where an organisation is, for the contacts of its region; asked only where one is to be told."""
