"""Whatever a policy document says, its export reads back as the same document."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_cli.adapters.policy_file import check_policy, dump_policy
from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.section_terms import ALERT_SUBJECTS, ASSIGNMENTS, FLAG_CONDITIONS
from helpdesk_cli.domain.terms import CLOCKS, CLOSABLE_STATUSES, PAUSABLE_STATUSES

YEAR = 2026
HIDDEN = {"Cc", "Cs"}  # control characters and halves of characters are refused in a policy

names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True).filter("none".__ne__)
texts = st.text(st.characters(exclude_categories=HIDDEN), min_size=1, max_size=12).filter(str.strip)
tricky = st.sampled_from(
    ["no", "~", "0x1F", "1e3", "- a", "a: b", "# c", "'", '"', "*a", "&a", "%", "@", " x", "a\nb"]
)
words = st.one_of(texts, tricky)
tags = st.from_regex(r"[\w+.:#-]{1,100}", fullmatch=True).filter(str.isprintable)
labels = st.dictionaries(st.from_regex(r"[a-z]{2,3}", fullmatch=True), words, max_size=3)
durations = st.builds("{}{}".format, st.integers(1, 99), st.sampled_from("smhdw"))
windows = st.lists(st.sampled_from(["09:00-12:00", "13:00-17:30", "22:00-06:00", "00:00-24:00"]), max_size=3)
targets = st.one_of(
    durations,
    st.sampled_from(["none", "0", "10m..30m"]),
    st.builds(lambda limit, warn: {"limit": limit, "warn": f"{warn}%"}, durations, st.integers(0, 100)),
)
rows = st.one_of(
    st.sampled_from(["none", "0"]), st.dictionaries(st.sampled_from(CLOCKS), targets, min_size=1)
)


@st.composite
def entries(draw: st.DrawFn, key: str) -> list[dict[str, Any]]:
    found = []
    for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        entry: dict[str, Any] = {"name": name}
        if draw(st.booleans()):
            entry[key] = draw(words)
        if draw(st.booleans()):
            entry["label"] = draw(labels)
        found.append(entry)
    return found


@st.composite
def levels(draw: st.DrawFn) -> dict[str, Any]:
    at = draw(st.one_of(st.builds("-{}".format, durations), st.builds("{}%".format, st.integers(0, 1000))))
    changes = {"priority": f"+{draw(st.integers(1, 9))}", "tags": draw(st.lists(tags, max_size=2))}
    return {"clock": draw(st.sampled_from(CLOCKS)), "at": at, "notify": ["team", "ann1"], "set": changes}


@st.composite
def plans(draw: st.DrawFn, calendars: list[str], priorities: list[str]) -> dict[str, Any]:
    plan: dict[str, Any] = {
        "calendar": draw(st.sampled_from(calendars)),
        "label": draw(labels),
        "targets": {priority: draw(rows) for priority in priorities},
        "retroactive": draw(st.booleans()),
        "escalation": [{"level": n, **draw(levels())} for n in range(1, draw(st.integers(1, 4)))],
    }
    if draw(st.booleans()):
        statuses = draw(st.lists(st.sampled_from(CLOSABLE_STATUSES), min_size=1, unique=True))
        plan["auto_close"] = {"after": draw(durations), "statuses": statuses}
    if draw(st.booleans()):
        clocks = st.lists(st.sampled_from(CLOCKS), unique=True)
        plan["pause"] = draw(st.dictionaries(st.sampled_from(PAUSABLE_STATUSES), clocks))
    if draw(st.booleans()):
        plan["reopen"] = {"mode": draw(st.sampled_from(["continue", "restart"])), "window": draw(durations)}
    return plan


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of these keys."""
    return st.fixed_dictionaries({}, optional=keys)


def several(strategy: st.SearchStrategy[Any], least: int = 1) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, min_size=least, max_size=3, unique=True)


@st.composite
def named(draw: st.DrawFn, entry: st.SearchStrategy[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of a list, each with a name of its own."""
    return [{"name": name, **draw(entry)} for name in draw(several(names))]


countries = st.sampled_from(["FR", "NO", "XK", "DE", "none"])
conditions = optional(
    **dict.fromkeys(FLAG_CONDITIONS, st.booleans()),
    channel=st.one_of(words, several(words)),
    country=st.one_of(countries, several(countries)),
    tag=st.one_of(tags, several(tags)),
    language=st.sampled_from(["en", "no", "none"]),
)
contacts = st.builds(
    lambda name, more: {"name": name, "email": "l1@x.example", **more},
    words,
    optional(countries=st.just(["NO"]), areas=several(words)),
)
fields = named(
    optional(
        label=labels,
        description=words,
        required=st.booleans(),
        choices=several(words),
        words=st.just("150-200"),
    )
)
sections = optional(
    unknown_sender=st.sampled_from(["accept", "warn", "reject"]),
    freemail=st.builds(
        lambda action, more: {"action": action, **more},
        st.sampled_from(["warn", "reject"]),
        optional(domains=several(st.sampled_from(["x.example", "no.example", "xn--mnchen-3ya.de"]))),
    ),
    queue=st.fixed_dictionaries({"order": st.sampled_from(["deadline", "last_message", "fifo"])}),
    transitions=st.dictionaries(
        st.sampled_from(PAUSABLE_STATUSES), several(st.sampled_from(PAUSABLE_STATUSES), 0)
    ),
    tiers=st.dictionaries(
        names.filter("channels".__ne__),
        st.dictionaries(names, st.one_of(st.booleans(), st.just("24x5"))),
        min_size=1,
        max_size=3,
    ),
    regions=st.fixed_dictionaries(
        {"north": st.fixed_dictionaries(
            {"countries": st.just(["NO", "GB"])},
            optional={"levels": st.dictionaries(st.sampled_from("149"), st.lists(contacts, max_size=2))},
        )}
    ),
    large_accounts=st.fixed_dictionaries({"north": st.integers(1, 999_999_999)}),
    routing=named(
        st.builds(
            lambda team, assign, more: {"team": team, "assign": assign, **more},
            tags,
            st.sampled_from(ASSIGNMENTS),
            optional(when=conditions, skill=names),
        )
    ),
    intake=st.lists(
        st.builds(lambda found, more: {"fields": found, **more}, fields, optional(when=conditions)),
        max_size=2,
    ),
    alerts=named(
        st.builds(
            lambda by, number, window, more: {
                "by": by, "more_than": number, "within": window, "notify": ["ann1"], **more
            },
            st.sampled_from(ALERT_SUBJECTS),
            st.integers(0, 999),
            durations,
            optional(when=conditions, text=words),
        )
    ),
    hooks=st.lists(
        st.builds(
            lambda on, arguments, more: {"on": on, "run": ["/bin/sh", *arguments], **more},
            several(st.sampled_from(TYPES)),
            st.lists(st.one_of(words, st.just("")), max_size=3),
            optional(timeout=st.sampled_from(["1s", "5m"]), retries=st.integers(0, 10)),
        ),
        max_size=2,
    ),
)  # fmt: skip
heirs = optional(
    label=labels,
    valid_from=st.sampled_from(["2026-01-01", "2026-03-31"]),
    valid_to=st.sampled_from(["2026-03-31", "2027-12-31"]),
    auto_close=st.fixed_dictionaries({"after": durations}),
    customer_close=st.just("never"),
)
stages = st.lists(
    st.builds(lambda label, span: {"label": label, "for": span, "when": "new"}, labels, durations), max_size=2
).map(lambda found: [*found, {"label": {"en": "x"}}])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    calendars = {
        name: {
            "timezone": draw(st.sampled_from(["UTC", "Asia/Riyadh", "America/Argentina/Ushuaia"])),
            "hours": {
                "mon": ["09:00-17:00"],
                draw(st.sampled_from(["all", "sat-wed", "tue"])): draw(windows),
            },
            "holidays": draw(st.lists(st.sampled_from(["12-25", "2026-03-20", "2026-05-26..2026-05-30"]))),
            "exceptions": draw(st.dictionaries(st.sampled_from(["2026-12-24", "2026-12-31"]), windows)),
        }
        for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))
    }
    priorities = draw(entries("meaning"))
    declared = [entry["name"] for entry in priorities]
    chosen = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return {
        "version": 1,
        "default_plan": chosen[0],
        "default_priority": declared[-1],
        "calendars": calendars,
        "statuses": {
            "open": {"label": draw(labels), "stages": draw(stages)},
            "resolved": {"enabled": True},
            "closed": {"aliases": ["all done", draw(names)]},
        },
        "priorities": priorities,
        "categories": draw(entries("description")),
        "plans": {
            **{name: draw(plans(list(calendars), declared)) for name in chosen},
            **{f"heir-{name}": {"extends": name, **draw(heirs)} for name in chosen[1:]},
        },
        **draw(sections),
    }


@settings(max_examples=60, deadline=None)
@given(documents())
def test_an_exported_policy_reads_back_as_itself(document: dict[str, Any]) -> None:
    text = dump_policy(document)
    if document["statuses"]["closed"]["aliases"][1] in ("open", "closed", "resolved"):
        return  # an alias may not be another status
    assert check_policy(text.encode(), YEAR) == (document, [])
