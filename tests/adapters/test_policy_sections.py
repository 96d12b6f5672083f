"""The sections of a policy beside calendars and plans: what they may say, every mistake with its line, what
is warned of, and an export that reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.policy_file import check_policy, dump_policy, examine

YEAR = 2026
BAD = (Path(__file__).parent / "bad_sections.yaml").read_text(encoding="utf-8")

GOOD = """\
version: 1
default_plan: basic
default_region: europe
calendars:
  office: {timezone: Europe/Paris, hours: {mon-fri: ["09:00-17:00"]}}
  always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}
statuses:
  resolved: {enabled: no}
  open:
    aliases: ["on hold"]
    stages:
      - {label: {en: Open}, when: new, for: 5m}
      - {label: {en: Customer-Reply, fr: Réponse du client}, when: replied, for: 60s}
      - {label: {en: On Hold}}
transitions: {open: [in_progress, waiting_customer, on_hold], on_hold: [open, waiting_customer, closed]}
unknown_sender: warn
freemail: {action: reject, domains: [GMail.com, yahoo.com]}
queue: {order: last_message}
priorities: [{name: high}, {name: low}]
categories: [{name: network}, {name: sales}]
types:
  - {name: how_to, description: a question, priority: low, scope: in}
  - {name: outage, calendar: always}
  - {name: build, scope: out, text: We build nothing.}
tiers:
  authorised: {channels: [portal, email]}
  premium: {channels: [portal, phone], success_manager: Yes, chat: off, hours: 24x5}
regions:
  europe:
    countries: [gb, FR, NO, MC]
    levels:
      1: [{name: Escalation desk, email: L1@Example.COM}]
      2: []
      4: [{countries: [fr, MC], name: Ada, email: a@x.example}, {areas: [east], name: Bo, email: b@x.example}]
  us: {levels: {9: [{name: Cy, email: c@x.example}]}}
large_accounts: {europe: 60, us: 070}
routing:
  - {name: contract, when: {contract: true, vip: no, large_account: on}, team: Contracts}
  - {name: network, when: {category: [network, none], tag: vip, org: A}, assign: least_loaded, skill: Net X}
  - {name: abroad, when: {country: [de, none], language: [FR-ca, none], region: us, tier: premium}, team: A}
  - {name: rest, team: Rest, assign: round_robin}
intake:
  - when: {type: [how_to, outage], plan: basic, priority: high, channel: portal}
    fields:
      - {name: product, label: {en: Product}, required: true, choices: [CRM, Desk]}
      - {name: reproducible, required: no, choices: [yes, no]}
      - {name: user_id, required_if: {reproducible: yes, product: [CRM, Desk]}, description: as it is shown}
      - {name: description, words: 150-200}
  - {fields: [{name: phone}]}
alerts:
  - {name: many, when: {type: how_to}, by: org, more_than: 20, within: 7d, notify: [account_manager, region]}
  - {name: any, by: contact, more_than: 0, within: 1s, notify: [ann], text: "Train: them"}
hooks:
  - {on: [clock_breached, escalated], run: [/bin/sh, -c, "", "echo 1"], timeout: 5m, retries: 10}
  - {on: [created], run: [/bin/sh], timeout: 1s, retries: 0}
plans:
  basic:
    calendar: office
    targets: {high: {first_response: 1h, resolution: 8h}, low: none}
    auto_close: {after: 48h, statuses: [waiting_customer], remind_after: 24h}
    escalation: [{level: 1, clock: resolution, at: 0m, notify: [region]}]
  acme:
    extends: basic
    targets: {high: {resolution: 4h}}
    auto_close: {remind_after: 47h}
    valid_from: 2026-01-01
    valid_to: 2026-01-01
  heir: {extends: acme}
"""


def good() -> dict[str, Any]:
    document, problems = check_policy(GOOD.encode(), YEAR)
    assert problems == []
    assert document is not None
    return document


def problems_of(text: str, **more: Any) -> list[tuple[int, str]]:
    document, problems, _ = examine(text.encode(), YEAR, **more)
    assert (document is None) == bool(problems)
    return [(problem.line, problem.message) for problem in problems]


def test_every_mistake_is_named_at_once_with_its_line() -> None:
    found = problems_of(BAD)
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    for number, line in enumerate(BAD.splitlines(), 1):
        _, marked, expected = line.partition("#!")
        messages = [message for at, message in found if at == number]
        wanted = [part.strip() for part in expected.split(" | ")] if marked else []
        assert len(messages) == len(wanted), f"line {number}: {messages}"
        for part in wanted:
            assert any(part in message for message in messages), f"line {number}: {part!r} not in {messages}"


def test_texts_stay_texts_and_flags_and_numbers_become_what_they_are() -> None:
    document = good()
    assert document["statuses"]["resolved"] == {"enabled": False}
    assert document["statuses"]["open"]["stages"][1] == {
        "label": {"en": "Customer-Reply", "fr": "Réponse du client"},
        "when": "replied",
        "for": "60s",
    }
    assert document["freemail"] == {"action": "reject", "domains": ["gmail.com", "yahoo.com"]}
    assert document["tiers"]["premium"] == {
        "channels": ["portal", "phone"],
        "success_manager": True,
        "chat": False,
        "hours": "24x5",
    }
    europe = document["regions"]["europe"]
    assert europe["countries"] == ["GB", "FR", "NO", "MC"]
    assert europe["levels"]["1"] == [{"name": "Escalation desk", "email": "L1@example.com"}]
    assert (europe["levels"]["2"], europe["levels"]["4"][0]["countries"]) == ([], ["FR", "MC"])
    assert document["large_accounts"] == {"europe": 60, "us": 70}
    assert document["routing"][0]["when"] == {"contract": True, "vip": False, "large_account": True}
    assert document["routing"][1]["skill"] == "net x"
    assert document["routing"][2]["when"]["country"] == ["DE", "none"]
    assert document["routing"][2]["when"]["language"] == ["fr", "none"]
    assert [field.get("required") for field in document["intake"][0]["fields"]] == [True, False, None, None]
    assert (document["alerts"][0]["more_than"], document["alerts"][0]["within"]) == (20, "7d")
    assert document["hooks"][0] == {
        "on": ["clock_breached", "escalated"],
        "run": ["/bin/sh", "-c", "", "echo 1"],
        "timeout": "5m",
        "retries": 10,
    }
    assert document["plans"]["acme"] == {
        "extends": "basic",
        "targets": {"high": {"resolution": "4h"}},
        "auto_close": {"remind_after": "47h"},
        "valid_from": "2026-01-01",
        "valid_to": "2026-01-01",
    }


def test_the_export_reads_back_and_long_items_are_written_below() -> None:
    document = good()
    text = dump_policy(document)
    assert check_policy(text.encode(), YEAR) == (document, [])
    assert (
        "  - when: {type: [how_to, outage], plan: basic, priority: high, channel: portal}\n    fields:\n"
        in text
    )
    assert "      - {name: product, label: {en: Product}, required: true, choices: [CRM, Desk]}\n" in text
    assert 'countries: [GB, FR, "NO", MC]' in text
    assert max(map(len, text.splitlines())) <= 120


def line_of(text: str, anchor: str) -> int:
    return text.count("\n", 0, text.index(anchor)) + 1


def edited(*pairs: str) -> str:
    text = GOOD
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("pairs", "messages"),
    [
        (
            ("statuses: [waiting_customer], remind", "statuses: [waiting_customer, resolved], remind"),
            ["plans.basic.auto_close.statuses: resolved is switched off: no ticket is ever in it"],
        ),
        (
            ("resolved: {enabled: no}", "on_hold: {enabled: off}",
             "escalation: [", "pause: {on_hold: []}\n    escalation: ["),
            [
                "transitions.open: on_hold is switched off: no ticket is ever in it",
                "transitions.on_hold: on_hold is switched off: no ticket is ever in it",
                "plans.basic.pause.on_hold: on_hold is switched off: no ticket is ever in it",
            ],
        ),
        (
            ("resolved: {enabled: no}", "waiting_customer: {enabled: no}\n  closed: {enabled: no}"),
            [
                f"statuses.{status}.enabled: {status} cannot be switched off: every ticket needs it"
                for status in ("waiting_customer", "closed")
            ],
        ),
        (('"on hold"', "on_hold"),
         ["statuses.open.aliases: the alias 'on_hold' is the name of another status"]),
        (("remind_after: 47h", "remind_after: 48h"),
         ["plans.acme.auto_close.remind_after: remind_after 48h is not before after 48h"]),
        (("auto_close: {remind_after: 47h}", "auto_close: {after: 24h}"),
         ["plans.acme.auto_close.remind_after: remind_after 24h is not before after 24h"]),
        (("auto_close: {remind_after: 47h}", "auto_close: {statuses: []}"),
         ["plans.acme.auto_close.statuses: no status is named"]),
        (("valid_to: 2026-01-01", "valid_to: 2025-12-31"),
         ["plans.acme.valid_to: 2025-12-31 is before 2026-01-01, from which it counts"]),
        (("valid_to: 2026-01-01", "valid_to: []"),
         ["plans.acme.valid_to: found a list, expected a date such as 2026-12-31"]),
        (("heir: {extends: acme}", "heir: {extends: []}"),
         ["plans.heir.extends: found a list, expected a plan"]),
        (("within: 1s", "within: 0s"), ["alerts.within: no ticket comes in a window of no length"]),
        (("timeout: 5m", "timeout: 301s"), ["hooks.timeout: 301s is not between 1s and 5m"]),
        (("timeout: 1s", "timeout: 0"), ["hooks.timeout: 0 is not between 1s and 5m"]),
        (("retries: 10", "retries: []"), ["hooks.retries: found a list, expected a whole number"]),
        (("us: 070", "us: ٧"), ["large_accounts.us: found '٧', expected a whole number from 1"]),
        (("us: 070", "us: 1000000000"),
         ["large_accounts.us: found '1000000000', expected a whole number from 1"]),
        (("freemail: {action: reject, domains: [GMail.com, yahoo.com]}", "freemail: {domains: []}"),
         ["freemail: action is missing", "freemail.domains: no domain is named"]),
        (("domains: [GMail.com, yahoo.com]", ""), []),
        (("channels: [portal, email]", "channels: [portal, []]"),
         ["tiers.authorised.channels: found a list, expected a channel"]),
        (("queue: {order: last_message}", "queue: {}"), ["queue: order is missing"]),
        (("{label: {en: On Hold}}", "{when: new}"), ["statuses.open.stages: label is missing"]),
        (("{label: {en: On Hold}}", "x"), ["statuses.open.stages: found 'x', expected a mapping"]),
        (("on_hold: [open, waiting_customer, closed]", "on_hold: [open, waiting_customer, shut]"),
         ["transitions.on_hold: there is no status 'shut'"]),
        (("{on: [created], run: [/bin/sh], timeout: 1s, retries: 0}", "{}"),
         ["hooks: on is missing", "hooks: run is missing"]),
        (("default_region: europe", "default_region: asia"), ["default_region: there is no region 'asia'"]),
        (("words: 150-200", "words: 150"), ["intake.fields.words: '150' is not a range of words"]),
        (("words: 150-200", "words: 0-0"),
         ["intake.fields.words: the range of words '0-0' is empty or too long"]),
        (("words: 150-200", "words: 1-100001"),
         ["intake.fields.words: the range of words '1-100001' is empty or too long"]),
    ],
)  # fmt: skip
def test_what_the_sections_may_not_say(pairs: tuple[str, ...], messages: list[str]) -> None:
    assert [message for _, message in problems_of(edited(*pairs))] == messages


def test_without_regions_nobody_is_told_by_region_and_any_region_may_have_a_limit() -> None:
    start, end = GOOD.index("regions:\n"), GOOD.index("large_accounts:")
    text = (
        (GOOD[:start] + GOOD[end:]).replace("default_region: europe\n", "").replace("region: us", "region: x")
    )
    assert [message for _, message in problems_of(text)] == [
        "alerts.notify: the policy declares no regions, so there is no regional contact",
        "plans.basic.escalation.notify: the policy declares no regions, so there is no regional contact",
    ]
    assert problems_of(text.replace(", region]", "]").replace("[region]", "[team]")) == []


def test_without_tiers_any_tier_may_be_named() -> None:
    start, end = GOOD.index("tiers:\n"), GOOD.index("regions:\n")
    assert problems_of(GOOD[:start] + GOOD[end:]) == []


def test_a_route_to_a_team_that_is_not_there() -> None:
    found = problems_of(GOOD, no_team=lambda name: f"there is no team {name!r}" if name == "Rest" else None)
    assert found == [(line_of(GOOD, "name: rest"), "routing.team: there is no team 'Rest'")]


def test_what_names_no_team_is_not_looked_for() -> None:
    ((_, message),) = problems_of(
        edited("team: Rest,", 'team: "team: Rest",'),
        no_team=lambda name: f"there is no team {name!r}" if name.endswith("Rest") else None,
    )
    assert message == "routing.team: 'team: Rest' names nobody"


def test_a_hook_that_is_no_file(tmp_path: Path) -> None:
    script = tmp_path / "page"

    def problem(path: Path) -> str:
        ((_, message),) = problems_of(edited("run: [/bin/sh],", f"run: [{path}],"))
        return message

    assert problem(script).startswith(f"hooks.run: there is no file '{str(tmp_path)[:40]}")
    assert problem(tmp_path).startswith("hooks.run: there is no file ")
    script.write_text("#!/bin/sh\n")
    script.chmod(0o644)
    assert problem(script).endswith("may not be run")
    script.chmod(0o755)
    assert problems_of(edited("run: [/bin/sh],", f"run: [{script}],")) == []


def test_other_files_with_hooks_are_no_policy() -> None:
    ((line, message),) = problems_of("hooks: [{secret: x}]\nregions: {}\n")
    assert line == 1
    assert message.startswith("the file is no policy")


UNUSED = {
    "intake": "intake: templates are checked and kept, but this version asks nobody for their fields",
    "alerts": "alerts: rules are checked and kept, but this version alerts nobody",
}


def warned(text: str) -> list[tuple[int, str]]:
    """What it is warned of, beside the sections that nothing acts on yet."""
    document, problems, warnings = examine(text.encode(), YEAR)
    assert (document is None, problems) == (False, [])
    told = [each.message for each in warnings]
    assert [message in told for message in UNUSED.values()] == [f"\n{key}:" in text for key in UNUSED]
    return [(each.line, each.message) for each in warnings if each.message not in UNUSED.values()]


def test_the_good_file_is_warned_of_nothing() -> None:
    assert warned(GOOD) == []


UNANSWERED = (
    "an agent's answer leads to waiting_customer, which is no way from here: without --status it is refused"
)
CONTRACT = "when: {contract: true, vip: no, large_account: on}"
CY = "us: {levels: {9: [{name: Cy, email: c@x.example}]}}"
LONGER = "waits longer than the less urgent"
HIGH = "targets.high"
LEVEL = "plans.basic.escalation"
STILL = ", ".join(
    f"{status}: [resolution]" for status in ("open", "in_progress", "waiting_customer", "on_hold")
)
FIRST = "comes first whenever it fits"


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        (
            ("low: none}", "low: {first_response: 59m, resolution: 8h}}"),
            [("targets: {high: {first", f"plans.basic.{HIGH}.first_response: high (1h) {LONGER} low (59m)")],
        ),
        (("low: none}", "low: {first_response: {limit: 59m, calendar: always}}}"), []),
        (
            ("low: none}", "low: {resolution: 2h}}"),
            [
                ("targets: {high: {first", f"plans.basic.{HIGH}.resolution: high (8h) {LONGER} low (2h)"),
                ("targets: {high: {resolution", f"plans.acme.{HIGH}.resolution: high (4h) {LONGER} low (2h)"),
            ],
        ),
        (
            ("[{name: high}, {name: low}]", "[{name: high, retired: true}, {name: low}]",
             "low: none}", "low: {resolution: 2h}}"),
            [],
        ),
        (
            ("escalation: [", f"pause: {{{STILL}}}\n    escalation: ["),
            [("escalation: [", f"{LEVEL}: resolution stands still in every status: the level never fires")],
        ),
        (
            ("clock: resolution, at", "clock: update, at"),
            [("escalation: [", f"{LEVEL}: no priority has a target of update: the level never fires")],
        ),
        (
            (CY, "us: {levels: {9: []}}"),
            [("  us: {", "regions.us: no level has a contact: nobody there can be told")],
        ),
        (
            (CY, "us: {}"),
            [("  us: {", "regions.us: no level has a contact: nobody there can be told")],
        ),
        (
            ("  - {name: contract, when", "  - {name: all, team: A}\n  - {name: contract, when"),
            [
                (f"- {{name: {name},", f"routing: no ticket reaches it: all {FIRST}")
                for name in ("contract", "network", "abroad", "rest")
            ],
        ),
        (
            (CONTRACT, "when: {region: [us, europe]}"),
            [("name: abroad", f"routing: no ticket reaches it: contract {FIRST}")],
        ),
        (
            (CONTRACT, "when: {org: a, category: [network, none, sales]}"),
            [("- {name: network, when", f"routing: no ticket reaches it: contract {FIRST}")],
        ),
        ((CONTRACT, "when: {region: us, vip: no}"), []),
        ((CONTRACT, "when: {country: de}"), []),
        (
            (CONTRACT, "when: {type: [build]}"),
            [("name: contract", "routing.when.type: no ticket reaches it: out of scope, they are refused")],
        ),
        ((CONTRACT, "when: {type: [build, outage]}"), []),
        (
            ("  - when: {type: [how_to", "  - {fields: [{name: a}]}\n  - when: {type: [how_to"),
            [
                (anchor, f"intake: no ticket reaches it: the template before it (1) {FIRST}")
                for anchor in ("- when: {type: [how_to", "- {fields: [{name: phone")
            ],
        ),
        (
            ("on_hold: [open, waiting_customer, closed]", "on_hold: []"),
            [
                ("transitions:", f"transitions.on_hold: {UNANSWERED}"),
                ("transitions:", "transitions.on_hold: no way leads from on_hold to closed"),
            ],
        ),
        (
            ("on_hold: [open, waiting_customer, closed]", "on_hold: [on_hold], waiting_customer: [on_hold]"),
            [
                ("transitions:", f"transitions.on_hold: {UNANSWERED}"),
                *(
                    ("transitions:", f"transitions.{status}: no way leads from {status} to closed")
                    for status in ("on_hold", "waiting_customer")
                ),
            ],
        ),
        (
            ("waiting_customer, on_hold]", "waiting_customer],"
             " in_progress: [open, closed], waiting_customer: [open], closed: []"),
            [
                ("transitions:", "transitions: no way leads to on_hold: no ticket is ever in it"),
                ("transitions:", f"transitions.in_progress: {UNANSWERED}"),
            ],
        ),
        (("transitions: {", "transitions: {}\n# {"), []),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant_is_warned_of(pairs: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    """`found`: what stands on the line, and what is said of it."""
    text = edited(*pairs)
    assert warned(text) == [(line_of(text, anchor), message) for anchor, message in found]
