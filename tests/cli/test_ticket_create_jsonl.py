"""`ticket create --jsonl`: a ticket a line, a result a line, and what is wrong fails alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk import SARA, Desk
from schema_check import problems

from helpdesk_cli.services import bulk

GOOD = {"subject": "Router down", "from": SARA, "body": "No light"}


def lines(*tickets: object) -> str:
    return "".join(json.dumps(ticket) + "\n" for ticket in tickets)


def results(result: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_a_ticket_of_a_line_is_the_ticket_of_the_options(desk: Desk) -> None:
    words = ["--priority", "high", "--category", "sales", "--type", "question", "--channel", "mail"]
    words += ["--org", "Acme", "--plan", "strict", "--on-behalf"]
    one = desk.json(
        "ticket", "create", "--subject", "s", "--from", SARA, "--body", "b", *words, "--tag", "vip"
    )
    keys = {"priority": "high", "category": "sales", "type": "question", "channel": "mail", "tag": ["vip"]}
    keys |= {"org": "Acme", "plan": "strict", "on_behalf": True}
    done = desk(
        "ticket", "create", "--jsonl", "-", stdin=lines({"subject": "s", "from": SARA, "body": "b", **keys})
    )
    assert (done.code, done.err) == (0, "")
    assert results(done) == [{"line": 1, "id": 2, "ref": "HD-2", "created": True}]
    two = desk.show(2)
    apart = {"id", "ref", "created", "messages", "attachments"}
    assert {key: two[key] for key in two.keys() - apart} == {key: one[key] for key in one.keys() - apart}
    assert [event["type"] for event in desk.log("--ticket", 1)] == [
        event["type"] for event in desk.log("--ticket", 2)
    ]
    assert desk("db", "check", "--deep").out == "ok\n"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_whatever_the_batch_each_line_has_its_result(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(bulk, "BATCH", size)
    new = {**GOOD, "from": "new@else.example"}
    text = (
        lines({**GOOD, "idempotency_key": "k"}, new)
        + "\n  \n"
        + lines([], {**GOOD, "idempotency_key": "k"}, new)
    )
    done = desk("ticket", "create", "--jsonl", "-", stdin=text)
    assert done.code == 7
    assert results(done) == [
        {"line": 1, "id": 1, "ref": "HD-1", "created": True},
        {"line": 2, "id": 2, "ref": "HD-2", "created": True},
        {"line": 5, "error": "found a list, expected an object"},
        {"line": 6, "id": 1, "ref": "HD-1", "created": False},
        {"line": 7, "id": 3, "ref": "HD-3", "created": True},
    ]
    assert "line 5: found a list, expected an object" in done.err
    schema = desk.json("schema", "opened")
    assert [problem for row in results(done) for problem in problems(row, schema)] == []
    assert desk.json("contact", "list", "--org", "none", "--fields", "email") == [
        {"email": "new@else.example"}
    ]
    assert desk("db", "check", "--deep").out == "ok\n"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("nope", "not JSON: Expecting value, column 1"),
        ('{"a": 1} x', "not JSON: Extra data, column 10"),
        ("null", "found null, expected an object"),
        ("1e999", "found a number, expected an object"),
        ("[" * 100_000, "nested too deep"),
        ('{"subject": "a", "subject": "b"}', "key 'subject' stands there twice"),
        (json.dumps({**GOOD, "form": 1}), "unknown key 'form': did you mean 'from'?"),
        (json.dumps({**GOOD, "sender": "x"}), "unknown key 'sender'"),
        (json.dumps({**GOOD, "subject": 7}), "subject: found a number, expected a text"),
        (json.dumps({**GOOD, "body": ["x"]}), "body: found a list, expected a text"),
        (json.dumps({**GOOD, "tag": "vip"}), "tag: found a text, expected a list of texts"),
        (json.dumps({**GOOD, "tag": ["vip", 1]}), "tag: found a list, expected a list of texts"),
        (json.dumps({**GOOD, "on_behalf": 1}), "on_behalf: found a number, expected true or false"),
        (json.dumps({"priority": "high"}), "no subject and no from and no body"),
        (json.dumps({**GOOD, "body": None}), "no body"),
        (json.dumps({**GOOD, "subject": " "}), "the subject is empty"),
        (json.dumps({**GOOD, "body": "\ud800"}), "half a surrogate pair"),
        (json.dumps({**GOOD, "from": "sara"}), "'sara' is not an"),
        (json.dumps({**GOOD, "priority": "hgih"}), "there is no priority 'hgih'"),
        (json.dumps({**GOOD, "from": "new@acme.test", "plan": "nope"}), "there is no plan 'nope'"),
        (json.dumps({**GOOD, "idempotency_key": ""}), "is no idempotency key"),
    ],
)
def test_a_wrong_line_fails_alone(desk: Desk, line: str, error: str) -> None:
    done = desk("ticket", "create", "--jsonl", "-", stdin=lines(GOOD) + line + "\n" + lines(GOOD))
    assert done.code == 7
    first, wrong, last = results(done)
    assert (first["id"], last["line"]) == (1, 3)
    assert error in wrong["error"]
    assert wrong.keys() == {"line", "error"}
    assert len(desk.json("ticket", "list")) == 2
    assert "new@acme.test" not in desk("contact", "list").out


def test_null_is_what_is_not_given(desk: Desk) -> None:
    optional = (
        "org",
        "priority",
        "category",
        "type",
        "plan",
        "channel",
        "tag",
        "on_behalf",
        "idempotency_key",
    )
    done = desk("ticket", "create", "--jsonl", "-", stdin=lines(GOOD, {**GOOD, **dict.fromkeys(optional)}))
    assert done.code == 0
    apart = {"id", "ref", "created", "messages", "attachments"}
    one, two = ({key: value for key, value in desk.show(n).items() if key not in apart} for n in (1, 2))
    assert one == two


def test_a_sender_whose_line_failed_is_known_by_the_next_one_alone(desk: Desk) -> None:
    """The contact that the failed line had made was taken back; the next line makes it again."""
    new = {**GOOD, "from": "new@else.example"}
    done = desk("ticket", "create", "--jsonl", "-", stdin=lines({**new, "plan": "nope"}, new, new))
    assert done.code == 7
    assert [row.get("ref") for row in results(done)] == [None, "HD-1", "HD-2"]
    assert desk.show(1)["requester"] == desk.show(2)["requester"] == "new@else.example"
    assert desk("db", "check", "--deep").out == "ok\n"


@pytest.mark.parametrize("size", [1, 100])
def test_a_sender_of_another_organisation_is_refused_in_any_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(bulk, "BATCH", size)
    new = {**GOOD, "from": "new@else.example"}
    done = desk("ticket", "create", "--jsonl", "-", stdin=lines(new, {**new, "org": "Acme"}, new))
    assert done.code == 7
    assert [row.get("error", "") for row in results(done)] == [
        "", "new@else.example belongs to no organisation, not to Acme", "",
    ]  # fmt: skip


def test_bytes_that_are_no_text(desk: Desk, tmp_path: Any) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_bytes(b"\xff\n" + b"\xef\xbb\xbf" + lines(GOOD).encode())
    done = desk("ticket", "create", "--jsonl", str(path))
    assert done.code == 7
    assert [line.get("error") for line in results(done)] == ["not UTF-8: byte 1 is 0xff", None]


def test_json_errors_say_which_line(desk: Desk) -> None:
    done = desk("ticket", "create", "--jsonl", "-", "--json", stdin=lines({**GOOD, "priority": "hgih"}))
    assert done.code == 7
    assert [(error["code"], error["details"]) for error in done.errors] == [("unknown_priority", {"line": 1})]
    assert done.json == [{"line": 1, "error": "there is no priority 'hgih'"}]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--jsonl", "-", "--subject", "s"], 2, "--jsonl and --subject are both given"),
        (["--jsonl", "-", "--from", SARA], 2, "--jsonl and --from are both given"),
        (["--jsonl", "-", "--tag", "vip"], 2, "--jsonl and --tag are both given"),
        (["--jsonl", "no/such/file"], 2, "'no/such/file' cannot be read"),
        (["--from", SARA, "--body", "b"], 2, "Missing option '--subject'"),
        (["--subject", "s", "--body", "b"], 2, "Missing option '--from'"),
    ],
)
def test_words_that_do_not_go_together(desk: Desk, words: list[str], code: int, message: str) -> None:
    done = desk("ticket", "create", *words)
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_a_run_can_be_repeated(desk: Desk) -> None:
    text = lines(*({**GOOD, "idempotency_key": f"k{number}"} for number in range(5)))
    first = desk("ticket", "create", "--jsonl", "-", stdin="".join(text.splitlines(keepends=True)[:3]))
    again = desk("ticket", "create", "--jsonl", "-", stdin=text)
    assert [line["created"] for line in results(first)] == [True] * 3
    assert [line["created"] for line in results(again)] == [False] * 3 + [True] * 2
    assert [line["id"] for line in results(again)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("size", [1, 1000])  # the key is found in the database, and in its own transaction
def test_a_key_that_belongs_to_something_else_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(bulk, "BATCH", size)
    same = GOOD | {"idempotency_key": "k"}
    others = [
        same | {key: value} for key, value in (("subject", "x"), ("from", "omar@acme.example"), ("body", "y"))
    ]
    done = desk(
        "-q", "ticket", "create", "--jsonl", "-", stdin=lines(same, same | {"from": SARA.upper()}, *others)
    )
    assert (done.code, [each["created"] for each in results(done)]) == (0, [True, False, False, False, False])
    told = "key k belongs to HD-1: what you gave now was not kept"
    assert [line for line in done.err.splitlines() if "key" in line] == [
        f"line {n}: {told}" for n in (3, 4, 5)
    ]
