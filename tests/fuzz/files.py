"""Fuzzers of files: a policy as text and as data, a config file, lines of tickets, the lines of an export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from helpdesk_cli.adapters.policy_file import check_policy, dump_policy, examine
from helpdesk_cli.adapters.yaml_text import Node, read_yaml
from helpdesk_cli.cli.config import load
from helpdesk_cli.cli.root import root
from helpdesk_cli.cli.state import State
from helpdesk_cli.domain.plans import Policy
from helpdesk_cli.domain.zones import EPOCH
from helpdesk_cli.services.bulk import request_of

from .choices import SIGNS, Choices
from .desks import helpdesk, sound
from .engine import Check, Fuzzer, attempt, pure

from desk import POLICY  # isort: skip - it stands beside the contracts, which .desks makes known

YEAR = 2026
SMALL = """version: 1
default_plan: p
calendars:
  c: {timezone: Europe/Paris, hours: {mon-fri: ["09:00-12:00"]}, holidays: ["12-25"]}
priorities: [{name: n, label: {fr: Normale}, meaning: x}]
plans: {p: {calendar: c, targets: {n: {first_response: 10m..30m, resolution: {limit: 4h, warn: 80%}}}}}
"""
LIFE = """version: 1
default_plan: p
calendars: {c: {timezone: UTC, hours: {all: ["00:00-24:00"]}}}
statuses: {on_hold: {aliases: [paused], label: {en: On hold}}}
priorities: [{name: n}, {name: m, retired: true}]
categories: [{name: sales, description: x}]
types: [{name: wish, sla: none}]
plans:
  p:
    calendar: c
    targets: {n: none, m: none}
    pause: {on_hold: [resolution]}
    auto_close: {after: 48h, statuses: [resolved], remind_after: 24h}
    reopen: {mode: restart, window: 14d}
    escalation: [{level: 1, clock: resolution, at: -15m, notify: [assignee], set: {priority: +1, tags: [x]}}]
"""
POLICIES = (SMALL, LIFE, POLICY)
YAML = (
    *SIGNS, "\n", "\n  ", "\n- ", "  ", "&a ", "*a", "<<: *a", "!!python/object:x", "!!str ", "? ", "|\n",
    ">-\n", "%YAML 1.2\n", "---\n", "...\n", "# ", "'", '"', "\\x41", '"\\ud83d"', "[[[[", "{{{{", "]", "}",
    ": {", ": [", "none", "~", "0", "-1", "09:00-12:00", "1h", "80%", "+1",
)  # fmt: skip


def _policy(data: bytes) -> None:
    """A file is refused with the lines of its problems, or says what its document reads back as."""
    document, problems, _warnings = examine(data, YEAR)
    if document is None:
        assert 0 < len(problems) <= 202
        lines = len(data.decode("utf-8", "replace").splitlines()) + 1
        assert all(0 <= problem.line <= lines and problem.message for problem in problems)
        return
    assert not problems
    policy = Policy(1, EPOCH, json.loads(json.dumps(document)), "2026a")
    for name in policy.plans:
        assert policy.plan(name).name == name
    for name in policy.calendars:
        policy.calendar(name)
    if "country_dates" not in str(document):
        assert check_policy(dump_policy(document).encode(), YEAR) == (document, [])


def _mutated(choices: Choices) -> bytes:
    """A policy whose data have a few values replaced, taken out, moved, named otherwise."""
    whole = _plain(POLICIES[choices.number(len(POLICIES) - 1)])
    for _ in range(1 + choices.number(3)):
        places = list(_places(whole))
        holder, key = choices.one(places)
        other_holder, other = choices.one(places)
        kind = choices.number(4)
        if kind == 0:
            holder[key] = (
                choices.words(*map(str, (key, other, other_holder[other]))) if choices.often() else None
            )
        elif kind == 1:
            holder[key] = choices.odd(
                lambda held=other_holder, name=other: json.loads(json.dumps(held[name]))
            )
        elif kind == 2:
            del holder[key]
        elif isinstance(holder, dict):
            holder[choices.words(str(key), str(other))] = holder[key] if kind == 3 else holder.pop(key)
        else:
            holder.append(holder[key])
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _plain(text: str) -> Any:
    node, _problems = read_yaml(text.encode())

    def plain(node: Node) -> Any:
        if isinstance(node.value, dict):
            return {key: plain(entry.node) for key, entry in node.value.items()}
        return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value

    assert node is not None
    return plain(node)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in lists and mappings: what holds it, and its key there."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _text(*samples: str, tokens: tuple[str, ...] = YAML) -> Callable[[Choices], bytes]:
    """Makes a file of one of the samples, now and then with bytes that are no UTF-8."""

    def make(choices: Choices) -> bytes:
        data = choices.mangled(samples, tokens).encode("utf-8", "surrogatepass")
        return (
            data if choices.often() else data + choices.one((b"\xff", b"\xc3", b"\0", b"\xef\xbb\xbf", b"\r"))
        )

    return make


CONFIGS = (
    "timezone: Europe/Paris\nlang: fr\nverbose: 2\nquiet: no\ncolor: never\ndb: x.db\nas: ann\n",
    "ticket: {list: {fields: [ref, sla], status: [open, on_hold], limit: 5, overdue: yes, due-within: 4h}}\n",
    "ticket:\n  create: {body_file: x.txt, tag: [a, b], channel: cli}\nsearch: {sort: newest}\n",
    "sweep: {limit: 3, dry-run: true}\nreport: {sla: {by: [plan, week], since: -30d, format: csv}}\n",
)


@contextmanager
def _config(folder: Path) -> Iterator[Check]:
    path = folder / "config.yaml"
    context = click.Context(root, info_name="helpdesk", obj=State())

    def check(data: bytes) -> None:
        path.write_bytes(data)
        config = attempt(load, str(path), context, codes={"config_invalid"})
        for name, default in () if config is None else config.options.items():
            assert f"--{name}" in default.param.opts
            assert default.text.encode()

    yield check


LINES = (
    '{"subject": "Router", "from": "sara@acme.example", "body": "x", "tag": ["vip"], "priority": "high"}',
    '{"subject":"s","from":"new@else.example","body":"b","idempotency_key":"k1","on_behalf":false,"org":null}',
    '{"subject": "\\u0634\\ud83d\\ude00", "from": "a@b.example", "body": "x\\u0000\\n", "channel": "mail"}',
)
JSON = (
    *SIGNS, '"', "\\u0000", "\\ud83d", "\\ude00", "\\x", "null", "true", "1e400", "NaN", "-0", "[", "]", "{",
    "}", ",", ":", '"subject": "t", ', '"tag": [1]', "[[[[[[[[", "9" * 5_000, "/* */",
)  # fmt: skip


def _line(data: bytes) -> None:
    request = attempt(request_of, data, codes={"bad_line"})
    if request is None:
        return
    assert isinstance(request.subject, str)
    attempt(
        request.cleaned,
        codes={"empty_subject", "long_subject", "empty_body", "bad_text", "bad_tag", "bad_key"},
    )


@contextmanager
def _lines(folder: Path) -> Iterator[Check]:
    """Each line alone has a result, and what was opened is what the line says."""
    with helpdesk(folder) as place:

        def check(lines: list[bytes]) -> None:
            place.restore()
            lines = [line.replace(b"\n", b" ") for line in lines]
            done = place.run("ticket", "create", "--jsonl", "-", "--json", stdin=b"\n".join(lines))
            sound(done, tty=False, as_json=True)
            results = done.json
            assert [each["line"] for each in results] == [
                n for n, line in enumerate(lines, 1) if line.strip()
            ]
            assert done.code == (7 if any("error" in each for each in results) else 0)
            for each in results:
                if "id" in each:
                    shown = place.run("ticket", "show", str(each["id"]), "--json").json
                    asked = request_of(lines[each["line"] - 1]).cleaned()
                    assert not each["created"] or asked.subject == shown["subject"]
                    assert not each["created"] or asked.body == shown["messages"][0]["body"]
            assert place.run("db", "check", "--deep").out == "ok\n"

        yield check


class Edit(NamedTuple):
    """A change of one line of an export: of its text, of a value in it, or of it as a whole."""

    line: int
    kind: str
    place: int
    value: Any

    def of(self, lines: list[bytes]) -> None:
        """Make it."""
        number = self.line % len(lines)
        line = lines[number]
        if self.kind == "text":
            start = self.place % (len(line) + 1)
            piece = str(self.value).replace("\n", " ").encode("utf-8", "surrogatepass")
            lines[number] = line[:start] + piece + line[start + len(piece) % 9 :]
        elif self.kind == "drop":
            lines[number] = b" "
        elif self.kind == "double":
            lines.insert(self.place % (len(lines) + 1), line)
        else:
            lines[number] = self._value(line)

    def _value(self, line: bytes) -> bytes:
        try:
            whole = json.loads(line)
        except ValueError:
            return line
        places = list(_places(whole))
        if places:
            holder, key = places[self.place % len(places)]
            if self.kind == "value":
                holder[key] = self.value
            else:
                del holder[key]
        return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _edit(choices: Choices) -> Edit:
    kind = choices.one(("value", "value", "text", "gone", "drop", "double"))
    number, place = choices.number(4_000), choices.number(4_000)
    if kind == "text":
        return Edit(number, kind, place, choices.one(JSON))
    return Edit(number, kind, place, choices.odd(lambda: choices.words(*VALUES)) if kind == "value" else None)


@contextmanager
def _import(folder: Path) -> Iterator[Check]:
    """A file with lines changed is refused or brought in; what the check then calls sound can be shown."""
    with helpdesk(folder) as place:
        export = [line.encode() for line in place.run("export").out.splitlines()]
        new = str(place.folder / "new.db")

        def check(edits: list[Edit]) -> None:
            place.restore()
            lines = list(export)
            for edit in edits:
                edit.of(lines)
            done = place.run("--db", new, "import", "-", "--json", stdin=b"\n".join(lines) + b"\n")
            sound(done, tty=False, as_json=True)
            if done.code in (0, 7):
                checked = place.run("--db", new, "db", "check", "--deep")
                sound(checked, tty=False, as_json=False)
                for words in READINGS if checked.out == "ok\n" else ():
                    sound(place.run("--db", new, *words, tty=True), tty=True, as_json=False)

        yield check


VALUES = (
    "", "open", "closed", "2026-03-01T09:00:00Z", "1970-01-01T00:00:00Z", "8999-12-31T23:59:59Z", "gold",
    "high", "ann", "first_response", "running", "{}", "[]", "[1]", "HD-1", "1h", "created", "status_changed",
    "clock_breached",
)  # fmt: skip
# Not the log: what its entries say beside the state that they lead to is nobody's to judge.
READINGS = (
    ("ticket", "list", "--status", "all"), ("ticket", "show", "1", "2"), ("report", "sla"), ("view", "list"),
    ("sweep", "--dry-run"), ("plan", "show", "gold"), ("notice", "list"), ("org", "list"), ("run", "list"),
)  # fmt: skip


FILES = (
    pure("policy", _text(*POLICIES), _policy, size=96),
    pure("policy-data", _mutated, _policy, size=96),
    Fuzzer("config", _text(*CONFIGS), _config),
    pure("lines", _text(*LINES, tokens=JSON), _line, size=96),
    Fuzzer(
        "jsonl",
        lambda choices: choices.some(lambda: _text(*LINES, tokens=JSON)(choices), 9),
        _lines,
        size=256,
        cost=50,
    ),
    Fuzzer(
        "import", lambda choices: [_edit(choices) for _ in range(1 + choices.number(2))], _import, cost=50
    ),
)
