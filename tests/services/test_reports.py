"""The reports, by figures made with a pencil: each test writes its sum beside what it expects."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.errors import UsageError
from helpdesk_cli.services import conversation, lifecycle, orgs, reports, tickets
from helpdesk_cli.services.app import App
from helpdesk_cli.services.backlog import backlog
from tests.lives import Desk

HOUR = 3_600
SARA, OMAR = "sara@acme.example", "omar@else.example"
POLICY: dict[str, Any] = {
    "version": "1",
    "default_plan": "gold",
    "default_priority": "normal",
    "calendars": {
        "always": {"timezone": "UTC", "hours": {"all": ["00:00-24:00"]}},
        "office": {"timezone": "UTC", "hours": {"mon-fri": ["10:00-18:00"]}},
    },
    "priorities": [{"name": name} for name in ("high", "normal", "low")],
    "categories": [{"name": "technical"}, {"name": "sales"}],
    "types": [{"name": "question"}, {"name": "wish", "sla": "none"}],
    "plans": {
        "gold": {
            "calendar": "office",
            "targets": {
                "high": {"first_response": "1h", "next_response": "4h", "resolution": "8h"},
                "normal": {"first_response": {"limit": "2h", "calendar": "always"}},
                "low": "none",
            },
        },
        "basic": {
            "calendar": "always",
            "targets": {"high": "none", "normal": {"first_response": "1h"}, "low": "none"},
            "reopen": {"mode": "restart"},
        },
    },
}
COUNTS = ("clocks", "met", "breached", "met_late", "running", "paused", "cancelled", "at_risk")
FIGURES = ("count", "mean_seconds", "p50_seconds", "p90_seconds", "p95_seconds")


def at(text: str) -> datetime:
    """`06 17:00` or `06 17:00:01` in March 2026, UTC; the 2nd is the Monday of week 10."""
    return datetime.fromisoformat(f"2026-03-{text}+00:00")


class Shop:
    """A helpdesk whose customers and agents act at an instant, and its reports as of one; all of it in one
    transaction."""

    def __init__(self, app: App) -> None:
        self._app = app

    def at(self, when: str, use_case: Callable[..., Any], *args: Any, who: str = "ann", **given: Any) -> Any:
        with self._app.as_of(at(when), who):
            return use_case(self._app, *args, **given)

    def open(self, when: str, sender: str = SARA, **choices: Any) -> int:
        given = {"subject": "Router down", "sender": sender, "body": "No light", **choices}
        return int(self.at(when, tickets.create, **given)["id"])

    def ask(self, when: str, ticket: int, sender: str = SARA) -> None:
        self.at(when, conversation.reply_as_customer, ticket, sender=sender, body="And now?")

    def answer(self, when: str, ticket: int, who: str = "ann") -> None:
        self.at(when, conversation.reply_as_agent, ticket, who=who, body="Soon")

    def do(self, when: str, verb: str, ticket: int, **given: Any) -> None:
        self.at(when, getattr(lifecycle, verb), ticket, **given)

    def run(self, sql: str) -> None:
        self._app.db.run(sql)

    def report(self, name: str, when: str, *by: str, **period: str) -> Any:
        """The records of a report as of `when`; `since` and `until` are instants as `at` reads them."""
        report = backlog if name == "backlog" else getattr(reports, name)
        groups = {"by": by} if by or name != "backlog" else {}
        return self.at(when, report, **groups, **{side: at(text) for side, text in period.items()})


@pytest.fixture(scope="session")
def shop_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    desk = Desk(folder, POLICY, at("01 09:00"))
    desk.at(at("01 09:00"), orgs.create_org, "Acme", {}, ["acme.example"])
    return Path(desk.path)


@pytest.fixture
def make_shop(tmp_path: Path, shop_database: Path) -> Iterator[Callable[[str], Shop]]:
    """Make the test's helpdesk, for readers in a zone."""
    with ExitStack() as stack:

        def make(zone: str) -> Shop:
            path = shutil.copy(shop_database, tmp_path / "shop.db")
            app = stack.enter_context(closing(App(str(path), timezone=zone)))
            stack.enter_context(app.write())
            return Shop(app)

        yield make


@pytest.fixture
def shop(make_shop: Callable[[str], Shop]) -> Shop:
    return make_shop("UTC")


def of(records: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The only record with these values."""
    found = [record for record in records if wanted.items() <= record.items()]
    assert len(found) == 1, found
    return found[0]


def counts(record: dict[str, Any]) -> dict[str, int]:
    """The counts of a record that are not 0."""
    return {name: record[name] for name in COUNTS if record[name]}


def figures(record: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(record[name] for name in FIGURES)


# -- promises --------------------------------------------------------------------------------------


@pytest.fixture
def promises(shop: Shop) -> Shop:
    """Monday, some tickets whose clocks stand in every way at 12:00."""
    met = shop.open("02 10:00", priority="high", category="technical")
    shop.answer("02 10:30", met)
    late = shop.open("02 10:00", priority="high", category="technical")
    shop.answer("02 11:30", late)
    shop.open("02 10:00", priority="high")  # over its hour, and no sweep has run
    shop.open("02 11:12", priority="high")  # 48 of 60 minutes: at risk from now on
    closed = shop.open("02 11:00", priority="high")
    shop.do("02 11:30", "close", closed)
    normal = shop.open("02 11:00", OMAR)
    shop.answer("02 11:20", normal)
    shop.open("02 11:00", OMAR, priority="low")
    shop.open("02 11:00", priority="high", type="wish")
    shop.open("02 11:00", priority="high", on_behalf=True)  # nobody asked: no response clock
    spam = shop.open("02 10:00", priority="high")
    shop.do("02 11:30", "close", spam, reason="Spam")
    return shop


def test_how_clocks_stand(promises: Shop) -> None:
    first, resolution = promises.report("sla", "02 12:00")
    assert (first["clock"], resolution["clock"]) == ("first_response", "resolution")
    assert counts(first) == {
        "clocks": 6, "met": 2, "breached": 2, "met_late": 1, "running": 1, "cancelled": 1, "at_risk": 1,
    }  # fmt: skip
    assert first["met_share"] == 0.5  # 2 of the 4 judged
    # Waiting for the customer pauses the resolution; the closed one is met, those asked for still run.
    assert counts(resolution) == {"clocks": 6, "met": 1, "running": 3, "paused": 2}
    assert resolution["met_share"] == 1.0
    assert (first["exempt"], first["uncovered"]) == (1, 1)  # the wish; low
    assert (resolution["exempt"], resolution["uncovered"]) == (1, 2)  # the wish; low and normal


def test_how_clocks_stand_by_group(promises: Shop) -> None:
    found = promises.report("sla", "02 12:00", "category", "priority")
    assert [(r["category"], r["priority"], r["clock"]) for r in found] == [
        (category, priority, clock)
        for category, priority in (("technical", "high"), (None, "high"), (None, "normal"), (None, "low"))
        for clock in ("first_response", "resolution")
    ]
    assert counts(of(found, category="technical", clock="first_response")) == {
        "clocks": 2, "met": 1, "breached": 1, "met_late": 1,
    }  # fmt: skip
    low = of(found, priority="low", clock="first_response")
    assert (counts(low), low["met_share"], low["uncovered"]) == ({}, None, 1)


def test_a_breach_shows_in_its_first_second(shop: Shop) -> None:
    shop.open("02 10:00", priority="high")
    first = shop.report("sla", "02 11:00:00")[0]
    assert counts(first) == {"clocks": 1, "running": 1, "at_risk": 1}
    assert first["met_share"] is None
    first = shop.report("sla", "02 11:00:01")[0]
    assert (counts(first), first["met_share"]) == ({"clocks": 1, "breached": 1}, 0.0)


def test_a_clock_belongs_where_it_begins_to_count(shop: Shop) -> None:
    """Asked on Friday after closing: it counts from Monday 10:00 on."""
    shop.open("06 19:00", priority="high")
    for period, expected in (
        ({"since": "09 10:00"}, 1),
        ({"since": "09 10:00:01"}, 0),
        ({"until": "09 10:00"}, 0),
        ({"until": "09 10:00:01"}, 1),
        ({"since": "09 10:00", "until": "09 10:00"}, 0),
    ):
        assert [r["clocks"] for r in shop.report("sla", "10 12:00", **period)] == [expected] * 2
    assert [r["week"] for r in shop.report("sla", "10 12:00", "week")] == ["2026-W11"] * 2
    shop.open("06 19:00", priority="low")  # without a clock it belongs where it was created
    weeks = shop.report("sla", "10 12:00", "week")
    assert [(r["week"], r["clocks"], r["uncovered"]) for r in weeks if r["clock"] == "first_response"] == [
        ("2026-W10", 0, 1), ("2026-W11", 1, 0),
    ]  # fmt: skip
    assert shop.report("sla", "10 12:00", since="06 19:00:01")[0]["uncovered"] == 0


def test_other_clocks_are_told_where_there_are_any(shop: Shop) -> None:
    ticket = shop.open("02 10:00", priority="high")
    shop.answer("02 10:30", ticket)
    shop.ask("02 11:00", ticket)
    found = shop.report("sla", "02 12:00")
    assert [r["clock"] for r in found] == ["first_response", "next_response", "resolution"]
    assert counts(found[1]) == {"clocks": 1, "running": 1}
    assert (found[1]["exempt"], found[1]["uncovered"]) == (None, None)


# -- answers ---------------------------------------------------------------------------------------


@pytest.fixture
def answers(shop: Shop) -> Shop:
    high = shop.open("02 17:30", priority="high")  # on office hours
    shop.answer("03 10:15", high)  # 30 m of Monday + 15 m of Tuesday = 45 m
    shop.ask("03 11:00", high)
    shop.ask("03 11:30", high)
    shop.answer("03 13:00", high)  # 2 h from the oldest question
    normal = shop.open("06 17:00", OMAR)  # its first response counts day and night
    shop.answer("06 20:00", normal)  # 3 h
    shop.ask("06 21:00", normal, OMAR)
    shop.answer("09 11:00", normal, "bob")  # no such clock: the plan's office hours, Monday 10 to 11 = 1 h
    shop.ask("09 12:00", normal, OMAR)  # not answered yet
    return shop


def test_how_long_answers_took(answers: Shop) -> None:
    first, every = answers.report("response", "10 12:00")
    assert (first["measure"], every["measure"]) == ("first_response", "response")
    # 45 m and 3 h: mean 112.5 m; p50 is the first of two, p90 and p95 the second.
    assert figures(first) == (2, 6_750, 2_700, 3 * HOUR, 3 * HOUR)
    # 45 m, 1 h, 2 h, 3 h: mean 6 h 45 m / 4 = 6075 s; p50 the second, p90 and p95 the fourth.
    assert figures(every) == (4, 6_075, HOUR, 3 * HOUR, 3 * HOUR)


def test_how_long_answers_took_by_group(answers: Shop) -> None:
    found = answers.report("response", "10 12:00", "agent", "week")
    told = [(r["agent"], r["week"], r["measure"], r["count"], r["mean_seconds"]) for r in found]
    assert told == [
        ("ann", "2026-W10", "first_response", 2, 6_750),
        ("ann", "2026-W10", "response", 3, (2_700 + 2 * HOUR + 3 * HOUR) // 3),
        ("ann", "2026-W11", "first_response", 0, None),
        ("ann", "2026-W11", "response", 0, None),
        ("bob", "2026-W10", "first_response", 0, None),
        ("bob", "2026-W10", "response", 0, None),
        ("bob", "2026-W11", "first_response", 0, None),
        ("bob", "2026-W11", "response", 1, HOUR),
    ]
    by_org = answers.report("response", "10 12:00", "org")
    assert [(r["org"], r["count"]) for r in by_org] == [("Acme", 1), ("Acme", 2), (None, 1), (None, 2)]


def test_an_answer_belongs_where_it_was_given(answers: Shop) -> None:
    def answered(**period: str) -> list[int]:
        return [r["count"] for r in answers.report("response", "10 12:00", **period)]

    assert answered(since="06 20:00") == [1, 2]
    assert answered(since="06 20:00:01") == [0, 1]
    assert answered(until="06 20:00") == [1, 2]
    assert answered(until="06 20:00:01") == [2, 3]
    assert answered(since="03 10:16", until="06 20:00") == [0, 1]


def test_no_answers(shop: Shop) -> None:
    empty = [{"count": 0, **dict.fromkeys(FIGURES[1:])}]
    assert [{name: r[name] for name in FIGURES} for r in shop.report("response", "02 12:00")] == empty * 2
    assert [{name: r[name] for name in FIGURES} for r in shop.report("resolution", "02 12:00")] == empty * 4
    for name in ("sla", "response", "resolution", "backlog"):
        assert shop.report(name, "02 12:00", "plan", "week") == []


def test_an_answer_after_the_closing(shop: Shop) -> None:
    """Its clock was cancelled, so the calendar that it had says how long the customer waited."""
    ticket = shop.open("02 17:00", priority="high")
    shop.do("02 17:30", "close", ticket)
    shop.answer("03 11:00", ticket)
    assert figures(shop.report("response", "03 12:00")[0])[:2] == (1, 2 * HOUR)  # 17 to 18, 10 to 11


def test_a_clock_that_was_reset_measures_from_there(shop: Shop) -> None:
    ticket = shop.open("02 10:00", priority="high")
    shop.do("02 10:30", "reset_clock", ticket, clock="first_response", reason="wrong queue")
    shop.answer("02 11:15", ticket)
    assert figures(shop.report("response", "02 12:00")[0])[:2] == (1, 45 * 60)


def test_answers_of_one_second(shop: Shop) -> None:
    """Asked, answered, asked and answered within the second in which an earlier question was answered."""
    ticket = shop.open("02 10:00", priority="high")
    shop.answer("02 10:30", ticket)
    shop.ask("02 11:00", ticket)
    for _ in range(2):
        shop.answer("02 12:00", ticket)
        shop.ask("02 12:00", ticket)
    shop.answer("02 12:00", ticket)
    # 30 m, then 1 h, 0 and 0
    assert figures(shop.report("response", "02 12:00")[1]) == (4, 22 * 60 + 30, 0, HOUR, HOUR)


def test_notes_and_spam_answer_nothing(shop: Shop) -> None:
    ticket = shop.open("02 10:00", priority="high")
    shop.at("02 10:10", conversation.note, ticket, body="Hm")
    spam = shop.open("02 10:00")
    shop.answer("02 10:30", spam)
    shop.do("02 10:31", "close", spam, reason="spam")
    assert [r["count"] for r in shop.report("response", "02 12:00")] == [0, 0]


# -- resolutions -----------------------------------------------------------------------------------


def reopened(shop: Shop, **choices: Any) -> int:
    """A life whose sums stand in tests/domain/test_metrics.py."""
    ticket = shop.open("02 10:00", **choices)
    shop.answer("02 12:00", ticket)
    shop.ask("02 15:00", ticket)
    shop.do("02 16:00", "hold", ticket)
    shop.do("03 10:00", "resume", ticket)
    shop.do("03 11:00", "resolve", ticket)
    shop.do("05 11:00", "close", ticket)
    shop.ask("06 17:00", ticket)
    shop.answer("06 17:30", ticket)
    shop.do("09 11:00", "take", ticket)
    shop.do("09 12:00", "close", ticket)
    return ticket


def test_how_long_a_resolution_took(shop: Shop) -> None:
    """High has a clock on office hours; normal has none and is counted on the plan's, which are the same."""
    reopened(shop, priority="high")
    reopened(shop)
    found = shop.report("resolution", "10 12:00", "priority")
    assert [(r["measure"], *figures(r)) for r in found] == 2 * [
        ("first_resolution", 1, *[9 * HOUR] * 4),
        ("first_user_resolution", 1, *[6 * HOUR] * 4),
        ("resolution", 1, *[12 * HOUR] * 4),
        ("user_resolution", 1, *[7.5 * HOUR] * 4),
    ]


def test_a_plan_whose_reopening_restarts(shop: Shop) -> None:
    reopened(shop, plan="basic")
    found = {r["measure"]: r["mean_seconds"] for r in shop.report("resolution", "10 12:00", "plan")}
    assert found == {
        "first_resolution": 25 * HOUR, "first_user_resolution": 22 * HOUR,
        "resolution": 67 * HOUR, "user_resolution": 1.5 * HOUR,
    }  # fmt: skip


def test_a_resolution_belongs_where_it_happened(shop: Shop) -> None:
    reopened(shop)

    def resolved(when: str = "10 12:00", **period: str) -> list[int]:
        return [r["count"] for r in shop.report("resolution", when, **period)]

    assert resolved(since="03 11:00", until="09 12:00") == [1, 1, 0, 0]
    assert resolved(since="03 11:00:01", until="09 12:00:01") == [0, 0, 1, 1]
    assert resolved(since="05 11:00", until="05 11:00:01") == [0] * 4  # closed after it was resolved
    weeks = shop.report("resolution", "10 12:00", "week")
    assert [(r["week"], r["count"]) for r in weeks] == [("2026-W10", n) for n in (1, 1, 0, 0)] + [
        ("2026-W11", n) for n in (0, 0, 1, 1)
    ]


def test_a_reopened_ticket_keeps_its_first_resolution(shop: Shop) -> None:
    ticket = shop.open("02 10:00")
    shop.do("02 11:00", "close", ticket)
    shop.do("02 12:00", "reopen", ticket)
    assert [r["count"] for r in shop.report("resolution", "02 13:00")] == [1, 1, 0, 0]


def test_spam_and_merged_tickets_are_no_resolutions(shop: Shop) -> None:
    for reason in ("spam", "SPAM", "duplicate", None):
        ticket = shop.open("02 10:00")
        shop.do("02 11:00", "close", ticket, reason=reason)
    assert [r["count"] for r in shop.report("resolution", "02 12:00")] == [2] * 4
    shop.run("UPDATE tickets SET merged_into = 1 WHERE id = 3")
    assert [r["count"] for r in shop.report("resolution", "02 12:00")] == [1] * 4


def test_the_calendar_is_that_of_the_clock_that_goes(shop: Shop) -> None:
    """High counts the resolution on office hours; on plan basic nothing does, so its calendar counts."""
    ticket = shop.open("02 16:00", priority="high")
    shop.do("02 16:30", "edit", ticket, plan="basic")
    shop.do("03 11:00", "close", ticket)
    assert shop.report("resolution", "03 12:00")[0]["mean_seconds"] == 19 * HOUR


def test_the_examples_of_the_help(shop: Shop) -> None:
    """`helpdesk help reports`: 45 m and 2 h; 9 h, 6 h, 12 h and 9 h."""
    asked = shop.open("02 17:30", priority="high")
    shop.answer("03 10:15", asked)
    shop.ask("03 11:00", asked)
    shop.ask("03 11:30", asked)
    shop.answer("03 13:00", asked)
    every = shop.report("response", "03 14:00")[1]
    assert figures(every)[1:4] == ((45 + 120) * 30, 45 * 60, 2 * HOUR)
    resolved = shop.open("02 10:00", priority="high", category="sales")
    shop.answer("02 12:00", resolved)
    shop.ask("02 15:00", resolved)
    shop.do("03 11:00", "resolve", resolved)
    shop.do("06 17:00", "reopen", resolved)
    shop.do("09 12:00", "close", resolved)
    found = shop.report("resolution", "09 13:00", "category")
    assert [r["mean_seconds"] for r in found] == [hours * HOUR for hours in (9, 6, 12, 9)]


# -- the backlog -----------------------------------------------------------------------------------


def test_what_is_open(shop: Shop) -> None:
    shop.open("02 10:00", priority="low")
    waiting = shop.open("08 10:00", priority="high")
    shop.answer("08 10:10", waiting)
    held = shop.open("06 10:00", priority="high")
    shop.do("06 10:30", "hold", held)
    shop.open("09 11:00", priority="high")
    taken = shop.open("09 11:12", priority="high")
    shop.do("09 11:20", "take", taken)
    shop.do("09 11:30", "close", shop.open("09 11:00", priority="high"))
    high, low = shop.report("backlog", "09 12:00:01")
    # On Monday at 12:00:01: opened on the 8th one of 1 d to 3 d, on the 6th one of 3 d to 7 d, two today.
    ages = {"age_under_1d": 2, "age_1d_to_3d": 1, "age_3d_to_7d": 1, "age_7d_to_30d": 0, "age_from_30d": 0}
    assert high == {
        "priority": "high", "tickets": 4, "open": 1, "in_progress": 1, "waiting_customer": 1, "on_hold": 1,
        **ages,
        "overdue": 2,  # that of 11:00 by a second; the one on hold, for a response never pauses
        "at_risk": 1,  # that of 11:12
        "oldest": "HD-3", "oldest_created_at": "2026-03-06T10:00:00Z",
    }  # fmt: skip
    assert (low["tickets"], low["age_7d_to_30d"], low["oldest"], low["overdue"]) == (1, 1, "HD-1", 0)


def test_ages_are_half_open(shop: Shop) -> None:
    shop.open("02 10:00")

    def age(when: str) -> str:
        record = shop.report("backlog", when)[0]
        return next(name for name in record if name.startswith("age") and record[name])

    assert [age(when) for when in ("02 10:00", "03 09:59:59", "03 10:00", "05 09:59:59", "05 10:00")] == [
        "age_under_1d", "age_under_1d", "age_1d_to_3d", "age_1d_to_3d", "age_3d_to_7d",
    ]  # fmt: skip
    assert [age(when) for when in ("09 09:59:59", "09 10:00")] == ["age_3d_to_7d", "age_7d_to_30d"]


def test_the_oldest_of_one_second_is_the_first(shop: Shop) -> None:
    for _ in range(10):
        shop.open("02 10:00", priority="low")
    shop.do("02 11:00", "close", 1)
    assert shop.report("backlog", "02 12:00", "plan")[0]["oldest"] == "HD-2"


def test_the_backlog_of_a_period(shop: Shop) -> None:
    shop.open("02 10:00")
    shop.open("03 10:00")
    assert shop.report("backlog", "04 12:00", since="02 10:00:01", until="03 10:00") == []
    assert shop.report("backlog", "04 12:00", since="02 10:00", until="03 10:00")[0]["oldest"] == "HD-1"
    assert shop.report("backlog", "04 12:00", since="02 10:00:01")[0]["oldest"] == "HD-2"


@pytest.fixture
def weeks(shop: Shop) -> Shop:
    one, two = shop.open("02 10:00"), shop.open("03 10:00")
    shop.do("05 10:00", "close", one)
    shop.open("09 10:00")
    shop.do("10 10:00", "reopen", one)
    shop.do("11 10:00", "resolve", two)
    shop.do("12 10:00", "close", two)  # it had left already
    shop.open("24 10:00")
    shop.do("24 11:00", "close", shop.open("16 10:00", priority="low"), reason="spam")
    return shop


FLOWS = ("week", "opened", "closed", "reopened", "left_open", "tickets")


def test_what_came_and_went(weeks: Shop) -> None:
    found = [tuple(r[name] for name in FLOWS) for r in weeks.report("backlog", "25 10:00", "week")]
    assert found == [
        ("2026-W10", 2, 1, 0, 1, 1),  # 2 - 1; of those opened then the first is open (again)
        ("2026-W11", 1, 1, 1, 2, 1),  # 1 + 1 + 1 - 1
        ("2026-W12", 0, 0, 0, 2, 0),
        ("2026-W13", 1, 0, 0, 3, 1),
    ]
    assert "opened" not in weeks.report("backlog", "25 10:00")[0]


def test_what_came_and_went_in_a_period(weeks: Shop) -> None:
    """What happened before it is in `left_open` only, to the second."""

    def flows(**period: str) -> list[tuple[Any, ...]]:
        found = weeks.report("backlog", "25 10:00", "week", "priority", **period)
        assert {r["priority"] for r in found} <= {"normal"}
        return [tuple(r[name] for name in FLOWS[:5]) for r in found]

    assert flows(since="09 10:00", until="16 00:00") == [("2026-W11", 1, 1, 1, 2)]
    assert flows(since="09 10:00:30", until="10 10:00") == []
    assert flows(since="09 10:00:30", until="10 10:00:01") == [("2026-W11", 0, 0, 1, 3)]
    assert flows(since="02 10:00:30", until="05 10:00") == [("2026-W10", 1, 0, 0, 2)]


@pytest.mark.parametrize(("zone", "week"), [("UTC", "2026-W09"), ("Asia/Kathmandu", "2026-W10")])
def test_a_week_begins_where_the_reader_is(make_shop: Callable[[str], Shop], zone: str, week: str) -> None:
    """Sunday 18:14:59 and 18:15 in UTC: in Kathmandu, 5:45 ahead, Monday begins between the two."""
    shop = make_shop(zone)
    shop.open("01 18:14:59")
    shop.open("01 18:15")
    weeks = {r["week"]: r["opened"] for r in shop.report("backlog", "03 10:00", "week")}
    assert weeks == ({"2026-W09": 2} if week == "2026-W09" else {"2026-W09": 1, week: 1})


def test_everything_open_in_one_record(shop: Shop) -> None:
    nothing = shop.at("02 12:00", backlog, ())
    assert [(r["tickets"], r["oldest"], r["oldest_created_at"]) for r in nothing] == [(0, None, None)]
    shop.open("02 10:00", priority="low")
    shop.open("02 11:00")
    assert [(r["tickets"], r["oldest"]) for r in shop.at("02 12:00", backlog, ())] == [(2, "HD-1")]


# -- what is asked ---------------------------------------------------------------------------------


def test_groups_in_the_order_of_the_policy(shop: Shop) -> None:
    for choices in ({"plan": "basic"}, {"category": "sales"}, {"category": "technical"}):
        shop.open("02 10:00", **choices)
    assert [r["plan"] for r in shop.report("backlog", "02 12:00", "plan")] == ["gold", "basic"]
    categories = [r["category"] for r in shop.report("backlog", "02 12:00", "category", "plan")]
    assert categories == ["technical", "sales", None]


def test_groups_are_read_in_any_case_and_once(shop: Shop) -> None:
    shop.open("02 10:00")
    assert list(shop.report("backlog", "02 12:00", "Plan", " plan", "AGENT")[0])[:2] == ["plan", "agent"]


@pytest.mark.parametrize("name", ["sla", "response", "resolution", "backlog"])
def test_mistakes(shop: Shop, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        shop.report(name, "02 12:00", "plan", "prioritiy")
    assert (caught.value.code, caught.value.hint) == ("unknown_group", "did you mean 'priority'?")
    with pytest.raises(UsageError) as caught:
        shop.report(name, "02 12:00", "x")
    assert caught.value.hint is None
    with pytest.raises(UsageError) as caught:
        shop.report(name, "02 12:00", since="03 10:00:01", until="03 10:00")
    assert caught.value.code == "bad_period"
