"""The policy file: every mistake with its line, hostile YAML refused at once, an export that reads back."""

from __future__ import annotations

import builtins
import time
from pathlib import Path
from typing import Any

import pytest

from helpdesk_cli.adapters.country_holidays import country_dates, holidays_version
from helpdesk_cli.adapters.policy_file import check_policy, dump_policy, examine, load_policy
from helpdesk_cli.adapters.yaml_text import read_file
from helpdesk_cli.errors import NotFoundError, PolicyError, StorageError

YEAR = 2026

BAD = (Path(__file__).parent / "bad_plans.yaml").read_text(encoding="utf-8")

GOOD = """\
version: 1
default_plan: basic
calendars:
  office:
    timezone: Asia/Riyadh
    hours: {sun-thu: ["09:00-12:00", "13:00-17:00"], all: []}
    holidays: ["12-25", "2026-05-26..2026-05-30"]
    country_holidays: SA
    exceptions: {"2026-12-24": ["22:00-06:00"], "2026-12-31": []}
statuses:
  open: {aliases: [on hold, new, New]}
priorities:
  - {name: high, label: {en: High, ar: عالية}, meaning: "a: fault"}
  - {name: low, retired: no}
types: []
plans:
  basic:
    calendar: office
    targets: {high: {first_response: {limit: 24h, goal: 4h}, update: 0}, low: 0}
    pause: {waiting_customer: [], on_hold: [resolution]}
    retroactive: off
    escalation:
      - {level: 1, clock: update, at: -15m, notify: [team_lead, team1], set: {priority: +1, tags: x}}
"""


def problems_of(text: str) -> list[tuple[int, str, str | None]]:
    document, problems = check_policy(text.encode(), YEAR)
    assert (document is None) == bool(problems)
    return [(problem.line, problem.message, problem.hint) for problem in problems]


def test_every_problem_is_found_at_once_with_its_line() -> None:
    found = problems_of(BAD)
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)
    for number, line in enumerate(BAD.splitlines(), 1):
        _, marked, expected = line.partition("#!")
        messages = [message for at, message, _ in found if at == number]
        wanted = [part.strip() for part in expected.split(" | ")] if marked else []
        assert len(messages) == len(wanted), f"line {number}: {messages}"
        for part in wanted:
            assert any(part in message for message in messages), f"line {number}: {part!r} not in {messages}"


def test_problems_say_where_and_what_to_do() -> None:
    found = {message: hint for _, message, hint in problems_of(BAD)}
    assert found["calenders: unknown key 'calenders'"] == "did you mean 'calendars'?"
    assert found["plans.basic.calendar: there is no calendar 'ofice'"] == "did you mean 'office'?"
    assert (
        found["plans.basic.targets: the priority old is left out"] == "write old: none if nothing is promised"
    )
    assert found["plans.basic.escalation.notify: 'asignee' is no role"] == "did you mean 'assignee'?"
    assert found["plans.basic.label: found 'Basic', expected a mapping"] == "write {en: ...}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version:", "version: found nothing, expected 1"),
        ("priorities: []", "priorities: no priority is declared"),
        ("priorities: [{name: a, retired: true}]", "priorities: no priority is left for new tickets"),
        ("plans: {}", "plans: no plan is declared"),
        ("calendars: {}", "calendars: no calendar is declared"),
        ("calendars: []", "calendars: found a list, expected a mapping"),
        ("default_plan: {}", "default_plan: found a mapping, expected a plan"),
        ("statuses: {open: {aliases: new}}", "statuses.open.aliases: found 'new', expected a list"),
        ("types: [{name: a, sla: gold}]", "types.sla: found 'gold', expected none"),
        (
            "plans: {p: {targets: {a: {update: [4h], resolution: 1h}}}}",
            "plans.p.targets.a.update: found a list, expected a duration, a range such as 10m..30m, or none",
        ),
        ("{version: 1, <<: {}}", "??: unknown key '<<'"),
    ],
)
def test_a_section_that_is_no_section(text: str, message: str) -> None:
    assert message in [each for _, each, _ in problems_of(text)]


def test_what_is_required_is_named_when_missing() -> None:
    messages = [message for _, message, _ in problems_of("version: 1")]
    assert messages == [f"{key} is missing" for key in ("default_plan", "calendars", "priorities", "plans")]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"version: 1\nname: caf\xe9\n", 2, "byte 0xe9 is not UTF-8"),
        (b"a: \x00", 1, "does not allow (U+0000)"),
        (b"a:\n\tb: 1\n", 2, "not YAML: found character"),
        (b"a: [1\nb: 2\n", 2, "not YAML: "),
        (b"a: 'x\n", 2, "not YAML: "),
        (b"version: 1\n---\nversion: 1\n", 2, "a second document"),
        (b"version: 1\nversion: 1\n", 2, "'version' appears twice (first on line 1)"),
        (b"version: 1\n? [a]\n: b\n", 2, "a key must be a word"),
        (b"version: !!python/object/apply:os.system [ls]\n", 1, "the tag 'tag:yaml.org"),
        (b"version: !!int 1\n", 1, "the tag"),
        (b"&a [*a]\n", 1, "*a is used before &a is complete"),
        (b"a: *b\n", 1, "*b is used before"),
        (b'plans: "\\x1b[2J"\n', 1, "a control character (U+001B)"),
        (b'plans: "\\ud800"\n', 1, "a control character (U+D800)"),
        (b"a: &x [&y [" + b"[" * 15 + b"]" * 15 + b"]]\nb: [[[[[[[*x]]]]]]]\n", 2, "nested too deep"),
    ],
)
def test_what_is_no_yaml_or_more_than_yaml_is_refused(data: bytes, line: int, message: str) -> None:
    document, problems = check_policy(data, YEAR)
    assert document is None
    assert any(each.line == line and message in each.message for each in problems), problems


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 9)) for name in range(98, 123)
)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 10_000,
        b"a: " + b"{a: " * 5_000,
        b"- " * 5_000,
        b"? " * 5_000,
        b"".join(b" " * n + b"a:\n" for n in range(1_000)),
        BOMB,
        b"a: &a x\nb: [" + b"*a," * 20_000 + b"]",
        b"#" * 1_100_000,
        b"- a\n" * 250_000,
        b"x" * 1_000_000,
    ],
    ids=["brackets", "braces", "dashes", "questions", "indents", "bomb", "aliases", "size", "items", "word"],
)
def test_hostile_yaml_is_refused_at_once(data: bytes) -> None:
    start = time.process_time()
    document, problems = check_policy(data, YEAR)
    assert time.process_time() - start < 8  # a second, or several where coverage is measured
    assert document is None
    assert len(problems) == 1


def test_more_problems_than_anybody_reads_are_not_listed() -> None:
    found = problems_of("version: 1\n" + "".join(f"key{number}: x\n" for number in range(5_000)))
    assert len(found) == 201
    assert "more than 200 problems, the rest is not listed" in [message for _, message, _ in found]


def test_scalars_stay_the_text_that_they_are() -> None:
    document, problems = check_policy(GOOD.encode("utf-8-sig"), YEAR)
    assert problems == []
    assert document is not None
    assert document["version"] == 1
    assert document["priorities"][1] == {"name": "low", "retired": False}
    plan = document["plans"]["basic"]
    assert plan["targets"]["low"] == "0"
    assert plan["retroactive"] is False
    assert plan["escalation"][0]["level"] == 1
    assert plan["escalation"][0]["set"] == {"priority": "+1", "tags": "x"}


def test_anchors_are_values_written_once() -> None:
    text = GOOD.replace("high: {first", "high: &row {first").replace("low: 0}", "low: *row}")
    document, problems = check_policy(text.encode(), YEAR)
    assert problems == []
    assert document is not None
    targets = document["plans"]["basic"]["targets"]
    assert targets["low"] == targets["high"]


def test_the_holidays_of_a_country_are_looked_up() -> None:
    document, _ = check_policy(GOOD.encode(), YEAR)
    assert document is not None
    dates = document["calendars"]["office"]["country_dates"]
    assert dates["2026-09-23"] == "National Day Holiday"
    assert (min(dates)[:4], max(dates)[:4]) == ("2025", "2036")
    assert any("estimated" in name for name in dates.values())


def test_a_country_may_have_parts() -> None:
    assert country_dates("DE-BY", YEAR)["2026-01-06"] == "Epiphany"
    assert "2026-01-06" not in country_dates("DE", YEAR)
    assert country_dates("FR", YEAR)["2026-07-14"] == "National Day"


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("sa", "not the code of a country", "write it as SA, FR or DE-BY"),
        ("XX", "no holidays are known for XX", None),
        ("DE-ZZ", "the part ZZ of DE", "its parts are BB"),
        ("MC-X", "the part X of MC", "write MC"),
    ],
)
def test_an_unknown_country_is_an_error(code: str, message: str, hint: str | None) -> None:
    with pytest.raises(PolicyError, match=message) as caught:
        country_dates(code, YEAR)
    assert str(caught.value.hint).startswith(str(hint))


def test_without_the_holidays_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "holidays":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    assert holidays_version() is not None
    monkeypatch.setattr(builtins, "__import__", without)
    assert holidays_version() is None
    line, message, hint = problems_of(GOOD)[0]
    assert (line, hint) == (8, "pip install 'helpdesk-cli[holidays]'")
    assert "not installed" in message


def test_loading_a_bad_file_counts_its_problems_and_lists_them(tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text("version: 2\ndefault_plan: x\n")
    with pytest.raises(PolicyError, match=r"has 5 problems$") as caught:
        load_policy(str(path), YEAR)
    problems: Any = caught.value.details["problems"]
    assert [problem["line"] for problem in problems] == [1, 1, 1, 1, 2]
    path.write_text(GOOD.replace("version: 1", "version: 3"))
    with pytest.raises(PolicyError, match=r"has a problem$") as caught:
        load_policy(str(path), YEAR)
    problems = caught.value.details["problems"]
    assert problems[0]["message"].startswith("version: found '3'")


def test_loading_a_good_file_gives_the_document(tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_policy(str(path), YEAR) == check_policy(GOOD.encode(), YEAR)[0]


SECRET = "root:$6$cGVwcGVy:19769:0:99999:7:::\nbin:*:19769:0:99999:7:::\n"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET + SECRET,
        "root: cGVwcGVy\n" * 3,
        "-----BEGIN PRIVATE KEY-----\ncGVwcGVy\n",
        "[cGVwcGVy]",
        "~",
        "{}",
        '{cGVwcGVy: "\\x1b"}',
    ],
)
def test_a_file_that_is_no_policy_is_refused_in_a_line_that_quotes_nothing(text: str) -> None:
    ((line, message, hint),) = problems_of(text)
    assert (line, hint) == (1, "start from `helpdesk plan export`")
    assert message.startswith("the file is no policy: it has none of the keys version, default_plan, ")
    assert "cGVwcGVy" not in message


def test_one_key_of_a_policy_makes_it_one() -> None:
    assert "plan: unknown key 'plan'" in [message for _, message, _ in problems_of("{plan: x, types: []}")]


def test_a_refused_name_of_a_priority_is_told_once() -> None:
    text = GOOD.replace("name: low,", "name: Low Prio,").replace("update: 0}, low: 0}", "update: 0}}")
    assert [message for _, message, _ in problems_of(text)] == ["priorities.name: 'Low Prio' is not a name"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("team:network", "write the team's name: network"),
        ("Group: night shift", "write the team's name: night shift"),
        ("agent:bob", "write the agent's login: bob"),
        ("role:assignee", "write the role: assignee"),
        ("agent:", "write a role, the name of a team or the login of an agent"),
        ("assignee:annabel", "write a role, the name of a team or the login of an agent"),
    ],
)
def test_what_to_write_for_a_name_with_its_kind(word: str, hint: str) -> None:
    text = GOOD.replace("[team_lead, team1]", f'["{word}"]')
    message = f"plans.basic.escalation.notify: {word!r} names nobody"
    assert problems_of(text) == [(text.count("\n"), message, hint)]


def warned(text: str) -> list[tuple[int, str]]:
    document, problems, warnings = examine(text.encode(), YEAR)
    assert (document is None, problems) == (False, [])
    return [(each.line, each.message) for each in warnings]


QUIET = """\
version: 1
default_plan: gold
calendars:
  office: {timezone: UTC, hours: {mon-fri: ["09:00-12:00", "12:00-17:00"]}}
  always: {timezone: UTC, hours: {all: ["00:00-24:00"]}}
  night: {timezone: UTC, hours: {all: ["22:00-06:00"]}, exceptions: {"2026-12-24": ["08:00-12:00"]}}
priorities: [{name: high}, {name: low}]
plans:
  gold:
    calendar: office
    targets: {high: {first_response: 1h}, low: {first_response: 4h}}
    escalation:
      - {level: 1, clock: first_response, at: -59m, notify: [assignee]}
      - {level: 2, clock: first_response, at: +15h, notify: [assignee]}
      - {level: 3, clock: first_response, at: 0%, notify: [assignee]}
"""


def test_a_policy_that_can_be_meant_is_warned_of_nothing() -> None:
    assert warned(QUIET) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "clock: first_response, at: 0%", "clock: update, at: 0%",
            15, "plans.gold.escalation: no priority has a target of update: the level never fires",
        ),
        (
            "at: -59m", "at: -1h",
            13, "plans.gold.escalation: at -1h leaves nothing of the target of high (1h): the level fires at"
            " once",
        ),
        (
            "at: -59m", "at: -15h",
            13, "plans.gold.escalation: at -15h leaves nothing of the target of high (1h), low (4h):"
            " the level fires at once",
        ),
        (
            '"12:00-17:00"', '"11:59-17:00"',
            4, "calendars.office.hours.mon-fri: 11:59-17:00 overlaps 09:00-12:00: the time that they share"
            " counts once",
        ),
        (
            '"12:00-17:00"]', '"12:00-17:00"], fri: ["16:00-18:00"]',
            4, "calendars.office.hours.fri: 16:00-18:00 overlaps 12:00-17:00: the time that they share counts"
            " once",
        ),
        (
            '["22:00-06:00"]}', '["22:00-06:00"], mon: ["05:00-06:00"]}',
            6, "calendars.night.hours.mon: 05:00-06:00 overlaps 22:00-06:00: the time that they share counts"
            " once",
        ),
        (
            '"08:00-12:00"', '"08:00-12:00", "11:00-13:00"',
            6, "calendars.night.exceptions.2026-12-24: 11:00-13:00 overlaps 08:00-12:00: the time that they"
            " share counts once",
        ),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant_is_warned_of(old: str, new: str, line: int, message: str) -> None:
    assert old in QUIET
    assert warned(QUIET.replace(old, new)) == [(line, message)]


def test_every_window_within_a_longer_one_is_warned_of() -> None:
    text = QUIET.replace('"09:00-12:00", "12:00-17:00"', '"09:00-17:00", "10:00-11:00", "12:00-13:00"')
    told = "overlaps 09:00-17:00: the time that they share counts once"
    assert warned(text) == [
        (4, f"calendars.office.hours.mon-fri: {window} {told}") for window in ("10:00-11:00", "12:00-13:00")
    ]


def test_what_is_wrong_is_not_warned_of_too() -> None:
    document, problems, warnings = examine(QUIET.replace("gold\n", "gild\n").encode(), YEAR)
    assert (document, len(problems), warnings) == (None, 1, [])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file") as caught:
        read_file(str(tmp_path / "none.yaml"))
    assert caught.value.code == "no_file"
    with pytest.raises(StorageError, match="cannot be read: Is a directory"):
        read_file(str(tmp_path))
    with pytest.raises(StorageError, match="cannot be read"):
        read_file("a\0b")


def test_the_export_is_readable_and_reads_back() -> None:
    document, _ = check_policy(GOOD.encode(), YEAR)
    assert document is not None
    text = dump_policy(document)
    assert check_policy(text.encode(), YEAR) == (document, [])
    assert "country_dates" not in text
    assert '    hours: {sun-thu: ["09:00-12:00", "13:00-17:00"], all: []}\n' in text
    assert '      - {level: 1, clock: update, at: "-15m", notify: [team_lead, team1]' in text
    assert "      high: {" not in text  # a mapping within a mapping is written below
    assert "types: []\n" in text


def test_a_calendar_may_open_on_exceptions_alone_while_one_of_them_is_to_come() -> None:
    hours = 'hours: {sun-thu: ["09:00-12:00", "13:00-17:00"], all: []}'
    fair = GOOD.replace(hours, "hours: {all: []}")
    assert fair != GOOD
    assert check_policy(fair.encode(), 2026)[1] == []
    assert [problem.message for problem in check_policy(fair.encode(), 2027)[1]] == [
        "calendars.office.hours: the calendar never opens again after 2026-12-24:"
        " no deadline could ever be reached"
    ]
