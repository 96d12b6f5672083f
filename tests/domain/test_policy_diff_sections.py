"""What `plan diff` says of the sections beside calendars and plans, and of plans that inherit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.policy_diff import diff_policies

Document = dict[str, Any]
Edit = Callable[[Document], object]

DOCUMENT: Document = {
    "version": 1,
    "default_plan": "basic",
    "calendars": {"office": {"timezone": "UTC", "hours": {"all": ["09:00-17:00"]}}},
    "statuses": {
        "open": {
            "stages": [
                {"label": {"en": "Open", "fr": "Ouvert"}, "when": "new", "for": "300s"},
                {"label": {"en": "On Hold"}},
            ]
        }
    },
    "transitions": {"open": ["closed", "resolved"], "resolved": []},
    "freemail": {"action": "warn"},
    "priorities": [{"name": "low"}],
    "types": [{"name": "how_to", "priority": "low"}, {"name": "build", "scope": "out", "text": "No."}],
    "tiers": {"basic": {"channels": ["portal", "email"], "chat": False}},
    "regions": {
        "europe": {
            "countries": ["FR", "GB"],
            "levels": {"1": [{"name": "Desk", "email": "l1@x.example"}], "2": []},
        },
        "us": {},
    },
    "large_accounts": {"europe": 60},
    "routing": [
        {"name": "vip", "when": {"vip": True, "tag": ["a", "b"]}, "team": "care"},
        {"name": "rest", "team": "desk", "assign": "round_robin"},
    ],
    "intake": [
        {
            "when": {"type": "how_to"},
            "fields": [
                {"name": "product", "required": True, "choices": ["CRM", "Desk"], "label": {"en": "Product"}},
                {
                    "name": "why",
                    "required_if": {"product": "CRM"},
                    "words": "1-20",
                    "description": "in short",
                },
            ],
        },
        {"fields": [{"name": "phone"}]},
        {"when": {"type": "how_to"}, "fields": [{"name": "mail"}]},
    ],
    "alerts": [{"name": "many", "by": "org", "more_than": 20, "within": "7d", "notify": ["ann", "bob"]}],
    "hooks": [{"on": ["created", "merged"], "run": ["/bin/page", "now"]}],
    "plans": {
        "basic": {
            "calendar": "office",
            "targets": {"low": {"update": "4h"}},
            "auto_close": {"after": "48h", "statuses": ["resolved"]},
        },
        "acme": {"extends": "basic", "valid_from": "2026-01-01"},
    },
}


def policy(document: Document) -> Policy:
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), document, "")


def told(edit: Edit, document: Document = DOCUMENT) -> list[str]:
    """The lines for an edited copy."""
    other = copy.deepcopy(document)
    edit(other)
    return [change.text for change in diff_policies(policy(document), policy(other))]


def without(*keys: str) -> Edit:
    return lambda document: [document.pop(key) for key in keys]


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.update(unknown_sender="accept", queue={"order": "deadline"}),
        lambda d: d["transitions"].update(open=["resolved", "closed"]),
        lambda d: d["statuses"]["open"]["stages"][0].update({"for": "5m"}),
        lambda d: d["statuses"].update(resolved={"enabled": True}),
        lambda d: d["types"][0].update(scope="in"),
        lambda d: d["tiers"]["basic"]["channels"].reverse(),
        lambda d: d["regions"]["europe"].update(countries=["GB", "FR"]),
        lambda d: d["regions"].update(us={"countries": [], "levels": {"3": []}}),
        lambda d: d["routing"][0]["when"].update(tag=["b", "a"]),
        lambda d: d["intake"][0]["when"].update(type=["how_to"]),
        lambda d: d["intake"][0]["fields"][1].update(required=False, words="01-20"),
        lambda d: d["alerts"][0].update(within="1w"),
        lambda d: d["hooks"][0].update(on=["merged", "created"], timeout="10s", retries=3),
        lambda d: d["plans"]["acme"].update(targets={"low": {"update": "240m"}}),
        lambda d: d["plans"]["acme"].update(auto_close={"after": "2d"}),
    ],
)
def test_other_words_for_the_same_are_no_change(edit: Edit) -> None:
    assert told(edit) == []


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            lambda d: d.update(unknown_sender="reject", queue={"order": "fifo"}, default_region="us"),
            [
                "default_region: none -> us",
                "queue.order: deadline -> fifo",
                "unknown_sender: accept -> reject",
            ],
        ),
        (
            lambda d: d.update(freemail={"action": "reject", "domains": ["y.example", "x.example"]}),
            [
                "freemail.action: warn -> reject",
                "freemail.domains: the well-known ones -> x.example, y.example",
            ],
        ),
        (
            without("freemail"),
            ["freemail.action: warn -> none", "freemail.domains: the well-known ones -> none"],
        ),
        (
            lambda d: d.update(transitions={"resolved": ["open"]}),
            ["transitions.open: closed, resolved -> none", "transitions.resolved: nothing -> open"],
        ),
        (
            lambda d: d["statuses"].update(
                open={"stages": [{"label": {"en": "New"}}]}, resolved={"enabled": False}
            ),
            [
                "statuses.open.stages.1: en Open; fr Ouvert; when new; for 5m -> en New",
                "statuses.open.stages.2: en On Hold -> none",
                "statuses.resolved.enabled: true -> false",
            ],
        ),
        (
            lambda d: d["types"].__setitem__(
                slice(None),
                [{"name": "how_to", "calendar": "office"}, {"name": "build", "scope": "in"}],
            ),
            [
                "types.build.scope: out -> in",
                "types.build.text: No. -> none",
                "types.how_to.calendar: none -> office",
                "types.how_to.priority: low -> none",
            ],
        ),
        (
            lambda d: d.update(
                tiers={"basic": {"channels": ["email"], "hours": "24x5"}, "gold": {"chat": True}}
            ),
            [
                "tiers.basic.channels: email, portal -> email",
                "tiers.basic.chat: false -> none",
                "tiers.basic.hours: none -> 24x5",
                "tiers.gold: added",
            ],
        ),
        (
            lambda d: d.update(
                regions={
                    "europe": {
                        "countries": ["FR"],
                        "levels": {
                            "1": [
                                {"name": "Desk", "email": "l1@y.example"},
                                {
                                    "name": "Ada",
                                    "email": "a@x.example",
                                    "countries": ["FR"],
                                    "areas": ["east"],
                                },
                            ]
                        },
                    }
                },
                large_accounts={"europe": 61, "us": 70},
            ),
            [
                "large_accounts.europe: 60 -> 61",
                "large_accounts.us: none -> 70",
                "regions.europe.countries: FR, GB -> FR",
                "regions.europe.levels.1: Desk <l1@x.example>"
                " -> Desk <l1@y.example>; Ada <a@x.example> for FR, east",
                "regions.us: removed",
            ],
        ),
        (lambda d: d["routing"].reverse(), ["routing: vip, rest -> rest, vip"]),
        (lambda d: d["routing"].insert(1, {"name": "new", "team": "x"}), ["routing.new: added"]),
        (
            lambda d: d.update(
                routing=[
                    {
                        "name": "vip",
                        "when": {"vip": False, "plan": "basic"},
                        "assign": "least_loaded",
                        "skill": "s",
                    },
                    {"name": "rest", "team": "night", "assign": "round_robin"},
                ]
            ),
            [
                "routing.rest.team: desk -> night",
                "routing.vip.assign: none -> least_loaded",
                "routing.vip.skill: none -> s",
                "routing.vip.team: care -> none",
                "routing.vip.when.plan: none -> basic",
                "routing.vip.when.tag: a, b -> none",
                "routing.vip.when.vip: true -> false",
            ],
        ),
        (
            lambda d: d["intake"][0].update(
                fields=[
                    {"name": "why", "label": {"fr": "Pourquoi"}, "required_if": {"product": ["Desk", "CRM"]}},
                    {"name": "product", "choices": ["Desk", "CRM"], "label": {"en": "Which"}},
                    {"name": "since"},
                ]
            ),
            [
                "intake.type=how_to.fields: product, why -> why, product",
                "intake.type=how_to.product.choices: CRM, Desk -> Desk, CRM",
                "intake.type=how_to.product.label.en: Product -> Which",
                "intake.type=how_to.product.required: true -> false",
                "intake.type=how_to.since: added",
                "intake.type=how_to.why.description: in short -> none",
                "intake.type=how_to.why.label.fr: none -> Pourquoi",
                "intake.type=how_to.why.required_if.product: CRM -> CRM, Desk",
                "intake.type=how_to.why.words: 1-20 -> none",
            ],
        ),
        (
            lambda d: d["intake"].insert(0, d["intake"].pop(1)),
            ["intake: type=how_to, any ticket, type=how_to (2) -> any ticket, type=how_to, type=how_to (2)"],
        ),
        (
            without("intake"),
            [
                "intake.any ticket.phone: removed",
                "intake.type=how_to (2).mail: removed",
                "intake.type=how_to.product: removed",
                "intake.type=how_to.why: removed",
            ],
        ),
        (
            lambda d: d["alerts"][0].update(
                when={"type": "how_to"}, by="contact", more_than=0, within="1h", notify=["bob"], text="Train"
            ),
            [
                "alerts.many.by: org -> contact",
                "alerts.many.more_than: 20 -> 0",
                "alerts.many.notify: ann, bob -> bob",
                "alerts.many.text: none -> Train",
                "alerts.many.when.type: none -> how_to",
                "alerts.many.within: 1w -> 1h",
            ],
        ),
        (without("alerts", "hooks"), ["alerts.many: removed", "hooks./bin/page now: removed"]),
        (
            lambda d: d.update(
                hooks=[
                    {"on": ["created"], "run": ["/bin/page", "now"], "timeout": "1m", "retries": 0},
                    {"on": ["note"], "run": ["/bin/page", "now"]},
                ]
            ),
            [
                "hooks./bin/page now (2): added",
                "hooks./bin/page now.on: created, merged -> created",
                "hooks./bin/page now.retries: 3 -> 0",
                "hooks./bin/page now.timeout: 10s -> 1m",
            ],
        ),
        (
            lambda d: d["plans"]["basic"].update(targets={"low": {"update": "2h"}}),
            ["plans.acme.targets.low.update: 4h -> 2h", "plans.basic.targets.low.update: 4h -> 2h"],
        ),
        (
            lambda d: d["plans"].update(
                acme={"calendar": "office", "targets": {"low": "none"}, "valid_to": "2026-12-31"}
            ),
            [
                "plans.acme.auto_close.after: 48h -> none",
                "plans.acme.auto_close.statuses: resolved -> none",
                "plans.acme.extends: basic -> none",
                "plans.acme.targets.low.update: 4h -> none",
                "plans.acme.valid_from: 2026-01-01 -> none",
                "plans.acme.valid_to: none -> 2026-12-31",
            ],
        ),
    ],
)
def test_each_change_is_one_line(edit: Edit, lines: list[str]) -> None:
    assert told(edit) == lines


def test_a_new_section_is_added_and_not_reordered() -> None:
    old = {key: DOCUMENT[key] for key in ("version", "default_plan", "calendars", "priorities", "plans")}
    lines = told(lambda d: d.update(routing=DOCUMENT["routing"], intake=DOCUMENT["intake"]), old)
    assert lines == [
        "intake.any ticket.phone: added",
        "intake.type=how_to (2).mail: added",
        "intake.type=how_to.product: added",
        "intake.type=how_to.why: added",
        "routing.rest: added",
        "routing.vip: added",
    ]


def test_the_days_of_a_file_are_one_line_and_a_date_that_moves_is_told() -> None:
    old = copy.deepcopy(DOCUMENT)
    office = old["calendars"]["office"]
    office.update(holidays_file="a.ics", file_dates={"2025-05-01": "May", "2026-05-01": "May"})
    moved = {"2025-05-01": "May", "2026-05-02": "May"}
    assert told(lambda d: d["calendars"]["office"].update(file_dates=moved), old) == [
        "calendars.office.holidays_file.2026-05-01: May -> none",
        "calendars.office.holidays_file.2026-05-02: none -> May",
    ]
    assert told(lambda d: d["calendars"]["office"].update(holidays_file="b.ics"), old) == [
        "calendars.office.holidays_file: a.ics (2 dates, 2025-2026) -> b.ics (2 dates, 2025-2026)"
    ]
