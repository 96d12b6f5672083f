"""What a policy document may say: its sections, and what must agree between them (policy.md).

`check_document` takes what a file holds (texts, lists, mappings) and gives the document that is stored, with
real booleans and whole numbers in place of their texts, addresses, domains, countries, languages and skills
in the form in which they are compared, and all else unchanged; or every problem at once. Each family of
sections has a module of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain import company_check as company
from helpdesk_cli.domain.calendar_check import check_calendars
from helpdesk_cli.domain.checking import Checker, EnoughError
from helpdesk_cli.domain.declared import declared
from helpdesk_cli.domain.entry_check import check_entries
from helpdesk_cli.domain.plan_check import check_plans
from helpdesk_cli.domain.routing_check import check_intake, check_routing
from helpdesk_cli.domain.status_check import check_statuses, check_transitions
from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.domain.watch_check import check_alerts, check_hooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_cli.domain.checking import Lookups, Problem

FORMAT = "1"
REQUIRED = ("version", "default_plan", "calendars", "priorities", "plans")
# What a file has that was meant as a policy; other programs have files with hooks and regions, too.
_MARKS = (*REQUIRED, "default_priority", "statuses", "categories", "types")
KEYS = (
    "version", "default_plan", "default_priority", "default_region", "calendars", "statuses", "transitions",
    "priorities", "categories", "types", "plans", "unknown_sender", "freemail", "queue", "tiers", "regions",
    "large_accounts", "routing", "intake", "alerts", "hooks",
)  # fmt: skip


def is_policy(raw: object) -> bool:
    """Whether what a file holds was meant as a policy: a mapping with any of its older sections."""
    return isinstance(raw, dict) and not raw.keys().isdisjoint(_MARKS)


def check_document(raw: object, lookups: Lookups, year: int) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document to store, or None and every problem, in the order of the sections.

    The dates that `lookups` finds for a `country_holidays` are kept in `country_dates`, those of a
    `holidays_file` in `file_dates`. `year`: the current one, from which on a calendar must open.
    """
    checker = Checker()
    try:
        document = _document(checker, raw, lookups, year)
    except EnoughError:
        document = {}
    return (None if checker.problems else document), checker.problems


def _document(checker: Checker, raw: object, lookups: Lookups, year: int) -> dict[str, Any]:
    top = checker.mapping(raw, (), KEYS, REQUIRED)
    names = declared(top)
    convert: dict[str, Callable[[object], Any]] = {
        "version": lambda value: _version(checker, value),
        "default_plan": lambda value: names.offered(checker, value, ("default_plan",), "plan"),
        "default_priority": lambda value: names.offered(checker, value, ("default_priority",), "priority"),
        "default_region": lambda value: company.check_default_region(checker, value, names),
        "calendars": lambda value: check_calendars(checker, value, lookups, year),
        "statuses": lambda value: check_statuses(checker, value),
        "transitions": lambda value: check_transitions(checker, value, names),
        "plans": lambda value: check_plans(checker, value, names, top.get("default_plan")),
        "unknown_sender": lambda value: company.check_unknown_sender(checker, value),
        "freemail": lambda value: company.check_freemail(checker, value),
        "queue": lambda value: company.check_queue(checker, value),
        "tiers": lambda value: company.check_tiers(checker, value),
        "regions": lambda value: company.check_regions(checker, value),
        "large_accounts": lambda value: company.check_large_accounts(checker, value, names),
        "routing": lambda value: check_routing(checker, value, names, lookups),
        "intake": lambda value: check_intake(checker, value, names),
        "alerts": lambda value: check_alerts(checker, value, names),
        "hooks": lambda value: check_hooks(checker, value, lookups),
    }
    return {
        key: convert[key](value) if key in convert else check_entries(checker, value, key, names)
        for key, value in top.items()
    }


def _version(checker: Checker, value: object) -> int:
    text = checker.text(value, ("version",), FORMAT)
    if text is not None and text != FORMAT:
        checker.add(("version",), f"found {shown(text)}, but this program reads format {FORMAT}")
    return int(FORMAT)
