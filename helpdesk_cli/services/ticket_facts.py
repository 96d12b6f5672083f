"""What the rules of a policy may ask of tickets, of the rows of their customers; one of a kind asked once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import regions
from helpdesk_cli.domain.conditions import Facts
from helpdesk_cli.domain.people import under_contract
from helpdesk_cli.domain.validity import day_of
from helpdesk_cli.storage import orgs, people

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.services.app import App


class FactsOf:
    """The facts of tickets under one policy, in one use case, as of `at`; the language, which is each
    requester's, only where a rule asks for it."""

    def __init__(self, app: App, policy: Policy, at: datetime, *, by_language: bool = True) -> None:
        self._db = app.db
        self._policy = policy
        self._at = at
        self._orgs: dict[tuple[int | None, str], Callable[..., Facts]] = {}
        self._by_language = by_language
        self._languages: dict[int, str | None] = {}

    def of(self, values: Mapping[str, Any]) -> Facts:
        """The facts of a ticket by its values: those of its `created` event, or of a `Ticket`."""
        key = values["org"], values["plan"]
        of_org = self._orgs.get(key)
        if of_org is None:
            of_org = self._orgs[key] = self._of_org(*key)
        return of_org(
            category=values["category"],
            type=values["type"],
            priority=values["priority"],
            language=self._language(values["requester"]),
            channel=values["channel"],
            tag=tuple(values["tags"]),
        )

    def _of_org(self, org_id: int | None, plan: str) -> Callable[..., Facts]:
        document = self._policy.document
        org = None if org_id is None else orgs.by_id(self._db, org_id)
        region = regions.region_of(org, document)
        if org is None:
            return partial(Facts, plan=plan, region=region)
        until = org["contract_until"]
        return partial(
            Facts,
            plan=plan,
            org=org["name"],
            tier=org["tier"],
            contract=until is not None and under_contract(until, day_of(self._policy, plan, self._at)),
            vip=bool(org["vip"]),
            large_account=regions.large_account(org, document),
            region=region,
            country=org["country"],
        )

    def _language(self, requester: int) -> str | None:
        if not self._by_language:
            return None
        if requester not in self._languages:
            contact = people.contact(self._db, requester)
            self._languages[requester] = None if contact is None else contact["language"]
        return self._languages[requester]
