"""What `plan diff` says: by meaning, sorted, one line a change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.policy_diff import Change, diff_policies

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "default_plan": "basic",
    "default_priority": "low",
    "calendars": {
        "office": {
            "timezone": "Asia/Riyadh",
            "hours": {"sun-thu": ["09:00-12:00", "13:00-17:00"]},
            "holidays": ["12-25"],
            "exceptions": {"2026-12-24": ["09:00-12:00"], "2026-12-31": []},
        }
    },
    "statuses": {"open": {"label": {"en": "Open"}, "aliases": ["new", "fresh"]}},
    "priorities": [{"name": "high", "meaning": "a fault"}, {"name": "low"}],
    "categories": [{"name": "sales"}, {"name": "technical"}],
    "types": [{"name": "question"}],
    "plans": {
        "basic": {
            "calendar": "office",
            "targets": {"high": {"first_response": "60m"}, "low": "none"},
            "auto_close": {
                "after": "48h",
                "statuses": ["waiting_customer"],
                "remind_after": "24h",
                "calendar": "office",
            },
            "escalation": [
                {
                    "level": 1,
                    "clock": "update",
                    "at": "-15m",
                    "notify": ["team"],
                    "set": {"priority": "+1", "team": "x"},
                },
                {"level": 2, "clock": "update", "at": "80%", "set": {"tags": ["a", "b"]}},
            ],
            "label": {"en": "Basic"},
            "reopen": {"window": "14d"},
        },
        "gold": {"calendar": "office", "targets": {"high": "none", "low": "none"}},
    },
}


def policy(document: dict[str, Any]) -> Policy:
    return Policy(1, datetime(2026, 3, 1, tzinfo=UTC), document, "")


def told(edit: Callable[[dict[str, Any]], object]) -> list[str]:
    """The lines for an edited copy."""
    other = copy.deepcopy(DOCUMENT)
    edit(other)
    return [change.text for change in diff_policies(policy(DOCUMENT), policy(other))]


def basic(document: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = document["plans"]["basic"]
    return spec


def test_the_same_document_has_no_changes() -> None:
    assert told(lambda d: None) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: basic(d)["targets"]["high"].update(first_response="1h"),
        lambda d: basic(d)["targets"]["high"].update(first_response={"limit": "PT1H", "warn": "80%"}),
        lambda d: basic(d)["targets"]["high"].update(resolution="0"),
        lambda d: basic(d)["targets"].update(low={"update": "none"}),
        lambda d: basic(d).update(retroactive=True, customer_close="always"),
        lambda d: basic(d).update(
            pause={"waiting_customer": ["update", "resolution"], "on_hold": ["resolution"]}
        ),
        lambda d: basic(d)["auto_close"].update(after="2d"),
        lambda d: d["calendars"]["office"].update(
            hours={day: ["13:00-17:00", "9:00-12:00"] for day in ("sun", "mon", "tue-thu")}
        ),
        lambda d: d["statuses"]["open"]["aliases"].reverse(),
        lambda d: d["plans"].update(gold=d["plans"].pop("gold")),
    ],
)
def test_other_words_for_the_same_are_no_change(edit: Callable[[dict[str, Any]], object]) -> None:
    assert told(edit) == []


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            lambda d: basic(d)["targets"]["high"].update(first_response="10m..30m"),
            ["plans.basic.targets.high.first_response: 1h -> 10m..30m"],
        ),
        (
            lambda d: basic(d)["targets"].update(high="none", low={"update": {"limit": "4h", "warn": "1h"}}),
            [
                "plans.basic.targets.high.first_response: 1h -> none",
                "plans.basic.targets.low.update: none -> 4h, warning after 3h",
            ],
        ),
        (
            lambda d: basic(d)["auto_close"].update(after="0"),
            [
                "plans.basic.auto_close.after: 48h -> none",
                "plans.basic.auto_close.calendar: office -> none",
                "plans.basic.auto_close.remind_after: 24h -> none",
                "plans.basic.auto_close.statuses: waiting_customer -> none",
            ],
        ),
        (
            lambda d: basic(d).update(auto_close={"after": "48h", "statuses": ["waiting_customer"]}),
            [
                "plans.basic.auto_close.calendar: office -> none",
                "plans.basic.auto_close.remind_after: 24h -> none",
            ],
        ),
        (
            lambda d: basic(d).update(
                escalation=[{"level": 1, "clock": "update", "at": "+4h", "notify": ["team", "ann"]}]
            ),
            [
                "plans.basic.escalation.update.1: at -15m; notify team; set priority +1; set team x"
                " -> at +4h; notify team, ann",
                "plans.basic.escalation.update.2: at 80%; set tags a b -> none",
            ],
        ),
        (
            lambda d: basic(d).update(
                pause={"waiting_customer": []}, retroactive=False, retired=True, reopen={}
            ),
            [
                "plans.basic.pause.on_hold: resolution -> none",
                "plans.basic.pause.waiting_customer: update, resolution -> nothing",
                "plans.basic.reopen.window: 2w -> none",
                "plans.basic.retired: false -> true",
                "plans.basic.retroactive: true -> false",
            ],
        ),
        (
            lambda d: d["calendars"]["office"].update(
                timezone="UTC",
                hours={"sun-wed": ["09:00-12:00", "13:00-17:00"]},
                holidays=["2026-03-20"],
                exceptions={},
            ),
            [
                "calendars.office.exceptions.2026-12-24: 09:00-12:00 -> none",
                "calendars.office.exceptions.2026-12-31: closed -> none",
                "calendars.office.holidays.12-25: closed -> none",
                "calendars.office.holidays.2026-03-20: none -> closed",
                "calendars.office.hours.thu: 09:00-12:00, 13:00-17:00 -> closed",
                "calendars.office.timezone: Asia/Riyadh -> UTC",
            ],
        ),
        (
            lambda d: d["calendars"]["office"].update(
                country_holidays="SA", country_dates={"2026-09-23": "National Day"}
            ),
            ["calendars.office.country_holidays: none -> SA (1 date, 2026)"],
        ),
        (
            lambda d: d["plans"].update(silver=d["plans"].pop("gold")),
            ["plans.gold: removed", "plans.silver: added"],
        ),
        (
            lambda d: d["calendars"].update(always={"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}}),
            ["calendars.always: added"],
        ),
        (
            lambda d: d["statuses"].update(open={"label": {"en": "New"}}, closed={"aliases": ["done"]}),
            [
                "statuses.closed.aliases: none -> done",
                "statuses.open.aliases: fresh, new -> none",
                "statuses.open.label.en: Open -> New",
            ],
        ),
        (lambda d: d["priorities"].reverse(), ["priorities: high, low -> low, high"]),
        (lambda d: d["priorities"].insert(1, {"name": "middle"}), ["priorities.middle: added"]),
        (
            lambda d: d.update(
                categories=[{"name": "technical", "retired": True}],
                types=[{"name": "question", "sla": "none"}],
            ),
            [
                "categories.sales: removed",
                "categories.technical.retired: false -> true",
                "types.question.sla: by plan -> none",
            ],
        ),
        (
            lambda d: (
                d.update(default_plan="gold", default_priority="high"),
                d["priorities"][0].pop("meaning"),
            ),
            [
                "default_plan: basic -> gold",
                "default_priority: low -> high",
                "priorities.high.meaning: a fault -> none",
            ],
        ),
        (
            lambda d: basic(d).update(
                label={"en": "Basic", "fr": "Base"},
                calendar="always",
                targets={"high": {"first_response": {"limit": "1h", "calendar": "office"}}, "low": "none"},
            ),
            [
                "plans.basic.calendar: office -> always",
                "plans.basic.label.fr: none -> Base",
                "plans.basic.targets.high.first_response: 1h -> 1h in office",
            ],
        ),
    ],
)
def test_each_change_is_one_line(edit: Callable[[dict[str, Any]], object], lines: list[str]) -> None:
    assert told(edit) == lines


def with_country(code: str, dates: dict[str, str]) -> Policy:
    other = copy.deepcopy(DOCUMENT)
    other["calendars"]["office"].update(country_holidays=code, country_dates=dates)
    return policy(other)


@pytest.mark.parametrize(
    ("code", "dates", "lines"),
    [
        ("FR", {"2025-07-14": "National Day", "2026-07-14": "National Day"}, []),
        (
            "FR", {"2026-07-14": "National Day", "2027-07-14": "National Day"},
            [".country_holidays: FR (2 dates, 2025-2026) -> FR (2 dates, 2026-2027)"],
        ),
        (
            "DE", {"2025-10-03": "Unity Day", "2026-10-03": "Unity Day"},
            [".country_holidays: FR (2 dates, 2025-2026) -> DE (2 dates, 2025-2026)"],
        ),
        (
            "FR", {"2025-07-14": "National Day", "2026-07-15": "National Day"},
            [".country_holidays.2026-07-14: National Day -> none",
             ".country_holidays.2026-07-15: none -> National Day"],
        ),
        ("FR", {}, [".country_holidays: FR (2 dates, 2025-2026) -> FR"]),
    ],
)  # fmt: skip
def test_the_holidays_of_a_country_are_one_line_and_a_date_that_moves_is_told(
    code: str, dates: dict[str, str], lines: list[str]
) -> None:
    before = with_country("FR", {"2025-07-14": "National Day", "2026-07-14": "National Day"})
    found = [change.text for change in diff_policies(before, with_country(code, dates))]
    assert found == [f"calendars.office{line}" for line in lines]


def test_a_change_says_before_and_after() -> None:
    other = copy.deepcopy(DOCUMENT)
    del other["plans"]["gold"]
    other["default_priority"] = "high"
    assert diff_policies(policy(DOCUMENT), policy(other)) == [
        Change("changed", "default_priority", "low", "high"),
        Change("removed", "plans.gold", None, None),
    ]
