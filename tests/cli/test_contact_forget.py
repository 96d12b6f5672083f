"""`contact forget`: who it was and what they wrote is nowhere left in the files; tickets and counts stay."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from desk import OMAR, POLICY, SARA, Desk

from helpdesk_cli.errors import BusyError
from helpdesk_cli.services import forgetting, tickets
from helpdesk_cli.services.app import App

# What of sara's stands somewhere; the words in a form that the index keeps, too.
SECRETS = (
    "sara@acme.example", "Sara Haddad", "zzsubject", "zzformer", "zzbody", "zzreply", "zzfile", "zzcontent",
    "zzcopied", "zzreason", "zzimpact",
)  # fmt: skip


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """Ticket 1 of sara's, 2 of omar's in which sara wrote, 3 split off from that, 4 merged into 1, 5 that
    follows up sara's 1; a view, copies and notices with her address."""
    desk.json("contact", "create", SARA, "--name", "Sara Haddad", "--language", "fr", "--role", "main")
    files = [tmp_path / "zzfile.txt", tmp_path / "shared.txt"]
    for path, content in zip(files, ("zzcontent", "the manual"), strict=True):
        path.write_text(content)
    attach = [word for path in files for word in ("--attach", path)]
    desk.json("ticket", "create", "--subject", "zzformer", "--from", SARA, "--body", "zzbody", *attach)
    desk.json("ticket", "edit", 1, "--subject", "zzsubject one")
    desk.json("ticket", "create", "--subject", "Printer", "--from", OMAR, "--body", "paper", "--tag", "vip")
    desk.json("ticket", "reply", 2, "--from", SARA, "--body", "zzreply", "--attach", files[0])
    desk.json("ticket", "escalate", 2, "--from", SARA, "--reason", "zzreason", "--impact", "zzimpact")
    desk.json("ticket", "split", 2, "--message", 3)
    desk.json(
        "ticket", "reply", 2, "--body", "ours", "--cc", "Sara@ACME.example,boss@acme.example", *attach[2:]
    )
    desk.json(
        "ticket",
        "create",
        "--subject",
        "zzcopied",
        "--from",
        SARA,
        "--body",
        "zzbody",
        "--idempotency-key",
        "k",
    )
    desk.json("ticket", "merge", 4, 1)
    desk.json("ticket", "close", 1)
    desk.later(days=15)
    desk.json("ticket", "reply", 1, "--from", OMAR, "--body", "still")
    desk.json("view", "save", "hers", "--from", f"{SARA},{OMAR}")
    desk.json("sweep")
    for path in files:
        path.unlink()
    assert left(desk) != []
    return desk


def left(desk: Desk) -> list[tuple[str, str]]:
    """(file, secret) wherever one stands, in the database, its log and its attached files."""
    files = [*desk.path.parent.glob("desk.db*"), *desk.path.parent.glob("desk.db.files/*/*")]
    return [
        (path.name, secret)
        for path in sorted(filter(Path.is_file, files))
        for secret in SECRETS
        if secret.lower().encode() in path.read_bytes().lower()
    ]


def test_nothing_of_the_person_is_left_in_the_files(desk: Desk) -> None:
    desk.json("contact", "forget", SARA, "--yes")
    assert left(desk) == []
    assert desk.json("db", "check", "--deep") == {"ok": True, "problems": []}
    assert desk("contact", "show", SARA).code == 3


def test_the_contact_is_anonymous_and_keeps_its_place(desk: Desk) -> None:
    before = desk.json("contact", "show", SARA)
    record = desk.json("contact", "forget", "SARA@acme.example", "--yes")
    assert record == {
        **before,
        "email": f"forgotten-{before['id']}@invalid",
        "name": None,
        "language": None,
        "notify": False,
    }
    assert desk.json("contact", "list", "--count") == {"count": 2}


def test_tickets_events_and_counts_stay(desk: Desk) -> None:
    def counted() -> object:
        stats = desk.json("db", "stats")
        keys = ("tickets", "messages", "contacts", "notices", "by_status")
        report = desk.json("report", "sla", "--by", "org")
        return (
            {key: stats[key] for key in keys},
            report,
            desk.json("ticket", "list", "--status", "all", "--count"),
        )

    before, log = counted(), desk.log()
    ids = [row["id"] for row in desk.json("ticket", "list", "--status", "all", "--from", SARA)]
    forgotten = desk.json("contact", "forget", SARA, "--yes")["email"]
    assert counted() == before
    found = desk.json("ticket", "list", "--status", "all", "--from", forgotten)
    assert [row["id"] for row in found] == ids
    after = desk.log()
    changed = [(old, new) for old, new in zip(log, after, strict=False) if old != new]
    for old, new in changed:
        assert {**new, "actor": old["actor"], "data": old["data"]} == old
        assert (old["actor"] == SARA) == (new["actor"] == forgotten)
    added = after[len(log) :]
    assert {(event["type"], event["actor"]) for event in added} == {("redacted", "ann")}
    assert [
        (event["ticket"], event["data"].get("message"), event["data"].get("subject")) for event in added
    ] == [
        (1, 1, None), (1, None, True), (2, 3, None), (3, 4, None), (3, None, True), (4, 6, None),
        (4, None, True), (5, None, True),
    ]  # fmt: skip


def test_what_others_wrote_stays(desk: Desk) -> None:
    desk.json("contact", "forget", SARA, "--yes")
    bodies = [message["body"] for message in desk.show(2)["messages"]]
    assert bodies == ["paper", "[redacted]", "ours"]
    assert [desk.show(id_)["subject"] for id_ in range(1, 6)] == [
        "[redacted]", "Printer", "[redacted]", "[redacted]", "[redacted]",
    ]  # fmt: skip
    assert desk.show(5)["messages"][0]["body"] == "still"
    assert desk.show(2)["messages"][2]["cc"] == [f"forgotten-{contact(desk)}@invalid", "boss@acme.example"]
    assert desk.show(2)["tags"] == ["vip"]
    edited = desk.log("--ticket", 1, "--type", "edited")[0]
    assert edited["data"] == {"subject": {"before": "[redacted]", "after": "[redacted]"}}
    assert desk.json("view", "list")[0]["filters"] == {"from": [f"forgotten-{contact(desk)}@invalid,{OMAR}"]}
    assert desk.json("search", "zz*") == []
    assert {hit["id"] for hit in desk.json("search", "paper ours")} == set()
    assert {hit["id"] for hit in desk.json("search", "paper")} == {2}


def contact(desk: Desk) -> int:
    (id_,) = [row["id"] for row in desk.json("contact", "list") if row["email"].startswith("forgotten-")]
    return int(id_)


def test_their_files_go_and_one_that_support_gave_too_stays(desk: Desk, tmp_path: Path) -> None:
    desk.json("contact", "forget", SARA, "--yes")
    gone = {"name": "[redacted]", "sha256": None}
    assert [{key: row[key] for key in gone} for row in desk.json("attachment", "list", 1)] == [gone, gone]
    (first, second) = desk.json("attachment", "list", 2)
    assert ({key: first[key] for key in gone}, second["name"]) == (gone, "shared.txt")
    assert first["size"] == len("zzcontent")
    out = tmp_path / "out"
    out.mkdir()
    assert [row["name"] for row in desk.json("attachment", "save", 2, "--to", out)] == ["shared.txt"]
    assert desk.json("attachment", "save", 1, "--to", out) == []
    error = desk.refused("attachment", "save", 1, 1, "--to", out, code=4)
    assert error["code"] == "forgotten"
    assert "Attachment 1: [redacted], 9 bytes, forgotten\n" in desk("ticket", "show", 1).out
    assert len(list(Path(f"{desk.path}.files").glob("*/*"))) == 1
    desk.json("ticket", "split", 2, "--message", 3)
    assert desk.show(6)["attachments"] == []


def test_nobody_is_told_anything_at_the_address_any_more(desk: Desk) -> None:
    unsent = [row for row in desk.json("notice", "list", "--unsent") if row["to"]["address"] == SARA]
    assert unsent != []
    desk.json("contact", "forget", SARA, "--yes")
    notices = desk.json("notice", "list")
    mine = [row for row in notices if row["to"]["address"].startswith("forgotten-")]
    assert all(row["done_at"] is not None for row in mine)
    assert [row["text"].endswith(": [redacted]") for row in notices if row["ticket"] in (1, 3, 4, 5)] == [
        True for row in notices if row["ticket"] in (1, 3, 4, 5)
    ]
    desk.json("ticket", "reply", 5, "--body", "b")
    desk.later(days=3)
    desk.json("sweep")
    assert desk.show(5)["status"] == "closed"
    assert len(desk.log("--ticket", 5, "--type", "reminded")) == 1
    new = [row for row in desk.json("notice", "list") if row not in notices]
    assert not [row for row in new if row["to"]["address"].endswith("@invalid")]


def test_the_person_may_come_back_as_somebody_new(desk: Desk) -> None:
    desk.json("contact", "forget", SARA, "--yes")
    ticket = desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b")
    assert (ticket["id"], ticket["org"]) == (6, "Acme")
    desk.json("contact", "forget", SARA, "--yes")
    assert desk.json("db", "check", "--deep")["ok"]


def test_again_it_changes_nothing(desk: Desk) -> None:
    record = desk.json("contact", "forget", SARA, "--yes")
    before = desk.log()
    assert desk.json("contact", "forget", record["email"], "--yes") == record
    assert desk.log() == before


def test_an_address_that_somebody_made_by_hand_is_passed_over(desk: Desk) -> None:
    id_ = desk.json("contact", "show", SARA)["id"]
    desk.json("contact", "create", f"forgotten-{id_}@invalid")
    assert desk.json("contact", "forget", SARA, "--yes")["email"] == f"forgotten-{id_}-2@invalid"


@pytest.mark.parametrize(
    ("address", "code", "name"),
    [
        ("ann@desk.example", 4, "agent_address"),
        ("ANN@desk.example", 4, "agent_address"),
        ("nobody@acme.example", 3, "unknown_contact"),
        ("ann", 3, "unknown_contact"),
    ],
)
def test_who_cannot_be_forgotten(desk: Desk, address: str, code: int, name: str) -> None:
    assert desk.refused("contact", "forget", address, "--yes", code=code)["code"] == name


def test_it_asks(desk: Desk) -> None:
    assert desk.refused("contact", "forget", SARA, code=2)["code"] == "needs_yes"
    assert desk("contact", "forget", SARA, tty=True, stdin="n\n").code == 1
    assert desk("contact", "show", SARA).code == 0
    done = desk("contact", "forget", SARA, tty=True, stdin="y\n")
    assert done.code == 0
    assert "It cannot be undone." in done.err


def test_only_agents_forget(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_cli.adapters.host.login", lambda: "stranger")
    assert desk.refused("contact", "forget", SARA, "--yes", who=None, code=4)["code"] == "no_agent"


def test_what_time_has_done_is_written_first(database_path: Path) -> None:
    """A ticket is brought up to now before its texts go, as by every change."""
    app = App(str(database_path), now="2026-03-02T09:00:00Z", timezone="UTC")
    tickets.create(app, subject="s", sender=SARA, body="b", priority="normal")
    app.close()
    app = App(str(database_path), now="2026-03-20T09:00:00Z", timezone="UTC")
    forgetting.forget(app, SARA)
    types = [row["type"] for row in app.db.query("SELECT type FROM events ORDER BY seq")]
    assert "clock_breached" in types[: types.index("redacted")]
    texts = {row["text"] for row in app.db.query("SELECT text FROM notices")}
    assert all(text.endswith(": [redacted]") for text in texts)
    app.close()


def test_who_is_reading_keeps_a_copy_and_that_is_told(
    database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = App(str(database_path), now="2026-03-02T09:00:00Z", timezone="UTC")
    tickets.create(app, subject="s", sender=SARA, body="zzbody", priority="normal")
    reader = sqlite3.connect(database_path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM messages").fetchone() == (1,)
    monkeypatch.setattr("helpdesk_cli.storage.sqlite._READERS_WAIT", 0.0)
    with pytest.raises(BusyError) as caught:
        forgetting.forget(app, SARA)
    assert caught.value.code == "log_in_use"
    assert "forgotten-1@invalid is forgotten, but" in caught.value.message
    reader.execute("ROLLBACK")
    forgetting.forget(app, "forgotten-1@invalid")
    for path in database_path.parent.glob("helpdesk.db*"):
        assert b"zzbody" not in path.read_bytes()
    reader.close()
    app.close()


def test_what_programs_printed_of_the_person_goes(desk: Desk) -> None:
    """Also on the tickets that others asked for."""
    hooked = desk.path.parent / "hooked.yaml"
    hooks = "{on: [created, message, escalated], run: [/bin/cat]}"
    hooked.write_text(POLICY.replace("{on: [redacted], run: [/bin/true]}", hooks), encoding="utf-8")
    desk.json("plan", "apply", hooked)
    for _ in range(3):
        desk.json("ticket", "create", "--subject", "Mouse", "--from", OMAR, "--body", "b")
    desk.json("ticket", "reply", 6, "--from", SARA, "--body", "zzreply")
    desk.json("ticket", "escalate", 7, "--from", SARA, "--reason", "zzreason", "--impact", "zz")
    assert {row["ticket"] for row in printed(desk) if SARA in row["output"]} == {6, 7}
    desk.json("contact", "forget", SARA, "--yes")
    assert left(desk) == []
    assert [row["ticket"] for row in printed(desk)] == [8, 8]


def printed(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in desk.json("hook", "list") if row["output"]]


def test_earlier_addresses_go_too(desk: Desk) -> None:
    desk.json("contact", "edit", SARA, "--email", "sara@home.example")
    desk.json("contact", "forget", "sara@home.example", "--yes")
    assert left(desk) == []
    assert not [row for row in desk.json("notice", "list") if row["to"]["address"] == SARA]


def test_an_earlier_address_that_is_another_persons_now_is_kept(desk: Desk) -> None:
    desk.json("contact", "edit", SARA, "--email", "sara@home.example")
    desk.json("contact", "create", SARA)
    desk.json("contact", "forget", "sara@home.example", "--yes")
    assert SARA.lower() in [address.lower() for address in desk.show(2)["messages"][2]["cc"]]
    assert desk.json("view", "list")[0]["filters"] == {"from": [f"{SARA},{OMAR}"]}


def test_a_subject_goes_however_often_it_was_taken_over(desk: Desk) -> None:
    desk.json("ticket", "create", "--subject", "zzsubject", "--from", SARA, "--body", "b")
    desk.json("ticket", "reply", 6, "--from", OMAR, "--body", "mine")
    desk.json("ticket", "split", 6, "--message", desk.show(6)["messages"][1]["id"])
    desk.json("ticket", "reply", 7, "--from", "boss@acme.example", "--body", "and mine")
    desk.json("ticket", "split", 7, "--message", desk.show(7)["messages"][1]["id"])
    assert desk.show(8)["subject"] == "zzsubject"
    desk.json("contact", "forget", SARA, "--yes")
    assert left(desk) == []


def test_an_earlier_address_that_is_an_agents_now_is_kept(desk: Desk) -> None:
    desk.json("contact", "edit", SARA, "--email", "sara@home.example")
    desk.json("agent", "create", "sara", "--email", SARA)
    desk.json("contact", "forget", "sara@home.example", "--yes")
    assert desk.json("view", "list")[0]["filters"] == {"from": [f"{SARA},{OMAR}"]}


def test_what_others_are_told_stays(desk: Desk) -> None:
    id_ = desk.json("contact", "show", SARA)["id"]
    desk.json("ticket", "create", "--subject", "s", "--from", SARA, "--body", "b")
    desk.json("ticket", "escalate", 6, "--reason", "r", "--impact", "i")

    def others() -> list[tuple[int, dict[str, str], str | None]]:
        hers = (SARA, f"forgotten-{id_}@invalid")
        rows = [row for row in desk.json("notice", "list") if row["to"]["address"] not in hers]
        return [(row["id"], row["to"], row["text"] if row["ticket"] == 2 else None) for row in rows]

    before = others()
    assert {"ann@desk.example", "desk@europe.example", OMAR} <= {to["address"] for _, to, _ in before}
    desk.json("contact", "forget", SARA, "--yes")
    assert others() == before


def test_a_notice_that_was_passed_on_was_so_when_it_was(desk: Desk) -> None:
    (first, *_) = [row for row in desk.json("notice", "list") if row["to"]["address"] == SARA]
    (done,) = desk.json("notice", "done", first["id"])
    desk.later(days=1)
    desk.json("contact", "forget", SARA, "--yes")
    (again,) = [row for row in desk.json("notice", "list") if row["id"] == first["id"]]
    assert again["done_at"] == done["done_at"] is not None


@pytest.mark.parametrize("other", [f"x{SARA}", f"x.{SARA}", f"{SARA}.org", f"x-{SARA}"])
def test_an_address_that_has_this_one_in_it_is_another(desk: Desk, other: str) -> None:
    desk.json("contact", "create", other)
    desk.json("view", "save", "theirs", "--from", other)
    desk.json("contact", "forget", SARA, "--yes")
    (theirs,) = [row["filters"] for row in desk.json("view", "list") if row["name"] == "theirs"]
    assert theirs == {"from": [other]}
