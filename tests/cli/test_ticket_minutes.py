"""`--minutes` and `--channel` on `ticket reply` and `note`: work added up, how a message came (M3)."""

from __future__ import annotations

import sqlite3

import pytest
from desk import SARA, Desk

WEEK = 7 * 24 * 60


def test_minutes_are_added_up_in_the_ticket(desk: Desk) -> None:
    desk.open()
    assert desk.show(1)["time_spent_seconds"] == 0
    desk.json("ticket", "reply", 1, "--body", "b", "--minutes", 10)
    desk.json("ticket", "note", 1, "--body", "b", "--minutes", 1)
    desk.json("ticket", "reply", 1, "--body", "b")
    desk.json("ticket", "close", 1)
    desk.json("ticket", "note", 1, "--body", "b", "--minutes", WEEK)
    assert desk.show(1)["time_spent_seconds"] == (11 + WEEK) * 60
    (row,) = desk.json("ticket", "list", "--status", "all")
    assert row["time_spent_seconds"] == (11 + WEEK) * 60
    minutes = [event["data"].get("minutes") for event in desk.log("--type", "message,note")]
    assert minutes == [None, 10, 1, None, WEEK]
    assert "Time spent  168h11m\n" in desk("ticket", "show", 1).out
    assert desk.json("db", "check")["ok"]


def test_the_log_tells_them(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "b", "--minutes", 15)
    assert "note: message 2, minutes 15" in desk("ticket", "log", 1).out


@pytest.mark.parametrize("minutes", [0, WEEK + 1, 10**17])
@pytest.mark.parametrize("verb", ["reply", "note"])
def test_none_and_more_than_a_week_are_refused(desk: Desk, verb: str, minutes: int) -> None:
    desk.open()
    error = desk.refused("ticket", verb, 1, "--body", "b", "--minutes", minutes, code=2)
    assert (error["code"], f"expected 1 to {WEEK}" in error["message"]) == ("bad_minutes", True)


@pytest.mark.parametrize("minutes", ["-5", "1.5", "1e3", "10m", "NaN", "", "9" * 30])
def test_no_whole_number(desk: Desk, minutes: str) -> None:
    desk.open()
    error = desk.refused("ticket", "reply", 1, "--body", "b", f"--minutes={minutes}", code=2)
    assert error["code"] == "bad_number"


def test_a_customer_spends_none_and_an_edit_neither(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "note", 1, "--body", "b")
    words = ("ticket", "reply", 1, "--from", SARA, "--body", "b", "--minutes", 5)
    assert "--minutes" in desk.refused(*words, code=2)["message"]
    for more in (("--minutes", 5), ("--channel", "phone")):
        error = desk.refused("ticket", "note", 1, "--edit", 2, "--body", "c", *more, code=2)
        assert error["message"] == f"{more[0]} and --edit are both given"


def test_what_was_spent_stays_where_it_was_spent(desk: Desk) -> None:
    desk.open(), desk.open()
    desk.json("ticket", "reply", 1, "--body", "b", "--minutes", 5)
    desk.json("ticket", "merge", 1, 2)
    desk.json("ticket", "reply", 1, "--body", "b", "--minutes", 7)
    desk.json("ticket", "split", 2, "--message", 4)
    assert [desk.show(id_)["time_spent_seconds"] for id_ in (1, 2, 3)] == [300, 420, 0]
    assert desk.json("db", "check")["ok"]


def test_db_check_makes_them_again_from_the_log(desk: Desk) -> None:
    desk.open()
    desk.json("ticket", "reply", 1, "--body", "b", "--minutes", 5)
    with sqlite3.connect(desk.path) as conn:
        conn.execute("UPDATE tickets SET time_spent_seconds = 0")
    conn.close()
    done = desk("db", "check", "--json")
    assert done.json["problems"] == ["HD-1: time_spent_seconds is 0, by the events 300"]


def test_a_message_has_the_channel_of_its_ticket_or_its_own(desk: Desk) -> None:
    desk.open("--channel", "portal")
    desk.json("ticket", "reply", 1, "--body", "b", "--channel", "phone")
    desk.json("ticket", "reply", 1, "--from", SARA, "--body", "b", "--channel", " e mail ")
    desk.json("ticket", "note", 1, "--body", "b", "--channel", "chat")
    desk.json("ticket", "note", 1, "--body", "b")
    channels = [message["channel"] for message in desk.show(1)["messages"]]
    assert channels == ["portal", "phone", "e mail", "chat", "portal"]
    assert desk.show(1)["channel"] == "portal"


@pytest.mark.parametrize("channel", ["", " ", "a\nb", "x" * 51, "\x1b[2J"])
def test_no_channel(desk: Desk, channel: str) -> None:
    desk.open()
    for words in (("reply", 1), ("note", 1), ("reply", 1, "--from", SARA)):
        error = desk.refused("ticket", *words, "--body", "b", "--channel", channel, code=2)
        assert error["code"] == "bad_text"
