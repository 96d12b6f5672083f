"""What the rules of one ticket may ask: every version of the policy, and who there is to assign to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from helpdesk_cli.domain.plans import Policy


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

    def has_agent(self, login: str) -> bool:
        """Whether an escalation can assign to this agent."""

    def has_team(self, name: str) -> bool:
        """Whether an escalation can assign to this team."""
