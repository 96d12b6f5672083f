"""`ticket link`: what a ticket is to another one, from both ends; what blocks a ticket that is closed."""

from __future__ import annotations

import sqlite3

import pytest
from desk import Desk

KINDS = {
    "duplicate_of": ("duplicate of", "duplicated by"),
    "related": ("related to", "related to"),
    "blocks": ("blocks", "blocked by"),
    "follow_up_of": ("follow up of", "followed up by"),
}


@pytest.fixture
def three(desk: Desk) -> Desk:
    for _ in range(3):
        desk.open()
    return desk


def ok(desk: Desk) -> None:
    assert desk.json("db", "check") == {"ok": True, "problems": []}


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_seen_from_both_ends(three: Desk, kind: str) -> None:
    record = three.json("ticket", "link", 1, kind, "HD-2")
    assert record["links"] == [{"kind": kind, "ref": "HD-2"}]
    assert (record["id"], record["version"]) == (1, 3)
    assert three.show(2)["links"] == []
    forwards, backwards = KINDS[kind]
    assert f"Links       {forwards} HD-2\n" in three("ticket", "show", 1).out
    assert f"Links       {backwards} HD-1\n" in three("ticket", "show", 2).out
    (event,) = three.log("--type", "linked")
    assert (event["ticket"], event["actor"], event["data"]) == (1, "ann", {"kind": kind, "ref": "HD-2"})
    ok(three)


def test_several(three: Desk) -> None:
    for words in ((1, "blocks", 2), (1, "related", 3), (3, "blocks", 2), (2, "duplicate-of", 1)):
        three.json("ticket", "link", *words)
    assert three.show(1)["links"] == [
        {"kind": "blocks", "ref": "HD-2"},
        {"kind": "related", "ref": "HD-3"},
    ]
    page = three("ticket", "show", 2).out
    assert "Links       duplicate of HD-1, blocked by HD-1, blocked by HD-3\n" in page
    ok(three)


@pytest.mark.parametrize("kind", KINDS)
def test_removed_it_is_gone_from_both_ends(three: Desk, kind: str) -> None:
    three.json("ticket", "link", 1, kind, 2)
    assert three.json("ticket", "link", 1, kind, 2, "--remove")["links"] == []
    assert "Links" not in three("ticket", "show", 1).out + three("ticket", "show", 2).out
    last = three.log("--type", "linked")[-1]
    assert last["data"] == {"kind": kind, "ref": "HD-2", "removed": True}
    assert "linked: kind" in three("ticket", "log", 1).out
    three.json("ticket", "link", 2, kind, 1)
    ok(three)


def test_related_tickets_are_so_from_either_end(three: Desk) -> None:
    three.json("ticket", "link", 1, "related", 2)
    assert three.refused("ticket", "link", 2, "related", 1, code=4)["code"] == "linked"
    record = three.json("ticket", "link", 2, "related", 1, "--remove")
    assert (record["id"], three.show(1)["links"]) == (2, [])
    assert [event["ticket"] for event in three.log("--type", "linked")] == [1, 1]
    ok(three)


@pytest.mark.parametrize("kind", KINDS)
def test_twice_is_refused(three: Desk, kind: str) -> None:
    three.json("ticket", "link", 1, kind, 2)
    error = three.refused("ticket", "link", 1, kind, 2, code=4)
    assert (error["code"], error["hint"]) == ("linked", f"helpdesk ticket link 1 {kind} 2 --remove")


@pytest.mark.parametrize("kind", ["duplicate_of", "blocks", "follow_up_of"])
def test_each_to_the_other_is_refused(three: Desk, kind: str) -> None:
    three.json("ticket", "link", 1, kind, 2)
    error = three.refused("ticket", "link", 2, kind, 1, code=4)
    assert (error["code"], error["hint"]) == ("link_circle", f"helpdesk ticket link 1 {kind} 2 --remove")


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ((1, "blocks", 1), 4, "link_itself"),
        ((1, "blocks", 1, "--remove"), 3, "no_link"),
        ((1, "blocks", 2, "--remove"), 3, "no_link"),
        ((1, "related", 2, "--remove"), 3, "no_link"),
        ((1, "blocks", 9), 3, "ticket_not_found"),
        ((9, "blocks", 1), 3, "ticket_not_found"),
        ((1, "blocks", 9, "--remove"), 3, "ticket_not_found"),
        ((1, "block", 2), 2, "unknown_word"),
        ((1, "\x1b[2J", 2), 2, "unknown_word"),
        ((1, "blocks", "x"), 2, "bad_ticket"),
        ((1, "blocks"), 2, "missing_parameter"),
    ],
)
def test_bad_input(three: Desk, words: tuple[object, ...], code: int, name: str) -> None:
    error = three.refused("ticket", "link", *words, code=code)
    assert error["code"] == name
    if name == "unknown_word":
        assert error["details"]["expected"] == list(KINDS)
    assert error["message"].isprintable()


def test_a_link_backwards_is_not_removed(three: Desk) -> None:
    three.json("ticket", "link", 1, "blocks", 2)
    error = three.refused("ticket", "link", 2, "blocks", 1, "--remove", code=3)
    assert error["message"] == "HD-2 does not block HD-1"


def test_only_agents_link(three: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    for more in ((), ("--remove",)):
        error = three.refused("ticket", "link", 1, "related", 2, *more, who=None, code=4)
        assert error["code"] == "no_agent"


class TestBlocked:
    TOLD = "HD-1 is {}, but HD-2, which blocks it, is {}\n"

    @pytest.fixture
    def blocked(self, three: Desk) -> Desk:
        three.json("ticket", "link", 2, "blocks", 1)
        return three

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (("resolve", 1), "resolved"),
            (("close", 1), "closed"),
            (("edit", 1, "--status", "closed"), "closed"),
            (("reply", 1, "--body", "b", "--status", "resolved"), "resolved"),
        ],
    )
    def test_who_resolves_or_closes_it_is_told(
        self, blocked: Desk, words: tuple[object, ...], status: str
    ) -> None:
        done = blocked("ticket", *words, "--json")
        assert (done.code, done.err) == (0, self.TOLD.format(status, "open"))
        assert blocked.show(1)["status"] == status
        assert blocked("ticket", "close" if status == "resolved" else "reopen", 1).err == ""

    @pytest.mark.parametrize(("status", "told"), [("on_hold", True), ("resolved", False), ("closed", False)])
    def test_not_of_what_is_done(self, blocked: Desk, status: str, told: bool) -> None:
        blocked.json("ticket", "edit", 2, "--status", status)
        assert blocked("ticket", "close", 1).err == (self.TOLD.format("closed", status) if told else "")

    @pytest.mark.parametrize("words", [("hold", 1), ("edit", 1, "--status", "in_progress"), ("close", 2)])
    def test_not_where_nothing_is_done_or_it_blocks_itself(
        self, blocked: Desk, words: tuple[object, ...]
    ) -> None:
        assert blocked("ticket", *words).err == ""

    def test_not_of_other_links(self, three: Desk) -> None:
        three.json("ticket", "link", 2, "related", 1)
        three.json("ticket", "link", 1, "blocks", 3)
        assert three("ticket", "close", 1).err == ""


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM links", "links are [], by the events ['blocks HD-2']"),
        ("UPDATE links SET kind = 'related'", "links are ['related HD-2'], by the events ['blocks HD-2']"),
        ("DELETE FROM events WHERE type = 'linked'", "links are ['blocks HD-2'], by the events []"),
    ],
)
def test_db_check_compares_links_with_the_log(three: Desk, sql: str, told: str) -> None:
    three.json("ticket", "link", 1, "blocks", 2)
    with sqlite3.connect(three.path) as conn:
        conn.execute(sql)
    conn.close()
    done = three("db", "check", "--json")
    assert f"HD-1: {told}" in done.json["problems"]
